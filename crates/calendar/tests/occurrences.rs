//! The due dates of the rules that notices print.

use calendar::{MAX_OCCURRENCES, Rule, RuleError};
use jiff::civil::{Date, date};

#[test]
fn rules_fall_due_on_the_days_a_clerk_would_tick() {
    let cases = [
        // the founding notice: June 2022, 1 June is a Wednesday
        ("FREQ=WEEKLY;BYDAY=TH;TIME=12:00", "06-01..06-30", "06-02 06-09 06-16 06-23 06-30"),
        ("FREQ=WEEKLY;BYDAY=WE,FR", "06-01..06-10", "06-01 06-03 06-08 06-10"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "06-01..06-30", "06-14 06-28"),
        ("FREQ=WEEKLY;BYMONTH=7;BYDAY=FR", "06-20..07-10", "07-01 07-08"),
        // no day: Sundays, and the last day for the week that is cut off
        ("FREQ=WEEKLY", "06-01..06-30", "06-05 06-12 06-19 06-26 06-30"),
        ("FREQ=WEEKLY;INTERVAL=2", "06-01..06-30", "06-12 06-26 06-30"),
        ("FREQ=DAILY", "06-01..06-03", "06-01 06-02 06-03"),
        ("FREQ=DAILY;INTERVAL=2", "06-01..06-05", "06-02 06-04 06-05"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "06-02..06-07", "06-02 06-03 06-06 06-07"),
        // a day past the month's end is its last one, and is due once
        ("FREQ=MONTHLY;BYMONTHDAY=10,20,30", "02-01..03-31", "02-10 02-20 02-28 03-10 03-20 03-30"),
        ("FREQ=MONTHLY;BYMONTHDAY=29,30,-1", "02-01..04-30", "02-28 03-29 03-30 03-31 04-29 04-30"),
        ("FREQ=MONTHLY;BYMONTHDAY=15,-1", "06-15..07-14", "06-15 06-30"),
        ("FREQ=MONTHLY;BYMONTHDAY=-2", "02-01..03-31", "02-27 03-30"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=5", "06-01..12-31", "06-05 09-05 12-05"),
        ("FREQ=MONTHLY;BYDAY=2SU", "06-01..08-31", "06-12 07-10 08-14"),
        ("FREQ=MONTHLY;BYDAY=-1FR,1MO", "06-01..06-30", "06-06 06-24"),
        ("FREQ=MONTHLY;BYDAY=5TH", "06-01..09-30", "06-30 09-29"),
        ("FREQ=MONTHLY;BYDAY=TH", "06-10..06-30", "06-16 06-23 06-30"),
        // no day: month, quarter, half-year of the calendar, whenever it begins
        ("FREQ=MONTHLY", "06-15..08-10", "06-30 07-31 08-10"),
        ("FREQ=MONTHLY;INTERVAL=3", "02-15..11-30", "03-31 06-30 09-30 11-30"),
        ("FREQ=MONTHLY;INTERVAL=6", "05-01..12-31", "06-30 12-31"),
        ("FREQ=MONTHLY;INTERVAL=5", "02-01..12-31", "06-30 11-30 12-31"),
        ("FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=20", "06-01..12-31", "06-20 09-20 12-20"),
        ("FREQ=YEARLY;BYMONTH=6;BYDAY=2SU", "01-01..12-31", "06-12"),
        ("FREQ=YEARLY;BYMONTH=6,11", "01-01..11-20", "06-30 11-20"),
        ("FREQ=YEARLY", "03-01..12-31", "12-31"),
        ("ADHOC", "06-01..06-30", ""),
        ("FREQ=DAILY", "06-02..06-01", ""),
    ];

    for (rule, window, expected) in cases {
        let (from, until) = window.split_once("..").unwrap();
        let found: Vec<String> = days(rule, day(from), day(until));
        assert_eq!(found.join(" "), expected, "{rule} {window}");
    }
}

#[test]
fn the_due_time_is_the_one_said_or_the_end_of_its_part_of_the_day() {
    let cases = [
        ("FREQ=DAILY;TIME=17:30", "2022-06-01T17:30:00"),
        ("FREQ=DAILY;PART=AM", "2022-06-01T12:00:00"),
        ("FREQ=DAILY;PART=PM", "2022-06-01T18:00:00"),
        ("FREQ=DAILY", "2022-06-01T23:59:59.999"),
    ];

    for (rule, expected) in cases {
        let rule: Rule = rule.parse().unwrap();
        assert_eq!(rule.occurrences(day("06-01"), day("06-01")).unwrap()[0].due.to_string(), expected);
    }
}

#[test]
fn a_report_is_about_the_days_since_the_one_before() {
    let rule: Rule = "FREQ=WEEKLY;BYDAY=TH".parse().unwrap();

    let periods: Vec<String> = rule
        .occurrences(day("06-01"), day("06-20"))
        .unwrap()
        .iter()
        .map(|o| format!("{}..{}", o.period_start, o.period_end))
        .collect();

    assert_eq!(periods, ["2022-06-01..2022-06-02", "2022-06-03..2022-06-09", "2022-06-10..2022-06-16"]);
}

#[test]
fn keys_stay_when_the_window_moves() {
    let cases = [
        ("FREQ=WEEKLY;BYDAY=TH", "2022-06-23 2022-06-30"),
        ("FREQ=WEEKLY", "2022-W25 2022-W26"),
        ("FREQ=WEEKLY;INTERVAL=2", "2022-W25x2"),
        ("FREQ=MONTHLY", "2022-06"),
        ("FREQ=MONTHLY;INTERVAL=2", "2022-05x2"),
        ("FREQ=MONTHLY;INTERVAL=3", "2022-Q2"),
        ("FREQ=MONTHLY;INTERVAL=6", "2022-H1"),
        ("FREQ=MONTHLY;INTERVAL=12", "2022"),
        ("FREQ=YEARLY", "2022"),
        ("FREQ=YEARLY;INTERVAL=2", "2022x2"),
        ("FREQ=YEARLY;BYMONTH=6", "2022-06"),
    ];

    for (rule, expected) in cases {
        let keys = |until| {
            let rule: Rule = rule.parse().unwrap();
            let found = rule.occurrences(day("06-20"), until).unwrap();
            found.into_iter().map(|o| o.key).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(keys(day("06-30")), expected, "{rule}");
        assert!(keys(day("07-03")).starts_with(expected), "{rule}");
    }
}

#[test]
fn too_many_due_dates_are_refused_and_the_calendars_end_is_no_trap() {
    let daily: Rule = "FREQ=DAILY".parse().unwrap();

    assert_eq!(daily.occurrences(day("01-01"), date(2024, 9, 26)).unwrap().len(), MAX_OCCURRENCES);
    assert_eq!(daily.occurrences(day("01-01"), date(2024, 9, 27)), Err(RuleError::TooMany));
    for rule in ["FREQ=DAILY;INTERVAL=366", "FREQ=WEEKLY", "FREQ=MONTHLY;BYDAY=5FR", "FREQ=YEARLY;INTERVAL=9"] {
        let rule: Rule = rule.parse().unwrap();
        assert!(rule.occurrences(date(9999, 11, 1), Date::MAX).is_ok(), "{rule}");
        assert!(rule.occurrences(Date::MIN, date(-9999, 3, 1)).is_ok(), "{rule}");
    }
}

fn days(rule: &str, from: Date, until: Date) -> Vec<String> {
    let rule: Rule = rule.parse().expect("a rule");
    let found = rule.occurrences(from, until).expect("not too many");

    found.iter().map(|o| o.date.strftime("%m-%d").to_string()).collect()
}

fn day(month_day: &str) -> Date {
    format!("2022-{month_day}").parse().expect("a day")
}
