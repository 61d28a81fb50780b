//! The warnings of a plan at their places, and what the page offers about them.

use std::collections::BTreeSet;

use super::super::model::Campaign;
use super::super::plan::Plan;
use super::cards::{Note, span};

/// The warnings of a plan, given out to their places once each.
pub(super) struct Notes<'a> {
    plan: &'a Plan,
    campaign: &'a Campaign,
    given: BTreeSet<usize>,
}

impl<'a> Notes<'a> {
    pub(super) fn new(plan: &'a Plan, campaign: &'a Campaign) -> Self {
        Self { plan, campaign, given: BTreeSet::new() }
    }

    pub(super) fn take(&mut self, belongs: impl Fn(&str, Option<i64>) -> bool) -> Vec<Note> {
        let mut notes = Vec::new();
        for (index, warning) in self.plan.warnings.iter().enumerate() {
            if self.given.contains(&index) || !belongs(&warning.code, warning.line) {
                continue;
            }
            self.given.insert(index);
            notes.push(Note {
                index,
                message: warning.message.clone(),
                lines: span(warning.line.map(|line| (line, line))),
                change: offered_change(&warning.code, &warning.message),
                decided: self.campaign.decisions.get(&index.to_string()).cloned().unwrap_or_default(),
            });
        }
        notes
    }
}

/// What the page offers beside keeping the text as it is.
fn offered_change(code: &str, message: &str) -> Option<String> {
    match code {
        "theme_mismatch" => national_theme(message).map(|theme| format!("改为“{theme}”")),
        "no_summary_duty" => Some("增加“报送活动总结”".to_owned()),
        "already_past" => Some("不再下发这一项".to_owned()),
        _ => None,
    }
}

/// The theme that a warning names: the first words in quotation marks.
pub fn national_theme(message: &str) -> Option<String> {
    let (_, rest) = message.split_once('“')?;
    let (theme, _) = rest.split_once('”')?;
    (!theme.trim().is_empty()).then(|| theme.trim().to_owned())
}
