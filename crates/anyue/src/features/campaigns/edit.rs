//! Editing the content of a campaign: a draft's rows, or an amendment kept as JSON until it is published.
//!
//! Every edit is one call of [`change`]: the content is read, a rule applied, what differs is written, one event
//! goes into the trail. A form carries the version of what it edits (head, activity or duty); a stale one is
//! refused, so that of two editors the second is shown both versions.

use jiff::civil::Date;
use sea_orm::ConnectionTrait;

use super::content::Content;
use super::model::{Activity, ActivityId, Campaign, CampaignState, Head};
use super::{draft, store};
use crate::App;
use crate::features::duties::api::{
    self as duties, CampaignId, Duty, DutyId, DutyKind, EvidenceDemand, Part, Schedule,
};
use crate::features::units::api::Selector;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::JurisdictionId;

/// Changes the head.
#[derive(Clone, Debug)]
pub struct EditHead {
    /// Which campaign.
    pub campaign_id: CampaignId,
    /// The version that was edited.
    pub version: i64,
    /// The new values.
    pub head: Head,
}

/// The values of an activity that can be edited.
#[derive(Clone, Debug, Default)]
pub struct ActivityFields {
    /// What it is called.
    pub title: String,
    /// Who holds it.
    pub who: String,
    /// First day.
    pub starts_on: Option<Date>,
    /// Last day.
    pub ends_on: Option<Date>,
}

/// Changes an activity, or adds one.
#[derive(Clone, Debug)]
pub struct EditActivity {
    /// Which campaign.
    pub campaign_id: CampaignId,
    /// Which activity and its version; `None` adds one.
    pub of: Option<(ActivityId, i64)>,
    /// The new values.
    pub fields: ActivityFields,
}

/// The values of a duty that can be edited.
#[derive(Clone, Debug)]
pub struct DutyFields {
    /// What sort.
    pub kind: DutyKind,
    /// A few words.
    pub title: String,
    /// More words.
    pub detail: String,
    /// The clause.
    pub clause: String,
    /// To whom it is handed in.
    pub hand_in_to: String,
    /// When it falls due.
    pub schedule: Schedule,
    /// First day of a rhythm.
    pub repeat_from: Option<Date>,
    /// Last day of a rhythm.
    pub repeat_until: Option<Date>,
    /// At least so many.
    pub quota: Option<(i64, String)>,
    /// 零报告
    pub zero_report: bool,
    /// The parts of a submission.
    pub parts: Vec<Part>,
    /// Evidence demanded.
    pub evidence: Vec<EvidenceDemand>,
    /// Minutes one unit is expected to spend.
    pub minutes: i64,
}

/// Changes a duty, or adds one.
#[derive(Clone, Debug)]
pub struct EditDuty {
    /// Which campaign.
    pub campaign_id: CampaignId,
    /// Which duty and its version; `None` adds one.
    pub of: Option<(DutyId, i64)>,
    /// The new values.
    pub fields: DutyFields,
}

/// What else is done to an activity or duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Taken out.
    Drop,
    /// Taken in again.
    Restore,
    /// One place up.
    Up,
    /// One place down.
    Down,
}

impl Step {
    /// The step of a word in an address.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "drop" => Some(Self::Drop),
            "restore" => Some(Self::Restore),
            "up" => Some(Self::Up),
            "down" => Some(Self::Down),
            _ => None,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Drop => "删去",
            Self::Restore => "恢复",
            Self::Up => "上移",
            Self::Down => "下移",
        }
    }
}

/// Whether the actor may write this campaign; a campaign passed on is also written by its unit's liaison.
pub(super) fn require_edit(actor: &Actor, campaign: &Campaign) -> Result<()> {
    let path = &campaign.header.issuer_unit_path;
    if campaign.header.derived_from.is_some() && actor.scope(Permission::CampaignPassOn).covers(path) {
        return Ok(());
    }
    actor.require(Permission::CampaignEdit, path)
}

/// The content as it is being written: the amendment when there is one, else the rows.
pub(super) async fn content(db: &impl ConnectionTrait, town: &JurisdictionId, campaign: &Campaign) -> Result<Content> {
    if campaign.header.state == CampaignState::Published && !campaign.amendment.is_empty() {
        return Content::from_json(&campaign.amendment).map_err(Error::internal);
    }
    published_content(db, town, campaign).await
}

/// The content as its rows have it.
pub(super) async fn published_content(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaign: &Campaign,
) -> Result<Content> {
    Ok(Content {
        head: Head::of(&campaign.header),
        receivers: campaign.receivers.clone(),
        activities: store::activities(db, town, &campaign.header.id).await?,
        duties: duties::of_campaign(db, town, &campaign.header.id, true).await?,
        version: campaign.version,
    })
}

/// Writes to the rows what differs between two contents.
pub(super) async fn write_rows(
    tx: &WriteTx,
    campaign: &Campaign,
    before: &Content,
    after: &Content,
    now: i64,
) -> Result<()> {
    let id = &campaign.header.id;
    if before.head != after.head || before.receivers != after.receivers {
        store::update_head(tx, id, &after.head, &after.receivers, now).await?;
    }
    for activity in &after.activities {
        match before.activity(&activity.id) {
            None => store::save_activity(tx, id, activity, true, now).await?,
            Some(was) if differs(was, activity) => store::save_activity(tx, id, activity, false, now).await?,
            Some(_) => {}
        }
    }
    for duty in &after.duties {
        match before.duty(&duty.id) {
            None => duties::insert(tx, duty).await?,
            Some(was) => {
                // An amendment has counted versions of its own; the row is as `before` says.
                let duty = Duty { version: was.version, ..duty.clone() };
                if *was != duty {
                    duties::update(tx, &duty).await?;
                }
            }
        }
    }
    Ok(())
}

fn differs(was: &Activity, is: &Activity) -> bool {
    *was != Activity { version: was.version, ..is.clone() }
}

/// Grows the version of everything that differs: for an amendment, which has no rows to do it.
fn count_versions(before: &Content, after: &mut Content) {
    if before.head != after.head || before.receivers != after.receivers {
        after.version += 1;
    }
    for activity in &mut after.activities {
        if before.activity(&activity.id).is_some_and(|was| was != activity) {
            activity.version += 1;
        }
    }
    for duty in &mut after.duties {
        if before.duty(&duty.id).is_some_and(|was| was != duty) {
            duty.version += 1;
        }
    }
}

/// Changes the content by a rule that gives a result and a sentence for the trail.
pub(super) async fn change<T>(
    app: &App,
    actor: &Actor,
    id: &CampaignId,
    kind: &'static str,
    rule: impl FnOnce(&Campaign, &mut Content) -> Result<(T, String)>,
) -> Result<T> {
    let now = app.now();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let campaign = store::find(&*tx, &actor.jurisdiction, id).await?.ok_or(Error::NotFound)?;
    require_edit(actor, &campaign)?;
    if !campaign.is_being_written() {
        return Err(Error::refused("这项活动已经发布。要修改，请在活动页面选择“修改通知”。"));
    }
    let before = content(&*tx, &actor.jurisdiction, &campaign).await?;
    let mut after = before.clone();
    let (result, summary) = rule(&campaign, &mut after)?;
    if campaign.header.state == CampaignState::Draft {
        write_rows(&tx, &campaign, &before, &after, now).await?;
    } else {
        count_versions(&before, &mut after);
        store::update_amendment(&tx, id, &after.to_json(), now).await?;
    }
    let event = Event::new(actor, kind, "campaign", id, summary).unit(&campaign.header.issuer_unit_id);
    tx.commit(event).await?;
    Ok(result)
}

/// Changes the head.
pub async fn edit_head(app: &App, actor: &Actor, cmd: EditHead) -> Result<()> {
    change(app, actor, &cmd.campaign_id, "campaign.edited", |_, content| {
        if content.version != cmd.version {
            return Err(Error::Changed);
        }
        content.head = cmd.head;
        Ok(((), format!("修改了“{}”的基本信息。", content.head.title)))
    })
    .await
}

/// Changes an activity, or adds one.
pub async fn edit_activity(app: &App, actor: &Actor, cmd: EditActivity) -> Result<ActivityId> {
    let new_id: ActivityId = app.ids.id();
    change(app, actor, &cmd.campaign_id, "campaign.edited", |_, content| {
        let ordinal = content.activities.iter().map(|activity| activity.ordinal).max().unwrap_or_default() + 1;
        let id = match cmd.of {
            Some((id, version)) => {
                let activity =
                    content.activities.iter_mut().find(|activity| activity.id == id).ok_or(Error::NotFound)?;
                if activity.version != version {
                    return Err(Error::Changed);
                }
                id
            }
            None => {
                content.activities.push(Activity {
                    id: new_id.clone(),
                    ordinal,
                    number: String::new(),
                    clause: String::new(),
                    title: String::new(),
                    kinds: Vec::new(),
                    who: String::new(),
                    starts_on: None,
                    ends_on: None,
                    lines: None,
                    dropped: false,
                    version: 1,
                });
                new_id
            }
        };
        if let Some(activity) = content.activities.iter_mut().find(|activity| activity.id == id) {
            activity.title = cmd.fields.title;
            activity.who = cmd.fields.who;
            activity.starts_on = cmd.fields.starts_on;
            activity.ends_on = cmd.fields.ends_on;
        }
        Ok((id, format!("修改了“{}”的活动内容。", content.head.title)))
    })
    .await
}

/// Changes a duty, or adds one.
pub async fn edit_duty(app: &App, actor: &Actor, cmd: EditDuty) -> Result<DutyId> {
    let new_id: DutyId = app.ids.id();
    let campaign_id = cmd.campaign_id.clone();
    change(app, actor, &cmd.campaign_id, "campaign.edited", |_, content| {
        let ordinal = content.duties.iter().map(|duty| duty.ordinal).max().unwrap_or_default() + 1;
        let id = match cmd.of {
            Some((id, version)) => {
                if content.duty(&id).ok_or(Error::NotFound)?.version != version {
                    return Err(Error::Changed);
                }
                id
            }
            None => {
                content.duties.push(Duty { id: new_id.clone(), campaign_id, ordinal, ..draft::blank(cmd.fields.kind) });
                new_id
            }
        };
        let fields = cmd.fields;
        if let Some(duty) = content.duties.iter_mut().find(|duty| duty.id == id) {
            duty.kind = fields.kind;
            duty.title = fields.title;
            duty.detail = fields.detail;
            duty.clause = fields.clause;
            duty.hand_in_to = fields.hand_in_to;
            duty.schedule = fields.schedule;
            duty.repeat_from = fields.repeat_from;
            duty.repeat_until = fields.repeat_until;
            duty.quota = fields.quota;
            duty.zero_report = fields.zero_report;
            duty.parts = fields.parts;
            duty.evidence = fields.evidence;
            duty.minutes = fields.minutes;
        }
        Ok((id, format!("修改了“{}”的任务。", content.head.title)))
    })
    .await
}

/// Takes an activity out or in, or moves it.
pub async fn step_activity(
    app: &App,
    actor: &Actor,
    campaign_id: &CampaignId,
    id: &ActivityId,
    step: Step,
) -> Result<()> {
    change(app, actor, campaign_id, "campaign.edited", |_, content| {
        let index = content.activities.iter().position(|activity| activity.id == *id).ok_or(Error::NotFound)?;
        match step {
            Step::Drop => content.activities[index].dropped = true,
            Step::Restore => content.activities[index].dropped = false,
            Step::Up | Step::Down => {
                if let Some(other) = neighbour(index, content.activities.len(), step) {
                    let ordinal = content.activities[index].ordinal;
                    content.activities[index].ordinal = content.activities[other].ordinal;
                    content.activities[other].ordinal = ordinal;
                    content.activities.swap(index, other);
                }
            }
        }
        Ok(((), format!("{}了“{}”的一项活动。", step.label(), content.head.title)))
    })
    .await
}

/// Takes a duty out or in, or moves it.
pub async fn step_duty(app: &App, actor: &Actor, campaign_id: &CampaignId, id: &DutyId, step: Step) -> Result<()> {
    change(app, actor, campaign_id, "campaign.edited", |_, content| {
        let index = content.duties.iter().position(|duty| duty.id == *id).ok_or(Error::NotFound)?;
        match step {
            Step::Drop => content.duties[index].dropped = true,
            Step::Restore => content.duties[index].dropped = false,
            Step::Up | Step::Down => {
                if let Some(other) = neighbour(index, content.duties.len(), step) {
                    let ordinal = content.duties[index].ordinal;
                    content.duties[index].ordinal = content.duties[other].ordinal;
                    content.duties[other].ordinal = ordinal;
                    content.duties.swap(index, other);
                }
            }
        }
        Ok(((), format!("{}了“{}”的一项任务。", step.label(), content.head.title)))
    })
    .await
}

fn neighbour(index: usize, count: usize, step: Step) -> Option<usize> {
    match step {
        Step::Up => index.checked_sub(1),
        Step::Down => (index + 1 < count).then_some(index + 1),
        _ => None,
    }
}

/// Gives a duty to these units, among the receivers of the campaign.
pub async fn set_duty_receivers(
    app: &App,
    actor: &Actor,
    campaign_id: &CampaignId,
    id: &DutyId,
    version: i64,
    receivers: Selector,
) -> Result<()> {
    change(app, actor, campaign_id, "campaign.edited", |_, content| {
        let duty = content.duties.iter_mut().find(|duty| duty.id == *id).ok_or(Error::NotFound)?;
        if duty.version != version {
            return Err(Error::Changed);
        }
        duty.receivers = receivers;
        let sentence = format!("修改了任务“{}”的接收单位。", duty.title);
        Ok(((), sentence))
    })
    .await
}
