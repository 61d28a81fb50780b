//! 报送: a unit hands in. The same submission sent any number of times is one.

use super::draft::{self, refuse_unless_open};
use super::model::{OccurrenceId, Step};
use super::occurrence::Review;
use super::rights::{reread, unit_of};
use super::store;
use super::submission::{Along, LiaisonForm, Payload, Submission, SubmissionState};
use crate::App;
use crate::features::units::api::{self as units, LiaisonFacts, LiaisonLeader, UnitRef};
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::blobs;
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::JurisdictionId;

/// What is handed in. Files hang on the draft already.
#[derive(Clone, Debug)]
pub struct Submit {
    /// For which occurrence.
    pub occurrence_id: OccurrenceId,
    /// What the parts hold.
    pub payload: Payload,
    /// Nothing happened, and that is the report (零报告).
    pub zero_report: bool,
    /// Made by the one who sends, once for this submission: the draft's own key, or any other text of 8 to 100
    /// characters.
    pub idempotency_key: String,
}

/// What was handed in.
#[derive(Clone, Debug)]
pub struct Submitted {
    /// As stored.
    pub submission: Submission,
    /// Whether the first submission of this occurrence came too late.
    pub late: bool,
    /// It had been received before under the same key; nothing was written now.
    pub again: bool,
}

/// Hands in, by itself.
///
/// # Errors
/// As [`submit_within`].
pub async fn submit(app: &App, actor: &Actor, cmd: Submit) -> Result<Submitted> {
    let unit = unit_of(app, actor, &cmd.occurrence_id, Permission::WorkOwn).await?;
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let (done, event) = submit_within(app, &tx, actor, &unit, cmd, Along::default()).await?;
    if let Some(event) = event {
        tx.commit(event).await?;
    }
    Ok(done)
}

/// The unit for which the actor may hand in this occurrence; for others it is not there.
pub async fn unit_to_submit(app: &App, actor: &Actor, occurrence: &OccurrenceId) -> Result<UnitRef> {
    unit_of(app, actor, occurrence, Permission::WorkOwn).await
}

/// What has been sent under a key; `None` for a draft, whose key it will be.
pub async fn sent_under(
    db: &impl sea_orm::ConnectionTrait,
    town: &JurisdictionId,
    key: &str,
) -> Result<Option<Submission>> {
    let known = store::submissions::by_key(db, town, key.trim()).await?;
    Ok(known.filter(|known| known.state != SubmissionState::Draft))
}

/// Hands in together with something else, in its transaction; the event to commit with, none when it had been
/// received before.
///
/// # Errors
/// [`Error::Invalid`] names each missing part and wrong field; [`Error::Refused`] says why nothing can be handed
/// in at this stage.
pub async fn submit_within(
    app: &App,
    tx: &WriteTx,
    actor: &Actor,
    unit: &UnitRef,
    cmd: Submit,
    along: Along,
) -> Result<(Submitted, Option<Event>)> {
    let key = cmd.idempotency_key.trim();
    if !(8..=100).contains(&key.len()) {
        let message = "提交编号（Idempotency-Key）应为8至100个字符。请刷新页面后重新提交。";
        return Err(Error::Invalid(FieldErrors::one("idempotency_key", message)));
    }

    let now = app.now();
    let mut item = reread(tx, &cmd.occurrence_id).await?;
    if let Some(known) = store::submissions::by_key(&**tx, &actor.jurisdiction, key).await?
        && (known.state != SubmissionState::Draft || known.occurrence_id != item.id)
    {
        if known.occurrence_id != item.id {
            return Err(Error::refused("这个提交编号已经用于另一份报送。请刷新页面后重新提交。"));
        }
        let late = item.late.unwrap_or_default();
        return Ok((Submitted { submission: known, late, again: true }, None));
    }
    refuse_unless_open(&item)?;
    let after = item.state.after(Step::Submit).ok_or(Error::Changed)?;
    let mut draft = draft::open(app, tx, actor, &item).await?;
    let files = blobs::files_of(&**tx, &actor.jurisdiction, "submission", draft.id.as_str()).await?;
    cmd.payload.check(&item.duty, cmd.zero_report, files.len(), along).into_result()?;

    if let Some(former) = item.submission_id.as_ref().filter(|_| item.state == super::model::State::Submitted) {
        let superseded = SubmissionState::Superseded;
        store::submissions::set_review(tx, former, superseded, "", None, &Review::default()).await?;
    }
    draft.state = SubmissionState::Submitted;
    draft.zero_report = cmd.zero_report;
    draft.payload = cmd.payload.trimmed();
    draft.idempotency_key = key.to_owned();
    draft.created_by_name = actor.name.clone();
    draft.submitted_at = Some(now);
    draft.updated_at = now;
    store::submissions::update(tx, actor, &draft).await?;
    draft.version += 1;

    let late = item.late.unwrap_or_else(|| item.would_be_late(now));
    item.late = Some(late);
    item.state = after;
    item.submission_id = Some(draft.id.clone());
    item.submitted_at = Some(now);
    store::occurrences::update(tx, &item, now).await?;
    if let Some(form) = draft.payload.liaison_form.as_ref().filter(|_| !cmd.zero_report) {
        units::set_liaison(tx, &app.ids, &unit.id, &facts(form), Some(draft.id.as_str()), now).await?;
    }
    let what = match (cmd.zero_report, draft.revision) {
        (true, _) => "零报告",
        (false, 1) => "报送",
        (false, _) => "再次报送",
    };
    let said = format!("{}{what}：{}", unit.name, item.duty.title);
    let event = Event::new(actor, "submission.sent", "submission", &draft.id, said).unit(&unit.id);
    Ok((Submitted { submission: draft, late, again: false }, Some(event)))
}

fn facts(form: &LiaisonForm) -> LiaisonFacts {
    LiaisonFacts {
        name: form.name.clone(),
        post: form.post.clone(),
        office_phone: form.office_phone.clone(),
        mobile: form.mobile.clone(),
        fax: form.fax.clone(),
        email_wechat: form.email_wechat.clone(),
        leader: LiaisonLeader {
            name: form.leader_name.clone(),
            post: form.leader_post.clone(),
            phone: form.leader_phone.clone(),
        },
        note: form.note.clone(),
    }
}
