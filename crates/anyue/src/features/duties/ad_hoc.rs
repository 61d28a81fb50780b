//! 随时报送: a report that a unit makes when there is something to report.

use super::dispatch::Fresh;
use super::model::{DutyId, OccurrenceId, Planned};
use super::occurrence::STANDING;
use super::store;
use crate::App;
use crate::features::units::api as units;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;

/// Begins one more report of an ad-hoc duty; the occurrence to fill in. One that was begun and has nothing in it
/// yet is taken up again: no event is written then.
pub async fn new_ad_hoc(app: &App, actor: &Actor, duty_id: &DutyId, unit_id: &UnitId) -> Result<OccurrenceId> {
    let unit = units::get(app.db.reader(), &actor.jurisdiction, unit_id).await?;
    actor.require(Permission::WorkOwn, &unit.path)?;

    let now = app.now();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let items = store::occurrences::of_duty_and_unit(&*tx, &actor.jurisdiction, duty_id, &unit.id).await?;
    let standing = items.iter().find(|item| item.is_standing()).ok_or(Error::NotFound)?;
    if standing.closed || standing.state != super::model::State::Open {
        return Err(Error::refused("这项任务已经取消或者活动已经结束，不再接收报送。"));
    }
    for item in items.iter().filter(|item| !item.is_standing() && item.state == super::model::State::Open) {
        if store::submissions::draft(&*tx, &actor.jurisdiction, &item.id).await?.is_none() {
            return Ok(item.id.clone());
        }
    }
    let number = items.iter().filter(|item| !item.is_standing()).count() + 1;
    let planned =
        Planned { period_key: format!("{STANDING}:{number}"), period_start: None, period_end: None, due_ms: None };
    let fresh = Fresh { duty_id, unit_id: &unit.id, planned: &planned, born_past: false };
    store::occurrences::insert(&tx, &app.ids, &standing.campaign_id, &[fresh], now).await?;
    let items = store::occurrences::of_duty_and_unit(&*tx, &actor.jurisdiction, duty_id, &unit.id).await?;
    let made = items.into_iter().find(|item| item.period_key == planned.period_key).ok_or(Error::NotFound)?;
    let said = format!("{}新报：{}（第{number}次）", unit.name, made.duty.title);
    tx.commit(Event::new(actor, "duty.ad_hoc_begun", "occurrence", &made.id, said).unit(&unit.id)).await?;
    Ok(made.id)
}
