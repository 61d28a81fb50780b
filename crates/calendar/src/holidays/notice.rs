//! One year's holiday notice.

use jiff::{ToSpan, civil::Date};

/// The region code of the State Council's notices.
pub const NATIONAL: &str = "CN";

/// One year's notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearNotice {
    /// The year that it arranges. Its days may reach into the neighbouring years.
    pub year: i16,
    /// [`NATIONAL`], or the code of the region that adds days of its own.
    pub region_code: String,
    /// Its number: `国办发明电〔2021〕11号`.
    pub doc_number: String,
    /// When it was issued.
    pub issued: Option<Date>,
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

impl YearNotice {
    /// Every day it names: the date, whether it is worked, and its name.
    pub(super) fn days(&self) -> impl Iterator<Item = (Date, bool, &str)> {
        self.holidays.iter().flat_map(|holiday| {
            let off = holiday.days().map(|date| (date, false, holiday.name.as_str()));
            let worked = holiday.makeup_workdays.iter().map(|date| (*date, true, "调休上班"));
            off.chain(worked)
        })
    }
}

impl Holiday {
    /// Its days off.
    pub fn days(&self) -> impl Iterator<Item = Date> + use<> {
        let to = self.to;

        self.from.series(1.day()).take_while(move |date| *date <= to)
    }
}
