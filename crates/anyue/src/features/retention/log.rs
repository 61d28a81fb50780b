//! The log (清理记录): what went, by which term, when; numbers and hashes only.

use askama::Template;
use axum::body::Body;
use axum::extract::{Query, State as Shared};
use axum::response::Response;
use calendar::from_local_ms;
use futures_util::StreamExt as _;
use jiff::ToSpan as _;
use jiff::civil::{Date, Time};
use official_doc::table::{Cell, Column, Sheet, write_csv, write_csv_rows};
use serde::Deserialize;

use super::store::{self, LogFilter, Removal};
use super::{classes, require, words};
use crate::App;
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::{Error, Result};
use crate::platform::retention::Sum;
use crate::platform::web::{self, Frame};

const PER_PAGE: usize = 50;
const CHUNK: i64 = 2_000;

/// 清理记录
#[derive(Debug, Template)]
#[template(path = "features/retention/templates/log.html")]
pub struct LogPage {
    /// Around it.
    pub frame: Frame,
    /// What is looked for.
    pub filter: Wanted,
    /// Classes to choose from: code, name.
    pub classes: Vec<(&'static str, &'static str)>,
    /// One line for each portion.
    pub lines: Vec<Line>,
    /// Address of older ones; empty at the end.
    pub older: String,
    /// Address of the latest ones; empty when they are shown.
    pub latest: String,
    /// What is wrong with the days asked for; empty when nothing is.
    pub wrong: String,
}

/// A portion that went.
#[derive(Debug)]
pub struct Line {
    /// When.
    pub at: String,
    /// Which class.
    pub class: String,
    /// How much.
    pub sum: String,
    /// From when until when it was.
    pub span: String,
    /// By which term, and why.
    pub why: String,
    /// By whom.
    pub by: String,
    /// Hash of the list of ids.
    pub hash: String,
}

/// What is looked for; lives in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// Code of a class.
    pub class: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Instant and id of the last one shown.
    pub after: String,
}

impl Wanted {
    fn address(&self, base: &str, after: &str) -> String {
        let pairs = [("class", self.class.as_str()), ("from", &self.from), ("to", &self.to), ("after", after)];
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
        format!("{base}?{}", query.finish())
    }

    fn parse(&self) -> Result<LogFilter, String> {
        let day = |text: &str| match text.trim() {
            "" => Ok(None),
            text => text.parse::<Date>().map(Some).map_err(|_| "日期不对，请重新选择。".to_owned()),
        };
        let midnight = |day: Date| from_local_ms(day.to_datetime(Time::midnight()));
        Ok(LogFilter {
            class: self.class.trim().to_owned(),
            from: day(&self.from)?.map(midnight),
            until: day(&self.to)?.and_then(|day| day.checked_add(1.day()).ok()).map(midnight),
        })
    }

    fn after(&self) -> Option<(i64, String)> {
        let (at, id) = self.after.split_once('.')?;
        Some((at.parse().ok()?, id.to_owned()))
    }
}

fn name(code: &str) -> String {
    classes::find(code).map_or_else(|_| code.to_owned(), |class| class.name.to_owned())
}

fn why(one: &Removal) -> String {
    let term = words::term(Some(one.days));
    if one.rule_version == 0 {
        format!("{term}，本系统默认")
    } else {
        format!("{term}，本镇设定：{}", one.why)
    }
}

fn by(one: &Removal) -> String {
    if one.asked_by.is_some() { one.asked_by_name.clone() } else { "每夜自动".to_owned() }
}

fn line(one: Removal, now: i64) -> Line {
    Line {
        at: words::moment(one.removed_at, now),
        class: name(&one.class),
        sum: words::sum(Sum { items: one.items, bytes: one.bytes }),
        span: format!("{}至{}", words::day(one.from_at, now), words::day(one.until_at, now)),
        why: why(&one),
        by: by(&one),
        hash: one.list_hash,
    }
}

impl LogPage {
    /// Address of the export of what is looked for.
    pub fn export(&self) -> String {
        self.filter.address("/retention/log.csv", "")
    }

    #[cfg(any(test, feature = "testing"))]
    /// For the template test.
    pub fn sample() -> Self {
        let removal = Removal {
            removal_id: "r1".to_owned(),
            class: "jobs_done".to_owned(),
            days: 30,
            rule_version: 0,
            why: String::new(),
            before_at: 1_655_049_600_000,
            items: 12,
            bytes: 4096,
            from_at: 1_654_000_000_000,
            until_at: 1_654_000_060_000,
            list_hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
            asked_by: None,
            asked_by_name: String::new(),
            removed_at: 1_655_080_200_000,
        };
        let asked = Removal {
            asked_by: Some("a".to_owned()),
            asked_by_name: "王建军".to_owned(),
            rule_version: 2,
            why: "旗里要求".to_owned(),
            ..removal.clone()
        };
        Self {
            frame: Frame { title: "清理记录".to_owned(), active: "retention", ..Frame::default() },
            filter: Wanted::default(),
            classes: classes::ALL.iter().map(|class| (class.code, class.name)).collect(),
            lines: vec![line(removal, 1_655_080_200_000), line(asked, 1_655_080_200_000)],
            older: "?after=1.r1".to_owned(),
            latest: String::new(),
            wrong: String::new(),
        }
    }
}

/// `GET /retention/log`
pub async fn page(Shared(app): Shared<App>, page: Page, Query(filter): Query<Wanted>) -> Result<Response> {
    require(&page.actor, Permission::RetentionView)?;
    let (town, now) = (&page.actor.jurisdiction, app.now());
    let after = filter.after();
    let (mut found, wrong) = match filter.parse() {
        Ok(parsed) => {
            let after = after.as_ref().map(|(at, id)| (*at, id.as_str()));
            (store::removals(app.db.reader(), town, &parsed, after, PER_PAGE as i64 + 1).await?, String::new())
        }
        Err(wrong) => (Vec::new(), wrong),
    };
    let more = found.len() > PER_PAGE;
    found.truncate(PER_PAGE);
    let older = match found.last() {
        Some(last) if more => filter.address("", &format!("{}.{}", last.removed_at, last.removal_id)),
        _ => String::new(),
    };
    web::page(&LogPage {
        frame: page.frame("清理记录", "retention"),
        classes: classes::ALL.iter().map(|class| (class.code, class.name)).collect(),
        lines: found.into_iter().map(|one| line(one, now)).collect(),
        older,
        latest: if after.is_some() { filter.address("", "") } else { String::new() },
        wrong,
        filter,
    })
}

/// `GET /retention/log.csv`: all that is looked for, sent as it is read.
pub async fn export(Shared(app): Shared<App>, page: Page, Query(filter): Query<Wanted>) -> Result<Response> {
    require(&page.actor, Permission::RetentionView)?;
    let parsed = filter.parse().map_err(Error::Refused)?;
    let headings = [
        "时间",
        "类别",
        "代码",
        "项数",
        "字节",
        "最早",
        "最晚",
        "早于",
        "期限（天）",
        "依据",
        "执行",
        "编号清单SHA-256",
    ];
    let head = write_csv(&Sheet::new("清理记录", headings.into_iter().map(Column::text).collect()));
    let town = page.actor.jurisdiction.clone();
    let rows = futures_util::stream::try_unfold(Some(None::<(i64, String)>), move |state| {
        let (app, town, parsed) = (app.clone(), town.clone(), parsed.clone());
        async move {
            let Some(after) = state else { return Ok::<_, Error>(None) };
            let after = after.as_ref().map(|(at, id)| (*at, id.as_str()));
            let found = store::removals(app.db.reader(), &town, &parsed, after, CHUNK).await?;
            let full = i64::try_from(found.len()).is_ok_and(|count| count == CHUNK);
            let next = found.last().filter(|_| full).map(|last| Some((last.removed_at, last.removal_id.clone())));
            Ok(Some((write_csv_rows(&found.iter().map(cells).collect::<Vec<_>>()), next)))
        }
    });
    let body = futures_util::stream::once(async { Ok(head) }).chain(rows);
    Ok(web::attachment("清理记录.csv", "text/csv; charset=utf-8", Body::from_stream(body)))
}

fn cells(one: &Removal) -> Vec<Cell> {
    let text = |text: String| Cell::from(text.as_str());
    vec![
        text(words::exact(one.removed_at)),
        text(name(&one.class)),
        text(one.class.clone()),
        one.items.into(),
        one.bytes.into(),
        text(words::exact(one.from_at)),
        text(words::exact(one.until_at)),
        text(words::exact(one.before_at)),
        one.days.into(),
        text(why(one)),
        text(by(one)),
        text(one.list_hash.clone()),
    ]
}
