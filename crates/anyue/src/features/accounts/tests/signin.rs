use super::login_of;
use crate::platform::auth::Role;
use crate::testing::{PASSWORD, TestApp};

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_get_the_same_words() {
    let test = TestApp::new().await;
    let account = test.account(&[(Role::Office, &test.root)]).await;
    let login = login_of(&test, &account).await;
    let nobody = test.anonymous();
    let wrong = nobody.post("/signin", &[("login", &login), ("password", "not-the-password")]).await;
    let unknown = nobody.post("/signin", &[("login", "nobody-at-all"), ("password", "not-the-password")]).await;
    wrong.assert_status(422).assert_contains("账号或密码不正确").assert_contains(&login);
    assert_eq!(unknown.assert_status(422).text().replace("nobody-at-all", ""), wrong.text().replace(&login, ""));
}

#[tokio::test]
async fn five_wrong_passwords_lock_for_a_quarter_of_an_hour_whether_or_not_the_account_exists() {
    let test = TestApp::new().await;
    let account = test.account(&[(Role::Office, &test.root)]).await;
    let login = login_of(&test, &account).await;
    let nobody = test.anonymous();
    for name in [login.as_str(), "nobody-at-all"] {
        for _ in 0..4 {
            nobody.post("/signin", &[("login", name), ("password", "wrong-wrong")]).await.assert_contains("不正确");
        }
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("login", name), ("password", "wrong-wrong")])
            .finish();
        let fifth = nobody.send("POST", "/signin", Some("application/x-www-form-urlencoded"), form).await;
        fifth.assert_status(422).assert_contains("08:45");
        nobody.post("/signin", &[("login", name), ("password", PASSWORD)]).await.assert_contains("08:45");
    }
    assert_eq!(test.trail_length().await, 1, "the lock of the real account is in the trail");
    test.set_clock("2022-06-13T08:46:00+08:00");
    nobody.post_unaudited("/signin", &[("login", &login), ("password", PASSWORD)]).await.assert_leads_to("/console");
}

#[tokio::test]
async fn the_sixth_try_of_a_locked_account_is_refused_in_another_session_too_until_it_is_unlocked() {
    let test = TestApp::new().await;
    let account = test.account(&[(Role::Leader, &test.root)]).await;
    let login = login_of(&test, &account).await;
    let form = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("login", login.as_str()), ("password", "wrong-wrong")])
        .finish();
    for _ in 0..5 {
        test.anonymous().send("POST", "/signin", Some("application/x-www-form-urlencoded"), form.clone()).await;
    }
    let sysadmin = test.actor(Role::Sysadmin).await;
    sysadmin.get("/accounts?state=locked").await.assert_contains(&login).assert_contains("已锁定");
    sysadmin.post(&format!("/accounts/{account}/unlock"), &[]).await.assert_leads_to("/accounts/");
    test.anonymous()
        .post_unaudited("/signin", &[("login", &login), ("password", PASSWORD)])
        .await
        .assert_leads_to("/console");
}

#[tokio::test]
async fn a_flood_of_tries_from_one_place_is_slowed_down() {
    let test = TestApp::new().await;
    let nobody = test.anonymous();
    let mut last = 0;
    for _ in 0..12 {
        last = nobody.post("/signin", &[("login", "x-y"), ("password", "wrong")]).await.status.as_u16();
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn signing_in_leads_to_the_page_asked_for_but_never_to_another_site() {
    let test = TestApp::new().await;
    let village = test.unit("东沟村", crate::features::units::api::UnitKind::Village).await;
    let account = test.account(&[(Role::Liaison, &village)]).await;
    let login = login_of(&test, &account).await;
    let nobody = test.anonymous();
    nobody.get("/me").await.assert_leads_to("/signin?next=%2Fme");
    for (next, leads) in
        [("/me/sessions", "/me/sessions"), ("https://evil.example", "/work"), ("//evil.example", "/work")]
    {
        let answer =
            nobody.post_unaudited("/signin", &[("login", &login), ("password", PASSWORD), ("next", next)]).await;
        answer.assert_leads_to(leads);
        let cookie = answer.headers["set-cookie"].to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    }
}

#[tokio::test]
async fn an_administrators_sign_in_is_in_the_trail() {
    let test = TestApp::new().await;
    let account = test.account(&[(Role::Auditor, &test.root)]).await;
    let login = login_of(&test, &account).await;
    test.anonymous().post("/signin", &[("login", &login), ("password", PASSWORD)]).await.assert_leads_to("/audit");
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    office.get("/me").await.assert_ok();
    office.post_unaudited("/signout", &[]).await.assert_leads_to("/signin");
    office.get("/me").await.assert_leads_to("/signin");
}

#[tokio::test]
async fn a_form_posted_after_sign_out_keeps_what_was_typed() {
    let test = TestApp::new().await;
    let account = test.account(&[(Role::Office, &test.root)]).await;
    let login = login_of(&test, &account).await;
    let nobody = test.anonymous();
    let typed = "kind=village&name=%E4%B8%9C%E6%B2%9F%E6%9D%91&name=%26%22%3C";
    let led = nobody.send("POST", "/units/new", Some("application/x-www-form-urlencoded"), typed.to_owned()).await;
    assert_eq!(led.assert_status(307).location(), "/signin/unsent?next=%2Funits%2Fnew");
    let led = nobody.send("POST", led.location(), Some("application/x-www-form-urlencoded"), typed.to_owned()).await;
    led.assert_status(200).assert_contains("没有丢失");

    let wrong = [("login", login.as_str()), ("password", "wrong"), ("next", "/units/new"), ("unsent", typed)];
    nobody.post("/signin", &wrong).await.assert_status(422).assert_contains("没有丢失");
    let right = [("login", login.as_str()), ("password", PASSWORD), ("next", "/units/new"), ("unsent", typed)];
    let back = nobody.post_unaudited("/signin", &right).await;
    back.assert_status(200).assert_contains("action=\"/units/new\"").assert_contains("value=\"东沟村\"");
    back.assert_contains("value=\"&#38;&#34;&#60;\"");

    let elsewhere = [("login", login.as_str()), ("password", PASSWORD), ("next", "//evil.example"), ("unsent", typed)];
    nobody.post_unaudited("/signin", &elsewhere).await.assert_leads_to("/console");
}

#[tokio::test]
async fn nobody_who_is_not_signed_in_sends_more_than_a_form() {
    let test = TestApp::new().await;
    let long = "长".repeat(1 << 20);
    let form = url::form_urlencoded::Serializer::new(String::new()).append_pair("login", &long).finish();
    for path in ["/signin", "/signin/unsent?next=/units/new", "/join/x"] {
        let kind = Some("application/x-www-form-urlencoded");
        let answer = test.anonymous().send("POST", path, kind, form.clone()).await;
        answer.assert_status(413).assert_contains("<html");
    }
}

#[tokio::test]
async fn an_address_of_a_wrong_shape_is_answered_in_words() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    let page = office.get("/units?q=1&q=2").await;
    page.assert_status(400).assert_contains("<html").assert_contains("不完整").assert_lacks("deserialize");
    let api = office.get("/api/v1/units?limit=-1").await;
    api.assert_status(400).assert_contains("limit");
    assert_eq!(api.json()["status"], 400);
}

#[tokio::test]
async fn a_form_that_was_meant_for_nowhere_leads_to_the_sign_in_page_and_not_in_a_circle() {
    let test = TestApp::new().await;
    for path in ["/signin/unsent", "/signin/unsent?next=/signin/unsent", "/signin/unsent?next=//evil.example"] {
        let answer = test.anonymous().post_unaudited(path, &[("name", "x")]).await;
        answer.assert_status(303);
        assert_eq!(answer.location(), "/signin");
    }
}
