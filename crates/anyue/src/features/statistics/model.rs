//! From sums over records to the cells of the form. No SQL, no web, no clock.
//!
//! [`Figures`] are sums of one set of units and days; [`SpanFigures`] those of every unit in a span of days, from
//! which the figures of any part of the tree follow, each record once. [`Figures::cell`] fills one slot.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::form::{Aggregate, Slot, Source};
use crate::coded;
use crate::features::records::api::{Behind, RecordId, State, Sum};
use crate::platform::ids::UnitId;

coded!(
    /// Which of the two figures of a slot.
    Span {
        /// 本周
        Week = "week" "本周",
        /// 累计
        Total = "total" "累计",
    }
);

/// What stands in a slot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The value, corrections included; `None`: nobody has reported anything. Of a ratio: the part.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
    /// Of a ratio: the whole.
    #[serde(rename = "of", default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<i64>,
    /// What has been reported besides and waits for review; not counted in the value.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<i64>,
    /// A person has corrected it, here or at a unit below.
    #[serde(rename = "c", default, skip_serializing_if = "std::ops::Not::not")]
    pub corrected: bool,
    /// What was computed, where it was corrected.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub computed: Option<i64>,
    /// Words.
    #[serde(rename = "t", default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

impl Cell {
    /// As printed, without its unit: `1,284`, `66.7`, `—`.
    pub fn printed(&self, slot: &Slot) -> String {
        use crate::features::records::api::grouped;
        match slot.source.aggregate {
            Aggregate::Text => self.text.clone(),
            Aggregate::Ratio => self.tenths().map_or_else(
                || "—".to_owned(),
                |tenths| {
                    if tenths % 10 == 0 {
                        (tenths / 10).to_string()
                    } else {
                        format!("{}.{}", tenths / 10, tenths % 10)
                    }
                },
            ),
            _ => self.value.map_or_else(|| "—".to_owned(), grouped),
        }
    }

    /// A ratio in tenths of a per cent, rounded half up; `None` when there is nothing to divide by.
    pub fn tenths(&self) -> Option<i64> {
        let (part, whole) = self.value.zip(self.whole)?;
        let tenths = (i128::from(part) * 2000 + i128::from(whole)).checked_div(i128::from(whole) * 2)?;
        i64::try_from(tenths).ok()
    }

    /// Whether the same would be printed.
    pub fn says_the_same(&self, other: &Self, slot: &Slot) -> bool {
        self.printed(slot) == other.printed(slot)
    }
}

/// Sums by kind, facet and measure: accepted, and waiting for review. A missing sum was never stated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures(BTreeMap<(String, String, String), [Option<i64>; 2]>);

impl Figures {
    /// Adds a figure. Only what was accepted counts; what was reported waits; the rest is nobody's business yet.
    pub fn add(&mut self, kind: &str, facet: &str, measure: &str, state: State, amount: i64) {
        let place = match state {
            State::Accepted => 0,
            State::Reported => 1,
            _ => return,
        };
        let sums = self.0.entry((kind.to_owned(), facet.to_owned(), measure.to_owned())).or_default();
        sums[place] = Some(sums[place].unwrap_or_default() + amount);
    }

    /// Adds all of another.
    pub fn add_all(&mut self, other: &Self) {
        for (key, sums) in &other.0 {
            let own = self.0.entry(key.clone()).or_default();
            for (own, other) in own.iter_mut().zip(sums) {
                *own = match (*own, other) {
                    (None, other) => *other,
                    (own, None) => own,
                    (Some(own), Some(other)) => Some(own + other),
                };
            }
        }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Accepted and waiting sums of one measure, over the kinds and facet that a source takes.
    fn sums(&self, source: &Source, measure: &str) -> [Option<i64>; 2] {
        let mut found = [None, None];
        for ((kind, facet, own), sums) in &self.0 {
            if own == measure && source.takes(kind, facet) {
                for (found, sum) in found.iter_mut().zip(sums) {
                    if let Some(sum) = sum {
                        *found = Some(found.unwrap_or(0) + sum);
                    }
                }
            }
        }
        found
    }

    /// Fills a slot. `zero`: a zero report was made, so that what nobody stated is 0 and not empty.
    pub fn cell(&self, slot: &Slot, zero: bool) -> Cell {
        let source = &slot.source;
        let measures = source.measures();
        let sum = |at: usize| measures.get(at).map_or([None, None], |measure| self.sums(source, measure));
        let [accepted, waiting] = sum(0);
        match source.aggregate {
            Aggregate::Text => Cell::default(),
            Aggregate::Ratio => Cell { value: accepted, whole: sum(1)[0], ..Cell::default() },
            _ => Cell { value: accepted.or(zero.then_some(0)), waiting, ..Cell::default() },
        }
    }
}

/// A record that several units held together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joint {
    /// The record.
    pub record_id: RecordId,
    /// The host.
    pub host: UnitId,
    /// The others.
    pub co_hosts: Vec<UnitId>,
    /// Its figures: they are among those of the host.
    pub figures: Figures,
}

/// The figures of every unit in a span of days.
#[derive(Clone, Debug, Default)]
pub struct SpanFigures {
    by_host: HashMap<UnitId, Figures>,
    joint: Vec<Joint>,
    zero: HashSet<UnitId>,
    /// Of the whole town, when only that was read.
    whole: Option<Figures>,
}

impl SpanFigures {
    /// Puts together what was read: sums by host, the figures of joint records with their co-hosts, and the units
    /// that made a zero report.
    pub fn new(
        sums: &[Sum],
        joint_figures: &[Behind],
        co_hosts: &[(RecordId, UnitId)],
        zero: impl IntoIterator<Item = UnitId>,
    ) -> Self {
        let mut all = Self { zero: zero.into_iter().collect(), ..Self::default() };
        for sum in sums {
            let own = all.by_host.entry(sum.unit_id.clone()).or_default();
            own.add(&sum.kind, &sum.facet, &sum.measure, sum.state, sum.total);
        }
        let mut joint: BTreeMap<&RecordId, Joint> = BTreeMap::new();
        for figure in joint_figures {
            let one = joint.entry(&figure.record_id).or_insert_with(|| Joint {
                record_id: figure.record_id.clone(),
                host: figure.unit_id.clone(),
                co_hosts: Vec::new(),
                figures: Figures::default(),
            });
            one.figures.add(&figure.kind, &figure.facet, &figure.measure, figure.state, figure.amount);
        }
        for (record, unit) in co_hosts {
            if let Some(one) = joint.get_mut(record) {
                one.co_hosts.push(unit.clone());
            }
        }
        all.joint = joint.into_values().filter(|one| !one.figures.is_empty()).collect();
        all
    }

    /// Those of a whole town alone: units have none of their own here.
    pub fn of_town(whole: Figures, zero: impl IntoIterator<Item = UnitId>) -> Self {
        Self { zero: zero.into_iter().collect(), whole: Some(whole), ..Self::default() }
    }

    /// The figures of the whole town, when only those were read.
    pub fn whole(&self) -> Option<&Figures> {
        self.whole.as_ref()
    }

    /// The figures of the units that are `inside`, each record once: as host, or as co-host of one outside.
    pub fn of(&self, inside: impl Fn(&UnitId) -> bool) -> Figures {
        let mut figures = Figures::default();
        for (unit, own) in &self.by_host {
            if inside(unit) {
                figures.add_all(own);
            }
        }
        for one in self.shared(&inside) {
            figures.add_all(&one.figures);
        }
        figures
    }

    /// The joint records whose host is outside and a co-host inside.
    fn shared<'a>(&'a self, inside: &'a impl Fn(&UnitId) -> bool) -> impl Iterator<Item = &'a Joint> {
        self.joint.iter().filter(move |one| !inside(&one.host) && one.co_hosts.iter().any(inside))
    }

    /// The figures of one unit alone.
    pub fn of_unit(&self, unit: &UnitId) -> Figures {
        let mut figures = self.by_host.get(unit).cloned().unwrap_or_default();
        for one in self.joint.iter().filter(|one| one.host != *unit && one.co_hosts.contains(unit)) {
            figures.add_all(&one.figures);
        }
        figures
    }

    /// Whether any of these units made a zero report.
    pub fn zero(&self, inside: impl Fn(&UnitId) -> bool) -> bool {
        self.zero.iter().any(inside)
    }

    /// Every unit that has figures as host.
    pub fn hosts(&self) -> impl Iterator<Item = &UnitId> {
        self.by_host.keys()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::features::statistics::form::Form;

    fn slot(code: &str) -> Slot {
        Form::built_in().slot(code).unwrap().clone()
    }

    fn sum(unit: &str, kind: &str, facet: &str, measure: &str, state: State, total: i64) -> Sum {
        Sum {
            unit_id: unit.into(),
            kind: kind.to_owned(),
            facet: facet.to_owned(),
            measure: measure.to_owned(),
            state,
            total,
        }
    }

    fn figures(of: &[(&str, &str, &str, State, i64)]) -> Figures {
        let mut figures = Figures::default();
        for (kind, facet, measure, state, amount) in of {
            figures.add(kind, facet, measure, *state, *amount);
        }
        figures
    }

    #[test]
    fn every_aggregate_is_filled_as_the_form_says() {
        use State::{Accepted as A, Held as H, Reported as R, Returned as B};
        let all = figures(&[
            ("drill", "", "count", A, 2),
            ("drill", "", "participants", A, 120),
            ("drill", "", "count", R, 1),
            ("drill", "", "count", B, 5),
            ("drill", "", "count", H, 7),
            ("drill", "", "leader_present", A, 1),
            ("study", "", "leader_present", A, 3),
            ("five_in", "home", "households", A, 40),
            ("five_in", "village", "households", A, 2),
            ("five_in", "home", "count", A, 1),
            ("five_in", "village", "count", A, 1),
            ("media", "live", "views", A, 900),
            ("media", "", "views", A, 100),
            ("hazard_check", "", "found", A, 30),
            ("inspection", "", "fixed", A, 20),
            ("study", "", "copies", A, 5),
            ("drill", "", "copies", A, 6),
        ]);
        let filled = |code: &str| all.cell(&slot(code), false);
        assert_eq!((filled("drill_n").value, filled("drill_n").waiting), (Some(2), Some(1)));
        assert_eq!(filled("drill_p").value, Some(120));
        assert_eq!(filled("leader_n").value, Some(4));
        assert_eq!(filled("in_home").value, Some(40));
        assert_eq!(filled("in_vil").value, Some(1));
        assert_eq!(filled("live_p").value, Some(900));
        assert_eq!(filled("handout_n").value, Some(11));
        assert_eq!(filled("hz_rate").printed(&slot("hz_rate")), "66.7");
        assert_eq!(filled("kickoff_n"), Cell::default());
    }

    #[test]
    fn nobody_is_a_dash_and_zero_is_zero() {
        let nothing = Figures::default();
        assert_eq!(nothing.cell(&slot("drill_n"), false).printed(&slot("drill_n")), "—");
        assert_eq!(nothing.cell(&slot("drill_n"), true).printed(&slot("drill_n")), "0");
        let stated = figures(&[("drill", "", "participants", State::Accepted, 0)]);
        assert_eq!(stated.cell(&slot("drill_p"), false).value, Some(0));
        let waiting = figures(&[("drill", "", "count", State::Reported, 1)]);
        assert_eq!(waiting.cell(&slot("drill_n"), false).value, None);
        assert_eq!(nothing.cell(&slot("hz_rate"), true).printed(&slot("hz_rate")), "—");
    }

    #[test]
    fn a_ratio_is_rounded_and_never_divides_by_nothing() {
        for (part, whole, printed) in
            [(1, 2, "50"), (2, 3, "66.7"), (1, 3, "33.3"), (0, 5, "0"), (5, 5, "100"), (0, 0, "—"), (1, 2000, "0.1")]
        {
            let cell = Cell { value: Some(part), whole: Some(whole), ..Cell::default() };
            assert_eq!(cell.printed(&slot("hz_rate")), printed, "{part}/{whole}");
        }
    }

    /// Records as they are made up: host, co-hosts, participants.
    fn span(records: &[(u8, Vec<u8>, i64)]) -> SpanFigures {
        let unit = |number: u8| UnitId(format!("u{number}"));
        let (mut sums, mut joint, mut co_hosts) = (Vec::new(), Vec::new(), Vec::new());
        for (place, (host, others, people)) in records.iter().enumerate() {
            let record_id = RecordId(format!("r{place:03}"));
            for (measure, amount) in [("count", 1), ("participants", *people)] {
                sums.push(sum(unit(*host).as_str(), "drill", "", measure, State::Accepted, amount));
                if !others.is_empty() {
                    joint.push(Behind {
                        record_id: record_id.clone(),
                        held_on: jiff::civil::date(2022, 6, 1),
                        unit_id: unit(*host),
                        kind: "drill".to_owned(),
                        facet: String::new(),
                        state: State::Accepted,
                        measure: measure.to_owned(),
                        amount,
                    });
                }
            }
            co_hosts.extend(others.iter().map(|other| (record_id.clone(), unit(*other))));
        }
        SpanFigures::new(&sums, &joint, &co_hosts, [])
    }

    #[test]
    fn a_joint_record_counts_once_at_the_town_and_stands_at_every_unit_that_held_it() {
        let span = span(&[(1, vec![2], 60), (1, vec![], 10)]);
        let people = |figures: Figures| figures.cell(&slot("drill_p"), false).value;
        assert_eq!(people(span.of(|_| true)), Some(70));
        assert_eq!(people(span.of_unit(&"u1".into())), Some(70));
        assert_eq!(people(span.of_unit(&"u2".into())), Some(60));
        assert_eq!(people(span.of(|unit| unit.as_str() != "u1")), Some(60));
        assert_eq!(people(span.of_unit(&"u3".into())), None);
    }

    proptest! {
        #[test]
        fn any_part_of_the_tree_counts_each_of_its_records_once(
            records in prop::collection::vec((0_u8..6, prop::collection::btree_set(0_u8..6, 0..3), 0_i64..100), 0..30),
            inside in prop::collection::hash_set(0_u8..6, 0..6),
        ) {
            let records: Vec<(u8, Vec<u8>, i64)> = records
                .into_iter()
                .map(|(host, others, people)| (host, others.into_iter().filter(|other| *other != host).collect(), people))
                .collect();
            let (mut count, mut people) = (0, 0);
            for (host, others, own) in &records {
                if inside.contains(host) || others.iter().any(|other| inside.contains(other)) {
                    count += 1;
                    people += own;
                }
            }
            let named: HashSet<UnitId> = inside.iter().map(|number| UnitId(format!("u{number}"))).collect();
            let figures = span(&records).of(|unit| named.contains(unit));
            let expected = |value: i64| (count > 0).then_some(value);
            prop_assert_eq!(figures.cell(&slot("drill_n"), false).value, expected(count));
            prop_assert_eq!(figures.cell(&slot("drill_p"), false).value, expected(people));
            for number in 0..6_u8 {
                let unit = UnitId(format!("u{number}"));
                prop_assert_eq!(span(&records).of_unit(&unit), span(&records).of(|one| *one == unit));
            }
        }
    }
}
