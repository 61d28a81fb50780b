//! Every page of this area with invented content, for `tests/templates.rs`.

use super::{by_hand, close, confirm, import, list, publish, receivers, show};
use crate::testing::samples::html;

/// Name and rendered HTML of each page.
pub fn all() -> Vec<(&'static str, String)> {
    vec![
        ("campaigns/new", html(&by_hand::NewPage::sample())),
        ("campaigns/close", html(&close::ClosePage::sample())),
        ("campaigns/confirm", html(&confirm::ConfirmPage::sample())),
        ("campaigns/import", html(&import::ImportPage::sample())),
        ("campaigns/list", html(&list::ListPage::sample())),
        ("campaigns/publish", html(&publish::PublishPage::sample())),
        ("campaigns/receivers", html(&receivers::ReceiversPage::sample())),
        ("campaigns/show", html(&show::ShowPage::sample())),
    ]
}
