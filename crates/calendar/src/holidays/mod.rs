//! Working days by the State Council's yearly holiday notices.

mod file;

pub use file::HolidayError;

use std::collections::BTreeMap;

use jiff::civil::Date;

/// Public holidays and make-up working days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HolidayCalendar {
    notices: BTreeMap<(i16, String), YearNotice>,
}

/// One year's notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearNotice {
    /// The year that it arranges.
    pub year: i16,
    /// `CN` for the State Council's, else the region that adds days of its own.
    pub region_code: String,
    /// Its number: `国办发明电〔2021〕11号`.
    pub doc_number: String,
    /// Its holidays.
    pub holidays: Vec<Holiday>,
}

/// One holiday period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// `端午节`, `中秋节、国庆节`
    pub name: String,
    /// First day off.
    pub from: Date,
    /// Last day off.
    pub to: Date,
    /// Weekend days worked in exchange (调休上班).
    pub makeup_workdays: Vec<Date>,
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
    /// The notices that ship with the program.
    pub fn bundled() -> HolidayCalendar {
        unimplemented!()
    }

    /// Reads a file of the form `anyue.public-holidays/1`.
    pub fn parse(_json: &str) -> Result<HolidayCalendar, HolidayError> {
        unimplemented!()
    }

    /// Takes over the notices of `other`; for a year and region that both have, `other`'s replaces ours.
    pub fn merge(&mut self, other: HolidayCalendar) {
        self.notices.extend(other.notices);
    }

    /// The notices, by year.
    pub fn notices(&self) -> impl Iterator<Item = &YearNotice> {
        self.notices.values()
    }

    /// The number of a year's State Council notice.
    pub fn doc_number(&self, _year: i16) -> Option<&str> {
        unimplemented!()
    }

    /// Whether people work on a day.
    pub fn is_working_day(&self, _date: Date) -> WorkingDay {
        unimplemented!()
    }

    /// The n-th working day after `date` (before it, when negative); `date` itself for 0.
    pub fn add_working_days(&self, _date: Date, _days: i32) -> Option<Counted> {
        unimplemented!()
    }

    /// How many working days after `from`, up to and including `to`.
    pub fn working_days_between(&self, _from: Date, _to: Date) -> WorkingDays {
        unimplemented!()
    }

    /// `端午节`, `调休上班`; `None` for an ordinary day.
    pub fn day_name(&self, _date: Date) -> Option<&str> {
        unimplemented!()
    }
}
