//! The shell, the kit and drafts of phones, through the router.

use serde_json::{Value, json};

use crate::features::records::api as records;
use crate::platform::auth::Role;
use crate::testing::{Client, PublishedTown, TestApp};

const DRAFTS: &str = "/api/v1/work/drafts";
const ID: &str = "0f8b2c1e-draft-1";

async fn put(client: &Client, id: &str, version: i64, content: Value) -> crate::testing::Answer {
    let body = json!({ "version": version, "device": "安卓手机", "content": content });
    client.send("PUT", &format!("{DRAFTS}/{id}"), Some("application/json"), body.to_string()).await
}

async fn drafts(client: &Client) -> Vec<Value> {
    client.get(DRAFTS).await.assert_ok().json()["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_shell_is_the_same_for_everybody_and_holds_nobodys_data() {
    let town = PublishedTown::new().await;
    let liaison = town.test.liaison_of(&town.village).await;
    let own = liaison.get("/work/offline").await;
    own.assert_ok().assert_contains("离线报送").assert_lacks("东沟村");
    let public = town.test.anonymous().get("/work/offline").await;
    assert_eq!(own.bytes, public.bytes);
    town.test.set_clock("2022-06-20T08:30:00+08:00");
    assert_eq!(town.test.anonymous().get("/work/offline").await.bytes, public.bytes, "also a week later");
}

#[tokio::test]
async fn the_worker_names_every_asset_of_the_shell_and_is_asked_for_anew() {
    let test = TestApp::new().await;
    let answer = test.anonymous().get("/service-worker.js").await;
    answer.assert_ok().assert_contains("/work/offline").assert_contains("offline/send.js");
    assert_eq!(answer.headers["cache-control"], "no-cache");
    assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/javascript"));
    let text = answer.text();
    let shell: Value = serde_json::from_str(text.lines().next().unwrap().trim_start_matches("const SHELL = ")).unwrap();
    let page = test.anonymous().get("/work/offline").await.text();
    for url in shell["urls"].as_array().unwrap() {
        test.anonymous().get(url.as_str().unwrap()).await.assert_ok();
    }
    for part in page.split("\"/assets/").skip(1) {
        let url = format!("/assets/{}", part.split(['"', '#']).next().unwrap());
        assert!(shell["urls"].as_array().unwrap().contains(&json!(url)), "{url} is not kept");
    }
}

#[tokio::test]
async fn modules_find_one_another_by_relative_addresses() {
    let test = TestApp::new().await;
    let page = crate::platform::web::asset_url("offline/page.js");
    let folder = page.trim_end_matches("page.js");
    for name in crate::platform::web::assets::names().filter(|name| name.starts_with("offline/")) {
        let text = crate::platform::web::assets::text(name).unwrap();
        for other in text.split("'./").skip(1).filter_map(|rest| rest.split('\'').next()) {
            test.anonymous().get(&format!("{folder}{other}")).await.assert_ok();
        }
    }
}

#[tokio::test]
async fn the_kit_says_what_is_owed_and_what_may_be_recorded_to_its_own_people_only() {
    let town = PublishedTown::new().await;
    town.test.anonymous().get("/api/v1/work/kit").await.assert_status(401);
    town.test.actor(Role::Office).await.get("/api/v1/work/kit").await.assert_status(403);
    let liaison = town.test.liaison_of(&town.village).await;
    let kit = liaison.get("/api/v1/work/kit").await.assert_ok().json();
    assert_eq!(kit["units"][0]["name"], "东沟村");
    assert_eq!(kit["today"], "2022-06-13");
    let weekly = town.weekly().await;
    let duties = kit["duties"].as_array().unwrap();
    let known = duties.iter().find(|duty| duty["occurrence_id"] == weekly.id.as_str()).unwrap();
    assert_eq!((known["zero_report"].as_bool(), known["due_at"].as_i64()), (Some(true), weekly.due()));
    assert!(duties.iter().all(|duty| duty["unit"] == "东沟村" && duty["parts"] != json!(["acknowledgement"])));
    let all = records::kinds(town.test.app.db.reader(), &town.test.town).await.unwrap();
    assert_eq!(kit["kinds"].as_array().unwrap().len(), all.len());
    assert!(kit["serves"][0]["activity_id"].is_null());
    let stranger = town.test.unit("外村", crate::features::units::api::UnitKind::Village).await;
    let stranger = town.test.liaison_of(&stranger).await.get("/api/v1/work/kit").await.json();
    assert_eq!((stranger["duties"].clone(), stranger["serves"].clone()), (json!([]), json!([])));
}

#[tokio::test]
async fn a_draft_of_a_phone_comes_back_on_another_one() {
    let town = PublishedTown::new().await;
    let liaison = town.test.liaison_of(&town.village).await;
    let content = json!({ "kind": "record", "fields": { "text": "入户宣传" } });
    assert_eq!(put(&liaison, ID, 0, content.clone()).await.assert_ok().json()["version"], 1);
    let other = town.test.signed_in(&liaison.actor.account_id).await;
    let found = drafts(&other).await;
    assert_eq!((found.len(), &found[0]["content"], &found[0]["device"]), (1, &content, &json!("安卓手机")));
    let colleague = town.test.liaison_named(&town.village, "赵六").await;
    assert!(drafts(&colleague).await.is_empty(), "a draft is its account's own");
    liaison.send("DELETE", &format!("{DRAFTS}/{ID}"), None, "").await.assert_status(204);
    assert!(drafts(&liaison).await.is_empty());
    put(&liaison, ID, 1, content).await.assert_status(404);
}

#[tokio::test]
async fn two_edits_of_one_draft_do_not_overwrite_each_other() {
    let town = PublishedTown::new().await;
    let liaison = town.test.liaison_of(&town.village).await;
    put(&liaison, ID, 0, json!({ "text": "甲" })).await.assert_ok();
    assert_eq!(put(&liaison, ID, 1, json!({ "text": "乙" })).await.assert_ok().json()["version"], 2);
    put(&liaison, ID, 1, json!({ "text": "丙" })).await.assert_status(409);
    assert_eq!(drafts(&liaison).await[0]["content"], json!({ "text": "乙" }));
    let again = put(&liaison, ID, 1, json!({ "text": "乙" })).await;
    assert_eq!(again.assert_ok().json()["version"], 2, "the answer that was lost is given again");
}

#[tokio::test]
async fn drafts_are_bounded_in_size_and_number() {
    let town = PublishedTown::new().await;
    let liaison = town.test.liaison_of(&town.village).await;
    put(&liaison, ID, 0, json!({ "text": "长".repeat(30_000) })).await.assert_status(413);
    put(&liaison, "x", 0, json!({})).await.assert_status(400);
    put(&liaison, "a%20b%20c%20d", 0, json!({})).await.assert_status(400);
    for number in 0..50 {
        put(&liaison, &format!("draft-{number:03}"), 0, json!({ "n": number })).await.assert_ok();
    }
    put(&liaison, "draft-050", 0, json!({ "n": 50 })).await.assert_status(409).assert_contains("50份");
    put(&liaison, "draft-000", 1, json!({ "n": 0, "more": true })).await.assert_ok();
}

#[tokio::test]
async fn a_draft_goes_sixty_days_after_its_last_change() {
    let town = PublishedTown::new().await;
    let liaison = town.test.liaison_of(&town.village).await;
    put(&liaison, ID, 0, json!({ "text": "甲" })).await.assert_ok();
    town.test.set_clock("2022-07-01T08:30:00+08:00");
    put(&liaison, ID, 1, json!({ "text": "乙" })).await.assert_ok();
    town.test.set_clock("2022-08-13T08:30:00+08:00");
    town.test.work_off().await;
    let liaison = town.test.signed_in(&liaison.actor.account_id).await;
    assert_eq!(drafts(&liaison).await.len(), 1, "61 days after it began, 43 after it was changed");
    town.test.set_clock("2022-08-31T08:30:00+08:00");
    town.test.work_off().await;
    let liaison = town.test.signed_in(&liaison.actor.account_id).await;
    assert!(drafts(&liaison).await.is_empty());
    put(&liaison, ID, 2, json!({ "text": "丙" })).await.assert_status(404);
}

#[tokio::test]
async fn the_same_report_sent_five_times_at_once_is_one_report() {
    let town = PublishedTown::new().await;
    let liaison = town.test.liaison_of(&town.village).await;
    let weekly = town.weekly().await;
    let body = json!({ "occurrence_id": weekly.id, "zero_report": true });
    let headers = [("idempotency-key", "phone-key-1")];
    let send = || liaison.send_with("POST", "/api/v1/submissions", &headers, &body);
    let (one, two, three, four, five) = tokio::join!(send(), send(), send(), send(), send());
    let answers = [one, two, three, four, five];
    let created = answers.iter().filter(|answer| answer.status == 201).count();
    let ids: std::collections::BTreeSet<String> =
        answers.iter().map(|answer| answer.json()["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!((created, ids.len()), (1, 1));
    let held = liaison.get(&format!("/api/v1/submissions?unit={}", town.village.id)).await.json();
    assert_eq!(held["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_record_sent_five_times_at_once_is_one_record() {
    let town = PublishedTown::new().await;
    let liaison = town.test.liaison_of(&town.village).await;
    let body = json!({
        "unit_id": town.village.id, "idempotency_key": "phone-key-2", "report": true, "kind": "drill",
        "held_on": "2022-06-13", "measures": { "participants": 60 },
    });
    let send = || liaison.send_with("POST", "/api/v1/records", &[], &body);
    let (one, two, three, four, five) = tokio::join!(send(), send(), send(), send(), send());
    let ids: std::collections::BTreeSet<String> =
        [one, two, three, four, five].iter().map(|answer| answer.assert_status(201).json()["id"].to_string()).collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(liaison.get("/api/v1/records").await.json()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn whether_something_was_received_is_told_by_its_key_to_its_own_unit() {
    let town = PublishedTown::new().await;
    let liaison = town.test.liaison_of(&town.village).await;
    let path = "/api/v1/work/received/phone-key-3";
    liaison.get(path).await.assert_status(404);
    let body = json!({
        "unit_id": town.village.id, "idempotency_key": "phone-key-3", "report": true, "kind": "drill", "held_on": "2022-06-13",
    });
    let record = liaison.post_json("/api/v1/records", &body).await.assert_status(201).json();
    assert_eq!(liaison.get(path).await.assert_ok().json(), json!({ "kind": "record", "id": record["id"] }));
    let stranger = town.test.liaison_of(&town.mine).await;
    stranger.get(path).await.assert_status(404);
    let weekly = json!({ "occurrence_id": town.weekly().await.id, "zero_report": true });
    let key = [("idempotency-key", "phone-key-4")];
    let report = liaison.send_with("POST", "/api/v1/submissions", &key, &weekly).await.assert_status(201).json();
    let found = liaison.get("/api/v1/work/received/phone-key-4").await.assert_ok().json();
    assert_eq!(found, json!({ "kind": "report", "id": report["id"] }));
}
