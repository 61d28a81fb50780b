//! The archive of a campaign (活动档案): everything of it in one file to be kept, signed, and checked without us.
//!
//! Words: archive 档案, clean copy 网页副本, original 原件, list 清单, seal 签名.
//! Tables owned: `archives`.
//!
//! Asked for on `/campaigns/{id}/archive`, made in the background ([`build`], in the lane of long work) as a zip without
//! compression in the folder `archives` of the data folder, offered for the term of the class [`api::KEPT`] (14 days unless the town says otherwise), then removed by the nightly run.
//!
//! | path in it | what |
//! | --- | --- |
//! | `说明.txt` | what this is, how it is checked |
//! | `通知/` | the notice, its files, its plan, its changes |
//! | `各单位/UNIT/WEEK/` | records and what was handed in: texts, receipts, `照片` (clean copies), `原件`, `文件` |
//! | `统计表/` | frozen forms byte for byte, and their workbooks |
//! | `索引.xlsx` | units, duties, what was handed in, records, files with SHA-256, frozen forms, corrections |
//! | `清单.json`, `签名.txt` | path, size, SHA-256 of all of it ([`seal::Manifest`]), and its signature |
//!
//! Invariants
//! * An archive is offered only when it is whole: every content was there and was what its hash says.
//! * Asking again for what is being made gives the same archive.
//! * Originals go only to people who review; whoever may only look gets archives of clean copies.
//! * What is read is named in [`gather`]: nothing of a tipster can be in it.
//! * Memory does not grow with the files: contents pass through in pieces.
//! * Each request, each archive made or removed, and each download leaves an event.

pub mod api;
mod build;
mod check;
mod download;
mod gather;
mod hand_ins;
mod index;
mod model;
mod notice;
mod paths;
mod progress;
mod remove;
mod request;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
mod show;
mod store;
#[cfg(test)]
mod tests;
mod writer;

pub use build::{BUILD, carry_out};

use crate::platform::auth::Permission;
use crate::platform::web::{Access, Routes};

/// The routes of this area.
pub fn routes() -> Routes {
    let view = Access::Can(Permission::DutyView);
    let office = Access::Can(Permission::DutyReview);
    Routes::new()
        .get("/campaigns/{id}/archive", view, show::page)
        .post("/campaigns/{id}/archive", office, request::submit)
        .get("/campaigns/{id}/archive/list", view, show::list)
        .get("/campaigns/{id}/archive/{archive_id}", view, download::file)
        .post("/campaigns/{id}/archive/{archive_id}/remove", office, remove::submit)
}
