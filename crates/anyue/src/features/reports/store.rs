//! Rows of `report_items`.

use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::features::duties::api::SubmissionId;
use crate::features::records::api::RecordId;
use crate::platform::db::{WriteTx, insert_rows, sql};
use crate::platform::error::Result;
use crate::platform::ids::JurisdictionId;

/// A record of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinned {
    /// Which record.
    pub record_id: RecordId,
    /// The unit is its host.
    pub own: bool,
    /// The version that was sent; 0 while it is only chosen.
    pub version: i64,
    /// SHA-256 of its content, in hexadecimal; empty while it is only chosen.
    pub sha256: String,
    /// What it said when it was sent.
    pub content: String,
}

#[derive(FromQueryResult)]
struct Row {
    record_id: String,
    own: bool,
    version: i64,
    sha256: String,
    content: String,
}

/// The records of a submission, in order.
pub async fn of_submission(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    submission: &SubmissionId,
) -> Result<Vec<Pinned>> {
    let rows: Vec<Row> = sql("SELECT record_id, own, version, sha256, content FROM report_items \
         WHERE jurisdiction_id = $1 AND submission_id = $2 ORDER BY ordinal")
    .bind(town)
    .bind(submission)
    .all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Pinned {
            record_id: RecordId(row.record_id),
            own: row.own,
            version: row.version,
            sha256: row.sha256,
            content: row.content,
        })
        .collect())
}

/// Writes the records of a submission over those before.
pub(super) async fn replace(tx: &WriteTx, submission: &SubmissionId, items: &[Pinned]) -> Result<()> {
    sql("DELETE FROM report_items WHERE jurisdiction_id = $1 AND submission_id = $2")
        .bind(tx.jurisdiction())
        .bind(submission)
        .execute(&**tx)
        .await?;
    let mut values: Vec<Value> = Vec::new();
    for (ordinal, item) in (1_i64..).zip(items) {
        values.extend([
            tx.jurisdiction().into(),
            submission.into(),
            (&item.record_id).into(),
            ordinal.into(),
            item.own.into(),
            item.version.into(),
            item.sha256.as_str().into(),
            item.content.as_str().into(),
        ]);
    }
    let into = "report_items (jurisdiction_id, submission_id, record_id, ordinal, own, version, sha256, content)";
    insert_rows(&**tx, into, 8, values).await
}
