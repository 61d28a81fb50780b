//! `/work`: what is to be done now, later, and what is done.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use super::model::{self, Card, OwnUnit, Todo};
use crate::App;
use crate::features::campaigns::api::{self as campaigns, CampaignHeader, CampaignState};
use crate::features::duties::api::{self as duties, CampaignId};
use crate::page::Page;
use crate::platform::error::Result;
use crate::platform::ids::UnitId;
use crate::platform::web::{self, Frame};

/// 待办
#[derive(Debug, Template)]
#[template(path = "features/workspace/templates/todo.html")]
pub struct TodoPage {
    /// Around it.
    pub frame: Frame,
    /// Good morning.
    pub greeting: String,
    /// The person's units.
    pub units: Vec<OwnUnit>,
    /// Id of the unit chosen among several; empty for all.
    pub unit: String,
    /// What to do.
    pub todo: Todo,
    /// Reports that may be made at any time.
    pub standing: Vec<Standing>,
    /// Notices that the units have received.
    pub notices: Vec<Notice>,
}

/// A report that may be made at any time (随时报送).
#[derive(Clone, Debug)]
pub struct Standing {
    /// What.
    pub title: String,
    /// Of which campaign, for which unit.
    pub about: String,
    /// Where a POST begins one.
    pub action: String,
    /// For which unit.
    pub unit_id: String,
}

/// A notice received.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Title.
    pub title: String,
    /// Number, time of publication.
    pub about: String,
    /// Its page.
    pub href: String,
    /// Changed since it was acknowledged.
    pub changed: bool,
}

impl TodoPage {
    /// `现在要做的 2 件`
    pub fn now_heading(&self) -> String {
        format!("现在要做的{}件", self.todo.now.len())
    }

    /// What the line below the greeting adds to the heading; empty when there is nothing to add.
    pub fn lead(&self) -> String {
        let overdue = self.todo.now.iter().filter(|card| card.overdue).count();
        match (self.todo.now.len(), overdue) {
            (0, _) => match self.todo.later.first() {
                Some(next) => format!("现在没有要做的。下一件：{}，{}", next.title, next.due),
                None => "现在没有要做的。".to_owned(),
            },
            (_, 0) => String::new(),
            (_, overdue) => format!("有{overdue}件已逾期，请先办。"),
        }
    }

    /// Whether the unit has received nothing at all yet.
    pub fn is_empty(&self) -> bool {
        let todo = &self.todo;
        self.notices.is_empty()
            && [&todo.now, &todo.later, &todo.missed, &todo.done].iter().all(|cards| cards.is_empty())
    }

    #[cfg(any(test, feature = "testing"))]
    /// A village in the first week.
    pub fn sample() -> Self {
        super::samples::todo()
    }
}

/// The address's question.
#[derive(Debug, serde::Deserialize)]
pub struct Choice {
    /// Id of one of several units.
    #[serde(default)]
    unit: String,
}

/// `GET /work`
pub async fn page(State(app): State<App>, page: Page, Query(choice): Query<Choice>) -> Result<Response> {
    let (town, db) = (&page.actor.jurisdiction, app.db.reader());
    let (now_ms, now) = (app.now(), app.clock.local_now());
    let units = model::own_units(&page.actor);
    let shown: Vec<UnitId> = model::shown_units(&units, &choice.unit).into_iter().map(|unit| unit.id.clone()).collect();
    let name = |id: &UnitId| match units.len() {
        1 => String::new(),
        _ => units.iter().find(|unit| unit.id == *id).map(|unit| unit.name.clone()).unwrap_or_default(),
    };

    let headers = campaigns::published_for_units(db, town, &shown).await?;
    let items = duties::work_of_units(db, town, &shown).await?;
    let by_id: HashMap<CampaignId, CampaignHeader> =
        headers.iter().map(|header| (header.id.clone(), header.clone())).collect();
    let mut notices = Vec::new();
    let mut changed = Vec::new();
    for header in &headers {
        let mut is_changed = false;
        if header.state == CampaignState::Published && header.edition > 1 {
            let signed = duties::acknowledgements(db, town, &header.id).await?;
            let of =
                |unit: &UnitId| signed.iter().filter(|one| one.unit_id == unit.as_str()).map(|one| one.edition).max();
            let receivers: HashSet<UnitId> =
                items.iter().filter(|item| item.campaign_id == header.id).map(|item| item.unit_id.clone()).collect();
            for unit in shown.iter().filter(|unit| receivers.contains(unit)) {
                if of(unit).is_some_and(|edition| edition < header.edition) {
                    is_changed = true;
                    changed.push(changed_card(header, unit, name(unit)));
                }
            }
        }
        notices.push(Notice {
            title: header.title.clone(),
            about: [
                header.doc_number.clone(),
                header.published_at.map(|at| format!("{}收到", model::past_in_words(at, now))).unwrap_or_default(),
                if header.state == CampaignState::Closed { "已结束".to_owned() } else { String::new() },
            ]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("　"),
            href: match choice.unit.as_str() {
                "" => format!("/work/campaigns/{}", header.id),
                unit => format!("/work/campaigns/{}?unit={unit}", header.id),
            },
            changed: is_changed,
        });
    }
    let mut todo = model::sort(&items, &by_id, name, now_ms, now);
    todo.now.splice(0..0, changed);
    let standing = items
        .iter()
        .filter(|item| item.is_standing() && !item.closed && item.state == duties::State::Open)
        .map(|item| Standing {
            title: item.duty.title.clone(),
            about: [by_id.get(&item.campaign_id).map_or("", |header| &header.title), &name(&item.unit_id)]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join("　"),
            action: format!("/work/ad-hoc/{}", item.duty.id),
            unit_id: item.unit_id.to_string(),
        })
        .collect();

    web::page(&TodoPage {
        frame: page.frame("待办", "work"),
        greeting: greeting(now.hour(), &page.actor.name),
        unit: if shown.len() < units.len() { choice.unit } else { String::new() },
        units,
        todo,
        standing,
        notices,
    })
}

fn changed_card(header: &CampaignHeader, unit: &UnitId, unit_name: String) -> Card {
    Card {
        title: "通知有变更，请重新签收".to_owned(),
        campaign: header.title.clone(),
        unit: unit_name,
        due: "请先看变更了什么".to_owned(),
        href: format!("/work/campaigns/{}?unit={unit}", header.id),
        button: "查看变更",
        ..Card::default()
    }
}

fn greeting(hour: i8, name: &str) -> String {
    let time = match hour {
        5..=10 => "上午好",
        11..=12 => "中午好",
        13..=17 => "下午好",
        _ => "晚上好",
    };
    format!("{name}，{time}")
}
