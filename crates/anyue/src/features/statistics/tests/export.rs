//! Summary, charts and files.

use official_doc::table::{read, read_sheet};

use super::*;
use crate::platform::auth::Role;

async fn busy() -> Town {
    let town = Town::new().await;
    let joint = Facts { co_hosts: vec![town.published.mine.id.clone()], ..drill(today(), 80) };
    town.accepted(&town.published.village, joint).await;
    town.accepted(&town.published.mine, drill(today(), 1240)).await;
    town
}

fn rows(bytes: &[u8], name: &str) -> Vec<Vec<String>> {
    read(bytes, Some(name)).unwrap().rows.into_iter().map(|row| row.cells).collect()
}

#[tokio::test]
async fn the_summary_adds_up_to_the_whole_with_joint_activities_taken_off_once() {
    let town = busy().await;
    let address = format!("/statistics/summary?campaign={}&week=3", town.campaign);
    let page = town.office.get(&address).await;
    page.assert_ok().assert_contains("东沟村").assert_contains("联合活动等调整");
    page.assert_contains(">80</a>").assert_contains(">1,320</a>").assert_contains("<td class=\"num\">-80</td>");
    let below = town.test.actor_at(Role::Office, &town.published.mine).await;
    below.get("/statistics/summary").await.assert_ok().assert_contains(">1,320</a>").assert_lacks("东沟村");
}

#[tokio::test]
async fn a_workbook_has_a_summary_and_a_sheet_for_each_unit() {
    let town = busy().await;
    let address = format!("/statistics/export/xlsx?campaign={}&week=3", town.campaign);
    let bytes = town.office.get(&address).await.assert_ok().bytes.clone();
    let summary = rows(&bytes, "a.xlsx");
    assert!(summary[2].iter().any(|head| head == "应急演练"), "{:?}", summary[2]);
    let heads = &summary[3];
    let at = heads.iter().position(|head| head.contains("应急演练（综合、专项、现场处置）：参与")).unwrap();
    let of = |name: &str| summary.iter().find(|row| row[0] == name).map(|row| row[at].clone());
    assert_eq!(of("东沟村").as_deref(), Some("80"));
    assert_eq!(of("北山铁矿").as_deref(), Some("1320"));
    assert_eq!(of("联合活动等调整").as_deref(), Some("-80"));
    assert_eq!(of("合计").as_deref(), Some("1320"));
    let village = read_sheet(&bytes, Some("a.xlsx"), "东沟村").unwrap();
    let cells: Vec<Vec<String>> = village.rows.into_iter().map(|row| row.cells).collect();
    assert!(cells[1][0].contains("填报单位（盖章）：东沟村"), "{:?}", cells[1]);
    let drill = cells.iter().find(|row| row.len() > 5 && row[2].ends_with("：参与") && row[5] == "80").unwrap();
    assert_eq!(drill[4], "80");
    let notes = read_sheet(&bytes, Some("a.xlsx"), "填表说明").unwrap();
    assert!(notes.rows.iter().any(|row| row.cells[0].starts_with("数据校验值（SHA-256）：")));
    town.office.get(&address.replace("xlsx", "odt")).await.assert_status(404);
}

#[tokio::test]
async fn a_csv_has_every_figure_and_its_manifest_tells_rows_and_sum() {
    use sha2::Digest as _;
    let town = busy().await;
    let address = |format: &str| format!("/statistics/export/{format}?campaign={}&week=3", town.campaign);
    let bytes = town.office.get(&address("csv")).await.assert_ok().bytes.clone();
    assert!(bytes.starts_with("\u{feff}单位".as_bytes()));
    let table = rows(&bytes, "a.csv");
    let manifest = town.office.get(&address("manifest")).await.assert_ok().json();
    assert_eq!(manifest["csv"]["rows"].as_u64().unwrap(), table.len() as u64 - 1);
    assert_eq!(manifest["csv"]["sha256"].as_str().unwrap(), hex::encode(sha2::Sha256::digest(&bytes)));
    let xlsx = town.office.get(&address("xlsx")).await.bytes.clone();
    assert_eq!(manifest["xlsx"]["sha256"].as_str().unwrap(), hex::encode(sha2::Sha256::digest(&xlsx)));
    let row = table.iter().find(|row| row[0] == "东沟村" && row[4] == "drill_p").unwrap();
    assert_eq!((row[7].as_str(), row[8].as_str()), ("80", "80"));
}

#[tokio::test]
async fn a_frozen_form_is_exported_byte_for_byte_the_same_later() {
    let town = busy().await;
    let fields = [("campaign", town.campaign.as_str()), ("week", "3")];
    town.office.post("/statistics/freeze", &fields).await.assert_status(303);
    for format in ["xlsx", "csv", "manifest"] {
        let address = format!("/statistics/export/{format}?campaign={}&week=3&edition=1", town.campaign);
        let before = town.office.get(&address).await.assert_ok().bytes.clone();
        town.test.set_clock("2022-06-20T09:00:00+08:00");
        town.accepted(&town.published.village, drill(today(), 5)).await;
        assert_eq!(town.office.get(&address).await.assert_ok().bytes, before, "{format}");
    }
}

#[tokio::test]
async fn charts_count_each_accepted_record_once_and_lead_to_the_records() {
    let town = busy().await;
    let page = town.office.get(&format!("/statistics/charts?campaign={}&week=3", town.campaign)).await;
    page.assert_ok().assert_contains("<td class=\"right num\">1,320</td>").assert_contains("<svg");
    page.assert_contains("kind=drill").assert_contains("from=2022-06-13").assert_contains("矿山");
}

/// The lines of a Word file.
fn lines(bytes: &[u8]) -> String {
    official_doc::read(bytes, Some("a.docx")).unwrap().lines.join("\n")
}

#[tokio::test]
async fn a_units_form_and_the_summary_are_word_files_with_the_same_figures() {
    let town = busy().await;
    let of = |unit: &UnitRef| format!("/statistics/export/docx?campaign={}&week=3&unit={}", town.campaign, unit.id);
    let village = lines(&town.office.get(&of(&town.published.village)).await.assert_ok().bytes);
    assert!(village.contains("附件2") && village.contains("填报单位（盖章）：东沟村"), "{village}");
    assert!(village.contains("80") && village.contains("填表人：") && village.contains("东沟村（盖章）"), "{village}");
    let address = format!("/statistics/summary/docx?campaign={}&week=3", town.campaign);
    let summary = lines(&town.office.get(&address).await.assert_ok().bytes);
    for words in ["东沟村", "北山铁矿", "联合活动等调整", "1,320", "汇总表（累计）"] {
        assert!(summary.contains(words), "{words}: {summary}");
    }
    let week = lines(&town.office.get(&format!("{address}&span=week")).await.assert_ok().bytes);
    assert!(week.contains("汇总表（本周）"));
    let book = town.office.get(&address.replace("docx", "xlsx")).await.assert_ok().bytes.clone();
    assert!(rows(&book, "a.xlsx").iter().any(|row| row[0] == "合计"));
    town.office.get(&address.replace("docx", "pdf")).await.assert_status(404);
}

#[tokio::test]
async fn a_unit_prints_its_own_form_and_no_other() {
    let town = busy().await;
    let own = format!("/work/statistics/export/docx?campaign={}&week=3", town.campaign);
    let form = lines(&town.village.get(&own).await.assert_ok().bytes);
    assert!(form.contains("填报单位（盖章）：东沟村") && form.contains("80"), "{form}");
    let other = format!("{own}&unit={}", town.published.mine.id);
    town.village.get(&other).await.assert_status(404);
    town.village.get("/statistics/export/docx").await.assert_status(403);
}

#[tokio::test]
async fn a_frozen_form_is_printed_as_it_was_frozen() {
    let town = busy().await;
    let fields = [("campaign", town.campaign.as_str()), ("week", "3")];
    town.office.post("/statistics/freeze", &fields).await.assert_status(303);
    let address = format!("/statistics/summary/docx?campaign={}&week=3", town.campaign);
    let before = town.office.get(&address).await.assert_ok().bytes.clone();
    assert!(lines(&before).contains("第1次冻结") && lines(&before).contains("2022年6月13日"));
    town.accepted(&town.published.village, drill(today(), 5)).await;
    assert_eq!(town.office.get(&address).await.assert_ok().bytes, before);
    let now = town.office.get(&format!("{address}&edition=now")).await.assert_ok().bytes.clone();
    assert!(lines(&now).contains("1,325"));
}
