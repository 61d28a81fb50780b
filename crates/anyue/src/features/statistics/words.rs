//! Days in words.

use jiff::civil::Date;

use super::model::Span;
use super::weeks::Week;

/// `6月10日`, with the year when it is not this one.
pub fn day(date: Date, today: Date) -> String {
    let year = if date.year() == today.year() { String::new() } else { format!("{}年", date.year()) };
    format!("{year}{}月{}日", date.month(), date.day())
}

/// `6月10日至6月16日`
pub fn period(from: Date, until: Date, today: Date) -> String {
    if from == until { day(from, today) } else { format!("{}至{}", day(from, today), day(until, today)) }
}

/// First and last day of what is counted.
pub fn days_of(week: &Week, span: Span) -> (Date, Date) {
    match span {
        Span::Week => (week.from, week.until),
        Span::Total => (week.total_from, week.until),
    }
}

/// `第2周（6月10日至6月16日）`; the days alone for a period of one's own.
pub fn week(week: &Week, today: Date) -> String {
    let days = period(week.from, week.until, today);
    if week.is_of_campaign() { format!("第{}周（{days}）", week.no) } else { days }
}
