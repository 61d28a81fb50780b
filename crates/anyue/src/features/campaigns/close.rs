//! 结束活动, with a sentence to the receivers. What has not been handed in stays visible; nothing more comes in.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::model::CampaignState;
use super::{by_hand, edit, store};
use crate::App;
use crate::features::duties::api::{self as duties, CampaignId, Tally};
use crate::features::notifications::api::{self as notifications, Message};
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::Actor;
use crate::platform::error::{Error, Result};
use crate::platform::web::form::{Form, at_most, required};
use crate::platform::web::{self, Flash, Frame};

/// Ends a campaign.
#[derive(Clone, Debug)]
pub struct Close {
    /// Which campaign.
    pub campaign_id: CampaignId,
    /// What the receivers are told.
    pub note: String,
}

/// 结束活动
#[derive(Debug, Template)]
#[template(path = "features/campaigns/templates/close.html")]
pub struct ClosePage {
    /// Around it.
    pub frame: Frame,
    /// The campaign.
    pub id: CampaignId,
    /// Its title.
    pub title: String,
    /// How it goes.
    pub tally: Tally,
    /// What was typed.
    pub note: String,
    /// What is wrong with it.
    pub errors: FieldErrors,
}

/// The form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CloseForm {
    note: String,
}

/// `GET /campaigns/{id}/close`
pub async fn page(State(app): State<App>, page: Page, Path(id): Path<CampaignId>) -> Result<Response> {
    web::page(&build(&app, &page, &id, String::new(), FieldErrors::new()).await?)
}

/// `POST /campaigns/{id}/close`
pub async fn submit(
    State(app): State<App>,
    page: Page,
    Path(id): Path<CampaignId>,
    Form(form): Form<CloseForm>,
) -> Result<Response> {
    let mut errors = FieldErrors::new();
    let note = required(&form.note, "note", "请用一句话告诉接收单位。", &mut errors).to_owned();
    at_most(&form.note, 300, "note", &mut errors);
    if !errors.is_empty() {
        return web::page_invalid(&build(&app, &page, &id, form.note, errors).await?);
    }
    close(&app, &page.actor, Close { campaign_id: id.clone(), note }).await?;
    Ok(web::see_other_with(&format!("/campaigns/{id}"), &Flash::success("活动已结束，各单位已收到通知。")))
}

/// Ends a campaign and tells its receivers.
pub async fn close(app: &App, actor: &Actor, cmd: Close) -> Result<()> {
    let (now, id) = (app.now(), &cmd.campaign_id);
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let campaign = store::find(&*tx, &actor.jurisdiction, id).await?.ok_or(Error::NotFound)?;
    edit::require_edit(actor, &campaign)?;
    by_hand::require_state(&campaign, CampaignState::Published, "只有进行中的活动可以结束。")?;
    store::close(&tx, id, &cmd.note, now).await?;
    duties::close_campaign(&tx, id, now).await?;
    let receivers = store::receiver_ids(&*tx, &actor.jurisdiction, id).await?;
    let messages: Vec<Message<'_>> = receivers
        .iter()
        .map(|unit| Message {
            unit_id: unit,
            kind: "closed",
            title: format!("活动已结束：{}", campaign.header.title),
            body: cmd.note.clone(),
            link: format!("/work/campaigns/{id}"),
            dedup_key: format!("closed:{id}:{unit}"),
            sent_by: campaign.header.issuer.clone(),
        })
        .collect();
    notifications::send_all(&tx, &app.ids, &messages, now).await?;
    let summary = format!("结束了活动“{}”。", campaign.header.title);
    tx.commit(Event::new(actor, "campaign.closed", "campaign", id, summary).unit(&campaign.header.issuer_unit_id)).await
}

async fn build(app: &App, page: &Page, id: &CampaignId, note: String, errors: FieldErrors) -> Result<ClosePage> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let campaign = store::find(db, town, id).await?.ok_or(Error::NotFound)?;
    edit::require_edit(&page.actor, &campaign)?;
    by_hand::require_state(&campaign, CampaignState::Published, "只有进行中的活动可以结束。")?;
    let tally = duties::progress(db, town, std::slice::from_ref(id)).await?.get(id).copied().unwrap_or_default();
    let title = campaign.header.title;
    Ok(ClosePage { frame: page.frame("结束活动", "campaigns"), id: id.clone(), title, tally, note, errors })
}

impl ClosePage {
    /// A page to look at.
    #[cfg(any(test, feature = "testing"))]
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            id: "1".into(),
            title: "关于开展2022年全镇“安全生产月”活动的通知".to_owned(),
            tally: Tally { received: 47, returned: 3, not_yet: 6, not_applicable: 2 },
            note: String::new(),
            errors: FieldErrors::one("note", "请用一句话告诉接收单位。"),
        }
    }
}
