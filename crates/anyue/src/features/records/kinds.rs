//! The catalogue of kinds of records and of what they may state: `data/activity_kinds.json`, over which a town lays
//! its own names, aliases and measures.

use std::sync::LazyLock;

use crate::platform::FieldErrors;
use crate::platform::text_key::text_key;
use crate::platform::web::form::{at_most, required};

/// Something a record may state as a number.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Measure {
    /// Its code.
    pub code: String,
    /// Its name.
    pub label: String,
    /// What is counted: 人次, 份.
    pub unit: String,
}

/// Which evidence is asked for, and why; nothing may be asked for without a clause.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Evidence {
    /// What: 现场照片.
    pub what: String,
    /// The clause it rests on.
    pub clause: String,
    /// What it is used for.
    pub purpose: String,
    /// How long it is kept.
    pub keep: String,
}

impl Evidence {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        [&self.what, &self.clause, &self.purpose, &self.keep].iter().all(|text| text.is_empty())
    }
}

/// A kind of record (活动种类).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// In what its records are counted: 场次.
    pub count_unit: String,
    /// Codes of what its records may state.
    pub measures: Vec<String>,
    /// Evidence asked for.
    pub evidence: Evidence,
    /// New records of the kind may be made.
    pub in_use: bool,
    /// Place in the list.
    pub ordinal: i64,
    /// Grows with each change; 0 for a kind as built in.
    pub version: i64,
}

#[derive(serde::Deserialize)]
struct File {
    measures: Vec<Measure>,
    kinds: Vec<FileKind>,
}

#[derive(serde::Deserialize)]
struct FileKind {
    code: String,
    name: String,
    aliases: Vec<String>,
    count_unit: String,
    measures: Vec<String>,
}

static FILE: LazyLock<File> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../data/activity_kinds.json")).expect("the catalogue is well-formed")
});

/// Everything that may be stated as a number, in the order of the catalogue.
pub fn measures() -> &'static [Measure] {
    &FILE.measures
}

/// A measure by its code.
pub fn measure(code: &str) -> Option<&'static Measure> {
    FILE.measures.iter().find(|measure| measure.code == code)
}

/// The kinds as built in.
pub fn built_in() -> Vec<Kind> {
    let kind = |(place, kind): (usize, &FileKind)| Kind {
        code: kind.code.clone(),
        name: kind.name.clone(),
        aliases: kind.aliases.clone(),
        count_unit: kind.count_unit.clone(),
        measures: kind.measures.clone(),
        evidence: Evidence::default(),
        in_use: true,
        ordinal: i64::try_from(place).unwrap_or_default() + 1,
        version: 0,
    };
    FILE.kinds.iter().enumerate().map(kind).collect()
}

impl Kind {
    /// Its measures, in its own order.
    pub fn measures(&self) -> Vec<&'static Measure> {
        self.measures.iter().filter_map(|code| measure(code)).collect()
    }

    /// With measures that a record stated before the town took them off the kind: they are not lost.
    #[must_use]
    pub fn with_stated<'a>(mut self, stated: impl IntoIterator<Item = &'a String>) -> Self {
        for code in stated {
            if !self.measures.contains(code) {
                self.measures.push(code.clone());
            }
        }
        self
    }

    /// Other names on one line.
    pub fn aliases_in_words(&self) -> String {
        self.aliases.join("、")
    }

    /// Whether words are found in its name or in another name of it.
    pub fn has_words(&self, words: &str) -> bool {
        let wanted = text_key(words);
        text_key(&self.name).contains(&wanted)
            || self.aliases.iter().any(|alias| {
                let alias = text_key(alias);
                alias.contains(&wanted) || (alias.chars().count() > 1 && wanted.contains(&alias))
            })
    }

    /// Without white space at the ends and empty or repeated names; measures that exist, each once.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        self.name = self.name.trim().to_owned();
        let mut aliases: Vec<String> = Vec::new();
        for alias in self.aliases.iter().map(|alias| alias.trim()) {
            if !alias.is_empty() && !aliases.iter().any(|known| known == alias) {
                aliases.push(alias.to_owned());
            }
        }
        self.aliases = aliases;
        let mut known: Vec<String> = Vec::new();
        for code in self.measures {
            if measure(&code).is_some() && !known.contains(&code) {
                known.push(code);
            }
        }
        self.measures = known;
        let Evidence { what, clause, purpose, keep } = self.evidence;
        let [what, clause, purpose, keep] = [what, clause, purpose, keep].map(|text| text.trim().to_owned());
        self.evidence = Evidence { what, clause, purpose, keep };
        self
    }

    /// Messages for what is wrong with it.
    pub fn check(&self, errors: &mut FieldErrors) {
        required(&self.name, "name", "请填写种类名称。", errors);
        at_most(&self.name, 30, "name", errors);
        at_most(&self.aliases_in_words(), 600, "aliases", errors);
        let evidence = &self.evidence;
        if !evidence.is_empty() {
            let words = "要求附材料时，请写明附什么、依据、用途和保存时间；不要求就都留空。";
            for (field, text) in [
                ("what", &evidence.what),
                ("clause", &evidence.clause),
                ("purpose", &evidence.purpose),
                ("keep", &evidence.keep),
            ] {
                required(text, field, words, errors);
                at_most(text, 60, field, errors);
            }
        }
    }
}

/// A kind by its code.
pub fn find<'a>(kinds: &'a [Kind], code: &str) -> Option<&'a Kind> {
    kinds.iter().find(|kind| kind.code == code)
}

/// The name of a kind; its code when it is unknown.
pub fn name<'a>(kinds: &'a [Kind], code: &'a str) -> &'a str {
    find(kinds, code).map_or(code, |kind| kind.name.as_str())
}

/// The codes of one kind's neighbours changed over: the kind goes one place up or down.
pub fn moved(kinds: &[Kind], code: &str, up: bool) -> Option<(Kind, Kind)> {
    let at = kinds.iter().position(|kind| kind.code == code)?;
    let other = if up { at.checked_sub(1)? } else { at + 1 };
    let (mut one, mut other) = (kinds.get(at)?.clone(), kinds.get(other)?.clone());
    std::mem::swap(&mut one.ordinal, &mut other.ordinal);
    Some((one, other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_catalogue_has_32_kinds_whose_measures_all_exist() {
        let kinds = built_in();
        assert_eq!(kinds.len(), 32);
        for kind in &kinds {
            assert_eq!(kind.measures().len(), kind.measures.len(), "{}", kind.code);
            assert!(!kind.measures.is_empty() && !kind.count_unit.is_empty(), "{}", kind.code);
        }
        assert!(find(&kinds, "kickoff").is_some());
    }

    #[test]
    fn a_kind_is_found_by_what_people_call_it() {
        let kinds = built_in();
        let found = |words: &str| -> Vec<String> {
            kinds.iter().filter(|kind| kind.has_words(words)).map(|kind| kind.code.clone()).collect()
        };
        assert_eq!(found("大讲堂"), ["lecture"]);
        assert_eq!(found("安康杯竞赛"), ["contest"]);
        assert_eq!(found("五 进"), ["five_in", "model"]);
        assert!(found("开飞机").is_empty());
    }

    #[test]
    fn evidence_is_asked_for_with_its_clause_or_not_at_all() {
        let mut kind = built_in().remove(0);
        let mut errors = FieldErrors::new();
        kind.check(&mut errors);
        assert!(errors.is_empty());
        kind.evidence.what = "现场照片".to_owned();
        kind.check(&mut errors);
        assert!(!errors.get("clause").is_empty() && errors.get("what").is_empty());
    }

    #[test]
    fn a_kind_moves_one_place_and_not_over_the_edge() {
        let kinds = built_in();
        let (one, other) = moved(&kinds, "study", true).unwrap();
        assert_eq!((one.ordinal, other.code.as_str(), other.ordinal), (1, "kickoff", 2));
        assert!(moved(&kinds, "kickoff", true).is_none() && moved(&kinds, "report", false).is_none());
    }
}
