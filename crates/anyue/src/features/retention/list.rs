//! All classes with their terms, and how much of each is due today.

use askama::Template;
use axum::extract::State as Shared;
use axum::response::Response;

use super::kept::Kept;
use super::{classes, require, words};
use crate::App;
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::Result;
use crate::platform::retention::{Source, Sum};
use crate::platform::web::{self, Frame};

/// 保存期限
#[derive(Debug, Template)]
#[template(path = "features/retention/templates/list.html")]
pub struct ListPage {
    /// Around it.
    pub frame: Frame,
    /// One line for each class.
    pub lines: Vec<Line>,
    /// What is kept for ever: name, and why.
    pub for_ever: Vec<(&'static str, &'static str)>,
    /// When the coming night's run begins.
    pub night: String,
}

/// A class as a line.
#[derive(Debug)]
pub struct Line {
    /// Its code.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub holds: &'static str,
    /// Its term in words.
    pub term: String,
    /// From when on it is counted.
    pub counted_from: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// A shorter term that waits, in words; empty when none.
    pub pending: String,
    /// Why it is held back; empty when it is not.
    pub held: String,
    /// How much is due; empty when nothing is.
    pub due: String,
}

/// Where a term comes from, in few words.
pub fn source_words(source: Source, set: bool) -> &'static str {
    match (set, source) {
        (true, _) => "本镇设定",
        (false, Source::Law(_)) => "参照法律",
        (false, Source::Ours) => "本系统默认",
    }
}

/// A shorter term that waits, in words.
pub fn pending_words(kept: &Kept, now: i64) -> String {
    kept.standing.pending.as_ref().map_or_else(String::new, |rule| {
        format!("{}起改为{}", words::day(rule.effective_at, now), words::term(rule.days))
    })
}

impl Line {
    fn new(kept: &Kept, due: Sum, now: i64) -> Self {
        Self {
            code: kept.class.code,
            name: kept.class.name,
            holds: kept.class.holds,
            term: words::term(kept.standing.days),
            counted_from: kept.class.counted_from,
            source: source_words(kept.class.source, kept.standing.rule.is_some()),
            pending: pending_words(kept, now),
            held: kept.hold.as_ref().map(|hold| hold.reason.clone()).unwrap_or_default(),
            due: if due.items > 0 { words::sum(due) } else { String::new() },
        }
    }
}

#[cfg(any(test, feature = "testing"))]
impl ListPage {
    /// For the template test.
    pub fn sample() -> Self {
        let line = |at: usize, pending: &str, held: &str, due: &str| {
            let class = classes::ALL[at];
            Line {
                code: class.code,
                name: class.name,
                holds: class.holds,
                term: words::term(class.days),
                counted_from: class.counted_from,
                source: source_words(class.source, at == 1),
                pending: pending.to_owned(),
                held: held.to_owned(),
                due: due.to_owned(),
            }
        };
        Self {
            frame: Frame { title: "保存期限".to_owned(), active: "retention", ..Frame::default() },
            lines: vec![
                line(0, "", "", "3 项　1.2 MB"),
                line(1, "6月20日（周一）起改为30天", "", ""),
                line(5, "", "正在接受巡查", "12 项"),
            ],
            for_ever: classes::FOR_EVER.to_vec(),
            night: "6月14日（周二）03:00".to_owned(),
        }
    }
}

/// `GET /retention`
pub async fn page(Shared(app): Shared<App>, page: Page) -> Result<Response> {
    require(&page.actor, Permission::RetentionView)?;
    let (now, town) = (app.now(), &page.actor.jurisdiction);
    let mut lines = Vec::new();
    for kept in Kept::of(app.db.reader(), town, classes::ALL, now).await? {
        lines.push(Line::new(&kept, kept.due(&app, town).await?, now));
    }
    web::page(&ListPage {
        frame: page.frame("保存期限", "retention"),
        lines,
        for_ever: classes::FOR_EVER.to_vec(),
        night: words::moment(crate::platform::retention::next_night(now), now),
    })
}
