//! The invented township: its units, its people. No name here is anybody's.

use crate::features::units::api::{Facts, UnitKind};
use crate::platform::auth::Role;

/// The town.
pub const TOWN: &str = "青龙山镇";

/// The notice it received, and the name of its file.
pub const NOTICE: &str = include_str!("../../../notice/fixtures/founding.txt");
/// Name of the notice's file.
pub const NOTICE_NAME: &str = "founding.txt";

/// Who is there from the beginning: role, name, login.
pub(super) const FIRST_PEOPLE: [(Role, &str, &str); 4] = [
    (Role::Sysadmin, "韩系统", "sysadmin"),
    (Role::Secadmin, "白安全", "secadmin"),
    (Role::Auditor, "鲍审计", "auditor"),
    (Role::Office, "孟经办", "office"),
];

/// Who joins them.
pub(super) const MORE_PEOPLE: [(Role, &str, &str); 2] =
    [(Role::Leader, "陈分管", "leader"), (Role::Inspector, "包检查", "inspector")];

/// What a unit does on the first morning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Morning {
    /// Acknowledges, hands in form 1 and plan; the office accepts.
    Accepted,
    /// The same; the office has not looked yet.
    Submitted,
    /// The same; the office sends it back.
    Returned,
    /// Nothing yet.
    Quiet,
}

/// A liaison of the demonstration.
pub(super) struct LiaisonSeed {
    pub(super) unit: &'static str,
    pub(super) name: &'static str,
    pub(super) login: &'static str,
    pub(super) mobile: &'static str,
    pub(super) morning: Morning,
    pub(super) invited_only: bool,
}

const fn liaison(
    unit: &'static str,
    name: &'static str,
    login: &'static str,
    mobile: &'static str,
    morning: Morning,
) -> LiaisonSeed {
    LiaisonSeed { unit, name, login, mobile, morning, invited_only: false }
}

/// The liaisons who have an account; the first three have answered, the last has only been invited.
pub(super) const LIAISONS: &[LiaisonSeed] = &[
    liaison("东沟村", "赵小东", "donggou", "13800000101", Morning::Accepted),
    liaison("青龙山铁矿", "钱大山", "tiekuang", "13800000102", Morning::Submitted),
    liaison("镇中心小学", "孙向学", "xiaoxue", "13800000103", Morning::Returned),
    liaison("西沟村", "李小西", "xigou", "13800000104", Morning::Quiet),
    liaison("镇水利站", "周水清", "shuili", "13800000105", Morning::Quiet),
    LiaisonSeed { invited_only: true, ..liaison("南湾村", "吴小南", "nanwan", "13800000106", Morning::Quiet) },
];

const VILLAGES: [&str; 14] = [
    "东沟村",
    "西沟村",
    "南湾村",
    "北坡村",
    "柳树营子村",
    "石头井子村",
    "榆树林村",
    "双泉村",
    "沙窝子村",
    "新立村",
    "前进村",
    "后山村",
    "三道梁村",
    "河口村",
];

const BUSINESSES: [(UnitKind, &str, &str, &str, i64); 8] = [
    (UnitKind::Mine, "青龙山铁矿", "NONCOAL", "后山村", 186),
    (UnitKind::Mine, "双泉采石场", "NONCOAL", "双泉村", 42),
    (UnitKind::Mine, "河口砂石料场", "NONCOAL", "河口村", 25),
    (UnitKind::Enterprise, "青龙山加油站", "HAZCHEM", "新立村", 9),
    (UnitKind::Enterprise, "丰源粮食加工厂", "TRADE", "前进村", 63),
    (UnitKind::Enterprise, "宏达建筑工程公司", "BUILD", "新立村", 120),
    (UnitKind::Enterprise, "顺通客货运输队", "ROAD", "东沟村", 38),
    (UnitKind::Enterprise, "草原食品冷库", "TRADE", "柳树营子村", 31),
];

const DEPARTMENTS: [&str; 5] = ["镇水利站", "镇农牧业服务中心", "镇派出所", "镇市场监管所", "镇卫生院"];

const SCHOOLS: [&str; 2] = ["镇中心小学", "青龙山中学"];

/// Every unit below the town, in the order of its list, and further villages until there are `at_least` units.
pub(super) fn units(at_least: usize) -> Vec<Facts> {
    let plain = |kind, name: &str| Facts { kind, name: name.to_owned(), ..Facts::default() };
    let villages = VILLAGES.into_iter().map(|name| plain(UnitKind::Village, name));
    let businesses = BUSINESSES.into_iter().map(|(kind, name, industry, village, headcount)| Facts {
        industry: industry.to_owned(),
        village: village.to_owned(),
        headcount: Some(headcount),
        ..plain(kind, name)
    });
    let departments = DEPARTMENTS.into_iter().map(|name| plain(UnitKind::Department, name));
    let schools = SCHOOLS.into_iter().map(|name| plain(UnitKind::School, name));
    let named: Vec<Facts> = villages.chain(businesses).chain(departments).chain(schools).collect();
    let further = (named.len() + 1..=at_least).map(|n| plain(UnitKind::Village, &format!("第{n}村")));
    named.iter().cloned().chain(further).collect()
}

/// The invented name of one more person.
pub(super) fn further_name(place: usize) -> String {
    const FAMILY: [&str; 12] = ["郑", "王", "冯", "褚", "卫", "蒋", "沈", "杨", "朱", "秦", "许", "何"];
    const GIVEN: [&str; 3] = ["联平", "思安", "守望"];
    format!("{}{}", FAMILY[place % FAMILY.len()], GIVEN[place / FAMILY.len() % GIVEN.len()])
}

/// The constant with this text.
pub(super) fn name_of(name: &str) -> &'static str {
    let businesses = BUSINESSES.iter().map(|(_, name, ..)| *name);
    let all = VILLAGES.into_iter().chain(businesses).chain(DEPARTMENTS).chain(SCHOOLS);
    all.into_iter().find(|known| *known == name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_town_has_the_units_it_is_said_to_have() {
        let count = |kinds: &[UnitKind]| units(0).iter().filter(|unit| kinds.contains(&unit.kind)).count();
        assert_eq!(count(&[UnitKind::Village]), 14);
        assert_eq!(count(&[UnitKind::Enterprise, UnitKind::Mine]), 8);
        assert_eq!(count(&[UnitKind::Department]), 5);
        assert_eq!(count(&[UnitKind::School]), 2);
        assert_eq!(units(300).len(), 300);
    }
}
