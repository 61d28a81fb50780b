//! Whose occurrence it is, and who may touch it.

use super::model::OccurrenceId;
use super::occurrence::WorkItem;
use super::store;
use crate::App;
use crate::features::units::api::{self as units, UnitRef};
use crate::platform::auth::{Actor, Permission};
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};

/// The unit of an occurrence, when the actor has this permission over it. For somebody else's occurrence the
/// answer is the same as for one that does not exist.
pub(super) async fn unit_of(
    app: &App,
    actor: &Actor,
    occurrence: &OccurrenceId,
    permission: Permission,
) -> Result<UnitRef> {
    let town = &actor.jurisdiction;
    let item = store::occurrences::find(app.db.reader(), town, occurrence).await?.ok_or(Error::NotFound)?;
    let unit = units::get(app.db.reader(), town, &item.unit_id).await?;
    if actor.require(permission, &unit.path).is_err() {
        actor.require_anywhere(permission)?;
        return Err(Error::NotFound);
    }
    Ok(unit)
}

/// The occurrence as it stands within the transaction.
pub(super) async fn reread(tx: &WriteTx, occurrence: &OccurrenceId) -> Result<WorkItem> {
    store::occurrences::find(&**tx, tx.jurisdiction(), occurrence).await?.ok_or(Error::NotFound)
}
