//! Reading what forms are made from: who may see which, the weeks, the figures.

use std::collections::{BTreeMap, HashMap, HashSet};

use futures_util::try_join;
use jiff::civil::Date;

use super::form::Form;
use super::model::{Figures, Span, SpanFigures};
use super::sheet::{Basis, Highlight, Standing, Standings};
use super::store;
use super::weeks::{self, Week};
use crate::App;
use crate::features::campaigns::api::{self as campaigns, CampaignHeader, CampaignState};
use crate::features::duties::api::{self as duties, CampaignId};
use crate::features::records::api::{self as records, BehindOf, RecordId, State, SumsOf};
use crate::features::units::api::{self as units, UnitRef};
use crate::platform::auth::{Actor, Permission, Scope};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{JurisdictionId, UnitId};

/// What counts and what waits.
pub const STATES: [State; 2] = [State::Accepted, State::Reported];

/// What a page of a form was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Id of a campaign; the newest when empty.
    pub campaign: String,
    /// Number of a week; the present one when empty.
    pub week: String,
    /// Id of a unit; the one at the top when empty.
    pub unit: String,
    /// `week` for 本周; otherwise 累计.
    pub span: String,
    /// First day of a period of one's own.
    pub from: String,
    /// Last day of a period of one's own.
    pub until: String,
    /// Number of a frozen edition; the newest when empty; `now` for what the records say now.
    pub edition: String,
}

impl Wanted {
    /// An address with the parts that are set, some of them changed.
    pub fn address(&self, path: &str, changes: &[(&str, &str)]) -> String {
        let own = [
            ("campaign", self.campaign.as_str()),
            ("week", &self.week),
            ("from", &self.from),
            ("until", &self.until),
            ("unit", &self.unit),
            ("span", &self.span),
            ("edition", &self.edition),
        ];
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in own {
            if !changes.iter().any(|(changed, _)| *changed == name) && !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        for (name, value) in changes.iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// Which of the two figures is looked at.
    pub fn span(&self) -> Span {
        Span::parse(&self.span).unwrap_or(Span::Total)
    }
}

/// Which form is looked at, and by whose leave.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The campaign; none for a period of one's own.
    pub campaign: Option<CampaignHeader>,
    /// Its weeks.
    pub weeks: Vec<Week>,
    /// The week, or the period.
    pub week: Week,
    /// The unit.
    pub unit: UnitRef,
    /// The campaigns to choose from.
    pub campaigns: Vec<CampaignHeader>,
    /// What the person may see.
    pub scope: Scope,
}

/// What was asked for, as far as this permission covers it. `None`: there is no campaign and no period yet.
pub async fn chosen(app: &App, actor: &Actor, permission: Permission, wanted: &Wanted) -> Result<Option<Chosen>> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let scope = actor.scope(permission);
    let unit = chosen_unit(app, actor, permission, &scope, wanted).await?;
    let campaigns = visible_campaigns(app, actor, permission, &scope).await?;
    let days = wanted.from.parse::<Date>().ok().zip(wanted.until.parse::<Date>().ok());
    let campaign = match wanted.campaign.as_str() {
        "" => campaigns.first().cloned(),
        id => Some(campaigns.iter().find(|one| one.id.as_str() == id).cloned().ok_or(Error::NotFound)?),
    };
    let weeks = match &campaign {
        Some(campaign) => weeks_of(app, town, campaign).await?,
        None => Vec::new(),
    };
    let unit = match (unit, &campaign) {
        (Some(unit), _) => unit,
        (None, Some(campaign)) if scope.covers(&campaign.issuer_unit_path) => {
            units::get(db, town, &campaign.issuer_unit_id).await?
        }
        (None, _) => match top_of(app, actor, permission, &scope).await? {
            Some(unit) => unit,
            None => return Ok(None),
        },
    };
    if let Some((from, until)) = days {
        if until < from || (until - from).get_days() > 3700 {
            return Err(Error::refused("结束日期不能早于开始日期，一次最多统计十年。"));
        }
        let week = Week::free(from, until);
        return Ok(Some(Chosen { campaign: None, weeks, week, unit, campaigns, scope }));
    }
    let week = match wanted.week.parse::<usize>() {
        Ok(no) => Some(weeks.iter().find(|week| week.no == no).ok_or(Error::NotFound)?),
        Err(_) => weeks::current(&weeks, app.clock.today()),
    };
    let Some(week) = week.cloned() else { return Ok(None) };
    Ok(Some(Chosen { campaign, weeks, week, unit, campaigns, scope }))
}

async fn chosen_unit(
    app: &App,
    actor: &Actor,
    permission: Permission,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<Option<UnitRef>> {
    if wanted.unit.is_empty() {
        return match permission {
            Permission::WorkOwn => top_of(app, actor, permission, scope).await,
            _ => Ok(None),
        };
    }
    let unit = units::get(app.db.reader(), &actor.jurisdiction, &UnitId::from(wanted.unit.as_str())).await?;
    if scope.covers(&unit.path) { Ok(Some(unit)) } else { Err(Error::NotFound) }
}

/// The first unit that the person was given this permission for.
async fn top_of(app: &App, actor: &Actor, permission: Permission, scope: &Scope) -> Result<Option<UnitRef>> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    match actor.grants.iter().find(|grant| grant.role.allows(permission)) {
        Some(grant) => Ok(Some(units::get(db, town, &grant.unit_id).await?)),
        None => Ok(units::list(db, town, scope).await?.into_iter().next()),
    }
}

/// Campaigns that the person runs or takes part in, the newest first.
async fn visible_campaigns(
    app: &App,
    actor: &Actor,
    permission: Permission,
    scope: &Scope,
) -> Result<Vec<CampaignHeader>> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let mut found = match permission {
        Permission::WorkOwn => Vec::new(),
        _ => campaigns::recent(db, town, scope, 50).await?,
    };
    let own: Vec<UnitId> =
        actor.grants.iter().filter(|grant| grant.role.allows(permission)).map(|grant| grant.unit_id.clone()).collect();
    for campaign in campaigns::published_for_units(db, town, &own).await? {
        if !found.iter().any(|one| one.id == campaign.id) {
            found.push(campaign);
        }
    }
    found.retain(|campaign| campaign.state != CampaignState::Draft);
    found.sort_by_key(|campaign| std::cmp::Reverse((campaign.published_at, campaign.id.clone())));
    Ok(found)
}

/// The weeks of a campaign.
pub async fn weeks_of(app: &App, town: &JurisdictionId, campaign: &CampaignHeader) -> Result<Vec<Week>> {
    let duties = duties::of_campaign(app.db.reader(), town, &campaign.id, false).await?;
    Ok(weeks::weeks(&duties, &campaign.dates(app.clock.today()), &app.calendar))
}

/// Whose forms are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// That of the unit alone, with everything below it.
    Top,
    /// That of the unit and of each one below it.
    Each,
}

/// Reads everything that the form of a unit is made from, or those of a unit and all below it.
pub async fn basis(
    app: &App,
    town: &JurisdictionId,
    campaign: Option<&CampaignId>,
    week: &Week,
    (top, detail): (&UnitRef, Detail),
) -> Result<Basis> {
    let db = app.db.reader();
    let form = store::form(db, town, week.until.year()).await?;
    let zero = match campaign {
        Some(id) => duties::zero_reports(db, town, id).await?,
        None => Vec::new(),
    };
    let corrected = match campaign {
        Some(campaign) => store::corrections(db, town, campaign, week.until).await?,
        None => Vec::new(),
    };
    // What was corrected at units below changes the whole; so does nothing else that the whole's sums do not have.
    let whole = detail == Detail::Top
        && top.parent_id.is_none()
        && corrected.iter().all(|one| one.taken_back_at.is_some() || one.unit_id == top.id);
    let [of_week, of_total] = if whole {
        whole_figures(app, town, week, &zero).await?
    } else {
        let of_total = span_figures(app, town, (week.total_from, week.until), &zero).await?;
        if week.total_from == week.from {
            [of_total.clone(), of_total]
        } else {
            [span_figures(app, town, (week.from, week.until), &zero).await?, of_total]
        }
    };
    let units = units_below(app, town, top, &of_total).await?;
    let fillers = fillers(app, town, &units).await?;
    let highlights = highlights(app, town, &form, (week.total_from, week.until)).await?;
    let mut basis = Basis {
        form,
        week: week.clone(),
        units,
        of_week,
        of_total,
        highlights,
        standings: Standings::default(),
        fillers,
    };
    basis.standings = standings(app, town, corrected, &basis, &zero).await?;
    Ok(basis)
}

/// The figures of a whole town, of the week and from the beginning.
async fn whole_figures(
    app: &App,
    town: &JurisdictionId,
    week: &Week,
    zero: &[(UnitId, Date, Date)],
) -> Result<[SpanFigures; 2]> {
    let of = SumsOf { from: week.total_from, until: week.until, states: STATES.to_vec() };
    let (mut of_week, mut of_total) = (Figures::default(), Figures::default());
    for sum in records::town_sums(app.db.reader(), town, &of, week.from).await? {
        of_total.add(&sum.kind, &sum.facet, &sum.measure, sum.state, sum.total);
        if let Some(recent) = sum.recent {
            of_week.add(&sum.kind, &sum.facet, &sum.measure, sum.state, recent);
        }
    }
    Ok([
        SpanFigures::of_town(of_week, zero_between(zero, (week.from, week.until))),
        SpanFigures::of_town(of_total, zero_between(zero, (week.total_from, week.until))),
    ])
}

/// The units that made a zero report about any of these days.
fn zero_between(zero: &[(UnitId, Date, Date)], (from, until): (Date, Date)) -> impl Iterator<Item = UnitId> {
    zero.iter().filter(move |(_, first, last)| *first <= until && from <= *last).map(|(unit, ..)| unit.clone())
}

/// The figures of a span of days.
pub async fn span_figures(
    app: &App,
    town: &JurisdictionId,
    (from, until): (Date, Date),
    zero: &[(UnitId, Date, Date)],
) -> Result<SpanFigures> {
    let db = app.db.reader();
    let of = SumsOf { from, until, states: STATES.to_vec() };
    let (sums, co_hosts, joint) = try_join!(
        records::sums(db, town, &of),
        records::joint(db, town, (from, until)),
        records::joint_figures(db, town, &of)
    )?;
    Ok(SpanFigures::new(&sums, &joint, &co_hosts, zero_between(zero, (from, until))))
}

/// The units of a tree; those closed meanwhile that hosted something come last.
pub async fn units_below(
    app: &App,
    town: &JurisdictionId,
    top: &UnitRef,
    figures: &SpanFigures,
) -> Result<Vec<UnitRef>> {
    let db = app.db.reader();
    let mut all = vec![top.clone()];
    all.extend(units::below(db, town, top).await?);
    let known: HashSet<&UnitId> = all.iter().map(|unit| &unit.id).collect();
    let missing: Vec<UnitId> = figures.hosts().filter(|id| !known.contains(id)).cloned().collect();
    let mut closed: Vec<UnitRef> = units::get_all(db, town, &missing).await?.into_values().collect();
    closed.retain(|unit| unit.path.starts_with(&top.path));
    closed.sort_by(|one, other| one.name.cmp(&other.name));
    all.extend(closed);
    Ok(all)
}

async fn fillers(app: &App, town: &JurisdictionId, all: &[UnitRef]) -> Result<HashMap<UnitId, (String, String)>> {
    let ids: Vec<UnitId> = all.iter().map(|unit| unit.id.clone()).collect();
    let found = units::liaisons(app.db.reader(), town, &ids).await?;
    Ok(found.into_iter().map(|(id, liaison)| (id, (liaison.facts.name, liaison.facts.mobile))).collect())
}

/// The special activities of a period, when the form asks for them.
async fn highlights(
    app: &App,
    town: &JurisdictionId,
    form: &Form,
    (from, until): (Date, Date),
) -> Result<Vec<Highlight>> {
    let Some(slot) = form.slots_on().into_iter().find(|slot| slot.is_text()) else { return Ok(Vec::new()) };
    let of = BehindOf {
        from,
        until,
        states: vec![State::Accepted],
        kinds: slot.source.kinds.clone(),
        facet: (!slot.source.facet.is_empty()).then(|| slot.source.facet.clone()),
        measures: slot.source.measures(),
    };
    let found = records::behind(app.db.reader(), town, &of).await?;
    let ids: Vec<RecordId> = found.into_iter().map(|one| one.record_id).take(MOST_HIGHLIGHTS).collect();
    let records = records::all(app.db.reader(), town, &ids).await?;
    Ok(records
        .into_iter()
        .map(|record| Highlight {
            units: record.units().cloned().collect(),
            held_on: record.facts.held_on,
            title: record.facts.title,
        })
        .collect())
}

/// No form tells of more.
const MOST_HIGHLIGHTS: usize = 1000;

/// What was corrected up to this week, each with what the records say now.
async fn standings(
    app: &App,
    town: &JurisdictionId,
    all: Vec<store::Correction>,
    basis: &Basis,
    zero: &[(UnitId, Date, Date)],
) -> Result<Standings> {
    let mut by_period: BTreeMap<(Date, Date), Vec<store::Correction>> = BTreeMap::new();
    for one in all.into_iter().filter(|one| one.taken_back_at.is_none() && basis.unit(&one.unit_id).is_some()) {
        by_period.entry((one.from, one.until)).or_default().push(one);
    }
    let mut standings = Standings::default();
    for (period, corrections) in by_period {
        let figures = match period {
            period if basis.of_total.whole().is_some() => span_figures(app, town, period, zero).await?,
            period if period == (basis.week.from, basis.week.until) => basis.of_week.clone(),
            period if period == (basis.week.total_from, basis.week.until) => basis.of_total.clone(),
            period => span_figures(app, town, period, zero).await?,
        };
        for one in corrections {
            let (Some(slot), Some(unit)) = (basis.form.slot(&one.slot), basis.unit(&one.unit_id)) else { continue };
            let inside: HashSet<&UnitId> =
                basis.units.iter().filter(|below| below.path.starts_with(&unit.path)).map(|below| &below.id).collect();
            let cell = figures.of(|id| inside.contains(id)).cell(slot, figures.zero(|id| inside.contains(id)));
            let standing = Standing { amount: one.amount, body: one.body, now: cell.value };
            standings.add(one.unit_id, one.slot, one.span, one.until, standing);
        }
    }
    Ok(standings)
}
