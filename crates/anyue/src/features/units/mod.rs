//! Units (单位): the tree of everything that receives duties, from the autonomous region down to a workshop.
//!
//! Words: unit 单位, kind 单位类型, subtree 下属单位, principal 主要负责人.
//! Tables owned: `units`, `unit_bigrams`, `unit_changes`, `unit_imports`, `liaisons`.
//!
//! Invariants
//! * A unit's `path` is the path of its parent followed by its own id and `/`; a subtree is a prefix.
//! * Active siblings have different names; active units have different numbers (`code`).
//! * A unit is never deleted: it is closed, or merged into another, and keeps its history. Only an import is
//!   taken back whole, while nothing hangs on what it brought.
//! * A unit has at most one present liaison; past ones keep their dates.

pub mod api;
pub mod facts;
pub mod history;
pub mod industries;
pub mod liaison;
pub mod model;
pub mod new;
pub mod store;
mod top;

use crate::platform::web::Routes;

/// The routes of this area.
pub fn routes() -> Routes {
    Routes::new()
}
