//! Rows of `acknowledgements`.

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::features::duties::model::CampaignId;
use crate::platform::auth::Actor;
use crate::platform::db::{WriteTx, sql};
use crate::platform::error::Result;
use crate::platform::ids::{JurisdictionId, UnitId};

/// 签收: who has taken note of which edition of a notice, for which unit, and when.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Acknowledgement {
    /// The unit.
    pub unit_id: String,
    /// The edition.
    pub edition: i64,
    /// Who, by name.
    pub account_name: String,
    /// When.
    pub at: i64,
}

/// The acknowledgements of a campaign, by unit, the newest edition first.
pub async fn acknowledgements(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaign: &CampaignId,
) -> Result<Vec<Acknowledgement>> {
    sql("SELECT unit_id, edition, account_name, at FROM acknowledgements WHERE jurisdiction_id = $1 AND campaign_id = $2 \
         ORDER BY unit_id, edition DESC")
        .bind(town)
        .bind(campaign)
        .all(db)
        .await
}

/// State of a campaign that a unit receives. The rows are written by `campaigns`, which stands
/// above this area; read here so that nobody has to remember to ask.
pub(crate) async fn received(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaign: &CampaignId,
    unit: &UnitId,
) -> Result<Option<String>> {
    sql("SELECT c.state FROM campaign_receivers r \
         JOIN campaigns c ON c.jurisdiction_id = r.jurisdiction_id AND c.campaign_id = r.campaign_id \
         WHERE r.jurisdiction_id = $1 AND r.campaign_id = $2 AND r.unit_id = $3 AND r.removed_at IS NULL")
    .bind(town)
    .bind(campaign)
    .bind(unit)
    .scalar(db)
    .await
}

/// Writes an acknowledgement; false when it had been written before.
pub(crate) async fn insert(
    tx: &WriteTx,
    actor: &Actor,
    campaign: &CampaignId,
    unit: &UnitId,
    edition: i64,
    now: i64,
) -> Result<bool> {
    let written = sql(
        "INSERT INTO acknowledgements (jurisdiction_id, campaign_id, unit_id, edition, account_id, account_name, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (jurisdiction_id, campaign_id, unit_id, edition) DO NOTHING",
    )
    .bind(tx.jurisdiction())
    .bind(campaign)
    .bind(unit)
    .bind(edition)
    .bind(&actor.account_id)
    .bind(actor.name.as_str())
    .bind(now)
    .execute(&**tx)
    .await?;
    Ok(written > 0)
}
