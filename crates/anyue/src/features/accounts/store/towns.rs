//! Rows of `jurisdictions`.

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::platform::db::{WriteTx, sql};
use crate::platform::error::Result;
use crate::platform::ids::JurisdictionId;

/// A town's own row.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Town {
    /// Its name.
    pub name: String,
    /// Its settings, JSON.
    pub settings: String,
}

/// The town that was set up first; none before the first set-up.
pub async fn first(db: &impl ConnectionTrait) -> Result<Option<JurisdictionId>> {
    let id: Option<String> =
        sql("SELECT jurisdiction_id FROM jurisdictions ORDER BY created_at, jurisdiction_id LIMIT 1")
            .scalar(db)
            .await?;
    Ok(id.map(JurisdictionId))
}

/// A town's own row.
pub async fn find(db: &impl ConnectionTrait, town: &JurisdictionId) -> Result<Option<Town>> {
    sql("SELECT name, settings FROM jurisdictions WHERE jurisdiction_id = $1").bind(town).one(db).await
}

/// A new town.
pub async fn insert(tx: &WriteTx, name: &str, now: i64) -> Result<()> {
    sql("INSERT INTO jurisdictions (jurisdiction_id, name, created_at) VALUES ($1, $2, $3)")
        .bind(tx.jurisdiction())
        .bind(name)
        .bind(now)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// Sets name and settings.
pub async fn update(tx: &WriteTx, name: &str, settings: &str) -> Result<()> {
    sql("UPDATE jurisdictions SET name = $1, settings = $2 WHERE jurisdiction_id = $3")
        .bind(name)
        .bind(settings)
        .bind(tx.jurisdiction())
        .execute(&**tx)
        .await?;
    Ok(())
}
