//! Every page of this area with invented content, for `tests/templates.rs`.

use super::{edit, list, new, numbers, show, templates};
use crate::testing::samples::html;

/// Name and rendered HTML of each page.
pub fn all() -> Vec<(&'static str, String)> {
    vec![
        ("documents/list", html(&list::ListPage::sample())),
        ("documents/new", html(&new::NewPage::sample())),
        ("documents/edit", html(&edit::EditPage::sample())),
        ("documents/show", html(&show::ShowPage::sample())),
        ("documents/numbers", html(&numbers::NumbersPage::sample())),
        ("documents/templates", html(&templates::TemplatesPage::sample())),
        ("documents/template", html(&templates::TemplatePage::sample())),
    ]
}
