use std::io::Read as _;

use serde_json::json;

use super::pages::mixed;
use crate::platform::auth::Role;

#[tokio::test]
async fn a_program_reads_duties_and_occurrences_of_those_it_may_see() {
    let s = mixed().await;
    let all = s.office.get("/api/v1/duties?limit=2").await.json();
    assert_eq!(all["items"].as_array().unwrap().len(), 2);
    let next = all["next"].as_str().unwrap();
    let rest = s.office.get(&format!("/api/v1/duties?limit=3&after={next}")).await.json();
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (2, &json!(null)));
    assert_eq!(s.office.get("/api/v1/duties/d3").await.json()["schedule"]["rule"], "FREQ=WEEKLY;BYDAY=TH;TIME=12:00");

    let liaison = s.test.liaison_of(&s.units[0]).await;
    assert_eq!(liaison.get("/api/v1/duties").await.json()["items"].as_array().unwrap().len(), 4);
    let own = liaison.get(&format!("/api/v1/occurrences?unit={}", s.units[0].id)).await.json();
    assert_eq!(own["items"].as_array().unwrap().len(), 8);
    liaison.get(&format!("/api/v1/occurrences?unit={}", s.units[1].id)).await.assert_status(404);
    liaison.get("/api/v1/occurrences").await.assert_status(422);
    liaison.get(&format!("/api/v1/campaigns/{}/board", s.campaign)).await.assert_status(403);
    let elsewhere = s.test.unit("南山村", crate::features::units::api::UnitKind::Village).await;
    let stranger = s.test.liaison_of(&elsewhere).await;
    stranger.get("/api/v1/duties/d3").await.assert_status(404);
    assert!(stranger.get("/api/v1/duties").await.json()["items"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_submission_is_sent_once_under_its_key() {
    let s = mixed().await;
    let liaison = s.test.liaison_of(&s.units[2]).await;
    let body = json!({ "occurrence_id": s.thursday(2).await.id, "payload": { "text": "宣讲两场" } });
    liaison.post_json("/api/v1/submissions", &body).await.assert_status(422).assert_contains("Idempotency-Key");
    let send = || liaison.send_with("POST", "/api/v1/submissions", &[("idempotency-key", "key-00000001")], &body);
    let first = send().await;
    first.assert_status(201);
    let again = send().await;
    assert_eq!(again.assert_status(200).json()["id"], first.json()["id"]);
    let id = first.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(s.office.get(&format!("/api/v1/submissions/{id}")).await.json()["payload"]["text"], "宣讲两场");
    let list = s.office.get(&format!("/api/v1/submissions?unit={}", s.units[2].id)).await.json();
    assert_eq!(list["items"][0]["id"], json!(id));
    let whole = format!("/api/v1/submissions?campaign={}", s.campaign);
    let sent = |list: serde_json::Value| -> Vec<String> {
        list["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let all = sent(s.office.get(&whole).await.json());
    assert!(all.contains(&id) && all.len() > 1, "{all:?}");
    let village = s.test.actor_at(Role::Office, &s.units[2]).await;
    assert_eq!(sent(village.get(&whole).await.json()), [id]);
    liaison.get(&whole).await.assert_status(404);
    liaison.post_json("/api/v1/submissions", &json!([1])).await.assert_status(422);
}

#[tokio::test]
async fn the_board_comes_compressed_to_those_who_take_it_and_narrow_to_those_below() {
    let s = mixed().await;
    let address = format!("/api/v1/campaigns/{}/board", s.campaign);
    let plain = s.office.get(&address).await;
    assert!(plain.headers.get("content-encoding").is_none());
    let none = json!(null);
    let packed = s.office.send_with("GET", &address, &[("accept-encoding", "gzip")], &none).await;
    assert_eq!(packed.headers["content-encoding"], "gzip");
    let mut text = String::new();
    flate2::read::GzDecoder::new(&packed.bytes[..]).read_to_string(&mut text).unwrap();
    assert_eq!(text, plain.text());
    let village = s.test.actor_at(Role::Office, &s.units[0]).await;
    assert_eq!(village.get(&address).await.json()["units"].as_array().unwrap().len(), 1);
    assert_eq!(s.office.get(&address).await.json()["units"].as_array().unwrap().len(), 4);
}
