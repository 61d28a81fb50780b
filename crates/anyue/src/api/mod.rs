//! The JSON interface's own pages: its description (`/api/openapi.json`, OpenAPI 3.1) and a page to read it
//! (`/api`). The endpoints live in the areas' `json` files; each area's `OpenApi` struct is merged here.
//!
//! What the areas do not repeat for every endpoint is added here: the bearer scheme, the scope a token needs
//! (`<tag>:read` for GET, else `<tag>:write`), and problems (RFC 9457) as the answer to errors.

mod describe;
pub mod page;

pub use describe::description;

use axum::Json;

use crate::platform::web::{Access, Routes};

/// The routes of the interface's description.
pub fn routes() -> Routes {
    Routes::new().get("/api", Access::Public, page::page).get("/api/openapi.json", Access::Public, openapi)
}

/// `GET /api/openapi.json`
async fn openapi() -> Json<&'static serde_json::Value> {
    Json(description())
}
