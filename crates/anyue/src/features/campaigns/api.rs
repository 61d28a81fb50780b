//! What other areas use of the campaigns.

use sea_orm::ConnectionTrait;

pub use super::amend::{begin_amendment, discard_amendment};
pub use super::by_hand::{NewCampaign, create};
pub use super::close::{Close, close};
pub use super::derive::{PassOn, copy_year, pass_on};
pub use super::edit::{
    ActivityFields, DutyFields, EditActivity, EditDuty, EditHead, Step, edit_activity, edit_duty, edit_head,
    set_duty_receivers, step_activity, step_duty,
};
pub use super::import::{ImportNotice, Source, import};
pub use super::json::CampaignsApi;
pub use super::model::{Activity, ActivityId, CampaignHeader, CampaignState, Change, Head, period_in_words};
pub use super::publish::{Publish, Published, publish};
pub use super::receivers::{ChooseReceivers, choose_receivers};
use super::store;
use crate::features::duties::api::CampaignId;
use crate::platform::auth::Scope;
use crate::platform::error::Result;
use crate::platform::ids::{JurisdictionId, UnitId};

/// What is shown of a campaign.
pub async fn header(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    id: &CampaignId,
) -> Result<Option<CampaignHeader>> {
    store::header(db, town, id).await
}

/// What is shown of several campaigns, newest first.
pub async fn headers(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    ids: &[CampaignId],
) -> Result<Vec<CampaignHeader>> {
    store::headers(db, town, ids).await
}

/// Published and closed campaigns that any of these units receives, newest first.
pub async fn published_for_units(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    units: &[UnitId],
) -> Result<Vec<CampaignHeader>> {
    store::published_for_units(db, town, units).await
}

/// The newest campaigns that a scope covers, drafts included.
pub async fn recent(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    scope: &Scope,
    limit: u64,
) -> Result<Vec<CampaignHeader>> {
    store::page(db, town, scope, None, limit).await
}

/// The activities of a campaign, without dropped ones.
pub async fn activities(db: &impl ConnectionTrait, town: &JurisdictionId, id: &CampaignId) -> Result<Vec<Activity>> {
    let mut activities = store::activities(db, town, id).await?;
    activities.retain(|activity| !activity.dropped);
    Ok(activities)
}

/// The notice, line by line.
pub async fn notice_lines(db: &impl ConnectionTrait, town: &JurisdictionId, id: &CampaignId) -> Result<Vec<String>> {
    let text = store::notice_text(db, town, id).await?.unwrap_or_default();
    Ok(text.lines().map(str::to_owned).collect())
}

/// What changed after publication, newest first.
pub async fn changes(db: &impl ConnectionTrait, town: &JurisdictionId, id: &CampaignId) -> Result<Vec<Change>> {
    store::changes(db, town, id).await
}

/// Whether a unit receives a campaign.
pub async fn is_receiver(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    id: &CampaignId,
    unit: &UnitId,
) -> Result<bool> {
    store::is_receiver(db, town, id, unit).await
}

/// Whether any receiver of a campaign lies within a scope.
pub async fn reaches(db: &impl ConnectionTrait, town: &JurisdictionId, id: &CampaignId, scope: &Scope) -> Result<bool> {
    store::reaches(db, town, id, scope).await
}

/// The units that receive a published campaign.
pub async fn receivers(db: &impl ConnectionTrait, town: &JurisdictionId, id: &CampaignId) -> Result<Vec<UnitId>> {
    store::receiver_ids(db, town, id).await
}
