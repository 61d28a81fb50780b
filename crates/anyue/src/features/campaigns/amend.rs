//! 修改通知: an amendment is written apart from what receivers see, on the confirm page, and published as a new
//! edition by [`publish`](super::publish::publish). Here it is begun and given up.

use axum::extract::{Path, State};
use axum::response::Response;

use super::model::CampaignState;
use super::{by_hand, edit, store};
use crate::App;
use crate::features::duties::api::CampaignId;
use crate::page::Page;
use crate::platform::audit::Event;
use crate::platform::auth::Actor;
use crate::platform::error::{Error, Result};
use crate::platform::web::{self, Flash};

/// `POST /campaigns/{id}/amend`
pub async fn begin(State(app): State<App>, page: Page, Path(id): Path<CampaignId>) -> Result<Response> {
    begin_amendment(&app, &page.actor, &id).await?;
    Ok(web::see_other(&format!("/campaigns/{id}/confirm")))
}

/// `POST /campaigns/{id}/amend/discard`
pub async fn discard(State(app): State<App>, page: Page, Path(id): Path<CampaignId>) -> Result<Response> {
    discard_amendment(&app, &page.actor, &id).await?;
    Ok(web::see_other_with(&format!("/campaigns/{id}"), &Flash::success("改动已放弃，通知没有变化。")))
}

/// Begins an amendment of a published campaign.
pub async fn begin_amendment(app: &App, actor: &Actor, id: &CampaignId) -> Result<()> {
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let campaign = store::find(&*tx, &actor.jurisdiction, id).await?.ok_or(Error::NotFound)?;
    edit::require_edit(actor, &campaign)?;
    by_hand::require_state(&campaign, CampaignState::Published, "只有进行中的活动可以修改通知。")?;
    if !campaign.amendment.is_empty() {
        return Err(Error::refused("已经有一份修改在写，请从活动页面进入“继续修改”。"));
    }
    let content = edit::published_content(&*tx, &actor.jurisdiction, &campaign).await?;
    store::update_amendment(&tx, id, &content.to_json(), app.now()).await?;
    let summary = format!("开始修改“{}”。", campaign.header.title);
    let event = Event::new(actor, "campaign.amendment_begun", "campaign", id, summary);
    tx.commit(event.unit(&campaign.header.issuer_unit_id)).await
}

/// Gives up an amendment.
pub async fn discard_amendment(app: &App, actor: &Actor, id: &CampaignId) -> Result<()> {
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let campaign = store::find(&*tx, &actor.jurisdiction, id).await?.ok_or(Error::NotFound)?;
    edit::require_edit(actor, &campaign)?;
    if campaign.amendment.is_empty() {
        return Err(Error::refused("没有正在写的修改。"));
    }
    store::update_amendment(&tx, id, "", app.now()).await?;
    let summary = format!("放弃了对“{}”的修改。", campaign.header.title);
    let event = Event::new(actor, "campaign.amendment_discarded", "campaign", id, summary);
    tx.commit(event.unit(&campaign.header.issuer_unit_id)).await
}
