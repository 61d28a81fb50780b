//! `/api/v1/work/drafts`: what is typed on a phone, kept on the server as well, so that it comes back on another one.
//! Texts only; photos stay on the phone until they are sent.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::App;
use crate::platform::FieldErrors;
use crate::platform::auth::Actor;
use crate::platform::drafts::{self, FormDraft};
use crate::platform::error::{Error, Result};
use crate::platform::retention;

/// So many bytes a draft may have.
const LARGEST: usize = 64 * 1024;
/// So many drafts an account may keep.
const MOST: usize = 50;
/// What their keys begin with among the form drafts.
const PREFIX: &str = "phone:";

/// A draft as kept.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, ToSchema)]
pub struct DraftJson {
    /// Made by the phone.
    id: String,
    /// Grows with each change.
    version: i64,
    /// Milliseconds since 1970, by the server.
    updated_at: i64,
    /// The device that wrote it last, in words.
    device: String,
    /// What is typed, as the phone's page writes it.
    #[schema(value_type = Object)]
    content: Value,
}

/// All drafts of an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftsJson {
    items: Vec<DraftJson>,
}

/// A draft to be kept.
#[derive(Debug, Deserialize, ToSchema)]
pub struct KeepJson {
    /// The version that was changed; 0 for a new draft.
    #[serde(default)]
    version: i64,
    #[serde(default)]
    device: String,
    #[schema(value_type = Object)]
    content: Value,
}

/// What was kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptJson {
    version: i64,
    /// Milliseconds since 1970, by the server.
    updated_at: i64,
}

/// The drafts of one's own account.
#[utoipa::path(get, path = "/api/v1/work/drafts", tag = "records", summary = "手机上的草稿", responses((status = 200, body = DraftsJson)))]
pub async fn list(State(app): State<App>, actor: Actor) -> Result<Json<DraftsJson>> {
    actor.require_token_scope("records:read")?;
    let found = drafts::with_prefix(app.db.reader(), &actor, PREFIX).await?;
    let days = retention::days(app.db.reader(), &actor.jurisdiction, &drafts::KEPT, app.now()).await?;
    let oldest = days.map_or(i64::MIN, |days| retention::cut(app.now(), days));
    Ok(Json(DraftsJson { items: found.iter().filter(|draft| draft.updated_at >= oldest).filter_map(read).collect() }))
}

/// Keeps a draft. Answers 409 when another device has changed it since, 404 when it was sent or discarded elsewhere.
#[utoipa::path(
    put, path = "/api/v1/work/drafts/{id}", tag = "records", summary = "保存手机上的草稿", request_body = KeepJson,
    params(("id" = String, Path, description = "由手机生成")),
    responses((status = 200, body = KeptJson), (status = 404), (status = 409), (status = 413))
)]
pub async fn keep(State(app): State<App>, actor: Actor, Path(id): Path<String>, body: Bytes) -> Result<Json<KeptJson>> {
    actor.require_token_scope("records:write")?;
    if !(8..=64).contains(&id.len()) || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(Error::Malformed("草稿的编号应是8至64个字母、数字或短横线。".to_owned()));
    }
    if body.len() > LARGEST {
        return Err(Error::TooLarge(format!("一份草稿的文字最多{}KB，没有存到服务器。", LARGEST / 1024)));
    }
    let sent: KeepJson = serde_json::from_slice(&body)
        .map_err(|error| Error::Invalid(FieldErrors::one("body", format!("请求内容不是约定的JSON：{error}"))))?;
    let (now, key) = (app.now(), format!("{PREFIX}{id}"));

    let tx = app.db.begin(&actor.jurisdiction).await?;
    let known = drafts::find(&*tx, &actor, &key).await?.as_ref().and_then(read);
    match &known {
        Some(known) if known.content == sent.content => {
            return Ok(Json(KeptJson { version: known.version, updated_at: known.updated_at }));
        }
        Some(known) if known.version != sent.version => return Err(Error::Changed),
        None if sent.version != 0 => return Err(Error::NotFound),
        None if drafts::with_prefix(&*tx, &actor, PREFIX).await?.len() >= MOST => {
            return Err(Error::refused(format!("服务器上最多存{MOST}份草稿，这一份只存在本机。请先发送或删除一些。")));
        }
        _ => {}
    }
    let draft = DraftJson {
        version: sent.version + 1,
        updated_at: now,
        device: sent.device.chars().take(40).collect(),
        content: sent.content,
        id: id.clone(),
    };
    drafts::save(&tx, &actor, &key, &serde_json::to_string(&draft)?, now).await?;
    retention::plan_night(&tx, &app.ids, now).await?;
    tx.commit_unaudited("keeping a draft of a phone").await?;
    Ok(Json(KeptJson { version: draft.version, updated_at: now }))
}

/// Discards a draft; nothing happens when there is none.
#[utoipa::path(delete, path = "/api/v1/work/drafts/{id}", tag = "records", summary = "删除手机上的草稿", params(("id" = String, Path)), responses((status = 204)))]
pub async fn discard(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Response> {
    actor.require_token_scope("records:write")?;
    let tx = app.db.begin(&actor.jurisdiction).await?;
    drafts::drop(&tx, &actor, &format!("{PREFIX}{id}")).await?;
    tx.commit_unaudited("discarding a draft of a phone").await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn read(draft: &FormDraft) -> Option<DraftJson> {
    serde_json::from_str(&draft.payload).ok()
}
