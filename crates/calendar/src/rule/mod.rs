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
///
/// ```
/// use calendar::{Due, Freq, Rule, RuleParts};
///
/// let monthly = RuleParts { by_month_day: vec![-1, 20, 10], due: Due::Morning, ..RuleParts::every(Freq::Monthly) };
/// assert_eq!(Rule::repeating(monthly).unwrap().to_string(), "FREQ=MONTHLY;BYMONTHDAY=10,20,-1;PART=AM");
/// ```
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
    pub fn repeating(mut parts: RuleParts) -> Result<Rule, RuleError> {
        parts.check_values()?;
        parts.check_together()?;

        parts.by_month.sort_unstable();
        parts.by_month.dedup();
        parts.by_month_day.sort_unstable_by_key(|day| (*day < 0, *day));
        parts.by_month_day.dedup();
        parts.by_day.sort_unstable_by_key(|day| day.order());
        parts.by_day.dedup();

        Ok(Rule::Repeating(Rhythm(parts)))
    }

    /// Its due dates from `from` to `until`, both included, in order; none for [`Rule::AdHoc`].
    ///
    /// *With named days* (`BYDAY`, `BYMONTHDAY`) as RFC 5545 has it: `INTERVAL` counts from the day, the week
    /// (from Monday), month or year of `from`. Unlike there, a day past the month's end means its last day.
    /// The fifth Sunday of a month with four is left out.
    ///
    /// *Without named days* (每周, 每月, 每季度) the duty is due at the end of each span: a calendar week's
    /// Sunday, a month's, quarter's, half-year's, year's last day, or `until` if the last span goes on beyond
    /// it. `MONTHLY` spans of 2, 3, 4, 6 and 12 months follow the calendar year; any others, and `DAILY`,
    /// `WEEKLY` and `YEARLY` spans with an `INTERVAL`, begin with the day, week, month or year of `from`.
    ///
    /// `BYMONTH` drops due dates in other months.
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

impl RuleParts {
    fn check_values(&self) -> Result<(), RuleError> {
        let refuse = |key, value: String| Err(RuleError::Value { key, value });

        if !(1..=366).contains(&self.interval) {
            return refuse("INTERVAL", self.interval.to_string());
        }
        if let Some(month) = self.by_month.iter().find(|month| !(1..=12).contains(*month)) {
            return refuse("BYMONTH", month.to_string());
        }
        // -29 would not exist in February, and nobody writes it
        if let Some(day) = self.by_month_day.iter().find(|day| !matches!(day, -28..=-1 | 1..=31)) {
            return refuse("BYMONTHDAY", day.to_string());
        }
        if let Some(day) = self.by_day.iter().find(|day| !matches!(day.ordinal, None | Some(-5..=-1 | 1..=5))) {
            return refuse("BYDAY", day.to_string());
        }
        match self.due {
            Due::At(time) if time != Time::constant(time.hour(), time.minute(), 0, 0) => {
                refuse("TIME", time.to_string())
            }
            _ => Ok(()),
        }
    }

    fn check_together(&self) -> Result<(), RuleError> {
        let freq = match self.freq {
            Freq::Daily => Some("FREQ=DAILY"),
            Freq::Weekly => Some("FREQ=WEEKLY"),
            Freq::Monthly | Freq::Yearly => None,
        };
        let refuse = |a, b| Err(RuleError::NotTogether(a, b));

        match freq {
            Some(freq) if !self.by_month_day.is_empty() => return refuse(freq, "BYMONTHDAY"),
            Some(freq) if self.by_day.iter().any(|day| day.ordinal.is_some()) => {
                return refuse(freq, "BYDAY=2SU");
            }
            _ => {}
        }
        if self.freq == Freq::Daily && self.interval > 1 && !self.by_day.is_empty() {
            return refuse("INTERVAL", "BYDAY");
        }
        if !self.by_month_day.is_empty() && !self.by_day.is_empty() {
            return refuse("BYMONTHDAY", "BYDAY");
        }
        if self.freq == Freq::Yearly && self.names_days() && self.by_month.is_empty() {
            return Err(RuleError::MonthMissing);
        }

        Ok(())
    }

    fn names_days(&self) -> bool {
        !self.by_month_day.is_empty() || !self.by_day.is_empty()
    }
}

impl ByDay {
    /// Plain weekdays, then first to fifth, then from the end; Monday first.
    fn order(self) -> (i8, i8, i8) {
        let ordinal = self.ordinal.unwrap_or(0);

        (i8::from(ordinal < 0), ordinal, self.weekday.to_monday_zero_offset())
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
