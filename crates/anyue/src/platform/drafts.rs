//! What somebody has typed into a form and not yet sent (`form_drafts`): one draft for each account and form.
//!
//! The page posts its fields while one types; the draft comes back when the form is opened again, on any
//! device, and is dropped in the transaction that carries the form out.

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::auth::Actor;
use super::db::{WriteTx, sql};
use super::error::Result;
use super::retention::{Class, May, Source};

/// What was typed and not sent.
pub const KEPT: Class = Class {
    code: "form_drafts",
    name: "没有提交的草稿",
    holds: "页面和手机上填了没有提交的内容，包括没有确认导入的单位表",
    area: "各填报页面",
    counted_from: "最后一次保存",
    days: Some(60),
    may: May::Within(7, 366),
    source: Source::Ours,
    find: "SELECT d.account_id || ' ' || d.form_key AS id, d.updated_at AS at, CAST(LENGTH(d.payload) AS BIGINT) AS bytes, \
           CASE WHEN d.form_key LIKE 'phone:%' THEN '手机上的草稿' ELSE '页面上的草稿' END AS about, '' AS campaign_id \
           FROM form_drafts d WHERE d.jurisdiction_id = $1 AND d.updated_at < $2",
    remove: &["DELETE FROM form_drafts WHERE jurisdiction_id = $1 AND account_id || ' ' || form_key IN (...)"],
};

/// A draft as kept: the fields as JSON and when they were last saved.
#[derive(Debug, FromQueryResult)]
pub struct FormDraft {
    /// The fields, as the form's own struct wrote them.
    pub payload: String,
    /// Milliseconds since 1970.
    pub updated_at: i64,
}

/// The draft of this account for this form.
pub async fn find(db: &impl ConnectionTrait, actor: &Actor, form_key: &str) -> Result<Option<FormDraft>> {
    sql("SELECT payload, updated_at FROM form_drafts WHERE jurisdiction_id = $1 AND account_id = $2 AND form_key = $3")
        .bind(&actor.jurisdiction)
        .bind(&actor.account_id)
        .bind(form_key)
        .one(db)
        .await
}

/// All drafts of this account whose keys begin so, the newest first.
pub async fn with_prefix(db: &impl ConnectionTrait, actor: &Actor, prefix: &str) -> Result<Vec<FormDraft>> {
    sql("SELECT payload, updated_at FROM form_drafts WHERE jurisdiction_id = $1 AND account_id = $2 \
         AND form_key LIKE $3 ORDER BY updated_at DESC, form_key")
    .bind(&actor.jurisdiction)
    .bind(&actor.account_id)
    .bind(format!("{prefix}%"))
    .all(db)
    .await
}

/// Keeps the draft, in place of the one before.
pub async fn save(tx: &WriteTx, actor: &Actor, form_key: &str, payload: &str, now: i64) -> Result<()> {
    sql("INSERT INTO form_drafts (jurisdiction_id, account_id, form_key, payload, updated_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (jurisdiction_id, account_id, form_key) DO UPDATE SET payload = excluded.payload, updated_at = excluded.updated_at")
        .bind(&actor.jurisdiction)
        .bind(&actor.account_id)
        .bind(form_key)
        .bind(payload)
        .bind(now)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// Drops the draft, when the form has been carried out.
pub async fn drop(tx: &WriteTx, actor: &Actor, form_key: &str) -> Result<()> {
    sql("DELETE FROM form_drafts WHERE jurisdiction_id = $1 AND account_id = $2 AND form_key = $3")
        .bind(&actor.jurisdiction)
        .bind(&actor.account_id)
        .bind(form_key)
        .execute(&**tx)
        .await?;
    Ok(())
}
