//! Merging a unit into another: two villages become one, a unit was entered twice.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::edit::editable;
use super::facts::{Unit, UnitState};
use super::history::{Change, ChangeKind};
use super::import::upload::choices;
use super::relocate::{place_below, refuse_own_place};
use super::{api, store};
use crate::App;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{self, Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// 合并单位
#[derive(Debug, Template)]
#[template(path = "features/units/templates/merge.html")]
pub struct MergePage {
    /// Around it.
    pub frame: Frame,
    /// The unit that goes.
    pub unit: Unit,
    /// The unit that stays, when one has been chosen.
    pub into: Option<Unit>,
    /// Units to choose from: id and name.
    pub others: Vec<(String, String)>,
    /// What will happen, sentence by sentence.
    pub effects: Vec<String>,
    /// What is wrong with the choice.
    pub errors: FieldErrors,
}

impl MergePage {
    /// Id of the unit that was chosen.
    pub fn chosen(&self) -> &str {
        self.into.as_ref().map_or("", |into| into.id.as_str())
    }
}

/// The unit that was chosen to stay.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct MergeForm {
    /// Its id.
    into: String,
    /// Version of the unit that goes.
    version: String,
}

/// `GET /units/{id}/merge`: chooses, then says what will happen.
pub async fn page(
    State(app): State<App>,
    page: Page,
    Path(id): Path<UnitId>,
    Query(form): Query<MergeForm>,
) -> Result<Response> {
    let unit = editable(&app, &page.actor, &id).await?;
    web::page(&build(&app, &page, unit, &form.into, FieldErrors::new()).await?)
}

async fn build(app: &App, page: &Page, unit: Unit, into: &str, mut errors: FieldErrors) -> Result<MergePage> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let mut units = api::list(db, town, &page.actor.scope(Permission::UnitEdit)).await?;
    units.retain(|other| !other.path.starts_with(unit.path.as_str()));
    let into = match into {
        "" => None,
        id => Some(editable(app, &page.actor, &UnitId::from(id)).await?),
    };
    let mut effects = Vec::new();
    if let Some(into) = &into {
        match check(&unit, into) {
            Ok(()) => effects = foretell(app, page, &unit, into).await?,
            Err(Error::Invalid(found)) => errors = found,
            Err(other) => return Err(other),
        }
    }
    Ok(MergePage {
        frame: page.frame(format!("合并“{}”", unit.facts.name), "units"),
        others: choices(&units),
        unit,
        into,
        effects,
        errors,
    })
}

fn check(unit: &Unit, into: &Unit) -> Result<()> {
    let words = if into.path.starts_with(unit.path.as_str()) {
        "不能合并到自己或自己的下属单位，请另选单位。".to_owned()
    } else if !into.is_active() {
        format!("“{}”{}，请另选在用的单位。", into.facts.name, into.state.label())
    } else if !unit.is_active() {
        format!("“{}”{}，不能再合并。", unit.facts.name, unit.state.label())
    } else {
        return Ok(());
    };
    Err(Error::Invalid(FieldErrors::one("into", words)))
}

async fn foretell(app: &App, page: &Page, unit: &Unit, into: &Unit) -> Result<Vec<String>> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let (gone, stays) = (&unit.facts.name, &into.facts.name);
    let mut effects = Vec::new();
    let children = store::children(db, town, &unit.id).await?.len();
    if children > 0 {
        effects.push(format!("“{gone}”的{children}个直接下属单位连同它们的下属，改由“{stays}”管理。"));
    }
    match (api::liaison(db, town, &unit.id).await?, api::liaison(db, town, &into.id).await?) {
        (Some(_), Some(_)) => effects.push(format!("“{stays}”的现任联络员不变，“{gone}”的联络员转入历任记录。")),
        (Some(_), None) => effects.push(format!("“{gone}”的联络员成为“{stays}”的联络员。")),
        (None, _) => {}
    }
    let roles = auth::roles_held_at(db, town, std::slice::from_ref(&unit.id), app.now()).await?;
    if roles > 0 {
        effects.push(format!("“{gone}”的人员账号（{roles}项权限）转到“{stays}”，下次打开页面就能办理。"));
    }
    effects.push(format!("“{gone}”不再收到新任务；已报送的材料和变动记录都保留，可以随时查看。"));
    effects.push("合并后不能自动拆开。如只是改名，请用“修改”；如只是换上级，请用“移动”。".to_owned());
    Ok(effects)
}

/// `POST /units/{id}/merge`
pub async fn submit(
    State(app): State<App>,
    page: Page,
    Path(id): Path<UnitId>,
    Form(form): Form<MergeForm>,
) -> Result<Response> {
    let cmd = Merge {
        unit_id: id.clone(),
        into: UnitId::from(form.into.as_str()),
        version: form.version.parse().unwrap_or_default(),
    };
    match merge(&app, &page.actor, cmd).await {
        Ok(words) => Ok(web::see_other_with(&format!("/units/{}", form.into), &Flash::success(format!("{words}。")))),
        Err(Error::Invalid(errors)) => {
            let unit = editable(&app, &page.actor, &id).await?;
            web::page_invalid(&build(&app, &page, unit, "", errors).await?)
        }
        Err(other) => Err(other),
    }
}

/// A unit to be merged into another.
#[derive(Clone, Debug)]
pub struct Merge {
    /// The unit that goes.
    pub unit_id: UnitId,
    /// The unit that stays.
    pub into: UnitId,
    /// The version of the one that goes.
    pub version: i64,
}

/// Merges a unit into another. What was done, in words.
///
/// # Errors
/// [`Error::Invalid`] with a message for `into`; [`Error::Changed`].
pub async fn merge(app: &App, actor: &Actor, cmd: Merge) -> Result<String> {
    let town = &actor.jurisdiction;
    let now = app.now();
    let wrong = |words: String| Error::Invalid(FieldErrors::one("into", words));

    let tx = app.db.begin(town).await?;
    let unit = store::units::find(&*tx, town, &cmd.unit_id).await?.ok_or(Error::NotFound)?;
    let into = store::units::find(&*tx, town, &cmd.into).await?;
    let into = into.ok_or_else(|| wrong("请选择合并到哪个单位。".to_owned()))?;
    actor.require(Permission::UnitEdit, &unit.path)?;
    actor.require(Permission::UnitEdit, &into.path)?;
    check(&unit, &into)?;
    refuse_own_place(actor, &unit, "合并")?;
    if unit.version != cmd.version {
        return Err(Error::Changed);
    }
    let children = store::children(&*tx, town, &unit.id).await?;
    for child in &children {
        if let Some(same) = store::units::find_child(&*tx, town, Some(&into.id), &child.name).await?
            && same.id != unit.id
        {
            return Err(wrong(format!(
                "两个单位都有下属单位“{}”。请先把其中一个改名、移动或合并，再办理合并。",
                child.name
            )));
        }
    }
    let mut changes = Vec::new();
    for child in &children {
        let child = store::units::find(&*tx, town, &child.id).await?.ok_or(Error::NotFound)?;
        let words = format!("因“{}”并入，改由“{}”管理", unit.facts.name, into.facts.name);
        changes.push(Change::new(&child.id, ChangeKind::Moved, now, words));
        place_below(&tx, child, &into, now).await?;
    }
    store::liaisons::hand_over(&tx, &unit.id, &into.id, now).await?;
    auth::hand_over_roles(&tx, &app.ids, &unit.id, &into.id, now).await?;
    let merged = Unit { state: UnitState::Merged, merged_into: Some(into.id.clone()), updated_at: now, ..unit.clone() };
    store::units::update(&tx, &merged).await?;
    changes.push(Change::new(&unit.id, ChangeKind::Merged, now, format!("并入“{}”", into.facts.name)));
    changes.push(Change::new(&into.id, ChangeKind::Merged, now, format!("“{}”并入本单位", unit.facts.name)));
    store::changes::insert(&tx, &app.ids, actor, &changes, None).await?;
    let words = format!("“{}”已并入“{}”", unit.facts.name, into.facts.name);
    tx.commit(Event::new(actor, "unit.merged", "unit", &unit.id, words.as_str()).unit(&into.id)).await?;

    Ok(words)
}

#[cfg(any(test, feature = "testing"))]
impl MergePage {
    /// An example.
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            unit: super::list::sample_unit(),
            into: Some(super::list::sample_unit()),
            others: vec![("1".to_owned(), "西沟村".to_owned())],
            effects: vec!["“东沟村”不再收到新任务。".to_owned()],
            errors: FieldErrors::new(),
        }
    }
}
