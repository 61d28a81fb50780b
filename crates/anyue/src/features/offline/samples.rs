//! The page with invented content, for the tests of templates.

use super::page::OfflinePage;
use crate::testing::samples::html;

/// Name and rendered HTML of each page.
pub fn all() -> Vec<(&'static str, String)> {
    vec![("offline/offline", html(&OfflinePage::sample()))]
}
