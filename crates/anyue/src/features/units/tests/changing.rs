//! New, edit, move, merge, close, reopen.

use super::{child, history, stored};
use crate::features::units::api::{LiaisonFacts, UnitKind, liaison, liaison_history, set_liaison};
use crate::platform::auth::{self, Role};
use crate::testing::{Client, TestApp};

fn fields<'a>(parent: &'a str, name: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("parent_id", parent), ("kind", "village"), ("name", name), ("headcount", ""), ("ordinal", "")]
}

#[tokio::test]
async fn wrong_fields_come_back_with_messages_and_everything_typed() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    let mut typed = fields(test.root.id.as_str(), "");
    typed.extend([("principal", "李桂兰"), ("headcount", "很多"), ("kind", "")]);
    typed.retain(|(name, value)| !(matches!(*name, "headcount") && value.is_empty()) && *value != "village");
    let answer = office.post("/units", &typed).await;
    answer.assert_status(422).assert_contains("请填写单位名称").assert_contains("从业人数请只填数字");
    answer.assert_contains("请选择单位类型").assert_contains("李桂兰").assert_contains("很多");
}

#[tokio::test]
async fn two_units_of_one_name_below_one_parent_are_refused_at_the_field() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    test.unit("东沟村", UnitKind::Village).await;
    let answer = office.post("/units", &fields(test.root.id.as_str(), "东沟 村")).await;
    answer.assert_status(422).assert_contains("同一上级单位下已有“东沟村”");
    let mine = test.unit("一号矿", UnitKind::Mine).await;
    office.post("/units", &fields(mine.id.as_str(), "东沟村")).await.assert_leads_to("/units/");
}

#[tokio::test]
async fn a_number_that_another_unit_has_is_refused_at_the_field() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    for (name, status) in [("东沟村", 303), ("西沟村", 422)] {
        let mut typed = fields(test.root.id.as_str(), name);
        typed.push(("code", "150526001"));
        office.post("/units", &typed).await.assert_status(status);
    }
}

#[tokio::test]
async fn an_office_changes_units_of_its_subtree_only() {
    let test = TestApp::new().await;
    let own = test.unit("一号矿", UnitKind::Mine).await;
    let other = test.unit("东沟村", UnitKind::Village).await;
    let office = test.actor_at(Role::Office, &own).await;
    office.get(&format!("/units/{}", other.id)).await.assert_status(404);
    office.get(&format!("/units/{}/edit", other.id)).await.assert_status(403);
    let typed = [("kind", "village"), ("name", "改名村"), ("version", "1")];
    office.post(&format!("/units/{}/edit", other.id), &typed).await.assert_status(403);
    office.post("/units", &fields(other.id.as_str(), "新村")).await.assert_status(403);
    office.get("/units").await.assert_ok().assert_lacks("东沟村").assert_contains("一号矿");
    let liaison = test.liaison_of(&other).await;
    liaison.get("/units").await.assert_status(403);
    assert_eq!(stored(&test, &other.id).await.facts.name, "东沟村");
}

async fn edit(client: &Client, id: &str, version: &str, phone: &str) -> crate::testing::Answer {
    let typed = [("kind", "village"), ("name", "东沟村"), ("phone", phone), ("version", version)];
    client.post(&format!("/units/{id}/edit"), &typed).await
}

#[tokio::test]
async fn of_two_edits_at_once_the_second_is_shown_both_versions() {
    let test = TestApp::new().await;
    let unit = test.unit("东沟村", UnitKind::Village).await;
    let (first, second) = (test.actor(Role::Office).await, test.actor(Role::Office).await);
    edit(&first, unit.id.as_str(), "1", "0470-1111111").await.assert_leads_to("/units/");
    let answer = edit(&second, unit.id.as_str(), "1", "0470-2222222").await;
    answer.assert_status(409).assert_contains("0470-1111111").assert_contains("0470-2222222");
    answer.assert_contains("name=\"version\" value=\"2\"");
    edit(&second, unit.id.as_str(), "2", "0470-2222222").await.assert_leads_to("/units/");
    assert_eq!(stored(&test, &unit.id).await.facts.phone, "0470-2222222");
    assert_eq!(history(&test, &unit.id).await.len(), 2);
}

#[tokio::test]
async fn of_twenty_edits_at_the_same_moment_exactly_one_wins() {
    use crate::features::units::edit::{Edit, edit};
    let test = TestApp::new().await;
    let unit = test.unit("东沟村", UnitKind::Village).await;
    let facts = stored(&test, &unit.id).await.facts;
    let system = test.system();
    let edits = (0..20).map(|n| {
        let facts = crate::features::units::facts::Facts { headcount: Some(n), ..facts.clone() };
        edit(&test.app, &system, Edit { unit_id: unit.id.clone(), version: 1, facts })
    });
    let outcomes = futures_util::future::join_all(edits).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(stored(&test, &unit.id).await.version, 2);
}

#[tokio::test]
async fn a_unit_moves_with_all_below_it_but_never_below_itself() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    let mine = test.unit("一号矿", UnitKind::Mine).await;
    let pit = test.unit_below(&mine, "一工区", UnitKind::Subunit, "").await;
    let crew = test.unit_below(&pit, "采掘队", UnitKind::Subunit, "").await;
    let village = test.unit("东沟村", UnitKind::Village).await;
    let to = |id: &str| vec![("parent_id".to_owned(), id.to_owned()), ("version".to_owned(), "1".to_owned())];
    let post = |unit: String, to: Vec<(String, String)>| {
        let office = &office;
        async move {
            let to: Vec<(&str, &str)> = to.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            office.post(&format!("/units/{unit}/move"), &to).await
        }
    };
    post(pit.id.0.clone(), to(crew.id.as_str())).await.assert_status(422).assert_contains("不能移到自己");
    post(test.root.id.0.clone(), to(village.id.as_str())).await.assert_status(409);
    post(pit.id.0.clone(), to(village.id.as_str())).await.assert_leads_to("/units/");
    assert_eq!(stored(&test, &pit.id).await.path, format!("{}{}/", village.path, pit.id));
    assert_eq!(stored(&test, &crew.id).await.path, format!("{}{}/{}/", village.path, pit.id, crew.id));
    assert_eq!(history(&test, &pit.id).await, ["moved"]);
}

#[tokio::test]
async fn a_merged_unit_hands_over_children_liaison_and_people_and_keeps_its_history() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    let gone = test.unit("东沟村", UnitKind::Village).await;
    let stays = test.unit("西沟村", UnitKind::Village).await;
    let group = test.unit_below(&gone, "一组", UnitKind::Subunit, "").await;
    let below = test.unit_below(&group, "护林队", UnitKind::Subunit, "").await;
    let account = test.account(&[(Role::Liaison, &gone)]).await;
    let facts = LiaisonFacts { name: "张海".to_owned(), ..LiaisonFacts::default() };
    let tx = test.app.db.begin(&test.town).await.unwrap();
    assert!(set_liaison(&tx, &test.app.ids, &gone.id, &facts, None, test.app.now()).await.unwrap());
    assert!(!set_liaison(&tx, &test.app.ids, &gone.id, &facts, None, test.app.now()).await.unwrap());
    tx.commit_unaudited("test").await.unwrap();

    let before = office.get(&format!("/units/{}/merge?into={}", gone.id, stays.id)).await;
    before.assert_ok().assert_contains("1个直接下属单位").assert_contains("联络员成为").assert_contains("1项权限");
    let typed = [("into", stays.id.as_str()), ("version", "1")];
    office.post(&format!("/units/{}/merge", gone.id), &typed).await.assert_leads_to(&format!("/units/{}", stays.id));

    let merged = stored(&test, &gone.id).await;
    assert_eq!((merged.state.code(), merged.merged_into), ("merged", Some(stays.id.clone())));
    assert_eq!(stored(&test, &below.id).await.path, format!("{}{}/{}/", stays.path, group.id, below.id));
    let db = test.app.db.reader();
    assert_eq!(liaison(db, &test.town, &stays.id).await.unwrap().unwrap().facts.name, "张海");
    let via = auth::Via::System;
    let actor = auth::actor_of_account(db, &test.town, &account, via, test.app.now()).await.unwrap().unwrap();
    assert_eq!(actor.grants[0].unit_id, stays.id);
    assert_eq!(history(&test, &gone.id).await, ["merged"]);
    office.get(&format!("/units/{}", gone.id)).await.assert_ok().assert_contains("已并入").assert_contains("西沟村");
}

#[tokio::test]
async fn units_whose_children_have_one_name_are_not_merged() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    let gone = test.unit("东沟村", UnitKind::Village).await;
    let stays = test.unit("西沟村", UnitKind::Village).await;
    for village in [&gone, &stays] {
        test.unit_below(village, "一组", UnitKind::Subunit, "").await;
    }
    let typed = [("into", stays.id.as_str()), ("version", "1")];
    let answer = office.post(&format!("/units/{}/merge", gone.id), &typed).await;
    answer.assert_status(422).assert_contains("都有下属单位“一组”");
    assert!(stored(&test, &gone.id).await.is_active());
}

#[tokio::test]
async fn a_liaison_is_followed_by_the_next_and_stays_in_the_history() {
    let test = TestApp::new().await;
    let unit = test.unit("东沟村", UnitKind::Village).await;
    for (name, at) in [("张海", "2022-06-13T09:00:00+08:00"), ("王芳", "2022-06-20T09:00:00+08:00")] {
        test.set_clock(at);
        let facts = LiaisonFacts { name: name.to_owned(), ..LiaisonFacts::default() };
        let tx = test.app.db.begin(&test.town).await.unwrap();
        set_liaison(&tx, &test.app.ids, &unit.id, &facts, Some("s"), test.app.now()).await.unwrap();
        tx.commit_unaudited("test").await.unwrap();
    }
    let all = liaison_history(test.app.db.reader(), &test.town, &unit.id).await.unwrap();
    let names: Vec<_> = all.iter().map(|liaison| (liaison.facts.name.as_str(), liaison.valid_to.is_some())).collect();
    assert_eq!(names, [("王芳", false), ("张海", true)]);
    let office = test.actor(Role::Office).await;
    office
        .get(&format!("/units/{}", unit.id))
        .await
        .assert_contains("王芳")
        .assert_contains("2022年6月13日至2022年6月20日");
    let inspector = test.actor(Role::Inspector).await;
    inspector.get(&format!("/units/{}", unit.id)).await.assert_ok().assert_lacks("王芳");
}

#[tokio::test]
async fn a_unit_is_closed_with_all_below_it_and_reopened_alone() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    let mine = test.unit("一号矿", UnitKind::Mine).await;
    let pit = test.unit_below(&mine, "一工区", UnitKind::Subunit, "").await;
    office.get(&format!("/units/{}/close", mine.id)).await.assert_contains("下属 1 个单位一起关闭");
    let typed = [("reason", "已注销"), ("version", "1")];
    office.post(&format!("/units/{}/close", mine.id), &typed).await.assert_leads_to("/units/");
    office.post(&format!("/units/{}/close", mine.id), &typed).await.assert_status(409);
    assert!(!stored(&test, &pit.id).await.is_active());
    office.get("/units").await.assert_lacks("一号矿");
    office.get("/units?state=closed").await.assert_contains("一号矿");
    office.post(&format!("/units/{}/reopen", pit.id), &[]).await.assert_status(409);
    office.post(&format!("/units/{}/reopen", mine.id), &[]).await.assert_leads_to("/units/");
    assert!(stored(&test, &mine.id).await.is_active());
    assert_eq!(history(&test, &mine.id).await.len(), 2);
    office.get(&format!("/units/{}", mine.id)).await.assert_contains("已注销");
}

#[tokio::test]
async fn the_place_one_acts_from_cannot_be_closed_by_oneself() {
    let test = TestApp::new().await;
    let mine = test.unit("一号矿", UnitKind::Mine).await;
    let office = test.actor_at(Role::Office, &mine).await;
    let answer = office.post(&format!("/units/{}/close", mine.id), &[("version", "1")]).await;
    answer.assert_status(409).assert_contains("您的账号所在的单位");
}

#[tokio::test]
async fn a_reopened_unit_must_not_take_a_name_that_was_given_away() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    let old = test.unit("东沟村", UnitKind::Village).await;
    office.post(&format!("/units/{}/close", old.id), &[("version", "1")]).await.assert_leads_to("/units/");
    office.post("/units", &fields(test.root.id.as_str(), "东沟村")).await.assert_leads_to("/units/");
    office.post(&format!("/units/{}/reopen", old.id), &[]).await.assert_status(409).assert_contains("已有“东沟村”");
    assert!(child(&test, &test.root.id, "东沟村").await.is_some());
}
