use crate::platform::auth::Role;
use crate::platform::db::sql;
use crate::platform::jobs;
use crate::testing::TestApp;

#[tokio::test]
async fn the_auditor_filters_pages_exports_and_verifies_the_trail() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    for n in 0..60 {
        let form = [("name", format!("名字{n}")), ("phone", String::new()), ("version", (n + 1).to_string())];
        let fields: Vec<(&str, &str)> = form.iter().map(|(key, value)| (*key, value.as_str())).collect();
        office.post("/me", &fields).await.assert_status(303);
    }
    let auditor = test.actor(Role::Auditor).await;
    let first = auditor.get("/audit").await;
    first.assert_ok().assert_contains("修改自己的资料").assert_contains("before=11");
    auditor.get("/audit?before=11").await.assert_ok().assert_contains("上一页");
    auditor.get("/audit?kind=campaign").await.assert_contains("没有符合条件的记录");
    auditor.get(&format!("/audit?subject={}", office.actor.account_id)).await.assert_contains("修改自己的资料");
    auditor.get("/audit?from=2022-06-14").await.assert_contains("没有符合条件的记录");
    auditor.get("/audit?from=rubbish").await.assert_contains("日期不对");
    let csv = auditor.get("/audit/export.csv?kind=account").await;
    assert_eq!(csv.assert_ok().text().matches("account.edited").count(), 60);
    auditor.post("/audit/verify", &[]).await.assert_leads_to("/audit");
    let tx = test.app.db.begin(&test.town).await.unwrap();
    sql("UPDATE audit_events SET summary = '改过' WHERE seq = 7").execute(&*tx).await.unwrap();
    tx.commit_unaudited("test").await.unwrap();
    auditor.post("/audit/verify", &[]).await.assert_leads_to("/audit");
    auditor.get("/audit").await.assert_contains("从第7条起不符");
    office.get("/audit").await.assert_status(403);
}

#[tokio::test]
async fn settings_are_checked_saved_and_protected_from_a_second_editor() {
    let test = TestApp::new().await;
    let sysadmin = test.actor(Role::Sysadmin).await;
    let text = sysadmin.get("/settings").await.assert_ok().assert_contains("没有备案号").text();
    let at = text.find("name=\"seen\" value=\"").unwrap() + "name=\"seen\" value=\"".len();
    let seen: String = text[at..].chars().take(64).collect();
    let form = |years: &'static str| [("name", "青龙山镇"), ("keep_years", years), ("seen", seen.as_str())];
    sysadmin.post("/settings", &form("100")).await.assert_status(422).assert_contains("1至30");
    sysadmin.post("/settings", &form("5")).await.assert_leads_to("/settings");
    sysadmin
        .post("/settings", &form("7"))
        .await
        .assert_status(409)
        .assert_contains("刚被他人修改")
        .assert_contains("value=\"7\"");
    sysadmin.get("/settings").await.assert_contains("value=\"5\"");
}

#[tokio::test]
async fn failed_work_is_shown_with_its_reason_and_tried_again() {
    let test = TestApp::new().await;
    let sysadmin = test.actor(Role::Sysadmin).await;
    sysadmin.get("/jobs").await.assert_contains("没有等待和失败的任务");
    let tx = test.app.db.begin(&test.town).await.unwrap();
    jobs::enqueue(&tx, &test.app.ids, "no.such.work", &1, None, test.app.now()).await.unwrap();
    tx.commit_unaudited("test").await.unwrap();
    for hour in 9..20 {
        test.work_off().await;
        test.set_clock(&format!("2022-06-14T{hour:02}:00:00+08:00"));
    }
    sysadmin.get("/jobs").await.assert_contains("失败").assert_contains("no such background work");
    let id: Option<String> = sql("SELECT job_id FROM jobs").scalar(test.app.db.reader()).await.unwrap();
    let retry = format!("/jobs/{}/retry", id.unwrap());
    sysadmin.post(&retry, &[]).await.assert_leads_to("/jobs");
    sysadmin.post(&retry, &[]).await.assert_status(409);
}

#[tokio::test]
async fn the_whole_trail_is_exported_however_long_it_is() {
    let test = TestApp::new().await;
    let auditor = test.actor(Role::Auditor).await;
    let tx = test.app.db.begin(&test.town).await.unwrap();
    sql("INSERT INTO audit_events (jurisdiction_id, seq, at, actor_id, actor_name, kind, subject_kind, subject_id, \
           summary, detail, prev_hash, hash) \
         WITH RECURSIVE n(seq) AS (SELECT 1001 UNION ALL SELECT seq + 1 FROM n WHERE seq < 201001) \
         SELECT $1, seq, 1, 'a', '某', 'test.done', 'test', 't', 's', '{}', '', '' FROM n")
    .bind(&test.town)
    .execute(&*tx)
    .await
    .unwrap();
    tx.commit_unaudited("test").await.unwrap();
    let csv = auditor.get("/audit/export.csv?kind=test").await;
    let lines = csv.assert_ok().bytes.iter().filter(|byte| **byte == b'\n').count();
    assert_eq!(lines, 1 + 200_001);
    csv.assert_contains("\r\n201001,").assert_contains("\r\n1001,");
}
