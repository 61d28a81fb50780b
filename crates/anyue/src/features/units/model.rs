//! What a unit is.

use crate::platform::ids::UnitId;

/// Kind of a unit (`domain` glossary 1.1; `region` and `city` complete the tree upwards).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// 自治区、省
    Region,
    /// 市
    City,
    /// 旗县
    County,
    /// 苏木乡镇街道
    Township,
    /// 嘎查村
    Village,
    /// 社区
    Community,
    /// 企业
    Enterprise,
    /// 矿山
    Mine,
    /// 部门
    Department,
    /// 学校
    School,
    /// 内设机构: workshop, class, section.
    Subunit,
    /// 其他
    Other,
}

impl UnitKind {
    /// Every kind, in the order in which lists are grouped.
    pub const ALL: [Self; 12] = [
        Self::Region,
        Self::City,
        Self::County,
        Self::Township,
        Self::Village,
        Self::Community,
        Self::Enterprise,
        Self::Mine,
        Self::Department,
        Self::School,
        Self::Subunit,
        Self::Other,
    ];

    /// As stored and as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::City => "city",
            Self::County => "county",
            Self::Township => "township",
            Self::Village => "village",
            Self::Community => "community",
            Self::Enterprise => "enterprise",
            Self::Mine => "mine",
            Self::Department => "department",
            Self::School => "school",
            Self::Subunit => "subunit",
            Self::Other => "other",
        }
    }

    /// As on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Region => "自治区（省）",
            Self::City => "市",
            Self::County => "旗县",
            Self::Township => "苏木乡镇街道",
            Self::Village => "嘎查村",
            Self::Community => "社区",
            Self::Enterprise => "企业",
            Self::Mine => "矿山",
            Self::Department => "部门",
            Self::School => "学校",
            Self::Subunit => "内设机构",
            Self::Other => "其他",
        }
    }

    /// The kind of a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// The few facts about a unit that other areas need.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct UnitRef {
    /// Its id.
    pub id: UnitId,
    /// The unit above.
    pub parent_id: Option<UnitId>,
    /// Its path.
    pub path: String,
    /// Its kind.
    pub kind: UnitKind,
    /// Full name.
    pub name: String,
    /// Code of its industry (`industries.json`); empty when none.
    pub industry: String,
}

/// Which units are meant: those that fit `kinds`, `industries` and `subtree` (each empty or absent = any),
/// and those named in `units`, without those in `except`. Wholly empty means: every unit on offer.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Selector {
    /// Unit kinds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<UnitKind>,
    /// Industry codes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub industries: Vec<String>,
    /// Path of a unit; it and everything below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtree: Option<String>,
    /// Chosen by hand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitId>,
    /// Left out by hand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<UnitId>,
}

impl Selector {
    /// Whether nothing is asked for in particular.
    pub fn is_any(&self) -> bool {
        self.kinds.is_empty() && self.industries.is_empty() && self.subtree.is_none() && self.units.is_empty()
    }

    /// Whether this unit is meant.
    pub fn selects(&self, unit: &UnitRef) -> bool {
        if self.except.contains(&unit.id) {
            return false;
        }
        if self.is_any() || self.units.contains(&unit.id) {
            return true;
        }
        let by_rule = !(self.kinds.is_empty() && self.industries.is_empty() && self.subtree.is_none());
        by_rule
            && (self.kinds.is_empty() || self.kinds.contains(&unit.kind))
            && (self.industries.is_empty() || self.industries.contains(&unit.industry))
            && self.subtree.as_ref().is_none_or(|path| unit.path.starts_with(path.as_str()))
    }
}

/// Units in the order of the tree: each one followed by those below it, siblings in the order given. Units
/// whose parent is not among them stand where they were.
pub fn in_tree_order(units: Vec<UnitRef>) -> Vec<UnitRef> {
    use std::collections::{HashMap, HashSet};
    let present: HashSet<UnitId> = units.iter().map(|unit| unit.id.clone()).collect();
    let mut children: HashMap<UnitId, Vec<UnitRef>> = HashMap::new();
    let mut waiting: Vec<UnitRef> = Vec::new();
    let mut ordered = Vec::with_capacity(units.len());
    for unit in units {
        match unit.parent_id.clone().filter(|parent| present.contains(parent)) {
            Some(parent) => children.entry(parent).or_default().push(unit),
            None => waiting.push(unit),
        }
    }
    waiting.reverse();
    while let Some(unit) = waiting.pop() {
        waiting.extend(children.remove(&unit.id).unwrap_or_default().into_iter().rev());
        ordered.push(unit);
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(id: &str, kind: UnitKind, industry: &str) -> UnitRef {
        UnitRef {
            id: id.into(),
            parent_id: None,
            path: format!("town/{id}/"),
            kind,
            name: id.to_owned(),
            industry: industry.to_owned(),
        }
    }

    #[test]
    fn a_selector_narrows_adds_and_leaves_out() {
        let village = unit("v1", UnitKind::Village, "");
        let mine = unit("m1", UnitKind::Mine, "NONCOAL");
        assert!(Selector::default().selects(&village));
        let villages = Selector { kinds: vec![UnitKind::Village], ..Selector::default() };
        assert!(villages.selects(&village) && !villages.selects(&mine));
        let with_mine = Selector { units: vec!["m1".into()], ..villages.clone() };
        assert!(with_mine.selects(&mine));
        let by_hand = Selector { units: vec!["m1".into()], ..Selector::default() };
        assert!(by_hand.selects(&mine) && !by_hand.selects(&village));
        let without = Selector { except: vec!["v1".into()], ..villages };
        assert!(!without.selects(&village));
        let noncoal = Selector { industries: vec!["NONCOAL".to_owned()], ..Selector::default() };
        assert!(noncoal.selects(&mine) && !noncoal.selects(&village));
    }

    #[test]
    fn the_tree_is_walked_from_each_unit_to_those_below_it() {
        let below =
            |id: &str, parent: &str| UnitRef { parent_id: Some(parent.into()), ..unit(id, UnitKind::Village, "") };
        let units = vec![
            below("b", "top"),
            below("b1", "b"),
            below("a", "top"),
            unit("top", UnitKind::Township, ""),
            below("b2", "b"),
        ];
        let order: Vec<String> = in_tree_order(units).into_iter().map(|unit| unit.id.0).collect();
        assert_eq!(order, ["top", "b", "b1", "b2", "a"]);
    }
}
