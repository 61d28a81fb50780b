//! The records behind a number, with the same sum at their foot.

use std::collections::{BTreeMap, HashMap, HashSet};

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use super::form::{Aggregate, Slot};
use super::load::{self, Chosen, Wanted};
use super::model::{Cell, Span, SpanFigures};
use super::seen::Seen;
use super::sheet::{Basis, UnitSheet};
use super::{correct, show, store, words};
use crate::App;
use crate::features::records::api::{self as records, BehindOf, RecordId, State as Stand};
use crate::features::units::api as units;
use crate::page::Page;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{JurisdictionId, UnitId};
use crate::platform::web::{self, Frame};

/// What both pages show.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Name of the number.
    pub label: String,
    /// Whose, and of which days.
    pub about: String,
    /// Where the form is.
    pub back: String,
    /// The address of a record, without its id.
    pub record: &'static str,
    /// Headings of the amounts: one, or two for a ratio; none where records themselves are counted.
    pub headings: Vec<String>,
    /// The accepted records of this page.
    pub rows: Vec<BehindRow>,
    /// How many there are in all.
    pub count: usize,
    /// Their sum, as printed on the form: by heading, or the number of records.
    pub sums: Vec<String>,
    /// The number on the form.
    pub printed: String,
    /// The form is a frozen one, and the number would be this now; empty otherwise. The records are those of now.
    pub now: String,
    /// Where the changes since then are told; empty when nothing has changed, or for somebody who may not read them.
    pub changes: String,
    /// What is counted.
    pub unit: String,
    /// The number was corrected: what was computed.
    pub computed: String,
    /// Records that wait for review; they are not counted.
    pub waiting: Vec<BehindRow>,
    /// How many those are in all.
    pub waiting_count: usize,
    /// Their sums.
    pub waiting_sums: Vec<String>,
    /// Units that made a zero report.
    pub zero: String,
    /// Where the number can be corrected; empty when it cannot be.
    pub correct: String,
    /// What was corrected here, the newest first.
    pub corrections: Vec<correct::Told>,
    /// The next page; empty when there is none.
    pub next: String,
}

/// A record behind the number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BehindRow {
    /// Its id.
    pub id: String,
    /// Day.
    pub day: String,
    /// Title.
    pub title: String,
    /// Name of the kind.
    pub kind: String,
    /// Its units, the host first.
    pub hosts: String,
    /// Held by several units.
    pub joint: bool,
    /// What it adds, by heading.
    pub amounts: Vec<String>,
}

/// 数据来源, as the office sees it.
#[derive(Debug, Template)]
#[template(path = "features/statistics/templates/behind.html")]
pub struct BehindPage {
    /// Around it.
    pub frame: Frame,
    /// What is shown.
    pub told: Told,
}

/// 数据来源, as a unit sees it.
#[derive(Debug, Template)]
#[template(path = "features/statistics/templates/own_behind.html")]
pub struct OwnBehindPage {
    /// Around it.
    pub frame: Frame,
    /// What is shown.
    pub told: Told,
}

#[cfg(any(test, feature = "testing"))]
fn sample() -> Told {
    let row = BehindRow {
        id: "1".to_owned(),
        day: "6月13日".to_owned(),
        title: "防汛疏散演练".to_owned(),
        kind: "应急演练".to_owned(),
        hosts: "东沟村、北山铁矿".to_owned(),
        joint: true,
        amounts: vec!["60".to_owned()],
    };
    Told {
        label: "应急演练：参与".to_owned(),
        about: "东沟村　6月1日至6月16日（累计）".to_owned(),
        back: "/statistics".to_owned(),
        record: "/records/",
        headings: vec!["参与人次".to_owned()],
        rows: vec![row.clone()],
        count: 1,
        sums: vec!["60".to_owned()],
        printed: "62".to_owned(),
        now: "66".to_owned(),
        changes: "/statistics/changes".to_owned(),
        unit: "人次".to_owned(),
        computed: "60".to_owned(),
        waiting: vec![row],
        waiting_count: 1,
        waiting_sums: vec!["60".to_owned()],
        zero: "西沟村".to_owned(),
        correct: "/statistics/correct".to_owned(),
        corrections: correct::CorrectPage::sample().history,
        next: "/statistics/records?after=1".to_owned(),
    }
}

impl BehindPage {
    #[cfg(any(test, feature = "testing"))]
    /// An example.
    pub fn sample() -> Self {
        Self { frame: Frame::default(), told: sample() }
    }
}

impl OwnBehindPage {
    #[cfg(any(test, feature = "testing"))]
    /// An example.
    pub fn sample() -> Self {
        Self { frame: Frame::default(), told: sample() }
    }
}

/// The address's question: which form, which number of it, from which record on.
#[derive(Clone, Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Id of a campaign; the newest when left out.
    campaign: String,
    /// Number of a week; the present one when left out.
    week: String,
    /// Id of a unit; the one at the top when left out.
    unit: String,
    /// `week` for 本周; otherwise 累计.
    span: String,
    /// First day of a period of one's own.
    from: String,
    /// Last day of a period of one's own.
    until: String,
    /// Which frozen form the number stands on, or `now`; the newest when left out.
    edition: String,
    /// Code of the slot.
    slot: String,
    /// So many records are left out, on pages.
    skip: usize,
}

impl Asked {
    fn check(&self) -> Result<()> {
        if self.slot.is_empty() {
            return Err(Error::refused("没有指明是哪一个数字，请从统计表上点开。"));
        }
        Ok(())
    }

    fn wanted(&self) -> Wanted {
        Wanted {
            campaign: self.campaign.clone(),
            week: self.week.clone(),
            unit: self.unit.clone(),
            span: self.span.clone(),
            from: self.from.clone(),
            until: self.until.clone(),
            edition: self.edition.clone(),
        }
    }
}

/// `GET /statistics/records`
pub async fn office(State(app): State<App>, page: Page, Query(asked): Query<Asked>) -> Result<Response> {
    let told = told(&app, &page, &asked, Permission::StatisticsView, "/statistics", "/records/").await?;
    web::page(&BehindPage { frame: page.frame(told.label.clone(), "statistics"), told })
}

/// `GET /work/statistics/records`
pub async fn own(State(app): State<App>, page: Page, Query(asked): Query<Asked>) -> Result<Response> {
    let told = told(&app, &page, &asked, Permission::WorkOwn, "/work/statistics", "/work/records/").await?;
    web::page(&OwnBehindPage { frame: page.frame(told.label.clone(), "records"), told })
}

/// So many records stand on a page.
const PAGE: usize = 100;

async fn told(
    app: &App,
    page: &Page,
    asked: &Asked,
    permission: Permission,
    form: &'static str,
    record: &'static str,
) -> Result<Told> {
    let (town, today) = (&page.actor.jurisdiction, app.clock.today());
    let chosen = load::chosen(app, &page.actor, permission, &asked.wanted()).await?.ok_or(Error::NotFound)?;
    asked.check()?;
    let wanted = show::fixed(asked.wanted(), &chosen);
    let seen = Seen::read(app, town, (&chosen, load::Detail::Top), &wanted).await?;
    let slots = seen.form().slots_on();
    let at = slots.iter().position(|slot| slot.code == asked.slot).ok_or(Error::NotFound)?;
    let slot = slots[at];
    let (sheet, live) = seen.sheet(&chosen.unit.id)?;
    let cell_of = |sheet: &UnitSheet| sheet.cells(wanted.span()).get(at).cloned().unwrap_or_default();
    let printed = cell_of(&sheet).printed(slot);
    let cell = cell_of(live.as_ref().unwrap_or(&sheet));
    let differs = cell.printed(slot) != printed;
    let found = Found::read(app, town, &chosen, slot, &wanted, &seen.basis.units).await?;

    let (from, until) = words::days_of(&chosen.week, wanted.span());
    let days = super::paper::span_in_words(&words::period(from, until, today), wanted.span());
    let rows = found.rows(app, page, Stand::Accepted, asked.skip).await?;
    let next = (asked.skip + rows.len() < found.accepted.len()).then(|| {
        let skip = (asked.skip + rows.len()).to_string();
        wanted.address(
            &format!("{form}/records"),
            &[("slot", &slot.code), ("span", wanted.span().code()), ("skip", &skip)],
        )
    });
    Ok(Told {
        label: seen.form().name_of(slot),
        about: format!("{}　{days}", chosen.unit.name),
        back: wanted.address(form, &[]),
        record,
        headings: found.headings(),
        count: found.accepted.len(),
        sums: found.sums_shown(&found.accepted),
        printed,
        now: if differs { cell.printed(slot) } else { String::new() },
        changes: if differs && permission == Permission::StatisticsView {
            wanted.address("/statistics/changes", &[])
        } else {
            String::new()
        },
        unit: slot.unit.clone(),
        computed: if cell.corrected { computed_in_words(&cell, slot) } else { String::new() },
        waiting_count: found.waiting.len(),
        waiting_sums: found.sums_shown(&found.waiting),
        waiting: found.rows(app, page, Stand::Reported, 0).await?,
        zero: zero_reporters(&seen.basis, wanted.span()),
        correct: if may_correct(page, &chosen, slot) {
            wanted.address("/statistics/correct", &[("slot", &slot.code), ("span", wanted.span().code())])
        } else {
            String::new()
        },
        corrections: corrections(app, page, &chosen, slot, wanted.span()).await?,
        rows,
        next: next.unwrap_or_default(),
    })
}

fn may_correct(page: &Page, chosen: &Chosen, slot: &Slot) -> bool {
    chosen.campaign.is_some()
        && !slot.is_ratio()
        && page.actor.scope(Permission::StatisticsEdit).covers(&chosen.unit.path)
}

/// What was corrected at this very number, the newest first.
async fn corrections(app: &App, page: &Page, chosen: &Chosen, slot: &Slot, span: Span) -> Result<Vec<correct::Told>> {
    let Some(campaign) = &chosen.campaign else { return Ok(Vec::new()) };
    let (town, until) = (&page.actor.jurisdiction, chosen.week.until);
    let all = store::corrections(app.db.reader(), town, &campaign.id, until).await?;
    let here = all
        .iter()
        .rev()
        .filter(|one| one.unit_id == chosen.unit.id && one.slot == slot.code && one.span == span && one.until == until);
    let now = app.clock.local_now();
    Ok(here.map(|one| correct::Told::new(one, slot, now)).collect())
}

/// The units that made a zero report, by name.
fn zero_reporters(basis: &Basis, span: Span) -> String {
    let figures = if span == Span::Week { &basis.of_week } else { &basis.of_total };
    let units = basis.units.iter().filter(|unit| figures.zero(|id| *id == unit.id));
    units.map(|unit| unit.name.as_str()).collect::<Vec<_>>().join("、")
}

/// What was computed, where a person has set something else.
fn computed_in_words(cell: &Cell, slot: &Slot) -> String {
    if slot.is_text() || slot.is_ratio() {
        return String::new();
    }
    Cell { value: cell.computed, ..Cell::default() }.printed(slot)
}

/// The figures behind a number: by record, each with what it adds to each measure.
pub(super) type ByRecord = BTreeMap<(jiff::civil::Date, RecordId), Vec<Option<i64>>>;

/// The records behind a number.
pub(super) struct Found {
    measures: Vec<String>,
    /// Records themselves are counted.
    counts: bool,
    /// Those that count.
    pub accepted: ByRecord,
    /// Those that wait for review.
    pub waiting: ByRecord,
}

/// The records behind a number, all of them.
pub(super) async fn of_number(app: &App, actor: &Actor, permission: Permission, asked: &Asked) -> Result<Found> {
    let town = &actor.jurisdiction;
    let chosen = load::chosen(app, actor, permission, &asked.wanted()).await?.ok_or(Error::NotFound)?;
    let form = store::form(app.db.reader(), town, chosen.week.until.year()).await?;
    asked.check()?;
    let slot = form.slot(&asked.slot).ok_or(Error::NotFound)?;
    let below = load::units_below(app, town, &chosen.unit, &SpanFigures::default()).await?;
    Found::read(app, town, &chosen, slot, &asked.wanted(), &below).await
}

impl Found {
    async fn read(
        app: &App,
        town: &JurisdictionId,
        chosen: &Chosen,
        slot: &Slot,
        wanted: &Wanted,
        below: &[units::UnitRef],
    ) -> Result<Self> {
        let db = app.db.reader();
        let (from, until) = words::days_of(&chosen.week, wanted.span());
        let measures = slot.source.measures();
        let of = BehindOf {
            from,
            until,
            states: load::STATES.to_vec(),
            kinds: slot.source.kinds.clone(),
            facet: (!slot.source.facet.is_empty()).then(|| slot.source.facet.clone()),
            measures: measures.clone(),
        };
        let all = records::behind(db, town, &of).await?;
        let mut units: HashMap<RecordId, Vec<UnitId>> = HashMap::new();
        for (record, unit) in records::joint(db, town, (from, until)).await? {
            units.entry(record).or_default().push(unit);
        }
        let inside: HashSet<&UnitId> = below.iter().map(|unit| &unit.id).collect();
        let (mut accepted, mut waiting) = (ByRecord::new(), ByRecord::new());
        for one in all {
            // A unit that was closed meanwhile is no longer in the tree; its records still count for the town.
            let here = chosen.unit.parent_id.is_none()
                || inside.contains(&one.unit_id)
                || units.get(&one.record_id).is_some_and(|others| others.iter().any(|other| inside.contains(other)));
            let Some(place) = measures.iter().position(|measure| *measure == one.measure).filter(|_| here) else {
                continue;
            };
            let list = if one.state == Stand::Accepted { &mut accepted } else { &mut waiting };
            let amounts = list.entry((one.held_on, one.record_id)).or_insert_with(|| vec![None; measures.len()]);
            amounts[place] = Some(one.amount);
        }
        let counts = !matches!(slot.source.aggregate, Aggregate::Sum | Aggregate::Ratio);
        Ok(Self { measures, counts, accepted, waiting })
    }

    fn headings(&self) -> Vec<String> {
        if self.counts {
            return Vec::new();
        }
        let label = |code: &String| records::measure(code).map_or_else(|| code.clone(), |one| one.label.clone());
        self.measures.iter().map(label).collect()
    }

    /// Sums by heading.
    fn sums_shown(&self, list: &ByRecord) -> Vec<String> {
        if self.counts {
            return Vec::new();
        }
        (0..self.measures.len())
            .map(|place| {
                let stated: Vec<i64> = list.values().filter_map(|amounts| amounts[place]).collect();
                if stated.is_empty() { "—".to_owned() } else { records::grouped(stated.iter().sum()) }
            })
            .collect()
    }

    /// A page of the records of a state.
    async fn rows(&self, app: &App, page: &Page, state: Stand, skip: usize) -> Result<Vec<BehindRow>> {
        let (db, town, today) = (app.db.reader(), &page.actor.jurisdiction, app.clock.today());
        let list = if state == Stand::Accepted { &self.accepted } else { &self.waiting };
        let shown: Vec<(&RecordId, &Vec<Option<i64>>)> =
            list.iter().skip(skip).take(PAGE).map(|((_, id), amounts)| (id, amounts)).collect();
        let ids: Vec<RecordId> = shown.iter().map(|(id, _)| (*id).clone()).collect();
        let found = records::all(db, town, &ids).await?;
        let kinds = records::kinds(db, town).await?;
        let mut named: Vec<UnitId> = found.iter().flat_map(|record| record.units().cloned()).collect();
        named.sort();
        named.dedup();
        let names = units::get_all(db, town, &named).await?;
        let amounts: HashMap<&RecordId, &Vec<Option<i64>>> = shown.into_iter().collect();
        Ok(found
            .iter()
            .map(|record| BehindRow {
                id: record.id.to_string(),
                day: words::day(record.facts.held_on, today),
                title: record.facts.title.clone(),
                kind: kinds
                    .iter()
                    .find(|kind| kind.code == record.facts.kind)
                    .map_or_else(String::new, |kind| kind.name.clone()),
                hosts: record
                    .units()
                    .filter_map(|id| names.get(id))
                    .map(|unit| unit.name.as_str())
                    .collect::<Vec<_>>()
                    .join("、"),
                joint: !record.facts.co_hosts.is_empty(),
                amounts: if self.counts {
                    Vec::new()
                } else {
                    let said = |amount: &Option<i64>| amount.map_or_else(|| "—".to_owned(), records::grouped);
                    amounts.get(&record.id).map(|own| own.iter().map(said).collect()).unwrap_or_default()
                },
            })
            .collect())
    }
}
