//! What the public sees (post): for now the front page of the portal.
//!
//! Invariant: nothing of a unit's people and nothing unpublished is ever read here.

mod front;

use crate::platform::web::{Access, Routes};

/// The routes of this area.
pub fn routes() -> Routes {
    Routes::new().get("/", Access::Public, front::page)
}
