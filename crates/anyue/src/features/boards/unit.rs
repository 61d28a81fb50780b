//! `GET /campaigns/{id}/units/{unit_id}`: everything one unit owes and has handed in for a campaign.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::load::visible;
use super::words;
use crate::App;
use crate::features::duties::api::{self as duties, BoardState, CampaignId, State as Stands, WorkItem};
use crate::features::units::api::{self as units, UnitRef};
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::{self, Frame};

/// One unit in one campaign.
#[derive(Debug, Template)]
#[template(path = "features/boards/templates/unit.html")]
pub struct UnitPage {
    /// Around it.
    pub frame: Frame,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// Its title.
    pub campaign: String,
    /// The unit.
    pub unit: UnitRef,
    /// Name and number of its liaison; empty when not known or not to be seen.
    pub liaison: String,
    /// When and by whom the notice was acknowledged, in words.
    pub acknowledged: String,
    /// What it owes and has handed in.
    pub items: Vec<WorkItem>,
    /// The present.
    pub now: i64,
}

impl UnitPage {
    /// When it is due, an extension counted.
    pub fn due(&self, item: &WorkItem) -> String {
        if item.is_ad_hoc() {
            return "随时".to_owned();
        }
        match item.extended_until {
            Some(until) => format!("{}（已延期）", words::due(Some(until), self.now)),
            None if item.born_past => format!("{}（下发时已过期）", words::due(item.due_at, self.now)),
            None => words::due(item.due_at, self.now),
        }
    }

    /// How it stands, in words.
    pub fn words(&self, item: &WorkItem) -> String {
        words::item(item, self.now)
    }

    /// Class of the state.
    pub fn class(&self, item: &WorkItem) -> &'static str {
        words::item_class(item, self.now)
    }

    /// When it was handed in.
    pub fn at(&self, item: &WorkItem) -> String {
        words::at(item.submitted_at)
    }

    /// Where it leads.
    pub fn href(&self, item: &WorkItem) -> String {
        match &item.submission_id {
            Some(id) if item.state != Stands::Open => format!("/submissions/{id}"),
            _ => format!("/occurrences/{}", item.id),
        }
    }

    /// How many have this word.
    pub fn count(&self, word: &BoardState) -> String {
        self.items.iter().filter(|item| item.on_board() == Some(*word)).count().to_string()
    }
}

/// `GET /campaigns/{id}/units/{unit_id}`
pub async fn page(
    State(app): State<App>,
    page: Page,
    Path((id, unit_id)): Path<(CampaignId, UnitId)>,
) -> Result<Response> {
    let visible = visible(&app, &page.actor, &id).await?;
    let (db, town, now) = (app.db.reader(), &page.actor.jurisdiction, app.now());
    let unit = units::get(db, town, &unit_id).await?;
    if !visible.scope.covers(&unit.path) {
        return Err(Error::NotFound);
    }
    let mut items = duties::of_campaign_and_unit(db, town, &id, &unit.id).await?;
    items.retain(|item| !item.is_standing() && (!item.is_ad_hoc() || item.submission_id.is_some()));
    let acknowledgements = duties::acknowledgements(db, town, &id).await?;
    let acknowledged = acknowledgements.iter().find(|one| one.unit_id == unit.id.as_str()).map(|one| {
        let edition = if visible.campaign.edition > 1 { format!("（第{}版）", one.edition) } else { String::new() };
        format!("{}　{}{edition}", one.account_name, words::at(Some(one.at)))
    });
    let liaison = match page.actor.require(Permission::LiaisonView, &unit.path) {
        Ok(()) => units::liaison(db, town, &unit.id).await?,
        Err(_) => None,
    };
    web::page(&UnitPage {
        frame: page.frame(unit.name.clone(), "duties"),
        campaign_id: id,
        campaign: visible.campaign.title,
        liaison: liaison.map(|one| format!("{}　{}", one.facts.name, one.facts.mobile)).unwrap_or_default(),
        acknowledged: acknowledged.unwrap_or_else(|| "未签收".to_owned()),
        unit,
        items,
        now,
    })
}

/// What a unit owes, to look at.
#[cfg(any(test, feature = "testing"))]
pub(super) fn sample_item() -> WorkItem {
    let duty = super::duty::DutyPage::sample().duty;
    WorkItem {
        id: "o1".into(),
        campaign_id: "c1".into(),
        unit_id: "u0".into(),
        duty: std::sync::Arc::new(duty),
        period_key: "once".to_owned(),
        period_start: None,
        period_end: None,
        due_at: Some(super::model::SAMPLE_NOW + 7 * 86_400_000),
        born_past: false,
        state: Stands::Submitted,
        extended_until: None,
        extension_reason: String::new(),
        decided_by: String::new(),
        decided_reason: String::new(),
        submission_id: Some("s2".into()),
        submitted_at: Some(super::model::SAMPLE_NOW),
        late: Some(false),
        returned: None,
        closed: false,
        version: 1,
    }
}

#[cfg(any(test, feature = "testing"))]
impl UnitPage {
    /// A page to look at.
    pub fn sample() -> Self {
        let overdue = WorkItem {
            state: Stands::Open,
            due_at: Some(super::model::SAMPLE_NOW - 86_400_000),
            submission_id: None,
            submitted_at: None,
            ..sample_item()
        };
        Self {
            frame: Frame { title: "东沟村".to_owned(), ..Frame::default() },
            campaign_id: "c1".into(),
            campaign: "2022年“安全生产月”活动".to_owned(),
            unit: super::model::sample().rows.remove(0).unit,
            liaison: "李桂兰　13900001234".to_owned(),
            acknowledged: "李桂兰　6月13日 08:31".to_owned(),
            items: vec![overdue, sample_item()],
            now: super::model::SAMPLE_NOW,
        }
    }
}
