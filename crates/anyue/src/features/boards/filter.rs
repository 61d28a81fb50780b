//! What part of a board is asked for, as it stands in the address.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::features::duties::api::{BoardState, DutyId};
use crate::features::units::api::UnitKind;

/// What part of the board is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only units that have this word somewhere.
    pub word: Option<BoardState>,
    /// Only units over time somewhere, on whatever date.
    pub overdue: bool,
    /// Only units with a submission that waits for review, of whatever date.
    pub waiting: bool,
    /// Only units that still owe something.
    pub owing: bool,
    /// Only units of this kind.
    pub kind: Option<UnitKind>,
    /// Only this duty.
    pub duty: Option<DutyId>,
    /// Only units whose name has these characters.
    pub search: String,
    /// Duties with a rhythm: the first date from this day on.
    pub on: Option<Date>,
}

impl Filter {
    /// As it stands in the address, from the questions of a request.
    pub fn parse(query: &HashMap<String, String>) -> Self {
        let text = |key: &str| query.get(key).map(|value| value.trim()).filter(|value| !value.is_empty());
        let (overdue, waiting) = (text("state") == Some("overdue"), text("state") == Some("to_review"));
        Self {
            word: text("state").and_then(|code| BoardState::ALL.iter().copied().find(|word| word.code() == code)),
            overdue,
            waiting,
            owing: text("owing") == Some("1"),
            kind: text("kind").and_then(UnitKind::parse),
            duty: text("duty").map(DutyId::from),
            search: text("q").unwrap_or_default().chars().take(40).collect(),
            // What is over time or waits is looked for on all dates.
            on: text("on").and_then(|day| day.parse().ok()).filter(|_| !overdue && !waiting),
        }
    }

    /// As it stands in the address.
    pub fn to_query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (key, value) in self.pairs() {
            query.append_pair(key, &value);
        }
        query.finish()
    }

    /// The questions, one by one.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let state = match (self.overdue, self.waiting) {
            (true, _) => Some("overdue"),
            (_, true) => Some("to_review"),
            _ => self.word.map(BoardState::code),
        };
        [
            ("state", state.map(str::to_owned)),
            ("owing", self.owing.then(|| "1".to_owned())),
            ("kind", self.kind.map(|kind| kind.code().to_owned())),
            ("duty", self.duty.as_ref().map(ToString::to_string)),
            ("on", self.on.map(|day| day.to_string())),
            ("q", Some(self.search.clone()).filter(|search| !search.is_empty())),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
    }
}
