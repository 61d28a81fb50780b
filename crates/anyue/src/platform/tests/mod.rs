//! The ground, tested through real databases.

mod backup;

use crate::platform::audit::{self, Event};
use crate::platform::auth::Role;
use crate::platform::db::sql;
use crate::platform::jobs;
use crate::testing::TestApp;

#[tokio::test]
async fn a_rolled_back_transaction_leaves_nothing() {
    let test = TestApp::new().await;
    let tx = test.app.db.begin(&test.town).await.unwrap();
    sql("UPDATE units SET name = 'x'").execute(&*tx).await.unwrap();
    drop(tx);
    let name: Option<String> = sql("SELECT name FROM units").scalar(test.app.db.reader()).await.unwrap();
    assert_eq!(name.as_deref(), Some("青龙山镇"));
}

#[tokio::test]
async fn fifty_writers_at_once_lose_no_update() {
    let test = TestApp::new().await;
    let tx = test.app.db.begin(&test.town).await.unwrap();
    sql("INSERT INTO counters (jurisdiction_id, name, value) VALUES ($1, 'n', 0)")
        .bind(&test.town)
        .execute(&*tx)
        .await
        .unwrap();
    tx.commit_unaudited("test").await.unwrap();
    let writers = (0..50).map(|_| async {
        let tx = test.app.db.begin(&test.town).await.unwrap();
        let value: Option<i64> = sql("SELECT value FROM counters WHERE name = 'n'").scalar(&*tx).await.unwrap();
        sql("UPDATE counters SET value = $1 WHERE name = 'n'").bind(value.unwrap() + 1).execute(&*tx).await.unwrap();
        tx.commit_unaudited("test").await.unwrap();
    });
    futures_util::future::join_all(writers).await;
    let value: Option<i64> =
        sql("SELECT value FROM counters WHERE name = 'n'").scalar(test.app.db.reader()).await.unwrap();
    assert_eq!(value, Some(50));
}

#[tokio::test]
async fn the_trail_is_a_chain_and_a_changed_entry_breaks_it() {
    let test = TestApp::new().await;
    for n in 0..3 {
        let tx = test.app.db.begin(&test.town).await.unwrap();
        tx.commit(Event::new(&test.system(), "test.done", "test", n, "测试")).await.unwrap();
    }
    assert_eq!(audit::verify(test.app.db.reader(), &test.town).await.unwrap(), 3);
    let tx = test.app.db.begin(&test.town).await.unwrap();
    sql("UPDATE audit_events SET summary = '改过' WHERE seq = 2").execute(&*tx).await.unwrap();
    tx.commit_unaudited("test").await.unwrap();
    let broken = audit::verify(test.app.db.reader(), &test.town).await.unwrap_err();
    assert!(broken.to_string().contains("entry 2"), "{broken}");
}

#[tokio::test]
async fn the_same_work_is_not_enqueued_twice_and_fails_after_five_attempts() {
    let test = TestApp::new().await;
    for _ in 0..2 {
        let tx = test.app.db.begin(&test.town).await.unwrap();
        jobs::enqueue(&tx, &test.app.ids, "no.such.work", &1, Some("once"), test.app.now()).await.unwrap();
        tx.commit_unaudited("test").await.unwrap();
    }
    assert_eq!(test.work_off().await, 1);
    for hour in 10..20 {
        test.set_clock(&format!("2022-06-14T{hour}:00:00+08:00"));
        test.work_off().await;
    }
    let state: Option<String> = sql("SELECT state FROM jobs").scalar(test.app.db.reader()).await.unwrap();
    let attempts: Option<i64> = sql("SELECT attempts FROM jobs").scalar(test.app.db.reader()).await.unwrap();
    assert_eq!((state.as_deref(), attempts), (Some("failed"), Some(5)));
}

#[tokio::test]
async fn an_unknown_page_says_so_in_words_and_a_program_gets_a_problem() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    office.get("/nowhere").await.assert_status(404).assert_contains("没有找到这个页面");
    let problem = office.get("/api/v1/nowhere").await;
    assert_eq!(problem.headers["content-type"], "application/problem+json");
    assert_eq!(problem.assert_status(404).json()["status"], 404);
}

#[tokio::test]
async fn the_front_page_opens_without_signing_in() {
    let test = TestApp::new().await;
    let answer = test.anonymous().get("/").await;
    answer.assert_ok().assert_contains("测试旗应急管理局");
    assert!(answer.headers["content-security-policy"].to_str().unwrap().contains("default-src 'self'"));
}
