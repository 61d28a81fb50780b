//! The document as typeset, and the small calendar beside it.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::super::plan::{Plan, Text};
use super::cards::{DocLine, Month};
use super::view::Viewing;

/// The lines as typeset: title, signing block and headings in their places.
pub(super) fn doc_lines(lines: &[String], plan: &Plan) -> Vec<DocLine> {
    let carries = plan.carrying_lines();
    let on = |text: &Option<Text>, n: i64| text.as_ref().is_some_and(|text| (text.lines.0..=text.lines.1).contains(&n));
    let lost: BTreeSet<i64> =
        plan.warnings.iter().filter(|w| w.code == "heading_number_lost").filter_map(|w| w.line).collect();
    let phrases = plan.phrases();
    let mut shown = Vec::new();
    for (line, n) in lines.iter().zip(1..) {
        let text = line.trim();
        if text.is_empty() {
            continue;
        }
        let short = text.chars().count() <= 30;
        let numbered = text.starts_with(['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'])
            && text.chars().take(4).any(|c| c == '、');
        let ends = text.ends_with(['。', '；', '：', ':', '，']);
        let place = if on(&plan.title, n) {
            "doc-title"
        } else if on(&plan.doc_number, n) {
            "doc-center"
        } else if short && (on(&plan.date, n) || on(&plan.issuer, n)) {
            "doc-right"
        } else if plan.addressees.as_ref().is_some_and(|addressees| addressees.lines.0 == n) {
            "doc-flush"
        } else if lost.contains(&n) || (numbered && short) {
            "doc-head"
        } else if short && !ends && (text.starts_with("关于") || text.ends_with("方案") || text.ends_with("政府"))
        {
            "doc-title"
        } else {
            ""
        };
        let class = format!("{place}{}", if carries.contains(&n) { " carries" } else { "" });
        shown.push(DocLine { n, parts: marked(text, &phrases), class });
    }
    shown
}

/// A line in pieces: the phrases that were understood are marked; where none is found, the whole line.
fn marked(text: &str, phrases: &[&str]) -> Vec<(String, bool)> {
    let mut spans: Vec<(usize, usize)> =
        phrases.iter().filter_map(|phrase| text.find(phrase).map(|at| (at, at + phrase.len()))).collect();
    spans.sort_unstable();
    let (mut parts, mut done) = (Vec::new(), 0);
    for (from, to) in spans {
        let from = from.max(done);
        if to > from {
            parts.push((text[done..from].to_owned(), false));
            parts.push((text[from..to].to_owned(), true));
            done = to;
        }
    }
    if parts.is_empty() {
        return vec![(text.to_owned(), true)];
    }
    parts.push((text[done..].to_owned(), false));
    parts.retain(|(piece, _)| !piece.is_empty());
    parts
}

/// The months in which something is due, at most four.
pub(super) fn months(viewing: &Viewing<'_>, now: i64) -> Vec<Month> {
    let today = viewing.app.clock.today();
    let dates = viewing.content.head.dates(viewing.campaign.header.published_on().unwrap_or(today));
    let mut due: Vec<(Date, bool, String)> = Vec::new();
    for duty in viewing.content.duties.iter().filter(|duty| !duty.dropped) {
        for planned in duty.planned(&dates, &viewing.app.calendar).unwrap_or_default() {
            if let Some(ms) = planned.due_ms
                && let Some(at) = calendar::to_local(ms)
            {
                due.push((at.date(), ms < now, duty.title.clone()));
            }
        }
    }
    let wanted: BTreeSet<(i16, i8)> = due.iter().map(|(day, ..)| (day.year(), day.month())).collect();
    wanted.into_iter().take(4).map(|(year, month)| month_of(year, month, &due, today)).collect()
}

pub(super) fn month_of(year: i16, month: i8, due: &[(Date, bool, String)], today: Date) -> Month {
    let first = Date::new(year, month, 1).unwrap_or(today);
    let mut days: Vec<(i8, &'static str, String)> =
        (0..first.weekday().to_monday_zero_offset()).map(|_| (0, "", String::new())).collect();
    for number in 1..=first.days_in_month() {
        let on: Vec<&(Date, bool, String)> =
            due.iter().filter(|(day, ..)| (day.year(), day.month(), day.day()) == (year, month, number)).collect();
        let class = match (on.is_empty(), on.iter().all(|one| one.1)) {
            (true, _) if Date::new(year, month, number).is_ok_and(|day| day == today) => "today",
            (true, _) => "",
            (false, true) => "due past",
            (false, false) => "due",
        };
        let titles: Vec<&str> = on.iter().map(|one| one.2.as_str()).collect();
        days.push((number, class, titles.join("、")));
    }
    while !days.len().is_multiple_of(7) {
        days.push((0, "", String::new()));
    }
    Month { label: format!("{year}年{month}月"), weeks: days.chunks(7).map(<[_]>::to_vec).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_understood_is_underlined() {
        let pieces = |text: &str, phrases: &[&str]| -> Vec<String> {
            marked(text, phrases).into_iter().map(|(text, on)| if on { format!("[{text}]") } else { text }).collect()
        };
        assert_eq!(
            pieces("请于6月20日前报送方案。", &["于6月20日前", "方案"]),
            ["请", "[于6月20日前]", "报送", "[方案]", "。"]
        );
        assert_eq!(pieces("各村：", &["方案"]), ["[各村：]"]);
        assert_eq!(pieces("每周四上午", &["每周四上午", "周四"]), ["[每周四上午]"]);
    }
}
