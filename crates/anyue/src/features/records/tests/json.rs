//! `/api/v1/records`.

use serde_json::json;

use super::*;

#[tokio::test]
async fn a_program_writes_a_record_down_once_and_is_told_what_is_wrong() {
    let town = Town::new().await;
    let path = "/api/v1/records";
    let body = json!({
        "unit_id": town.village.id, "idempotency_key": "program-1", "report": true,
        "kind": "drill", "held_on": "2022-06-13", "measures": {"participants": 60}, "people": {"residents": 60},
    });
    town.office.post_json(path, &body).await.assert_status(403);
    let created = town.liaison.post_json(path, &body).await.assert_status(201).json();
    assert_eq!((created["state"].as_str(), created["title"].as_str()), (Some("reported"), Some("应急演练")));
    let again = town.liaison.send("POST", path, Some("application/json"), body.to_string()).await;
    assert_eq!(again.assert_status(201).json()["id"], created["id"]);
    let wrong =
        json!({"unit_id": town.village.id, "idempotency_key": "program-2", "kind": "castle", "held_on": "2022-06-13"});
    town.liaison.post_json(path, &wrong).await.assert_status(422).assert_contains("活动种类");
    let wrong =
        json!({"unit_id": town.village.id, "idempotency_key": "program-2", "kind": "drill", "held_on": "someday"});
    town.liaison.post_json(path, &wrong).await.assert_status(422);
}

#[tokio::test]
async fn a_program_reads_what_its_account_may_see() {
    let town = Town::new().await;
    let id = town.add(study(5), true).await;
    town.add(Facts { held_on: date(2022, 6, 1), ..study(6) }, false).await;
    let first = town.office.get("/api/v1/records?limit=1").await.assert_ok().json();
    let next = first["next"].as_str().unwrap();
    let second = town.office.get(&format!("/api/v1/records?limit=1&after={next}")).await.assert_ok().json();
    assert_eq!((second["items"][0]["id"].as_str(), second["next"].is_null()), (Some(id.as_str()), true));
    let reported = town.office.get("/api/v1/records?state=reported&from=2022-06-10").await.json();
    assert_eq!(reported["items"].as_array().unwrap().len(), 1);
    town.office.get("/api/v1/records?from=june").await.assert_status(422);
    let stranger = town.test.liaison_of(&town.mine).await;
    stranger.get(&format!("/api/v1/records/{id}")).await.assert_status(404);
    assert_eq!(stranger.get("/api/v1/records").await.assert_ok().json()["items"], json!([]));
    assert_eq!(
        town.liaison.get(&format!("/api/v1/records/{id}")).await.assert_ok().json()["measures"]["participants"],
        5
    );
}
