//! Changing what is known about a unit.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::facts::{Difference, Facts, Unit};
use super::form::{UnitForm, industry_choices, kinds};
use super::history::Change;
use super::new::refuse_taken;
use super::store;
use crate::App;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// 修改单位
#[derive(Debug, Template)]
#[template(path = "features/units/templates/edit.html")]
pub struct EditPage {
    /// Around it.
    pub frame: Frame,
    /// Id of the unit.
    pub id: UnitId,
    /// Name of the unit as it is.
    pub name: String,
    /// What was typed.
    pub form: UnitForm,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// When somebody else changed the unit meanwhile: what theirs and this form's differ in (theirs, typed).
    pub conflict: Option<Vec<Difference>>,
    /// Who that was and when.
    pub changed_by: String,
    /// Kinds: code and words.
    pub kinds: Vec<(&'static str, &'static str)>,
    /// Industries: code and name.
    pub industries: Vec<(&'static str, &'static str)>,
}

impl EditPage {
    fn new(page: &Page, unit: &Unit, form: UnitForm, errors: FieldErrors) -> Self {
        Self {
            frame: page.frame(format!("修改“{}”", unit.facts.name), "units"),
            id: unit.id.clone(),
            name: unit.facts.name.clone(),
            form,
            errors,
            conflict: None,
            changed_by: String::new(),
            kinds: kinds(),
            industries: industry_choices(),
        }
    }
}

/// A unit that the actor may edit.
pub(super) async fn editable(app: &App, actor: &Actor, id: &UnitId) -> Result<Unit> {
    let unit = store::units::find(app.db.reader(), &actor.jurisdiction, id).await?.ok_or(Error::NotFound)?;
    actor.require(Permission::UnitEdit, &unit.path)?;
    Ok(unit)
}

/// `GET /units/{id}/edit`
pub async fn page(State(app): State<App>, page: Page, Path(id): Path<UnitId>) -> Result<Response> {
    let unit = editable(&app, &page.actor, &id).await?;
    web::page(&EditPage::new(&page, &unit, UnitForm::of(&unit), FieldErrors::new()))
}

/// `POST /units/{id}/edit`
pub async fn submit(
    State(app): State<App>,
    page: Page,
    Path(id): Path<UnitId>,
    Form(form): Form<UnitForm>,
) -> Result<Response> {
    let edited = match form.facts() {
        Ok(facts) => {
            let version = form.version.parse().unwrap_or_default();
            edit(&app, &page.actor, Edit { unit_id: id.clone(), version, facts }).await
        }
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match edited {
        Ok(unit) => {
            let words = format!("已保存“{}”的修改。", unit.facts.name);
            Ok(web::see_other_with(&format!("/units/{id}"), &Flash::success(words)))
        }
        Err(Error::Invalid(errors)) => {
            let unit = editable(&app, &page.actor, &id).await?;
            web::page_invalid(&EditPage::new(&page, &unit, form, errors))
        }
        Err(Error::Changed) => {
            let unit = editable(&app, &page.actor, &id).await?;
            let mut typed = form.facts().unwrap_or_default();
            if typed.ordinal == 0 {
                typed.ordinal = unit.facts.ordinal;
            }
            let history = store::changes::of_unit(app.db.reader(), &page.actor.jurisdiction, &id).await?;
            let last = history.first();
            let form = UnitForm { version: unit.version.to_string(), ..form };
            web::page_changed(&EditPage {
                conflict: Some(unit.facts.differences(&typed)),
                changed_by: last
                    .map(|change| format!("{}于{}", change.actor_name, super::words::moment(change.at)))
                    .unwrap_or_default(),
                ..EditPage::new(&page, &unit, form, FieldErrors::new())
            })
        }
        Err(other) => Err(other),
    }
}

/// New facts about a unit.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Which.
    pub unit_id: UnitId,
    /// The version that was changed.
    pub version: i64,
    /// As they shall be.
    pub facts: Facts,
}

/// Changes what is known about a unit. Saying the same again changes nothing but is noted.
///
/// # Errors
/// [`Error::Changed`] when somebody else was first; [`Error::Invalid`] with messages by field.
pub async fn edit(app: &App, actor: &Actor, cmd: Edit) -> Result<Unit> {
    let mut facts = cmd.facts.tidy();
    let mut errors = FieldErrors::new();
    facts.check(&mut errors);
    errors.into_result()?;

    let tx = app.db.begin(&actor.jurisdiction).await?;
    let unit = store::units::find(&*tx, &actor.jurisdiction, &cmd.unit_id).await?.ok_or(Error::NotFound)?;
    actor.require(Permission::UnitEdit, &unit.path)?;
    if unit.version != cmd.version {
        return Err(Error::Changed);
    }
    if !unit.is_active() {
        return Err(Error::refused(format!("“{}”{}，不能修改。", unit.facts.name, unit.state.label())));
    }
    refuse_taken(&tx, unit.parent_id.as_ref(), &facts, &unit.id).await?;
    if facts.ordinal == 0 {
        facts.ordinal = unit.facts.ordinal;
    }
    let differences = unit.facts.differences(&facts);
    let now = app.now();
    store::units::update(&tx, &Unit { facts: facts.clone(), updated_at: now, ..unit.clone() }).await?;
    let labels: Vec<String> = differences.iter().map(|difference| difference.label.clone()).collect();
    store::changes::insert(&tx, &app.ids, actor, &[Change::edited(&unit.id, now, differences)], None).await?;
    let words = match labels.as_slice() {
        [] => format!("保存“{}”，内容没有变化", facts.name),
        labels => format!("修改“{}”的{}", facts.name, labels.join("、")),
    };
    tx.commit(Event::new(actor, "unit.edited", "unit", &unit.id, words).unit(&unit.id)).await?;

    Ok(Unit { facts, version: unit.version + 1, updated_at: now, ..unit })
}

#[cfg(any(test, feature = "testing"))]
impl EditPage {
    /// An example.
    pub fn sample() -> Self {
        let unit = super::list::sample_unit();
        Self {
            frame: Frame::default(),
            id: unit.id.clone(),
            name: unit.facts.name.clone(),
            form: UnitForm::of(&unit),
            errors: FieldErrors::new(),
            conflict: Some(vec![Difference { label: "电话".into(), then: "1".into(), now: "2".into() }]),
            changed_by: "王芳于2022年6月13日08:30".to_owned(),
            kinds: kinds(),
            industries: industry_choices(),
        }
    }
}
