//! Tables of units: preview, taking over, taking back.

use super::{child, history, stored};
use crate::features::units::api::UnitKind;
use crate::features::units::import::template;
use crate::platform::auth::Role;
use crate::platform::db::sql;
use crate::testing::{Answer, Client, TestApp};

const TABLE: &str = "上级单位,单位名称,类型,编号,行业,主要负责人,从业人数,地址,所在村,电话,备注,序号\n\
    甲厂,一车间,车间,,,,,,,,,\n\
    ,甲厂,企业,A1,工贸,李桂兰,126,东沟村路1号,东沟村,0470-6701234,,\n\
    ,东沟村,村,,,,,,,0470-1111111,,\n\
    ,坏村,城堡,,,,,,,,,\n";

async fn send(office: &Client, top: &str, name: &str, content: &[u8]) -> Answer {
    office.post_files_unaudited("/units/import", &[("top", top)], &[("file", name, content)]).await
}

async fn accept(office: &Client) -> Answer {
    let preview = office.get("/units/import/preview").await.text();
    let shown = preview.split("name=\"shown\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    office.post("/units/import/accept", &[("shown", &shown)]).await
}

#[tokio::test]
async fn what_is_no_table_is_refused_with_what_to_do() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    let top = test.root.id.as_str();
    send(&office, top, "单位.xlsx", b"PK\x03\x04 not a workbook").await.assert_status(422);
    send(&office, top, "单位.csv", "甲,乙\n1,2\n".as_bytes()).await.assert_status(422).assert_contains("下载模板");
    send(&office, "", "单位.csv", TABLE.as_bytes()).await.assert_status(422).assert_contains("导入到哪个单位");
    let nothing = office.post_files_unaudited("/units/import", &[("top", top)], &[]).await;
    nothing.assert_status(422).assert_contains("请选择要导入的表格文件");
    office.get("/units/import/preview").await.assert_status(410);
}

#[tokio::test]
async fn the_preview_tells_new_changed_and_faulty_rows_apart_and_changes_nothing() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    test.unit("东沟村", UnitKind::Village).await;
    send(&office, test.root.id.as_str(), "单位.csv", TABLE.as_bytes()).await.assert_leads_to("/units/import/preview");
    let preview = office.get("/units/import/preview").await;
    preview.assert_ok().assert_contains("有误 1").assert_contains("修改 1").assert_contains("新增 2");
    preview.assert_contains("不认识类型“城堡”");
    office.get("/units/import/preview?part=changed").await.assert_contains("<ins>0470-1111111</ins>");
    office.get("/units/import/faulty.xlsx").await.assert_ok();
    assert!(child(&test, &test.root.id, "甲厂").await.is_none());
}

#[tokio::test]
async fn the_good_rows_are_taken_over_and_the_same_table_again_changes_nothing() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    let village = test.unit("东沟村", UnitKind::Village).await;
    let top = test.root.id.as_str();
    send(&office, top, "单位.csv", TABLE.as_bytes()).await.assert_leads_to("/units/import/preview");
    accept(&office).await.assert_leads_to("/units");
    let factory = child(&test, &test.root.id, "甲厂").await.unwrap();
    assert_eq!((factory.facts.industry.as_str(), factory.facts.headcount), ("TRADE", Some(126)));
    let shop = child(&test, &factory.id, "一车间").await.unwrap();
    assert_eq!(shop.path, format!("{}{}/", factory.path, shop.id));
    assert_eq!(history(&test, &village.id).await, ["edited"]);
    office.get("/units?q=甲厂").await.assert_contains("李桂兰");

    send(&office, top, "单位.csv", TABLE.as_bytes()).await.assert_leads_to("/units/import/preview");
    office.get("/units/import/preview?part=unchanged").await.assert_contains("无变化 3").assert_lacks("新增 2");
    accept(&office).await.assert_status(409);
    let count: Option<i64> = sql("SELECT COUNT(*) FROM units").scalar(test.app.db.reader()).await.unwrap();
    assert_eq!(count, Some(4));
}

#[tokio::test]
async fn a_preview_that_has_become_another_is_shown_again() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    send(&office, test.root.id.as_str(), "单位.csv", TABLE.as_bytes()).await.assert_leads_to("/units/import/preview");
    let preview = office.get("/units/import/preview").await.text();
    let shown = preview.split("name=\"shown\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    test.unit("东沟村", UnitKind::Village).await;
    let answer = office.post("/units/import/accept", &[("shown", &shown)]).await;
    answer.assert_status(409).assert_contains("单位名册刚刚有变化");
    accept(&office).await.assert_leads_to("/units");
}

#[tokio::test]
async fn the_last_import_is_taken_back_while_nothing_hangs_on_it() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    let village = test.unit("东沟村", UnitKind::Village).await;
    send(&office, test.root.id.as_str(), "单位.csv", TABLE.as_bytes()).await.assert_leads_to("/units/import/preview");
    accept(&office).await.assert_leads_to("/units");
    let undo = undo_address(&office).await;
    let factory = child(&test, &test.root.id, "甲厂").await.unwrap();
    let factory_ref = factory.to_ref();

    let person = test.account(&[(Role::Liaison, &factory_ref)]).await;
    office.post(&undo, &[]).await.assert_status(409).assert_contains("人员账号");
    let tx = test.app.db.begin(&test.town).await.unwrap();
    sql("DELETE FROM account_roles WHERE account_id = $1").bind(&person).execute(&*tx).await.unwrap();
    tx.commit_unaudited("test").await.unwrap();

    office.post(&undo, &[]).await.assert_leads_to("/units/import");
    assert!(child(&test, &test.root.id, "甲厂").await.is_none());
    assert_eq!(stored(&test, &village.id).await.facts.phone, "");
    office.post(&undo, &[]).await.assert_status(409);
}

#[tokio::test]
async fn an_import_that_was_built_upon_stays() {
    let test = TestApp::new().await;
    let office = test.actor(Role::Office).await;
    send(&office, test.root.id.as_str(), "单位.csv", TABLE.as_bytes()).await.assert_leads_to("/units/import/preview");
    accept(&office).await.assert_leads_to("/units");
    let undo = undo_address(&office).await;
    test.set_clock("2022-06-14T09:00:00+08:00");
    let factory = child(&test, &test.root.id, "甲厂").await.unwrap();
    test.unit_below(&factory.to_ref(), "二车间", UnitKind::Subunit, "").await;
    office.post(&undo, &[]).await.assert_status(409).assert_contains("下属单位");
}

async fn undo_address(office: &Client) -> String {
    let page = office.get("/units/import").await.text();
    let rest = page.split("action=\"/units/imports/").nth(1).unwrap();
    format!("/units/imports/{}", rest.split('"').next().unwrap())
}

#[tokio::test]
async fn an_office_imports_below_its_own_units_only() {
    let test = TestApp::new().await;
    let mine = test.unit("一号矿", UnitKind::Mine).await;
    let office = test.actor_at(Role::Office, &mine).await;
    send(&office, test.root.id.as_str(), "单位.csv", TABLE.as_bytes()).await.assert_status(403);
    send(&office, mine.id.as_str(), "单位.csv", TABLE.as_bytes()).await.assert_leads_to("/units/import/preview");
    accept(&office).await.assert_leads_to("/units");
    assert!(child(&test, &mine.id, "甲厂").await.is_some());
}

#[test]
fn the_template_is_read_by_the_import_once_it_is_filled_in() {
    let bytes = template::template(vec!["青龙山镇".to_owned()]).unwrap();
    let table = official_doc::table::read(&bytes, Some("模板.xlsx")).unwrap();
    assert_eq!(table.rows[0].cells[..3], ["上级单位", "单位名称", "类型"]);
    assert_eq!(table.rows[0].cells.len(), 12);
    assert!(table.other_sheets.contains(&"填表说明".to_owned()));
}
