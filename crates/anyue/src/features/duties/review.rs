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
}

/// Accepts a submission.
///
/// # Errors
/// [`Error::Changed`] when the unit has sent a newer revision, or a colleague has decided meanwhile.
pub async fn accept(app: &App, actor: &Actor, cmd: Accept) -> Result<()> {
    let unit = reviewable(app, actor, &cmd.submission_id).await?;

    let now = app.now();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let (submission, mut item) = current(&*tx, actor, &cmd.submission_id).await?;
    item.state = item.state.after(Step::Accept).ok_or(Error::Changed)?;
    let accepted = SubmissionState::Accepted;
    store::submissions::set_review(&tx, &submission.id, accepted, &actor.name, Some(now), &Review::default()).await?;
    store::occurrences::update(&tx, &item, now).await?;
    let said = format!("通过{}的报送：{}", unit.name, item.duty.title);
    tx.commit(Event::new(actor, "submission.accepted", "submission", &submission.id, said).unit(&unit.id)).await
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
    actor.require_anywhere(Permission::DutyReview)?;
    let at = app.now();
    let done = change_many(app, actor, &cmd.submission_ids, Step::Accept, SubmissionState::Accepted, at).await?;
    Ok(Accepted { submission_ids: done, at })
}

/// Takes back what this person accepted of a duty at this very moment.
pub async fn undo_accepted_at(app: &App, actor: &Actor, duty: &DutyId, at: i64) -> Result<Vec<SubmissionId>> {
    let town = &actor.jurisdiction;
    let ids = store::submissions::accepted_at(app.db.reader(), town, duty, &actor.name, at).await?;
    undo_accept(app, actor, &ids).await
}

/// Takes back that these were accepted: they wait for review again.
pub async fn undo_accept(app: &App, actor: &Actor, submission_ids: &[SubmissionId]) -> Result<Vec<SubmissionId>> {
    actor.require_anywhere(Permission::DutyReview)?;
    let now = app.now();
    change_many(app, actor, submission_ids, Step::UndoAccept, SubmissionState::Submitted, now).await
}

async fn change_many(
    app: &App,
    actor: &Actor,
    ids: &[SubmissionId],
    step: Step,
    becomes: SubmissionState,
    now: i64,
) -> Result<Vec<SubmissionId>> {
    let town = &actor.jurisdiction;
    let scope = actor.scope(Permission::DutyReview);
    let tx = app.db.begin(town).await?;
    let submissions = store::submissions::find_all(&*tx, town, ids).await?;
    let occurrences: Vec<OccurrenceId> = submissions.iter().map(|one| one.occurrence_id.clone()).collect();
    let items = store::occurrences::find_all(&*tx, town, &occurrences).await?;
    let unit_ids: Vec<UnitId> = items.iter().map(|item| item.unit_id.clone()).collect();
    let units = units::get_all(&*tx, town, &unit_ids).await?;
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
        store::submissions::set_review(&tx, id, becomes, by.0, by.1, &Review::default()).await?;
    }
    store::occurrences::set_state(&tx, &changed, state, now).await?;
    let (kind, verb) = match becomes {
        SubmissionState::Accepted => ("submissions.accepted", "一次通过"),
        _ => ("submissions.accept_undone", "撤销通过"),
    };
    let detail = serde_json::json!({ "submissions": done });
    let said = format!("{verb}{}件报送", done.len());
    tx.commit(Event::new(actor, kind, "submission", &done[0], said).detail(detail)).await?;
    Ok(done)
}

/// Sends a submission back: the unit gets a message, corrects what was marked and sends it again.
pub async fn send_back(app: &App, actor: &Actor, cmd: SendBack) -> Result<()> {
    let unit = reviewable(app, actor, &cmd.submission_id).await?;
    let review = Review {
        comment: cmd.comment.trim().to_owned(),
        parts: cmd
            .parts
            .iter()
            .filter(|(_, text)| !text.trim().is_empty())
            .map(|(part, text)| (part.code().to_owned(), text.trim().to_owned()))
            .collect(),
    };
    if review.is_empty() {
        let message = "请写明退回的原因，或者在需要修改的部分旁边写明。";
        return Err(Error::Invalid(FieldErrors::one("comment", message)));
    }
    if review.parts.values().chain([&review.comment]).any(|text| text.chars().count() > 1000) {
        return Err(Error::Invalid(FieldErrors::one("comment", "每处意见最多1000个字。")));
    }

    let now = app.now();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let (submission, mut item) = current(&*tx, actor, &cmd.submission_id).await?;
    item.state = item.state.after(Step::SendBack).ok_or(Error::Changed)?;
    let returned = SubmissionState::Returned;
    store::submissions::set_review(&tx, &submission.id, returned, &actor.name, Some(now), &review).await?;
    store::occurrences::update(&tx, &item, now).await?;
    send(&tx, &app.ids, returned_message(&unit, &item, &submission, &review, &actor.name), now).await?;
    let said = format!("退回{}的报送：{}", unit.name, item.duty.title);
    tx.commit(Event::new(actor, "submission.returned", "submission", &submission.id, said).unit(&unit.id)).await
}

fn returned_message<'a>(
    unit: &'a UnitRef,
    item: &WorkItem,
    submission: &Submission,
    review: &Review,
    sent_by: &str,
) -> Message<'a> {
    let of_part =
        |(code, text): (&String, &String)| format!("{}：{text}", Part::parse(code).map_or("其他", Part::label));
    let mut body: Vec<String> = review.parts.iter().map(of_part).collect();
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
async fn reviewable(app: &App, actor: &Actor, id: &SubmissionId) -> Result<UnitRef> {
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
