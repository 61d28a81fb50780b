//! The unit at the top of a new town.

use super::facts::{Facts, Unit, UnitState};
use super::history::{Change, ChangeKind};
use super::model::UnitKind;
use super::store;
use crate::App;
use crate::platform::FieldErrors;
use crate::platform::auth::Actor;
use crate::platform::db::WriteTx;
use crate::platform::error::Result;
use crate::platform::ids::UnitId;

/// Writes the top unit of a town that is being set up, in the transaction that sets it up.
///
/// # Errors
/// [`Error::Invalid`](crate::platform::Error::Invalid) with messages by field.
pub async fn create_top(app: &App, tx: &WriteTx, actor: &Actor, name: &str, kind: UnitKind) -> Result<UnitId> {
    let facts = Facts { kind, name: name.to_owned(), ordinal: 1, ..Facts::default() }.tidy();
    let mut errors = FieldErrors::new();
    facts.check(&mut errors);
    errors.into_result()?;

    let id: UnitId = app.ids.id();
    let now = app.now();
    let unit = Unit {
        path: format!("{id}/"),
        id: id.clone(),
        parent_id: None,
        facts,
        state: UnitState::Active,
        merged_into: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::units::insert(tx, std::slice::from_ref(&unit)).await?;
    store::changes::insert(tx, &app.ids, actor, &[Change::new(&id, ChangeKind::Created, now, "")], None).await?;
    Ok(id)
}
