//! The journeys in headless Chromium, at phone and desktop size, against the real program.
//!
//! `cargo test -p anyue --features testing --test e2e`. Needs chromium and chromedriver. With
//! `ANYUE_PICTURES=FOLDER` the pictures of the README are written there.

mod browser;
mod first_visit;
mod from_notice_to_campaign;
mod link;
mod site;
mod statistics_form;
mod thursday_morning;
mod thursday_upload;
mod without_network;
