//! Every page of this area with invented content, for `tests/templates.rs`.

use super::holds::HoldsPage;
use super::list::ListPage;
use super::log::LogPage;
use super::show::ShowPage;
use crate::platform::FieldErrors;
use crate::testing::samples::html;

/// Name and rendered HTML of each page.
pub fn all() -> Vec<(&'static str, String)> {
    let quiet = ShowPage {
        can_edit: false,
        pending: String::new(),
        held: "正在接受巡查".to_owned(),
        items: 0,
        lines: Vec::new(),
        rules: Vec::new(),
        errors: FieldErrors::new(),
        ..ShowPage::sample()
    };
    vec![
        ("retention/list", html(&ListPage::sample())),
        ("retention/show", html(&ShowPage::sample())),
        ("retention/show-quiet", html(&quiet)),
        ("retention/holds", html(&HoldsPage::sample())),
        ("retention/holds-none", html(&HoldsPage { lines: Vec::new(), ..HoldsPage::sample() })),
        ("retention/log", html(&LogPage::sample())),
        ("retention/log-empty", html(&LogPage { lines: Vec::new(), ..LogPage::sample() })),
    ]
}
