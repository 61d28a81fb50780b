//! Moving a unit, with all below it, to another place in the tree.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::edit::editable;
use super::facts::Unit;
use super::history::{Change, ChangeKind};
use super::import::upload::choices;
use super::new::{refuse_taken, usable_parent};
use super::{api, store};
use crate::App;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// 移动单位
#[derive(Debug, Template)]
#[template(path = "features/units/templates/move.html")]
pub struct MovePage {
    /// Around it.
    pub frame: Frame,
    /// The unit.
    pub unit: Unit,
    /// Name of the unit above it now.
    pub parent: String,
    /// Units below it, which go with it.
    pub below: usize,
    /// Units it may stand below: id and name.
    pub parents: Vec<(String, String)>,
    /// What was chosen.
    pub form: MoveForm,
    /// What is wrong with it.
    pub errors: FieldErrors,
}

/// The fields as typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct MoveForm {
    /// Id of the unit it shall stand below.
    pub parent_id: String,
    /// Version the form was made from.
    pub version: String,
}

/// `GET /units/{id}/move`
pub async fn page(State(app): State<App>, page: Page, Path(id): Path<UnitId>) -> Result<Response> {
    let unit = editable(&app, &page.actor, &id).await?;
    let form = MoveForm { parent_id: String::new(), version: unit.version.to_string() };
    web::page(&build(&app, &page, unit, form, FieldErrors::new()).await?)
}

async fn build(app: &App, page: &Page, unit: Unit, form: MoveForm, errors: FieldErrors) -> Result<MovePage> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let mut units = api::list(db, town, &page.actor.scope(Permission::UnitEdit)).await?;
    units.retain(|other| !other.path.starts_with(unit.path.as_str()) && Some(&other.id) != unit.parent_id.as_ref());
    Ok(MovePage {
        frame: page.frame(format!("移动“{}”", unit.facts.name), "units"),
        parent: match &unit.parent_id {
            Some(parent) => api::get(db, town, parent).await?.name,
            None => String::new(),
        },
        below: store::below(db, town, &unit.path).await?.len().saturating_sub(1),
        parents: choices(&units),
        unit,
        form,
        errors,
    })
}

/// `POST /units/{id}/move`
pub async fn submit(
    State(app): State<App>,
    page: Page,
    Path(id): Path<UnitId>,
    Form(form): Form<MoveForm>,
) -> Result<Response> {
    let cmd = Move {
        unit_id: id.clone(),
        parent_id: UnitId::from(form.parent_id.as_str()),
        version: form.version.parse().unwrap_or_default(),
    };
    match relocate(&app, &page.actor, cmd).await {
        Ok(words) => Ok(web::see_other_with(&format!("/units/{id}"), &Flash::success(format!("{words}。")))),
        Err(Error::Invalid(errors)) => {
            let unit = editable(&app, &page.actor, &id).await?;
            web::page_invalid(&build(&app, &page, unit, form, errors).await?)
        }
        Err(other) => Err(other),
    }
}

/// A unit to be moved.
#[derive(Clone, Debug)]
pub struct Move {
    /// Which.
    pub unit_id: UnitId,
    /// The unit it shall stand below.
    pub parent_id: UnitId,
    /// The version that is moved.
    pub version: i64,
}

/// Moves a unit with all below it. What was done, in words.
///
/// # Errors
/// [`Error::Invalid`] with a message for `parent_id`; [`Error::Changed`].
pub async fn relocate(app: &App, actor: &Actor, cmd: Move) -> Result<String> {
    let town = &actor.jurisdiction;
    let now = app.now();

    let tx = app.db.begin(town).await?;
    let unit = store::units::find(&*tx, town, &cmd.unit_id).await?.ok_or(Error::NotFound)?;
    actor.require(Permission::UnitEdit, &unit.path)?;
    refuse_own_place(actor, &unit, "移动")?;
    if unit.version != cmd.version {
        return Err(Error::Changed);
    }
    let parent = usable_parent(&tx, actor, &cmd.parent_id).await?;
    unit.may_stand_below(&parent)?;
    refuse_taken(&tx, Some(&parent.id), &unit.facts, &unit.id).await.map_err(at_parent)?;
    let from = match &unit.parent_id {
        Some(id) => store::find_ref(&*tx, town, id).await?.map(|parent| parent.name).unwrap_or_default(),
        None => String::new(),
    };
    let words = format!("“{}”从“{from}”移到“{}”", unit.facts.name, parent.facts.name);
    place_below(&tx, unit.clone(), &parent, now).await?;
    let change = Change::new(&unit.id, ChangeKind::Moved, now, format!("从“{from}”移到“{}”", parent.facts.name));
    store::changes::insert(&tx, &app.ids, actor, &[change], None).await?;
    tx.commit(Event::new(actor, "unit.moved", "unit", &unit.id, words.as_str()).unit(&unit.id)).await?;

    Ok(words)
}

/// Puts a unit with all below it below another: after its last child.
pub(super) async fn place_below(
    tx: &crate::platform::db::WriteTx,
    mut unit: Unit,
    parent: &Unit,
    now: i64,
) -> Result<()> {
    let path = format!("{}{}/", parent.path, unit.id);
    store::units::rewrite_paths(tx, &unit.path, &path).await?;
    unit.facts.ordinal = store::units::next_ordinal(&**tx, tx.jurisdiction(), Some(&parent.id)).await?;
    let moved = Unit { parent_id: Some(parent.id.clone()), path, updated_at: now, ..unit };
    store::units::update(tx, &moved).await
}

/// Refuses to take away the place from which the actor acts, and the top of the tree.
pub(super) fn refuse_own_place(actor: &Actor, unit: &Unit, verb: &str) -> Result<()> {
    if unit.parent_id.is_none() {
        return Err(Error::refused(format!("“{}”是最上级单位，不能{verb}。", unit.facts.name)));
    }
    if actor.grants.iter().any(|grant| grant.unit_path.starts_with(unit.path.as_str())) {
        let words = format!("“{}”是您的账号所在的单位，不能由您{verb}，请联系上级经办人员。", unit.facts.name);
        return Err(Error::refused(words));
    }
    Ok(())
}

fn at_parent(error: Error) -> Error {
    match error {
        Error::Invalid(errors) => {
            let words: Vec<&str> = errors.iter().map(|(_, message)| message).collect();
            Error::Invalid(FieldErrors::one("parent_id", words.join(" ")))
        }
        other => other,
    }
}

#[cfg(any(test, feature = "testing"))]
impl MovePage {
    /// An example.
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            unit: super::list::sample_unit(),
            parent: "青龙山镇".to_owned(),
            below: 3,
            parents: vec![("1".to_owned(), "一号矿".to_owned())],
            form: MoveForm::default(),
            errors: FieldErrors::one("parent_id", "请选择上级单位。"),
        }
    }
}
