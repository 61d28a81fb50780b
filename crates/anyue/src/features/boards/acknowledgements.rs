//! 签收情况: who has taken note of which edition of the notice, and who has not.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use official_doc::table::{Cell, Column, Sheet};

use super::load::{Visible, ordered, visible};
use super::words;
use crate::App;
use crate::features::duties::api::{self as duties, Acknowledgement, CampaignId};
use crate::features::units::api::UnitRef;
use crate::page::Page;
use crate::platform::error::Result;
use crate::platform::web::{self, Frame};

/// 签收情况
#[derive(Debug, Template)]
#[template(path = "features/boards/templates/acknowledgements.html")]
pub struct AcknowledgementsPage {
    /// Around it.
    pub frame: Frame,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// Its title.
    pub campaign: String,
    /// The edition that counts.
    pub edition: i64,
    /// Every unit with the latest edition it has taken note of.
    pub rows: Vec<(UnitRef, Option<Acknowledgement>)>,
    /// How many units in all, and how many have taken note of this edition.
    pub counts: (usize, usize),
    /// `yes`, `no` or all.
    pub only: String,
}

impl AcknowledgementsPage {
    /// `28 个单位，已签收 20，未签收 8`
    pub fn lead(&self) -> String {
        let (all, done) = self.counts;
        format!("第{}版通知：{all} 个单位，已签收 {done}，未签收 {}", self.edition, all - done)
    }

    /// How a unit stands.
    pub fn words(&self, row: &Option<Acknowledgement>) -> String {
        stands(row, self.edition)
    }

    /// Class of that.
    pub fn class(&self, row: &Option<Acknowledgement>) -> &'static str {
        if row.as_ref().is_some_and(|one| one.edition >= self.edition) { "received" } else { "not-yet" }
    }

    /// When.
    pub fn at(&self, row: &Option<Acknowledgement>) -> String {
        words::at(row.as_ref().map(|one| one.at))
    }

    /// Address with another choice.
    pub fn href(&self, only: &str) -> String {
        let path = format!("/campaigns/{}/acknowledgements", self.campaign_id);
        if self.only == only { path } else { format!("{path}?only={only}") }
    }
}

fn stands(row: &Option<Acknowledgement>, edition: i64) -> String {
    match row {
        Some(one) if one.edition >= edition => "已签收".to_owned(),
        Some(one) => format!("未签收（签收过第{}版）", one.edition),
        None => "未签收".to_owned(),
    }
}

type Rows = Vec<(UnitRef, Option<Acknowledgement>)>;

async fn rows(app: &App, page: &Page, visible: &Visible) -> Result<Rows> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let id = &visible.campaign.id;
    let receivers = crate::features::campaigns::api::receivers(db, town, id).await?;
    let ids: HashSet<&str> = receivers.iter().map(crate::platform::ids::UnitId::as_str).collect();
    let mut units = ordered(app, &page.actor, &ids).await?;
    units.retain(|unit| visible.scope.covers(&unit.path));
    let mut latest: HashMap<String, Acknowledgement> = HashMap::new();
    for one in duties::acknowledgements(db, town, id).await? {
        latest.entry(one.unit_id.clone()).or_insert(one);
    }
    Ok(units
        .into_iter()
        .map(|unit| {
            let one = latest.remove(unit.id.as_str());
            (unit, one)
        })
        .collect())
}

/// `GET /campaigns/{id}/acknowledgements`
pub async fn page(
    State(app): State<App>,
    page: Page,
    Path(id): Path<CampaignId>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let visible = visible(&app, &page.actor, &id).await?;
    let edition = visible.campaign.edition;
    let mut rows = rows(&app, &page, &visible).await?;
    let done = |row: &Option<Acknowledgement>| row.as_ref().is_some_and(|one| one.edition >= edition);
    let counts = (rows.len(), rows.iter().filter(|(_, row)| done(row)).count());
    let only = query.get("only").cloned().unwrap_or_default();
    rows.retain(|(_, row)| match only.as_str() {
        "yes" => done(row),
        "no" => !done(row),
        _ => true,
    });
    web::page(&AcknowledgementsPage {
        frame: page.frame("签收情况", "duties"),
        campaign_id: id,
        campaign: visible.campaign.title,
        edition,
        rows,
        counts,
        only,
    })
}

/// `GET /campaigns/{id}/acknowledgements/{format}`
pub async fn export(
    State(app): State<App>,
    page: Page,
    Path((id, format)): Path<(CampaignId, String)>,
) -> Result<Response> {
    let visible = visible(&app, &page.actor, &id).await?;
    let edition = visible.campaign.edition;
    let rows = rows(&app, &page, &visible).await?.into_iter().map(|(unit, row)| {
        let who = row.as_ref().map(|one| one.account_name.clone());
        let at = row.as_ref().map(|one| words::at(Some(one.at)));
        vec![unit.kind.label().into(), Cell::from(unit.name), stands(&row, edition).into(), who.into(), at.into()]
    });
    let columns = ["单位类型", "单位", "签收情况", "签收人", "签收时间"].map(Column::text).to_vec();
    let sheet = Sheet { name: "签收情况".to_owned(), columns, rows: rows.collect() };
    super::export::send(&sheet, &format, &format!("签收情况 {}", visible.campaign.title), &app)
}

#[cfg(any(test, feature = "testing"))]
impl AcknowledgementsPage {
    /// A page to look at.
    pub fn sample() -> Self {
        let units = super::model::sample().rows.into_iter().map(|row| row.unit);
        let one = |unit: &UnitRef, edition| Acknowledgement {
            unit_id: unit.id.0.clone(),
            edition,
            account_name: "李桂兰".to_owned(),
            at: super::model::SAMPLE_NOW,
        };
        let rows: Rows = units
            .enumerate()
            .map(|(n, unit)| {
                let row = (n % 3 != 2).then(|| one(&unit, 2 - (n as i64 % 2)));
                (unit, row)
            })
            .collect();
        Self {
            frame: Frame { title: "签收情况".to_owned(), ..Frame::default() },
            campaign_id: "c1".into(),
            campaign: "2022年“安全生产月”活动".to_owned(),
            edition: 2,
            counts: (rows.len(), 2),
            rows,
            only: String::new(),
        }
    }
}
