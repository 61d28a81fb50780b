//! The due dates of a rhythm.

use jiff::{
    ToSpan,
    civil::{Date, DateTime},
};

use super::{Freq, Rhythm, RuleError, RuleParts};

/// More due dates than this are refused: nearly three years of daily reports.
pub const MAX_OCCURRENCES: usize = 1000;

/// One time that something is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The day.
    pub date: Date,
    /// Day and time, Beijing time.
    pub due: DateTime,
    /// First day that the report is about: the day after the previous due date; the first time, `from`.
    pub period_start: Date,
    /// Last day that the report is about: [`Occurrence::date`]. What comes after the last one is nobody's.
    pub period_end: Date,
    /// Names this occurrence of the rule, also after `from` or `until` has been moved: the date (`2022-06-16`)
    /// where the rule names days, else the span: `2022-W24`, `2022-06`, `2022-Q2`, `2022-H1`, `2022`;
    /// other spans by their first part and length: `2022-W22x2`.
    pub key: String,
}

/// A due date that has not got its period yet.
struct DueDate {
    date: Date,
    key: String,
}

pub(super) fn occurrences(rhythm: &Rhythm, from: Date, until: Date) -> Result<Vec<Occurrence>, RuleError> {
    let parts = rhythm.parts();
    let mut period_start = from;
    let mut found = Vec::new();

    for DueDate { date, key } in due_dates(parts, from, until) {
        if found.len() == MAX_OCCURRENCES {
            return Err(RuleError::TooMany);
        }
        let due = date.to_datetime(parts.due.time());
        found.push(Occurrence { date, due, period_start, period_end: date, key });
        period_start = date.saturating_add(1.day());
    }

    Ok(found)
}

fn due_dates(parts: &RuleParts, from: Date, until: Date) -> Box<dyn Iterator<Item = DueDate> + '_> {
    let spans: Box<dyn Iterator<Item = Span>> = match parts.freq {
        Freq::Daily => Box::new(daily(parts, from)),
        Freq::Weekly => Box::new(weekly(parts, from)),
        Freq::Monthly => Box::new(monthly(parts, from)),
        Freq::Yearly => Box::new(yearly(parts, from)),
    };

    let dates = spans
        .take_while(move |span| span.first <= until)
        .flat_map(move |span| if parts.names_days() { named_days(parts, &span) } else { vec![last_day(span, until)] })
        .filter(move |due| from <= due.date && due.date <= until)
        .filter(|due| parts.by_month.is_empty() || parts.by_month.contains(&due.date.month()));
    Box::new(dates)
}

/// A stretch of the calendar that has its own due dates. With named days it is one week or month (the next
/// begins `INTERVAL` later), without it is as long as `INTERVAL` says.
struct Span {
    first: Date,
    last: Date,
    key: String,
}

fn daily(parts: &RuleParts, from: Date) -> impl Iterator<Item = Span> + use<> {
    let length = i64::from(parts.interval);

    (0i64..).map_while(move |n| {
        let first = from.checked_add((n * length).days()).ok()?;
        Some(Span { first, last: first.saturating_add((length - 1).days()), key: key(first.to_string(), length) })
    })
}

fn weekly(parts: &RuleParts, from: Date) -> impl Iterator<Item = Span> + use<> {
    let step = i64::from(parts.interval);
    let length = if parts.names_days() { 1 } else { step };
    let monday = from.saturating_sub(from.weekday().to_monday_zero_offset().days());

    (0i64..).map_while(move |n| {
        let first = monday.checked_add((n * step).weeks()).ok()?;
        let week = first.iso_week_date();
        let name = format!("{:04}-W{:02}", week.year(), week.week());
        Some(Span { first, last: first.saturating_add((7 * length - 1).days()), key: key(name, length) })
    })
}

fn monthly(parts: &RuleParts, from: Date) -> impl Iterator<Item = Span> + use<> {
    let step = i32::from(parts.interval);
    let length = if parts.names_days() { 1 } else { step };
    let from_month = i32::from(from.year()) * 12 + i32::from(from.month()) - 1;
    let calendar_year = !parts.names_days() && 12 % step == 0;
    let start = if calendar_year { from_month.div_euclid(step) * step } else { from_month };

    (0i32..).map_while(move |n| months(start + n * step, length))
}

fn yearly(parts: &RuleParts, from: Date) -> impl Iterator<Item = Span> + use<> {
    let step = i32::from(parts.interval);
    let by_month = parts.by_month.clone();

    let years = (0i32..).map(move |n| (i32::from(from.year()) + n * step) * 12);
    years
        .map_while(move |january| {
            let spans: Vec<Span> = if by_month.is_empty() {
                vec![months(january, 12 * step)?]
            } else {
                by_month.iter().map(|month| months(january + i32::from(*month) - 1, 1)).collect::<Option<_>>()?
            };
            Some(spans)
        })
        .flatten()
}

/// `length` months from the `start`-th on, counted from January of the year 0.
fn months(start: i32, length: i32) -> Option<Span> {
    let first_of = |month: i32| {
        let year = month.div_euclid(12).try_into().ok()?;
        Date::new(year, (month.rem_euclid(12) + 1) as i8, 1).ok()
    };
    let first: Date = first_of(start)?;
    let last = first_of(start + length - 1).unwrap_or(Date::MAX).last_of_month();

    let (year, month) = (first.year(), i32::from(first.month()));
    let key = match length {
        1 => format!("{year:04}-{month:02}"),
        3 if month % 3 == 1 => format!("{year:04}-Q{}", month / 3 + 1),
        6 if month % 6 == 1 => format!("{year:04}-H{}", month / 6 + 1),
        12 if month == 1 => format!("{year:04}"),
        _ if month == 1 && length % 12 == 0 => key(format!("{year:04}"), (length / 12).into()),
        _ => key(format!("{year:04}-{month:02}"), length.into()),
    };
    Some(Span { first, last, key })
}

fn key(first: String, length: i64) -> String {
    if length == 1 { first } else { format!("{first}x{length}") }
}

fn last_day(span: Span, until: Date) -> DueDate {
    DueDate { date: span.last.min(until), key: span.key }
}

fn named_days(parts: &RuleParts, span: &Span) -> Vec<DueDate> {
    let mut dates: Vec<Date> = match parts.freq {
        Freq::Daily | Freq::Weekly => span
            .first
            .series(1.day())
            .take_while(|date| *date <= span.last)
            .filter(|date| parts.by_day.iter().any(|day| day.weekday == date.weekday()))
            .collect(),
        Freq::Monthly | Freq::Yearly => month_days(parts, span.first),
    };
    dates.sort_unstable();
    dates.dedup();

    dates.into_iter().map(|date| DueDate { date, key: date.to_string() }).collect()
}

fn month_days(parts: &RuleParts, first: Date) -> Vec<Date> {
    let length = first.days_in_month();
    let by_number = parts.by_month_day.iter().map(|day| if *day > 0 { (*day).min(length) } else { length + 1 + day });
    let on = |day: i8| first.saturating_add((day - 1).days());

    let by_weekday = parts.by_day.iter().flat_map(|day| {
        let ordinals = day.ordinal.map_or(vec![1, 2, 3, 4, 5], |ordinal| vec![ordinal]);
        ordinals.into_iter().filter_map(|ordinal| first.nth_weekday_of_month(ordinal, day.weekday).ok())
    });
    by_number.map(on).chain(by_weekday).collect()
}
