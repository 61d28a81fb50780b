//! `/work/records`: the records of the person's units.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::fill::own_units;
use super::kinds::{self, Kind};
use super::model::{Record, RecordId, State as Stand};
use super::store::list::{Order, Start, Wanted};
use super::{show, store, words};
use crate::App;
use crate::page::Page;
use crate::platform::error::Result;
use crate::platform::ids::UnitId;
use crate::platform::web::{self, Frame};

/// Records on one page.
const PAGE: usize = 50;

/// 活动记录
#[derive(Debug, Template)]
#[template(path = "features/records/templates/own.html")]
pub struct OwnPage {
    /// Around it.
    pub frame: Frame,
    /// What is shown.
    pub filter: OwnFilter,
    /// The person's units: id and name.
    pub units: Vec<(String, String)>,
    /// This week, in words.
    pub week: String,
    /// Records.
    pub rows: Vec<OwnRow>,
    /// How many were returned.
    pub returned: i64,
    /// Address of the next page; empty when there is none.
    pub next: String,
}

/// A record in the list.
#[derive(Clone, Debug)]
pub struct OwnRow {
    /// Its id.
    pub id: RecordId,
    /// Title.
    pub title: String,
    /// Kind, day, people.
    pub about: String,
    /// How it stands.
    pub state: Stand,
}

impl OwnRow {
    /// As it is shown to these units.
    pub fn new(record: &Record, kinds: &[Kind], names: &HashMap<UnitId, String>, several: bool, today: Date) -> Self {
        let joint = !record.facts.co_hosts.is_empty();
        let about = [
            words::days(&record.facts, today),
            kinds::name(kinds, &record.facts.kind).to_owned(),
            record.facts.measures.get("participants").map(|_| words::participants(&record.facts)).unwrap_or_default(),
            if joint || several { words::hosts(record, names) } else { String::new() },
        ];
        Self {
            id: record.id.clone(),
            title: record.facts.title.clone(),
            about: about.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("　"),
            state: record.state,
        }
    }
}

/// The address's question.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct OwnFilter {
    /// `week` (or empty), `planned`, `returned`, `all`.
    pub show: String,
    /// Id of one of several units.
    pub unit: String,
    /// Words.
    pub q: String,
    /// Id of the record after which the page begins.
    pub after: String,
}

impl OwnFilter {
    /// The address with some parts changed.
    pub fn with(&self, changes: &[(&str, &str)]) -> String {
        let own = [("show", self.show.as_str()), ("unit", &self.unit), ("q", &self.q), ("after", "")];
        super::filter::address("/work/records", &own, changes)
    }

    /// Whether this part is shown.
    pub fn shows(&self, part: &str) -> bool {
        match self.show.as_str() {
            "planned" | "returned" | "all" => self.show == part,
            _ => part == "week" && self.q.is_empty(),
        }
    }
}

/// Monday and Sunday of the week of a day.
pub fn week_of(day: Date) -> (Date, Date) {
    let since = i64::from(day.weekday().to_monday_zero_offset());
    let monday = day.checked_sub(since.days()).unwrap_or(day);
    (monday, monday.checked_add(6.days()).unwrap_or(day))
}

/// `GET /work/records`
pub async fn page(State(app): State<App>, page: Page, Query(filter): Query<OwnFilter>) -> Result<Response> {
    let (db, town, today) = (app.db.reader(), &page.actor.jurisdiction, app.clock.today());
    let units = own_units(&page.actor);
    let one = units.iter().any(|(id, _)| *id == filter.unit);
    let ids: Vec<UnitId> =
        units.iter().filter(|(id, _)| !one || *id == filter.unit).map(|(id, _)| UnitId(id.clone())).collect();
    let (monday, sunday) = week_of(today);
    let mut wanted = Wanted { units: Some(ids), words: filter.q.clone(), ..Wanted::default() };
    let returned = Wanted { states: vec![Stand::Returned], words: String::new(), ..wanted.clone() };
    if filter.shows("week") {
        (wanted.from, wanted.until) = (Some(monday), Some(sunday));
    } else if filter.shows("planned") {
        wanted.states = vec![Stand::Planned];
    } else if filter.shows("returned") {
        wanted.states = vec![Stand::Returned];
    }
    let start = if filter.after.is_empty() { Start::First } else { Start::After(RecordId(filter.after.clone())) };
    let planned_first = !filter.shows("planned");
    let (records, more) = store::list::page(db, town, &wanted, (Order::Day, planned_first), &start, PAGE).await?;
    let kinds = store::kinds::all(db, town).await?;
    let names = show::names_of(db, town, &records).await?;
    let last = records.last().map(|record| record.id.to_string()).filter(|_| more).unwrap_or_default();
    web::page(&OwnPage {
        frame: page.frame("活动记录", "records"),
        week: format!("{}至{}", calendar::format_day(monday, today), calendar::format_day(sunday, today)),
        rows: records.iter().map(|record| OwnRow::new(record, &kinds, &names, units.len() > 1, today)).collect(),
        returned: store::list::count(db, town, &returned, 99).await?,
        next: if last.is_empty() { last } else { filter.with(&[("after", &last)]) },
        units,
        filter,
    })
}

#[cfg(any(test, feature = "testing"))]
impl OwnPage {
    /// An example.
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            filter: OwnFilter::default(),
            units: vec![("u1".to_owned(), "东沟村".to_owned()), ("u2".to_owned(), "西沟村".to_owned())],
            week: "6月13日（周一）至6月19日（周日）".to_owned(),
            rows: vec![OwnRow {
                id: "1".into(),
                title: "防汛疏散演练".to_owned(),
                about: "6月13日（周一）　应急演练　60 人次".to_owned(),
                state: Stand::Returned,
            }],
            returned: 1,
            next: "/work/records?after=1".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::week_of;

    #[test]
    fn a_week_is_from_monday_to_sunday() {
        for day in 13..=19 {
            assert_eq!(week_of(date(2022, 6, day)), (date(2022, 6, 13), date(2022, 6, 19)));
        }
    }
}
