//! What units owe, for other programs.

use axum::Json;
use axum::extract::{Query, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{PageQuery, asked_unit};
use crate::App;
use crate::features::duties::api::{
    self as duties, BoardState, CampaignId, DutyId, OccurrenceId, Part, Review, State as Stands, SubmissionId, WorkItem,
};
use crate::platform::auth::Actor;
use crate::platform::error::Result;
use crate::platform::ids::UnitId;

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
