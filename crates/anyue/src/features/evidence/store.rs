//! Rows of `contents`.

use std::collections::HashMap;

use ::evidence::sniff::Condition;
use ::evidence::{Fingerprint, Kind};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::model::Facts;
use crate::platform::blobs::FileRow;
use crate::platform::db::{WriteTx, sql};
use crate::platform::error::{Error, Result};
use crate::platform::ids::JurisdictionId;
use crate::platform::retention::{Class, May, Source};

/// Files on forms of records that nobody sent.
pub const KEPT_FORMS: Class = Class {
    code: "record_forms",
    name: "没有保存的记录表上的文件",
    holds: "填活动记录时传了、记录却没有保存的照片和文件",
    area: "活动记录",
    counted_from: "文件上传",
    days: Some(30),
    may: May::Within(7, 366),
    source: Source::Ours,
    find: "SELECT f.file_id AS id, f.created_at AS at, f.size AS bytes, f.media_type AS about, '' AS campaign_id \
           FROM files f WHERE f.jurisdiction_id = $1 AND f.owner_kind = 'record_form' AND f.created_at < $2",
    remove: &["DELETE FROM files WHERE jurisdiction_id = $1 AND owner_kind = 'record_form' AND file_id IN (...)"],
};

/// Contents that no file points to, and no copy of one.
pub const KEPT_LOOSE: Class = Class {
    code: "loose_contents",
    name: "没有任何材料使用的文件内容",
    holds: "移除或替换掉的照片、文件，以及为它们做的网页副本",
    area: "文件",
    counted_from: "内容存入系统",
    days: Some(7),
    may: May::Within(7, 366),
    source: Source::Ours,
    find: "SELECT b.sha256 AS id, b.created_at AS at, b.size AS bytes, '文件内容' AS about, '' AS campaign_id FROM blobs b \
           WHERE b.jurisdiction_id = $1 AND b.created_at < $2 \
           AND NOT EXISTS (SELECT 1 FROM files f WHERE f.jurisdiction_id = b.jurisdiction_id AND f.sha256 = b.sha256) \
           AND NOT EXISTS (SELECT 1 FROM contents c WHERE c.jurisdiction_id = b.jurisdiction_id AND c.sha256 = b.sha256 AND c.made_at >= $2) \
           AND NOT EXISTS (SELECT 1 FROM contents c WHERE c.jurisdiction_id = b.jurisdiction_id AND c.copy_sha256 = b.sha256 \
             AND (c.made_at >= $2 OR EXISTS (SELECT 1 FROM files f WHERE f.jurisdiction_id = c.jurisdiction_id AND f.sha256 = c.sha256))) \
           AND NOT EXISTS (SELECT 1 FROM contents c WHERE c.jurisdiction_id = b.jurisdiction_id AND c.thumbnail_sha256 = b.sha256 \
             AND (c.made_at >= $2 OR EXISTS (SELECT 1 FROM files f WHERE f.jurisdiction_id = c.jurisdiction_id AND f.sha256 = c.sha256)))",
    remove: &[
        "DELETE FROM contents WHERE jurisdiction_id = $1 AND sha256 IN (...)",
        "DELETE FROM contents WHERE jurisdiction_id = $1 AND copy_sha256 IN (...)",
        "DELETE FROM contents WHERE jurisdiction_id = $1 AND thumbnail_sha256 IN (...)",
        "DELETE FROM blobs WHERE jurisdiction_id = $1 AND sha256 IN (...)",
    ],
};

/// What was found out about a content.
#[derive(Clone, Debug)]
pub struct Content {
    /// Its SHA-256.
    pub sha256: String,
    /// What it is.
    pub kind: Kind,
    /// Whether all of it is there.
    pub condition: Condition,
    /// The clean copy.
    pub copy: Option<String>,
    /// The thumbnail: content, width, height.
    pub thumbnail: Option<(String, i64, i64)>,
    /// Why it is not shown, or in what the copy differs.
    pub notes: Vec<String>,
    /// How it looks.
    pub fingerprint: Option<Fingerprint>,
    /// What it says about itself.
    pub facts: Facts,
}

#[derive(FromQueryResult)]
struct Row {
    sha256: String,
    format: String,
    integrity: String,
    copy_sha256: Option<String>,
    thumbnail_sha256: Option<String>,
    thumbnail_width: i64,
    thumbnail_height: i64,
    notes: String,
    fingerprint: String,
    report: String,
}

const COLUMNS: &str = "sha256, format, integrity, copy_sha256, thumbnail_sha256, thumbnail_width, thumbnail_height, notes, fingerprint, report";

fn condition_code(condition: Condition) -> &'static str {
    match condition {
        Condition::Whole => "whole",
        Condition::Empty => "empty",
        Condition::CutOff => "cut_off",
    }
}

fn fingerprint(hex: &str) -> Option<Fingerprint> {
    u64::from_str_radix(hex, 16).ok().map(Fingerprint)
}

impl Row {
    fn into_content(self) -> Result<Content> {
        Ok(Content {
            kind: Kind::parse(&self.format).unwrap_or(Kind::Unknown),
            condition: [Condition::Whole, Condition::Empty, Condition::CutOff]
                .into_iter()
                .find(|condition| condition_code(*condition) == self.integrity)
                .ok_or_else(|| Error::internal("a content in an unknown condition"))?,
            copy: self.copy_sha256,
            thumbnail: self.thumbnail_sha256.map(|sha256| (sha256, self.thumbnail_width, self.thumbnail_height)),
            notes: serde_json::from_str(&self.notes)?,
            fingerprint: fingerprint(&self.fingerprint),
            facts: serde_json::from_str(&self.report)?,
            sha256: self.sha256,
        })
    }
}

/// What is known about contents, by their hashes.
pub async fn find_all(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    contents: &[String],
) -> Result<HashMap<String, Content>> {
    let rows: Vec<Row> = sql(format!("SELECT {COLUMNS} FROM contents WHERE jurisdiction_id = $1 AND sha256 IN (...)"))
        .bind(town)
        .all_in(db, contents)
        .await?;
    rows.into_iter().map(|row| Ok((row.sha256.clone(), row.into_content()?))).collect()
}

/// What is known about a content.
pub async fn find(db: &impl ConnectionTrait, town: &JurisdictionId, sha256: &str) -> Result<Option<Content>> {
    Ok(find_all(db, town, &[sha256.to_owned()]).await?.remove(sha256))
}

/// Keeps what was found out; what was known before is replaced.
pub async fn save(tx: &WriteTx, content: &Content, now: i64) -> Result<()> {
    sql("DELETE FROM contents WHERE jurisdiction_id = $1 AND sha256 = $2")
        .bind(tx.jurisdiction())
        .bind(content.sha256.as_str())
        .execute(&**tx)
        .await?;
    let (thumbnail, width, height) = content.thumbnail.clone().map_or((None, 0, 0), |(a, b, c)| (Some(a), b, c));
    sql(format!(
        "INSERT INTO contents (jurisdiction_id, {COLUMNS}, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    ))
    .bind(tx.jurisdiction())
    .bind(content.sha256.as_str())
    .bind(content.kind.code())
    .bind(condition_code(content.condition))
    .bind(content.copy.clone())
    .bind(thumbnail)
    .bind(width)
    .bind(height)
    .bind(serde_json::to_string(&content.notes)?)
    .bind(content.fingerprint.map(|it| it.to_string()).unwrap_or_default())
    .bind(serde_json::to_string(&content.facts)?)
    .bind(now)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// A content's fingerprint and place, as the index wants them.
#[derive(Debug)]
pub struct Looks {
    /// Its SHA-256.
    pub sha256: String,
    /// How it looks.
    pub fingerprint: Option<Fingerprint>,
    /// Where it was taken.
    pub place: Option<(f64, f64)>,
}

/// The fingerprints and places of all contents of a town.
pub async fn looks(db: &impl ConnectionTrait, town: &JurisdictionId) -> Result<Vec<Looks>> {
    #[derive(FromQueryResult)]
    struct Found {
        sha256: String,
        fingerprint: String,
        report: String,
    }
    let rows: Vec<Found> = sql("SELECT sha256, fingerprint, report FROM contents \
         WHERE jurisdiction_id = $1 AND (fingerprint <> '' OR report <> '{}') ORDER BY made_at, sha256")
    .bind(town)
    .all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let facts: Facts = serde_json::from_str(&row.report)?;
            Ok(Looks { fingerprint: fingerprint(&row.fingerprint), place: facts.place, sha256: row.sha256 })
        })
        .collect()
}

/// Files of submissions and records that hold one of these contents, the oldest first.
pub async fn files_with(db: &impl ConnectionTrait, town: &JurisdictionId, contents: &[String]) -> Result<Vec<FileRow>> {
    let mut files: Vec<FileRow> =
        sql("SELECT file_id, sha256, name, media_type, size, owner_kind, owner_id, created_by, created_at FROM files \
         WHERE jurisdiction_id = $1 AND owner_kind IN ('submission', 'record') AND sha256 IN (...)")
        .bind(town)
        .all_in(db, contents)
        .await?;
    files.sort_by(|a, b| (a.created_at, &a.file_id).cmp(&(b.created_at, &b.file_id)));
    Ok(files)
}

/// Contents of submissions and records about which nothing is known yet.
pub async fn unknown(db: &impl ConnectionTrait, town: &JurisdictionId, limit: i64) -> Result<Vec<String>> {
    sql("SELECT DISTINCT f.sha256 FROM files f WHERE f.jurisdiction_id = $1 AND f.owner_kind <> 'campaign' \
           AND NOT EXISTS (SELECT 1 FROM contents c WHERE c.jurisdiction_id = f.jurisdiction_id AND c.sha256 = f.sha256) \
         ORDER BY f.sha256 LIMIT $2")
    .bind(town)
    .bind(limit)
    .scalars(db)
    .await
}
