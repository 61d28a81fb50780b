//! Rows of `receipts`.

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::platform::db::{WriteTx, sql};
use crate::platform::error::Result;
use crate::platform::ids::JurisdictionId;

/// A stored receipt.
#[derive(FromQueryResult)]
pub(super) struct Row {
    pub number: String,
    pub body: String,
    pub issued_at: i64,
}

pub(super) async fn find(db: &impl ConnectionTrait, town: &JurisdictionId, submission: &str) -> Result<Option<Row>> {
    sql("SELECT number, body, issued_at FROM receipts \
         WHERE jurisdiction_id = $1 AND subject_kind = 'submission' AND subject_id = $2")
    .bind(town)
    .bind(submission)
    .one(db)
    .await
}

pub(super) async fn insert(tx: &WriteTx, id: &str, submission: &str, number: &str, body: &str, at: i64) -> Result<()> {
    sql("INSERT INTO receipts (jurisdiction_id, receipt_id, subject_kind, subject_id, number, body, issued_at) \
         VALUES ($1, $2, 'submission', $3, $4, $5, $6)")
    .bind(tx.jurisdiction())
    .bind(id)
    .bind(submission)
    .bind(number)
    .bind(body)
    .bind(at)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// What the town is called.
pub(super) async fn town_name(db: &impl ConnectionTrait, town: &JurisdictionId) -> Result<String> {
    let name: Option<String> =
        sql("SELECT name FROM jurisdictions WHERE jurisdiction_id = $1").bind(town).scalar(db).await?;
    Ok(name.unwrap_or_default())
}
