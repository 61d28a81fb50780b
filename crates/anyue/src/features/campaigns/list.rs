//! 活动一览: what runs, what is over, what is being written; and the same as a table to take along.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use official_doc::table::{Cell, Column, Sheet, write_xlsx};
use serde::Deserialize;

use super::model::{CampaignHeader, CampaignState};
use super::store;
use crate::App;
use crate::features::duties::api::{self as duties, CampaignId, Tally};
use crate::page::Page;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::text_key::text_key;
use crate::platform::web::{self, Frame};

/// More campaigns than a town has in ten years; older ones are found by search on narrower years.
const LIMIT: u64 = 1000;

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    q: String,
    state: String,
    year: String,
}

/// A campaign in the list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its title.
    pub title: String,
    /// Number and issuer.
    pub sub: String,
    /// When, in words.
    pub period: String,
    /// The four words.
    pub tally: Tally,
    /// How many units receive it.
    pub units: i64,
    /// How it stands.
    pub state: CampaignState,
    /// An amendment is being written.
    pub href: String,
}

/// 活动一览
#[derive(Debug, Template)]
#[template(path = "features/campaigns/templates/list.html")]
pub struct ListPage {
    /// Around it.
    pub frame: Frame,
    /// What is searched for.
    pub q: String,
    /// Chips: label, address, on.
    pub chips: Vec<(String, String, bool)>,
    /// The campaigns.
    pub rows: Vec<Row>,
    /// Nothing at all is there yet.
    pub nothing_yet: bool,
    /// May write campaigns.
    pub can_edit: bool,
    /// The filter as an address, for the export.
    pub export: String,
}

/// `GET /campaigns`
pub async fn page(State(app): State<App>, page: Page, Query(filter): Query<Filter>) -> Result<Response> {
    let all = visible(&app, &page.actor).await?;
    let years: BTreeSet<i16> = all.iter().filter_map(year).collect();
    let nothing_yet = all.is_empty();
    let rows = rows(&app, &page.actor, filtered(all, &filter)).await?;
    web::page(&ListPage {
        frame: page.frame("活动", "campaigns"),
        chips: chips(&filter, &years),
        export: filter.address("/campaigns/export", |_| {}),
        q: filter.q,
        rows,
        nothing_yet,
        can_edit: page.actor.can(Permission::CampaignEdit),
    })
}

/// `GET /campaigns/export`
pub async fn export(State(app): State<App>, page: Page, Query(filter): Query<Filter>) -> Result<Response> {
    let all = visible(&app, &page.actor).await?;
    let rows = rows(&app, &page.actor, filtered(all, &filter)).await?;
    let headings =
        ["标题", "文号和发文机关", "时间", "状态", "接收单位", "已报", "退回", "未报", "不适用"].map(Column::text);
    let mut sheet = Sheet::new("活动", headings.to_vec());
    for row in rows {
        let tally = [row.units, row.tally.received, row.tally.returned, row.tally.not_yet, row.tally.not_applicable];
        let texts = [row.title, row.sub, row.period, row.state.label().to_owned()].map(Cell::Text);
        sheet.rows.push(texts.into_iter().chain(tally.map(Cell::Integer)).collect());
    }
    let bytes = write_xlsx(&[sheet], &[]).map_err(Error::internal)?;
    let media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(web::attachment(&format!("活动{}.xlsx", app.clock.today()), media_type, bytes))
}

/// The campaigns that an actor may see, newest first.
pub(super) async fn visible(app: &App, actor: &Actor) -> Result<Vec<CampaignHeader>> {
    store::page(app.db.reader(), &actor.jurisdiction, &actor.scope(Permission::CampaignView), None, LIMIT).await
}

fn year(header: &CampaignHeader) -> Option<i16> {
    header.period_start.or(header.issued_on).or(header.published_on()).map(|date| date.year())
}

fn filtered(all: Vec<CampaignHeader>, filter: &Filter) -> Vec<CampaignHeader> {
    let key = text_key(&filter.q);
    let state = CampaignState::parse(&filter.state);
    let wanted: Option<i16> = filter.year.parse().ok();
    all.into_iter()
        .filter(|header| state.is_none_or(|state| header.state == state))
        .filter(|header| wanted.is_none_or(|wanted| year(header) == Some(wanted)))
        .filter(|header| {
            key.is_empty()
                || [&header.title, &header.doc_number, &header.issuer, &header.theme]
                    .into_iter()
                    .any(|text| text_key(text).contains(&key))
        })
        .collect()
}

async fn rows(app: &App, actor: &Actor, headers: Vec<CampaignHeader>) -> Result<Vec<Row>> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let ids: Vec<CampaignId> = headers.iter().map(|header| header.id.clone()).collect();
    let tallies: HashMap<CampaignId, Tally> = duties::progress(db, town, &ids).await?;
    let units = store::receiver_counts(db, town, &ids).await?;
    let today = app.clock.today();
    let scope = actor.scope(Permission::CampaignEdit);
    Ok(headers
        .into_iter()
        .map(|header| {
            let draft = header.state == CampaignState::Draft && scope.covers(&header.issuer_unit_path);
            let href = format!("/campaigns/{}{}", header.id, if draft { "/confirm" } else { "" });
            Row {
                sub: [header.doc_number.as_str(), header.issuer.as_str()]
                    .into_iter()
                    .filter(|text| !text.is_empty())
                    .collect::<Vec<_>>()
                    .join("　"),
                period: header.period_in_words(today),
                tally: tallies.get(&header.id).copied().unwrap_or_default(),
                units: units.get(&header.id).copied().unwrap_or_default(),
                title: header.title,
                state: header.state,
                href,
            }
        })
        .collect())
}

impl Filter {
    fn address(&self, path: &str, change: impl FnOnce(&mut Self)) -> String {
        let mut other = self.clone();
        change(&mut other);
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("q", &other.q), ("state", &other.state), ("year", &other.year)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

fn chips(filter: &Filter, years: &BTreeSet<i16>) -> Vec<(String, String, bool)> {
    let mut chips = Vec::new();
    for state in [CampaignState::Published, CampaignState::Draft, CampaignState::Closed] {
        let on = filter.state == state.code();
        let next = if on { String::new() } else { state.code().to_owned() };
        chips.push((state.label().to_owned(), filter.address("/campaigns", |filter| filter.state = next), on));
    }
    for year in years.iter().rev().take(4) {
        let on = filter.year == year.to_string();
        let next = if on { String::new() } else { year.to_string() };
        chips.push((format!("{year}年"), filter.address("/campaigns", |filter| filter.year = next), on));
    }
    chips
}

impl ListPage {
    /// `共 5 项`
    pub fn count(&self) -> String {
        format!("共 {} 项", self.rows.len())
    }

    /// A page to look at.
    #[cfg(any(test, feature = "testing"))]
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            q: String::new(),
            chips: vec![("进行中".to_owned(), "/campaigns?state=published".to_owned(), true)],
            rows: vec![Row {
                title: "关于开展2022年全镇“安全生产月”活动的通知".to_owned(),
                sub: "青政发〔2022〕121号　青龙山镇人民政府".to_owned(),
                period: "6月1日至6月30日".to_owned(),
                tally: Tally { received: 47, returned: 3, not_yet: 6, not_applicable: 2 },
                units: 29,
                state: CampaignState::Published,
                href: "/campaigns/1".to_owned(),
            }],
            nothing_yet: false,
            can_edit: true,
            export: "/campaigns/export".to_owned(),
        }
    }
}
