//! The background work: from a content to its clean copy, thumbnail, fingerprint and report.

use std::fs::File;

use ::evidence::sniff::Condition;
use ::evidence::{Kind, clean, report, sniff};

use super::model::Facts;
use super::poster;
use super::store::{self, Content, Looks};
use crate::App;
use crate::platform::blobs::{self, LocalFile, StoredBlob};
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{Ids, JurisdictionId};
use crate::platform::jobs::{self, Job};

/// The job that makes what everybody may see of a content.
pub const MAKE: &str = "evidence.make";
/// A picture of more bytes is kept and not shown.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// A content has come: what everybody may see of it is made soon after.
pub async fn received(tx: &WriteTx, ids: &Ids, blob: &StoredBlob, now: i64) -> Result<()> {
    if store::find(&**tx, tx.jurisdiction(), &blob.sha256).await?.is_some() {
        return Ok(());
    }
    jobs::enqueue(tx, ids, MAKE, &blob.sha256, Some(&blob.sha256), now).await
}

/// Everything that was made of a content, in memory.
struct Made {
    kind: Kind,
    condition: Condition,
    facts: Facts,
    shown: Result<clean::Clean, String>,
}

/// The job. Done twice, it finds what is there and does nothing.
pub async fn carry_out(app: &App, job: &Job) -> Result<()> {
    let town = JurisdictionId(job.jurisdiction_id.clone());
    let sha256: String = serde_json::from_str(&job.payload)?;
    if store::find(app.db.reader(), &town, &sha256).await?.is_some() {
        return Ok(());
    }
    let Some(local) = app.blobs.local(&town, &sha256).await? else { return Ok(()) };
    let ffmpeg = app.config.evidence.ffmpeg.clone();
    let made = tokio::task::spawn_blocking(move || look(&local, &ffmpeg)).await.map_err(Error::internal)??;
    keep(app, &town, sha256, made).await
}

/// Reads a content, on a thread that may take its time.
fn look(local: &LocalFile, ffmpeg: &str) -> Result<Made> {
    let mut file = File::open(local.path())?;
    let sniffed = sniff(&mut file, None)?;
    let facts = Facts::of(&report(&mut file)?);
    let shown = match sniffed.kind {
        // How a frame looks says little about a video: it is not compared.
        kind if kind.is_video() => poster::frame(ffmpeg, local.path())
            .and_then(|frame| clean(&frame).ok())
            .map(|shown| clean::Clean { fingerprint: None, notes: Vec::new(), ..shown })
            .ok_or_else(String::new),
        kind if !kind.is_picture() => Err(String::new()),
        _ if sniffed.size > MOST_BYTES => {
            let limit = MOST_BYTES / 1_048_576;
            Err(format!("图片文件超过{limit}MB，原件已保存，不能显示；请缩小后再传一份"))
        }
        _ => clean(&std::fs::read(local.path())?).map_err(|why| why.to_string()),
    };
    Ok(Made { kind: sniffed.kind, condition: sniffed.condition, facts, shown })
}

async fn keep(app: &App, town: &JurisdictionId, sha256: String, made: Made) -> Result<()> {
    let Made { kind, condition, facts, shown } = made;
    let mut content =
        Content { sha256, kind, condition, copy: None, thumbnail: None, notes: Vec::new(), fingerprint: None, facts };
    let mut stored = Vec::new();
    match shown {
        Ok(shown) => {
            content.notes = shown.notes.iter().map(ToString::to_string).collect();
            content.fingerprint = shown.fingerprint;
            let (width, height) = (shown.thumbnail.width, shown.thumbnail.height);
            for jpeg in [shown.copy, shown.thumbnail] {
                stored.push(app.blobs.put(town, jpeg.bytes).await?);
            }
            content.copy = Some(stored[0].sha256.clone());
            content.thumbnail = Some((stored[1].sha256.clone(), i64::from(width), i64::from(height)));
        }
        Err(why) => content.notes.extend(Some(why).filter(|why| !why.is_empty())),
    }
    let now = app.now();
    let tx = app.db.begin(town).await?;
    for blob in &stored {
        blobs::note(&tx, blob, now).await?;
    }
    if !blobs::is_known(&*tx, town, &content.sha256).await? {
        return Ok(()); // swept meanwhile
    }
    store::save(&tx, &content, now).await?;
    tx.commit_unaudited("keeping what was made of a file").await?;
    let looks = Looks { sha256: content.sha256, fingerprint: content.fingerprint, place: content.facts.place };
    app.pictures.note(town, looks).await;
    Ok(())
}
