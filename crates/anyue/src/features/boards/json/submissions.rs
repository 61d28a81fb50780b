//! What units have handed in, for other programs; and handing in.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::load::visible;
use super::{PageQuery, asked_unit, sees};
use crate::App;
use crate::features::duties::api::{
    self as duties, OccurrenceId, Payload, Review, Submission, SubmissionId, SubmissionState, Submit,
};
use crate::features::receipts::api::{self as receipts, Issued};
use crate::features::records::api::RecordId;
use crate::features::reports::api::{self as reports, HandIn, Pinned};
use crate::features::units::api as units;
use crate::platform::FieldErrors;
use crate::platform::auth::{Actor, Permission, Scope};
use crate::platform::blobs::{self, FileRow};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;

/// What a unit has handed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionJson {
    id: SubmissionId,
    occurrence_id: OccurrenceId,
    unit_id: UnitId,
    revision: i64,
    state: SubmissionState,
    zero_report: bool,
    payload: Payload,
    /// Milliseconds since 1970.
    submitted_at: Option<i64>,
    submitted_by: String,
    /// Milliseconds since 1970.
    reviewed_at: Option<i64>,
    review: Review,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<Vec<FileJson>>,
}

/// A file of a submission.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileJson {
    id: String,
    name: String,
    media_type: String,
    size: i64,
    sha256: String,
    /// Where it is.
    href: String,
}

impl From<FileRow> for FileJson {
    fn from(file: FileRow) -> Self {
        Self {
            href: format!("/api/v1/files/{}", file.file_id),
            id: file.file_id,
            name: file.name,
            media_type: file.media_type,
            size: file.size,
            sha256: file.sha256,
        }
    }
}

/// Form 1 carries names and numbers: only for the unit itself and for those who may see liaisons.
fn submission_json(submission: Submission, files: Option<Vec<FileRow>>, sees_people: bool) -> SubmissionJson {
    let mut payload = submission.payload;
    if !sees_people {
        payload.liaison_form = None;
    }
    SubmissionJson {
        id: submission.id,
        occurrence_id: submission.occurrence_id,
        unit_id: submission.unit_id,
        revision: submission.revision,
        state: submission.state,
        zero_report: submission.zero_report,
        payload,
        submitted_at: submission.submitted_at,
        submitted_by: submission.created_by_name,
        reviewed_at: submission.reviewed_at,
        review: submission.review,
        files: files.map(|files| files.into_iter().map(FileJson::from).collect()),
    }
}

fn sees_people(actor: &Actor, path: &str) -> bool {
    actor.scope(Permission::LiaisonView).covers(path) || actor.scope(Permission::WorkOwn).covers(path)
}

/// An activity record that was handed in along.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemJson {
    record_id: RecordId,
    /// The unit is its host; otherwise the host reports it.
    own: bool,
    /// The version that was handed in.
    version: i64,
    /// SHA-256 of its content.
    sha256: String,
}

impl From<Pinned> for ItemJson {
    fn from(item: Pinned) -> Self {
        Self { record_id: item.record_id, own: item.own, version: item.version, sha256: item.sha256 }
    }
}

/// The signed receipt.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptJson {
    number: String,
    /// Milliseconds since 1970.
    received_at: i64,
    /// The whole receipt: what the sender keeps.
    text: String,
    /// Where it is verified; what its QR code says.
    verify: String,
}

impl ReceiptJson {
    fn of(app: &App, receipt: &Issued) -> Self {
        Self {
            number: receipt.number.clone(),
            received_at: receipt.at,
            text: receipt.text(),
            verify: receipt.address(app),
        }
    }
}

/// What was received.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandedInJson {
    #[serde(flatten)]
    submission: SubmissionJson,
    /// The first submission of this occurrence came after its time.
    late: bool,
    records: Vec<ItemJson>,
    receipt: Option<ReceiptJson>,
}

/// What was handed in, with what went along.
#[derive(Debug, Serialize, ToSchema)]
pub struct WholeJson {
    #[serde(flatten)]
    submission: SubmissionJson,
    records: Vec<ItemJson>,
    receipt: Option<ReceiptJson>,
}

/// A page of submissions.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionsJson {
    items: Vec<SubmissionJson>,
    /// To be sent as `after` for the next page; null on the last one.
    next: Option<String>,
}

/// The submissions of a unit, or those of a campaign that may be seen: all revisions, drafts left out.
#[utoipa::path(get, path = "/api/v1/submissions", tag = "submissions", summary = "报送列表", params(PageQuery), responses((status = 200, body = SubmissionsJson), (status = 404)))]
pub async fn submissions(
    State(app): State<App>,
    actor: Actor,
    Query(query): Query<PageQuery>,
) -> Result<Json<SubmissionsJson>> {
    actor.require_token_scope("submissions:read")?;
    let (db, town, limit) = (app.db.reader(), &actor.jurisdiction, query.limit());
    let (found, scope) = if query.unit.is_empty() && !query.campaign.is_empty() {
        let visible = visible(&app, &actor, &query.campaign.as_str().into()).await?;
        let found = duties::submissions_of_campaign(db, town, &visible.campaign.id, &query.after, limit).await?;
        (found, visible.scope)
    } else {
        let id = asked_unit(&app, &actor, &query.unit).await?;
        (duties::submissions_page(db, town, &id, &query.after, limit).await?, Scope::All)
    };
    let next = if (found.len() as i64) < limit { None } else { found.last().map(|one| one.id.to_string()) };
    let ids: Vec<UnitId> = found.iter().map(|one| one.unit_id.clone()).collect();
    let paths = units::get_all(db, town, &ids).await?;
    let items = found.into_iter().filter_map(|one| {
        let path = &paths.get(&one.unit_id)?.path;
        scope.covers(path).then(|| submission_json(one, None, sees_people(&actor, path)))
    });
    Ok(Json(SubmissionsJson { items: items.collect(), next }))
}

/// A submission with its files.
#[utoipa::path(get, path = "/api/v1/submissions/{id}", tag = "submissions", summary = "一件报送和附件", params(("id" = String, Path)), responses((status = 200, body = WholeJson), (status = 404)))]
pub async fn submission(State(app): State<App>, actor: Actor, Path(id): Path<SubmissionId>) -> Result<Json<WholeJson>> {
    actor.require_token_scope("submissions:read")?;
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let found = duties::submission(db, town, &id).await?.ok_or(Error::NotFound)?;
    let unit = units::get(db, town, &found.unit_id).await?;
    if !sees(&actor, &unit.path) || found.state == SubmissionState::Draft {
        return Err(Error::NotFound);
    }
    let files = blobs::files_of(db, town, "submission", id.as_str()).await?;
    let records = reports::of_submission(db, town, &id).await?.into_iter().map(ItemJson::from).collect();
    let receipt = receipts::of_submission(db, town, id.as_str()).await?.map(|one| ReceiptJson::of(&app, &one));
    let submission = submission_json(found, Some(files), sees_people(&actor, &unit.path));
    Ok(Json(WholeJson { submission, records, receipt }))
}

/// What a unit hands in.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SubmitJson {
    /// For which occurrence.
    occurrence_id: OccurrenceId,
    /// What the parts hold.
    #[serde(default)]
    payload: Payload,
    /// Nothing happened, and that is the report.
    #[serde(default)]
    zero_report: bool,
    /// Records that answer the duty, where the unit chooses them. A periodic report takes those of its period along
    /// by itself.
    #[serde(default)]
    records: Option<Vec<RecordId>>,
}

/// Hands in: the activity records of a periodic report's period go along, and the answer carries the signed receipt.
/// Refused while a file is still on its way (`uploads`). The header `Idempotency-Key` names this submission: sent again under the same key, it is answered
/// with the first one (200) and nothing is written.
#[utoipa::path(
    post, path = "/api/v1/submissions", tag = "submissions", summary = "报送", request_body = SubmitJson,
    params(("Idempotency-Key" = String, Header, description = "由发送方生成的8至100个字符，同一件报送用同一个")),
    responses((status = 201, body = HandedInJson), (status = 200, body = HandedInJson), (status = 409), (status = 422))
)]
pub async fn submit(State(app): State<App>, actor: Actor, headers: HeaderMap, body: Bytes) -> Result<Response> {
    actor.require_token_scope("submissions:write")?;
    let cmd: SubmitJson = serde_json::from_slice(&body)
        .map_err(|error| Error::Invalid(FieldErrors::one("body", format!("请求内容不是约定的JSON：{error}"))))?;
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or_default();
    let records = cmd.records;
    let submit = Submit {
        occurrence_id: cmd.occurrence_id,
        payload: cmd.payload,
        zero_report: cmd.zero_report,
        idempotency_key: key.to_owned(),
    };
    let handed_in = reports::hand_in(&app, &actor, HandIn { submit, records }).await?;
    let done = handed_in.submitted;
    let status = if done.again { StatusCode::OK } else { StatusCode::CREATED };
    let answer = HandedInJson {
        submission: submission_json(done.submission, None, true),
        late: done.late,
        records: handed_in.records.into_iter().map(ItemJson::from).collect(),
        receipt: handed_in.receipt.map(|receipt| ReceiptJson::of(&app, &receipt)),
    };
    Ok((status, Json(answer)).into_response())
}
