//! What a list is filtered by, built up as text and values; and a page of it read by key.

use sea_orm::Value;

use super::sql::placeholders;
use crate::platform::ids::JurisdictionId;

/// The text after `WHERE` and its values. `$1` is always the town.
///
/// ```
/// # use anyue::platform::db::Condition;
/// let mut all = Condition::of_town("r.jurisdiction_id", &"t1".into());
/// let day = all.bind("r.held_on >=", "2022-06-01");
/// all.and(day);
/// assert_eq!(all.text, "r.jurisdiction_id = $1 AND r.held_on >= $2");
/// ```
#[derive(Debug)]
pub struct Condition {
    /// As SQL.
    pub text: String,
    /// What is bound to `$1`, `$2` …
    pub values: Vec<Value>,
}

impl Condition {
    /// What belongs to a town; `column` holds the town's id.
    pub fn of_town(column: &str, town: &JurisdictionId) -> Self {
        Self { text: format!("{column} = $1"), values: vec![town.into()] }
    }

    /// Binds a value; the comparison with it, to be said in [`Self::and`].
    pub fn bind(&mut self, comparison: &str, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("{comparison} ${}", self.values.len())
    }

    /// Binds several values; `$2, $3` for `IN (…)`.
    pub fn bind_list(&mut self, values: impl IntoIterator<Item = impl Into<Value>>) -> String {
        let first = self.values.len() + 1;
        self.values.extend(values.into_iter().map(Into::into));
        placeholders(first, self.values.len() + 1 - first)
    }

    /// And this must hold as well.
    pub fn and(&mut self, condition: impl AsRef<str>) {
        self.text.push_str(" AND ");
        self.text.push_str(condition.as_ref());
    }

    /// And the column must equal the value.
    pub fn and_equals(&mut self, column: &str, value: impl Into<Value>) {
        let condition = self.bind(&format!("{column} ="), value);
        self.and(condition);
    }

    /// And one of these must hold; without any, nothing is found.
    pub fn and_any(&mut self, conditions: &[String]) {
        let any = if conditions.is_empty() { "1 = 0".to_owned() } else { format!("({})", conditions.join(" OR ")) };
        self.and(any);
    }

    /// The number of the next value: `LIMIT $n`.
    pub fn next(&self) -> usize {
        self.values.len() + 1
    }
}

/// A page of at most `limit` out of rows of which one more was asked for, and whether there are more beyond it.
/// `backwards`: they were read against the order of the list.
pub fn one_page<T>(mut rows: Vec<T>, limit: usize, backwards: bool) -> (Vec<T>, bool) {
    let more = rows.len() > limit;
    rows.truncate(limit);
    if backwards {
        rows.reverse();
    }
    (rows, more)
}
