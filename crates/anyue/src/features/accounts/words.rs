//! Moments in words, as this area's pages show them.

use calendar::{format_day, to_local};

/// `6月16日（周四）12:00`
pub fn moment(at: i64, now: i64) -> String {
    let (Some(at), Some(now)) = (to_local(at), to_local(now)) else { return String::new() };
    format!("{}{:02}:{:02}", format_day(at.date(), now.date()), at.hour(), at.minute())
}

/// `6月16日（周四）`
pub fn day(at: i64, now: i64) -> String {
    let (Some(at), Some(now)) = (to_local(at), to_local(now)) else { return String::new() };
    format_day(at.date(), now.date())
}

/// `2022-06-16 12:00:00`, for tables that leave the program.
pub fn exact(at: i64) -> String {
    to_local(at)
        .map(|at| format!("{} {:02}:{:02}:{:02}", at.date(), at.hour(), at.minute(), at.second()))
        .unwrap_or_default()
}
