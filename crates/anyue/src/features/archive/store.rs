//! Rows of `archives`.

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::model::{Archive, ArchiveId, KEEP_DAYS, State, Wish};
use crate::features::duties::api::CampaignId;
use crate::platform::auth::Actor;
use crate::platform::db::{WriteTx, sql};
use crate::platform::error::{Error, Result};
use crate::platform::ids::JurisdictionId;
use crate::platform::retention::{Class, May, Source};

/// The files of archives that can be fetched. They can be made again.
pub const KEPT: Class = Class {
    code: "archives",
    name: "活动档案的文件",
    holds: "生成的活动档案包；随时可以再生成一份",
    area: "活动档案",
    counted_from: "档案生成",
    days: Some(KEEP_DAYS),
    may: May::Within(1, 366),
    source: Source::Ours,
    find: "SELECT a.archive_id AS id, a.made_at AS at, a.size AS bytes, c.title AS about, a.campaign_id FROM archives a \
           JOIN campaigns c ON c.campaign_id = a.campaign_id AND c.jurisdiction_id = a.jurisdiction_id \
           WHERE a.jurisdiction_id = $1 AND a.state = 'ready' AND a.made_at < $2",
    remove: &["UPDATE archives SET state = 'removed', expires_at = {now} \
         WHERE jurisdiction_id = $1 AND state = 'ready' AND archive_id IN (...)"],
};

#[derive(FromQueryResult)]
struct Row {
    archive_id: String,
    campaign_id: String,
    wish: String,
    state: String,
    files: i64,
    size: i64,
    sha256: String,
    reason: String,
    requested_by_name: String,
    requested_at: i64,
    made_at: Option<i64>,
    expires_at: Option<i64>,
}

const COLUMNS: &str = "archive_id, campaign_id, wish, state, files, size, sha256, reason, requested_by_name, requested_at, made_at, expires_at";

impl Row {
    fn into_archive(self) -> Result<Archive> {
        Ok(Archive {
            state: State::parse(&self.state).ok_or_else(|| Error::internal("an archive of unknown state"))?,
            id: ArchiveId(self.archive_id),
            campaign_id: CampaignId(self.campaign_id),
            wish: serde_json::from_str(&self.wish)?,
            files: self.files,
            size: self.size,
            sha256: self.sha256,
            reason: self.reason,
            requested_by_name: self.requested_by_name,
            requested_at: self.requested_at,
            made_at: self.made_at,
            expires_at: self.expires_at,
        })
    }
}

/// An archive by its id.
pub async fn find(db: &impl ConnectionTrait, town: &JurisdictionId, id: &ArchiveId) -> Result<Option<Archive>> {
    let row: Option<Row> =
        sql(format!("SELECT {COLUMNS} FROM archives WHERE jurisdiction_id = $1 AND archive_id = $2"))
            .bind(town)
            .bind(id)
            .one(db)
            .await?;
    row.map(Row::into_archive).transpose()
}

/// The archives of a campaign, the newest first; at most fifty.
pub async fn of_campaign(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaign: &CampaignId,
) -> Result<Vec<Archive>> {
    let rows: Vec<Row> = sql(format!(
        "SELECT {COLUMNS} FROM archives WHERE jurisdiction_id = $1 AND campaign_id = $2 \
         ORDER BY requested_at DESC, archive_id DESC LIMIT 50"
    ))
    .bind(town)
    .bind(campaign)
    .all(db)
    .await?;
    rows.into_iter().map(Row::into_archive).collect()
}

/// The archive that is being made for the same wish.
pub async fn being_made(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaign: &CampaignId,
    wish: &Wish,
) -> Result<Option<ArchiveId>> {
    let id: Option<String> = sql("SELECT archive_id FROM archives \
         WHERE jurisdiction_id = $1 AND campaign_id = $2 AND making_key = $3")
    .bind(town)
    .bind(campaign)
    .bind(serde_json::to_string(wish)?)
    .scalar(db)
    .await?;
    Ok(id.map(ArchiveId))
}

/// Writes that an archive was asked for.
pub async fn insert(tx: &WriteTx, actor: &Actor, id: &ArchiveId, campaign: &CampaignId, wish: &Wish) -> Result<()> {
    let text = serde_json::to_string(wish)?;
    sql("INSERT INTO archives (jurisdiction_id, archive_id, campaign_id, wish, originals, state, making_key, requested_by, \
         requested_by_name, requested_at) VALUES ($1, $2, $3, $4, $5, 'making', $4, $6, $7, $8)")
        .bind(tx.jurisdiction())
        .bind(id)
        .bind(campaign)
        .bind(text)
        .bind(wish.originals)
        .bind(&actor.account_id)
        .bind(actor.name.as_str())
        .bind(tx.now())
        .execute(&**tx)
        .await?;
    Ok(())
}

/// Writes that an archive is whole; false when it was not being made any more.
pub async fn set_ready(tx: &WriteTx, id: &ArchiveId, (files, size, sha256): (i64, i64, &str)) -> Result<bool> {
    let changed = sql("UPDATE archives SET state = 'ready', making_key = NULL, files = $1, size = $2, sha256 = $3, \
         made_at = $4 WHERE jurisdiction_id = $5 AND archive_id = $6 AND state = 'making'")
    .bind(files)
    .bind(size)
    .bind(sha256)
    .bind(tx.now())
    .bind(tx.jurisdiction())
    .bind(id)
    .execute(&**tx)
    .await?;
    Ok(changed == 1)
}

/// Writes why an archive could not be made.
pub async fn set_failed(tx: &WriteTx, id: &ArchiveId, reason: &str) -> Result<()> {
    sql("UPDATE archives SET state = 'failed', making_key = NULL, reason = $1, made_at = $2 \
         WHERE jurisdiction_id = $3 AND archive_id = $4 AND state = 'making'")
    .bind(reason)
    .bind(tx.now())
    .bind(tx.jurisdiction())
    .bind(id)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// Writes that the file of an archive is no longer offered; false when it was not.
pub async fn set_removed(tx: &WriteTx, id: &ArchiveId) -> Result<bool> {
    let changed = sql("UPDATE archives SET state = 'removed', expires_at = $1 \
         WHERE jurisdiction_id = $2 AND archive_id = $3 AND state = 'ready'")
    .bind(tx.now())
    .bind(tx.jurisdiction())
    .bind(id)
    .execute(&**tx)
    .await?;
    Ok(changed == 1)
}
