//! What is being filled in is kept on the server as one types, and comes back on any device.

use super::model::{OccurrenceId, SubmissionId};
use super::occurrence::{Review, WorkItem};
use super::rights::{reread, unit_of};
use super::store;
use super::submission::{Payload, Submission, SubmissionState, TEXT_LIMIT};
use crate::App;
use crate::platform::auth::{Actor, Permission};
use crate::platform::blobs;
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};

/// What has been typed so far.
#[derive(Clone, Debug)]
pub struct SaveDraft {
    /// For which occurrence.
    pub occurrence_id: OccurrenceId,
    /// What the parts hold.
    pub payload: Payload,
    /// The draft's version as the page knows it; 0 when it knows of none.
    pub version: i64,
}

/// Keeps the draft; the answer carries its new version.
///
/// # Errors
/// [`Error::Changed`] when somebody else has saved or sent it meanwhile: the page shows both.
pub async fn save_draft(app: &App, actor: &Actor, cmd: SaveDraft) -> Result<Submission> {
    unit_of(app, actor, &cmd.occurrence_id, Permission::WorkOwn).await?;
    if cmd.payload.text.chars().count().max(cmd.payload.unit_plan.chars().count()) > TEXT_LIMIT {
        return Err(Error::TooLarge(format!("文字最多{TEXT_LIMIT}个字；长文请作为文件上传。")));
    }

    let tx = app.db.begin(&actor.jurisdiction).await?;
    let item = reread(&tx, &cmd.occurrence_id).await?;
    let known = store::submissions::draft(&*tx, &actor.jurisdiction, &item.id).await?;
    if known.as_ref().map_or(0, |draft| draft.version) != cmd.version {
        return Err(Error::Changed);
    }
    let mut draft = open(app, &tx, actor, &item).await?;
    draft.payload = cmd.payload;
    draft.created_by_name = actor.name.clone();
    draft.updated_at = app.now();
    store::submissions::update(&tx, actor, &draft).await?;
    tx.commit_unaudited("keeping a draft").await?;
    draft.version += 1;
    Ok(draft)
}

/// The draft of an occurrence; a new one begins with what was sent before, files included.
pub(super) async fn open(app: &App, tx: &WriteTx, actor: &Actor, item: &WorkItem) -> Result<Submission> {
    refuse_unless_open(item)?;
    let revisions = store::submissions::of_occurrence(&**tx, tx.jurisdiction(), &item.id).await?;
    let last = match revisions.into_iter().next() {
        Some(draft) if draft.state == SubmissionState::Draft => return Ok(draft),
        last => last,
    };
    let now = app.now();
    let draft = Submission {
        id: app.ids.id::<SubmissionId>(),
        occurrence_id: item.id.clone(),
        unit_id: item.unit_id.clone(),
        revision: last.as_ref().map_or(1, |last| last.revision + 1),
        state: SubmissionState::Draft,
        zero_report: false,
        payload: last.as_ref().map(|last| last.payload.clone()).unwrap_or_default(),
        idempotency_key: app.ids.id(),
        created_by_name: actor.name.clone(),
        created_at: now,
        submitted_at: None,
        reviewed_by_name: String::new(),
        reviewed_at: None,
        review: Review::default(),
        version: 1,
        updated_at: now,
    };
    store::submissions::insert(tx, actor, &draft).await?;
    if let Some(last) = last {
        let files = blobs::files_of(&**tx, tx.jurisdiction(), "submission", last.id.as_str()).await?;
        // A millisecond apart, so that they keep their order.
        for (now, file) in (now..).zip(files) {
            let blob = file.blob();
            let owner = draft.id.as_str();
            blobs::link(tx, &app.ids, &blob, &file.name, &file.media_type, "submission", owner, &actor.account_id, now)
                .await?;
        }
    }
    Ok(draft)
}

/// Says why nothing can be handed in, when nothing can.
pub(super) fn refuse_unless_open(item: &WorkItem) -> Result<()> {
    use super::model::State;
    if item.can_submit() {
        return Ok(());
    }
    Err(Error::refused(match item.state {
        _ if item.closed => "这项活动已经结束，不再接收报送。已报送的内容仍可查看。",
        _ if item.is_standing() => "请先点“新报一次”，再填写内容。",
        State::Accepted => "这一件已经审核通过。如需更正，请联系经办人员退回后再修改。",
        State::NotApplicable => "经办人员已将这一件标为“不适用”，不用报送。如有疑问，请联系经办人员。",
        State::Withdrawn => "这项任务已经取消，不用再报送。",
        State::Open | State::Submitted | State::Returned => "现在不能报送，请刷新页面查看最新状态。",
    }))
}
