//! The catalogue of industries (`data/industries.json`).

use std::sync::LazyLock;

use crate::platform::text_key::text_key;

/// An industry.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Industry {
    /// As stored and as in JSON.
    pub code: String,
    /// As on screen.
    pub name: String,
    /// Branches of it, known by name only: a unit belongs to the industry.
    #[serde(default)]
    sub: Vec<Branch>,
}

#[derive(Clone, Debug, serde::Deserialize)]
struct Branch {
    name: String,
}

#[derive(serde::Deserialize)]
struct Catalogue {
    industries: Vec<Industry>,
}

static ALL: LazyLock<Vec<Industry>> = LazyLock::new(|| {
    let catalogue: Catalogue =
        serde_json::from_str(include_str!("../../../data/industries.json")).expect("the catalogue is well-formed");
    catalogue.industries
});

/// Every industry, in the order of the catalogue.
pub fn all() -> &'static [Industry] {
    &ALL
}

/// An industry by its code.
pub fn find(code: &str) -> Option<&'static Industry> {
    ALL.iter().find(|industry| industry.code == code)
}

/// Its name; empty for a unit of none.
pub fn name(code: &str) -> &str {
    find(code).map_or(code, |industry| industry.name.as_str())
}

/// The industry that a person means by what they typed: its code, its name, the beginning of its name up to
/// a bracket or comma, or the name of a branch.
pub fn meant_by(text: &str) -> Option<&'static Industry> {
    let key = text_key(text);
    let short = |name: &str| text_key(name.split(['（', '、']).next().unwrap_or(name));
    ALL.iter()
        .find(|industry| text_key(&industry.code) == key || text_key(&industry.name) == key)
        .or_else(|| ALL.iter().find(|industry| short(&industry.name) == key))
        .or_else(|| ALL.iter().find(|industry| industry.sub.iter().any(|branch| text_key(&branch.name) == key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_industry_is_known_by_code_name_beginning_and_branch() {
        let cases = [
            ("NONCOAL", Some("NONCOAL")),
            ("noncoal", Some("NONCOAL")),
            ("非煤矿山", Some("NONCOAL")),
            ("露天矿山", Some("NONCOAL")),
            ("危险化学品", Some("HAZCHEM")),
            ("道路交通", Some("ROAD")),
            ("开飞机", None),
            ("", None),
        ];
        for (text, code) in cases {
            assert_eq!(meant_by(text).map(|industry| industry.code.as_str()), code, "{text}");
        }
        assert_eq!(name(""), "");
    }
}
