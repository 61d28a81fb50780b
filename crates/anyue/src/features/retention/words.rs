//! Moments, days and numbers in words, as this area's pages show them.

use calendar::{format_day, to_local};

use crate::platform::blobs::size_in_words;
use crate::platform::retention::{Sum, in_words};

/// `6月16日（周四）12:00`
pub fn moment(at: i64, now: i64) -> String {
    to_local(at).map(|at| format!("{}{:02}:{:02}", day_of(at.date(), now), at.hour(), at.minute())).unwrap_or_default()
}

/// `6月16日（周四）`
pub fn day(at: i64, now: i64) -> String {
    to_local(at).map(|at| day_of(at.date(), now)).unwrap_or_default()
}

fn day_of(day: jiff::civil::Date, now: i64) -> String {
    to_local(now).map(|now| format_day(day, now.date())).unwrap_or_default()
}

/// `2022-06-16 12:00:00`, for tables that leave the program.
pub fn exact(at: i64) -> String {
    to_local(at).map(|at| at.strftime("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default()
}

/// `12 项　2.4 MB`
pub fn sum(sum: Sum) -> String {
    if sum.bytes > 0 {
        format!("{} 项　{}", sum.items, size_in_words(sum.bytes))
    } else {
        format!("{} 项", sum.items)
    }
}

/// `60天`
pub fn term(days: Option<i64>) -> String {
    in_words(days)
}
