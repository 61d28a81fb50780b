//! Every page of this area with invented content, for `tests/templates.rs`.

use super::{choose, fill, list, month, own, places, settings, show};
use crate::testing::samples::html;

/// Name and rendered HTML of each page.
pub fn all() -> Vec<(&'static str, String)> {
    vec![
        ("records/choose", html(&choose::ChoosePage::sample())),
        ("records/fill", html(&fill::FillPage::sample())),
        ("records/files", html(&fill::FilesPart::sample())),
        ("records/own", html(&own::OwnPage::sample())),
        ("records/own_show", html(&show::OwnShowPage::sample())),
        ("records/list", html(&list::ListPage::sample())),
        ("records/month", html(&month::MonthPage::sample())),
        ("records/places", html(&places::PlacesPage::sample())),
        ("records/show", html(&show::OfficeShowPage::sample())),
        ("records/kinds", html(&settings::KindsPage::sample())),
    ]
}
