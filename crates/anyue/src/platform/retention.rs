//! How long things are kept (保存期限), and how they go.
//!
//! Each area describes its classes of data as [`Class`] values beside its SQL: one query that finds what is due as of an
//! instant, and the statements that remove those ids. What is shown beforehand and what is removed come from the same
//! query, so they cannot differ. The rules of a town (`retention_rules`) are read here, so that an area can tell for how
//! long its things are kept; pages, holds and the run are in `features/retention`.

use std::collections::HashMap;

use calendar::{from_local_ms, to_local};
use jiff::Span;
use jiff::civil::{Date, Time};
use sea_orm::{ConnectionTrait, FromQueryResult};
use sha2::{Digest, Sha256};

use super::db::{WriteTx, sql};
use super::error::Result;
use super::ids::{Ids, JurisdictionId};
use super::jobs;

/// The nightly run over all classes of a town.
pub const NIGHT: &str = "retention.night";
/// A shortened term waits for so many days.
pub const WAIT_DAYS: i64 = 7;
const DAY_MS: i64 = 24 * 3_600_000;

/// What a town may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    /// Nothing.
    Nothing,
    /// From so many days on, for ever included.
    From(i64),
    /// Between so many days.
    Within(i64, i64),
}

/// Where a term comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// No law names one.
    Ours,
    /// An instrument, its article, and what it says.
    Law(&'static str),
}

/// A class of data.
#[derive(Clone, Copy, Debug)]
pub struct Class {
    /// Its code, never changed: rules and the log are kept by it.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub holds: &'static str,
    /// Which part of the product owns it.
    pub area: &'static str,
    /// From when on its days are counted.
    pub counted_from: &'static str,
    /// The term when the town has set none; `None` is for ever.
    pub days: Option<i64>,
    /// What the town may change.
    pub may: May,
    /// Where the term comes from.
    pub source: Source,
    /// What is due: `SELECT id, at, bytes, about, campaign_id` of the town `$1` for all `at` before `$2`. `about` tells
    /// nothing of a person, `campaign_id` is empty when there is none.
    pub find: &'static str,
    /// Statements over the town `$1` that remove the ids of `IN (...)`; `{now}` is the present.
    pub remove: &'static [&'static str],
}

/// Something that is due.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// What its days are counted from.
    pub at: i64,
    /// Its bytes.
    pub bytes: i64,
    /// What it is.
    pub about: String,
    /// The campaign it belongs to; empty when none.
    pub campaign_id: String,
}

/// How much is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Sum {
    /// Rows.
    pub items: i64,
    /// Bytes.
    pub bytes: i64,
}

/// A term as a town has set it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Rule {
    /// Of which class.
    pub class: String,
    /// Counts the rules of the class.
    pub version: i64,
    /// `None` is for ever.
    pub days: Option<i64>,
    /// Why.
    pub reason: String,
    /// Account that set it.
    pub set_by: String,
    /// When.
    pub set_at: i64,
    /// From when on it counts.
    pub effective_at: i64,
    /// When it was taken back.
    pub taken_back_at: Option<i64>,
}

/// How a class stands in a town.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The term that counts now; `None` is for ever.
    pub days: Option<i64>,
    /// The town's rule behind it; none when the program's counts.
    pub rule: Option<Rule>,
    /// A rule that is still waiting.
    pub pending: Option<Rule>,
}

/// The rules a town has ever set for a class, the oldest first.
pub async fn rules(db: &impl ConnectionTrait, town: &JurisdictionId) -> Result<HashMap<String, Vec<Rule>>> {
    let rows: Vec<Rule> = sql("SELECT class, version, days, reason, set_by, set_at, effective_at, taken_back_at \
         FROM retention_rules WHERE jurisdiction_id = $1 ORDER BY class, version")
    .bind(town)
    .all(db)
    .await?;
    let mut by_class: HashMap<String, Vec<Rule>> = HashMap::new();
    for rule in rows {
        by_class.entry(rule.class.clone()).or_default().push(rule);
    }
    Ok(by_class)
}

/// How a class stands by the rules that were set for it.
pub fn standing(class: &Class, rules: &[Rule], now: i64) -> Standing {
    let good = || rules.iter().rev().filter(|rule| rule.taken_back_at.is_none());
    let rule = good().find(|rule| rule.effective_at <= now).cloned();
    let since = rule.as_ref().map_or(0, |rule| rule.version);
    let pending = good().find(|rule| rule.effective_at > now && rule.version > since).cloned();
    Standing { days: rule.as_ref().map_or(class.days, |rule| rule.days), rule, pending }
}

/// The term of a class in a town, in days; `None` is for ever.
pub async fn days(db: &impl ConnectionTrait, town: &JurisdictionId, class: &Class, now: i64) -> Result<Option<i64>> {
    let all = rules(db, town).await?;
    Ok(standing(class, all.get(class.code).map_or(&[], Vec::as_slice), now).days)
}

fn midnight(day: Date) -> i64 {
    from_local_ms(day.to_datetime(Time::midnight()))
}

/// What is older than this instant is due today. Days are whole days: what came on the 1st with a term of 14 days is
/// kept through the 15th.
pub fn cut(now: i64, days: i64) -> i64 {
    let span = Span::new().try_days(days).ok();
    let day = to_local(now).and_then(|now| now.date().checked_sub(span?).ok());
    day.map_or(i64::MIN, midnight)
}

/// The last day on which something is kept.
pub fn last_day(at: i64, days: i64) -> Option<Date> {
    let span = Span::new().try_days(days).ok()?;
    to_local(at).and_then(|at| at.date().checked_add(span).ok())
}

/// From when on a shortened term counts: the beginning of the day in [`WAIT_DAYS`] days.
pub fn after_wait(now: i64) -> i64 {
    last_day(now, WAIT_DAYS).map_or(i64::MAX, midnight)
}

/// A term in words.
pub fn in_words(days: Option<i64>) -> String {
    match days {
        None => "永久保存".to_owned(),
        Some(days) if days >= 366 => format!("{days}天（约{}年）", (days + 183) / 366),
        Some(days) => format!("{days}天"),
    }
}

/// What is due of a class, without what a hold on its campaign keeps.
fn due_text(class: &Class, columns: &str, then: &str) -> String {
    format!(
        "SELECT {columns} FROM ({}) AS due WHERE due.campaign_id NOT IN (SELECT h.campaign_id FROM retention_holds h \
         WHERE h.jurisdiction_id = $1 AND h.campaign_id IS NOT NULL AND h.ended_at IS NULL){then}",
        class.find
    )
}

/// How much of a class is due.
pub async fn sum(db: &impl ConnectionTrait, town: &JurisdictionId, class: &Class, cut: i64) -> Result<Sum> {
    let columns = "COUNT(*) AS items, CAST(COALESCE(SUM(due.bytes), 0) AS BIGINT) AS bytes";
    let found: Option<Sum> = sql(due_text(class, columns, "")).bind(town).bind(cut).one(db).await?;
    Ok(found.unwrap_or_default())
}

/// What is due of a class, the oldest first, after the item shown last.
pub async fn due(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    class: &Class,
    cut: i64,
    after: Option<(i64, &str)>,
    limit: i64,
) -> Result<Vec<Item>> {
    let (at, id) = after.unwrap_or((i64::MIN, ""));
    let then = " AND (due.at > $3 OR (due.at = $3 AND due.id > $4)) ORDER BY due.at, due.id LIMIT $5";
    let columns = "due.id, due.at, due.bytes, due.about, due.campaign_id";
    sql(due_text(class, columns, then)).bind(town).bind(cut).bind(at).bind(id).bind(limit).all(db).await
}

/// Removes these items in this transaction.
pub async fn remove(tx: &WriteTx, class: &Class, items: &[Item]) -> Result<()> {
    let ids: Vec<String> = items.iter().map(|item| item.id.clone()).collect();
    let now = tx.now().to_string();
    for statement in class.remove {
        sql(statement.replace("{now}", &now)).bind(tx.jurisdiction()).execute_in(&**tx, &ids).await?;
    }
    Ok(())
}

/// SHA-256 over the ids, each on a line: what the log keeps instead of them.
pub fn list_hash(items: &[Item]) -> String {
    let mut hasher = Sha256::new();
    for item in items {
        hasher.update(item.id.as_bytes());
        hasher.update(b"\n");
    }
    hex::encode(hasher.finalize())
}

/// A run in the coming night, unless there is one already.
pub async fn plan_night(tx: &WriteTx, ids: &Ids, now: i64) -> Result<()> {
    let at = next_night(now);
    jobs::enqueue(tx, ids, NIGHT, &at, Some(&format!("at-{at}")), at).await
}

/// The next three in the morning, in China.
pub fn next_night(now: i64) -> i64 {
    let tonight = now.div_euclid(DAY_MS) * DAY_MS + 19 * 3_600_000;
    if tonight > now { tonight } else { tonight + DAY_MS }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLASS: Class = Class {
        code: "x",
        name: "",
        holds: "",
        area: "",
        counted_from: "",
        days: Some(30),
        may: May::From(7),
        source: Source::Ours,
        find: "",
        remove: &[],
    };

    fn at(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
    }

    fn rule(version: i64, days: Option<i64>, effective_at: i64) -> Rule {
        Rule {
            class: "x".to_owned(),
            version,
            days,
            reason: String::new(),
            set_by: String::new(),
            set_at: 0,
            effective_at,
            taken_back_at: None,
        }
    }

    #[test]
    fn the_next_night_is_always_still_to_come() {
        for (now, night) in [
            ("2022-06-13T08:30:00+08:00", "2022-06-14T03:00:00+08:00"),
            ("2022-06-14T02:59:59+08:00", "2022-06-14T03:00:00+08:00"),
            ("2022-06-14T03:00:00+08:00", "2022-06-15T03:00:00+08:00"),
        ] {
            assert_eq!(next_night(at(now)), at(night), "{now}");
        }
    }

    #[test]
    fn days_are_whole_days_in_china() {
        for (now, days, before) in [
            ("2022-06-15T00:00:00+08:00", 14, "2022-06-01T00:00:00+08:00"),
            ("2022-06-15T23:59:59+08:00", 14, "2022-06-01T00:00:00+08:00"),
            ("2022-06-16T00:00:00+08:00", 14, "2022-06-02T00:00:00+08:00"),
            ("2024-03-01T03:00:00+08:00", 1, "2024-02-29T00:00:00+08:00"),
        ] {
            assert_eq!(cut(at(now), days), at(before), "{now}");
        }
        let kept = last_day(at("2022-06-01T12:00:00+08:00"), 14).unwrap();
        assert_eq!(kept, jiff::civil::date(2022, 6, 15));
        assert_eq!(after_wait(at("2022-06-13T08:30:00+08:00")), at("2022-06-20T00:00:00+08:00"));
        assert_eq!(cut(0, 10_000_000), i64::MIN, "a term beyond all days keeps everything");
    }

    #[test]
    fn the_latest_rule_in_force_counts_and_one_that_waits_does_not() {
        assert_eq!(standing(&CLASS, &[], 100).days, Some(30));
        let rules = [rule(1, Some(60), 10), rule(2, Some(20), 200)];
        let now = standing(&CLASS, &rules, 100);
        assert_eq!((now.days, now.pending.map(|rule| rule.version)), (Some(60), Some(2)));
        assert_eq!(standing(&CLASS, &rules, 200).days, Some(20));
        let undone = [rules[0].clone(), Rule { taken_back_at: Some(150), ..rules[1].clone() }];
        assert_eq!(
            standing(&CLASS, &undone, 300),
            Standing { days: Some(60), rule: Some(rules[0].clone()), pending: None }
        );
        let longer = [rules[0].clone(), rules[1].clone(), rule(3, None, 150)];
        let now = standing(&CLASS, &longer, 160);
        assert_eq!((now.days, now.pending), (None, None), "a longer term puts an end to a shorter one that waits");
        assert_eq!(standing(&CLASS, &longer, 300).days, None);
    }

    #[test]
    fn terms_are_told_in_words() {
        assert_eq!(in_words(Some(14)), "14天");
        assert_eq!(in_words(Some(366)), "366天（约1年）");
        assert_eq!(in_words(Some(1098)), "1098天（约3年）");
        assert_eq!(in_words(None), "永久保存");
    }
}
