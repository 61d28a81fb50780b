//! One dated instance of a duty for one unit: how it stands, whether it is late, what may be done with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::model::{BoardState, CampaignId, Duty, OccurrenceId, Schedule, State, SubmissionId};
use crate::platform::ids::UnitId;

/// `period_key` of the standing entry of an ad-hoc duty: it says that the unit may report, and is never handed
/// in itself. The reports are occurrences of their own, `ad_hoc:1`, `ad_hoc:2` …
pub const STANDING: &str = "ad_hoc";

/// Why something was sent back: in general, and by part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Review {
    /// In general.
    pub comment: String,
    /// By part (`liaison_form`, `unit_plan` …).
    pub parts: BTreeMap<String, String>,
}

impl Review {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.comment.is_empty() && self.parts.is_empty()
    }

    /// What is said about a part; empty when nothing is.
    pub fn of_part(&self, part: super::model::Part) -> &str {
        self.parts.get(part.code()).map_or("", String::as_str)
    }
}

/// An occurrence with its duty: everything the unit's page and the reviewer's show.
#[derive(Clone, Debug)]
pub struct WorkItem {
    /// Its id.
    pub id: OccurrenceId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The unit that owes it.
    pub unit_id: UnitId,
    /// What is owed.
    pub duty: Arc<Duty>,
    /// Distinguishes the occurrences of a duty.
    pub period_key: String,
    /// First day of what is reported about.
    pub period_start: Option<Date>,
    /// Last day of what is reported about.
    pub period_end: Option<Date>,
    /// When it is due by the notice.
    pub due_at: Option<i64>,
    /// Was due before it was dispatched: shown as such, never held against the unit.
    pub born_past: bool,
    /// How it stands.
    pub state: State,
    /// A later time granted by the office.
    pub extended_until: Option<i64>,
    /// Why it was granted.
    pub extension_reason: String,
    /// Who excused it, by name.
    pub decided_by: String,
    /// Why it was excused.
    pub decided_reason: String,
    /// The submission that counts: the last one sent.
    pub submission_id: Option<SubmissionId>,
    /// When that was sent.
    pub submitted_at: Option<i64>,
    /// Whether the first submission came too late; `None` before there is one.
    pub late: Option<bool>,
    /// Why it was sent back, when it is.
    pub returned: Option<Review>,
    /// The campaign is closed: nothing more can be handed in.
    pub closed: bool,
    /// Grows with each change.
    pub version: i64,
}

impl WorkItem {
    /// When it is due, an extension counted.
    pub fn due(&self) -> Option<i64> {
        self.extended_until.or(self.due_at)
    }

    /// The standing entry of an ad-hoc duty (随时报送): offers a report, owes nothing.
    pub fn is_standing(&self) -> bool {
        self.period_key == STANDING
    }

    /// Belongs to an ad-hoc duty.
    pub fn is_ad_hoc(&self) -> bool {
        self.period_key.starts_with(STANDING)
    }

    /// Whether the unit still has something to do here.
    pub fn is_owing(&self) -> bool {
        !self.closed && !self.is_ad_hoc() && matches!(self.state, State::Open | State::Returned)
    }

    /// Whether the unit may hand it in (again) now.
    pub fn can_submit(&self) -> bool {
        !self.closed && !self.is_standing() && self.state.after(super::model::Step::Submit).is_some()
    }

    /// Whether handing in at this instant is late.
    pub fn would_be_late(&self, now: i64) -> bool {
        is_late(self.due_at, self.extended_until, self.born_past, now)
    }

    /// Not handed in, and the time is over.
    pub fn is_overdue(&self, now: i64) -> bool {
        self.is_owing() && self.would_be_late(now)
    }

    /// The word of the board; `None` for what the board does not count.
    pub fn on_board(&self) -> Option<BoardState> {
        board_state(self.state, &self.period_key)
    }

    /// Whether it comes round again: one of several occurrences of its duty.
    pub fn is_repeating(&self) -> bool {
        matches!(self.duty.schedule, Schedule::Repeating(_) | Schedule::Dates(_)) && !self.is_ad_hoc()
    }
}

/// Whether something handed in at `at` came too late: after the extended time, else after the due time. What was
/// already past when it was dispatched is never late, unless a new time was granted.
pub fn is_late(due_at: Option<i64>, extended_until: Option<i64>, born_past: bool, at: i64) -> bool {
    match (extended_until, due_at) {
        (Some(until), _) => at > until,
        (None, Some(due)) => !born_past && at > due,
        (None, None) => false,
    }
}

/// The word of the board. A report that a unit may make and has not made is not "not yet".
pub fn board_state(state: State, period_key: &str) -> Option<BoardState> {
    match state.on_board() {
        Some(BoardState::NotYet) if period_key.starts_with(STANDING) => None,
        word => word,
    }
}

/// How many occurrences have each of the four words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Tally {
    /// 已报
    pub received: i64,
    /// 退回
    pub returned: i64,
    /// 未报
    pub not_yet: i64,
    /// 不适用
    pub not_applicable: i64,
}

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, state: BoardState, count: i64) {
        match state {
            BoardState::Received => self.received += count,
            BoardState::Returned => self.returned += count,
            BoardState::NotYet => self.not_yet += count,
            BoardState::NotApplicable => self.not_applicable += count,
        }
    }

    /// The four words in their order, each with its number.
    pub fn pairs(&self) -> Vec<(BoardState, i64)> {
        vec![
            (BoardState::Received, self.received),
            (BoardState::Returned, self.returned),
            (BoardState::NotYet, self.not_yet),
            (BoardState::NotApplicable, self.not_applicable),
        ]
    }

    /// All together.
    pub fn total(&self) -> i64 {
        self.received + self.returned + self.not_yet + self.not_applicable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_is_measured_against_the_extended_time_and_never_against_a_time_already_past_at_dispatch() {
        let cases = [
            (Some(10), None, false, 10, false),
            (Some(10), None, false, 11, true),
            (Some(10), Some(20), false, 15, false),
            (Some(10), Some(20), false, 21, true),
            (Some(10), None, true, 99, false),
            (Some(10), Some(20), true, 21, true),
            (None, None, false, 99, false),
        ];
        for (due, extended, born_past, at, late) in cases {
            assert_eq!(is_late(due, extended, born_past, at), late, "due {due:?} extended {extended:?} at {at}");
        }
    }

    #[test]
    fn a_report_that_may_be_made_is_not_missing() {
        assert_eq!(board_state(State::Open, "once"), Some(BoardState::NotYet));
        assert_eq!(board_state(State::Open, STANDING), None);
        assert_eq!(board_state(State::Open, "ad_hoc:1"), None);
        assert_eq!(board_state(State::Submitted, "ad_hoc:1"), Some(BoardState::Received));
        assert_eq!(board_state(State::Withdrawn, "once"), None);
    }
}
