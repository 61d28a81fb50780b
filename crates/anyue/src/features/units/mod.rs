//! Units (单位): the tree of everything that receives duties, from the autonomous region down to a workshop.
//!
//! Words: unit 单位, kind 单位类型, subtree 下属单位, principal 主要负责人.
//! Tables owned: `units`, `unit_bigrams`, `unit_changes`, `unit_imports`, `liaisons`.
//!
//! Invariants
//! * A unit's `path` is the path of its parent followed by its own id and `/`; a subtree is a prefix.
//! * Active siblings have different names; active units have different numbers (`code`).
//! * A unit is never deleted: it is closed, or merged into another, and keeps its history. Only an import is
//!   taken back whole, while nothing hangs on what it brought.
//! * A unit has at most one present liaison; past ones keep their dates.

pub mod api;
pub mod close;
pub mod edit;
pub mod export;
pub mod facts;
pub mod filter;
pub mod form;
pub mod history;
pub mod import;
pub mod industries;
pub mod json;
pub mod liaison;
pub mod list;
pub mod merge;
pub mod model;
pub mod new;
pub mod relocate;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
pub mod show;
pub mod store;
mod top;
pub mod words;

#[cfg(test)]
mod tests;

use axum::routing::put;

use crate::platform::auth::Permission;
use crate::platform::web::{Access, Routes};
use import::{preview, template, undo, upload};

const VIEW: Access = Access::Can(Permission::UnitView);
const EDIT: Access = Access::Can(Permission::UnitEdit);

/// The routes of this area.
pub fn routes() -> Routes {
    Routes::new()
        .get("/units", VIEW, list::page)
        .post("/units", EDIT, new::submit)
        .get("/units/new", EDIT, new::page)
        .get("/units/export.xlsx", VIEW, export::xlsx)
        .get("/units/export.csv", VIEW, export::csv)
        .get("/units/template.xlsx", EDIT, template::download)
        .get("/units/import", EDIT, upload::page)
        .post("/units/import", EDIT, upload::submit)
        .get("/units/import/preview", EDIT, preview::page)
        .get("/units/import/faulty.xlsx", EDIT, preview::faulty)
        .post("/units/import/accept", EDIT, preview::accept)
        .post("/units/import/drop", EDIT, preview::drop_waiting)
        .post("/units/imports/{id}/undo", EDIT, undo::submit)
        .get("/units/{id}", VIEW, show::page)
        .get("/units/{id}/branch", VIEW, list::branch)
        .get("/units/{id}/edit", EDIT, edit::page)
        .post("/units/{id}/edit", EDIT, edit::submit)
        .get("/units/{id}/move", EDIT, relocate::page)
        .post("/units/{id}/move", EDIT, relocate::submit)
        .get("/units/{id}/merge", EDIT, merge::page)
        .post("/units/{id}/merge", EDIT, merge::submit)
        .get("/units/{id}/close", EDIT, close::page)
        .post("/units/{id}/close", EDIT, close::submit)
        .post("/units/{id}/reopen", EDIT, close::reopen_submit)
        .get("/api/v1/units", VIEW, json::list)
        .post("/api/v1/units", EDIT, json::new)
        .post("/api/v1/units/import", EDIT, json::import)
        .get("/api/v1/units/{id}", VIEW, json::show)
        .add("PUT", "/api/v1/units/{id}", EDIT, put(json::update))
}
