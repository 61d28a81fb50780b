//! 审核: the office accepts a record, takes that back, or returns it with a reason.

use axum::extract::{Path, State as Shared};
use axum::response::Response;

use super::model::{Record, RecordId, Review, Step};
use super::save::{not_open, written};
use super::{show, store};
use crate::App;
use crate::features::notifications::api::{Message, send};
use crate::features::units::api::{self as units, UnitRef};
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};
use crate::platform::web::form::{Form, at_most, required};
use crate::platform::web::{self, Flash};

/// The version that was looked at.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct AcceptForm {
    version: String,
}

/// `POST /records/{id}/accept`
pub async fn accept_submit(
    Shared(app): Shared<App>,
    page: Page,
    Path(id): Path<RecordId>,
    Form(form): Form<AcceptForm>,
) -> Result<Response> {
    let record =
        accept(&app, &page.actor, Accept { record_id: id.clone(), version: form.version.parse().ok() }).await?;
    let flash = Flash::success(format!("“{}”已通过。", record.facts.title)).undo(format!("/records/{id}/undo-accept"));
    let next = show::neighbours(&app, &page.actor, &id).await?.1;
    Ok(web::see_other_with(&format!("/records/{}", next.unwrap_or(id)), &flash))
}

/// `POST /records/{id}/undo-accept`
pub async fn undo_submit(Shared(app): Shared<App>, page: Page, Path(id): Path<RecordId>) -> Result<Response> {
    let record = undo_accept(&app, &page.actor, &id).await?;
    let words = format!("已撤销通过，“{}”回到待审核。", record.facts.title);
    Ok(web::see_other_with(&format!("/records/{id}"), &Flash::success(words)))
}

/// Why it is returned.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct ReturnForm {
    version: String,
    /// The reason.
    pub comment: String,
}

/// `POST /records/{id}/return`
pub async fn return_submit(
    Shared(app): Shared<App>,
    page: Page,
    Path(id): Path<RecordId>,
    Form(form): Form<ReturnForm>,
) -> Result<Response> {
    let cmd = SendBack { record_id: id.clone(), version: form.version.parse().ok(), comment: form.comment.clone() };
    match send_back(&app, &page.actor, cmd).await {
        Ok(record) => {
            let words = format!("“{}”已退回，单位会收到消息。", record.facts.title);
            let next = show::neighbours(&app, &page.actor, &id).await?.1;
            Ok(web::see_other_with(&format!("/records/{}", next.unwrap_or(id)), &Flash::success(words)))
        }
        Err(Error::Invalid(errors)) => {
            web::page_invalid(&show::office_page(&app, &page, &id, form.comment, errors).await?)
        }
        Err(other) => Err(other),
    }
}

/// Accept this record (通过).
#[derive(Clone, Debug)]
pub struct Accept {
    /// Which.
    pub record_id: RecordId,
    /// The version that was looked at; `None`: whichever it is now.
    pub version: Option<i64>,
}

/// Return this record (退回).
#[derive(Clone, Debug)]
pub struct SendBack {
    /// Which.
    pub record_id: RecordId,
    /// The version that was looked at; `None`: whichever it is now.
    pub version: Option<i64>,
    /// Why.
    pub comment: String,
}

/// Accepts a record.
///
/// # Errors
/// [`Error::Changed`] when it was changed meanwhile.
pub async fn accept(app: &App, actor: &Actor, cmd: Accept) -> Result<Record> {
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let (record, unit) = accept_within(&tx, actor, cmd, app.now()).await?;
    let said = format!("通过{}的活动记录“{}”", unit.name, record.facts.title);
    tx.commit(Event::new(actor, "record.accepted", "record", &record.id, said).unit(&unit.id)).await?;
    Ok(record)
}

/// Accepts a record together with something else.
pub async fn accept_within(tx: &WriteTx, actor: &Actor, cmd: Accept, now: i64) -> Result<(Record, UnitRef)> {
    let (mut record, unit) = reviewable(&**tx, actor, &cmd.record_id, cmd.version).await?;
    record.state = record.state.after(Step::Accept).ok_or_else(|| Error::refused(not_open(&record)))?;
    record.review = Review { comment: String::new(), by: actor.name.clone(), at: Some(now) };
    written(tx, &mut record, now).await?;
    Ok((record, unit))
}

/// Takes back that it was accepted: it waits for review again.
pub async fn undo_accept(app: &App, actor: &Actor, id: &RecordId) -> Result<Record> {
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let (record, unit) = undo_accept_within(&tx, actor, id, app.now()).await?;
    let said = format!("撤销对{}的活动记录“{}”的通过", unit.name, record.facts.title);
    tx.commit(Event::new(actor, "record.accept_undone", "record", &record.id, said).unit(&unit.id)).await?;
    Ok(record)
}

/// Takes back that it was accepted, together with something else.
pub async fn undo_accept_within(tx: &WriteTx, actor: &Actor, id: &RecordId, now: i64) -> Result<(Record, UnitRef)> {
    let (mut record, unit) = reviewable(&**tx, actor, id, None).await?;
    record.state = record.state.after(Step::UndoAccept).ok_or_else(|| Error::refused(not_open(&record)))?;
    record.review = Review::default();
    written(tx, &mut record, now).await?;
    Ok((record, unit))
}

/// Returns a record with a reason; the host gets a message.
pub async fn send_back(app: &App, actor: &Actor, cmd: SendBack) -> Result<Record> {
    let now = app.now();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let (record, unit) = send_back_within(&tx, actor, cmd, now).await?;
    let message = Message {
        unit_id: &unit.id,
        kind: "returned",
        title: format!("活动记录被退回：{}", record.facts.title),
        body: record.review.comment.clone(),
        link: format!("/work/records/{}", record.id),
        dedup_key: format!("record-returned:{}:{}", record.id, record.version),
        sent_by: actor.name.clone(),
    };
    send(&tx, &app.ids, message, now).await?;
    let said = format!("退回{}的活动记录“{}”", unit.name, record.facts.title);
    tx.commit(Event::new(actor, "record.returned", "record", &record.id, said).unit(&unit.id)).await?;
    Ok(record)
}

/// Returns a record together with something else, whose message names it.
pub async fn send_back_within(tx: &WriteTx, actor: &Actor, cmd: SendBack, now: i64) -> Result<(Record, UnitRef)> {
    let mut errors = FieldErrors::new();
    let comment = required(&cmd.comment, "comment", "请写明退回的原因，单位才知道怎么改。", &mut errors).to_owned();
    at_most(&comment, 1000, "comment", &mut errors);
    errors.into_result()?;
    let (mut record, unit) = reviewable(&**tx, actor, &cmd.record_id, cmd.version).await?;
    record.state = record.state.after(Step::SendBack).ok_or_else(|| Error::refused(not_open(&record)))?;
    record.review = Review { comment, by: actor.name.clone(), at: Some(now) };
    written(tx, &mut record, now).await?;
    Ok((record, unit))
}

/// A record whose host this actor reviews.
async fn reviewable(
    db: &impl sea_orm::ConnectionTrait,
    actor: &Actor,
    id: &RecordId,
    version: Option<i64>,
) -> Result<(Record, UnitRef)> {
    actor.require_anywhere(Permission::RecordReview)?;
    let record = store::records::find(db, &actor.jurisdiction, id).await?.ok_or(Error::NotFound)?;
    let unit = units::get(db, &actor.jurisdiction, &record.unit_id).await?;
    actor.require(Permission::RecordReview, &unit.path).map_err(|_| Error::NotFound)?;
    if version.is_some_and(|version| version != record.version) {
        return Err(Error::Changed);
    }
    Ok((record, unit))
}
