//! What is frozen: a whole week's form of every unit, as a document with a fixed form of its bytes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::form::Form;
use super::sheet::{Basis, UnitSheet};
use super::weeks::Week;
use crate::features::records::api::{RecordId, State};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;

/// Names the form of the document.
pub const SCHEMA: &str = "anyue/statistics/1";

/// A record that was counted or waited, and its version then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// The record.
    #[serde(rename = "r")]
    pub record_id: RecordId,
    /// Its version.
    #[serde(rename = "v")]
    pub version: i64,
    /// Its state.
    #[serde(rename = "s")]
    pub state: State,
}

/// A correction that stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionNote {
    /// Its id.
    pub id: String,
    /// The unit.
    pub unit_id: UnitId,
    /// The slot.
    pub slot: String,
    /// `week` or `total`.
    pub span: String,
    /// What was computed when it was made.
    pub computed: Option<i64>,
    /// What stands instead.
    pub amount: Option<i64>,
    /// Words that stand instead.
    pub body: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: i64,
}

/// A week's form of every unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// [`SCHEMA`].
    pub schema: String,
    /// Id of the campaign; empty for a period of one's own.
    pub campaign_id: String,
    /// Its title.
    pub campaign: String,
    /// The week.
    pub week: Week,
    /// Which freezing this is; 0 for what has not been frozen.
    pub edition: i64,
    /// Why it was frozen again.
    pub reason: String,
    /// When it was frozen, milliseconds; 0 for what has not been.
    pub frozen_at: i64,
    /// By whom.
    pub frozen_by: String,
    /// The form as it was.
    pub form: Form,
    /// Every unit, each one followed by those below it; the top first.
    pub units: Vec<UnitSheet>,
    /// The corrections that stood.
    pub corrections: Vec<CorrectionNote>,
    /// The records of the period.
    pub records: Vec<Pin>,
}

impl Document {
    /// What the figures say now, not frozen.
    pub fn of(basis: &Basis, campaign: Option<(&str, &str)>) -> Self {
        let (campaign_id, campaign) = campaign.unwrap_or_default();
        Self {
            schema: SCHEMA.to_owned(),
            campaign_id: campaign_id.to_owned(),
            campaign: campaign.to_owned(),
            week: basis.week.clone(),
            edition: 0,
            reason: String::new(),
            frozen_at: 0,
            frozen_by: String::new(),
            form: basis.form.clone(),
            units: basis.units.iter().map(|unit| basis.sheet_of(unit)).collect(),
            corrections: Vec::new(),
            records: Vec::new(),
        }
    }

    /// Its bytes: JSON with the keys of every object in order and no white space (RFC 8785, for whole numbers).
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        Ok(serde_json::to_vec(&in_order(serde_json::to_value(self)?))?)
    }

    /// From its bytes.
    ///
    /// # Errors
    /// When they are not a document of this form.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let document: Self = serde_json::from_slice(bytes)?;
        if document.schema != SCHEMA {
            return Err(Error::internal(format!("a frozen form of the unknown schema {}", document.schema)));
        }
        Ok(document)
    }

    /// A unit's form.
    pub fn unit(&self, id: &UnitId) -> Option<&UnitSheet> {
        self.units.iter().find(|unit| unit.id == *id)
    }

    /// The units directly below one.
    pub fn children<'a>(&'a self, id: &'a UnitId) -> impl Iterator<Item = &'a UnitSheet> {
        self.units.iter().filter(move |unit| unit.parent.as_ref() == Some(id))
    }
}

fn in_order(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<(String, Value)> = map.into_iter().collect();
            pairs.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            Value::Object(pairs.into_iter().map(|(key, value)| (key, in_order(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(in_order).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::features::statistics::model::Cell;
    use crate::features::units::api::UnitKind;

    fn document(values: &[Option<i64>], words: &str) -> Document {
        let cells: Vec<Cell> =
            values.iter().map(|value| Cell { value: *value, text: words.to_owned(), ..Cell::default() }).collect();
        Document {
            schema: SCHEMA.to_owned(),
            campaign_id: "c".to_owned(),
            campaign: "安全生产月".to_owned(),
            week: Week::free(date(2022, 6, 1), date(2022, 6, 16)),
            edition: 1,
            reason: String::new(),
            frozen_at: 1,
            frozen_by: "萨仁".to_owned(),
            form: Form::built_in(),
            units: vec![UnitSheet {
                id: "u".into(),
                name: "东沟村".to_owned(),
                kind: UnitKind::Village,
                parent: None,
                filler: String::new(),
                phone: String::new(),
                week: cells.clone(),
                total: cells,
                own: None,
            }],
            corrections: Vec::new(),
            records: Vec::new(),
        }
    }

    proptest! {
        #[test]
        fn what_is_read_from_bytes_has_the_same_bytes_again(
            values in prop::collection::vec(prop::option::of(any::<i64>()), 0..50),
            words in "\\PC{0,30}",
        ) {
            let document = document(&values, &words);
            let bytes = document.to_bytes().unwrap();
            let again = Document::from_bytes(&bytes).unwrap();
            prop_assert_eq!(&again, &document);
            prop_assert_eq!(again.to_bytes().unwrap(), bytes);
        }
    }

    #[test]
    fn keys_stand_in_order_and_nothing_is_written_between() {
        let text = String::from_utf8(document(&[Some(1)], "").to_bytes().unwrap()).unwrap();
        assert!(
            text.starts_with("{\"campaign\":\"安全生产月\",\"campaign_id\":\"c\",\"corrections\":[],\"edition\":1,")
        );
        let other = text.replace("anyue/statistics/1", "anyue/statistics/9");
        assert!(Document::from_bytes(other.as_bytes()).is_err());
    }
}
