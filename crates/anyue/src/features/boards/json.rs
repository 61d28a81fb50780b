//! Duties, boards and submissions for other programs: `/api/v1`.

use std::collections::{HashMap, HashSet};

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::filter::Filter;
use super::load::{self, remembered, visible};
use super::model::Board;
use crate::App;
use crate::app::Answer;
use crate::features::campaigns::api as campaigns;
use crate::features::duties::api::{
    self as duties, BoardState, CampaignId, Duty, DutyId, DutyKind, EvidenceDemand, OccurrenceId, Part, Payload,
    Review, State as Stands, Submission, SubmissionId, SubmissionState, Submit, Tally, WorkItem,
};
use crate::features::units::api as units;
use crate::platform::FieldErrors;
use crate::platform::auth::{Actor, Permission, Scope};
use crate::platform::blobs::{self, FileRow};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;

/// The description of these endpoints.
#[derive(OpenApi)]
#[openapi(
    paths(duties, duty, board, occurrences, submissions, submission, submit, super::file::api_download),
    components(schemas(
        DutyJson,
        DutiesJson,
        BoardJson,
        BoardDutyJson,
        BoardUnitJson,
        OccurrenceJson,
        OccurrencesJson,
        SubmissionJson,
        SubmissionsJson,
        SubmitJson,
        FileJson
    ))
)]
pub struct DutiesApi;

/// Where to go on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Only of this campaign (duties, submissions).
    campaign: String,
    /// The unit (occurrences, submissions).
    unit: String,
    /// `next` of the page before.
    after: String,
    /// Entries on a page, at most 500; 100 if left out.
    limit: Option<i64>,
}

impl PageQuery {
    fn limit(&self) -> i64 {
        self.limit.unwrap_or(100).clamp(1, 500)
    }
}

/// A duty.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutyJson {
    id: DutyId,
    campaign_id: CampaignId,
    kind: DutyKind,
    title: String,
    detail: String,
    /// Clause of the notice.
    clause: String,
    /// The phrase of the notice that carries the date.
    source_text: String,
    /// First and last line of the notice.
    lines: Option<[i64; 2]>,
    who: String,
    hand_in_to: String,
    /// `{"once":"2022-06-20"}`, `{"dates":[…]}`, `{"rule":"FREQ=…"}`, `{"relative":"issued+P3D"}`,
    /// `{"ad_hoc":true}` or `{"undated":true}`.
    #[schema(value_type = Object)]
    schedule: serde_json::Value,
    zero_report: bool,
    parts: Vec<Part>,
    evidence: Vec<EvidenceDemand>,
    /// Minutes one unit is expected to spend on one occurrence.
    minutes: i64,
    version: i64,
}

impl From<Duty> for DutyJson {
    fn from(duty: Duty) -> Self {
        Self {
            schedule: serde_json::from_str(&duty.schedule.to_json()).unwrap_or_default(),
            id: duty.id,
            campaign_id: duty.campaign_id,
            kind: duty.kind,
            title: duty.title,
            detail: duty.detail,
            clause: duty.clause,
            source_text: duty.source_text,
            lines: duty.lines.map(|(first, last)| [first, last]),
            who: duty.who,
            hand_in_to: duty.hand_in_to,
            zero_report: duty.zero_report,
            parts: duty.parts,
            evidence: duty.evidence,
            minutes: duty.minutes,
            version: duty.version,
        }
    }
}

/// A page of duties.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutiesJson {
    items: Vec<DutyJson>,
    /// To be sent as `after` for the next page; null on the last one.
    next: Option<String>,
}

/// Campaigns of which the actor may read the duties.
async fn readable(app: &App, actor: &Actor, ids: &HashSet<CampaignId>) -> Result<HashSet<CampaignId>> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let scope = actor.scope(Permission::DutyView);
    let ids: Vec<CampaignId> = ids.iter().cloned().collect();
    let mut found: HashSet<CampaignId> = campaigns::headers(db, town, &ids)
        .await?
        .into_iter()
        .filter(|campaign| scope.covers(&campaign.issuer_unit_path))
        .map(|campaign| campaign.id)
        .collect();
    let own: Vec<UnitId> = actor.own_units().map(|grant| grant.unit_id.clone()).collect();
    if !own.is_empty() {
        found.extend(campaigns::published_for_units(db, town, &own).await?.into_iter().map(|campaign| campaign.id));
    }
    Ok(found)
}

/// The duties one may see, in the order of their ids.
#[utoipa::path(get, path = "/api/v1/duties", tag = "duties", summary = "任务列表", params(PageQuery), responses((status = 200, body = DutiesJson)))]
pub async fn duties(State(app): State<App>, actor: Actor, Query(query): Query<PageQuery>) -> Result<Json<DutiesJson>> {
    actor.require_token_scope("duties:read")?;
    let (db, town, limit) = (app.db.reader(), &actor.jurisdiction, query.limit());
    let mut found = if query.campaign.is_empty() {
        duties::duties_page(db, town, &query.after, limit).await?
    } else {
        duties::of_campaign(db, town, &query.campaign.as_str().into(), false).await?
    };
    let whole = !query.campaign.is_empty() || (found.len() as i64) < limit;
    let next = if whole { None } else { found.last().map(|duty| duty.id.to_string()) };
    let ids: HashSet<CampaignId> = found.iter().map(|duty| duty.campaign_id.clone()).collect();
    let readable = readable(&app, &actor, &ids).await?;
    found.retain(|duty| readable.contains(&duty.campaign_id));
    Ok(Json(DutiesJson { items: found.into_iter().map(DutyJson::from).collect(), next }))
}

/// A duty.
#[utoipa::path(get, path = "/api/v1/duties/{id}", tag = "duties", summary = "一项任务", params(("id" = String, Path)), responses((status = 200, body = DutyJson), (status = 404)))]
pub async fn duty(State(app): State<App>, actor: Actor, Path(id): Path<DutyId>) -> Result<Json<DutyJson>> {
    actor.require_token_scope("duties:read")?;
    let duty = duties::duty(app.db.reader(), &actor.jurisdiction, &id).await?.ok_or(Error::NotFound)?;
    let readable = readable(&app, &actor, &HashSet::from([duty.campaign_id.clone()])).await?;
    if !readable.contains(&duty.campaign_id) {
        return Err(Error::NotFound);
    }
    Ok(Json(duty.into()))
}

/// The not-yet board.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardJson {
    campaign_id: CampaignId,
    title: String,
    /// Milliseconds since 1970.
    as_of: i64,
    /// The four words over all cells.
    tally: Tally,
    /// Not handed in and over time, on whatever date.
    overdue: i64,
    duties: Vec<BoardDutyJson>,
    units: Vec<BoardUnitJson>,
}

/// A column of the board.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardDutyJson {
    id: DutyId,
    title: String,
    kind: DutyKind,
    /// Milliseconds since 1970.
    due_at: Option<i64>,
}

/// A row of the board.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardUnitJson {
    id: UnitId,
    name: String,
    kind: units::UnitKind,
    /// One for each duty: `received`, `returned`, `not_yet`, `not_applicable`; null where nothing is owed.
    cells: Vec<Option<BoardState>>,
    /// Positions of cells that are over time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    overdue: Vec<usize>,
}

fn board_json(campaign_id: CampaignId, title: String, as_of: i64, board: Board) -> BoardJson {
    BoardJson {
        campaign_id,
        title,
        as_of,
        tally: board.tally,
        overdue: board.overdue,
        duties: board
            .columns
            .into_iter()
            .map(|column| BoardDutyJson {
                id: column.id,
                title: column.title,
                kind: column.kind,
                due_at: column.due_at,
            })
            .collect(),
        units: board
            .rows
            .into_iter()
            .map(|row| BoardUnitJson {
                overdue: (0..row.marks.len()).filter(|n| row.marks[*n].overdue).collect(),
                cells: row.marks.iter().map(|mark| mark.word).collect(),
                id: row.unit.id,
                name: row.unit.name,
                kind: row.unit.kind,
            })
            .collect(),
    }
}

/// Who has handed in and who has not: units by duties. Takes the same questions as the page: `state`, `kind`,
/// `duty`, `owing`, `q`, `on`.
#[utoipa::path(get, path = "/api/v1/campaigns/{id}/board", tag = "duties", summary = "报送一览", params(("id" = String, Path)), responses((status = 200, body = BoardJson), (status = 404)))]
pub async fn board(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CampaignId>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response> {
    actor.require_token_scope("duties:read")?;
    let filter = Filter::parse(&query);
    // The scope decides what is seen; it changes only with a write, which makes every answer stale.
    let scope = actor.scope(Permission::DutyView);
    let key = format!("board.json:{id}:{scope:?}:{}", filter.to_query());
    let answer = remembered(&app, &actor, key, async || {
        let visible = visible(&app, &actor, &id).await?;
        let board = load::board(&app, &actor, &visible, filter.on).await?.filtered(&filter);
        let json = board_json(id.clone(), visible.campaign.title, app.now(), board);
        Answer::new("application/json", serde_json::to_vec(&json)?)
    })
    .await?;
    Ok(answer.for_client(&headers))
}

/// One dated instance of a duty for one unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct OccurrenceJson {
    id: OccurrenceId,
    campaign_id: CampaignId,
    duty_id: DutyId,
    unit_id: UnitId,
    title: String,
    parts: Vec<Part>,
    zero_report: bool,
    period_key: String,
    state: Stands,
    /// The word of the board; null for what it does not count.
    board_state: Option<BoardState>,
    /// Milliseconds since 1970.
    due_at: Option<i64>,
    /// Milliseconds since 1970.
    extended_until: Option<i64>,
    born_past: bool,
    overdue: bool,
    late: Option<bool>,
    submission_id: Option<SubmissionId>,
    /// Milliseconds since 1970.
    submitted_at: Option<i64>,
    /// Why it was sent back.
    returned: Option<Review>,
}

fn occurrence_json(item: WorkItem, now: i64) -> OccurrenceJson {
    OccurrenceJson {
        title: item.duty.title.clone(),
        parts: item.duty.parts.clone(),
        zero_report: item.duty.zero_report,
        duty_id: item.duty.id.clone(),
        board_state: item.on_board(),
        overdue: item.is_overdue(now),
        id: item.id,
        campaign_id: item.campaign_id,
        unit_id: item.unit_id,
        period_key: item.period_key,
        state: item.state,
        due_at: item.due_at,
        extended_until: item.extended_until,
        born_past: item.born_past,
        late: item.late,
        submission_id: item.submission_id,
        submitted_at: item.submitted_at,
        returned: item.returned,
    }
}

/// A page of occurrences.
#[derive(Debug, Serialize, ToSchema)]
pub struct OccurrencesJson {
    items: Vec<OccurrenceJson>,
    /// To be sent as `after` for the next page; null on the last one.
    next: Option<String>,
}

/// The unit that is asked about, when the actor may see its duties.
async fn asked_unit(app: &App, actor: &Actor, id: &str) -> Result<UnitId> {
    if id.is_empty() {
        return Err(Error::Invalid(FieldErrors::one("unit", "请用 unit=… 指明单位。")));
    }
    let unit = units::get(app.db.reader(), &actor.jurisdiction, &id.into()).await?;
    if !sees(actor, &unit.path) {
        return Err(Error::NotFound);
    }
    Ok(unit.id)
}

fn sees(actor: &Actor, path: &str) -> bool {
    actor.scope(Permission::DutyView).covers(path) || actor.scope(Permission::WorkOwn).covers(path)
}

/// What a unit owes and has handed in.
#[utoipa::path(get, path = "/api/v1/occurrences", tag = "duties", summary = "一个单位的应报和已报", params(PageQuery), responses((status = 200, body = OccurrencesJson), (status = 404)))]
pub async fn occurrences(
    State(app): State<App>,
    actor: Actor,
    Query(query): Query<PageQuery>,
) -> Result<Json<OccurrencesJson>> {
    actor.require_token_scope("duties:read")?;
    let unit = asked_unit(&app, &actor, &query.unit).await?;
    let (limit, now) = (query.limit(), app.now());
    let found = duties::occurrences_page(app.db.reader(), &actor.jurisdiction, &unit, &query.after, limit).await?;
    let next = if (found.len() as i64) < limit { None } else { found.last().map(|item| item.id.to_string()) };
    Ok(Json(OccurrencesJson { items: found.into_iter().map(|item| occurrence_json(item, now)).collect(), next }))
}

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
#[utoipa::path(get, path = "/api/v1/submissions/{id}", tag = "submissions", summary = "一件报送和附件", params(("id" = String, Path)), responses((status = 200, body = SubmissionJson), (status = 404)))]
pub async fn submission(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<SubmissionId>,
) -> Result<Json<SubmissionJson>> {
    actor.require_token_scope("submissions:read")?;
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let found = duties::submission(db, town, &id).await?.ok_or(Error::NotFound)?;
    let unit = units::get(db, town, &found.unit_id).await?;
    if !sees(&actor, &unit.path) || found.state == SubmissionState::Draft {
        return Err(Error::NotFound);
    }
    let files = blobs::files_of(db, town, "submission", id.as_str()).await?;
    Ok(Json(submission_json(found, Some(files), sees_people(&actor, &unit.path))))
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
}

/// Hands in. The header `Idempotency-Key` names this submission: sent again under the same key, it is answered
/// with the first one (200) and nothing is written.
#[utoipa::path(
    post, path = "/api/v1/submissions", tag = "submissions", summary = "报送", request_body = SubmitJson,
    params(("Idempotency-Key" = String, Header, description = "由发送方生成的8至100个字符，同一件报送用同一个")),
    responses((status = 201, body = SubmissionJson), (status = 200, body = SubmissionJson), (status = 409), (status = 422))
)]
pub async fn submit(State(app): State<App>, actor: Actor, headers: HeaderMap, body: Bytes) -> Result<Response> {
    actor.require_token_scope("submissions:write")?;
    let cmd: SubmitJson = serde_json::from_slice(&body)
        .map_err(|error| Error::Invalid(FieldErrors::one("body", format!("请求内容不是约定的JSON：{error}"))))?;
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or_default();
    let cmd = Submit {
        occurrence_id: cmd.occurrence_id,
        payload: cmd.payload,
        zero_report: cmd.zero_report,
        idempotency_key: key.to_owned(),
    };
    let done = duties::submit(&app, &actor, cmd).await?;
    let status = if done.again { StatusCode::OK } else { StatusCode::CREATED };
    let mut answer = serde_json::to_value(submission_json(done.submission, None, true))?;
    answer["late"] = json!(done.late);
    Ok((status, Json(answer)).into_response())
}
