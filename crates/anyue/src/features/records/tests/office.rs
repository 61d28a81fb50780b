//! The office's pages.

use super::*;
use crate::features::records::api::State;

#[tokio::test]
async fn the_office_of_another_part_sees_and_decides_nothing() {
    let town = Town::new().await;
    let id = town.add(study(3), true).await;
    let other = town.test.actor_at(Role::Office, &town.mine).await;
    other.get("/records").await.assert_ok().assert_lacks("专题学习</a>");
    other.get(&format!("/records/{id}")).await.assert_status(404);
    other.post(&format!("/records/{id}/accept"), &[]).await.assert_status(404);
    other.get(&format!("/records?unit={}", town.village.id)).await.assert_status(404);
    let leader = town.test.actor(Role::Leader).await;
    leader.get(&format!("/records/{id}")).await.assert_ok().assert_lacks("退回修改");
    leader.post(&format!("/records/{id}/accept"), &[]).await.assert_status(403);
}

#[tokio::test]
async fn a_reason_is_needed_for_returning() {
    let town = Town::new().await;
    let id = town.add(study(3), true).await;
    let page = town.office.post(&format!("/records/{id}/return"), &[("comment", " ")]).await;
    page.assert_status(422).assert_contains("请写明退回的原因");
    assert_eq!(town.state(&id).await, "reported");
}

#[tokio::test]
async fn what_changed_since_it_was_looked_at_is_not_accepted() {
    let town = Town::new().await;
    let id = town.add(study(3), true).await;
    town.liaison.post(&format!("/work/records/{id}/withdraw"), &[]).await.assert_status(303);
    town.liaison.post(&format!("/work/records/{id}/report"), &[]).await.assert_status(303);
    town.office.post(&format!("/records/{id}/accept"), &[("version", "1")]).await.assert_status(409);
    town.office.post(&format!("/records/{id}/accept"), &[("version", "3")]).await.assert_status(303);
}

#[tokio::test]
async fn returned_changed_reported_accepted_and_taken_back() {
    let town = Town::new().await;
    let id = town.add(study(3), true).await;
    let (own, office) = (format!("/work/records/{id}"), format!("/records/{id}"));
    town.office.get("/records?state=reported").await.assert_contains("待审核 1").assert_contains("专题学习");
    town.office.post(&format!("{office}/return"), &[("comment", "人数请核对")]).await.assert_leads_to("/records/");
    town.liaison.get(&own).await.assert_contains("人数请核对").assert_contains("修改并重新报送");
    town.liaison.get("/messages").await.assert_contains("活动记录被退回");
    town.liaison.get("/work/records").await.assert_contains("已退回 1");
    let fields = [
        ("version", "2"),
        ("kind", "study"),
        ("held_on", "2022-06-13"),
        ("m_participants", "30"),
        ("action", "report"),
    ];
    town.liaison.get(&format!("{own}/edit")).await.assert_contains("人数请核对");
    town.liaison.post(&format!("{own}/edit"), &fields).await.assert_leads_to(&own);
    town.office.post(&format!("{office}/accept"), &[]).await.assert_leads_to("/records/");
    assert_eq!(town.state(&id).await, "accepted");
    town.liaison.post(&format!("{own}/withdraw"), &[]).await.assert_status(409);
    town.office.post(&format!("{office}/undo-accept"), &[]).await.assert_leads_to(&office);
    assert_eq!(town.state(&id).await, "reported");
    town.office.get(&office).await.assert_contains("撤销对东沟村").assert_contains("退回东沟村");
}

#[tokio::test]
async fn reviewing_goes_from_one_to_the_next() {
    let town = Town::new().await;
    let first = town.add(Facts { held_on: date(2022, 6, 10), ..study(1) }, true).await;
    let second = town.add(Facts { held_on: date(2022, 6, 11), ..study(2) }, true).await;
    town.add(Facts { held_on: date(2022, 6, 12), ..study(2) }, false).await;
    town.office.get(&format!("/records/{first}")).await.assert_contains(&format!("href=\"/records/{second}\">下一条"));
    town.office.post(&format!("/records/{first}/accept"), &[]).await.assert_leads_to(&format!("/records/{second}"));
    town.office.get(&format!("/records/{second}")).await.assert_lacks("下一条").assert_lacks("上一条");
}

#[tokio::test]
async fn the_list_is_narrowed_sorted_and_turned_by_its_address() {
    let town = Town::new().await;
    town.add(Facts { place: "大礼堂".to_owned(), ..study(1) }, true).await;
    town.add(Facts { title: "防汛演练".to_owned(), ..Facts::new("drill", date(2022, 6, 6)) }, false).await;
    let has = async |query: &str, study: bool, drill: bool| {
        let page = town.office.get(&format!("/records{query}")).await;
        page.assert_ok();
        let text = page.text();
        assert_eq!((text.contains("专题学习</a>"), text.contains("防汛演练</a>")), (study, drill), "{query}");
    };
    has("", true, true).await;
    has("?q=%E7%A4%BC%E5%A0%82", true, false).await;
    has("?q=%25", true, true).await;
    has("?kind=drill", false, true).await;
    has("?state=held", false, true).await;
    has("?period=week", true, false).await;
    has("?period=last_week", false, true).await;
    has("?from=2022-06-07&until=2022-06-30", true, false).await;
    has(&format!("?unit={}", town.village.id), true, true).await;
    has(&format!("?unit={}", town.mine.id), false, false).await;
    has("?campaign=none", false, false).await;
    has("?o=-updated", true, true).await;
    let month = town.office.get("/records?view=month&month=2022-06&day=2022-06-06").await;
    month.assert_contains("6月6日（周一）").assert_contains("防汛演练").assert_lacks("大礼堂");
    let places = town.office.get("/records?view=places").await;
    places.assert_ok().assert_contains("没有活动的单位").assert_contains(&town.mine.name);
    town.office.get("/records?view=places&kind=film").await.assert_contains("没有符合条件的活动");
}

#[tokio::test]
async fn long_lists_are_turned_page_by_page_without_loss() {
    let town = Town::new().await;
    for at in 1..=120 {
        let day = date(2022, 1, 1).checked_add(jiff::Span::new().days(at / 3)).unwrap();
        town.add(Facts { title: format!("第{at}场"), held_on: day, ..study(at) }, false).await;
    }
    let (mut path, mut seen) = ("/records".to_owned(), 0);
    let mut pages = 0;
    while !path.is_empty() {
        let text = town.office.get(&path).await.text();
        seen += text.matches("<tr data-href").count();
        pages += 1;
        let next =
            text.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        path = next.replace("&amp;", "&").replace("&#38;", "&");
    }
    assert_eq!((seen, pages), (120, 3));
    let csv = town.office.get("/records/export/csv").await.assert_ok().text();
    assert_eq!(csv.lines().count(), 121);
}

#[tokio::test]
async fn an_export_runs_nothing_and_holds_what_the_list_is_narrowed_to() {
    let town = Town::new().await;
    town.add(Facts { title: "=1+1".to_owned(), ..study(7) }, true).await;
    town.add(Facts::new("drill", date(2022, 6, 6)), false).await;
    let csv = town.office.get("/records/export/csv?kind=study").await.assert_ok().text();
    assert!(csv.contains("'=1+1") && csv.contains("参与人次（人次）") && !csv.contains("应急演练"), "{csv}");
    let xlsx = town.office.get("/records/export/xlsx").await;
    xlsx.assert_ok();
    let table = official_doc::table::read(&xlsx.bytes, Some("x.xlsx")).unwrap();
    assert_eq!(table.rows.len(), 3);
    town.office.get("/records/export/pdf").await.assert_status(404);
}

#[tokio::test]
async fn two_reviewers_at_once_decide_once() {
    let town = Town::new().await;
    let id = town.add(study(3), true).await;
    let cmd = || records::Accept { record_id: id.clone(), version: Some(1) };
    let (one, two) = tokio::join!(
        records::accept(&town.test.app, &town.office.actor, cmd()),
        records::accept(&town.test.app, &town.office.actor, cmd()),
    );
    assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|done| **done).count(), 1);
    assert_eq!(town.read(&id).await.state, State::Accepted);
}
