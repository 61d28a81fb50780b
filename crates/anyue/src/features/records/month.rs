//! The calendar of a month: how much is planned and held on each day, and what on the chosen one.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::filter::Filter;
use super::form::day;
use super::list::{Choices, ListRow, rows, wanted};
use super::store;
use super::store::list::{Order, Start, Wanted};
use crate::App;
use crate::page::Page;
use crate::platform::error::Result;
use crate::platform::web::{self, Frame};

/// Records of a day that are listed.
const PAGE: usize = 100;

/// 活动记录 by month
#[derive(Debug, Template)]
#[template(path = "features/records/templates/month.html")]
pub struct MonthPage {
    /// Around it.
    pub frame: Frame,
    /// What is chosen from.
    pub choices: Choices,
    /// What is narrowed to.
    pub filter: Filter,
    /// `2022年6月`
    pub label: String,
    /// Weeks from Monday on; days outside of the month are `None`.
    pub weeks: Vec<Vec<Option<Day>>>,
    /// The chosen day, in words.
    pub chosen: String,
    /// What is planned or was held on it.
    pub rows: Vec<ListRow>,
    /// There is more on it than is listed.
    pub more: bool,
    /// Addresses of the month before and after.
    pub around: (String, String),
}

/// A day of the calendar.
#[derive(Clone, Debug)]
pub struct Day {
    /// Day of the month.
    pub number: i8,
    /// How many records.
    pub count: i64,
    /// It is the chosen one.
    pub chosen: bool,
    /// Its own list.
    pub href: String,
}

/// The month that is asked for, else that of the day, else this one; and the chosen day within it.
fn chosen(filter: &Filter, today: Date) -> (Date, Date) {
    let asked = day(&filter.day);
    let first = day(&format!("{}-01", filter.month)).or(asked).unwrap_or(today).first_of_month();
    let within = |day: &Date| day.first_of_month() == first;
    let chosen = asked.filter(within).or(Some(today).filter(within)).unwrap_or(first);
    (first, chosen)
}

/// Weeks of a month, from Monday on.
fn weeks(first: Date, day: impl Fn(Date) -> Day) -> Vec<Vec<Option<Day>>> {
    let mut cells: Vec<Option<Day>> = (0..first.weekday().to_monday_zero_offset()).map(|_| None).collect();
    let mut at = first;
    loop {
        cells.push(Some(day(at)));
        match at.tomorrow() {
            Ok(next) if next.month() == first.month() => at = next,
            _ => break,
        }
    }
    while !cells.len().is_multiple_of(7) {
        cells.push(None);
    }
    cells.chunks(7).map(<[Option<Day>]>::to_vec).collect()
}

/// `GET /records?view=month`
pub(super) async fn page(app: &App, page: Page, filter: Filter) -> Result<Response> {
    let (db, town, today) = (app.db.reader(), &page.actor.jurisdiction, app.clock.today());
    let (first, mut chosen) = chosen(&filter, today);
    let base =
        Wanted { from: Some(first), until: Some(first.last_of_month()), ..wanted(app, &page.actor, &filter).await? };
    let counts: HashMap<Date, i64> = store::list::count_days(db, town, &base).await?.into_iter().collect();
    if day(&filter.day).is_none() {
        // Nobody asked for a day: the last one on which there is anything to see.
        chosen = counts.keys().copied().filter(|day| *day <= today).max().unwrap_or(chosen);
    }
    let of_day = Wanted { from: Some(chosen), until: Some(chosen), ..base };
    let (records, more) = store::list::page(db, town, &of_day, (Order::Day, false), &Start::First, PAGE).await?;
    let month_of = |date: Date| format!("{:04}-{:02}", date.year(), date.month());
    let to = |date: Option<Date>| {
        date.map_or_else(String::new, |date| filter.with(&[("month", &month_of(date)), ("day", "")]))
    };
    let day = |date: Date| Day {
        number: date.day(),
        count: counts.get(&date).copied().unwrap_or_default(),
        chosen: date == chosen,
        href: filter.with(&[("month", &month_of(first)), ("day", &date.to_string())]),
    };
    web::page(&MonthPage {
        frame: page.frame("活动记录月历", "records"),
        choices: Choices::read(app, &page.actor).await?,
        label: format!("{}年{}月", first.year(), first.month()),
        weeks: weeks(first, day),
        chosen: calendar::format_day(chosen, today),
        rows: rows(app, db, &page.actor, &records).await?,
        more,
        around: (to(first.checked_sub(1.month()).ok()), to(first.checked_add(1.month()).ok())),
        filter,
    })
}

#[cfg(any(test, feature = "testing"))]
impl MonthPage {
    /// An example.
    pub fn sample() -> Self {
        let first = jiff::civil::date(2022, 6, 1);
        let day = |date: Date| Day {
            number: date.day(),
            count: i64::from(date.day() % 3),
            chosen: date.day() == 13,
            href: format!("/records?view=month&day={date}"),
        };
        Self {
            frame: Frame::default(),
            choices: Choices::sample(),
            filter: Filter { view: "month".to_owned(), ..Filter::default() },
            label: "2022年6月".to_owned(),
            weeks: weeks(first, day),
            chosen: "6月13日（周一）".to_owned(),
            rows: vec![ListRow::sample()],
            more: true,
            around: ("/records?view=month&month=2022-05".to_owned(), "/records?view=month&month=2022-07".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_chosen_day_lies_in_the_month() {
        let today = date(2022, 6, 13);
        let of = |month: &str, day: &str| {
            chosen(&Filter { month: month.into(), day: day.into(), ..Filter::default() }, today).1
        };
        assert_eq!(of("", ""), today);
        assert_eq!(of("2022-05", ""), date(2022, 5, 1));
        assert_eq!(of("2022-05", "2022-05-20"), date(2022, 5, 20));
        assert_eq!(of("2022-05", "2022-06-20"), date(2022, 5, 1));
        assert_eq!(of("九月", ""), today);
    }

    #[test]
    fn weeks_begin_on_monday_and_hold_every_day_once() {
        let day = |date: Date| Day { number: date.day(), count: 0, chosen: false, href: String::new() };
        for month in 1..=12 {
            let weeks = weeks(date(2022, month, 1), day);
            let days: Vec<i8> = weeks.iter().flatten().flatten().map(|day| day.number).collect();
            assert!(weeks.iter().all(|week| week.len() == 7));
            assert_eq!(days, (1..=date(2022, month, 1).days_in_month()).collect::<Vec<_>>());
        }
    }
}
