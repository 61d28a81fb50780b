//! What the public sees: the front page of the portal, and how to complain about the site itself.
//!
//! Words: portal 公众门户, front page 首页, complaint 投诉建议.
//! Tables owned: none yet; published campaigns are read through `campaigns::api`.
//!
//! Invariants
//! * Nothing of a unit's people and nothing unpublished is ever read here.
//! * The front page is answered from memory while the town's data stands still, and is the same for everybody.

mod complaints;
mod front;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
mod store;

use crate::platform::web::{Access, Routes};

/// The routes of this area.
pub fn routes() -> Routes {
    Routes::new().get("/", Access::Public, front::page).get("/complaints", Access::Public, complaints::page)
}

#[cfg(test)]
mod tests;
