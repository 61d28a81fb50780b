//! 审核: the office accepts what was handed in, or sends it back with a word to each part.

use std::collections::BTreeMap;

use super::model::{DutyId, OccurrenceId, Part, State, Step, SubmissionId};
use super::occurrence::{Review, WorkItem};
use super::store;
use super::submission::{Submission, SubmissionState};
use crate::App;
use crate::features::notifications::api::{Message, send};
use crate::features::units::api::{self as units, UnitRef};
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;

/// Accept this submission (通过).
#[derive(Clone, Debug)]
pub struct Accept {
    /// The revision that was looked at.
    pub submission_id: SubmissionId,
}

/// Accept all of these at once.
#[derive(Clone, Debug)]
pub struct AcceptMany {
    /// The revisions that were looked at.
    pub submission_ids: Vec<SubmissionId>,
}

/// Send this submission back (退回).
#[derive(Clone, Debug)]
pub struct SendBack {
    /// The revision that was looked at.
    pub submission_id: SubmissionId,
    /// Why, in general.
    pub comment: String,
    /// Why, by part.
    pub parts: BTreeMap<Part, String>,
    /// Why, of what came along from other areas: a key of theirs, its title, the reason.
    pub others: Vec<(String, String, String)>,
}

/// Accepts a submission together with something else, in its transaction; the event to commit with.
///
/// # Errors
/// [`Error::Changed`] when the unit has sent a newer revision, or a colleague has decided meanwhile.
pub async fn accept_within(tx: &WriteTx, actor: &Actor, unit: &UnitRef, cmd: Accept, now: i64) -> Result<Event> {
    let (submission, mut item) = current(&**tx, actor, &cmd.submission_id).await?;
    item.state = item.state.after(Step::Accept).ok_or(Error::Changed)?;
    let accepted = SubmissionState::Accepted;
    store::submissions::set_review(tx, &submission.id, accepted, &actor.name, Some(now), &Review::default()).await?;
    store::occurrences::update(tx, &item, now).await?;
    let said = format!("通过{}的报送：{}", unit.name, item.duty.title);
    Ok(Event::new(actor, "submission.accepted", "submission", &submission.id, said).unit(&unit.id))
}

/// Accepts a submission by itself.
///
/// # Errors
/// As [`accept_within`].
pub async fn accept(app: &App, actor: &Actor, cmd: Accept) -> Result<()> {
    let unit = reviewable(app, actor, &cmd.submission_id).await?;
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let event = accept_within(&tx, actor, &unit, cmd, app.now()).await?;
    tx.commit(event).await
}

/// What was accepted at once.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// Which.
    pub submission_ids: Vec<SubmissionId>,
    /// When: names this press for [`undo_accepted_at`].
    pub at: i64,
}

/// Accepts several submissions; those that have moved on meanwhile are left as they are.
pub async fn accept_many(app: &App, actor: &Actor, cmd: AcceptMany) -> Result<Accepted> {
    let at = app.now();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let (done, event) = accept_many_within(&tx, actor, &cmd.submission_ids, at).await?;
    tx.commit(event).await?;
    Ok(Accepted { submission_ids: done, at })
}

/// Accepts several together with something else, in its transaction: which, and the event to commit with.
pub async fn accept_many_within(
    tx: &WriteTx,
    actor: &Actor,
    ids: &[SubmissionId],
    now: i64,
) -> Result<(Vec<SubmissionId>, Event)> {
    actor.require_anywhere(Permission::DutyReview)?;
    change_many(tx, actor, ids, Step::Accept, SubmissionState::Accepted, now).await
}

/// What this person accepted of a duty at this very moment.
pub async fn accepted_at(app: &App, actor: &Actor, duty: &DutyId, at: i64) -> Result<Vec<SubmissionId>> {
    store::submissions::accepted_at(app.db.reader(), &actor.jurisdiction, duty, &actor.name, at).await
}

/// Takes back that these were accepted: they wait for review again.
pub async fn undo_accept(app: &App, actor: &Actor, submission_ids: &[SubmissionId]) -> Result<Vec<SubmissionId>> {
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let (done, event) = undo_accept_within(&tx, actor, submission_ids, app.now()).await?;
    tx.commit(event).await?;
    Ok(done)
}

/// Takes back together with something else, in its transaction: which, and the event to commit with.
pub async fn undo_accept_within(
    tx: &WriteTx,
    actor: &Actor,
    ids: &[SubmissionId],
    now: i64,
) -> Result<(Vec<SubmissionId>, Event)> {
    actor.require_anywhere(Permission::DutyReview)?;
    change_many(tx, actor, ids, Step::UndoAccept, SubmissionState::Submitted, now).await
}

async fn change_many(
    tx: &WriteTx,
    actor: &Actor,
    ids: &[SubmissionId],
    step: Step,
    becomes: SubmissionState,
    now: i64,
) -> Result<(Vec<SubmissionId>, Event)> {
    let town = &actor.jurisdiction;
    let scope = actor.scope(Permission::DutyReview);
    let submissions = store::submissions::find_all(&**tx, town, ids).await?;
    let occurrences: Vec<OccurrenceId> = submissions.iter().map(|one| one.occurrence_id.clone()).collect();
    let items = store::occurrences::find_all(&**tx, town, &occurrences).await?;
    let unit_ids: Vec<UnitId> = items.iter().map(|item| item.unit_id.clone()).collect();
    let units = units::get_all(&**tx, town, &unit_ids).await?;
    let (mut done, mut changed, mut state) = (Vec::new(), Vec::new(), State::Submitted);
    for item in items {
        let covered = units.get(&item.unit_id).is_some_and(|unit| scope.covers(&unit.path));
        let shown = item.submission_id.clone().filter(|id| submissions.iter().any(|one| one.id == *id));
        if let (true, Some(id), Some(after)) = (covered, shown, item.state.after(step)) {
            state = after;
            done.push(id);
            changed.push(item.id);
        }
    }
    if done.is_empty() {
        return Err(Error::refused("所选的报送都已经处理过，没有可以更改的。请刷新页面查看最新状态。"));
    }
    let by = if becomes == SubmissionState::Accepted { (actor.name.as_str(), Some(now)) } else { ("", None) };
    for id in &done {
        store::submissions::set_review(tx, id, becomes, by.0, by.1, &Review::default()).await?;
    }
    store::occurrences::set_state(tx, &changed, state, now).await?;
    let (kind, verb) = match becomes {
        SubmissionState::Accepted => ("submissions.accepted", "一次通过"),
        _ => ("submissions.accept_undone", "撤销通过"),
    };
    let detail = serde_json::json!({ "submissions": done });
    let said = format!("{verb}{}件报送", done.len());
    let event = Event::new(actor, kind, "submission", &done[0], said).detail(detail);
    Ok((done, event))
}

/// Sends a submission back: the unit gets a message, corrects what was marked and sends it again.
pub async fn send_back(app: &App, actor: &Actor, cmd: SendBack) -> Result<()> {
    let unit = reviewable(app, actor, &cmd.submission_id).await?;
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let event = send_back_within(app, &tx, actor, &unit, cmd, app.now()).await?;
    tx.commit(event).await
}

/// Sends a submission back together with something else, in its transaction; the event to commit with.
pub async fn send_back_within(
    app: &App,
    tx: &WriteTx,
    actor: &Actor,
    unit: &UnitRef,
    cmd: SendBack,
    now: i64,
) -> Result<Event> {
    let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let mut review = Review {
        comment: cmd.comment.trim().to_owned(),
        parts: cmd.parts.iter().filter_map(|(part, text)| Some((part.code().to_owned(), said(text)?))).collect(),
    };
    let others: Vec<(String, String)> =
        cmd.others.iter().filter_map(|(_, title, text)| Some((title.clone(), said(text)?))).collect();
    review.parts.extend(cmd.others.iter().filter_map(|(key, _, text)| Some((key.clone(), said(text)?))));
    if review.is_empty() {
        let message = "请写明退回的原因，或者在需要修改的部分旁边写明。";
        return Err(Error::Invalid(FieldErrors::one("comment", message)));
    }
    if review.parts.values().chain([&review.comment]).any(|text| text.chars().count() > 1000) {
        return Err(Error::Invalid(FieldErrors::one("comment", "每处意见最多1000个字。")));
    }

    let (submission, mut item) = current(&**tx, actor, &cmd.submission_id).await?;
    item.state = item.state.after(Step::SendBack).ok_or(Error::Changed)?;
    let returned = SubmissionState::Returned;
    store::submissions::set_review(tx, &submission.id, returned, &actor.name, Some(now), &review).await?;
    store::occurrences::update(tx, &item, now).await?;
    send(tx, &app.ids, returned_message(unit, &item, &submission, &review, &others, &actor.name), now).await?;
    let said = format!("退回{}的报送：{}", unit.name, item.duty.title);
    Ok(Event::new(actor, "submission.returned", "submission", &submission.id, said).unit(&unit.id))
}

fn returned_message<'a>(
    unit: &'a UnitRef,
    item: &WorkItem,
    submission: &Submission,
    review: &Review,
    others: &[(String, String)],
    sent_by: &str,
) -> Message<'a> {
    let of_part = |(code, text): (&String, &String)| Some(format!("{}：{text}", Part::parse(code)?.label()));
    let mut body: Vec<String> = review.parts.iter().filter_map(of_part).collect();
    body.extend(others.iter().map(|(title, text)| format!("{title}：{text}")));
    if !review.comment.is_empty() {
        body.insert(0, review.comment.clone());
    }
    Message {
        unit_id: &unit.id,
        kind: "returned",
        title: format!("请修改后再报：{}", item.duty.title),
        body: body.join("\n"),
        link: format!("/work/do/{}", item.id),
        dedup_key: format!("returned:{}", submission.id),
        sent_by: sent_by.to_owned(),
    }
}

/// The unit of a submission that the actor may review.
pub async fn reviewable(app: &App, actor: &Actor, id: &SubmissionId) -> Result<UnitRef> {
    let town = &actor.jurisdiction;
    let submission = store::submissions::find(app.db.reader(), town, id).await?.ok_or(Error::NotFound)?;
    let unit = units::get(app.db.reader(), town, &submission.unit_id).await?;
    if actor.require(Permission::DutyReview, &unit.path).is_err() {
        actor.require_anywhere(Permission::DutyReview)?;
        return Err(Error::NotFound);
    }
    Ok(unit)
}

/// The submission and its occurrence, when it is the one that counts.
async fn current(
    db: &impl sea_orm::ConnectionTrait,
    actor: &Actor,
    id: &SubmissionId,
) -> Result<(Submission, WorkItem)> {
    let town = &actor.jurisdiction;
    let submission = store::submissions::find(db, town, id).await?.ok_or(Error::NotFound)?;
    let item = store::occurrences::find(db, town, &submission.occurrence_id).await?.ok_or(Error::NotFound)?;
    if item.submission_id.as_ref() != Some(id) || submission.state == SubmissionState::Draft {
        return Err(Error::Changed);
    }
    Ok((submission, item))
}
