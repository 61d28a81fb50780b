//! Rows of `uploads`.

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::model::{Target, UploadId, UploadState};
use crate::platform::db::{WriteTx, sql};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AccountId, FileId, JurisdictionId, Secret, UnitId};
use crate::platform::retention::{Class, May, Source};

/// Uploads whose senders did not come back. Their addresses promise the end of their time, so it is fixed.
pub const KEPT_UNFINISHED: Class = Class {
    code: "uploads_unfinished",
    name: "没有传完的文件",
    holds: "断点续传中断以后没有人接着传的部分内容",
    area: "续传",
    counted_from: "最后一次收到内容",
    days: Some(14),
    may: May::Nothing,
    source: Source::Ours,
    find: "SELECT u.upload_id AS id, u.expires_at - 1209600000 AS at, u.size AS bytes, '没有传完的文件' AS about, '' AS campaign_id \
           FROM uploads u WHERE u.jurisdiction_id = $1 AND u.state = 'receiving' AND u.expires_at - 1209600000 < $2",
    remove: &[
        "UPDATE uploads SET state = 'ended', reason = '这个文件超过14天没有续传，已经清理。请重新选择文件上传。' \
           WHERE jurisdiction_id = $1 AND state = 'receiving' AND upload_id IN (...)",
    ],
};

/// What is noted of uploads that are over.
pub const KEPT_OVER: Class = Class {
    code: "uploads_over",
    name: "传完的续传登记",
    holds: "续传的登记：文件名、大小、上传人；文件本身不在内",
    area: "续传",
    counted_from: "续传的时限届满",
    days: Some(90),
    may: May::Within(30, 1098),
    source: Source::Ours,
    find: "SELECT u.upload_id AS id, u.expires_at AS at, CAST(0 AS BIGINT) AS bytes, '续传登记' AS about, '' AS campaign_id \
           FROM uploads u WHERE u.jurisdiction_id = $1 AND u.state <> 'receiving' AND u.expires_at < $2",
    remove: &["DELETE FROM uploads WHERE jurisdiction_id = $1 AND state <> 'receiving' AND upload_id IN (...)"],
};

/// An upload.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    pub town: JurisdictionId,
    pub id: UploadId,
    pub account_id: AccountId,
    pub unit_id: UnitId,
    pub target: Target,
    pub name: String,
    pub size: u64,
    pub sha256: String,
    pub metadata: String,
    pub state: UploadState,
    pub reason: String,
    pub expires_at: i64,
}

#[derive(FromQueryResult)]
struct Row {
    jurisdiction_id: String,
    upload_id: String,
    account_id: String,
    unit_id: String,
    owner_kind: String,
    owner_id: String,
    name: String,
    size: i64,
    sha256: String,
    metadata: String,
    state: String,
    reason: String,
    expires_at: i64,
}

impl Row {
    fn into_upload(self) -> Result<Upload> {
        let unknown = || Error::internal("an upload of an unknown kind or state");
        Ok(Upload {
            town: JurisdictionId(self.jurisdiction_id),
            id: UploadId(self.upload_id),
            account_id: AccountId(self.account_id),
            unit_id: UnitId(self.unit_id),
            target: Target::of(&self.owner_kind, self.owner_id).ok_or_else(unknown)?,
            name: self.name,
            size: self.size.unsigned_abs(),
            sha256: self.sha256,
            metadata: self.metadata,
            state: UploadState::parse(&self.state).ok_or_else(unknown)?,
            reason: self.reason,
            expires_at: self.expires_at,
        })
    }
}

const COLUMNS: &str = "jurisdiction_id, upload_id, account_id, unit_id, owner_kind, owner_id, name, size, sha256, metadata, state, reason, expires_at";

/// The upload at this address, in whatever town.
pub(super) async fn by_secret(db: &impl ConnectionTrait, secret: &Secret) -> Result<Option<Upload>> {
    let row: Option<Row> =
        sql(format!("SELECT {COLUMNS} FROM uploads WHERE secret_hash = $1")).bind(secret.hash()).one(db).await?;
    row.map(Row::into_upload).transpose()
}

/// An upload by its id.
pub(super) async fn find(db: &impl ConnectionTrait, town: &JurisdictionId, id: &UploadId) -> Result<Option<Upload>> {
    let row: Option<Row> = sql(format!("SELECT {COLUMNS} FROM uploads WHERE jurisdiction_id = $1 AND upload_id = $2"))
        .bind(town)
        .bind(id)
        .one(db)
        .await?;
    row.map(Row::into_upload).transpose()
}

pub(super) async fn insert(tx: &WriteTx, upload: &Upload, secret: &Secret, now: i64) -> Result<()> {
    let (kind, id) = upload.target.parts();
    sql("INSERT INTO uploads (jurisdiction_id, upload_id, secret_hash, account_id, unit_id, owner_kind, owner_id, name, size, sha256, metadata, state, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'receiving', $12, $13)")
        .bind(tx.jurisdiction())
        .bind(&upload.id)
        .bind(secret.hash())
        .bind(&upload.account_id)
        .bind(&upload.unit_id)
        .bind(kind)
        .bind(id)
        .bind(upload.name.as_str())
        .bind(upload.size as i64)
        .bind(upload.sha256.as_str())
        .bind(upload.metadata.as_str())
        .bind(now)
        .bind(upload.expires_at)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// Moves an upload on: to another state, or to a later end.
pub(super) async fn update(tx: &WriteTx, upload: &Upload, file_id: Option<&str>) -> Result<()> {
    sql("UPDATE uploads SET state = $1, reason = $2, expires_at = $3, file_id = COALESCE($4, file_id) WHERE jurisdiction_id = $5 AND upload_id = $6")
        .bind(upload.state.code())
        .bind(upload.reason.as_str())
        .bind(upload.expires_at)
        .bind(file_id.map(str::to_owned))
        .bind(tx.jurisdiction())
        .bind(&upload.id)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// The file an upload became; none before it was whole.
pub(super) async fn file_of(db: &impl ConnectionTrait, upload: &Upload) -> Result<Option<FileId>> {
    let file: Option<String> =
        sql("SELECT COALESCE(file_id, '') FROM uploads WHERE jurisdiction_id = $1 AND upload_id = $2")
            .bind(&upload.town)
            .bind(&upload.id)
            .scalar(db)
            .await?;
    Ok(file.filter(|id| !id.is_empty()).map(FileId))
}

/// Bytes announced by a unit's uploads that are still coming.
pub(super) async fn coming(db: &impl ConnectionTrait, town: &JurisdictionId, unit: &UnitId) -> Result<i64> {
    let sum: Option<i64> = sql("SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM uploads \
         WHERE jurisdiction_id = $1 AND unit_id = $2 AND state = 'receiving'")
    .bind(town)
    .bind(unit)
    .scalar(db)
    .await?;
    Ok(sum.unwrap_or_default())
}

/// Id and name of what is still coming to these owners.
pub(super) async fn coming_to(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    kind: &str,
    owners: &[String],
    now: i64,
) -> Result<Vec<(String, String)>> {
    #[derive(FromQueryResult)]
    struct Coming {
        upload_id: String,
        name: String,
    }
    let rows: Vec<Coming> = sql("SELECT upload_id, name FROM uploads WHERE jurisdiction_id = $1 AND owner_kind = $2 \
         AND state = 'receiving' AND expires_at > $3 AND owner_id IN (...) ORDER BY upload_id")
    .bind(town)
    .bind(kind)
    .bind(now)
    .all_in(db, owners)
    .await?;
    Ok(rows.into_iter().map(|row| (row.upload_id, row.name)).collect())
}
