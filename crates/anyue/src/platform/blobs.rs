//! Files by content: SHA-256 of the bytes is the name, so equal files are kept once.
//!
//! [`Blobs::receive`] takes a stream into a temporary file while hashing and counting; the content is stored
//! **before** the row that points to it is written, and [`link`] writes both rows in the caller's transaction.
//! What no row points to is swept later. A local folder by default; S3-compatible storage by configuration.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use evidence::Kind;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use opendal::Operator;
use sea_orm::{ConnectionTrait, FromQueryResult};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::db::{Db, WriteTx, sql};
use super::error::{Error, Result};
use super::ids::{AccountId, FileId, Ids, JurisdictionId};
use super::turns::Turns;

/// The store of contents.
#[derive(Clone)]
pub struct Blobs {
    operator: Operator,
    spool: PathBuf,
    turns: Arc<Turns>,
    /// Contents stored lately, perhaps not yet linked: the sweep leaves them alone.
    recent: Arc<Mutex<HashMap<String, Instant>>>,
}

/// A content that has been stored and not yet been linked to anything.
#[derive(Clone, Debug)]
pub struct StoredBlob {
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
    /// The first bytes.
    pub head: Vec<u8>,
    /// What it is, by its bytes.
    pub kind: Kind,
}

/// A content as a file of this machine: the stored one, or a copy that goes away with this.
#[derive(Debug)]
pub enum LocalFile {
    /// It is stored here.
    Stored(PathBuf),
    /// It was fetched.
    Fetched(tempfile::TempPath),
}

impl LocalFile {
    /// Where it is.
    pub fn path(&self) -> &Path {
        match self {
            Self::Stored(path) => path,
            Self::Fetched(path) => path,
        }
    }
}

/// A file: a name and an owner for a content.
#[derive(Clone, Debug, FromQueryResult, serde::Serialize)]
pub struct FileRow {
    /// Its id.
    pub file_id: String,
    /// The content.
    pub sha256: String,
    /// As the sender called it; only ever shown and sent as a header, never used as a path.
    pub name: String,
    /// Told by content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// What it belongs to.
    pub owner_kind: String,
    /// Id of what it belongs to.
    pub owner_id: String,
    /// Account that sent it.
    #[serde(skip)]
    pub created_by: String,
    /// When it was put there.
    #[serde(skip)]
    pub created_at: i64,
}

impl FileRow {
    /// Its content, as stored.
    pub fn blob(&self) -> StoredBlob {
        StoredBlob { sha256: self.sha256.clone(), size: self.size, head: Vec::new(), kind: Kind::Unknown }
    }

    /// `320 KB`, `2.4 MB`
    pub fn size_in_words(&self) -> String {
        size_in_words(self.size)
    }
}

/// A number of bytes for people: `320 KB`, `2.4 MB`, `1.8 GB`.
pub fn size_in_words(bytes: i64) -> String {
    const MB: i64 = 1 << 20;
    match bytes {
        ..MB => format!("{} KB", (bytes + 1023) / 1024),
        MB..0x4000_0000 => format!("{:.1} MB", bytes as f64 / MB as f64),
        _ => format!("{:.1} GB", bytes as f64 / (MB << 10) as f64),
    }
}

impl Blobs {
    /// A store over an OpenDAL operator; `spool` is a local folder for files on their way in.
    pub fn new(operator: Operator, spool: &Path) -> Result<Self> {
        std::fs::create_dir_all(spool)?;
        Ok(Self { operator, spool: spool.to_path_buf(), turns: Arc::default(), recent: Arc::default() })
    }

    fn key(town: &JurisdictionId, sha256: &str) -> String {
        format!("{town}/{}/{sha256}", &sha256[..2])
    }

    /// Takes a stream of at most `limit` bytes into the store.
    ///
    /// # Errors
    /// [`Error::TooLarge`]; nothing is kept then.
    pub async fn receive<E: std::fmt::Display>(
        &self,
        town: &JurisdictionId,
        stream: impl Stream<Item = Result<axum::body::Bytes, E>>,
        limit: u64,
    ) -> Result<StoredBlob> {
        let file = tempfile::NamedTempFile::new_in(&self.spool)?;
        let mut writer = tokio::fs::File::from_std(file.reopen()?);
        let (mut hasher, mut size, mut head) = (Sha256::new(), 0u64, Vec::new());
        let mut stream = std::pin::pin!(stream);
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|error| Error::refused(format!("文件没有传完，请重新上传。（{error}）")))?;
            size += chunk.len() as u64;
            if size > limit {
                return Err(Error::TooLarge(format!("文件超过{}MB，请压缩或拆分后再上传。", limit / 1_048_576)));
            }
            hasher.update(&chunk);
            if head.len() < 512 {
                head.extend_from_slice(&chunk[..chunk.len().min(512 - head.len())]);
            }
            writer.write_all(&chunk).await?;
        }
        writer.flush().await?;
        let stored = StoredBlob {
            sha256: hex::encode(hasher.finalize()),
            size: i64::try_from(size).map_err(Error::internal)?,
            head,
            kind: kind_of(file.path()).await?,
        };
        self.store(town, &stored, file.path()).await?;
        Ok(stored)
    }

    /// Takes bytes into the store.
    pub async fn put(&self, town: &JurisdictionId, bytes: Vec<u8>) -> Result<StoredBlob> {
        let chunk: Result<_, std::convert::Infallible> = Ok(axum::body::Bytes::from(bytes));
        self.receive(town, futures_util::stream::iter([chunk]), u64::MAX).await
    }

    /// Takes a file of ours into the store: one that has come whole.
    pub async fn take_in(&self, town: &JurisdictionId, path: &Path) -> Result<StoredBlob> {
        let mut file = tokio::fs::File::open(path).await?;
        let (mut hasher, mut size, mut head) = (Sha256::new(), 0, Vec::new());
        let mut buffer = vec![0u8; 256 * 1024];
        loop {
            let n = file.read(&mut buffer).await?;
            if n == 0 {
                break;
            }
            hasher.update(&buffer[..n]);
            size += n as i64;
            head.extend_from_slice(&buffer[..n.min(512 - head.len())]);
        }
        let stored = StoredBlob { sha256: hex::encode(hasher.finalize()), size, head, kind: kind_of(path).await? };
        self.store(town, &stored, path).await?;
        Ok(stored)
    }

    async fn store(&self, town: &JurisdictionId, blob: &StoredBlob, path: &Path) -> Result<()> {
        let key = Self::key(town, &blob.sha256);
        // Two who bring the same content at once would write into the same place.
        let _turn = self.turns.take(&key).await;
        self.recent.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone(), Instant::now());
        if let Ok(present) = self.operator.stat(&key).await
            && present.content_length() == blob.size as u64
        {
            return Ok(());
        }
        let mut writer = self.operator.writer(&key).await?;
        let mut file = tokio::fs::File::open(path).await?;
        let mut buffer = vec![0u8; 256 * 1024];
        loop {
            let n = file.read(&mut buffer).await?;
            if n == 0 {
                break;
            }
            writer.write(buffer[..n].to_vec()).await?;
        }
        writer.close().await?;
        Ok(())
    }

    /// The whole content: for small files such as notices.
    pub async fn read(&self, town: &JurisdictionId, sha256: &str) -> Result<Vec<u8>> {
        Ok(self.operator.read(&Self::key(town, sha256)).await?.to_vec())
    }

    /// The content as a file of this machine; `None` when there is none.
    pub async fn local(&self, town: &JurisdictionId, sha256: &str) -> Result<Option<LocalFile>> {
        let key = Self::key(town, sha256);
        if !self.operator.exists(&key).await? {
            return Ok(None);
        }
        let info = self.operator.info();
        if info.scheme() == "fs" {
            return Ok(Some(LocalFile::Stored(Path::new(&info.root()).join(key))));
        }
        let file = tempfile::NamedTempFile::new_in(&self.spool)?;
        let mut writer = tokio::fs::File::from_std(file.reopen()?);
        let mut stream = std::pin::pin!(self.stream(town, sha256).await?);
        while let Some(chunk) = stream.try_next().await? {
            writer.write_all(&chunk).await?;
        }
        writer.flush().await?;
        Ok(Some(LocalFile::Fetched(file.into_temp_path())))
    }

    /// Removes stored contents of a town that have no row and were not stored lately; how many.
    pub async fn sweep(&self, db: &Db, town: &JurisdictionId, safe_age: Duration) -> Result<u64> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, stored| stored.elapsed() < safe_age);
        let mut gone = 0;
        let mut entries = self.operator.lister_with(&format!("{town}/")).recursive(true).await?;
        while let Some(entry) = entries.try_next().await? {
            if !entry.metadata().is_file() {
                continue;
            }
            let key = entry.path();
            // Nobody can store it between the question and the removal.
            let _turn = self.turns.take(key).await;
            if self.recent.lock().unwrap_or_else(PoisonError::into_inner).contains_key(key)
                || is_known(db.reader(), town, entry.name()).await?
            {
                continue;
            }
            self.operator.delete(key).await?;
            gone += 1;
        }
        Ok(gone)
    }

    /// A part of the content as a stream.
    pub async fn stream_range(
        &self,
        town: &JurisdictionId,
        sha256: &str,
        range: Range<u64>,
    ) -> Result<impl Stream<Item = std::io::Result<axum::body::Bytes>> + use<>> {
        Ok(self.operator.reader(&Self::key(town, sha256)).await?.into_bytes_stream(range).await?)
    }

    /// The content as a stream.
    pub async fn stream(
        &self,
        town: &JurisdictionId,
        sha256: &str,
    ) -> Result<impl Stream<Item = std::io::Result<axum::body::Bytes>> + use<>> {
        Ok(self.operator.reader(&Self::key(town, sha256)).await?.into_bytes_stream(..).await?)
    }
}

/// What a file of ours is.
async fn kind_of(path: &Path) -> Result<Kind> {
    let path = path.to_path_buf();
    let sniffed = tokio::task::spawn_blocking(move || {
        evidence::sniff(&mut std::io::BufReader::new(std::fs::File::open(path)?), None)
    });
    Ok(sniffed.await.map_err(Error::internal)??.kind)
}

/// Notes that a content is stored, so that a row may point to it.
pub async fn note(tx: &WriteTx, blob: &StoredBlob, now: i64) -> Result<()> {
    sql("INSERT INTO blobs (jurisdiction_id, sha256, size, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (jurisdiction_id, sha256) DO NOTHING")
        .bind(tx.jurisdiction())
        .bind(blob.sha256.as_str())
        .bind(blob.size)
        .bind(now)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// Whether a content is noted as stored.
pub async fn is_known(db: &impl ConnectionTrait, town: &JurisdictionId, sha256: &str) -> Result<bool> {
    let size: Option<i64> = sql("SELECT size FROM blobs WHERE jurisdiction_id = $1 AND sha256 = $2")
        .bind(town)
        .bind(sha256)
        .scalar(db)
        .await?;
    Ok(size.is_some())
}

/// Gives a stored content a name and an owner.
#[expect(clippy::too_many_arguments, reason = "a file is described by all of these, once")]
pub async fn link(
    tx: &WriteTx,
    ids: &Ids,
    blob: &StoredBlob,
    name: &str,
    media_type: &str,
    owner_kind: &str,
    owner_id: &str,
    created_by: &AccountId,
    now: i64,
) -> Result<FileId> {
    let id: FileId = ids.id();
    link_as(tx, &id, blob, name, media_type, owner_kind, owner_id, created_by, now).await?;
    Ok(id)
}

/// The same, with an id that is known beforehand.
#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
pub async fn link_as(
    tx: &WriteTx,
    id: &FileId,
    blob: &StoredBlob,
    name: &str,
    media_type: &str,
    owner_kind: &str,
    owner_id: &str,
    created_by: &AccountId,
    now: i64,
) -> Result<()> {
    note(tx, blob, now).await?;
    sql("INSERT INTO files (jurisdiction_id, file_id, sha256, name, media_type, size, owner_kind, owner_id, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind(tx.jurisdiction())
        .bind(id)
        .bind(blob.sha256.as_str())
        .bind(clean_name(name))
        .bind(media_type)
        .bind(blob.size)
        .bind(owner_kind)
        .bind(owner_id)
        .bind(created_by)
        .bind(now)
        .execute(&**tx)
        .await?;
    Ok(())
}

pub(super) const FILE_COLUMNS: &str =
    "file_id, sha256, name, media_type, size, owner_kind, owner_id, created_by, created_at";

/// The files of an owner, oldest first.
pub async fn files_of(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    owner_kind: &str,
    owner_id: &str,
) -> Result<Vec<FileRow>> {
    sql(format!(
        "SELECT {FILE_COLUMNS} FROM files WHERE jurisdiction_id = $1 AND owner_kind = $2 AND owner_id = $3 ORDER BY created_at, file_id"
    ))
    .bind(town)
    .bind(owner_kind)
    .bind(owner_id)
    .all(db)
    .await
}

/// A file by its id.
pub async fn find_file(db: &impl ConnectionTrait, town: &JurisdictionId, id: &FileId) -> Result<Option<FileRow>> {
    sql(format!("SELECT {FILE_COLUMNS} FROM files WHERE jurisdiction_id = $1 AND file_id = $2"))
        .bind(town)
        .bind(id)
        .one(db)
        .await
}

/// Takes a file off its owner; the content is swept later when nothing else points to it.
pub async fn unlink(tx: &WriteTx, owner_kind: &str, owner_id: &str, id: &FileId) -> Result<bool> {
    let gone =
        sql("DELETE FROM files WHERE jurisdiction_id = $1 AND owner_kind = $2 AND owner_id = $3 AND file_id = $4")
            .bind(tx.jurisdiction())
            .bind(owner_kind)
            .bind(owner_id)
            .bind(id)
            .execute(&**tx)
            .await?;
    Ok(gone > 0)
}

/// Takes all files off an owner that is thrown away.
pub async fn unlink_all(tx: &WriteTx, owner_kind: &str, owner_id: &str) -> Result<()> {
    sql("DELETE FROM files WHERE jurisdiction_id = $1 AND owner_kind = $2 AND owner_id = $3")
        .bind(tx.jurisdiction())
        .bind(owner_kind)
        .bind(owner_id)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// An owner of files: what it is, and its id.
pub type Owner<'a> = (&'a str, &'a str);

/// Hands the files that somebody has sent over from one owner to another.
pub async fn hand_over(tx: &WriteTx, from: Owner<'_>, to: Owner<'_>, created_by: &AccountId) -> Result<()> {
    sql("UPDATE files SET owner_kind = $1, owner_id = $2 \
         WHERE jurisdiction_id = $3 AND owner_kind = $4 AND owner_id = $5 AND created_by = $6")
    .bind(to.0)
    .bind(to.1)
    .bind(tx.jurisdiction())
    .bind(from.0)
    .bind(from.1)
    .bind(created_by)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// A sender's file name, for showing: the part after the last slash, no control characters, at most 120.
pub fn clean_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = base.chars().filter(|c| !c.is_control()).take(120).collect();
    if clean.trim_matches(['.', ' ']).is_empty() { "未命名文件".to_owned() } else { clean }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_only_ever_a_name() {
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("C:\\照片\\一 “号”\n.jpg"), "一 “号”.jpg");
        assert_eq!(clean_name(".."), "未命名文件");
    }
}
