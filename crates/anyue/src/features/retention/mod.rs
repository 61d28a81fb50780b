//! How long things are kept (保存期限): the terms, what is due, what went.
//!
//! Words: term 保存期限, class 类别, due 到期, dry run 预演, hold 暂停清理, removal 清理, log 清理记录.
//! Tables owned: `retention_rules`, `retention_holds`, `retention_removals`, `retention_marks`.
//!
//! What a class consists of, how it is found and removed, says the area that owns it
//! ([`Class`](crate::platform::retention::Class)); [`classes`] is their table of contents. Here are the pages, the rules of
//! a town, holds, the nightly run and the log.
//!
//! Invariants
//! * What is shown as due and what a run removes come from one query.
//! * A portion goes in one transaction with its line in the log and its event in the trail; a run that was stopped goes on
//!   where it was.
//! * A shorter term waits for seven days and can be taken back until then; a longer one counts at once.
//! * While a hold stands nothing of its class or campaign goes, by night or by hand.
//! * The log is kept for ever and holds no id, no name and no text of what went: numbers and a hash.
//! * The trail is never cut.

mod classes;
mod holds;
mod kept;
mod list;
mod log;
mod rule;
mod run;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
mod show;
mod store;
#[cfg(test)]
mod tests;
mod words;

pub use run::{NIGHT, RUN, carry_out, carry_out_night, plan_all};

use crate::features::accounts::api as accounts;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::web::{Access, Routes};

/// The routes of this area.
pub fn routes() -> Routes {
    let view = Access::Can(Permission::RetentionView);
    let edit = Access::Can(Permission::RetentionEdit);
    Routes::new()
        .get("/retention", view, list::page)
        .get("/retention/log", view, log::page)
        .get("/retention/log.csv", view, log::export)
        .get("/retention/holds", view, holds::page)
        .post("/retention/holds", edit, holds::begin)
        .post("/retention/holds/{id}/end", edit, holds::end)
        .get("/retention/classes/{code}", view, show::page)
        .post("/retention/classes/{code}", edit, rule::set)
        .post("/retention/classes/{code}/undo", edit, rule::undo)
        .post("/retention/classes/{code}/run", edit, run::ask)
        .get("/retention/classes/{code}/due.csv", view, show::export)
}

/// Terms hold for the whole town: only at the top of its tree they are seen and set.
///
/// # Errors
/// [`Error::Forbidden`]
fn require(actor: &Actor, permission: Permission) -> Result<()> {
    actor.require_anywhere(permission)?;
    if accounts::whole_town(&actor.scope(permission)) {
        Ok(())
    } else {
        Err(Error::Forbidden("保存期限由全镇（辖区）的系统管理员设置。".to_owned()))
    }
}
