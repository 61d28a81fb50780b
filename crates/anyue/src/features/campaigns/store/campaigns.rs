//! Rows of `campaigns`.

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{covered, date, date_text};
use crate::features::campaigns::model::{Campaign, CampaignHeader, CampaignState, Head};
use crate::features::duties::api::CampaignId;
use crate::features::units::api::Selector;
use crate::platform::auth::Scope;
use crate::platform::db::{WriteTx, placeholders, sql};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AccountId, JurisdictionId, UnitId};

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
pub async fn derived(db: &impl ConnectionTrait, town: &JurisdictionId, id: &CampaignId) -> Result<Vec<CampaignHeader>> {
    let rows: Vec<HeaderRow> = sql(format!("SELECT {HEADER} {FROM} AND c.derived_from = $2 ORDER BY c.campaign_id"))
        .bind(town)
        .bind(id)
        .all(db)
        .await?;
    headers_of(rows)
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
    let rest: Option<RestRow> =
        sql("SELECT receivers, copied_from, notice_text, notice_plan, notice_format, decisions, amendment, \
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
pub async fn notice_text(db: &impl ConnectionTrait, town: &JurisdictionId, id: &CampaignId) -> Result<Option<String>> {
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
    sql(
        "UPDATE campaigns SET title = $3, doc_number = $4, issuer = $5, issued_on = $6, theme = $7, period_start = $8, \
           period_end = $9, contact = $10, remarks = $11, receivers = $12, updated_at = $13, version = version + 1 \
         WHERE jurisdiction_id = $1 AND campaign_id = $2",
    )
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

/// Removes a draft and its activities; its duties are gone already. Copies forget where they come from.
pub async fn delete_draft(tx: &WriteTx, id: &CampaignId) -> Result<()> {
    for statement in [
        "UPDATE campaigns SET copied_from = NULL WHERE jurisdiction_id = $1 AND copied_from = $2",
        "DELETE FROM activities WHERE jurisdiction_id = $1 AND campaign_id = $2",
        "DELETE FROM campaigns WHERE jurisdiction_id = $1 AND campaign_id = $2 AND state = 'draft'",
    ] {
        sql(statement).bind(tx.jurisdiction()).bind(id).execute(&**tx).await?;
    }
    Ok(())
}

/// A campaign of this unit with this number (发文字号) and its state, the newest of them.
pub async fn with_number(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    unit: &UnitId,
    number: &str,
) -> Result<Option<CampaignHeader>> {
    let row: Option<HeaderRow> = sql(format!(
        "SELECT {HEADER} {FROM} AND c.issuer_unit_id = $2 AND c.doc_number = $3 ORDER BY c.campaign_id DESC LIMIT 1"
    ))
    .bind(town)
    .bind(unit)
    .bind(number)
    .one(db)
    .await?;
    row.map(HeaderRow::into_header).transpose()
}
