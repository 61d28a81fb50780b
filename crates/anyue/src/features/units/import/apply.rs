//! Carrying a plan out.

use std::collections::HashMap;

use serde_json::json;

use super::plan::{self, Above, Outcome, Plan, Tally};
use super::rows::UnitTable;
use crate::App;
use crate::features::units::facts::{Facts, Unit, UnitState};
use crate::features::units::history::{Change, ChangeKind};
use crate::features::units::store;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::db::WriteTx;
use crate::platform::drafts;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;

/// A table to be taken over below a unit.
#[derive(Debug)]
pub struct Import<'a> {
    /// The table.
    pub table: &'a UnitTable,
    /// The unit it is imported below.
    pub top: &'a UnitId,
    /// The plan that was shown; another one is not carried out.
    pub shown: Option<&'a str>,
    /// The draft that the table waited in, dropped when it is carried out.
    pub draft: Option<&'a str>,
}

/// What was taken over.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Id of the import, for taking it back.
    pub id: String,
    /// How many rows did what.
    pub tally: Tally,
    /// Row by row.
    pub plan: Plan,
}

/// Takes over the good rows of a table.
///
/// # Errors
/// [`Error::Changed`] when units changed since the plan was shown; [`Error::Refused`] when no row does anything.
pub async fn import(app: &App, actor: &Actor, cmd: Import<'_>) -> Result<Imported> {
    let now = app.now();
    let id: String = app.ids.id();

    let tx = app.db.begin(&actor.jurisdiction).await?;
    let top = store::units::find(&*tx, &actor.jurisdiction, cmd.top).await?.ok_or(Error::NotFound)?;
    actor.require(Permission::UnitEdit, &top.path)?;
    let units = store::units::all_active(&*tx, &actor.jurisdiction).await?;
    let plan = plan::plan(cmd.table, &units, &top);
    if cmd.shown.is_some_and(|shown| shown != plan.fingerprint()) {
        return Err(Error::Changed);
    }
    let tally = plan.tally();
    if tally.added + tally.changed == 0 {
        return Err(Error::refused("这份表格没有可以导入的新内容：各行要么与现有单位一致，要么有误。"));
    }
    store::imports::insert(
        &tx,
        actor,
        &store::imports::Import {
            unit_import_id: id.clone(),
            at: now,
            actor_name: actor.name.clone(),
            file_name: cmd.table.file_name.clone(),
            top_path: top.path.clone(),
            added: tally.added,
            changed: tally.changed,
            unchanged: tally.unchanged,
            faulty: tally.faulty,
            undone_at: None,
        },
    )
    .await?;
    change(app, actor, &tx, &plan, &id, now).await?;
    add(app, actor, &tx, &plan, &units, &id, now).await?;
    if let Some(draft) = cmd.draft {
        drafts::drop(&tx, actor, draft).await?;
    }
    let words = format!("导入单位表格：新增{}个，修改{}个，跳过有误的{}行", tally.added, tally.changed, tally.faulty);
    let event = Event::new(actor, "unit.imported", "unit_import", &id, words).unit(&top.id).detail(json!(tally));
    tx.commit(event).await?;

    Ok(Imported { id, tally, plan })
}

async fn change(app: &App, actor: &Actor, tx: &WriteTx, plan: &Plan, import: &str, now: i64) -> Result<()> {
    let changed: Vec<(&Unit, &Facts, _)> = plan
        .rows
        .iter()
        .filter_map(|row| match &row.outcome {
            Outcome::Changed { unit, facts, differences } => Some((&**unit, &**facts, differences)),
            _ => None,
        })
        .collect();
    let mut changes = Vec::with_capacity(changed.len());
    for (unit, facts, differences) in changed {
        store::units::update(tx, &Unit { facts: facts.clone(), updated_at: now, ..unit.clone() }).await?;
        let mut change = Change::edited(&unit.id, now, differences.clone());
        change.detail.before = Some(Box::new(unit.facts.clone()));
        changes.push(change);
    }
    store::changes::insert(tx, &app.ids, actor, &changes, Some(import)).await
}

async fn add(
    app: &App,
    actor: &Actor,
    tx: &WriteTx,
    plan: &Plan,
    units: &[Unit],
    import: &str,
    now: i64,
) -> Result<()> {
    let by_id: HashMap<&UnitId, &Unit> = units.iter().map(|unit| (&unit.id, unit)).collect();
    let mut last: HashMap<UnitId, i64> = HashMap::new();
    for unit in units {
        if let Some(parent) = &unit.parent_id {
            let ordinal = last.entry(parent.clone()).or_default();
            *ordinal = unit.facts.ordinal.max(*ordinal);
        }
    }
    // Ids and paths first, from the top down; then the rows in the same order.
    let mut made: Vec<Unit> = Vec::new();
    let mut of_row: HashMap<usize, usize> = HashMap::new();
    let mut waiting: Vec<usize> = (0..plan.rows.len()).collect();
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut later = Vec::new();
        for row in waiting {
            let Outcome::New { above, facts } = &plan.rows[row].outcome else { continue };
            let parent = match above {
                Above::Unit(id) => by_id.get(id).map(|unit| (&unit.id, &unit.path)),
                Above::Row(row) => of_row.get(row).map(|index| (&made[*index].id, &made[*index].path)),
            };
            let Some((parent_id, path)) = parent else {
                later.push(row);
                continue;
            };
            let id: UnitId = app.ids.id();
            let ordinal = last.entry(parent_id.clone()).or_default();
            *ordinal = if facts.ordinal == 0 { *ordinal + 1 } else { facts.ordinal.max(*ordinal) };
            let ordinal = if facts.ordinal == 0 { *ordinal } else { facts.ordinal };
            let unit = Unit {
                parent_id: Some(parent_id.clone()),
                path: format!("{path}{id}/"),
                id,
                facts: Facts { ordinal, ..(**facts).clone() },
                state: UnitState::Active,
                merged_into: None,
                version: 1,
                created_at: now,
                updated_at: now,
            };
            of_row.insert(row, made.len());
            made.push(unit);
        }
        if later.len() == before {
            return Err(Error::internal("a plan of units hangs on itself"));
        }
        waiting = later;
    }
    store::units::insert(tx, &made).await?;
    let changes: Vec<Change> =
        made.iter().map(|unit| Change::new(&unit.id, ChangeKind::Created, now, "由表格导入")).collect();
    store::changes::insert(tx, &app.ids, actor, &changes, Some(import)).await
}
