//! Tables of rows against a small town.

use super::*;
use crate::features::units::facts::UnitState;
use crate::features::units::import::rows;

fn unit(id: &str, parent: Option<&Unit>, kind: UnitKind, name: &str, code: &str) -> Unit {
    Unit {
        id: id.into(),
        parent_id: parent.map(|parent| parent.id.clone()),
        path: format!("{}{id}/", parent.map_or("", |parent| parent.path.as_str())),
        facts: Facts { code: code.to_owned(), ordinal: 1, ..Facts::new(kind, name) },
        state: UnitState::Active,
        merged_into: None,
        version: 1,
        created_at: 0,
        updated_at: 0,
    }
}

/// 青龙山镇 with 东沟村 (no number), 一号矿 (K1) with 采掘队, and another town beside it.
fn town() -> Vec<Unit> {
    let county = unit("county", None, UnitKind::County, "平安旗", "");
    let town = unit("town", Some(&county), UnitKind::Township, "青龙山镇", "T1");
    let village = unit("village", Some(&town), UnitKind::Village, "东沟村", "");
    let mine = unit("mine", Some(&town), UnitKind::Mine, "一号矿", "K1");
    let crew = unit("crew", Some(&mine), UnitKind::Subunit, "采掘队", "");
    let other = unit("other", Some(&county), UnitKind::Township, "白音镇", "T2");
    vec![county, town, village, mine, crew, other]
}

fn outcomes(csv: &str) -> Vec<String> {
    let units = town();
    let table = rows::read(csv.as_bytes(), "单位.csv").unwrap();
    plan(&table, &units, &units[1]).rows.iter().map(|row| in_words(&row.outcome)).collect()
}

fn in_words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::New { above: Above::Unit(id), facts } => format!("new {} below {id}", facts.name),
        Outcome::New { above: Above::Row(row), facts } => format!("new {} below row {row}", facts.name),
        Outcome::Changed { differences, .. } => differences
            .iter()
            .map(|difference| format!("{}: {} → {}", difference.label, difference.then, difference.now))
            .collect::<Vec<_>>()
            .join("; "),
        Outcome::Unchanged => "unchanged".to_owned(),
        Outcome::Faulty(faults) => {
            faults.iter().map(|fault| format!("{}！{}", fault.column, fault.message)).collect::<Vec<_>>().join("; ")
        }
    }
}

#[test]
fn parents_may_stand_anywhere_in_the_same_table() {
    let csv = "上级单位,单位名称,类型\n甲厂,一车间,车间\n,甲厂,企业\n一车间,早班,班组\n";
    assert_eq!(outcomes(csv), ["new 一车间 below row 1", "new 甲厂 below town", "new 早班 below row 0"]);
}

#[test]
fn a_row_is_the_unit_with_its_number_or_else_its_name_below_its_parent() {
    let csv = "上级单位,单位名称,类型,编号,电话\n,东沟村,,,\n,东沟 村,村,C9,\n青龙山镇,一号矿业公司,,k1,0470-1\nK1,采掘队,,,清空\n";
    let table: Vec<String> = outcomes(csv);
    assert_eq!(table[0], "unchanged");
    assert!(table[1].contains("与第2行重复"), "{}", table[1]);
    assert_eq!(table[2], "单位名称: 一号矿 → 一号矿业公司; 电话:  → 0470-1");
    assert_eq!(table[3], "unchanged");
}

#[test]
fn the_unit_imported_below_may_stand_in_the_table_itself() {
    assert_eq!(
        outcomes("上级单位,单位名称,类型\n平安旗,青龙山镇,乡镇\n青龙山镇,西沟村,村\n"),
        ["unchanged", "new 西沟村 below town"]
    );
}

#[test]
fn faults_name_the_column_and_the_cure() {
    let cases = [
        (
            "上级单位,单位名称,类型\n北山村,放牧点,其他\n",
            "上级单位！没有找到上级单位“北山村”。请核对名称，或把它也加到表里。",
        ),
        ("上级单位,单位名称,类型\n乙,甲,企业\n甲,乙,企业\n", "上级单位！上级单位绕了一圈又回到自己"),
        ("上级单位,单位名称,类型\n,西沟村,城堡\n", "类型！不认识类型“城堡”"),
        ("上级单位,单位名称,类型\n,西沟村,\n", "类型！新单位要填类型"),
        ("单位名称,类型,编号\n西沟村,村,T2\n", "编号！编号“T2”已由本范围以外的单位使用"),
        ("单位名称,类型,从业人数\n西沟村,村,很多\n", "从业人数！“很多”不是人数"),
        ("单位名称,类型,行业\n西沟村,村,开飞机\n", "行业！不认识行业“开飞机”"),
        ("上级单位,单位名称,编号\n东沟村,一号矿,K1\n", "上级单位！这个单位现在的上级是“青龙山镇”"),
        ("上级单位,单位名称,类型\n,一号矿,矿山\n一号矿,一号矿,矿山\n一号矿,甲队,科室\n", "unchanged"),
        ("单位名称,类型,编号\n西沟村,村,A1\n南沟村,村,A1\n", "new 西沟村 below town"),
    ];
    for (csv, beginning) in cases {
        let found = outcomes(csv);
        assert!(found[0].starts_with(beginning), "{csv}\n{found:#?}");
    }
    assert!(outcomes("单位名称,类型,编号\n西沟村,村,A1\n南沟村,村,A1\n")[1].contains("与第2行的编号相同"));
    let ambiguous = outcomes(
        "上级单位,单位名称,类型\n,一号矿,矿山\n东沟村,一号矿,矿山\n一号矿,甲队,科室\n东沟村/一号矿,乙队,科室\n",
    );
    assert!(ambiguous[2].contains("不止一个"), "{ambiguous:#?}");
    assert_eq!(ambiguous[3], "new 乙队 below row 1");
}

#[test]
fn a_fault_of_a_parent_is_a_fault_of_its_children() {
    let found = outcomes("上级单位,单位名称,类型\n,甲厂,城堡\n甲厂,一车间,车间\n一车间,早班,班组\n");
    assert!(found[1].contains("第2行") && found[2].contains("第3行"), "{found:#?}");
}
