//! Dates and marks as the boards' pages say them.

use super::model::Mark;
use crate::features::duties::api::{BoardState, WorkItem};

/// `6月16日（周四）12:00`; — when there is none.
pub(super) fn due(due: Option<i64>, now: i64) -> String {
    match (due.and_then(calendar::to_local), calendar::to_local(now)) {
        (Some(due), Some(now)) => calendar::format_due(due, now),
        _ => "—".to_owned(),
    }
}

/// `还有3天`, `已逾期2天`; empty when there is no date.
pub(super) fn left(due: Option<i64>, now: i64) -> String {
    match (due.and_then(calendar::to_local), calendar::to_local(now)) {
        (Some(due), Some(now)) => calendar::time_left(due, now),
        _ => String::new(),
    }
}

/// `6月13日 08:30`
pub(super) fn at(at: Option<i64>) -> String {
    match at.and_then(calendar::to_local) {
        Some(at) => format!("{}月{}日 {:02}:{:02}", at.month(), at.day(), at.hour(), at.minute()),
        None => "—".to_owned(),
    }
}

/// `6月20日`
pub(super) fn short_day(at: i64) -> String {
    calendar::to_local(at).map(|at| format!("{}月{}日", at.month(), at.day())).unwrap_or_default()
}

/// A cell in words, as on screen and in exports.
pub(super) fn mark(mark: &Mark) -> String {
    let Some(word) = mark.word else {
        return if mark.count > 0 { format!("{}件", mark.count) } else { "—".to_owned() };
    };
    let mut words = format!("{}{}", day(mark), word.label());
    if mark.overdue {
        words.push_str("·逾期");
    }
    if mark.late {
        words.push_str("·迟报");
    }
    if let (BoardState::NotYet | BoardState::Returned, Some(until), false) = (word, mark.extended_until, mark.overdue) {
        words.push_str(&format!("·延至{}", short_day(until)));
    }
    words
}

/// Which date a cell tells of, when the heading cannot tell: `6月9日 `, `6月9日等2期 `.
pub(super) fn day(mark: &Mark) -> String {
    let Some(day) = mark.day else { return String::new() };
    let more = if mark.count > 1 { format!("等{}期", mark.count) } else { String::new() };
    format!("{}{more} ", short_day(day))
}

/// The class of a cell.
pub(super) fn class(mark: &Mark) -> &'static str {
    match mark.word {
        Some(_) if mark.overdue => "overdue",
        Some(BoardState::Received) => "received",
        Some(BoardState::Returned) => "returned",
        Some(BoardState::NotYet) => "not-yet",
        Some(BoardState::NotApplicable) => "na",
        None => "received",
    }
}

/// How an occurrence stands, in words.
pub(super) fn item(item: &WorkItem, now: i64) -> String {
    let Some(word) = item.on_board() else { return item.state.label().to_owned() };
    let mut words = word.label().to_owned();
    if item.is_overdue(now) {
        words.push_str("·逾期");
    }
    if word == BoardState::Received && item.late == Some(true) {
        words.push_str("·迟报");
    }
    words
}

/// The class of an occurrence's state.
pub(super) fn item_class(item: &WorkItem, now: i64) -> &'static str {
    class(&Mark { word: item.on_board(), overdue: item.is_overdue(now), ..Mark::default() })
}
