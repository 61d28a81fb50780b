use crate::features::accounts::api;
use crate::platform::db::sql;
use crate::testing::TestApp;

const FORM: [(&str, &str); 12] = [
    ("town", "云灯苏木"),
    ("kind", "township"),
    ("sysadmin_name", "王一"),
    ("sysadmin_login", "系统管理员"),
    ("password", "qinglong-shan-2022"),
    ("again", "qinglong-shan-2022"),
    ("secadmin_name", "李二"),
    ("secadmin_login", "安全管理员"),
    ("auditor_name", "赵三"),
    ("auditor_login", "审计管理员"),
    ("office_name", "陈四"),
    ("office_login", "陈四"),
];

async fn count(test: &TestApp, table: &str) -> i64 {
    let count: Option<i64> = sql(format!("SELECT COUNT(*) FROM {table}")).scalar(test.app.db.reader()).await.unwrap();
    count.unwrap()
}

#[tokio::test]
async fn there_is_no_set_up_link_once_there_is_a_town() {
    let test = TestApp::new().await;
    assert!(api::setup_link(&test.app).await.unwrap().is_none());
    test.anonymous().get("/setup/whatever").await.assert_status(410).assert_contains("已经完成首次设置");
}

#[tokio::test]
async fn a_new_installation_is_set_up_once() {
    let test = TestApp::without_town().await;
    let old = api::setup_link(&test.app).await.unwrap().unwrap();
    let secret = api::setup_link(&test.app).await.unwrap().unwrap();
    let link = format!("/setup/{}", secret.reveal());
    let nobody = test.anonymous();
    nobody.get(&format!("/setup/{}", old.reveal())).await.assert_status(410).assert_contains("重新启动程序");
    nobody.get(&link).await.assert_ok().assert_contains("首次设置");

    let mut wrong = FORM;
    wrong[5] = ("again", "something-else-2022");
    wrong[9] = ("auditor_login", "安全管理员");
    let refused = nobody.post(&link, &wrong).await;
    refused.assert_status(422).assert_contains("两次输入的密码不一致").assert_contains("云灯苏木");
    refused.assert_contains("几个账号不能相同");
    assert_eq!(count(&test, "accounts").await, 0);

    let (one, two) = tokio::join!(send(&test, &link), send(&test, &link));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410]);
    assert_eq!((count(&test, "jurisdictions").await, count(&test, "accounts").await), (1, 4));
    assert_eq!((count(&test, "invitations").await, count(&test, "audit_events").await), (3, 1));
    let done = if one.status.as_u16() == 200 { one } else { two };
    done.assert_contains("设置完成").assert_contains("/join/").assert_contains("<svg class=\"qr\"");
    assert!(done.headers["set-cookie"].to_str().unwrap().starts_with("anyue_session="));
    nobody.get(&link).await.assert_status(410).assert_contains("去登录");
    let file = test.app.config.data.folder.join("setup-link.json");
    assert!(!file.exists());
}

async fn send(test: &TestApp, link: &str) -> crate::testing::Answer {
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(FORM).finish();
    test.anonymous().send("POST", link, Some("application/x-www-form-urlencoded"), form).await
}

#[tokio::test]
async fn a_set_up_link_is_good_for_a_day() {
    let test = TestApp::without_town().await;
    let secret = api::setup_link(&test.app).await.unwrap().unwrap();
    test.set_clock("2022-06-14T08:31:00+08:00");
    test.anonymous().get(&format!("/setup/{}", secret.reveal())).await.assert_status(410);
}
