//! The ground every area stands on. It knows no feature: nothing here may name `crate::features`.
//!
//! | module | what for |
//! | --- | --- |
//! | [`clock`], [`ids`] | time and randomness, injected |
//! | `coded` | enums kept as text, with code and label |
//! | [`db`] | one code path over SQLite and PostgreSQL, write transactions, migrations |
//! | [`audit`] | the trail, chained by hash within a town |
//! | [`auth`] | who acts, and what they may do |
//! | [`blobs`] | files by content |
//! | [`backup`] | the whole installation in one file, and back |
//! | [`spool`] | files on their way in, resumable |
//! | [`jobs`] | work that is done after the answer |
//! | [`retention`] | how long things are kept, and how they go |
//! | [`web`] | errors, frames, assets, guards of every request |
//! | [`drafts`] | what somebody has typed and not yet sent |
//! | [`turns`] | requests about the same thing, one at a time |
//! | [`whole`] | files for saving, made whole before they are offered |
//! | [`cache`] | answers that are good while the town's data stands still |
//! | [`text_key`] | comparing and searching Chinese text portably |

pub mod audit;
pub mod auth;
pub mod backup;
pub mod blob_lists;
pub mod blobs;
pub mod cache;
pub mod clock;
mod coded;
pub mod db;
pub mod drafts;
pub mod error;
pub mod ids;
pub mod jobs;
pub mod keyring;
pub mod retention;
pub mod spool;
pub mod text_key;
pub mod turns;
pub mod web;
pub mod whole;

pub use error::{Error, FieldErrors, Result};

#[cfg(test)]
mod tests;
