//! Duties for other programs.

use std::collections::HashSet;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::PageQuery;
use crate::App;
use crate::features::campaigns::api as campaigns;
use crate::features::duties::api::{self as duties, CampaignId, Duty, DutyId, DutyKind, EvidenceDemand, Part};
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;

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
