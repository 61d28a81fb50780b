//! Every page of this area with invented content, for `tests/templates.rs`.

use super::{complaints, front};
use crate::testing::samples::html;

/// Name and rendered HTML of each page.
pub fn all() -> Vec<(&'static str, String)> {
    vec![
        ("publishing/front", html(&front::FrontPage::sample())),
        ("publishing/complaints", html(&complaints::ComplaintsPage::sample())),
    ]
}
