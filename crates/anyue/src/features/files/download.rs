//! A file's bytes: the original for saving, the clean copy and the thumbnail for looking at, a video for playing.

use std::ops::Range;

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
    let size = file.size.unsigned_abs();
    let asked = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let (status, range) = match asked.map(|text| part(text, size)) {
        None | Some(Asked::Whole) => (StatusCode::OK, 0..size),
        Some(Asked::Part(range)) => (StatusCode::PARTIAL_CONTENT, range),
        Some(Asked::Beyond) => {
            let all = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, all).into_response());
        }
    };
    let mut answer = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, &file.media_type)
        .header(header::CONTENT_DISPOSITION, "inline")
        .header(header::ACCEPT_RANGES, "bytes")
        .header(header::CACHE_CONTROL, "private, no-store")
        .header(header::CONTENT_LENGTH, range.end - range.start);
    if status == StatusCode::PARTIAL_CONTENT {
        let words = format!("bytes {}-{}/{size}", range.start, range.end - 1);
        answer = answer.header(header::CONTENT_RANGE, words);
    }
    let stream = app.blobs.stream_range(&actor.jurisdiction, &file.sha256, range).await?;
    answer.body(Body::from_stream(stream)).map_err(Error::internal)
}

/// What a `Range` header asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// All of it: no range, several ranges, or one that cannot be read.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// Bytes that are not there.
    Beyond,
}

/// Reads `bytes=0-499`, `bytes=500-`, `bytes=-500` (RFC 9110, 14.1.2).
fn part(text: &str, size: u64) -> Asked {
    let Some((first, last)) = text.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Asked::Whole;
    };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    match (number(first), number(last)) {
        (Some(first), _) if first >= size => Asked::Beyond,
        (Some(first), Some(last)) if last >= first => Asked::Part(first..last.saturating_add(1).min(size)),
        (Some(first), None) if last.trim().is_empty() => Asked::Part(first..size),
        (None, Some(count)) if first.trim().is_empty() && count > 0 && size > 0 => {
            Asked::Part(size.saturating_sub(count)..size)
        }
        (None, Some(_)) if first.trim().is_empty() => Asked::Beyond,
        _ => Asked::Whole,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_range_is_read_as_the_protocol_writes_it() {
        let cases = [
            ("bytes=0-499", Asked::Part(0..500)),
            ("bytes=500-", Asked::Part(500..1000)),
            ("bytes=-200", Asked::Part(800..1000)),
            ("bytes=-2000", Asked::Part(0..1000)),
            ("bytes=900-5000", Asked::Part(900..1000)),
            ("bytes=1000-", Asked::Beyond),
            ("bytes=-0", Asked::Beyond),
            ("bytes=5-2", Asked::Whole),
            ("bytes=0-1,5-6", Asked::Whole),
            ("lines=1-2", Asked::Whole),
        ];
        for (text, expected) in cases {
            assert_eq!(part(text, 1000), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_range_leads_out_of_the_file(text in "bytes=[0-9]{0,20}-[0-9]{0,20}", size in 0_u64..2_000) {
            if let Asked::Part(range) = part(&text, size) {
                prop_assert!(range.start < range.end && range.end <= size);
            }
        }
    }
}
