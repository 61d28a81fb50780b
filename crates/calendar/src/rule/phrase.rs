//! A rule in words, as a notice would print it.

use jiff::civil::Weekday;

use super::{ByDay, Due, Freq, Rule, RuleParts};
use crate::weekday_name;

pub(super) fn phrase(rule: &Rule) -> String {
    let Rule::Repeating(rhythm) = rule else {
        return "随时".to_owned();
    };
    let parts = rhythm.parts();

    let rhythm = match parts.freq {
        Freq::Daily if parts.by_day.is_empty() => every(parts.interval, "天", "天"),
        Freq::Daily | Freq::Weekly => weekly(parts),
        Freq::Monthly => join(&every_months(parts), &month_days(parts)),
        Freq::Yearly => join(&every_years(parts), &month_days(parts)),
    };
    let only_in = match parts.freq {
        Freq::Yearly => String::new(),
        _ if parts.by_month.is_empty() => String::new(),
        _ => format!("{}期间", months(parts)),
    };
    format!("{only_in}{rhythm}{}", due(parts))
}

fn due(parts: &RuleParts) -> String {
    let names_its_day = parts.names_days() || parts.freq == Freq::Daily;
    let last_day = if names_its_day { "" } else { "最后一天" };

    match parts.due {
        Due::EndOfDay if parts.names_days() => "前".to_owned(),
        Due::EndOfDay => String::new(),
        Due::Morning => format!("{last_day}上午"),
        Due::Afternoon => format!("{last_day}下午"),
        Due::At(time) => format!("{last_day} {:02}:{:02}前", time.hour(), time.minute()),
    }
}

/// `每周三、周五`, `每周一至周五`, `每两周的周五`, `每周`
fn weekly(parts: &RuleParts) -> String {
    match (parts.by_day.is_empty(), parts.interval) {
        (true, n) => every(n, "周", "周"),
        (false, 1) => format!("每{}", weekdays(&parts.by_day)),
        (false, n) => format!("{}的{}", every(n, "周", "周"), weekdays(&parts.by_day)),
    }
}

fn weekdays(days: &[ByDay]) -> String {
    let name = |day: &ByDay| weekday_name(day.weekday);
    let distance = |a: Weekday, b: Weekday| usize::from(b.since(a).unsigned_abs());

    match days {
        [first, .., last] if days.len() > 2 && distance(first.weekday, last.weekday) == days.len() - 1 => {
            format!("{}至{}", name(first), name(last))
        }
        _ => days.iter().map(name).collect::<Vec<_>>().join("、"),
    }
}

/// `每月`, `每季度`, `每半年`, `每两个月`; before a day `每3个月的`
fn every_months(parts: &RuleParts) -> String {
    match (parts.interval, parts.names_days()) {
        (1, _) => "每月".to_owned(),
        (3, false) => "每季度".to_owned(),
        (6, false) => "每半年".to_owned(),
        (12, false) => "每年".to_owned(),
        (n, false) => every(n, "月", "个月"),
        (n, true) => format!("{}的", every(n, "月", "个月")),
    }
}

/// `每年`, `每年5月`, `每季度末月`; before a day `每年6月、12月的`
fn every_years(parts: &RuleParts) -> String {
    if parts.interval == 1 && parts.by_month == [3, 6, 9, 12] {
        return "每季度末月".to_owned();
    }

    let years = every(parts.interval, "年", "年");
    let of_months = if parts.names_days() && parts.by_month.len() > 1 { "的" } else { "" };
    let of_years = if parts.interval > 1 && !parts.by_month.is_empty() { "的" } else { "" };
    format!("{years}{of_years}{}{of_months}", months(parts))
}

fn months(parts: &RuleParts) -> String {
    parts.by_month.iter().map(|month| format!("{month}月")).collect::<Vec<_>>().join("、")
}

fn month_days(parts: &RuleParts) -> String {
    let numbers = parts.by_month_day.iter().map(|day| match day {
        -1 => "月底".to_owned(),
        ..0 => format!("倒数第{}天", -day),
        _ => format!("{day}日"),
    });
    let weekdays = parts.by_day.iter().map(|day| format!("{}{}", ordinal(day.ordinal), weekday_name(day.weekday)));

    numbers.chain(weekdays).collect::<Vec<_>>().join("、")
}

fn ordinal(ordinal: Option<i8>) -> String {
    let number = |n: i8| ["一", "二", "三", "四", "五"][usize::from(n.unsigned_abs() - 1)];

    match ordinal {
        None => "每个".to_owned(),
        Some(-1) => "最后一个".to_owned(),
        Some(n @ ..0) => format!("倒数第{}个", number(n)),
        Some(n) => format!("第{}个", number(n)),
    }
}

/// `每周`, `每两周`, `每3个月`
fn every(interval: u16, one: &str, many: &str) -> String {
    match interval {
        1 => format!("每{one}"),
        2 => format!("每两{many}"),
        n => format!("每{n}{many}"),
    }
}

/// `每月` + `月底` = `每月底`
fn join(rhythm: &str, days: &str) -> String {
    match days.strip_prefix("月底") {
        Some(rest) if rhythm.ends_with('月') => format!("{rhythm}底{rest}"),
        _ => format!("{rhythm}{days}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_read_as_a_notice_prints_them() {
        #[rustfmt::skip]
        let cases = [
            ("ADHOC", "随时"),
            ("FREQ=DAILY", "每天"),
            ("FREQ=DAILY;TIME=17:30", "每天 17:30前"),
            ("FREQ=DAILY;PART=AM", "每天上午"),
            ("FREQ=DAILY;INTERVAL=2", "每两天"),
            ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;TIME=17:00", "每周一至周五 17:00前"),
            ("FREQ=WEEKLY", "每周"),
            ("FREQ=WEEKLY;TIME=12:00", "每周最后一天 12:00前"),
            ("FREQ=WEEKLY;INTERVAL=2", "每两周"),
            ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "每两周的周五前"),
            ("FREQ=WEEKLY;BYDAY=TH;TIME=12:00", "每周四 12:00前"),
            ("FREQ=WEEKLY;BYDAY=TH;PART=AM", "每周四上午"),
            ("FREQ=WEEKLY;BYDAY=WE,FR;PART=PM", "每周三、周五下午"),
            ("FREQ=WEEKLY;BYMONTH=6;BYDAY=TH;TIME=12:00", "6月期间每周四 12:00前"),
            ("FREQ=MONTHLY", "每月"),
            ("FREQ=MONTHLY;BYMONTHDAY=10,20,30", "每月10日、20日、30日前"),
            ("FREQ=MONTHLY;BYMONTHDAY=10,20,-1", "每月10日、20日、月底前"),
            ("FREQ=MONTHLY;BYMONTHDAY=-1;PART=PM", "每月底下午"),
            ("FREQ=MONTHLY;BYMONTHDAY=-3", "每月倒数第3天前"),
            ("FREQ=MONTHLY;BYDAY=2SU", "每月第二个周日前"),
            ("FREQ=MONTHLY;BYDAY=-1FR;TIME=09:00", "每月最后一个周五 09:00前"),
            ("FREQ=MONTHLY;BYDAY=FR", "每月每个周五前"),
            ("FREQ=MONTHLY;INTERVAL=2", "每两个月"),
            ("FREQ=MONTHLY;INTERVAL=3", "每季度"),
            ("FREQ=MONTHLY;INTERVAL=3;PART=AM", "每季度最后一天上午"),
            ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=20", "每3个月的20日前"),
            ("FREQ=MONTHLY;INTERVAL=6", "每半年"),
            ("FREQ=YEARLY", "每年"),
            ("FREQ=YEARLY;INTERVAL=2;BYMONTH=6", "每两年的6月"),
            ("FREQ=YEARLY;BYMONTH=3,6,9,12", "每季度末月"),
            ("FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=20", "每季度末月20日前"),
            ("FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1", "每季度末月底前"),
            ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=12", "每年5月12日前"),
            ("FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=10,20", "每年6月、12月的10日、20日前"),
            ("FREQ=YEARLY;BYMONTH=6;BYDAY=2SU;TIME=09:30", "每年6月第二个周日 09:30前"),
        ];

        for (rule, expected) in cases {
            let parsed: Rule = rule.parse().unwrap();
            assert_eq!(parsed.phrase(), expected, "{rule}");
            assert_eq!(parsed.to_string(), rule);
        }
    }
}
