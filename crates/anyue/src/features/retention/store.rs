//! Rows of rules, holds and the log.

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::platform::auth::Actor;
use crate::platform::db::{WriteTx, sql};
use crate::platform::error::Result;
use crate::platform::ids::JurisdictionId;
use crate::platform::retention::{Class, Rule};

/// All towns, for planning their nights.
pub async fn towns(db: &impl ConnectionTrait) -> Result<Vec<JurisdictionId>> {
    let towns: Vec<String> =
        sql("SELECT jurisdiction_id FROM jurisdictions ORDER BY jurisdiction_id").scalars(db).await?;
    Ok(towns.into_iter().map(JurisdictionId).collect())
}

/// Whether a nightly run of a town is waiting or at work.
pub async fn is_planned(db: &impl ConnectionTrait, town: &JurisdictionId, kind: &str) -> Result<bool> {
    let count: Option<i64> =
        sql("SELECT COUNT(*) FROM jobs WHERE jurisdiction_id = $1 AND kind = $2 AND state IN ('waiting', 'running')")
            .bind(town)
            .bind(kind)
            .scalar(db)
            .await?;
    Ok(count.unwrap_or_default() > 0)
}

/// Writes a rule.
pub async fn insert_rule(tx: &WriteTx, rule: &Rule) -> Result<()> {
    sql("INSERT INTO retention_rules (jurisdiction_id, class, version, days, reason, set_by, set_at, effective_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(tx.jurisdiction())
    .bind(rule.class.as_str())
    .bind(rule.version)
    .bind(rule.days)
    .bind(rule.reason.as_str())
    .bind(rule.set_by.as_str())
    .bind(rule.set_at)
    .bind(rule.effective_at)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// Takes a rule back.
pub async fn take_back(tx: &WriteTx, actor: &Actor, rule: &Rule) -> Result<()> {
    sql("UPDATE retention_rules SET taken_back_by = $1, taken_back_at = $2 \
         WHERE jurisdiction_id = $3 AND class = $4 AND version = $5 AND taken_back_at IS NULL")
    .bind(&actor.account_id)
    .bind(tx.now())
    .bind(tx.jurisdiction())
    .bind(rule.class.as_str())
    .bind(rule.version)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// A hold.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Hold {
    /// Its id.
    pub hold_id: String,
    /// Code of the class; empty for all.
    pub class: String,
    /// The campaign, if it is one's.
    pub campaign_id: Option<String>,
    /// Title of the campaign; empty when it is none's.
    pub campaign: String,
    /// Why.
    pub reason: String,
    /// Who began it.
    pub begun_by: String,
    /// When.
    pub begun_at: i64,
    /// When it was ended.
    pub ended_at: Option<i64>,
}

impl Hold {
    /// Whether it keeps this class as a whole.
    pub fn keeps(&self, class: &Class) -> bool {
        self.ended_at.is_none() && self.campaign_id.is_none() && (self.class.is_empty() || self.class == class.code)
    }
}

/// The holds of a town: those that stand first, then the latest ones.
pub async fn holds(db: &impl ConnectionTrait, town: &JurisdictionId) -> Result<Vec<Hold>> {
    sql("SELECT h.hold_id, h.class, h.campaign_id, COALESCE(c.title, '') AS campaign, h.reason, \
           COALESCE(a.name, '') AS begun_by, h.begun_at, h.ended_at FROM retention_holds h \
         LEFT JOIN campaigns c ON c.campaign_id = h.campaign_id AND c.jurisdiction_id = h.jurisdiction_id \
         LEFT JOIN accounts a ON a.account_id = h.begun_by AND a.jurisdiction_id = h.jurisdiction_id \
         WHERE h.jurisdiction_id = $1 ORDER BY CASE WHEN h.ended_at IS NULL THEN 0 ELSE 1 END, h.begun_at DESC LIMIT 200")
    .bind(town)
    .all(db)
    .await
}

/// Begins a hold.
pub async fn insert_hold(
    tx: &WriteTx,
    actor: &Actor,
    id: &str,
    class: &str,
    campaign: Option<&str>,
    reason: &str,
) -> Result<()> {
    sql("INSERT INTO retention_holds (jurisdiction_id, hold_id, class, campaign_id, reason, begun_by, begun_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
    .bind(tx.jurisdiction())
    .bind(id)
    .bind(class)
    .bind(campaign.map(str::to_owned))
    .bind(reason)
    .bind(&actor.account_id)
    .bind(tx.now())
    .execute(&**tx)
    .await?;
    Ok(())
}

/// Ends a hold; false when there is none such that stands.
pub async fn end_hold(tx: &WriteTx, actor: &Actor, id: &str) -> Result<bool> {
    let ended = sql("UPDATE retention_holds SET ended_by = $1, ended_at = $2 \
         WHERE jurisdiction_id = $3 AND hold_id = $4 AND ended_at IS NULL")
    .bind(&actor.account_id)
    .bind(tx.now())
    .bind(tx.jurisdiction())
    .bind(id)
    .execute(&**tx)
    .await?;
    Ok(ended == 1)
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Removal {
    /// Its id.
    pub removal_id: String,
    /// Which class.
    pub class: String,
    /// The term that counted.
    pub days: i64,
    /// The rule's version; 0 for the program's.
    pub rule_version: i64,
    /// Why the rule was set; empty for the program's.
    pub why: String,
    /// What was younger stayed.
    pub before_at: i64,
    /// How many.
    pub items: i64,
    /// Bytes.
    pub bytes: i64,
    /// The oldest.
    pub from_at: i64,
    /// The newest.
    pub until_at: i64,
    /// Hash of the list of ids.
    pub list_hash: String,
    /// Account of who pressed the button; none for the nightly run.
    pub asked_by: Option<String>,
    /// Their name now; empty for the nightly run.
    pub asked_by_name: String,
    /// When.
    pub removed_at: i64,
}

/// Writes a line of the log.
pub async fn insert_removal(tx: &WriteTx, one: &Removal) -> Result<()> {
    sql("INSERT INTO retention_removals (jurisdiction_id, removal_id, class, days, rule_version, before_at, items, bytes, \
           from_at, until_at, list_hash, asked_by, removed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
    .bind(tx.jurisdiction())
    .bind(one.removal_id.as_str())
    .bind(one.class.as_str())
    .bind(one.days)
    .bind(one.rule_version)
    .bind(one.before_at)
    .bind(one.items)
    .bind(one.bytes)
    .bind(one.from_at)
    .bind(one.until_at)
    .bind(one.list_hash.as_str())
    .bind(one.asked_by.clone())
    .bind(one.removed_at)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// What is looked for in the log.
#[derive(Clone, Debug, Default)]
pub struct LogFilter {
    /// Code of the class; empty for all.
    pub class: String,
    /// From this moment on.
    pub from: Option<i64>,
    /// Before this moment.
    pub until: Option<i64>,
}

/// Lines of the log, the latest first, after the one shown last.
pub async fn removals(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    filter: &LogFilter,
    after: Option<(i64, &str)>,
    limit: i64,
) -> Result<Vec<Removal>> {
    let (at, id) = after.unwrap_or((i64::MAX, ""));
    sql("SELECT r.removal_id, r.class, r.days, r.rule_version, COALESCE(u.reason, '') AS why, r.before_at, r.items, r.bytes, \
           r.from_at, r.until_at, r.list_hash, r.asked_by, COALESCE(a.name, '') AS asked_by_name, r.removed_at \
         FROM retention_removals r \
         LEFT JOIN retention_rules u ON u.jurisdiction_id = r.jurisdiction_id AND u.class = r.class AND u.version = r.rule_version \
         LEFT JOIN accounts a ON a.account_id = r.asked_by AND a.jurisdiction_id = r.jurisdiction_id \
         WHERE r.jurisdiction_id = $1 AND ($2 = '' OR r.class = $2) AND r.removed_at >= $3 AND r.removed_at < $4 \
           AND (r.removed_at < $5 OR (r.removed_at = $5 AND r.removal_id < $6)) \
         ORDER BY r.removed_at DESC, r.removal_id DESC LIMIT $7")
    .bind(town)
    .bind(filter.class.as_str())
    .bind(filter.from.unwrap_or(i64::MIN))
    .bind(filter.until.unwrap_or(i64::MAX))
    .bind(at)
    .bind(id)
    .bind(limit)
    .all(db)
    .await
}
