//! What the office's list is narrowed to, as it stands in the address.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::form::day;
use super::model::{RecordId, State};
use super::own::week_of;
use super::store::list::{Order, Start, Wanted};
use crate::platform::auth::Scope;

/// The query of the list's address.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Words.
    pub q: String,
    /// Code of a kind.
    pub kind: String,
    /// Id of a unit: it and those below it.
    pub unit: String,
    /// Id of a campaign.
    pub campaign: String,
    /// Code of a state.
    pub state: String,
    /// `week`, `last_week`, `month`, `year`; empty: any time, or `from` and `until`.
    pub period: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// What it is sorted by, `-` before it for descending.
    pub o: String,
    /// `month` for the calendar, `places` for where they were held.
    pub view: String,
    /// The month of the calendar: `2022-06`.
    pub month: String,
    /// The day of the calendar.
    pub day: String,
    /// Id of the record after which the page begins.
    pub after: String,
    /// Id of the record before which the page ends.
    pub before: String,
}

/// An address with the query's non-empty parts, some of them changed.
pub fn address(path: &str, own: &[(&str, &str)], changes: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in own {
        let value = changes.iter().find(|(changed, _)| changed == name).map_or(*value, |(_, value)| value);
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

impl Filter {
    /// Periods to choose from: code and words.
    pub const PERIODS: [(&'static str, &'static str); 5] =
        [("", "全部时间"), ("week", "本周"), ("last_week", "上周"), ("month", "本月"), ("year", "今年")];

    /// First and last day of what is shown.
    pub fn days(&self, today: Date) -> (Option<Date>, Option<Date>) {
        let span = |first: Date, last: Date| (Some(first), Some(last));
        match self.period.as_str() {
            "week" => {
                let (first, last) = week_of(today);
                span(first, last)
            }
            "last_week" => {
                let (first, last) = week_of(today.checked_sub(7.days()).unwrap_or(today));
                span(first, last)
            }
            "month" => span(today.first_of_month(), today.last_of_month()),
            "year" => span(today.first_of_year(), today.last_of_year()),
            _ => (day(&self.from), day(&self.until)),
        }
    }

    /// What is wanted; `below` is the path of the unit that is asked for.
    pub fn wanted(&self, scope: Scope, below: Option<String>, today: Date) -> Wanted {
        let (from, until) = self.days(today);
        Wanted {
            words: self.q.clone(),
            kind: self.kind.clone(),
            scope: Some(scope),
            below,
            units: None,
            campaign: self.campaign.clone(),
            states: State::parse(&self.state).into_iter().collect(),
            from,
            until,
        }
    }

    /// Order and whether it is descending; the newest first unless asked otherwise.
    pub fn order(&self) -> (Order, bool) {
        match self.o.as_str() {
            "date" => (Order::Day, false),
            "updated" => (Order::Updated, false),
            "-updated" => (Order::Updated, true),
            _ => (Order::Day, true),
        }
    }

    /// Where the page begins.
    pub fn start(&self) -> Start {
        match (self.after.as_str(), self.before.as_str()) {
            ("", "") => Start::First,
            ("", before) => Start::Before(RecordId::from(before)),
            (after, _) => Start::After(RecordId::from(after)),
        }
    }

    /// Whether anything narrows the list.
    pub fn narrows(&self) -> bool {
        [&self.q, &self.kind, &self.unit, &self.campaign, &self.state, &self.period, &self.from, &self.until]
            .iter()
            .any(|part| !part.trim().is_empty())
    }

    /// The address with some parts changed: always from the first page on.
    pub fn with(&self, changes: &[(&str, &str)]) -> String {
        self.at("/records", changes)
    }

    fn at(&self, path: &str, changes: &[(&str, &str)]) -> String {
        let own = [
            ("q", self.q.as_str()),
            ("kind", &self.kind),
            ("unit", &self.unit),
            ("campaign", &self.campaign),
            ("state", &self.state),
            ("period", &self.period),
            ("from", &self.from),
            ("until", &self.until),
            ("o", &self.o),
            ("view", &self.view),
            ("month", &self.month),
            ("day", &self.day),
            ("after", ""),
            ("before", ""),
        ];
        address(path, &own, changes)
    }

    /// The list of one state.
    pub fn of_state(&self, code: &str) -> String {
        self.with(&[("state", code)])
    }

    /// The calendar of the same records.
    pub fn as_month(&self) -> String {
        self.with(&[("view", "month"), ("period", ""), ("from", ""), ("until", ""), ("o", "")])
    }

    /// Where the same records were held.
    pub fn as_places(&self) -> String {
        self.with(&[("view", "places"), ("month", ""), ("day", ""), ("o", ""), ("q", "")])
    }

    /// The list of the same records.
    pub fn as_list(&self) -> String {
        self.with(&[("view", ""), ("month", ""), ("day", "")])
    }

    /// What is narrowed to as a file: `xlsx` or `csv`.
    pub fn export(&self, format: &str) -> String {
        self.at(&format!("/records/export/{format}"), &[("view", ""), ("o", ""), ("month", ""), ("day", "")])
    }

    /// The direction of a heading that sorts: `asc`, `desc` or empty.
    pub fn direction(&self, name: &str) -> &'static str {
        let (order, descending) = self.order();
        match (name == (if order == Order::Day { "date" } else { "updated" }), descending) {
            (false, _) => "",
            (true, false) => "asc",
            (true, true) => "desc",
        }
    }

    /// The address that sorts by a heading, and the other way round when it is sorted so already.
    pub fn sort(&self, name: &str) -> String {
        let turned = if self.direction(name) == "desc" { name.to_owned() } else { format!("-{name}") };
        self.with(&[("o", &turned)])
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn periods_are_those_of_today() {
        let today = date(2022, 6, 13);
        let of = |period: &str| Filter { period: period.into(), ..Filter::default() }.days(today);
        assert_eq!(of("week"), (Some(date(2022, 6, 13)), Some(date(2022, 6, 19))));
        assert_eq!(of("last_week"), (Some(date(2022, 6, 6)), Some(date(2022, 6, 12))));
        assert_eq!(of("month"), (Some(date(2022, 6, 1)), Some(date(2022, 6, 30))));
        assert_eq!(of(""), (None, None));
        let own = Filter { from: "2022-06-16".into(), until: "x".into(), ..Filter::default() };
        assert_eq!(own.days(today), (Some(date(2022, 6, 16)), None));
    }

    #[test]
    fn an_address_keeps_what_is_set_and_sorts_both_ways() {
        let filter = Filter { kind: "drill".into(), after: "x".into(), ..Filter::default() };
        assert_eq!(filter.with(&[]), "/records?kind=drill");
        assert_eq!(filter.sort("date"), "/records?kind=drill&o=date");
        assert_eq!(filter.sort("updated"), "/records?kind=drill&o=-updated");
        assert_eq!(filter.export("csv"), "/records/export/csv?kind=drill");
    }
}
