//! The small forms of the confirm page: each changes one thing and leads back to its place.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::confirm::{self, Refused, national_theme};
use super::duty_form::DutyForm;
use super::edit::{self, EditActivity, EditDuty, EditHead, Step};
use super::forms::{ActivityForm, HeadForm};
use super::model::{ActivityId, CampaignState};
use super::plan::Plan;
use super::{draft, store};
use crate::App;
use crate::features::duties::api::{CampaignId, Duty, DutyId};
use crate::features::units::api::{Selector, UnitKind};
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::Actor;
use crate::platform::error::{Error, Result};
use crate::platform::web;
use crate::platform::web::form::{Form, at_most};

fn back(id: &CampaignId, place: &str) -> Response {
    web::see_other(&format!("/campaigns/{id}/confirm#{place}"))
}

/// `POST /campaigns/{id}/confirm/head`
pub async fn head(
    State(app): State<App>,
    page: Page,
    Path(id): Path<CampaignId>,
    Form(form): Form<HeadForm>,
) -> Result<Response> {
    let (head, version) = match form.parse() {
        Ok(parsed) => parsed,
        Err(errors) => return confirm::again(&app, &page, &id, Refused::Head(Box::new(form), errors, false)).await,
    };
    match edit::edit_head(&app, &page.actor, EditHead { campaign_id: id.clone(), version, head }).await {
        Ok(()) => Ok(back(&id, "head")),
        Err(Error::Changed) => {
            confirm::again(&app, &page, &id, Refused::Head(Box::new(form), FieldErrors::new(), true)).await
        }
        Err(error) => Err(error),
    }
}

/// Most characters of a text by hand.
const TEXT_LIMIT: usize = 50_000;

/// The text of a campaign by hand.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TextForm {
    text: String,
    seen: String,
}

/// `POST /campaigns/{id}/confirm/text`
pub async fn text(
    State(app): State<App>,
    page: Page,
    Path(id): Path<CampaignId>,
    Form(form): Form<TextForm>,
) -> Result<Response> {
    let mut errors = FieldErrors::new();
    at_most(&form.text, TEXT_LIMIT, "text", &mut errors);
    let refused = |error: &str| Refused::Text(form.text.clone(), error.to_owned());
    if !errors.is_empty() {
        return confirm::again(&app, &page, &id, refused(errors.get("text"))).await;
    }
    match edit_text(&app, &page.actor, &id, &form.seen, form.text.trim()).await {
        Ok(()) => Ok(back(&id, "text")),
        Err(Error::Changed) => confirm::again(&app, &page, &id, refused("")).await,
        Err(error) => Err(error),
    }
}

/// Changes the text of a campaign by hand; `seen` tells the text that was changed. The text of an imported notice stays as it was read.
pub async fn edit_text(app: &App, actor: &Actor, id: &CampaignId, seen: &str, text: &str) -> Result<()> {
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let campaign = store::find(&*tx, &actor.jurisdiction, id).await?.ok_or(Error::NotFound)?;
    edit::require_edit(actor, &campaign)?;
    if campaign.header.state != CampaignState::Draft || !campaign.notice_plan.is_empty() {
        return Err(Error::refused("导入的通知原文不能修改；可以在“补充说明”里写明。"));
    }
    if confirm::text_seen(&campaign.notice_text) != seen {
        return Err(Error::Changed);
    }
    store::update_text(&tx, id, text, app.now()).await?;
    let summary = format!("修改了“{}”的正文。", campaign.header.title);
    tx.commit(Event::new(actor, "campaign.edited", "campaign", id, summary).unit(&campaign.header.issuer_unit_id)).await
}

/// `POST /campaigns/{id}/activities`
pub async fn add_activity(
    State(app): State<App>,
    page: Page,
    Path(id): Path<CampaignId>,
    Form(form): Form<ActivityForm>,
) -> Result<Response> {
    save_activity(&app, &page, id, None, form).await
}

/// `POST /campaigns/{id}/activities/{activity_id}`
pub async fn activity(
    State(app): State<App>,
    page: Page,
    Path((id, activity)): Path<(CampaignId, ActivityId)>,
    Form(form): Form<ActivityForm>,
) -> Result<Response> {
    save_activity(&app, &page, id, Some(activity), form).await
}

async fn save_activity(
    app: &App,
    page: &Page,
    id: CampaignId,
    activity: Option<ActivityId>,
    form: ActivityForm,
) -> Result<Response> {
    let name = activity.as_ref().map(|activity| activity.0.clone()).unwrap_or_default();
    let refused = |form, errors, changed| Refused::Activity(name.clone(), Box::new(form), errors, changed);
    let fields = match form.parse() {
        Ok(fields) => fields,
        Err(errors) => return confirm::again(app, page, &id, refused(form, errors, false)).await,
    };
    let of = activity.map(|activity| (activity, form.version.parse().unwrap_or_default()));
    match edit::edit_activity(app, &page.actor, EditActivity { campaign_id: id.clone(), of, fields }).await {
        Ok(activity) => Ok(back(&id, &format!("activity-{activity}"))),
        Err(Error::Changed) => confirm::again(app, page, &id, refused(form, FieldErrors::new(), true)).await,
        Err(error) => Err(error),
    }
}

/// `POST /campaigns/{id}/activities/{activity_id}/{step}`
pub async fn step_activity(
    State(app): State<App>,
    page: Page,
    Path((id, activity, step)): Path<(CampaignId, ActivityId, String)>,
) -> Result<Response> {
    let step = Step::parse(&step).ok_or(Error::NotFound)?;
    edit::step_activity(&app, &page.actor, &id, &activity, step).await?;
    Ok(back(&id, &format!("activity-{activity}")))
}

/// `POST /campaigns/{id}/duties`
pub async fn add_duty(
    State(app): State<App>,
    page: Page,
    Path(id): Path<CampaignId>,
    Form(form): Form<DutyForm>,
) -> Result<Response> {
    save_duty(&app, &page, id, None, form).await
}

/// `POST /campaigns/{id}/duties/{duty_id}`
pub async fn duty(
    State(app): State<App>,
    page: Page,
    Path((id, duty)): Path<(CampaignId, DutyId)>,
    Form(form): Form<DutyForm>,
) -> Result<Response> {
    save_duty(&app, &page, id, Some(duty), form).await
}

async fn save_duty(app: &App, page: &Page, id: CampaignId, duty: Option<DutyId>, form: DutyForm) -> Result<Response> {
    let name = duty.as_ref().map(|duty| duty.0.clone()).unwrap_or_default();
    let refused = |form, errors, changed| Refused::Duty(name.clone(), Box::new(form), errors, changed);
    let fields = match form.parse() {
        Ok(fields) => fields,
        Err(errors) => return confirm::again(app, page, &id, refused(form, errors, false)).await,
    };
    let of = duty.map(|duty| (duty, form.version.parse().unwrap_or_default()));
    match edit::edit_duty(app, &page.actor, EditDuty { campaign_id: id.clone(), of, fields }).await {
        Ok(duty) => Ok(back(&id, &format!("duty-{duty}"))),
        Err(Error::Changed) => confirm::again(app, page, &id, refused(form, FieldErrors::new(), true)).await,
        Err(error) => Err(error),
    }
}

/// `POST /campaigns/{id}/duties/{duty_id}/{step}`
pub async fn step_duty(
    State(app): State<App>,
    page: Page,
    Path((id, duty, step)): Path<(CampaignId, DutyId, String)>,
) -> Result<Response> {
    let step = Step::parse(&step).ok_or(Error::NotFound)?;
    edit::step_duty(&app, &page.actor, &id, &duty, step).await?;
    Ok(back(&id, &format!("duty-{duty}")))
}

/// Narrows a duty to kinds of unit.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NarrowForm {
    version: String,
    kinds: String,
}

/// `POST /campaigns/{id}/duties/{duty_id}/narrow`: only to the kinds that the notice's words name.
pub async fn narrow(
    State(app): State<App>,
    page: Page,
    Path((id, duty)): Path<(CampaignId, DutyId)>,
    Form(form): Form<NarrowForm>,
) -> Result<Response> {
    let kinds: Vec<UnitKind> = form.kinds.split(',').filter_map(UnitKind::parse).collect();
    let words = kinds.iter().map(|kind| kind.label()).collect::<Vec<_>>().join("、");
    let receivers = Selector { kinds, ..Selector::default() };
    let version = form.version.parse().unwrap_or_default();
    match edit::set_duty_receivers(&app, &page.actor, &id, &duty, version, receivers).await {
        Ok(()) => Ok(back(&id, &format!("duty-{duty}"))),
        Err(Error::Changed) => confirm::again(&app, &page, &id, Refused::Narrow(duty.0, words)).await,
        Err(error) => Err(error),
    }
}

/// What is decided about warnings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct DecideForm {
    index: Vec<usize>,
    choice: String,
    /// What the page showed as decided.
    seen: String,
    /// Tells the theme that the page showed.
    seen_theme: Option<String>,
}

/// `POST /campaigns/{id}/confirm/decide`
pub async fn decide(
    State(app): State<App>,
    page: Page,
    Path(id): Path<CampaignId>,
    Form(form): Form<DecideForm>,
) -> Result<Response> {
    match decide_warnings(&app, &page.actor, &id, &form).await? {
        Decided::Done(place) => Ok(back(&id, &place)),
        Decided::ThemeChanged(theme) => confirm::again(&app, &page, &id, Refused::Theme(theme)).await,
        Decided::Otherwise => confirm::again(&app, &page, &id, Refused::Decided).await,
    }
}

/// What came of a decision.
#[derive(Debug, PartialEq, Eq)]
pub enum Decided {
    /// Done; the place of the page that it concerns.
    Done(String),
    /// Nothing was written: another editor has changed the theme, which would have become this.
    ThemeChanged(String),
    /// Nothing was written: another editor has decided otherwise.
    Otherwise,
}

/// Keeps the text as it is, or makes the change that the page offers; either is remembered. What another
/// editor has done since the page was shown is not written over.
pub async fn decide_warnings(app: &App, actor: &Actor, id: &CampaignId, form: &DecideForm) -> Result<Decided> {
    let now = app.now();
    let new_duty: DutyId = app.ids.id();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let campaign = store::find(&*tx, &actor.jurisdiction, id).await?.ok_or(Error::NotFound)?;
    edit::require_edit(actor, &campaign)?;
    if campaign.header.state != CampaignState::Draft {
        return Err(Error::refused("这项活动已经发布。要修改，请在活动页面选择“修改通知”。"));
    }
    let plan = Plan::from_json(&campaign.notice_plan);
    let mut decisions = campaign.decisions.clone();
    let before = edit::content(&*tx, &actor.jurisdiction, &campaign).await?;
    let mut after = before.clone();
    let mut place = "head".to_owned();
    let change = form.choice == "changed";
    let decision = if change { "changed" } else { "kept" };
    for index in &form.index {
        let present = decisions.get(&index.to_string()).map_or("", String::as_str);
        if form.seen != present && present != decision {
            return Ok(Decided::Otherwise);
        }
        let warning = plan.warnings.get(*index).ok_or(Error::NotFound)?;
        if change {
            match warning.code.as_str() {
                "theme_mismatch" => {
                    let theme = national_theme(&warning.message).ok_or(Error::NotFound)?;
                    let present = &before.head.theme;
                    let changed = form.seen_theme.as_ref().is_some_and(|seen| *seen != confirm::text_seen(present));
                    if changed && *present != theme {
                        return Ok(Decided::ThemeChanged(theme));
                    }
                    after.head.theme = theme;
                    place = "theme".to_owned();
                }
                "no_summary_duty" => {
                    let ordinal = after.duties.iter().map(|duty| duty.ordinal).max().unwrap_or_default() + 1;
                    let to = hand_in_to(&after.duties);
                    let duty = draft::summary(after.head.period_end, &to);
                    let duty = Duty { id: new_duty.clone(), campaign_id: id.clone(), ordinal, ..duty };
                    if !after.duties.iter().any(|one| one.title == duty.title && !one.dropped) {
                        after.duties.push(duty);
                    }
                    place = "duties".to_owned();
                }
                "already_past" => {
                    let past = after.duties.iter_mut().find(|duty| {
                        duty.lines.zip(warning.line).is_some_and(|((first, last), line)| (first..=last).contains(&line))
                    });
                    let past = past.ok_or(Error::NotFound)?;
                    past.dropped = true;
                    place = format!("duty-{}", past.id);
                }
                _ => return Err(Error::refused("这处提示没有可改的内容，请直接在右侧修改。")),
            }
        }
        decisions.insert(index.to_string(), decision.to_owned());
    }
    edit::write_rows(&tx, &campaign, &before, &after, now).await?;
    store::update_decisions(&tx, id, &decisions, now).await?;
    let summary = format!("核对了“{}”的{}处提示。", campaign.header.title, form.index.len());
    let event = Event::new(actor, "campaign.edited", "campaign", id, summary);
    tx.commit(event.unit(&campaign.header.issuer_unit_id)).await?;
    Ok(Decided::Done(place))
}

fn hand_in_to(duties: &[Duty]) -> String {
    duties.iter().map(|duty| duty.hand_in_to.clone()).find(|to| !to.is_empty()).unwrap_or_default()
}
