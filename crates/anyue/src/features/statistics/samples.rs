//! Every page of this area with invented content, for `tests/templates.rs`.

use super::{behind, changes, charts, correct, own, settings, show, summary};
use crate::testing::samples::html;

/// Name and rendered HTML of each page.
pub fn all() -> Vec<(&'static str, String)> {
    let sentence = show::ShowPage {
        paper: Some(super::paper::Paper { layout: super::form::Layout::Sentence, ..show::sample_paper() }),
        ..show::ShowPage::sample()
    };
    let [list, row, head] = settings::SettingsPage::samples();
    vec![
        ("statistics/settings", html(&list)),
        ("statistics/settings_row", html(&row)),
        ("statistics/settings_head", html(&head)),
        ("statistics/settings_slot", html(&settings::SettingsPage::sample())),
        ("statistics/show", html(&show::ShowPage::sample())),
        ("statistics/show_sentence", html(&sentence)),
        ("statistics/correct", html(&correct::CorrectPage::sample())),
        ("statistics/changes", html(&changes::ChangesPage::sample())),
        ("statistics/summary", html(&summary::SummaryPage::sample())),
        ("statistics/charts", html(&charts::ChartsPage::sample())),
        ("statistics/own", html(&own::OwnPage::sample())),
        ("statistics/behind", html(&behind::BehindPage::sample())),
        ("statistics/own_behind", html(&behind::OwnBehindPage::sample())),
    ]
}
