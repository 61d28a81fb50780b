//! The overview, as each role opens it.

use crate::platform::auth::Role;
use crate::testing::TestApp;

#[tokio::test]
async fn a_liaison_has_no_console() {
    let test = TestApp::new().await;
    let village = test.unit("东沟村", crate::features::units::api::UnitKind::Village).await;
    test.liaison_of(&village).await.get("/console").await.assert_status(403);
    test.anonymous().get("/console").await.assert_leads_to("/signin");
}

#[tokio::test]
async fn a_new_town_is_told_the_first_step() {
    let test = TestApp::new().await;
    let answer = test.actor(Role::Office).await.get("/console").await;
    answer.assert_ok().assert_contains("还没有开展中的活动").assert_contains("/campaigns/import");
    test.actor(Role::Leader).await.get("/console").await.assert_ok().assert_lacks("/campaigns/import");
}

#[tokio::test]
async fn administrators_get_their_own_entries_and_no_campaigns() {
    let test = TestApp::new().await;
    let answer = test.actor(Role::Sysadmin).await.get("/console").await;
    answer.assert_ok().assert_contains("后台任务").assert_contains("/settings").assert_lacks("还没有开展中的活动");
    test.actor(Role::Auditor).await.get("/console").await.assert_ok().assert_contains("/audit");
    test.actor(Role::Secadmin).await.get("/console").await.assert_ok().assert_contains("/accounts");
}

#[tokio::test]
async fn a_failed_job_is_put_before_the_system_administrator() {
    let test = TestApp::new().await;
    let tx = test.app.db.begin(&test.town).await.unwrap();
    crate::platform::jobs::enqueue(&tx, &test.app.ids, "no.such.work", &1, None, test.app.now()).await.unwrap();
    tx.commit_unaudited("test").await.unwrap();
    for hour in 9..20 {
        test.work_off().await;
        test.set_clock(&format!("2022-06-14T{hour:02}:00:00+08:00"));
    }
    test.actor(Role::Sysadmin).await.get("/console").await.assert_contains("后台任务失败");
}
