//! Table of contents of all routes.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;

use crate::App;
use crate::features::{
    accounts, archive, boards, campaigns, documents, duties, files, notifications, offline, overview, publishing,
    receipts, records, retention, statistics, units, uploads, workspace,
};
use crate::platform::error::Error;
use crate::platform::web::{Access, RouteInfo, Routes, assets, errors, guards, health};

/// Every route, with who may come in.
pub fn routes() -> Routes {
    Routes::new()
        .get("/health", Access::Public, health::page)
        .merge(publishing::routes())
        .merge(accounts::routes())
        .merge(overview::routes())
        .merge(units::routes())
        .merge(campaigns::routes())
        .merge(archive::routes())
        .merge(duties::routes())
        .merge(boards::routes())
        .merge(uploads::routes())
        .merge(files::routes())
        .merge(records::routes())
        .merge(statistics::routes())
        .merge(documents::routes())
        .merge(receipts::routes())
        .merge(notifications::routes())
        .merge(workspace::routes())
        .merge(offline::routes())
        .merge(retention::routes())
        .merge(crate::api::routes())
}

/// The table of routes, for the authorisation test.
pub fn table() -> Vec<RouteInfo> {
    routes().into_parts().1
}

/// The whole web side of the program.
pub fn build(app: App) -> Router {
    let (router, _) = routes().into_parts();
    router
        .fallback(|| async { Error::NotFound })
        .layer(from_fn_with_state(app.clone(), guards::identify))
        .layer(DefaultBodyLimit::max(32 * 1024 * 1024))
        .route("/assets/{hash}/{*name}", get(assets::serve))
        .layer(from_fn_with_state(app.clone(), errors::render))
        .layer(from_fn(guards::security_headers))
        .layer(CatchPanicLayer::custom(|_| {
            axum::response::IntoResponse::into_response(Error::internal("a handler panicked"))
        }))
        .layer(from_fn(guards::log_request))
        .with_state(app)
}
