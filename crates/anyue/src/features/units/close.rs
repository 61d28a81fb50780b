//! Closing a unit that is no more, and reopening it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::edit::editable;
use super::facts::{Unit, UnitState};
use super::history::{Change, ChangeKind};
use super::new::{refuse_taken, usable_parent};
use super::relocate::refuse_own_place;
use super::store;
use crate::App;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::form::{Form, at_most};
use crate::platform::web::{self, Flash, Frame};

/// 关闭单位
#[derive(Debug, Template)]
#[template(path = "features/units/templates/close.html")]
pub struct ClosePage {
    /// Around it.
    pub frame: Frame,
    /// The unit.
    pub unit: Unit,
    /// Units below it, which are closed with it.
    pub below: usize,
    /// What was typed.
    pub form: CloseForm,
    /// What is wrong with it.
    pub errors: FieldErrors,
}

/// The fields as typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct CloseForm {
    /// Why.
    pub reason: String,
    /// Version the form was made from.
    pub version: String,
}

/// `GET /units/{id}/close`
pub async fn page(State(app): State<App>, page: Page, Path(id): Path<UnitId>) -> Result<Response> {
    let unit = editable(&app, &page.actor, &id).await?;
    let form = CloseForm { reason: String::new(), version: unit.version.to_string() };
    web::page(&build(&app, &page, unit, form, FieldErrors::new()).await?)
}

async fn build(app: &App, page: &Page, unit: Unit, form: CloseForm, errors: FieldErrors) -> Result<ClosePage> {
    let below = store::below(app.db.reader(), &page.actor.jurisdiction, &unit.path).await?.len();
    Ok(ClosePage {
        frame: page.frame(format!("关闭“{}”", unit.facts.name), "units"),
        below: below.saturating_sub(1),
        unit,
        form,
        errors,
    })
}

/// `POST /units/{id}/close`
pub async fn submit(
    State(app): State<App>,
    page: Page,
    Path(id): Path<UnitId>,
    Form(form): Form<CloseForm>,
) -> Result<Response> {
    let version = form.version.parse().unwrap_or_default();
    match close(&app, &page.actor, Close { unit_id: id.clone(), version, reason: form.reason.clone() }).await {
        Ok(1) => Ok(web::see_other_with(&format!("/units/{id}"), &Flash::success("已关闭，需要时可以重新启用。"))),
        Ok(count) => {
            let words = format!("已连同下属共关闭{count}个单位，需要时可以逐个重新启用。");
            Ok(web::see_other_with(&format!("/units/{id}"), &Flash::success(words)))
        }
        Err(Error::Invalid(errors)) => {
            let unit = editable(&app, &page.actor, &id).await?;
            web::page_invalid(&build(&app, &page, unit, form, errors).await?)
        }
        Err(other) => Err(other),
    }
}

/// A unit to be closed.
#[derive(Clone, Debug)]
pub struct Close {
    /// Which.
    pub unit_id: UnitId,
    /// The version that is closed.
    pub version: i64,
    /// Why.
    pub reason: String,
}

/// Closes a unit and all active units below it; the number of units closed.
///
/// # Errors
/// [`Error::Refused`] when it is not in use; [`Error::Changed`].
pub async fn close(app: &App, actor: &Actor, cmd: Close) -> Result<usize> {
    let town = &actor.jurisdiction;
    let now = app.now();
    let reason = cmd.reason.trim();
    let mut errors = FieldErrors::new();
    at_most(reason, 200, "reason", &mut errors);
    errors.into_result()?;

    let tx = app.db.begin(town).await?;
    let unit = store::units::find(&*tx, town, &cmd.unit_id).await?.ok_or(Error::NotFound)?;
    actor.require(Permission::UnitEdit, &unit.path)?;
    refuse_own_place(actor, &unit, "关闭")?;
    if !unit.is_active() {
        return Err(Error::refused(format!("“{}”{}，不用再关闭。", unit.facts.name, unit.state.label())));
    }
    if unit.version != cmd.version {
        return Err(Error::Changed);
    }
    let units = store::units::active_below(&*tx, town, &unit.path).await?;
    let mut changes = Vec::with_capacity(units.len());
    for below in &units {
        store::units::update(&tx, &Unit { state: UnitState::Closed, updated_at: now, ..below.clone() }).await?;
        let words = if below.id == unit.id { reason.to_owned() } else { format!("随“{}”关闭", unit.facts.name) };
        changes.push(Change::new(&below.id, ChangeKind::Closed, now, words));
    }
    store::changes::insert(&tx, &app.ids, actor, &changes, None).await?;
    let words = match units.len() {
        1 => format!("关闭“{}”", unit.facts.name),
        count => format!("关闭“{}”及下属共{count}个单位", unit.facts.name),
    };
    tx.commit(Event::new(actor, "unit.closed", "unit", &unit.id, words).unit(&unit.id)).await?;

    Ok(units.len())
}

/// `POST /units/{id}/reopen`
pub async fn reopen_submit(State(app): State<App>, page: Page, Path(id): Path<UnitId>) -> Result<Response> {
    reopen(&app, &page.actor, &id).await.map_err(|error| match error {
        Error::Invalid(errors) => Error::refused(errors.iter().map(|(_, words)| words).collect::<Vec<_>>().join(" ")),
        other => other,
    })?;
    Ok(web::see_other_with(&format!("/units/{id}"), &Flash::success("已重新启用。")))
}

/// Opens a closed unit again; those below it stay closed.
///
/// # Errors
/// [`Error::Invalid`] when name or number have been taken meanwhile; [`Error::Refused`].
pub async fn reopen(app: &App, actor: &Actor, id: &UnitId) -> Result<()> {
    let town = &actor.jurisdiction;
    let now = app.now();

    let tx = app.db.begin(town).await?;
    let unit = store::units::find(&*tx, town, id).await?.ok_or(Error::NotFound)?;
    actor.require(Permission::UnitEdit, &unit.path)?;
    if unit.state != UnitState::Closed {
        return Err(Error::refused(format!("“{}”{}，不能重新启用。", unit.facts.name, unit.state.label())));
    }
    if let Some(parent) = &unit.parent_id {
        usable_parent(&tx, actor, parent).await?;
    }
    refuse_taken(&tx, unit.parent_id.as_ref(), &unit.facts, &unit.id).await?;
    store::units::update(&tx, &Unit { state: UnitState::Active, updated_at: now, ..unit.clone() }).await?;
    let change = Change::new(&unit.id, ChangeKind::Reopened, now, "");
    store::changes::insert(&tx, &app.ids, actor, &[change], None).await?;
    let words = format!("重新启用“{}”", unit.facts.name);
    tx.commit(Event::new(actor, "unit.reopened", "unit", &unit.id, words).unit(&unit.id)).await?;

    Ok(())
}

#[cfg(any(test, feature = "testing"))]
impl ClosePage {
    /// An example.
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            unit: super::list::sample_unit(),
            below: 2,
            form: CloseForm::default(),
            errors: FieldErrors::new(),
        }
    }
}
