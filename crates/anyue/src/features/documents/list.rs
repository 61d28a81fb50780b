//! `/documents`: the documents of the offices somebody may see, the last changed first.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use super::model::{Kind, Paper, State as Stand};
use super::store::{self, Wanted};
use crate::App;
use crate::features::records::api as records;
use crate::features::units::api as units;
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::Result;
use crate::platform::ids::UnitId;
use crate::platform::web::{self, Frame};

/// Documents on one page of the list.
const PAGE: usize = 30;

/// The query of the list's address.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Words of title and number.
    pub q: String,
    /// Code of a kind.
    pub kind: String,
    /// Code of a state.
    pub state: String,
    /// Id of a campaign.
    pub campaign: String,
    /// Where the page before ended: time and id.
    pub before: String,
}

impl Filter {
    /// The address of the list with one part changed.
    pub fn with(&self, name: &str, value: &str) -> String {
        let own = [("q", &self.q), ("kind", &self.kind), ("state", &self.state), ("campaign", &self.campaign)];
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (own, kept) in own.into_iter().filter(|(own, kept)| *own != name && !kept.is_empty()) {
            query.append_pair(own, kept);
        }
        if !value.is_empty() {
            query.append_pair(name, value);
        }
        format!("/documents?{}", query.finish())
    }

    /// Whether anything is narrowed.
    pub fn is_on(&self) -> bool {
        ![&self.q, &self.kind, &self.state, &self.campaign].iter().all(|part| part.is_empty())
    }

    fn wanted(&self) -> Wanted {
        let before = self.before.split_once('-').and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
        Wanted {
            scope: None,
            words: self.q.clone(),
            kind: Kind::parse(&self.kind),
            state: Stand::parse(&self.state),
            campaign: self.campaign.clone(),
            before,
        }
    }
}

/// 公文
#[derive(Debug, Template)]
#[template(path = "features/documents/templates/list.html")]
pub struct ListPage {
    /// Around it.
    pub frame: Frame,
    /// What it is narrowed to.
    pub filter: Filter,
    /// Documents of this page.
    pub rows: Vec<ListRow>,
    /// Address of the next page; empty when there is none.
    pub next: String,
    /// The actor may draft.
    pub can_edit: bool,
    /// The actor keeps the templates.
    pub can_templates: bool,
}

/// A document in the list.
#[derive(Clone, Debug)]
pub struct ListRow {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: Kind,
    /// Its number; empty before it has one.
    pub number: String,
    /// The office.
    pub unit: String,
    /// How it stands.
    pub state: Stand,
    /// Who changed it last and when.
    pub updated: String,
}

impl ListPage {
    /// Kinds to choose from.
    pub fn kinds(&self) -> &'static [Kind] {
        Kind::ALL
    }

    /// States to choose from.
    pub fn states(&self) -> &'static [Stand] {
        Stand::ALL
    }
}

/// `GET /documents`
pub async fn page(State(app): State<App>, page: Page, Query(filter): Query<Filter>) -> Result<Response> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let wanted = Wanted { scope: Some(page.actor.scope(Permission::DocumentView)), ..filter.wanted() };
    let mut found = store::page(db, town, &wanted, PAGE).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = match found.last().filter(|_| more) {
        Some(last) => filter.with("before", &format!("{}-{}", last.updated_at, last.id)),
        None => String::new(),
    };
    let mut ids: Vec<UnitId> = found.iter().map(|paper| paper.unit_id.clone()).collect();
    ids.sort();
    ids.dedup();
    let names = units::get_all(db, town, &ids).await?;
    let now = app.clock.local_now();
    let row = |paper: Paper| ListRow {
        title: paper.content.title_line(),
        unit: names.get(&paper.unit_id).map(|unit| unit.name.clone()).unwrap_or_default(),
        updated: format!("{}　{}", paper.updated_by, records::moment(paper.updated_at, now)),
        kind: paper.kind,
        state: paper.state,
        number: paper.number,
        id: paper.id,
    };
    web::page(&ListPage {
        frame: page.frame("公文", "documents"),
        rows: found.into_iter().map(row).collect(),
        next,
        can_edit: page.actor.can(Permission::DocumentEdit),
        can_templates: page.actor.scope(Permission::DocumentEdit).is_whole_town(),
        filter,
    })
}

#[cfg(any(test, feature = "testing"))]
impl ListPage {
    /// An example.
    pub fn sample() -> Self {
        let row = |title: &str, number: &str, kind, state| ListRow {
            id: "1".to_owned(),
            title: title.to_owned(),
            kind,
            number: number.to_owned(),
            unit: "测试镇".to_owned(),
            state,
            updated: "萨仁　6月16日 10:00".to_owned(),
        };
        Self {
            frame: Frame::default(),
            filter: Filter { q: "简报".to_owned(), ..Filter::default() },
            rows: vec![
                row("“安全生产月”活动工作简报（第2期）", "", Kind::Brief, Stand::Draft),
                row("关于开展检查的通知", "青政发〔2022〕122号", Kind::Notice, Stand::Issued),
            ],
            next: "/documents?before=1-1".to_owned(),
            can_edit: true,
            can_templates: true,
        }
    }
}
