//! Work done after the answer: rows in our own database, enqueued in the transaction that causes them.
//!
//! A job must be able to run twice. It is claimed for five minutes, tried five times with growing pauses, and
//! then stays as failed, where the page of background work shows it. What takes long is done in a [`Lane`] of its own,
//! one after the other. The table of contents is `crate::jobs`.

use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::Serialize;

use super::db::{Db, WriteTx, placeholders, sql};
use super::error::Result;
use super::ids::{Ids, JurisdictionId};
use super::retention::{Class, May, Source};

/// How long a claimed job belongs to the one who claimed it.
const CLAIM_MS: i64 = 5 * 60_000;
/// After so many attempts a job has failed.
pub const MAX_ATTEMPTS: i64 = 5;

/// Work that was done.
pub const KEPT_DONE: Class = Class {
    code: "jobs_done",
    name: "完成的后台任务",
    holds: "发提醒、做网页副本等任务的登记，任务本身早已完成",
    area: "后台任务",
    counted_from: "任务完成",
    days: Some(30),
    may: May::Within(7, 366),
    source: Source::Ours,
    find: "SELECT j.job_id AS id, j.finished_at AS at, CAST(LENGTH(j.payload) AS BIGINT) AS bytes, j.kind AS about, '' AS campaign_id \
           FROM jobs j WHERE j.jurisdiction_id = $1 AND j.state = 'done' AND j.finished_at < $2",
    remove: &["DELETE FROM jobs WHERE jurisdiction_id = $1 AND state = 'done' AND job_id IN (...)"],
};

/// Work that failed for good.
pub const KEPT_FAILED: Class = Class {
    code: "jobs_failed",
    name: "失败的后台任务",
    holds: "试过5次仍不成功的任务和失败原因",
    area: "后台任务",
    counted_from: "任务失败",
    days: Some(184),
    may: May::From(30),
    source: Source::Ours,
    find: "SELECT j.job_id AS id, j.finished_at AS at, CAST(LENGTH(j.payload) AS BIGINT) AS bytes, j.kind AS about, '' AS campaign_id \
           FROM jobs j WHERE j.jurisdiction_id = $1 AND j.state = 'failed' AND j.finished_at < $2",
    remove: &["DELETE FROM jobs WHERE jurisdiction_id = $1 AND state = 'failed' AND job_id IN (...)"],
};

/// Which kinds of work are looked for: what takes long has a lane of its own, so that nothing waits behind it.
#[derive(Clone, Copy, Debug)]
pub enum Lane {
    /// These kinds.
    Only(&'static [&'static str]),
    /// All but these.
    AllBut(&'static [&'static str]),
}

impl Lane {
    /// The condition, with placeholders from `first` on, and its values.
    fn condition(self, first: usize) -> (String, &'static [&'static str]) {
        let (word, kinds) = match self {
            Self::Only(kinds) => ("IN", kinds),
            Self::AllBut(kinds) => ("NOT IN", kinds),
        };
        (format!("kind {word} ({})", placeholders(first, kinds.len())), kinds)
    }
}

/// A claimed job.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Job {
    /// The town.
    pub jurisdiction_id: String,
    /// Its id.
    pub job_id: String,
    /// Which work.
    pub kind: String,
    /// What to work on, JSON.
    pub payload: String,
    /// How often it was tried, this time included.
    pub attempts: i64,
}

/// Enqueues work in this transaction, to be done at `run_at` (milliseconds) or soon after. With a `dedup_key`
/// nothing is enqueued while the same work is waiting.
pub async fn enqueue(
    tx: &WriteTx,
    ids: &Ids,
    kind: &'static str,
    payload: &impl Serialize,
    dedup_key: Option<&str>,
    run_at: i64,
) -> Result<()> {
    sql("INSERT INTO jobs (jurisdiction_id, job_id, kind, payload, dedup_key, state, run_at, created_at) \
         VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $6) ON CONFLICT (jurisdiction_id, kind, dedup_key) DO NOTHING")
    .bind(tx.jurisdiction())
    .bind(ids.id::<String>())
    .bind(kind)
    .bind(serde_json::to_string(payload)?)
    .bind(dedup_key.map(str::to_owned))
    .bind(run_at)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// Towns that have work due in a lane.
pub async fn towns_with_due_work(db: &Db, lane: Lane, now: i64) -> Result<Vec<JurisdictionId>> {
    let (of_lane, kinds) = lane.condition(2);
    let towns: Vec<String> = sql(format!(
        "SELECT DISTINCT jurisdiction_id FROM jobs \
         WHERE ((state = 'waiting' AND run_at <= $1) OR (state = 'running' AND claimed_until <= $1)) AND {of_lane}"
    ))
    .bind(now)
    .bind_all(kinds.iter().copied())
    .scalars(db.reader())
    .await?;
    Ok(towns.into_iter().map(JurisdictionId).collect())
}

/// Claims the next due job of a town in a lane.
pub async fn claim(db: &Db, town: &JurisdictionId, lane: Lane, now: i64) -> Result<Option<Job>> {
    let tx = db.begin(town).await?;
    let (of_lane, kinds) = lane.condition(3);
    let job: Option<Job> = sql(format!(
        "SELECT jurisdiction_id, job_id, kind, payload, attempts + 1 AS attempts FROM jobs WHERE jurisdiction_id = $1 \
           AND ((state = 'waiting' AND run_at <= $2) OR (state = 'running' AND claimed_until <= $2)) AND {of_lane} \
         ORDER BY run_at, job_id LIMIT 1"
    ))
    .bind(town)
    .bind(now)
    .bind_all(kinds.iter().copied())
    .one(&*tx)
    .await?;
    let Some(job) = job else { return Ok(None) };
    sql("UPDATE jobs SET state = 'running', attempts = $1, claimed_until = $2 WHERE jurisdiction_id = $3 AND job_id = $4")
        .bind(job.attempts)
        .bind(now + CLAIM_MS)
        .bind(town)
        .bind(job.job_id.as_str())
        .execute(&*tx)
        .await?;
    tx.commit_unaudited("claiming a job").await?;
    Ok(Some(job))
}

/// A job that takes long goes on: it stays with the one who claimed it. To be said every minute or two.
pub async fn goes_on(db: &Db, job: &Job, now: i64) -> Result<()> {
    let town = JurisdictionId(job.jurisdiction_id.clone());
    let tx = db.begin(&town).await?;
    sql("UPDATE jobs SET claimed_until = $1 WHERE jurisdiction_id = $2 AND job_id = $3 AND state = 'running'")
        .bind(now + CLAIM_MS)
        .bind(&town)
        .bind(job.job_id.as_str())
        .execute(&*tx)
        .await?;
    tx.commit_unaudited("claiming a job").await
}

/// A job as the page of background work shows it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Listed {
    /// Its id.
    pub job_id: String,
    /// Which work.
    pub kind: String,
    /// `waiting`, `running` or `failed`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it will be tried, or was due.
    pub run_at: i64,
    /// Why it failed last; empty when it has not.
    pub last_error: String,
    /// When it was enqueued.
    pub created_at: i64,
}

/// The jobs of a town that are not done: failed ones first, then in the order in which they are due.
pub async fn not_done(db: &impl ConnectionTrait, town: &JurisdictionId) -> Result<Vec<Listed>> {
    sql("SELECT job_id, kind, state, attempts, run_at, COALESCE(last_error, '') AS last_error, created_at FROM jobs \
         WHERE jurisdiction_id = $1 AND state <> 'done' \
         ORDER BY CASE WHEN state = 'failed' THEN 0 ELSE 1 END, run_at, job_id LIMIT 200")
    .bind(town)
    .all(db)
    .await
}

/// Has a failed job tried again now, from the first attempt; false when there is no such failed job.
pub async fn retry(tx: &WriteTx, job_id: &str, now: i64) -> Result<bool> {
    let again = sql("UPDATE jobs SET state = 'waiting', attempts = 0, run_at = $1, finished_at = NULL \
         WHERE jurisdiction_id = $2 AND job_id = $3 AND state = 'failed'")
    .bind(now)
    .bind(tx.jurisdiction())
    .bind(job_id)
    .execute(&**tx)
    .await?;
    Ok(again == 1)
}

/// Notes how a job ended. A failure is tried again after 1, 4, 16 … minutes.
pub async fn finish(db: &Db, job: &Job, outcome: std::result::Result<(), String>, now: i64) -> Result<()> {
    let town = JurisdictionId(job.jurisdiction_id.clone());
    let tx = db.begin(&town).await?;
    let (state, at, error) = match outcome {
        Ok(()) => ("done", now, None),
        Err(error) if job.attempts >= MAX_ATTEMPTS => ("failed", now, Some(error)),
        Err(error) => ("waiting", now + 60_000 * 4_i64.pow(u32::try_from(job.attempts - 1).unwrap_or(0)), Some(error)),
    };
    sql("UPDATE jobs SET state = $1, last_error = $2, \
           run_at = CASE WHEN $1 = 'waiting' THEN $3 ELSE run_at END, \
           finished_at = CASE WHEN $1 = 'waiting' THEN NULL ELSE $3 END, \
           dedup_key = CASE WHEN $1 = 'waiting' THEN dedup_key ELSE NULL END \
         WHERE jurisdiction_id = $4 AND job_id = $5")
    .bind(state)
    .bind(error)
    .bind(at)
    .bind(&town)
    .bind(job.job_id.as_str())
    .execute(&*tx)
    .await?;
    tx.commit_unaudited("noting how a job ended").await
}
