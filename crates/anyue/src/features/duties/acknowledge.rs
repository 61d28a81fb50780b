//! 签收: a unit takes note of an edition of the notice.

use super::model::{CampaignId, Part, Step, SubmissionId};
use super::occurrence::Review;
use super::store;
use super::submission::{Payload, Submission, SubmissionState};
use crate::App;
use crate::features::units::api as units;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;

/// Who takes note of what.
#[derive(Clone, Debug)]
pub struct Acknowledge {
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The unit.
    pub unit_id: UnitId,
    /// The edition that was shown.
    pub edition: i64,
}

/// Takes note; duties that ask for nothing else are done with it. False when this edition had been taken note of
/// before: nothing is written then.
///
/// # Errors
/// [`Error::NotFound`] when the unit does not receive the campaign.
pub async fn acknowledge(app: &App, actor: &Actor, cmd: Acknowledge) -> Result<bool> {
    let unit = units::get(app.db.reader(), &actor.jurisdiction, &cmd.unit_id).await?;
    actor.require(Permission::WorkOwn, &unit.path)?;
    if cmd.edition < 1 {
        return Err(Error::refused("这份通知还没有下发，暂时不能签收。"));
    }

    let now = app.now();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    match store::acknowledgements::received(&*tx, &actor.jurisdiction, &cmd.campaign_id, &unit.id).await?.as_deref() {
        Some("published") => {}
        Some("closed") => return Err(Error::refused("这项活动已经结束，不用再签收。")),
        _ => return Err(Error::NotFound),
    }
    if !store::acknowledgements::insert(&tx, actor, &cmd.campaign_id, &unit.id, cmd.edition, now).await? {
        return Ok(false);
    }
    let items = store::occurrences::of_campaign_and_unit(&*tx, &actor.jurisdiction, &cmd.campaign_id, &unit.id).await?;
    for mut item in items {
        let only_this = item.duty.parts == [Part::Acknowledgement];
        let done = item.state.after(Step::Submit).and_then(|state| state.after(Step::Accept));
        let (true, false, Some(done)) = (only_this && item.submission_id.is_none(), item.closed, done) else {
            continue;
        };
        let submission = Submission {
            id: app.ids.id::<SubmissionId>(),
            occurrence_id: item.id.clone(),
            unit_id: unit.id.clone(),
            revision: 1,
            state: SubmissionState::Accepted,
            zero_report: false,
            payload: Payload { confirmed_edition: Some(cmd.edition), ..Payload::default() },
            idempotency_key: app.ids.id(),
            created_by_name: actor.name.clone(),
            created_at: now,
            submitted_at: Some(now),
            reviewed_by_name: String::new(),
            reviewed_at: None,
            review: Review::default(),
            version: 1,
            updated_at: now,
        };
        store::submissions::insert(&tx, actor, &submission).await?;
        item.late = Some(item.would_be_late(now));
        item.state = done;
        item.submission_id = Some(submission.id);
        item.submitted_at = Some(now);
        store::occurrences::update(&tx, &item, now).await?;
    }
    let said = format!("{}签收了通知（第{}版）", unit.name, cmd.edition);
    tx.commit(Event::new(actor, "campaign.acknowledged", "campaign", &cmd.campaign_id, said).unit(&unit.id)).await?;
    Ok(true)
}
