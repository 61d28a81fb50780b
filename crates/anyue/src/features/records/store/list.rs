//! Lists of records: filtered, sorted, a page at a time by key.

use jiff::civil::Date;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::records::{COLUMNS, Row, with_hosts};
use crate::features::records::model::{Record, RecordId, State, search_words};
use crate::platform::auth::Scope;
use crate::platform::db::{Condition, one_page, sql};
use crate::platform::error::Result;
use crate::platform::ids::{JurisdictionId, UnitId};

/// Which records are wanted; empty parts do not count.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Words to be found in title, place and village.
    pub words: String,
    /// Code of a kind.
    pub kind: String,
    /// Shown at a unit that a permission covers.
    pub scope: Option<Scope>,
    /// Shown at a unit below this path, itself included.
    pub below: Option<String>,
    /// Shown at one of these units.
    pub units: Option<Vec<UnitId>>,
    /// Id of a campaign.
    pub campaign: String,
    /// In one of these states.
    pub states: Vec<State>,
    /// Held on this day or later.
    pub from: Option<Date>,
    /// Held on this day or before.
    pub until: Option<Date>,
}

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The day it was held.
    #[default]
    Day,
    /// The last change.
    Updated,
}

impl Order {
    fn column(self) -> &'static str {
        match self {
            Self::Day => "r.held_on",
            Self::Updated => "r.updated_at",
        }
    }

    fn key(self, record: &Record) -> Value {
        match self {
            Self::Day => record.facts.held_on.to_string().into(),
            Self::Updated => record.updated_at.into(),
        }
    }
}

/// Where a page begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// At the beginning.
    #[default]
    First,
    /// After this record.
    After(RecordId),
    /// With the records before this one.
    Before(RecordId),
}

fn condition(town: &JurisdictionId, wanted: &Wanted) -> Condition {
    let mut all = Condition::of_town("r.jurisdiction_id", town);
    if let Some(Scope::Below(paths)) = &wanted.scope {
        and_shown_below(&mut all, paths);
    }
    if let Some(path) = &wanted.below {
        and_shown_below(&mut all, std::slice::from_ref(path));
    }
    if let Some(units) = &wanted.units {
        let list = all.bind_list(units);
        all.and(format!(
            "r.record_id IN (SELECT record_id FROM record_units WHERE jurisdiction_id = $1 AND unit_id IN ({list}))"
        ));
    }
    for (column, value) in [("r.kind", &wanted.kind), ("r.campaign_id", &wanted.campaign)] {
        if !value.is_empty() {
            all.and_equals(column, value.as_str());
        }
    }
    if !wanted.states.is_empty() {
        let list = all.bind_list(wanted.states.iter().map(|state| state.code()));
        all.and(format!("r.state IN ({list})"));
    }
    for (column, day) in [("r.held_on >=", wanted.from), ("r.held_on <=", wanted.until)] {
        if let Some(day) = day {
            let held = all.bind(column, day.to_string());
            all.and(held);
        }
    }
    let words = search_words(&wanted.words);
    if !words.is_empty() {
        let found = all.bind("r.search_key LIKE", format!("%{words}%"));
        all.and(found);
    }
    all
}

/// Shown at a unit below: nearly always at that of the host, which costs nothing to tell.
fn and_shown_below(all: &mut Condition, paths: &[String]) {
    let any: Vec<String> = paths.iter().map(|path| all.bind("u.path LIKE", format!("{path}%"))).collect();
    all.and(if any.is_empty() {
        "1 = 0".to_owned()
    } else {
        let any = any.join(" OR ");
        format!(
            "(r.unit_id IN (SELECT u.unit_id FROM units u WHERE u.jurisdiction_id = $1 AND ({any})) \
             OR EXISTS (SELECT 1 FROM record_units x JOIN units u ON u.unit_id = x.unit_id AND u.jurisdiction_id = \
             x.jurisdiction_id WHERE x.jurisdiction_id = $1 AND x.record_id = r.record_id AND x.role = 'co_host' \
             AND ({any})))"
        )
    });
}

/// How many records are wanted; counting stops above `most`.
pub async fn count(db: &impl ConnectionTrait, town: &JurisdictionId, wanted: &Wanted, most: i64) -> Result<i64> {
    let condition = condition(town, wanted);
    let last = condition.next();
    let count: Option<i64> =
        sql(format!("SELECT COUNT(*) FROM (SELECT 1 FROM records r WHERE {} LIMIT ${last}) AS found", condition.text))
            .bind_all(condition.values)
            .bind(most + 1)
            .scalar(db)
            .await?;
    Ok(count.unwrap_or_default())
}

/// A page of the records wanted: at most `limit`, in order, and whether there are more beyond it in the direction
/// asked for.
pub async fn page(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    wanted: &Wanted,
    (order, descending): (Order, bool),
    start: &Start,
    limit: usize,
) -> Result<(Vec<Record>, bool)> {
    let mut condition = condition(town, wanted);
    let backwards = matches!(start, Start::Before(_));
    let down = descending != backwards;
    let column = order.column();
    if let Start::After(id) | Start::Before(id) = start
        && let Some(record) = super::records::find(db, town, id).await?
    {
        let sign = if down { "<" } else { ">" };
        let key = condition.bind(&format!("({column}, r.record_id) {sign} ("), order.key(&record));
        let id = condition.bind(",", &record.id);
        condition.and(format!("{key}{id})"));
    }
    let direction = if down { "DESC" } else { "ASC" };
    let last = condition.next();
    let rows: Vec<Row> = sql(format!(
        "SELECT {COLUMNS} FROM records r WHERE {} ORDER BY {column} {direction}, r.record_id {direction} LIMIT ${last}",
        condition.text
    ))
    .bind_all(condition.values)
    .bind(i64::try_from(limit + 1).unwrap_or(i64::MAX))
    .all(db)
    .await?;
    let (rows, more) = one_page(rows, limit, backwards);
    Ok((with_hosts(db, town, rows).await?, more))
}

/// The kinds that these units have used most since a day, the most used first.
pub async fn kinds_used(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    units: &[UnitId],
    since: Date,
) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Used {
        kind: String,
        uses: i64,
    }
    let rows: Vec<Used> = sql("SELECT kind, COUNT(*) AS uses FROM records \
         WHERE jurisdiction_id = $1 AND held_on >= $2 AND unit_id IN (...) GROUP BY kind")
    .bind(town)
    .bind(since.to_string())
    .all_in(db, units)
    .await?;
    let mut rows: Vec<(i64, String)> = rows.into_iter().map(|row| (-row.uses, row.kind)).collect();
    rows.sort();
    Ok(rows.into_iter().map(|(_, kind)| kind).collect())
}

/// How many records are wanted on each day on which there are any.
pub async fn count_days(db: &impl ConnectionTrait, town: &JurisdictionId, wanted: &Wanted) -> Result<Vec<(Date, i64)>> {
    #[derive(FromQueryResult)]
    struct Count {
        held_on: String,
        records: i64,
    }
    let condition = condition(town, wanted);
    let rows: Vec<Count> = sql(format!(
        "SELECT r.held_on AS held_on, COUNT(*) AS records FROM records r WHERE {} GROUP BY r.held_on",
        condition.text
    ))
    .bind_all(condition.values)
    .all(db)
    .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.held_on.parse().ok()?, row.records))).collect())
}

/// Records of one host in one village.
#[derive(Clone, Debug)]
pub struct PlaceCount {
    /// The village; empty when none was stated.
    pub village: String,
    /// The host.
    pub unit_id: String,
    /// How many records.
    pub records: i64,
    /// Person-times; `None` when nobody has stated any.
    pub people: Option<i64>,
    /// The last day.
    pub last: Date,
}

/// How many of the records wanted were held in which village, by host.
pub async fn count_places(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    wanted: &Wanted,
) -> Result<Vec<PlaceCount>> {
    #[derive(FromQueryResult)]
    struct Count {
        village: String,
        unit_id: String,
        records: i64,
        people: Option<i64>,
        last: String,
    }
    let condition = condition(town, wanted);
    let rows: Vec<Count> = sql(format!(
        "SELECT r.village AS village, r.unit_id AS unit_id, COUNT(*) AS records, \
         CAST(SUM(v.amount) AS BIGINT) AS people, MAX(r.held_on) AS last FROM records r LEFT JOIN record_values v \
         ON v.jurisdiction_id = r.jurisdiction_id AND v.record_id = r.record_id AND v.measure = 'participants' \
         WHERE {} GROUP BY r.village, r.unit_id ORDER BY r.village, r.unit_id",
        condition.text
    ))
    .bind_all(condition.values)
    .all(db)
    .await?;
    let count = |row: Count| {
        Some(PlaceCount {
            last: row.last.parse().ok()?,
            village: row.village,
            unit_id: row.unit_id,
            records: row.records,
            people: row.people,
        })
    };
    Ok(rows.into_iter().filter_map(count).collect())
}

/// The units, hosts or co-hosts, at which any of the records wanted is shown.
pub async fn units_shown(db: &impl ConnectionTrait, town: &JurisdictionId, wanted: &Wanted) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Unit {
        unit_id: String,
    }
    let condition = condition(town, wanted);
    let rows: Vec<Unit> = sql(format!(
        "SELECT DISTINCT x.unit_id AS unit_id FROM records r JOIN record_units x \
         ON x.jurisdiction_id = r.jurisdiction_id AND x.record_id = r.record_id WHERE {}",
        condition.text
    ))
    .bind_all(condition.values)
    .all(db)
    .await?;
    Ok(rows.into_iter().map(|row| row.unit_id).collect())
}
