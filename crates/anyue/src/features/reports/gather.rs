//! What belongs to a report before it is sent: the records of its period, or those that were chosen.

use jiff::ToSpan as _;
use jiff::civil::Date;
use sea_orm::ConnectionTrait;

use super::model::{Takes, activity_of, takes, was_held};
use super::store;
use crate::App;
use crate::features::campaigns::api as campaigns;
use crate::features::duties::api::{self as duties, OccurrenceId, SubmissionState, WorkItem};
use crate::features::records::api::{self as records, Record, RecordId, State};
use crate::platform::auth::Actor;
use crate::platform::error::{Error, Result};
use crate::platform::ids::JurisdictionId;

/// Records of so many days are offered to choose from.
const OFFERED_DAYS: i64 = 60;
/// So many records are offered at most, the newest.
const OFFERED: usize = 20;

/// What a report consists of.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// How the duty takes records along.
    pub takes: Takes,
    /// Held before the period and not reported with any report; offered beside it, the oldest first.
    pub earlier: Vec<Record>,
    /// The others that the page shows, the oldest first.
    pub records: Vec<Record>,
    /// Ids of those that go along.
    pub along: Vec<RecordId>,
    /// Code of the kind that the duty asks for; empty when any will do.
    pub kind: String,
    /// Campaign and activity that a new record serves, as the form of records writes them.
    pub serves: String,
}

impl Gathered {
    /// The records that go along.
    pub fn going(&self) -> impl Iterator<Item = &Record> {
        self.earlier.iter().chain(&self.records).filter(|record| self.along.contains(&record.id))
    }
}

/// Gathers. `chosen` is what the page has ticked; `None`: what was ticked before.
pub async fn gather(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    item: &WorkItem,
    chosen: Option<&[RecordId]>,
    today: Date,
) -> Result<Gathered> {
    let activities = campaigns::activities(db, town, &item.campaign_id).await?;
    let activity = activity_of(&item.duty, &activities);
    let takes = takes(item, activity);
    let (kind, serves) = match activity.filter(|_| takes == Takes::Chosen) {
        Some(activity) => {
            (activity.kinds.first().cloned().unwrap_or_default(), format!("{}/{}", item.campaign_id, activity.id))
        }
        None => (String::new(), item.campaign_id.to_string()),
    };
    let mut gathered = Gathered { takes, earlier: Vec::new(), records: Vec::new(), along: Vec::new(), kind, serves };
    let unit = std::slice::from_ref(&item.unit_id);
    match takes {
        Takes::Nothing => {}
        Takes::Period(from, until) => {
            gathered.records = records::of_units(db, town, unit, (from, until), &[]).await?;
            gathered.along = gathered.records.iter().filter(|one| was_held(one)).map(|one| one.id.clone()).collect();
            let kept = chosen_or_kept(db, town, item, chosen).await?;
            gathered.earlier = earlier(db, town, item, (from, today), &kept).await?;
            gathered.earlier.retain(|record| gathered.records.iter().all(|one| one.id != record.id));
            gathered.along.extend(gathered.earlier.iter().map(|one| one.id.clone()).filter(|id| kept.contains(id)));
        }
        Takes::Chosen => {
            let kept = chosen_or_kept(db, town, item, chosen).await?;
            let since = offered_since(today);
            let states = [State::Held, State::Returned, State::Reported, State::Accepted];
            let mut offered = records::of_units(db, town, unit, (since, today), &states).await?;
            offered.retain(|record| record.unit_id == item.unit_id);
            newest(&mut offered, &kept);
            gathered.along = offered.iter().filter(|one| kept.contains(&one.id)).map(|one| one.id.clone()).collect();
            gathered.records = offered;
        }
    }
    Ok(gathered)
}

fn offered_since(today: Date) -> Date {
    today.checked_sub(OFFERED_DAYS.days()).unwrap_or(today)
}

/// Leaves the newest, and whatever was chosen.
fn newest(offered: &mut Vec<Record>, kept: &[RecordId]) {
    let surplus = offered.len().saturating_sub(OFFERED);
    let mut at = 0..;
    offered.retain(|record| at.next().is_some_and(|at| at >= surplus) || kept.contains(&record.id));
}

/// The unit's own records from before a period: those that nobody has reported, and those that were chosen.
async fn earlier(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    item: &WorkItem,
    (begins, today): (Date, Date),
    kept: &[RecordId],
) -> Result<Vec<Record>> {
    let unit = std::slice::from_ref(&item.unit_id);
    let Ok(until) = begins.yesterday() else { return Ok(Vec::new()) };
    let mut offered = records::of_units(db, town, unit, (offered_since(today), until), &[State::Held]).await?;
    let chosen = records::all(db, town, kept).await?;
    offered.extend(chosen.into_iter().filter(was_held));
    offered.retain(|record| record.unit_id == item.unit_id);
    offered.sort_by(|one, other| (one.facts.held_on, &one.id).cmp(&(other.facts.held_on, &other.id)));
    offered.dedup_by(|one, other| one.id == other.id);
    newest(&mut offered, kept);
    Ok(offered)
}

async fn chosen_or_kept(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    item: &WorkItem,
    chosen: Option<&[RecordId]>,
) -> Result<Vec<RecordId>> {
    match chosen {
        Some(ids) => Ok(ids.to_vec()),
        None => kept(db, town, &item.id).await,
    }
}

/// What was chosen last: on the draft, or with what was sent.
async fn kept(db: &impl ConnectionTrait, town: &JurisdictionId, occurrence: &OccurrenceId) -> Result<Vec<RecordId>> {
    for submission in duties::submissions_of(db, town, occurrence).await? {
        let items = store::of_submission(db, town, &submission.id).await?;
        if !items.is_empty() || submission.state != SubmissionState::Draft {
            return Ok(items.into_iter().map(|item| item.record_id).collect());
        }
    }
    Ok(Vec::new())
}

/// Keeps which records were chosen for an occurrence, on its draft; nothing is written when that is known.
pub async fn choose(app: &App, actor: &Actor, occurrence: &OccurrenceId, ids: &[RecordId]) -> Result<()> {
    duties::unit_to_submit(app, actor, occurrence).await?;
    let town = &actor.jurisdiction;
    let item = duties::occurrence(app.db.reader(), town, occurrence).await?.ok_or(Error::NotFound)?;
    let found = gather(app.db.reader(), town, &item, Some(ids), app.clock.today()).await?;
    let Some(draft) = duties::draft(app.db.reader(), town, occurrence).await? else { return Ok(()) };
    let offered = match found.takes {
        Takes::Nothing => return Ok(()),
        Takes::Chosen => &found.records,
        Takes::Period(..) => &found.earlier,
    };
    let chosen = |id: &RecordId| store::Pinned {
        record_id: id.clone(),
        own: true,
        version: 0,
        sha256: String::new(),
        content: String::new(),
    };
    let items: Vec<store::Pinned> =
        offered.iter().map(|record| &record.id).filter(|id| found.along.contains(id)).map(chosen).collect();
    let tx = app.db.begin(town).await?;
    let still = duties::draft(&*tx, town, occurrence).await?.is_some_and(|present| present.id == draft.id);
    if !still || store::of_submission(&*tx, town, &draft.id).await? == items {
        return Ok(());
    }
    store::replace(&tx, &draft.id, &items).await?;
    tx.commit_unaudited("keeping which records answer a duty").await
}
