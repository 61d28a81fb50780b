//! Rows of `messages`.

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::api::Message;
use crate::platform::db::{WriteTx, placeholders, sql};
use crate::platform::error::Result;
use crate::platform::ids::{Ids, JurisdictionId, UnitId};
use crate::platform::retention::{Class, May, Source};

/// Messages.
pub const KEPT: Class = Class {
    code: "messages",
    name: "站内消息",
    holds: "发给各单位的提醒、退回、更正等消息，已读未读都在内",
    area: "消息",
    counted_from: "消息发出",
    days: Some(366),
    may: May::From(30),
    source: Source::Ours,
    find: "SELECT m.message_id AS id, m.created_at AS at, CAST(LENGTH(m.body) AS BIGINT) AS bytes, m.title AS about, '' AS campaign_id \
           FROM messages m WHERE m.jurisdiction_id = $1 AND m.created_at < $2",
    remove: &["DELETE FROM messages WHERE jurisdiction_id = $1 AND message_id IN (...)"],
};

/// A message as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct MessageRow {
    /// Its id.
    pub message_id: String,
    /// To which unit.
    pub unit_id: String,
    /// `dispatched`, `amended`, `reminder`, `returned`, `accepted`, `extended`, `closed` or `other`.
    pub kind: String,
    /// A few words.
    pub title: String,
    /// One to three sentences.
    pub body: String,
    /// Where to go: an address of this site.
    pub link: String,
    /// Who sent it, by name; empty for the system.
    pub sent_by_name: String,
    /// When.
    pub created_at: i64,
    /// When somebody of the unit read it.
    pub read_at: Option<i64>,
}

/// Messages to these units, newest first, those before `before` only (time and id of the last one shown).
pub async fn page(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    units: &[UnitId],
    unread_only: bool,
    before: Option<(i64, &str)>,
    limit: i64,
) -> Result<Vec<MessageRow>> {
    if units.is_empty() {
        return Ok(Vec::new());
    }
    let (at, id) = before.unwrap_or((i64::MAX, ""));
    sql(format!(
        "SELECT message_id, unit_id, kind, title, body, link, sent_by_name, created_at, read_at FROM messages \
         WHERE jurisdiction_id = $1 AND (created_at < $2 OR (created_at = $2 AND message_id < $3)) AND unit_id IN ({}){} \
         ORDER BY created_at DESC, message_id DESC LIMIT {limit}",
        placeholders(4, units.len()),
        if unread_only { " AND read_at IS NULL" } else { "" }
    ))
    .bind(town)
    .bind(at)
    .bind(id)
    .bind_all(units)
    .all(db)
    .await
}

/// A message by its id.
pub async fn find(db: &impl ConnectionTrait, town: &JurisdictionId, id: &str) -> Result<Option<MessageRow>> {
    sql("SELECT message_id, unit_id, kind, title, body, link, sent_by_name, created_at, read_at FROM messages \
         WHERE jurisdiction_id = $1 AND message_id = $2")
    .bind(town)
    .bind(id)
    .one(db)
    .await
}

/// Marks messages to these units as read: one, or all. How many were unread.
pub async fn mark_read(tx: &WriteTx, units: &[UnitId], id: Option<&str>, now: i64) -> Result<u64> {
    if units.is_empty() {
        return Ok(0);
    }
    let one = if id.is_some() { format!(" AND message_id = ${}", units.len() + 3) } else { String::new() };
    sql(format!(
        "UPDATE messages SET read_at = $1 WHERE jurisdiction_id = $2 AND read_at IS NULL AND unit_id IN ({}){one}",
        placeholders(3, units.len())
    ))
    .bind(now)
    .bind(tx.jurisdiction())
    .bind_all(units)
    .bind_all(id.map(str::to_owned))
    .execute(&**tx)
    .await
}

/// Writes messages, those already written left out; how many were new.
pub async fn insert(tx: &WriteTx, ids: &Ids, messages: &[Message<'_>], now: i64) -> Result<u64> {
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

/// How many messages to these units are unread.
pub async fn unread(db: &impl ConnectionTrait, town: &JurisdictionId, units: &[&str]) -> Result<i64> {
    let count: Option<i64> = sql(format!(
        "SELECT COUNT(*) FROM messages WHERE jurisdiction_id = $1 AND read_at IS NULL AND unit_id IN ({})",
        placeholders(2, units.len())
    ))
    .bind(town)
    .bind_all(units.iter().copied())
    .scalar(db)
    .await?;
    Ok(count.unwrap_or_default())
}
