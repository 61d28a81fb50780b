//! The table as a file: the template to fill in, and exports, in the same columns.

use axum::extract::State;
use axum::response::Response;
use official_doc::table::{Cell, Sheet, write_csv, write_xlsx};

use super::plan::CLEAR;
use super::rows::Column;
use crate::App;
use crate::features::units::facts::Unit;
use crate::features::units::model::UnitKind;
use crate::features::units::{api, industries};
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::{Error, Result};
use crate::platform::web;

/// Media type of a workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// `GET /units/template.xlsx`: an empty table with drop-downs and how to fill it in.
pub async fn download(State(app): State<App>, page: Page) -> Result<Response> {
    let scope = page.actor.scope(Permission::UnitEdit);
    let parents = api::list(app.db.reader(), &page.actor.jurisdiction, &scope).await?;
    let parents = parents.into_iter().map(|unit| unit.name).take(200).collect();
    Ok(web::attachment("单位导入模板.xlsx", XLSX, template(parents)?))
}

/// The template, its drop-down of parents offering these names.
pub fn template(parents: Vec<String>) -> Result<Vec<u8>> {
    let mut sheet = Sheet::new("单位", columns(false));
    if let Some(parent) = sheet.columns.first_mut() {
        parent.heading = Column::Parent.heading().to_owned();
    }
    let notes: Vec<String> = notes(&parents);
    let notes: Vec<&str> = notes.iter().map(String::as_str).collect();
    write_xlsx(&[sheet], &notes).map_err(Error::internal)
}

fn notes(parents: &[String]) -> Vec<String> {
    let kinds: Vec<&str> = UnitKind::ALL.iter().map(|kind| kind.label()).collect();
    let mut notes = vec![
        "一、每行一个单位，标题行不要改动；不用的列可以整列留空。".to_owned(),
        "二、上级单位：填上级单位的名称或编号；留空表示直接放在导入时所选的单位之下。上级单位可以在本表中，先后不限。\
         同名单位不止一个时，写成“上级/单位”。"
            .to_owned(),
        "三、单位名称：必填，写全称，与公章一致，最多60字。同一上级单位下不能有两个同名单位。".to_owned(),
        format!("四、类型：新单位必填，从下拉列表选择：{}。", kinds.join("、")),
        "五、编号：统一社会信用代码、区划代码等，可以留空。填了编号，再次导入时按编号认单位；没有编号的按上级单位加名称认。"
            .to_owned(),
        "六、行业：企业、矿山填写，从下拉列表选择，其他单位可以留空。".to_owned(),
        "七、从业人数、序号：只填数字。序号决定在名册中的先后，留空的排在最后。".to_owned(),
        format!("八、空白格不改动系统里原有的内容；要清空某一项，请在格内填“{CLEAR}”。"),
        "九、导入前会先显示新增、修改和有误的行，核对后再确认；同一份表格导入两次不会重复。".to_owned(),
        "十、示例：上级单位“青龙山镇”，单位名称“东沟村”，类型“嘎查村”，主要负责人“李桂兰”，从业人数“126”，电话“0470-6701234”。"
            .to_owned(),
    ];
    if !parents.is_empty() {
        notes.push(format!("十一、现有单位（可作上级单位）：{}。", parents.join("、")));
    }
    notes
}

/// The columns with their drop-downs; `state` adds the state of units that are not in use.
fn columns(state: bool) -> Vec<official_doc::table::Column> {
    use official_doc::table::Column as Head;
    let head = |column: Column| {
        let heading = column.heading();
        match column {
            Column::Parent => Head::text(heading).width(22.0),
            Column::Name => Head::text(heading).width(28.0),
            Column::Kind => Head::text(heading).width(16.0).allowed(UnitKind::ALL.iter().map(|kind| kind.label())),
            Column::Industry => {
                Head::text(heading).width(22.0).allowed(industries::all().iter().map(|industry| industry.name.as_str()))
            }
            Column::Headcount | Column::Ordinal => Head::number(heading).width(10.0),
            Column::Address | Column::Note => Head::text(heading).width(28.0),
            _ => Head::text(heading).width(16.0),
        }
    };
    let mut columns: Vec<Head> = Column::ALL.into_iter().map(head).collect();
    if state {
        columns.push(Head::text(Column::State.heading()).width(10.0));
    }
    columns
}

/// Units as a table; `parent` tells how a unit's parent is named.
pub fn sheet(units: &[Unit], parent: impl Fn(&Unit) -> String) -> Sheet {
    let state = units.iter().any(|unit| !unit.is_active());
    let mut sheet = Sheet::new("单位", columns(state));
    let text = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::from(text) };
    for unit in units {
        let facts = &unit.facts;
        let mut row = vec![
            text(&parent(unit)),
            text(&facts.name),
            text(facts.kind.label()),
            text(&facts.code),
            text(industries::name(&facts.industry)),
            text(&facts.principal),
            Cell::from(facts.headcount),
            text(&facts.address),
            text(&facts.village),
            text(&facts.phone),
            text(&facts.note),
            if facts.ordinal == 0 { Cell::Empty } else { Cell::from(facts.ordinal) },
        ];
        if state {
            row.push(text(unit.state.label()));
        }
        sheet.rows.push(row);
    }
    sheet
}

/// A sheet as a file for saving, by the end of the name wanted.
pub fn file(name: &str, csv: bool, sheet: Sheet) -> Result<Response> {
    if csv {
        return Ok(web::attachment(&format!("{name}.csv"), "text/csv; charset=utf-8", write_csv(&sheet)));
    }
    let bytes = write_xlsx(&[sheet], &[]).map_err(Error::internal)?;
    Ok(web::attachment(&format!("{name}.xlsx"), XLSX, bytes))
}
