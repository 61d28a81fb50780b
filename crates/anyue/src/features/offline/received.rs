//! `GET /api/v1/work/received/{key}`: whether what a phone is about to send has come already, from this phone or another.

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::features::duties::api::{self as duties, SubmissionState};
use crate::features::records::api as records;
use crate::features::units::api as units;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;

/// What was received under a key.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceivedJson {
    /// `record` or `report`.
    kind: &'static str,
    /// Id of the record or the submission.
    id: String,
}

/// Whether something was received under this key: asked before files are sent a second time.
#[utoipa::path(
    get, path = "/api/v1/work/received/{key}", tag = "records", summary = "这一件是否已经收到",
    params(("key" = String, Path, description = "防重复的编号")),
    responses((status = 200, body = ReceivedJson), (status = 404))
)]
pub async fn received(State(app): State<App>, actor: Actor, Path(key): Path<String>) -> Result<Json<ReceivedJson>> {
    actor.require_token_scope("records:read")?;
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let found: Option<(UnitId, ReceivedJson)> = match records::by_key(db, town, &key).await? {
        Some(record) => Some((record.unit_id, ReceivedJson { kind: "record", id: record.id.to_string() })),
        None => duties::submission_by_key(db, town, &key)
            .await?
            .filter(|one| one.state != SubmissionState::Draft)
            .map(|one| (one.unit_id, ReceivedJson { kind: "report", id: one.id.to_string() })),
    };
    let (unit, answer) = found.ok_or(Error::NotFound)?;
    let unit = units::get(db, town, &unit).await?;
    actor.require(Permission::WorkOwn, &unit.path).map_err(|_| Error::NotFound)?;
    Ok(Json(answer))
}
