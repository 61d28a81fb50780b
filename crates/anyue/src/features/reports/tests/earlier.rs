//! Records from before the period of a report.

use super::*;

#[tokio::test]
async fn what_was_never_reported_goes_along_with_a_later_report_when_it_is_ticked() {
    let s = Situation::new().await;
    let mine = s.town.test.liaison_of(&s.town.mine).await;
    let before = |title: &str, day| Facts { held_on: date(2022, 5, day), ..study(title) };
    let early = s.add(&s.liaison, &s.town.village, before("从前一", 20)).await;
    let other = s.add(&s.liaison, &s.town.village, before("从前二", 27)).await;
    s.photo(&s.liaison, &early).await;
    let joint = Facts { co_hosts: vec![s.town.village.id.clone()], ..before("别家的", 28) };
    s.add(&mine, &s.town.mine, joint).await;
    let long_ago = Facts { held_on: date(2022, 2, 1), ..study("很久以前") };
    s.add(&s.liaison, &s.town.village, long_ago).await;
    let page = s.liaison.get(&s.path).await;
    page.assert_contains("从前一").assert_contains("从前二").assert_lacks("别家的").assert_lacks("很久以前");
    page.assert_contains("本周无活动</button>");

    // What is ticked stays ticked; with it nothing can be said not to have happened.
    let ticked = [("has_records", "1"), ("record", early.as_str())];
    s.press("key-00000001", "save", &ticked).await.assert_leads_to(&s.path);
    let page = s.liaison.get(&s.path).await;
    page.assert_contains(&format!("value=\"{early}\" checked")).assert_lacks(&format!("value=\"{other}\" checked"));
    let refused = s.press("key-00000001", "zero", &ticked).await;
    refused.assert_status(422).assert_contains("勾选了1项以前的活动");
    s.send("key-00000001").await.assert_leads_to(&s.path);
    assert_eq!(s.pinned().await, std::slice::from_ref(&early));
    assert_eq!((s.state(&early).await, s.state(&other).await), (State::Reported, State::Held));
    s.liaison.get(&s.path).await.assert_contains("从前一").assert_contains("回执编号");

    // Returned, it still goes along; the other may be added.
    s.review("return", &[(&format!("record:{early}"), "请补充人数")]).await.assert_status(303);
    let page = s.liaison.get(&s.path).await;
    page.assert_contains("请补充人数").assert_contains(&format!("value=\"{early}\" checked"));
    s.send("key-00000002").await.assert_status(422).assert_contains("“从前一”：已退回，还没有修改");
    let version = s.record(&early).await.version.to_string();
    let fields = [("version", version.as_str()), ("kind", "study"), ("title", "从前一"), ("held_on", "2022-05-20")];
    let fields = [&fields[..], &[("m_participants", "30")]].concat();
    s.liaison.post(&format!("/work/records/{early}/edit"), &fields).await.assert_status(303);
    let both = [("has_records", "1"), ("record", early.as_str()), ("record", other.as_str())];
    s.press("key-00000002", "send", &both).await.assert_leads_to(&s.path);
    assert_eq!(s.pinned().await, [early.clone(), other.clone()]);
    assert_eq!((s.state(&early).await, s.state(&other).await), (State::Reported, State::Reported));
}
