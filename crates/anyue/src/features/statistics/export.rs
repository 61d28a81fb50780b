//! The forms as files: a workbook with a summary and a sheet for each unit, a CSV of every figure, and a manifest of
//! what a file holds. Every file is made whole before it is offered.

use std::collections::HashSet;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use official_doc::table::{Cell as TableCell, Column, PrintedForm, Sheet, write_csv, write_forms};
use serde_json::json;
use sha2::Digest as _;

use super::document::Document;
use super::form::Slot;
use super::load::{self, Wanted};
use super::model::{Cell, Span};
use super::seen::Seen;
use super::sheet::UnitSheet;
use super::summary::{joint_difference, number_slots, parts};
use super::words;
use crate::App;
use crate::features::records::api as records;
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::{self, sheets};

/// `GET /statistics/export/{format}`: `xlsx`, `csv`, or `manifest` for what both hold; `docx` of the unit's form alone.
pub async fn file(
    State(app): State<App>,
    page: Page,
    Path(format): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let town = &page.actor.jurisdiction;
    let chosen = load::chosen(&app, &page.actor, Permission::StatisticsView, &wanted).await?.ok_or(Error::NotFound)?;
    let seen = Seen::read(&app, town, (&chosen, load::Detail::Each), &wanted).await?;
    let mut document = seen.document().into_owned();
    if let Some(campaign) = &chosen.campaign {
        document.campaign.clone_from(&campaign.title);
    }
    let name = file_name("统计表", &chosen.unit.name, &document);
    let unit = chosen.unit.id.clone();
    // Off the async threads: a town's workbook has hundreds of sheets.
    let made =
        tokio::task::spawn_blocking(move || make(&document, &unit, &format)).await.map_err(Error::internal)??;
    let (ending, media_type, bytes) = made;
    Ok(web::attachment(&format!("{name}.{ending}"), media_type, bytes))
}

/// What a file of a document is called, without its ending.
pub(super) fn file_name(what: &str, unit: &str, document: &Document) -> String {
    let name = format!("{what}{unit}{}", document.week.until);
    match document.edition {
        0 => name,
        edition => format!("{name}第{edition}次冻结"),
    }
}

type Made = (&'static str, &'static str, Vec<u8>);

fn make(document: &Document, unit: &UnitId, format: &str) -> Result<Made> {
    match format {
        "xlsx" => Ok(("xlsx", sheets::XLSX, workbook(document, unit)?)),
        "csv" => Ok(("csv", "text/csv; charset=utf-8", write_csv(&figures(document, unit)?))),
        "manifest" => Ok(("json", "application/json", manifest(document, unit)?)),
        "docx" => {
            let form = unit_form(document, document.unit(unit).ok_or(Error::NotFound)?, String::new());
            Ok(("docx", sheets::DOCX, official_doc::write::forms(&[form]).map_err(Error::internal)?))
        }
        _ => Err(Error::NotFound),
    }
}

/// The units of a document below one, itself first.
fn below<'a>(document: &'a Document, top: &UnitId) -> Vec<&'a UnitSheet> {
    let mut inside: HashSet<&UnitId> = HashSet::new();
    document
        .units
        .iter()
        .filter(|sheet| {
            let here = sheet.id == *top || sheet.parent.as_ref().is_some_and(|parent| inside.contains(parent));
            if here {
                inside.insert(&sheet.id);
            }
            here
        })
        .collect()
}

/// What was counted, in a line: `统计时段：2022年6月1日至2022年6月16日　第1次冻结（2022-06-16 12:30，萨仁）`.
fn period_line(document: &Document) -> String {
    let week = &document.week;
    let never = jiff::civil::date(1, 1, 1);
    let days = |span| {
        let (from, until) = words::days_of(week, span);
        words::period(from, until, never)
    };
    let mut line = format!("统计时段：本周{}，累计{}", days(Span::Week), days(Span::Total));
    if document.edition > 0 {
        let at = calendar::to_local(document.frozen_at).map(|at| at.strftime("%Y-%m-%d %H:%M").to_string());
        line.push_str(&format!("　第{}次冻结（{}，{}）", document.edition, at.unwrap_or_default(), document.frozen_by));
    }
    line
}

fn table_cell(cell: &Cell, slot: &Slot) -> TableCell {
    if slot.is_text() {
        return cell.text.as_str().into();
    }
    if slot.is_ratio() {
        return cell.tenths().map_or(TableCell::Empty, |tenths| TableCell::Number(tenths as f64 / 10.0));
    }
    cell.value.into()
}

/// Every figure of every unit, one a line: for machines, and for adding up otherwise.
fn figures(document: &Document, top: &UnitId) -> Result<Sheet> {
    let columns = vec![
        Column::text("单位"),
        Column::text("单位类型"),
        Column::text("上级单位"),
        Column::text("活动项目"),
        Column::text("指标代码"),
        Column::text("指标"),
        Column::text("计量单位"),
        Column::number("本周"),
        Column::number("累计"),
        Column::number("本周待审"),
        Column::number("累计待审"),
        Column::text("已更正"),
    ];
    let mut sheet = Sheet::new("统计表", columns);
    let units = below(document, top);
    if units.is_empty() {
        return Err(Error::NotFound);
    }
    for unit in units {
        let parent = unit.parent.as_ref().and_then(|id| document.unit(id)).map_or("", |parent| parent.name.as_str());
        let mut at = 0;
        for (row, slots) in document.form.rows_on() {
            for slot in slots {
                let empty = Cell::default();
                let (week, total) = (unit.week.get(at).unwrap_or(&empty), unit.total.get(at).unwrap_or(&empty));
                at += 1;
                sheet.rows.push(vec![
                    unit.name.as_str().into(),
                    unit.kind.label().into(),
                    parent.into(),
                    row.label.as_str().into(),
                    slot.code.as_str().into(),
                    slot.label.as_str().into(),
                    slot.unit.as_str().into(),
                    table_cell(week, slot),
                    table_cell(total, slot),
                    week.waiting.into(),
                    total.waiting.into(),
                    if week.corrected || total.corrected { "是" } else { "" }.into(),
                ]);
            }
        }
    }
    Ok(sheet)
}

/// What a file holds, so that whoever receives it can tell whether it is whole.
fn manifest(document: &Document, top: &UnitId) -> Result<Vec<u8>> {
    let table = figures(document, top)?;
    let csv = write_csv(&table);
    let xlsx = workbook(document, top)?;
    let sum = |bytes: &[u8]| hex::encode(sha2::Sha256::digest(bytes));
    let text = json!({
        "campaign": document.campaign,
        "week": document.week,
        "edition": document.edition,
        "form_version": document.form.version,
        "units": below(document, top).len(),
        "csv": { "rows": table.rows.len(), "bytes": csv.len(), "sha256": sum(&csv) },
        "xlsx": { "bytes": xlsx.len(), "sha256": sum(&xlsx) },
        "data_sha256": sum(&document.to_bytes()?),
    });
    Ok(serde_json::to_vec_pretty(&text)?)
}

/// The workbook: the summary of both figures, a sheet for each unit, and what the file holds.
pub(super) fn workbook(document: &Document, top: &UnitId) -> Result<Vec<u8>> {
    let units = below(document, top);
    let Some(first) = units.first() else { return Err(Error::NotFound) };
    let mut names = SheetNames::default();
    let mut forms: Vec<PrintedForm> = Vec::new();
    for span in [Span::Total, Span::Week] {
        forms.push(summary(document, first, span, names.free(&format!("汇总（{}）", span.label()))));
    }
    let mut rows = forms.iter().map(|form| form.sheet.rows.len()).sum::<usize>();
    for unit in &units {
        let form = unit_form(document, unit, names.free(&unit.name));
        rows += form.sheet.rows.len();
        forms.push(form);
    }
    let notes = [
        format!("活动：{}", document.campaign),
        period_line(document),
        format!("单位 {} 个，工作表 {} 张，数据 {rows} 行", units.len(), forms.len()),
        format!("数据校验值（SHA-256）：{}", hex::encode(sha2::Sha256::digest(document.to_bytes()?))),
        "空白表示没有填报，0表示填报为零。联合开展的活动在各单位都列出，合计中只算一次。".to_owned(),
    ];
    let notes = notes.each_ref().map(String::as_str);
    write_forms(&forms, &notes).map_err(Error::internal)
}

/// Names of sheets: at most 31 characters, without signs that a workbook does not take, each once.
#[derive(Default)]
struct SheetNames(HashSet<String>);

impl SheetNames {
    fn free(&mut self, name: &str) -> String {
        let clean: String = name.chars().filter(|c| !c.is_control() && !"[]:*?/\\'".contains(*c)).collect();
        let clean = if clean.trim().is_empty() { "单位" } else { clean.trim() };
        let numbered = |number: usize| {
            let ending = if number == 1 { String::new() } else { format!("（{number}）") };
            let mut room = 31 - ending.encode_utf16().count();
            let short = clean.chars().take_while(|c| {
                let fits = c.len_utf16() <= room;
                room = room.saturating_sub(c.len_utf16());
                fits
            });
            format!("{}{ending}", short.collect::<String>())
        };
        (1..).map(numbered).find(|name| self.0.insert(name.to_lowercase())).unwrap_or_default()
    }
}

/// Units as rows, slots as columns.
pub(super) fn summary(document: &Document, top: &UnitSheet, span: Span, name: String) -> PrintedForm {
    let slots = number_slots(&document.form);
    let mut columns = vec![Column::text("单位").width(20.0), Column::text("单位类型").width(10.0)];
    columns
        .extend(slots.iter().map(|(_, slot)| Column::number(format!("{}（{}）", slot.label, slot.unit)).width(11.0)));
    let mut sheet = Sheet::new(name, columns);
    let mut groups = vec![(String::new(), 2)];
    groups.extend(document.form.rows_on().into_iter().filter_map(|(row, slots)| {
        let numbers = slots.iter().filter(|slot| !slot.is_text()).count();
        (numbers > 0).then(|| (row.label.clone(), numbers))
    }));
    let children: Vec<&UnitSheet> = document.children(&top.id).collect();
    let parts = parts(top, &children, span);
    let row = |name: String, kind: &str, cells: &[Cell]| {
        let mut row: Vec<TableCell> = vec![name.into(), kind.into()];
        let empty = Cell::default();
        row.extend(slots.iter().map(|(at, slot)| table_cell(cells.get(*at).unwrap_or(&empty), slot)));
        row
    };
    for (unit, cells) in &parts {
        let name = unit.map_or_else(|| format!("{}（本级）", top.name), |unit| unit.name.clone());
        sheet.rows.push(row(name, unit.map_or(top.kind, |unit| unit.kind).label(), cells));
    }
    let lists: Vec<&[Cell]> = parts.iter().map(|(_, cells)| *cells).collect();
    let joint: Vec<Option<i64>> =
        slots.iter().map(|(at, slot)| joint_difference(&lists, top.cells(span), *at, slot)).collect();
    if !parts.is_empty() && joint.iter().any(Option::is_some) {
        let mut row: Vec<TableCell> = vec!["联合活动等调整".into(), TableCell::Empty];
        row.extend(joint.into_iter().map(TableCell::from));
        sheet.rows.push(row);
    }
    sheet.rows.push(row(if parts.is_empty() { top.name.clone() } else { "合计".to_owned() }, "", top.cells(span)));
    PrintedForm {
        title: vec![
            format!("{}汇总表（{}）", document.form.title, span.label()),
            format!("填报单位：{}　　{}", top.name, period_line(document)),
        ],
        sheet,
        foot: foot(document),
        signed: vec![format!("{}（盖章）", top.name), day_line(document)],
        groups,
        kept: 2,
        wide: true,
        ..PrintedForm::default()
    }
}

/// A unit's form.
pub(super) fn unit_form(document: &Document, unit: &UnitSheet, name: String) -> PrintedForm {
    let columns = vec![
        Column::number("序号").width(6.0),
        Column::text("活动项目").width(18.0),
        Column::text("指标").width(42.0),
        Column::text("单位").width(9.0),
        Column::number("本周").width(12.0),
        Column::number("累计").width(12.0),
        Column::text("备注").width(18.0),
    ];
    let mut sheet = Sheet::new(name, columns);
    let mut at = 0;
    for (no, (row, slots)) in (1_i64..).zip(document.form.rows_on()) {
        for (place, slot) in slots.into_iter().enumerate() {
            let empty = Cell::default();
            let (week, total) = (unit.week.get(at).unwrap_or(&empty), unit.total.get(at).unwrap_or(&empty));
            at += 1;
            let first = place == 0;
            sheet.rows.push(vec![
                if first { no.into() } else { TableCell::Empty },
                if first { row.label.as_str().into() } else { TableCell::Empty },
                slot.label.as_str().into(),
                slot.unit.as_str().into(),
                table_cell(week, slot),
                table_cell(total, slot),
                remark(slot, week, total).into(),
            ]);
        }
    }
    PrintedForm {
        label: document.form.label.clone(),
        title: vec![
            document.form.title.clone(),
            format!("填报单位（盖章）：{}　　填报人：{}　　联系电话：{}", unit.name, unit.filler, unit.phone),
            period_line(document),
        ],
        sheet,
        foot: foot(document),
        signed: vec![format!("{}（盖章）", unit.name), day_line(document)],
        joined: vec![0, 1],
        ..PrintedForm::default()
    }
}

/// What stands below the table, as on the page.
fn foot(document: &Document) -> Vec<String> {
    let notes = document.form.notes.trim();
    let told = (!notes.is_empty()).then(|| format!("填表说明：{notes}"));
    told.into_iter().chain(["填表人：　　　　　　　　　　审核人：".to_owned()]).collect()
}

/// 落款: the day it was frozen; a form that goes on is dated by hand.
fn day_line(document: &Document) -> String {
    match calendar::to_local(document.frozen_at).filter(|_| document.edition > 0) {
        Some(at) => official_doc::write::date_text(at.date()),
        None => "　　　　年　　月　　日".to_owned(),
    }
}

fn remark(slot: &Slot, week: &Cell, total: &Cell) -> String {
    let number = |value: Option<i64>| value.map_or_else(|| "未填".to_owned(), records::grouped);
    let mut remarks: Vec<String> = Vec::new();
    for (span, cell) in [(Span::Week, week), (Span::Total, total)] {
        if cell.corrected && !slot.is_text() && !slot.is_ratio() {
            remarks.push(format!("{}已更正，记录为{}", span.label(), number(cell.computed)));
        }
    }
    if let Some(waiting) = total.waiting {
        remarks.push(format!("另有待审{}", records::grouped(waiting)));
    }
    remarks.join("；")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_are_short_allowed_and_each_there_once() {
        let mut names = SheetNames::default();
        let long = "东沟村".repeat(20);
        let found = [
            names.free("东沟村"),
            names.free("东沟村"),
            names.free("a/b:c"),
            names.free("??"),
            names.free(&long),
            names.free(&long),
        ];
        assert_eq!(found[..4], ["东沟村", "东沟村（2）", "abc", "单位"].map(str::to_owned));
        assert!(found.iter().all(|name| name.encode_utf16().count() <= 31));
        assert_ne!(found[4], found[5]);
    }
}
