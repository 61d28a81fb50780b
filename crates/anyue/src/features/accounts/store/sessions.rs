//! Rows of `sessions`, as the page of one's own sessions needs them. Starting one is `platform::auth`'s.

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::platform::db::{WriteTx, sql};
use crate::platform::error::Result;
use crate::platform::ids::{AccountId, JurisdictionId};

/// A session of one's own.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OwnSession {
    /// Its id.
    pub session_id: String,
    /// The device, in a few words.
    pub device: String,
    /// When it began.
    pub created_at: i64,
    /// When it was last noted to be in use.
    pub last_seen_at: i64,
}

/// The sessions of an account that have not ended, the latest first. For its holder's eyes only.
pub async fn open(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    account: &AccountId,
    now: i64,
) -> Result<Vec<OwnSession>> {
    sql("SELECT session_id, device, created_at, last_seen_at FROM sessions \
         WHERE jurisdiction_id = $1 AND account_id = $2 AND ended_at IS NULL AND expires_at > $3 \
         ORDER BY last_seen_at DESC, session_id DESC LIMIT 100")
    .bind(town)
    .bind(account)
    .bind(now)
    .all(db)
    .await
}

/// Ends the sessions of an account, all or all but one.
pub async fn end_all(tx: &WriteTx, account: &AccountId, except: Option<&str>, now: i64) -> Result<u64> {
    sql("UPDATE sessions SET ended_at = $1 WHERE jurisdiction_id = $2 AND account_id = $3 AND session_id <> $4 AND ended_at IS NULL")
        .bind(now)
        .bind(tx.jurisdiction())
        .bind(account)
        .bind(except.unwrap_or_default())
        .execute(&**tx)
        .await
}
