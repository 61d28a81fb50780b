//! What a unit does with a record from its page: held, reported, withdrawn, thrown away.

use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;

use super::form::RecordForm;
use super::model::{Record, RecordId, State, Step};
use super::save::{checked, not_open, own, written};
use super::{edit, files, store};
use crate::App;
use crate::page::Page;
use crate::platform::audit::Event;
use crate::platform::auth::Actor;
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};
use crate::platform::web::{self, Flash};

/// Where somebody came from, when it was a report.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct From {
    back: String,
}

impl From {
    /// The page of the report.
    pub fn back(&self) -> Option<String> {
        back(&self.back)
    }
}

/// The page of a report to go back to; nothing else is followed.
pub(super) fn back(path: &str) -> Option<String> {
    let id = path.strip_prefix("/work/do/")?;
    let is_id = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    is_id.then(|| path.to_owned())
}

/// `POST /work/records/{id}/held`
pub async fn hold_submit(
    Shared(app): Shared<App>,
    page: Page,
    Path(id): Path<RecordId>,
    Query(from): Query<From>,
) -> Result<Response> {
    take(&app, &page.actor, &id, Step::Hold).await?;
    let words = "已记为开展。补充人数和做法后就可以报送。";
    let next = from.back().unwrap_or_else(|| format!("/work/records/{id}"));
    Ok(web::see_other_with(&next, &Flash::success(words)))
}

/// `POST /work/records/{id}/report`
pub async fn report_submit(Shared(app): Shared<App>, page: Page, Path(id): Path<RecordId>) -> Result<Response> {
    match take(&app, &page.actor, &id, Step::Report).await {
        Ok(record) => {
            let flash = Flash::success(format!("“{}”已报送，等待审核。", record.facts.title))
                .undo(format!("/work/records/{id}/withdraw"));
            Ok(web::see_other_with(&format!("/work/records/{id}"), &flash))
        }
        Err(Error::Invalid(errors)) => {
            let (record, _) = own(app.db.reader(), &page.actor, &id).await?;
            let form = RecordForm::of(&record);
            web::page_invalid(&edit::shown(&app, &page, &record, form, errors).await?)
        }
        Err(other) => Err(other),
    }
}

/// `POST /work/records/{id}/withdraw`
pub async fn withdraw_submit(Shared(app): Shared<App>, page: Page, Path(id): Path<RecordId>) -> Result<Response> {
    let record = take(&app, &page.actor, &id, Step::Withdraw).await?;
    let words = format!("“{}”已撤回，修改后请再次报送。", record.facts.title);
    Ok(web::see_other_with(&format!("/work/records/{id}"), &Flash::success(words)))
}

/// `POST /work/records/{id}/discard`
pub async fn discard_submit(Shared(app): Shared<App>, page: Page, Path(id): Path<RecordId>) -> Result<Response> {
    let record = discard(&app, &page.actor, &id).await?;
    let words = format!("“{}”已删除。", record.facts.title);
    Ok(web::see_other_with("/work/records?show=all", &Flash::success(words)))
}

/// Reports a record of the actor's own unit together with something else, in the same transaction. One that is
/// reported already, or accepted, stays as it is.
///
/// # Errors
/// [`Error::Invalid`] with messages by field when something is missing before it can be reported.
pub async fn report_within(app: &App, tx: &WriteTx, actor: &Actor, id: &RecordId) -> Result<Record> {
    let (mut record, _) = own(&**tx, actor, id).await?;
    if matches!(record.state, State::Reported | State::Accepted) {
        return Ok(record);
    }
    let (now, today) = (app.now(), app.clock.today());
    record.state = record.state.after(Step::Report).ok_or_else(|| Error::refused(not_open(&record)))?;
    let stated = record.facts.measures.clone();
    (record.facts, _) = checked(&**tx, tx.jurisdiction(), &record.unit_id, record.facts, &stated, Some(today)).await?;
    record.reported_at = Some(now);
    written(tx, &mut record, now).await?;
    Ok(record)
}

/// Takes a step that the unit may take: held, reported, withdrawn.
///
/// # Errors
/// [`Error::Invalid`] with messages by field when something is missing before it can be reported.
pub async fn take(app: &App, actor: &Actor, id: &RecordId, step: Step) -> Result<Record> {
    let (town, now, today) = (&actor.jurisdiction, app.now(), app.clock.today());
    let tx = app.db.begin(town).await?;
    let (mut record, unit) = own(&*tx, actor, id).await?;
    let next = record.state.after(step).ok_or_else(|| Error::refused(not_open(&record)))?;
    let (kind, done) = match step {
        Step::Hold => ("record.held", "记为已开展"),
        Step::Report => ("record.reported", "报送"),
        Step::Withdraw => ("record.withdrawn", "撤回"),
        _ => return Err(Error::refused(not_open(&record))),
    };
    if step == Step::Report {
        let stated = record.facts.measures.clone();
        (record.facts, _) = checked(&*tx, town, &record.unit_id, record.facts, &stated, Some(today)).await?;
        record.reported_at = Some(now);
    }
    if step == Step::Hold && record.facts.held_on > today {
        return Err(Error::refused("还没有到活动日期。如果提前开展了，请先修改日期。"));
    }
    record.state = next;
    written(&tx, &mut record, now).await?;
    let said = format!("{unit}{done}活动记录“{}”", record.facts.title);
    tx.commit(Event::new(actor, kind, "record", id, said).unit(&record.unit_id)).await?;
    Ok(record)
}

/// Throws away a record that nobody but the unit has seen.
pub async fn discard(app: &App, actor: &Actor, id: &RecordId) -> Result<Record> {
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let (record, unit) = own(&*tx, actor, id).await?;
    if !record.may_be_discarded() {
        return Err(Error::refused("报送过的记录不能删除。内容有误请修改后再次报送，或在说明中写清。"));
    }
    files::discard(&tx, id).await?;
    store::records::delete(&tx, id).await?;
    let said = format!("{unit}删除未报送的活动记录“{}”", record.facts.title);
    tx.commit(Event::new(actor, "record.discarded", "record", id, said).unit(&record.unit_id)).await?;
    Ok(record)
}
