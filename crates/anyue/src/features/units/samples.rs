//! Every page of this area with invented content, for `tests/templates.rs`.

use super::{close, edit, import, list, merge, new, relocate, show};
use crate::testing::samples::html;

/// Name and rendered HTML of each page.
pub fn all() -> Vec<(&'static str, String)> {
    vec![
        ("units/list", html(&list::ListPage::sample())),
        ("units/tree", html(&list::TreePage::sample())),
        ("units/branch", html(&list::BranchPart::sample())),
        ("units/show", html(&show::ShowPage::sample())),
        ("units/new", html(&new::NewPage::sample())),
        ("units/edit", html(&edit::EditPage::sample())),
        ("units/move", html(&relocate::MovePage::sample())),
        ("units/merge", html(&merge::MergePage::sample())),
        ("units/close", html(&close::ClosePage::sample())),
        ("units/import", html(&import::upload::ImportPage::sample())),
        ("units/import_preview", html(&import::preview::PreviewPage::sample())),
    ]
}
