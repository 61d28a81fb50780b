//! Duties (任务): what somebody owes by a date because of a clause, and everything that happens to it.
//!
//! Words: duty 任务, occurrence 一次应报, submission 报送件, acknowledge 签收, send back 退回, zero report 零报告,
//! not-yet board 未报一览.
//! Tables owned: `duties`, `occurrences`, `submissions`, `acknowledgements`.
//!
//! Invariants
//! * A unit has at most one occurrence of a duty for a period (`period_key`).
//! * States change only as [`model::State::after`] allows.
//! * A submission that has been sent never changes; a correction is a new revision.
//! * Boards count duties, never visits, and list units in the order of the unit list.

mod acknowledge;
mod ad_hoc;
pub mod api;
mod decide;
mod dispatch;
mod draft;
mod files;
mod liaison_paper;
pub mod model;
mod occurrence;
mod remind;
mod review;
mod rights;
mod store;
mod submission;
mod submit;
#[cfg(test)]
pub(crate) mod tests;

pub use remind::carry_out as carry_out_reminders;

use crate::platform::web::Routes;

/// The routes of this area.
pub fn routes() -> Routes {
    Routes::new()
}
