use crate::features::units::api::UnitKind;
use crate::platform::auth::Role;
use crate::testing::{Answer, TestApp};

fn secret_in(answer: &Answer) -> String {
    let text = answer.text();
    let at = text.find("<code>").expect("a secret") + 6;
    text[at..].chars().take(43).collect()
}

#[tokio::test]
async fn a_token_is_shown_once_and_works_until_it_is_taken_back() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    let form = [("name", "旗局汇总"), ("scopes", "units:read"), ("expires", "2022-12-31")];
    let made = office.post("/me/tokens", &form).await;
    let secret = secret_in(made.assert_ok());
    office.get("/me/tokens").await.assert_ok().assert_lacks(&secret).assert_contains("旗局汇总");
    let program = office.with_token(&secret);
    let me = program.get("/api/v1/me").await.assert_ok().json();
    assert_eq!(me["scopes"], serde_json::json!(["units:read"]));
    program.get("/accounts").await.assert_status(403);
    let text = office.get("/me/tokens").await.text();
    let at = text.find("/me/tokens/").unwrap();
    let revoke: String = text[at..].chars().take_while(|c| *c != '"').collect();
    office.post(&revoke, &[]).await.assert_leads_to("/me/tokens");
    program.get("/api/v1/me").await.assert_status(401);
}

#[tokio::test]
async fn a_token_has_an_end_within_a_year_and_no_more_power_than_its_account() {
    let test = TestApp::new().await;
    let village = test.unit("东沟村", UnitKind::Village).await;
    let liaison = test.liaison_of(&village).await;
    let beyond = [("name", "x"), ("scopes", "units:write"), ("expires", "2022-12-31")];
    liaison.post("/me/tokens", &beyond).await.assert_status(422).assert_contains("超出了账号本身的权限");
    for (expires, words) in [("2024-01-01", "最长一年"), ("2022-06-01", "今天之后"), ("soon", "请选择到期日")]
    {
        let form = [("name", "x"), ("scopes", "duties:read"), ("expires", expires)];
        liaison.post("/me/tokens", &form).await.assert_status(422).assert_contains(words);
    }
    let none = [("name", ""), ("expires", "2022-12-31")];
    liaison.post("/me/tokens", &none).await.assert_status(422).assert_contains("请至少勾选一项权限");
}

#[tokio::test]
async fn a_token_dies_with_its_day_and_with_its_account() {
    let test = TestApp::new().await;
    let village = test.unit("东沟村", UnitKind::Village).await;
    let liaison = test.liaison_of(&village).await;
    let id = &liaison.actor.account_id;
    let secadmin = test.actor(Role::Secadmin).await;
    let form = [("name", "村务系统"), ("scopes", "duties:read"), ("expires", "2022-06-14")];
    let made = secadmin.post(&format!("/accounts/{id}/tokens"), &form).await;
    let program = liaison.with_token(&secret_in(made.assert_ok()));
    program.get("/api/v1/me").await.assert_ok();
    test.set_clock("2022-06-15T00:00:30+08:00");
    program.get("/api/v1/me").await.assert_status(401);
    let form = [("name", "村务系统"), ("scopes", "duties:read"), ("expires", "2022-06-30")];
    let made = secadmin.post(&format!("/accounts/{id}/tokens"), &form).await;
    let program = liaison.with_token(&secret_in(made.assert_ok()));
    test.actor(Role::Sysadmin).await.post(&format!("/accounts/{id}/disable"), &[]).await.assert_status(303);
    program.get("/api/v1/me").await.assert_status(401);
}
