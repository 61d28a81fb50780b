//! Duties with a rhythm: 每周四12:00前, 每月10日、20日、30日前, 随时.
//!
//! Written with the keys of RFC 5545 (`FREQ INTERVAL BYMONTH BYMONTHDAY BYDAY`), then `TIME=HH:MM`,
//! `PART=AM` or `PART=PM` for the time of day; `ADHOC` for 随时.

mod error;
mod occurrences;
mod phrase;
mod text;

use jiff::civil::{Date, Time, Weekday};

pub use error::RuleError;
pub use occurrences::{MAX_OCCURRENCES, Occurrence};

use crate::{AFTERNOON_ENDS, END_OF_DAY, MORNING_ENDS};

/// When something is due again and again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// `ADHOC`: whenever there is something to report (随时, 及时, 第一时间).
    AdHoc,
    /// With a rhythm.
    Repeating(Rhythm),
}

/// A rhythm that makes sense; made by [`Rule::repeating`] or by parsing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rhythm(RuleParts);

/// What a rhythm consists of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RuleParts {
    /// `FREQ`
    pub freq: Freq,
    /// `INTERVAL`: every n-th day, week, month, year; 1 to 366.
    pub interval: u16,
    /// `BYMONTH`: 1 to 12. For [`Freq::Yearly`] the months it falls in, else the months it is limited to.
    pub by_month: Vec<i8>,
    /// `BYMONTHDAY`: 1 to 31, a day past the month's end means its last day; -1 to -28 from the end.
    pub by_month_day: Vec<i8>,
    /// `BYDAY`
    pub by_day: Vec<ByDay>,
    /// `TIME` or `PART`
    pub due: Due,
}

/// `FREQ`
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Freq {
    /// `DAILY`
    Daily,
    /// `WEEKLY`
    Weekly,
    /// `MONTHLY`
    Monthly,
    /// `YEARLY`
    Yearly,
}

/// A weekday, or the n-th one of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ByDay {
    /// `2` in `2SU` (第二个周日), `-1` for the last one; `None`: every one.
    pub ordinal: Option<i8>,
    /// The weekday.
    pub weekday: Weekday,
}

/// The time of day that a duty is due at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Due {
    /// No time is said: by the end of the day.
    EndOfDay,
    /// `PART=AM`: 上午, 上午下班前.
    Morning,
    /// `PART=PM`: 下午, 下班前.
    Afternoon,
    /// `TIME=HH:MM`
    At(Time),
}

impl Rule {
    /// A rule with a rhythm, put in order; refused when the parts contradict each other.
    pub fn repeating(parts: RuleParts) -> Result<Rule, RuleError> {
        Ok(Rule::Repeating(Rhythm(parts)))
    }

    /// Its due dates from `from` to `until`, both included.
    pub fn occurrences(&self, from: Date, until: Date) -> Result<Vec<Occurrence>, RuleError> {
        match self {
            Rule::AdHoc => Ok(Vec::new()),
            Rule::Repeating(rhythm) => occurrences::occurrences(rhythm, from, until),
        }
    }

    /// For people: `每周四 12:00前`.
    pub fn phrase(&self) -> String {
        phrase::phrase(self)
    }
}

impl Rhythm {
    /// What it consists of.
    pub fn parts(&self) -> &RuleParts {
        &self.0
    }
}

impl RuleParts {
    /// Every day, week, month or year, at no special day or time.
    pub fn every(freq: Freq) -> RuleParts {
        RuleParts {
            freq,
            interval: 1,
            by_month: Vec::new(),
            by_month_day: Vec::new(),
            by_day: Vec::new(),
            due: Due::EndOfDay,
        }
    }
}

impl Due {
    /// The clock time: as said, else the end of the morning, of the working day, of the day.
    pub fn time(self) -> Time {
        match self {
            Due::EndOfDay => END_OF_DAY,
            Due::Morning => MORNING_ENDS,
            Due::Afternoon => AFTERNOON_ENDS,
            Due::At(time) => time,
        }
    }
}
