//! `/statistics`: the form of a unit in a week, as it is printed.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::civil::{Date, DateTime};

use super::form::Form;
use super::load::{self, Chosen, Wanted};
use super::model::{Cell, Span};
use super::paper::{self, Paper};
use super::seen::Seen;
use super::sheet::UnitSheet;
use super::weeks::Week;
use super::words;
use crate::App;
use crate::features::units::api as units;
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::Result;
use crate::platform::web::{self, Frame};

/// 统计表
#[derive(Debug, Template)]
#[template(path = "features/statistics/templates/show.html")]
pub struct ShowPage {
    /// Around it.
    pub frame: Frame,
    /// What was asked for.
    pub wanted: Wanted,
    /// Campaigns, weeks and units to choose from.
    pub choices: Choices,
    /// The form; none when there is no campaign yet.
    pub paper: Option<Paper>,
    /// How it was frozen.
    pub frozen: Frozen,
}

/// How a week's form was frozen.
#[derive(Clone, Debug, Default)]
pub struct Frozen {
    /// The edition that is shown: `第1次冻结　萨仁　6月16日 12:30`; empty when what is now is shown.
    pub words: String,
    /// Why it was frozen again.
    pub reason: String,
    /// SHA-256 of the document.
    pub sha256: String,
    /// Where the document is.
    pub document: String,
    /// Numbers of this unit that would be different now, in both figures.
    pub differences: usize,
    /// Where the changes are told.
    pub changes: String,
    /// All editions and what is now: address, words, shown.
    pub editions: Vec<(String, String, bool)>,
    /// The actor may freeze this week, and it has begun.
    pub can_freeze: bool,
    /// The actor may change the form itself.
    pub can_set: bool,
}

/// What can be chosen: values and words.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Campaigns.
    pub campaigns: Vec<(String, String)>,
    /// Weeks of the campaign.
    pub weeks: Vec<(String, String)>,
    /// Units.
    pub units: Vec<(String, String)>,
    /// What is chosen now: campaign, week, unit.
    pub chosen: [String; 3],
}

impl Choices {
    /// Those of a form.
    pub fn new(chosen: &Chosen, units: Vec<(String, String)>, today: Date) -> Self {
        Self {
            campaigns: chosen.campaigns.iter().map(|one| (one.id.to_string(), one.title.clone())).collect(),
            weeks: chosen.weeks.iter().map(|week| (week.no.to_string(), words::week(week, today))).collect(),
            units,
            chosen: [
                chosen.campaign.as_ref().map(|one| one.id.to_string()).unwrap_or_default(),
                if chosen.week.is_of_campaign() { chosen.week.no.to_string() } else { String::new() },
                chosen.unit.id.to_string(),
            ],
        }
    }
}

impl ShowPage {
    /// The address of the same form with the other figure.
    pub fn with_span(&self, span: &str) -> String {
        self.wanted.address("/statistics", &[("span", span)])
    }

    /// Whether this figure is shown.
    pub fn is_span(&self, code: &str) -> bool {
        self.wanted.span().code() == code
    }

    #[cfg(any(test, feature = "testing"))]
    /// An example.
    pub fn sample() -> Self {
        let pair = |value: &str, words: &str| vec![(value.to_owned(), words.to_owned())];
        Self {
            frame: Frame::default(),
            wanted: Wanted::default(),
            choices: Choices {
                campaigns: pair("c1", "安全生产月"),
                weeks: pair("1", "第1周（6月1日至6月16日）"),
                units: pair("u1", "青龙山镇"),
                chosen: ["c1".to_owned(), "1".to_owned(), "u1".to_owned()],
            },
            paper: Some(sample_paper()),
            frozen: Frozen {
                words: "第1次冻结　萨仁　6月16日 12:30".to_owned(),
                sha256: "e3b0".to_owned(),
                document: "/statistics/frozen/1".to_owned(),
                differences: 2,
                changes: "/statistics/changes".to_owned(),
                editions: vec![("/statistics?edition=1".to_owned(), "第1次冻结".to_owned(), true)],
                can_freeze: true,
                ..Frozen::default()
            },
        }
    }
}

/// A form with a few figures.
#[cfg(any(test, feature = "testing"))]
pub(super) fn sample_paper() -> Paper {
    let form = Form::built_in();
    let cells: Vec<Cell> = (0..45)
        .map(|at| Cell {
            value: (at % 3 != 0).then_some(at * 7),
            waiting: (at == 2).then_some(1),
            corrected: at == 5,
            ..Cell::default()
        })
        .collect();
    Paper {
        label: form.label.clone(),
        title: form.title.clone(),
        unit: "东沟村".to_owned(),
        filler: "王二柱".to_owned(),
        phone: "13800000000".to_owned(),
        span: "6月1日至6月16日（累计）".to_owned(),
        filled_on: "6月16日".to_owned(),
        notes: "参与人次按人次计。".to_owned(),
        layout: super::form::Layout::Grid,
        rows: paper::rows(&form, &cells, None, |slot| format!("/statistics/records?slot={}", slot.code)),
    }
}

/// A unit's form on paper; blanks lead to `records`.
pub(super) fn paper(
    form: &Form,
    sheet: &UnitSheet,
    now: Option<&UnitSheet>,
    week: &Week,
    (span, today): (Span, Date),
    records: impl Fn(&str) -> String,
) -> Paper {
    let (from, until) = words::days_of(week, span);
    Paper {
        label: form.label.clone(),
        title: form.title.clone(),
        unit: sheet.name.clone(),
        filler: sheet.filler.clone(),
        phone: sheet.phone.clone(),
        span: paper::span_in_words(&words::period(from, until, today), span),
        filled_on: words::day(today.min(until.max(from)), today),
        notes: form.notes.clone(),
        layout: form.layout,
        rows: paper::rows(form, sheet.cells(span), now.map(|now| now.cells(span)), |slot| records(&slot.code)),
    }
}

/// `GET /statistics`
pub async fn page(State(app): State<App>, page: Page, Query(wanted): Query<Wanted>) -> Result<Response> {
    let (town, today) = (&page.actor.jurisdiction, app.clock.today());
    let frame = page.frame("统计表", "statistics");
    let Some(chosen) = load::chosen(&app, &page.actor, Permission::StatisticsView, &wanted).await? else {
        let (choices, frozen) = (Choices::default(), Frozen::default());
        return web::page(&ShowPage { frame, wanted, choices, paper: None, frozen });
    };
    let all = units::list(app.db.reader(), town, &chosen.scope).await?;
    let choices = Choices::new(&chosen, all.into_iter().map(|unit| (unit.id.to_string(), unit.name)).collect(), today);
    let seen = Seen::read(&app, town, (&chosen, load::Detail::Top), &wanted).await?;
    let (sheet, now) = seen.sheet(&chosen.unit.id)?;
    let wanted = fixed(wanted, &chosen);
    let span = wanted.span();
    let records = |slot: &str| wanted.address("/statistics/records", &[("slot", slot), ("span", span.code())]);
    let mut paper = paper(seen.form(), &sheet, now.as_ref(), &chosen.week, (span, today), records);
    if chosen.campaign.is_some() && page.actor.scope(Permission::StatisticsEdit).covers(&chosen.unit.path) {
        paper.open_empty(records);
    }
    let may_freeze = chosen
        .campaign
        .as_ref()
        .is_some_and(|campaign| page.actor.scope(Permission::StatisticsEdit).covers(&campaign.issuer_unit_path));
    let frozen = Frozen {
        can_freeze: may_freeze && chosen.week.from <= today,
        ..frozen_in_words(&seen, (&sheet, now.as_ref()), &wanted, "/statistics", app.clock.local_now())
    };
    web::page(&ShowPage { frame, choices, paper: Some(paper), wanted, frozen })
}

/// What is told of the freezing of a form.
pub(super) fn frozen_in_words(
    seen: &Seen,
    (sheet, now): (&UnitSheet, Option<&UnitSheet>),
    wanted: &Wanted,
    path: &str,
    moment: DateTime,
) -> Frozen {
    let shown = seen.frozen.as_ref().map(|(frozen, _)| frozen);
    let mut editions: Vec<(String, String, bool)> = seen
        .editions
        .iter()
        .map(|one| {
            let edition = one.edition.to_string();
            let on = shown.is_some_and(|shown| shown.freeze_id == one.freeze_id);
            (wanted.address(path, &[("edition", &edition)]), format!("第{edition}次冻结"), on)
        })
        .collect();
    if !editions.is_empty() {
        editions.push((wanted.address(path, &[("edition", "now")]), "现在的数".to_owned(), shown.is_none()));
    }
    let Some(shown) = shown else { return Frozen { editions, ..Frozen::default() } };
    let differences = now.map_or(0, |now| {
        [Span::Week, Span::Total]
            .into_iter()
            .flat_map(|span| sheet.cells(span).iter().zip(now.cells(span)).zip(seen.form().slots_on()))
            .filter(|((then, now), slot)| !then.says_the_same(now, slot))
            .count()
    });
    Frozen {
        words: format!(
            "第{}次冻结　{}　{}",
            shown.edition,
            shown.frozen_by_name,
            crate::features::records::api::moment(shown.frozen_at, moment)
        ),
        reason: shown.reason.clone(),
        sha256: shown.sha256.clone(),
        document: format!("/statistics/frozen/{}", shown.freeze_id),
        differences,
        changes: wanted.address("/statistics/changes", &[]),
        editions,
        can_freeze: false,
        can_set: false,
    }
}

/// What was asked for, with what was chosen where it was left open: so that an address means the same tomorrow.
pub(super) fn fixed(wanted: Wanted, chosen: &Chosen) -> Wanted {
    let of_campaign = chosen.week.is_of_campaign();
    Wanted {
        campaign: chosen.campaign.as_ref().map(|one| one.id.to_string()).unwrap_or(wanted.campaign),
        week: if of_campaign { chosen.week.no.to_string() } else { String::new() },
        unit: chosen.unit.id.to_string(),
        from: if of_campaign { String::new() } else { wanted.from },
        until: if of_campaign { String::new() } else { wanted.until },
        span: wanted.span,
        edition: wanted.edition,
    }
}
