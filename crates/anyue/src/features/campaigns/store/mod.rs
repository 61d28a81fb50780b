//! Rows of this area and all SQL about them, by table.

mod activities;
mod campaigns;
mod receivers;

use jiff::civil::Date;

pub use activities::{activities, changes, insert_change, save_activity};
pub use campaigns::{
    close, delete_draft, derived, find, header, headers, insert, notice_text, page, publish, published_for_units,
    update_amendment, update_decisions, update_head, update_text, with_number,
};
pub use receivers::{is_receiver, reaches, receiver_counts, receiver_ids, set_receivers};

use crate::platform::auth::Scope;

fn date(text: Option<String>) -> Option<Date> {
    text.and_then(|text| text.parse().ok())
}

fn date_text(date: Option<Date>) -> Option<String> {
    date.map(|date| date.to_string())
}

/// The condition that a path column is covered by a scope, and the values to bind from `$first` on.
fn covered(scope: &Scope, column: &str, first: usize) -> (String, Vec<String>) {
    match scope {
        Scope::All => ("1 = 1".to_owned(), Vec::new()),
        Scope::Below(paths) if paths.is_empty() => ("1 = 0".to_owned(), Vec::new()),
        Scope::Below(paths) => {
            let conditions: Vec<String> = (0..paths.len())
                .map(|n| format!("({column} >= ${} AND {column} < ${})", first + 2 * n, first + 2 * n + 1))
                .collect();
            let values = paths.iter().flat_map(|path| [path.clone(), format!("{path}\u{7f}")]).collect();
            (format!("({})", conditions.join(" OR ")), values)
        }
    }
}
