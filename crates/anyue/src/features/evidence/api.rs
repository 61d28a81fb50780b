//! What other areas use of the evidence.

use crate::platform::blobs::StoredBlob;
use crate::platform::db::WriteTx;
use crate::platform::error::Result;
use crate::platform::ids::Ids;
use crate::platform::retention;

pub use super::intake::{FILE_LIMIT, FILES_LIMIT, MAX_FILE, SENDING_LIMIT, accept};
pub use super::memory::Memory;
pub use super::model::Facts;
pub use super::poster::is_there as has_ffmpeg;
pub use super::shown::{Asking, Earlier, Picker, Question, Shown, Sight, for_review};
pub use super::store::{Content, KEPT_FORMS, KEPT_LOOSE, find as content, find_all as contents};

/// A file has been linked: what everybody may see of it is made soon after the transaction. Wake the worker then.
pub async fn received(tx: &WriteTx, ids: &Ids, blob: &StoredBlob, now: i64) -> Result<()> {
    super::make::received(tx, ids, blob, now).await?;
    super::sweep::plan(tx, ids, now).await?;
    retention::plan_night(tx, ids, now).await
}
