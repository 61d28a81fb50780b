//! One class: its term and how it came about, what is due (预演), and the button that removes it.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use futures_util::StreamExt as _;
use official_doc::table::{Cell, Column, Sheet, write_csv, write_csv_rows};
use serde::Deserialize;

use super::kept::Kept;
use super::list::{pending_words, source_words};
use super::{classes, require, rule, words};
use crate::App;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::auth::Permission;
use crate::platform::blobs::size_in_words;
use crate::platform::error::{Error, Result};
use crate::platform::retention::{self, Class, Item, May, Source};
use crate::platform::web::{self, Frame};

const PER_PAGE: usize = 50;
/// An export is read in portions of so many rows.
const CHUNK: i64 = 2_000;

/// 一类数据
#[derive(Debug, Template)]
#[template(path = "features/retention/templates/show.html")]
pub struct ShowPage {
    /// Around it.
    pub frame: Frame,
    /// The class.
    pub class: &'static Class,
    /// May change things.
    pub can_edit: bool,
    /// Its term in words.
    pub term: String,
    /// Where it comes from, in few words.
    pub source: &'static str,
    /// What the town may set.
    pub allowed: String,
    /// A shorter term that waits; empty when none.
    pub pending: String,
    /// Why it is held back; empty when it is not.
    pub held: String,
    /// How much is due, in words.
    pub due: String,
    /// How many are due.
    pub items: i64,
    /// What is older goes, in words; empty when it is kept for ever.
    pub before: String,
    /// Some of what is due, the oldest first.
    pub lines: Vec<Line>,
    /// Address of the next ones; empty at the end.
    pub next: String,
    /// Address of the first ones; empty when they are shown.
    pub first: String,
    /// Rules that were set, the latest first.
    pub rules: Vec<RuleLine>,
    /// What was typed.
    pub form: RuleForm,
    /// What is wrong with it.
    pub errors: FieldErrors,
}

/// Something that is due.
#[derive(Debug)]
pub struct Line {
    /// What.
    pub about: String,
    /// What its days are counted from.
    pub at: String,
    /// Its size; empty when it has none.
    pub size: String,
}

/// A rule that was set.
#[derive(Debug)]
pub struct RuleLine {
    /// When.
    pub at: String,
    /// The term.
    pub term: String,
    /// Why.
    pub reason: String,
    /// Whether it counts: 执行中, 等待执行, 已撤销, 已被取代.
    pub state: &'static str,
}

/// The form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RuleForm {
    /// `days` or `forever`.
    pub term: String,
    /// How many.
    pub days: String,
    /// Why.
    pub reason: String,
}

impl ShowPage {
    /// What the law says, when it does.
    pub fn law(&self) -> &'static str {
        match self.class.source {
            Source::Law(words) => words,
            Source::Ours => "",
        }
    }

    /// Nothing can be changed.
    pub fn is_fixed(&self) -> bool {
        self.class.may == May::Nothing
    }

    /// Days, or for ever where that is allowed.
    pub fn terms(&self) -> Vec<(&'static str, &'static str)> {
        let mut terms = vec![("days", "按天数")];
        if matches!(self.class.may, May::From(_)) {
            terms.push(("forever", "永久保存"));
        }
        terms
    }

    #[cfg(any(test, feature = "testing"))]
    /// For the template test.
    pub fn sample() -> Self {
        let class = classes::ALL[6];
        Self {
            frame: Frame { title: class.name.to_owned(), active: "retention", ..Frame::default() },
            class,
            can_edit: true,
            term: "400天（约1年）".to_owned(),
            source: "本镇设定",
            allowed: rule::allowed(class),
            pending: "6月20日（周一）起改为184天".to_owned(),
            held: String::new(),
            due: "2 项　640 KB".to_owned(),
            items: 2,
            before: "2021年5月9日（周日）".to_owned(),
            lines: vec![
                Line { about: "登录".to_owned(), at: "2021年5月1日（周六）".to_owned(), size: String::new() },
                Line {
                    about: "登录".to_owned(), at: "2021年5月2日（周日）".to_owned(), size: "320 KB".to_owned()
                },
            ],
            next: "?after=1.x".to_owned(),
            first: String::new(),
            rules: vec![RuleLine {
                at: "6月13日（周一）08:30".to_owned(),
                term: "400天（约1年）".to_owned(),
                reason: "旗里要求".to_owned(),
                state: "执行中",
            }],
            form: RuleForm { term: "days".to_owned(), days: "10".to_owned(), reason: String::new() },
            errors: FieldErrors::one("days", "这一类的保存期限：最短184天，可以永久保存。请填写范围内的天数。"),
        }
    }
}

/// Which ones are shown: instant and id of the last one before.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct After {
    after: String,
}

impl After {
    fn parse(&self) -> Option<(i64, String)> {
        let (at, id) = self.after.split_once('.')?;
        Some((at.parse().ok()?, id.to_owned()))
    }
}

/// `GET /retention/classes/{code}`
pub async fn page(
    Shared(app): Shared<App>,
    page: Page,
    Path(code): Path<String>,
    Query(after): Query<After>,
) -> Result<Response> {
    require(&page.actor, Permission::RetentionView)?;
    let class = classes::find(&code)?;
    let kept = Kept::one(app.db.reader(), &page.actor.jurisdiction, class, app.now()).await?;
    let form = RuleForm {
        term: if kept.standing.days.is_some() { "days" } else { "forever" }.to_owned(),
        days: kept.standing.days.map(|days| days.to_string()).unwrap_or_default(),
        reason: String::new(),
    };
    web::page(&build(&app, &page, class, after.parse(), form, FieldErrors::new()).await?)
}

pub(super) async fn build(
    app: &App,
    page: &Page,
    class: &'static Class,
    after: Option<(i64, String)>,
    form: RuleForm,
    errors: FieldErrors,
) -> Result<ShowPage> {
    let (db, town, now) = (app.db.reader(), &page.actor.jurisdiction, app.now());
    let kept = Kept::one(db, town, class, now).await?;
    let due = kept.due(app, town).await?;
    let mut found = match kept.cut {
        Some(cut) => {
            let after = after.as_ref().map(|(at, id)| (*at, id.as_str()));
            retention::due(db, town, class, cut, after, PER_PAGE as i64 + 1).await?
        }
        None => Vec::new(),
    };
    let more = found.len() > PER_PAGE;
    found.truncate(PER_PAGE);
    let address = |item: &Item| {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("after", &format!("{}.{}", item.at, item.id))
            .finish();
        format!("?{query}#due")
    };
    let line = |item: &Item| Line {
        about: item.about.clone(),
        at: words::day(item.at, now),
        size: if item.bytes > 0 { size_in_words(item.bytes) } else { String::new() },
    };
    let version = |rule: &Option<retention::Rule>| rule.as_ref().map_or(0, |rule| rule.version);
    let (current, waiting) = (version(&kept.standing.rule), version(&kept.standing.pending));
    let rule_line = |rule: &retention::Rule| RuleLine {
        at: words::moment(rule.set_at, now),
        term: words::term(rule.days),
        reason: rule.reason.clone(),
        state: match rule.version {
            _ if rule.taken_back_at.is_some() => "已撤销",
            version if version == current => "执行中",
            version if version == waiting => "等待执行",
            _ => "已被取代",
        },
    };
    Ok(ShowPage {
        frame: page.frame(class.name, "retention"),
        class,
        can_edit: page.actor.can(Permission::RetentionEdit),
        term: words::term(kept.standing.days),
        source: source_words(class.source, kept.standing.rule.is_some()),
        allowed: rule::allowed(class),
        pending: pending_words(&kept, now),
        held: kept.hold.as_ref().map(|hold| hold.reason.clone()).unwrap_or_default(),
        due: words::sum(due),
        items: due.items,
        before: kept.cut.map(|cut| words::day(cut, now)).unwrap_or_default(),
        next: found.last().filter(|_| more).map(address).unwrap_or_default(),
        first: if after.is_some() { format!("/retention/classes/{}#due", class.code) } else { String::new() },
        lines: found.iter().map(line).collect(),
        rules: kept.rules.iter().rev().map(rule_line).collect(),
        form,
        errors,
    })
}

/// `GET /retention/classes/{code}/due.csv`: all that is due, however much, sent as it is read.
pub async fn export(Shared(app): Shared<App>, page: Page, Path(code): Path<String>) -> Result<Response> {
    require(&page.actor, Permission::RetentionView)?;
    let class = classes::find(&code)?;
    let town = page.actor.jurisdiction.clone();
    let kept = Kept::one(app.db.reader(), &town, class, app.now()).await?;
    let headings = ["编号", "内容", class.counted_from, "字节", "所属活动编号"];
    let head = write_csv(&Sheet::new("到期内容", headings.into_iter().map(Column::text).collect()));
    let start = kept.cut.map(|cut| (cut, None::<(i64, String)>));
    let rows = futures_util::stream::try_unfold(start, move |state| {
        let (app, town) = (app.clone(), town.clone());
        async move {
            let Some((cut, after)) = state else { return Ok::<_, Error>(None) };
            let after = after.as_ref().map(|(at, id)| (*at, id.as_str()));
            let items = retention::due(app.db.reader(), &town, class, cut, after, CHUNK).await?;
            let full = i64::try_from(items.len()).is_ok_and(|count| count == CHUNK);
            let next = items.last().filter(|_| full).map(|last| (cut, Some((last.at, last.id.clone()))));
            Ok(Some((write_csv_rows(&items.iter().map(cells).collect::<Vec<_>>()), next)))
        }
    });
    let body = futures_util::stream::once(async { Ok(head) }).chain(rows);
    let name = format!("到期内容 {}.csv", class.name);
    Ok(web::attachment(&name, "text/csv; charset=utf-8", Body::from_stream(body)))
}

fn cells(item: &Item) -> Vec<Cell> {
    vec![
        item.id.as_str().into(),
        item.about.as_str().into(),
        words::exact(item.at).as_str().into(),
        item.bytes.into(),
        item.campaign_id.as_str().into(),
    ]
}
