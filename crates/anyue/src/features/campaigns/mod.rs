//! Campaigns (活动): an official notice comes in, is confirmed, and goes out as dated duties for every receiver.
//!
//! Words: campaign 活动, activity 活动项目, receiver 接收单位, publish 发布, amend 修改通知, edition 第几版,
//! pass on 转发, close 结束, year copy 沿用去年.
//! Tables owned: `campaigns`, `activities`, `campaign_receivers`, `campaign_changes`.
//!
//! Invariants
//! * The text and plan of an imported notice stay as they were read; the clerk edits what was made of them.
//! * Nobody receives anything before publication, and an amendment changes nothing before it is published.
//! * A campaign is published only with receivers, and with clause, purpose and time kept for all evidence.
//! * Publication is one transaction: state, receivers, occurrences, messages, one event.
//! * Every edition after the first has one row in `campaign_changes` that tells the receivers what changed.

mod addressed;
mod amend;
pub mod api;
mod by_hand;
mod changes;
mod clauses;
mod close;
mod confirm;
mod content;
mod derive;
mod difference;
mod discard;
mod draft;
mod duty_form;
mod edit;
mod forms;
mod import;
mod json;
mod list;
pub mod model;
mod plan;
mod publish;
mod receivers;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
mod show;
mod store;
#[cfg(test)]
mod tests;

use crate::platform::auth::Permission;
use crate::platform::web::{Access, Routes};

/// The office, and liaisons for what they pass on.
const WRITE: Access = Access::CanAny(&[Permission::CampaignEdit, Permission::CampaignPassOn]);

/// The routes of this area.
pub fn routes() -> Routes {
    let office = Access::Can(Permission::CampaignEdit);
    let view = Access::CanAny(&[Permission::CampaignView, Permission::CampaignPassOn]);
    let read = Access::CanAny(&[Permission::CampaignView, Permission::WorkOwn]);
    Routes::new()
        .get("/campaigns", Access::Can(Permission::CampaignView), list::page)
        .get("/campaigns/export", Access::Can(Permission::CampaignView), list::export)
        .get("/campaigns/new", office, by_hand::page)
        .post("/campaigns/new", office, by_hand::submit)
        .get("/campaigns/import", office, import::page)
        .post("/campaigns/import", office, import::submit)
        .get("/campaigns/{id}/confirm", WRITE, confirm::page)
        .post("/campaigns/{id}/confirm/head", WRITE, changes::head)
        .post("/campaigns/{id}/confirm/text", WRITE, changes::text)
        .post("/campaigns/{id}/confirm/decide", WRITE, changes::decide)
        .post("/campaigns/{id}/activities", WRITE, changes::add_activity)
        .post("/campaigns/{id}/activities/{activity_id}", WRITE, changes::activity)
        .post("/campaigns/{id}/activities/{activity_id}/{step}", WRITE, changes::step_activity)
        .post("/campaigns/{id}/duties", WRITE, changes::add_duty)
        .post("/campaigns/{id}/duties/{duty_id}", WRITE, changes::duty)
        .post("/campaigns/{id}/duties/{duty_id}/narrow", WRITE, changes::narrow)
        .post("/campaigns/{id}/duties/{duty_id}/{step}", WRITE, changes::step_duty)
        .get("/campaigns/{id}/receivers", WRITE, receivers::page)
        .post("/campaigns/{id}/receivers", WRITE, receivers::save)
        .get("/campaigns/{id}/publish", WRITE, publish::page)
        .post("/campaigns/{id}/publish", WRITE, publish::submit)
        .get("/campaigns/{id}", view, show::page)
        .get("/campaigns/{id}/files/{file_id}", read, show::file)
        .post("/campaigns/{id}/amend", WRITE, amend::begin)
        .post("/campaigns/{id}/amend/discard", WRITE, amend::discard)
        .post("/campaigns/{id}/discard", WRITE, discard::submit)
        .get("/campaigns/{id}/close", WRITE, close::page)
        .post("/campaigns/{id}/close", WRITE, close::submit)
        .post("/campaigns/{id}/copy", office, derive::copy)
        .post("/work/campaigns/{id}/pass-on", WRITE, derive::pass_on_page)
        .get("/api/v1/campaigns", read, json::list)
        .get("/api/v1/campaigns/{id}", read, json::show)
        .post("/api/v1/campaigns/import", office, json::import)
        .post("/api/v1/campaigns/{id}/publish", WRITE, json::publish)
}
