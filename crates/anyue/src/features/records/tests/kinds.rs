//! The catalogue of kinds.

use super::*;

#[tokio::test]
async fn only_the_office_at_the_top_changes_the_catalogue() {
    let town = Town::new().await;
    town.liaison.get("/records/kinds").await.assert_status(403);
    let part = town.test.actor_at(Role::Office, &town.village).await;
    part.get("/records/kinds").await.assert_status(403);
    part.post("/records/kinds/study", &[("name", "学习"), ("version", "0")]).await.assert_status(403);
    part.post("/records/kinds/study/up", &[]).await.assert_status(403);
    town.office.post("/records/kinds/castle", &[("name", "城堡")]).await.assert_status(404);
    town.office.post("/records/kinds/kickoff/up", &[]).await.assert_status(409);
}

#[tokio::test]
async fn a_kind_is_renamed_narrowed_and_switched_off() {
    let town = Town::new().await;
    let fields = [
        ("name", "理论学习"),
        ("aliases", "读报、读报，夜学"),
        ("measures", "participants"),
        ("measures", "copies"),
        ("in_use", "yes"),
        ("version", "0"),
    ];
    town.office.post("/records/kinds/study", &fields).await.assert_leads_to("/records/kinds");
    town.office.get("/records/kinds").await.assert_contains("理论学习").assert_contains("读报、夜学");
    town.liaison.get("/work/records/new?kind=study").await.assert_contains("理论学习").assert_contains("m_copies");
    town.liaison.get("/work/records/new?q=%E5%A4%9C%E5%AD%A6").await.assert_contains("理论学习");
    town.office.post("/records/kinds/study", &fields).await.assert_status(409).assert_contains("已被修改");
    let taken = [("name", "应急演练"), ("in_use", "yes"), ("version", "1")];
    town.office.post("/records/kinds/study", &taken).await.assert_status(422).assert_contains("同名");
    let demand = [("name", "理论学习"), ("in_use", "yes"), ("version", "1"), ("what", "照片")];
    town.office.post("/records/kinds/study", &demand).await.assert_status(422).assert_contains("依据");
    let off = [("name", "理论学习"), ("measures", "participants"), ("version", "1")];
    town.office.post("/records/kinds/study", &off).await.assert_status(303);
    town.liaison.get("/work/records/new?kind=study").await.assert_contains("先选种类");
}

#[tokio::test]
async fn a_figure_stated_before_its_measure_was_taken_off_is_kept() {
    let town = Town::new().await;
    let id = town.add(study(32), false).await;
    let fields = [("name", "专题学习"), ("in_use", "yes"), ("version", "0")];
    town.office.post("/records/kinds/study", &fields).await.assert_status(303);
    town.liaison.get("/work/records/new?kind=study").await.assert_lacks("m_participants");
    town.liaison.get(&format!("/work/records/{id}/edit")).await.assert_contains("m_participants");
    town.liaison.post(&format!("/work/records/{id}/report"), &[]).await.assert_status(303);
    assert_eq!(town.read(&id).await.facts.measures["participants"], 32);
}

#[tokio::test]
async fn kinds_are_put_in_order() {
    let town = Town::new().await;
    town.office.post("/records/kinds/study/up", &[]).await.assert_status(303);
    let kinds = records::kinds(town.test.app.db.reader(), &town.test.town).await.unwrap();
    assert_eq!([kinds[0].code.as_str(), kinds[1].code.as_str(), kinds[2].code.as_str()], ["study", "kickoff", "film"]);
    assert_eq!(kinds.len(), 32);
}
