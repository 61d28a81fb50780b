//! 提醒: telling those who still owe something, once per occurrence and day, when the job runs.

use std::collections::{HashMap, HashSet};

use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

use super::decide::due_in_words;
use super::model::{CampaignId, DutyId, State};
use super::occurrence::WorkItem;
use super::store;
use crate::App;
use crate::features::notifications::api::{self as notifications, Message, send_all};
use crate::features::units::api as units;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{JurisdictionId, UnitId};
use crate::platform::jobs::{self, Job};

/// About what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemindAbout {
    /// One duty.
    Duty(DutyId),
    /// Everything of a campaign.
    Campaign(CampaignId),
}

/// Whom to remind of what.
#[derive(Clone, Debug)]
pub struct Remind {
    /// About what.
    pub about: RemindAbout,
    /// These units, as far as they still owe it when the job runs.
    pub unit_ids: Vec<UnitId>,
}

/// A reminder as it will be sent.
#[derive(Clone, Debug)]
pub struct Reminder {
    /// What is owed, by whom.
    pub item: WorkItem,
    /// A few words.
    pub title: String,
    /// The text.
    pub body: String,
}

/// A reminder about a whole campaign speaks of what is due within two weeks; one about a duty, of that duty.
const SOON_MS: i64 = 14 * 24 * 3_600_000;

#[derive(Serialize, Deserialize)]
struct Payload {
    about: RemindAbout,
    units: Vec<UnitId>,
    sent_by: String,
}

/// Has the units reminded, by a job; how many units.
pub async fn remind(app: &App, actor: &Actor, cmd: Remind) -> Result<usize> {
    actor.require_anywhere(Permission::DutyReview)?;
    let town = &actor.jurisdiction;
    let scope = actor.scope(Permission::DutyReview);
    let known = units::get_all(app.db.reader(), town, &cmd.unit_ids).await?;
    let units: Vec<UnitId> =
        cmd.unit_ids.iter().filter(|id| known.get(id).is_some_and(|unit| scope.covers(&unit.path))).cloned().collect();
    if units.is_empty() {
        return Err(Error::refused("没有需要提醒的单位：可能都已经报送。请刷新页面查看最新情况。"));
    }

    let tx = app.db.begin(town).await?;
    let count = units.len();
    let (kind, id) = match &cmd.about {
        RemindAbout::Duty(id) => ("duty", id.to_string()),
        RemindAbout::Campaign(id) => ("campaign", id.to_string()),
    };
    let payload = Payload { about: cmd.about, units, sent_by: actor.name.clone() };
    jobs::enqueue(&tx, &app.ids, notifications::REMIND, &payload, None, app.now()).await?;
    tx.commit(Event::new(actor, "duty.reminded", kind, id, format!("提醒{count}个单位报送"))).await?;
    app.work.notify_one();
    Ok(count)
}

/// The job: writes the messages to those that still owe something now.
pub async fn carry_out(app: &App, job: &Job) -> Result<()> {
    let town = JurisdictionId(job.jurisdiction_id.clone());
    let payload: Payload = serde_json::from_str(&job.payload)?;
    let now = app.now();
    let tx = app.db.begin(&town).await?;
    let reminders = reminders(&*tx, &town, &payload.about, &payload.units, now).await?;
    let today = app.clock.today();
    let messages: Vec<Message<'_>> = reminders
        .iter()
        .map(|reminder| Message {
            unit_id: &reminder.item.unit_id,
            kind: "reminder",
            title: reminder.title.clone(),
            body: reminder.body.clone(),
            link: format!("/work/do/{}", reminder.item.id),
            dedup_key: format!("reminder:{}:{today}", reminder.item.id),
            sent_by: payload.sent_by.clone(),
        })
        .collect();
    send_all(&tx, &app.ids, &messages, now).await?;
    tx.commit_unaudited("sending reminders that were asked for").await
}

/// The reminders these units would get now.
pub async fn reminders(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    about: &RemindAbout,
    units: &[UnitId],
    now: i64,
) -> Result<Vec<Reminder>> {
    let wanted: HashSet<&UnitId> = units.iter().collect();
    let mut items = store::occurrences::owing(db, town, about).await?;
    let next = store::occurrences::next_due(db, town, about, now).await?;
    items.retain(|item| wanted.contains(&item.unit_id) && item.is_owing() && is_due(item, &next));
    if matches!(about, RemindAbout::Campaign(_)) {
        items.retain(|item| item.due().is_none_or(|due| due <= now + SOON_MS));
    }
    Ok(items.into_iter().map(|item| reminder(item, now)).collect())
}

/// Of a duty with a rhythm a unit is told what is overdue and what comes next, not the whole summer.
fn is_due(item: &WorkItem, next: &HashMap<DutyId, i64>) -> bool {
    match (item.is_repeating(), item.due_at, next.get(&item.duty.id)) {
        (true, Some(due), Some(next)) => due <= *next,
        _ => true,
    }
}

/// Quotation marks inside quotation marks become single ones.
fn inside_quotes(text: &str) -> String {
    text.replace('“', "‘").replace('”', "’")
}

fn reminder(item: WorkItem, now: i64) -> Reminder {
    let by = item.due().map(|due| {
        let left = match (calendar::to_local(due), calendar::to_local(now)) {
            (Some(due), Some(now)) if !(item.born_past && item.extended_until.is_none()) => {
                format!("（{}）", calendar::time_left(due, now))
            }
            _ => String::new(),
        };
        format!("{}{left}", due_in_words(due, now))
    });
    let title = &item.duty.title;
    let named = inside_quotes(title);
    let body = match (item.state, by) {
        (State::Returned, Some(by)) => format!("“{named}”已退回，请修改后再次报送。截止时间：{by}。"),
        (State::Returned, None) => format!("“{named}”已退回，请修改后再次报送。"),
        (_, Some(by)) => format!("“{named}”还没有收到。截止时间：{by}。请点开本消息办理。"),
        (_, None) => format!("“{named}”还没有收到。请点开本消息办理。"),
    };
    Reminder { title: format!("提醒：{title}"), body, item }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_with_quotation_marks_is_quoted_with_single_ones_inside() {
        assert_eq!(inside_quotes("组织“6·16”活动"), "组织‘6·16’活动");
    }
}
