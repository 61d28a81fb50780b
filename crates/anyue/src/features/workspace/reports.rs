//! `/work/reports`: everything the person's units were asked for, by campaign, with how it stands.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use super::model::{self, OwnUnit};
use crate::App;
use crate::features::campaigns::api as campaigns;
use crate::features::duties::api::{self as duties, BoardState, CampaignId, State as Stand};
use crate::page::Page;
use crate::platform::auth::Actor;
use crate::platform::error::Result;
use crate::platform::ids::UnitId;
use crate::platform::text_key::text_key;
use crate::platform::web::{self, Frame};

/// 报送
#[derive(Debug, Template)]
#[template(path = "features/workspace/templates/reports.html")]
pub struct ReportsPage {
    /// Around it.
    pub frame: Frame,
    /// What is looked for.
    pub filter: Filter,
    /// The person's units.
    pub units: Vec<OwnUnit>,
    /// By campaign, the newest first.
    pub groups: Vec<Group>,
    /// How many of each state, before the state filter: code, word, count.
    pub counts: Vec<(&'static str, &'static str, usize)>,
}

/// The reports of one campaign.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Its title.
    pub title: String,
    /// Its notice.
    pub href: String,
    /// Its reports.
    pub rows: Vec<Row>,
}

/// One report.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// What.
    pub title: String,
    /// For which unit.
    pub unit: String,
    /// When it was due, in words.
    pub due: String,
    /// When it was handed in, in words; empty when it was not.
    pub handed_in: String,
    /// Word of the state.
    pub state: &'static str,
    /// Its page.
    pub href: String,
}

/// The address's question.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Words.
    pub q: String,
    /// `received`, `returned`, `not_yet`, `not_applicable`.
    pub state: String,
    /// Id of one of several units.
    pub unit: String,
}

impl Filter {
    fn address(&self, path: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("q", &self.q), ("state", &self.state), ("unit", &self.unit)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

impl ReportsPage {
    /// The address with another state.
    pub fn with_state(&self, state: &str) -> String {
        Filter { state: state.to_owned(), ..self.filter.clone() }.address("/work/reports")
    }

    /// The address with another unit.
    pub fn with_unit(&self, unit: &str) -> String {
        Filter { unit: unit.to_owned(), ..self.filter.clone() }.address("/work/reports")
    }

    /// Where the same list is saved from.
    pub fn export_url(&self) -> String {
        self.filter.address("/work/reports/export")
    }

    /// How many are shown.
    pub fn shown(&self) -> usize {
        self.groups.iter().map(|group| group.rows.len()).sum()
    }

    /// `共 12 件`
    pub fn count_in_words(&self) -> String {
        format!("共{}件", self.shown())
    }

    /// Whether anything was ever asked for.
    pub fn is_empty(&self) -> bool {
        self.counts.iter().all(|(_, _, count)| *count == 0)
    }

    #[cfg(any(test, feature = "testing"))]
    /// A few reports of two campaigns.
    pub fn sample() -> Self {
        super::samples::reports()
    }
}

/// What the filter shows, and the counts by state.
pub(super) async fn read(
    app: &App,
    actor: &Actor,
    filter: &Filter,
) -> Result<(Vec<Group>, Vec<(&'static str, &'static str, usize)>)> {
    let (town, db, now) = (&actor.jurisdiction, app.db.reader(), app.clock.local_now());
    let units = model::own_units(actor);
    let shown: Vec<UnitId> = model::shown_units(&units, &filter.unit).into_iter().map(|unit| unit.id.clone()).collect();
    let name = |id: &UnitId| units.iter().find(|unit| unit.id == *id).map_or("", |unit| unit.name.as_str());
    let items = duties::work_of_units(db, town, &shown).await?;
    let headers = campaigns::published_for_units(db, town, &shown).await?;

    let wanted = text_key(&filter.q);
    let mut by_campaign: HashMap<&CampaignId, Vec<Row>> = HashMap::new();
    let mut counts: Vec<_> = BoardState::ALL.iter().map(|state| (state.code(), state.label(), 0)).collect();
    for item in items.iter().filter(|item| item.state != Stand::Withdrawn) {
        let Some(state) = item.on_board() else { continue };
        let campaign = headers.iter().find(|header| header.id == item.campaign_id).map_or("", |header| &header.title);
        let text = text_key(&format!("{} {campaign} {}", item.duty.title, name(&item.unit_id)));
        if !wanted.is_empty() && !text.contains(&wanted) {
            continue;
        }
        if let Some(count) = counts.iter_mut().find(|(code, _, _)| *code == state.code()) {
            count.2 += 1;
        }
        if filter.state.is_empty() || filter.state == state.code() {
            by_campaign.entry(&item.campaign_id).or_default().push(Row {
                title: item.duty.title.clone(),
                unit: if units.len() > 1 { name(&item.unit_id).to_owned() } else { String::new() },
                due: model::due_in_words(item, now),
                handed_in: item.submitted_at.map(|at| model::past_in_words(at, now)).unwrap_or_default(),
                state: state.label(),
                href: format!("/work/do/{}", item.id),
            });
        }
    }
    let groups = headers
        .iter()
        .filter_map(|header| {
            let rows = by_campaign.remove(&header.id)?;
            Some(Group { title: header.title.clone(), href: format!("/work/campaigns/{}", header.id), rows })
        })
        .collect();
    Ok((groups, counts))
}

/// `GET /work/reports`
pub async fn page(State(app): State<App>, page: Page, Query(filter): Query<Filter>) -> Result<Response> {
    let (groups, counts) = read(&app, &page.actor, &filter).await?;
    let units = model::own_units(&page.actor);
    web::page(&ReportsPage { frame: page.frame("报送", "reports"), filter, units, groups, counts })
}
