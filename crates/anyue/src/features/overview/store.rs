//! The little that the overview reads by itself.

use sea_orm::ConnectionTrait;

use crate::platform::db::sql;
use crate::platform::error::Result;
use crate::platform::ids::JurisdictionId;

/// How much background work has failed for good.
pub async fn failed_jobs(db: &impl ConnectionTrait, town: &JurisdictionId) -> Result<i64> {
    let count: Option<i64> =
        sql("SELECT COUNT(*) FROM jobs WHERE jurisdiction_id = $1 AND state = 'failed'").bind(town).scalar(db).await?;
    Ok(count.unwrap_or_default())
}
