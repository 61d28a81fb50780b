//! What other areas use of the units.

use sea_orm::ConnectionTrait;

pub use super::model::{Selector, UnitKind, UnitRef};
use super::store;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{JurisdictionId, UnitId};

/// A unit by its id.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn get(db: &impl ConnectionTrait, town: &JurisdictionId, id: &UnitId) -> Result<UnitRef> {
    store::find_ref(db, town, id).await?.ok_or(Error::NotFound)
}

/// The active units below a unit, itself left out, in the order of the unit list.
pub async fn below(db: &impl ConnectionTrait, town: &JurisdictionId, unit: &UnitRef) -> Result<Vec<UnitRef>> {
    let mut units = store::below(db, town, &unit.path).await?;
    units.retain(|below| below.id != unit.id);
    Ok(units)
}

/// The active units below a unit that a selector means.
pub async fn select(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    top: &UnitRef,
    selector: &Selector,
) -> Result<Vec<UnitRef>> {
    let mut units = below(db, town, top).await?;
    units.retain(|unit| selector.selects(unit));
    Ok(units)
}
