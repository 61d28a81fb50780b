//! Figures set by hand.

use super::*;
use crate::platform::auth::Role;

fn fields<'a>(town: &'a Town, unit: &'a UnitRef, span: &'a str, slot: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("campaign", town.campaign.as_str()),
        ("week", "3"),
        ("unit", unit.id.as_str()),
        ("span", span),
        ("slot", slot),
    ]
}

async fn correct(
    town: &Town,
    unit: &UnitRef,
    (span, slot): (&str, &str),
    amount: &str,
    reason: &str,
) -> crate::testing::Answer {
    let mut all = fields(town, unit, span, slot);
    all.extend([("amount", amount), ("reason", reason)]);
    town.office.post("/statistics/correct", &all).await
}

#[tokio::test]
async fn a_correction_without_a_reason_or_a_number_is_refused() {
    let town = Town::new().await;
    let village = &town.published.village;
    let answer = correct(&town, village, ("week", "drill_p"), "66", " ").await;
    answer.assert_status(422).assert_contains("请写明更正的原因。").assert_contains("value=\"66\"");
    correct(&town, village, ("week", "drill_p"), "-3", "漏记").await.assert_status(422);
    correct(&town, village, ("week", "drill_p"), "约六十", "漏记").await.assert_status(422);
    correct(&town, village, ("week", "hz_rate"), "60", "漏记").await.assert_status(409).assert_contains("比率");
    correct(&town, village, ("week", "nonsense"), "60", "漏记").await.assert_status(404);
    let leader = town.test.actor(Role::Leader).await;
    leader.post("/statistics/correct", &fields(&town, village, "week", "drill_p")).await.assert_status(403);
    assert_eq!(town.printed(village, "week", "drill_p").await, "—");
}

#[tokio::test]
async fn a_correction_keeps_both_numbers_and_goes_up_the_tree() {
    let town = Town::new().await;
    let village = &town.published.village;
    town.accepted(village, drill(today(), 60)).await;
    town.accepted(&town.published.mine, drill(today(), 100)).await;
    correct(&town, village, ("week", "drill_p"), "66", "签到表漏记6人").await.assert_leads_to("/statistics/records?");
    assert_eq!(town.printed(village, "week", "drill_p").await, "66");
    assert_eq!(town.printed(village, "total", "drill_p").await, "66");
    assert_eq!(town.printed(&town.test.root, "week", "drill_p").await, "166");
    assert_eq!(town.printed(&town.test.root, "total", "drill_p").await, "166");
    let page =
        format!("/statistics/records?campaign={}&unit={}&week=3&span=week&slot=drill_p", town.campaign, village.id);
    let page = town.office.get(&page).await;
    page.assert_contains("60 → 66").assert_contains("签到表漏记6人").assert_contains("测试经办人员");

    town.accepted(village, drill(today(), 10)).await;
    assert_eq!(town.printed(village, "week", "drill_p").await, "66", "what was set stands until it is taken back");
    let id = page_correction(&town, village).await;
    town.office
        .post(&format!("/statistics/corrections/{id}/take-back"), &[])
        .await
        .assert_leads_to("/statistics/records?");
    assert_eq!(town.printed(village, "week", "drill_p").await, "70");
    assert_eq!(town.printed(&town.test.root, "total", "drill_p").await, "170");
    town.office.post(&format!("/statistics/corrections/{id}/take-back"), &[]).await.assert_status(409);
    let page =
        format!("/statistics/correct?campaign={}&unit={}&week=3&span=week&slot=drill_p", town.campaign, village.id);
    town.office.get(&page).await.assert_ok().assert_contains("60 → 66").assert_contains("已撤销");
}

/// The id of the correction that can be taken back.
async fn page_correction(town: &Town, unit: &UnitRef) -> String {
    let page = format!("/statistics/correct?campaign={}&unit={}&week=3&span=week&slot=drill_p", town.campaign, unit.id);
    let text = town.office.get(&page).await.text();
    let after = text.split("/statistics/corrections/").nth(1).unwrap().to_owned();
    after.split('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_correction_of_a_correction_takes_its_place() {
    let town = Town::new().await;
    let village = &town.published.village;
    town.accepted(village, drill(today(), 60)).await;
    correct(&town, village, ("week", "drill_p"), "66", "漏记").await.assert_status(303);
    correct(&town, village, ("week", "drill_p"), "65", "再核对").await.assert_status(303);
    assert_eq!(town.printed(village, "week", "drill_p").await, "65");
    assert_eq!(town.printed(&town.test.root, "total", "drill_p").await, "65");
}

#[tokio::test]
async fn the_total_falls_only_when_that_is_confirmed() {
    let town = Town::new().await;
    let village = &town.published.village;
    town.accepted(village, drill(date(2022, 6, 8), 50)).await;
    town.accepted(village, drill(today(), 10)).await;
    let refused = correct(&town, village, ("total", "drill_p"), "40", "重复计算").await;
    refused.assert_status(422).assert_contains("比上一周的50少").assert_contains("累计确实减少");
    let mut all = fields(&town, village, "total", "drill_p");
    all.extend([("amount", "40"), ("reason", "重复计算"), ("falls", "yes")]);
    town.office.post("/statistics/correct", &all).await.assert_status(303);
    assert_eq!(town.printed(village, "total", "drill_p").await, "40");
    assert_eq!(town.printed(village, "week", "drill_p").await, "10");
    assert_eq!(town.printed(&town.test.root, "total", "drill_p").await, "40");
    town.test.set_clock("2022-06-20T08:30:00+08:00");
    town.accepted(village, drill(date(2022, 6, 18), 7)).await;
    let address = format!("/api/v1/statistics?campaign={}&unit={}&week=4", town.campaign, village.id);
    let next = town.office.get(&address).await.json();
    let slot = next["slots"].as_array().unwrap().iter().find(|slot| slot["code"] == "drill_p").unwrap().clone();
    assert_eq!((slot["week"]["value"].as_i64(), slot["total"]["value"].as_i64()), (Some(7), Some(47)));
}

#[tokio::test]
async fn a_ratio_follows_its_corrected_parts() {
    let town = Town::new().await;
    let measures = [("found".to_owned(), 10), ("fixed".to_owned(), 5)];
    let village = &town.published.village;
    town.accepted(village, Facts { measures: measures.into(), ..Facts::new("hazard_check", today()) }).await;
    assert_eq!(town.printed(village, "week", "hz_rate").await, "50");
    correct(&town, village, ("week", "hz_fix"), "8", "复查后补报").await.assert_status(303);
    assert_eq!(town.printed(village, "week", "hz_rate").await, "80");
}

#[tokio::test]
async fn a_number_nobody_has_reported_is_opened_and_set_by_the_office() {
    let town = Town::new().await;
    let village = &town.published.village;
    let form = format!("/statistics?campaign={}&unit={}&span=week", town.campaign, village.id);
    town.office.get(&form).await.assert_contains("slot=drill_p").assert_contains("slot=in_home");
    let leader = town.test.actor(Role::Leader).await;
    leader.get(&form).await.assert_lacks("slot=drill_p");
    let behind = format!("/statistics/records?campaign={}&unit={}&span=week&slot=in_home", town.campaign, village.id);
    town.office.get(&behind).await.assert_contains("没有已通过的记录").assert_contains("安全宣传“五进”：进家庭");
    correct(&town, village, ("week", "in_home"), "3", "纸质登记").await.assert_status(303);
    assert_eq!(town.printed(village, "week", "in_home").await, "3");
    town.office.get(&behind).await.assert_contains("— → 3");
}
