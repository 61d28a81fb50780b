//! The trail: what was done, by whom, to what. One row for each change, written in its transaction.
//!
//! Rows are chained within a town: each carries SHA-256 over the one before and its own content, so that a
//! changed or missing row is found by [`verify`]. Summaries are Chinese sentences for the auditor. **Nothing
//! of a tipster, no telephone number and no password ever goes into `summary` or `detail`.**

use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::auth::Actor;
use super::db::{WriteTx, sql};
use super::error::{Error, Result};
use super::ids::{JurisdictionId, UnitId};

/// One thing that happened.
#[derive(Debug)]
pub struct Event {
    kind: &'static str,
    actor_id: String,
    actor_name: String,
    subject_kind: &'static str,
    subject_id: String,
    unit_id: Option<UnitId>,
    summary: String,
    detail: Value,
}

impl Event {
    /// `kind` is `subject.verb` in English (`campaign.published`); `summary` a Chinese sentence.
    pub fn new(
        actor: &Actor,
        kind: &'static str,
        subject_kind: &'static str,
        subject_id: impl ToString,
        summary: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            actor_id: actor.account_id.to_string(),
            actor_name: actor.name.clone(),
            subject_kind,
            subject_id: subject_id.to_string(),
            unit_id: None,
            summary: summary.into(),
            detail: json!({}),
        }
    }

    /// The unit it concerns.
    #[must_use]
    pub fn unit(mut self, unit: &UnitId) -> Self {
        self.unit_id = Some(unit.clone());
        self
    }

    /// Further facts as JSON, without personal numbers.
    #[must_use]
    pub fn detail(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }
}

/// A row of the trail.
#[derive(Clone, Debug, FromQueryResult, serde::Serialize)]
pub struct Entry {
    /// Number within the town, without gaps.
    pub seq: i64,
    /// Milliseconds since 1970.
    pub at: i64,
    /// Who.
    pub actor_id: String,
    /// Who, as they were called then.
    pub actor_name: String,
    /// What, in English.
    pub kind: String,
    /// Kind of the thing it was done to.
    pub subject_kind: String,
    /// Id of the thing it was done to.
    pub subject_id: String,
    /// The unit concerned.
    pub unit_id: Option<String>,
    /// What, in Chinese.
    pub summary: String,
    /// Further facts, JSON.
    pub detail: String,
    /// Hash of the row before.
    pub prev_hash: String,
    /// Hash of this row.
    pub hash: String,
}

impl Entry {
    fn computed_hash(&self) -> String {
        let content = json!([
            self.prev_hash,
            self.seq,
            self.at,
            self.actor_id,
            self.actor_name,
            self.kind,
            self.subject_kind,
            self.subject_id,
            self.unit_id,
            self.summary,
            self.detail
        ]);
        hex::encode(Sha256::digest(content.to_string().as_bytes()))
    }
}

const COLUMNS: &str =
    "seq, at, actor_id, actor_name, kind, subject_kind, subject_id, unit_id, summary, detail, prev_hash, hash";

pub(super) async fn append(tx: &WriteTx, event: Event, at: i64) -> Result<()> {
    let last: Option<Entry> =
        sql(format!("SELECT {COLUMNS} FROM audit_events WHERE jurisdiction_id = $1 ORDER BY seq DESC LIMIT 1"))
            .bind(tx.jurisdiction())
            .one(&**tx)
            .await?;
    let mut entry = Entry {
        seq: last.as_ref().map_or(1, |last| last.seq + 1),
        at,
        actor_id: event.actor_id,
        actor_name: event.actor_name,
        kind: event.kind.to_owned(),
        subject_kind: event.subject_kind.to_owned(),
        subject_id: event.subject_id,
        unit_id: event.unit_id.map(|id| id.0),
        summary: event.summary,
        detail: event.detail.to_string(),
        prev_hash: last.map(|last| last.hash).unwrap_or_default(),
        hash: String::new(),
    };
    entry.hash = entry.computed_hash();
    sql(format!(
        "INSERT INTO audit_events (jurisdiction_id, {COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    ))
    .bind(tx.jurisdiction())
    .bind(entry.seq)
    .bind(entry.at)
    .bind(entry.actor_id)
    .bind(entry.actor_name)
    .bind(entry.kind)
    .bind(entry.subject_kind)
    .bind(entry.subject_id)
    .bind(entry.unit_id)
    .bind(entry.summary)
    .bind(entry.detail)
    .bind(entry.prev_hash)
    .bind(entry.hash)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// The latest rows before `before` (exclusive), newest first.
pub async fn page(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<Entry>> {
    sql(format!(
        "SELECT {COLUMNS} FROM audit_events WHERE jurisdiction_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3"
    ))
    .bind(town)
    .bind(before.unwrap_or(i64::MAX))
    .bind(i64::try_from(limit).unwrap_or(100))
    .all(db)
    .await
}

/// What is looked for in the trail; empty parts do not count.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Beginning of the kind: `campaign` or `campaign.published`.
    pub kind: String,
    /// Who, by id.
    pub actor_id: String,
    /// Who, by the whole name they had then.
    pub actor_name: String,
    /// Id of the thing it was done to, or of the unit concerned.
    pub subject_id: String,
    /// From this moment on.
    pub from: Option<i64>,
    /// Before this moment.
    pub until: Option<i64>,
}

/// The latest rows before `before` (exclusive) that fit the filter, newest first.
pub async fn search(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    filter: &Filter,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<Entry>> {
    let kind_end = format!("{}\u{7f}", filter.kind);
    sql(format!(
        "SELECT {COLUMNS} FROM audit_events WHERE jurisdiction_id = $1 AND seq < $2 AND at >= $3 AND at < $4 \
           AND ($5 = '' OR (kind >= $5 AND kind < $6)) AND ($7 = '' OR actor_id = $7) AND ($8 = '' OR actor_name = $8) \
           AND ($9 = '' OR subject_id = $9 OR unit_id = $9) \
         ORDER BY seq DESC LIMIT $10"
    ))
    .bind(town)
    .bind(before.unwrap_or(i64::MAX))
    .bind(filter.from.unwrap_or(i64::MIN))
    .bind(filter.until.unwrap_or(i64::MAX))
    .bind(filter.kind.as_str())
    .bind(kind_end)
    .bind(filter.actor_id.as_str())
    .bind(filter.actor_name.as_str())
    .bind(filter.subject_id.as_str())
    .bind(i64::try_from(limit).unwrap_or(100))
    .all(db)
    .await
}

/// The rows about one thing, oldest first.
pub async fn of_subject(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    subject_kind: &str,
    subject_id: &str,
) -> Result<Vec<Entry>> {
    sql(format!(
        "SELECT {COLUMNS} FROM audit_events WHERE jurisdiction_id = $1 AND subject_kind = $2 AND subject_id = $3 ORDER BY seq LIMIT 500"
    ))
    .bind(town)
    .bind(subject_kind)
    .bind(subject_id)
    .all(db)
    .await
}

/// Recomputes the chain of a town; `Err` names the first row that is changed or missing.
pub async fn verify(db: &impl ConnectionTrait, town: &JurisdictionId) -> Result<i64> {
    let (mut after, mut hash) = (0, String::new());
    loop {
        let rows: Vec<Entry> = sql(format!(
            "SELECT {COLUMNS} FROM audit_events WHERE jurisdiction_id = $1 AND seq > $2 ORDER BY seq LIMIT 1000"
        ))
        .bind(town)
        .bind(after)
        .all(db)
        .await?;
        if rows.is_empty() {
            return Ok(after);
        }
        for row in rows {
            if row.seq != after + 1 || row.prev_hash != hash || row.hash != row.computed_hash() {
                return Err(Error::internal(format!("the trail is broken at entry {}", after + 1)));
            }
            (after, hash) = (row.seq, row.hash);
        }
    }
}
