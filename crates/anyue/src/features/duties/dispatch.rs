//! 下发: making the occurrences of a campaign agree with its duties and receivers, at publication and after
//! every amendment.

use std::collections::{BTreeMap, HashMap, HashSet};

use calendar::HolidayCalendar;
use jiff::civil::Date;

use super::model::{CampaignDates, CampaignId, Duty, DutyId, OccurrenceId, Planned, State, Step};
use super::occurrence::STANDING;
use super::store;
use crate::App;
use crate::features::notifications::api::{Message, send_all};
use crate::features::units::api::UnitRef;
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;

/// What is dispatched, to whom.
#[derive(Clone, Debug)]
pub struct Dispatch<'a> {
    /// The campaign.
    pub campaign_id: &'a CampaignId,
    /// Its title, for the message.
    pub title: &'a str,
    /// 1 on publication, one more with each amendment.
    pub edition: i64,
    /// What relative dates are counted from.
    pub dates: &'a CampaignDates,
    /// Everybody who receives the campaign.
    pub receivers: &'a [UnitRef],
    /// Text of the message to every receiver; none is sent without.
    pub message: Option<String>,
    /// Who sends it, by name.
    pub sender: &'a str,
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dispatched {
    /// New occurrences, and those taken up again.
    pub created: i64,
    /// Of the new ones, those already due before.
    pub born_past: i64,
    /// Occurrences no longer owed.
    pub withdrawn: i64,
    /// Occurrences with a new due time.
    pub rescheduled: i64,
}

/// An occurrence as it stands.
#[derive(Clone, Debug)]
pub(crate) struct Existing {
    pub id: OccurrenceId,
    pub duty_id: DutyId,
    pub unit_id: UnitId,
    pub period_key: String,
    pub period: Option<(Date, Date)>,
    pub due_at: Option<i64>,
    pub state: State,
}

/// An occurrence to be made.
#[derive(Debug)]
pub(crate) struct Fresh<'a> {
    pub duty_id: &'a DutyId,
    pub unit_id: &'a UnitId,
    pub planned: &'a Planned,
    pub born_past: bool,
}

/// What has to change.
#[derive(Debug, Default)]
pub(crate) struct Changes<'a> {
    pub fresh: Vec<Fresh<'a>>,
    pub withdraw: Vec<OccurrenceId>,
    pub restore: Vec<OccurrenceId>,
    pub reschedule: Vec<(Option<i64>, OccurrenceId)>,
}

/// Makes the occurrences agree with duties × receivers, and tells the receivers once for this edition. May run
/// any number of times. What was handed in is never touched.
///
/// # Errors
/// [`Error::Refused`] with a sentence for the clerk, when a rhythm cannot be carried out.
pub async fn dispatch(app: &App, tx: &WriteTx, cmd: &Dispatch<'_>, now: i64) -> Result<Dispatched> {
    let duties = store::duties::of_campaign(&**tx, tx.jurisdiction(), cmd.campaign_id, false).await?;
    let existing = store::occurrences::existing(&**tx, tx.jurisdiction(), cmd.campaign_id).await?;
    let plans = plan(&duties, cmd.dates, &app.calendar).map_err(Error::Refused)?;
    let changes = reconcile(&plans, cmd.receivers, &existing, now);

    store::occurrences::insert(tx, &app.ids, cmd.campaign_id, &changes.fresh, now).await?;
    store::occurrences::set_state(tx, &changes.withdraw, State::Withdrawn, now).await?;
    store::occurrences::set_state(tx, &changes.restore, State::Open, now).await?;
    let done = Dispatched {
        created: (changes.fresh.len() + changes.restore.len()) as i64,
        born_past: changes.fresh.iter().filter(|fresh| fresh.born_past).count() as i64,
        withdrawn: changes.withdraw.len() as i64,
        rescheduled: changes.reschedule.len() as i64,
    };
    let mut by_due: BTreeMap<Option<i64>, Vec<OccurrenceId>> = BTreeMap::new();
    for (due, id) in changes.reschedule {
        by_due.entry(due).or_default().push(id);
    }
    for (due, ids) in by_due {
        store::occurrences::reschedule(tx, &ids, due, now).await?;
    }
    if let Some(text) = &cmd.message {
        send_all(tx, &app.ids, &messages(cmd, text), now).await?;
    }
    Ok(done)
}

fn messages<'a>(cmd: &Dispatch<'a>, text: &str) -> Vec<Message<'a>> {
    let (kind, head) = if cmd.edition <= 1 { ("dispatched", "收到通知") } else { ("amended", "通知有调整") };
    cmd.receivers
        .iter()
        .map(|unit| Message {
            unit_id: &unit.id,
            kind,
            title: format!("{head}：{}", cmd.title),
            body: text.to_owned(),
            link: format!("/work/campaigns/{}", cmd.campaign_id),
            dedup_key: format!("dispatch:{}:{}:{}", cmd.campaign_id, cmd.edition, unit.id),
            sent_by: cmd.sender.to_owned(),
        })
        .collect()
}

/// Each duty with its dates.
pub(crate) fn plan<'a>(
    duties: &'a [Duty],
    dates: &CampaignDates,
    holidays: &HolidayCalendar,
) -> Result<Vec<(&'a Duty, Vec<Planned>)>, String> {
    duties.iter().filter(|duty| !duty.dropped).map(|duty| Ok((duty, duty.planned(dates, holidays)?))).collect()
}

/// Compares what should be with what is.
///
/// A date that has gone by is asked for at the first dispatch only (born past): later changes of a rhythm do not
/// reach back. Nor is a unit asked twice for the same days: a new date whose period overlaps one already handed
/// in is left out.
pub(crate) fn reconcile<'a>(
    plans: &'a [(&'a Duty, Vec<Planned>)],
    receivers: &'a [UnitRef],
    existing: &[Existing],
    now: i64,
) -> Changes<'a> {
    let mut by_pair: HashMap<(&DutyId, &UnitId), Vec<&Existing>> = HashMap::new();
    for one in existing {
        by_pair.entry((&one.duty_id, &one.unit_id)).or_default().push(one);
    }
    let mut changes = Changes::default();
    let mut wanted: HashSet<&OccurrenceId> = HashSet::new();
    for (duty, planned) in plans {
        for unit in receivers.iter().filter(|unit| duty.receivers.selects(unit)) {
            let there = by_pair.get(&(&duty.id, &unit.id)).map_or(&[][..], Vec::as_slice);
            for one in there.iter().filter(|one| one.period_key.starts_with(STANDING) && one.period_key != STANDING) {
                wanted.insert(&one.id);
            }
            for planned in planned {
                match there.iter().find(|one| one.period_key == planned.period_key) {
                    Some(one) => {
                        wanted.insert(&one.id);
                        keep(one, planned, &mut changes);
                    }
                    None => {
                        let past = planned.due_ms.is_some_and(|due| due < now);
                        if there.is_empty() || !(past || is_handed_in(there, planned)) {
                            changes.fresh.push(Fresh {
                                duty_id: &duty.id,
                                unit_id: &unit.id,
                                planned,
                                born_past: past,
                            });
                        }
                    }
                }
            }
        }
    }
    for one in existing {
        if !wanted.contains(&one.id) && one.state != State::Withdrawn && one.state.after(Step::Withdraw).is_some() {
            changes.withdraw.push(one.id.clone());
        }
    }
    changes
}

fn keep(one: &Existing, planned: &Planned, changes: &mut Changes<'_>) {
    if one.state.after(Step::Restore).is_some() {
        changes.restore.push(one.id.clone());
    }
    let unanswered = matches!(one.state, State::Open | State::Withdrawn | State::NotApplicable);
    if unanswered && one.due_at != planned.due_ms {
        changes.reschedule.push((planned.due_ms, one.id.clone()));
    }
}

fn is_handed_in(there: &[&Existing], planned: &Planned) -> bool {
    let Some((start, end)) = planned.period_start.zip(planned.period_end) else { return false };
    there.iter().any(|one| {
        matches!(one.state, State::Submitted | State::Accepted | State::Returned)
            && one.period.is_some_and(|(from, until)| from <= end && start <= until)
    })
}
