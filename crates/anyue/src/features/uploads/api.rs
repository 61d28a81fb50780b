//! What other areas use of the uploads: which files are still on their way, and that nobody waits for one any more.

use sea_orm::ConnectionTrait;

pub use super::model::UploadId;
use super::model::UploadState;
pub use super::store::{KEPT_OVER, KEPT_UNFINISHED};
use super::{finish, store};
use crate::App;
use crate::features::units::api as units;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::JurisdictionId;

/// What is said of an upload that the sender gave up.
const GIVEN_UP: &str = "报送人已不再等待这个文件。需要时请重新选择文件上传。";

/// A file on its way.
#[derive(Clone, Debug)]
pub struct Coming {
    /// The upload.
    pub id: UploadId,
    /// As the sender calls it.
    pub name: String,
}

/// The files on their way to the draft of an occurrence, and to records by their ids or the keys of their forms.
pub async fn coming(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    occurrence: &str,
    records: &[String],
    now: i64,
) -> Result<Vec<Coming>> {
    let mut found = store::coming_to(db, town, "occurrence", &[occurrence.to_owned()], now).await?;
    found.extend(store::coming_to(db, town, "record", records, now).await?);
    Ok(found.into_iter().map(|(id, name)| Coming { id: UploadId(id), name }).collect())
}

/// What has come of these uploads goes from the disk.
pub async fn forget_bytes(app: &App, ids: &[String]) -> Result<()> {
    for id in ids {
        app.spool.remove(id).await?;
    }
    Ok(())
}

/// Nobody waits for this file any more: what has come of it is forgotten.
pub async fn give_up(app: &App, actor: &Actor, id: &UploadId) -> Result<()> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let upload = store::find(db, town, id).await?.ok_or(Error::NotFound)?;
    let unit = units::get(db, town, &upload.unit_id).await?;
    actor.require(Permission::WorkOwn, &unit.path).map_err(|_| Error::NotFound)?;
    if upload.state != UploadState::Receiving {
        return Ok(());
    }
    finish::end(app, &upload, GIVEN_UP).await
}
