//! A file's bytes: the original for saving, the clean copy and the thumbnail for looking at, a video for playing.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::sight;
use crate::App;
use crate::features::evidence::api as evidence;
use crate::platform::auth::Actor;
use crate::platform::error::{Error, Result};
use crate::platform::ids::FileId;
use crate::platform::web;
use crate::platform::web::range::Part;

/// `GET /api/v1/files/{id}`: the original for programs.
#[utoipa::path(get, path = "/api/v1/files/{id}", tag = "submissions", summary = "取附件", params(("id" = String, Path)), responses((status = 200, description = "The bytes of the file"), (status = 403, description = "A photo or video, of which the account sees the clean copy only"), (status = 404)))]
pub async fn api_download(app: State<App>, actor: Actor, id: Path<FileId>) -> Result<Response> {
    actor.require_token_scope("submissions:read")?;
    download(app, actor, id).await
}

/// `GET /files/{id}`: the original, always saved, never shown within our pages.
pub async fn download(State(app): State<App>, actor: Actor, Path(id): Path<FileId>) -> Result<Response> {
    let (file, sight) = sight::find(&app, &actor, &id).await?;
    if !sight::may_have_original(&file, sight) {
        return Err(sealed());
    }
    let body = Body::from_stream(app.blobs.stream(&actor.jurisdiction, &file.sha256).await?);
    Ok(web::attachment(&file.name, &file.media_type, body))
}

fn sealed() -> Error {
    Error::Forbidden("照片和视频的原件只有报送单位和审核人员能下载，您可以查看网页上的图片。".to_owned())
}

/// `GET /files/{id}/clean`: the upright copy without metadata.
pub async fn clean(state: State<App>, actor: Actor, id: Path<FileId>, headers: HeaderMap) -> Result<Response> {
    derived(state, actor, id, headers, |content| content.copy).await
}

/// `GET /files/{id}/thumb`
pub async fn thumbnail(state: State<App>, actor: Actor, id: Path<FileId>, headers: HeaderMap) -> Result<Response> {
    derived(state, actor, id, headers, |content| content.thumbnail.map(|(sha256, ..)| sha256)).await
}

/// What was made of a content. A browser asks every time whether it is still to be seen; a withdrawn photo is gone from
/// its pages at once.
async fn derived(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<FileId>,
    headers: HeaderMap,
    which: impl Fn(evidence::Content) -> Option<String>,
) -> Result<Response> {
    let (file, _) = sight::find(&app, &actor, &id).await?;
    let content = evidence::content(app.db.reader(), &actor.jurisdiction, &file.sha256).await?;
    let sha256 = content.and_then(which).ok_or(Error::NotFound)?;
    let tag = format!("\"{}\"", &sha256[..32]);
    let head = [(header::ETAG, tag.as_str()), (header::CACHE_CONTROL, "private, no-cache")];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, head).into_response());
    }
    let body = Body::from_stream(app.blobs.stream(&actor.jurisdiction, &sha256).await?);
    Ok((head, [(header::CONTENT_TYPE, "image/jpeg"), (header::CONTENT_DISPOSITION, "inline")], body).into_response())
}

/// Kinds of video that browsers play.
const PLAYED: &[&str] = &["video/mp4", "video/quicktime", "video/webm", "video/3gpp"];

/// `GET /files/{id}/play`: a video as its player asks for it, part by part.
pub async fn play(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<FileId>,
    headers: HeaderMap,
) -> Result<Response> {
    let (file, sight) = sight::find(&app, &actor, &id).await?;
    if !PLAYED.contains(&file.media_type.as_str()) {
        return Err(Error::NotFound);
    }
    if !sight::may_have_original(&file, sight) {
        return Err(sealed());
    }
    let part = match Part::asked(&headers, file.size.unsigned_abs(), None) {
        Ok(part) => part,
        Err(beyond) => return Ok(beyond),
    };
    let answer = part
        .begin()
        .header(header::CONTENT_TYPE, &file.media_type)
        .header(header::CONTENT_DISPOSITION, "inline")
        .header(header::CACHE_CONTROL, "private, no-store");
    let stream = app.blobs.stream_range(&actor.jurisdiction, &file.sha256, part.range).await?;
    answer.body(Body::from_stream(stream)).map_err(Error::internal)
}
