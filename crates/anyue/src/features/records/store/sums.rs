//! Figures added up, and the feed of changes: for other areas.

use std::collections::BTreeMap;

use futures_util::future::try_join_all;
use jiff::ToSpan as _;
use jiff::civil::Date;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::records::{COLUMNS, Row, with_hosts};
use crate::features::records::api::{Behind, BehindOf, Sum, SumsOf, TownSum, Version};
use crate::features::records::model::{Record, RecordId, State};
use crate::platform::db::{placeholders, sql};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{JurisdictionId, UnitId};

/// So many days are added up at once: an engine sorts what it adds up, and a few weeks fit into its memory.
const PORTION_DAYS: i64 = 30;

/// A period in portions that are added up one by one.
fn portions(of: &SumsOf) -> Vec<SumsOf> {
    let mut portions = Vec::new();
    let mut from = of.from;
    while from <= of.until {
        let until = from.saturating_add(PORTION_DAYS.days()).min(of.until);
        portions.push(SumsOf { from, until, states: of.states.clone() });
        let Ok(next) = until.tomorrow() else { break };
        from = next;
    }
    portions
}

/// So many portions are read at the same time.
const AT_ONCE: usize = 2;

/// Adds up the figures of what was held in a period, by host, kind, facet, measure and state, in this order. Reads
/// one index.
pub async fn sums(db: &impl ConnectionTrait, town: &JurisdictionId, of: &SumsOf) -> Result<Vec<Sum>> {
    let portions = portions(of);
    let shares = (0..AT_ONCE).map(|first| {
        let share: Vec<&SumsOf> = portions.iter().skip(first).step_by(AT_ONCE).collect();
        sums_of_portions(db, town, share)
    });
    let mut all = BTreeMap::new();
    for sum in try_join_all(shares).await?.into_iter().flat_map(BTreeMap::into_values) {
        add(&mut all, sum);
    }
    Ok(all.into_values().collect())
}

/// Sums by host, kind, facet, measure and state.
type Sums = BTreeMap<(UnitId, String, String, String, &'static str), Sum>;

fn add(all: &mut Sums, sum: Sum) {
    let key = (sum.unit_id.clone(), sum.kind.clone(), sum.facet.clone(), sum.measure.clone(), sum.state.code());
    let total = sum.total;
    all.entry(key).and_modify(|own| own.total += total).or_insert(sum);
}

async fn sums_of_portions(db: &impl ConnectionTrait, town: &JurisdictionId, share: Vec<&SumsOf>) -> Result<Sums> {
    let mut all = Sums::new();
    for portion in share {
        for sum in sums_of_portion(db, town, portion).await? {
            add(&mut all, sum);
        }
    }
    Ok(all)
}

async fn sums_of_portion(db: &impl ConnectionTrait, town: &JurisdictionId, of: &SumsOf) -> Result<Vec<Sum>> {
    #[derive(FromQueryResult)]
    struct Found {
        unit_id: String,
        kind: String,
        facet: String,
        measure: String,
        state: String,
        total: i64,
    }
    let rows: Vec<Found> = sql(format!(
        "SELECT unit_id, kind, facet, measure, state, CAST(SUM(amount) AS BIGINT) AS total FROM record_values \
         WHERE jurisdiction_id = $1 AND held_on >= $2 AND held_on <= $3 AND state IN ({}) \
         GROUP BY unit_id, kind, facet, measure, state",
        placeholders(4, of.states.len())
    ))
    .bind(town)
    .bind(of.from.to_string())
    .bind(of.until.to_string())
    .bind_all(of.states.iter().map(|state| state.code()))
    .all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Sum {
                unit_id: UnitId(row.unit_id),
                kind: row.kind,
                facet: row.facet,
                measure: row.measure,
                state: State::parse(&row.state).ok_or_else(|| Error::internal("a figure in an unknown state"))?,
                total: row.total,
            })
        })
        .collect()
}

/// Adds up the figures of a whole town, of a period and of the end of it. Reads one index, once.
pub async fn town_sums(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    of: &SumsOf,
    since: Date,
) -> Result<Vec<TownSum>> {
    #[derive(FromQueryResult)]
    struct Found {
        kind: String,
        facet: String,
        measure: String,
        state: String,
        total: i64,
        recent: Option<i64>,
    }
    let rows: Vec<Found> = sql(format!(
        "SELECT kind, facet, measure, state, CAST(SUM(amount) AS BIGINT) AS total, \
         CAST(SUM(CASE WHEN held_on >= $4 THEN amount END) AS BIGINT) AS recent FROM record_values \
         WHERE jurisdiction_id = $1 AND held_on >= $2 AND held_on <= $3 AND state IN ({}) \
         GROUP BY kind, facet, measure, state ORDER BY kind, facet, measure, state",
        placeholders(5, of.states.len())
    ))
    .bind(town)
    .bind(of.from.to_string())
    .bind(of.until.to_string())
    .bind(since.to_string())
    .bind_all(of.states.iter().map(|state| state.code()))
    .all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(TownSum {
                kind: row.kind,
                facet: row.facet,
                measure: row.measure,
                state: State::parse(&row.state).ok_or_else(|| Error::internal("a figure in an unknown state"))?,
                total: row.total,
                recent: row.recent,
            })
        })
        .collect()
}

/// A figure of a record as stored.
#[derive(FromQueryResult)]
struct FigureRow {
    record_id: String,
    held_on: String,
    unit_id: String,
    kind: String,
    facet: String,
    state: String,
    measure: String,
    amount: i64,
}

impl FigureRow {
    fn into_behind(self) -> Result<Behind> {
        Ok(Behind {
            record_id: RecordId(self.record_id),
            held_on: self.held_on.parse().map_err(Error::internal)?,
            unit_id: UnitId(self.unit_id),
            kind: self.kind,
            facet: self.facet,
            state: State::parse(&self.state).ok_or_else(|| Error::internal("a figure in an unknown state"))?,
            measure: self.measure,
            amount: self.amount,
        })
    }
}

const FIGURE: &str = "record_id, held_on, unit_id, kind, facet, state, measure, amount";

/// The figures that make up a sum, by day and record.
pub async fn behind(db: &impl ConnectionTrait, town: &JurisdictionId, of: &BehindOf) -> Result<Vec<Behind>> {
    let mut text =
        format!("SELECT {FIGURE} FROM record_values WHERE jurisdiction_id = $1 AND held_on >= $2 AND held_on <= $3");
    let mut last = 3;
    let mut values: Vec<&str> = Vec::new();
    let states: Vec<&str> = of.states.iter().map(|state| state.code()).collect();
    for (column, list) in [
        ("state", Some(states)),
        ("kind", of.kinds.as_ref().map(|kinds| kinds.iter().map(String::as_str).collect())),
        ("facet", of.facet.as_deref().map(|facet| vec![facet])),
        ("measure", Some(of.measures.iter().map(String::as_str).collect())),
    ] {
        let Some(list) = list else { continue };
        text.push_str(&format!(" AND {column} IN ({})", placeholders(last + 1, list.len())));
        last += list.len();
        values.extend(list);
    }
    let rows: Vec<FigureRow> = sql(format!("{text} ORDER BY held_on, record_id, measure"))
        .bind(town)
        .bind(of.from.to_string())
        .bind(of.until.to_string())
        .bind_all(values)
        .all(db)
        .await?;
    rows.into_iter().map(FigureRow::into_behind).collect()
}

/// All figures of the joint records of a period.
pub async fn joint_figures(db: &impl ConnectionTrait, town: &JurisdictionId, of: &SumsOf) -> Result<Vec<Behind>> {
    let rows: Vec<FigureRow> = sql(format!(
        "SELECT {FIGURE} FROM record_values WHERE jurisdiction_id = $1 AND record_id IN (SELECT record_id \
         FROM record_units WHERE jurisdiction_id = $1 AND role = 'co_host' AND held_on >= $2 AND held_on <= $3) \
         AND state IN ({}) ORDER BY record_id, measure",
        placeholders(4, of.states.len())
    ))
    .bind(town)
    .bind(of.from.to_string())
    .bind(of.until.to_string())
    .bind_all(of.states.iter().map(|state| state.code()))
    .all(db)
    .await?;
    rows.into_iter().map(FigureRow::into_behind).collect()
}

/// The records of a period in these states, each with its version, by id.
pub async fn versions(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    (from, until): (Date, Date),
    states: &[State],
) -> Result<Vec<Version>> {
    #[derive(FromQueryResult)]
    struct Found {
        record_id: String,
        unit_id: String,
        state: String,
        version: i64,
    }
    let rows: Vec<Found> = sql(format!(
        "SELECT record_id, unit_id, state, version FROM records WHERE jurisdiction_id = $1 AND held_on >= $2 \
         AND held_on <= $3 AND state IN ({}) ORDER BY record_id",
        placeholders(4, states.len())
    ))
    .bind(town)
    .bind(from.to_string())
    .bind(until.to_string())
    .bind_all(states.iter().map(|state| state.code()))
    .all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Version {
                record_id: RecordId(row.record_id),
                unit_id: UnitId(row.unit_id),
                state: State::parse(&row.state).ok_or_else(|| Error::internal("a record in an unknown state"))?,
                version: row.version,
            })
        })
        .collect()
}

/// The records of a period that several units held together: record and co-host.
pub async fn joint(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    (from, until): (Date, Date),
) -> Result<Vec<(RecordId, UnitId)>> {
    #[derive(FromQueryResult)]
    struct Found {
        record_id: String,
        unit_id: String,
    }
    let rows: Vec<Found> = sql("SELECT record_id, unit_id FROM record_units WHERE jurisdiction_id = $1 \
         AND role = 'co_host' AND held_on >= $2 AND held_on <= $3 ORDER BY record_id, unit_id")
    .bind(town)
    .bind(from.to_string())
    .bind(until.to_string())
    .all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (RecordId(row.record_id), UnitId(row.unit_id))).collect())
}

/// Records changed after a point of the feed, in the order of their changes.
pub async fn changed_after(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    seq: i64,
    id: &RecordId,
    limit: i64,
) -> Result<Vec<Record>> {
    let rows: Vec<Row> = sql(format!(
        "SELECT {COLUMNS} FROM records r WHERE r.jurisdiction_id = $1 AND (r.seq, r.record_id) > ($2, $3) \
         ORDER BY r.seq, r.record_id LIMIT $4"
    ))
    .bind(town)
    .bind(seq)
    .bind(id)
    .bind(limit)
    .all(db)
    .await?;
    with_hosts(db, town, rows).await
}
