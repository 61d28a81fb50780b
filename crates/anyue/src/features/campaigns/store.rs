//! Rows of `campaigns`, `activities`, `campaign_receivers`, `campaign_changes` and all SQL about them.

use std::collections::HashMap;

use jiff::civil::Date;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::model::{Activity, ActivityId, Campaign, CampaignHeader, CampaignState, Change, Head};
use crate::features::duties::api::CampaignId;
use crate::features::units::api::Selector;
use crate::platform::auth::Scope;
use crate::platform::db::{WriteTx, insert_rows, placeholders, sql};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AccountId, JurisdictionId, UnitId};

fn date(text: Option<String>) -> Option<Date> {
    text.and_then(|text| text.parse().ok())
}

fn date_text(date: Option<Date>) -> Option<String> {
    date.map(|date| date.to_string())
}

// ----- campaigns -----

#[derive(FromQueryResult)]
struct HeaderRow {
    campaign_id: String,
    title: String,
    doc_number: String,
    issuer: String,
    issuer_unit_id: String,
    issuer_unit_path: String,
    theme: String,
    issued_on: Option<String>,
    period_start: Option<String>,
    period_end: Option<String>,
    state: String,
    edition: i64,
    contact: String,
    remarks: String,
    published_at: Option<i64>,
    derived_from: Option<String>,
}

impl HeaderRow {
    fn into_header(self) -> Result<CampaignHeader> {
        Ok(CampaignHeader {
            state: CampaignState::parse(&self.state).ok_or_else(|| Error::internal("a campaign of unknown state"))?,
            id: CampaignId(self.campaign_id),
            title: self.title,
            doc_number: self.doc_number,
            issuer: self.issuer,
            issuer_unit_id: UnitId(self.issuer_unit_id),
            issuer_unit_path: self.issuer_unit_path,
            theme: self.theme,
            issued_on: date(self.issued_on),
            period_start: date(self.period_start),
            period_end: date(self.period_end),
            edition: self.edition,
            contact: self.contact,
            remarks: self.remarks,
            published_at: self.published_at,
            derived_from: self.derived_from.map(CampaignId),
        })
    }
}

const HEADER: &str = "c.campaign_id, c.title, c.doc_number, c.issuer, c.issuer_unit_id, u.path AS issuer_unit_path, \
    c.theme, c.issued_on, c.period_start, c.period_end, c.state, c.edition, c.contact, c.remarks, c.published_at, \
    c.derived_from";

const FROM: &str = "FROM campaigns c JOIN units u ON u.jurisdiction_id = c.jurisdiction_id AND u.unit_id = c.issuer_unit_id \
    WHERE c.jurisdiction_id = $1";

fn headers_of(rows: Vec<HeaderRow>) -> Result<Vec<CampaignHeader>> {
    rows.into_iter().map(HeaderRow::into_header).collect()
}

/// What is shown of a campaign.
pub async fn header(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    id: &CampaignId,
) -> Result<Option<CampaignHeader>> {
    let row: Option<HeaderRow> =
        sql(format!("SELECT {HEADER} {FROM} AND c.campaign_id = $2")).bind(town).bind(id).one(db).await?;
    row.map(HeaderRow::into_header).transpose()
}

/// What is shown of several campaigns, newest first.
pub async fn headers(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    ids: &[CampaignId],
) -> Result<Vec<CampaignHeader>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = placeholders(2, ids.len());
    let rows: Vec<HeaderRow> =
        sql(format!("SELECT {HEADER} {FROM} AND c.campaign_id IN ({wanted}) ORDER BY c.campaign_id DESC"))
            .bind(town)
            .bind_all(ids)
            .all(db)
            .await?;
    headers_of(rows)
}

/// Published and closed campaigns that any of these units receives, newest first.
pub async fn published_for_units(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    units: &[UnitId],
) -> Result<Vec<CampaignHeader>> {
    if units.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = placeholders(2, units.len());
    let rows: Vec<HeaderRow> = sql(format!(
        "SELECT {HEADER} {FROM} AND c.state <> 'draft' AND c.campaign_id IN ( \
           SELECT r.campaign_id FROM campaign_receivers r \
           WHERE r.jurisdiction_id = $1 AND r.removed_at IS NULL AND r.unit_id IN ({wanted})) \
         ORDER BY c.published_at DESC, c.campaign_id DESC"
    ))
    .bind(town)
    .bind_all(units)
    .all(db)
    .await?;
    headers_of(rows)
}

/// The campaigns that were passed on from this one, oldest first.
pub async fn derived(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    id: &CampaignId,
) -> Result<Vec<CampaignHeader>> {
    let rows: Vec<HeaderRow> =
        sql(format!("SELECT {HEADER} {FROM} AND c.derived_from = $2 ORDER BY c.campaign_id")).bind(town).bind(id).all(db).await?;
    headers_of(rows)
}

/// The condition that a path column is covered by a scope, and the values to bind from `$first` on.
fn covered(scope: &Scope, column: &str, first: usize) -> (String, Vec<String>) {
    match scope {
        Scope::All => ("1 = 1".to_owned(), Vec::new()),
        Scope::Below(paths) if paths.is_empty() => ("1 = 0".to_owned(), Vec::new()),
        Scope::Below(paths) => {
            let conditions: Vec<String> = (0..paths.len())
                .map(|n| format!("({column} >= ${} AND {column} < ${})", first + 2 * n, first + 2 * n + 1))
                .collect();
            let values = paths.iter().flat_map(|path| [path.clone(), format!("{path}\u{7f}")]).collect();
            (format!("({})", conditions.join(" OR ")), values)
        }
    }
}

/// Campaigns that a scope covers, newest first: those its units issue, and those that reached them from above.
/// `before` is the id of the last one of the page before.
pub async fn page(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    scope: &Scope,
    before: Option<&CampaignId>,
    limit: u64,
) -> Result<Vec<CampaignHeader>> {
    let (issued, values) = covered(scope, "u.path", 4);
    let (received, _) = covered(scope, "ru.path", 4);
    let rows: Vec<HeaderRow> = sql(format!(
        "SELECT {HEADER} {FROM} AND c.campaign_id < $2 AND ({issued} OR (c.state <> 'draft' AND EXISTS ( \
           SELECT 1 FROM campaign_receivers r JOIN units ru ON ru.jurisdiction_id = r.jurisdiction_id AND ru.unit_id = r.unit_id \
           WHERE r.jurisdiction_id = $1 AND r.campaign_id = c.campaign_id AND r.removed_at IS NULL AND {received}))) \
         ORDER BY c.campaign_id DESC LIMIT $3"
    ))
    .bind(town)
    .bind(before.map_or("zzzz", CampaignId::as_str))
    .bind(i64::try_from(limit).unwrap_or(100))
    .bind_all(values)
    .all(db)
    .await?;
    headers_of(rows)
}

#[derive(FromQueryResult)]
struct RestRow {
    receivers: String,
    copied_from: Option<String>,
    notice_text: String,
    notice_plan: String,
    notice_format: String,
    decisions: String,
    amendment: String,
    closing_note: String,
    version: i64,
    created_at: i64,
}

/// A campaign with all that is stored of it.
pub async fn find(db: &impl ConnectionTrait, town: &JurisdictionId, id: &CampaignId) -> Result<Option<Campaign>> {
    let Some(header) = header(db, town, id).await? else { return Ok(None) };
    let rest: Option<RestRow> = sql("SELECT receivers, copied_from, notice_text, notice_plan, notice_format, decisions, amendment, \
           closing_note, version, created_at FROM campaigns WHERE jurisdiction_id = $1 AND campaign_id = $2")
    .bind(town)
    .bind(id)
    .one(db)
    .await?;
    let Some(rest) = rest else { return Ok(None) };
    Ok(Some(Campaign {
        header,
        receivers: serde_json::from_str(&rest.receivers)?,
        copied_from: rest.copied_from.map(CampaignId),
        notice_text: rest.notice_text,
        notice_plan: rest.notice_plan,
        notice_format: rest.notice_format,
        decisions: serde_json::from_str(&rest.decisions)?,
        amendment: rest.amendment,
        closing_note: rest.closing_note,
        version: rest.version,
        created_at: rest.created_at,
    }))
}

/// The text of a notice.
pub async fn notice_text(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    id: &CampaignId,
) -> Result<Option<String>> {
    sql("SELECT notice_text FROM campaigns WHERE jurisdiction_id = $1 AND campaign_id = $2")
        .bind(town)
        .bind(id)
        .scalar(db)
        .await
}

/// Writes a new campaign.
pub async fn insert(tx: &WriteTx, campaign: &Campaign, by: &AccountId, now: i64) -> Result<()> {
    let h = &campaign.header;
    sql("INSERT INTO campaigns (jurisdiction_id, campaign_id, issuer_unit_id, derived_from, copied_from, state, title, doc_number, \
           issuer, issued_on, theme, period_start, period_end, contact, remarks, notice_text, notice_plan, notice_format, \
           receivers, created_by, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $21)")
    .bind(tx.jurisdiction())
    .bind(&h.id)
    .bind(&h.issuer_unit_id)
    .bind(h.derived_from.as_ref().map(|id| id.0.clone()))
    .bind(campaign.copied_from.as_ref().map(|id| id.0.clone()))
    .bind(h.state.code())
    .bind(h.title.as_str())
    .bind(h.doc_number.as_str())
    .bind(h.issuer.as_str())
    .bind(date_text(h.issued_on))
    .bind(h.theme.as_str())
    .bind(date_text(h.period_start))
    .bind(date_text(h.period_end))
    .bind(h.contact.as_str())
    .bind(h.remarks.as_str())
    .bind(campaign.notice_text.as_str())
    .bind(campaign.notice_plan.as_str())
    .bind(campaign.notice_format.as_str())
    .bind(serde_json::to_string(&campaign.receivers)?)
    .bind(by)
    .bind(now)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// Stores head and receivers; the version grows.
pub async fn update_head(tx: &WriteTx, id: &CampaignId, head: &Head, receivers: &Selector, now: i64) -> Result<()> {
    sql("UPDATE campaigns SET title = $3, doc_number = $4, issuer = $5, issued_on = $6, theme = $7, period_start = $8, \
           period_end = $9, contact = $10, remarks = $11, receivers = $12, updated_at = $13, version = version + 1 \
         WHERE jurisdiction_id = $1 AND campaign_id = $2")
    .bind(tx.jurisdiction())
    .bind(id)
    .bind(head.title.as_str())
    .bind(head.doc_number.as_str())
    .bind(head.issuer.as_str())
    .bind(date_text(head.issued_on))
    .bind(head.theme.as_str())
    .bind(date_text(head.period_start))
    .bind(date_text(head.period_end))
    .bind(head.contact.as_str())
    .bind(head.remarks.as_str())
    .bind(serde_json::to_string(receivers)?)
    .bind(now)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// Stores the text of a campaign by hand.
pub async fn update_text(tx: &WriteTx, id: &CampaignId, text: &str, now: i64) -> Result<()> {
    sql("UPDATE campaigns SET notice_text = $3, updated_at = $4, version = version + 1 WHERE jurisdiction_id = $1 AND campaign_id = $2")
        .bind(tx.jurisdiction())
        .bind(id)
        .bind(text)
        .bind(now)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// Stores what was decided about warnings.
pub async fn update_decisions(
    tx: &WriteTx,
    id: &CampaignId,
    decisions: &std::collections::BTreeMap<String, String>,
    now: i64,
) -> Result<()> {
    sql("UPDATE campaigns SET decisions = $3, updated_at = $4 WHERE jurisdiction_id = $1 AND campaign_id = $2")
        .bind(tx.jurisdiction())
        .bind(id)
        .bind(serde_json::to_string(decisions)?)
        .bind(now)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// Keeps the amendment being written; empty ends it.
pub async fn update_amendment(tx: &WriteTx, id: &CampaignId, amendment: &str, now: i64) -> Result<()> {
    sql("UPDATE campaigns SET amendment = $3, updated_at = $4 WHERE jurisdiction_id = $1 AND campaign_id = $2")
        .bind(tx.jurisdiction())
        .bind(id)
        .bind(amendment)
        .bind(now)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// Marks an edition as published.
pub async fn publish(tx: &WriteTx, id: &CampaignId, edition: i64, now: i64) -> Result<()> {
    sql("UPDATE campaigns SET state = 'published', edition = $3, published_at = COALESCE(published_at, $4), amendment = '', \
           updated_at = $4, version = version + 1 WHERE jurisdiction_id = $1 AND campaign_id = $2")
    .bind(tx.jurisdiction())
    .bind(id)
    .bind(edition)
    .bind(now)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// Ends a campaign.
pub async fn close(tx: &WriteTx, id: &CampaignId, note: &str, now: i64) -> Result<()> {
    sql("UPDATE campaigns SET state = 'closed', closing_note = $3, closed_at = $4, amendment = '', updated_at = $4, \
           version = version + 1 WHERE jurisdiction_id = $1 AND campaign_id = $2")
    .bind(tx.jurisdiction())
    .bind(id)
    .bind(note)
    .bind(now)
    .execute(&**tx)
    .await?;
    Ok(())
}

// ----- activities -----

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
    let rows: Vec<ActivityRow> = sql("SELECT activity_id, ordinal, number, clause, title, kinds, who, starts_on, ends_on, line_first, \
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

// ----- receivers -----

/// The units that receive a published campaign.
pub async fn receiver_ids(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaign: &CampaignId,
) -> Result<Vec<UnitId>> {
    let ids: Vec<String> = sql("SELECT unit_id FROM campaign_receivers WHERE jurisdiction_id = $1 AND campaign_id = $2 AND removed_at IS NULL ORDER BY unit_id")
        .bind(town)
        .bind(campaign)
        .scalars(db)
        .await?;
    Ok(ids.into_iter().map(UnitId).collect())
}

/// How many units receive each of these campaigns.
pub async fn receiver_counts(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaigns: &[CampaignId],
) -> Result<HashMap<CampaignId, i64>> {
    #[derive(FromQueryResult)]
    struct Row {
        campaign_id: String,
        units: i64,
    }
    if campaigns.is_empty() {
        return Ok(HashMap::new());
    }
    let wanted = placeholders(2, campaigns.len());
    let rows: Vec<Row> = sql(format!(
        "SELECT campaign_id, COUNT(*) AS units FROM campaign_receivers \
         WHERE jurisdiction_id = $1 AND removed_at IS NULL AND campaign_id IN ({wanted}) GROUP BY campaign_id"
    ))
    .bind(town)
    .bind_all(campaigns)
    .all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (CampaignId(row.campaign_id), row.units)).collect())
}

/// Whether a unit receives a campaign.
pub async fn is_receiver(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaign: &CampaignId,
    unit: &UnitId,
) -> Result<bool> {
    let count: Option<i64> = sql("SELECT COUNT(*) FROM campaign_receivers WHERE jurisdiction_id = $1 AND campaign_id = $2 AND unit_id = $3 AND removed_at IS NULL")
        .bind(town)
        .bind(campaign)
        .bind(unit)
        .scalar(db)
        .await?;
    Ok(count.unwrap_or_default() > 0)
}

/// Whether any receiver of a campaign lies within a scope.
pub async fn reaches(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaign: &CampaignId,
    scope: &Scope,
) -> Result<bool> {
    let (condition, values) = covered(scope, "u.path", 3);
    let count: Option<i64> = sql(format!(
        "SELECT COUNT(*) FROM campaign_receivers r JOIN units u ON u.jurisdiction_id = r.jurisdiction_id AND u.unit_id = r.unit_id \
         WHERE r.jurisdiction_id = $1 AND r.campaign_id = $2 AND r.removed_at IS NULL AND {condition}"
    ))
    .bind(town)
    .bind(campaign)
    .bind_all(values)
    .scalar(db)
    .await?;
    Ok(count.unwrap_or_default() > 0)
}

/// Makes these units the receivers: new ones are added, others marked as taken off.
pub async fn set_receivers(tx: &WriteTx, campaign: &CampaignId, units: &[UnitId], now: i64) -> Result<()> {
    let known: Vec<String> =
        sql("SELECT unit_id FROM campaign_receivers WHERE jurisdiction_id = $1 AND campaign_id = $2")
            .bind(tx.jurisdiction())
            .bind(campaign)
            .scalars(&**tx)
            .await?;
    let current = receiver_ids(&**tx, tx.jurisdiction(), campaign).await?;
    for gone in current.iter().filter(|unit| !units.contains(unit)) {
        mark_receiver(tx, campaign, gone, Some(now)).await?;
    }
    let (again, new): (Vec<&UnitId>, Vec<&UnitId>) =
        units.iter().filter(|unit| !current.contains(unit)).partition(|unit| known.contains(&unit.0));
    for unit in again {
        mark_receiver(tx, campaign, unit, None).await?;
    }
    let values = new
        .into_iter()
        .flat_map(|unit| [tx.jurisdiction().into(), campaign.into(), unit.into(), now.into()])
        .collect();
    insert_rows(&**tx, "campaign_receivers (jurisdiction_id, campaign_id, unit_id, added_at)", 4, values).await
}

async fn mark_receiver(tx: &WriteTx, campaign: &CampaignId, unit: &UnitId, removed_at: Option<i64>) -> Result<()> {
    sql("UPDATE campaign_receivers SET removed_at = $4 WHERE jurisdiction_id = $1 AND campaign_id = $2 AND unit_id = $3")
        .bind(tx.jurisdiction())
        .bind(campaign)
        .bind(unit)
        .bind(removed_at)
        .execute(&**tx)
        .await?;
    Ok(())
}

// ----- changes -----

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
