//! The trail (操作记录) as its auditor reads it: filtered, by pages, exported, verified.

use askama::Template;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::Response;
use calendar::from_local_ms;
use futures_util::StreamExt as _;
use jiff::ToSpan as _;
use jiff::civil::{Date, Time};
use official_doc::table::{Cell, Column, Sheet, write_csv, write_csv_rows};
use serde::Deserialize;

use super::words;
use crate::App;
use crate::page::Page;
use crate::platform::audit::{self, Entry};
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::web::{self, Flash, Frame};

const PER_PAGE: usize = 50;
/// An export is read in chunks of so many rows.
const CHUNK: u64 = 2_000;

/// 操作记录
#[derive(Debug, Template)]
#[template(path = "features/accounts/templates/trail.html")]
pub struct TrailPage {
    /// Around it.
    pub frame: Frame,
    /// What is looked for.
    pub filter: TrailFilter,
    /// One line for each event.
    pub lines: Vec<Line>,
    /// Address of older events; empty at the end.
    pub older: String,
    /// Address of the latest events; empty when they are shown.
    pub latest: String,
    /// What is wrong with the dates asked for; empty when nothing is.
    pub wrong: String,
}

/// An event as a line.
#[derive(Debug)]
pub struct Line {
    /// Its number.
    pub seq: i64,
    /// When, in words.
    pub at: String,
    /// Who, by name.
    pub actor: String,
    /// Who, by id.
    pub actor_id: String,
    /// What, in English.
    pub kind: String,
    /// What, in Chinese.
    pub summary: String,
    /// Id of the thing it was done to.
    pub subject_id: String,
    /// Further facts; empty when there are none.
    pub detail: String,
    /// The beginning of its hash.
    pub hash: String,
}

impl Line {
    /// The group of its kind, in words.
    pub fn kind_words(&self) -> &'static str {
        let group = self.kind.split('.').next().unwrap_or_default();
        GROUPS.iter().find(|(code, _)| *code == group).map_or("其他", |(_, words)| words)
    }
}

/// What is looked for; lives in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TrailFilter {
    /// Beginning of the kind.
    pub kind: String,
    /// Name of the actor.
    pub q: String,
    /// Id of the actor.
    pub actor: String,
    /// Id of the subject or unit.
    pub subject: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Number of an event; only older ones are shown.
    pub before: String,
}

impl TrailFilter {
    /// The address with another value for one part.
    pub fn with(&self, part: &str, value: &str) -> String {
        let pick = |name: &str, own: &str| if name == part { value.to_owned() } else { own.to_owned() };
        let pairs = [
            ("kind", pick("kind", &self.kind)),
            ("q", pick("q", &self.q)),
            ("actor", pick("actor", &self.actor)),
            ("subject", pick("subject", &self.subject)),
            ("from", pick("from", &self.from)),
            ("to", pick("to", &self.to)),
            ("before", pick("before", "")),
        ];
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
        format!("?{}", query.finish())
    }

    fn parse(&self) -> Result<audit::Filter, String> {
        let day = |text: &str| match text.trim() {
            "" => Ok(None),
            text => text.parse::<Date>().map(Some).map_err(|_| "日期不对，请重新选择。".to_owned()),
        };
        let midnight = |day: Date| from_local_ms(day.to_datetime(Time::midnight()));
        Ok(audit::Filter {
            kind: self.kind.trim().to_owned(),
            actor_id: self.actor.trim().to_owned(),
            actor_name: self.q.trim().to_owned(),
            subject_id: self.subject.trim().to_owned(),
            from: day(&self.from)?.map(midnight),
            until: day(&self.to)?.and_then(|day| day.checked_add(1.day()).ok()).map(midnight),
        })
    }
}

/// Groups of kinds, for the chips: beginning of the kind and words.
const GROUPS: [(&str, &str); 12] = [
    ("account", "账号"),
    ("role", "角色"),
    ("session", "登录"),
    ("token", "令牌"),
    ("unit", "单位"),
    ("campaign", "活动"),
    ("duty", "任务"),
    ("submission", "报送"),
    ("settings", "设置"),
    ("job", "后台任务"),
    ("retention", "清理"),
    ("audit", "审计"),
];

impl TrailPage {
    /// Chips of kinds: label, address, on.
    pub fn chips(&self) -> Vec<(&'static str, String, bool)> {
        GROUPS
            .iter()
            .map(|(code, words)| {
                let on = self.filter.kind == *code;
                (*words, self.filter.with("kind", if on { "" } else { code }), on)
            })
            .collect()
    }

    /// Address of the export of what is looked for.
    pub fn export(&self) -> String {
        format!("/audit/export.csv{}", self.filter.with("before", ""))
    }

    /// Filters that have no field of their own: words, and the address without them.
    pub fn extra(&self) -> Vec<(&'static str, String)> {
        let mut extra = Vec::new();
        if !self.filter.actor.is_empty() {
            extra.push(("同一操作人", self.filter.with("actor", "")));
        }
        if !self.filter.subject.is_empty() {
            extra.push(("同一对象", self.filter.with("subject", "")));
        }
        extra
    }
}

#[cfg(any(test, feature = "testing"))]
impl TrailPage {
    /// For the template test.
    pub fn sample() -> Self {
        let line = |seq: i64, summary: &str, detail: &str| Line {
            seq,
            at: "6月13日（周一）08:30".to_owned(),
            actor: "王建军".to_owned(),
            actor_id: "a1".to_owned(),
            kind: "campaign.published".to_owned(),
            summary: summary.to_owned(),
            subject_id: "c1".to_owned(),
            detail: detail.to_owned(),
            hash: "0f3a9c21".to_owned(),
        };
        Self {
            frame: Frame { title: "操作记录".to_owned(), active: "audit", ..Frame::default() },
            filter: TrailFilter { subject: "c1".to_owned(), ..TrailFilter::default() },
            lines: vec![
                line(12, "发布活动“2022年安全生产月”", ""),
                line(11, "授予账号“东沟村”角色“联络员”", "{\"role\":\"liaison\"}"),
            ],
            older: "?before=11".to_owned(),
            latest: String::new(),
            wrong: String::new(),
        }
    }
}

/// `GET /audit`
pub async fn page(State(app): State<App>, page: Page, Query(filter): Query<TrailFilter>) -> Result<Response> {
    require_all(&page.actor)?;
    let now = app.now();
    let before = filter.before.parse::<i64>().ok();
    let (found, wrong) = match filter.parse() {
        Ok(parsed) => {
            let limit = PER_PAGE as u64 + 1;
            (audit::search(app.db.reader(), &page.actor.jurisdiction, &parsed, before, limit).await?, String::new())
        }
        Err(wrong) => (Vec::new(), wrong),
    };
    let more = found.len() > PER_PAGE;
    let lines: Vec<Line> = found.into_iter().take(PER_PAGE).map(|entry| line(entry, now)).collect();
    let older = match lines.last() {
        Some(last) if more => filter.with("before", &last.seq.to_string()),
        _ => String::new(),
    };
    let latest = if before.is_some() { filter.with("before", "") } else { String::new() };
    web::page(&TrailPage { frame: page.frame("操作记录", "audit"), filter, lines, older, latest, wrong })
}

/// `GET /audit/export.csv`: all that is looked for, however long, sent as it is read.
pub async fn export(State(app): State<App>, page: Page, Query(filter): Query<TrailFilter>) -> Result<Response> {
    require_all(&page.actor)?;
    let parsed = filter.parse().map_err(Error::Refused)?;
    let headings =
        ["序号", "时间", "操作人", "操作人编号", "类别", "内容", "对象类别", "对象编号", "单位编号", "细节", "校验值"];
    let head = write_csv(&Sheet::new("操作记录", headings.into_iter().map(Column::text).collect()));
    let town = page.actor.jurisdiction.clone();
    let rows = futures_util::stream::try_unfold(Some(None), move |before: Option<Option<i64>>| {
        let (app, town, parsed) = (app.clone(), town.clone(), parsed.clone());
        async move {
            let Some(before) = before else { return Ok::<_, Error>(None) };
            let chunk = audit::search(app.db.reader(), &town, &parsed, before, CHUNK).await?;
            let full = chunk.len() as u64 == CHUNK;
            let next = chunk.last().filter(|_| full).map(|last| Some(last.seq));
            Ok(Some((write_csv_rows(&chunk.into_iter().map(cells).collect::<Vec<_>>()), next)))
        }
    });
    let body = futures_util::stream::once(async { Ok(head) }).chain(rows);
    Ok(web::attachment("操作记录.csv", "text/csv; charset=utf-8", Body::from_stream(body)))
}

fn cells(entry: Entry) -> Vec<Cell> {
    let texts = [
        entry.seq.to_string(),
        words::exact(entry.at),
        entry.actor_name,
        entry.actor_id,
        entry.kind,
        entry.summary,
        entry.subject_kind,
        entry.subject_id,
        entry.unit_id.unwrap_or_default(),
        entry.detail,
        entry.hash,
    ];
    texts.iter().map(|text| text.as_str().into()).collect()
}

/// `POST /audit/verify`
pub async fn verify(State(app): State<App>, page: Page) -> Result<Response> {
    require_all(&page.actor)?;
    let checked = audit::verify(app.db.reader(), &page.actor.jurisdiction).await;
    let (flash, words) = match checked {
        Ok(count) => (
            Flash::success(format!("{count} 条记录前后相连，没有改动和缺失。")),
            format!("校验操作记录：{count}条，无改动"),
        ),
        Err(Error::Internal(reason)) => {
            tracing::error!(%reason, "the trail does not verify");
            let at = reason.rsplit(' ').next().unwrap_or_default().to_owned();
            let flash = Flash {
                kind: "danger".to_owned(),
                text: format!("从第 {at} 条起与校验值不符，可能被人绕过系统改动。请保留现状，立即报告主管单位。"),
                undo_url: None,
            };
            (flash, format!("校验操作记录：从第{at}条起不符"))
        }
        Err(error) => return Err(error),
    };
    let tx = app.db.begin(&page.actor.jurisdiction).await?;
    tx.commit(audit::Event::new(&page.actor, "audit.verified", "town", &page.actor.jurisdiction, words)).await?;
    Ok(web::see_other_with("/audit", &flash))
}

/// The trail is one for the whole town: only an auditor at the top of its tree reads it.
fn require_all(actor: &Actor) -> Result<()> {
    actor.require_anywhere(Permission::AuditView)?;
    if super::show::whole_town(&actor.scope(Permission::AuditView)) {
        Ok(())
    } else {
        Err(Error::Forbidden("操作记录由全镇（辖区）的审计管理员查看。".to_owned()))
    }
}

fn line(entry: Entry, now: i64) -> Line {
    Line {
        seq: entry.seq,
        at: words::moment(entry.at, now),
        actor: entry.actor_name,
        actor_id: entry.actor_id,
        kind: entry.kind,
        summary: entry.summary,
        subject_id: entry.subject_id,
        detail: if entry.detail == "{}" { String::new() } else { entry.detail },
        hash: entry.hash.chars().take(8).collect(),
    }
}
