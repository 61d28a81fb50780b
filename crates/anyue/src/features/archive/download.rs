//! The file of an archive, as a whole or from where a download broke.

use std::io::SeekFrom;

use axum::body::Body;
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, Method, header};
use axum::response::Response;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use super::build::file_of;
use super::model::{ArchiveId, State, may_request};
use super::show;
use crate::App;
use crate::features::duties::api::CampaignId;
use crate::page::Page;
use crate::platform::audit::Event;
use crate::platform::error::{Error, Result};
use crate::platform::web;
use crate::platform::web::range::Part;

/// So many bytes are read at once.
const PIECE: usize = 256 * 1024;

/// `GET /campaigns/{id}/archive/{archive_id}`
///
/// The tag is the SHA-256 of the file, so that `If-Range` goes on with the same file only. A download is noted in the
/// trail when it begins; what goes on with it is not noted again.
pub async fn file(
    Shared(app): Shared<App>,
    page: Page,
    Path((id, archive_id)): Path<(CampaignId, ArchiveId)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    let campaign = show::visible(&app, &page.actor, &id).await?;
    let archive = show::of_campaign(&app, &page.actor, &campaign, &archive_id).await?;
    if archive.wish.originals && !may_request(&page.actor, &campaign) {
        return Err(Error::Forbidden(
            "这份档案里有照片和视频的原件，只有审核人员能下载。可以请经办人员生成一份网页副本的。".to_owned(),
        ));
    }
    let again = "需要时可以再生成一份。";
    match archive.state {
        State::Ready => {}
        State::Removed => return Err(Error::Gone(format!("这份档案已经清除。{again}"))),
        State::Making | State::Failed => return Err(Error::refused("这份档案还没有生成好，请回到上一页查看。")),
    }
    let size = archive.size.unsigned_abs();
    let opened = tokio::fs::File::open(file_of(&app, &archive.id)).await;
    let mut file = match opened {
        Ok(file) if file.metadata().await?.len() == size => file,
        Ok(_) => return Err(Error::Gone(format!("这份档案的文件不完整，不能下载。{again}"))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Error::Gone(format!("这份档案的文件不在服务器上了，系统恢复备份以后会这样。{again}")));
        }
        Err(error) => return Err(error.into()),
    };
    let tag = archive.tag();
    let part = match Part::asked(&headers, size, Some(&tag)) {
        Ok(part) => part,
        Err(beyond) => return Ok(beyond),
    };
    if method == Method::GET && app.archives.begins(&archive.id, &page.actor.account_id, part.range.start) {
        let tx = app.db.begin(&page.actor.jurisdiction).await?;
        let said = format!("下载“{}”的活动档案（编号{}）", campaign.title, archive.number());
        let event = Event::new(&page.actor, "archive.downloaded", "archive", &archive.id, said);
        tx.commit(event.unit(&campaign.issuer_unit_id)).await?;
    }
    file.seek(SeekFrom::Start(part.range.start)).await?;
    let bytes = ReaderStream::with_capacity(file.take(part.range.end - part.range.start), PIECE);
    let name = format!("活动档案 {} {}.zip", short(&campaign.title), archive.number());
    let answer = part
        .begin()
        .header(header::CONTENT_TYPE, "application/zip")
        .header(header::CONTENT_DISPOSITION, web::saved_as(&name))
        .header(header::ETAG, tag)
        .header("x-content-type-options", "nosniff")
        .header(header::CACHE_CONTROL, "private, no-cache");
    answer.body(Body::from_stream(bytes)).map_err(Error::internal)
}

/// The beginning of a title, as part of a file's name.
fn short(title: &str) -> String {
    title.chars().filter(|c| !r#"<>:"/\|?*"#.contains(*c)).take(30).collect()
}
