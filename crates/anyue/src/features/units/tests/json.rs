//! `/api/v1/units`.

use serde_json::json;

use crate::features::units::api::UnitKind;
use crate::platform::auth::Role;
use crate::testing::TestApp;

#[tokio::test]
async fn a_program_reads_units_a_page_at_a_time() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    for name in ["东沟村", "西沟村", "南沟村"] {
        test.unit(name, UnitKind::Village).await;
    }
    let first = office.get("/api/v1/units?kind=village&limit=2").await.assert_ok().json();
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    let next = first["next"].as_str().unwrap();
    let second = office.get(&format!("/api/v1/units?kind=village&limit=2&after={next}")).await.assert_ok().json();
    assert_eq!((second["items"].as_array().unwrap().len(), second["next"].is_null()), (1, true));
    let id = second["items"][0]["id"].as_str().unwrap();
    assert_eq!(office.get(&format!("/api/v1/units/{id}")).await.assert_ok().json()["kind"], "village");
}

#[tokio::test]
async fn a_program_creates_and_changes_units_and_is_told_what_is_wrong() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    let body = json!({"parent_id": test.root.id, "kind": "mine", "name": "一号矿", "industry": "NONCOAL"});
    let created = office.post_json("/api/v1/units", &body).await.assert_status(201).json();
    assert_eq!(created["version"], 1);
    office.post_json("/api/v1/units", &body).await.assert_status(422).assert_contains("已有“一号矿”");
    office.post_json("/api/v1/units", &json!({"kind": "castle"})).await.assert_status(422);
    let path = format!("/api/v1/units/{}", created["id"].as_str().unwrap());
    let change = json!({"version": 1, "kind": "mine", "name": "一号铁矿", "headcount": 40}).to_string();
    let changed = office.send("PUT", &path, Some("application/json"), change.clone()).await.assert_ok().json();
    assert_eq!((changed["version"].as_i64(), changed["headcount"].as_i64()), (Some(2), Some(40)));
    office.send("PUT", &path, Some("application/json"), change).await.assert_status(409);
}

#[tokio::test]
async fn a_program_imports_a_table() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    let csv = "单位名称,类型\n东沟村,村\n坏村,城堡\n";
    let path = format!("/api/v1/units/import?below={}", test.root.id);
    let preview = office.send("POST", &format!("{path}&preview=true"), Some("text/csv"), csv).await.assert_ok().json();
    assert_eq!((preview["added"].as_i64(), preview["import_id"].is_null()), (Some(1), true));
    let done = office.send("POST", &path, Some("text/csv"), csv).await.assert_ok().json();
    assert_eq!((done["added"].as_i64(), done["faults"][0]["row"].as_i64()), (Some(1), Some(3)));
    assert!(done["import_id"].is_string());
}
