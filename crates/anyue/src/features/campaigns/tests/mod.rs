//! Requests through the router.

pub(super) mod draft;
mod publish;
mod running;
