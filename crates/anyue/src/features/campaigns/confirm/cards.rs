//! What stands on the cards of the confirm page.

use super::super::duty_form::DutyForm;
use super::super::forms::ActivityForm;
use crate::features::duties::api::{DutyKind, Part};
use crate::platform::FieldErrors;

/// A line of the document.
#[derive(Clone, Debug)]
pub struct DocLine {
    /// 1-based.
    pub n: i64,
    /// As read, in pieces; those that carry something are marked.
    pub parts: Vec<(String, bool)>,
    /// Where it stands, and whether it carries something.
    pub class: String,
}

/// A warning at its place.
#[derive(Clone, Debug)]
pub struct Note {
    /// Its number in the plan.
    pub index: usize,
    /// What the compiler says.
    pub message: String,
    /// The line in question; empty when none.
    pub lines: String,
    /// What else can be done, beside keeping.
    pub change: Option<String>,
    /// `kept`, `changed`, or empty.
    pub decided: String,
}

/// A field of the head.
#[derive(Clone, Debug)]
pub struct HeadField {
    /// Name of the field.
    pub name: &'static str,
    /// Words.
    pub label: &'static str,
    /// `text`, `date`, `area`.
    pub kind: &'static str,
    /// What it holds.
    pub value: String,
    /// What the other editor wrote, when both changed it.
    pub theirs: String,
    /// What is wrong.
    pub error: String,
    /// The lines it comes from; empty when none.
    pub lines: String,
    /// Warnings about it.
    pub notes: Vec<Note>,
}

/// An activity on its card.
#[derive(Clone, Debug)]
pub struct ActivityView {
    /// Its id.
    pub id: String,
    /// As printed, or its place.
    pub number: String,
    /// Its values.
    pub form: ActivityForm,
    /// Dates in words.
    pub when: String,
    /// Taken out.
    pub dropped: bool,
    /// The lines it comes from.
    pub lines: String,
    /// Warnings about it.
    pub notes: Vec<Note>,
    /// Messages by field, when the form was wrong.
    pub errors: FieldErrors,
    /// Shown open.
    pub open: bool,
    /// What the other editor wrote.
    pub theirs: String,
}

/// A duty on its card.
#[derive(Clone, Debug)]
pub struct DutyView {
    /// Its id; empty for a new one.
    pub id: String,
    /// What sort, in words.
    pub kind: &'static str,
    /// Its values.
    pub form: DutyForm,
    /// When, in words.
    pub when: String,
    /// All its dates are over.
    pub past: bool,
    /// Who, in words.
    pub receivers: String,
    /// Who, as the notice says it.
    pub who: String,
    /// Codes of the kinds that the notice's words name, when others receive it as well.
    pub narrower: String,
    /// The parts in words.
    pub parts: String,
    /// The quota in words.
    pub quota: String,
    /// Taken out.
    pub dropped: bool,
    /// The lines it comes from.
    pub lines: String,
    /// Warnings about it.
    pub notes: Vec<Note>,
    /// Messages by field, when the form was wrong.
    pub errors: FieldErrors,
    /// Shown open.
    pub open: bool,
    /// What the other editor wrote.
    pub theirs: String,
    /// Due later than the superior's notice has it.
    pub later: String,
}

/// A month of the small calendar.
#[derive(Clone, Debug)]
pub struct Month {
    /// `2022年6月`
    pub label: String,
    /// Weeks of seven days: day (0: none), class, what is due.
    pub weeks: Vec<Vec<(i8, &'static str, String)>>,
}

/// A value that is shown and not edited: label, words, lines.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Words before.
    pub label: String,
    /// The value.
    pub words: String,
    /// The lines it comes from.
    pub lines: String,
}

pub(super) fn blank_activity() -> ActivityView {
    ActivityView {
        id: String::new(),
        number: String::new(),
        form: ActivityForm::default(),
        when: String::new(),
        dropped: false,
        lines: String::new(),
        notes: Vec::new(),
        errors: FieldErrors::new(),
        open: false,
        theirs: String::new(),
    }
}

pub(super) fn blank_duty() -> DutyView {
    let form = DutyForm {
        kind: DutyKind::Submit.code().to_owned(),
        when: "once".to_owned(),
        parts: vec![Part::Text.code().to_owned(), Part::Files.code().to_owned()],
        minutes: "10".to_owned(),
        ..DutyForm::default()
    };
    DutyView {
        id: String::new(),
        kind: "",
        form,
        when: String::new(),
        past: false,
        receivers: String::new(),
        who: String::new(),
        narrower: String::new(),
        parts: String::new(),
        quota: String::new(),
        dropped: false,
        lines: String::new(),
        notes: Vec::new(),
        errors: FieldErrors::new(),
        open: false,
        theirs: String::new(),
        later: String::new(),
    }
}

/// `12-14`, `12`, or empty.
pub(super) fn span(lines: Option<(i64, i64)>) -> String {
    match lines {
        Some((first, last)) if first == last => first.to_string(),
        Some((first, last)) => format!("{first}-{last}"),
        None => String::new(),
    }
}
