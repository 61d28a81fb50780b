//! The office's side of the duties: who has handed in and who has not, and what was handed in.
//!
//! Words: not-yet board 未报一览, review 审核, summary sheet 汇总表.
//! Tables owned: none. Reads campaigns, duties and units through their `api`.
//!
//! Invariants
//! * Four words in one order: 已报、退回、未报、不适用; units in the order of the unit list; no ranks, no rates.
//! * The figures equal a recount of the rows at that moment.
//! * A board is made from one query for each table, and kept while the town's data stands still.
//! * Nobody sees units outside their subtree, except those of a campaign they run.

mod acknowledgements;
mod board;
mod chooser;
mod decide;
mod duty;
mod export;
mod filter;
mod json;
mod liaisons;
mod load;
mod model;
mod remind;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
mod submission;
#[cfg(test)]
mod tests;
mod unit;
mod words;

pub use json::DutiesApi;

use crate::platform::auth::Permission;
use crate::platform::web::{Access, Routes};

/// The routes of this area.
pub fn routes() -> Routes {
    let view = Access::Can(Permission::DutyView);
    let review = Access::Can(Permission::DutyReview);
    let people = Access::Can(Permission::LiaisonView);
    let either = Access::CanAny(&[Permission::DutyView, Permission::WorkOwn]);
    Routes::new()
        .get("/duties", view, chooser::page)
        .get("/duties/{duty_id}", view, duty::page)
        .post("/duties/{duty_id}/accept", review, duty::accept)
        .post("/duties/{duty_id}/undo-accept", review, duty::undo)
        .get("/campaigns/{id}/board", view, board::page)
        .get("/campaigns/{id}/board/{format}", view, export::board)
        .get("/campaigns/{id}/units/{unit_id}", view, unit::page)
        .get("/campaigns/{id}/remind", review, remind::page)
        .post("/campaigns/{id}/remind", review, remind::submit)
        .get("/campaigns/{id}/liaisons", people, liaisons::page)
        .get("/campaigns/{id}/liaisons/{format}", people, liaisons::export)
        .get("/campaigns/{id}/acknowledgements", view, acknowledgements::page)
        .get("/campaigns/{id}/acknowledgements/{format}", view, acknowledgements::export)
        .get("/occurrences/{id}", view, decide::page)
        .post("/occurrences/{id}/extend", review, decide::extend)
        .post("/occurrences/{id}/excuse", review, decide::excuse)
        .post("/occurrences/{id}/reinstate", review, decide::reinstate)
        .get("/submissions/{id}", view, submission::page)
        .get("/submissions/{id}/form/{format}", people, liaisons::form)
        .post("/submissions/{id}/accept", review, submission::accept)
        .post("/submissions/{id}/undo-accept", review, submission::undo)
        .post("/submissions/{id}/return", review, submission::send_back)
        .get("/api/v1/duties", either, json::duties)
        .get("/api/v1/duties/{id}", either, json::duty)
        .get("/api/v1/campaigns/{id}/board", view, json::board)
        .get("/api/v1/occurrences", either, json::occurrences)
        .get("/api/v1/submissions", either, json::submissions)
        .get("/api/v1/submissions/{id}", either, json::submission)
        .post("/api/v1/submissions", Access::Can(Permission::WorkOwn), json::submit)
}
