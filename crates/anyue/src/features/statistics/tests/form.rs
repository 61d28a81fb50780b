//! The form of a unit and of the town, and the records behind its numbers.

use super::*;
use crate::features::records::api::Target;
use crate::features::units::api::UnitKind;
use crate::platform::auth::Role;

#[tokio::test]
async fn only_what_was_accepted_counts_and_what_waits_stands_apart() {
    let town = Town::new().await;
    town.accepted(&town.published.village, drill(today(), 60)).await;
    town.report(&town.published.village, drill(today(), 11)).await;
    assert_eq!(town.printed(&town.published.village, "week", "drill_n").await, "1");
    assert_eq!(town.printed(&town.published.village, "week", "drill_p").await, "60");
    assert_eq!(town.printed(&town.test.root, "total", "drill_p").await, "60");
    let address = format!("/statistics?campaign={}&unit={}", town.campaign, town.published.village.id);
    town.office.get(&address).await.assert_ok().assert_contains("待审 1").assert_contains("待审 11");
}

#[tokio::test]
async fn zero_was_reported_and_empty_was_not() {
    let town = Town::new().await;
    assert_eq!(town.printed(&town.test.root, "week", "drill_n").await, "—");
    town.zero_report().await;
    assert_eq!(town.printed(&town.published.village, "week", "drill_n").await, "0");
    assert_eq!(town.printed(&town.published.mine, "week", "drill_n").await, "—");
    assert_eq!(town.printed(&town.test.root, "total", "drill_n").await, "0");
    town.accepted(&town.published.mine, drill(today(), 0)).await;
    assert_eq!(town.printed(&town.published.mine, "week", "drill_p").await, "0");
    assert_eq!(town.printed(&town.published.mine, "week", "in_home").await, "—");
}

#[tokio::test]
async fn a_joint_record_counts_once_at_the_town_and_stands_at_each_unit() {
    let town = Town::new().await;
    let joint = Facts { co_hosts: vec![town.published.mine.id.clone()], ..drill(today(), 80) };
    town.accepted(&town.published.village, joint).await;
    for unit in [&town.published.village, &town.published.mine, &town.test.root] {
        assert_eq!(town.printed(unit, "week", "drill_p").await, "80", "{}", unit.name);
        assert_eq!(town.printed(unit, "week", "drill_n").await, "1", "{}", unit.name);
    }
}

#[tokio::test]
async fn a_week_is_the_week_and_the_total_counts_from_the_campaigns_first_day() {
    let town = Town::new().await;
    town.test.set_clock("2022-06-20T08:30:00+08:00");
    town.accepted(&town.published.village, drill(date(2022, 6, 20), 20)).await;
    town.accepted(&town.published.village, drill(today(), 60)).await;
    let at =
        |week: &str| format!("/api/v1/statistics?campaign={}&unit={}&week={week}", town.campaign, town.test.root.id);
    let two = town.office.get(&at("4")).await.json();
    assert_eq!((two["week"]["from"].as_str(), two["week"]["until"].as_str()), (Some("2022-06-17"), Some("2022-06-23")));
    let drill = two["slots"].as_array().unwrap().iter().find(|slot| slot["code"] == "drill_p").unwrap().clone();
    assert_eq!((drill["week"]["value"].as_i64(), drill["total"]["value"].as_i64()), (Some(20), Some(80)));
    assert_eq!(town.printed(&town.test.root, "total", "drill_p").await, "60");
    town.office.get(&at("99")).await.assert_status(404);
}

#[tokio::test]
async fn every_number_lists_its_records_with_the_same_sum_at_the_foot() {
    let town = Town::new().await;
    let joint = Facts { co_hosts: vec![town.published.mine.id.clone()], ..drill(today(), 80) };
    town.accepted(&town.published.village, joint).await;
    town.accepted(&town.published.mine, drill(today(), 1240)).await;
    town.report(&town.published.mine, drill(today(), 7)).await;
    let found = [("found".to_owned(), 30), ("fixed".to_owned(), 20), ("units".to_owned(), 4)];
    town.accepted(&town.published.mine, Facts { measures: found.into(), ..Facts::new("hazard_check", today()) }).await;
    let home = Facts {
        target: Some(Target::Home),
        measures: [("households".to_owned(), 12)].into(),
        ..Facts::new("five_in", today())
    };
    town.accepted(&town.published.village, home).await;
    for unit in [&town.published.village, &town.published.mine, &town.test.root] {
        let address = format!("/api/v1/statistics?campaign={}&unit={}&week=3", town.campaign, unit.id);
        let form = town.office.get(&address).await.json();
        for slot in form["slots"].as_array().unwrap() {
            let code = slot["code"].as_str().unwrap();
            for span in ["week", "total"] {
                let address = format!(
                    "/api/v1/statistics/records?campaign={}&unit={}&week=3&span={span}&slot={code}",
                    town.campaign, unit.id
                );
                let behind = town.office.get(&address).await.assert_ok().json();
                let rows = behind["items"].as_array().unwrap();
                let accepted = rows.iter().filter(|row| row["state"] == "accepted");
                let sum = accepted.filter_map(|row| row["amounts"][0].as_i64()).reduce(|one, other| one + other);
                assert_eq!(sum, slot[span]["value"].as_i64(), "{} {span} {code}", unit.name);
            }
        }
    }
    let page = format!("/statistics/records?campaign={}&unit={}&week=3&slot=drill_p", town.campaign, town.test.root.id);
    let page = town.office.get(&page).await;
    page.assert_ok().assert_contains("<strong>1,320</strong>").assert_contains("合计 2 条").assert_contains("已报待审");
    let rate = format!("/statistics/records?campaign={}&unit={}&week=3&slot=hz_rate", town.campaign, town.test.root.id);
    town.office.get(&rate).await.assert_ok().assert_contains("66.7").assert_contains("<strong>20</strong>");
    let nothing = format!("/statistics/records?campaign={}&slot=nonsense", town.campaign);
    town.office.get(&nothing).await.assert_status(404);
}

#[tokio::test]
async fn a_liaison_sees_the_own_unit_and_nobody_elses() {
    let town = Town::new().await;
    town.accepted(&town.published.village, drill(today(), 60)).await;
    town.accepted(&town.published.mine, drill(today(), 1234)).await;
    let own = town.village.get("/work/statistics").await;
    own.assert_ok().assert_contains("60").assert_lacks("1,234").assert_contains("/work/statistics/records?");
    let other = format!("/work/statistics?unit={}", town.published.mine.id);
    town.village.get(&other).await.assert_status(404);
    let other = format!("/work/statistics/records?slot=drill_p&unit={}", town.published.mine.id);
    town.village.get(&other).await.assert_status(404);
    town.village
        .get("/work/statistics/records?slot=drill_p")
        .await
        .assert_ok()
        .assert_contains("应急演练")
        .assert_lacks("1,234");
    town.village.get("/statistics").await.assert_status(403);
    town.test.actor(Role::Inspector).await.get("/statistics").await.assert_status(403);
    town.test.actor(Role::Leader).await.get("/statistics").await.assert_ok().assert_contains("1,294");
}

#[tokio::test]
async fn an_office_below_the_town_sees_its_own_part_of_the_tree() {
    let town = Town::new().await;
    let workshop = town.test.unit_below(&town.published.mine, "选矿车间", UnitKind::Subunit, "").await;
    let liaison = town.test.liaison_of(&workshop).await;
    let new = New {
        unit_id: workshop.id.clone(),
        facts: drill(today(), 5),
        idempotency_key: town.test.app.ids.id(),
        report: true,
        draft: None,
    };
    let id = records::create(&town.test.app, &liaison.actor, new).await.unwrap();
    town.accept(&id).await;
    town.accepted(&town.published.mine, drill(today(), 10)).await;
    town.accepted(&town.published.village, drill(today(), 100)).await;
    assert_eq!(town.printed(&workshop, "week", "drill_p").await, "5");
    assert_eq!(town.printed(&town.published.mine, "week", "drill_p").await, "15");
    assert_eq!(town.printed(&town.test.root, "week", "drill_p").await, "115");
    let office = town.test.actor_at(Role::Office, &town.published.mine).await;
    office.get("/statistics").await.assert_ok().assert_contains(">15</a>").assert_lacks(">115</a>");
    office.get(&format!("/statistics?unit={}", town.published.village.id)).await.assert_status(404);
}

#[tokio::test]
async fn a_period_of_ones_own_is_counted_without_a_campaign() {
    let town = Town::new().await;
    town.accepted(&town.published.village, drill(date(2022, 5, 2), 9)).await;
    town.office.get("/statistics?from=2022-05-01&until=2022-05-31").await.assert_ok().assert_contains(">9</a>");
    town.office.get("/statistics?from=2022-05-31&until=2022-05-01").await.assert_status(409);
}

#[tokio::test]
async fn before_there_is_a_campaign_the_page_says_what_it_is_for() {
    let test = crate::testing::TestApp::new().await;
    let office = test.actor(Role::Office).await;
    office.get("/statistics").await.assert_ok().assert_contains("还没有可以统计的活动");
}
