//! Rows of `liaisons`.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::features::units::liaison::{Liaison, LiaisonFacts};
use crate::platform::db::{WriteTx, sql};
use crate::platform::error::Result;
use crate::platform::ids::{Ids, JurisdictionId, UnitId};

#[derive(FromQueryResult)]
struct Row {
    unit_id: String,
    name: String,
    post: String,
    office_phone: String,
    mobile: String,
    fax: String,
    email_wechat: String,
    leader: String,
    note: String,
    submission_id: Option<String>,
    valid_from: i64,
    valid_to: Option<i64>,
}

impl Row {
    fn into_liaison(self) -> Result<Liaison> {
        Ok(Liaison {
            unit_id: UnitId(self.unit_id),
            facts: LiaisonFacts {
                name: self.name,
                post: self.post,
                office_phone: self.office_phone,
                mobile: self.mobile,
                fax: self.fax,
                email_wechat: self.email_wechat,
                leader: serde_json::from_str(&self.leader)?,
                note: self.note,
            },
            submission_id: self.submission_id,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
        })
    }
}

const COLUMNS: &str =
    "unit_id, name, post, office_phone, mobile, fax, email_wechat, leader, note, submission_id, valid_from, valid_to";

/// The present liaison of a unit.
pub async fn current(db: &impl ConnectionTrait, town: &JurisdictionId, unit: &UnitId) -> Result<Option<Liaison>> {
    let row: Option<Row> =
        sql(format!("SELECT {COLUMNS} FROM liaisons WHERE jurisdiction_id = $1 AND unit_id = $2 AND valid_to IS NULL"))
            .bind(town)
            .bind(unit)
            .one(db)
            .await?;
    row.map(Row::into_liaison).transpose()
}

/// The present liaisons of several units, by unit.
pub async fn current_of(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    units: &[UnitId],
) -> Result<HashMap<UnitId, Liaison>> {
    let rows: Vec<Row> = sql(format!(
        "SELECT {COLUMNS} FROM liaisons WHERE jurisdiction_id = $1 AND valid_to IS NULL AND unit_id IN (...)"
    ))
    .bind(town)
    .all_in(db, units)
    .await?;
    rows.into_iter().map(|row| row.into_liaison().map(|liaison| (liaison.unit_id.clone(), liaison))).collect()
}

/// Every liaison of a unit, the latest first.
pub async fn history(db: &impl ConnectionTrait, town: &JurisdictionId, unit: &UnitId) -> Result<Vec<Liaison>> {
    let rows: Vec<Row> = sql(format!(
        "SELECT {COLUMNS} FROM liaisons WHERE jurisdiction_id = $1 AND unit_id = $2 \
         ORDER BY CASE WHEN valid_to IS NULL THEN 0 ELSE 1 END, valid_from DESC, liaison_id DESC"
    ))
    .bind(town)
    .bind(unit)
    .all(db)
    .await?;
    rows.into_iter().map(Row::into_liaison).collect()
}

/// Ends the present liaison.
pub async fn end(tx: &WriteTx, unit: &UnitId, now: i64) -> Result<()> {
    sql("UPDATE liaisons SET valid_to = $1 WHERE jurisdiction_id = $2 AND unit_id = $3 AND valid_to IS NULL")
        .bind(now)
        .bind(tx.jurisdiction())
        .bind(unit)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// A new present liaison.
pub async fn insert(
    tx: &WriteTx,
    ids: &Ids,
    unit: &UnitId,
    facts: &LiaisonFacts,
    submission_id: Option<&str>,
    now: i64,
) -> Result<()> {
    sql(format!(
        "INSERT INTO liaisons (jurisdiction_id, liaison_id, {COLUMNS}) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, NULL)"
    ))
    .bind(tx.jurisdiction())
    .bind(ids.id::<String>())
    .bind(unit)
    .bind(facts.name.as_str())
    .bind(facts.post.as_str())
    .bind(facts.office_phone.as_str())
    .bind(facts.mobile.as_str())
    .bind(facts.fax.as_str())
    .bind(facts.email_wechat.as_str())
    .bind(serde_json::to_string(&facts.leader)?)
    .bind(facts.note.as_str())
    .bind(submission_id)
    .bind(now)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// Hands the liaisons of a unit over to another that took it in: past ones as they were; the present one
/// stays present only where the other has none.
pub async fn hand_over(tx: &WriteTx, from: &UnitId, to: &UnitId, now: i64) -> Result<()> {
    if current(&**tx, tx.jurisdiction(), to).await?.is_some() {
        end(tx, from, now).await?;
    }
    sql("UPDATE liaisons SET unit_id = $1 WHERE jurisdiction_id = $2 AND unit_id = $3")
        .bind(to)
        .bind(tx.jurisdiction())
        .bind(from)
        .execute(&**tx)
        .await?;
    Ok(())
}
