//! All SQL of the documents' own tables: documents, numbers, templates.

use jiff::civil::Date;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::model::{Content, Kind, Paper, State};
use crate::features::duties::api::CampaignId;
use crate::platform::auth::Scope;
use crate::platform::db::{Condition, WriteTx, placeholders, sql};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AccountId, JurisdictionId, UnitId};
use crate::platform::text_key::text_key;

#[derive(FromQueryResult)]
struct Row {
    document_id: String,
    unit_id: String,
    campaign_id: Option<String>,
    week: i64,
    kind: String,
    state: String,
    content: String,
    doc_number: String,
    dated: Option<String>,
    comment: String,
    approved_by_name: String,
    approved_at: Option<i64>,
    issued_by_name: String,
    issued_at: Option<i64>,
    version: i64,
    created_by_name: String,
    created_at: i64,
    updated_by_name: String,
    updated_at: i64,
}

const COLUMNS: &str = "d.document_id, d.unit_id, d.campaign_id, d.week, d.kind, d.state, d.content, d.doc_number, \
    d.dated, d.comment, d.approved_by_name, d.approved_at, d.issued_by_name, d.issued_at, d.version, \
    d.created_by_name, d.created_at, d.updated_by_name, d.updated_at";

impl Row {
    fn into_paper(self) -> Result<Paper> {
        let dated: Option<Result<Date>> = self.dated.map(|day| day.parse().map_err(Error::internal));
        Ok(Paper {
            id: self.document_id,
            unit_id: UnitId(self.unit_id),
            campaign_id: self.campaign_id.map(CampaignId),
            week: self.week,
            kind: Kind::parse(&self.kind).ok_or_else(|| Error::internal("a document of an unknown kind"))?,
            state: State::parse(&self.state).ok_or_else(|| Error::internal("a document in an unknown state"))?,
            content: serde_json::from_str(&self.content)?,
            number: self.doc_number,
            dated: dated.transpose()?,
            comment: self.comment,
            approved_by: self.approved_by_name,
            approved_at: self.approved_at,
            issued_by: self.issued_by_name,
            issued_at: self.issued_at,
            version: self.version,
            created_by: self.created_by_name,
            created_at: self.created_at,
            updated_by: self.updated_by_name,
            updated_at: self.updated_at,
        })
    }
}

/// A document.
pub async fn find(db: &impl ConnectionTrait, town: &JurisdictionId, id: &str) -> Result<Option<Paper>> {
    let row: Option<Row> =
        sql(format!("SELECT {COLUMNS} FROM documents d WHERE d.jurisdiction_id = $1 AND d.document_id = $2"))
            .bind(town)
            .bind(id)
            .one(db)
            .await?;
    row.map(Row::into_paper).transpose()
}

/// What the list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Of units below.
    pub scope: Option<Scope>,
    /// Words of title and number.
    pub words: String,
    /// Only of this kind.
    pub kind: Option<Kind>,
    /// Only in this state.
    pub state: Option<State>,
    /// Only about this campaign; empty: any.
    pub campaign: String,
    /// Only those changed before the last of the page before: time and id.
    pub before: Option<(i64, String)>,
}

/// A page of the documents wanted, the last changed first; one more than `limit` when there are more.
pub async fn page(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    wanted: &Wanted,
    limit: usize,
) -> Result<Vec<Paper>> {
    let mut all = Condition::of_town("d.jurisdiction_id", town);
    if let Some(Scope::Below(paths)) = &wanted.scope {
        let any: Vec<String> = paths.iter().map(|path| all.bind("u.path LIKE", format!("{path}%"))).collect();
        all.and_any(&any);
    }
    for (column, code) in [
        ("d.kind", wanted.kind.map_or("", Kind::code)),
        ("d.state", wanted.state.map_or("", State::code)),
        ("d.campaign_id", wanted.campaign.as_str()),
    ] {
        if !code.is_empty() {
            all.and_equals(column, code);
        }
    }
    let words = text_key(&wanted.words);
    if !words.is_empty() {
        let found = all.bind("d.search_key LIKE", format!("%{words}%"));
        all.and(found);
    }
    if let Some((at, id)) = &wanted.before {
        let (earlier, same) = (all.bind("d.updated_at <", *at), all.bind("d.updated_at =", *at));
        let below = all.bind("d.document_id <", id.as_str());
        all.and(format!("({earlier} OR ({same} AND {below}))"));
    }
    let last = all.next();
    let rows: Vec<Row> = sql(format!(
        "SELECT {COLUMNS} FROM documents d JOIN units u ON u.jurisdiction_id = d.jurisdiction_id \
         AND u.unit_id = d.unit_id WHERE {} ORDER BY d.updated_at DESC, d.document_id DESC LIMIT ${last}",
        all.text
    ))
    .bind_all(all.values)
    .bind(i64::try_from(limit + 1).unwrap_or(i64::MAX))
    .all(db)
    .await?;
    rows.into_iter().map(Row::into_paper).collect()
}

const WRITTEN: &str = "unit_id, campaign_id, week, kind, state, title, search_key, content, doc_number, dated, comment, \
    approved_by_name, approved_at, issued_by_name, issued_at, version, created_by_name, created_at, updated_by_name, \
    updated_at";

fn written(paper: &Paper) -> Result<Vec<Value>> {
    Ok(vec![
        (&paper.unit_id).into(),
        paper.campaign_id.as_ref().map(|id| id.0.clone()).into(),
        paper.week.into(),
        paper.kind.code().into(),
        paper.state.code().into(),
        paper.content.title_line().into(),
        paper.search_key().into(),
        serde_json::to_string(&paper.content)?.into(),
        paper.number.as_str().into(),
        paper.dated.map(|day| day.to_string()).into(),
        paper.comment.as_str().into(),
        paper.approved_by.as_str().into(),
        paper.approved_at.into(),
        paper.issued_by.as_str().into(),
        paper.issued_at.into(),
        paper.version.into(),
        paper.created_by.as_str().into(),
        paper.created_at.into(),
        paper.updated_by.as_str().into(),
        paper.updated_at.into(),
    ])
}

/// Writes a new document.
pub async fn insert(tx: &WriteTx, paper: &Paper, by: &AccountId) -> Result<()> {
    let values = written(paper)?;
    sql(format!(
        "INSERT INTO documents (jurisdiction_id, document_id, created_by, {WRITTEN}) VALUES ({})",
        placeholders(1, values.len() + 3)
    ))
    .bind(tx.jurisdiction())
    .bind(paper.id.as_str())
    .bind(by)
    .bind_all(values)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// Writes a document over the one before.
pub async fn update(tx: &WriteTx, paper: &Paper) -> Result<()> {
    let set: Vec<String> =
        WRITTEN.split(", ").enumerate().map(|(at, name)| format!("{} = ${}", name.trim(), at + 3)).collect();
    sql(format!("UPDATE documents SET {} WHERE jurisdiction_id = $1 AND document_id = $2", set.join(", ")))
        .bind(tx.jurisdiction())
        .bind(paper.id.as_str())
        .bind_all(written(paper)?)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// Removes a draft without a number.
pub async fn delete(tx: &WriteTx, id: &str) -> Result<()> {
    sql("DELETE FROM documents WHERE jurisdiction_id = $1 AND document_id = $2")
        .bind(tx.jurisdiction())
        .bind(id)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// A number that was given.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Number {
    /// 机关代字
    pub word: String,
    /// The year it is of.
    pub year: i64,
    /// Its place in that year.
    pub serial: i64,
    /// The document.
    pub document_id: String,
    /// Who gave it.
    pub given_by_name: String,
    /// When.
    pub given_at: i64,
    /// Why it is void; empty while it stands.
    pub void_reason: String,
    /// Title of the document.
    pub title: String,
}

/// All numbers of an office, the newest first.
pub async fn numbers(db: &impl ConnectionTrait, town: &JurisdictionId, unit: &UnitId) -> Result<Vec<Number>> {
    sql("SELECT n.word, n.year, n.ordinal AS serial, n.document_id, n.given_by_name, n.given_at, n.void_reason, d.title \
         FROM document_numbers n JOIN documents d ON d.jurisdiction_id = n.jurisdiction_id \
         AND d.document_id = n.document_id WHERE n.jurisdiction_id = $1 AND n.unit_id = $2 \
         ORDER BY n.year DESC, n.word, n.ordinal DESC")
    .bind(town)
    .bind(unit)
    .all(db)
    .await
}

/// The last number of an office, a word and a year; `None` before the first.
pub async fn last_serial(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    unit: &UnitId,
    (word, year): (&str, i64),
) -> Result<Option<i64>> {
    let last: Option<Option<i64>> = sql("SELECT MAX(ordinal) FROM document_numbers \
         WHERE jurisdiction_id = $1 AND unit_id = $2 AND word = $3 AND year = $4")
    .bind(town)
    .bind(unit)
    .bind(word)
    .bind(year)
    .scalar(db)
    .await?;
    Ok(last.flatten())
}

/// Gives a number; the primary key refuses one that was given before.
pub async fn insert_number(
    tx: &WriteTx,
    paper: &Paper,
    (word, year, serial): (&str, i64, i64),
    by: &str,
) -> Result<()> {
    sql("INSERT INTO document_numbers (jurisdiction_id, unit_id, word, year, ordinal, document_id, given_by_name, \
         given_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(tx.jurisdiction())
    .bind(&paper.unit_id)
    .bind(word)
    .bind(year)
    .bind(serial)
    .bind(paper.id.as_str())
    .bind(by)
    .bind(paper.updated_at)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// The number of a document is void; the row stays.
pub async fn void_number(tx: &WriteTx, document: &str, reason: &str) -> Result<()> {
    sql("UPDATE document_numbers SET void_reason = $3 WHERE jurisdiction_id = $1 AND document_id = $2")
        .bind(tx.jurisdiction())
        .bind(document)
        .bind(reason)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// A template as a town has changed it.
#[derive(Clone, Debug)]
pub struct Changed {
    /// Its code.
    pub code: String,
    /// Grows with each change.
    pub version: i64,
    /// What it says.
    pub content: Content,
    /// Who changed it.
    pub edited_by: String,
    /// When.
    pub edited_at: i64,
}

#[derive(FromQueryResult)]
struct TemplateRow {
    code: String,
    version: i64,
    content: String,
    edited_by_name: String,
    edited_at: i64,
}

/// The newest version of each template the town has changed.
pub async fn templates(db: &impl ConnectionTrait, town: &JurisdictionId) -> Result<Vec<Changed>> {
    let rows: Vec<TemplateRow> = sql("SELECT t.code, t.version, t.content, t.edited_by_name, t.edited_at \
         FROM document_templates t WHERE t.jurisdiction_id = $1 AND t.version = (SELECT MAX(x.version) \
         FROM document_templates x WHERE x.jurisdiction_id = $1 AND x.code = t.code) ORDER BY t.code")
    .bind(town)
    .all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Changed {
                content: serde_json::from_str(&row.content)?,
                code: row.code,
                version: row.version,
                edited_by: row.edited_by_name,
                edited_at: row.edited_at,
            })
        })
        .collect()
}

/// Keeps a further version of a template.
pub async fn insert_template(tx: &WriteTx, template: &Changed) -> Result<()> {
    sql("INSERT INTO document_templates (jurisdiction_id, code, version, content, edited_by_name, edited_at) \
         VALUES ($1, $2, $3, $4, $5, $6)")
    .bind(tx.jurisdiction())
    .bind(template.code.as_str())
    .bind(template.version)
    .bind(serde_json::to_string(&template.content)?)
    .bind(template.edited_by.as_str())
    .bind(template.edited_at)
    .execute(&**tx)
    .await?;
    Ok(())
}
