//! Rows of `invitations`: one-time links.

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::platform::db::{WriteTx, sql};
use crate::platform::error::Result;
use crate::platform::ids::{AccountId, Ids, JurisdictionId, Secret};

/// A one-time link.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Link {
    /// The town.
    pub jurisdiction_id: String,
    /// Its id.
    pub invitation_id: String,
    /// Whose password it sets.
    pub account_id: String,
    /// `invite` or `reset`.
    pub purpose: String,
    /// Until when it is good.
    pub expires_at: i64,
    /// When it was used.
    pub used_at: Option<i64>,
    /// When it was taken back.
    pub revoked_at: Option<i64>,
}

impl Link {
    /// Whether it can be used at this moment.
    pub fn good(&self, now: i64) -> bool {
        self.used_at.is_none() && self.revoked_at.is_none() && self.expires_at > now
    }
}

const COLUMNS: &str = "jurisdiction_id, invitation_id, account_id, purpose, expires_at, used_at, revoked_at";

/// The link with this secret, whatever its state.
pub async fn by_secret(db: &impl ConnectionTrait, secret: &Secret) -> Result<Option<Link>> {
    sql(format!("SELECT {COLUMNS} FROM invitations WHERE token_hash = $1")).bind(secret.hash()).one(db).await
}

/// The link of an account that was made last.
pub async fn latest(db: &impl ConnectionTrait, town: &JurisdictionId, account: &AccountId) -> Result<Option<Link>> {
    sql(format!(
        "SELECT {COLUMNS} FROM invitations WHERE jurisdiction_id = $1 AND account_id = $2 \
         ORDER BY created_at DESC, invitation_id DESC LIMIT 1"
    ))
    .bind(town)
    .bind(account)
    .one(db)
    .await
}

/// A link to be kept.
pub struct NewLink<'a> {
    /// Whose password it sets.
    pub account: &'a AccountId,
    /// `invite` or `reset`.
    pub purpose: &'static str,
    /// Its secret, of which the hash is kept.
    pub secret: &'a Secret,
    /// Who made it.
    pub created_by: &'a AccountId,
    /// When.
    pub created_at: i64,
    /// Until when it is good.
    pub expires_at: i64,
}

/// Keeps a new link by the hash of its secret.
pub async fn insert(tx: &WriteTx, ids: &Ids, new: &NewLink<'_>) -> Result<()> {
    sql("INSERT INTO invitations (jurisdiction_id, invitation_id, account_id, purpose, token_hash, created_by, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(tx.jurisdiction())
        .bind(ids.id::<String>())
        .bind(new.account)
        .bind(new.purpose)
        .bind(new.secret.hash())
        .bind(new.created_by)
        .bind(new.created_at)
        .bind(new.expires_at)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// Takes back the links of an account that have not been used; how many were still good.
pub async fn revoke_open(tx: &WriteTx, account: &AccountId, now: i64) -> Result<u64> {
    sql("UPDATE invitations SET revoked_at = $1 WHERE jurisdiction_id = $2 AND account_id = $3 \
           AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $1")
    .bind(now)
    .bind(tx.jurisdiction())
    .bind(account)
    .execute(&**tx)
    .await
}

/// Uses a link up; false when another request was first.
pub async fn use_up(tx: &WriteTx, id: &str, now: i64) -> Result<bool> {
    let used = sql("UPDATE invitations SET used_at = $1 WHERE jurisdiction_id = $2 AND invitation_id = $3 \
           AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $1")
    .bind(now)
    .bind(tx.jurisdiction())
    .bind(id)
    .execute(&**tx)
    .await?;
    Ok(used == 1)
}
