//! Every page of this area with invented content, for `tests/templates.rs`.

use super::console;
use crate::testing::samples::html;

/// Name and rendered HTML of each page.
pub fn all() -> Vec<(&'static str, String)> {
    vec![("overview/console", html(&console::ConsolePage::sample()))]
}
