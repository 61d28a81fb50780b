//! Rows of `unit_changes`: the history of a unit.

use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::features::units::history::{Change, ChangeKind};
use crate::platform::auth::Actor;
use crate::platform::db::{WriteTx, insert_rows, sql};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{Ids, JurisdictionId, UnitId};

#[derive(FromQueryResult)]
struct Row {
    unit_id: String,
    at: i64,
    actor_name: String,
    kind: String,
    detail: String,
}

impl Row {
    fn into_change(self) -> Result<Change> {
        Ok(Change {
            unit_id: UnitId(self.unit_id),
            at: self.at,
            actor_name: self.actor_name,
            kind: ChangeKind::parse(&self.kind).ok_or_else(|| Error::internal("a change of unknown kind"))?,
            detail: serde_json::from_str(&self.detail)?,
        })
    }
}

const COLUMNS: &str = "unit_id, at, actor_name, kind, detail";

/// Writes changes into the history; `import` names the import that made them.
pub async fn insert(tx: &WriteTx, ids: &Ids, actor: &Actor, changes: &[Change], import: Option<&str>) -> Result<()> {
    let mut values: Vec<Value> = Vec::with_capacity(changes.len() * 8);
    for change in changes {
        values.extend([
            tx.jurisdiction().into(),
            ids.id::<String>().into(),
            (&change.unit_id).into(),
            change.at.into(),
            actor.name.as_str().into(),
            change.kind.code().into(),
            serde_json::to_string(&change.detail)?.into(),
            import.into(),
        ]);
    }
    insert_rows(&**tx, &format!("unit_changes (jurisdiction_id, unit_change_id, {COLUMNS}, unit_import_id)"), 8, values)
        .await
}

/// The history of a unit, the latest first.
pub async fn of_unit(db: &impl ConnectionTrait, town: &JurisdictionId, unit: &UnitId) -> Result<Vec<Change>> {
    let rows: Vec<Row> = sql(format!(
        "SELECT {COLUMNS} FROM unit_changes WHERE jurisdiction_id = $1 AND unit_id = $2 \
         ORDER BY at DESC, unit_change_id DESC LIMIT 200"
    ))
    .bind(town)
    .bind(unit)
    .all(db)
    .await?;
    rows.into_iter().map(Row::into_change).collect()
}
