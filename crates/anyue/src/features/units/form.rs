//! The form in which people enter a unit.

use super::facts::{Facts, Unit};
use super::industries;
use super::model::UnitKind;
use crate::platform::FieldErrors;
use crate::platform::text_key::text_key;

/// The fields as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct UnitForm {
    /// Id of the unit above; on the form of a new unit only.
    pub parent_id: String,
    /// Code of its kind.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Number.
    pub code: String,
    /// Code of its industry.
    pub industry: String,
    /// 主要负责人
    pub principal: String,
    /// 从业人数
    pub headcount: String,
    /// Address.
    pub address: String,
    /// 所在村
    pub village: String,
    /// Telephone.
    pub phone: String,
    /// Remarks.
    pub note: String,
    /// Place among its siblings.
    pub ordinal: String,
    /// Version the form was made from; on the form of a change only.
    pub version: String,
}

impl UnitForm {
    /// The form of a unit as it is.
    pub fn of(unit: &Unit) -> Self {
        let facts = &unit.facts;
        let number = |number: i64| if number == 0 { String::new() } else { number.to_string() };
        Self {
            parent_id: unit.parent_id.as_ref().map(|id| id.0.clone()).unwrap_or_default(),
            kind: facts.kind.code().to_owned(),
            name: facts.name.clone(),
            code: facts.code.clone(),
            industry: facts.industry.clone(),
            principal: facts.principal.clone(),
            headcount: facts.headcount.map(|count| count.to_string()).unwrap_or_default(),
            address: facts.address.clone(),
            village: facts.village.clone(),
            phone: facts.phone.clone(),
            note: facts.note.clone(),
            ordinal: number(facts.ordinal),
            version: unit.version.to_string(),
        }
    }

    /// The facts as typed.
    ///
    /// # Errors
    /// A message for each field that is wrong.
    pub fn facts(&self) -> Result<Facts, FieldErrors> {
        let mut errors = FieldErrors::new();
        let kind = UnitKind::parse(&self.kind);
        if kind.is_none() {
            errors.add("kind", "请选择单位类型。");
        }
        let facts = Facts {
            kind: kind.unwrap_or(UnitKind::Other),
            name: self.name.clone(),
            code: self.code.clone(),
            industry: self.industry.clone(),
            principal: self.principal.clone(),
            headcount: whole_number(&self.headcount, "headcount", "从业人数请只填数字，如126。", &mut errors),
            address: self.address.clone(),
            village: self.village.clone(),
            phone: self.phone.clone(),
            note: self.note.clone(),
            ordinal: whole_number(&self.ordinal, "ordinal", "序号请只填数字，或留空排在最后。", &mut errors)
                .unwrap_or_default(),
        }
        .tidy();
        facts.check(&mut errors);
        if errors.is_empty() { Ok(facts) } else { Err(errors) }
    }
}

fn whole_number(text: &str, field: &str, message: &str, errors: &mut FieldErrors) -> Option<i64> {
    let digits = text_key(text).replace(',', "");
    if digits.is_empty() {
        return None;
    }
    let number = digits.parse().ok();
    if number.is_none() {
        errors.add(field, message);
    }
    number
}

/// Kinds to choose from.
pub fn kinds() -> Vec<(&'static str, &'static str)> {
    UnitKind::ALL.iter().map(|kind| (kind.code(), kind.label())).collect()
}

/// Industries to choose from.
pub fn industry_choices() -> Vec<(&'static str, &'static str)> {
    industries::all().iter().map(|industry| (industry.code.as_str(), industry.name.as_str())).collect()
}
