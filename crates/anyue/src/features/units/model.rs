//! What a unit is.

use crate::coded;
use crate::platform::ids::UnitId;

coded!(
    /// Kind of a unit (`domain` glossary 1.1; `region` and `city` complete the tree upwards).
    UnitKind {
        /// 自治区、省
        Region = "region" "自治区（省）",
        /// 市
        City = "city" "市",
        /// 旗县
        County = "county" "旗县",
        /// 苏木乡镇街道
        Township = "township" "苏木乡镇街道",
        /// 嘎查村
        Village = "village" "嘎查村",
        /// 社区
        Community = "community" "社区",
        /// 企业
        Enterprise = "enterprise" "企业",
        /// 矿山
        Mine = "mine" "矿山",
        /// 部门
        Department = "department" "部门",
        /// 学校
        School = "school" "学校",
        /// 内设机构: workshop, class, section.
        Subunit = "subunit" "内设机构",
        /// 其他
        Other = "other" "其他",
    }
);

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
    /// A unit; it and everything below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtree: Option<UnitId>,
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
            && self.subtree.as_ref().is_none_or(|top| unit.path.split('/').any(|id| id == top.as_str()))
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
        let below_m1 = Selector { subtree: Some("m1".into()), ..Selector::default() };
        assert!(below_m1.selects(&mine) && !below_m1.selects(&village));
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
