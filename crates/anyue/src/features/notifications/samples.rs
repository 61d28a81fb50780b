//! Every page of this area with invented content, for `tests/templates.rs`.

use super::list;
use crate::testing::samples::html;

/// Name and rendered HTML of each page.
pub fn all() -> Vec<(&'static str, String)> {
    vec![("notifications/messages", html(&list::MessagesPage::sample()))]
}
