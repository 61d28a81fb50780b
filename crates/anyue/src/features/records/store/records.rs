//! Whole records: `records`, `record_units`, `record_values`.

use std::collections::HashMap;

use jiff::civil::Date;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::features::campaigns::api::ActivityId;
use crate::features::duties::api::CampaignId;
use crate::features::records::model::{Facts, Record, RecordId, Review, State, Target};
use crate::platform::db::{WriteTx, insert_rows, placeholders, sql};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AccountId, JurisdictionId, UnitId};

/// A row of `records`.
#[derive(FromQueryResult)]
pub(super) struct Row {
    record_id: String,
    unit_id: String,
    kind: String,
    title: String,
    campaign_id: Option<String>,
    activity_id: Option<String>,
    state: String,
    held_on: String,
    ends_on: Option<String>,
    held_time: String,
    place: String,
    village: String,
    body: String,
    measures: String,
    people: String,
    target: String,
    leader_present: bool,
    leader_count: Option<i64>,
    leader_names: String,
    highlight: bool,
    review_comment: String,
    reviewed_by_name: String,
    reviewed_at: Option<i64>,
    idempotency_key: String,
    created_by: String,
    created_by_name: String,
    created_at: i64,
    reported_at: Option<i64>,
    updated_at: i64,
    seq: i64,
    version: i64,
}

/// The columns of [`Row`], of the table called `r`.
pub(super) const COLUMNS: &str = "r.record_id, r.unit_id, r.kind, r.title, r.campaign_id, r.activity_id, r.state, \
    r.held_on, r.ends_on, r.held_time, r.place, r.village, r.body, r.measures, r.people, r.target, r.leader_present, \
    r.leader_count, r.leader_names, r.highlight, r.review_comment, r.reviewed_by_name, r.reviewed_at, \
    r.idempotency_key, r.created_by, r.created_by_name, r.created_at, r.reported_at, r.updated_at, r.seq, r.version";

fn day(text: &str) -> Result<Date> {
    text.parse().map_err(Error::internal)
}

impl Row {
    fn into_record(self) -> Result<Record> {
        Ok(Record {
            id: RecordId(self.record_id),
            unit_id: UnitId(self.unit_id),
            facts: Facts {
                kind: self.kind,
                title: self.title,
                campaign_id: self.campaign_id.map(CampaignId),
                activity_id: self.activity_id.map(ActivityId),
                held_on: day(&self.held_on)?,
                ends_on: self.ends_on.as_deref().map(day).transpose()?,
                time: self.held_time,
                place: self.place,
                village: self.village,
                text: self.body,
                measures: serde_json::from_str(&self.measures)?,
                people: serde_json::from_str(&self.people)?,
                target: Target::parse(&self.target),
                leader_present: self.leader_present,
                leader_count: self.leader_count,
                leader_names: self.leader_names,
                highlight: self.highlight,
                co_hosts: Vec::new(),
            },
            state: State::parse(&self.state).ok_or_else(|| Error::internal("a record in an unknown state"))?,
            review: Review { comment: self.review_comment, by: self.reviewed_by_name, at: self.reviewed_at },
            idempotency_key: self.idempotency_key,
            created_by: self.created_by,
            created_by_name: self.created_by_name,
            created_at: self.created_at,
            reported_at: self.reported_at,
            updated_at: self.updated_at,
            seq: self.seq,
            version: self.version,
        })
    }
}

/// Rows as records, each with its co-hosts.
pub(super) async fn with_hosts(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    rows: Vec<Row>,
) -> Result<Vec<Record>> {
    #[derive(FromQueryResult)]
    struct CoHost {
        record_id: String,
        unit_id: String,
    }
    let mut records = rows.into_iter().map(Row::into_record).collect::<Result<Vec<_>>>()?;
    // Many records of few days: their joint ones are told faster by the days.
    let days = records.iter().map(|record| record.facts.held_on);
    let found: Vec<CoHost> = match days.clone().min().zip(days.max()) {
        Some((first, last)) if records.len() > 100 && (last - first).get_days() <= 31 => {
            sql("SELECT record_id, unit_id FROM record_units WHERE jurisdiction_id = $1 AND role = 'co_host' \
                 AND held_on >= $2 AND held_on <= $3 ORDER BY record_id, unit_id")
            .bind(town)
            .bind(first.to_string())
            .bind(last.to_string())
            .all(db)
            .await?
        }
        _ => {
            let ids: Vec<RecordId> = records.iter().map(|record| record.id.clone()).collect();
            sql("SELECT record_id, unit_id FROM record_units \
                 WHERE jurisdiction_id = $1 AND role = 'co_host' AND record_id IN (...) ORDER BY record_id, unit_id")
            .bind(town)
            .all_in(db, &ids)
            .await?
        }
    };
    let mut of: HashMap<String, Vec<UnitId>> = HashMap::new();
    for one in found {
        of.entry(one.record_id).or_default().push(UnitId(one.unit_id));
    }
    for record in &mut records {
        record.facts.co_hosts = of.remove(record.id.as_str()).unwrap_or_default();
    }
    Ok(records)
}

/// A record by its id.
pub async fn find(db: &impl ConnectionTrait, town: &JurisdictionId, id: &RecordId) -> Result<Option<Record>> {
    let rows: Vec<Row> =
        sql(format!("SELECT {COLUMNS} FROM records r WHERE r.jurisdiction_id = $1 AND r.record_id = $2"))
            .bind(town)
            .bind(id)
            .all(db)
            .await?;
    Ok(with_hosts(db, town, rows).await?.pop())
}

/// Records by their ids, in the order of the ids.
pub async fn find_all(db: &impl ConnectionTrait, town: &JurisdictionId, ids: &[RecordId]) -> Result<Vec<Record>> {
    let rows: Vec<Row> =
        sql(format!("SELECT {COLUMNS} FROM records r WHERE r.jurisdiction_id = $1 AND r.record_id IN (...)"))
            .bind(town)
            .all_in(db, ids)
            .await?;
    let found = with_hosts(db, town, rows).await?;
    let mut by_id: HashMap<RecordId, Record> = found.into_iter().map(|record| (record.id.clone(), record)).collect();
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}

/// The record that was made by this sending of the form.
pub async fn find_by_key(db: &impl ConnectionTrait, town: &JurisdictionId, key: &str) -> Result<Option<Record>> {
    let rows: Vec<Row> =
        sql(format!("SELECT {COLUMNS} FROM records r WHERE r.jurisdiction_id = $1 AND r.idempotency_key = $2"))
            .bind(town)
            .bind(key)
            .all(db)
            .await?;
    Ok(with_hosts(db, town, rows).await?.pop())
}

/// Bytes of the files of a unit's records, and of those that one of its people has put on forms not yet sent.
pub async fn bytes_of_unit(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    unit: &UnitId,
    account: &AccountId,
) -> Result<i64> {
    let sum: Option<i64> = sql("SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM files WHERE jurisdiction_id = $1 AND ( \
         (owner_kind = 'record' AND owner_id IN (SELECT record_id FROM records WHERE jurisdiction_id = $1 AND unit_id = $2)) \
         OR (owner_kind = 'record_form' AND created_by = $3))")
    .bind(town)
    .bind(unit)
    .bind(account)
    .scalar(db)
    .await?;
    Ok(sum.unwrap_or_default())
}

/// The write number that this transaction will have.
pub async fn next_seq(tx: &WriteTx) -> Result<i64> {
    let now: Option<i64> = sql("SELECT write_seq FROM jurisdictions WHERE jurisdiction_id = $1")
        .bind(tx.jurisdiction())
        .scalar(&**tx)
        .await?;
    Ok(now.unwrap_or_default() + 1)
}

const WRITTEN: &str = "unit_id, kind, title, campaign_id, activity_id, state, held_on, ends_on, held_time, place, \
    village, body, measures, people, target, leader_present, leader_count, leader_names, highlight, search_key, \
    review_comment, reviewed_by_name, reviewed_at, idempotency_key, created_by, created_by_name, created_at, \
    reported_at, updated_at, seq, version";

fn written(record: &Record) -> Result<Vec<Value>> {
    let facts = &record.facts;
    Ok(vec![
        (&record.unit_id).into(),
        facts.kind.as_str().into(),
        facts.title.as_str().into(),
        facts.campaign_id.as_ref().map(|id| id.0.clone()).into(),
        facts.activity_id.as_ref().map(|id| id.0.clone()).into(),
        record.state.code().into(),
        facts.held_on.to_string().into(),
        facts.ends_on.map(|day| day.to_string()).into(),
        facts.time.as_str().into(),
        facts.place.as_str().into(),
        facts.village.as_str().into(),
        facts.text.as_str().into(),
        serde_json::to_string(&facts.measures)?.into(),
        serde_json::to_string(&facts.people)?.into(),
        facts.target.map_or("", Target::code).into(),
        facts.leader_present.into(),
        facts.leader_count.into(),
        facts.leader_names.as_str().into(),
        facts.highlight.into(),
        facts.search_key().into(),
        record.review.comment.as_str().into(),
        record.review.by.as_str().into(),
        record.review.at.into(),
        record.idempotency_key.as_str().into(),
        record.created_by.as_str().into(),
        record.created_by_name.as_str().into(),
        record.created_at.into(),
        record.reported_at.into(),
        record.updated_at.into(),
        record.seq.into(),
        record.version.into(),
    ])
}

/// Writes a new record.
pub async fn insert(tx: &WriteTx, record: &Record) -> Result<()> {
    let values = written(record)?;
    sql(format!(
        "INSERT INTO records (jurisdiction_id, record_id, {WRITTEN}) VALUES ({})",
        placeholders(1, values.len() + 2)
    ))
    .bind(tx.jurisdiction())
    .bind(&record.id)
    .bind_all(values)
    .execute(&**tx)
    .await?;
    write_rest(tx, record).await
}

/// Writes a record over the one before.
pub async fn update(tx: &WriteTx, record: &Record) -> Result<()> {
    let values = written(record)?;
    let set: Vec<String> =
        WRITTEN.split(", ").enumerate().map(|(at, name)| format!("{} = ${}", name.trim(), at + 3)).collect();
    sql(format!("UPDATE records SET {} WHERE jurisdiction_id = $1 AND record_id = $2", set.join(", ")))
        .bind(tx.jurisdiction())
        .bind(&record.id)
        .bind_all(values)
        .execute(&**tx)
        .await?;
    clear_rest(tx, &record.id).await?;
    write_rest(tx, record).await
}

/// Removes a record that nobody but the unit has seen.
pub async fn delete(tx: &WriteTx, id: &RecordId) -> Result<()> {
    clear_rest(tx, id).await?;
    sql("DELETE FROM records WHERE jurisdiction_id = $1 AND record_id = $2")
        .bind(tx.jurisdiction())
        .bind(id)
        .execute(&**tx)
        .await?;
    Ok(())
}

async fn clear_rest(tx: &WriteTx, id: &RecordId) -> Result<()> {
    for table in ["record_units", "record_values"] {
        sql(format!("DELETE FROM {table} WHERE jurisdiction_id = $1 AND record_id = $2"))
            .bind(tx.jurisdiction())
            .bind(id)
            .execute(&**tx)
            .await?;
    }
    Ok(())
}

/// The units it is shown at, and its figures once it was held.
async fn write_rest(tx: &WriteTx, record: &Record) -> Result<()> {
    let held_on = record.facts.held_on.to_string();
    let mut units: Vec<Value> = Vec::new();
    for unit in record.units() {
        let role = if *unit == record.unit_id { "host" } else { "co_host" };
        units.extend([
            tx.jurisdiction().into(),
            (&record.id).into(),
            unit.into(),
            role.into(),
            held_on.as_str().into(),
        ]);
    }
    insert_rows(&**tx, "record_units (jurisdiction_id, record_id, unit_id, role, held_on)", 5, units).await?;
    if record.state == State::Planned {
        return Ok(());
    }
    let mut figures: Vec<Value> = Vec::new();
    for (measure, amount) in record.facts.figures() {
        figures.extend([
            tx.jurisdiction().into(),
            (&record.id).into(),
            measure.into(),
            held_on.as_str().into(),
            (&record.unit_id).into(),
            record.facts.kind.as_str().into(),
            record.facts.facet().into(),
            record.state.code().into(),
            amount.into(),
        ]);
    }
    let into = "record_values (jurisdiction_id, record_id, measure, held_on, unit_id, kind, facet, state, amount)";
    insert_rows(&**tx, into, 9, figures).await
}
