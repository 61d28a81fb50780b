//! What other areas use: sending a message, counting unread ones.

use crate::App;
use crate::platform::auth::Actor;
use crate::platform::db::{WriteTx, placeholders, sql};
use crate::platform::error::Result;
use crate::platform::ids::{Ids, UnitId};

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
    let written = sql(
        "INSERT INTO messages (jurisdiction_id, message_id, unit_id, kind, title, body, link, dedup_key, sent_by_name, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (jurisdiction_id, dedup_key) DO NOTHING",
    )
    .bind(tx.jurisdiction())
    .bind(ids.id::<String>())
    .bind(message.unit_id)
    .bind(message.kind)
    .bind(message.title)
    .bind(message.body)
    .bind(message.link)
    .bind(message.dedup_key)
    .bind(message.sent_by)
    .bind(now)
    .execute(&**tx)
    .await?;
    Ok(written > 0)
}

/// How many messages to the actor's own units are unread.
pub async fn unread(app: &App, actor: &Actor) -> Result<u32> {
    let units: Vec<&str> = actor.own_units().map(|grant| grant.unit_id.as_str()).collect();
    if units.is_empty() {
        return Ok(0);
    }
    let count: Option<i64> = sql(format!(
        "SELECT COUNT(*) FROM messages WHERE jurisdiction_id = $1 AND read_at IS NULL AND unit_id IN ({})",
        placeholders(2, units.len())
    ))
    .bind(&actor.jurisdiction)
    .bind_all(units)
    .scalar(app.db.reader())
    .await?;
    Ok(count.and_then(|count| u32::try_from(count).ok()).unwrap_or_default())
}
