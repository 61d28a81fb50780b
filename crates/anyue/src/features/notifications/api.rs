//! What other areas use: sending a message, counting unread ones.

use sea_orm::ConnectionTrait;

pub use super::REMIND;
use super::store;
pub use super::store::{KEPT, MessageRow};
use crate::App;
use crate::platform::auth::Actor;
use crate::platform::db::WriteTx;
use crate::platform::error::Result;
use crate::platform::ids::{Ids, JurisdictionId, UnitId};

/// A message to a unit.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    /// To whom.
    pub unit_id: &'a UnitId,
    /// `dispatched`, `amended`, `reminder`, `returned`, `accepted`, `extended`, `closed` or `other`.
    pub kind: &'static str,
    /// A few words.
    pub title: String,
    /// One to three sentences.
    pub body: String,
    /// Where to go: an address of this site.
    pub link: String,
    /// The cause: a second message with the same key is not written.
    pub dedup_key: String,
    /// Who sends it, by name; empty for the system.
    pub sent_by: String,
}

/// Writes a message in this transaction; false when it had been written before.
pub async fn send(tx: &WriteTx, ids: &Ids, message: Message<'_>, now: i64) -> Result<bool> {
    Ok(send_all(tx, ids, std::slice::from_ref(&message), now).await? > 0)
}

/// Writes many messages in this transaction; how many had not been written before.
pub async fn send_all(tx: &WriteTx, ids: &Ids, messages: &[Message<'_>], now: i64) -> Result<u64> {
    store::insert(tx, ids, messages, now).await
}

/// How many messages to the actor's own units are unread.
pub async fn unread(app: &App, actor: &Actor) -> Result<u32> {
    let units: Vec<&str> = actor.own_units().map(|grant| grant.unit_id.as_str()).collect();
    if units.is_empty() {
        return Ok(0);
    }
    let count = store::unread(app.db.reader(), &actor.jurisdiction, &units).await?;
    Ok(u32::try_from(count).unwrap_or_default())
}

/// Messages to these units, newest first; `before` is the time and id of the last one known.
pub async fn list_for_units(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    units: &[UnitId],
    unread_only: bool,
    before: Option<(i64, &str)>,
    limit: i64,
) -> Result<Vec<MessageRow>> {
    store::page(db, town, units, unread_only, before, limit).await
}

/// Marks messages to these units, which must be the actor's own, as read: one, or all. How many were unread.
pub async fn mark_read(app: &App, actor: &Actor, units: &[UnitId], id: Option<&str>) -> Result<u64> {
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let count = store::mark_read(&tx, units, id, app.now()).await?;
    if count > 0 {
        tx.commit_unaudited("noting that a message was read").await?;
    }
    Ok(count)
}
