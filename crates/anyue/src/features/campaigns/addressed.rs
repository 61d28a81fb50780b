//! Who is addressed: from the words of a notice to the kinds of unit they name.

use std::collections::BTreeSet;

use super::plan::Addressees;
use crate::features::duties::api::{Duty, DutyKind};
use crate::features::units::api::{Selector, UnitKind};

/// Who receives a campaign by its 主送 line: the kinds that the words name. 相关单位 names none; departments,
/// schools and others are proposed for it, and the page says so.
pub fn receivers(addressees: Option<&Addressees>) -> Selector {
    let mut kinds: BTreeSet<UnitKind> = BTreeSet::new();
    for item in addressees.iter().flat_map(|addressees| &addressees.items) {
        let named: Vec<UnitKind> = item.unit_kinds.iter().filter_map(|code| UnitKind::parse(code)).collect();
        if named == [UnitKind::Other] && is_general(&item.text) {
            kinds.extend([UnitKind::Department, UnitKind::School, UnitKind::Other]);
        }
        kinds.extend(named);
    }
    Selector { kinds: kinds.into_iter().collect(), ..Selector::default() }
}

/// Whether words name no kind of unit: 相关单位, 有关单位, 各单位.
pub fn is_general(text: &str) -> bool {
    ["相关单位", "有关单位", "各单位", "各有关"].iter().any(|words| text.contains(words))
}

/// The kinds of unit that words name; empty when they name none, or all.
pub fn kinds_named(who: &str) -> BTreeSet<UnitKind> {
    use UnitKind as K;
    const WORDS: [(&str, &[UnitKind]); 22] = [
        ("嘎查", &[K::Village]),
        ("村", &[K::Village]),
        ("社区", &[K::Community]),
        ("居委会", &[K::Community]),
        ("企业", &[K::Enterprise, K::Mine]),
        ("厂矿", &[K::Enterprise, K::Mine]),
        ("矿山", &[K::Mine]),
        ("公司", &[K::Enterprise]),
        ("学校", &[K::School]),
        ("幼儿园", &[K::School]),
        ("中小学", &[K::School]),
        ("部门", &[K::Department]),
        ("成员单位", &[K::Department]),
        ("站所", &[K::Department]),
        ("镇直", &[K::Department]),
        ("乡镇", &[K::Township]),
        ("苏木", &[K::Township]),
        ("街道", &[K::Township]),
        ("车间", &[K::Subunit]),
        ("班组", &[K::Subunit]),
        ("班级", &[K::Subunit]),
        ("科室", &[K::Subunit]),
    ];
    if ["各单位", "各级", "所有单位"].iter().any(|word| who.contains(word)) {
        return BTreeSet::new();
    }
    WORDS.iter().filter(|(word, _)| who.contains(word)).flat_map(|(_, kinds)| kinds.iter().copied()).collect()
}

/// Gives a duty to fewer than all receivers only where the notice itself tells groups apart: when another duty
/// is for kinds of unit that this one does not name. Otherwise 各企业、各相关部门 is a manner of speaking of a
/// notice addressed to all, and the page offers to narrow it with one press.
pub(super) fn propose_receivers(duties: &mut [Duty]) {
    let named: Vec<BTreeSet<UnitKind>> = duties
        .iter()
        .map(|duty| match (duty.who.is_empty(), duty.kind) {
            (false, _) => kinds_named(&duty.who),
            // Nobody is named, but the words tell: 每周组织镇内重点企业负责人…
            (true, DutyKind::Do | DutyKind::Event) => {
                let own = kinds_named(&format!("{}{}", duty.source_text, duty.detail));
                if own.len() <= 2 { own } else { BTreeSet::new() }
            }
            _ => BTreeSet::new(),
        })
        .collect();
    for (index, duty) in duties.iter_mut().enumerate() {
        let own = &named[index];
        let told_apart = named.iter().any(|other| !other.is_empty() && other.is_disjoint(own));
        if !own.is_empty() && (told_apart || duty.who.is_empty()) {
            duty.receivers = Selector { kinds: own.iter().copied().collect(), ..Selector::default() };
        }
    }
}
