use super::link_in;
use crate::features::accounts::api::{self, NewAccount};
use crate::features::units::api::UnitKind;
use crate::platform::auth::Role;
use crate::testing::{Answer, TestApp};

const JOIN: [(&str, &str); 4] =
    [("name", "李桂兰"), ("phone", "13800000000"), ("password", "donggou-cun-2022"), ("again", "donggou-cun-2022")];

async fn invited(test: &TestApp) -> (String, crate::platform::ids::AccountId) {
    let village = test.unit("东沟村", UnitKind::Village).await;
    let new = NewAccount {
        login: "东沟村".to_owned(),
        name: "东沟村联络员".to_owned(),
        phone: String::new(),
        roles: vec![(Role::Liaison, village.id.clone())],
    };
    let account = api::create_account(&test.app, &test.system(), new).await.unwrap();
    let invitation = api::invite(&test.app, &test.system(), &account).await.unwrap();
    (invitation.url.strip_prefix(&test.app.config.server.public_url).unwrap().to_owned(), account)
}

async fn send(test: &TestApp, link: &str) -> Answer {
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(JOIN).finish();
    test.anonymous().send("POST", link, Some("application/x-www-form-urlencoded"), form).await
}

#[tokio::test]
async fn a_mistyped_or_foreign_link_says_so_and_leads_on() {
    let test = TestApp::new().await;
    test.anonymous()
        .get("/join/0000")
        .await
        .assert_status(410)
        .assert_contains("没有找到这个链接")
        .assert_contains("/signin");
}

#[tokio::test]
async fn an_expired_link_says_so() {
    let test = TestApp::new().await;
    let (link, _) = invited(&test).await;
    test.set_clock("2022-06-20T08:31:00+08:00");
    test.anonymous().get(&link).await.assert_status(410).assert_contains("已过期");
    test.anonymous().post(&link, &JOIN).await.assert_status(410);
}

#[tokio::test]
async fn a_link_scanner_burns_no_link() {
    let test = TestApp::new().await;
    let (link, _) = invited(&test).await;
    for _ in 0..5 {
        test.anonymous().get(&link).await.assert_ok().assert_contains("东沟村").assert_contains("联络员");
    }
    test.anonymous().post(&link, &JOIN).await.assert_leads_to("/work");
}

#[tokio::test]
async fn a_weak_password_is_refused_and_the_link_stays_good() {
    let test = TestApp::new().await;
    let (link, _) = invited(&test).await;
    let weak = [("name", "李桂兰"), ("phone", "138"), ("password", "short"), ("again", "short")];
    let answer = test.anonymous().post(&link, &weak).await;
    answer.assert_status(422).assert_contains("密码太短").assert_contains("电话号码不对").assert_contains("李桂兰");
    test.anonymous().post(&link, &JOIN).await.assert_leads_to("/work");
}

#[tokio::test]
async fn of_two_who_use_a_link_at_once_one_wins() {
    let test = TestApp::new().await;
    let (link, account) = invited(&test).await;
    let (one, two) = tokio::join!(send(&test, &link), send(&test, &link));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410]);
    let people = api::people_of_unit(
        test.app.db.reader(),
        &test.town,
        &api::actor_of(&test.app, &test.town, &account).await.unwrap().unwrap().grants[0].unit_id,
        test.app.now(),
    )
    .await
    .unwrap();
    assert_eq!(people.len(), 1);
    assert_eq!((people[0].name.as_str(), people[0].phone.as_str()), ("李桂兰", "13800000000"));
    test.anonymous().get(&link).await.assert_status(410).assert_contains("已经用过");
    let signed_in =
        test.anonymous().post_unaudited("/signin", &[("login", "东沟村"), ("password", "donggou-cun-2022")]).await;
    signed_in.assert_leads_to("/work");
}

#[tokio::test]
async fn a_new_link_takes_the_old_one_back() {
    let test = TestApp::new().await;
    let (old, account) = invited(&test).await;
    let office = test.actor(Role::Office).await;
    let slip = office.post(&format!("/accounts/{account}/invite"), &[]).await;
    let new = link_in(slip.assert_ok());
    test.anonymous().get(&old).await.assert_status(410).assert_contains("已被收回");
    test.anonymous().get(&new).await.assert_ok();
    office.post(&format!("/accounts/{account}/invite/revoke"), &[]).await.assert_leads_to("/accounts/");
    test.anonymous().get(&new).await.assert_status(410).assert_contains("已被收回");
    office.post(&format!("/accounts/{account}/invite/revoke"), &[]).await.assert_status(409);
}

#[tokio::test]
async fn a_reset_link_ends_the_sessions_of_before() {
    let test = TestApp::new().await;
    let village = test.unit("东沟村", UnitKind::Village).await;
    let liaison = test.liaison_of(&village).await;
    let office = test.actor(Role::Office).await;
    let slip = office.post(&format!("/accounts/{}/invite", liaison.actor.account_id), &[]).await;
    let link = link_in(slip.assert_ok());
    liaison.get("/me").await.assert_ok();
    test.anonymous().get(&link).await.assert_contains("重设密码");
    test.anonymous().post(&link, &JOIN).await.assert_leads_to("/work");
    liaison.get("/me").await.assert_leads_to("/signin");
}
