//! Rows of `campaign_receivers`.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::covered;
use crate::features::duties::api::CampaignId;
use crate::platform::auth::Scope;
use crate::platform::db::{WriteTx, insert_rows, sql};
use crate::platform::error::Result;
use crate::platform::ids::{JurisdictionId, UnitId};

/// The units that receive a published campaign.
pub async fn receiver_ids(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaign: &CampaignId,
) -> Result<Vec<UnitId>> {
    let ids: Vec<String> = sql("SELECT unit_id FROM campaign_receivers WHERE jurisdiction_id = $1 AND campaign_id = $2 AND removed_at IS NULL ORDER BY unit_id")
        .bind(town)
        .bind(campaign)
        .scalars(db)
        .await?;
    Ok(ids.into_iter().map(UnitId).collect())
}

/// How many units receive each of these campaigns.
pub async fn receiver_counts(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaigns: &[CampaignId],
) -> Result<HashMap<CampaignId, i64>> {
    #[derive(FromQueryResult)]
    struct Row {
        campaign_id: String,
        units: i64,
    }
    let rows: Vec<Row> = sql("SELECT campaign_id, COUNT(*) AS units FROM campaign_receivers \
         WHERE jurisdiction_id = $1 AND removed_at IS NULL AND campaign_id IN (...) GROUP BY campaign_id")
    .bind(town)
    .all_in(db, campaigns)
    .await?;
    Ok(rows.into_iter().map(|row| (CampaignId(row.campaign_id), row.units)).collect())
}

/// Whether a unit receives a campaign.
pub async fn is_receiver(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaign: &CampaignId,
    unit: &UnitId,
) -> Result<bool> {
    let count: Option<i64> = sql("SELECT COUNT(*) FROM campaign_receivers WHERE jurisdiction_id = $1 AND campaign_id = $2 AND unit_id = $3 AND removed_at IS NULL")
        .bind(town)
        .bind(campaign)
        .bind(unit)
        .scalar(db)
        .await?;
    Ok(count.unwrap_or_default() > 0)
}

/// Whether any receiver of a campaign lies within a scope.
pub async fn reaches(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaign: &CampaignId,
    scope: &Scope,
) -> Result<bool> {
    let (condition, values) = covered(scope, "u.path", 3);
    let count: Option<i64> = sql(format!(
        "SELECT COUNT(*) FROM campaign_receivers r JOIN units u ON u.jurisdiction_id = r.jurisdiction_id AND u.unit_id = r.unit_id \
         WHERE r.jurisdiction_id = $1 AND r.campaign_id = $2 AND r.removed_at IS NULL AND {condition}"
    ))
    .bind(town)
    .bind(campaign)
    .bind_all(values)
    .scalar(db)
    .await?;
    Ok(count.unwrap_or_default() > 0)
}

/// Makes these units the receivers: new ones are added, others marked as taken off.
pub async fn set_receivers(tx: &WriteTx, campaign: &CampaignId, units: &[UnitId], now: i64) -> Result<()> {
    let known: Vec<String> =
        sql("SELECT unit_id FROM campaign_receivers WHERE jurisdiction_id = $1 AND campaign_id = $2")
            .bind(tx.jurisdiction())
            .bind(campaign)
            .scalars(&**tx)
            .await?;
    let current = receiver_ids(&**tx, tx.jurisdiction(), campaign).await?;
    for gone in current.iter().filter(|unit| !units.contains(unit)) {
        mark_receiver(tx, campaign, gone, Some(now)).await?;
    }
    let (again, new): (Vec<&UnitId>, Vec<&UnitId>) =
        units.iter().filter(|unit| !current.contains(unit)).partition(|unit| known.contains(&unit.0));
    for unit in again {
        mark_receiver(tx, campaign, unit, None).await?;
    }
    let values =
        new.into_iter().flat_map(|unit| [tx.jurisdiction().into(), campaign.into(), unit.into(), now.into()]).collect();
    insert_rows(&**tx, "campaign_receivers (jurisdiction_id, campaign_id, unit_id, added_at)", 4, values).await
}

async fn mark_receiver(tx: &WriteTx, campaign: &CampaignId, unit: &UnitId, removed_at: Option<i64>) -> Result<()> {
    sql("UPDATE campaign_receivers SET removed_at = $4 WHERE jurisdiction_id = $1 AND campaign_id = $2 AND unit_id = $3")
        .bind(tx.jurisdiction())
        .bind(campaign)
        .bind(unit)
        .bind(removed_at)
        .execute(&**tx)
        .await?;
    Ok(())
}
