//! All SQL of the statistics' own tables: forms, corrections, freezes.

use jiff::civil::Date;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::form::{Changes, Form};
use super::model::Span;
use crate::features::duties::api::CampaignId;
use crate::platform::db::{WriteTx, placeholders, sql};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AccountId, JurisdictionId, UnitId};

#[derive(FromQueryResult)]
struct FormRow {
    year: i64,
    version: i64,
    content: String,
}

/// What the town has changed in the form of a year, and the version: the newest of that year, else of the year
/// before that has any.
pub async fn changes(db: &impl ConnectionTrait, town: &JurisdictionId, year: i16) -> Result<(Changes, i64, i64)> {
    let row: Option<FormRow> = sql("SELECT year, version, content FROM statistics_forms \
         WHERE jurisdiction_id = $1 AND year <= $2 ORDER BY year DESC, version DESC LIMIT 1")
    .bind(town)
    .bind(i64::from(year))
    .one(db)
    .await?;
    match row {
        None => Ok((Changes::default(), 0, i64::from(year))),
        Some(row) => Ok((serde_json::from_str(&row.content)?, row.version, row.year)),
    }
}

/// The form of a year.
pub async fn form(db: &impl ConnectionTrait, town: &JurisdictionId, year: i16) -> Result<Form> {
    let (changes, version, _) = changes(db, town, year).await?;
    Ok(changes.over_built_in(version))
}

/// A correction as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Its id.
    pub id: String,
    /// The unit whose form it is of.
    pub unit_id: UnitId,
    /// The slot.
    pub slot: String,
    /// Which of the two figures.
    pub span: Span,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// What was computed then.
    pub computed: Option<i64>,
    /// What stands instead.
    pub amount: Option<i64>,
    /// Words that stand instead.
    pub body: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub made_by_name: String,
    /// When.
    pub made_at: i64,
    /// Who took it back; empty while it stands.
    pub taken_back_by_name: String,
    /// When it was taken back.
    pub taken_back_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct CorrectionRow {
    campaign_id: String,
    correction_id: String,
    unit_id: String,
    slot: String,
    span: String,
    from_day: String,
    until_day: String,
    computed: Option<i64>,
    amount: Option<i64>,
    body: String,
    reason: String,
    made_by_name: String,
    made_at: i64,
    taken_back_by_name: String,
    taken_back_at: Option<i64>,
}

const CORRECTION: &str = "campaign_id, correction_id, unit_id, slot, span, from_day, until_day, computed, amount, body, \
    reason, made_by_name, made_at, taken_back_by_name, taken_back_at";

impl CorrectionRow {
    fn into_correction(self) -> Result<(CampaignId, Correction)> {
        let day = |text: &str| text.parse::<Date>().map_err(Error::internal);
        let correction = Correction {
            id: self.correction_id,
            unit_id: UnitId(self.unit_id),
            slot: self.slot,
            span: Span::parse(&self.span).ok_or_else(|| Error::internal("a correction of an unknown span"))?,
            from: day(&self.from_day)?,
            until: day(&self.until_day)?,
            computed: self.computed,
            amount: self.amount,
            body: self.body,
            reason: self.reason,
            made_by_name: self.made_by_name,
            made_at: self.made_at,
            taken_back_by_name: self.taken_back_by_name,
            taken_back_at: self.taken_back_at,
        };
        Ok((CampaignId(self.campaign_id), correction))
    }
}

/// The corrections of a campaign in weeks up to a day, those taken back included, the oldest first.
pub async fn corrections(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaign: &CampaignId,
    until: Date,
) -> Result<Vec<Correction>> {
    let rows: Vec<CorrectionRow> = sql(format!(
        "SELECT {CORRECTION} FROM statistics_corrections \
         WHERE jurisdiction_id = $1 AND campaign_id = $2 AND until_day <= $3 ORDER BY made_at, correction_id"
    ))
    .bind(town)
    .bind(campaign)
    .bind(until.to_string())
    .all(db)
    .await?;
    rows.into_iter().map(|row| Ok(row.into_correction()?.1)).collect()
}

/// A correction by its id, and its campaign.
pub async fn correction(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    id: &str,
) -> Result<Option<(CampaignId, Correction)>> {
    let row: Option<CorrectionRow> = sql(format!(
        "SELECT {CORRECTION} FROM statistics_corrections WHERE jurisdiction_id = $1 AND correction_id = $2"
    ))
    .bind(town)
    .bind(id)
    .one(db)
    .await?;
    row.map(CorrectionRow::into_correction).transpose()
}

/// Takes back whatever stands for a number; how many were taken back.
pub async fn supersede(
    tx: &WriteTx,
    campaign: &CampaignId,
    number: &Correction,
    by_name: &str,
    now: i64,
) -> Result<u64> {
    sql("UPDATE statistics_corrections SET taken_back_at = $1, taken_back_by_name = $2 WHERE jurisdiction_id = $3 \
         AND campaign_id = $4 AND unit_id = $5 AND slot = $6 AND span = $7 AND until_day = $8 AND taken_back_at IS NULL")
    .bind(now)
    .bind(by_name)
    .bind(tx.jurisdiction())
    .bind(campaign)
    .bind(&number.unit_id)
    .bind(number.slot.as_str())
    .bind(number.span.code())
    .bind(number.until.to_string())
    .execute(&**tx)
    .await
}

/// Takes one correction back; false when that was done before.
pub async fn take_back(tx: &WriteTx, id: &str, by_name: &str, now: i64) -> Result<bool> {
    let changed = sql("UPDATE statistics_corrections SET taken_back_at = $1, taken_back_by_name = $2 \
         WHERE jurisdiction_id = $3 AND correction_id = $4 AND taken_back_at IS NULL")
    .bind(now)
    .bind(by_name)
    .bind(tx.jurisdiction())
    .bind(id)
    .execute(&**tx)
    .await?;
    Ok(changed > 0)
}

/// Writes a correction.
pub async fn insert_correction(
    tx: &WriteTx,
    campaign: &CampaignId,
    one: &Correction,
    made_by: &AccountId,
) -> Result<()> {
    sql(format!(
        "INSERT INTO statistics_corrections (jurisdiction_id, correction_id, campaign_id, unit_id, slot, span, from_day, \
         until_day, computed, amount, body, reason, made_by, made_by_name, made_at) VALUES ({})",
        placeholders(1, 15)
    ))
    .bind(tx.jurisdiction())
    .bind(one.id.as_str())
    .bind(campaign)
    .bind(&one.unit_id)
    .bind(one.slot.as_str())
    .bind(one.span.code())
    .bind(one.from.to_string())
    .bind(one.until.to_string())
    .bind(one.computed)
    .bind(one.amount)
    .bind(one.body.as_str())
    .bind(one.reason.as_str())
    .bind(made_by)
    .bind(one.made_by_name.as_str())
    .bind(one.made_at)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// A form that was frozen.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Freeze {
    /// Its id.
    pub freeze_id: String,
    /// The campaign.
    pub campaign_id: String,
    /// First day of the week.
    pub from_day: String,
    /// Last day of the week.
    pub until_day: String,
    /// Counted from 1.
    pub edition: i64,
    /// Of the document.
    pub sha256: String,
    /// Why it was frozen again.
    pub reason: String,
    /// Who.
    pub frozen_by_name: String,
    /// When.
    pub frozen_at: i64,
}

const FREEZE: &str = "freeze_id, campaign_id, from_day, until_day, edition, sha256, reason, frozen_by_name, frozen_at";

/// The frozen forms of a campaign, the newest edition of each week first.
pub async fn freezes(db: &impl ConnectionTrait, town: &JurisdictionId, campaign: &CampaignId) -> Result<Vec<Freeze>> {
    sql(format!(
        "SELECT {FREEZE} FROM statistics_freezes WHERE jurisdiction_id = $1 AND campaign_id = $2 \
         ORDER BY until_day DESC, edition DESC"
    ))
    .bind(town)
    .bind(campaign)
    .all(db)
    .await
}

/// A frozen form by its id.
pub async fn freeze(db: &impl ConnectionTrait, town: &JurisdictionId, id: &str) -> Result<Option<Freeze>> {
    sql(format!("SELECT {FREEZE} FROM statistics_freezes WHERE jurisdiction_id = $1 AND freeze_id = $2"))
        .bind(town)
        .bind(id)
        .one(db)
        .await
}

/// The document of a frozen form.
pub async fn document(db: &impl ConnectionTrait, town: &JurisdictionId, id: &str) -> Result<Option<String>> {
    sql("SELECT document FROM statistics_freezes WHERE jurisdiction_id = $1 AND freeze_id = $2")
        .bind(town)
        .bind(id)
        .scalar(db)
        .await
}

/// Writes that a form was frozen.
///
/// # Errors
/// [`Error::Duplicate`] when somebody else froze this edition first.
pub async fn insert_freeze(tx: &WriteTx, one: &Freeze, document: &str, frozen_by: &AccountId) -> Result<()> {
    sql(format!(
        "INSERT INTO statistics_freezes (jurisdiction_id, frozen_by, document, {FREEZE}) VALUES ({})",
        placeholders(1, 12)
    ))
    .bind(tx.jurisdiction())
    .bind(frozen_by)
    .bind(document)
    .bind(one.freeze_id.as_str())
    .bind(one.campaign_id.as_str())
    .bind(one.from_day.as_str())
    .bind(one.until_day.as_str())
    .bind(one.edition)
    .bind(one.sha256.as_str())
    .bind(one.reason.as_str())
    .bind(one.frozen_by_name.as_str())
    .bind(one.frozen_at)
    .execute(&**tx)
    .await?;
    Ok(())
}
/// Writes what the town has changed in the form from a year on, as a new version.
///
/// # Errors
/// [`Error::Duplicate`] when somebody else wrote this version first.
pub async fn save_changes(
    tx: &WriteTx,
    (year, version): (i16, i64),
    changes: &Changes,
    by_name: &str,
    now: i64,
) -> Result<()> {
    sql("INSERT INTO statistics_forms (jurisdiction_id, year, version, content, edited_by_name, edited_at) \
         VALUES ($1, $2, $3, $4, $5, $6)")
    .bind(tx.jurisdiction())
    .bind(i64::from(year))
    .bind(version)
    .bind(serde_json::to_string(changes)?)
    .bind(by_name)
    .bind(now)
    .execute(&**tx)
    .await?;
    Ok(())
}
