//! Anyue 安月: the software on which a township runs its work-safety month and its year-round hazard work.
//!
//! One library, one binary. Start reading at [`router`] (every page), [`jobs`] (all background work), then a
//! folder of `features`; `ARCHITECTURE.md` draws the whole.

pub mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod demo;
pub mod features;
pub mod jobs;
pub mod page;
pub mod platform;
pub mod router;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use app::App;
