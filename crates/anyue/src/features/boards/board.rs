//! `GET /campaigns/{id}/board`: the not-yet board, units by duties.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::filter::Filter;
use super::load::{board, remembered, visible};
use super::model::{Board, Column, Mark, Row};
use super::words;
use crate::App;
use crate::app::Answer;
use crate::features::campaigns::api::CampaignState;
use crate::features::duties::api::{BoardState, CampaignId};
use crate::features::units::api::UnitKind;
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::Result;
use crate::platform::web::{self, Frame};

/// 未报一览
#[derive(Debug, Template)]
#[template(path = "features/boards/templates/board.html")]
pub struct BoardPage {
    /// Around it.
    pub frame: Frame,
    /// Title of the campaign.
    pub title: String,
    /// Head, figures, filters and grid, the same for everybody with the same rights.
    pub body: String,
}

/// What the viewer may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// Remind and review.
    pub review: bool,
    /// See liaisons.
    pub liaisons: bool,
}

/// Head, figures, filters and grid.
#[derive(Debug, Template)]
#[template(path = "features/boards/templates/board_body.html")]
pub struct BoardBody {
    /// For addresses of icons only.
    pub frame: Frame,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// Its title.
    pub title: String,
    /// What the viewer may do.
    pub rights: Rights,
    /// What is shown.
    pub board: Board,
    /// What was asked for.
    pub filter: Filter,
    /// Kinds of units that can be chosen.
    pub kinds: Vec<UnitKind>,
    /// Duties that can be chosen.
    pub duties: Vec<(String, String)>,
    /// Units before the filters on words.
    pub total: usize,
    /// The present.
    pub now: i64,
}

impl BoardBody {
    fn address(&self, change: impl FnOnce(&mut Filter)) -> String {
        let mut filter = self.filter.clone();
        change(&mut filter);
        let query = filter.to_query();
        let path = format!("/campaigns/{}/board", self.campaign_id);
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    /// Pressing a figure shows its units; pressing it again shows all.
    pub fn word_href(&self, word: &BoardState) -> String {
        let word = *word;
        self.address(|filter| {
            filter.word = (filter.word != Some(word) || filter.overdue || filter.waiting).then_some(word);
            (filter.overdue, filter.waiting) = (false, false);
        })
    }

    /// The four words in their order, each with its number.
    pub fn figures(&self) -> Vec<(BoardState, i64)> {
        self.board.tally.pairs()
    }

    /// Whether only units with this word are shown.
    pub fn is_word(&self, word: &BoardState) -> bool {
        self.filter.word == Some(*word)
    }

    /// Whether only units of this kind are shown.
    pub fn is_kind(&self, kind: &UnitKind) -> bool {
        self.filter.kind == Some(*kind)
    }

    /// Only what is over time.
    pub fn overdue_href(&self) -> String {
        self.address(|filter| {
            (filter.overdue, filter.waiting) = (!filter.overdue, false);
            (filter.word, filter.on) = (None, None);
        })
    }

    /// Only what waits for review.
    pub fn waiting_href(&self) -> String {
        self.address(|filter| {
            (filter.overdue, filter.waiting) = (false, !filter.waiting);
            (filter.word, filter.on) = (None, None);
        })
    }

    /// Only units that still owe something.
    pub fn owing_href(&self) -> String {
        self.address(|filter| filter.owing = !filter.owing)
    }

    /// Only units of this kind.
    pub fn kind_href(&self, kind: &UnitKind) -> String {
        self.address(|filter| filter.kind = (filter.kind != Some(*kind)).then_some(*kind))
    }

    /// The week before.
    pub fn previous_href(&self) -> String {
        self.board.previous.map(|day| self.address(|filter| filter.on = Some(day))).unwrap_or_default()
    }

    /// The week after.
    pub fn next_href(&self) -> String {
        self.board.next.map(|day| self.address(|filter| filter.on = Some(day))).unwrap_or_default()
    }

    /// Without any filter.
    pub fn all_href(&self) -> String {
        format!("/campaigns/{}/board", self.campaign_id)
    }

    /// Export of what is shown.
    pub fn export_href(&self, format: &str) -> String {
        format!("/campaigns/{}/board/{format}?{}", self.campaign_id, self.filter.to_query())
    }

    /// The chosen duty, for the drop-down.
    pub fn chosen_duty(&self) -> String {
        self.filter.duty.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    /// Questions that the search form carries along.
    pub fn hidden(&self) -> Vec<(&'static str, String)> {
        self.filter.pairs().into_iter().filter(|(key, _)| !matches!(*key, "q" | "duty")).collect()
    }

    /// A heading's second line.
    pub fn due(&self, column: &Column) -> String {
        match (column.ad_hoc, column.every_date) {
            (true, _) => "随时".to_owned(),
            (_, true) => "各期".to_owned(),
            _ => words::due(column.due_at, self.now),
        }
    }

    /// Which date of the duties with a rhythm is shown.
    pub fn shown_date(&self) -> Option<String> {
        if self.filter.overdue || self.filter.waiting {
            return Some(if self.filter.overdue { "各期逾期的" } else { "各期待审核的" }.to_owned());
        }
        let column = self.board.columns.iter().find(|column| column.repeating)?;
        column.due_at.map(|due| format!("{}这一期", words::short_day(due)))
    }

    /// Where a cell leads.
    pub fn cell_href(&self, mark: &Mark) -> String {
        match (&mark.submission_id, &mark.occurrence_id) {
            (Some(id), _) if mark.word != Some(BoardState::NotYet) => format!("/submissions/{id}"),
            (_, Some(id)) => format!("/occurrences/{id}"),
            _ => String::new(),
        }
    }

    /// A cell in words.
    pub fn words(&self, mark: &Mark) -> String {
        if self.filter.waiting && mark.waiting {
            return format!("{}待审核", words::day(mark));
        }
        words::mark(mark)
    }

    /// What is counted over all dates, where that is more than the dates shown.
    pub fn all_dates(&self) -> Option<String> {
        let narrowed = self.filter.duty.is_some() || self.filter.kind.is_some() || !self.filter.search.is_empty();
        let repeating = self.board.columns.iter().any(|column| column.repeating);
        let words = |(word, number): (BoardState, i64)| format!("{} {number}", word.label());
        let all: Vec<String> = self.board.all_dates.pairs().into_iter().map(words).collect();
        (repeating && !narrowed).then(|| all.join("　"))
    }

    /// A cell's class.
    pub fn class(&self, mark: &Mark) -> &'static str {
        words::class(mark)
    }

    /// `36 个单位`
    pub fn count(&self) -> String {
        let shown = self.board.rows.len();
        if shown == self.total { format!("{shown} 个单位") } else { format!("{shown} / {} 个单位", self.total) }
    }

    /// The rows by kind.
    pub fn groups(&self) -> Vec<(UnitKind, Vec<&Row>)> {
        self.board.groups()
    }

    /// Columns of the grid, the unit's included.
    pub fn width(&self) -> usize {
        self.board.columns.len() + 1
    }
}

/// `GET /campaigns/{id}/board`
pub async fn page(
    State(app): State<App>,
    page: Page,
    Path(id): Path<CampaignId>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let visible = visible(&app, &page.actor, &id).await?;
    let filter = Filter::parse(&query);
    let closed = visible.campaign.state == CampaignState::Closed;
    let rights = Rights {
        review: page.actor.can(Permission::DutyReview) && !closed,
        liaisons: page.actor.can(Permission::LiaisonView),
    };
    let key = format!("board:{id}:{}:{rights:?}:{}", visible.key(), filter.to_query());
    let title = visible.campaign.title.clone();
    let body = remembered(&app, &page.actor, key, async || {
        let whole = board(&app, &page.actor, &visible, filter.on).await?;
        Ok(Answer::part(body(&id, &title, rights, whole, filter, app.now()).render()?))
    })
    .await?;
    let body = String::from_utf8_lossy(body.bytes()).into_owned();
    web::page(&BoardPage { frame: page.frame("报送一览", "duties"), title, body })
}

fn body(id: &CampaignId, title: &str, rights: Rights, whole: Board, filter: Filter, now: i64) -> BoardBody {
    BoardBody {
        frame: Frame::default(),
        campaign_id: id.clone(),
        title: title.to_owned(),
        rights,
        kinds: whole.kinds(),
        duties: whole.columns.iter().map(|column| (column.id.to_string(), column.title.clone())).collect(),
        total: whole.rows.len(),
        board: whole.filtered(&filter),
        filter,
        now,
    }
}

#[cfg(any(test, feature = "testing"))]
impl BoardBody {
    /// A body to look at.
    pub fn sample() -> Self {
        let rights = Rights { review: true, liaisons: true };
        let now = super::model::SAMPLE_NOW;
        body(&"c1".into(), "2022年“安全生产月”活动", rights, super::model::sample(), Filter::default(), now)
    }
}

#[cfg(any(test, feature = "testing"))]
impl BoardPage {
    /// A page to look at.
    pub fn sample() -> Self {
        let body = BoardBody::sample();
        Self {
            frame: Frame { title: "报送一览".to_owned(), ..Frame::default() },
            title: body.title.clone(),
            body: body.render().unwrap_or_default(),
        }
    }
}
