//! Figures kept while one works equal those made anew from the records.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::features::records::api::{Record, SendBack, State, Target};
use crate::features::statistics::form::{Aggregate, Form};
use crate::features::statistics::load::{self, Detail};
use crate::features::statistics::model::Span;
use crate::features::statistics::weeks::Week;

/// What is done, chosen by numbers: to which record, by which unit, with which figure.
type Act = (u8, usize, i64);

async fn act(town: &Town, ids: &mut Vec<RecordId>, (what, which, figure): Act) {
    let app = &town.test.app;
    match (what % 5, ids.get(which % ids.len().max(1)).cloned()) {
        (0 | 1, _) | (_, None) => {
            let (kind, measures): (&str, &[&str]) = [
                ("drill", &["participants"] as &[&str]),
                ("hazard_check", &["participants", "found", "units"]),
                ("five_in", &["households", "participants"]),
                ("posters", &["boards", "banners"]),
            ][which % 4];
            let day = date(2022, 6, 1 + i8::try_from(which % 13).unwrap());
            let (own, other) = match figure % 2 {
                0 => (&town.published.village, &town.published.mine),
                _ => (&town.published.mine, &town.published.village),
            };
            let facts = Facts {
                target: (kind == "five_in").then_some(Target::ALL[which % 5]),
                measures: measures.iter().take(which % 3).map(|code| ((*code).to_owned(), figure)).collect(),
                leader_present: figure % 3 == 0,
                co_hosts: if figure % 5 == 0 { vec![other.id.clone()] } else { Vec::new() },
                ..Facts::new(kind, day)
            };
            ids.push(town.report(own, facts).await);
        }
        (2 | 3, Some(id)) => {
            drop(records::accept(app, &town.office.actor, Accept { record_id: id, version: None }).await);
        }
        (_, Some(id)) => {
            let cmd = SendBack { record_id: id, version: None, comment: "请改".to_owned() };
            drop(records::send_back(app, &town.office.actor, cmd).await);
        }
    }
}

/// A slot from the records themselves.
fn anew(
    all: &[Record],
    inside: &HashSet<&UnitId>,
    (from, until): (Date, Date),
    form: &Form,
    slot: &str,
) -> Option<i64> {
    let source = &form.slot(slot).unwrap().source;
    let here = all.iter().filter(|record| {
        record.state == State::Accepted
            && (from..=until).contains(&record.facts.held_on)
            && record.units().any(|unit| inside.contains(unit))
            && source.takes(&record.facts.kind, record.facts.facet())
    });
    let figures: Vec<i64> =
        here.filter_map(|record| record.facts.figures().get(&source.measures()[0]).copied()).collect();
    (!figures.is_empty()).then(|| figures.iter().sum())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5, ..ProptestConfig::default() })]

    #[test]
    fn the_form_always_says_what_the_records_say(
        acts in prop::collection::vec((any::<u8>(), 0_usize..1000, 0_i64..500), 1..25),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let town = Town::new().await;
            let mut ids = Vec::new();
            for one in acts {
                act(&town, &mut ids, one).await;
            }
            let (app, db) = (&town.test.app, town.test.app.db.reader());
            let (village, mine, root) = (&town.published.village, &town.published.mine, &town.test.root);
            let whole = (date(2022, 6, 1), date(2022, 6, 30));
            let both = [village.id.clone(), mine.id.clone()];
            let all = records::of_units(db, &town.test.town, &both, whole, &[]).await.unwrap();
            let week = Week { no: 3, from: date(2022, 6, 10), until: date(2022, 6, 16), total_from: date(2022, 6, 1) };
            for (unit, inside) in [
                (village, vec![&village.id]),
                (mine, vec![&mine.id]),
                (root, vec![&root.id, &village.id, &mine.id]),
            ] {
                let inside: HashSet<&UnitId> = inside.into_iter().collect();
                for detail in [Detail::Top, Detail::Each] {
                    let basis = load::basis(app, &town.test.town, None, &week, (unit, detail)).await.unwrap();
                    let sheet = basis.sheet_of(unit);
                    for (at, slot) in basis.form.slots_on().into_iter().enumerate() {
                        if matches!(slot.source.aggregate, Aggregate::Text | Aggregate::Ratio) {
                            continue;
                        }
                        for (span, days) in [(Span::Week, (week.from, week.until)), (Span::Total, (week.total_from, week.until))] {
                            let expected = anew(&all, &inside, days, &basis.form, &slot.code);
                            assert_eq!(sheet.cells(span)[at].value, expected, "{} {detail:?} {span:?} {}", unit.name, slot.code);
                        }
                    }
                }
            }
        });
    }
}
