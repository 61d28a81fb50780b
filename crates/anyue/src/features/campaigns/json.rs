//! Campaigns for other systems: `/api/v1/campaigns`.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::import::{ImportNotice, Source};
use super::model::{Activity, CampaignHeader, CampaignState, Change};
use super::publish::{Publish, Published};
use super::{show, store};
use crate::App;
use crate::features::duties::api::{self as duties, CampaignId, DutyId, DutyKind, EvidenceDemand, Part};
use crate::features::units::api::Selector;
use crate::platform::FieldErrors;
use crate::platform::auth::{Actor, Permission, Scope};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::errors::Problem;

/// Description of this area's endpoints.
#[derive(OpenApi)]
#[openapi(
    paths(list, show, import, publish),
    components(schemas(CampaignPage, CampaignDetail, ImportRequest, Imported, PublishRequest, Published))
)]
pub struct CampaignsApi;

/// A page of campaigns.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignPage {
    /// Newest first.
    pub items: Vec<CampaignHeader>,
    /// Send as `after` for the next page; `null` at the end.
    pub next: Option<String>,
}

/// A duty as others see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutyItem {
    /// Its id.
    pub id: DutyId,
    /// What sort.
    pub kind: DutyKind,
    /// A few words.
    pub title: String,
    /// More words.
    pub detail: String,
    /// The clause.
    pub clause: String,
    /// To whom it is handed in.
    pub hand_in_to: String,
    /// When it falls due: `{"once": …}`, `{"dates": […]}`, `{"rule": …}`, `{"relative": …}` …
    #[schema(value_type = Object)]
    pub schedule: serde_json::Value,
    /// When, in words.
    pub when: String,
    /// The parts of a submission.
    pub parts: Vec<Part>,
    /// Evidence demanded.
    pub evidence: Vec<EvidenceDemand>,
    /// Who receives it, among the receivers of the campaign.
    pub receivers: Selector,
    /// Minutes one unit is expected to spend.
    pub minutes: i64,
    /// A report is due even when nothing happened.
    pub zero_report: bool,
}

/// A campaign with everything in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignDetail {
    /// What is shown of it.
    #[serde(flatten)]
    pub header: CampaignHeader,
    /// 活动内容
    pub activities: Vec<Activity>,
    /// 任务
    pub duties: Vec<DutyItem>,
    /// Ids of the units that receive it.
    pub receivers: Vec<UnitId>,
    /// What changed after publication.
    pub changes: Vec<Change>,
    /// The notice, line by line.
    pub notice_lines: Vec<String>,
}

/// Where a page begins.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// `next` of the page before.
    after: Option<String>,
    /// At most so many, 1 to 100.
    limit: Option<u64>,
    /// `draft`, `published` or `closed`.
    state: Option<String>,
}

/// A notice to import.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ImportRequest {
    /// The unit that issues it; the token's own unit when left out.
    #[serde(default)]
    pub unit_id: Option<UnitId>,
    /// The text of the notice.
    #[serde(default)]
    pub text: Option<String>,
    /// Or a file: its name …
    #[serde(default)]
    pub file_name: Option<String>,
    /// … and its content in base64.
    #[serde(default)]
    pub file_base64: Option<String>,
    /// Make a draft although the text is no notice.
    #[serde(default)]
    pub as_is: bool,
}

/// The draft that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Imported {
    /// Its id.
    pub id: CampaignId,
    /// Where a person confirms it.
    pub confirm_url: String,
}

/// Publishes a draft, or an amendment.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct PublishRequest {
    /// Why it is amended.
    pub note: String,
}

/// The campaigns one may see, newest first.
#[utoipa::path(
    get, path = "/api/v1/campaigns", tag = "campaigns", summary = "活动列表", params(PageQuery),
    responses((status = 200, body = CampaignPage), (status = 401, body = Problem, content_type = "application/problem+json")),
    security(("bearer" = []))
)]
pub async fn list(State(app): State<App>, actor: Actor, Query(query): Query<PageQuery>) -> Result<Json<CampaignPage>> {
    actor.require_token_scope("campaigns:read")?;
    let limit = query.limit.unwrap_or(50).clamp(1, 100);
    let state = match query.state.as_deref() {
        None => None,
        Some(code) => Some(CampaignState::parse(code).ok_or_else(|| {
            Error::Invalid(FieldErrors::one("state", "state 应为 draft、published 或 closed。"))
        })?),
    };
    let after = query.after.map(CampaignId);
    let scope = readable(&actor);
    let mut items =
        store::page(app.db.reader(), &actor.jurisdiction, &scope, after.as_ref(), limit + 1).await?;
    let more = items.len() as u64 > limit;
    items.truncate(usize::try_from(limit).unwrap_or(100));
    let next = more.then(|| items.last().map(|last| last.id.0.clone())).flatten();
    items.retain(|item| state.is_none_or(|state| item.state == state));
    items.retain(|item| item.state != CampaignState::Draft || office_of(&actor).covers(&item.issuer_unit_path));
    Ok(Json(CampaignPage { items, next }))
}

/// One campaign with activities, duties, receivers and changes.
#[utoipa::path(
    get, path = "/api/v1/campaigns/{id}", tag = "campaigns", summary = "一项活动",
    params(("id" = String, Path, description = "活动编号")),
    responses((status = 200, body = CampaignDetail), (status = 404, body = Problem, content_type = "application/problem+json")),
    security(("bearer" = []))
)]
pub async fn show(State(app): State<App>, actor: Actor, Path(id): Path<CampaignId>) -> Result<Json<CampaignDetail>> {
    actor.require_token_scope("campaigns:read")?;
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let campaign = match show::visible(&app, &actor, &id).await {
        Ok(campaign) => campaign,
        Err(_) => {
            let campaign = store::find(db, town, &id).await?.ok_or(Error::NotFound)?;
            let reached = store::reaches(db, town, &id, &readable(&actor)).await?;
            if campaign.header.state == CampaignState::Draft || !reached {
                return Err(Error::NotFound);
            }
            campaign
        }
    };
    let today = app.clock.today();
    let duties = duties::of_campaign(db, town, &id, false).await?;
    let mut activities = store::activities(db, town, &id).await?;
    activities.retain(|activity| !activity.dropped);
    // A unit of the campaign learns who else receives it only where it may see the campaign in the console.
    let in_full = office_of(&actor).covers(&campaign.header.issuer_unit_path);
    Ok(Json(CampaignDetail {
        activities,
        duties: duties
            .into_iter()
            .map(|duty| DutyItem {
                when: duty.schedule_in_words(today),
                schedule: serde_json::from_str(&duty.schedule.to_json()).unwrap_or_default(),
                id: duty.id,
                kind: duty.kind,
                title: duty.title,
                detail: duty.detail,
                clause: duty.clause,
                hand_in_to: duty.hand_in_to,
                parts: duty.parts,
                evidence: duty.evidence,
                receivers: if in_full { duty.receivers } else { Selector::default() },
                minutes: duty.minutes,
                zero_report: duty.zero_report,
            })
            .collect(),
        receivers: if in_full { store::receiver_ids(db, town, &id).await? } else { Vec::new() },
        changes: store::changes(db, town, &id).await?,
        notice_lines: campaign.lines(),
        header: campaign.header,
    }))
}

/// Reads a notice and makes a draft of it.
#[utoipa::path(
    post, path = "/api/v1/campaigns/import", tag = "campaigns", summary = "导入通知", request_body = ImportRequest,
    responses((status = 201, body = Imported), (status = 422, body = Problem, content_type = "application/problem+json")),
    security(("bearer" = []))
)]
pub async fn import(
    State(app): State<App>,
    actor: Actor,
    Json(request): Json<ImportRequest>,
) -> Result<(StatusCode, Json<Imported>)> {
    actor.require_token_scope("campaigns:write")?;
    let invalid = |field: &str, words: &str| Error::Invalid(FieldErrors::one(field, words));
    let source = match (request.file_base64, request.text) {
        (Some(content), _) => {
            use base64::Engine as _;
            let bytes = base64::engine::general_purpose::STANDARD
                .decode(content.as_bytes())
                .map_err(|_| invalid("file_base64", "file_base64 不是 base64 编码。"))?;
            Source::File(request.file_name.unwrap_or_else(|| "通知".to_owned()), bytes)
        }
        (None, Some(text)) => Source::Text(text),
        (None, None) => return Err(invalid("text", "请给出 text，或者 file_name 和 file_base64。")),
    };
    let unit_id = match request.unit_id {
        Some(unit_id) => unit_id,
        None => super::by_hand::issuing_units(&actor)
            .into_iter()
            .next()
            .map(|(id, _)| UnitId(id))
            .ok_or_else(|| invalid("unit_id", "请给出 unit_id。"))?,
    };
    let id = super::import::import(&app, &actor, ImportNotice { unit_id, source, as_is: request.as_is }).await?;
    let confirm_url = format!("/campaigns/{id}/confirm");
    Ok((StatusCode::CREATED, Json(Imported { id, confirm_url })))
}

/// Publishes a draft to its receivers, or an amendment as a new edition.
#[utoipa::path(
    post, path = "/api/v1/campaigns/{id}/publish", tag = "campaigns", summary = "发布",
    params(("id" = String, Path, description = "活动编号")), request_body = PublishRequest,
    responses(
        (status = 200, body = Published),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")
    ),
    security(("bearer" = []))
)]
pub async fn publish(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CampaignId>,
    Json(request): Json<PublishRequest>,
) -> Result<Json<Published>> {
    actor.require_token_scope("campaigns:write")?;
    let cmd = Publish { campaign_id: id, version: None, note: request.note };
    Ok(Json(super::publish::publish(&app, &actor, cmd).await?))
}

fn office_of(actor: &Actor) -> Scope {
    actor.scope(Permission::CampaignView)
}

/// What an actor may read: what the console shows, and what reaches one's own units.
fn readable(actor: &Actor) -> Scope {
    match (office_of(actor), actor.scope(Permission::WorkOwn)) {
        (Scope::Below(mut paths), Scope::Below(own)) => {
            paths.extend(own);
            Scope::Below(paths)
        }
        _ => Scope::All,
    }
}
