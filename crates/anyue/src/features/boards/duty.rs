//! `GET /duties/{duty_id}`: one duty: its clause, its lines, and every unit's answer.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::filter::Filter;
use super::load::{board, visible_duty};
use super::model::{Board, Mark, Row};
use super::words;
use crate::App;
use crate::features::duties::api::{BoardState, Duty, DutyId, SubmissionId};
use crate::features::reports::api as reports;
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::{Error, Result};
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// 一项任务的报送情况
#[derive(Debug, Template)]
#[template(path = "features/boards/templates/duty.html")]
pub struct DutyPage {
    /// Around it.
    pub frame: Frame,
    /// Title of the campaign.
    pub campaign: String,
    /// The duty.
    pub duty: Duty,
    /// When it falls due, in words.
    pub schedule: String,
    /// Its units, one column.
    pub board: Board,
    /// What was asked for.
    pub filter: Filter,
    /// Units before the filter on words.
    pub total: usize,
    /// Whether the actor may accept and remind.
    pub can_review: bool,
    /// The present.
    pub now: i64,
}

impl DutyPage {
    fn address(&self, change: impl FnOnce(&mut Filter)) -> String {
        let mut filter = Filter { duty: None, ..self.filter.clone() };
        change(&mut filter);
        format!("/duties/{}?{}", self.duty.id, filter.to_query())
    }

    /// `第40至41行`
    pub fn lines(&self) -> String {
        match self.duty.lines {
            Some((first, last)) if first == last => format!("通知原文第{first}行"),
            Some((first, last)) => format!("通知原文第{first}至{last}行"),
            None => String::new(),
        }
    }

    /// Clause and lines.
    pub fn clause(&self) -> String {
        [self.duty.clause.clone(), self.lines()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("　")
    }

    /// When what is shown is due, and how long that is.
    pub fn due(&self) -> String {
        let due = self.board.columns.first().and_then(|column| column.due_at);
        match due {
            Some(_) => format!("{}　{}", words::due(due, self.now), words::left(due, self.now)),
            None => self.schedule.clone(),
        }
    }

    /// Pressing a figure shows its units; pressing it again shows all.
    pub fn word_href(&self, word: &BoardState) -> String {
        let word = *word;
        self.address(|filter| filter.word = (filter.word != Some(word)).then_some(word))
    }

    /// The four words in their order, each with its number.
    pub fn figures(&self) -> Vec<(BoardState, i64)> {
        self.board.tally.pairs()
    }

    /// Whether only units with this word are shown.
    pub fn is_word(&self, word: &BoardState) -> bool {
        self.filter.word == Some(*word)
    }

    /// Whether it is counted by the four words: not so reports at any time.
    pub fn is_counted(&self) -> bool {
        self.board.columns.first().is_some_and(|column| !column.ad_hoc)
    }

    /// Only units that still owe it.
    pub fn owing_href(&self) -> String {
        self.address(|filter| filter.owing = !filter.owing)
    }

    /// Questions that the search form carries along.
    pub fn hidden(&self) -> Vec<(&'static str, String)> {
        self.filter.pairs().into_iter().filter(|(key, _)| !matches!(*key, "q" | "duty")).collect()
    }

    /// The date before.
    pub fn previous_href(&self) -> String {
        self.board.previous.map(|day| self.address(|filter| filter.on = Some(day))).unwrap_or_default()
    }

    /// The date after.
    pub fn next_href(&self) -> String {
        self.board.next.map(|day| self.address(|filter| filter.on = Some(day))).unwrap_or_default()
    }

    /// Export of what is shown.
    pub fn export_href(&self, format: &str) -> String {
        let filter = Filter { duty: Some(self.duty.id.clone()), ..self.filter.clone() };
        format!("/campaigns/{}/board/{format}?{}", self.duty.campaign_id, filter.to_query())
    }

    /// The only cell of a row.
    pub fn mark<'a>(&self, row: &'a Row) -> &'a Mark {
        row.marks.first().unwrap_or(&NO_MARK)
    }

    /// Where a row leads.
    pub fn href(&self, mark: &Mark) -> String {
        match (&mark.submission_id, &mark.occurrence_id) {
            (Some(id), _) if mark.word != Some(BoardState::NotYet) => format!("/submissions/{id}"),
            (_, Some(id)) => format!("/occurrences/{id}"),
            _ => String::new(),
        }
    }

    /// What can be accepted.
    pub fn waiting<'a>(&self, mark: &'a Mark) -> Option<&'a SubmissionId> {
        mark.submission_id.as_ref().filter(|_| mark.waiting)
    }

    /// How many wait for review.
    pub fn waiting_count(&self) -> usize {
        self.board.rows.iter().filter(|row| self.mark(row).waiting).count()
    }

    /// A cell in words.
    pub fn words(&self, mark: &Mark) -> String {
        words::mark(mark)
    }

    /// What the office has yet to do.
    pub fn review_words(&self, mark: &Mark) -> &'static str {
        match mark.word {
            Some(BoardState::Received) if mark.waiting => "待审核",
            Some(BoardState::Received) => "已通过",
            _ => "—",
        }
    }

    /// A cell's class.
    pub fn class(&self, mark: &Mark) -> &'static str {
        words::class(mark)
    }

    /// `6月13日 08:30`
    pub fn at(&self, mark: &Mark) -> String {
        words::at(mark.submitted_at)
    }

    /// `36 个单位`
    pub fn count(&self) -> String {
        let shown = self.board.rows.len();
        if shown == self.total { format!("{shown} 个单位") } else { format!("{shown} / {} 个单位", self.total) }
    }
}

static NO_MARK: Mark = Mark {
    word: None,
    overdue: false,
    late: false,
    waiting: false,
    extended_until: None,
    submitted_at: None,
    occurrence_id: None,
    submission_id: None,
    count: 0,
    day: None,
    overdue_dates: 0,
    waiting_dates: 0,
    first_overdue: None,
    first_waiting: None,
};

/// `GET /duties/{duty_id}`
pub async fn page(
    State(app): State<App>,
    page: Page,
    Path(id): Path<DutyId>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let (visible, duty) = visible_duty(&app, &page.actor, &id).await?;
    let filter = Filter { duty: Some(id), ..Filter::parse(&query) };
    let whole = board(&app, &page.actor, &visible, filter.on).await?;
    let everybody = Filter { duty: filter.duty.clone(), ..Filter::default() };
    let total = whole.clone().filtered(&everybody).rows.len();
    web::page(&DutyPage {
        frame: page.frame(duty.title.clone(), "duties"),
        campaign: visible.campaign.title,
        schedule: duty.schedule_in_words(app.clock.today()),
        board: whole.filtered(&filter),
        total,
        filter,
        duty,
        can_review: page.actor.can(Permission::DutyReview),
        now: app.now(),
    })
}

/// What the list of ticks sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AcceptForm {
    submission: Vec<String>,
}

/// `POST /duties/{duty_id}/accept`: several at once, with a way back.
pub async fn accept(
    State(app): State<App>,
    page: Page,
    Path(id): Path<DutyId>,
    Form(form): Form<AcceptForm>,
) -> Result<Response> {
    visible_duty(&app, &page.actor, &id).await?;
    if form.submission.is_empty() {
        return Err(Error::refused("请先勾选要通过的单位。"));
    }
    let submission_ids: Vec<SubmissionId> = form.submission.iter().map(|id| SubmissionId::from(id.as_str())).collect();
    let done = reports::accept_many(&app, &page.actor, &submission_ids).await?;
    let left = match done.left {
        0 => String::new(),
        left => format!("另有{left}件里有退回未改的活动，没有通过。"),
    };
    let done = done.accepted;
    let said = Flash::success(format!("已通过{}件。{left}", done.submission_ids.len()));
    let back = format!("/duties/{id}");
    Ok(web::see_other_with(&back, &said.undo(format!("/duties/{id}/undo-accept?at={}", done.at))))
}

/// `POST /duties/{duty_id}/undo-accept?at=…`
pub async fn undo(
    State(app): State<App>,
    page: Page,
    Path(id): Path<DutyId>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    visible_duty(&app, &page.actor, &id).await?;
    let at = query.get("at").and_then(|at| at.parse().ok()).unwrap_or_default();
    let done = reports::undo_accepted_at(&app, &page.actor, &id, at).await?;
    let said = Flash::success(format!("已撤销，{}件回到待审核。", done.len()));
    Ok(web::see_other_with(&format!("/duties/{id}"), &said))
}

#[cfg(any(test, feature = "testing"))]
impl DutyPage {
    /// A page to look at.
    pub fn sample() -> Self {
        use crate::features::duties::api::{DutyKind, Part, Schedule};
        use crate::features::units::api::Selector;
        let filter = Filter { duty: Some("d2".into()), ..Filter::default() };
        let mut board = super::model::sample().filtered(&filter);
        for row in &mut board.rows {
            for mark in &mut row.marks {
                mark.waiting = mark.word == Some(BoardState::Received);
                mark.submission_id = mark.waiting.then(|| "s1".into());
                mark.submitted_at = mark.waiting.then_some(super::model::SAMPLE_NOW);
            }
        }
        Self {
            frame: Frame { title: "报送联络员反馈表和活动方案".to_owned(), ..Frame::default() },
            campaign: "2022年“安全生产月”活动".to_owned(),
            duty: Duty {
                id: "d2".into(),
                campaign_id: "c1".into(),
                ordinal: 2,
                kind: DutyKind::Submit,
                title: "报送联络员反馈表和活动方案".to_owned(),
                detail: String::new(),
                clause: "五/（四）".to_owned(),
                source_text: "请于6月20日前将“安全生产月”活动方案和联络员反馈表报镇平安建设办公室。".to_owned(),
                lines: Some((58, 59)),
                who: "各村、各厂矿企业、相关单位".to_owned(),
                hand_in_to: "镇平安建设办公室".to_owned(),
                schedule: Schedule::Undated,
                starts_on: None,
                repeat_from: None,
                repeat_until: None,
                quota: None,
                zero_report: false,
                parts: vec![Part::LiaisonForm, Part::UnitPlan],
                evidence: Vec::new(),
                receivers: Selector::default(),
                minutes: 25,
                dropped: false,
                version: 1,
            },
            schedule: "6月20日（周一）".to_owned(),
            total: board.rows.len(),
            board,
            filter,
            can_review: true,
            now: super::model::SAMPLE_NOW,
        }
    }
}
