//! Reports (报送): what a unit hands in together with the activity records that say what it did, and the receipt for it.
//!
//! Words: report 报送, zero report 零报告（本周无活动）, report item 报送的一项, ad-hoc report 随时报送, answer by a record
//! 用活动记录答复.
//! Tables owned: `report_items`.
//!
//! A duty with a rhythm (周报) *gathers*: the records of its period go along by themselves; those from before it that
//! were never reported are offered beside them, not ticked. Other duties that ask for something held (随时报送,
//! 参加活动, 落实, and 报送 whose clause is an activity) take the records that the unit *chooses*. With at least one
//! record no text is asked for: the record says what was done.
//!
//! Invariants
//! * One press hands in the text, the files and the records; everything is written in one transaction, the receipt with
//!   it, and only when every file is whole.
//! * What was sent stays: a report item keeps the record's version, content and hash.
//! * A joint record is shown at every unit that held it and goes along there, but its host alone reports it.
//! * Accepting a report accepts its records that still wait; what has been accepted is not asked for again.
//! * A report is not accepted while one of its records waits for correction.

pub mod api;
mod cards;
mod gather;
mod hand_in;
mod items;
mod model;
mod review;
mod store;
#[cfg(test)]
mod tests;
