//! Rows of `api_tokens`.

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::super::model::NewToken;
use crate::platform::db::{WriteTx, sql};
use crate::platform::error::Result;
use crate::platform::ids::{AccountId, Ids, JurisdictionId, Secret};

/// A token, without its secret.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Token {
    /// Its id.
    pub api_token_id: String,
    /// On whose behalf it acts.
    pub account_id: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: String,
    /// Until when it is good.
    pub expires_at: i64,
    /// When it was taken back.
    pub revoked_at: Option<i64>,
}

const COLUMNS: &str = "api_token_id, account_id, name, scopes, expires_at, revoked_at";

/// The tokens of an account, the newest first.
pub async fn of_account(db: &impl ConnectionTrait, town: &JurisdictionId, account: &AccountId) -> Result<Vec<Token>> {
    sql(format!(
        "SELECT {COLUMNS} FROM api_tokens WHERE jurisdiction_id = $1 AND account_id = $2 ORDER BY created_at DESC, api_token_id DESC LIMIT 100"
    ))
    .bind(town)
    .bind(account)
    .all(db)
    .await
}

/// A token by its id.
pub async fn find(db: &impl ConnectionTrait, town: &JurisdictionId, id: &str) -> Result<Option<Token>> {
    sql(format!("SELECT {COLUMNS} FROM api_tokens WHERE jurisdiction_id = $1 AND api_token_id = $2"))
        .bind(town)
        .bind(id)
        .one(db)
        .await
}

/// Keeps a new token by the hash of its secret; its id.
pub async fn insert(tx: &WriteTx, ids: &Ids, new: &NewToken, secret: &Secret, now: i64) -> Result<String> {
    let id: String = ids.id();
    sql("INSERT INTO api_tokens (jurisdiction_id, api_token_id, account_id, name, token_hash, scopes, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(tx.jurisdiction())
        .bind(id.as_str())
        .bind(&new.account_id)
        .bind(new.name.as_str())
        .bind(secret.hash())
        .bind(new.scopes.join(" "))
        .bind(now)
        .bind(new.expires_at)
        .execute(&**tx)
        .await?;
    Ok(id)
}

/// Takes a token back; false when it had been already.
pub async fn revoke(tx: &WriteTx, id: &str, now: i64) -> Result<bool> {
    let revoked = sql(
        "UPDATE api_tokens SET revoked_at = $1 WHERE jurisdiction_id = $2 AND api_token_id = $3 AND revoked_at IS NULL",
    )
    .bind(now)
    .bind(tx.jurisdiction())
    .bind(id)
    .execute(&**tx)
    .await?;
    Ok(revoked == 1)
}
