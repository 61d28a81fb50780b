//! The bundled notices against the cases that come with them, and files as operators type them.

use calendar::{Counted, HolidayCalendar, HolidayError, WorkingDay, WorkingDays};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

const BUNDLED: &str = include_str!("../data/public_holidays.json");

#[test]
fn the_cases_in_the_bundled_file_hold() {
    let calendar = HolidayCalendar::bundled();
    let file: Value = serde_json::from_str(BUNDLED).unwrap();
    let day = |value: &Value| -> Date { value.as_str().unwrap().parse().unwrap() };

    for case in file["test_cases"].as_array().unwrap() {
        let expected = WorkingDay { working: case["workday"].as_bool().unwrap(), known: true };
        assert_eq!(calendar.is_working_day(day(&case["date"])), expected, "{case}");
    }
    for case in file["test_cases_add"].as_array().unwrap() {
        let days = case["add_working_days"].as_i64().unwrap() as i32;
        let expected = Counted { date: day(&case["result"]), known: true };
        assert_eq!(calendar.add_working_days(day(&case["date"]), days), Some(expected), "{case}");
    }
}

#[test]
fn a_year_without_a_notice_counts_monday_to_friday_and_says_so() {
    let calendar = HolidayCalendar::bundled();

    let guess = |working| WorkingDay { working, known: false };
    assert_eq!(calendar.is_working_day(date(2027, 10, 1)), guess(true));
    assert_eq!(calendar.is_working_day(date(2027, 10, 2)), guess(false));
    assert_eq!(
        calendar.add_working_days(date(2026, 12, 31), 1),
        Some(Counted { date: date(2027, 1, 1), known: false })
    );
    assert_eq!(
        calendar.working_days_between(date(2026, 12, 30), date(2027, 1, 4)),
        WorkingDays { days: 3, known: false }
    );
    assert_eq!(calendar.doc_number(2027), None);
}

#[test]
fn days_have_names_and_sources() {
    let calendar = HolidayCalendar::bundled();
    let cases = [
        (date(2022, 6, 3), Some("端午节"), "国办发明电〔2021〕11号"),
        (date(2022, 12, 31), Some("元旦"), "国办发明电〔2022〕16号"),
        (date(2023, 10, 1), Some("中秋节、国庆节"), "国办发明电〔2022〕16号"),
        (date(2024, 2, 4), Some("调休上班"), "国办发明电〔2023〕7号"),
        (date(2024, 6, 8), None, "国办发明电〔2023〕7号"),
        (date(2026, 6, 16), None, "国办发明电〔2025〕7号"),
    ];

    for (day, name, source) in cases {
        assert_eq!(calendar.day_name(day), name, "{day}");
        assert_eq!(calendar.source(day), Some(source), "{day}");
    }
}

#[test]
fn counting_stops_at_the_end_of_what_can_be_counted() {
    let calendar = HolidayCalendar::bundled();

    assert_eq!(calendar.add_working_days(date(2026, 1, 1), 10_001), None);
    assert_eq!(calendar.add_working_days(date(2026, 1, 1), i32::MIN), None);
    assert_eq!(calendar.add_working_days(Date::MAX, 1), None);
    assert_eq!(calendar.add_working_days(date(2026, 10, 3), 0).unwrap().date, date(2026, 10, 3));
    assert!(calendar.working_days_between(Date::MIN, Date::MAX).days > 5_000_000);
}

#[test]
fn a_later_notice_is_merged_in_and_a_corrected_one_replaces_ours() {
    let mut calendar = HolidayCalendar::bundled();
    let next = file(json!([{"year": 2027, "doc_number": "国办发明电〔2026〕1号",
        "holidays": [{"name": "元旦", "from": "2026-12-31", "to": "2027-01-02"}]}]));
    let corrected = file(json!([{"year": 2026, "doc_number": "更正", "holidays": []}]));

    calendar.merge(HolidayCalendar::parse(&next).unwrap());
    assert!(!calendar.is_working_day(date(2026, 12, 31)).working);
    assert!(calendar.is_working_day(date(2027, 1, 4)).known);

    calendar.merge(HolidayCalendar::parse(&corrected).unwrap());
    assert_eq!(calendar.day_name(date(2026, 10, 1)), None);
    assert_eq!(calendar.day_name(date(2026, 12, 31)), Some("元旦"));
    assert_eq!(calendar.doc_number(2026), Some("更正"));
    assert_eq!(calendar.notices().count(), 6);
}

#[test]
fn the_days_of_a_region_stand_above_the_national_ones() {
    let mut calendar = HolidayCalendar::bundled();
    let mut local: Value = serde_json::from_str(&file(json!([{"year": 2026, "doc_number": "某政发〔2026〕3号",
        "holidays": [{"name": "那达慕", "from": "2026-08-12", "to": "2026-08-13", "days": 2}]}])))
    .unwrap();
    local["region_code"] = json!("152500");

    calendar.merge(HolidayCalendar::parse(&local.to_string()).unwrap());

    assert_eq!(calendar.day_name(date(2026, 8, 12)), Some("那达慕"));
    assert_eq!(calendar.source(date(2026, 8, 12)), Some("某政发〔2026〕3号"));
    assert_eq!(calendar.source(date(2026, 8, 14)), Some("国办发明电〔2025〕7号"));
    assert_eq!(calendar.day_name(date(2026, 10, 1)), Some("国庆节"));
}

#[test]
fn a_mistyped_file_is_refused_and_the_place_is_named() {
    let year = |holidays: Value| file(json!([{"year": 2027, "doc_number": "号", "holidays": holidays}]));
    let one = |from: &str, to: &str| year(json!([{"name": "元旦", "from": from, "to": to}]));
    let twice = json!([{"name": "中秋节", "from": "2027-09-15", "to": "2027-09-17"},
        {"name": "调休", "from": "2027-09-17", "to": "2027-09-18"}]);
    let same_year =
        json!([{"year": 2027, "doc_number": "甲", "holidays": []}, {"year": 2027, "doc_number": "乙", "holidays": []}]);

    let cases = [
        ("{".to_owned(), "节假日文件无法读取"),
        (json!({"schema": "other/1", "years": []}).to_string(), "现为“other/1”"),
        (
            json!({"schema": "anyue.public-holidays/1", "weekly_rest": ["SUN"], "years": []}).to_string(),
            "每周休息日只能是周六、周日",
        ),
        (file(json!([{"year": 27, "doc_number": "号", "holidays": []}])), "年份27"),
        (file(json!([{"year": 2027, "doc_number": " ", "holidays": []}])), "2027年的放假通知缺少发文字号"),
        (file(same_year), "2027年重复"),
        (one("2027-1-1", "2027-01-03"), "2027年元旦：“2027-1-1”不是有效日期"),
        (one("2027-02-29", "2027-03-01"), "2027年元旦：“2027-02-29”不是有效日期"),
        (one("2026-01-01", "2026-01-03"), "2027年元旦：2026-01-01不在该年前后一个月内"),
        (one("2027-01-03", "2027-01-01"), "2027年元旦：放假起止日期2027-01-03至2027-01-01有误"),
        (one("2027-01-01", "2027-10-03"), "2027年元旦：放假起止日期"),
        (
            year(json!([{"name": "元旦", "from": "2027-01-01", "to": "2027-01-03", "days": 1}])),
            "写明1天，起止日期为3天",
        ),
        (
            year(
                json!([{"name": "元旦", "from": "2027-01-01", "to": "2027-01-03", "makeup_workdays": ["2027-01-04"]}]),
            ),
            "2027年元旦：调休上班日2027-01-04不是周六或周日",
        ),
        (year(twice), "2027-09-17同时列入2027年中秋节和2027年调休"),
    ];

    for (json, message) in cases {
        let error: HolidayError = HolidayCalendar::parse(&json).unwrap_err();
        assert!(error.zh().contains(message), "{} lacks {message}", error.zh());
        assert!(!error.to_string().is_empty());
    }
}

fn file(years: Value) -> String {
    json!({"schema": "anyue.public-holidays/1", "years": years}).to_string()
}
