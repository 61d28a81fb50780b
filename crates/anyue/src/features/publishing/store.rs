//! The towns that share an installation, as the public sees them.

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::platform::db::sql;
use crate::platform::error::Result;

/// A town.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Town {
    /// Its id.
    pub jurisdiction_id: String,
    /// Its name.
    pub name: String,
}

/// All towns, the oldest first.
pub async fn towns(db: &impl ConnectionTrait) -> Result<Vec<Town>> {
    sql("SELECT jurisdiction_id, name FROM jurisdictions ORDER BY created_at, jurisdiction_id").all(db).await
}
