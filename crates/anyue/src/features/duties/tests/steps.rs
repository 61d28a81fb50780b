use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::super::model::Step;
use super::*;

/// Random steps through the use cases, against the table alone: a step the table refuses is refused and leaves
/// the row as it was; one it allows leads where the table says; the board equals a recount after each.
#[tokio::test]
async fn random_steps_never_break_the_state_table() {
    for seed in 0..4 {
        let s = Situation::new().await;
        let mut rng = StdRng::seed_from_u64(seed);
        let liaison = s.liaison(0).await;
        let office = s.office.actor.clone();
        let app = &s.test.app;
        let mut until = s.thursday(0).await.due_at.unwrap();
        for _ in 0..60 {
            let before = s.thursday(0).await;
            let steps = [
                Step::Submit,
                Step::Accept,
                Step::UndoAccept,
                Step::SendBack,
                Step::Excuse,
                Step::Reinstate,
                Step::Extend,
            ];
            let step = steps[rng.random_range(0..steps.len())];
            let id = before.id.clone();
            let latest = before.submission_id.clone().unwrap_or_else(|| "none".into());
            let done = match step {
                Step::Submit => submit(app, &liaison, s.command(&before, "宣讲")).await.map(|_| ()),
                Step::Accept => accept(app, &office, Accept { submission_id: latest }).await,
                Step::UndoAccept => undo_accept(app, &office, &[latest]).await.map(|_| ()),
                Step::SendBack => {
                    let cmd = SendBack {
                        submission_id: latest,
                        comment: "请补充".to_owned(),
                        parts: BTreeMap::new(),
                        others: Vec::new(),
                    };
                    send_back(app, &office, cmd).await
                }
                Step::Excuse => excuse(app, &office, Excuse { occurrence_id: id, reason: "停产".to_owned() }).await,
                Step::Reinstate => reinstate(app, &office, Reinstate { occurrence_id: id }).await,
                _ => {
                    until += 60_000;
                    extend(app, &office, Extend { occurrence_id: id, until, reason: "断网".to_owned() }).await
                }
            };
            let after = s.thursday(0).await;
            match before.state.after(step) {
                Some(expected) if done.is_ok() => assert_eq!(after.state, expected, "{step:?}"),
                // After 不适用 was taken back an old submission may stand without being the one to decide on.
                Some(_) | None => {
                    assert!(done.is_err(), "{step:?} in {:?}", before.state);
                    assert_eq!((after.state, after.version), (before.state, before.version), "{step:?}");
                }
            }
            recount(&s).await;
        }
    }
}

async fn recount(s: &Situation) {
    let mut counted = Tally::default();
    let ids: Vec<UnitId> = s.units.iter().map(|unit| unit.id.clone()).collect();
    for item in work_of_units(s.test.app.db.reader(), &s.test.town, &ids).await.unwrap() {
        if let Some(word) = item.on_board() {
            counted.add(word, 1);
        }
    }
    let campaigns = std::slice::from_ref(&s.campaign);
    let tallies = progress(s.test.app.db.reader(), &s.test.town, campaigns).await.unwrap();
    assert_eq!(tallies[&s.campaign], counted);
}
