//! Working days by the State Council's yearly holiday notices.
//!
//! A day is a working day if a notice makes it one (调休上班), or if it is Monday to Friday and no notice gives it
//! off (全国年节及纪念日放假办法 art. 2 and the yearly 国务院办公厅关于…部分节假日安排的通知). In a year whose notice
//! has not been entered Monday to Friday are counted and the answer says so: `known` is false. The last days of
//! a December can still be changed by the next year's notice (31 December 2022 was).

mod file;
mod notice;

use std::collections::BTreeMap;

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

pub use file::HolidayError;
pub use notice::{Holiday, NATIONAL, YearNotice};

/// Counting goes no further than this: 38 years. No statutory period is longer.
const MAX_STEPS: u32 = 10_000;

/// Public holidays and make-up working days.
///
/// ```
/// use calendar::HolidayCalendar;
/// use jiff::civil::date;
///
/// let calendar = HolidayCalendar::bundled();
/// let sunday = date(2023, 6, 25);
/// assert!(calendar.is_working_day(sunday).working);
/// assert_eq!(calendar.day_name(sunday), Some("调休上班"));
/// assert_eq!(calendar.source(sunday), Some("国办发明电〔2022〕16号"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HolidayCalendar {
    /// By year and region.
    notices: BTreeMap<(i16, String), YearNotice>,
    /// The days that the notices name, from all of them.
    days: BTreeMap<Date, NamedDay>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct NamedDay {
    working: bool,
    name: String,
    doc_number: String,
}

/// Whether people work on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkingDay {
    /// They do.
    pub working: bool,
    /// False: the year's notice is not entered, only Monday to Friday was counted.
    pub known: bool,
}

/// A day reached by counting working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The day.
    pub date: Date,
    /// False when a day on the way lay in a year whose notice is not entered.
    pub known: bool,
}

/// A number of working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkingDays {
    /// How many; negative backwards.
    pub days: i32,
    /// False when a day on the way lay in a year whose notice is not entered.
    pub known: bool,
}

impl HolidayCalendar {
    /// The State Council's notices that ship with the program: 2022 to 2026.
    pub fn bundled() -> HolidayCalendar {
        let json = include_str!("../../data/public_holidays.json");

        HolidayCalendar::parse(json).expect("a test reads the bundled file")
    }

    /// Reads a file of the form `anyue.public-holidays/1`, as the operator supplies it: the next year's notice
    /// (`region_code` `CN`) or the days that a region adds (any other code).
    pub fn parse(json: &str) -> Result<HolidayCalendar, HolidayError> {
        Ok(HolidayCalendar::from_notices(file::read(json)?))
    }

    /// Takes over the notices of `other`. For a year and region that both have, `other`'s replaces ours.
    /// A region's days stand above the State Council's.
    pub fn merge(&mut self, other: HolidayCalendar) {
        let ours = std::mem::take(&mut self.notices);

        *self = HolidayCalendar::from_notices(ours.into_values().chain(other.notices.into_values()));
    }

    /// The notices, by year.
    pub fn notices(&self) -> impl Iterator<Item = &YearNotice> {
        self.notices.values()
    }

    /// The number of a year's State Council notice: `国办发明电〔2021〕11号`; `None`: not entered.
    pub fn doc_number(&self, year: i16) -> Option<&str> {
        let notice = self.notices.get(&(year, NATIONAL.to_owned()))?;

        Some(&notice.doc_number)
    }

    /// The number of the notice that decides about a day.
    pub fn source(&self, date: Date) -> Option<&str> {
        match self.days.get(&date) {
            Some(day) => Some(&day.doc_number),
            None => self.doc_number(date.year()),
        }
    }

    /// Whether people work on a day.
    pub fn is_working_day(&self, date: Date) -> WorkingDay {
        match self.days.get(&date) {
            Some(day) => WorkingDay { working: day.working, known: true },
            None => WorkingDay { working: is_weekday(date), known: self.doc_number(date.year()).is_some() },
        }
    }

    /// `端午节`, `中秋节、国庆节`, `调休上班`; `None` for an ordinary day or weekend.
    pub fn day_name(&self, date: Date) -> Option<&str> {
        self.days.get(&date).map(|day| day.name.as_str())
    }

    /// The n-th working day after `date`, which does not count itself (民法典 art. 201); before it when `days` is
    /// negative; for 0 `date`, whatever day it is. `None` beyond 10 000 working days or the end of the calendar.
    pub fn add_working_days(&self, date: Date, days: i32) -> Option<Counted> {
        let mut left = days.unsigned_abs();
        if left > MAX_STEPS {
            return None;
        }
        let mut reached = Counted { date, known: self.is_working_day(date).known };

        while left > 0 {
            reached.date = reached.date.checked_add(days.signum().days()).ok()?;
            let WorkingDay { working, known } = self.is_working_day(reached.date);
            reached.known &= known;
            left -= u32::from(working);
        }

        Some(reached)
    }

    /// How many working days lie after `from`, up to and including `to`. When `to` is earlier: minus those
    /// before `from`, back to and including `to`. So it undoes [`HolidayCalendar::add_working_days`].
    pub fn working_days_between(&self, from: Date, to: Date) -> WorkingDays {
        let (first, last, sign) =
            if from <= to { (from.saturating_add(1.day()), to, 1) } else { (to, from.saturating_sub(1.day()), -1) };
        if from == to {
            return WorkingDays { days: 0, known: self.is_working_day(from).known };
        }

        let weekdays = weekdays_in(first, last);
        let corrections: i32 = self
            .days
            .range(first..=last)
            .map(|(date, day)| i32::from(day.working) - i32::from(is_weekday(*date)))
            .sum();

        WorkingDays { days: sign * (weekdays + corrections), known: self.all_known(first, last) }
    }

    fn from_notices(notices: impl IntoIterator<Item = YearNotice>) -> HolidayCalendar {
        let by_key = notices.into_iter().map(|notice| ((notice.year, notice.region_code.clone()), notice));
        let notices: BTreeMap<_, _> = by_key.collect();

        // What is inserted later stands above: a region's days above the State Council's
        let (national, regional): (Vec<_>, Vec<_>) = notices.values().partition(|n| n.region_code == NATIONAL);
        let mut days = BTreeMap::new();
        for notice in national.into_iter().chain(regional) {
            for (date, working, name) in notice.days() {
                let doc_number = notice.doc_number.clone();
                days.insert(date, NamedDay { working, name: name.to_owned(), doc_number });
            }
        }

        HolidayCalendar { notices, days }
    }

    fn all_known(&self, first: Date, last: Date) -> bool {
        let mut unknown_years = (first.year()..=last.year()).filter(|year| self.doc_number(*year).is_none());

        unknown_years.all(|year| {
            let january = Date::constant(year, 1, 1);
            let (first, last) = (first.max(january), last.min(january.last_of_year()));
            self.days.range(first..=last).count() as i64 == days_in(first, last)
        })
    }
}

fn is_weekday(date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Mondays to Fridays from `first` to `last`.
fn weekdays_in(first: Date, last: Date) -> i32 {
    let days = days_in(first, last) as i32;
    let rest = (days - days % 7..days).map(|n| first.weekday().wrapping_add(n));

    days / 7 * 5 + rest.filter(|day| !matches!(day, Weekday::Saturday | Weekday::Sunday)).count() as i32
}

fn days_in(first: Date, last: Date) -> i64 {
    first.duration_until(last).as_hours() / 24 + 1
}
