//! The `'` that keeps a cell from being run as a formula (lessons: CSV in Excel), and its removal.
//!
//! A text is guarded if what follows its leading apostrophes begins a formula. So `'=1`, typed by a person,
//! becomes `''=1` and comes back as it was: guarding and unguarding are inverse to each other.

use std::borrow::Cow;

/// Puts `'` before a text that a spreadsheet would take for a formula, or that unguarding would change.
pub(super) fn guard(text: &str) -> Cow<'_, str> {
    if is_formula(text.trim_start_matches('\'')) { format!("'{text}").into() } else { text.into() }
}

/// Puts `'` before a text that unguarding would change: all that xlsx needs, where text is never run.
pub(super) fn double(text: &str) -> Cow<'_, str> {
    if text.starts_with('\'') { guard(text) } else { text.into() }
}

/// Takes away the `'` that [`guard`] or [`double`] put there.
pub(super) fn unguard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}
