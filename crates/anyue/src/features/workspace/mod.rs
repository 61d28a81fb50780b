//! The unit's own pages (工作台), phone first: what is to be done, the notice and its acknowledgement, filling in
//! and handing in, what was handed in.
//!
//! Words: to do 待办, acknowledge 签收, hand in 报送, zero report 零报告（本周无活动）, draft 草稿.
//! Tables owned: none; everything is read and written through the `api` of duties, campaigns and units.
//!
//! Invariants
//! * A person sees only what their own units (those they are liaison of) receive.
//! * Nothing typed is lost: it is kept as a draft while one types, and shown again after every refusal.
//! * No page asks for what is held already: form 1 comes filled in.

mod ad_hoc;
mod export;
mod fill;
mod fill_form;
mod fill_page;
mod model;
mod notice;
mod reports;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
mod shown;
mod todo;
mod typeset;

use axum::extract::DefaultBodyLimit;
use axum::routing::{MethodFilter, on};

use crate::platform::auth::Permission;
use crate::platform::web::{Access, Routes};

/// Most bytes of one sending, all its files together; the page says so before.
const SENDING_LIMIT: usize = 200 * 1024 * 1024;

/// The routes of this area.
pub fn routes() -> Routes {
    let own = Access::Can(Permission::WorkOwn);
    let send = on(MethodFilter::POST, fill::send).layer(DefaultBodyLimit::max(SENDING_LIMIT));
    Routes::new()
        .get("/work", own, todo::page)
        .get("/work/campaigns/{id}", own, notice::page)
        .post("/work/campaigns/{id}/acknowledge", own, notice::acknowledge)
        .get("/work/do/{id}", own, fill::page)
        .add("POST", "/work/do/{id}", own, send)
        .post("/work/do/{id}/draft", own, fill::keep)
        .get("/work/do/{id}/form/{format}", own, export::form)
        .get("/work/do/{id}/receipt.txt", own, fill::receipt_text)
        .get("/work/do/{id}/receipt.png", own, fill::receipt_picture)
        .post("/work/ad-hoc/{duty_id}", own, ad_hoc::begin)
        .get("/work/reports", own, reports::page)
        .get("/work/reports/export", own, export::workbook)
}

#[cfg(test)]
mod tests;
