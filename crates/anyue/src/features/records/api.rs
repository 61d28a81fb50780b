//! What other areas use of the records: those of units and a period, their figures added up, what has changed.

use jiff::civil::Date;
use sea_orm::ConnectionTrait;

pub use super::files::{
    AddFile, add_file, add_file_as, may_add_files, of_record as files_of, remove_file, take_back_file,
};
pub use super::kinds::{Kind, Measure, built_in, measure, measures};
pub use super::model::{FIVE_ENTRIES, Facts, PeopleGroup, Record, RecordId, State, Target};
pub use super::own::OwnRow as RecordRow;
pub use super::owners::{OwnerTold, owners_told};
pub use super::review::{
    Accept, SendBack, accept, accept_within, send_back, send_back_within, undo_accept, undo_accept_within,
};
pub use super::reviewed::reviewed as reviewed_files;
pub use super::save::{New, create};
pub use super::steps::report_within;
use super::store;
use super::store::list::{Order, Start, Wanted};
pub use super::store::records::bytes_of_unit;
pub use super::words::{grouped, moment};
use crate::platform::error::Result;
use crate::platform::ids::{JurisdictionId, UnitId};

/// So many records of units are read at once.
const PORTION: usize = 500;

/// The catalogue of kinds as the town has it, in its order; kinds out of use included.
pub async fn kinds(db: &impl ConnectionTrait, town: &JurisdictionId) -> Result<Vec<Kind>> {
    store::kinds::all(db, town).await
}

/// What records of these units may serve: value (`campaign` or `campaign/activity`) and words.
pub async fn serves_choices(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    units: &[UnitId],
) -> Result<Vec<(String, String)>> {
    super::serves::choices(db, town, units).await
}

/// The record that was made under this key.
pub async fn by_key(db: &impl ConnectionTrait, town: &JurisdictionId, key: &str) -> Result<Option<Record>> {
    store::records::find_by_key(db, town, key).await
}

/// A record by its id.
pub async fn record(db: &impl ConnectionTrait, town: &JurisdictionId, id: &RecordId) -> Result<Option<Record>> {
    store::records::find(db, town, id).await
}

/// What a record says, as one text that is the same for the same record: what a report pins and a receipt hashes.
pub fn content(record: &Record) -> Result<String> {
    #[derive(serde::Serialize)]
    struct Content<'a> {
        record_id: &'a RecordId,
        unit_id: &'a UnitId,
        #[serde(flatten)]
        facts: super::json::FactsJson,
    }
    let facts = record.facts.clone().into();
    Ok(serde_json::to_string(&Content { record_id: &record.id, unit_id: &record.unit_id, facts })?)
}

/// Records as rows of a list: title; kind, day and people in words; state.
pub async fn rows(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    records: &[Record],
    today: Date,
) -> Result<Vec<RecordRow>> {
    let kinds = store::kinds::all(db, town).await?;
    let names = super::show::names_of(db, town, records).await?;
    Ok(records.iter().map(|record| RecordRow::new(record, &kinds, &names, false, today)).collect())
}

/// The records shown at any of these units (as host or co-host; each once) that were held from one day to another,
/// in these states, the oldest first.
pub async fn of_units(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    units: &[UnitId],
    (from, until): (Date, Date),
    states: &[State],
) -> Result<Vec<Record>> {
    let wanted = Wanted {
        units: Some(units.to_vec()),
        states: states.to_vec(),
        from: Some(from),
        until: Some(until),
        ..Wanted::default()
    };
    let (mut all, mut start) = (Vec::new(), Start::First);
    if units.is_empty() {
        return Ok(all);
    }
    loop {
        let (records, more) = store::list::page(db, town, &wanted, (Order::Day, false), &start, PORTION).await?;
        start = records.last().map_or(Start::First, |last| Start::After(last.id.clone()));
        all.extend(records);
        if !more {
            return Ok(all);
        }
    }
}

/// Which figures are added up: of what was held from one day to another, in these states (at least one).
#[derive(Clone, Debug)]
pub struct SumsOf {
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// States, kept apart in the answer.
    pub states: Vec<State>,
}

/// Figures added up. Joint records count once, for their host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The host.
    pub unit_id: UnitId,
    /// Code of the kind.
    pub kind: String,
    /// The target of visits (`home` …), `live` for broadcasts, else empty.
    pub facet: String,
    /// Code of a measure, or `count`, `leader_present`, `highlight`: the number of records so marked.
    pub measure: String,
    /// State.
    pub state: State,
    /// The sum. A measure that nobody has stated is not among the sums; a stated 0 is.
    pub total: i64,
}

/// Adds up the figures of a town by unit, kind, facet, measure and state.
pub async fn sums(db: &impl ConnectionTrait, town: &JurisdictionId, of: &SumsOf) -> Result<Vec<Sum>> {
    store::sums::sums(db, town, of).await
}

/// Figures of the whole town added up: of a period, and of the end of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TownSum {
    /// Code of the kind.
    pub kind: String,
    /// As in [`Sum`].
    pub facet: String,
    /// As in [`Sum`].
    pub measure: String,
    /// State.
    pub state: State,
    /// The sum of the period.
    pub total: i64,
    /// The sum from a later day on; `None` when nothing was stated since.
    pub recent: Option<i64>,
}

/// Adds up the figures of a town by kind, facet, measure and state, in one reading: of the period, and from the day
/// `since` on.
pub async fn town_sums(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    of: &SumsOf,
    since: Date,
) -> Result<Vec<TownSum>> {
    store::sums::town_sums(db, town, of, since).await
}

/// Which figures are shown one by one: those that make up a sum.
#[derive(Clone, Debug)]
pub struct BehindOf {
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// States (at least one).
    pub states: Vec<State>,
    /// Codes of kinds; `None`: all.
    pub kinds: Option<Vec<String>>,
    /// The facet; `None`: any.
    pub facet: Option<String>,
    /// Codes of measures (at least one), `count`, `leader_present` and `highlight` among them.
    pub measures: Vec<String>,
}

/// One figure of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// The record.
    pub record_id: RecordId,
    /// The day it was held.
    pub held_on: Date,
    /// The host.
    pub unit_id: UnitId,
    /// Code of the kind.
    pub kind: String,
    /// As in [`Sum`].
    pub facet: String,
    /// State.
    pub state: State,
    /// Code of the measure.
    pub measure: String,
    /// What it adds to the sum.
    pub amount: i64,
}

/// The figures behind a sum, by day and record.
pub async fn behind(db: &impl ConnectionTrait, town: &JurisdictionId, of: &BehindOf) -> Result<Vec<Behind>> {
    store::sums::behind(db, town, of).await
}

/// The figures of the joint records of a period, one by one, by record.
pub async fn joint_figures(db: &impl ConnectionTrait, town: &JurisdictionId, of: &SumsOf) -> Result<Vec<Behind>> {
    store::sums::joint_figures(db, town, of).await
}

/// The records of a period that several units held together, each with its co-hosts one by one.
pub async fn joint(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    period: (Date, Date),
) -> Result<Vec<(RecordId, UnitId)>> {
    store::sums::joint(db, town, period).await
}

/// A record and its version: what it said at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The record.
    pub record_id: RecordId,
    /// The host.
    pub unit_id: UnitId,
    /// State.
    pub state: State,
    /// Grows with each change.
    pub version: i64,
}

/// The records of a period in these states (at least one), each with its version, by id.
pub async fn versions(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    period: (Date, Date),
    states: &[State],
) -> Result<Vec<Version>> {
    store::sums::versions(db, town, period, states).await
}

/// Records by their ids, in the order of the ids.
pub async fn all(db: &impl ConnectionTrait, town: &JurisdictionId, ids: &[RecordId]) -> Result<Vec<Record>> {
    store::records::find_all(db, town, ids).await
}

/// A point of the feed of changes: the write number and the id of the last record that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedPoint {
    /// Write number of the town.
    pub seq: i64,
    /// Id of the record.
    pub id: String,
}

/// Records that were written or changed after a point, in the order of their changes, and the point reached: also
/// within a write transaction. Write numbers never come back, so that nothing is missed. A record thrown away
/// before anybody saw it does not appear.
pub async fn changed_after(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    point: &FeedPoint,
    limit: i64,
) -> Result<(Vec<Record>, FeedPoint)> {
    let id = RecordId(point.id.clone());
    let records = store::sums::changed_after(db, town, point.seq, &id, limit).await?;
    let reached =
        records.last().map_or_else(|| point.clone(), |last| FeedPoint { seq: last.seq, id: last.id.0.clone() });
    Ok((records, reached))
}

/// The records in these states that serve a campaign and are shown at a unit below a path, the oldest first: a portion
/// of them, those after a record only; and whether there are more.
pub async fn of_campaign(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    (campaign, below): (&str, &str),
    states: &[State],
    after: Option<&RecordId>,
) -> Result<(Vec<Record>, bool)> {
    let wanted = Wanted {
        campaign: campaign.to_owned(),
        below: Some(below.to_owned()),
        states: states.to_vec(),
        ..Wanted::default()
    };
    let start = after.map_or(Start::First, |last| Start::After(last.clone()));
    store::list::page(db, town, &wanted, (Order::Day, false), &start, PORTION).await
}

/// Everything that records say, as labels and texts; empty parts are left out.
pub async fn told(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    records: &[Record],
    today: Date,
) -> Result<Vec<Vec<(String, String)>>> {
    let kinds = store::kinds::all(db, town).await?;
    let names = super::show::names_of(db, town, records).await?;
    Ok(records.iter().map(|one| super::words::labelled(&one.facts, &kinds, &names, "", today)).collect())
}
