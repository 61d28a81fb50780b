//! Messages to a unit's people inside the product (消息), written in the transaction that causes them or by a job.
//!
//! Words: message 消息, remind 提醒, unread 未读.
//! Tables owned: `messages`.
//!
//! Invariant: one message for one cause (`dedup_key`), however often it is asked for.

pub mod api;
mod list;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
mod store;
#[cfg(test)]
mod tests;

use crate::platform::web::{Access, Routes};

/// Background work: remind the units that have not handed in. Carried out by the duties, which know who they are.
pub const REMIND: &str = "notifications.remind";

/// The routes of this area.
pub fn routes() -> Routes {
    Routes::new()
        .get("/messages", Access::SignedIn, list::page)
        .post("/messages/read", Access::SignedIn, list::read_all)
        .post("/messages/{id}/open", Access::SignedIn, list::open)
}
