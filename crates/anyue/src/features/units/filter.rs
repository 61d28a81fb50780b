//! What a list of units is narrowed to, as it stands in the address.

use super::facts::UnitState;
use super::model::UnitKind;
use super::store::list::{Order, Start, Wanted};
use crate::platform::ids::UnitId;

/// The query of the list's address.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct Filter {
    /// Words.
    pub q: String,
    /// Code of a kind.
    pub kind: String,
    /// Code of an industry.
    pub industry: String,
    /// Id of a unit: those below it.
    pub parent: String,
    /// Code of a state; empty means in use, `all` any.
    pub state: String,
    /// What it is sorted by, `-` before it for descending.
    pub o: String,
    /// `tree` for the tree.
    pub view: String,
    /// Id of the unit after which the page begins.
    pub after: String,
    /// Id of the unit before which the page ends.
    pub before: String,
}

impl Filter {
    /// What is wanted; `below` is the path of the unit named as parent.
    pub fn wanted(&self, below: Option<String>) -> Wanted {
        Wanted {
            words: self.q.clone(),
            kind: UnitKind::parse(&self.kind),
            industry: self.industry.clone(),
            below,
            state: match self.state.as_str() {
                "all" => None,
                code => Some(UnitState::parse(code).unwrap_or(UnitState::Active)),
            },
        }
    }

    /// Order and whether it is descending.
    pub fn order(&self) -> (Order, bool) {
        let (name, descending) = self.o.strip_prefix('-').map_or((self.o.as_str(), false), |name| (name, true));
        let order = Order::ALL.into_iter().find(|(_, own)| *own == name).map(|(order, _)| order);
        (order.unwrap_or_default(), descending)
    }

    /// Where the page begins.
    pub fn start(&self) -> Start {
        match (self.after.as_str(), self.before.as_str()) {
            ("", "") => Start::First,
            ("", before) => Start::Before(UnitId::from(before)),
            (after, _) => Start::After(UnitId::from(after)),
        }
    }

    /// Whether anything narrows the list.
    pub fn narrows(&self) -> bool {
        !(self.q.trim().is_empty()
            && self.kind.is_empty()
            && self.industry.is_empty()
            && self.parent.is_empty()
            && self.state.is_empty())
    }

    /// The address with some parts changed: always from the first page on.
    pub fn with(&self, changes: &[(&str, &str)]) -> String {
        self.address("/units", changes)
    }

    /// The same narrowing at another address.
    pub fn address(&self, path: &str, changes: &[(&str, &str)]) -> String {
        let own = [
            ("q", self.q.as_str()),
            ("kind", &self.kind),
            ("industry", &self.industry),
            ("parent", &self.parent),
            ("state", &self.state),
            ("o", &self.o),
            ("view", &self.view),
            ("after", ""),
            ("before", ""),
        ];
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in own {
            let value = changes.iter().find(|(changed, _)| *changed == name).map_or(value, |(_, value)| value);
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The list of one kind, or of all for an empty code.
    pub fn of_kind(&self, code: &str) -> String {
        self.with(&[("kind", code)])
    }

    /// The tree below the same unit.
    pub fn as_tree(&self) -> String {
        Self { view: "tree".to_owned(), parent: self.parent.clone(), ..Self::default() }.with(&[])
    }

    /// What is narrowed to as a file: `xlsx` or `csv`.
    pub fn export(&self, format: &str) -> String {
        self.address(&format!("/units/export.{format}"), &[("view", ""), ("o", "")])
    }

    /// The direction of a heading that sorts: `asc`, `desc` or empty.
    pub fn direction(&self, name: &str) -> &'static str {
        let (order, descending) = self.order();
        let is_own = Order::ALL.into_iter().any(|(own, own_name)| own == order && own_name == name);
        match (is_own, descending) {
            (false, _) => "",
            (true, false) => "asc",
            (true, true) => "desc",
        }
    }

    /// The address that sorts by a heading, and the other way round when it is sorted so already.
    pub fn sort(&self, name: &str) -> String {
        let turned = if self.direction(name) == "asc" { format!("-{name}") } else { name.to_owned() };
        self.with(&[("o", &turned)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_what_is_set_and_leaves_out_what_is_not() {
        let filter = Filter { q: "东沟".into(), kind: "village".into(), after: "x".into(), ..Filter::default() };
        assert_eq!(filter.with(&[]), "/units?q=%E4%B8%9C%E6%B2%9F&kind=village");
        assert_eq!(filter.with(&[("q", ""), ("kind", "")]), "/units");
        assert_eq!(Filter::default().sort("ordinal"), "/units?o=-ordinal");
        assert_eq!(Filter::default().sort("name"), "/units?o=name");
    }

    #[test]
    fn closed_units_are_seen_only_when_asked_for() {
        assert_eq!(Filter::default().wanted(None).state, Some(UnitState::Active));
        let all = Filter { state: "all".into(), ..Filter::default() };
        assert_eq!(all.wanted(None).state, None);
    }
}
