//! A campaign made from a campaign: last year's as the start of this one (沿用去年), and a superior's passed on to
//! one's own children (转发).

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::by_hand::{blank_campaign, default_receivers, write_draft};
use super::model::{Activity, Campaign, CampaignState, Head, a_year_later, schedule_a_year_later, text_a_year_later};
use super::{draft, edit, store};
use crate::App;
use crate::features::duties::api::{CampaignId, Duty, DutyKind};
use crate::features::units::api::{self as units, Selector};
use crate::page::Page;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::blobs;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash};

/// `POST /campaigns/{id}/copy`
pub async fn copy(State(app): State<App>, page: Page, Path(id): Path<CampaignId>) -> Result<Response> {
    let copy = copy_year(&app, &page.actor, &id).await?;
    let flash = Flash::success("已按去年的内容建好草稿，日期顺延一年。主题和文号请重新填写。");
    Ok(web::see_other_with(&format!("/campaigns/{copy}/confirm"), &flash))
}

/// Makes a draft from a campaign, with its days a year later; rhythms by weekday stay as they are, theme and
/// number are left open.
pub async fn copy_year(app: &App, actor: &Actor, id: &CampaignId) -> Result<CampaignId> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let old = store::find(db, town, id).await?.ok_or(Error::NotFound)?;
    actor.require(Permission::CampaignEdit, &old.header.issuer_unit_path)?;
    let unit = units::get(db, town, &old.header.issuer_unit_id).await?;
    let content = edit::published_content(db, town, &old).await?;

    let new_id: CampaignId = app.ids.id();
    let year = old.header.period_start.or(old.header.issued_on).or(old.header.published_on()).map(|date| date.year());
    let title = |text: &str| year.map_or_else(|| text.to_owned(), |year| text_a_year_later(text, year));
    let head = Head {
        title: title(&content.head.title),
        issuer: content.head.issuer.clone(),
        period_start: content.head.period_start.map(a_year_later),
        period_end: content.head.period_end.map(a_year_later),
        contact: content.head.contact.clone(),
        remarks: content.head.remarks.clone(),
        ..Head::default()
    };
    let activities = content
        .activities
        .into_iter()
        .filter(|activity| !activity.dropped)
        .map(|activity| Activity {
            title: title(&activity.title),
            starts_on: activity.starts_on.map(a_year_later),
            ends_on: activity.ends_on.map(a_year_later),
            lines: None,
            ..activity
        })
        .collect();
    let duties = content
        .duties
        .into_iter()
        .filter(|duty| !duty.dropped)
        .map(|duty| Duty {
            title: title(&duty.title),
            detail: title(&duty.detail),
            schedule: schedule_a_year_later(&duty.schedule),
            starts_on: duty.starts_on.map(a_year_later),
            repeat_from: duty.repeat_from.map(a_year_later),
            repeat_until: duty.repeat_until.map(a_year_later),
            lines: None,
            source_text: String::new(),
            ..duty
        })
        .collect();
    let warning = format!(
        r#"{{"warnings":[{{"code":"theme_cleared","message":"去年的主题是“{}”，今年的主题请重新填写"}}]}}"#,
        content.head.theme.replace(['"', '\\'], "")
    );
    let campaign = Campaign {
        copied_from: Some(id.clone()),
        notice_plan: if content.head.theme.is_empty() { String::new() } else { warning },
        ..blank_campaign(new_id.clone(), &unit, &head, content.receivers, String::new())
    };
    let tx = app.db.begin(town).await?;
    write_draft(app, &tx, actor, &campaign, activities, duties).await?;
    let summary = format!("以“{}”为底稿建立了活动。", old.header.title);
    tx.commit(Event::new(actor, "campaign.copied", "campaign", &new_id, summary).unit(&unit.id)).await?;
    Ok(new_id)
}

/// Passes a campaign on.
#[derive(Clone, Debug)]
pub struct PassOn {
    /// The campaign that was received.
    pub campaign_id: CampaignId,
    /// The unit that received it and passes it on.
    pub unit_id: UnitId,
}

/// Which of one's units passes on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PassOnForm {
    unit: String,
}

/// `POST /work/campaigns/{id}/pass-on`
pub async fn pass_on_page(
    State(app): State<App>,
    page: Page,
    Path(id): Path<CampaignId>,
    Form(form): Form<PassOnForm>,
) -> Result<Response> {
    let unit_id = match form.unit.trim() {
        "" => receiving_unit(&app, &page.actor, &id).await?,
        unit => UnitId(unit.to_owned()),
    };
    let draft = pass_on(&app, &page.actor, PassOn { campaign_id: id, unit_id }).await?;
    let flash = Flash::success("已建好转发的草稿。可以增加要求、提前时限，选好下级单位后发布。");
    Ok(web::see_other_with(&format!("/campaigns/{draft}/confirm"), &flash))
}

/// The first of the actor's units that receives a campaign.
async fn receiving_unit(app: &App, actor: &Actor, id: &CampaignId) -> Result<UnitId> {
    for grant in &actor.grants {
        if store::is_receiver(app.db.reader(), &actor.jurisdiction, id, &grant.unit_id).await? {
            return Ok(grant.unit_id.clone());
        }
    }
    Err(Error::NotFound)
}

/// Makes a draft for the children of a receiver from what it received: notice, activities and duties, to which
/// it may add, and whose dates it may bring forward.
pub async fn pass_on(app: &App, actor: &Actor, cmd: PassOn) -> Result<CampaignId> {
    let (db, town, id) = (app.db.reader(), &actor.jurisdiction, &cmd.campaign_id);
    let unit = units::get(db, town, &cmd.unit_id).await?;
    if !actor.scope(Permission::CampaignPassOn).covers(&unit.path) {
        actor.require(Permission::CampaignEdit, &unit.path)?;
    }
    let superior = store::find(db, town, id).await?.ok_or(Error::NotFound)?;
    if superior.header.state == CampaignState::Draft || !store::is_receiver(db, town, id, &unit.id).await? {
        return Err(Error::NotFound);
    }
    if superior.header.state == CampaignState::Closed {
        return Err(Error::refused("这项活动已经结束，不能再转发。"));
    }
    let below = units::below(db, town, &unit).await?;
    if below.is_empty() {
        return Err(Error::refused("本单位没有下级单位，不需要转发。"));
    }
    let already = store::derived(db, town, id).await?;
    if already.iter().any(|one| one.issuer_unit_id == unit.id) {
        return Err(Error::refused("本单位已经转发过这份通知，请在“活动”里查看。"));
    }
    let content = edit::published_content(db, town, &superior).await?;
    let files = blobs::files_of(db, town, "campaign", id.as_str()).await?;

    let new_id: CampaignId = app.ids.id();
    let head = Head {
        title: if content.head.title.starts_with("转发") {
            content.head.title.clone()
        } else {
            format!("转发{}", content.head.title)
        },
        issuer: unit.name.clone(),
        contact: String::new(),
        remarks: String::new(),
        ..content.head.clone()
    };
    let handed_on = content.duties.into_iter().filter(|duty| !duty.dropped && duty.kind != DutyKind::Acknowledge);
    let own = |duty: Duty| Duty { receivers: Selector::default(), hand_in_to: unit.name.clone(), ..duty };
    let duties = std::iter::once(draft::acknowledge()).chain(handed_on.map(own)).collect();
    let activities = content.activities.into_iter().filter(|activity| !activity.dropped).collect();
    let mut campaign =
        blank_campaign(new_id.clone(), &unit, &head, default_receivers(&unit, &below), superior.notice_text.clone());
    campaign.header.derived_from = Some(id.clone());
    campaign.notice_plan = without_warnings(&superior.notice_plan);
    campaign.notice_format.clone_from(&superior.notice_format);

    let now = app.now();
    let tx = app.db.begin(town).await?;
    write_draft(app, &tx, actor, &campaign, activities, duties).await?;
    for file in files {
        let blob = file.blob();
        let owner = new_id.as_str();
        blobs::link(&tx, &app.ids, &blob, &file.name, &file.media_type, "campaign", owner, &actor.account_id, now)
            .await?;
    }
    let summary = format!("{}转发了“{}”。", unit.name, superior.header.title);
    tx.commit(Event::new(actor, "campaign.passed_on", "campaign", &new_id, summary).unit(&unit.id)).await?;
    Ok(new_id)
}

/// The plan for the one who passes on: what the superior has settled is not asked again.
fn without_warnings(plan: &str) -> String {
    let Ok(mut plan) = serde_json::from_str::<serde_json::Value>(plan) else { return String::new() };
    if let Some(warnings) = plan.get_mut("warnings").and_then(serde_json::Value::as_array_mut) {
        warnings.clear();
    }
    plan.to_string()
}
