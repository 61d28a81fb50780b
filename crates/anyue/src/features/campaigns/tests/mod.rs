//! Requests through the router.

mod publish;
mod running;
mod templates;
