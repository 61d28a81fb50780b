//! `/statistics/summary`: units as rows, slots as columns.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use super::document::Document;
use super::form::{Form, Slot};
use super::load::{self, Wanted};
use super::model::{Cell, Span};
use super::seen::Seen;
use super::sheet::UnitSheet;
use super::show::{self, Choices};
use super::words;
use crate::App;
use crate::features::units::api as units;
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::Result;
use crate::platform::ids::UnitId;
use crate::platform::web::{self, Frame};

/// 汇总表
#[derive(Debug, Template)]
#[template(path = "features/statistics/templates/summary.html")]
pub struct SummaryPage {
    /// Around it.
    pub frame: Frame,
    /// What was asked for.
    pub wanted: Wanted,
    /// Campaigns, weeks and units to choose from.
    pub choices: Choices,
    /// The table.
    pub table: SummaryTable,
    /// Whose, of which days, and whether it was frozen.
    pub about: String,
}

impl SummaryPage {
    /// The address of the same table with the other figure.
    pub fn with_span(&self, span: &str) -> String {
        self.wanted.address("/statistics/summary", &[("span", span)])
    }

    /// Whether this figure is shown.
    pub fn is_span(&self, code: &str) -> bool {
        self.wanted.span().code() == code
    }

    #[cfg(any(test, feature = "testing"))]
    /// An example.
    pub fn sample() -> Self {
        let value = |text: &str| SummaryCell {
            text: text.to_owned(),
            href: "/statistics/records".to_owned(),
            corrected: false,
        };
        Self {
            frame: Frame::default(),
            wanted: Wanted::default(),
            choices: show::ShowPage::sample().choices,
            table: SummaryTable {
                groups: vec![("启动部署".to_owned(), 2)],
                heads: vec![
                    ("启动仪式、动员部署会".to_owned(), "场次".to_owned()),
                    ("启动仪式、动员部署会：参与".to_owned(), "人次".to_owned()),
                ],
                rows: vec![SummaryRow {
                    name: "东沟村".to_owned(),
                    href: "/statistics?unit=1".to_owned(),
                    kind: "嘎查村".to_owned(),
                    cells: vec![value("1"), SummaryCell { corrected: true, ..value("60") }],
                }],
                joint: vec!["—".to_owned(), "-10".to_owned()],
                total: vec![value("1"), value("50")],
            },
            about: "青龙山镇　6月1日至6月16日（累计）".to_owned(),
        }
    }
}

/// A number of the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SummaryCell {
    /// As printed.
    pub text: String,
    /// Where its records are listed; empty when there are none.
    pub href: String,
    /// A person has corrected it.
    pub corrected: bool,
}

/// A unit's row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SummaryRow {
    /// Its name; 本级 for the top's own.
    pub name: String,
    /// Its form, or its own summary.
    pub href: String,
    /// Its kind.
    pub kind: String,
    /// By slot.
    pub cells: Vec<SummaryCell>,
}

/// Units as rows, slots as columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SummaryTable {
    /// Rows of the form and how many slots each has.
    pub groups: Vec<(String, usize)>,
    /// Slots: name and unit of measure.
    pub heads: Vec<(String, String)>,
    /// Units.
    pub rows: Vec<SummaryRow>,
    /// What joint activities would count twice, taken off; empty when there is nothing.
    pub joint: Vec<String>,
    /// The whole.
    pub total: Vec<SummaryCell>,
}

/// The slots that hold numbers, with their places.
pub fn number_slots(form: &Form) -> Vec<(usize, &Slot)> {
    form.slots_on().into_iter().enumerate().filter(|(_, slot)| !slot.is_text()).collect()
}

/// By how much the sum of rows and the whole differ: joint activities stand at each unit and count once above.
pub fn joint_difference(rows: &[&[Cell]], total: &[Cell], at: usize, slot: &Slot) -> Option<i64> {
    if slot.is_ratio() || slot.is_text() {
        return None;
    }
    let value = |cells: &[Cell]| cells.get(at).and_then(|cell| cell.value).unwrap_or_default();
    let difference = value(total) - rows.iter().map(|row| value(row)).sum::<i64>();
    (difference != 0).then_some(difference)
}

/// What the rows of a summary are: the top's own, then each unit directly below it with all that is below that.
pub fn parts<'a>(top: &'a UnitSheet, below: &[&'a UnitSheet], span: Span) -> Vec<(Option<&'a UnitSheet>, &'a [Cell])> {
    let mut parts: Vec<(Option<&UnitSheet>, &[Cell])> = Vec::new();
    if top.own.is_some() && top.own_cells(span).iter().any(|cell| *cell != Cell::default()) {
        parts.push((None, top.own_cells(span)));
    }
    parts.extend(below.iter().map(|sheet| (Some(*sheet), sheet.cells(span))));
    parts
}

impl SummaryTable {
    /// Whether the slot at this place is the first of its row of the form.
    pub fn starts(&self, at: &usize) -> bool {
        let mut first = 0;
        self.groups.iter().any(|(_, slots)| {
            let here = first;
            first += slots;
            here == *at
        })
    }

    /// The table of a unit and those directly below it.
    pub fn new(form: &Form, top: &UnitSheet, below: &[&UnitSheet], wanted: &Wanted) -> Self {
        let span = wanted.span();
        let slots = number_slots(form);
        let filled = |unit: Option<&UnitId>, cells: &[Cell]| -> Vec<SummaryCell> {
            let one = |(at, slot): &(usize, &Slot)| {
                let cell = cells.get(*at).cloned().unwrap_or_default();
                let known = cell.value.is_some() || cell.waiting.is_some();
                let href = unit.filter(|_| known).map(|unit| {
                    let changes = [("unit", unit.as_str()), ("slot", slot.code.as_str()), ("span", span.code())];
                    wanted.address("/statistics/records", &changes)
                });
                SummaryCell { text: cell.printed(slot), href: href.unwrap_or_default(), corrected: cell.corrected }
            };
            slots.iter().map(one).collect()
        };
        let parts = parts(top, below, span);
        let rows = parts.iter().map(|(sheet, cells)| SummaryRow {
            name: sheet.map_or_else(|| format!("{}（本级）", top.name), |sheet| sheet.name.clone()),
            href: sheet
                .map(|sheet| {
                    let page = if sheet.own.is_some() { "/statistics/summary" } else { "/statistics" };
                    wanted.address(page, &[("unit", sheet.id.as_str())])
                })
                .unwrap_or_default(),
            kind: sheet.map_or(top.kind, |sheet| sheet.kind).label().to_owned(),
            cells: filled(sheet.map(|sheet| &sheet.id), cells),
        });
        let rows = rows.collect();
        let cells: Vec<&[Cell]> = parts.iter().map(|(_, cells)| *cells).collect();
        let joint: Vec<Option<i64>> =
            slots.iter().map(|(at, slot)| joint_difference(&cells, top.cells(span), *at, slot)).collect();
        Self {
            groups: form
                .rows_on()
                .into_iter()
                .map(|(row, slots)| (row.label.clone(), slots.iter().filter(|slot| !slot.is_text()).count()))
                .filter(|(_, count)| *count > 0)
                .collect(),
            heads: slots.iter().map(|(_, slot)| (slot.label.clone(), slot.unit.clone())).collect(),
            rows,
            joint: if joint.iter().any(Option::is_some) {
                joint.iter().map(|one| one.map_or_else(String::new, crate::features::records::api::grouped)).collect()
            } else {
                Vec::new()
            },
            total: filled(Some(&top.id), top.cells(span)),
        }
    }
}

/// `GET /statistics/summary`
pub async fn page(State(app): State<App>, page: Page, Query(wanted): Query<Wanted>) -> Result<Response> {
    let (town, today) = (&page.actor.jurisdiction, app.clock.today());
    let Some(chosen) = load::chosen(&app, &page.actor, Permission::StatisticsView, &wanted).await? else {
        return Ok(web::see_other("/statistics"));
    };
    let seen = Seen::read(&app, town, (&chosen, load::Detail::Each), &wanted).await?;
    let document = seen.document();
    let wanted = show::fixed(wanted, &chosen);
    let top = document.unit(&chosen.unit.id).ok_or(crate::platform::error::Error::NotFound)?;
    let below: Vec<&UnitSheet> = document.children(&chosen.unit.id).collect();
    let all = units::list(app.db.reader(), town, &chosen.scope).await?;
    let parents: std::collections::HashSet<&UnitId> = all.iter().filter_map(|unit| unit.parent_id.as_ref()).collect();
    let choosable = all.iter().filter(|unit| parents.contains(&unit.id) || unit.id == chosen.unit.id);
    let choices =
        Choices::new(&chosen, choosable.map(|unit| (unit.id.to_string(), unit.name.clone())).collect(), today);
    let (from, until) = words::days_of(&chosen.week, wanted.span());
    let days = super::paper::span_in_words(&words::period(from, until, today), wanted.span());
    let edition = if document.edition > 0 { format!("　第{}次冻结", document.edition) } else { String::new() };
    web::page(&SummaryPage {
        frame: page.frame("汇总表", "statistics"),
        table: SummaryTable::new(&document.form, top, &below, &wanted),
        about: format!("{}　{days}{edition}", chosen.unit.name),
        choices,
        wanted,
    })
}

impl Seen {
    /// The whole of what is seen: as frozen, or as it is now.
    pub fn document(&self) -> std::borrow::Cow<'_, Document> {
        match &self.frozen {
            Some((_, document)) => std::borrow::Cow::Borrowed(document),
            None => std::borrow::Cow::Owned(Document::of(&self.basis, None)),
        }
    }
}
