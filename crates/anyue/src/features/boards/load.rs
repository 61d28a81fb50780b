//! Reading what the boards show: one query for each table.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::model::{Board, build};
use crate::App;
use crate::app::Answer;
use crate::features::campaigns::api::{self as campaigns, CampaignHeader, CampaignState};
use crate::features::duties::api::{self as duties, CampaignId, Duty, DutyId};
use crate::features::units::api::{self as units, UnitRef};
use crate::platform::auth::{Actor, Permission, Scope};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;

/// A campaign, and the units of it that the actor may see.
pub(super) struct Visible {
    pub campaign: CampaignHeader,
    /// All receivers for the one who runs it; otherwise those below the actor.
    pub scope: Scope,
}

impl Visible {
    /// Distinguishes answers made for different scopes.
    pub fn key(&self) -> String {
        match &self.scope {
            Scope::All => "all".to_owned(),
            Scope::Below(paths) => paths.join(","),
        }
    }
}

/// The campaign, when it has been published and the actor may see anything of it.
pub(super) async fn visible(app: &App, actor: &Actor, id: &CampaignId) -> Result<Visible> {
    let campaign = campaigns::header(app.db.reader(), &actor.jurisdiction, id).await?.ok_or(Error::NotFound)?;
    if campaign.state == CampaignState::Draft {
        return Err(Error::NotFound);
    }
    let scope = match actor.scope(Permission::DutyView) {
        scope if scope.covers(&campaign.issuer_unit_path) => Scope::All,
        Scope::Below(paths) if paths.is_empty() => return Err(Error::NotFound),
        scope if campaigns::reaches(app.db.reader(), &actor.jurisdiction, id, &scope).await? => scope,
        _ => return Err(Error::NotFound),
    };
    Ok(Visible { campaign, scope })
}

/// A duty and its campaign, when the actor may see it.
pub(super) async fn visible_duty(app: &App, actor: &Actor, id: &DutyId) -> Result<(Visible, Duty)> {
    let duty = duties::duty(app.db.reader(), &actor.jurisdiction, id).await?.ok_or(Error::NotFound)?;
    Ok((visible(app, actor, &duty.campaign_id).await?, duty))
}

/// The campaigns whose boards the actor may open, newest first.
pub(super) async fn boards(app: &App, actor: &Actor) -> Result<Vec<CampaignHeader>> {
    let town = &actor.jurisdiction;
    let scope = actor.scope(Permission::DutyView);
    let mut found = campaigns::recent(app.db.reader(), town, &scope, 50).await?;
    found.retain(|campaign| campaign.state != CampaignState::Draft);
    Ok(found)
}

/// The whole board of a campaign.
pub(super) async fn board(app: &App, actor: &Actor, visible: &Visible, on: Option<Date>) -> Result<Board> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let cells = duties::cells(db, town, &visible.campaign.id).await?;
    let duties = duties::of_campaign(db, town, &visible.campaign.id, false).await?;
    let ids: HashSet<&str> = cells.iter().map(|cell| cell.unit_id.as_str()).collect();
    let mut units = ordered(app, actor, &ids).await?;
    units.retain(|unit| visible.scope.covers(&unit.path));
    Ok(build(units, &duties, cells, app.now(), on))
}

/// Units in the order of the unit list; those closed meanwhile come last.
pub(super) async fn ordered(app: &App, actor: &Actor, ids: &HashSet<&str>) -> Result<Vec<UnitRef>> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let mut found = units::list(db, town, &Scope::All).await?;
    found.retain(|unit| ids.contains(unit.id.as_str()));
    if found.len() < ids.len() {
        let there: HashSet<&str> = found.iter().map(|unit| unit.id.as_str()).collect();
        let missing: Vec<UnitId> = ids.iter().filter(|id| !there.contains(*id)).map(|id| UnitId::from(*id)).collect();
        let mut closed: Vec<UnitRef> = units::get_all(db, town, &missing).await?.into_values().collect();
        closed.sort_by(|a, b| a.name.cmp(&b.name));
        found.extend(closed);
    }
    Ok(found)
}

/// A finished answer, from memory while the town's data and the minute stand still.
pub(super) async fn remembered<F>(app: &App, actor: &Actor, key: String, make: F) -> Result<Arc<Answer>>
where
    F: AsyncFnOnce() -> Result<Answer>,
{
    let moment = app.db.moment(&actor.jurisdiction).await?;
    app.answers.get_or_make(&format!("{}:{key}", actor.jurisdiction), moment, make).await
}
