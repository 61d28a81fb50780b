//! Every page of this area with invented content, for `tests/templates.rs`.

use super::show::{ArchivePage, ListPart};
use crate::platform::FieldErrors;
use crate::testing::samples::html;

/// Name and rendered HTML of each page.
pub fn all() -> Vec<(&'static str, String)> {
    let empty = ArchivePage { lines: Vec::new(), errors: FieldErrors::new(), ..ArchivePage::sample() };
    vec![
        ("archive/show", html(&ArchivePage::sample())),
        ("archive/show-empty", html(&empty)),
        ("archive/list", html(&ListPart::sample())),
    ]
}
