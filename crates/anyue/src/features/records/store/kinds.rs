//! `record_kinds`: what a town has changed in the catalogue.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::features::records::kinds::{Evidence, Kind, built_in};
use crate::platform::db::{WriteTx, sql};
use crate::platform::error::Result;
use crate::platform::ids::JurisdictionId;

#[derive(FromQueryResult)]
struct Row {
    code: String,
    name: String,
    aliases: String,
    measures: String,
    evidence: String,
    in_use: bool,
    ordinal: i64,
    version: i64,
}

/// The catalogue as the town has it, in its order; kinds out of use included.
pub async fn all(db: &impl ConnectionTrait, town: &JurisdictionId) -> Result<Vec<Kind>> {
    let rows: Vec<Row> = sql("SELECT code, name, aliases, measures, evidence, in_use, ordinal, version \
         FROM record_kinds WHERE jurisdiction_id = $1")
    .bind(town)
    .all(db)
    .await?;
    let mut changed: HashMap<String, Row> = rows.into_iter().map(|row| (row.code.clone(), row)).collect();
    let mut kinds = Vec::new();
    for kind in built_in() {
        kinds.push(match changed.remove(&kind.code) {
            None => kind,
            Some(row) => Kind {
                name: row.name,
                aliases: serde_json::from_str(&row.aliases)?,
                measures: serde_json::from_str(&row.measures)?,
                evidence: if row.evidence.is_empty() {
                    Evidence::default()
                } else {
                    serde_json::from_str(&row.evidence)?
                },
                in_use: row.in_use,
                ordinal: row.ordinal,
                version: row.version,
                ..kind
            },
        });
    }
    kinds.sort_by(|one, other| (one.ordinal, &one.code).cmp(&(other.ordinal, &other.code)));
    Ok(kinds)
}

/// Writes a kind over the built-in one; its version grows by one.
pub async fn save(tx: &WriteTx, kind: &Kind, now: i64) -> Result<()> {
    let evidence = if kind.evidence.is_empty() { String::new() } else { serde_json::to_string(&kind.evidence)? };
    sql("INSERT INTO record_kinds (jurisdiction_id, code, name, aliases, measures, evidence, in_use, ordinal, version, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (jurisdiction_id, code) DO UPDATE SET name = excluded.name, aliases = excluded.aliases, \
         measures = excluded.measures, evidence = excluded.evidence, in_use = excluded.in_use, ordinal = excluded.ordinal, \
         version = excluded.version, updated_at = excluded.updated_at")
        .bind(tx.jurisdiction())
        .bind(kind.code.as_str())
        .bind(kind.name.as_str())
        .bind(serde_json::to_string(&kind.aliases)?)
        .bind(serde_json::to_string(&kind.measures)?)
        .bind(evidence)
        .bind(kind.in_use)
        .bind(kind.ordinal)
        .bind(kind.version + 1)
        .bind(now)
        .execute(&**tx)
        .await?;
    Ok(())
}
