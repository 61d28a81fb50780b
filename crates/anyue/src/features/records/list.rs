//! `/records`: all activity records of the office's units.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use sea_orm::ConnectionTrait;

use super::filter::Filter;
use super::kinds;
use super::model::{RecordId, State as Stand};
use super::store::list::{Start, Wanted};
use super::{month, places, show, store, words};
use crate::App;
use crate::features::campaigns::api as campaigns;
use crate::features::units::api as units;
use crate::page::Page;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::{self, Frame};

/// Records on one page of the list.
const PAGE: usize = 50;

/// Counting stops here.
const MOST: i64 = 10_000;

/// 活动记录
#[derive(Debug, Template)]
#[template(path = "features/records/templates/list.html")]
pub struct ListPage {
    /// Around it.
    pub frame: Frame,
    /// What is chosen from.
    pub choices: Choices,
    /// What the list is narrowed to.
    pub filter: Filter,
    /// Records on this page.
    pub rows: Vec<ListRow>,
    /// All that fit; counting stops above ten thousand.
    pub count: i64,
    /// Address of the page before; empty when there is none.
    pub previous: String,
    /// Address of the next page; empty when there is none.
    pub next: String,
}

/// What the filters offer.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Kinds: code and name.
    pub kinds: Vec<(String, String)>,
    /// Units: id and name.
    pub units: Vec<(String, String)>,
    /// Campaigns: id and title.
    pub campaigns: Vec<(String, String)>,
    /// How many wait for review.
    pub waiting: i64,
    /// The catalogue may be changed.
    pub can_edit_kinds: bool,
}

impl Choices {
    /// What this actor may choose from.
    pub async fn read(app: &App, actor: &Actor) -> Result<Self> {
        let (db, town) = (app.db.reader(), &actor.jurisdiction);
        let scope = actor.scope(Permission::RecordView);
        let kinds = store::kinds::all(db, town).await?;
        let waiting = Wanted { scope: Some(scope.clone()), states: vec![Stand::Reported], ..Wanted::default() };
        Ok(Self {
            kinds: kinds.into_iter().map(|kind| (kind.code, kind.name)).collect(),
            units: units::list(db, town, &scope).await?.into_iter().map(|unit| (unit.id.0, unit.name)).collect(),
            campaigns: campaigns::recent(db, town, &actor.scope(Permission::CampaignView), 30)
                .await?
                .into_iter()
                .map(|campaign| (campaign.id.to_string(), campaign.title))
                .collect(),
            waiting: store::list::count(db, town, &waiting, 999).await?,
            can_edit_kinds: super::settings::may_edit(actor),
        })
    }

    /// `待审核 3`
    pub fn waiting_words(&self) -> String {
        match self.waiting {
            0 => "待审核".to_owned(),
            1000.. => "待审核 999+".to_owned(),
            waiting => format!("待审核 {waiting}"),
        }
    }

    #[cfg(any(test, feature = "testing"))]
    pub(super) fn sample() -> Self {
        let pair = |one: &str, other: &str| vec![(one.to_owned(), other.to_owned())];
        Self {
            kinds: pair("drill", "应急演练"),
            units: pair("u1", "东沟村"),
            campaigns: pair("c1", "安全生产月"),
            waiting: 3,
            can_edit_kinds: true,
        }
    }
}

/// A record in the list.
#[derive(Clone, Debug)]
pub struct ListRow {
    /// Its id.
    pub id: RecordId,
    /// Title.
    pub title: String,
    /// Name of the kind.
    pub kind: String,
    /// Its units, the host first.
    pub hosts: String,
    /// Held by several units.
    pub joint: bool,
    /// The day.
    pub day: String,
    /// People.
    pub people: String,
    /// How it stands.
    pub state: Stand,
    /// When it was last changed.
    pub updated: String,
}

impl ListPage {
    /// `共 12 条`
    pub fn count_words(&self) -> String {
        if self.count > MOST {
            "超过 10,000 条".to_owned()
        } else {
            format!("共 {} 条", words::grouped(self.count))
        }
    }

    /// States to choose from.
    pub fn states(&self) -> Vec<(&'static str, &'static str)> {
        [Stand::Accepted, Stand::Returned, Stand::Held, Stand::Planned]
            .iter()
            .map(|state| (state.code(), state.label()))
            .collect()
    }

    #[cfg(any(test, feature = "testing"))]
    /// An example.
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            choices: Choices::sample(),
            filter: Filter { q: "演练".to_owned(), ..Filter::default() },
            rows: vec![ListRow::sample()],
            count: 1284,
            previous: String::new(),
            next: "/records?after=1".to_owned(),
        }
    }
}

impl ListRow {
    #[cfg(any(test, feature = "testing"))]
    pub(super) fn sample() -> Self {
        Self {
            id: "1".into(),
            title: "防汛疏散演练".to_owned(),
            kind: "应急演练".to_owned(),
            hosts: "东沟村、北山铁矿".to_owned(),
            joint: true,
            day: "6月13日（周一）".to_owned(),
            people: "60 人次".to_owned(),
            state: Stand::Reported,
            updated: "6月13日 08:30".to_owned(),
        }
    }
}

/// What the filter wants, within what the actor may see.
pub(super) async fn wanted(app: &App, actor: &Actor, filter: &Filter) -> Result<Wanted> {
    let scope = actor.scope(Permission::RecordView);
    let below = match filter.unit.as_str() {
        "" => None,
        id => {
            let unit = units::get(app.db.reader(), &actor.jurisdiction, &UnitId::from(id)).await?;
            Some(if scope.covers(&unit.path) { unit.path } else { return Err(Error::NotFound) })
        }
    };
    Ok(filter.wanted(scope, below, app.clock.today()))
}

/// Records as rows.
pub(super) async fn rows(
    app: &App,
    db: &impl ConnectionTrait,
    actor: &Actor,
    records: &[super::model::Record],
) -> Result<Vec<ListRow>> {
    let (town, now) = (&actor.jurisdiction, app.clock.local_now());
    let all = store::kinds::all(db, town).await?;
    let names = show::names_of(db, town, records).await?;
    let row = |record: &super::model::Record| ListRow {
        id: record.id.clone(),
        title: record.facts.title.clone(),
        kind: kinds::name(&all, &record.facts.kind).to_owned(),
        hosts: words::hosts(record, &names),
        joint: !record.facts.co_hosts.is_empty(),
        day: words::days(&record.facts, now.date()),
        people: words::participants(&record.facts),
        state: record.state,
        updated: words::moment(record.updated_at, now),
    };
    Ok(records.iter().map(row).collect())
}

/// `GET /records`
pub async fn page(State(app): State<App>, page: Page, Query(filter): Query<Filter>) -> Result<Response> {
    if filter.view == "month" {
        return month::page(&app, page, filter).await;
    }
    if filter.view == "places" {
        return places::page(&app, page, filter).await;
    }
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let wanted = wanted(&app, &page.actor, &filter).await?;
    let start = filter.start();
    let (records, more) = store::list::page(db, town, &wanted, filter.order(), &start, PAGE).await?;
    let at = |id: Option<&RecordId>| id.map(ToString::to_string).unwrap_or_default();
    let (first, last) = (at(records.first().map(|one| &one.id)), at(records.last().map(|one| &one.id)));
    let (before, after) = match start {
        Start::First => (false, more),
        Start::After(_) => (true, more),
        Start::Before(_) => (more, true),
    };
    let cursor = |there: bool, name: &str, id: &str| {
        if there && !id.is_empty() { filter.with(&[(name, id)]) } else { String::new() }
    };
    web::page(&ListPage {
        frame: page.frame("活动记录", "records"),
        choices: Choices::read(&app, &page.actor).await?,
        rows: rows(&app, db, &page.actor, &records).await?,
        count: store::list::count(db, town, &wanted, MOST).await?,
        previous: cursor(before, "before", &first),
        next: cursor(after, "after", &last),
        filter,
    })
}
