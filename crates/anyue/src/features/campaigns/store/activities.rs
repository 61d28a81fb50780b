//! Rows of `activities` and `campaign_changes`.

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{date, date_text};
use crate::features::campaigns::model::{Activity, ActivityId, Change};
use crate::features::duties::api::CampaignId;
use crate::platform::db::{WriteTx, sql};
use crate::platform::error::Result;
use crate::platform::ids::JurisdictionId;

#[derive(FromQueryResult)]
struct ActivityRow {
    activity_id: String,
    ordinal: i64,
    number: String,
    clause: String,
    title: String,
    kinds: String,
    who: String,
    starts_on: Option<String>,
    ends_on: Option<String>,
    line_first: Option<i64>,
    line_last: Option<i64>,
    dropped_at: Option<i64>,
    version: i64,
}

/// The activities of a campaign in order, dropped ones included.
pub async fn activities(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaign: &CampaignId,
) -> Result<Vec<Activity>> {
    let rows: Vec<ActivityRow> =
        sql("SELECT activity_id, ordinal, number, clause, title, kinds, who, starts_on, ends_on, line_first, \
           line_last, dropped_at, version FROM activities WHERE jurisdiction_id = $1 AND campaign_id = $2 \
         ORDER BY ordinal, activity_id")
        .bind(town)
        .bind(campaign)
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Activity {
                id: ActivityId(row.activity_id),
                ordinal: row.ordinal,
                number: row.number,
                clause: row.clause,
                title: row.title,
                kinds: serde_json::from_str(&row.kinds)?,
                who: row.who,
                starts_on: date(row.starts_on),
                ends_on: date(row.ends_on),
                lines: row.line_first.zip(row.line_last),
                dropped: row.dropped_at.is_some(),
                version: row.version,
            })
        })
        .collect()
}

/// Writes activities that are not there yet, and stores those that are; the version of a stored one grows.
pub async fn save_activity(
    tx: &WriteTx,
    campaign: &CampaignId,
    activity: &Activity,
    is_new: bool,
    now: i64,
) -> Result<()> {
    let text = if is_new {
        "INSERT INTO activities (jurisdiction_id, campaign_id, activity_id, ordinal, number, clause, title, kinds, who, starts_on, \
           ends_on, line_first, line_last, dropped_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    } else {
        "UPDATE activities SET ordinal = $4, number = $5, clause = $6, title = $7, kinds = $8, who = $9, starts_on = $10, \
           ends_on = $11, line_first = $12, line_last = $13, dropped_at = $14, version = version + 1 \
         WHERE jurisdiction_id = $1 AND campaign_id = $2 AND activity_id = $3"
    };
    sql(text)
        .bind(tx.jurisdiction())
        .bind(campaign)
        .bind(&activity.id)
        .bind(activity.ordinal)
        .bind(activity.number.as_str())
        .bind(activity.clause.as_str())
        .bind(activity.title.as_str())
        .bind(serde_json::to_string(&activity.kinds)?)
        .bind(activity.who.as_str())
        .bind(date_text(activity.starts_on))
        .bind(date_text(activity.ends_on))
        .bind(activity.lines.map(|lines| lines.0))
        .bind(activity.lines.map(|lines| lines.1))
        .bind(activity.dropped.then_some(now))
        .execute(&**tx)
        .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct ChangeRow {
    edition: i64,
    at: i64,
    actor_name: String,
    note: String,
    changes: String,
}

/// What changed after publication, newest first.
pub async fn changes(db: &impl ConnectionTrait, town: &JurisdictionId, campaign: &CampaignId) -> Result<Vec<Change>> {
    let rows: Vec<ChangeRow> = sql("SELECT edition, at, actor_name, note, changes FROM campaign_changes \
         WHERE jurisdiction_id = $1 AND campaign_id = $2 ORDER BY edition DESC")
    .bind(town)
    .bind(campaign)
    .all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Change {
                edition: row.edition,
                at: row.at,
                actor_name: row.actor_name,
                note: row.note,
                changes: serde_json::from_str(&row.changes)?,
            })
        })
        .collect()
}

/// Writes down what an amendment changed.
pub async fn insert_change(tx: &WriteTx, campaign: &CampaignId, change: &Change) -> Result<()> {
    sql("INSERT INTO campaign_changes (jurisdiction_id, campaign_id, edition, at, actor_name, note, changes) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(tx.jurisdiction())
        .bind(campaign)
        .bind(change.edition)
        .bind(change.at)
        .bind(change.actor_name.as_str())
        .bind(change.note.as_str())
        .bind(serde_json::to_string(&change.changes)?)
        .execute(&**tx)
        .await?;
    Ok(())
}
