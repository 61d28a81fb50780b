//! Files of a submission: put on the draft, taken off it again.

use super::draft;
use super::model::OccurrenceId;
use super::rights::{reread, unit_of};
use crate::App;
use crate::features::evidence::api::{FILES_LIMIT, accept, received};
use crate::platform::auth::{Actor, Permission};
use crate::platform::blobs::{self, StoredBlob};
use crate::platform::error::{Error, Result};
use crate::platform::ids::FileId;

/// A file for the draft of an occurrence; its content is stored already.
#[derive(Clone, Debug)]
pub struct AddFile {
    /// For which occurrence.
    pub occurrence_id: OccurrenceId,
    /// As the sender calls it.
    pub name: String,
    /// The stored content.
    pub blob: StoredBlob,
}

/// Take this file off the draft.
#[derive(Clone, Debug)]
pub struct RemoveFile {
    /// Of which occurrence.
    pub occurrence_id: OccurrenceId,
    /// Which file.
    pub file_id: FileId,
}

/// Puts a file on the draft. Its type is told by its content; two equal files are both kept.
///
/// # Errors
/// [`Error::Refused`] for an empty file, a program, or one file too many.
pub async fn add_file(app: &App, actor: &Actor, cmd: AddFile) -> Result<FileId> {
    let id: FileId = app.ids.id();
    add_file_as(app, actor, cmd, id.clone()).await?;
    Ok(id)
}

/// The same, with an id that is known beforehand.
pub async fn add_file_as(app: &App, actor: &Actor, cmd: AddFile, id: FileId) -> Result<()> {
    unit_of(app, actor, &cmd.occurrence_id, Permission::WorkOwn).await?;
    let (name, media_type) = accept(&cmd.name, &cmd.blob)?;

    let now = app.now();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let item = reread(&tx, &cmd.occurrence_id).await?;
    let draft = draft::open(app, &tx, actor, &item).await?;
    let present = blobs::files_of(&*tx, &actor.jurisdiction, "submission", draft.id.as_str()).await?;
    if present.len() >= FILES_LIMIT {
        return Err(Error::refused(format!("一次最多报送{FILES_LIMIT}个文件。“{name}”没有收下，其他文件都在。")));
    }
    blobs::link_as(&tx, &id, &cmd.blob, &name, media_type, "submission", draft.id.as_str(), &actor.account_id, now)
        .await?;
    received(&tx, &app.ids, &cmd.blob, now).await?;
    tx.commit_unaudited("keeping a file of a draft").await?;
    app.work.notify_one();
    Ok(())
}

/// Takes a file off the draft.
pub async fn remove_file(app: &App, actor: &Actor, cmd: RemoveFile) -> Result<()> {
    unit_of(app, actor, &cmd.occurrence_id, Permission::WorkOwn).await?;

    let tx = app.db.begin(&actor.jurisdiction).await?;
    let item = reread(&tx, &cmd.occurrence_id).await?;
    let draft = draft::open(app, &tx, actor, &item).await?;
    if !blobs::unlink(&tx, "submission", draft.id.as_str(), &cmd.file_id).await? {
        return Err(Error::NotFound);
    }
    tx.commit_unaudited("taking a file off a draft").await
}
