//! Every page of this area with invented content, for `tests/templates.rs`.

use super::beside::BesidePage;
use crate::testing::samples::html;

/// Name and rendered HTML of each page.
pub fn all() -> Vec<(&'static str, String)> {
    vec![("files/beside", html(&BesidePage::sample()))]
}
