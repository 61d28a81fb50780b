//! From a notice to a running campaign.

use super::draft::FOUNDING;
use crate::features::campaigns::api::{self, ImportNotice, Source};
use crate::features::duties::api::{self as duties, CampaignId};
use crate::features::units::api::UnitKind;
use crate::platform::auth::Role;
use crate::testing::{Client, TestApp};

/// A town with a village, a mine, an enterprise, a department and a school.
pub(super) async fn town() -> TestApp {
    let app = TestApp::new().await;
    app.unit("东沟村", UnitKind::Village).await;
    app.unit("北山铁矿", UnitKind::Mine).await;
    app.unit("青龙建材厂", UnitKind::Enterprise).await;
    app.unit("镇供电所", UnitKind::Department).await;
    app.unit("中心小学", UnitKind::School).await;
    app
}

/// The founding notice, imported.
pub(super) async fn imported(app: &TestApp, office: &Client) -> CampaignId {
    let source = Source::File("founding.txt".to_owned(), FOUNDING.as_bytes().to_vec());
    let cmd = ImportNotice { unit_id: app.root.id.clone(), source, as_is: false };
    api::import(&app.app, &office.actor, cmd).await.expect("an import")
}

/// The founding notice, published.
pub(super) async fn published(app: &TestApp, office: &Client) -> CampaignId {
    let id = imported(app, office).await;
    let cmd = api::Publish { campaign_id: id.clone(), version: None, note: String::new() };
    api::publish(&app.app, &office.actor, cmd).await.expect("a publication");
    id
}

#[tokio::test]
async fn a_liaison_cannot_import_a_notice() {
    let app = town().await;
    let village = app.unit("西沟村", UnitKind::Village).await;
    let liaison = app.liaison_of(&village).await;
    liaison.get("/campaigns/import").await.assert_status(403);
}

#[tokio::test]
async fn nothing_chosen_is_said_with_the_form_kept() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let unit = app.root.id.0.as_str();
    let answer = office.post_files("/campaigns/import", &[("unit", unit), ("text", " ")], &[]).await;
    answer.assert_status(422).assert_contains("请选择通知文件");
}

#[tokio::test]
async fn an_old_word_file_is_refused_in_words() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let unit = app.root.id.0.as_str();
    let doc = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0, 0, 0];
    let answer = office
        .post_files("/campaigns/import", &[("unit", unit), ("text", "留着")], &[("file", "通知 “一”.docx", &doc)])
        .await;
    answer.assert_status(422).assert_contains("留着");
}

#[tokio::test]
async fn a_text_that_is_no_notice_offers_to_go_on_by_hand_with_the_text_kept() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let unit = app.root.id.0.as_str();
    let news = include_str!("news.txt");
    let answer = office.post_files("/campaigns/import", &[("unit", unit), ("text", news)], &[]).await;
    answer.assert_status(422).assert_contains("仍按手工新建继续").assert_contains("没有读出任务");
    let answer = office.post_files("/campaigns/import", &[("unit", unit), ("text", news), ("as_is", "yes")], &[]).await;
    answer.assert_leads_to("/campaigns/");
    let page = office.get(answer.location()).await;
    page.assert_ok().assert_contains("通知正文");
}

#[tokio::test]
async fn the_founding_notice_is_imported_confirmed_and_published() {
    let app = town().await;
    let office = app.actor(Role::Office).await;
    let unit = app.root.id.0.as_str();
    let answer = office
        .post_files("/campaigns/import", &[("unit", unit)], &[("file", "founding.txt", FOUNDING.as_bytes())])
        .await;
    answer.assert_leads_to("/campaigns/");
    let confirm = answer.location().to_owned();
    let page = office.get(&confirm).await;
    page.assert_ok()
        .assert_contains("青政发﹝2022﹞121号")
        .assert_contains("改为“遵守安全生产法")
        .assert_contains("报送联络员反馈表和活动方案")
        .assert_contains("data-lines=\"62\"")
        .assert_contains("5 个单位");
    let publish = confirm.replace("/confirm", "/publish");
    let page = office.get(&publish).await;
    page.assert_ok().assert_contains("个单位 ×");
    let text = page.text();
    let version = text.split("name=\"version\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let answer = office.post(&publish, &[("version", version.expect("a version"))]).await;
    answer.assert_leads_to("/campaigns/");

    let id: CampaignId = confirm.split('/').nth(2).expect("an id").into();
    let reader = app.app.db.reader();
    let header = api::header(reader, &app.town, &id).await.expect("a query").expect("a campaign");
    assert_eq!((header.state.code(), header.edition), ("published", 1));
    assert_eq!(api::receivers(reader, &app.town, &id).await.expect("a query").len(), 5);
    let cells = duties::cells(reader, &app.town, &id).await.expect("a query");
    assert!(cells.len() >= 5 * 8, "{} occurrences", cells.len());
}

#[tokio::test]
async fn a_campaign_without_receivers_is_not_published() {
    let app = TestApp::new().await;
    let office = app.actor(Role::Office).await;
    let id = imported(&app, &office).await;
    office.get(&format!("/campaigns/{id}/publish")).await.assert_ok().assert_contains("还没有接收单位");
    let answer = office.post(&format!("/campaigns/{id}/publish"), &[]).await;
    answer.assert_status(422).assert_contains("还没有接收单位");
}
