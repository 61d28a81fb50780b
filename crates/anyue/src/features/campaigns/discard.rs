//! 删除草稿: a draft that nobody has received goes, with its activities, duties and files.

use axum::extract::{Path, State};
use axum::response::Response;

use super::model::CampaignState;
use super::{by_hand, edit, store};
use crate::App;
use crate::features::duties::api::{self as duties, CampaignId};
use crate::page::Page;
use crate::platform::audit::Event;
use crate::platform::auth::Actor;
use crate::platform::blobs;
use crate::platform::error::{Error, Result};
use crate::platform::web::{self, Flash};

/// `POST /campaigns/{id}/discard`
pub async fn submit(State(app): State<App>, page: Page, Path(id): Path<CampaignId>) -> Result<Response> {
    let title = discard(&app, &page.actor, &id).await?;
    Ok(web::see_other_with("/campaigns", &Flash::success(format!("草稿“{title}”已删除。"))))
}

/// Removes a draft; its title.
///
/// # Errors
/// [`Error::Refused`] once it has been published.
pub async fn discard(app: &App, actor: &Actor, id: &CampaignId) -> Result<String> {
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let campaign = store::find(&*tx, &actor.jurisdiction, id).await?.ok_or(Error::NotFound)?;
    edit::require_edit(actor, &campaign)?;
    by_hand::require_state(&campaign, CampaignState::Draft, "只有草稿可以删除；已发布的活动可以结束。")?;
    for file in blobs::files_of(&*tx, &actor.jurisdiction, "campaign", id.as_str()).await? {
        blobs::unlink(&tx, "campaign", id.as_str(), &file.file_id.into()).await?;
    }
    duties::delete_of_draft(&tx, id).await?;
    store::delete_draft(&tx, id).await?;
    let title = campaign.header.title;
    let event = Event::new(actor, "campaign.discarded", "campaign", id, format!("删除了草稿“{title}”。"));
    tx.commit(event.unit(&campaign.header.issuer_unit_id)).await?;
    Ok(title)
}
