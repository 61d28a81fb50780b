use crate::features::units::api::UnitKind;
use crate::platform::auth::Role;
use crate::platform::db::sql;
use crate::testing::TestApp;

async fn role_id(test: &TestApp, account: &crate::platform::ids::AccountId, role: Role) -> String {
    let id: Option<String> = sql("SELECT account_role_id FROM account_roles WHERE account_id = $1 AND role = $2")
        .bind(account)
        .bind(role.code())
        .scalar(test.app.db.reader())
        .await
        .unwrap();
    id.unwrap()
}

#[tokio::test]
async fn an_administrator_gets_no_second_role() {
    let test = TestApp::new().await;
    let secadmin = test.actor(Role::Secadmin).await;
    let auditor = test.account(&[(Role::Auditor, &test.root)]).await;
    let form = [("role", "office"), ("unit", test.root.id.as_str())];
    let answer = secadmin.post(&format!("/accounts/{auditor}/roles"), &form).await;
    answer.assert_status(422).assert_contains("不能由同一个账号担任");
}

#[tokio::test]
async fn nobody_gives_a_role_to_themselves() {
    let test = TestApp::new().await;
    let secadmin = test.actor(Role::Secadmin).await;
    let form = [("role", "secadmin"), ("unit", test.root.id.as_str())];
    secadmin.post(&format!("/accounts/{}/roles", secadmin.actor.account_id), &form).await.assert_status(403);
}

#[tokio::test]
async fn the_last_administrator_of_a_kind_stays() {
    let test = TestApp::new().await;
    let secadmin = test.actor(Role::Secadmin).await;
    let sysadmin = test.actor(Role::Sysadmin).await;
    let own = &secadmin.actor.account_id;
    let role = role_id(&test, own, Role::Secadmin).await;
    let take = format!("/accounts/{own}/roles/{role}/take");
    secadmin.post(&take, &[]).await.assert_status(409).assert_contains("最后一位");
    sysadmin.post(&format!("/accounts/{own}/disable"), &[]).await.assert_status(409).assert_contains("最后一位");
    test.account(&[(Role::Secadmin, &test.root)]).await;
    secadmin.post(&take, &[]).await.assert_status(303);
    secadmin.get("/accounts").await.assert_status(403);
}

#[tokio::test]
async fn two_last_administrators_who_take_each_others_role_at_once_leave_one() {
    let test = TestApp::new().await;
    let (one, two) = (test.actor(Role::Secadmin).await, test.actor(Role::Secadmin).await);
    let take = async |by: &crate::testing::Client, of: &crate::testing::Client| {
        let role = role_id(&test, &of.actor.account_id, Role::Secadmin).await;
        let path = format!("/accounts/{}/roles/{role}/take", of.actor.account_id);
        by.send("POST", &path, Some("application/x-www-form-urlencoded"), "").await.status.as_u16()
    };
    let (first, second) = tokio::join!(take(&one, &two), take(&two, &one));
    assert!([first, second].contains(&303) && first != second, "{first} {second}");
}

#[tokio::test]
async fn a_role_begins_and_ends_with_its_time() {
    let test = TestApp::new().await;
    let secadmin = test.actor(Role::Secadmin).await;
    let village = test.unit("东沟村", UnitKind::Village).await;
    let liaison = test.liaison_of(&village).await;
    let id = &liaison.actor.account_id;
    let form =
        [("role", "office"), ("unit", test.root.id.as_str()), ("valid_from", "2022-06-15"), ("valid_to", "2022-06-16")];
    secadmin.post(&format!("/accounts/{id}/roles"), &form).await.assert_leads_to("/accounts/");
    liaison.get("/accounts").await.assert_status(403);
    test.set_clock("2022-06-15T00:00:30+08:00");
    liaison.get("/accounts").await.assert_ok();
    test.set_clock("2022-06-17T00:00:30+08:00");
    liaison.get("/accounts").await.assert_status(403);
}

#[tokio::test]
async fn a_role_held_twice_and_dates_in_the_past_are_refused_beside_the_field() {
    let test = TestApp::new().await;
    let secadmin = test.actor(Role::Secadmin).await;
    let village = test.unit("东沟村", UnitKind::Village).await;
    let id = test.account(&[(Role::Liaison, &village)]).await;
    let twice = [("role", "liaison"), ("unit", village.id.as_str())];
    secadmin.post(&format!("/accounts/{id}/roles"), &twice).await.assert_status(422).assert_contains("已经有这个角色");
    let past = [("role", "inspector"), ("unit", village.id.as_str()), ("valid_to", "2022-06-01")];
    secadmin.post(&format!("/accounts/{id}/roles"), &past).await.assert_status(422).assert_contains("结束日期");
    let nothing = [("role", ""), ("unit", "")];
    secadmin.post(&format!("/accounts/{id}/roles"), &nothing).await.assert_status(422).assert_contains("请选择角色");
}

#[tokio::test]
async fn the_office_changes_a_villages_liaison_but_makes_no_office() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    let village = test.unit("东沟村", UnitKind::Village).await;
    let old = test.account(&[(Role::Liaison, &village)]).await;
    let role = role_id(&test, &old, Role::Liaison).await;
    office.post(&format!("/accounts/{old}/roles/{role}/take"), &[]).await.assert_status(303);
    let other = test.account(&[(Role::Liaison, &village)]).await;
    let form = [("role", "office"), ("unit", village.id.as_str())];
    office.post(&format!("/accounts/{other}/roles"), &form).await.assert_status(403);
    let form = [("role", "inspector"), ("unit", village.id.as_str())];
    office.post(&format!("/accounts/{other}/roles"), &form).await.assert_status(303);
}

#[tokio::test]
async fn the_system_administrator_makes_no_link_for_those_who_watch_it() {
    let test = TestApp::new().await;
    let sysadmin = test.actor(Role::Sysadmin).await;
    let secadmin = test.actor(Role::Secadmin).await;
    let auditor = test.account(&[(Role::Auditor, &test.root)]).await;
    let second = test.account(&[(Role::Secadmin, &test.root)]).await;
    for watching in [&auditor, &second, &secadmin.actor.account_id] {
        let path = format!("/accounts/{watching}");
        sysadmin.post(&format!("{path}/invite"), &[]).await.assert_status(403).assert_contains("安全管理员发送");
        sysadmin.post(&format!("{path}/invite/revoke"), &[]).await.assert_status(403);
        sysadmin.get(&path).await.assert_ok().assert_lacks("生成重设密码链接");
    }
    let own = format!("/accounts/{}/invite", secadmin.actor.account_id);
    secadmin.post(&own, &[]).await.assert_status(403).assert_contains("另一位安全管理员");
    for watching in [&auditor, &second] {
        secadmin.get(&format!("/accounts/{watching}")).await.assert_contains("生成重设密码链接");
        secadmin.post(&format!("/accounts/{watching}/invite"), &[]).await.assert_ok();
        secadmin.post(&format!("/accounts/{watching}/invite/revoke"), &[]).await.assert_status(303);
    }
}

#[tokio::test]
async fn the_security_administrator_makes_links_for_no_one_else() {
    let test = TestApp::new().await;
    let secadmin = test.actor(Role::Secadmin).await;
    for role in [Role::Sysadmin, Role::Office, Role::Liaison] {
        let other = test.account(&[(role, &test.root)]).await;
        secadmin.post(&format!("/accounts/{other}/invite"), &[]).await.assert_status(403);
    }
}

#[tokio::test]
async fn a_link_made_before_opens_no_account_that_has_become_an_auditors() {
    let test = TestApp::new().await;
    let sysadmin = test.actor(Role::Sysadmin).await;
    let secadmin = test.actor(Role::Secadmin).await;
    let form = [("name", "鲍某某"), ("login", "audit-2"), ("role", "none")];
    let slip = sysadmin.post("/accounts/new", &form).await;
    let link = super::link_in(slip.assert_ok());
    let id: Option<String> =
        sql("SELECT account_id FROM accounts WHERE login = 'audit-2'").scalar(test.app.db.reader()).await.unwrap();
    let roles = format!("/accounts/{}/roles", id.unwrap());
    let form = [("role", "auditor"), ("unit", test.root.id.as_str())];
    secadmin.post(&roles, &form).await.assert_status(303);
    test.anonymous().get(&link).await.assert_status(410).assert_contains("已被收回");
}
