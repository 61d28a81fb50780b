//! Rows of `submissions`.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::json;
use crate::features::duties::model::{CampaignId, DutyId, OccurrenceId, SubmissionId};
use crate::features::duties::occurrence::Review;
use crate::features::duties::submission::{Submission, SubmissionState};
use crate::platform::auth::Actor;
use crate::platform::db::{WriteTx, placeholders, sql};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{JurisdictionId, UnitId};

#[derive(FromQueryResult)]
struct SubmissionRow {
    submission_id: String,
    occurrence_id: String,
    unit_id: String,
    revision: i64,
    state: String,
    zero_report: bool,
    payload: String,
    idempotency_key: String,
    created_by_name: String,
    created_at: i64,
    submitted_at: Option<i64>,
    reviewed_by_name: String,
    reviewed_at: Option<i64>,
    review: String,
    version: i64,
    updated_at: i64,
}

impl SubmissionRow {
    fn into_submission(self) -> Result<Submission> {
        Ok(Submission {
            state: SubmissionState::parse(&self.state)
                .ok_or_else(|| Error::internal("a submission of unknown state"))?,
            id: SubmissionId(self.submission_id),
            occurrence_id: OccurrenceId(self.occurrence_id),
            unit_id: UnitId(self.unit_id),
            revision: self.revision,
            zero_report: self.zero_report,
            payload: json(&self.payload)?,
            idempotency_key: self.idempotency_key,
            created_by_name: self.created_by_name,
            created_at: self.created_at,
            submitted_at: self.submitted_at,
            reviewed_by_name: self.reviewed_by_name,
            reviewed_at: self.reviewed_at,
            review: json(&self.review)?,
            version: self.version,
            updated_at: self.updated_at,
        })
    }
}

const COLUMNS: &str = "submission_id, occurrence_id, unit_id, revision, state, zero_report, payload, idempotency_key, created_by_name, \
     created_at, submitted_at, reviewed_by_name, reviewed_at, review, version, updated_at";

/// All revisions for an occurrence, the newest first, a draft among them.
pub async fn of_occurrence(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    occurrence: &OccurrenceId,
) -> Result<Vec<Submission>> {
    let rows: Vec<SubmissionRow> = sql(format!(
        "SELECT {COLUMNS} FROM submissions WHERE jurisdiction_id = $1 AND occurrence_id = $2 ORDER BY revision DESC"
    ))
    .bind(town)
    .bind(occurrence)
    .all(db)
    .await?;
    rows.into_iter().map(SubmissionRow::into_submission).collect()
}

/// What is being filled in for an occurrence.
pub async fn draft(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    occurrence: &OccurrenceId,
) -> Result<Option<Submission>> {
    let row: Option<SubmissionRow> = sql(format!(
        "SELECT {COLUMNS} FROM submissions WHERE jurisdiction_id = $1 AND occurrence_id = $2 AND state = 'draft' ORDER BY revision DESC LIMIT 1"
    ))
    .bind(town)
    .bind(occurrence)
    .one(db)
    .await?;
    row.map(SubmissionRow::into_submission).transpose()
}

/// A submission by its id.
pub async fn find(db: &impl ConnectionTrait, town: &JurisdictionId, id: &SubmissionId) -> Result<Option<Submission>> {
    Ok(find_all(db, town, std::slice::from_ref(id)).await?.pop())
}

/// Submissions by their ids, in no particular order.
pub async fn find_all(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    ids: &[SubmissionId],
) -> Result<Vec<Submission>> {
    let rows: Vec<SubmissionRow> =
        sql(format!("SELECT {COLUMNS} FROM submissions WHERE jurisdiction_id = $1 AND submission_id IN (...)"))
            .bind(town)
            .all_in(db, ids)
            .await?;
    rows.into_iter().map(SubmissionRow::into_submission).collect()
}

/// The submission sent under this key.
pub async fn by_key(db: &impl ConnectionTrait, town: &JurisdictionId, key: &str) -> Result<Option<Submission>> {
    let row: Option<SubmissionRow> =
        sql(format!("SELECT {COLUMNS} FROM submissions WHERE jurisdiction_id = $1 AND idempotency_key = $2"))
            .bind(town)
            .bind(key)
            .one(db)
            .await?;
    row.map(SubmissionRow::into_submission).transpose()
}

#[derive(FromQueryResult)]
struct ReviewRow {
    submission_id: String,
    review: String,
}

/// What was said of submissions, by their ids.
pub(crate) async fn reviews(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    ids: &[SubmissionId],
) -> Result<HashMap<SubmissionId, Review>> {
    let rows: Vec<ReviewRow> =
        sql("SELECT submission_id, review FROM submissions WHERE jurisdiction_id = $1 AND submission_id IN (...)")
            .bind(town)
            .all_in(db, ids)
            .await?;
    rows.into_iter().map(|row| Ok((SubmissionId(row.submission_id), json(&row.review)?))).collect()
}

/// Sent submissions of a campaign in the order they were begun, those after `after` only.
pub async fn page_of_campaign(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaign: &CampaignId,
    after: &str,
    limit: i64,
) -> Result<Vec<Submission>> {
    let rows: Vec<SubmissionRow> = sql(format!(
        "SELECT {COLUMNS} FROM submissions WHERE jurisdiction_id = $1 AND submission_id > $3 AND state <> 'draft' AND occurrence_id IN ( \
           SELECT occurrence_id FROM occurrences WHERE jurisdiction_id = $1 AND campaign_id = $2) \
         ORDER BY submission_id LIMIT $4"
    ))
    .bind(town)
    .bind(campaign)
    .bind(after)
    .bind(limit)
    .all(db)
    .await?;
    rows.into_iter().map(SubmissionRow::into_submission).collect()
}

/// Sent submissions of a unit in the order they were begun, those after `after` only.
pub async fn page_of_unit(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    unit: &UnitId,
    after: &str,
    limit: i64,
) -> Result<Vec<Submission>> {
    let rows: Vec<SubmissionRow> = sql(format!(
        "SELECT {COLUMNS} FROM submissions WHERE jurisdiction_id = $1 AND unit_id = $2 AND submission_id > $3 AND state <> 'draft' \
         ORDER BY submission_id LIMIT $4"
    ))
    .bind(town)
    .bind(unit)
    .bind(after)
    .bind(limit)
    .all(db)
    .await?;
    rows.into_iter().map(SubmissionRow::into_submission).collect()
}

/// What somebody accepted of a duty at one moment.
pub(crate) async fn accepted_at(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    duty: &DutyId,
    by: &str,
    at: i64,
) -> Result<Vec<SubmissionId>> {
    let ids: Vec<String> = sql(
        "SELECT s.submission_id FROM submissions s \
           JOIN occurrences o ON o.jurisdiction_id = s.jurisdiction_id AND o.submission_id = s.submission_id \
         WHERE o.jurisdiction_id = $1 AND o.duty_id = $2 AND s.state = 'accepted' AND s.reviewed_by_name = $3 AND s.reviewed_at = $4",
    )
    .bind(town)
    .bind(duty)
    .bind(by)
    .bind(at)
    .scalars(db)
    .await?;
    Ok(ids.into_iter().map(SubmissionId).collect())
}

/// Writes a new submission, draft or sent.
pub(crate) async fn insert(tx: &WriteTx, actor: &Actor, submission: &Submission) -> Result<()> {
    sql(format!("INSERT INTO submissions (jurisdiction_id, created_by, {COLUMNS}) VALUES ({})", placeholders(1, 18)))
        .bind(tx.jurisdiction())
        .bind(&actor.account_id)
        .bind(&submission.id)
        .bind(&submission.occurrence_id)
        .bind(&submission.unit_id)
        .bind(submission.revision)
        .bind(submission.state.code())
        .bind(submission.zero_report)
        .bind(submission.payload.to_json())
        .bind(submission.idempotency_key.as_str())
        .bind(submission.created_by_name.as_str())
        .bind(submission.created_at)
        .bind(submission.submitted_at)
        .bind(submission.reviewed_by_name.as_str())
        .bind(submission.reviewed_at)
        .bind(serde_json::to_string(&submission.review)?)
        .bind(submission.version)
        .bind(submission.updated_at)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// Changes a draft, or turns it into what is sent. Its `version` must be the stored one.
///
/// # Errors
/// [`Error::Changed`]; [`Error::Duplicate`] when another submission has the same key.
pub(crate) async fn update(tx: &WriteTx, actor: &Actor, submission: &Submission) -> Result<()> {
    let changed = sql(
        "UPDATE submissions SET state = $1, zero_report = $2, payload = $3, idempotency_key = $4, created_by = $5, \
         created_by_name = $6, submitted_at = $7, updated_at = $8, version = version + 1 \
         WHERE jurisdiction_id = $9 AND submission_id = $10 AND version = $11 AND state = 'draft'",
    )
    .bind(submission.state.code())
    .bind(submission.zero_report)
    .bind(submission.payload.to_json())
    .bind(submission.idempotency_key.as_str())
    .bind(&actor.account_id)
    .bind(submission.created_by_name.as_str())
    .bind(submission.submitted_at)
    .bind(submission.updated_at)
    .bind(tx.jurisdiction())
    .bind(&submission.id)
    .bind(submission.version)
    .execute(&**tx)
    .await?;
    if changed == 0 { Err(Error::Changed) } else { Ok(()) }
}

/// Notes what a reviewer decided; or, with a blank `review` and no time, that it waits again.
pub(crate) async fn set_review(
    tx: &WriteTx,
    id: &SubmissionId,
    state: SubmissionState,
    by: &str,
    at: Option<i64>,
    review: &Review,
) -> Result<()> {
    sql("UPDATE submissions SET state = $1, reviewed_by_name = $2, reviewed_at = $3, review = $4, version = version + 1 \
         WHERE jurisdiction_id = $5 AND submission_id = $6")
        .bind(state.code())
        .bind(by)
        .bind(at)
        .bind(serde_json::to_string(review)?)
        .bind(tx.jurisdiction())
        .bind(id)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// Bytes of all files that a unit has handed in or holds in drafts.
pub async fn bytes_of_unit(db: &impl ConnectionTrait, town: &JurisdictionId, unit: &UnitId) -> Result<i64> {
    let sum: Option<i64> = sql("SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM files \
         WHERE jurisdiction_id = $1 AND owner_kind = 'submission' AND owner_id IN ( \
           SELECT submission_id FROM submissions WHERE jurisdiction_id = $1 AND unit_id = $2)")
    .bind(town)
    .bind(unit)
    .scalar(db)
    .await?;
    Ok(sum.unwrap_or_default())
}
