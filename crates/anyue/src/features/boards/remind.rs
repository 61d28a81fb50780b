//! `/campaigns/{id}/remind`: the exact messages and units, before anything is sent.

use std::collections::{BTreeMap, HashMap, HashSet};

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::load::{ordered, visible};
use crate::App;
use crate::features::duties::api::{self as duties, CampaignId, DutyId, Remind, RemindAbout};
use crate::features::units::api::UnitRef;
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::Result;
use crate::platform::ids::UnitId;
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// One message, and who gets it.
#[derive(Debug)]
pub struct Letter {
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// The units.
    pub units: Vec<String>,
}

/// 提醒
#[derive(Debug, Template)]
#[template(path = "features/boards/templates/remind.html")]
pub struct RemindPage {
    /// Around it.
    pub frame: Frame,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// Its title.
    pub title: String,
    /// Only this duty.
    pub duty_id: String,
    /// The messages.
    pub letters: Vec<Letter>,
    /// The units.
    pub units: Vec<UnitRef>,
}

impl RemindPage {
    /// `提醒 6 个单位`
    pub fn button(&self) -> String {
        format!("提醒 {} 个单位", self.units.len())
    }

    /// Where to go without sending.
    pub fn back(&self) -> String {
        if self.duty_id.is_empty() {
            format!("/campaigns/{}/board", self.campaign_id)
        } else {
            format!("/duties/{}", self.duty_id)
        }
    }
}

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RemindForm {
    duty: String,
    unit: Vec<String>,
}

fn about(campaign: &CampaignId, duty: &str) -> RemindAbout {
    if duty.is_empty() { RemindAbout::Campaign(campaign.clone()) } else { RemindAbout::Duty(DutyId::from(duty)) }
}

/// `GET /campaigns/{id}/remind?duty=…`
pub async fn page(
    State(app): State<App>,
    page: Page,
    Path(id): Path<CampaignId>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let visible = visible(&app, &page.actor, &id).await?;
    let duty_id = query.get("duty").cloned().unwrap_or_default();
    let (db, town, now) = (app.db.reader(), &page.actor.jurisdiction, app.now());
    let cells = duties::cells(db, town, &id).await?;
    let ids: HashSet<&str> = cells.iter().map(|cell| cell.unit_id.as_str()).collect();
    let mut units = ordered(&app, &page.actor, &ids).await?;
    let scope = page.actor.scope(Permission::DutyReview);
    units.retain(|unit| scope.covers(&unit.path));
    let unit_ids: Vec<UnitId> = units.iter().map(|unit| unit.id.clone()).collect();
    let reminders = duties::reminders(db, town, &about(&id, &duty_id), &unit_ids, now).await?;
    let reminders: Vec<_> = reminders.into_iter().filter(|reminder| reminder.item.campaign_id == id).collect();
    let owing: HashSet<&UnitId> = reminders.iter().map(|reminder| &reminder.item.unit_id).collect();
    units.retain(|unit| owing.contains(&unit.id));

    let mut by_text: BTreeMap<(i64, &str, &str), HashSet<&UnitId>> = BTreeMap::new();
    for reminder in &reminders {
        let key = (reminder.item.duty.ordinal, reminder.title.as_str(), reminder.body.as_str());
        by_text.entry(key).or_default().insert(&reminder.item.unit_id);
    }
    let letters = by_text
        .into_iter()
        .map(|((_, title, body), to)| Letter {
            title: title.to_owned(),
            body: body.to_owned(),
            units: units.iter().filter(|unit| to.contains(&unit.id)).map(|unit| unit.name.clone()).collect(),
        })
        .collect();
    web::page(&RemindPage {
        frame: page.frame("提醒", "duties"),
        campaign_id: id,
        title: visible.campaign.title,
        duty_id,
        letters,
        units,
    })
}

/// `POST /campaigns/{id}/remind`
pub async fn submit(
    State(app): State<App>,
    page: Page,
    Path(id): Path<CampaignId>,
    Form(form): Form<RemindForm>,
) -> Result<Response> {
    visible(&app, &page.actor, &id).await?;
    let unit_ids = form.unit.iter().map(|id| UnitId::from(id.as_str())).collect();
    let count = duties::remind(&app, &page.actor, Remind { about: about(&id, &form.duty), unit_ids }).await?;
    let back = if form.duty.is_empty() { format!("/campaigns/{id}/board") } else { format!("/duties/{}", form.duty) };
    let said = format!("正在提醒{count}个单位。发送时已经报送的不再提醒；同一件事一天只提醒一次。");
    Ok(web::see_other_with(&back, &Flash::success(said)))
}

#[cfg(any(test, feature = "testing"))]
impl RemindPage {
    /// A page to look at.
    pub fn sample() -> Self {
        Self {
            frame: Frame { title: "提醒".to_owned(), ..Frame::default() },
            campaign_id: "c1".into(),
            title: "2022年“安全生产月”活动".to_owned(),
            duty_id: String::new(),
            letters: vec![Letter {
                title: "提醒：报送联络员反馈表和活动方案".to_owned(),
                body:
                    "“报送联络员反馈表和活动方案”还没有收到。截止时间：6月20日（周一）（还有7天）。请点开本消息办理。"
                        .to_owned(),
                units: vec!["东沟村".to_owned(), "云岭铁矿".to_owned()],
            }],
            units: super::model::sample().rows.into_iter().map(|row| row.unit).collect(),
        }
    }
}
