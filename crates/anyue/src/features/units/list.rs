//! The list of units, and the tree.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::facts::Unit;
use super::filter::Filter;
use super::import::upload::choices;
use super::model::UnitRef;
use super::store::list::Start;
use super::{api, industries, store};
use crate::App;
use crate::page::Page;
use crate::platform::auth::{Permission, Scope};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{JurisdictionId, UnitId};
use crate::platform::web::{self, Frame};

/// Units on one page of the list.
const PAGE: usize = 50;

/// 单位
#[derive(Debug, Template)]
#[template(path = "features/units/templates/list.html")]
pub struct ListPage {
    /// Around it.
    pub frame: Frame,
    /// What the list is narrowed to.
    pub filter: Filter,
    /// Units on this page.
    pub rows: Vec<ListRow>,
    /// All units that fit.
    pub count: i64,
    /// All units of any kind that fit otherwise.
    pub any_kind: i64,
    /// Kinds there are: code, words, number.
    pub kinds: Vec<(&'static str, &'static str, i64)>,
    /// The units one may look below: id and name.
    pub parents: Vec<(String, String)>,
    /// Industries: code and name.
    pub industries: Vec<(String, String)>,
    /// Address of the page before; empty when there is none.
    pub previous: String,
    /// Address of the next page; empty when there is none.
    pub next: String,
    /// Whether units may be added and changed.
    pub can_edit: bool,
}

/// A unit in the list.
#[derive(Debug)]
pub struct ListRow {
    /// The unit.
    pub unit: Unit,
    /// Name of the unit above.
    pub parent: String,
    /// Active units directly below.
    pub children: i64,
}

impl ListRow {
    /// 从业人数; — when it is not known.
    pub fn headcount(&self) -> String {
        self.unit.facts.headcount.map_or_else(|| "—".to_owned(), grouped)
    }

    /// Name of the industry.
    pub fn industry(&self) -> &str {
        industries::name(&self.unit.facts.industry)
    }

    /// Whether it is shown with its state.
    pub fn is_out(&self) -> bool {
        !self.unit.is_active()
    }
}

/// 1284 as `1,284`.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut words = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            words.push(',');
        }
        words.push(digit);
    }
    words
}

impl ListPage {
    /// The number of units in words.
    pub fn count_words(&self) -> String {
        format!("共 {} 个单位", grouped(self.count))
    }

    /// States to choose from: code and words.
    pub fn states(&self) -> [(&'static str, &'static str); 4] {
        [("", "在用"), ("closed", "已关闭"), ("merged", "已合并"), ("all", "全部状态")]
    }
}

/// `GET /units`
pub async fn page(State(app): State<App>, page: Page, Query(filter): Query<Filter>) -> Result<Response> {
    if filter.view == "tree" {
        return tree(&app, page, filter).await;
    }
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let scope = page.actor.scope(Permission::UnitView);
    let wanted = filter.wanted(path_below(&app, town, &scope, &filter.parent).await?);
    let (order, descending) = filter.order();
    let start = filter.start();
    let (units, more) = store::list::page(db, town, &scope, &wanted, order, descending, &start, PAGE).await?;
    let at = |unit: Option<&Unit>| unit.map(|unit| unit.id.0.clone()).unwrap_or_default();
    let (first, last) = (at(units.first()), at(units.last()));
    let (before, after) = match start {
        Start::First => (false, more),
        Start::After(_) => (true, more),
        Start::Before(_) => (more, true),
    };
    let kinds = store::list::count_kinds(db, town, &scope, &wanted).await?;
    let known = api::list(db, town, &scope).await?;
    let names: HashMap<&UnitId, &str> = known.iter().map(|unit| (&unit.id, unit.name.as_str())).collect();
    let ids: Vec<UnitId> = units.iter().map(|unit| unit.id.clone()).collect();
    let children = store::list::count_children(db, town, &ids).await?;
    let parents_with_children: Vec<UnitRef> = with_children(&known);
    web::page(&ListPage {
        frame: page.frame("单位", "units"),
        count: store::list::count(db, town, &scope, &wanted).await?,
        any_kind: kinds.iter().map(|(_, count)| count).sum(),
        kinds: kinds.into_iter().map(|(kind, count)| (kind.code(), kind.label(), count)).collect(),
        parents: choices(&parents_with_children),
        industries: industries::all().iter().map(|one| (one.code.clone(), one.name.clone())).collect(),
        previous: if before && !first.is_empty() { with_cursor(&filter, "before", &first) } else { String::new() },
        next: if after && !last.is_empty() { with_cursor(&filter, "after", &last) } else { String::new() },
        can_edit: page.actor.can(Permission::UnitEdit),
        rows: units
            .into_iter()
            .map(|unit| ListRow {
                parent: unit.parent_id.as_ref().and_then(|id| names.get(id)).map_or("", |name| *name).to_owned(),
                children: children.get(&unit.id).copied().unwrap_or_default(),
                unit,
            })
            .collect(),
        filter,
    })
}

fn with_cursor(filter: &Filter, name: &str, id: &str) -> String {
    filter.with(&[(name, id)])
}

fn with_children(units: &[UnitRef]) -> Vec<UnitRef> {
    let parents: std::collections::HashSet<&UnitId> = units.iter().filter_map(|unit| unit.parent_id.as_ref()).collect();
    units.iter().filter(|unit| parents.contains(&unit.id)).cloned().collect()
}

/// The path of the unit named as parent, when it may be seen.
pub(super) async fn path_below(
    app: &App,
    town: &JurisdictionId,
    scope: &Scope,
    parent: &str,
) -> Result<Option<String>> {
    if parent.is_empty() {
        return Ok(None);
    }
    let unit = store::find_ref(app.db.reader(), town, &UnitId::from(parent)).await?;
    unit.filter(|unit| scope.covers(&unit.path)).map(|unit| Some(unit.path)).ok_or(Error::NotFound)
}

/// 单位树
#[derive(Debug, Template)]
#[template(path = "features/units/templates/tree.html")]
pub struct TreePage {
    /// Around it.
    pub frame: Frame,
    /// What the list was narrowed to.
    pub filter: Filter,
    /// The units at the top, each with those directly below.
    pub tops: Vec<Branch>,
    /// All active units.
    pub count: i64,
    /// Whether units may be added and changed.
    pub can_edit: bool,
}

/// A unit of the tree.
#[derive(Debug)]
pub struct Branch {
    /// The unit.
    pub unit: UnitRef,
    /// Active units directly below.
    pub children: i64,
    /// Those that are shown at once.
    pub shown: Vec<Branch>,
}

impl TreePage {
    /// The number of units in words.
    pub fn count_words(&self) -> String {
        format!("共 {} 个单位", grouped(self.count))
    }
}

/// The units directly below one, as a part of the tree.
#[derive(Debug, Template)]
#[template(path = "features/units/templates/branch.html")]
pub struct BranchPart {
    /// Around it: for the addresses of icons.
    pub frame: Frame,
    /// The units.
    pub branches: Vec<Branch>,
}

async fn tree(app: &App, page: Page, filter: Filter) -> Result<Response> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let scope = page.actor.scope(Permission::UnitView);
    let known = api::list(db, town, &scope).await?;
    let mut of: HashMap<Option<UnitId>, Vec<UnitRef>> = HashMap::new();
    let ids: std::collections::HashSet<UnitId> = known.iter().map(|unit| unit.id.clone()).collect();
    for unit in &known {
        let parent = unit.parent_id.clone().filter(|parent| ids.contains(parent));
        of.entry(parent).or_default().push(unit.clone());
    }
    let count_of = |unit: &UnitRef| of.get(&Some(unit.id.clone())).map_or(0, |below| below.len() as i64);
    let branch = |unit: &UnitRef, shown: Vec<Branch>| Branch { unit: unit.clone(), children: count_of(unit), shown };
    let tops = match known.iter().find(|unit| unit.id.0 == filter.parent) {
        Some(unit) => vec![unit.clone()],
        None => of.get(&None).cloned().unwrap_or_default(),
    };
    let tops = tops
        .iter()
        .map(|top| {
            let below = of.get(&Some(top.id.clone())).map_or(&[][..], Vec::as_slice);
            branch(top, below.iter().map(|unit| branch(unit, Vec::new())).collect())
        })
        .collect();
    web::page(&TreePage {
        frame: page.frame("单位", "units"),
        count: i64::try_from(known.len()).unwrap_or_default(),
        can_edit: page.actor.can(Permission::UnitEdit),
        tops,
        filter,
    })
}

/// `GET /units/{id}/branch`
pub async fn branch(State(app): State<App>, page: Page, Path(id): Path<UnitId>) -> Result<Response> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let unit = api::get(db, town, &id).await?;
    page.actor.require(Permission::UnitView, &unit.path)?;
    let below = api::children(db, town, &id).await?;
    let ids: Vec<UnitId> = below.iter().map(|unit| unit.id.clone()).collect();
    let counts = store::list::count_children(db, town, &ids).await?;
    let branches = below.into_iter().map(|unit| Branch {
        children: counts.get(&unit.id).copied().unwrap_or_default(),
        unit,
        shown: Vec::new(),
    });
    web::page(&BranchPart { frame: page.frame("单位", "units"), branches: branches.collect() })
}

#[cfg(any(test, feature = "testing"))]
impl ListPage {
    /// An example.
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            filter: Filter { q: "东".to_owned(), ..Filter::default() },
            rows: vec![ListRow { unit: sample_unit(), parent: "青龙山镇".to_owned(), children: 2 }],
            count: 1284,
            any_kind: 1284,
            kinds: vec![("village", "嘎查村", 14)],
            parents: vec![("1".to_owned(), "青龙山镇".to_owned())],
            industries: vec![("NONCOAL".to_owned(), "非煤矿山".to_owned())],
            previous: String::new(),
            next: "/units?after=1".to_owned(),
            can_edit: true,
        }
    }
}

#[cfg(any(test, feature = "testing"))]
impl TreePage {
    /// An example.
    pub fn sample() -> Self {
        let leaf = Branch { unit: sample_unit().to_ref(), children: 2, shown: Vec::new() };
        Self {
            frame: Frame::default(),
            filter: Filter::default(),
            tops: vec![Branch { unit: sample_unit().to_ref(), children: 1, shown: vec![leaf] }],
            count: 2,
            can_edit: true,
        }
    }
}

#[cfg(any(test, feature = "testing"))]
impl BranchPart {
    /// An example.
    pub fn sample() -> Self {
        let leaf = Branch { unit: sample_unit().to_ref(), children: 0, shown: Vec::new() };
        Self { frame: Frame::default(), branches: vec![leaf] }
    }
}

/// A unit for examples.
#[cfg(any(test, feature = "testing"))]
pub fn sample_unit() -> Unit {
    Unit {
        id: UnitId::from("00000000-0000-7000-8000-000000000001"),
        parent_id: None,
        path: "00000000-0000-7000-8000-000000000001/".to_owned(),
        facts: super::facts::Facts {
            code: "150526".to_owned(),
            principal: "李桂兰".to_owned(),
            headcount: Some(1260),
            phone: "0470-6701234".to_owned(),
            ..super::facts::Facts::new(super::model::UnitKind::Village, "东沟村")
        },
        state: super::facts::UnitState::Active,
        merged_into: None,
        version: 3,
        created_at: 1_655_080_200_000,
        updated_at: 1_655_080_200_000,
    }
}
