//! Many files and contents at once, as they are needed where all of something is taken along.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::blobs::{FILE_COLUMNS, FileRow};
use super::db::sql;
use super::error::Result;
use super::ids::JurisdictionId;

/// The files of several owners of one kind, those of each oldest first.
pub async fn files_of_all(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    owner_kind: &str,
    owners: &[String],
) -> Result<Vec<FileRow>> {
    let mut files: Vec<FileRow> = sql(format!(
        "SELECT {FILE_COLUMNS} FROM files WHERE jurisdiction_id = $1 AND owner_kind = $2 AND owner_id IN (...)"
    ))
    .bind(town)
    .bind(owner_kind)
    .all_in(db, owners)
    .await?;
    files.sort_by(|a, b| (a.created_at, &a.file_id).cmp(&(b.created_at, &b.file_id)));
    Ok(files)
}

/// How large stored contents are, in bytes; those that are not known are left out.
pub async fn sizes(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    contents: &[String],
) -> Result<HashMap<String, i64>> {
    #[derive(FromQueryResult)]
    struct Sized {
        sha256: String,
        size: i64,
    }
    let rows: Vec<Sized> = sql("SELECT sha256, size FROM blobs WHERE jurisdiction_id = $1 AND sha256 IN (...)")
        .bind(town)
        .all_in(db, contents)
        .await?;
    Ok(rows.into_iter().map(|row| (row.sha256, row.size)).collect())
}
