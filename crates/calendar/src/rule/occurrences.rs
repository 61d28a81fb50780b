//! The due dates of a rhythm.

use jiff::civil::{Date, DateTime};

use super::{Rhythm, RuleError};

/// More due dates than this are refused: three years of daily reports.
pub const MAX_OCCURRENCES: usize = 1000;

/// One time that something is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The day.
    pub date: Date,
    /// Day and time, Beijing time.
    pub due: DateTime,
    /// First day that the report is about.
    pub period_start: Date,
    /// Last day that the report is about.
    pub period_end: Date,
    /// Names this occurrence of the rule for good.
    pub key: String,
}

pub(super) fn occurrences(_rhythm: &Rhythm, _from: Date, _until: Date) -> Result<Vec<Occurrence>, RuleError> {
    unimplemented!()
}
