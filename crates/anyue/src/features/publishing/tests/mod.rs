//! The public pages, as anybody opens them.

use crate::platform::auth::Role;
use crate::testing::TestApp;

#[tokio::test]
async fn the_front_page_names_the_town_and_shows_no_dead_buttons() {
    let test = TestApp::new().await;
    let answer = test.anonymous().get("/").await;
    answer
        .assert_ok()
        .assert_contains("青龙山镇安全生产")
        .assert_contains("现在没有正在开展的活动")
        .assert_contains("12350");
    for later in ["举报隐患", "查进度", "答题", "预约"] {
        answer.assert_lacks(later);
    }
}

#[tokio::test]
async fn the_front_page_comes_from_memory_until_something_is_written() {
    let test = TestApp::new().await;
    let first = test.anonymous().get("/").await.text();
    assert_eq!(test.anonymous().get("/").await.text(), first);
    let tx = test.app.db.begin(&test.town).await.unwrap();
    crate::platform::db::sql("UPDATE jurisdictions SET name = '白音镇'").execute(&*tx).await.unwrap();
    tx.commit_unaudited("test").await.unwrap();
    test.anonymous().get("/").await.assert_contains("白音镇安全生产");
}

#[tokio::test]
async fn a_signed_in_person_is_not_served_the_page_of_strangers() {
    let test = TestApp::new().await;
    test.anonymous().get("/").await.assert_contains("各单位联络员签收通知");
    test.actor(Role::Office).await.get("/").await.assert_ok().assert_contains("您已登录");
    test.anonymous().get("/").await.assert_contains("各单位联络员签收通知");
}

#[tokio::test]
async fn the_front_page_is_sent_compressed_to_those_who_take_it() {
    let test = TestApp::new().await;
    let plain = test.anonymous().get("/").await;
    assert!(plain.headers.get("content-encoding").is_none());
    assert_eq!(plain.headers["vary"], "accept-encoding, cookie");
}

#[tokio::test]
async fn complaints_about_the_site_name_its_sponsor() {
    let test = TestApp::new().await;
    test.anonymous().get("/complaints").await.assert_ok().assert_contains("测试旗应急管理局").assert_contains("12345");
}
