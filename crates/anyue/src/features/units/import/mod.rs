//! Taking over units from a table (xlsx, csv).
//!
//! A table is *read* ([`rows`]) into rows of text, *planned* ([`plan`]) against the units there are, shown,
//! and *applied* ([`apply`]): the good rows, in one transaction. Between showing and applying the rows wait in
//! the account's drafts; the plan is made anew when it is applied, and shown again if it has become another.
//! The last import can be taken back ([`undo`]) while nothing hangs on it.
//!
//! Natural key of a row: the number (编号) if given, else the name below its parent. So the same table taken
//! over twice changes nothing.

pub mod apply;
pub mod plan;
pub mod preview;
pub mod rows;
pub mod template;
pub mod undo;
pub mod upload;
