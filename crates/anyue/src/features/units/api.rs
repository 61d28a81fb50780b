//! What other areas use of the units.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;

pub use super::facts::{Facts, UnitState};
pub use super::import::apply::{Import, Imported, import};
pub use super::import::rows::{UnitTable, read as read_table};
pub use super::industries::{Industry, all as industries, name as industry_name};
pub use super::liaison::{Liaison, LiaisonFacts, LiaisonLeader, liaison, liaison_history, set_liaison};
pub use super::model::{Selector, UnitKind, UnitRef, in_tree_order};
pub use super::new::{NewUnit, create};
use super::store;
pub use super::top::create_top;
use crate::platform::auth::Scope;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{JurisdictionId, UnitId};

/// A unit by its id, whatever its state.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn get(db: &impl ConnectionTrait, town: &JurisdictionId, id: &UnitId) -> Result<UnitRef> {
    store::find_ref(db, town, id).await?.ok_or(Error::NotFound)
}

/// All that is known about a unit, whatever its state.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn facts(db: &impl ConnectionTrait, town: &JurisdictionId, id: &UnitId) -> Result<Facts> {
    Ok(store::units::find(db, town, id).await?.ok_or(Error::NotFound)?.facts)
}

/// Several units by their ids, whatever their state.
pub async fn get_all(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    ids: &[UnitId],
) -> Result<HashMap<UnitId, UnitRef>> {
    let found = store::units::find_all(db, town, ids).await?;
    Ok(found.into_iter().map(|(id, unit)| (id, unit.to_ref())).collect())
}

/// The active units below a unit, itself left out, in the order of the tree.
pub async fn below(db: &impl ConnectionTrait, town: &JurisdictionId, unit: &UnitRef) -> Result<Vec<UnitRef>> {
    let mut units = in_tree_order(store::below(db, town, &unit.path).await?);
    units.retain(|below| below.id != unit.id);
    Ok(units)
}

/// The active units directly below a unit, in the order of the unit list.
pub async fn children(db: &impl ConnectionTrait, town: &JurisdictionId, unit: &UnitId) -> Result<Vec<UnitRef>> {
    store::children(db, town, unit).await
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

/// The active units that somebody's permission covers, in the order of the tree: for choosing one.
pub async fn list(db: &impl ConnectionTrait, town: &JurisdictionId, scope: &Scope) -> Result<Vec<UnitRef>> {
    let mut units = store::below(db, town, "").await?;
    units.retain(|unit| scope.covers(&unit.path));
    Ok(in_tree_order(units))
}

/// The present liaisons of several units, by unit.
pub async fn liaisons(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    units: &[UnitId],
) -> Result<HashMap<UnitId, Liaison>> {
    store::liaisons::current_of(db, town, units).await
}
