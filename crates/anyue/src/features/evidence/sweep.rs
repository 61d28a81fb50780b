//! What nobody points to any more is cleared away, and what was never looked at is.

use std::time::Duration;

use super::{make, store};
use crate::App;
use crate::platform::db::WriteTx;
use crate::platform::error::Result;
use crate::platform::ids::{Ids, JurisdictionId};
use crate::platform::jobs::{self, Job};

/// The job that clears away.
pub const SWEEP: &str = "evidence.sweep";
/// Nothing younger is cleared away: 7 days.
pub const SAFE_MS: i64 = 7 * DAY_MS;
/// Files on a form that nobody sends wait so long: 30 days.
const FORM_MS: i64 = 30 * DAY_MS;
const DAY_MS: i64 = 24 * 3_600_000;
/// So many contents that were never looked at are looked at after one sweep.
const MOST: i64 = 10_000;

/// A sweep in the coming night, unless there is one already.
pub async fn plan(tx: &WriteTx, ids: &Ids, now: i64) -> Result<()> {
    let at = next_night(now);
    jobs::enqueue(tx, ids, SWEEP, &at, Some(&format!("at-{at}")), at).await
}

/// The next three in the morning, in China.
fn next_night(now: i64) -> i64 {
    let tonight = now.div_euclid(DAY_MS) * DAY_MS + 19 * 3_600_000;
    if tonight > now { tonight } else { tonight + DAY_MS }
}

/// The job. Each part of it can be done twice.
pub async fn carry_out(app: &App, job: &Job) -> Result<()> {
    let town = JurisdictionId(job.jurisdiction_id.clone());
    let now = app.now();
    let unknown = store::unknown(app.db.reader(), &town, MOST).await?;
    let tx = app.db.begin(&town).await?;
    for sha256 in &unknown {
        jobs::enqueue(&tx, &app.ids, make::MAKE, sha256, Some(sha256), now).await?;
    }
    store::drop_abandoned(&tx, now - FORM_MS).await?;
    store::forget_unused(&tx, now - SAFE_MS).await?;
    plan(&tx, &app.ids, now).await?;
    tx.commit_unaudited("clearing away what nothing points to").await?;
    let gone = app.blobs.sweep(&app.db, &town, Duration::from_millis(SAFE_MS as u64)).await?;
    if gone > 0 {
        tracing::info!(gone, "stored contents that nothing points to were removed");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_night_is_always_still_to_come() {
        let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_millisecond();
        for (now, night) in [
            ("2022-06-13T08:30:00+08:00", "2022-06-14T03:00:00+08:00"),
            ("2022-06-14T02:59:59+08:00", "2022-06-14T03:00:00+08:00"),
            ("2022-06-14T03:00:00+08:00", "2022-06-15T03:00:00+08:00"),
        ] {
            assert_eq!(next_night(at(now)), at(night), "{now}");
        }
    }
}
