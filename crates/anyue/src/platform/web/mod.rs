//! What every request goes through: routes with their access, guards, errors, frames, assets.
//!
//! A feature declares its routes in a [`Routes`] table: path, who may come in, handler. The table is the
//! router *and* the list that the authorisation test goes through.

pub mod assets;
pub mod errors;
pub mod form;
mod frame;
pub mod guards;
pub mod health;
pub mod qr;
pub mod range;
mod routes;
pub mod sheets;
pub mod upload;

pub use assets::asset_url;
pub use frame::{Flash, Frame, FrameUser};
pub use routes::{Access, RouteInfo, Routes};

use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::error::Result;

/// Renders a page.
pub fn page(template: &impl Template) -> Result<Response> {
    Ok(Html(template.render()?).into_response())
}

/// Renders a page again because values in its form are wrong: same page, status 422, nothing typed is lost.
pub fn page_invalid(template: &impl Template) -> Result<Response> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(template.render()?)).into_response())
}

/// Renders a page because somebody else changed the same thing meanwhile: both versions, status 409.
pub fn page_changed(template: &impl Template) -> Result<Response> {
    Ok((StatusCode::CONFLICT, Html(template.render()?)).into_response())
}

/// After a form has been carried out: on to the next page (303).
pub fn see_other(location: &str) -> Response {
    Redirect::to(location).into_response()
}

/// After a form has been carried out: on to the next page, which says what happened.
pub fn see_other_with(location: &str, flash: &Flash) -> Response {
    (frame::flash_cookie(flash), Redirect::to(location)).into_response()
}

/// Whether htmx asked, and a part of a page is wanted.
pub fn is_htmx(headers: &HeaderMap) -> bool {
    headers.contains_key("hx-request")
}

/// A file for saving. The name may be Chinese (RFC 8187).
pub fn attachment(name: &str, media_type: &str, body: impl Into<axum::body::Body>) -> Response {
    use axum::http::header;
    Response::builder()
        .header(header::CONTENT_TYPE, media_type)
        .header(header::CONTENT_DISPOSITION, saved_as(name))
        .header("x-content-type-options", "nosniff")
        .header(header::CACHE_CONTROL, "private, no-store")
        .body(body.into())
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// What tells a browser to save a file under this name.
pub fn saved_as(name: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20");
    format!("attachment; filename*=UTF-8''{encoded}")
}
