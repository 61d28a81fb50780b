//! Every page of this area with invented content, for `tests/templates.rs`.

use super::{bulk, join, list, new, own, settings, setup, show, signin, trail, unsent, work};
use crate::testing::samples::html;

/// Name and rendered HTML of each page.
pub fn all() -> Vec<(&'static str, String)> {
    let [me_in_console, me_in_workspace] = own::sample_in_frames(&own::me::MeBody::sample());
    let [sessions, _] = own::sample_in_frames(&own::sessions::SessionsBody::sample());
    let [tokens, _] = own::sample_in_frames(&own::tokens::TokensBody::sample());
    vec![
        ("accounts/signin", html(&signin::SigninPage::sample())),
        ("accounts/unsent", html(&unsent::UnsentPage::sample())),
        ("accounts/join", html(&join::JoinPage::sample())),
        ("accounts/join_gone", html(&join::GonePage::sample())),
        ("accounts/setup", html(&setup::SetupPage::sample())),
        ("accounts/setup_done", html(&setup::DonePage::sample())),
        ("accounts/setup_gone", html(&setup::GonePage::sample())),
        ("accounts/list", html(&list::ListPage::sample())),
        ("accounts/new", html(&new::NewPage::sample())),
        ("accounts/slips", html(&new::SlipsPage::sample())),
        ("accounts/bulk", html(&bulk::BulkPage::sample())),
        ("accounts/show", html(&show::AccountPage::sample())),
        ("accounts/me", me_in_console),
        ("accounts/me_in_workspace", me_in_workspace),
        ("accounts/sessions", sessions),
        ("accounts/tokens", tokens),
        ("accounts/trail", html(&trail::TrailPage::sample())),
        ("accounts/settings", html(&settings::SettingsPage::sample())),
        ("accounts/jobs", html(&work::JobsPage::sample())),
    ]
}
