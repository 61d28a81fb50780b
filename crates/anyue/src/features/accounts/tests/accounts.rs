use super::{link_in, login_of};
use crate::features::units::api::UnitKind;
use crate::platform::auth::Role;
use crate::testing::TestApp;

#[tokio::test]
async fn a_login_that_is_taken_is_a_message_beside_the_field_and_nothing_typed_is_lost() {
    let test = TestApp::new().await;
    let village = test.unit("东沟村", UnitKind::Village).await;
    let office = test.actor(Role::Office).await;
    let form = [("name", "李桂兰"), ("login", "东沟村"), ("role", "liaison"), ("unit", village.id.as_str())];
    let slip = office.post("/accounts/new", &form).await;
    slip.assert_ok().assert_contains("<svg class=\"qr\"").assert_contains("李桂兰");
    test.anonymous().get(&link_in(&slip)).await.assert_ok();
    let again = office.post("/accounts/new", &form).await;
    again.assert_status(422).assert_contains("已经有人使用").assert_contains("李桂兰");
    let wide = [("name", "李桂兰"), ("login", " 东沟村 "), ("role", "liaison"), ("unit", village.id.as_str())];
    office.post("/accounts/new", &wide).await.assert_status(422);
}

#[tokio::test]
async fn the_office_invites_only_people_without_power_and_only_below_its_unit() {
    let test = TestApp::new().await;
    let town_a = test.unit("甲镇", UnitKind::Township).await;
    let town_b = test.unit("乙镇", UnitKind::Township).await;
    let village = test.unit_below(&town_b, "乙镇东村", UnitKind::Village, "").await;
    let office = test.actor_at(Role::Office, &town_a).await;
    let form = |role: &'static str, unit: &str| {
        vec![("name", "某人"), ("login", "某人一"), ("role", role)]
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .chain([("unit".to_owned(), unit.to_owned())])
            .collect::<Vec<_>>()
    };
    for (role, unit) in [("office", &town_a), ("sysadmin", &town_a), ("liaison", &town_b), ("liaison", &village)] {
        let form = form(role, unit.id.as_str());
        let fields: Vec<(&str, &str)> = form.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        office.post("/accounts/new", &fields).await.assert_status(403);
    }
    office.post("/accounts/new", &[("name", "某人"), ("login", "某人"), ("role", "none")]).await.assert_status(403);
    let other = test.account(&[(Role::Liaison, &village)]).await;
    office.get(&format!("/accounts/{other}")).await.assert_status(404);
    office.post(&format!("/accounts/{other}/invite"), &[]).await.assert_status(404);
    office.get("/accounts").await.assert_ok().assert_lacks(&login_of(&test, &other).await);
    let own = test.account(&[(Role::Liaison, &town_a)]).await;
    office.post(&format!("/accounts/{own}/invite"), &[]).await.assert_ok();
    let colleague = test.account(&[(Role::Office, &town_a)]).await;
    office.post(&format!("/accounts/{colleague}/invite"), &[]).await.assert_status(403).assert_contains("系统管理员");
}

#[tokio::test]
async fn on_day_one_every_unit_gets_an_account_and_a_link_at_once() {
    let test = TestApp::new().await;
    let east = test.unit("东沟村", UnitKind::Village).await;
    let west = test.unit("西沟村", UnitKind::Village).await;
    let mine = test.unit("北井煤矿", UnitKind::Mine).await;
    test.liaison_of(&mine).await;
    let office = test.actor(Role::Office).await;
    let page = office.get("/accounts/invite-units").await;
    page.assert_ok().assert_contains("东沟村联络员").assert_lacks("北井煤矿联络员");
    let form = [("unit", east.id.as_str()), ("unit", west.id.as_str()), ("unit", mine.id.as_str())];
    let slips = office.post("/accounts/invite-units", &form).await;
    slips.assert_ok().assert_contains("已为 2 个单位").assert_contains("下载表格");
    test.anonymous().get(&link_in(&slips)).await.assert_ok();
    office.post("/accounts/invite-units", &form).await.assert_status(409).assert_contains("没有重复新建");
    let rows = [("row", "东沟村\t李桂兰\t东沟村\thttp://x/join/1\t6月20日"), ("row", "西沟村\t=1+1\t西沟村\tx\t")];
    let sheet = office.post_unaudited("/accounts/links.xlsx", &rows).await;
    let table = official_doc::table::read(&sheet.assert_ok().bytes, Some("x.xlsx")).unwrap();
    assert_eq!((table.rows[1].cell(3), table.rows[2].cell(1)), ("http://x/join/1", "=1+1"));
}

#[tokio::test]
async fn the_list_is_searched_filtered_and_exported() {
    let test = TestApp::new().await;
    let village = test.unit("东沟村", UnitKind::Village).await;
    test.liaison_of(&village).await;
    let office = test.actor(Role::Office).await;
    office.get("/accounts?q=东沟").await.assert_ok().assert_contains("1 个账号");
    office.get("/accounts?role=office").await.assert_contains("1 个账号").assert_contains("测试经办人员");
    office.get("/accounts?state=disabled").await.assert_contains("没有符合条件的账号");
    office.get(&format!("/accounts?unit={}", village.id)).await.assert_contains("1 个账号");
    let file = office.get("/accounts/export/xlsx?role=liaison").await;
    let table = official_doc::table::read(&file.assert_ok().bytes, Some("x.xlsx")).unwrap();
    assert_eq!((table.rows.len(), table.rows[1].cell(3)), (2, "东沟村　联络员"));
    office.get("/accounts/export/pdf").await.assert_status(404);
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once_and_can_come_back() {
    let test = TestApp::new().await;
    let village = test.unit("东沟村", UnitKind::Village).await;
    let liaison = test.liaison_of(&village).await;
    let id = liaison.actor.account_id.clone();
    let sysadmin = test.actor(Role::Sysadmin).await;
    liaison.get("/me").await.assert_ok();
    sysadmin.post(&format!("/accounts/{id}/disable"), &[]).await.assert_leads_to("/accounts/");
    liaison.get("/me").await.assert_leads_to("/signin");
    sysadmin.post(&format!("/accounts/{id}/disable"), &[]).await.assert_status(409);
    sysadmin.post(&format!("/accounts/{id}/invite"), &[]).await.assert_status(409).assert_contains("已停用");
    sysadmin.post(&format!("/accounts/{id}/enable"), &[]).await.assert_leads_to("/accounts/");
    sysadmin.get(&format!("/accounts/{id}")).await.assert_contains("正常");
}

#[tokio::test]
async fn no_page_of_others_tells_when_somebody_was_here() {
    let test = TestApp::new().await;
    let village = test.unit("东沟村", UnitKind::Village).await;
    let liaison = test.liaison_of(&village).await;
    for role in [Role::Sysadmin, Role::Secadmin, Role::Office] {
        let reader = test.actor(role).await;
        let page = reader.get(&format!("/accounts/{}", liaison.actor.account_id)).await;
        for word in ["最近", "上次", "登录时间", "登录次数", "测试设备"] {
            page.assert_ok().assert_lacks(word);
        }
    }
}
