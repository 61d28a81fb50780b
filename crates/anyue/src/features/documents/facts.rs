//! What placeholders stand for: facts of a campaign and a week, each figure with the page it comes from.
//!
//! | placeholder | meaning |
//! | --- | --- |
//! | `单位.名称` | the office |
//! | `活动.名称`, `活动.文号`, `活动.主题`, `活动.起`, `活动.止` | the campaign |
//! | `本周.期`, `本周.起`, `本周.止` | number and days of the week |
//! | `本周.应报`, `本周.已报`, `本周.未报`, `本周.退回` | figures of the weekly duty |
//! | `本周.未报单位`, `本周.零报告单位` | lists of names |
//! | `本周.场次`, `累计.场次` | records held |
//! | `指标` | list: `项目`, `名称`, `计量单位`, `本周`, `累计` |
//! | `统计.代码.本周`, `统计.代码.累计` | the same by the slot's code |
//! | `活动记录`, `亮点` | lists: `名称`, `种类`, `单位`, `日期`, `地点`, `内容`, `照片`, `链接` |
//! | `任务` | list: `名称`, `应报`, `已报`, `未报`, `退回` |
//! | `今天` | the date in words |

use std::collections::BTreeMap;

use jiff::civil::Date;
use minijinja::{Value, context};

use super::fill::Figure;
use crate::App;
use crate::features::campaigns::api::{self as campaigns, CampaignHeader};
use crate::features::duties::api::{self as duties, CampaignId, Cell, DutyKind, STANDING, Tally};
use crate::features::records::api::{self as records, BehindOf, Record, RecordId, State};
use crate::features::statistics::api::{self as statistics, FigureLine, LineFigure, Week};
use crate::features::units::api::{self as units, UnitRef};
use crate::platform::auth::Actor;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{JurisdictionId, UnitId};

/// What a document is about.
#[derive(Clone, Debug)]
pub struct About {
    /// The office.
    pub unit: UnitRef,
    /// The campaign, when it is about one.
    pub campaign: Option<CampaignId>,
    /// The week; 0 when none.
    pub week: i64,
}

/// No list of records is longer.
const MOST_RECORDS: usize = 40;

/// All facts.
pub async fn facts(app: &App, actor: &Actor, about: &About) -> Result<Value> {
    let today = date_in_words(app.clock.today());
    let unit = context! { 名称 => about.unit.name.as_str() };
    let Some(campaign) = &about.campaign else {
        return Ok(context! { 今天 => today, 单位 => unit });
    };
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let header = campaigns::header(db, town, campaign).await?.ok_or(Error::NotFound)?;
    let figures = match about.week {
        0 => None,
        no => statistics::week_figures(app, actor, campaign, no).await?,
    };
    let cells = duties::cells(db, town, campaign).await?;
    let all_duties = duties::of_campaign(db, town, campaign, false).await?;
    let tasks: Vec<Value> = all_duties
        .iter()
        .filter(|duty| duty.kind != DutyKind::AdHocReport)
        .map(|duty| {
            let own = cells.iter().filter(|cell| cell.duty_id == duty.id.as_str());
            let link = format!("/duties/{}", duty.id);
            let tally = tally(own);
            context! { 名称 => duty.title.as_str(), ..counts(tally, &link) }
        })
        .collect();
    let mut whole = context! {
        今天 => today,
        单位 => unit,
        活动 => campaign_facts(&header),
        任务 => tasks,
    };
    if let Some(figures) = figures {
        let week = &figures.week;
        let planned: Vec<(String, String)> = all_duties
            .iter()
            .filter(|duty| duty.kind == DutyKind::WeeklyReport)
            .filter_map(|duty| Some((duty, duty.planned(&header.dates(app.clock.today()), &app.calendar).ok()?)))
            .flat_map(|(duty, planned)| planned.into_iter().map(move |one| (duty, one)))
            .filter(|(_, one)| one.period_end.is_some_and(|end| (week.from..=week.until).contains(&end)))
            .map(|(duty, one)| (duty.id.to_string(), one.period_key))
            .collect();
        let of_week: Vec<&Cell> = cells
            .iter()
            .filter(|cell| planned.iter().any(|(duty, key)| cell.duty_id == *duty && cell.period_key == *key))
            .collect();
        let board = format!("/campaigns/{campaign}/board?date={}", week.until);
        let missing = of_week.iter().filter(|cell| {
            use crate::features::duties::api::BoardState as B;
            matches!(cell.on_board(), Some(B::NotYet | B::Returned))
        });
        let missing = names(app, town, missing.map(|cell| UnitId(cell.unit_id.clone())).collect()).await?;
        let zero = duties::zero_reports(db, town, campaign).await?;
        let zero = zero.into_iter().filter(|(_, from, until)| *from <= week.until && week.from <= *until);
        let zero = names(app, town, zero.map(|(unit, ..)| unit).collect()).await?;
        let (held, highlights) = (
            held(app, town, (week.from, week.until), "count").await?,
            held(app, town, (week.total_from, week.until), "highlight").await?,
        );
        let total = held_ids(app, town, (week.total_from, week.until), "count").await?.len();
        let count = held_ids(app, town, (week.from, week.until), "count").await?.len();
        let list = |from: Date| format!("/records?from={from}&until={}&state=accepted", week.until);
        whole = context! {
            本周 => context! {
                期 => week.no,
                起 => day_in_words(week.from),
                止 => day_in_words(week.until),
                未报单位 => missing,
                零报告单位 => zero,
                场次 => Value::from(figure(count, list(week.from))),
                ..counts(tally(of_week.into_iter()), &board)
            },
            累计 => context! {
                起 => day_in_words(week.total_from),
                场次 => Value::from(figure(total, list(week.total_from))),
            },
            指标 => figures.lines.iter().map(line).collect::<Vec<_>>(),
            统计 => figures.lines.iter().map(|one| (one.code.clone(), line(one))).collect::<BTreeMap<_, _>>(),
            活动记录 => told(app, town, &held).await?,
            亮点 => told(app, town, &highlights).await?,
            ..whole
        };
    }
    Ok(whole)
}

fn campaign_facts(header: &CampaignHeader) -> Value {
    let day = |day: Option<Date>| day.map(day_in_words).unwrap_or_default();
    context! {
        名称 => header.title.as_str(),
        文号 => header.doc_number.as_str(),
        主题 => header.theme.as_str(),
        发文单位 => header.issuer.as_str(),
        起 => day(header.period_start),
        止 => day(header.period_end),
    }
}

fn tally<'a>(cells: impl Iterator<Item = &'a Cell>) -> Tally {
    let mut tally = Tally::default();
    for cell in cells.filter(|cell| !cell.period_key.starts_with(STANDING)) {
        if let Some(word) = cell.on_board() {
            tally.add(word, 1);
        }
    }
    tally
}

fn counts(tally: Tally, link: &str) -> Value {
    let figure = |number| Value::from(Figure::count(number, link));
    context! {
        应报 => figure(tally.received + tally.returned + tally.not_yet),
        已报 => figure(tally.received),
        未报 => figure(tally.not_yet),
        退回 => figure(tally.returned),
    }
}

fn figure(count: usize, link: String) -> Figure {
    Figure::count(i64::try_from(count).unwrap_or(i64::MAX), link)
}

fn line(one: &FigureLine) -> Value {
    let figure = |one: &LineFigure| {
        Value::from(Figure { printed: one.printed.clone(), number: one.value, link: one.link.clone() })
    };
    context! {
        项目 => one.row.as_str(),
        名称 => one.label.as_str(),
        计量单位 => one.unit.as_str(),
        本周 => figure(&one.spans[0]),
        累计 => figure(&one.spans[1]),
    }
}

async fn names(app: &App, town: &JurisdictionId, mut ids: Vec<UnitId>) -> Result<Vec<String>> {
    ids.sort();
    ids.dedup();
    let found = units::get_all(app.db.reader(), town, &ids).await?;
    let order = units::list(app.db.reader(), town, &crate::platform::auth::Scope::All).await?;
    Ok(order.into_iter().filter(|unit| found.contains_key(&unit.id)).map(|unit| unit.name).collect())
}

async fn held_ids(
    app: &App,
    town: &JurisdictionId,
    (from, until): (Date, Date),
    measure: &str,
) -> Result<Vec<RecordId>> {
    let of = BehindOf {
        from,
        until,
        states: vec![State::Accepted],
        kinds: None,
        facet: None,
        measures: vec![measure.to_owned()],
    };
    let found = records::behind(app.db.reader(), town, &of).await?;
    Ok(found.into_iter().map(|one| one.record_id).collect())
}

async fn held(app: &App, town: &JurisdictionId, days: (Date, Date), measure: &str) -> Result<Vec<Record>> {
    let mut ids = held_ids(app, town, days, measure).await?;
    ids.truncate(MOST_RECORDS);
    records::all(app.db.reader(), town, &ids).await
}

async fn told(app: &App, town: &JurisdictionId, list: &[Record]) -> Result<Vec<Value>> {
    let db = app.db.reader();
    let kinds = records::kinds(db, town).await?;
    let mut hosts: Vec<UnitId> = list.iter().flat_map(|record| record.units().cloned()).collect();
    hosts.sort();
    hosts.dedup();
    let hosts = units::get_all(db, town, &hosts).await?;
    let mut told = Vec::new();
    for record in list {
        let facts = &record.facts;
        let own: Vec<&str> = record.units().filter_map(|id| Some(hosts.get(id)?.name.as_str())).collect();
        let photo = records::files_of(db, town, &record.id)
            .await?
            .into_iter()
            .find(|file| file.media_type.starts_with("image/"))
            .map(|file| file.file_id)
            .unwrap_or_default();
        told.push(context! {
            名称 => facts.title.as_str(),
            种类 => kinds.iter().find(|kind| kind.code == facts.kind).map(|kind| kind.name.as_str()).unwrap_or_default(),
            单位 => own.join("、"),
            日期 => day_in_words(facts.held_on),
            地点 => facts.place.as_str(),
            内容 => facts.text.as_str(),
            人次 => facts.measures.get("participants"),
            照片 => photo,
            链接 => Value::from(Figure {
                printed: facts.title.clone(),
                number: None,
                link: format!("/records/{}", record.id),
            }),
        });
    }
    Ok(told)
}

/// 6月13日
fn day_in_words(day: Date) -> String {
    format!("{}月{}日", day.month(), day.day())
}

/// 2022年6月13日
pub fn date_in_words(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// The week as lists show it.
pub fn week_in_words(week: &Week) -> String {
    format!("第{}周（{}至{}）", week.no, day_in_words(week.from), day_in_words(week.until))
}
