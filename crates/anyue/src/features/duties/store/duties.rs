//! Rows of `duties`.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{day, json};
use crate::features::duties::model::{CampaignId, Duty, DutyId, DutyKind, Schedule};
use crate::platform::db::{WriteTx, placeholders, sql};
use crate::platform::error::{Error, Result};
use crate::platform::ids::JurisdictionId;

#[derive(FromQueryResult)]
struct DutyRow {
    duty_id: String,
    campaign_id: String,
    ordinal: i64,
    kind: String,
    title: String,
    detail: String,
    clause: String,
    source_text: String,
    line_first: Option<i64>,
    line_last: Option<i64>,
    who: String,
    hand_in_to: String,
    schedule: String,
    starts_on: Option<String>,
    repeat_from: Option<String>,
    repeat_until: Option<String>,
    quota_min: Option<i64>,
    quota_unit: String,
    zero_report: bool,
    parts: String,
    evidence: String,
    receivers: String,
    minutes: i64,
    dropped_at: Option<i64>,
    closed_at: Option<i64>,
    version: i64,
}

/// A duty, and whether its campaign is closed.
#[derive(Clone)]
pub(crate) struct Loaded {
    /// The duty.
    pub duty: Arc<Duty>,
    /// Nothing more can be handed in.
    pub closed: bool,
}

impl DutyRow {
    fn into_loaded(self) -> Result<Loaded> {
        let unknown = |what: &str| Error::internal(format!("a duty of unknown {what}"));
        let duty = Duty {
            kind: DutyKind::parse(&self.kind).ok_or_else(|| unknown("kind"))?,
            schedule: Schedule::from_json(&self.schedule).map_err(Error::internal)?,
            id: DutyId(self.duty_id),
            campaign_id: CampaignId(self.campaign_id),
            ordinal: self.ordinal,
            title: self.title,
            detail: self.detail,
            clause: self.clause,
            source_text: self.source_text,
            lines: self.line_first.zip(self.line_last),
            who: self.who,
            hand_in_to: self.hand_in_to,
            starts_on: day(self.starts_on)?,
            repeat_from: day(self.repeat_from)?,
            repeat_until: day(self.repeat_until)?,
            quota: self.quota_min.map(|least| (least, self.quota_unit)),
            zero_report: self.zero_report,
            parts: json(&self.parts)?,
            evidence: json(&self.evidence)?,
            receivers: json(&self.receivers)?,
            minutes: self.minutes,
            dropped: self.dropped_at.is_some(),
            version: self.version,
        };
        Ok(Loaded { duty: Arc::new(duty), closed: self.closed_at.is_some() })
    }
}

const COLUMNS: &str = "duty_id, campaign_id, ordinal, kind, title, detail, clause, source_text, line_first, line_last, who, hand_in_to, \
     schedule, starts_on, repeat_from, repeat_until, quota_min, quota_unit, zero_report, parts, evidence, receivers, minutes, \
     dropped_at, closed_at, version";

/// The duties of a campaign, in its order.
pub async fn of_campaign(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaign: &CampaignId,
    include_dropped: bool,
) -> Result<Vec<Duty>> {
    let rows: Vec<DutyRow> = sql(format!(
        "SELECT {COLUMNS} FROM duties WHERE jurisdiction_id = $1 AND campaign_id = $2 ORDER BY ordinal, duty_id"
    ))
    .bind(town)
    .bind(campaign)
    .all(db)
    .await?;
    let mut duties = Vec::with_capacity(rows.len());
    for row in rows {
        if include_dropped || row.dropped_at.is_none() {
            duties.push(Arc::unwrap_or_clone(row.into_loaded()?.duty));
        }
    }
    Ok(duties)
}

/// A duty by its id.
pub async fn find(db: &impl ConnectionTrait, town: &JurisdictionId, id: &DutyId) -> Result<Option<Duty>> {
    Ok(load(db, town, std::slice::from_ref(id)).await?.remove(id).map(|loaded| Arc::unwrap_or_clone(loaded.duty)))
}

/// Duties of the town in the order of their ids, those after `after` only.
pub async fn page(db: &impl ConnectionTrait, town: &JurisdictionId, after: &str, limit: i64) -> Result<Vec<Duty>> {
    let rows: Vec<DutyRow> = sql(format!(
        "SELECT {COLUMNS} FROM duties WHERE jurisdiction_id = $1 AND duty_id > $2 AND dropped_at IS NULL ORDER BY duty_id LIMIT $3"
    ))
    .bind(town)
    .bind(after)
    .bind(limit)
    .all(db)
    .await?;
    rows.into_iter().map(|row| Ok(Arc::unwrap_or_clone(row.into_loaded()?.duty))).collect()
}

/// Duties by their ids.
pub(crate) async fn load(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    ids: &[DutyId],
) -> Result<HashMap<DutyId, Loaded>> {
    let rows: Vec<DutyRow> =
        sql(format!("SELECT {COLUMNS} FROM duties WHERE jurisdiction_id = $1 AND duty_id IN (...)"))
            .bind(town)
            .all_in(db, ids)
            .await?;
    rows.into_iter().map(|row| row.into_loaded().map(|row| (row.duty.id.clone(), row))).collect()
}

/// Writes a new duty.
pub async fn insert(tx: &WriteTx, duty: &Duty) -> Result<()> {
    sql(format!("INSERT INTO duties (jurisdiction_id, {COLUMNS}) VALUES ({})", placeholders(1, 27)))
        .bind(tx.jurisdiction())
        .bind(&duty.id)
        .bind(&duty.campaign_id)
        .bind_all(fields(duty))
        .bind(duty.dropped.then(|| tx.now()))
        .bind(None::<i64>)
        .bind(duty.version)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// Changes a duty. Its `version` must be the stored one, which grows by one.
///
/// # Errors
/// [`Error::Changed`] when somebody else has changed it meanwhile.
pub async fn update(tx: &WriteTx, duty: &Duty) -> Result<()> {
    let changed = sql(
        "UPDATE duties SET ordinal = $1, kind = $2, title = $3, detail = $4, clause = $5, source_text = $6, line_first = $7, \
         line_last = $8, who = $9, hand_in_to = $10, schedule = $11, starts_on = $12, repeat_from = $13, repeat_until = $14, \
         quota_min = $15, quota_unit = $16, zero_report = $17, parts = $18, evidence = $19, receivers = $20, minutes = $21, \
         dropped_at = CASE WHEN $22 THEN COALESCE(dropped_at, $23) ELSE NULL END, version = version + 1 \
         WHERE jurisdiction_id = $24 AND duty_id = $25 AND version = $26",
    )
    .bind_all(fields(duty))
    .bind(duty.dropped)
    .bind(tx.now())
    .bind(tx.jurisdiction())
    .bind(&duty.id)
    .bind(duty.version)
    .execute(&**tx)
    .await?;
    if changed == 0 { Err(Error::Changed) } else { Ok(()) }
}

/// From `ordinal` to `minutes`, as the columns stand.
fn fields(duty: &Duty) -> Vec<sea_orm::Value> {
    let text = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    let json = |value: Result<String, serde_json::Error>| value.unwrap_or_else(|_| "[]".to_owned());
    vec![
        duty.ordinal.into(),
        duty.kind.code().into(),
        duty.title.as_str().into(),
        duty.detail.as_str().into(),
        duty.clause.as_str().into(),
        duty.source_text.as_str().into(),
        duty.lines.map(|lines| lines.0).into(),
        duty.lines.map(|lines| lines.1).into(),
        duty.who.as_str().into(),
        duty.hand_in_to.as_str().into(),
        duty.schedule.to_json().into(),
        text(duty.starts_on).into(),
        text(duty.repeat_from).into(),
        text(duty.repeat_until).into(),
        duty.quota.as_ref().map(|quota| quota.0).into(),
        duty.quota.as_ref().map_or("", |quota| quota.1.as_str()).into(),
        duty.zero_report.into(),
        json(serde_json::to_string(&duty.parts)).into(),
        json(serde_json::to_string(&duty.evidence)).into(),
        json(serde_json::to_string(&duty.receivers)).into(),
        duty.minutes.into(),
    ]
}

/// Closes the duties of a campaign: what is open stays visible, nothing more can be handed in.
pub async fn close_campaign(tx: &WriteTx, campaign: &CampaignId, now: i64) -> Result<()> {
    sql("UPDATE duties SET closed_at = $1 WHERE jurisdiction_id = $2 AND campaign_id = $3 AND closed_at IS NULL")
        .bind(now)
        .bind(tx.jurisdiction())
        .bind(campaign)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// Removes the duties of a draft. The database refuses when any has been dispatched.
pub async fn delete_of_draft(tx: &WriteTx, campaign: &CampaignId) -> Result<u64> {
    sql("DELETE FROM duties WHERE jurisdiction_id = $1 AND campaign_id = $2")
        .bind(tx.jurisdiction())
        .bind(campaign)
        .execute(&**tx)
        .await
}
