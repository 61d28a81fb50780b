//! A unit's pages.

use super::*;

/// The id at the end of the address that an answer leads to.
fn led_to(answer: &crate::testing::Answer) -> RecordId {
    RecordId(answer.location().rsplit('/').next().unwrap_or_default().to_owned())
}

fn form<'a>(town: &'a Town, rest: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("unit", town.village.id.as_str()),
        ("key", "key-00000001"),
        ("kind", "study"),
        ("held_on", "2022-06-13"),
        ("place", "村委会"),
        ("m_participants", "32"),
    ];
    for (name, value) in rest {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

#[tokio::test]
async fn a_unit_of_others_cannot_be_written_for() {
    let town = Town::new().await;
    let fields = form(&town, &[("unit", town.mine.id.as_str())]);
    town.liaison.post("/work/records/new", &fields).await.assert_status(403);
    let stranger = town.test.liaison_of(&town.mine).await;
    let id = town.add(study(3), false).await;
    stranger.get(&format!("/work/records/{id}")).await.assert_status(404);
    stranger.post(&format!("/work/records/{id}/report"), &[]).await.assert_status(404);
    stranger.post(&format!("/work/records/{id}/edit"), &form(&town, &[])).await.assert_status(404);
}

#[tokio::test]
async fn a_wrong_figure_is_refused_at_its_field_and_nothing_typed_is_lost() {
    let town = Town::new().await;
    let fields = form(&town, &[("m_participants", "三十"), ("text", "学习新安全生产法")]);
    let page = town.liaison.post("/work/records/new", &fields).await;
    page.assert_status(422)
        .assert_contains("e-m_participants")
        .assert_contains("学习新安全生产法")
        .assert_contains("三十");
}

#[tokio::test]
async fn what_is_still_to_come_cannot_be_reported_but_planned() {
    let town = Town::new().await;
    let fields = form(&town, &[("held_on", "2022-06-20"), ("action", "report")]);
    town.liaison.post("/work/records/new", &fields).await.assert_status(422).assert_contains("还没有到活动日期");
    let fields = form(&town, &[("held_on", "2022-06-20"), ("action", "save")]);
    let id = led_to(&town.liaison.post("/work/records/new", &fields).await);
    assert_eq!(town.state(&id).await, "planned");
    town.liaison.post(&format!("/work/records/{id}/held"), &[]).await.assert_status(409);
    town.liaison.get("/work/records?show=planned").await.assert_contains("专题学习");
    town.test.set_clock("2022-06-21T08:00:00+08:00");
    town.liaison.post(&format!("/work/records/{id}/held"), &[]).await.assert_leads_to("/work/records/");
    assert_eq!(town.state(&id).await, "held");
}

#[tokio::test]
async fn a_record_is_written_reported_withdrawn_and_reported_again() {
    let town = Town::new().await;
    town.liaison.get("/work/records").await.assert_contains("本周还没有记录");
    town.liaison.get("/work/records/new").await.assert_contains("专题学习").assert_contains("大讲堂");
    town.liaison.get("/work/records/new?q=%E5%AE%89%E5%BA%B7%E6%9D%AF").await.assert_contains("知识竞赛");
    town.liaison
        .get("/work/records/new?kind=study")
        .await
        .assert_contains("m_participants")
        .assert_contains("2022-06-13");
    let id = led_to(&town.liaison.post("/work/records/new", &form(&town, &[("action", "report")])).await);
    let record = town.read(&id).await;
    assert_eq!((record.state.code(), record.facts.measures["participants"]), ("reported", 32));
    let path = format!("/work/records/{id}");
    town.liaison.get(&path).await.assert_contains("待审核").assert_contains("32 人次").assert_contains("撤回修改");
    town.liaison.get(&format!("{path}/edit")).await.assert_status(409).assert_contains("先撤回");
    town.liaison.post(&format!("{path}/withdraw"), &[]).await.assert_leads_to(&path);
    town.liaison.post(&format!("{path}/discard"), &[]).await.assert_status(409);
    town.liaison.post(&format!("{path}/report"), &[]).await.assert_leads_to(&path);
    town.liaison.get("/work/records").await.assert_contains("专题学习").assert_contains("32 人次");
}

#[tokio::test]
async fn the_same_form_sent_five_times_at_once_is_one_record() {
    let town = Town::new().await;
    let fields = form(&town, &[("action", "report")]);
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
    let send =
        || town.liaison.send("POST", "/work/records/new", Some("application/x-www-form-urlencoded"), body.clone());
    let before = town.test.trail_length().await;
    let (a, b, c, d, e) = tokio::join!(send(), send(), send(), send(), send());
    let ids: std::collections::BTreeSet<_> =
        [a, b, c, d, e].iter().map(|answer| led_to(answer.assert_leads_to("/work/records/"))).collect();
    assert_eq!((ids.len(), town.test.trail_length().await - before), (1, 1));
}

#[tokio::test]
async fn what_is_typed_comes_back_and_is_dropped_when_it_was_sent() {
    let town = Town::new().await;
    let fields = form(&town, &[("text", "写了一半"), ("id", "")]);
    town.liaison.post_unaudited("/work/records/draft", &fields).await.assert_status(204);
    town.liaison.get("/work/records/new").await.assert_contains("写了一半").assert_contains("已保存草稿");
    let other = form(&town, &[("text", "写了一半"), ("action", "choose")]);
    town.liaison.post_unaudited("/work/records/draft", &other).await.assert_leads_to("/work/records/new?choose=1");
    town.liaison.get("/work/records/new?choose=1").await.assert_contains("上次填的还在");
    town.liaison.get("/work/records/new?kind=drill").await.assert_contains("写了一半").assert_contains("m_units");
    town.liaison.post("/work/records/new", &fields).await.assert_status(303);
    town.liaison.get("/work/records/new").await.assert_lacks("写了一半");
}

#[tokio::test]
async fn a_plan_that_came_to_nothing_can_be_thrown_away() {
    let town = Town::new().await;
    let id = town.add(study(3), false).await;
    town.liaison.post(&format!("/work/records/{id}/discard"), &[]).await.assert_leads_to("/work/records");
    town.liaison.get(&format!("/work/records/{id}")).await.assert_status(404);
}

#[tokio::test]
async fn the_second_of_two_editors_sees_both_versions() {
    let town = Town::new().await;
    let id = town.add(study(3), false).await;
    let path = format!("/work/records/{id}/edit");
    let first = form(&town, &[("version", "1"), ("place", "礼堂"), ("action", "save")]);
    town.liaison.post(&path, &first).await.assert_status(303);
    let second = form(&town, &[("version", "1"), ("place", "会议室"), ("action", "save")]);
    let both = town.liaison.post(&path, &second).await;
    both.assert_status(409)
        .assert_contains("礼堂")
        .assert_contains("会议室")
        .assert_contains("name=\"version\" value=\"2\"");
    let again = form(&town, &[("version", "2"), ("place", "会议室"), ("action", "report")]);
    town.liaison.post(&path, &again).await.assert_status(303);
    let record = town.read(&id).await;
    assert_eq!((record.facts.place.as_str(), record.state.code(), record.version), ("会议室", "reported", 3));
}

#[tokio::test]
async fn a_joint_record_is_shown_at_each_unit_and_changed_by_its_host_only() {
    let town = Town::new().await;
    let facts = Facts { co_hosts: vec![town.mine.id.clone(), town.village.id.clone()], ..study(80) };
    let id = town.add(facts, true).await;
    assert_eq!(town.read(&id).await.facts.co_hosts, std::slice::from_ref(&town.mine.id));
    let partner = town.test.liaison_of(&town.mine).await;
    partner.get("/work/records").await.assert_contains("东沟村、北山铁矿");
    partner.get(&format!("/work/records/{id}")).await.assert_contains("只统计一次").assert_lacks("撤回修改");
    partner.post(&format!("/work/records/{id}/withdraw"), &[]).await.assert_status(404);
    let unknown = Facts { co_hosts: vec!["nobody".into()], ..study(1) };
    let new = New {
        unit_id: town.village.id.clone(),
        facts: unknown,
        idempotency_key: "key-00000009".to_owned(),
        report: false,
        draft: None,
    };
    assert!(records::create(&town.test.app, &town.liaison.actor, new).await.is_err());
    let week = (town.today(), town.today());
    let units = [town.village.id.clone(), town.mine.id.clone()];
    let all = records::of_units(town.test.app.db.reader(), &town.test.town, &units, week, &[]).await.unwrap();
    assert_eq!(all.len(), 1, "each record once");
}

#[tokio::test]
async fn a_visit_says_where_it_went_before_it_is_reported() {
    let town = Town::new().await;
    let id = town.add(Facts::new("five_in", date(2022, 6, 13)), false).await;
    let page = town.liaison.post(&format!("/work/records/{id}/report"), &[]).await;
    page.assert_status(422).assert_contains("请选择进到哪里");
}
