//! Photos, videos and files of a record: put on it and taken off again while its unit may change it.
//!
//! A record's form takes files before the record is written down: they wait under the form's key, seen by their sender
//! only, and are handed over when it is.

use sea_orm::ConnectionTrait;

use super::model::{Record, RecordId};
use super::save::not_open;
use super::store;
use crate::App;
use crate::features::evidence::api::{FILES_LIMIT, accept, received};
use crate::features::units::api as units;
use crate::platform::auth::{Actor, Permission};
use crate::platform::blobs::{self, FileRow, StoredBlob};
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{FileId, JurisdictionId, UnitId};

/// What files of a record belong to.
const OWNER: &str = "record";
/// What files belong to whose record is not written down yet.
const FORM: &str = "record_form";

/// A file for a record; its content is stored already.
#[derive(Clone, Debug)]
pub struct AddFile {
    /// Id of the record, or the key of the form it will be made from.
    pub record: String,
    /// As the sender calls it.
    pub name: String,
    /// The stored content.
    pub blob: StoredBlob,
}

/// Where a file goes.
enum Place {
    /// A record that may still be changed.
    Record(RecordId, UnitId),
    /// The form of one that is not written down yet.
    Form(String, UnitId),
}

impl Place {
    fn owner(&self) -> (&'static str, &str) {
        match self {
            Self::Record(id, _) => (OWNER, id.as_str()),
            Self::Form(key, _) => (FORM, key),
        }
    }

    /// Where the files of this record, or of this form, go.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a record of others, a sentence for one that cannot be changed any more.
    async fn find(db: &impl ConnectionTrait, actor: &Actor, record: &str) -> Result<Self> {
        let town = &actor.jurisdiction;
        let known = match store::records::find(db, town, &record.into()).await? {
            Some(known) => Some(known),
            None => store::records::find_by_key(db, town, record).await?,
        };
        if let Some(record) = known {
            let unit = units::get(db, town, &record.unit_id).await?;
            actor.require(Permission::WorkOwn, &unit.path).map_err(|_| Error::NotFound)?;
            if !record.state.is_open() {
                return Err(Error::refused(not_open(&record)));
            }
            return Ok(Self::Record(record.id, unit.id));
        }
        let is_key =
            (8..=100).contains(&record.len()) && record.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
        match actor.own_units().next() {
            Some(grant) if is_key => Ok(Self::Form(record.to_owned(), grant.unit_id.clone())),
            _ => Err(Error::NotFound),
        }
    }
}

/// The unit whose file it would be, when this record takes files of this actor.
pub async fn may_add_files(app: &App, actor: &Actor, record: &str) -> Result<UnitId> {
    match Place::find(app.db.reader(), actor, record).await? {
        Place::Record(_, unit) | Place::Form(_, unit) => Ok(unit),
    }
}

/// Puts a file on a record. Its type is told by its content; two equal files are both kept.
///
/// # Errors
/// [`Error::Refused`] for an empty file, a program, one file too many, or a record that cannot be changed any more.
pub async fn add_file(app: &App, actor: &Actor, cmd: AddFile) -> Result<FileId> {
    let id: FileId = app.ids.id();
    add_file_as(app, actor, cmd, id.clone()).await?;
    Ok(id)
}

/// The same, with an id that is known beforehand.
pub async fn add_file_as(app: &App, actor: &Actor, cmd: AddFile, id: FileId) -> Result<()> {
    let (name, media_type) = accept(&cmd.name, &cmd.blob)?;

    let tx = app.db.begin(&actor.jurisdiction).await?;
    let place = Place::find(&*tx, actor, &cmd.record).await?;
    let (kind, owner) = place.owner();
    if blobs::files_of(&*tx, &actor.jurisdiction, kind, owner).await?.len() >= FILES_LIMIT {
        return Err(Error::refused(format!("一条记录最多{FILES_LIMIT}个文件。“{name}”没有收下，其他文件都在。")));
    }
    let now = app.now();
    blobs::link_as(&tx, &id, &cmd.blob, &name, media_type, kind, owner, &actor.account_id, now).await?;
    received(&tx, &app.ids, &cmd.blob, now).await?;
    tx.commit_unaudited("keeping a file of a record that is still being written").await?;
    app.work.notify_one();
    Ok(())
}

/// Takes a file off a record, or off the form of one.
pub async fn remove_file(app: &App, actor: &Actor, record: &str, file: &FileId) -> Result<()> {
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let place = Place::find(&*tx, actor, record).await?;
    let (kind, owner) = place.owner();
    let found = blobs::find_file(&*tx, &actor.jurisdiction, file).await?.ok_or(Error::NotFound)?;
    let is_foreign = kind == FORM && found.created_by != actor.account_id.as_str();
    if is_foreign || !blobs::unlink(&tx, kind, owner, file).await? {
        return Err(Error::NotFound);
    }
    tx.commit_unaudited("taking a file off a record that is still being written").await
}

/// Takes back a file that was put on a record, or on the form of one, while nothing has come of it: a file that was put
/// on a form whose record is written down meanwhile belongs to the record and stays.
pub async fn take_back_file(app: &App, actor: &Actor, record: &str, file: &FileId) -> Result<()> {
    match Place::find(app.db.reader(), actor, record).await? {
        Place::Record(id, _) if id.as_str() != record => Err(Error::NotFound),
        _ => remove_file(app, actor, record, file).await,
    }
}

/// The files of a record.
pub async fn of_record(db: &impl ConnectionTrait, town: &JurisdictionId, id: &RecordId) -> Result<Vec<FileRow>> {
    blobs::files_of(db, town, OWNER, id.as_str()).await
}

/// The files that wait under the key of the actor's form.
pub async fn of_form(db: &impl ConnectionTrait, actor: &Actor, key: &str) -> Result<Vec<FileRow>> {
    let mut files = blobs::files_of(db, &actor.jurisdiction, FORM, key).await?;
    files.retain(|file| file.created_by == actor.account_id.as_str());
    Ok(files)
}

/// The record has been written down: what waited under the key of its form is its own now.
pub(super) async fn hand_over(tx: &WriteTx, actor: &Actor, record: &Record) -> Result<()> {
    let (from, to) = ((FORM, record.idempotency_key.as_str()), (OWNER, record.id.as_str()));
    blobs::hand_over(tx, from, to, &actor.account_id).await
}

/// The form is cleared: what waited under its key goes too.
pub(super) async fn discard_form(tx: &WriteTx, actor: &Actor, key: &str) -> Result<()> {
    for file in of_form(&**tx, actor, key).await? {
        blobs::unlink(tx, FORM, key, &FileId(file.file_id)).await?;
    }
    Ok(())
}

/// The record is thrown away, and its files with it.
pub(super) async fn discard(tx: &WriteTx, id: &RecordId) -> Result<()> {
    blobs::unlink_all(tx, OWNER, id.as_str()).await
}
