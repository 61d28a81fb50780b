//! Every page of this area with invented content, for `tests/templates.rs`.

use super::verify::VerifyPage;
use crate::testing::samples::html;

/// Name and rendered HTML of each page.
pub fn all() -> Vec<(&'static str, String)> {
    vec![("receipts/verify", html(&VerifyPage::sample()))]
}
