//! Official documents (公文): drafted from facts, approved, numbered, issued as docx (GB/T 9704-2012).
//!
//! Words: draft 拟稿, approval 审签, number 发文字号, register 发文登记簿, template 模板, placeholder 占位.
//! Tables owned: `documents`, `document_numbers`, `document_templates`.
//!
//! Invariants
//! * A number follows the one before of its office, word and year, and is never used again; a void one keeps its row.
//! * Nothing is numbered before it was approved, and nothing approved changes: it is sent back first.
//! * Every figure of a draft made from facts carries the address of the page it comes from; it is not printed.
//! * A placeholder that means nothing is refused with its line, when the template is kept.
//! * A document shows photos of units below its issuer only, as clean copies.

mod edit;
mod facts;
mod file;
mod fill;
mod list;
pub mod markup;
pub mod model;
mod new;
mod numbers;
mod pdf;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
mod show;
mod shown;
mod steps;
mod store;
mod templates;

#[cfg(test)]
mod tests;

use crate::platform::auth::Permission;
use crate::platform::web::{Access, Routes};

const VIEW: Access = Access::Can(Permission::DocumentView);
const EDIT: Access = Access::Can(Permission::DocumentEdit);

/// The routes of this area.
pub fn routes() -> Routes {
    Routes::new()
        .get("/documents", VIEW, list::page)
        .get("/documents/new", EDIT, new::page)
        .post("/documents/new", EDIT, new::submit)
        .get("/documents/numbers", VIEW, numbers::page)
        .get("/documents/templates", EDIT, templates::list)
        .get("/documents/templates/{code}", EDIT, templates::page)
        .post("/documents/templates/{code}", EDIT, templates::submit)
        .get("/documents/{id}", VIEW, show::page)
        .get("/documents/{id}/edit", EDIT, edit::page)
        .post("/documents/{id}/edit", EDIT, edit::submit)
        .post("/documents/{id}/preview", EDIT, edit::preview)
        .post("/documents/{id}/approve", VIEW, steps::approve)
        .post("/documents/{id}/return", VIEW, steps::send_back)
        .post("/documents/{id}/issue", EDIT, steps::issue)
        .post("/documents/{id}/void", EDIT, steps::void)
        .post("/documents/{id}/delete", EDIT, steps::delete)
        .post("/documents/{id}/copy", EDIT, steps::copy)
        .get("/documents/{id}/file/{format}", VIEW, file::file)
}
