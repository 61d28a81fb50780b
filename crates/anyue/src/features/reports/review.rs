//! 审核: a report and its records together, item by item where something is wrong.

use std::collections::BTreeMap;

use super::store::{self, Pinned};
use crate::App;
use crate::features::duties::api::{self as duties, Accept, Accepted, DutyId, Part, SubmissionId};
use crate::features::records::api::{self as records, Record, RecordId, State};
use crate::features::units::api::UnitRef;
use crate::platform::auth::{Actor, Permission};
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};

/// Send back what is marked (退回).
#[derive(Clone, Debug)]
pub struct SendBack {
    /// The revision that was looked at.
    pub submission_id: SubmissionId,
    /// Why, in general.
    pub comment: String,
    /// Why, by part.
    pub parts: BTreeMap<Part, String>,
    /// Why, by record.
    pub records: BTreeMap<RecordId, String>,
    /// Accept the records about which nothing is said.
    pub accept_rest: bool,
}

/// Under which key a review keeps what was said about a record.
pub fn key_of(id: &RecordId) -> String {
    format!("record:{id}")
}

/// Accepts a report and its records that still wait.
///
/// # Errors
/// [`Error::Refused`] while a record of it waits for correction; [`Error::Changed`] when the unit has sent a newer
/// revision, or a colleague has decided meanwhile.
pub async fn accept(app: &App, actor: &Actor, cmd: Accept) -> Result<()> {
    let unit = duties::reviewable(app, actor, &cmd.submission_id).await?;

    let now = app.now();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let own = own_records(&tx, &cmd.submission_id).await?;
    if let Some(open) = own.iter().find(|record| record.state == State::Returned) {
        return Err(Error::refused(format!(
            "“{}”还在退回修改中，等单位改好后再通过；其他各项可以先单独通过。",
            open.facts.title
        )));
    }
    let event = duties::accept_within(&tx, actor, &unit, cmd, now).await?;
    let accepted = accept_waiting(&tx, actor, &unit, own, now).await?;
    tx.commit(event.detail(serde_json::json!({ "records": accepted }))).await
}

/// What was accepted at once.
#[derive(Clone, Debug)]
pub struct AcceptedMany {
    /// Which, and when.
    pub accepted: Accepted,
    /// How many were left because a record of theirs waits for correction.
    pub left: usize,
}

/// Accepts several reports with their records; those that have moved on or have a record that was returned are left
/// as they are.
pub async fn accept_many(app: &App, actor: &Actor, ids: &[SubmissionId]) -> Result<AcceptedMany> {
    let at = app.now();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let (mut ready, mut left) = (Vec::new(), 0);
    for id in ids {
        let returned = own_records(&tx, id).await?.iter().any(|record| record.state == State::Returned);
        if returned { left += 1 } else { ready.push(id.clone()) }
    }
    if ready.is_empty() && left > 0 {
        return Err(Error::refused("所选的报送里都有退回未改的活动，等单位改好后再通过。"));
    }
    let (done, event) = duties::accept_many_within(&tx, actor, &ready, at).await?;
    for id in &done {
        let unit = duties::reviewable(app, actor, id).await?;
        let own = own_records(&tx, id).await?;
        accept_waiting(&tx, actor, &unit, own, at).await?;
    }
    tx.commit(event).await?;
    Ok(AcceptedMany { accepted: Accepted { submission_ids: done, at }, left })
}

/// Takes back that these were accepted, and with them the records that were accepted by the same press.
pub async fn undo_accept(app: &App, actor: &Actor, ids: &[SubmissionId]) -> Result<Vec<SubmissionId>> {
    let town = &actor.jurisdiction;
    let tx = app.db.begin(town).await?;
    let before = duties::submissions(&*tx, town, ids).await?;
    let (done, event) = duties::undo_accept_within(&tx, actor, ids, app.now()).await?;
    for sent in before.iter().filter(|sent| done.contains(&sent.id)) {
        for record in own_records(&tx, &sent.id).await? {
            let together = record.review.at == sent.reviewed_at && record.review.by == sent.reviewed_by_name;
            if record.state == State::Accepted && together {
                records::undo_accept_within(&tx, actor, &record.id, app.now()).await?;
            }
        }
    }
    tx.commit(event).await?;
    Ok(done)
}

/// Takes back what this person accepted of a duty at this very moment.
pub async fn undo_accepted_at(app: &App, actor: &Actor, duty: &DutyId, at: i64) -> Result<Vec<SubmissionId>> {
    let ids = duties::accepted_at(app, actor, duty, at).await?;
    undo_accept(app, actor, &ids).await
}

/// Sends a report back for what is marked; the unit gets one message that names each.
///
/// # Errors
/// [`Error::Invalid`] when nothing is said about anything.
pub async fn send_back(app: &App, actor: &Actor, cmd: SendBack) -> Result<()> {
    let unit = duties::reviewable(app, actor, &cmd.submission_id).await?;

    let now = app.now();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let own = own_records(&tx, &cmd.submission_id).await?;
    let said = |record: &Record| cmd.records.get(&record.id).map_or("", |text| text.trim());
    let (marked, rest): (Vec<Record>, Vec<Record>) = own.into_iter().partition(|record| !said(record).is_empty());
    let others =
        marked.iter().map(|record| (key_of(&record.id), record.facts.title.clone(), said(record).to_owned())).collect();
    let back = duties::SendBack {
        submission_id: cmd.submission_id.clone(),
        comment: cmd.comment.clone(),
        parts: cmd.parts.clone(),
        others,
    };
    let event = duties::send_back_within(app, &tx, actor, &unit, back, now).await?;
    for record in &marked {
        let back = records::SendBack { record_id: record.id.clone(), version: None, comment: said(record).to_owned() };
        records::send_back_within(&tx, actor, back, now).await?;
    }
    let accepted = if cmd.accept_rest { accept_waiting(&tx, actor, &unit, rest, now).await? } else { Vec::new() };
    let returned: Vec<&RecordId> = marked.iter().map(|record| &record.id).collect();
    let detail = serde_json::json!({ "records_returned": returned, "records_accepted": accepted });
    tx.commit(event.detail(detail)).await
}

/// The unit's own records of a submission, as they stand now.
async fn own_records(tx: &WriteTx, id: &SubmissionId) -> Result<Vec<Record>> {
    let mut own = Vec::new();
    for Pinned { record_id, .. } in
        store::of_submission(&**tx, tx.jurisdiction(), id).await?.into_iter().filter(|item| item.own)
    {
        own.extend(records::record(&**tx, tx.jurisdiction(), &record_id).await?);
    }
    Ok(own)
}

/// Accepts those that wait for review; without the permission for records they go on waiting.
async fn accept_waiting(
    tx: &WriteTx,
    actor: &Actor,
    unit: &UnitRef,
    own: Vec<Record>,
    now: i64,
) -> Result<Vec<RecordId>> {
    let mut accepted = Vec::new();
    if !actor.scope(Permission::RecordReview).covers(&unit.path) {
        return Ok(accepted);
    }
    for record in own.into_iter().filter(|record| record.state == State::Reported) {
        let cmd = records::Accept { record_id: record.id.clone(), version: None };
        records::accept_within(tx, actor, cmd, now).await?;
        accepted.push(record.id);
    }
    Ok(accepted)
}
