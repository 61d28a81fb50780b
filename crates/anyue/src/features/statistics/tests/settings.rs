//! The form as the town has it.

use super::*;
use crate::features::units::api::UnitKind;
use crate::platform::auth::Role;

const SLOT: [(&str, &str); 6] = [
    ("year", "2022"),
    ("label", "疏散演练"),
    ("unit", "场次"),
    ("aggregate", "count"),
    ("kinds", "drill"),
    ("on", "yes"),
];

fn with<'a>(base: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all: Vec<(&str, &str)> =
        base.iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name)).copied().collect();
    all.extend(more);
    all
}

#[tokio::test]
async fn only_the_office_of_the_whole_town_changes_the_form() {
    let town = Town::new().await;
    let below = town.test.actor_at(Role::Office, &town.published.mine).await;
    below.get("/statistics/form").await.assert_status(403);
    below.post("/statistics/form/slots/drill_n", &with(&SLOT, &[("version", "0")])).await.assert_status(403);
    town.test.actor(Role::Leader).await.get("/statistics/form").await.assert_status(403);
    let page = town.office.get("/statistics/form").await;
    page.assert_ok().assert_contains("全部种类：").assert_contains("只计进家庭").assert_contains("已整改");
}

#[tokio::test]
async fn what_cannot_be_computed_is_refused_and_what_was_typed_stays() {
    let town = Town::new().await;
    let wrong = with(&SLOT, &[("version", "0"), ("label", ""), ("aggregate", "sum"), ("field", "")]);
    let answer = town.office.post("/statistics/form/slots/drill_n", &wrong).await;
    answer.assert_status(422).assert_contains("请填写指标名称。").assert_contains("这种算法要选相应的指标");
    let nothing = with(&SLOT, &[("version", "0"), ("kinds", "flying")]);
    town.office.post("/statistics/form/slots/drill_n", &nothing).await.assert_status(422);
    town.office.post("/statistics/form/slots/nonsense", &with(&SLOT, &[("version", "0")])).await.assert_status(404);
    let stale = with(&SLOT, &[("version", "7")]);
    town.office.post("/statistics/form/slots/drill_n", &stale).await.assert_status(409).assert_contains("别人修改");
    let head = [("year", "2022"), ("version", "0"), ("title", " "), ("layout", "grid")];
    town.office.post("/statistics/form", &head).await.assert_status(422).assert_contains("请填写表名。");
    let row = [("year", "2022"), ("version", "0"), ("label", " ")];
    town.office.post("/statistics/form/rows/new", &row).await.assert_status(422);
}

#[tokio::test]
async fn a_town_renames_adds_moves_and_switches_and_its_forms_follow() {
    let town = Town::new().await;
    town.accepted(&town.published.village, drill(today(), 60)).await;
    town.office
        .post("/statistics/form/slots/new", &with(&SLOT, &[("version", "0"), ("row", "drill")]))
        .await
        .assert_leads_to("/statistics/form?year=2022");
    assert_eq!(town.printed(&town.published.village, "week", "own_1").await, "1");
    let ratio = with(
        &SLOT,
        &[("version", "1"), ("aggregate", "ratio"), ("field", "participants"), ("second", "units"), ("unit", "%")],
    );
    town.office.post("/statistics/form/slots/own_1", &ratio).await.assert_status(303);
    let row = [("year", "2022"), ("version", "2"), ("label", "知识竞赛活动"), ("on", "yes")];
    town.office.post("/statistics/form/rows/quiz", &row).await.assert_status(303);
    let step = [("year", "2022"), ("version", "3")];
    town.office.post("/statistics/form/rows/kickoff/up", &step).await.assert_status(409);
    town.office.post("/statistics/form/rows/study/up", &step).await.assert_status(303);
    let step = [("year", "2022"), ("version", "4")];
    town.office.post("/statistics/form/slots/drill_p/up", &step).await.assert_status(303);
    let head = [
        ("year", "2022"),
        ("version", "5"),
        ("title", "进展情况统计表"),
        ("form_label", "附件2"),
        ("layout", "sentence"),
        ("notes", "按月填报"),
    ];
    town.office.post("/statistics/form", &head).await.assert_status(303);
    let page = town.office.get(&format!("/statistics?campaign={}&week=3", town.campaign)).await;
    page.assert_contains("知识竞赛活动")
        .assert_contains("<h2 class=\"paper-title\">进展情况统计表</h2>")
        .assert_contains("，参与（")
        .assert_contains("按月填报");
    let text = page.text();
    assert!(text.find("学习宣传贯彻").unwrap() < text.find("启动部署").unwrap());
    town.office.get("/statistics/form?year=2021").await.assert_lacks("知识竞赛活动");
    town.office.get("/statistics/form?year=2023").await.assert_contains("知识竞赛活动");
}

#[tokio::test]
async fn a_frozen_form_stays_as_it_was_laid_out() {
    let town = Town::new().await;
    let _ = town.test.unit("西沟村", UnitKind::Village).await;
    town.accepted(&town.published.village, drill(today(), 60)).await;
    let fields = [("campaign", town.campaign.as_str()), ("week", "3")];
    town.office.post("/statistics/freeze", &fields).await.assert_status(303);
    let row = [("year", "2022"), ("version", "0"), ("label", "演练活动"), ("on", "yes")];
    town.office.post("/statistics/form/rows/drill", &row).await.assert_status(303);
    let address = format!("/statistics?campaign={}&week=3", town.campaign);
    town.office.get(&address).await.assert_lacks("演练活动");
    town.office.get(&format!("{address}&edition=now")).await.assert_contains("演练活动");
}
