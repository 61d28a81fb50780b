//! All SQL about the units.

pub mod changes;
pub mod imports;
pub mod liaisons;
pub mod list;
pub mod units;

use sea_orm::ConnectionTrait;
use sea_orm::FromQueryResult;

use super::model::{UnitKind, UnitRef};
use crate::platform::db::sql;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{JurisdictionId, UnitId};

#[derive(FromQueryResult)]
struct RefRow {
    unit_id: String,
    parent_id: Option<String>,
    path: String,
    kind: String,
    name: String,
    industry: String,
}

impl RefRow {
    fn into_ref(self) -> Result<UnitRef> {
        Ok(UnitRef {
            kind: UnitKind::parse(&self.kind).ok_or_else(|| Error::internal("a unit of unknown kind"))?,
            id: UnitId(self.unit_id),
            parent_id: self.parent_id.map(UnitId),
            path: self.path,
            name: self.name,
            industry: self.industry,
        })
    }
}

const REF_COLUMNS: &str = "unit_id, parent_id, path, kind, name, industry";

/// A unit by its id, whatever its state.
pub async fn find_ref(db: &impl ConnectionTrait, town: &JurisdictionId, id: &UnitId) -> Result<Option<UnitRef>> {
    let row: Option<RefRow> =
        sql(format!("SELECT {REF_COLUMNS} FROM units WHERE jurisdiction_id = $1 AND unit_id = $2"))
            .bind(town)
            .bind(id)
            .one(db)
            .await?;
    row.map(RefRow::into_ref).transpose()
}

/// The active units below a path (the unit at its end included): ordinal, then name, within each parent.
pub async fn below(db: &impl ConnectionTrait, town: &JurisdictionId, path: &str) -> Result<Vec<UnitRef>> {
    let rows: Vec<RefRow> = sql(format!(
        "SELECT {REF_COLUMNS} FROM units WHERE jurisdiction_id = $1 AND path LIKE $2 AND state = 'active' \
         ORDER BY ordinal, name_key, unit_id"
    ))
    .bind(town)
    .bind(subtree(path))
    .all(db)
    .await?;
    rows.into_iter().map(RefRow::into_ref).collect()
}

/// The active children of a unit: ordinal, then name.
pub async fn children(db: &impl ConnectionTrait, town: &JurisdictionId, parent: &UnitId) -> Result<Vec<UnitRef>> {
    let rows: Vec<RefRow> = sql(format!(
        "SELECT {REF_COLUMNS} FROM units WHERE jurisdiction_id = $1 AND parent_id = $2 AND state = 'active' \
         ORDER BY ordinal, name_key, unit_id"
    ))
    .bind(town)
    .bind(parent)
    .all(db)
    .await?;
    rows.into_iter().map(RefRow::into_ref).collect()
}

/// The pattern that fits every path below a path, itself included. Ids hold no `%` and no `_`, and unlike a
/// comparison of texts the pattern means the same under every collation.
pub fn subtree(path: &str) -> String {
    format!("{path}%")
}
