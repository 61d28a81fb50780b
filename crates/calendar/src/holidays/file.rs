//! The holiday file: `anyue.public-holidays/1`. An operator types it from the printed notice, so it is checked as
//! such: every refusal names the year and the holiday.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use super::notice::{Holiday, NATIONAL, YearNotice};
use crate::moment::looks_like;

const SCHEMA: &str = "anyue.public-holidays/1";

/// Longer than any holiday so far (9 days, 2026): a typing error.
const LONGEST: i64 = 15;

/// Why a holiday file is refused. `at` names the year and the holiday: `2024年元旦`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HolidayError {
    /// Not JSON, or a field is missing or of the wrong kind.
    #[error("not readable as a holiday file: {0}")]
    Json(String),
    /// Another schema than `anyue.public-holidays/1`.
    #[error("schema is {0:?}, not {SCHEMA:?}")]
    Schema(String),
    /// Other weekly rest days than Saturday and Sunday.
    #[error("weekly_rest must be SAT, SUN")]
    WeeklyRest,
    /// A year that no such notice was ever made for.
    #[error("year {0} is not between 1949 and 2199")]
    Year(i16),
    /// Two entries for one year.
    #[error("year {0} comes twice")]
    YearTwice(i16),
    /// The notice has no number.
    #[error("the notice of {0} has no doc_number")]
    DocNumber(i16),
    /// No date in the form `YYYY-MM-DD`, or not in the calendar.
    #[error("{at}: {value:?} is no date YYYY-MM-DD")]
    Date {
        /// Where.
        at: String,
        /// As written.
        value: String,
    },
    /// A day that lies more than a month outside the year.
    #[error("{at}: {date} is far from the year")]
    Outside {
        /// Where.
        at: String,
        /// The day.
        date: Date,
    },
    /// The last day lies before the first, or more than two weeks after it.
    #[error("{at}: from {from} to {to} is no holiday")]
    Period {
        /// Where.
        at: String,
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// `days` differs from the days counted.
    #[error("{at}: days is {said}, but from and to make {counted}")]
    Days {
        /// Where.
        at: String,
        /// As written.
        said: i64,
        /// From the first day to the last.
        counted: i64,
    },
    /// A make-up working day from Monday to Friday.
    #[error("{at}: make-up working day {date} is no Saturday or Sunday")]
    Makeup {
        /// Where.
        at: String,
        /// The day.
        date: Date,
    },
    /// A day that is named twice.
    #[error("{date} belongs to {first} and to {second}")]
    DayTwice {
        /// The day.
        date: Date,
        /// Where it comes first.
        first: String,
        /// Where it comes again.
        second: String,
    },
}

impl HolidayError {
    /// The message for the person at the screen.
    pub fn zh(&self) -> String {
        match self {
            HolidayError::Json(error) => format!("节假日文件无法读取：{error}"),
            HolidayError::Schema(schema) => format!("节假日文件的schema应为“{SCHEMA}”，现为“{schema}”"),
            HolidayError::WeeklyRest => "每周休息日只能是周六、周日".to_owned(),
            HolidayError::Year(year) => format!("年份{year}不在1949至2199之间"),
            HolidayError::YearTwice(year) => format!("{year}年重复"),
            HolidayError::DocNumber(year) => format!("{year}年的放假通知缺少发文字号"),
            HolidayError::Date { at, value } => format!("{at}：“{value}”不是有效日期，应写成2026-10-01"),
            HolidayError::Outside { at, date } => format!("{at}：{date}不在该年前后一个月内"),
            HolidayError::Period { at, from, to } => format!("{at}：放假起止日期{from}至{to}有误"),
            HolidayError::Days { at, said, counted } => format!("{at}：写明{said}天，起止日期为{counted}天"),
            HolidayError::Makeup { at, date } => format!("{at}：调休上班日{date}不是周六或周日"),
            HolidayError::DayTwice { date, first, second } => format!("{date}同时列入{first}和{second}"),
        }
    }
}

#[derive(Deserialize)]
struct File {
    schema: String,
    #[serde(default = "national")]
    region_code: String,
    weekly_rest: Option<Vec<String>>,
    years: Vec<Year>,
}

#[derive(Deserialize)]
struct Year {
    year: i16,
    doc_number: String,
    issued: Option<String>,
    holidays: Vec<Period>,
}

#[derive(Deserialize)]
struct Period {
    name: String,
    from: String,
    to: String,
    days: Option<i64>,
    #[serde(default)]
    makeup_workdays: Vec<String>,
}

pub(super) fn read(json: &str) -> Result<Vec<YearNotice>, HolidayError> {
    let file: File = serde_json::from_str(json).map_err(|error| HolidayError::Json(error.to_string()))?;
    if file.schema != SCHEMA {
        return Err(HolidayError::Schema(file.schema));
    }
    if file.weekly_rest.is_some_and(|rest| rest != ["SAT", "SUN"]) {
        return Err(HolidayError::WeeklyRest);
    }

    let notices: Vec<YearNotice> =
        file.years.into_iter().map(|year| read_year(year, &file.region_code)).collect::<Result<_, _>>()?;
    check_twice(&notices)?;

    Ok(notices)
}

fn read_year(entry: Year, region_code: &str) -> Result<YearNotice, HolidayError> {
    let year = entry.year;
    if !(1949..=2199).contains(&year) {
        return Err(HolidayError::Year(year));
    }
    if entry.doc_number.trim().is_empty() {
        return Err(HolidayError::DocNumber(year));
    }
    let issued = entry.issued.map(|issued| read_date(&issued, &format!("{year}年"))).transpose()?;
    let holidays = entry.holidays.into_iter().map(|period| read_period(period, year));

    Ok(YearNotice {
        year,
        region_code: region_code.to_owned(),
        doc_number: entry.doc_number,
        issued,
        holidays: holidays.collect::<Result<_, _>>()?,
    })
}

fn read_period(period: Period, year: i16) -> Result<Holiday, HolidayError> {
    let at = format!("{year}年{}", period.name);
    let near = |text: &String| {
        let date = read_date(text, &at)?;
        let around = Date::constant(year - 1, 12, 1)..=Date::constant(year + 1, 1, 31);
        if around.contains(&date) { Ok(date) } else { Err(HolidayError::Outside { at: at.clone(), date }) }
    };

    let (from, to) = (near(&period.from)?, near(&period.to)?);
    let counted = from.duration_until(to).as_hours() / 24 + 1;
    if !(1..=LONGEST).contains(&counted) {
        return Err(HolidayError::Period { at, from, to });
    }
    if let Some(said) = period.days.filter(|said| *said != counted) {
        return Err(HolidayError::Days { at, said, counted });
    }
    let makeup_workdays: Vec<Date> = period.makeup_workdays.iter().map(near).collect::<Result<_, _>>()?;
    let weekend = |date: &&Date| matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    if let Some(date) = makeup_workdays.iter().find(|date| !weekend(date)) {
        return Err(HolidayError::Makeup { at, date: *date });
    }

    Ok(Holiday { name: period.name, from, to, makeup_workdays })
}

fn read_date(text: &str, at: &str) -> Result<Date, HolidayError> {
    let date = if looks_like(text, "0000-00-00") { text.parse().ok() } else { None };

    date.ok_or_else(|| HolidayError::Date { at: at.to_owned(), value: text.to_owned() })
}

fn check_twice(notices: &[YearNotice]) -> Result<(), HolidayError> {
    let mut years = BTreeMap::new();
    let mut days = BTreeMap::new();

    for notice in notices {
        if years.insert(notice.year, ()).is_some() {
            return Err(HolidayError::YearTwice(notice.year));
        }
        for (date, _, name) in notice.days() {
            let second = format!("{}年{name}", notice.year);
            if let Some(first) = days.insert(date, second.clone()) {
                return Err(HolidayError::DayTwice { date, first, second });
            }
        }
    }

    Ok(())
}

fn national() -> String {
    NATIONAL.to_owned()
}
