//! Days, moments and figures in words, and what a record says as a list of labels and texts.

use std::collections::HashMap;

use jiff::civil::{Date, DateTime};

use super::kinds::{self, Kind, measure};
use super::model::{Facts, Record};
use crate::platform::ids::UnitId;

/// `6月13日（周一）` or `6月13日（周一）至6月15日（周三）`
pub fn days(facts: &Facts, today: Date) -> String {
    let first = calendar::format_day(facts.held_on, today);
    match facts.ends_on {
        Some(last) => format!("{first}至{}", calendar::format_day(last, today)),
        None => first,
    }
}

/// `6月13日 08:30`, with the year when it is not this one.
pub fn moment(ms: i64, now: DateTime) -> String {
    let Some(at) = calendar::to_local(ms) else { return String::new() };
    let year = if at.year() == now.year() { String::new() } else { format!("{}年", at.year()) };
    format!("{year}{}月{}日 {:02}:{:02}", at.month(), at.day(), at.hour(), at.minute())
}

/// 1284 as `1,284`.
pub fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut words = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) && !words.ends_with('-') {
            words.push(',');
        }
        words.push(digit);
    }
    words
}

/// `60 人次`; — when nothing was said.
pub fn participants(facts: &Facts) -> String {
    facts.measures.get("participants").map_or_else(|| "—".to_owned(), |count| format!("{} 人次", grouped(*count)))
}

/// `参与人次 60 人次　宣传展板 3 块`, in the order of the catalogue.
pub fn figures(facts: &Facts) -> Vec<(String, String)> {
    kinds::measures()
        .iter()
        .filter_map(|measure| Some((measure, facts.measures.get(&measure.code)?)))
        .map(|(measure, value)| (measure.label.clone(), format!("{} {}", grouped(*value), measure.unit)))
        .collect()
}

/// The label of what statistics add up: a measure's.
pub fn measure_label(code: &str) -> String {
    measure(code).map_or_else(|| code.to_owned(), |measure| format!("{}（{}）", measure.label, measure.unit))
}

/// Everything that is said, as label and text; empty parts are left out.
pub fn labelled(
    facts: &Facts,
    kinds: &[Kind],
    names: &HashMap<UnitId, String>,
    serves: &str,
    today: Date,
) -> Vec<(String, String)> {
    let mut all = vec![
        ("活动种类".to_owned(), kinds::name(kinds, &facts.kind).to_owned()),
        ("标题".to_owned(), facts.title.clone()),
        ("日期".to_owned(), days(facts, today)),
        ("时间".to_owned(), facts.time.clone()),
        ("地点".to_owned(), facts.place.clone()),
        ("所在村".to_owned(), facts.village.clone()),
        ("进到哪里".to_owned(), facts.target.map_or("", |target| target.label()).to_owned()),
    ];
    all.extend(figures(facts));
    let groups: Vec<String> =
        facts.people.iter().map(|(group, count)| format!("{} {}", group.label(), grouped(*count))).collect();
    let co_hosts: Vec<&str> = facts.co_hosts.iter().map(|id| names.get(id).map_or("", String::as_str)).collect();
    all.extend([
        ("参与人员".to_owned(), groups.join("　")),
        ("领导参加".to_owned(), leaders(facts)),
        ("联合主办".to_owned(), co_hosts.join("、")),
        ("对应活动".to_owned(), serves.to_owned()),
        ("做了什么".to_owned(), facts.text.clone()),
        ("特色亮点".to_owned(), if facts.highlight { "是".to_owned() } else { String::new() }),
    ]);
    all.retain(|(_, text)| !text.is_empty());
    all
}

fn leaders(facts: &Facts) -> String {
    if !facts.leader_present {
        return String::new();
    }
    let count = facts.leader_count.map(|count| format!("{count} 人")).unwrap_or_default();
    let said: Vec<&str> = [count.as_str(), &facts.leader_names].into_iter().filter(|part| !part.is_empty()).collect();
    if said.is_empty() { "有".to_owned() } else { said.join("　") }
}

/// What differs between two versions: label, present text, typed text.
pub fn differences(present: &[(String, String)], typed: &[(String, String)]) -> Vec<(String, String, String)> {
    let of = |list: &[(String, String)], label: &str| {
        list.iter().find(|(own, _)| own == label).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let mut labels: Vec<&String> = present.iter().map(|(label, _)| label).collect();
    for (label, _) in typed {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
        .into_iter()
        .map(|label| (label.clone(), of(present, label), of(typed, label)))
        .filter(|(_, one, other)| one != other)
        .collect()
}

/// The units of a record by name, the host first.
pub fn hosts(record: &Record, names: &HashMap<UnitId, String>) -> String {
    let words: Vec<&str> = record.units().filter_map(|id| names.get(id)).map(String::as_str).collect();
    words.join("、")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn numbers_are_grouped_and_nothing_said_is_a_dash() {
        assert_eq!([grouped(0), grouped(1284), grouped(1_234_567)], ["0", "1,284", "1,234,567"]);
        let mut facts = Facts::new("study", date(2022, 6, 13));
        assert_eq!(participants(&facts), "—");
        facts.measures.insert("participants".to_owned(), 0);
        assert_eq!(participants(&facts), "0 人次");
    }

    #[test]
    fn only_what_differs_is_told() {
        let pair = |label: &str, text: &str| (label.to_owned(), text.to_owned());
        let found =
            differences(&[pair("地点", "礼堂"), pair("时间", "9:00")], &[pair("时间", "9:00"), pair("标题", "x")]);
        let told: Vec<&str> = found.iter().map(|(label, ..)| label.as_str()).collect();
        assert_eq!(told, ["地点", "标题"]);
    }
}
