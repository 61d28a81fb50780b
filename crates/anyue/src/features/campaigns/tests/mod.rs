//! Requests through the router.

mod publish;
