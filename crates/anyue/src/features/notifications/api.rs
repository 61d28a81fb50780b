//! What other areas use: sending a message, counting unread ones.

use sea_orm::ConnectionTrait;

use super::store;
pub use super::store::MessageRow;
use crate::App;
use crate::platform::auth::Actor;
use crate::platform::db::{WriteTx, placeholders, sql};
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
    const WIDTH: usize = 10;
    let mut written = 0;
    for chunk in messages.chunks(500) {
        let rows: Vec<String> =
            (0..chunk.len()).map(|row| format!("({})", placeholders(row * WIDTH + 1, WIDTH))).collect();
        let mut statement = sql(format!(
            "INSERT INTO messages (jurisdiction_id, message_id, unit_id, kind, title, body, link, dedup_key, sent_by_name, created_at) \
             VALUES {} ON CONFLICT (jurisdiction_id, dedup_key) DO NOTHING",
            rows.join(", ")
        ));
        for message in chunk {
            statement = statement
                .bind(tx.jurisdiction())
                .bind(ids.id::<String>())
                .bind(message.unit_id)
                .bind(message.kind)
                .bind(message.title.as_str())
                .bind(message.body.as_str())
                .bind(message.link.as_str())
                .bind(message.dedup_key.as_str())
                .bind(message.sent_by.as_str())
                .bind(now);
        }
        written += statement.execute(&**tx).await?;
    }
    Ok(written)
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
