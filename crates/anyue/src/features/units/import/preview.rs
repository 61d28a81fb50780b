//! What a table would do, shown before it is done; and doing it.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use official_doc::table::{Cell, Sheet};

use super::apply::{self, Import};
use super::plan::{self, Fault, Outcome, Plan, PlannedRow, Tally};
use super::rows::{Column, UnitTable};
use super::template;
use super::upload::{DRAFT, Waiting};
use crate::App;
use crate::features::units::facts::{Difference, Unit};
use crate::features::units::store;
use crate::page::Page;
use crate::platform::auth::{Actor, Permission};
use crate::platform::drafts;
use crate::platform::error::{Error, Result};
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// Most rows shown of a part.
const SHOWN: usize = 300;

/// 核对要导入的单位
#[derive(Debug, Template)]
#[template(path = "features/units/templates/preview.html")]
pub struct PreviewPage {
    /// Around it.
    pub frame: Frame,
    /// Name of the file.
    pub file_name: String,
    /// The unit it is imported below.
    pub top: String,
    /// How many rows do what.
    pub tally: Tally,
    /// Columns that are left out, and what else should be looked at.
    pub remarks: Vec<String>,
    /// Rows in the part that is shown.
    pub rows: Vec<Line>,
    /// The part that is shown: `faulty`, `changed`, `added` or `unchanged`.
    pub part: String,
    /// How many rows of it are not shown.
    pub hidden: usize,
    /// The plan's fingerprint.
    pub shown: String,
    /// Whether units changed since the plan was last shown.
    pub moved_on: bool,
}

/// A row in words.
#[derive(Debug)]
pub struct Line {
    /// Row in the file.
    pub number: u32,
    /// Name.
    pub name: String,
    /// Name of what stands above.
    pub parent: String,
    /// New units: facts in words.
    pub facts: String,
    /// Changed units.
    pub differences: Vec<Difference>,
    /// Faulty rows.
    pub faults: Vec<Fault>,
}

/// Which part is asked for.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Asked {
    /// `faulty`, `changed`, `added` or `unchanged`.
    #[serde(default)]
    part: String,
}

impl PreviewPage {
    /// The parts: key, words, number of rows.
    pub fn parts(&self) -> [(&'static str, &'static str, i64); 4] {
        [
            ("faulty", "有误", self.tally.faulty),
            ("changed", "修改", self.tally.changed),
            ("added", "新增", self.tally.added),
            ("unchanged", "无变化", self.tally.unchanged),
        ]
    }

    /// Rows that will be taken over.
    pub fn good(&self) -> i64 {
        self.tally.added + self.tally.changed
    }

    fn new(frame: Frame, waiting: &Waiting, top: &Unit, plan: &Plan, part: &str) -> Self {
        let tally = plan.tally();
        let mut page = Self {
            frame,
            file_name: waiting.table.file_name.clone(),
            top: top.facts.name.clone(),
            tally,
            remarks: waiting.table.remarks.clone(),
            rows: Vec::new(),
            part: String::new(),
            hidden: 0,
            shown: plan.fingerprint(),
            moved_on: false,
        };
        if !waiting.table.ignored.is_empty() {
            page.remarks.insert(0, format!("没有用到的列：{}。", waiting.table.ignored.join("、")));
        }
        let parts = page.parts();
        let first = parts.iter().find(|(_, _, count)| *count > 0);
        let asked = parts.iter().find(|(key, _, count)| *key == part && *count > 0);
        page.part = asked.or(first).map_or("added", |(key, _, _)| key).to_owned();
        let mut rows: Vec<Line> = plan.rows.iter().filter(|row| part_of(row) == page.part).map(line).collect();
        page.hidden = rows.len().saturating_sub(SHOWN);
        rows.truncate(SHOWN);
        page.rows = rows;
        page
    }
}

fn part_of(row: &PlannedRow) -> &'static str {
    match row.outcome {
        Outcome::New { .. } => "added",
        Outcome::Changed { .. } => "changed",
        Outcome::Unchanged => "unchanged",
        Outcome::Faulty(_) => "faulty",
    }
}

fn line(row: &PlannedRow) -> Line {
    let mut line = Line {
        number: row.number,
        name: row.name.clone(),
        parent: row.parent.clone(),
        facts: String::new(),
        differences: Vec::new(),
        faults: Vec::new(),
    };
    match &row.outcome {
        Outcome::New { facts, .. } => {
            let words = facts.in_words();
            let known = words[1..10].iter().filter(|(_, value)| !value.is_empty());
            line.facts = known.map(|(_, value)| value.as_str()).collect::<Vec<_>>().join("　");
        }
        Outcome::Changed { differences, .. } => line.differences.clone_from(differences),
        Outcome::Unchanged => {}
        Outcome::Faulty(faults) => line.faults.clone_from(faults),
    }
    line
}

async fn waiting(app: &App, actor: &Actor) -> Result<Waiting> {
    let draft = drafts::find(app.db.reader(), actor, DRAFT).await?;
    let draft = draft.ok_or_else(|| {
        Error::Gone("没有等待确认的表格，可能已经导入或放弃了。请到“单位—导入”重新选择文件。".to_owned())
    })?;
    Ok(serde_json::from_str(&draft.payload)?)
}

async fn planned(app: &App, actor: &Actor, waiting: &Waiting) -> Result<(Unit, Plan)> {
    let top = store::units::find(app.db.reader(), &actor.jurisdiction, &waiting.top).await?.ok_or(Error::NotFound)?;
    actor.require(Permission::UnitEdit, &top.path)?;
    let units = store::units::all_active(app.db.reader(), &actor.jurisdiction).await?;
    let plan = plan::plan(&waiting.table, &units, &top);
    Ok((top, plan))
}

/// `GET /units/import/preview`
pub async fn page(State(app): State<App>, page: Page, Query(asked): Query<Asked>) -> Result<Response> {
    let waiting = waiting(&app, &page.actor).await?;
    let (top, plan) = planned(&app, &page.actor, &waiting).await?;
    web::page(&PreviewPage::new(page.frame("核对要导入的单位", "units"), &waiting, &top, &plan, &asked.part))
}

/// What was confirmed.
#[derive(Debug, serde::Deserialize)]
pub struct Accept {
    /// Fingerprint of the plan that was shown.
    #[serde(default)]
    shown: String,
}

/// `POST /units/import/accept`
pub async fn accept(State(app): State<App>, page: Page, Form(form): Form<Accept>) -> Result<Response> {
    let actor = &page.actor;
    let waiting = waiting(&app, actor).await?;
    let cmd = Import { table: &waiting.table, top: &waiting.top, shown: Some(form.shown.as_str()), draft: Some(DRAFT) };
    match apply::import(&app, actor, cmd).await {
        Ok(done) => {
            let Tally { added, changed, faulty, .. } = done.tally;
            let left_out = if faulty > 0 { format!("，跳过有误的{faulty}行") } else { String::new() };
            let words = format!("已导入：新增{added}个单位，修改{changed}个{left_out}。");
            let flash = Flash::success(words).undo(format!("/units/imports/{}/undo", done.id));
            Ok(web::see_other_with("/units", &flash))
        }
        Err(Error::Changed) => {
            let (top, plan) = planned(&app, actor, &waiting).await?;
            let frame = page.frame("核对要导入的单位", "units");
            web::page_changed(&PreviewPage { moved_on: true, ..PreviewPage::new(frame, &waiting, &top, &plan, "") })
        }
        Err(other) => Err(other),
    }
}

/// `POST /units/import/drop`: forgets the table that waits.
pub async fn drop_waiting(State(app): State<App>, page: Page) -> Result<Response> {
    let tx = app.db.begin(&page.actor.jurisdiction).await?;
    drafts::drop(&tx, &page.actor, DRAFT).await?;
    tx.commit_unaudited("forgetting a table of units that was not confirmed").await?;
    Ok(web::see_other_with("/units/import", &Flash::success("已放弃这份表格，没有改动任何单位。")))
}

/// `GET /units/import/faulty.xlsx`: the faulty rows, each with what is wrong, for putting them right.
pub async fn faulty(State(app): State<App>, page: Page) -> Result<Response> {
    let waiting = waiting(&app, &page.actor).await?;
    let (_, plan) = planned(&app, &page.actor, &waiting).await?;
    template::file("有误的行", false, faulty_sheet(&waiting.table, &plan))
}

fn faulty_sheet(table: &UnitTable, plan: &Plan) -> Sheet {
    use official_doc::table::Column as Head;
    let mut columns: Vec<Head> = Column::ALL.iter().map(|column| Head::text(column.heading())).collect();
    columns.extend([Head::text("有误之处").width(60.0), Head::number("原表行号").width(10.0)]);
    let mut sheet = Sheet::new("有误的行", columns);
    for (row, planned) in table.rows.iter().zip(&plan.rows) {
        let Outcome::Faulty(faults) = &planned.outcome else { continue };
        let words: Vec<String> = faults.iter().map(|fault| format!("{}：{}", fault.column, fault.message)).collect();
        let mut cells: Vec<Cell> = Column::ALL.iter().map(|column| Cell::from(row.cell(*column))).collect();
        cells.extend([Cell::from(words.join(" ")), Cell::from(i64::from(row.number))]);
        sheet.rows.push(cells);
    }
    sheet
}

#[cfg(any(test, feature = "testing"))]
impl PreviewPage {
    /// An example.
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            file_name: "青龙山镇单位.xlsx".to_owned(),
            top: "青龙山镇".to_owned(),
            tally: Tally { added: 14, changed: 1, unchanged: 8, faulty: 1 },
            remarks: vec!["没有用到的列：天气。".to_owned()],
            rows: vec![Line {
                number: 5,
                name: "西沟村".to_owned(),
                parent: "青龙山镇".to_owned(),
                facts: "嘎查村　李桂兰".to_owned(),
                differences: vec![Difference { label: "电话".into(), then: "1".into(), now: "2".into() }],
                faults: vec![Fault {
                    column: "类型", message: "新单位要填类型，请从下拉列表中选择。".to_owned()
                }],
            }],
            part: "faulty".to_owned(),
            hidden: 3,
            shown: "0".to_owned(),
            moved_on: true,
        }
    }
}
