//! Rows of `occurrences`.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{day, duties};
use crate::features::duties::dispatch::{Existing, Fresh};
use crate::features::duties::model::{CampaignId, DutyId, OccurrenceId, State, SubmissionId};
use crate::features::duties::occurrence::{Review, Tally, WorkItem, board_state};
use crate::features::duties::remind::RemindAbout;
use crate::platform::db::{WriteTx, insert_rows, sql};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{Ids, JurisdictionId, UnitId};

#[derive(FromQueryResult)]
struct OccurrenceRow {
    occurrence_id: String,
    campaign_id: String,
    duty_id: String,
    unit_id: String,
    period_key: String,
    period_start: Option<String>,
    period_end: Option<String>,
    due_at: Option<i64>,
    born_past: bool,
    state: String,
    extended_until: Option<i64>,
    extension_reason: String,
    decided_by: String,
    decided_reason: String,
    submission_id: Option<String>,
    submitted_at: Option<i64>,
    late: Option<bool>,
    version: i64,
}

const COLUMNS: &str = "occurrence_id, campaign_id, duty_id, unit_id, period_key, period_start, period_end, due_at, born_past, state, \
     extended_until, extension_reason, decided_by, decided_reason, submission_id, submitted_at, late, version";

fn state(code: &str) -> Result<State> {
    State::parse(code).ok_or_else(|| Error::internal("an occurrence of unknown state"))
}

impl OccurrenceRow {
    fn into_item(self, duty: &duties::Loaded, returned: Option<Review>) -> Result<WorkItem> {
        Ok(WorkItem {
            state: state(&self.state)?,
            id: OccurrenceId(self.occurrence_id),
            campaign_id: CampaignId(self.campaign_id),
            unit_id: UnitId(self.unit_id),
            duty: duty.duty.clone(),
            period_key: self.period_key,
            period_start: day(self.period_start)?,
            period_end: day(self.period_end)?,
            due_at: self.due_at,
            born_past: self.born_past,
            extended_until: self.extended_until,
            extension_reason: self.extension_reason,
            decided_by: self.decided_by,
            decided_reason: self.decided_reason,
            submission_id: self.submission_id.map(SubmissionId),
            submitted_at: self.submitted_at,
            late: self.late,
            returned,
            closed: duty.closed,
            version: self.version,
        })
    }
}

/// Adds the duties, and what was said of those sent back: one query for each table.
async fn items(db: &impl ConnectionTrait, town: &JurisdictionId, rows: Vec<OccurrenceRow>) -> Result<Vec<WorkItem>> {
    let mut ids: Vec<DutyId> = rows.iter().map(|row| DutyId(row.duty_id.clone())).collect();
    ids.sort();
    ids.dedup();
    let duties = duties::load(db, town, &ids).await?;
    let returned: Vec<SubmissionId> = rows
        .iter()
        .filter(|row| row.state == State::Returned.code())
        .filter_map(|row| row.submission_id.clone().map(SubmissionId))
        .collect();
    let mut reviews = super::submissions::reviews(db, town, &returned).await?;
    rows.into_iter()
        .map(|row| {
            let duty = duties
                .get(&DutyId(row.duty_id.clone()))
                .ok_or_else(|| Error::internal("an occurrence without its duty"))?;
            let review = (row.state == State::Returned.code()).then(|| {
                row.submission_id.clone().and_then(|id| reviews.remove(&SubmissionId(id))).unwrap_or_default()
            });
            row.into_item(duty, review)
        })
        .collect()
}

/// Everything these units owe, have handed in or may hand in, of all campaigns: what is withdrawn is left out.
/// What is due first comes first; undated things last.
pub async fn work_of_units(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    units: &[UnitId],
) -> Result<Vec<WorkItem>> {
    let mut rows: Vec<OccurrenceRow> = sql(format!(
        "SELECT {COLUMNS} FROM occurrences WHERE jurisdiction_id = $1 AND state <> 'withdrawn' AND unit_id IN (...)"
    ))
    .bind(town)
    .all_in(db, units)
    .await?;
    rows.sort_by(|a, b| {
        let key = |row: &OccurrenceRow| row.extended_until.or(row.due_at).unwrap_or(i64::MAX);
        key(a).cmp(&key(b)).then_with(|| a.occurrence_id.cmp(&b.occurrence_id))
    });
    items(db, town, rows).await
}

/// Occurrences by their ids, in no particular order; those that are not there are left out.
pub async fn find_all(db: &impl ConnectionTrait, town: &JurisdictionId, ids: &[OccurrenceId]) -> Result<Vec<WorkItem>> {
    let rows: Vec<OccurrenceRow> =
        sql(format!("SELECT {COLUMNS} FROM occurrences WHERE jurisdiction_id = $1 AND occurrence_id IN (...)"))
            .bind(town)
            .all_in(db, ids)
            .await?;
    items(db, town, rows).await
}

/// An occurrence with its duty.
pub async fn find(db: &impl ConnectionTrait, town: &JurisdictionId, id: &OccurrenceId) -> Result<Option<WorkItem>> {
    Ok(find_all(db, town, std::slice::from_ref(id)).await?.pop())
}

/// The occurrences of some units and a duty.
pub async fn of_duty_and_unit(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    duty: &DutyId,
    unit: &UnitId,
) -> Result<Vec<WorkItem>> {
    let rows: Vec<OccurrenceRow> = sql(format!(
        "SELECT {COLUMNS} FROM occurrences WHERE jurisdiction_id = $1 AND duty_id = $2 AND unit_id = $3 ORDER BY period_key"
    ))
    .bind(town)
    .bind(duty)
    .bind(unit)
    .all(db)
    .await?;
    items(db, town, rows).await
}

/// The occurrences of a unit in a campaign.
pub async fn of_campaign_and_unit(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaign: &CampaignId,
    unit: &UnitId,
) -> Result<Vec<WorkItem>> {
    let rows: Vec<OccurrenceRow> = sql(format!(
        "SELECT {COLUMNS} FROM occurrences WHERE jurisdiction_id = $1 AND campaign_id = $2 AND unit_id = $3 AND state <> 'withdrawn' \
         ORDER BY COALESCE(extended_until, due_at) NULLS LAST, occurrence_id"
    ))
    .bind(town)
    .bind(campaign)
    .bind(unit)
    .all(db)
    .await?;
    items(db, town, rows).await
}

#[derive(FromQueryResult)]
struct ExistingRow {
    occurrence_id: String,
    duty_id: String,
    unit_id: String,
    period_key: String,
    period_start: Option<String>,
    period_end: Option<String>,
    due_at: Option<i64>,
    state: String,
}

/// All occurrences of a campaign, as dispatch compares them.
pub(crate) async fn existing(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaign: &CampaignId,
) -> Result<Vec<Existing>> {
    let rows: Vec<ExistingRow> = sql(
        "SELECT occurrence_id, duty_id, unit_id, period_key, period_start, period_end, due_at, state FROM occurrences \
         WHERE jurisdiction_id = $1 AND campaign_id = $2",
    )
    .bind(town)
    .bind(campaign)
    .all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Existing {
                state: state(&row.state)?,
                id: OccurrenceId(row.occurrence_id),
                duty_id: DutyId(row.duty_id),
                unit_id: UnitId(row.unit_id),
                period_key: row.period_key,
                period: day(row.period_start)?.zip(day(row.period_end)?),
                due_at: row.due_at,
            })
        })
        .collect()
}

/// Writes new occurrences, all open.
pub(crate) async fn insert(
    tx: &WriteTx,
    ids: &Ids,
    campaign: &CampaignId,
    fresh: &[Fresh<'_>],
    now: i64,
) -> Result<()> {
    let mut values = Vec::with_capacity(fresh.len() * 12);
    for new in fresh {
        let row: [sea_orm::Value; 12] = [
            tx.jurisdiction().into(),
            ids.id::<String>().into(),
            campaign.into(),
            new.duty_id.into(),
            new.unit_id.into(),
            new.planned.period_key.as_str().into(),
            new.planned.period_start.map(|date| date.to_string()).into(),
            new.planned.period_end.map(|date| date.to_string()).into(),
            new.planned.due_ms.into(),
            new.born_past.into(),
            State::Open.code().into(),
            now.into(),
        ];
        values.extend(row);
    }
    insert_rows(
        &**tx,
        "occurrences (jurisdiction_id, occurrence_id, campaign_id, duty_id, unit_id, period_key, period_start, period_end, \
         due_at, born_past, state, updated_at)",
        12,
        values,
    )
    .await
}

/// Puts occurrences into a state.
pub(crate) async fn set_state(tx: &WriteTx, ids: &[OccurrenceId], state: State, now: i64) -> Result<()> {
    sql("UPDATE occurrences SET state = $1, updated_at = $2, version = version + 1 \
         WHERE jurisdiction_id = $3 AND occurrence_id IN (...)")
    .bind(state.code())
    .bind(now)
    .bind(tx.jurisdiction())
    .execute_in(&**tx, ids)
    .await?;
    Ok(())
}

/// Gives occurrences a new due time.
pub(crate) async fn reschedule(tx: &WriteTx, ids: &[OccurrenceId], due_at: Option<i64>, now: i64) -> Result<()> {
    sql("UPDATE occurrences SET due_at = $1, born_past = $2, updated_at = $3, version = version + 1 \
         WHERE jurisdiction_id = $4 AND occurrence_id IN (...)")
    .bind(due_at)
    .bind(due_at.is_some_and(|due| due < now))
    .bind(now)
    .bind(tx.jurisdiction())
    .execute_in(&**tx, ids)
    .await?;
    Ok(())
}

/// Writes what a step has changed: state, extension, decision, the submission that counts.
///
/// # Errors
/// [`Error::Changed`] when it was changed since it was read.
pub(crate) async fn update(tx: &WriteTx, item: &WorkItem, now: i64) -> Result<()> {
    let changed = sql(
        "UPDATE occurrences SET state = $1, extended_until = $2, extension_reason = $3, decided_by = $4, decided_reason = $5, \
         submission_id = $6, submitted_at = $7, late = $8, updated_at = $9, version = version + 1 \
         WHERE jurisdiction_id = $10 AND occurrence_id = $11 AND version = $12",
    )
    .bind(item.state.code())
    .bind(item.extended_until)
    .bind(item.extension_reason.as_str())
    .bind(item.decided_by.as_str())
    .bind(item.decided_reason.as_str())
    .bind(item.submission_id.as_ref().map(|id| id.0.clone()))
    .bind(item.submitted_at)
    .bind(item.late)
    .bind(now)
    .bind(tx.jurisdiction())
    .bind(&item.id)
    .bind(item.version)
    .execute(&**tx)
    .await?;
    if changed == 0 { Err(Error::Changed) } else { Ok(()) }
}

#[derive(FromQueryResult)]
struct CountRow {
    campaign_id: String,
    state: String,
    standing: i64,
    count: i64,
}

/// How many occurrences of each campaign have each of the four words, all dates together.
pub async fn progress(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaigns: &[CampaignId],
) -> Result<HashMap<CampaignId, Tally>> {
    let mut tallies: HashMap<CampaignId, Tally> = HashMap::new();
    let rows: Vec<CountRow> = sql(
        "SELECT campaign_id, state, standing, COUNT(*) AS count FROM ( \
           SELECT campaign_id, state, CAST(CASE WHEN period_key = 'ad_hoc' OR period_key LIKE 'ad_hoc:%' THEN 1 ELSE 0 END AS BIGINT) AS standing \
           FROM occurrences WHERE jurisdiction_id = $1 AND campaign_id IN (...) \
         ) AS counted GROUP BY campaign_id, state, standing",
    )
    .bind(town)
    .all_in(db, campaigns)
    .await?;
    for row in rows {
        let key = if row.standing == 1 { "ad_hoc" } else { "" };
        if let Some(word) = board_state(state(&row.state)?, key) {
            tallies.entry(CampaignId(row.campaign_id)).or_default().add(word, row.count);
        }
    }
    Ok(tallies)
}

/// What is open or sent back, of a duty or a whole campaign.
pub(crate) async fn owing(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    about: &RemindAbout,
) -> Result<Vec<WorkItem>> {
    let (column, id) = about.column();
    let rows: Vec<OccurrenceRow> = sql(format!(
        "SELECT {COLUMNS} FROM occurrences WHERE jurisdiction_id = $1 AND {column} = $2 AND state IN ('open', 'returned') \
         ORDER BY COALESCE(extended_until, due_at) NULLS LAST, occurrence_id"
    ))
    .bind(town)
    .bind(id)
    .all(db)
    .await?;
    items(db, town, rows).await
}

#[derive(FromQueryResult)]
struct WaitingRow {
    submission_id: String,
    unit_id: String,
}

/// Submissions of a duty that wait for review, the oldest first, with their units.
pub async fn waiting(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    duty: &DutyId,
) -> Result<Vec<(SubmissionId, UnitId)>> {
    let rows: Vec<WaitingRow> = sql(
        "SELECT submission_id, unit_id FROM occurrences WHERE jurisdiction_id = $1 AND duty_id = $2 AND state = 'submitted' \
           AND submission_id IS NOT NULL ORDER BY submitted_at, occurrence_id",
    )
    .bind(town)
    .bind(duty)
    .all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (SubmissionId(row.submission_id), UnitId(row.unit_id))).collect())
}

#[derive(FromQueryResult)]
struct NextRow {
    duty_id: String,
    next: i64,
}

impl RemindAbout {
    fn column(&self) -> (&'static str, &str) {
        match self {
            Self::Duty(id) => ("duty_id", id.as_str()),
            Self::Campaign(id) => ("campaign_id", id.as_str()),
        }
    }
}

/// The next date of each duty, of all units together.
pub(crate) async fn next_due(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    about: &RemindAbout,
    now: i64,
) -> Result<HashMap<DutyId, i64>> {
    let (column, id) = about.column();
    let rows: Vec<NextRow> = sql(format!(
        "SELECT duty_id, MIN(due_at) AS next FROM occurrences WHERE jurisdiction_id = $1 AND {column} = $2 \
           AND due_at >= $3 AND state <> 'withdrawn' GROUP BY duty_id"
    ))
    .bind(town)
    .bind(id)
    .bind(now)
    .all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (DutyId(row.duty_id), row.next)).collect())
}

/// The occurrences of a unit in the order they were made, those after `after` only.
pub async fn page(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    unit: &UnitId,
    after: &str,
    limit: i64,
) -> Result<Vec<WorkItem>> {
    let rows: Vec<OccurrenceRow> = sql(format!(
        "SELECT {COLUMNS} FROM occurrences WHERE jurisdiction_id = $1 AND unit_id = $2 AND occurrence_id > $3 AND state <> 'withdrawn' \
         ORDER BY occurrence_id LIMIT $4"
    ))
    .bind(town)
    .bind(unit)
    .bind(after)
    .bind(limit)
    .all(db)
    .await?;
    items(db, town, rows).await
}
