//! Taking the last import back.

use axum::extract::{Path, State};
use axum::response::Response;

use crate::App;
use crate::features::units::facts::{Facts, Unit};
use crate::features::units::history::Change;
use crate::features::units::store;
use crate::page::Page;
use crate::platform::audit::Event;
use crate::platform::auth::{self, Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::{self, Flash};

/// `POST /units/imports/{id}/undo`
pub async fn submit(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    let (removed, restored) = undo(&app, &page.actor, &id).await?;
    let words = format!("已撤销这次导入：撤回{removed}个单位，{restored}个单位恢复原来的内容。");
    Ok(web::see_other_with("/units/import", &Flash::success(words)))
}

/// Takes an import back: what it added goes, what it changed is as before. Only the last one, and only while
/// nothing hangs on it.
///
/// # Errors
/// [`Error::Refused`] says what stands in the way.
pub async fn undo(app: &App, actor: &Actor, id: &str) -> Result<(usize, usize)> {
    let town = &actor.jurisdiction;
    let now = app.now();

    let tx = app.db.begin(town).await?;
    let last = store::imports::latest(&*tx, town, 20).await?.into_iter().find(|import| import.undone_at.is_none());
    let import = match last {
        Some(last) if last.unit_import_id == id => last,
        _ => return Err(Error::refused("只能撤销最近一次导入，这一次之后又有导入，或者已经撤销过了。")),
    };
    actor.require(Permission::UnitEdit, &import.top_path)?;
    let (created, changed) = store::imports::effects(&*tx, town, id).await?;
    let all: Vec<UnitId> = created.iter().cloned().chain(changed.iter().map(|(id, _)| id.clone())).collect();
    if store::imports::touched_since(&*tx, town, id, import.at, &all, &created).await? > 0 {
        return Err(Error::refused("导入之后，其中有单位又被修改过或新增了下属单位，不能整批撤销。请逐个修改或关闭。"));
    }
    if auth::roles_held_at(&*tx, town, &created, now).await? > 0 {
        return Err(Error::refused("导入的单位已经有人员账号，不能整批撤销。请逐个关闭不需要的单位。"));
    }
    let units = store::units::find_all(&*tx, town, &all).await?;
    let mut changes = Vec::with_capacity(changed.len());
    for (id, before) in &changed {
        let unit = units.get(id).ok_or(Error::NotFound)?;
        let facts = Facts::clone(before);
        let mut change = Change::edited(id, now, unit.facts.differences(&facts));
        change.detail.words = "撤销导入，恢复原来的内容".to_owned();
        changes.push(change);
        store::units::update(&tx, &Unit { facts, updated_at: now, ..unit.clone() }).await?;
    }
    store::changes::insert(&tx, &app.ids, actor, &changes, None).await?;
    let doomed = created.iter().filter_map(|id| units.get(id)).map(|unit| (unit.id.clone(), unit.path.clone()));
    store::imports::delete_units(&tx, doomed.collect()).await.map_err(|error| match error {
        Error::Refused(_) => Error::refused("导入的单位已经收到任务或有了报送，不能整批撤销。请逐个关闭不需要的单位。"),
        other => other,
    })?;
    store::imports::mark_undone(&tx, id, now).await?;
    let words = format!("撤销单位导入：撤回{}个，恢复{}个", created.len(), changed.len());
    tx.commit(Event::new(actor, "unit.import_undone", "unit_import", id, words)).await?;

    Ok((created.len(), changed.len()))
}
