use std::time::{Duration, Instant};

use crate::features::duties::api::*;
use crate::features::duties::tests::{Situation, duty};
use crate::features::units::api::UnitKind;

/// 300 units by 8 duties: the board is made from one query for each table, and then comes from memory. The times
/// are for a development build on a busy computer; the load command measures a real one.
#[tokio::test]
async fn a_board_of_three_hundred_units_by_eight_duties_is_made_once_and_then_remembered() {
    let s = Situation::new().await;
    let mut units = s.units.clone();
    for n in 4..300 {
        units.push(s.test.unit(&format!("单位{n}"), UnitKind::Village).await);
    }
    let tx = s.test.app.db.begin(&s.test.town).await.unwrap();
    for n in 0..4 {
        let more = duty(&s.campaign, &format!("x{n}"), "报送", r#"{"once":"2022-06-20"}"#, &[Part::Text]);
        insert(&tx, &more).await.unwrap();
    }
    tx.commit_unaudited("a test's duties").await.unwrap();
    s.dispatch(2, &units).await;

    for path in ["campaigns", "api/v1/campaigns"] {
        let address = format!("/{path}/{}/board", s.campaign);
        let made = timed(&s, &address).await;
        let mut remembered: Vec<Duration> = Vec::new();
        for _ in 0..20 {
            remembered.push(timed(&s, &address).await);
        }
        remembered.sort();
        assert!(made < Duration::from_secs(5), "{path}: made in {made:?}");
        assert!(remembered[10] < made / 2, "{path}: made in {made:?}, then {:?}", remembered[10]);
    }
}

async fn timed(s: &Situation, address: &str) -> Duration {
    let started = Instant::now();
    s.office.get(address).await.assert_ok();
    started.elapsed()
}
