//! Forms frozen on report day.

use super::*;
use crate::features::records::api::SendBack;
use crate::features::reports::api as reports;
use crate::features::statistics::document::Document;
use crate::platform::auth::Role;

async fn freeze(town: &Town, reason: &str) -> crate::testing::Answer {
    let fields = [("campaign", town.campaign.as_str()), ("week", "3"), ("reason", reason)];
    town.office.post("/statistics/freeze", &fields).await
}

/// The page of a unit's form.
async fn page(town: &Town, unit: &UnitRef, more: &str) -> String {
    let address = format!("/statistics?campaign={}&week=3&unit={}{more}", town.campaign, unit.id);
    town.office.get(&address).await.assert_ok().text()
}

/// The frozen document, as it is downloaded.
async fn document(town: &Town) -> Vec<u8> {
    let text = page(town, &town.test.root, "&edition=1").await;
    let id = text.split("/statistics/frozen/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    town.office.get(&format!("/statistics/frozen/{id}")).await.assert_ok().bytes.clone()
}

async fn send_back(town: &Town, id: &RecordId) {
    let cmd = SendBack { record_id: id.clone(), version: None, comment: "人数与签到表不符".to_owned() };
    records::send_back(&town.test.app, &town.office.actor, cmd).await.unwrap();
}

#[tokio::test]
async fn only_the_office_freezes_and_no_week_that_has_not_begun() {
    let town = Town::new().await;
    let fields = [("campaign", town.campaign.as_str()), ("week", "4")];
    town.office.post("/statistics/freeze", &fields).await.assert_status(409).assert_contains("还没有开始");
    let fields = [("campaign", town.campaign.as_str()), ("week", "99")];
    town.office.post("/statistics/freeze", &fields).await.assert_status(404);
    let leader = town.test.actor(Role::Leader).await;
    leader.post("/statistics/freeze", &fields).await.assert_status(403);
    let below = town.test.actor_at(Role::Office, &town.published.mine).await;
    below.post("/statistics/freeze", &[("campaign", town.campaign.as_str()), ("week", "3")]).await.assert_status(404);
}

#[tokio::test]
async fn a_frozen_form_keeps_its_numbers_and_bytes_and_tells_what_changed_since() {
    let town = Town::new().await;
    let village = &town.published.village;
    let kept = town.accepted(village, drill(today(), 60)).await;
    let late = town.report(village, drill(today(), 11)).await;
    freeze(&town, "").await.assert_leads_to("/statistics?");
    let before = document(&town).await;
    let frozen = page(&town, village, "").await;
    assert!(frozen.contains("第1次冻结") && frozen.contains("冻结以后数字没有变化"), "{frozen}");

    town.test.set_clock("2022-06-17T09:00:00+08:00");
    send_back(&town, &kept).await;
    town.accept(&late).await;
    let frozen = page(&town, village, "&edition=1").await;
    assert!(frozen.contains(">60</a>") && frozen.contains("现为 11"), "{frozen}");
    let now = page(&town, village, "&edition=now").await;
    assert!(now.contains(">11</a>") && !now.contains("现为"), "{now}");
    assert_eq!(document(&town).await, before);
    let read = Document::from_bytes(&before).unwrap();
    assert_eq!(read.to_bytes().unwrap(), before);
    assert_eq!((read.edition, read.records.len()), (1, 2));

    let changes = format!("/statistics/changes?campaign={}&week=3&edition=1", town.campaign);
    let changes = town.office.get(&changes).await;
    changes
        .assert_ok()
        .assert_contains("应急演练（综合、专项、现场处置）：参与")
        .assert_contains("不再计入")
        .assert_contains("已修改")
        .assert_contains("退回东沟村的活动记录")
        .assert_contains("原因：人数与签到表不符")
        .assert_contains("测试经办人员");
    // The page behind a frozen number says both: what was frozen, and what its records say now.
    let behind = |more: &str| {
        format!("/statistics/records?campaign={}&week=3&unit={}&slot=drill_p{more}", town.campaign, village.id)
    };
    for frozen in ["", "&edition=1"] {
        let told = town.office.get(&behind(frozen)).await;
        told.assert_ok()
            .assert_contains("id=\"printed\">60<")
            .assert_contains("冻结以后变为")
            .assert_contains(">11</strong>");
    }
    let told = town.office.get(&behind("&edition=now")).await.assert_ok().text();
    assert!(told.contains("id=\"printed\">11<") && !told.contains("冻结以后变为"), "{told}");
}

#[tokio::test]
async fn what_came_with_a_report_after_freezing_is_told_with_who_and_when() {
    let town = Town::new().await;
    let (app, village) = (&town.test.app, &town.published.village);
    let new = New {
        unit_id: village.id.clone(),
        facts: drill(today(), 20),
        idempotency_key: app.ids.id(),
        report: false,
        draft: None,
    };
    let record = records::create(app, &town.village.actor, new).await.unwrap().to_string();
    let blob = app.blobs.put(&town.test.town, b"\xff\xd8\xff\xe0photo".to_vec()).await.unwrap();
    let file = records::AddFile { record, name: "演练.jpg".to_owned(), blob };
    records::add_file(app, &town.village.actor, file).await.unwrap();
    freeze(&town, "").await.assert_status(303);

    town.test.set_clock("2022-06-17T09:00:00+08:00");
    let due = town.items(village).await.into_iter().find(|item| item.period_end == Some(date(2022, 6, 16)));
    let submit = Submit {
        occurrence_id: due.unwrap().id,
        payload: Payload { text: "补报。".to_owned(), ..Payload::default() },
        zero_report: false,
        idempotency_key: app.ids.id(),
    };
    let sent = reports::hand_in(app, &town.village.actor, reports::HandIn { submit, records: None }).await.unwrap();
    town.test.set_clock("2022-06-17T10:00:00+08:00");
    let submission_id = sent.submitted.submission.id;
    reports::accept(app, &town.office.actor, duties::Accept { submission_id }).await.unwrap();

    let changes = format!("/statistics/changes?campaign={}&week=3", town.campaign);
    town.office
        .get(&changes)
        .await
        .assert_ok()
        .assert_contains("6月17日 09:00　东沟村　随报送一起上报")
        .assert_contains("6月17日 10:00　测试经办人员　随报送一起通过");
}

#[tokio::test]
async fn a_form_is_frozen_again_with_a_reason_and_the_first_edition_stays() {
    let town = Town::new().await;
    let village = &town.published.village;
    town.accepted(village, drill(today(), 60)).await;
    freeze(&town, "").await.assert_status(303);
    let before = document(&town).await;
    freeze(&town, " ").await.assert_status(409).assert_contains("写明原因");
    town.accepted(village, drill(today(), 5)).await;
    freeze(&town, "补报一次演练").await.assert_status(303);
    let newest = page(&town, village, "").await;
    assert!(newest.contains("第2次冻结") && newest.contains("补报一次演练") && newest.contains(">65</a>"), "{newest}");
    assert!(page(&town, village, "&edition=1").await.contains(">60</a>"));
    assert_eq!(document(&town).await, before);
    let nowhere = format!("/statistics?campaign={}&week=3&edition=9", town.campaign);
    town.office.get(&nowhere).await.assert_status(404);
}

#[tokio::test]
async fn a_correction_after_freezing_stands_beside_what_was_frozen() {
    let town = Town::new().await;
    let village = &town.published.village;
    town.accepted(village, drill(today(), 60)).await;
    freeze(&town, "").await.assert_status(303);
    town.test.set_clock("2022-06-17T09:00:00+08:00");
    let fields = [
        ("campaign", town.campaign.as_str()),
        ("week", "3"),
        ("unit", village.id.as_str()),
        ("span", "total"),
        ("slot", "drill_p"),
        ("amount", "66"),
        ("reason", "签到表漏记"),
    ];
    town.office.post("/statistics/correct", &fields).await.assert_status(303);
    let frozen = page(&town, village, "").await;
    assert!(frozen.contains(">60</a>") && frozen.contains("现为 66"), "{frozen}");
    let changes = format!("/statistics/changes?campaign={}&week=3", town.campaign);
    town.office.get(&changes).await.assert_contains("签到表漏记").assert_contains("更正东沟村");
    town.village.get(&format!("/work/statistics?campaign={}&week=3", town.campaign)).await.assert_contains("第1次冻结");
}
