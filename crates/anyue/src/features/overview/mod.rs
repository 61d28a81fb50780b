//! The first page of the console (概览): what needs attention now, before what there is.
//!
//! Words: overview 概览, to review 待审核, overdue 逾期, next dates 近期日程.
//! Tables owned: none; it reads through the `api` of campaigns, duties and units, and the table of background work.
//!
//! Invariant: it counts duties, never visits, and compares no units with one another.

mod console;
mod model;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
mod store;

use crate::platform::auth::Permission;
use crate::platform::web::{Access, Routes};

/// The routes of this area.
pub fn routes() -> Routes {
    Routes::new().get("/console", Access::Can(Permission::ConsoleView), console::page)
}

#[cfg(test)]
mod tests;
