//! The JSON interface of this area: who a token acts for.

use axum::Json;
use utoipa::OpenApi;

use crate::platform::auth::{Actor, Role, Via};
use crate::platform::error::Result;
use crate::platform::ids::{AccountId, UnitId};
use crate::platform::web::errors::Problem;

/// This area's part of the description.
#[derive(OpenApi)]
#[openapi(paths(me), components(schemas(Me, MeGrant)))]
pub struct AccountsApi;

/// Who a request acts for.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Me {
    /// Id of the account.
    pub account_id: AccountId,
    /// What its holder types to sign in.
    pub login: String,
    /// Name of its holder.
    pub name: String,
    /// Roles, each below a unit.
    pub grants: Vec<MeGrant>,
    /// Scopes of the token; absent for a browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
}

/// A role below a unit.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct MeGrant {
    /// The role.
    pub role: Role,
    /// The unit at the top of what it covers.
    pub unit_id: UnitId,
    /// Its name.
    pub unit_name: String,
}

/// The account a token acts for, its roles and the token's scopes. Needs no scope.
#[utoipa::path(
    get, path = "/api/v1/me", tag = "accounts", summary = "令牌所属账号",
    responses((status = 200, body = Me), (status = 401, body = Problem, content_type = "application/problem+json")),
    security(("bearer" = []))
)]
pub async fn me(actor: Actor) -> Result<Json<Me>> {
    Ok(Json(Me {
        account_id: actor.account_id,
        login: actor.login,
        name: actor.name,
        grants: actor
            .grants
            .into_iter()
            .map(|grant| MeGrant { role: grant.role, unit_id: grant.unit_id, unit_name: grant.unit_name })
            .collect(),
        scopes: match actor.via {
            Via::Token(scopes) => Some(scopes),
            _ => None,
        },
    }))
}
