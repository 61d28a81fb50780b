//! Every page of this area with invented content, for `tests/templates.rs`.

use super::{acknowledgements, board, chooser, decide, duty, liaisons, remind, submission, unit};
use crate::testing::samples::html;

/// Name and rendered HTML of each page.
pub fn all() -> Vec<(&'static str, String)> {
    vec![
        ("boards/acknowledgements", html(&acknowledgements::AcknowledgementsPage::sample())),
        ("boards/board", html(&board::BoardPage::sample())),
        ("boards/board_body", html(&board::BoardBody::sample())),
        ("boards/chooser", html(&chooser::ChooserPage::sample())),
        ("boards/decide", html(&decide::DecidePage::sample())),
        ("boards/duty", html(&duty::DutyPage::sample())),
        ("boards/liaisons", html(&liaisons::LiaisonsPage::sample())),
        ("boards/remind", html(&remind::RemindPage::sample())),
        ("boards/submission", html(&submission::SubmissionPage::sample())),
        ("boards/unit", html(&unit::UnitPage::sample())),
    ]
}
