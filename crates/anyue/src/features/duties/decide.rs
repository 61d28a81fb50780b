//! 延期、不适用、恢复: what the office grants a unit, each with a reason.

use super::model::{OccurrenceId, Step};
use super::occurrence::WorkItem;
use super::rights::{reread, unit_of};
use super::store;
use crate::App;
use crate::features::notifications::api::{Message, send};
use crate::features::units::api::UnitRef;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};

/// The longest extension, a year: what is beyond is a slip of the pen.
const LONGEST_MS: i64 = 366 * 24 * 3_600_000;

/// More time (延期).
#[derive(Clone, Debug)]
pub struct Extend {
    /// For which occurrence.
    pub occurrence_id: OccurrenceId,
    /// Until when, in milliseconds.
    pub until: i64,
    /// Why.
    pub reason: String,
}

/// The unit need not (不适用).
#[derive(Clone, Debug)]
pub struct Excuse {
    /// Which occurrence.
    pub occurrence_id: OccurrenceId,
    /// Why.
    pub reason: String,
}

/// It applies after all (恢复).
#[derive(Clone, Debug)]
pub struct Reinstate {
    /// Which occurrence.
    pub occurrence_id: OccurrenceId,
}

/// Grants more time; the unit gets a message.
pub async fn extend(app: &App, actor: &Actor, cmd: Extend) -> Result<()> {
    let unit = unit_of(app, actor, &cmd.occurrence_id, Permission::DutyReview).await?;
    let mut errors = FieldErrors::new();
    let reason = reason(&cmd.reason, &mut errors);
    let now = app.now();
    if cmd.until <= now {
        errors.add("until", "新的截止时间应当在现在之后。");
    }
    if cmd.until > now + LONGEST_MS {
        errors.add("until", "最多延期一年，请核对年份。");
    }
    errors.into_result()?;

    let tx = app.db.begin(&actor.jurisdiction).await?;
    let mut item = stepped(&tx, &cmd.occurrence_id, Step::Extend).await?;
    if item.due().is_some_and(|due| cmd.until <= due) {
        let message = "新的截止时间应当晚于原来的截止时间。";
        return Err(Error::Invalid(FieldErrors::one("until", message)));
    }
    item.extended_until = Some(cmd.until);
    item.extension_reason = reason.clone();
    store::occurrences::update(&tx, &item, now).await?;
    let until = due_in_words(cmd.until, now);
    let text = format!("截止时间改为{until}。原因：{reason}");
    send(&tx, &app.ids, message(&unit, &item, "extended", "已延期", &text, &actor.name), now).await?;
    let said = format!("{}的“{}”延期至{until}：{reason}", unit.name, item.duty.title);
    tx.commit(Event::new(actor, "duty.extended", "occurrence", &item.id, said).unit(&unit.id)).await
}

/// Excuses the unit; it gets a message.
pub async fn excuse(app: &App, actor: &Actor, cmd: Excuse) -> Result<()> {
    let unit = unit_of(app, actor, &cmd.occurrence_id, Permission::DutyReview).await?;
    let mut errors = FieldErrors::new();
    let reason = reason(&cmd.reason, &mut errors);
    errors.into_result()?;

    let now = app.now();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let mut item = stepped(&tx, &cmd.occurrence_id, Step::Excuse).await?;
    item.decided_by = actor.name.clone();
    item.decided_reason = reason.clone();
    store::occurrences::update(&tx, &item, now).await?;
    let text = format!("这一件不用报送。原因：{reason}");
    send(&tx, &app.ids, message(&unit, &item, "other", "不适用", &text, &actor.name), now).await?;
    let said = format!("{}的“{}”标为不适用：{reason}", unit.name, item.duty.title);
    tx.commit(Event::new(actor, "duty.excused", "occurrence", &item.id, said).unit(&unit.id)).await
}

/// Takes an excuse back; the unit gets a message.
pub async fn reinstate(app: &App, actor: &Actor, cmd: Reinstate) -> Result<()> {
    let unit = unit_of(app, actor, &cmd.occurrence_id, Permission::DutyReview).await?;

    let now = app.now();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let mut item = stepped(&tx, &cmd.occurrence_id, Step::Reinstate).await?;
    item.decided_by.clear();
    item.decided_reason.clear();
    store::occurrences::update(&tx, &item, now).await?;
    let text = match item.due() {
        Some(due) => format!("这一件仍需报送，截止时间：{}。", due_in_words(due, now)),
        None => "这一件仍需报送。".to_owned(),
    };
    send(&tx, &app.ids, message(&unit, &item, "other", "恢复报送", &text, &actor.name), now).await?;
    let said = format!("{}的“{}”恢复为未报", unit.name, item.duty.title);
    tx.commit(Event::new(actor, "duty.reinstated", "occurrence", &item.id, said).unit(&unit.id)).await
}

async fn stepped(tx: &crate::platform::db::WriteTx, id: &OccurrenceId, step: Step) -> Result<WorkItem> {
    let mut item = reread(tx, id).await?;
    let refused =
        || Error::refused(format!("这一件现在是“{}”，不能这样处理。请刷新页面查看最新状态。", item.state.label()));
    if item.is_standing() || item.closed {
        return Err(refused());
    }
    item.state = item.state.after(step).ok_or_else(refused)?;
    Ok(item)
}

fn reason(text: &str, errors: &mut FieldErrors) -> String {
    let text = crate::platform::web::form::required(text, "reason", "请写明原因。", errors);
    crate::platform::web::form::at_most(text, 500, "reason", errors);
    text.to_owned()
}

fn message<'a>(
    unit: &'a UnitRef,
    item: &WorkItem,
    kind: &'static str,
    head: &str,
    text: &str,
    sent_by: &str,
) -> Message<'a> {
    Message {
        unit_id: &unit.id,
        kind,
        title: format!("{head}：{}", item.duty.title),
        body: text.to_owned(),
        link: format!("/work/do/{}", item.id),
        // Each change of an occurrence has its own version: it can be extended twice, with a message each.
        dedup_key: format!("{kind}:{}:{}", item.id, item.version),
        sent_by: sent_by.to_owned(),
    }
}

/// `6月16日（周四）12:00`
pub(super) fn due_in_words(due: i64, now: i64) -> String {
    match (calendar::to_local(due), calendar::to_local(now)) {
        (Some(due), Some(now)) => calendar::format_due(due, now),
        _ => String::new(),
    }
}
