//! Every page of this area renders, and a copy goes to `ANYUE_PAGES` when that is set, to be looked at.

use askama::Template;

use crate::features::accounts::{bulk, join, list, new, own, settings, setup, show, signin, trail, work};

fn check(name: &str, page: &impl Template) {
    let html = page.render().unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(!html.contains("style=\"") && !html.contains(" onclick="), "{name}");
    if let Ok(folder) = std::env::var("ANYUE_PAGES") {
        std::fs::write(format!("{folder}/{name}.html"), html).unwrap();
    }
}

#[test]
fn every_page_renders() {
    check("signin", &signin::SigninPage::sample());
    check("join", &join::JoinPage::sample());
    check("join_gone", &join::GonePage::sample());
    check("setup", &setup::SetupPage::sample());
    check("setup_done", &setup::DonePage::sample());
    check("setup_gone", &setup::GonePage::sample());
    check("list", &list::ListPage::sample());
    check("new", &new::NewPage::sample());
    check("slips", &new::SlipsPage::sample());
    check("bulk", &bulk::BulkPage::sample());
    check("show", &show::AccountPage::sample());
    check("me", &own::me::MeBody::sample());
    check("sessions", &own::sessions::SessionsBody::sample());
    check("tokens", &own::tokens::TokensBody::sample());
    check("trail", &trail::TrailPage::sample());
    check("settings", &settings::SettingsPage::sample());
    check("api", &crate::api::page::ApiPage::sample());
    check("jobs", &work::JobsPage::sample());
}
