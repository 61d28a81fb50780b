//! The form in which people write a record down: text fields as typed, measures `m_…` and people `p_…` by code.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::model::{Facts, PeopleGroup, Record, Target};
use super::serves;
use crate::platform::FieldErrors;
use crate::platform::ids::UnitId;
use crate::platform::text_key::text_key;

/// The fields as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct RecordForm {
    /// Id of the record; on the form of a change only.
    pub id: String,
    /// The version that is changed.
    pub version: String,
    /// Made when the form was opened.
    pub key: String,
    /// Id of the host.
    pub unit: String,
    /// Code of the kind.
    pub kind: String,
    /// Title.
    pub title: String,
    /// First day.
    pub held_on: String,
    /// Last day.
    pub ends_on: String,
    /// Time.
    pub time: String,
    /// Place.
    pub place: String,
    /// Village.
    pub village: String,
    /// What was done.
    pub text: String,
    /// Campaign and activity, as [`serves`] writes them.
    pub serves: String,
    /// Target of a visit.
    pub target: String,
    /// Measures by code.
    pub measures: BTreeMap<String, String>,
    /// People by group.
    pub people: BTreeMap<String, String>,
    /// Leaders took part.
    pub leader_present: bool,
    /// How many.
    pub leader_count: String,
    /// Who.
    pub leader_names: String,
    /// To be told to others.
    pub highlight: bool,
    /// The page of the report that it is written for; empty when it is written for itself.
    pub back: String,
    /// Ids of co-hosts.
    pub co_hosts: Vec<String>,
    /// The button that was pressed.
    #[serde(skip)]
    pub action: String,
}

/// No field is longer, whatever is sent.
const LONGEST: usize = 20_000;

impl RecordForm {
    /// The form from its fields as they were sent; unknown ones are left out.
    pub fn of_pairs(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, mut value) in pairs {
            if value.len() > LONGEST {
                value = value.chars().take(LONGEST / 3).collect();
            }
            if let Some(code) = name.strip_prefix("m_") {
                form.measures.insert(code.to_owned(), value);
                continue;
            }
            if let Some(code) = name.strip_prefix("p_") {
                form.people.insert(code.to_owned(), value);
                continue;
            }
            match name.as_str() {
                "id" => form.id = value,
                "version" => form.version = value,
                "key" => form.key = value,
                "unit" => form.unit = value,
                "kind" => form.kind = value,
                "title" => form.title = value,
                "held_on" => form.held_on = value,
                "ends_on" => form.ends_on = value,
                "time" => form.time = value,
                "place" => form.place = value,
                "village" => form.village = value,
                "text" => form.text = value,
                "serves" => form.serves = value,
                "target" => form.target = value,
                "leader_present" => form.leader_present = true,
                "leader_count" => form.leader_count = value,
                "leader_names" => form.leader_names = value,
                "highlight" => form.highlight = true,
                "back" => form.back = value,
                "co_hosts" => form.co_hosts.push(value),
                "action" => form.action = value,
                _ => {}
            }
        }
        form
    }

    /// The form of a record as it is.
    pub fn of(record: &Record) -> Self {
        let facts = &record.facts;
        let number = |value: &i64| value.to_string();
        Self {
            id: record.id.to_string(),
            version: record.version.to_string(),
            key: record.idempotency_key.clone(),
            unit: record.unit_id.to_string(),
            kind: facts.kind.clone(),
            title: facts.title.clone(),
            held_on: facts.held_on.to_string(),
            ends_on: facts.ends_on.map(|day| day.to_string()).unwrap_or_default(),
            time: facts.time.clone(),
            place: facts.place.clone(),
            village: facts.village.clone(),
            text: facts.text.clone(),
            serves: serves::value(facts),
            target: facts.target.map_or("", Target::code).to_owned(),
            measures: facts.measures.iter().map(|(code, value)| (code.clone(), number(value))).collect(),
            people: facts.people.iter().map(|(group, value)| (group.code().to_owned(), number(value))).collect(),
            leader_present: facts.leader_present,
            leader_count: facts.leader_count.map(|count| count.to_string()).unwrap_or_default(),
            leader_names: facts.leader_names.clone(),
            highlight: facts.highlight,
            back: String::new(),
            co_hosts: facts.co_hosts.iter().map(ToString::to_string).collect(),
            action: String::new(),
        }
    }

    /// What was typed as facts.
    ///
    /// # Errors
    /// A message for each field that cannot be read.
    pub fn facts(&self) -> Result<Facts, FieldErrors> {
        let mut errors = FieldErrors::new();
        let held_on = day(&self.held_on);
        if held_on.is_none() {
            errors.add("held_on", "请选择活动日期。");
        }
        let ends_on = day(&self.ends_on);
        if ends_on.is_none() && !self.ends_on.trim().is_empty() {
            errors.add("ends_on", "请重新选择结束日期，只有一天的活动可以留空。");
        }
        let mut measures = BTreeMap::new();
        for (code, text) in &self.measures {
            if let Some(value) = whole_number(text, &format!("m_{code}"), &mut errors) {
                measures.insert(code.clone(), value);
            }
        }
        let mut people = BTreeMap::new();
        for (code, text) in &self.people {
            if let Some(group) = PeopleGroup::parse(code)
                && let Some(value) = whole_number(text, &format!("p_{code}"), &mut errors)
            {
                people.insert(group, value);
            }
        }
        let leader_count = whole_number(&self.leader_count, "leader_count", &mut errors);
        let (campaign_id, activity_id) = serves::parse(&self.serves);
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Facts {
            title: self.title.clone(),
            campaign_id,
            activity_id,
            ends_on,
            time: self.time.clone(),
            place: self.place.clone(),
            village: self.village.clone(),
            text: self.text.clone(),
            measures,
            people,
            target: Target::parse(&self.target),
            leader_present: self.leader_present,
            leader_count,
            leader_names: self.leader_names.clone(),
            highlight: self.highlight,
            co_hosts: self.co_hosts.iter().filter(|id| !id.is_empty()).map(|id| UnitId(id.clone())).collect(),
            ..Facts::new(&self.kind, held_on.unwrap_or_default())
        })
    }

    /// Whether anything was typed that would be missed.
    pub fn has_content(&self) -> bool {
        [&self.title, &self.time, &self.place, &self.text, &self.leader_names]
            .iter()
            .any(|text| !text.trim().is_empty())
            || self.measures.values().chain(self.people.values()).any(|text| !text.trim().is_empty())
            || !self.co_hosts.is_empty()
    }

    /// What is typed for a measure.
    pub fn measure(&self, code: &str) -> &str {
        self.measures.get(code).map_or("", String::as_str)
    }

    /// What is typed for a group of people.
    pub fn group(&self, code: &str) -> &str {
        self.people.get(code).map_or("", String::as_str)
    }

    /// Whether anything in the folded part is filled in.
    pub fn has_more(&self) -> bool {
        self.leader_present
            || self.highlight
            || !self.co_hosts.is_empty()
            || [&self.ends_on, &self.time, &self.village, &self.leader_count, &self.leader_names]
                .iter()
                .any(|text| !text.is_empty())
            || self.people.values().any(|text| !text.is_empty())
    }
}

/// A day as a date field sends it.
pub fn day(text: &str) -> Option<Date> {
    text.trim().parse().ok()
}

fn whole_number(text: &str, field: &str, errors: &mut FieldErrors) -> Option<i64> {
    let digits = text_key(text).replace([',', '，'], "");
    if digits.is_empty() {
        return None;
    }
    let number = digits.parse().ok();
    if number.is_none() {
        errors.add(field, "请只填整数，如30；没有统计就留空，没有就填0。");
    }
    number
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_form_is_read_field_by_field() {
        let form = RecordForm::of_pairs(pairs(&[
            ("kind", "study"),
            ("held_on", "2022-06-13"),
            ("m_participants", "１,２００"),
            ("p_workers", ""),
            ("p_students", "0"),
            ("serves", "c1/a1"),
            ("co_hosts", "u1"),
            ("co_hosts", "u2"),
            ("leader_present", "yes"),
            ("unknown", "x"),
        ]));
        let facts = form.facts().unwrap();
        assert_eq!(facts.measures["participants"], 1200);
        assert_eq!(facts.people, BTreeMap::from([(PeopleGroup::Students, 0)]));
        assert_eq!(facts.co_hosts.len(), 2);
        assert_eq!(facts.activity_id.unwrap().as_str(), "a1");
        assert!(facts.leader_present);
    }

    #[test]
    fn what_cannot_be_read_is_told_at_its_field() {
        let form = RecordForm::of_pairs(pairs(&[("held_on", "昨天"), ("m_found", "三处"), ("ends_on", "x")]));
        let errors = form.facts().unwrap_err();
        assert_eq!(errors.iter().map(|(field, _)| field).collect::<Vec<_>>(), ["held_on", "ends_on", "m_found"]);
    }

    proptest! {
        #[test]
        fn whatever_is_sent_is_read_or_refused(
            fields in prop::collection::vec(("[a-z_]{0,12}|m_found|p_workers|held_on|co_hosts|serves", "\\PC{0,12}"), 0..12),
        ) {
            let form = RecordForm::of_pairs(fields);
            if let Ok(facts) = form.facts() {
                prop_assert!(facts.measures.len() <= form.measures.len());
            }
            let kept: RecordForm = serde_json::from_str(&serde_json::to_string(&form).unwrap()).unwrap();
            prop_assert_eq!(kept, RecordForm { action: String::new(), ..form });
        }

        #[test]
        fn facts_survive_the_form(
            title in "\\PC{0,20}", found in prop::option::of(0_i64..1_000_000), leaders in prop::option::of(0_i64..999),
            highlight in any::<bool>(), at in 0_i32..700,
        ) {
            use jiff::ToSpan as _;
            let held_on = jiff::civil::date(2022, 1, 1).checked_add(at.days()).unwrap();
            let facts = Facts {
                title, highlight, leader_count: leaders,
                measures: found.map(|found| ("found".to_owned(), found)).into_iter().collect(),
                ..Facts::new("hazard_check", held_on)
            };
            let record = Record {
                id: "r".into(), unit_id: "u".into(), facts: facts.clone(), state: crate::features::records::model::State::Held,
                review: Default::default(), idempotency_key: "k".to_owned(), created_by: String::new(),
                created_by_name: String::new(), created_at: 0, reported_at: None, updated_at: 0, seq: 1, version: 1,
            };
            prop_assert_eq!(RecordForm::of(&record).facts().unwrap(), facts);
        }
    }
}
