//! Rows of `unit_imports`, and taking an import back.

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::features::units::facts::Facts;
use crate::features::units::history::ChangeDetail;
use crate::platform::auth::Actor;
use crate::platform::db::{WriteTx, placeholders, sql};
use crate::platform::error::Result;
use crate::platform::ids::{JurisdictionId, UnitId};

/// A table of units that was taken over.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Import {
    /// Its id.
    pub unit_import_id: String,
    /// When, in milliseconds.
    pub at: i64,
    /// By whom, as they were called then.
    pub actor_name: String,
    /// Name of the file.
    pub file_name: String,
    /// Path of the unit it was imported below.
    pub top_path: String,
    /// Units added.
    pub added: i64,
    /// Units changed.
    pub changed: i64,
    /// Rows that said nothing new.
    pub unchanged: i64,
    /// Rows left out.
    pub faulty: i64,
    /// When it was taken back.
    pub undone_at: Option<i64>,
}

const COLUMNS: &str =
    "unit_import_id, at, actor_name, file_name, top_path, added, changed, unchanged, faulty, undone_at";

/// Notes an import.
pub async fn insert(tx: &WriteTx, actor: &Actor, import: &Import) -> Result<()> {
    sql(format!(
        "INSERT INTO unit_imports (jurisdiction_id, account_id, {COLUMNS}) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL)"
    ))
    .bind(tx.jurisdiction())
    .bind(&actor.account_id)
    .bind(import.unit_import_id.as_str())
    .bind(import.at)
    .bind(import.actor_name.as_str())
    .bind(import.file_name.as_str())
    .bind(import.top_path.as_str())
    .bind(import.added)
    .bind(import.changed)
    .bind(import.unchanged)
    .bind(import.faulty)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// The latest imports, the last one first.
pub async fn latest(db: &impl ConnectionTrait, town: &JurisdictionId, limit: i64) -> Result<Vec<Import>> {
    sql(format!(
        "SELECT {COLUMNS} FROM unit_imports WHERE jurisdiction_id = $1 ORDER BY at DESC, unit_import_id DESC LIMIT $2"
    ))
    .bind(town)
    .bind(limit)
    .all(db)
    .await
}

#[derive(FromQueryResult)]
struct EffectRow {
    unit_id: String,
    kind: String,
    detail: String,
}

/// What an import did: the units it created, and the facts of those it changed as they were before.
pub async fn effects(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    import: &str,
) -> Result<(Vec<UnitId>, Vec<(UnitId, Facts)>)> {
    let rows: Vec<EffectRow> = sql(
        "SELECT unit_id, kind, detail FROM unit_changes WHERE jurisdiction_id = $1 AND unit_import_id = $2 ORDER BY unit_change_id",
    )
    .bind(town)
    .bind(import)
    .all(db)
    .await?;
    let (mut created, mut changed) = (Vec::new(), Vec::new());
    for row in rows {
        let id = UnitId(row.unit_id);
        if row.kind == "created" {
            created.push(id);
        } else if let Some(before) = serde_json::from_str::<ChangeDetail>(&row.detail)?.before {
            changed.push((id, *before));
        }
    }
    Ok((created, changed))
}

/// How many of these units were changed otherwise since an instant, or have children that are not among them.
pub async fn touched_since(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    import: &str,
    at: i64,
    units: &[UnitId],
    created: &[UnitId],
) -> Result<i64> {
    let mut touched = 0;
    for chunk in units.chunks(500) {
        let count: Option<i64> = sql(format!(
            "SELECT COUNT(*) FROM unit_changes WHERE jurisdiction_id = $1 AND at >= $2 \
             AND (unit_import_id IS NULL OR unit_import_id <> $3) AND unit_id IN ({})",
            placeholders(4, chunk.len())
        ))
        .bind(town)
        .bind(at)
        .bind(import)
        .bind_all(chunk)
        .scalar(db)
        .await?;
        touched += count.unwrap_or_default();
    }
    let children: i64 = super::list::count_children(db, town, created).await?.values().sum();
    let own: std::collections::HashSet<&UnitId> = created.iter().collect();
    let units = super::units::find_all(db, town, created).await?;
    let among = units.values().filter(|unit| unit.parent_id.as_ref().is_some_and(|parent| own.contains(parent)));
    touched += children - i64::try_from(among.count()).unwrap_or_default();
    Ok(touched)
}

/// Takes units out again as if they had never been. The database refuses when anything points to one.
pub async fn delete_units(tx: &WriteTx, mut units: Vec<(UnitId, String)>) -> Result<()> {
    units.sort_by_key(|(_, path)| std::cmp::Reverse(path.len()));
    let ids: Vec<UnitId> = units.into_iter().map(|(id, _)| id).collect();
    for table in ["unit_changes", "unit_bigrams", "units"] {
        sql(format!("DELETE FROM {table} WHERE jurisdiction_id = $1 AND unit_id IN (...)"))
            .bind(tx.jurisdiction())
            .execute_in(&**tx, &ids)
            .await?;
    }
    Ok(())
}

/// Notes that an import was taken back.
pub async fn mark_undone(tx: &WriteTx, import: &str, now: i64) -> Result<()> {
    sql("UPDATE unit_imports SET undone_at = $1 WHERE jurisdiction_id = $2 AND unit_import_id = $3")
        .bind(now)
        .bind(tx.jurisdiction())
        .bind(import)
        .execute(&**tx)
        .await?;
    Ok(())
}
