//! Whole rows of `units`, and the pairs of characters they are searched by.

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::features::units::facts::{Facts, Unit, UnitState};
use crate::features::units::model::UnitKind;
use crate::platform::db::{WriteTx, insert_rows, sql};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{JurisdictionId, UnitId};
use crate::platform::text_key::{bigrams, text_key};

/// A row of `units`.
#[derive(FromQueryResult)]
pub(super) struct Row {
    unit_id: String,
    parent_id: Option<String>,
    path: String,
    kind: String,
    name: String,
    code: String,
    industry: String,
    principal: String,
    headcount: Option<i64>,
    address: String,
    village: String,
    phone: String,
    note: String,
    ordinal: i64,
    state: String,
    merged_into: Option<String>,
    version: i64,
    created_at: i64,
    updated_at: i64,
}

impl Row {
    pub(super) fn into_unit(self) -> Result<Unit> {
        Ok(Unit {
            id: UnitId(self.unit_id),
            parent_id: self.parent_id.map(UnitId),
            path: self.path,
            facts: Facts {
                kind: UnitKind::parse(&self.kind).ok_or_else(|| Error::internal("a unit of unknown kind"))?,
                name: self.name,
                code: self.code,
                industry: self.industry,
                principal: self.principal,
                headcount: self.headcount,
                address: self.address,
                village: self.village,
                phone: self.phone,
                note: self.note,
                ordinal: self.ordinal,
            },
            state: UnitState::parse(&self.state).ok_or_else(|| Error::internal("a unit of unknown state"))?,
            merged_into: self.merged_into.map(UnitId),
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

/// All columns but the town's.
pub(super) const COLUMNS: &str = "unit_id, parent_id, path, kind, name, code, industry, principal, headcount, address, \
     village, phone, note, ordinal, state, merged_into, version, created_at, updated_at";

/// A unit by its id, whatever its state.
pub async fn find(db: &impl ConnectionTrait, town: &JurisdictionId, id: &UnitId) -> Result<Option<Unit>> {
    let row: Option<Row> = sql(format!("SELECT {COLUMNS} FROM units WHERE jurisdiction_id = $1 AND unit_id = $2"))
        .bind(town)
        .bind(id)
        .one(db)
        .await?;
    row.map(Row::into_unit).transpose()
}

/// Several units by their ids, whatever their state.
pub async fn find_all(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    ids: &[UnitId],
) -> Result<HashMap<UnitId, Unit>> {
    let rows: Vec<Row> = sql(format!("SELECT {COLUMNS} FROM units WHERE jurisdiction_id = $1 AND unit_id IN (...)"))
        .bind(town)
        .all_in(db, ids)
        .await?;
    rows.into_iter().map(|row| row.into_unit().map(|unit| (unit.id.clone(), unit))).collect()
}

/// The active child of a unit with this name.
pub async fn find_child(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    parent: Option<&UnitId>,
    name: &str,
) -> Result<Option<Unit>> {
    let row: Option<Row> = sql(format!(
        "SELECT {COLUMNS} FROM units WHERE jurisdiction_id = $1 AND COALESCE(parent_id, '') = $2 AND name_key = $3 AND state = 'active'"
    ))
    .bind(town)
    .bind(parent.map_or("", UnitId::as_str))
    .bind(text_key(name))
    .one(db)
    .await?;
    row.map(Row::into_unit).transpose()
}

/// The active unit with this number.
pub async fn find_code(db: &impl ConnectionTrait, town: &JurisdictionId, code: &str) -> Result<Option<Unit>> {
    let row: Option<Row> = sql(format!(
        "SELECT {COLUMNS} FROM units WHERE jurisdiction_id = $1 AND code = $2 AND code <> '' AND state = 'active'"
    ))
    .bind(town)
    .bind(code)
    .one(db)
    .await?;
    row.map(Row::into_unit).transpose()
}

/// The place after the last child of a unit.
pub async fn next_ordinal(db: &impl ConnectionTrait, town: &JurisdictionId, parent: Option<&UnitId>) -> Result<i64> {
    let last: Option<Option<i64>> =
        sql("SELECT MAX(ordinal) FROM units WHERE jurisdiction_id = $1 AND COALESCE(parent_id, '') = $2")
            .bind(town)
            .bind(parent.map_or("", UnitId::as_str))
            .scalar(db)
            .await?;
    Ok(last.flatten().unwrap_or_default() + 1)
}

/// New units, with what they are searched by. A parent stands before its children.
pub async fn insert(tx: &WriteTx, units: &[Unit]) -> Result<()> {
    let mut values: Vec<Value> = Vec::with_capacity(units.len() * 21);
    for unit in units {
        let facts = &unit.facts;
        values.extend([
            tx.jurisdiction().into(),
            text_key(&facts.name).into(),
            (&unit.id).into(),
            unit.parent_id.as_ref().map(UnitId::as_str).into(),
            unit.path.as_str().into(),
            facts.kind.code().into(),
            facts.name.as_str().into(),
            facts.code.as_str().into(),
            facts.industry.as_str().into(),
            facts.principal.as_str().into(),
            facts.headcount.into(),
            facts.address.as_str().into(),
            facts.village.as_str().into(),
            facts.phone.as_str().into(),
            facts.note.as_str().into(),
            facts.ordinal.into(),
            unit.state.code().into(),
            unit.merged_into.as_ref().map(UnitId::as_str).into(),
            unit.version.into(),
            unit.created_at.into(),
            unit.updated_at.into(),
        ]);
    }
    insert_rows(&**tx, &format!("units (jurisdiction_id, name_key, {COLUMNS})"), 21, values).await?;
    insert_grams(tx, units).await
}

/// Stores a changed unit, if it is still the version that was changed; its own version is the next one.
///
/// # Errors
/// [`Error::Changed`]
pub async fn update(tx: &WriteTx, unit: &Unit) -> Result<()> {
    let facts = &unit.facts;
    let changed = sql("UPDATE units SET parent_id = $1, path = $2, kind = $3, name = $4, name_key = $5, code = $6, \
         industry = $7, principal = $8, headcount = $9, address = $10, village = $11, phone = $12, note = $13, \
         ordinal = $14, state = $15, merged_into = $16, updated_at = $17, version = version + 1 \
         WHERE jurisdiction_id = $18 AND unit_id = $19 AND version = $20")
    .bind(unit.parent_id.as_ref().map(UnitId::as_str))
    .bind(unit.path.as_str())
    .bind(facts.kind.code())
    .bind(facts.name.as_str())
    .bind(text_key(&facts.name))
    .bind(facts.code.as_str())
    .bind(facts.industry.as_str())
    .bind(facts.principal.as_str())
    .bind(facts.headcount)
    .bind(facts.address.as_str())
    .bind(facts.village.as_str())
    .bind(facts.phone.as_str())
    .bind(facts.note.as_str())
    .bind(facts.ordinal)
    .bind(unit.state.code())
    .bind(unit.merged_into.as_ref().map(UnitId::as_str))
    .bind(unit.updated_at)
    .bind(tx.jurisdiction())
    .bind(&unit.id)
    .bind(unit.version)
    .execute(&**tx)
    .await?;
    if changed == 0 {
        return Err(Error::Changed);
    }
    update_grams(tx, unit).await
}

/// All active units of the town.
pub async fn all_active(db: &impl ConnectionTrait, town: &JurisdictionId) -> Result<Vec<Unit>> {
    let rows: Vec<Row> = sql(format!(
        "SELECT {COLUMNS} FROM units WHERE jurisdiction_id = $1 AND state = 'active' ORDER BY ordinal, name_key, unit_id"
    ))
    .bind(town)
    .all(db)
    .await?;
    rows.into_iter().map(Row::into_unit).collect()
}

/// The active units below a path, the unit at its end included.
pub async fn active_below(db: &impl ConnectionTrait, town: &JurisdictionId, path: &str) -> Result<Vec<Unit>> {
    let rows: Vec<Row> = sql(format!(
        "SELECT {COLUMNS} FROM units WHERE jurisdiction_id = $1 AND state = 'active' AND path LIKE $2 \
         ORDER BY ordinal, name_key, unit_id"
    ))
    .bind(town)
    .bind(super::subtree(path))
    .all(db)
    .await?;
    rows.into_iter().map(Row::into_unit).collect()
}

/// Rewrites the paths of a unit and of all below it, closed ones too, when it comes to stand elsewhere.
pub async fn rewrite_paths(tx: &WriteTx, from: &str, to: &str) -> Result<()> {
    let rest = i64::try_from(from.len() + 1).unwrap_or(i64::MAX);
    sql("UPDATE units SET path = $1 || substr(path, CAST($2 AS INTEGER)) WHERE jurisdiction_id = $3 AND path LIKE $4")
        .bind(to)
        .bind(rest)
        .bind(tx.jurisdiction())
        .bind(super::subtree(from))
        .execute(&**tx)
        .await?;
    Ok(())
}

async fn insert_grams(tx: &WriteTx, units: &[Unit]) -> Result<()> {
    let mut rows: Vec<(String, &UnitId)> = Vec::new();
    for unit in units {
        rows.extend(grams(unit).into_iter().map(|gram| (gram, &unit.id)));
    }
    // In the order of the index, which then grows at its end only.
    rows.sort();
    let mut values: Vec<Value> = Vec::with_capacity(rows.len() * 3);
    for (gram, unit) in rows {
        values.extend([tx.jurisdiction().into(), gram.into(), unit.into()]);
    }
    insert_rows(&**tx, "unit_bigrams (jurisdiction_id, gram, unit_id)", 3, values).await
}

async fn update_grams(tx: &WriteTx, unit: &Unit) -> Result<()> {
    let stored: Vec<String> = sql("SELECT gram FROM unit_bigrams WHERE jurisdiction_id = $1 AND unit_id = $2")
        .bind(tx.jurisdiction())
        .bind(&unit.id)
        .scalars(&**tx)
        .await?;
    let wanted: HashSet<String> = grams(unit).into_iter().collect();
    if stored.len() == wanted.len() && stored.iter().all(|gram| wanted.contains(gram)) {
        return Ok(());
    }
    sql("DELETE FROM unit_bigrams WHERE jurisdiction_id = $1 AND unit_id = $2")
        .bind(tx.jurisdiction())
        .bind(&unit.id)
        .execute(&**tx)
        .await?;
    insert_grams(tx, std::slice::from_ref(unit)).await
}

fn grams(unit: &Unit) -> impl IntoIterator<Item = String> + use<> {
    let facts = &unit.facts;
    bigrams([facts.name.as_str(), &facts.code, &facts.principal, &facts.address])
}
