//! What the units of the demonstration hold in two weeks, and how they report it. All of it invented.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, date};
use serde::Deserialize;

use super::photos::Scene;

/// An activity that a unit has held.
#[derive(Deserialize)]
pub(super) struct Held {
    pub(super) unit: &'static str,
    pub(super) kind: &'static str,
    /// Day of June 2022.
    pub(super) day: i8,
    pub(super) title: &'static str,
    pub(super) place: &'static str,
    pub(super) measures: BTreeMap<String, i64>,
    /// Where its photos were taken.
    pub(super) scene: Scene,
    /// How many.
    pub(super) photos: usize,
    pub(super) text: &'static str,
}

impl Held {
    pub(super) fn on(&self) -> Date {
        date(2022, 6, self.day)
    }
}

/// How a unit's report of a week came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// In time; the office has accepted it.
    Accepted,
    /// In time; waits for review.
    Waiting,
    /// Nothing was held, and that is the report.
    Zero,
    /// After the time it was due.
    Late,
    /// Sent back with a comment.
    Returned,
}

/// The two Thursdays at noon, in local time.
pub(super) const DUE: [DateTime; 2] = [date(2022, 6, 16).at(12, 0, 0, 0), date(2022, 6, 23).at(12, 0, 0, 0)];

/// When the first week's form was frozen.
pub(super) const FROZEN: DateTime = date(2022, 6, 16).at(15, 0, 0, 0);

/// How each unit reported in the first week; the units not named here have not reported.
pub(super) const FIRST_WEEK: &[(&str, Sent)] = &[
    ("东沟村", Sent::Accepted),
    ("西沟村", Sent::Accepted),
    ("北坡村", Sent::Accepted),
    ("柳树营子村", Sent::Accepted),
    ("石头井子村", Sent::Accepted),
    ("榆树林村", Sent::Accepted),
    ("双泉村", Sent::Accepted),
    ("沙窝子村", Sent::Zero),
    ("新立村", Sent::Accepted),
    ("前进村", Sent::Accepted),
    ("后山村", Sent::Accepted),
    ("三道梁村", Sent::Late),
    ("青龙山铁矿", Sent::Accepted),
    ("双泉采石场", Sent::Accepted),
    ("青龙山加油站", Sent::Accepted),
    ("丰源粮食加工厂", Sent::Accepted),
    ("宏达建筑工程公司", Sent::Accepted),
    ("顺通客货运输队", Sent::Accepted),
    ("草原食品冷库", Sent::Accepted),
    ("镇水利站", Sent::Accepted),
    ("镇派出所", Sent::Accepted),
    ("镇市场监管所", Sent::Accepted),
    ("镇卫生院", Sent::Accepted),
    ("镇中心小学", Sent::Accepted),
    ("青龙山中学", Sent::Accepted),
];

/// How they stand in the second week, on its Thursday morning.
pub(super) const SECOND_WEEK: &[(&str, Sent)] = &[
    ("西沟村", Sent::Accepted),
    ("北坡村", Sent::Accepted),
    ("榆树林村", Sent::Waiting),
    ("双泉村", Sent::Accepted),
    ("新立村", Sent::Accepted),
    ("后山村", Sent::Waiting),
    ("青龙山铁矿", Sent::Accepted),
    ("青龙山加油站", Sent::Waiting),
    ("宏达建筑工程公司", Sent::Accepted),
    ("顺通客货运输队", Sent::Returned),
    ("镇派出所", Sent::Waiting),
    ("镇市场监管所", Sent::Accepted),
    ("镇卫生院", Sent::Waiting),
    ("镇中心小学", Sent::Accepted),
    ("青龙山中学", Sent::Waiting),
];

/// The unit that sends, in the second week, a photo of another unit's first week.
pub(super) const COPIED: (&str, &str) = ("榆树林村", "双泉村");

/// The consultation day was held by one unit together with these.
pub(super) const JOINT: (&str, &[&str]) = ("镇市场监管所", &["镇卫生院", "镇派出所", "镇水利站"]);

/// Everything that was held, as `held.json` lists it.
pub(super) static HELD: LazyLock<Vec<Held>> =
    LazyLock::new(|| serde_json::from_str(include_str!("held.json")).expect("held.json is well formed"));
