//! Templates of documents (模板): the built-in ones of `data/document_templates.toml`, and what a town makes of them.

use std::sync::LazyLock;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use minijinja::Value;
use sea_orm::ConnectionTrait;

use super::facts::{self, About};
use super::fill;
use super::markup;
use super::model::{Content, Kind};
use super::shown::{self, ShownPiece};
use super::store;
use crate::App;
use crate::features::campaigns::api as campaigns;
use crate::features::records::api as records;
use crate::features::statistics::api as statistics;
use crate::features::units::api as units;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::JurisdictionId;
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// A template.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Blank {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What documents made of it are.
    pub kind: Kind,
    /// What it is for.
    #[serde(rename = "use")]
    pub purpose: String,
    /// `week`: it is filled from a week of a campaign; empty: from nothing but the office.
    pub needs: String,
    /// What it says, with placeholders.
    #[serde(flatten)]
    pub content: Content,
    /// How often the town has changed it.
    #[serde(skip)]
    pub version: i64,
    /// Who changed it last and when; empty as built in.
    #[serde(skip)]
    pub edited: String,
}

impl Blank {
    /// It is about a week of a campaign.
    pub fn needs_week(&self) -> bool {
        self.needs == "week"
    }
}

static BUILT_IN: LazyLock<Vec<Blank>> = LazyLock::new(|| {
    #[derive(serde::Deserialize)]
    struct File {
        template: Vec<Blank>,
    }
    let file: File =
        toml::from_str(include_str!("../../../data/document_templates.toml")).expect("the templates are well-formed");
    file.template
});

/// The templates as the town has them, in their order.
pub async fn all(app: &App, db: &impl ConnectionTrait, town: &JurisdictionId) -> Result<Vec<Blank>> {
    let changed = store::templates(db, town).await?;
    let mut all = BUILT_IN.clone();
    for blank in &mut all {
        if let Some(own) = changed.iter().find(|own| own.code == blank.code) {
            blank.content = own.content.clone();
            blank.version = own.version;
            blank.edited = format!("{}　{}", own.edited_by, records::moment(own.edited_at, app.clock.local_now()));
        }
    }
    Ok(all)
}

/// A template as the town has it.
pub async fn find(app: &App, town: &JurisdictionId, code: &str) -> Result<Blank> {
    let all = all(app, app.db.reader(), town).await?;
    all.into_iter().find(|blank| blank.code == code).ok_or(Error::NotFound)
}

/// 公文模板
#[derive(Debug, Template)]
#[template(path = "features/documents/templates/templates.html")]
pub struct TemplatesPage {
    /// Around it.
    pub frame: Frame,
    /// All of them.
    pub all: Vec<Blank>,
}

/// `GET /documents/templates`
pub async fn list(State(app): State<App>, page: Page) -> Result<Response> {
    require_whole_town(&page.actor)?;
    let all = all(&app, app.db.reader(), &page.actor.jurisdiction).await?;
    web::page(&TemplatesPage { frame: page.frame("公文模板", "documents"), all })
}

/// A template being changed.
#[derive(Debug, Template)]
#[template(path = "features/documents/templates/template.html")]
pub struct TemplatePage {
    /// Around it.
    pub frame: Frame,
    /// The template.
    pub blank: Blank,
    /// What may stand in it, with what it would be.
    pub names: Vec<(String, String)>,
    /// How it looks when it is filled; empty until it can be.
    pub preview: Vec<ShownPiece>,
    /// What it was filled from.
    pub filled_from: String,
    /// What is wrong.
    pub errors: FieldErrors,
}

/// The fields, and which button.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct TemplateForm {
    #[serde(flatten)]
    content: Content,
    /// The version that was opened.
    version: String,
    /// `preview`, `restore`; otherwise it is kept.
    action: String,
}

/// `GET /documents/templates/{code}`
pub async fn page(State(app): State<App>, page: Page, Path(code): Path<String>) -> Result<Response> {
    require_whole_town(&page.actor)?;
    let blank = find(&app, &page.actor.jurisdiction, &code).await?;
    web::page(&filled(&app, &page, blank, FieldErrors::new()).await?)
}

async fn filled(app: &App, page: &Page, blank: Blank, mut errors: FieldErrors) -> Result<TemplatePage> {
    let (facts, filled_from) = example(app, &page.actor, &blank).await?;
    let mut preview = Vec::new();
    if errors.is_empty() {
        match fill::fill(&blank.content, &facts) {
            Ok(content) => preview = shown::pieces(&content),
            // A template is not wrong because there is no campaign to try it with yet.
            Err(found) if !filled_from.is_empty() => errors = found,
            Err(_) => {}
        }
    }
    let mut names = Vec::new();
    list_names("", &facts, &mut names);
    Ok(TemplatePage { frame: page.frame(blank.name.clone(), "documents"), names, preview, filled_from, errors, blank })
}

/// The newest campaign and its present week, to try a template with.
async fn example(app: &App, actor: &Actor, blank: &Blank) -> Result<(Value, String)> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let unit = office_of(app, actor).await?;
    let mut about = About { unit, campaign: None, week: 0 };
    let mut from = about.unit.name.clone();
    if blank.needs_week() {
        from = String::new();
        let scope = actor.scope(Permission::CampaignView);
        let newest = campaigns::recent(db, town, &scope, 20).await?;
        if let Some(newest) = newest.into_iter().find(|one| one.state != campaigns::CampaignState::Draft) {
            let (_, now) = statistics::weeks(app, town, &newest.id).await?;
            about.week = now.and_then(|no| i64::try_from(no).ok()).unwrap_or_default();
            from = format!("{}　第{}周", newest.title, about.week);
            about.campaign = Some(newest.id);
        }
    }
    Ok((facts::facts(app, actor, &about).await?, from))
}

/// The office somebody writes documents for.
pub async fn office_of(app: &App, actor: &Actor) -> Result<units::UnitRef> {
    let own = actor.grants.iter().find(|grant| grant.role.allows(Permission::DocumentEdit)).ok_or(Error::NotFound)?;
    units::get(app.db.reader(), &actor.jurisdiction, &own.unit_id).await
}

fn list_names(before: &str, value: &Value, names: &mut Vec<(String, String)>) {
    let Ok(keys) = value.try_iter() else { return };
    for key in keys {
        let Some(name) = key.as_str() else { continue };
        let Ok(inner) = value.get_attr(name) else { continue };
        let whole = if before.is_empty() { name.to_owned() } else { format!("{before}.{name}") };
        match inner.kind() {
            minijinja::value::ValueKind::Map if inner.downcast_object_ref::<fill::Figure>().is_none() => {
                list_names(&whole, &inner, names);
            }
            minijinja::value::ValueKind::Seq => {
                names.push((whole, format!("列表，{}项", inner.len().unwrap_or_default())));
            }
            _ => {
                let text = inner.to_string();
                names.push((whole, markup::words_of(&text).chars().take(40).collect()));
            }
        }
    }
}

/// `POST /documents/templates/{code}`
pub async fn submit(
    State(app): State<App>,
    page: Page,
    Path(code): Path<String>,
    Form(form): Form<TemplateForm>,
) -> Result<Response> {
    require_whole_town(&page.actor)?;
    let blank = find(&app, &page.actor.jurisdiction, &code).await?;
    let content = match form.action.as_str() {
        "restore" => BUILT_IN.iter().find(|one| one.code == code).ok_or(Error::NotFound)?.content.clone(),
        _ => form.content.tidied(),
    };
    let blank = Blank { content, ..blank };
    let (facts, filled_from) = example(&app, &page.actor, &blank).await?;
    // Without a campaign to try it with, only its writing can be checked.
    if let Err(errors) = fill::check(&blank.content, (!filled_from.is_empty()).then_some(&facts)) {
        return web::page_invalid(&filled(&app, &page, blank, errors).await?);
    }
    if form.action == "preview" {
        return web::page(&filled(&app, &page, blank, FieldErrors::new()).await?);
    }
    if form.version != blank.version.to_string() {
        return Err(Error::Changed);
    }
    let tx = app.db.begin(&page.actor.jurisdiction).await?;
    let changed = store::Changed {
        code: code.clone(),
        version: blank.version + 1,
        content: blank.content.clone(),
        edited_by: page.actor.name.clone(),
        edited_at: app.now(),
    };
    store::insert_template(&tx, &changed).await?;
    let said = format!("修改了公文模板“{}”。", blank.name);
    tx.commit(Event::new(&page.actor, "document.template_changed", "document_template", &code, said)).await?;
    let words = if form.action == "restore" {
        "已恢复为内置的模板。"
    } else {
        "模板已保存，以后按它起草。"
    };
    Ok(web::see_other_with("/documents/templates", &Flash::success(words)))
}

/// Templates are those of the whole town: the office at its top keeps them.
fn require_whole_town(actor: &Actor) -> Result<()> {
    if actor.scope(Permission::DocumentEdit).is_whole_town() {
        Ok(())
    } else {
        Err(Error::Forbidden("公文模板由乡镇经办人员维护。".to_owned()))
    }
}

#[cfg(any(test, feature = "testing"))]
impl TemplatesPage {
    /// An example.
    pub fn sample() -> Self {
        Self { frame: Frame::default(), all: BUILT_IN.clone() }
    }
}

#[cfg(any(test, feature = "testing"))]
impl TemplatePage {
    /// An example.
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            blank: BUILT_IN[0].clone(),
            names: vec![("本周.已报".to_owned(), "47".to_owned())],
            preview: shown::sample(),
            filled_from: "安全生产月　第2周".to_owned(),
            errors: FieldErrors::one("body", "第3行：“本周.以报”不在可用的内容里，请核对名称。"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_templates_are_well_formed_and_named_once() {
        let mut codes: Vec<&str> = BUILT_IN.iter().map(|blank| blank.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), BUILT_IN.len());
        assert!(BUILT_IN.len() >= 8);
    }
}
