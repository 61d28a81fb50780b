//! What is known about a unit, and when it may be stored.

use super::model::{UnitKind, UnitRef};
use crate::coded;
use crate::features::units::industries;
use crate::platform::FieldErrors;
use crate::platform::error::Result;
use crate::platform::ids::UnitId;
use crate::platform::text_key::text_key;
use unicode_normalization::UnicodeNormalization as _;

/// The facts that people enter about a unit.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Facts {
    /// Kind.
    pub kind: UnitKind,
    /// Full name.
    pub name: String,
    /// The unit's number in the operator's books; empty when none.
    #[serde(default)]
    pub code: String,
    /// Code of its industry; empty when none.
    #[serde(default)]
    pub industry: String,
    /// 主要负责人
    #[serde(default)]
    pub principal: String,
    /// 从业人数
    #[serde(default)]
    pub headcount: Option<i64>,
    /// Address.
    #[serde(default)]
    pub address: String,
    /// 所在村
    #[serde(default)]
    pub village: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
    /// Remarks.
    #[serde(default)]
    pub note: String,
    /// Place among its siblings; 0 = at the end.
    #[serde(default)]
    pub ordinal: i64,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            kind: UnitKind::Other,
            name: String::new(),
            code: String::new(),
            industry: String::new(),
            principal: String::new(),
            headcount: None,
            address: String::new(),
            village: String::new(),
            phone: String::new(),
            note: String::new(),
            ordinal: 0,
        }
    }
}

impl Facts {
    /// A unit of which only kind and name are known.
    pub fn new(kind: UnitKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into(), ..Self::default() }
    }

    /// The same with white space in order and full-width letters and digits of numbers made ordinary.
    #[must_use]
    pub fn tidy(self) -> Self {
        Self {
            name: one_line(&self.name),
            code: text_key(&self.code).to_uppercase(),
            industry: self.industry.trim().to_owned(),
            principal: one_line(&self.principal),
            address: one_line(&self.address),
            village: one_line(&self.village),
            phone: one_line(&self.phone.nfkc().collect::<String>()),
            note: self.note.trim().replace("\r\n", "\n"),
            ..self
        }
    }

    /// Adds a message for each field that cannot be stored so.
    pub fn check(&self, errors: &mut FieldErrors) {
        if self.name.is_empty() {
            errors.add("name", "请填写单位名称。");
        }
        for (field, text, limit) in [
            ("name", &self.name, 60),
            ("code", &self.code, 40),
            ("principal", &self.principal, 30),
            ("address", &self.address, 120),
            ("village", &self.village, 60),
            ("phone", &self.phone, 60),
            ("note", &self.note, 500),
        ] {
            crate::platform::web::form::at_most(text, limit, field, errors);
        }
        if self.name.contains('/') {
            errors.add("name", "单位名称中不能有斜线“/”。");
        }
        if !self.code.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c)) {
            errors.add("code", "编号只用字母、数字和短横线。");
        }
        if !self.industry.is_empty() && industries::find(&self.industry).is_none() {
            errors.add("industry", "请从列表中选择行业。");
        }
        if !self.phone.chars().all(|c| c.is_ascii_digit() || "+-()#*/,;、，； 转分机".contains(c)) {
            errors.add("phone", "电话只写号码，如 0470-6701234；多个号码用顿号隔开。");
        }
        if self.headcount.is_some_and(|count| !(0..=10_000_000).contains(&count)) {
            errors.add("headcount", "从业人数请填0至10000000之间的整数。");
        }
        if !(0..=1_000_000).contains(&self.ordinal) {
            errors.add("ordinal", "序号请填0至1000000之间的整数。");
        }
    }

    /// What differs in a later version: name of the fact, then and now, in words, in the order of the form.
    pub fn differences(&self, later: &Self) -> Vec<Difference> {
        let pairs = self.in_words().into_iter().zip(later.in_words());
        pairs
            .filter(|((_, then), (_, now))| then != now)
            .map(|((label, then), (_, now))| Difference { label: label.to_owned(), then, now })
            .collect()
    }

    /// Label and value of each fact, in the order of the form.
    pub fn in_words(&self) -> [(&'static str, String); 11] {
        [
            ("单位名称", self.name.clone()),
            ("类型", self.kind.label().to_owned()),
            ("编号", self.code.clone()),
            ("行业", industries::name(&self.industry).to_owned()),
            ("主要负责人", self.principal.clone()),
            ("从业人数", self.headcount.map(|count| count.to_string()).unwrap_or_default()),
            ("地址", self.address.clone()),
            ("所在村", self.village.clone()),
            ("电话", self.phone.clone()),
            ("备注", self.note.clone()),
            ("序号", if self.ordinal == 0 { String::new() } else { self.ordinal.to_string() }),
        ]
    }
}

fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A fact that has changed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Difference {
    /// Name of the fact, as on the form.
    pub label: String,
    /// As it was; empty when it was not known.
    #[serde(rename = "from")]
    pub then: String,
    /// As it is.
    #[serde(rename = "to")]
    pub now: String,
}

coded!(
    /// Whether a unit is in use.
    UnitState {
        /// 在用
        Active = "active" "在用",
        /// 已关闭
        Closed = "closed" "已关闭",
        /// 已合并
        Merged = "merged" "已合并",
    }
);

/// A unit, all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// The unit above.
    pub parent_id: Option<UnitId>,
    /// Ids of all units above and its own, each followed by `/`.
    pub path: String,
    /// What is known about it.
    pub facts: Facts,
    /// Whether it is in use.
    pub state: UnitState,
    /// The unit it was merged into.
    pub merged_into: Option<UnitId>,
    /// Grows with each change; a form that comes back with an older one is shown both versions.
    pub version: i64,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub updated_at: i64,
}

impl Unit {
    /// The few facts that other areas need.
    pub fn to_ref(&self) -> UnitRef {
        UnitRef {
            id: self.id.clone(),
            parent_id: self.parent_id.clone(),
            path: self.path.clone(),
            kind: self.facts.kind,
            name: self.facts.name.clone(),
            industry: self.facts.industry.clone(),
        }
    }

    /// Whether it is in use.
    pub fn is_active(&self) -> bool {
        self.state == UnitState::Active
    }

    /// Whether this unit may come to stand below another: not below itself, and only below one in use.
    ///
    /// # Errors
    /// A message for the field `parent_id`.
    pub fn may_stand_below(&self, parent: &Self) -> Result<()> {
        let mut errors = FieldErrors::new();
        if parent.path.starts_with(self.path.as_str()) {
            errors.add("parent_id", "不能移到自己或自己的下属单位之下，请另选上级单位。");
        } else if !parent.is_active() {
            errors.add("parent_id", format!("“{}”{}，请另选在用的上级单位。", parent.facts.name, parent.state.label()));
        }
        errors.into_result()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(facts: Facts) -> Vec<String> {
        let mut errors = FieldErrors::new();
        facts.tidy().check(&mut errors);
        errors.iter().map(|(field, _)| field.to_owned()).collect()
    }

    #[test]
    fn facts_that_cannot_be_stored_get_a_message_at_their_field() {
        let village = || Facts::new(UnitKind::Village, "东沟村");
        let cases: [(Facts, &[&str]); 9] = [
            (village(), &[]),
            (Facts::new(UnitKind::Village, " \u{3000} "), &["name"]),
            (Facts::new(UnitKind::Village, "村".repeat(61)), &["name"]),
            (Facts::new(UnitKind::Village, "东沟/村"), &["name"]),
            (Facts { code: "1505 26".to_owned(), ..village() }, &[]),
            (Facts { code: "一号=1".to_owned(), ..village() }, &["code"]),
            (Facts { industry: "NOPE".to_owned(), ..village() }, &["industry"]),
            (Facts { phone: "找老李".to_owned(), ..village() }, &["phone"]),
            (Facts { headcount: Some(-1), ordinal: -2, ..village() }, &["headcount", "ordinal"]),
        ];
        for (facts, fields) in cases {
            assert_eq!(wrong(facts.clone()), fields, "{facts:?}");
        }
    }

    #[test]
    fn white_space_and_full_width_digits_are_put_in_order() {
        let facts = Facts {
            code: " １５０５-ａ ".to_owned(),
            phone: "０４７０－６７０１２３４".to_owned(),
            ..Facts::new(UnitKind::Mine, " 青龙山\n 一号矿 ")
        };
        let tidy = facts.tidy();
        assert_eq!(
            (tidy.name.as_str(), tidy.code.as_str(), tidy.phone.as_str()),
            ("青龙山 一号矿", "1505-A", "0470-6701234")
        );
    }

    #[test]
    fn only_what_changed_is_named() {
        let then = Facts { headcount: Some(12), ..Facts::new(UnitKind::Mine, "一号矿") };
        let now = Facts { headcount: None, industry: "NONCOAL".to_owned(), ..then.clone() };
        let words: Vec<_> = then.differences(&now).into_iter().map(|d| (d.label, d.then, d.now)).collect();
        assert_eq!(
            words,
            [("行业", "", "非煤矿山"), ("从业人数", "12", "")].map(|(a, b, c)| (a.into(), b.into(), c.into()))
        );
    }
}
