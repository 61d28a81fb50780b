//! From a secret to an actor: browser sessions and API tokens.

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::actor::{Actor, Grant, Role, Via};
use crate::platform::db::{WriteTx, sql};
use crate::platform::error::Result;
use crate::platform::ids::{AccountId, Ids, JurisdictionId, Secret, UnitId};

/// How long a session lasts without use, in milliseconds (30 days), and how often its use is noted (1 hour).
const IDLE_MS: i64 = 30 * 24 * 3_600_000;
const NOTE_MS: i64 = 3_600_000;

/// A recognised secret.
#[derive(Clone, Debug)]
pub struct Authenticated {
    /// Who it is.
    pub actor: Actor,
    /// Until when this answer may be relied on, in milliseconds.
    pub expires_at: i64,
    /// Whether the session's last use should be noted now.
    pub note_use: bool,
}

#[derive(FromQueryResult)]
struct SessionRow {
    jurisdiction_id: String,
    session_id: String,
    account_id: String,
    last_seen_at: i64,
    expires_at: i64,
}

#[derive(FromQueryResult)]
struct TokenRow {
    jurisdiction_id: String,
    account_id: String,
    scopes: String,
    expires_at: i64,
}

#[derive(FromQueryResult)]
struct AccountRow {
    login: String,
    name: String,
}

#[derive(FromQueryResult)]
struct GrantRow {
    role: String,
    unit_id: String,
    path: String,
    name: String,
}

/// Who holds this secret, from a cookie (`bearer` false) or an `Authorization` header (`bearer` true).
pub async fn authenticate(
    db: &impl ConnectionTrait,
    secret: &Secret,
    bearer: bool,
    now: i64,
) -> Result<Option<Authenticated>> {
    let hash = secret.hash();
    if bearer {
        let row: Option<TokenRow> = sql("SELECT jurisdiction_id, account_id, scopes, expires_at FROM api_tokens \
             WHERE token_hash = $1 AND revoked_at IS NULL AND expires_at > $2")
        .bind(hash)
        .bind(now)
        .one(db)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let scopes = row.scopes.split_whitespace().map(str::to_owned).collect();
        let actor =
            actor_of_account(db, &row.jurisdiction_id.into(), &row.account_id.into(), Via::Token(scopes), now).await?;
        let Some(actor) = actor else { return Ok(None) };
        let expires_at = row.expires_at.min(next_change(db, &actor, now).await?);
        return Ok(Some(Authenticated { actor, expires_at, note_use: false }));
    }
    let row: Option<SessionRow> =
        sql("SELECT jurisdiction_id, session_id, account_id, last_seen_at, expires_at FROM sessions \
         WHERE token_hash = $1 AND ended_at IS NULL AND expires_at > $2")
        .bind(hash)
        .bind(now)
        .one(db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let via = Via::Session(row.session_id);
    let actor = actor_of_account(db, &row.jurisdiction_id.into(), &row.account_id.into(), via, now).await?;
    let Some(actor) = actor else { return Ok(None) };
    let expires_at = row.expires_at.min(next_change(db, &actor, now).await?);
    Ok(Some(Authenticated { actor, expires_at, note_use: now - row.last_seen_at > NOTE_MS }))
}

/// The next moment at which one of the actor's roles begins or ends by itself.
async fn next_change(db: &impl ConnectionTrait, actor: &Actor, now: i64) -> Result<i64> {
    let next: Option<Option<i64>> = sql("SELECT MIN(CASE WHEN valid_from > $3 THEN valid_from ELSE valid_to END) \
         FROM account_roles WHERE jurisdiction_id = $1 AND account_id = $2 AND (valid_from > $3 OR valid_to > $3)")
    .bind(&actor.jurisdiction)
    .bind(&actor.account_id)
    .bind(now)
    .scalar(db)
    .await?;
    Ok(next.flatten().unwrap_or(i64::MAX))
}

/// The actor of an active account with the roles valid now.
pub async fn actor_of_account(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    account: &AccountId,
    via: Via,
    now: i64,
) -> Result<Option<Actor>> {
    let row: Option<AccountRow> =
        sql("SELECT login, name FROM accounts WHERE account_id = $1 AND jurisdiction_id = $2 AND state = 'active'")
            .bind(account)
            .bind(town)
            .one(db)
            .await?;
    let Some(row) = row else { return Ok(None) };
    let grants: Vec<GrantRow> = sql("SELECT r.role, r.unit_id, u.path, u.name FROM account_roles r \
         JOIN units u ON u.unit_id = r.unit_id AND u.jurisdiction_id = r.jurisdiction_id \
         WHERE r.jurisdiction_id = $1 AND r.account_id = $2 AND r.valid_from <= $3 \
           AND (r.valid_to IS NULL OR r.valid_to > $3) AND u.state = 'active' \
         ORDER BY r.valid_from, r.account_role_id")
    .bind(town)
    .bind(account)
    .bind(now)
    .all(db)
    .await?;
    let grants = grants
        .into_iter()
        .filter_map(|row| {
            Some(Grant {
                role: Role::parse(&row.role)?,
                unit_id: UnitId(row.unit_id),
                unit_path: row.path,
                unit_name: row.name,
            })
        })
        .collect();
    Ok(Some(Actor {
        jurisdiction: town.clone(),
        account_id: account.clone(),
        login: row.login,
        name: row.name,
        grants,
        via,
    }))
}

/// A session that has been started: the secret goes into the cookie.
pub struct NewSession {
    /// The session's id.
    pub session_id: String,
    /// The secret for the cookie.
    pub secret: Secret,
}

/// Starts a session; `device` is a short label for the page of one's own sessions ("安卓手机 微信").
pub async fn start_session(tx: &WriteTx, ids: &Ids, account: &AccountId, device: &str, now: i64) -> Result<NewSession> {
    let secret = ids.secret();
    let session_id: String = ids.id();
    sql("INSERT INTO sessions (jurisdiction_id, session_id, account_id, token_hash, device, created_at, last_seen_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7)")
        .bind(tx.jurisdiction())
        .bind(session_id.as_str())
        .bind(account)
        .bind(secret.hash())
        .bind(device)
        .bind(now)
        .bind(now + IDLE_MS)
        .execute(&**tx)
        .await?;
    Ok(NewSession { session_id, secret })
}

/// Notes that a session is in use, and lets it live on.
pub async fn note_use(tx: &WriteTx, session_id: &str, now: i64) -> Result<()> {
    sql("UPDATE sessions SET last_seen_at = $1, expires_at = $2 WHERE jurisdiction_id = $3 AND session_id = $4")
        .bind(now)
        .bind(now + IDLE_MS)
        .bind(tx.jurisdiction())
        .bind(session_id)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// Ends a session of this account; false when there is none such.
pub async fn end_session(tx: &WriteTx, account: &AccountId, session_id: &str, now: i64) -> Result<bool> {
    let ended = sql("UPDATE sessions SET ended_at = $1 WHERE jurisdiction_id = $2 AND account_id = $3 AND session_id = $4 AND ended_at IS NULL")
        .bind(now)
        .bind(tx.jurisdiction())
        .bind(account)
        .bind(session_id)
        .execute(&**tx)
        .await?;
    Ok(ended > 0)
}
