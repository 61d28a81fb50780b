//! A new unit.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use super::api;
use super::facts::{Facts, Unit, UnitState};
use super::form::{UnitForm, industry_choices, kinds};
use super::history::{Change, ChangeKind};
use super::import::upload::choices;
use super::store;
use crate::App;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission, Scope};
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// 新增单位
#[derive(Debug, Template)]
#[template(path = "features/units/templates/new.html")]
pub struct NewPage {
    /// Around it.
    pub frame: Frame,
    /// What was typed.
    pub form: UnitForm,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// Units it may stand below: id and name.
    pub parents: Vec<(String, String)>,
    /// Kinds: code and words.
    pub kinds: Vec<(&'static str, &'static str)>,
    /// Industries: code and name.
    pub industries: Vec<(&'static str, &'static str)>,
}

/// What the form begins with.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Begin {
    /// Id of the unit above.
    parent: String,
    /// Code of a kind.
    kind: String,
}

/// `GET /units/new`
pub async fn page(State(app): State<App>, page: Page, Query(begin): Query<Begin>) -> Result<Response> {
    let form = UnitForm { parent_id: begin.parent, kind: begin.kind, ..UnitForm::default() };
    web::page(&build(&app, &page, form, FieldErrors::new()).await?)
}

async fn build(app: &App, page: &Page, mut form: UnitForm, errors: FieldErrors) -> Result<NewPage> {
    let scope = page.actor.scope(Permission::UnitEdit);
    let units = api::list(app.db.reader(), &page.actor.jurisdiction, &scope).await?;
    if form.parent_id.is_empty() {
        form.parent_id = units.first().map(|unit| unit.id.0.clone()).unwrap_or_default();
    }
    Ok(NewPage {
        frame: page.frame("新增单位", "units"),
        form,
        errors,
        parents: choices(&units),
        kinds: kinds(),
        industries: industry_choices(),
    })
}

/// `POST /units`
pub async fn submit(State(app): State<App>, page: Page, Form(form): Form<UnitForm>) -> Result<Response> {
    let parent_id = Some(form.parent_id.as_str()).filter(|id| !id.is_empty()).map(UnitId::from);
    let created = match form.facts() {
        Ok(facts) => create(&app, &page.actor, NewUnit { parent_id, facts }).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match created {
        Ok(id) => {
            let words = format!("已新增“{}”。", form.name.trim());
            Ok(web::see_other_with(&format!("/units/{id}"), &Flash::success(words)))
        }
        Err(Error::Invalid(errors)) => web::page_invalid(&build(&app, &page, form, errors).await?),
        Err(other) => Err(other),
    }
}

/// A unit to be created.
#[derive(Clone, Debug, serde::Deserialize, utoipa::ToSchema)]
pub struct NewUnit {
    /// The unit above; absent only for the top of the tree, which only the program itself creates.
    #[serde(default)]
    pub parent_id: Option<UnitId>,
    /// What is known about it.
    #[serde(flatten)]
    pub facts: Facts,
}

/// Creates a unit.
///
/// # Errors
/// [`Error::Invalid`] with messages by field, also when a sibling has the name or another unit the number.
pub async fn create(app: &App, actor: &Actor, new: NewUnit) -> Result<UnitId> {
    let mut facts = new.facts.tidy();
    let mut errors = FieldErrors::new();
    facts.check(&mut errors);
    errors.into_result()?;

    let tx = app.db.begin(&actor.jurisdiction).await?;
    let parent = match &new.parent_id {
        Some(parent) => Some(usable_parent(&tx, actor, parent).await?),
        None if actor.scope(Permission::UnitEdit) == Scope::All => None,
        None => return Err(Error::Invalid(FieldErrors::one("parent_id", "请选择上级单位。"))),
    };
    let id: UnitId = app.ids.id();
    let path = format!("{}{id}/", parent.as_ref().map_or("", |parent| parent.path.as_str()));
    refuse_taken(&tx, new.parent_id.as_ref(), &facts, &id).await?;
    if facts.ordinal == 0 {
        facts.ordinal = store::units::next_ordinal(&*tx, &actor.jurisdiction, new.parent_id.as_ref()).await?;
    }
    let now = app.now();
    let unit = Unit {
        id: id.clone(),
        parent_id: new.parent_id,
        path,
        facts,
        state: UnitState::Active,
        merged_into: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::units::insert(&tx, std::slice::from_ref(&unit)).await?;
    store::changes::insert(&tx, &app.ids, actor, &[Change::new(&id, ChangeKind::Created, now, "")], None).await?;
    let event = Event::new(actor, "unit.created", "unit", &id, format!("新增单位“{}”", unit.facts.name)).unit(&id);
    tx.commit(event).await?;

    Ok(id)
}

/// The unit that is to stand above: in use, and within what the actor may edit.
///
/// # Errors
/// A message for the field `parent_id`; [`Error::Forbidden`] for a unit of others.
pub(super) async fn usable_parent(tx: &WriteTx, actor: &Actor, id: &UnitId) -> Result<Unit> {
    let unknown = || Error::Invalid(FieldErrors::one("parent_id", "没有找到这个上级单位，请重新选择。"));
    let parent = store::units::find(&**tx, tx.jurisdiction(), id).await?.ok_or_else(unknown)?;
    actor.require(Permission::UnitEdit, &parent.path)?;
    if !parent.is_active() {
        let words = format!("“{}”{}，请另选在用的上级单位。", parent.facts.name, parent.state.label());
        return Err(Error::Invalid(FieldErrors::one("parent_id", words)));
    }
    Ok(parent)
}

/// Refuses a name that a sibling has and a number that another unit has. The town's writes are one after
/// another, so that nothing comes between this look and the insert.
pub(super) async fn refuse_taken(tx: &WriteTx, parent: Option<&UnitId>, facts: &Facts, own: &UnitId) -> Result<()> {
    let mut errors = FieldErrors::new();
    if let Some(other) = store::units::find_child(&**tx, tx.jurisdiction(), parent, &facts.name).await?
        && other.id != *own
    {
        errors.add("name", format!("同一上级单位下已有“{}”，请核对是否重复，或写出全称加以区分。", other.facts.name));
    }
    if let Some(other) = store::units::find_code(&**tx, tx.jurisdiction(), &facts.code).await?
        && other.id != *own
    {
        errors.add("code", format!("编号“{}”已由“{}”使用。", facts.code, other.facts.name));
    }
    errors.into_result()
}

#[cfg(any(test, feature = "testing"))]
impl NewPage {
    /// An example.
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            form: UnitForm::default(),
            errors: FieldErrors::one("name", "请填写单位名称。"),
            parents: vec![("1".to_owned(), "青龙山镇".to_owned())],
            kinds: kinds(),
            industries: industry_choices(),
        }
    }
}
