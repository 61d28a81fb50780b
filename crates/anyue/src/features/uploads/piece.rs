//! Sending on: how far it is (`HEAD`), the next bytes (`PATCH`), giving up (`DELETE`).

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::create::spoken;
use super::finish;
use super::model::{self, Checksum, PIECE, UploadState, WAIT_MS, with};
use super::store::{self, Upload};
use crate::App;
use crate::platform::error::{Error, Result};
use crate::platform::ids::Secret;
use crate::platform::spool::Appended;

/// The tus protocol's own status: the bytes are not those that were announced.
const CHECKSUM_MISMATCH: u16 = 460;

/// How the taking of a piece ended.
pub(super) enum Taken {
    /// The file ends here now.
    Until(u64),
    /// The piece does not begin where the file ends; nothing was taken.
    Elsewhere,
    /// It is not what its checksum says; nothing was taken.
    WrongChecksum,
}

/// The answer to a piece that is not what its checksum says.
pub(super) fn wrong_checksum(headers: HeaderMap) -> Result<Response> {
    let status = StatusCode::from_u16(CHECKSUM_MISMATCH).map_err(Error::internal)?;
    Ok((status, headers).into_response())
}

/// An upload's end is moved when it would come at least a day later: not with every piece.
const MOVE_MS: i64 = 24 * 3_600_000;

async fn held(app: &App, secret: &str) -> Result<Upload> {
    let upload = store::by_secret(app.db.reader(), &Secret::presented(secret)).await?.ok_or(Error::NotFound)?;
    if upload.state == UploadState::Ended {
        return Err(Error::Gone(upload.reason));
    }
    if upload.state == UploadState::Receiving && upload.expires_at <= app.now() {
        return Err(Error::Gone(finish::EXPIRED.to_owned()));
    }
    Ok(upload)
}

/// `HEAD /api/v1/uploads/{secret}`. A writer still at work over a dead connection is stopped first.
#[utoipa::path(head, path = "/api/v1/uploads/{secret}", tag = "submissions", summary = "已收到多少", params(("secret" = String, Path, description = "From the Location of the upload")), security(()), responses((status = 200, description = "Upload-Offset and Upload-Length"), (status = 404), (status = 410)))]
pub async fn offset(State(app): State<App>, Path(secret): Path<String>, headers: HeaderMap) -> Result<Response> {
    if let Err(answer) = spoken(&headers) {
        return Ok(*answer);
    }
    let upload = held(&app, &secret).await?;
    let received = match upload.state {
        UploadState::Complete => upload.size,
        _ => app.spool.received(upload.id.as_str()).await?,
    };
    // Every byte had come when the program was stopped: whoever asks is told that it is whole, so it must be.
    let is_whole = received == upload.size;
    if is_whole && upload.state == UploadState::Receiving {
        finish::finish(&app, &upload).await?;
    }
    let mut answer = model::answered();
    with(&mut answer, "upload-offset", received);
    with(&mut answer, "upload-length", upload.size);
    with(&mut answer, "cache-control", "no-store");
    if !upload.metadata.is_empty() {
        with(&mut answer, "upload-metadata", &upload.metadata);
    }
    if !is_whole {
        with(&mut answer, "upload-expires", model::http_date(upload.expires_at));
    }
    Ok((StatusCode::OK, answer).into_response())
}

/// `PATCH /api/v1/uploads/{secret}`
#[utoipa::path(patch, path = "/api/v1/uploads/{secret}", tag = "submissions", summary = "接着传", params(("secret" = String, Path, description = "From the Location of the upload")), security(()), responses((status = 204, description = "Upload-Offset"), (status = 409), (status = 410), (status = 415)))]
pub async fn append(
    State(app): State<App>,
    Path(secret): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response> {
    if let Err(answer) = spoken(&headers) {
        return Ok(*answer);
    }
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != PIECE) {
        return Ok((StatusCode::UNSUPPORTED_MEDIA_TYPE, model::answered()).into_response());
    }
    let at = model::number(&headers, "upload-offset")?;
    let upload = held(&app, &secret).await?;
    if upload.state == UploadState::Complete {
        let status = if at == upload.size { StatusCode::NO_CONTENT } else { StatusCode::CONFLICT };
        let mut answer = model::answered();
        with(&mut answer, "upload-offset", upload.size);
        return Ok((status, answer).into_response());
    }
    let mut answer = model::answered();
    match take(&app, &upload, at, &headers, body).await? {
        Taken::Until(offset) => {
            with(&mut answer, "upload-offset", offset);
            with(&mut answer, "upload-expires", model::http_date(app.now() + WAIT_MS));
            Ok((StatusCode::NO_CONTENT, answer).into_response())
        }
        Taken::Elsewhere => Ok((StatusCode::CONFLICT, answer).into_response()),
        Taken::WrongChecksum => wrong_checksum(answer),
    }
}

/// Takes a piece. When it is the last one, the file is put where it belongs.
pub(super) async fn take(app: &App, upload: &Upload, at: u64, headers: &HeaderMap, body: Body) -> Result<Taken> {
    let mut checksum = Checksum::parse(headers)?;
    let name = upload.id.as_str();
    let seen = |piece: &[u8]| {
        if let Some(checksum) = &mut checksum {
            checksum.update(piece);
        }
    };
    let appended = app.spool.append(name, at, upload.size, body.into_data_stream(), seen).await?;
    let offset = match appended {
        Appended::Elsewhere(_) => return Ok(Taken::Elsewhere),
        Appended::TooMuch(_) => {
            app.spool.shorten(name, at).await?;
            return Err(Error::TooLarge("送来的比说好的多，这一段没有收下。请重新选择文件上传。".to_owned()));
        }
        // A piece with a checksum counts whole or not at all, as the protocol wants it; one without is kept.
        Appended::Cut(_) if checksum.is_some() => {
            app.spool.shorten(name, at).await?;
            at
        }
        Appended::Cut(offset) => offset,
        Appended::Whole(offset) => {
            if checksum.is_some_and(|checksum| !checksum.holds()) {
                app.spool.shorten(name, at).await?;
                return Ok(Taken::WrongChecksum);
            }
            offset
        }
    };
    if offset == upload.size {
        finish::finish(app, upload).await?;
    } else if upload.expires_at + MOVE_MS < app.now() + WAIT_MS {
        let tx = app.db.begin(&upload.town).await?;
        if let Some(present) = store::find(&*tx, &upload.town, &upload.id).await? {
            store::update(&tx, &Upload { expires_at: app.now() + WAIT_MS, ..present }, None).await?;
        }
        tx.commit_unaudited("an upload goes on").await?;
    }
    Ok(Taken::Until(offset))
}

/// `DELETE /api/v1/uploads/{secret}`
#[utoipa::path(delete, path = "/api/v1/uploads/{secret}", tag = "submissions", summary = "取消上传", description = "Also takes back a file that has come whole, as long as what it is for has not been handed in.", params(("secret" = String, Path, description = "From the Location of the upload")), security(()), responses((status = 204), (status = 404), (status = 409), (status = 410)))]
pub async fn terminate(State(app): State<App>, Path(secret): Path<String>, headers: HeaderMap) -> Result<Response> {
    if let Err(answer) = spoken(&headers) {
        return Ok(*answer);
    }
    let upload = held(&app, &secret).await?;
    finish::take_back(&app, &upload, "这次上传已被取消。").await?;
    Ok((StatusCode::NO_CONTENT, model::answered()).into_response())
}

/// `POST` with `X-HTTP-Method-Override`, for networks that let nothing else through.
#[utoipa::path(post, path = "/api/v1/uploads/{secret}", tag = "submissions", summary = "代替其他方法", params(("secret" = String, Path, description = "From the Location of the upload")), security(()), responses((status = 204), (status = 405)))]
pub async fn overridden(app: State<App>, secret: Path<String>, headers: HeaderMap, body: Body) -> Result<Response> {
    match headers.get("x-http-method-override").and_then(|method| method.to_str().ok()) {
        Some("PATCH") => append(app, secret, headers, body).await,
        Some("DELETE") => terminate(app, secret, headers).await,
        Some("HEAD") => offset(app, secret, headers).await,
        _ => Ok(StatusCode::METHOD_NOT_ALLOWED.into_response()),
    }
}
