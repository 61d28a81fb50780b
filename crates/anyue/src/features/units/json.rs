//! Units for other programs: `/api/v1/units`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use utoipa::{OpenApi, ToSchema};

use super::edit::{Edit, edit};
use super::facts::{Facts, Unit, UnitState};
use super::import::apply::{self, Import};
use super::import::plan::{self, Fault, Outcome, Plan, Tally};
use super::import::{rows, upload};
use super::model::UnitKind;
use super::new::{NewUnit, create};
use super::store;
use super::store::list::{Order, Start, Wanted};
use crate::App;
use crate::platform::FieldErrors;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;

/// The description of these endpoints.
#[derive(OpenApi)]
#[openapi(
    paths(list, show, new, update, import),
    components(schemas(UnitJson, UnitsJson, NewUnit, UpdateJson, ImportJson, FaultJson))
)]
pub struct UnitsApi;

/// A unit.
#[derive(Debug, serde::Serialize, ToSchema)]
pub struct UnitJson {
    id: UnitId,
    parent_id: Option<UnitId>,
    /// Ids of all units above and its own, each followed by `/`: a subtree is a prefix.
    path: String,
    #[serde(flatten)]
    facts: Facts,
    state: UnitState,
    merged_into: Option<UnitId>,
    /// To be sent back with a change.
    version: i64,
    /// Milliseconds since 1970.
    created_at: i64,
    /// Milliseconds since 1970.
    updated_at: i64,
}

impl From<Unit> for UnitJson {
    fn from(unit: Unit) -> Self {
        Self {
            id: unit.id,
            parent_id: unit.parent_id,
            path: unit.path,
            facts: unit.facts,
            state: unit.state,
            merged_into: unit.merged_into,
            version: unit.version,
            created_at: unit.created_at,
            updated_at: unit.updated_at,
        }
    }
}

/// A page of units.
#[derive(Debug, serde::Serialize, ToSchema)]
pub struct UnitsJson {
    items: Vec<UnitJson>,
    /// To be sent as `after` for the next page; null on the last one.
    next: Option<String>,
}

/// Which units, and from where on.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Words to be found in name, number, principal, address.
    q: String,
    /// Of this kind.
    kind: Option<UnitKind>,
    /// Code of an industry.
    industry: String,
    /// Id of a unit: those below it.
    below: String,
    /// In this state; in use if left out.
    state: Option<UnitState>,
    /// `next` of the page before.
    after: String,
    /// Units on a page, at most 500; 100 if left out.
    limit: Option<usize>,
}

/// The units one may see.
#[utoipa::path(get, path = "/api/v1/units", tag = "units", summary = "单位列表", params(ListQuery), responses((status = 200, body = UnitsJson)))]
pub async fn list(State(app): State<App>, actor: Actor, Query(query): Query<ListQuery>) -> Result<Json<UnitsJson>> {
    actor.require_token_scope("units:read")?;
    let scope = actor.scope(Permission::UnitView);
    let wanted = Wanted {
        words: query.q,
        kind: query.kind,
        industry: query.industry,
        below: super::list::path_below(&app, &actor.jurisdiction, &scope, &query.below).await?,
        state: Some(query.state.unwrap_or(UnitState::Active)),
    };
    let start = if query.after.is_empty() { Start::First } else { Start::After(UnitId(query.after)) };
    let limit = query.limit.unwrap_or(100).clamp(1, 500);
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let (units, more) = store::list::page(db, town, &scope, &wanted, Order::Ordinal, false, &start, limit).await?;
    let next = if more { units.last().map(|unit| unit.id.0.clone()) } else { None };
    Ok(Json(UnitsJson { items: units.into_iter().map(UnitJson::from).collect(), next }))
}

/// One unit.
#[utoipa::path(get, path = "/api/v1/units/{id}", tag = "units", summary = "一个单位", params(("id" = String, Path)), responses((status = 200, body = UnitJson)))]
pub async fn show(State(app): State<App>, actor: Actor, Path(id): Path<UnitId>) -> Result<Json<UnitJson>> {
    actor.require_token_scope("units:read")?;
    let unit = store::units::find(app.db.reader(), &actor.jurisdiction, &id).await?;
    let unit = unit.filter(|unit| actor.scope(Permission::UnitView).covers(&unit.path)).ok_or(Error::NotFound)?;
    Ok(Json(unit.into()))
}

/// A new unit.
#[utoipa::path(post, path = "/api/v1/units", tag = "units", summary = "新增单位", request_body = NewUnit, responses((status = 201, body = UnitJson)))]
pub async fn new(State(app): State<App>, actor: Actor, body: Bytes) -> Result<Response> {
    actor.require_token_scope("units:write")?;
    let id = create(&app, &actor, parse(&body)?).await?;
    let unit = store::units::find(app.db.reader(), &actor.jurisdiction, &id).await?.ok_or(Error::NotFound)?;
    Ok((StatusCode::CREATED, Json(UnitJson::from(unit))).into_response())
}

/// New facts about a unit.
#[derive(Debug, serde::Deserialize, ToSchema)]
pub struct UpdateJson {
    /// The version that was changed; an older one is refused with 409.
    version: i64,
    /// All facts, as they shall be.
    #[serde(flatten)]
    facts: Facts,
}

/// Changes the facts about a unit.
#[utoipa::path(put, path = "/api/v1/units/{id}", tag = "units", summary = "修改单位资料", params(("id" = String, Path)), request_body = UpdateJson, responses((status = 200, body = UnitJson), (status = 409)))]
pub async fn update(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<UnitId>,
    body: Bytes,
) -> Result<Json<UnitJson>> {
    actor.require_token_scope("units:write")?;
    let UpdateJson { version, facts } = parse(&body)?;
    let unit = edit(&app, &actor, Edit { unit_id: id, version, facts }).await?;
    Ok(Json(unit.into()))
}

/// Where a table goes.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// The unit it is imported below.
    #[serde(default = "nowhere")]
    below: UnitId,
    /// Only say what would happen.
    #[serde(default)]
    preview: bool,
}

/// Said when the address names no unit; there is none such.
fn nowhere() -> UnitId {
    UnitId(String::new())
}

/// What a table did, or would do.
#[derive(Debug, serde::Serialize, ToSchema)]
pub struct ImportJson {
    #[serde(flatten)]
    tally: Tally,
    /// Rows that are left out.
    faults: Vec<FaultJson>,
    /// Id of the import; null for a preview and when nothing was to be done.
    import_id: Option<String>,
}

/// What is wrong with a row.
#[derive(Debug, serde::Serialize, ToSchema)]
pub struct FaultJson {
    /// Row in the file, from 1.
    row: u32,
    #[serde(flatten)]
    fault: Fault,
}

/// Takes over the good rows of a table (xlsx or csv as the body).
#[utoipa::path(post, path = "/api/v1/units/import", tag = "units", summary = "导入单位表格", params(ImportQuery), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 200, body = ImportJson)))]
pub async fn import(
    State(app): State<App>,
    actor: Actor,
    Query(query): Query<ImportQuery>,
    body: Bytes,
) -> Result<Json<ImportJson>> {
    actor.require_token_scope("units:write")?;
    if body.len() as u64 > upload::LIMIT {
        return Err(Error::TooLarge(format!("表格不能超过{}MB。", upload::LIMIT >> 20)));
    }
    let table = rows::read(&body, "表格")?;
    if !query.preview {
        let done =
            apply::import(&app, &actor, Import { table: &table, top: &query.below, shown: None, draft: None }).await?;
        return Ok(Json(import_json(&done.plan, Some(done.id))));
    }
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let top = store::units::find(db, town, &query.below).await?.ok_or(Error::NotFound)?;
    actor.require(Permission::UnitEdit, &top.path)?;
    let plan = plan::plan(&table, &store::units::all_active(db, town).await?, &top);
    Ok(Json(import_json(&plan, None)))
}

fn import_json(plan: &Plan, import_id: Option<String>) -> ImportJson {
    let mut faults = Vec::new();
    for row in &plan.rows {
        if let Outcome::Faulty(found) = &row.outcome {
            faults.extend(found.iter().map(|fault| FaultJson { row: row.number, fault: fault.clone() }));
        }
    }
    ImportJson { tally: plan.tally(), faults, import_id }
}

fn parse<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T> {
    serde_json::from_slice(body)
        .map_err(|error| Error::Invalid(FieldErrors::one("body", format!("请求内容不是约定的JSON：{error}"))))
}
