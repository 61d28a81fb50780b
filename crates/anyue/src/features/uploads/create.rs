//! Making an upload: what is offered, and `POST /api/v1/uploads`.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::model::{self, ALGORITHMS, EXTENSIONS, PIECE, Target, UNIT_QUOTA, UploadState, VERSION, WAIT_MS, with};
use super::store::{self, Upload};
use super::{finish, piece};
use crate::App;
use crate::features::duties::api as duties;
use crate::features::evidence::api::MAX_FILE;
use crate::features::records::api as records;
use crate::features::units::api as units;
use crate::platform::auth::{Actor, Permission};
use crate::platform::blobs;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::retention;

/// `OPTIONS /api/v1/uploads`: what this server can.
#[utoipa::path(options, path = "/api/v1/uploads", tag = "submissions", summary = "续传的版本与限制", security(()), responses((status = 204, description = "Tus-Version, Tus-Extension, Tus-Max-Size and Tus-Checksum-Algorithm")))]
pub async fn options() -> Response {
    let mut headers = model::answered();
    with(&mut headers, "tus-version", VERSION);
    with(&mut headers, "tus-extension", EXTENSIONS);
    with(&mut headers, "tus-max-size", MAX_FILE);
    with(&mut headers, "tus-checksum-algorithm", ALGORITHMS);
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// The version asked for must be the one spoken.
///
/// # Errors
/// The answer 412 with the version that is spoken.
pub(super) fn spoken(headers: &HeaderMap) -> Result<(), Box<Response>> {
    if headers.get("tus-resumable").is_some_and(|version| version == VERSION) {
        return Ok(());
    }
    let mut answer = model::answered();
    with(&mut answer, "tus-version", VERSION);
    Err(Box::new((StatusCode::PRECONDITION_FAILED, answer).into_response()))
}

/// `POST /api/v1/uploads`: makes an upload for the draft of the occurrence, or for the record, named in the metadata. The body may
/// already hold bytes.
#[utoipa::path(post, path = "/api/v1/uploads", tag = "submissions", summary = "开始续传一个文件", description = "tus 1.0. Upload-Metadata holds `filename`, `occurrence` (id of what the file is for) or `record` (id of a record that may still be changed, or the `idempotency_key` it will be made with) and, if known, `sha256` of the whole file in hexadecimal, each in base64. `Location` of the answer is where the bytes go.", responses((status = 201), (status = 409), (status = 412), (status = 413)))]
pub async fn create(State(app): State<App>, actor: Actor, headers: HeaderMap, body: Body) -> Result<Response> {
    actor.require_token_scope("submissions:write")?;
    if let Err(answer) = spoken(&headers) {
        return Ok(*answer);
    }
    let size = model::number(&headers, "upload-length")?;
    let text = headers.get("upload-metadata").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let metadata = model::metadata(text)?;
    let value = |key: &str| metadata.iter().find(|(known, _)| known == key).map_or("", |(_, value)| value.as_str());
    let name = blobs::clean_name(value("filename"));
    if size == 0 {
        return Err(Error::refused(format!("“{name}”是空文件，没有收下。请检查后重新选择。")));
    }
    if size > MAX_FILE {
        let limit = MAX_FILE / (1 << 30);
        return Err(Error::TooLarge(format!("“{name}”超过{limit}GB，没有收下。请压缩或截短后再上传。")));
    }
    let sha256 = value("sha256").to_ascii_lowercase();
    if !(sha256.is_empty() || (sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit()))) {
        return Err(Error::Malformed("Upload-Metadata 里的 sha256 应是64位十六进制数。".to_owned()));
    }
    let (town, now) = (&actor.jurisdiction, app.now());
    let target = Target::named(value("occurrence"), value("record"))
        .ok_or_else(|| Error::Malformed("Upload-Metadata 里应有 occurrence 或 record，二者取一。".to_owned()))?;
    let unit_id = unit_of(&app, &actor, &target).await?;

    let upload = Upload {
        town: town.clone(),
        id: app.ids.id(),
        account_id: actor.account_id.clone(),
        unit_id,
        target,
        name,
        size,
        sha256,
        metadata: text.to_owned(),
        state: UploadState::Receiving,
        reason: String::new(),
        expires_at: now + WAIT_MS,
    };
    let secret = app.ids.secret();
    app.spool.create(upload.id.as_str()).await?;
    let tx = app.db.begin(town).await?;
    let unit = &upload.unit_id;
    let held = duties::bytes_of_unit(&*tx, town, unit).await?
        + records::bytes_of_unit(&*tx, town, unit, &actor.account_id).await?
        + store::coming(&*tx, town, unit).await?;
    if held + size as i64 > UNIT_QUOTA {
        app.spool.remove(upload.id.as_str()).await?;
        let limit = UNIT_QUOTA / (1 << 30);
        let words = format!(
            "本单位的文件已有{}，最多{limit}GB，“{}”没有收下。请联系镇里经办人员。",
            in_words(held),
            upload.name
        );
        return Err(Error::TooLarge(words));
    }
    store::insert(&tx, &upload, &secret, now).await?;
    retention::plan_night(&tx, &app.ids, now).await?;
    tx.commit_unaudited("beginning an upload").await?;

    let mut answer = model::answered();
    with(&mut answer, "location", format!("/api/v1/uploads/{}", secret.reveal()));
    with(&mut answer, "upload-expires", model::http_date(upload.expires_at));
    if headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == PIECE) {
        match piece::take(&app, &upload, 0, &headers, body).await? {
            piece::Taken::Until(offset) => with(&mut answer, "upload-offset", offset),
            piece::Taken::Elsewhere => with(&mut answer, "upload-offset", 0),
            // Its sender never learns the address: it begins anew.
            piece::Taken::WrongChecksum => {
                finish::end(&app, &upload, "第一段在路上损坏了，没有收下。请重新选择文件上传。").await?;
                return piece::wrong_checksum(model::answered());
            }
        }
    }
    Ok((StatusCode::CREATED, answer).into_response())
}

/// The unit whose file it will be.
///
/// # Errors
/// [`Error::NotFound`] for what is not the actor's own, a sentence when nothing can be added any more.
async fn unit_of(app: &App, actor: &Actor, target: &Target) -> Result<UnitId> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    match target {
        Target::Occurrence(id) => {
            let item = duties::occurrence(db, town, id).await?.ok_or(Error::NotFound)?;
            let unit = units::get(db, town, &item.unit_id).await?;
            actor.require(Permission::WorkOwn, &unit.path).map_err(|_| Error::NotFound)?;
            if !item.can_submit() {
                return Err(Error::refused("这一件现在不能再报送，文件没有收下。请刷新页面查看最新状态。"));
            }
            Ok(unit.id)
        }
        Target::Record(record) => records::may_add_files(app, actor, record).await,
    }
}

/// `3.2GB`
fn in_words(bytes: i64) -> String {
    format!("{:.1}GB", bytes as f64 / f64::from(1 << 30))
}
