//! 待办, the notice, 签收 and 报送.

use super::Town;
use crate::features::duties::api::{self as duties, Acknowledge};
use crate::features::units::api::UnitKind;
use crate::platform::auth::Role;
use crate::testing::TestApp;

#[tokio::test]
async fn the_office_and_strangers_have_no_work_pages() {
    let test = TestApp::new().await;
    test.anonymous().get("/work").await.assert_leads_to("/signin");
    test.actor(Role::Office).await.get("/work").await.assert_status(403);
}

#[tokio::test]
async fn a_unit_without_notices_is_told_what_will_come() {
    let test = TestApp::new().await;
    let village = test.unit("东沟村", UnitKind::Village).await;
    let liaison = test.liaison_of(&village).await;
    liaison.get("/work").await.assert_ok().assert_contains("还没有收到通知");
    liaison.get("/work/reports").await.assert_ok().assert_contains("还没有要报送的");
}

#[tokio::test]
async fn a_notice_of_others_is_not_there() {
    let town = Town::new().await;
    let elsewhere = town.test.unit("外村", UnitKind::Village).await;
    let liaison = town.test.liaison_of(&elsewhere).await;
    liaison.get(&format!("/work/campaigns/{}", town.campaign)).await.assert_status(404);
    let path = format!("/work/campaigns/{}/acknowledge", town.campaign);
    liaison.post(&path, &[("unit", elsewhere.id.as_str()), ("edition", "1")]).await.assert_status(404);
    liaison.post(&path, &[("unit", town.village.id.as_str()), ("edition", "1")]).await.assert_status(404);
}

#[tokio::test]
async fn what_is_to_do_stands_first_and_the_notice_leads_to_it() {
    let town = Town::new().await;
    let liaison = town.test.liaison_of(&town.village).await;
    let answer = liaison.get("/work").await;
    answer.assert_ok().assert_contains("现在要做的").assert_contains("去签收").assert_contains("约");
    let notice = liaison.get(&format!("/work/campaigns/{}", town.campaign)).await;
    notice.assert_ok().assert_contains("我单位要做的").assert_contains("121号").assert_contains("签收</button>");
    let text = notice.text();
    assert!(text.find("我单位要做的").unwrap() < text.find("活动项目").unwrap());
    assert!(text.find("活动项目").unwrap() < text.find("通知全文").unwrap());
}

#[tokio::test]
async fn acknowledging_says_who_and_when_and_what_comes_next() {
    let town = Town::new().await;
    let liaison = town.test.liaison_of(&town.village).await;
    let path = format!("/work/campaigns/{}/acknowledge", town.campaign);
    let fields = [("unit", town.village.id.as_str()), ("edition", "1")];
    let answer = liaison.post(&path, &fields).await;
    answer.assert_leads_to(&format!("/work/campaigns/{}", town.campaign));
    liaison
        .get(answer.location())
        .await
        .assert_contains("已签收")
        .assert_contains("6月13日 08:30签收")
        .assert_lacks("签收</button>");
    liaison.post_unaudited(&path, &fields).await.assert_status(303);
}

#[tokio::test]
async fn an_edition_that_is_no_longer_shown_is_not_acknowledged() {
    let town = Town::new().await;
    let liaison = town.test.liaison_of(&town.village).await;
    let path = format!("/work/campaigns/{}/acknowledge", town.campaign);
    liaison.post_unaudited(&path, &[("unit", town.village.id.as_str()), ("edition", "7")]).await.assert_status(303);
    let signed = duties::acknowledgements(town.test.app.db.reader(), &town.test.town, &town.campaign).await.unwrap();
    assert!(signed.is_empty());
}

#[tokio::test]
async fn somebody_with_two_units_sees_both_and_can_choose_one() {
    let town = Town::new().await;
    let account = town.test.account(&[(Role::Liaison, &town.village), (Role::Liaison, &town.mine)]).await;
    let both = town.test.signed_in(&account).await;
    both.get("/work").await.assert_contains("全部单位").assert_contains("东沟村").assert_contains("北山铁矿");
    let path = format!("/work/campaigns/{}", town.campaign);
    let cmd = Acknowledge { campaign_id: town.campaign.clone(), unit_id: town.mine.id.clone(), edition: 1 };
    assert!(duties::acknowledge(&town.test.app, &both.actor, cmd).await.unwrap());
    both.get(&format!("{path}?unit={}", town.mine.id)).await.assert_contains("已签收");
    both.get(&format!("{path}?unit={}", town.village.id)).await.assert_contains("签收</button>");
}

#[tokio::test]
async fn reports_are_listed_filtered_and_exported() {
    let town = Town::new().await;
    let liaison = town.test.liaison_of(&town.village).await;
    liaison.get("/work/reports").await.assert_ok().assert_contains("未报").assert_contains("导出表格");
    liaison.get("/work/reports?q=没有这样的任务").await.assert_ok().assert_contains("没有符合条件的报送");
    liaison.get("/work/reports?state=received").await.assert_contains("没有符合条件的报送");
    let file = liaison.get("/work/reports/export?state=not_yet").await;
    file.assert_ok();
    let table = official_doc::table::read(&file.bytes, Some("报送.xlsx")).unwrap();
    assert!(table.rows.len() > 2, "{:?}", table.rows.len());
}
