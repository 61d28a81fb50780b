//! Dates and time left, as pages and messages say them in Chinese.

use jiff::civil::{Date, DateTime, Weekday};

/// `6月16日（周四）`; with the year, `2023年6月16日（周五）`, only when it is not that of `today`.
pub fn format_day(date: Date, today: Date) -> String {
    let year = if date.year() == today.year() { String::new() } else { format!("{}年", date.year()) };

    format!("{year}{}月{}日（{}）", date.month(), date.day(), weekday_name(date.weekday()))
}

/// `6月16日（周四）12:00`; without the time when it is due by the end of the day.
pub fn format_due(due: DateTime, now: DateTime) -> String {
    let day = format_day(due.date(), now.date());
    if by_the_day(due) {
        return day;
    }

    format!("{day}{:02}:{:02}", due.hour(), due.minute())
}

/// `还有3天`, `明天到期`, `今天到期`, `还有5小时`, `还有25分钟`, `已逾期2天`, `已逾期3小时`.
///
/// Days are calendar days, as people count them. Hours and minutes are whole ones, never rounded up, and are
/// told for a clock time less than 24 hours away and for what became late today.
pub fn time_left(due: DateTime, now: DateTime) -> String {
    let minutes = now.duration_until(due).as_secs().abs() / 60;
    let days = now.date().duration_until(due.date()).as_hours() / 24;

    if now > due {
        return match days {
            0 => format!("已逾期{}", hours_or_minutes(minutes)),
            _ => format!("已逾期{}天", -days),
        };
    }

    match days {
        0 if by_the_day(due) => "今天到期".to_owned(),
        1 if by_the_day(due) => "明天到期".to_owned(),
        _ if minutes < 24 * 60 && !by_the_day(due) => format!("还有{}", hours_or_minutes(minutes)),
        _ => format!("还有{days}天"),
    }
}

/// `周一` … `周日`.
pub fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "周一",
        Weekday::Tuesday => "周二",
        Weekday::Wednesday => "周三",
        Weekday::Thursday => "周四",
        Weekday::Friday => "周五",
        Weekday::Saturday => "周六",
        Weekday::Sunday => "周日",
    }
}

/// Whether a due time stands for the whole day, see [`END_OF_DAY`](crate::END_OF_DAY).
fn by_the_day(due: DateTime) -> bool {
    (due.hour(), due.minute(), due.second()) == (23, 59, 59)
}

fn hours_or_minutes(minutes: i64) -> String {
    match minutes {
        0 => "不到1分钟".to_owned(),
        1..60 => format!("{minutes}分钟"),
        _ => format!("{}小时", minutes / 60),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::Moment;

    #[test]
    fn a_day_names_its_year_only_when_it_is_another_one() {
        let today = date(2022, 6, 1);

        assert_eq!(format_day(date(2022, 6, 16), today), "6月16日（周四）");
        assert_eq!(format_day(date(2023, 1, 1), today), "2023年1月1日（周日）");
    }

    #[test]
    fn a_due_time_shows_its_clock_only_when_it_has_one() {
        let now = date(2022, 6, 1).at(9, 0, 0, 0);
        let cases = [
            ("2022-06-16T12:00", "6月16日（周四）12:00"),
            ("2022-06-16T08:05", "6月16日（周四）08:05"),
            ("2022-06-16T23:59", "6月16日（周四）23:59"),
            ("2022-06-16", "6月16日（周四）"),
            ("2021-12-31", "2021年12月31日（周五）"),
        ];

        for (due, expected) in cases {
            let due: Moment = due.parse().unwrap();
            assert_eq!(format_due(due.due(), now), expected);
        }
    }

    #[test]
    fn time_left_is_told_as_people_count_it() {
        let cases = [
            ("2022-06-16", "2022-06-13T09:00", "还有3天"),
            ("2022-06-16", "2022-06-15T23:00", "明天到期"),
            ("2022-06-16", "2022-06-16T00:00", "今天到期"),
            ("2022-06-16", "2022-06-16T23:59", "今天到期"),
            ("2022-06-16", "2022-06-17T00:05", "已逾期1天"),
            ("2022-06-16", "2022-06-18T09:00", "已逾期2天"),
            ("2022-06-16T12:00", "2022-06-14T13:00", "还有2天"),
            ("2022-06-16T12:00", "2022-06-15T12:00", "还有1天"),
            ("2022-06-16T12:00", "2022-06-15T13:00", "还有23小时"),
            ("2022-06-16T12:00", "2022-06-16T07:00", "还有5小时"),
            ("2022-06-16T12:00", "2022-06-16T11:35", "还有25分钟"),
            ("2022-06-16T12:00", "2022-06-16T12:00", "还有不到1分钟"),
            ("2022-06-16T12:00", "2022-06-16T12:40", "已逾期40分钟"),
            ("2022-06-16T12:00", "2022-06-16T15:40", "已逾期3小时"),
            ("2022-06-16T12:00", "2022-06-17T08:00", "已逾期1天"),
        ];

        for (due, now, expected) in cases {
            let (due, now): (Moment, Moment) = (due.parse().unwrap(), now.parse().unwrap());
            assert_eq!(time_left(due.due(), now.start()), expected, "due {due}, now {now}");
        }
    }
}
