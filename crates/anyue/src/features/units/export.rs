//! The list as a table for saving: what is narrowed to, all of it, in the columns of the import.

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum::response::Response;

use super::facts::Unit;
use super::filter::Filter;
use super::import::template;
use super::list::path_below;
use super::model::in_tree_order;
use super::store;
use crate::App;
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::Result;
use crate::platform::ids::UnitId;
use crate::platform::text_key::text_key;

/// `GET /units/export.xlsx`
pub async fn xlsx(state: State<App>, page: Page, filter: Query<Filter>) -> Result<Response> {
    export(state, page, filter, false).await
}

/// `GET /units/export.csv`
pub async fn csv(state: State<App>, page: Page, filter: Query<Filter>) -> Result<Response> {
    export(state, page, filter, true).await
}

async fn export(State(app): State<App>, page: Page, Query(filter): Query<Filter>, csv: bool) -> Result<Response> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let scope = page.actor.scope(Permission::UnitView);
    let wanted = filter.wanted(path_below(&app, town, &scope, &filter.parent).await?);
    let units = store::list::all(db, town, &scope, &wanted).await?;
    let everything = store::units::all_active(db, town).await?;
    let named = names(&everything);
    let sheet = template::sheet(&in_order(units), |unit| {
        unit.parent_id.as_ref().and_then(|id| named.get(id)).cloned().unwrap_or_default()
    });
    template::file(&format!("单位名册{}", app.clock.today()), csv, sheet)
}

fn in_order(units: Vec<Unit>) -> Vec<Unit> {
    let order: Vec<UnitId> =
        in_tree_order(units.iter().map(Unit::to_ref).collect()).into_iter().map(|u| u.id).collect();
    let mut by_id: HashMap<UnitId, Unit> = units.into_iter().map(|unit| (unit.id.clone(), unit)).collect();
    order.iter().filter_map(|id| by_id.remove(id)).collect()
}

/// How each unit is named as a parent: by its name, or with those above it where the name is not enough.
fn names(units: &[Unit]) -> HashMap<UnitId, String> {
    let mut same: HashMap<String, usize> = HashMap::new();
    for unit in units {
        *same.entry(text_key(&unit.facts.name)).or_default() += 1;
    }
    let by_id: HashMap<&UnitId, &Unit> = units.iter().map(|unit| (&unit.id, unit)).collect();
    units
        .iter()
        .map(|unit| {
            let mut name = unit.facts.name.clone();
            let mut at = unit;
            while same.get(&text_key(&at.facts.name)).is_some_and(|count| *count > 1)
                && let Some(parent) = at.parent_id.as_ref().and_then(|id| by_id.get(id))
            {
                name = format!("{}/{name}", parent.facts.name);
                at = parent;
            }
            (unit.id.clone(), name)
        })
        .collect()
}
