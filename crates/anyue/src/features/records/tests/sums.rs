//! What other areas read: sums, and the feed of changes.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::features::records::api::{FeedPoint, State, Sum, SumsOf};
use crate::features::records::model::{Step, Target};
use crate::features::records::{kinds, steps};
use crate::platform::ids::UnitId;

const ALL: &[State] = &[State::Held, State::Reported, State::Accepted, State::Returned];

fn whole_year() -> SumsOf {
    SumsOf { from: date(2022, 1, 1), until: date(2022, 12, 31), states: ALL.to_vec() }
}

type Key = (UnitId, String, String, String, &'static str);

fn by_key(sums: Vec<Sum>) -> BTreeMap<Key, i64> {
    sums.into_iter().map(|sum| ((sum.unit_id, sum.kind, sum.facet, sum.measure, sum.state.code()), sum.total)).collect()
}

/// The same sums from the records themselves.
fn added_up(records: &[Record]) -> BTreeMap<Key, i64> {
    let mut sums = BTreeMap::new();
    for record in records.iter().filter(|record| record.state != State::Planned) {
        for (measure, amount) in record.facts.figures() {
            let facts = &record.facts;
            let key =
                (record.unit_id.clone(), facts.kind.clone(), facts.facet().to_owned(), measure, record.state.code());
            *sums.entry(key).or_default() += amount;
        }
    }
    sums
}

#[tokio::test]
async fn joint_records_count_once_and_nothing_said_is_no_zero() {
    let town = Town::new().await;
    let joint = Facts { co_hosts: vec![town.mine.id.clone()], leader_count: Some(2), ..study(80) };
    town.add(joint, true).await;
    town.add(Facts::new("study", date(2022, 6, 13)), true).await;
    town.add(Facts { held_on: date(2022, 6, 30), ..study(9) }, false).await;
    let visit = Facts { target: Some(Target::Home), ..Facts::new("five_in", date(2022, 6, 13)) };
    town.add(visit, true).await;
    let sums = records::sums(town.test.app.db.reader(), &town.test.town, &whole_year()).await.unwrap();
    let told: Vec<(&str, &str, &str, i64)> =
        sums.iter().map(|sum| (sum.kind.as_str(), sum.facet.as_str(), sum.measure.as_str(), sum.total)).collect();
    assert_eq!(
        told,
        [
            ("five_in", "home", "count", 1),
            ("study", "", "count", 2),
            ("study", "", "leader_present", 1),
            ("study", "", "participants", 80),
        ]
    );
    assert!(sums.iter().all(|sum| sum.unit_id == town.village.id && sum.state == State::Reported));
}

#[tokio::test]
async fn the_feed_tells_every_change_once_in_order() {
    let town = Town::new().await;
    let db = town.test.app.db.reader();
    let one = town.add(study(1), true).await;
    let two = town.add(study(2), true).await;
    let (found, point) = records::changed_after(db, &town.test.town, &FeedPoint::default(), 1).await.unwrap();
    assert_eq!(found[0].id, one);
    let (found, point) = records::changed_after(db, &town.test.town, &point, 9).await.unwrap();
    assert_eq!(found.iter().map(|record| &record.id).collect::<Vec<_>>(), [&two]);
    records::accept(&town.test.app, &town.office.actor, records::Accept { record_id: one.clone(), version: None })
        .await
        .unwrap();
    let (found, point) = records::changed_after(db, &town.test.town, &point, 9).await.unwrap();
    assert_eq!((found.len(), &found[0].id, found[0].state), (1, &one, State::Accepted));
    assert!(records::changed_after(db, &town.test.town, &point, 9).await.unwrap().0.is_empty());
}

/// What is done to one of the records, chosen by numbers.
async fn act(town: &Town, ids: &mut Vec<RecordId>, (what, which, figure): (u8, usize, i64)) {
    let app = &town.test.app;
    let chosen = (!ids.is_empty()).then(|| ids[which % ids.len()].clone());
    match (what % 7, chosen) {
        (0 | 1, _) | (_, None) => {
            let codes = ["study", "hazard_check", "media", "five_in"];
            let kind = kinds::find(&kinds::built_in(), codes[which % 4]).unwrap().clone();
            let mut facts = Facts::new(&kind.code, date(2022, 6, 1 + i8::try_from(which % 28).unwrap()));
            facts.target = (kind.code == "five_in").then_some(Target::ALL[which % 5]);
            facts.measures = kind.measures.iter().take(which % 3).map(|code| (code.clone(), figure)).collect();
            (facts.highlight, facts.leader_present) = (figure % 2 == 0, figure % 3 == 0);
            let report = what % 7 == 0 && facts.held_on <= town.today();
            ids.push(town.add(facts, report).await);
        }
        (2, Some(id)) => drop(steps::take(app, &town.liaison.actor, &id, Step::Report).await),
        (3, Some(id)) => drop(steps::take(app, &town.liaison.actor, &id, Step::Withdraw).await),
        (4, Some(id)) => {
            let cmd = records::Accept { record_id: id, version: None };
            drop(records::accept(app, &town.office.actor, cmd).await);
        }
        (5, Some(id)) => {
            let cmd = records::SendBack { record_id: id, version: None, comment: "请改".to_owned() };
            drop(records::send_back(app, &town.office.actor, cmd).await);
        }
        (_, Some(id)) => drop(steps::discard(app, &town.liaison.actor, &id).await),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn kept_figures_are_always_those_of_the_records(
        acts in prop::collection::vec((any::<u8>(), 0_usize..1000, 0_i64..500), 1..25),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let town = Town::new().await;
            let mut ids = Vec::new();
            for one in acts {
                act(&town, &mut ids, one).await;
            }
            let db = town.test.app.db.reader();
            let kept = by_key(records::sums(db, &town.test.town, &whole_year()).await.unwrap());
            let own = [town.village.id.clone()];
            let year = (date(2022, 1, 1), date(2022, 12, 31));
            let all = records::of_units(db, &town.test.town, &own, year, &[]).await.unwrap();
            assert_eq!(kept, added_up(&all));
        });
    }
}
