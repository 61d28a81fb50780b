//! Background work of this area.

use crate::App;
use crate::platform::error::Result;
use crate::platform::jobs::Job;

/// Reminds the units named in the job.
pub async fn remind(_app: &App, _job: &Job) -> Result<()> {
    Ok(())
}
