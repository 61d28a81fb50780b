//! What is counted on the overview, and what it says. No SQL, no web, no clock.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::DateTime;

use crate::features::duties::api::{BoardState, Cell, Duty, State, Tally};

/// How a campaign stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// By word of the board.
    pub tally: Tally,
    /// Handed in and not looked at.
    pub to_review: i64,
    /// Not handed in, and the time is over.
    pub overdue: i64,
}

/// Counts the cells of a campaign.
pub fn standing<'a>(cells: impl IntoIterator<Item = &'a Cell>, now_ms: i64) -> Standing {
    let mut standing = Standing::default();
    for cell in cells {
        let Some(word) = cell.on_board() else { continue };
        standing.tally.add(word, 1);
        standing.to_review += i64::from(cell.state == State::Submitted);
        standing.overdue += i64::from(cell.is_overdue(now_ms));
    }
    standing
}

/// A date to come: what is due, when, and how many units have not handed in yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextDate {
    /// What.
    pub title: String,
    /// When, in words.
    pub due: String,
    /// Not handed in yet.
    pub not_yet: i64,
    /// Where it is shown.
    pub href: String,
    /// For sorting.
    pub due_ms: i64,
}

/// The dates to come within `days`, of the duties of one campaign.
pub fn next_dates<'a>(
    cells: impl IntoIterator<Item = &'a Cell>,
    duties: &[Duty],
    now_ms: i64,
    days: i64,
    now: DateTime,
) -> Vec<NextDate> {
    let by_id: HashMap<&str, &Duty> = duties.iter().map(|duty| (duty.id.as_str(), duty)).collect();
    let mut dates: BTreeMap<(i64, &str), i64> = BTreeMap::new();
    for cell in cells {
        let Some(due) = cell.extended_until.or(cell.due_at) else { continue };
        if due >= now_ms && due - now_ms <= days * 86_400_000 && cell.on_board().is_some() {
            let missing = matches!(cell.on_board(), Some(BoardState::NotYet | BoardState::Returned));
            *dates.entry((due, cell.duty_id.as_str())).or_default() += i64::from(missing);
        }
    }
    dates
        .into_iter()
        .filter_map(|((due, duty), not_yet)| {
            let duty = by_id.get(duty)?;
            let at = calendar::to_local(due)?;
            Some(NextDate {
                title: duty.title.clone(),
                due: format!("{}　{}", calendar::format_due(at, now), calendar::time_left(at, now)),
                not_yet,
                href: format!("/duties/{}", duty.id),
                due_ms: due,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(state: State, due_at: Option<i64>) -> Cell {
        Cell {
            occurrence_id: "o".into(),
            duty_id: "d".into(),
            unit_id: "u".into(),
            period_key: "once".into(),
            due_at,
            extended_until: None,
            born_past: false,
            state,
            submission_id: None,
            submitted_at: None,
            late: None,
        }
    }

    #[test]
    fn what_was_sent_waits_for_review_until_it_is_accepted() {
        let cells = [
            cell(State::Submitted, Some(10)),
            cell(State::Accepted, Some(10)),
            cell(State::Open, Some(10)),
            cell(State::Open, Some(30)),
        ];
        let standing = standing(&cells, 20);
        assert_eq!((standing.to_review, standing.overdue), (1, 1));
        assert_eq!((standing.tally.received, standing.tally.not_yet), (2, 2));
    }
}
