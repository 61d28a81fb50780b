//! Which records a duty takes along. No SQL, no web, no clock.

use jiff::civil::Date;

use crate::features::campaigns::api::Activity;
use crate::features::duties::api::{Duty, DutyKind, Part, WorkItem};
use crate::features::records::api::{Record, State};
use crate::platform::ids::UnitId;

/// How a duty takes records along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Those of its period, by themselves.
    Period(Date, Date),
    /// Those that the unit chooses.
    Chosen,
    /// None.
    Nothing,
}

/// How this occurrence takes records along; `activity` is the one of its clause.
pub fn takes(item: &WorkItem, activity: Option<&Activity>) -> Takes {
    let words = item.duty.parts.iter().any(|part| matches!(part, Part::Text | Part::Files));
    match (item.duty.kind, item.period_start, item.period_end) {
        (DutyKind::WeeklyReport, Some(from), Some(until)) => Takes::Period(from, until),
        (DutyKind::AdHocReport | DutyKind::Event | DutyKind::Do, ..) if words => Takes::Chosen,
        (DutyKind::Submit, ..) if words && activity.is_some() => Takes::Chosen,
        _ => Takes::Nothing,
    }
}

/// The activity that a duty's clause is, or in whose lines it stands.
pub fn activity_of<'a>(duty: &Duty, activities: &'a [Activity]) -> Option<&'a Activity> {
    let named = activities.iter().filter(|activity| !activity.kinds.is_empty());
    let by_clause = named.clone().find(|activity| !duty.clause.is_empty() && activity.clause == duty.clause);
    by_clause.or_else(|| {
        let (first, last) = duty.lines?;
        named.into_iter().find(|activity| activity.lines.is_some_and(|(begins, ends)| begins <= first && last <= ends))
    })
}

/// Whether a record has anything to report: it was held.
pub fn was_held(record: &Record) -> bool {
    record.state != State::Planned
}

/// Whether to ask if a planned record was held: its day has come.
pub fn asks_whether_held(record: &Record, unit: &UnitId, today: Date) -> bool {
    record.state == State::Planned && record.facts.held_on <= today && record.unit_id == *unit
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::civil::date;

    use super::*;
    use crate::features::duties::api::{Schedule, State as Stand};
    use crate::features::units::api::Selector;

    fn item(kind: DutyKind, parts: &[Part], period: bool) -> WorkItem {
        let duty = Duty {
            id: "d".into(),
            campaign_id: "c".into(),
            ordinal: 1,
            kind,
            title: "启动仪式".to_owned(),
            detail: String::new(),
            clause: "四/（四）".to_owned(),
            source_text: String::new(),
            lines: Some((30, 31)),
            who: String::new(),
            hand_in_to: String::new(),
            schedule: Schedule::Undated,
            starts_on: None,
            repeat_from: None,
            repeat_until: None,
            quota: None,
            zero_report: false,
            parts: parts.to_vec(),
            evidence: Vec::new(),
            receivers: Selector::default(),
            minutes: 5,
            dropped: false,
            version: 1,
        };
        WorkItem {
            id: "o".into(),
            campaign_id: "c".into(),
            unit_id: "u".into(),
            duty: Arc::new(duty),
            period_key: "once".to_owned(),
            period_start: period.then(|| date(2022, 6, 10)),
            period_end: period.then(|| date(2022, 6, 16)),
            due_at: None,
            born_past: false,
            state: Stand::Open,
            extended_until: None,
            extension_reason: String::new(),
            decided_by: String::new(),
            decided_reason: String::new(),
            submission_id: None,
            submitted_at: None,
            late: None,
            returned: None,
            closed: false,
            version: 1,
        }
    }

    fn activity(clause: &str, lines: (i64, i64)) -> Activity {
        Activity {
            id: "a".into(),
            ordinal: 1,
            number: "（四）".to_owned(),
            clause: clause.to_owned(),
            title: "启动仪式".to_owned(),
            kinds: vec!["kickoff".to_owned()],
            who: String::new(),
            starts_on: None,
            ends_on: None,
            lines: Some(lines),
            dropped: false,
            version: 1,
        }
    }

    #[test]
    fn a_weekly_report_gathers_and_others_take_what_is_chosen() {
        let found = activity("四/（四）", (30, 33));
        let some = Some(&found);
        let period = Takes::Period(date(2022, 6, 10), date(2022, 6, 16));
        let cases = [
            (DutyKind::WeeklyReport, &[Part::Text][..], true, None, period),
            (DutyKind::AdHocReport, &[Part::Text], false, None, Takes::Chosen),
            (DutyKind::Event, &[Part::Text], false, some, Takes::Chosen),
            (DutyKind::Do, &[Part::Text], false, None, Takes::Chosen),
            (DutyKind::Submit, &[Part::Text, Part::Files], false, some, Takes::Chosen),
            (DutyKind::Submit, &[Part::Text, Part::Files], false, None, Takes::Nothing),
            (DutyKind::Submit, &[Part::LiaisonForm, Part::UnitPlan], false, some, Takes::Nothing),
            (DutyKind::Acknowledge, &[Part::Acknowledgement], false, None, Takes::Nothing),
        ];
        for (kind, parts, with_period, activity, expected) in cases {
            assert_eq!(takes(&item(kind, parts, with_period), activity), expected, "{kind:?} {parts:?}");
        }
    }

    #[test]
    fn the_activity_is_that_of_the_clause_or_of_the_lines() {
        let duty = item(DutyKind::Event, &[Part::Text], false).duty;
        assert!(activity_of(&duty, &[activity("四/（四）", (1, 2))]).is_some());
        assert!(activity_of(&duty, &[activity("四/（五）", (30, 33))]).is_some());
        assert!(activity_of(&duty, &[activity("四/（五）", (1, 2))]).is_none());
    }
}
