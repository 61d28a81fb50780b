//! 起草公文: a draft from a template, filled with the facts of the moment.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use super::facts::{self, About};
use super::model::{Content, Paper, State as Stand};
use super::templates::{self, Blank};
use super::{fill, store};
use crate::App;
use crate::features::campaigns::api::{self as campaigns, CampaignState};
use crate::features::duties::api::CampaignId;
use crate::features::statistics::api as statistics;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// 起草公文
#[derive(Debug, Template)]
#[template(path = "features/documents/templates/new.html")]
pub struct NewPage {
    /// Around it.
    pub frame: Frame,
    /// What was chosen.
    pub form: NewForm,
    /// Templates.
    pub all: Vec<Blank>,
    /// Campaigns with their weeks: `campaign/week` and words; the present week of the newest first.
    pub weeks: Vec<(String, String)>,
    /// What is wrong.
    pub errors: FieldErrors,
}

/// The fields.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct NewForm {
    /// Code of the template.
    pub template: String,
    /// `campaign/week`, for templates that need one.
    pub about: String,
}

/// `GET /documents/new`
pub async fn page(State(app): State<App>, page: Page, Query(form): Query<NewForm>) -> Result<Response> {
    web::page(&build(&app, &page, form, FieldErrors::new()).await?)
}

/// `POST /documents/new`
pub async fn submit(State(app): State<App>, page: Page, Form(form): Form<NewForm>) -> Result<Response> {
    match draft(&app, &page.actor, &form).await {
        Ok(id) => {
            let words = "草稿已生成。带下划线的数字点开可看来源，发文前请逐项核对。";
            Ok(web::see_other_with(&format!("/documents/{id}/edit"), &Flash::success(words)))
        }
        Err(Error::Invalid(errors)) => web::page_invalid(&build(&app, &page, form, errors).await?),
        Err(other) => Err(other),
    }
}

/// Makes a draft; its id.
///
/// # Errors
/// [`Error::Invalid`] when no template or no week was chosen, or the town's own template cannot be filled.
pub async fn draft(app: &App, actor: &Actor, form: &NewForm) -> Result<String> {
    let town = &actor.jurisdiction;
    let unit = templates::office_of(app, actor).await?;
    actor.require(Permission::DocumentEdit, &unit.path)?;
    if form.template.is_empty() {
        return Err(Error::Invalid(FieldErrors::one("template", "请选择一种公文。")));
    }
    let blank = templates::find(app, town, &form.template).await?;
    let mut about = About { unit, campaign: None, week: 0 };
    if let Some((campaign, week)) = form.about.split_once('/').filter(|_| blank.needs_week()) {
        let campaign = CampaignId::from(campaign);
        let (weeks, _) = statistics::weeks(app, town, &campaign).await?;
        let header = campaigns::header(app.db.reader(), town, &campaign).await?.ok_or(Error::NotFound)?;
        actor.require(Permission::CampaignView, &header.issuer_unit_path)?;
        let no = week.parse::<usize>().ok().filter(|no| weeks.iter().any(|one| one.no == *no));
        about.week = no.and_then(|no| i64::try_from(no).ok()).unwrap_or_default();
        about.campaign = Some(campaign);
    }
    if blank.needs_week() && about.week == 0 {
        return Err(Error::Invalid(FieldErrors::one("about", "请选择活动和周。")));
    }
    let facts = facts::facts(app, actor, &about).await?;
    let content = match fill::fill(&blank.content, &facts) {
        Ok(content) => content,
        Err(errors) => {
            let said = errors.iter().next().map(|(_, words)| words.to_owned()).unwrap_or_default();
            return Err(Error::Invalid(FieldErrors::one("template", format!("这个模板填不出来：{said}"))));
        }
    };
    let content =
        Content { title: if content.title.is_empty() { blank.name.clone() } else { content.title }, ..content };

    let now = app.now();
    let paper = Paper {
        id: app.ids.id(),
        unit_id: about.unit.id.clone(),
        campaign_id: about.campaign,
        week: about.week,
        kind: blank.kind,
        state: Stand::Draft,
        content,
        number: String::new(),
        dated: None,
        comment: String::new(),
        approved_by: String::new(),
        approved_at: None,
        issued_by: String::new(),
        issued_at: None,
        version: 1,
        created_by: actor.name.clone(),
        created_at: now,
        updated_by: actor.name.clone(),
        updated_at: now,
    };
    let tx = app.db.begin(town).await?;
    store::insert(&tx, &paper, &actor.account_id).await?;
    let said = format!("起草了{}“{}”。", paper.kind.label(), paper.content.title_line());
    tx.commit(Event::new(actor, "document.drafted", "document", &paper.id, said).unit(&paper.unit_id)).await?;
    Ok(paper.id)
}

async fn build(app: &App, page: &Page, form: NewForm, errors: FieldErrors) -> Result<NewPage> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let all = templates::all(app, db, town).await?;
    let mut weeks = Vec::new();
    let scope = page.actor.scope(Permission::CampaignView);
    for campaign in campaigns::recent(db, town, &scope, 10).await? {
        if campaign.state == CampaignState::Draft || !scope.covers(&campaign.issuer_unit_path) {
            continue;
        }
        let (own, now) = statistics::weeks(app, town, &campaign.id).await?;
        // The present week first, then backwards; what has not begun cannot be written about.
        let until = now.unwrap_or_default();
        for week in own.iter().rev().filter(|week| week.no <= until) {
            weeks.push((
                format!("{}/{}", campaign.id, week.no),
                format!("{}　{}", campaign.title, facts::week_in_words(week)),
            ));
        }
    }
    Ok(NewPage { frame: page.frame("起草公文", "documents"), form, all, weeks, errors })
}

#[cfg(any(test, feature = "testing"))]
impl NewPage {
    /// An example.
    pub fn sample() -> Self {
        let templates::TemplatesPage { all, frame } = templates::TemplatesPage::sample();
        Self {
            frame,
            form: NewForm { template: "brief".to_owned(), about: String::new() },
            all,
            weeks: vec![("1/2".to_owned(), "安全生产月　第2周（6月10日至6月16日）".to_owned())],
            errors: FieldErrors::one("about", "请选择活动和周。"),
        }
    }
}
