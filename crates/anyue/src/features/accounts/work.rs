//! Background work (后台任务): what waits, what failed and why, and another try.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::words;
use crate::App;
use crate::page::Page;
use crate::platform::audit::Event;
use crate::platform::error::{Error, Result};
use crate::platform::jobs;
use crate::platform::web::{self, Flash, Frame};

/// 后台任务
#[derive(Debug, Template)]
#[template(path = "features/accounts/templates/jobs.html")]
pub struct JobsPage {
    /// Around it.
    pub frame: Frame,
    /// One line for each job that is not done.
    pub lines: Vec<Line>,
}

/// A job as a line.
#[derive(Debug)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// Which work, in words.
    pub what: String,
    /// State in words.
    pub state: &'static str,
    /// Failed for good.
    pub failed: bool,
    /// When it is or was due, in words.
    pub due: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Why it failed last.
    pub reason: String,
}

impl JobsPage {
    /// How many have failed, in words.
    pub fn words(&self) -> String {
        let failed = self.lines.iter().filter(|line| line.failed).count();
        format!(
            "等待 {} 项，失败 {failed} 项。失败的任务会自动再试4次，仍不成功的留在这里。",
            self.lines.len() - failed
        )
    }
}

#[cfg(any(test, feature = "testing"))]
impl JobsPage {
    /// For the template test.
    pub fn sample() -> Self {
        let line = |state, failed, reason: &str| Line {
            id: "j1".to_owned(),
            what: "提醒未报单位".to_owned(),
            state,
            failed,
            due: "6月13日（周一）08:30".to_owned(),
            attempts: 5,
            reason: reason.to_owned(),
        };
        Self {
            frame: Frame { title: "后台任务".to_owned(), active: "jobs", ..Frame::default() },
            lines: vec![line("失败", true, "internal: no such background work: x"), line("等待", false, "")],
        }
    }
}

/// `GET /jobs`
pub async fn page(State(app): State<App>, page: Page) -> Result<Response> {
    let now = app.now();
    let found = jobs::not_done(app.db.reader(), &page.actor.jurisdiction).await?;
    let line = |job: jobs::Listed| Line {
        what: match job.kind.as_str() {
            crate::features::notifications::api::REMIND => "提醒未报单位".to_owned(),
            // The areas of these stand above this one.
            "archive.build" => "生成活动档案".to_owned(),
            "retention.night" => "按保存期限清理（每夜）".to_owned(),
            "retention.run" => "按保存期限清理（立即）".to_owned(),
            other => other.to_owned(),
        },
        state: match job.state.as_str() {
            "failed" => "失败",
            "running" => "正在处理",
            _ => "等待",
        },
        failed: job.state == "failed",
        due: words::moment(job.run_at, now),
        attempts: job.attempts,
        reason: job.last_error,
        id: job.job_id,
    };
    let lines = found.into_iter().map(line).collect();
    web::page(&JobsPage { frame: page.frame("后台任务", "jobs"), lines })
}

/// `POST /jobs/{id}/retry`
pub async fn retry(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    let tx = app.db.begin(&page.actor.jurisdiction).await?;
    if !jobs::retry(&tx, &id, app.now()).await? {
        return Err(Error::refused("没有找到这个失败的任务，可能已经重新处理。请刷新页面查看。"));
    }
    tx.commit(Event::new(&page.actor, "job.retried", "job", &id, "重新处理失败的后台任务")).await?;
    app.work.notify_one();
    Ok(web::see_other_with("/jobs", &Flash::success("已重新排队，马上处理。")))
}
