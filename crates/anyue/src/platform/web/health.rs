//! `GET /health`: whether the program can do its work, for a watchdog. Nothing in it is about people.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use sea_orm::FromQueryResult;
use serde::Serialize;

use crate::App;
use crate::platform::db::sql;
use crate::platform::error::Result;

/// Background work later than this makes the answer 503.
const LATE_MS: i64 = 15 * 60_000;

/// How the program is.
#[derive(Debug, Serialize)]
pub struct Health {
    /// `ok` or `late`.
    pub status: &'static str,
    /// Version of the program.
    pub version: &'static str,
    /// Background work waiting or under way.
    pub jobs_open: i64,
    /// How late the oldest of it is, in seconds.
    pub jobs_late_seconds: i64,
    /// Background work that has failed for good.
    pub jobs_failed: i64,
}

#[derive(FromQueryResult)]
struct Row {
    open: i64,
    oldest: Option<i64>,
    failed: i64,
}

/// `GET /health`
pub async fn page(State(app): State<App>) -> Result<Response> {
    let row: Option<Row> =
        sql("SELECT CAST(COUNT(CASE WHEN state IN ('waiting', 'running') THEN 1 END) AS BIGINT) AS open, \
           MIN(CASE WHEN state IN ('waiting', 'running') THEN run_at END) AS oldest, \
           CAST(COUNT(CASE WHEN state = 'failed' THEN 1 END) AS BIGINT) AS failed FROM jobs")
        .one(app.db.reader())
        .await?;
    let row = row.unwrap_or(Row { open: 0, oldest: None, failed: 0 });
    let late = row.oldest.map_or(0, |oldest| (app.now() - oldest).max(0));
    let health = Health {
        status: if late > LATE_MS { "late" } else { "ok" },
        version: env!("CARGO_PKG_VERSION"),
        jobs_open: row.open,
        jobs_late_seconds: late / 1000,
        jobs_failed: row.failed,
    };
    let status = if late > LATE_MS { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    Ok((status, Json(health)).into_response())
}
