//! What was never looked at is looked at in the night.

use super::{make, store};
use crate::App;
use crate::platform::db::WriteTx;
use crate::platform::error::Result;
use crate::platform::ids::{Ids, JurisdictionId};
use crate::platform::jobs::{self, Job};
use crate::platform::retention::next_night;

/// The job that looks for them.
pub const SWEEP: &str = "evidence.sweep";
/// So many contents that were never looked at are looked at after one sweep.
const MOST: i64 = 10_000;

/// A sweep in the coming night, unless there is one already.
pub async fn plan(tx: &WriteTx, ids: &Ids, now: i64) -> Result<()> {
    let at = next_night(now);
    jobs::enqueue(tx, ids, SWEEP, &at, Some(&format!("at-{at}")), at).await
}

/// The job. It can be done twice.
pub async fn carry_out(app: &App, job: &Job) -> Result<()> {
    let town = JurisdictionId(job.jurisdiction_id.clone());
    let now = app.now();
    let unknown = store::unknown(app.db.reader(), &town, MOST).await?;
    let tx = app.db.begin(&town).await?;
    for sha256 in &unknown {
        jobs::enqueue(&tx, &app.ids, make::MAKE, sha256, Some(sha256), now).await?;
    }
    plan(&tx, &app.ids, now).await?;
    tx.commit_unaudited("looking for what was never looked at").await
}
