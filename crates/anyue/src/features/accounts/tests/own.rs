use crate::features::units::api::UnitKind;
use crate::platform::auth::Role;
use crate::platform::db::sql;
use crate::testing::{PASSWORD, TestApp};

#[tokio::test]
async fn a_password_is_changed_only_with_the_present_one_and_ends_other_sessions() {
    let test = TestApp::new().await;
    let village = test.unit("东沟村", UnitKind::Village).await;
    let liaison = test.liaison_of(&village).await;
    let login = super::login_of(&test, &liaison.actor.account_id).await;
    let other = test.anonymous().post_unaudited("/signin", &[("login", &login), ("password", PASSWORD)]).await;
    assert!(other.headers["set-cookie"].to_str().unwrap().contains("anyue_session="));
    let wrong = [("old", "wrong-wrong-1"), ("password", "xigou-cun-2023"), ("again", "xigou-cun-2023")];
    liaison.post("/me/password", &wrong).await.assert_status(422).assert_contains("现在的密码不正确");
    let right = [("old", PASSWORD), ("password", "xigou-cun-2023"), ("again", "xigou-cun-2023")];
    liaison.get("/me/sessions").await.assert_contains("退出其他全部设备");
    liaison.post("/me/password", &right).await.assert_leads_to("/me");
    liaison.get("/me/sessions").await.assert_ok().assert_lacks("退出其他全部设备");
}

#[tokio::test]
async fn one_sees_and_ends_ones_own_sessions_only() {
    let test = TestApp::new().await;
    let village = test.unit("东沟村", UnitKind::Village).await;
    let (one, two) = (test.liaison_of(&village).await, test.liaison_of(&village).await);
    let theirs: Option<String> = sql("SELECT session_id FROM sessions WHERE account_id = $1")
        .bind(&two.actor.account_id)
        .scalar(test.app.db.reader())
        .await
        .unwrap();
    one.get("/me/sessions").await.assert_ok().assert_contains("测试设备").assert_contains("本机");
    one.post(&format!("/me/sessions/{}/end", theirs.unwrap()), &[]).await.assert_status(404);
    one.post("/me/sessions/end-others", &[]).await.assert_leads_to("/me/sessions");
    two.get("/me").await.assert_ok();
}

#[tokio::test]
async fn two_editors_of_the_same_data_are_told() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    office.post("/me", &[("name", "新名"), ("phone", ""), ("version", "1")]).await.assert_leads_to("/me");
    let stale = office.post("/me", &[("name", "另一名"), ("phone", ""), ("version", "1")]).await;
    stale.assert_status(409).assert_contains("另一名").assert_contains("新名");
    office.get("/me").await.assert_contains("新名");
}

#[tokio::test]
async fn every_role_opens_its_own_pages() {
    let test = TestApp::new().await;
    for &role in Role::ALL {
        let client = test.actor(role).await;
        for path in ["/me", "/me/sessions", "/me/tokens"] {
            client.get(path).await.assert_ok();
        }
    }
}
