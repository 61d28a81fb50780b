//! The end of an upload: the file is put where it belongs, or what has come is forgotten.

use super::model::{Target, UploadState};
use super::store::{self, Upload};
use crate::App;
use crate::features::accounts::api as accounts;
use crate::features::duties::api::{self as duties, AddFile, RemoveFile};
use crate::features::records::api as records;
use crate::platform::blobs;
use crate::platform::error::{Error, Result};
use crate::platform::ids::FileId;

/// What is said of uploads whose senders did not come back.
pub(super) const EXPIRED: &str = "这个文件超过14天没有续传，已经清理。请重新选择文件上传。";

/// Every byte has come: the content is stored, checked and put where it belongs. Doing it twice does it once. It is done
/// to the end also when the sender does not wait for the answer.
pub(super) async fn finish(app: &App, upload: &Upload) -> Result<()> {
    let (app, upload) = (app.clone(), upload.clone());
    tokio::spawn(async move { put(&app, &upload).await }).await.map_err(Error::internal)?
}

async fn put(app: &App, upload: &Upload) -> Result<()> {
    let _turn = app.turns.take(upload.id.as_str()).await;
    let present = store::find(app.db.reader(), &upload.town, &upload.id).await?.ok_or(Error::NotFound)?;
    if present.state != UploadState::Receiving {
        return Ok(());
    }
    // The file has the id of its upload: one that was put there before the program was stopped is known by it.
    let file = FileId(upload.id.to_string());
    if blobs::find_file(app.db.reader(), &upload.town, &file).await?.is_none()
        && let Some(words) = add(app, upload, &file).await?
    {
        end(app, upload, &words).await?;
        return Err(Error::refused(words));
    }
    let tx = app.db.begin(&upload.town).await?;
    store::update(&tx, &Upload { state: UploadState::Complete, ..present }, Some(file.as_str())).await?;
    tx.commit_unaudited("a file has come whole").await?;
    app.spool.remove(upload.id.as_str()).await
}

/// Puts the file where it belongs; otherwise the words why it is not taken.
async fn add(app: &App, upload: &Upload, file: &FileId) -> Result<Option<String>> {
    let path = app.spool.path(upload.id.as_str());
    let blob = app.blobs.take_in(&upload.town, &path).await?;
    if !(upload.sha256.is_empty() || upload.sha256 == blob.sha256) {
        return Ok(Some(format!("“{}”在路上损坏了，没有收下。请重新选择文件上传。", upload.name)));
    }
    let sender = accounts::actor_of(app, &upload.town, &upload.account_id).await?;
    let sender = sender.ok_or_else(|| Error::refused("上传人的账号已停用，文件没有收下。"))?;
    let (name, file) = (upload.name.clone(), file.clone());
    let added = match upload.target.clone() {
        Target::Occurrence(occurrence_id) => {
            duties::add_file_as(app, &sender, AddFile { occurrence_id, name, blob }, file).await
        }
        Target::Record(record) => {
            records::add_file_as(app, &sender, records::AddFile { record, name, blob }, file).await
        }
    };
    match added {
        Ok(()) => Ok(None),
        Err(Error::Refused(words)) => Ok(Some(words)),
        Err(error) => Err(error),
    }
}

/// Ends an upload without a file.
pub(super) async fn end(app: &App, upload: &Upload, reason: &str) -> Result<()> {
    let tx = app.db.begin(&upload.town).await?;
    let ended = Upload { state: UploadState::Ended, reason: reason.to_owned(), ..upload.clone() };
    store::update(&tx, &ended, None).await?;
    tx.commit_unaudited("an upload ends without a file").await?;
    app.spool.remove(upload.id.as_str()).await
}

/// The sender does not want it any more: what has come is forgotten, and a file that is whole goes from where it was
/// put, unless that has been handed in.
///
/// # Errors
/// [`Error::Refused`] for a file that was handed in, or has been removed by hand.
pub(super) async fn take_back(app: &App, upload: &Upload, reason: &str) -> Result<()> {
    let _turn = app.turns.take(upload.id.as_str()).await;
    let present = store::find(app.db.reader(), &upload.town, &upload.id).await?.ok_or(Error::NotFound)?;
    if present.state == UploadState::Complete {
        let handed_in = || Error::refused("文件已经报送或者移除，不能取消。");
        let sender = accounts::actor_of(app, &upload.town, &upload.account_id).await?.ok_or_else(handed_in)?;
        let file_id = store::file_of(app.db.reader(), upload).await?.ok_or_else(handed_in)?;
        let removed = match upload.target.clone() {
            Target::Occurrence(occurrence_id) => {
                duties::remove_file(app, &sender, RemoveFile { occurrence_id, file_id }).await
            }
            Target::Record(record) => records::take_back_file(app, &sender, &record, &file_id).await,
        };
        match removed {
            Ok(()) => {}
            Err(Error::NotFound | Error::Refused(_)) => return Err(handed_in()),
            Err(error) => return Err(error),
        }
    }
    end(app, &present, reason).await
}
