//! What others use of the archives: checking one, and how far those are that are being made.

pub use super::check::{Checked, check};
pub use super::progress::Progress;
