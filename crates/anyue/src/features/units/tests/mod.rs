//! Units, through the router and a real database.

mod changing;
mod importing;
mod json;
mod listing;

use super::store;
use crate::features::units::facts::Unit;
use crate::platform::ids::UnitId;
use crate::testing::TestApp;

/// A unit as it is stored.
async fn stored(test: &TestApp, id: &UnitId) -> Unit {
    store::units::find(test.app.db.reader(), &test.town, id).await.unwrap().unwrap()
}

/// The active child of the town with this name.
async fn child(test: &TestApp, parent: &UnitId, name: &str) -> Option<Unit> {
    store::units::find_child(test.app.db.reader(), &test.town, Some(parent), name).await.unwrap()
}

/// The kinds of a unit's history, the latest first.
async fn history(test: &TestApp, id: &UnitId) -> Vec<&'static str> {
    let changes = store::changes::of_unit(test.app.db.reader(), &test.town, id).await.unwrap();
    changes.into_iter().map(|change| change.kind.code()).collect()
}
