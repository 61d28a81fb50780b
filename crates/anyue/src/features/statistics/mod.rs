//! The statistics form (附件2, 活动进展情况统计表): filled from the records, week by week.
//!
//! Words: form 统计表, row 活动项目, slot 指标, week 本周, total 累计, correction 更正, freeze 冻结, edition 第几次冻结.
//! Tables owned: `statistics_forms`, `statistics_corrections`, `statistics_freezes`.
//!
//! Invariants
//! * A figure is the sum of the records that its page lists; only accepted records count, reported ones stand apart.
//! * Every record counts once in any part of the tree; a joint record stands at each unit that held it.
//! * 0 was stated, by a record or by a zero report; what nobody stated is empty.
//! * A correction keeps both numbers, who, when and why; it is taken back, never changed.
//! * A frozen form never changes: its bytes are those of its SHA-256. Later changes are told beside it.
//! * The form is the built-in one, with a town's own changes of a year laid over it.

pub mod api;
mod behind;
mod changes;
mod charts;
mod correct;
pub mod document;
mod export;
pub mod form;
mod freeze;
pub mod json;
pub mod load;
pub mod model;
mod own;
pub mod paper;
mod printed;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
mod seen;
mod settings;
pub mod sheet;
mod show;
mod store;
mod summary;
pub mod weeks;
mod words;

#[cfg(test)]
mod tests;

use crate::platform::auth::Permission;
use crate::platform::web::{Access, Routes};

const VIEW: Access = Access::Can(Permission::StatisticsView);
const EDIT: Access = Access::Can(Permission::StatisticsEdit);
const OWN: Access = Access::Can(Permission::WorkOwn);
const READ: Access = Access::CanAny(&[Permission::StatisticsView, Permission::WorkOwn]);

/// The routes of this area.
pub fn routes() -> Routes {
    Routes::new()
        .get("/statistics", VIEW, show::page)
        .get("/statistics/summary", VIEW, summary::page)
        .get("/statistics/summary/{format}", VIEW, printed::summary)
        .get("/statistics/charts", VIEW, charts::page)
        .get("/statistics/export/{format}", VIEW, export::file)
        .get("/statistics/records", VIEW, behind::office)
        .get("/statistics/correct", EDIT, correct::page)
        .post("/statistics/correct", EDIT, correct::submit)
        .post("/statistics/corrections/{id}/take-back", EDIT, correct::take_back_submit)
        .post("/statistics/freeze", EDIT, freeze::submit)
        .get("/statistics/frozen/{id}", VIEW, freeze::download)
        .get("/statistics/changes", VIEW, changes::page)
        .get("/statistics/form", EDIT, settings::page)
        .post("/statistics/form", EDIT, settings::head_submit)
        .post("/statistics/form/rows/{code}", EDIT, settings::row_submit)
        .post("/statistics/form/slots/{code}", EDIT, settings::slot_submit)
        .post("/statistics/form/{part}/{code}/{step}", EDIT, settings::move_submit)
        .get("/work/statistics", OWN, own::page)
        .get("/work/statistics/export/{format}", OWN, printed::own)
        .get("/work/statistics/records", OWN, behind::own)
        .get("/api/v1/statistics", READ, json::show)
        .get("/api/v1/statistics/records", READ, json::records)
}
