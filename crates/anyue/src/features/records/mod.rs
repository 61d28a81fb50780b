//! Activity records (活动记录): what a unit plans or has held, written down once and counted everywhere.
//!
//! Words: record 活动记录, kind 活动种类, measure 指标, host 主办单位, co-host 联合主办单位, report 报送, withdraw 撤回,
//! highlight 特色亮点.
//! Tables owned: `record_kinds`, `records`, `record_units`, `record_values`.
//!
//! Invariants
//! * A record counts once, for its host; it is shown at every unit that held it together with the host.
//! * States change only as [`model::State::after`] allows; what has been accepted is changed by nobody until it is
//!   taken back or returned.
//! * A measure that is not stated is absent; 0 is a statement.
//! * `record_values` always says what the records say: both are written in one transaction by [`store`].
//! * The catalogue of kinds is the built-in one, with a town's own changes laid over it; a kind is switched off,
//!   never removed.
//!
//! Files of a record belong to it as `owner_kind` `record`; they are the business of the uploads.

pub mod api;
mod choose;
mod draft;
mod edit;
mod export;
mod files;
mod fill;
mod filter;
mod form;
pub mod json;
mod kinds;
mod list;
pub mod model;
mod month;
mod new;
mod own;
mod owners;
mod places;
mod review;
mod reviewed;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
mod save;
mod sending;
mod serves;
mod settings;
mod show;
mod steps;
mod store;
mod words;

#[cfg(test)]
mod tests;

use axum::extract::DefaultBodyLimit;
use axum::routing::{MethodFilter, on};

use crate::features::evidence::api::SENDING_LIMIT;
use crate::platform::auth::Permission;
use crate::platform::web::{Access, Routes};

const OWN: Access = Access::Can(Permission::WorkOwn);
const VIEW: Access = Access::Can(Permission::RecordView);
const REVIEW: Access = Access::Can(Permission::RecordReview);
const KINDS: Access = Access::Can(Permission::RecordKindEdit);
const READ: Access = Access::CanAny(&[Permission::RecordView, Permission::WorkOwn]);

/// The routes of this area.
pub fn routes() -> Routes {
    let large = DefaultBodyLimit::max(SENDING_LIMIT);
    Routes::new()
        .get("/work/records", OWN, own::page)
        .get("/work/records/new", OWN, new::page)
        .add("POST", "/work/records/new", OWN, on(MethodFilter::POST, new::submit).layer(large))
        .post("/work/records/draft", OWN, draft::keep)
        .get("/work/records/files", OWN, fill::files)
        .get("/work/records/{id}", OWN, show::own)
        .get("/work/records/{id}/edit", OWN, edit::page)
        .add("POST", "/work/records/{id}/edit", OWN, on(MethodFilter::POST, edit::submit).layer(large))
        .post("/work/records/{id}/held", OWN, steps::hold_submit)
        .post("/work/records/{id}/report", OWN, steps::report_submit)
        .post("/work/records/{id}/withdraw", OWN, steps::withdraw_submit)
        .post("/work/records/{id}/discard", OWN, steps::discard_submit)
        .get("/records", VIEW, list::page)
        .get("/records/export/{format}", VIEW, export::file)
        .get("/records/kinds", KINDS, settings::page)
        .post("/records/kinds/{code}", KINDS, settings::submit)
        .post("/records/kinds/{code}/{step}", KINDS, settings::move_submit)
        .get("/records/{id}", VIEW, show::office)
        .post("/records/{id}/accept", REVIEW, review::accept_submit)
        .post("/records/{id}/undo-accept", REVIEW, review::undo_submit)
        .post("/records/{id}/return", REVIEW, review::return_submit)
        .get("/api/v1/records", READ, json::list)
        .post("/api/v1/records", OWN, json::new)
        .get("/api/v1/records/{id}", READ, json::show)
}
