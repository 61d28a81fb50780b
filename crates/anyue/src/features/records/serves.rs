//! Which campaign and activity a record serves: the ones that its unit has received.

use sea_orm::ConnectionTrait;

use super::model::Facts;
use crate::features::campaigns::api::{self as campaigns, ActivityId, CampaignState};
use crate::features::duties::api::CampaignId;
use crate::platform::FieldErrors;
use crate::platform::error::Result;
use crate::platform::ids::{JurisdictionId, UnitId};

/// So many campaigns are offered, the newest first.
const OFFERED: usize = 8;

/// `campaign` or `campaign/activity` of a form as ids.
pub fn parse(value: &str) -> (Option<CampaignId>, Option<ActivityId>) {
    match value.split_once('/') {
        _ if value.is_empty() => (None, None),
        Some((campaign, activity)) => (Some(campaign.into()), Some(activity.into())),
        None => (Some(value.into()), None),
    }
}

/// The ids as a form has them.
pub fn value(facts: &Facts) -> String {
    match (&facts.campaign_id, &facts.activity_id) {
        (Some(campaign), Some(activity)) => format!("{campaign}/{activity}"),
        (Some(campaign), None) => campaign.to_string(),
        _ => String::new(),
    }
}

/// What may be chosen for these units: value and words, campaigns under way with their activities.
pub async fn choices(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    units: &[UnitId],
) -> Result<Vec<(String, String)>> {
    let mut found = campaigns::published_for_units(db, town, units).await?;
    found.retain(|campaign| campaign.state == CampaignState::Published);
    found.truncate(OFFERED);
    let mut choices = Vec::new();
    for campaign in found {
        choices.push((campaign.id.to_string(), campaign.title.clone()));
        for activity in campaigns::activities(db, town, &campaign.id).await? {
            choices.push((format!("{}/{}", campaign.id, activity.id), format!("　{}", activity.title)));
        }
    }
    Ok(choices)
}

/// Adds a message when the unit has not received the campaign, or the activity is not of it.
pub async fn check(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    unit: &UnitId,
    facts: &Facts,
    errors: &mut FieldErrors,
) -> Result<()> {
    let Some(campaign) = &facts.campaign_id else { return Ok(()) };
    let received = campaigns::is_receiver(db, town, campaign, unit).await?;
    let of_campaign = match &facts.activity_id {
        None => true,
        Some(id) => campaigns::activities(db, town, campaign).await?.iter().any(|activity| activity.id == *id),
    };
    if !received || !of_campaign {
        errors.add("serves", "没有找到所选的活动，请重新选择或留空。");
    }
    Ok(())
}

/// The campaign and activity in words; empty when it serves none.
pub async fn in_words(db: &impl ConnectionTrait, town: &JurisdictionId, facts: &Facts) -> Result<String> {
    let Some(id) = &facts.campaign_id else { return Ok(String::new()) };
    let title = campaigns::header(db, town, id).await?.map(|header| header.title).unwrap_or_default();
    let Some(wanted) = &facts.activity_id else { return Ok(title) };
    let activities = campaigns::activities(db, town, id).await?;
    Ok(match activities.iter().find(|activity| activity.id == *wanted) {
        Some(activity) => format!("{title}：{}", activity.title),
        None => title,
    })
}
