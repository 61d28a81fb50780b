//! 报送: text, files and records in one press; the receipt comes with it.

use sea_orm::ConnectionTrait;
use sha2::{Digest as _, Sha256};

use super::gather::{Gathered, gather};
use super::model::Takes;
use super::store::{self, Pinned};
use crate::App;
use crate::features::duties::api::{self as duties, Along, Submission, SubmissionId, Submit, Submitted, WorkItem};
use crate::features::receipts::api::{self as receipts, Issued, Item, ItemKind};
use crate::features::records::api::{self as records, Record, RecordId, State};
use crate::features::uploads::api as uploads;
use crate::platform::FieldErrors;
use crate::platform::auth::Actor;
use crate::platform::blobs;
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::JurisdictionId;

/// Hand in.
#[derive(Clone, Debug)]
pub struct HandIn {
    /// The submission.
    pub submit: Submit,
    /// Records that were ticked, where the unit chooses; `None`: as they were ticked before.
    pub records: Option<Vec<RecordId>>,
}

/// What was handed in.
#[derive(Clone, Debug)]
pub struct HandedIn {
    /// The submission, and whether it had been received before.
    pub submitted: Submitted,
    /// The receipt; `None` only for what was sent before there were receipts.
    pub receipt: Option<Issued>,
    /// Its records.
    pub records: Vec<Pinned>,
}

/// Hands in with everything that goes along.
///
/// # Errors
/// [`Error::Invalid`] names each missing part; field `records` a record that cannot be reported yet, `uploads` files
/// that are still on their way, `zero_report` a zero report although something was held. [`Error::Refused`] says why
/// nothing can be handed in at this stage.
pub async fn hand_in(app: &App, actor: &Actor, cmd: HandIn) -> Result<HandedIn> {
    let unit = duties::unit_to_submit(app, actor, &cmd.submit.occurrence_id).await?;
    let keys = receipts::keys(app)?;

    let (town, now) = (&actor.jurisdiction, app.now());
    let tx = app.db.begin(town).await?;
    if duties::sent_under(&*tx, town, &cmd.submit.idempotency_key).await?.is_some() {
        let (submitted, _) = duties::submit_within(app, &tx, actor, &unit, cmd.submit, Along::default()).await?;
        let records = store::of_submission(&*tx, town, &submitted.submission.id).await?;
        let receipt = receipts::of_submission(&*tx, town, submitted.submission.id.as_str()).await?;
        return Ok(HandedIn { submitted, receipt, records });
    }
    let item = duties::occurrence(&*tx, town, &cmd.submit.occurrence_id).await?.ok_or(Error::NotFound)?;
    let gathered = gather(&*tx, town, &item, cmd.records.as_deref(), app.clock.today()).await?;
    refuse_while_coming(&tx, &item, &gathered, now).await?;
    if cmd.submit.zero_report {
        refuse_zero(&gathered)?;
    }
    let going: Vec<Record> = match cmd.submit.zero_report {
        true => Vec::new(),
        false => gathered.going().cloned().collect(),
    };
    refuse_uncorrected(&*tx, town, &item, &going).await?;

    let mut along = Along { records: going.len(), files: 0 };
    for record in &going {
        along.files += records::files_of(&*tx, town, &record.id).await?.len();
    }
    let (submitted, event) = duties::submit_within(app, &tx, actor, &unit, cmd.submit, along).await?;
    let mut pinned = Vec::new();
    for record in going {
        pinned.push(pin(app, &tx, actor, &item, record).await?);
    }
    store::replace(&tx, &submitted.submission.id, &pinned).await?;
    let parts = parts(&tx, &submitted.submission, &pinned).await?;
    let about = item.duty.kind.label();
    let receipt = receipts::issue(app, &tx, &keys, submitted.submission.id.as_str(), about, parts, now).await?;
    let event = event.ok_or_else(|| Error::internal("a new submission has an event"))?;
    let records: Vec<&RecordId> = pinned.iter().map(|item| &item.record_id).collect();
    let detail = serde_json::json!({ "records": records, "receipt": receipt.number });
    tx.commit(event.detail(detail)).await?;
    Ok(HandedIn { submitted, receipt: Some(receipt), records: pinned })
}

/// A receipt says that everything is here: nothing is sent while a file is still on its way.
async fn refuse_while_coming(tx: &WriteTx, item: &WorkItem, gathered: &Gathered, now: i64) -> Result<()> {
    let owners: Vec<String> =
        gathered.going().flat_map(|record| [record.id.to_string(), record.idempotency_key.clone()]).collect();
    let coming = uploads::coming(&**tx, tx.jurisdiction(), item.id.as_str(), &owners, now).await?;
    if coming.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = coming.iter().map(|file| format!("“{}”", file.name)).collect();
    let message = format!(
        "{}还在上传，等它{}传完再报送，已经传好的都在。不再需要的，可以在页面上取消。",
        names.join("、"),
        if names.len() > 1 { "们" } else { "" }
    );
    Err(Error::Invalid(FieldErrors::one("uploads", message)))
}

/// Nothing happened cannot be said when something was held.
fn refuse_zero(gathered: &Gathered) -> Result<()> {
    if !matches!(gathered.takes, Takes::Period(..)) {
        return Ok(());
    }
    let along = |records: &[Record]| records.iter().filter(|record| gathered.along.contains(&record.id)).count();
    let (held, earlier) = (along(&gathered.records), along(&gathered.earlier));
    if held == 0 && earlier == 0 {
        return Ok(());
    }
    if held == 0 {
        let message = format!("勾选了{earlier}项以前的活动，不能报“无活动”。请直接报送；不想一起报的，先去掉勾选。");
        return Err(Error::Invalid(FieldErrors::one("zero_report", message)));
    }
    let message = format!("本期有{held}项已经开展的活动，不能报“无活动”。请直接报送；记错了的，先删除或改日期。");
    Err(Error::Invalid(FieldErrors::one("zero_report", message)))
}

/// What was returned must have been corrected before the whole is sent again.
async fn refuse_uncorrected(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    item: &WorkItem,
    going: &[Record],
) -> Result<()> {
    let Some(last) = &item.submission_id else { return Ok(()) };
    let sent = store::of_submission(db, town, last).await?;
    for record in going.iter().filter(|record| record.state == State::Returned) {
        let before = sent.iter().find(|pinned| pinned.record_id == record.id);
        if before.is_some_and(|pinned| hash(&records::content(record).unwrap_or_default()) == pinned.sha256) {
            return Err(wrong(record, "已退回，还没有修改。请按意见改好再报送。"));
        }
    }
    Ok(())
}

fn wrong(record: &Record, words: &str) -> Error {
    Error::Invalid(FieldErrors::one("records", format!("“{}”：{words}", record.facts.title)))
}

/// Reports a record where it is the unit's own, and fixes what it says.
async fn pin(app: &App, tx: &WriteTx, actor: &Actor, item: &WorkItem, record: Record) -> Result<Pinned> {
    let own = record.unit_id == item.unit_id;
    let record = match own {
        false => record,
        true => match records::report_within(app, tx, actor, &record.id).await {
            Err(Error::Invalid(errors)) => {
                let words: Vec<&str> = errors.iter().map(|(_, message)| message).collect();
                return Err(wrong(&record, &words.join("")));
            }
            reported => reported?,
        },
    };
    let content = records::content(&record)?;
    Ok(Pinned { sha256: hash(&content), version: record.version, record_id: record.id, own, content })
}

fn hash(content: &str) -> String {
    hex::encode(Sha256::digest(content.as_bytes()))
}

/// Everything that was received, by its hash: each record as it was reported with its files, each text, each file.
/// Every file that is linked has come whole; what it hashes to is what it is stored under.
async fn parts(tx: &WriteTx, sent: &Submission, pinned: &[Pinned]) -> Result<Vec<Item>> {
    let town = tx.jurisdiction();
    let mut parts = Vec::new();
    for item in pinned {
        parts.extend(Item::of_hex(ItemKind::Record, &item.sha256));
    }
    let form = sent.payload.liaison_form.as_ref().map(serde_json::to_string).transpose()?.unwrap_or_default();
    let zero = if sent.zero_report { "零报告" } else { "" };
    for text in [zero, &sent.payload.text, &sent.payload.unit_plan, &form] {
        if !text.is_empty() {
            parts.push(Item::of(ItemKind::Text, text.as_bytes()));
        }
    }
    let mut files = blobs::files_of(&**tx, town, "submission", sent.id.as_str()).await?;
    for item in pinned {
        files.extend(records::files_of(&**tx, town, &item.record_id).await?);
    }
    for file in files {
        let item = Item::of_hex(ItemKind::File, &file.sha256);
        parts.push(item.ok_or_else(|| Error::internal("a file without a hash"))?);
    }
    Ok(parts)
}

/// The records of a submission that was sent.
pub async fn of_submission(db: &impl ConnectionTrait, town: &JurisdictionId, id: &SubmissionId) -> Result<Vec<Pinned>> {
    store::of_submission(db, town, id).await
}
