//! The whole installation in one file, and back.
//!
//! A backup is a tar archive compressed with zstd:
//!
//! | member | content |
//! | --- | --- |
//! | `tables/NAME.jsonl` | every row of a table, a JSON array a line, in the order of its primary key |
//! | `files/TOWN/SHA256` | every stored file |
//! | `keys/NAME` | the keys that receipts are signed with: whoever holds the backup can sign, so keep it safe |
//! | `manifest.json` | format, program version, instant, columns, rows and SHA-256 of each table, files; last |
//!
//! It is one instant of the database (a read snapshot), taken while others go on writing. It does not depend
//! on the engine: a backup of SQLite restores into PostgreSQL. [`restore`] verifies what it has written.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use futures_util::TryStreamExt as _;
use sea_orm::FromQueryResult;
use sha2::{Digest, Sha256};

use super::blobs::Blobs;
use super::clock::Clock;
use super::db::dump::{self, Table};
use super::db::{Db, sql};
use super::error::{Error, Result};
use super::ids::JurisdictionId;
use super::keyring::{self, Keyring};

const FORMAT: &str = "anyue/backup/1";

/// What a backup says of itself.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Manifest {
    /// `anyue/backup/1`
    pub format: String,
    /// Version of the program that wrote it.
    pub program: String,
    /// Number of the last migration.
    pub migration: i64,
    /// Milliseconds since 1970.
    pub taken_at: i64,
    /// Tables by name.
    pub tables: BTreeMap<String, TableManifest>,
    /// Number of files.
    pub files: u64,
    /// Bytes of all files.
    pub file_bytes: u64,
}

/// What a backup says of a table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TableManifest {
    /// Its columns, in the order of the rows' arrays.
    pub columns: Vec<String>,
    /// Number of rows.
    pub rows: u64,
    /// SHA-256 of the member, hexadecimal.
    pub sha256: String,
}

/// Counts and hashes what passes through.
struct Hashing<W> {
    inner: W,
    hasher: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

#[derive(FromQueryResult)]
struct BlobRow {
    jurisdiction_id: String,
    sha256: String,
    size: i64,
}

/// Writes a backup. The file appears under its name only when it is complete.
pub async fn backup(db: &Db, blobs: &Blobs, keys: &Keyring, clock: &Clock, file: &Path) -> Result<Manifest> {
    if file.exists() {
        return Err(Error::internal(format!("{} exists already", file.display())));
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let part = tempfile::NamedTempFile::new_in(folder)?;
    let compressed = zstd::Encoder::new(BufWriter::new(part.reopen()?), 3)?;
    let mut archive = tar::Builder::new(compressed);
    let snapshot = dump::snapshot(db).await?;

    let mut tables = BTreeMap::new();
    for table in dump::tables(&snapshot).await? {
        let (mut rows_file, described) = dump_table(&table, &snapshot, folder).await?;
        let size = rows_file.seek(SeekFrom::End(0))?;
        rows_file.rewind()?;
        append(&mut archive, &format!("tables/{}.jsonl", table.name), size, BufReader::new(rows_file))?;
        tables.insert(table.name, described);
    }

    let stored: Vec<BlobRow> =
        sql("SELECT jurisdiction_id, sha256, size FROM blobs ORDER BY jurisdiction_id, sha256").all(&snapshot).await?;
    let (mut files, mut file_bytes) = (0, 0);
    for row in stored {
        let mut spooled = tempfile::tempfile_in(folder)?;
        let mut stream = std::pin::pin!(blobs.stream(&row.jurisdiction_id.clone().into(), &row.sha256).await?);
        let mut hashing = Hashing { inner: &mut spooled, hasher: Sha256::new() };
        while let Some(chunk) = stream.try_next().await? {
            hashing.write_all(&chunk)?;
        }
        if hex::encode(hashing.hasher.finalize()) != row.sha256 {
            return Err(Error::internal(format!("the stored file {} is damaged", row.sha256)));
        }
        spooled.rewind()?;
        let size = u64::try_from(row.size).map_err(Error::internal)?;
        append(&mut archive, &format!("files/{}/{}", row.jurisdiction_id, row.sha256), size, spooled)?;
        files += 1;
        file_bytes += size;
    }

    for (name, text) in keys.files()? {
        append(&mut archive, &format!("keys/{name}"), text.len() as u64, text.as_bytes())?;
    }

    let manifest = Manifest {
        format: FORMAT.to_owned(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        migration: super::db::migrations().last().map_or(0, |(version, ..)| *version),
        taken_at: clock.now_ms(),
        tables,
        files,
        file_bytes,
    };
    let text = serde_json::to_vec_pretty(&manifest)?;
    append(&mut archive, "manifest.json", text.len() as u64, text.as_slice())?;
    let buffered = archive.into_inner()?.finish()?;
    buffered.into_inner().map_err(|error| error.into_error())?.sync_all()?;
    part.persist_noclobber(file).map_err(|error| Error::internal(error.error))?;
    Ok(manifest)
}

async fn dump_table(
    table: &Table,
    snapshot: &sea_orm::DatabaseTransaction,
    folder: &Path,
) -> Result<(File, TableManifest)> {
    let mut hashing = Hashing { inner: BufWriter::new(tempfile::tempfile_in(folder)?), hasher: Sha256::new() };
    let rows = table.write_rows(snapshot, &mut hashing).await?;
    let file = hashing.inner.into_inner().map_err(|error| error.into_error())?;
    let columns = table.columns.iter().map(|column| column.name.clone()).collect();
    Ok((file, TableManifest { columns, rows, sha256: hex::encode(hashing.hasher.finalize()) }))
}

fn append(archive: &mut tar::Builder<impl Write>, name: &str, size: u64, content: impl Read) -> Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o600);
    header.set_cksum();
    Ok(archive.append_data(&mut header, name, content)?)
}

/// Reads a backup into an empty database and an empty store, and verifies the result row by row and file by
/// file. Nothing is kept of the rows when anything is wrong.
pub async fn restore(db: &Db, blobs: &Blobs, keys: &Keyring, file: &Path, spool: &Path) -> Result<Manifest> {
    let towns: Option<i64> = sql("SELECT COUNT(*) FROM jurisdictions").scalar(db.reader()).await?;
    if towns != Some(0) {
        return Err(Error::internal("the database is not empty; a backup is restored into an empty one only"));
    }
    let tables: BTreeMap<String, Table> =
        dump::tables(db.reader()).await?.into_iter().map(|table| (table.name.clone(), table)).collect();
    let mut archive = tar::Archive::new(zstd::Decoder::new(File::open(file)?)?);
    let tx = dump::begin_restore(db).await?;
    let (mut found, mut files, mut manifest, mut key_files) = (BTreeMap::new(), 0, None, Vec::new());
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        if let Some(table) = name.strip_prefix("tables/").and_then(|name| name.strip_suffix(".jsonl")) {
            let table =
                tables.get(table).ok_or_else(|| Error::internal(format!("the backup has an unknown table {table}")))?;
            let mut spooled = tempfile::tempfile_in(spool)?;
            let mut hashing = Hashing { inner: &mut spooled, hasher: Sha256::new() };
            std::io::copy(&mut entry, &mut hashing)?;
            let sha256 = hex::encode(hashing.hasher.finalize());
            spooled.rewind()?;
            let rows = table.read_rows(&tx, BufReader::new(spooled)).await?;
            found.insert(table.name.clone(), (rows, sha256));
        } else if let Some(path) = name.strip_prefix("files/") {
            let (town, sha256) =
                path.split_once('/').ok_or_else(|| Error::internal("a file of the backup has no town"))?;
            if !is_id(town) {
                return Err(Error::internal(format!("a file of the backup has the town {town:?}, which is no id")));
            }
            let mut spooled = tempfile::NamedTempFile::new_in(spool)?;
            std::io::copy(&mut entry, &mut spooled)?;
            let stored = blobs.take_in(&JurisdictionId::from(town), spooled.path()).await?;
            if stored.sha256 != sha256 {
                return Err(Error::internal(format!("the file {sha256} of the backup is damaged")));
            }
            files += 1;
        } else if let Some(name) = name.strip_prefix("keys/") {
            let known = keyring::FILES.into_iter().find(|known| *known == name);
            let known = known.ok_or_else(|| Error::internal("the backup has a key of an unknown name"))?;
            let mut text = String::new();
            entry.read_to_string(&mut text)?;
            key_files.push((known, text));
        } else if name == "manifest.json" {
            let read: Manifest = serde_json::from_reader(&mut entry)?;
            manifest = Some(read);
        }
    }
    let manifest = manifest.ok_or_else(|| Error::internal("the backup breaks off: it has no manifest"))?;
    check(&manifest, &found, files, &tables)?;
    tx.commit().await?;
    verify(db, &manifest, spool).await?;
    keys.put_back(&key_files)?;
    Ok(manifest)
}

/// Whether a name is only a name: an id becomes a folder of the store, and must not lead out of it.
fn is_id(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

fn check(
    manifest: &Manifest,
    found: &BTreeMap<String, (u64, String)>,
    files: u64,
    tables: &BTreeMap<String, Table>,
) -> Result<()> {
    if manifest.format != FORMAT {
        return Err(Error::internal(format!("the backup has the format {}, not {FORMAT}", manifest.format)));
    }
    for (name, described) in &manifest.tables {
        let columns: Option<Vec<String>> =
            tables.get(name).map(|table| table.columns.iter().map(|column| column.name.clone()).collect());
        if columns.as_ref() != Some(&described.columns) {
            return Err(Error::internal(format!(
                "the backup was written by another version: the table {name} differs"
            )));
        }
        if found.get(name) != Some(&(described.rows, described.sha256.clone())) {
            return Err(Error::internal(format!("the table {name} of the backup is damaged")));
        }
    }
    if files != manifest.files {
        return Err(Error::internal(format!("the backup names {} files and holds {files}", manifest.files)));
    }
    Ok(())
}

/// Writes the restored tables out once more and compares them with the manifest.
async fn verify(db: &Db, manifest: &Manifest, spool: &Path) -> Result<()> {
    let snapshot = dump::snapshot(db).await?;
    for table in dump::tables(&snapshot).await? {
        let (_, described) = dump_table(&table, &snapshot, spool).await?;
        if manifest.tables.get(&table.name) != Some(&described) {
            return Err(Error::internal(format!("the table {} was not restored as it was", table.name)));
        }
    }
    Ok(())
}
