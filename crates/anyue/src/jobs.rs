//! Table of contents of all background work.

use std::time::Duration;

use crate::App;
use crate::features::{archive, duties, evidence, notifications, retention};
use crate::platform::error::{Error, Result};
use crate::platform::ids::JurisdictionId;
use crate::platform::jobs::{self, Job, Lane};

/// What may take many minutes.
const LONG: &[&str] = &[archive::BUILD];
/// Clearing away, which nothing shall wait for.
const CLEARING: &[&str] = &[retention::NIGHT, retention::RUN];
/// What has a lane of its own.
const APART: &[&str] = &[archive::BUILD, retention::NIGHT, retention::RUN];

/// So often is looked for work.
const EVERY: Duration = Duration::from_secs(2);
/// So many times in an hour.
const HOUR: u32 = 1800;

/// Carries out one job.
async fn run(app: &App, job: &Job) -> Result<()> {
    match job.kind.as_str() {
        notifications::REMIND => duties::carry_out_reminders(app, job).await,
        evidence::MAKE => evidence::carry_out(app, job).await,
        evidence::SWEEP => evidence::carry_out_sweep(app, job).await,
        archive::BUILD => archive::carry_out(app, job).await,
        retention::NIGHT => retention::carry_out_night(app, job).await,
        retention::RUN => retention::carry_out(app, job).await,
        // Planned by versions before; the nightly run looks after these.
        "upload.expire" | "draft.expire" | "archive.remove" => Ok(()),
        other => Err(Error::internal(format!("no such background work: {other}"))),
    }
}

/// Works off what is due now, in all towns; the number of jobs carried out.
pub async fn work_off(app: &App) -> Result<usize> {
    let mut done = 0;
    for lane in [Lane::AllBut(APART), Lane::Only(LONG), Lane::Only(CLEARING)] {
        done += work_off_lane(app, lane).await?;
    }
    Ok(done)
}

async fn work_off_lane(app: &App, lane: Lane) -> Result<usize> {
    let mut done = 0;
    for town in jobs::towns_with_due_work(&app.db, lane, app.now()).await? {
        done += work_off_town(app, &town, lane).await?;
    }
    Ok(done)
}

async fn work_off_town(app: &App, town: &JurisdictionId, lane: Lane) -> Result<usize> {
    let mut done = 0;
    while let Some(job) = jobs::claim(&app.db, town, lane, app.now()).await? {
        let outcome = run(app, &job).await.map_err(|error| error.to_string());
        if let Err(error) = &outcome {
            tracing::warn!(kind = %job.kind, attempts = job.attempts, %error, "background work failed");
        }
        jobs::finish(&app.db, &job, outcome, app.now()).await?;
        done += 1;
    }
    Ok(done)
}

/// Works until the program stops: at once when woken, else every two seconds.
pub async fn work(app: App) {
    let quick = async {
        loop {
            look(&app, Lane::AllBut(APART)).await;
            let _ = tokio::time::timeout(EVERY, app.work.notified()).await;
        }
    };
    let long = async {
        loop {
            look(&app, Lane::Only(LONG)).await;
            tokio::time::sleep(EVERY).await;
        }
    };
    let clearing = async {
        loop {
            if let Err(error) = retention::plan_all(&app).await {
                tracing::error!(%error, "planning the nightly run failed");
            }
            for _ in 0..HOUR {
                look(&app, Lane::Only(CLEARING)).await;
                tokio::time::sleep(EVERY).await;
            }
        }
    };
    let ((), (), ()) = tokio::join!(quick, long, clearing);
}

async fn look(app: &App, lane: Lane) {
    if let Err(error) = work_off_lane(app, lane).await {
        tracing::error!(%error, "looking for background work failed");
    }
}
