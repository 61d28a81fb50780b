//! Messages, asked for through the router.

use askama::Template as _;

use super::api::{Message, send};
use super::list::MessagesPage;
use crate::features::units::api::{UnitKind, UnitRef};
use crate::testing::TestApp;

async fn tell(test: &TestApp, unit: &UnitRef, cause: &str, link: &str) -> bool {
    let tx = test.app.db.begin(&test.town).await.unwrap();
    let message = Message {
        unit_id: &unit.id,
        kind: "reminder",
        title: format!("提醒：{cause}"),
        body: "还没有收到。".to_owned(),
        link: link.to_owned(),
        dedup_key: cause.to_owned(),
        sent_by: "办公室".to_owned(),
    };
    let written = send(&tx, &test.app.ids, message, test.app.now()).await.unwrap();
    tx.commit_unaudited("a test's message").await.unwrap();
    written
}

fn first_action(page: &str) -> &str {
    let (_, rest) = page.split_once("action=\"/messages/").unwrap();
    let id = rest.split('/').next().unwrap();
    if id == "read\"" || id.starts_with("read\"") { first_action(rest) } else { id }
}

#[tokio::test]
async fn a_message_is_for_the_unit_it_was_sent_to_and_for_no_other() {
    let test = TestApp::new().await;
    let (ours, theirs) = (test.unit("东沟村", UnitKind::Village).await, test.unit("西沟村", UnitKind::Village).await);
    tell(&test, &ours, "周报", "/work").await;
    let stranger = test.liaison_of(&theirs).await;
    stranger.get("/messages").await.assert_ok().assert_lacks("提醒：周报").assert_contains("还没有消息");
    let page = test.liaison_of(&ours).await.get("/messages").await.text();
    let id = first_action(&page);
    stranger.post(&format!("/messages/{id}/open"), &[]).await.assert_status(404);
    test.anonymous().get("/messages").await.assert_leads_to("/signin");
}

#[tokio::test]
async fn opening_a_message_marks_it_as_read_and_leads_to_what_it_is_about() {
    let test = TestApp::new().await;
    let unit = test.unit("东沟村", UnitKind::Village).await;
    tell(&test, &unit, "周报", "/work/do/1").await;
    let liaison = test.liaison_of(&unit).await;
    let page = liaison.get("/messages").await;
    page.assert_contains("未读").assert_contains("今天 08:30");
    let id = first_action(&page.text()).to_owned();
    liaison.post_unaudited(&format!("/messages/{id}/open"), &[]).await.assert_leads_to("/work/do/1");
    liaison.get("/messages?only=unread").await.assert_contains("没有未读消息");
}

#[tokio::test]
async fn a_link_that_is_not_ours_is_not_followed() {
    let test = TestApp::new().await;
    let unit = test.unit("东沟村", UnitKind::Village).await;
    tell(&test, &unit, "周报", "//elsewhere.test/").await;
    let liaison = test.liaison_of(&unit).await;
    let id = first_action(&liaison.get("/messages").await.text()).to_owned();
    liaison.post_unaudited(&format!("/messages/{id}/open"), &[]).await.assert_leads_to("/messages");
}

#[tokio::test]
async fn one_message_for_one_cause_and_all_are_marked_at_once() {
    let test = TestApp::new().await;
    let unit = test.unit("东沟村", UnitKind::Village).await;
    assert!(tell(&test, &unit, "周报", "").await);
    assert!(!tell(&test, &unit, "周报", "").await);
    for n in 0..60 {
        tell(&test, &unit, &n.to_string(), "").await;
    }
    let liaison = test.liaison_of(&unit).await;
    liaison.get("/messages").await.assert_contains("下一页");
    liaison.post_unaudited("/messages/read", &[]).await.assert_leads_to("/messages");
    liaison.get("/messages?only=unread").await.assert_contains("没有未读消息");
}

#[test]
fn the_page_renders() {
    let page = MessagesPage::sample().render().unwrap();
    assert!(page.contains("请修改后再报"));
}
