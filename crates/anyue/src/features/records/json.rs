//! Activity records for other programs: `/api/v1/records`.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use utoipa::{OpenApi, ToSchema};

use super::form::day;
use super::model::{Facts, PeopleGroup, Record, RecordId, State as Stand, Target};
use super::save::{New, create};
use super::store;
use super::store::list::{Order, Start, Wanted};
use crate::App;
use crate::features::campaigns::api::ActivityId;
use crate::features::duties::api::CampaignId;
use crate::features::units::api as units;
use crate::platform::FieldErrors;
use crate::platform::auth::{Actor, Permission, Scope};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;

/// The description of these endpoints.
#[derive(OpenApi)]
#[openapi(paths(list, show, new), components(schemas(RecordJson, RecordsJson, FactsJson, NewJson)))]
pub struct RecordsApi;

/// What a record says.
#[derive(Debug, serde::Serialize, serde::Deserialize, ToSchema)]
pub struct FactsJson {
    /// Code of the kind: `study`, `drill` …
    kind: String,
    /// Title; the kind's name when left empty.
    #[serde(default)]
    title: String,
    /// The campaign it serves.
    #[serde(default)]
    campaign_id: Option<CampaignId>,
    /// The activity of that campaign.
    #[serde(default)]
    activity_id: Option<ActivityId>,
    /// The day, or the first of several: `2022-06-16`.
    #[schema(value_type = String, format = Date)]
    held_on: Date,
    /// The last of several days.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    ends_on: Option<Date>,
    /// Time in words.
    #[serde(default)]
    time: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    village: String,
    /// What was done.
    #[serde(default)]
    text: String,
    /// Measures by code: `{"participants": 60}`. Absent: not stated; 0: none.
    #[serde(default)]
    measures: BTreeMap<String, i64>,
    /// Participants by group: `{"workers": 40}`.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, i64>)]
    people: BTreeMap<PeopleGroup, i64>,
    /// Whom a visit of the five entries reached.
    #[serde(default)]
    target: Option<Target>,
    /// Leaders took part.
    #[serde(default)]
    leader_present: bool,
    /// How many.
    #[serde(default)]
    leader_count: Option<i64>,
    /// Who.
    #[serde(default)]
    leader_names: String,
    /// To be told to others (特色亮点).
    #[serde(default)]
    highlight: bool,
    /// Units that held it together with the host.
    #[serde(default)]
    co_hosts: Vec<UnitId>,
}

impl From<Facts> for FactsJson {
    fn from(facts: Facts) -> Self {
        Self {
            kind: facts.kind,
            title: facts.title,
            campaign_id: facts.campaign_id,
            activity_id: facts.activity_id,
            held_on: facts.held_on,
            ends_on: facts.ends_on,
            time: facts.time,
            place: facts.place,
            village: facts.village,
            text: facts.text,
            measures: facts.measures,
            people: facts.people,
            target: facts.target,
            leader_present: facts.leader_present,
            leader_count: facts.leader_count,
            leader_names: facts.leader_names,
            highlight: facts.highlight,
            co_hosts: facts.co_hosts,
        }
    }
}

impl From<FactsJson> for Facts {
    fn from(json: FactsJson) -> Self {
        Self {
            title: json.title,
            campaign_id: json.campaign_id,
            activity_id: json.activity_id,
            ends_on: json.ends_on,
            time: json.time,
            place: json.place,
            village: json.village,
            text: json.text,
            measures: json.measures,
            people: json.people,
            target: json.target,
            leader_present: json.leader_present,
            leader_count: json.leader_count,
            leader_names: json.leader_names,
            highlight: json.highlight,
            co_hosts: json.co_hosts,
            ..Self::new(&json.kind, json.held_on)
        }
    }
}

/// A record.
#[derive(Debug, serde::Serialize, ToSchema)]
pub struct RecordJson {
    id: RecordId,
    /// The host. Figures count once, for it.
    unit_id: UnitId,
    #[serde(flatten)]
    facts: FactsJson,
    state: Stand,
    /// Why it was returned; empty when it was not.
    review_comment: String,
    /// Milliseconds since 1970.
    created_at: i64,
    /// Milliseconds since 1970; null when it was not reported.
    reported_at: Option<i64>,
    /// Milliseconds since 1970.
    updated_at: i64,
    version: i64,
}

impl From<Record> for RecordJson {
    fn from(record: Record) -> Self {
        Self {
            id: record.id,
            unit_id: record.unit_id,
            facts: record.facts.into(),
            state: record.state,
            review_comment: record.review.comment,
            created_at: record.created_at,
            reported_at: record.reported_at,
            updated_at: record.updated_at,
            version: record.version,
        }
    }
}

/// A page of records.
#[derive(Debug, serde::Serialize, ToSchema)]
pub struct RecordsJson {
    items: Vec<RecordJson>,
    /// To be sent as `after` for the next page; null on the last one.
    next: Option<String>,
}

/// Which records, and from where on.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Words to be found in title, place, village.
    q: String,
    /// Code of a kind.
    kind: String,
    /// Id of a unit: it and those below it, as host or co-host.
    unit: String,
    /// Id of a campaign.
    campaign: String,
    /// In this state.
    state: Option<Stand>,
    /// Held on this day or later: `2022-06-10`.
    from: String,
    /// Held on this day or before.
    until: String,
    /// `next` of the page before.
    after: String,
    /// Records on a page, at most 500; 100 if left out.
    limit: Option<usize>,
}

/// The units whose records a person may read: those they look after and those they work for.
fn readable(actor: &Actor) -> Scope {
    match (actor.scope(Permission::RecordView), actor.scope(Permission::WorkOwn)) {
        (Scope::Below(mut paths), Scope::Below(own)) => {
            paths.extend(own);
            Scope::Below(paths)
        }
        _ => Scope::All,
    }
}

/// The records one may see, the oldest day first.
#[utoipa::path(get, path = "/api/v1/records", tag = "records", summary = "活动记录列表", params(ListQuery), responses((status = 200, body = RecordsJson)))]
pub async fn list(State(app): State<App>, actor: Actor, Query(query): Query<ListQuery>) -> Result<Json<RecordsJson>> {
    actor.require_token_scope("records:read")?;
    let (db, town, scope) = (app.db.reader(), &actor.jurisdiction, readable(&actor));
    let below = match query.unit.as_str() {
        "" => None,
        id => Some(units::get(db, town, &UnitId::from(id)).await?.path),
    };
    if below.as_ref().is_some_and(|path| !scope.covers(path)) {
        return Err(Error::NotFound);
    }
    let wanted = Wanted {
        words: query.q,
        kind: query.kind,
        scope: Some(scope),
        below,
        campaign: query.campaign,
        states: query.state.into_iter().collect(),
        from: asked_day(&query.from, "from")?,
        until: asked_day(&query.until, "until")?,
        units: None,
    };
    let start = if query.after.is_empty() { Start::First } else { Start::After(RecordId(query.after)) };
    let limit = query.limit.unwrap_or(100).clamp(1, 500);
    let (records, more) = store::list::page(db, town, &wanted, (Order::Day, false), &start, limit).await?;
    let next = records.last().filter(|_| more).map(|record| record.id.to_string());
    Ok(Json(RecordsJson { items: records.into_iter().map(RecordJson::from).collect(), next }))
}

fn asked_day(text: &str, field: &str) -> Result<Option<Date>> {
    match (text, day(text)) {
        ("", _) => Ok(None),
        (_, None) => Err(Error::Invalid(FieldErrors::one(field, "日期请写成2022-06-16的样子。"))),
        (_, found) => Ok(found),
    }
}

/// One record.
#[utoipa::path(get, path = "/api/v1/records/{id}", tag = "records", summary = "一条活动记录", params(("id" = String, Path)), responses((status = 200, body = RecordJson), (status = 404)))]
pub async fn show(State(app): State<App>, actor: Actor, Path(id): Path<RecordId>) -> Result<Json<RecordJson>> {
    actor.require_token_scope("records:read")?;
    let own = super::show::visible(&app, &actor, &id, Permission::WorkOwn).await;
    let record = match own {
        Err(Error::NotFound) => super::show::visible(&app, &actor, &id, Permission::RecordView).await?,
        other => other?,
    };
    Ok(Json(record.into()))
}

/// A record to be written down.
#[derive(Debug, serde::Deserialize, ToSchema)]
pub struct NewJson {
    /// The host: a unit that the token's account works for.
    unit_id: UnitId,
    /// Made by the program: the same record sent twice is one. 8 to 100 characters.
    idempotency_key: String,
    /// Report it at once; otherwise it waits as planned or held.
    #[serde(default)]
    report: bool,
    #[serde(flatten)]
    facts: FactsJson,
}

/// Writes a record down. Answers 201, also when the same key was sent before.
#[utoipa::path(post, path = "/api/v1/records", tag = "records", summary = "新增活动记录", request_body = NewJson, responses((status = 201, body = RecordJson)))]
pub async fn new(State(app): State<App>, actor: Actor, body: Bytes) -> Result<Response> {
    actor.require_token_scope("records:write")?;
    let sent: NewJson = serde_json::from_slice(&body)
        .map_err(|error| Error::Invalid(FieldErrors::one("body", format!("请求内容不是约定的JSON：{error}"))))?;
    let new = New {
        unit_id: sent.unit_id,
        facts: sent.facts.into(),
        idempotency_key: sent.idempotency_key,
        report: sent.report,
        draft: None,
    };
    let id = create(&app, &actor, new).await?;
    let record = store::records::find(app.db.reader(), &actor.jurisdiction, &id).await?.ok_or(Error::NotFound)?;
    Ok((StatusCode::CREATED, Json(RecordJson::from(record))).into_response())
}
