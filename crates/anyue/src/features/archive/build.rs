//! The background work: from what was asked for to a file that is whole, signed, and offered.

use std::path::PathBuf;

use seal::{ArchiveSeal, Manifest, Statement};

use super::check::{LIST, SEAL};
use super::gather::{Gather, Gathered, Waiting};
use super::model::{Archive, ArchiveId, State};
use super::store;
use super::writer::{Writer, Written};
use crate::App;
use crate::features::campaigns::api::{self as campaigns, CampaignHeader};
use crate::features::receipts::api as receipts;
use crate::platform::audit::Event;
use crate::platform::auth::Actor;
use crate::platform::blobs::size_in_words;
use crate::platform::error::{Error, Result};
use crate::platform::ids::JurisdictionId;
use crate::platform::jobs::{self, Job};
use crate::platform::retention;

/// The job that makes an archive.
pub const BUILD: &str = "archive.build";

/// So often the job is said to go on.
const GOES_ON_MS: i64 = 60_000;

/// Where the file of an archive lies.
pub(super) fn file_of(app: &App, id: &ArchiveId) -> PathBuf {
    app.config.data.folder.join("archives").join(format!("{id}.zip"))
}

/// Where it lies while it is being made.
pub(super) fn part_of(app: &App, id: &ArchiveId) -> PathBuf {
    file_of(app, id).with_extension("part")
}

/// The job. Done again after a crash it begins anew; what was finished is left alone.
pub async fn carry_out(app: &App, job: &Job) -> Result<()> {
    let town = JurisdictionId(job.jurisdiction_id.clone());
    let id: ArchiveId = serde_json::from_str(&job.payload)?;
    let db = app.db.reader();
    let Some(archive) = store::find(db, &town, &id).await?.filter(|one| one.state == State::Making) else {
        return Ok(());
    };
    let campaign = campaigns::header(db, &town, &archive.campaign_id).await?.ok_or(Error::NotFound)?;
    let made = make(app, job, &campaign, &archive).await;
    app.archives.forget(&id);
    match made {
        Ok((written, files)) => ready(app, &town, &campaign, &archive, &written, files).await,
        Err(error) => {
            let _ = tokio::fs::remove_file(part_of(app, &id)).await;
            failed(app, &town, &campaign, &archive, error).await
        }
    }
}

async fn ready(
    app: &App,
    town: &JurisdictionId,
    campaign: &CampaignHeader,
    archive: &Archive,
    written: &Written,
    files: usize,
) -> Result<()> {
    let size = i64::try_from(written.size).map_err(Error::internal)?;
    let tx = app.db.begin(town).await?;
    let days = retention::days(&*tx, town, &store::KEPT, app.now()).await?;
    let count = i64::try_from(files).map_err(Error::internal)?;
    if !store::set_ready(&tx, &archive.id, (count, size, &written.sha256)).await? {
        return Ok(());
    }
    retention::plan_night(&tx, &app.ids, app.now()).await?;
    let (size_words, kept) = (size_in_words(size), retention::in_words(days));
    let said = format!("生成“{}”的活动档案，{files}个文件，{size_words}，保存期限{kept}", campaign.title);
    let event = Event::new(&Actor::system(town), "archive.made", "archive", &archive.id, said)
        .unit(&campaign.issuer_unit_id)
        .detail(serde_json::json!({ "sha256": written.sha256, "size": size, "files": files }));
    tx.commit(event).await
}

async fn failed(
    app: &App,
    town: &JurisdictionId,
    campaign: &CampaignHeader,
    archive: &Archive,
    error: Error,
) -> Result<()> {
    let reason = match error {
        Error::Refused(words) => words,
        other => {
            tracing::error!(archive = %archive.id, error = %other, "an archive could not be made");
            "生成时出错，原因已记入系统日志。请过一会儿再生成一次，仍不成功请联系系统管理员。".to_owned()
        }
    };
    let tx = app.db.begin(town).await?;
    store::set_failed(&tx, &archive.id, &reason).await?;
    let said = format!("“{}”的活动档案没有生成：{reason}", campaign.title);
    let event = Event::new(&Actor::system(town), "archive.failed", "archive", &archive.id, said);
    tx.commit(event.unit(&campaign.issuer_unit_id)).await
}

/// Makes the file; it has its name only when it is whole.
async fn make(app: &App, job: &Job, campaign: &CampaignHeader, archive: &Archive) -> Result<(Written, usize)> {
    let town = &JurisdictionId(job.jurisdiction_id.clone());
    let keys = receipts::keys(app)?;
    let (part, file) = (part_of(app, &archive.id), file_of(app, &archive.id));
    tokio::fs::create_dir_all(part.parent().ok_or_else(|| Error::internal("a folder of archives"))?).await?;
    let writer = Writer::create(&part, app.clock.local_now())?;
    let gathered = Gather::all(app, town, campaign, &archive.wish, writer).await?;
    let Gathered { mut writer, waiting, index, counts, contents } = gathered;

    let bytes = waiting.iter().map(|one| one.size).sum();
    let texts = writer.entries().len() as u64;
    app.archives.expect(&archive.id, texts + waiting.len() as u64, bytes);
    app.archives.add(&archive.id, texts, 0);
    let mut told = app.now();
    for one in waiting {
        if app.now() - told > GOES_ON_MS {
            told = app.now();
            jobs::goes_on(&app.db, job, told).await?;
        }
        writer = copy(app, town, &archive.id, writer, one).await?;
    }

    let notes = index_notes(campaign, &contents);
    let index = tokio::task::spawn_blocking(move || index.write(&notes.each_ref().map(String::as_str)));
    for (path, bytes) in index.await.map_err(Error::internal)?? {
        writer.add(path, &bytes)?;
    }
    let issuer = receipts::town_name(app, town).await?;
    let at = app.now();
    let manifest = Manifest {
        format: Manifest::format(),
        program: format!("anyue {}", env!("CARGO_PKG_VERSION")),
        made_at: calendar::to_local(at)
            .map(|at| format!("{}+08:00", at.strftime("%Y-%m-%dT%H:%M:%S")))
            .unwrap_or_default(),
        town: issuer.clone(),
        campaign: campaign.title.clone(),
        number: archive.number(),
        contents,
        counts,
        files: writer.entries().to_vec(),
    };
    let files = manifest.files.len();
    let statement = Statement::new(&issuer, &campaign.title, &archive.number(), at.div_euclid(1000));
    let written = tokio::task::spawn_blocking(move || {
        let list = manifest.to_bytes();
        let seal = ArchiveSeal::sign(&keys.signing, statement, files as u64, &list);
        drop(manifest);
        writer.add(LIST.to_owned(), &list)?;
        writer.add(SEAL.to_owned(), seal.to_string().as_bytes())?;
        writer.finish()
    });
    let written = written.await.map_err(Error::internal)??;
    tokio::fs::rename(&part, &file).await?;
    Ok((written, files))
}

/// Copies one content into the archive, off the async threads.
async fn copy(app: &App, town: &JurisdictionId, id: &ArchiveId, mut writer: Writer, one: Waiting) -> Result<Writer> {
    let gone = |what: &str| {
        Error::refused(format!("{}{what}，没有生成档案。请系统管理员从备份中恢复这个文件以后再生成。", one.about))
    };
    let local = app.blobs.local(town, &one.sha256).await?.ok_or_else(|| gone("的内容在服务器上找不到了"))?;
    let (path, sha256, shared, id) = (one.path.clone(), one.sha256.clone(), app.clone(), id.clone());
    let copied = tokio::task::spawn_blocking(move || {
        let same = writer.add_file(path, local.path(), &sha256, |bytes| shared.archives.add(&id, 0, bytes))?;
        shared.archives.add(&id, 1, 0);
        Ok::<_, Error>((writer, same))
    });
    let (writer, same) = copied.await.map_err(Error::internal)??;
    if same { Ok(writer) } else { Err(gone("的内容和收到时不一样了")) }
}

fn index_notes(campaign: &CampaignHeader, contents: &str) -> [String; 4] {
    [
        format!("活动：{}", campaign.title),
        format!("范围：{contents}"),
        "“文件夹”和“路径”是档案包里的位置，从档案包的最上层算起。".to_owned(),
        "SHA-256 是文件内容的校验值：内容有一点改动，校验值就不一样。".to_owned(),
    ]
}
