//! The statistics form for other programs: `/api/v1/statistics`.

use axum::Json;
use axum::extract::{Query, State};
use jiff::civil::Date;
use utoipa::{OpenApi, ToSchema};

use super::behind::{self, Asked};
use super::form::{Aggregate, Slot};
use super::load::{self, Wanted};
use super::model::Cell;
use super::weeks::Week;
use crate::App;
use crate::features::duties::api::CampaignId;
use crate::features::records::api::{RecordId, State as Stand};
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;

/// The description of these endpoints.
#[derive(OpenApi)]
#[openapi(paths(show, records), components(schemas(FormJson, WeekJson, SlotJson, CellJson, BehindJson, BehindRowJson)))]
pub struct StatisticsApi;

/// What stands in a slot.
#[derive(Debug, serde::Serialize, ToSchema)]
pub struct CellJson {
    /// The value, corrections included; of a ratio the part. Null: nobody has reported anything.
    value: Option<i64>,
    /// Of a ratio: the whole.
    whole: Option<i64>,
    /// Reported and waiting for review; not in the value.
    waiting: Option<i64>,
    /// As printed.
    printed: String,
    /// A person has corrected it.
    corrected: bool,
    /// What was computed, where it was corrected.
    computed: Option<i64>,
}

impl CellJson {
    fn new(cell: Option<&Cell>, slot: &Slot) -> Self {
        let cell = cell.cloned().unwrap_or_default();
        Self {
            printed: cell.printed(slot),
            value: cell.value,
            whole: cell.whole,
            waiting: cell.waiting,
            corrected: cell.corrected,
            computed: cell.computed,
        }
    }
}

/// A slot of the form with both its figures.
#[derive(Debug, serde::Serialize, ToSchema)]
pub struct SlotJson {
    /// Code of the row.
    row: String,
    /// Its code.
    code: String,
    /// Its name.
    label: String,
    /// What is counted; empty for words.
    unit: String,
    /// How it is computed.
    aggregate: Aggregate,
    /// 本周
    week: CellJson,
    /// 累计
    total: CellJson,
}

/// A week, or a period of one's own (`no` 0).
#[derive(Debug, serde::Serialize, ToSchema)]
pub struct WeekJson {
    /// Counted from 1.
    no: usize,
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = String, format = Date)]
    until: Date,
    /// First day of 累计.
    #[schema(value_type = String, format = Date)]
    total_from: Date,
}

impl From<&Week> for WeekJson {
    fn from(week: &Week) -> Self {
        Self { no: week.no, from: week.from, until: week.until, total_from: week.total_from }
    }
}

/// A unit's form of a week.
#[derive(Debug, serde::Serialize, ToSchema)]
pub struct FormJson {
    /// Title.
    title: String,
    /// Version of the town's form; 0 as built in.
    version: i64,
    /// The campaign; null for a period of one's own.
    campaign: Option<CampaignId>,
    week: WeekJson,
    unit_id: UnitId,
    unit: String,
    /// The slots on the form, in order.
    slots: Vec<SlotJson>,
}

/// The permission by which a program reads: the office's, else the unit's own.
fn permission(actor: &Actor) -> Permission {
    if actor.can(Permission::StatisticsView) { Permission::StatisticsView } else { Permission::WorkOwn }
}

/// The form of a unit and everything below it, in a week of a campaign or a period of one's own.
#[utoipa::path(get, path = "/api/v1/statistics", tag = "statistics", summary = "一个单位的统计表", params(Wanted), responses((status = 200, body = FormJson), (status = 404)))]
pub async fn show(State(app): State<App>, actor: Actor, Query(wanted): Query<Wanted>) -> Result<Json<FormJson>> {
    actor.require_token_scope("statistics:read")?;
    let chosen = load::chosen(&app, &actor, permission(&actor), &wanted).await?.ok_or(Error::NotFound)?;
    let campaign = chosen.campaign.as_ref().map(|one| &one.id);
    let basis =
        load::basis(&app, &actor.jurisdiction, campaign, &chosen.week, (&chosen.unit, load::Detail::Top)).await?;
    let sheet = basis.sheet_of(&chosen.unit);
    let rows = basis.form.rows_on();
    let slots = rows.iter().flat_map(|(row, slots)| slots.iter().map(|slot| (*row, *slot)));
    Ok(Json(FormJson {
        title: basis.form.title.clone(),
        version: basis.form.version,
        campaign: campaign.cloned(),
        week: (&chosen.week).into(),
        unit_id: sheet.id.clone(),
        unit: sheet.name.clone(),
        slots: slots
            .enumerate()
            .map(|(at, (row, slot))| SlotJson {
                row: row.code.clone(),
                code: slot.code.clone(),
                label: slot.label.clone(),
                unit: slot.unit.clone(),
                aggregate: slot.source.aggregate,
                week: CellJson::new(sheet.week.get(at), slot),
                total: CellJson::new(sheet.total.get(at), slot),
            })
            .collect(),
    }))
}

/// A record behind a number.
#[derive(Debug, serde::Serialize, ToSchema)]
pub struct BehindRowJson {
    record_id: RecordId,
    /// The day it was held.
    #[schema(value_type = String, format = Date)]
    held_on: Date,
    /// `accepted` records count, `reported` ones wait.
    state: Stand,
    /// What it adds: one amount, of a ratio part and whole. Null: not stated.
    amounts: Vec<Option<i64>>,
}

/// The records behind a number.
#[derive(Debug, serde::Serialize, ToSchema)]
pub struct BehindJson {
    items: Vec<BehindRowJson>,
}

/// All records behind one number of a form, those that wait for review included.
#[utoipa::path(get, path = "/api/v1/statistics/records", tag = "statistics", summary = "一个统计数字的来源记录", params(Asked), responses((status = 200, body = BehindJson), (status = 404)))]
pub async fn records(State(app): State<App>, actor: Actor, Query(asked): Query<Asked>) -> Result<Json<BehindJson>> {
    actor.require_token_scope("statistics:read")?;
    let found = behind::of_number(&app, &actor, permission(&actor), &asked).await?;
    let items =
        [(Stand::Accepted, found.accepted), (Stand::Reported, found.waiting)].into_iter().flat_map(|(state, list)| {
            list.into_iter().map(move |((held_on, record_id), amounts)| BehindRowJson {
                record_id,
                held_on,
                state,
                amounts,
            })
        });
    Ok(Json(BehindJson { items: items.collect() }))
}
