//! `/statistics/charts`: accepted records by day, by kind, by kind of unit; drawn here, each beside its table.

use std::collections::{BTreeMap, HashMap, HashSet};

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::load::{self, Wanted};
use super::show::{self, Choices};
use super::words;
use crate::App;
use crate::features::records::api::{self as records, BehindOf, RecordId, State as Stand};
use crate::features::units::api::{self as units, UnitKind};
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::Result;
use crate::platform::ids::UnitId;
use crate::platform::web::{self, Frame};

/// 图表
#[derive(Debug, Template)]
#[template(path = "features/statistics/templates/charts.html")]
pub struct ChartsPage {
    /// Around it.
    pub frame: Frame,
    /// What was asked for.
    pub wanted: Wanted,
    /// Campaigns, weeks and units to choose from.
    pub choices: Choices,
    /// Whose, and of which days.
    pub about: String,
    /// The charts.
    pub charts: Vec<Chart>,
}

/// A chart: bars of numbers of records, with people beside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chart {
    /// Title.
    pub title: String,
    /// Heading of what the bars are.
    pub heading: &'static str,
    /// Bars stand upright: days.
    pub upright: bool,
    /// Its bars.
    pub bars: Vec<Bar>,
}

/// A bar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    /// What it is.
    pub label: String,
    /// A shorter name under an upright bar; empty where there is no room.
    pub tick: String,
    /// Records.
    pub count: i64,
    /// Person-times; `None` when nobody stated any.
    pub people: Option<i64>,
    /// Where these records are; empty when there is no such list.
    pub href: String,
    /// How tall an upright bar is, in hundredths of the drawing.
    pub length: i64,
}

/// The tallest upright bar, in hundredths of the drawing: above it stands its number.
const TALLEST: i64 = 88;

impl Bar {
    /// `1,284`
    pub fn count_words(&self) -> String {
        records::grouped(self.count)
    }

    /// `60`, `—`
    pub fn people_words(&self) -> String {
        self.people.map_or_else(|| "—".to_owned(), records::grouped)
    }

    /// Where an upright bar begins.
    pub fn top(&self) -> i64 {
        100 - self.length
    }
}

impl Chart {
    fn new(title: &str, heading: &'static str, upright: bool, mut bars: Vec<Bar>) -> Self {
        let most = most(&bars);
        for bar in &mut bars {
            // Whatever there is can be seen.
            bar.length = if bar.count == 0 { 0 } else { (bar.count * TALLEST / most).max(2) };
        }
        Self { title: title.to_owned(), heading, upright, bars }
    }

    /// What the longest bar stands for.
    pub fn most(&self) -> i64 {
        most(&self.bars)
    }

    /// Whether there is anything to draw.
    pub fn is_empty(&self) -> bool {
        self.bars.iter().all(|bar| bar.count == 0)
    }
}

fn most(bars: &[Bar]) -> i64 {
    bars.iter().map(|bar| bar.count).max().unwrap_or_default().max(1)
}

impl ChartsPage {
    #[cfg(any(test, feature = "testing"))]
    /// An example.
    pub fn sample() -> Self {
        let bar = |label: &str, count| Bar {
            label: label.to_owned(),
            tick: "13".to_owned(),
            count,
            people: Some(count * 20),
            href: "/records".to_owned(),
            ..Bar::default()
        };
        Self {
            frame: Frame::default(),
            wanted: Wanted::default(),
            choices: show::ShowPage::sample().choices,
            about: "青龙山镇　6月1日至6月16日（累计）".to_owned(),
            charts: vec![
                Chart::new("每日开展情况", "日期", true, vec![bar("6月13日", 3), bar("6月14日", 0)]),
                Chart::new("各类活动", "活动种类", false, vec![bar("应急演练", 5), bar("专题学习", 2)]),
            ],
        }
    }
}

/// `GET /statistics/charts`
pub async fn page(State(app): State<App>, page: Page, Query(wanted): Query<Wanted>) -> Result<Response> {
    let (db, town, today) = (app.db.reader(), &page.actor.jurisdiction, app.clock.today());
    let Some(chosen) = load::chosen(&app, &page.actor, Permission::StatisticsView, &wanted).await? else {
        return Ok(web::see_other("/statistics"));
    };
    let wanted = show::fixed(wanted, &chosen);
    let (from, until) = words::days_of(&chosen.week, wanted.span());
    let tally = Tally::read(&app, &page, &chosen.unit, (from, until)).await?;
    let kinds = records::kinds(db, town).await?;
    let all = units::list(db, town, &chosen.scope).await?;
    let choices = Choices::new(&chosen, all.into_iter().map(|unit| (unit.id.to_string(), unit.name)).collect(), today);
    let list = |more: &[(&str, &str)]| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("state", "accepted").append_pair("unit", chosen.unit.id.as_str());
        query.extend_pairs(more);
        format!("/records?{}", query.finish())
    };
    let (first, last) = (from.to_string(), until.to_string());

    let mut days: Vec<Bar> = Vec::new();
    let mut day = from;
    while day <= until && days.len() < 366 {
        let (count, people) = tally.by_day.get(&day).copied().unwrap_or_default();
        let text = day.to_string();
        let marked = day.day() == 1 || day.day() % 5 == 0 || day == from;
        days.push(Bar {
            label: words::day(day, today),
            tick: if marked { format!("{}/{}", day.month(), day.day()) } else { String::new() },
            href: if count > 0 { list(&[("from", &text), ("until", &text)]) } else { String::new() },
            count,
            people,
            ..Bar::default()
        });
        day = day.saturating_add(1.day());
    }
    let of_kinds = tally.by_kind.iter().map(|(code, (count, people))| Bar {
        label: kinds.iter().find(|kind| kind.code == *code).map_or_else(|| code.clone(), |kind| kind.name.clone()),
        href: list(&[("kind", code), ("from", &first), ("until", &last)]),
        count: *count,
        people: *people,
        ..Bar::default()
    });
    let of_units = tally.by_unit_kind.iter().map(|(kind, (count, people))| Bar {
        label: kind.label().to_owned(),
        href: wanted.address("/statistics/summary", &[]),
        count: *count,
        people: *people,
        ..Bar::default()
    });
    let mut of_kinds: Vec<Bar> = of_kinds.collect();
    of_kinds.sort_by_key(|bar| std::cmp::Reverse(bar.count));
    let charts = vec![
        Chart::new("每日开展情况", "日期", true, days),
        Chart::new("各类活动", "活动种类", false, of_kinds),
        Chart::new("各类单位", "单位类型", false, of_units.collect()),
    ];
    let days = super::paper::span_in_words(&words::period(from, until, today), wanted.span());
    web::page(&ChartsPage {
        frame: page.frame("图表", "statistics"),
        about: format!("{}　{days}", chosen.unit.name),
        choices,
        charts,
        wanted,
    })
}

/// Records and people.
type Counted = (i64, Option<i64>);

#[derive(Default)]
struct Tally {
    by_day: BTreeMap<Date, Counted>,
    by_kind: BTreeMap<String, Counted>,
    by_unit_kind: BTreeMap<UnitKind, Counted>,
}

impl Tally {
    /// The accepted records of a part of the tree, each once.
    async fn read(app: &App, page: &Page, top: &units::UnitRef, (from, until): (Date, Date)) -> Result<Self> {
        let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
        let measures = vec!["count".to_owned(), "participants".to_owned()];
        let of = BehindOf { from, until, states: vec![Stand::Accepted], kinds: None, facet: None, measures };
        let figures = records::behind(db, town, &of).await?;
        let mut hosts: Vec<UnitId> = figures.iter().map(|figure| figure.unit_id.clone()).collect();
        hosts.sort();
        hosts.dedup();
        let joint = records::joint(db, town, (from, until)).await?;
        hosts.extend(joint.iter().map(|(_, unit)| unit.clone()));
        let found: HashMap<UnitId, units::UnitRef> = units::get_all(db, town, &hosts).await?;
        let inside = |id: &UnitId| found.get(id).is_some_and(|unit| unit.path.starts_with(&top.path));
        let shared: HashSet<RecordId> =
            joint.into_iter().filter(|(_, unit)| inside(unit)).map(|(record, _)| record).collect();
        let mut tally = Self::default();
        for figure in figures {
            if !inside(&figure.unit_id) && !shared.contains(&figure.record_id) {
                continue;
            }
            let kind = found.get(&figure.unit_id).map_or(UnitKind::Other, |unit| unit.kind);
            for counted in [
                tally.by_day.entry(figure.held_on).or_default(),
                tally.by_kind.entry(figure.kind.clone()).or_default(),
                tally.by_unit_kind.entry(kind).or_default(),
            ] {
                if figure.measure == "count" {
                    counted.0 += figure.amount;
                } else {
                    counted.1 = Some(counted.1.unwrap_or_default() + figure.amount);
                }
            }
        }
        Ok(tally)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_numbers_and_whatever_there_is_can_be_seen() {
        let bar = |count| Bar { count, ..Bar::default() };
        let chart = Chart::new("", "", true, vec![bar(1000), bar(500), bar(1), bar(0)]);
        let lengths: Vec<i64> = chart.bars.iter().map(|bar| bar.length).collect();
        assert_eq!(lengths, [88, 44, 2, 0]);
        assert!(!chart.is_empty() && Chart::new("", "", true, vec![bar(0)]).is_empty());
    }
}
