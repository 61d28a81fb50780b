//! Roles as seen from the units they are held at.

use std::collections::HashSet;

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::platform::db::{WriteTx, placeholders, sql};
use crate::platform::error::Result;
use crate::platform::ids::{Ids, JurisdictionId, UnitId};

/// How many roles are held at these very units now.
pub async fn roles_held_at(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    units: &[UnitId],
    now: i64,
) -> Result<i64> {
    let mut held = 0;
    for chunk in units.chunks(500) {
        let count: Option<i64> = sql(format!(
            "SELECT COUNT(*) FROM account_roles WHERE jurisdiction_id = $1 AND (valid_to IS NULL OR valid_to > $2) AND unit_id IN ({})",
            placeholders(3, chunk.len())
        ))
        .bind(town)
        .bind(now)
        .bind_all(chunk)
        .scalar(db)
        .await?;
        held += count.unwrap_or_default();
    }
    Ok(held)
}

#[derive(FromQueryResult)]
struct Held {
    account_role_id: String,
    account_id: String,
    role: String,
    unit_id: String,
}

/// Whoever holds a role at one unit holds it at another from now on: when the first is merged into the second.
/// The old roles end. The number of roles handed over.
pub async fn hand_over_roles(tx: &WriteTx, ids: &Ids, from: &UnitId, to: &UnitId, now: i64) -> Result<usize> {
    let rows: Vec<Held> = sql("SELECT account_role_id, account_id, role, unit_id FROM account_roles \
         WHERE jurisdiction_id = $1 AND unit_id IN ($2, $3) AND (valid_to IS NULL OR valid_to > $4)")
    .bind(tx.jurisdiction())
    .bind(from)
    .bind(to)
    .bind(now)
    .all(&**tx)
    .await?;
    let (leaving, staying): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.unit_id == from.0);
    let held: HashSet<(&str, &str)> = staying.iter().map(|row| (row.account_id.as_str(), row.role.as_str())).collect();
    for row in &leaving {
        sql("UPDATE account_roles SET valid_to = $1 WHERE jurisdiction_id = $2 AND account_role_id = $3")
            .bind(now)
            .bind(tx.jurisdiction())
            .bind(row.account_role_id.as_str())
            .execute(&**tx)
            .await?;
        if held.contains(&(row.account_id.as_str(), row.role.as_str())) {
            continue;
        }
        sql("INSERT INTO account_roles (jurisdiction_id, account_role_id, account_id, unit_id, role, valid_from) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(tx.jurisdiction())
            .bind(ids.id::<String>())
            .bind(row.account_id.as_str())
            .bind(to)
            .bind(row.role.as_str())
            .bind(now)
            .execute(&**tx)
            .await?;
    }
    Ok(leaving.len())
}
