//! The statistics form: `data/progress_form.json`, over which a town lays its own changes, year by year.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::coded;
use crate::features::records::api as records;
use crate::platform::FieldErrors;
use crate::platform::web::form::{at_most, required};

coded!(
    /// How the form is laid out.
    Layout {
        /// A table with columns for sessions and people.
        Grid = "grid" "表格",
        /// A sentence with blanks for each row: 开展……（3）场次，参与（120）人次.
        Sentence = "sentence" "语句",
    }
);

coded!(
    /// How a slot is computed.
    Aggregate {
        /// Number of records.
        Count = "count" "记录条数",
        /// Number of records so marked.
        CountIf = "count_if" "有标记的记录条数",
        /// Sum of a measure.
        Sum = "sum" "指标之和",
        /// One measure divided by another, in per cent.
        Ratio = "ratio" "两项指标之比",
        /// Words, from records so marked.
        Text = "text" "文字",
    }
);

/// What records may be marked with.
pub const MARKS: [(&str, &str); 2] = [("leader_present", "有领导参加"), ("highlight", "特色亮点")];

/// What figures of one kind can be narrowed to.
pub const FACETS: [(&str, &str); 6] = [
    ("enterprise", "进企业"),
    ("village", "进农村"),
    ("community", "进社区"),
    ("school", "进学校"),
    ("home", "进家庭"),
    ("live", "网络直播"),
];

/// Which records feed a slot, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Codes of kinds; `None`: all.
    #[serde(with = "kinds")]
    pub kinds: Option<Vec<String>>,
    /// How.
    pub aggregate: Aggregate,
    /// The measure, the mark, or two measures with a slash between; empty for a count.
    #[serde(with = "field", default)]
    pub field: String,
    /// Only figures of this facet; empty: all.
    #[serde(rename = "where", with = "narrowed", default, skip_serializing_if = "String::is_empty")]
    pub facet: String,
}

/// `"*"` or a list.
mod kinds {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Kinds {
        List(Vec<String>),
        All(String),
    }

    pub fn serialize<S: Serializer>(kinds: &Option<Vec<String>>, serializer: S) -> Result<S::Ok, S::Error> {
        kinds.clone().map_or_else(|| Kinds::All("*".to_owned()), Kinds::List).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
        Ok(match Kinds::deserialize(deserializer)? {
            Kinds::List(list) => Some(list),
            Kinds::All(_) => None,
        })
    }
}

/// Null for none.
mod field {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(field: &str, serializer: S) -> Result<S::Ok, S::Error> {
        (!field.is_empty()).then_some(field).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        Ok(Option::<String>::deserialize(deserializer)?.unwrap_or_default())
    }
}

/// `{"target": "home"}` or `{"live": true}`.
mod narrowed {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Where {
        #[serde(skip_serializing_if = "Option::is_none")]
        target: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        live: Option<bool>,
    }

    pub fn serialize<S: Serializer>(facet: &str, serializer: S) -> Result<S::Ok, S::Error> {
        match facet {
            "live" => Where { live: Some(true), target: None },
            target => Where { target: Some(target.to_owned()), live: None },
        }
        .serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        let found = Where::deserialize(deserializer)?;
        Ok(if found.live == Some(true) { "live".to_owned() } else { found.target.unwrap_or_default() })
    }
}

impl Source {
    /// The measures it reads: one, or two for a ratio.
    pub fn measures(&self) -> Vec<String> {
        match self.aggregate {
            Aggregate::Count => vec!["count".to_owned()],
            Aggregate::Ratio => self.field.split('/').map(|part| part.trim().to_owned()).collect(),
            _ => vec![self.field.clone()],
        }
    }

    /// Whether it reads figures of this kind and facet.
    pub fn takes(&self, kind: &str, facet: &str) -> bool {
        self.kinds.as_ref().is_none_or(|kinds| kinds.iter().any(|own| own == kind))
            && (self.facet.is_empty() || self.facet == facet)
    }
}

/// A blank to be filled (指标).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Its code; kept for ever.
    pub code: String,
    /// Its name.
    pub label: String,
    /// What is counted; empty for words.
    #[serde(with = "field", default)]
    pub unit: String,
    /// It is on the form.
    pub on: bool,
    /// Where its value comes from.
    pub source: Source,
}

impl Slot {
    /// It holds words.
    pub fn is_text(&self) -> bool {
        self.source.aggregate == Aggregate::Text
    }

    /// It is derived from two others, and not a number of its own.
    pub fn is_ratio(&self) -> bool {
        self.source.aggregate == Aggregate::Ratio
    }

    /// Messages for what is wrong with it.
    pub fn check(&self, errors: &mut FieldErrors) {
        required(&self.label, "label", "请填写指标名称。", errors);
        at_most(&self.label, 60, "label", errors);
        at_most(&self.unit, 10, "unit", errors);
        if self.unit.is_empty() && !self.is_text() {
            errors.add("unit", "请填写计量单位，如场次、人次、份。");
        }
        let source = &self.source;
        let known = |code: &str| records::measure(code).is_some();
        let field_is_right = match source.aggregate {
            Aggregate::Count => source.field.is_empty(),
            Aggregate::CountIf | Aggregate::Text => MARKS.iter().any(|(code, _)| *code == source.field),
            Aggregate::Sum => known(&source.field),
            Aggregate::Ratio => {
                let parts = source.measures();
                parts.len() == 2 && parts.iter().all(|part| known(part)) && parts[0] != parts[1]
            }
        };
        if !field_is_right {
            errors.add("field", "这种算法要选相应的指标：求和选一项指标，比率选两项，计数不选。");
        }
        if source.kinds.as_ref().is_some_and(Vec::is_empty) {
            errors.add("kinds", "请至少选一类活动，或者选“全部种类”。");
        }
        if !source.facet.is_empty() && !FACETS.iter().any(|(code, _)| *code == source.facet) {
            errors.add("facet", "请重新选择范围。");
        }
    }
}

/// A row: an item of activity with its slots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its code.
    pub code: String,
    /// Its name.
    pub label: String,
    /// It is on the form.
    pub on: bool,
    /// Its slots, in order.
    pub slots: Vec<Slot>,
}

/// The form of a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// 附件2
    pub label: String,
    /// Title.
    pub title: String,
    /// Layout.
    pub layout: Layout,
    /// 填表说明; may be empty.
    #[serde(default)]
    pub notes: String,
    /// Grows with each change by the town; 0 as built in.
    #[serde(default)]
    pub version: i64,
    /// Rows, in order; those that are off included.
    pub rows: Vec<Row>,
}

static BUILT_IN: LazyLock<Form> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../data/progress_form.json")).expect("the built-in form is well-formed")
});

impl Form {
    /// As built in.
    pub fn built_in() -> Self {
        BUILT_IN.clone()
    }

    /// The rows on the form with their slots on it; rows without slots are left out.
    pub fn rows_on(&self) -> Vec<(&Row, Vec<&Slot>)> {
        let rows = self.rows.iter().filter(|row| row.on);
        rows.map(|row| (row, row.slots.iter().filter(|slot| slot.on).collect::<Vec<_>>()))
            .filter(|(_, slots)| !slots.is_empty())
            .collect()
    }

    /// The slots on the form, in order.
    pub fn slots_on(&self) -> Vec<&Slot> {
        self.rows_on().into_iter().flat_map(|(_, slots)| slots).collect()
    }

    /// Name of a slot where its row is not seen: with the row's, when it says little by itself.
    pub fn name_of(&self, slot: &Slot) -> String {
        const SHORT: usize = 6;
        let row = self.rows.iter().find(|row| row.slots.iter().any(|one| one.code == slot.code));
        match row.filter(|row| slot.label.chars().count() <= SHORT && !slot.label.contains(&row.label)) {
            Some(row) => format!("{}：{}", row.label, slot.label),
            None => slot.label.clone(),
        }
    }

    /// A slot by its code, on the form or not.
    pub fn slot(&self, code: &str) -> Option<&Slot> {
        self.rows.iter().flat_map(|row| &row.slots).find(|slot| slot.code == code)
    }

    /// Messages for what is wrong with title, layout and notes.
    pub fn check_head(&self, errors: &mut FieldErrors) {
        required(&self.title, "title", "请填写表名。", errors);
        at_most(&self.title, 60, "title", errors);
        at_most(&self.label, 20, "form_label", errors);
        at_most(&self.notes, 1000, "notes", errors);
    }
}

/// A row as the town has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowChange {
    /// Name.
    pub label: String,
    /// On the form.
    pub on: bool,
    /// Its place: rows stand by it, built-in ones at 10, 20, 30 …
    pub ordinal: i64,
}

/// A slot as the town has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotChange {
    /// The row it stands in.
    pub row: String,
    /// Its place in the row, as rows have.
    pub ordinal: i64,
    /// What it is.
    pub slot: Slot,
}

/// What a town has changed. What it has not changed follows the built-in form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changes {
    /// Label of the attachment, title, notes, layout; all or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<(String, String, String, Layout)>,
    /// Rows changed or added, by code.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rows: BTreeMap<String, RowChange>,
    /// Slots changed or added, by code.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub slots: BTreeMap<String, SlotChange>,
}

impl Changes {
    /// Rows with their places, as they are with these changes.
    pub fn rows_laid(&self) -> Vec<(String, RowChange)> {
        let mut rows: BTreeMap<String, RowChange> = BTreeMap::new();
        for (place, row) in (1..).zip(&BUILT_IN.rows) {
            rows.insert(row.code.clone(), RowChange { label: row.label.clone(), on: row.on, ordinal: place * 10 });
        }
        rows.extend(self.rows.clone());
        let mut rows: Vec<_> = rows.into_iter().collect();
        rows.sort_by(|(code, row), (other_code, other)| (row.ordinal, code).cmp(&(other.ordinal, other_code)));
        rows
    }

    /// Slots with their places, as they are with these changes, in the order of their rows and places.
    pub fn slots_laid(&self) -> Vec<SlotChange> {
        let mut slots: BTreeMap<String, SlotChange> = BTreeMap::new();
        for row in &BUILT_IN.rows {
            for (place, slot) in (1..).zip(&row.slots) {
                let change = SlotChange { row: row.code.clone(), ordinal: place * 10, slot: slot.clone() };
                slots.insert(slot.code.clone(), change);
            }
        }
        slots.extend(self.slots.clone());
        let mut slots: Vec<_> = slots.into_values().collect();
        slots.sort_by(|one, other| {
            (&one.row, one.ordinal, &one.slot.code).cmp(&(&other.row, other.ordinal, &other.slot.code))
        });
        slots
    }

    /// The built-in form with these changes laid over it.
    pub fn over_built_in(&self, version: i64) -> Form {
        let slots = self.slots_laid();
        let rows = self.rows_laid().into_iter().map(|(code, row)| Row {
            slots: slots.iter().filter(|slot| slot.row == code).map(|slot| slot.slot.clone()).collect(),
            label: row.label,
            on: row.on,
            code,
        });
        let mut form = Form { version, rows: rows.collect(), ..Form::built_in() };
        if let Some((label, title, notes, layout)) = self.head.clone() {
            (form.label, form.title, form.notes, form.layout) = (label, title, notes, layout);
        }
        form
    }

    /// A code that no row and no slot has.
    pub fn free_code(&self) -> String {
        let form = self.over_built_in(0);
        let taken: BTreeSet<&str> = form
            .rows
            .iter()
            .flat_map(|row| std::iter::once(row.code.as_str()).chain(row.slots.iter().map(|slot| slot.code.as_str())))
            .collect();
        (1..).map(|number| format!("own_{number}")).find(|code| !taken.contains(code.as_str())).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_form_has_15_rows_and_44_numbers_and_every_slot_is_right() {
        let form = Form::built_in();
        assert_eq!(form.rows.len(), 15);
        assert_eq!(form.rows_on().len(), 11);
        assert_eq!(form.slots_on().iter().filter(|slot| !slot.is_text()).count(), 44);
        let kinds: Vec<String> = records_kinds();
        for slot in form.rows.iter().flat_map(|row| &row.slots) {
            let mut errors = FieldErrors::new();
            slot.check(&mut errors);
            assert!(errors.is_empty(), "{}: {errors:?}", slot.code);
            let unknown = slot.source.kinds.iter().flatten().find(|kind| !kinds.contains(kind));
            assert!(unknown.is_none(), "{}: {unknown:?}", slot.code);
        }
        assert_eq!(form.slot("in_home").unwrap().source.facet, "home");
        assert_eq!(form.slot("live_p").unwrap().source.facet, "live");
        assert!(form.slot("handout_n").unwrap().source.kinds.is_none());
    }

    fn records_kinds() -> Vec<String> {
        crate::features::records::api::built_in().into_iter().map(|kind| kind.code).collect()
    }

    #[test]
    fn without_changes_the_form_is_the_built_in_one() {
        assert_eq!(Changes::default().over_built_in(0), Form::built_in());
        let text = serde_json::to_string(&Form::built_in()).unwrap();
        assert_eq!(serde_json::from_str::<Form>(&text).unwrap(), Form::built_in());
    }

    #[test]
    fn changes_rename_switch_move_and_add() {
        let mut changes = Changes::default();
        changes.rows.insert("quiz".to_owned(), RowChange { label: "知识竞赛活动".to_owned(), on: true, ordinal: 5 });
        let mut slot = Form::built_in().slot("drill_n").unwrap().clone();
        slot.code = changes.free_code();
        slot.label = "疏散演练".to_owned();
        changes
            .slots
            .insert(slot.code.clone(), SlotChange { row: "drill".to_owned(), ordinal: 15, slot: slot.clone() });
        let text = serde_json::to_string(&changes).unwrap();
        let form = serde_json::from_str::<Changes>(&text).unwrap().over_built_in(3);
        assert_eq!((form.rows[0].code.as_str(), form.rows[0].on), ("quiz", true));
        let drill = form.rows.iter().find(|row| row.code == "drill").unwrap();
        let codes: Vec<&str> = drill.slots.iter().map(|slot| slot.code.as_str()).collect();
        assert_eq!(codes, ["drill_n", "own_1", "drill_p"]);
        assert_ne!(changes.free_code(), slot.code);
    }

    #[test]
    fn a_slot_that_cannot_be_computed_is_refused_at_its_field() {
        let base = Form::built_in().slot("drill_p").unwrap().clone();
        let with = |change: &dyn Fn(&mut Slot)| {
            let mut slot = base.clone();
            change(&mut slot);
            let mut errors = FieldErrors::new();
            slot.check(&mut errors);
            errors.iter().map(|(field, _)| field.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(with(&|slot| slot.label.clear()), ["label"]);
        assert_eq!(with(&|slot| slot.unit.clear()), ["unit"]);
        assert_eq!(with(&|slot| slot.source.field = "nonsense".to_owned()), ["field"]);
        assert_eq!(with(&|slot| slot.source.aggregate = Aggregate::Ratio), ["field"]);
        assert_eq!(with(&|slot| slot.source.kinds = Some(Vec::new())), ["kinds"]);
        assert_eq!(with(&|slot| slot.source.facet = "moon".to_owned()), ["facet"]);
    }
}
