//! What others use of the archives: checking one, and how far those are that are being made.

pub use super::check::{Checked, check};
pub use super::progress::Progress;
pub use super::store::KEPT;
use crate::App;
use crate::platform::error::Result;

/// The files of these archives go from the disk.
pub async fn forget_bytes(app: &App, ids: &[String]) -> Result<()> {
    for id in ids {
        super::remove::remove_files(app, &super::model::ArchiveId(id.clone())).await?;
    }
    Ok(())
}
