//! `/work/statistics`: a unit's own form, on its liaison's phone.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use super::load::{self, Wanted};
use super::paper::Paper;
use super::seen::Seen;
use super::show::{self, Choices};
use crate::App;
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::Result;
use crate::platform::web::{self, Frame};

/// 本单位统计表
#[derive(Debug, Template)]
#[template(path = "features/statistics/templates/own.html")]
pub struct OwnPage {
    /// Around it.
    pub frame: Frame,
    /// What was asked for.
    pub wanted: Wanted,
    /// Campaigns, weeks and own units to choose from.
    pub choices: Choices,
    /// The form; none when there is no campaign yet.
    pub paper: Option<Paper>,
    /// How it was frozen; empty when it was not.
    pub frozen: String,
}

impl OwnPage {
    /// The address of the same form with the other figure.
    pub fn with_span(&self, span: &str) -> String {
        self.wanted.address("/work/statistics", &[("span", span)])
    }

    /// Whether this figure is shown.
    pub fn is_span(&self, code: &str) -> bool {
        self.wanted.span().code() == code
    }

    #[cfg(any(test, feature = "testing"))]
    /// An example.
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            wanted: Wanted::default(),
            choices: show::ShowPage::sample().choices,
            paper: Some(show::sample_paper()),
            frozen: "第1次冻结　萨仁　6月16日 12:30".to_owned(),
        }
    }
}

/// `GET /work/statistics`
pub async fn page(State(app): State<App>, page: Page, Query(wanted): Query<Wanted>) -> Result<Response> {
    let (town, today) = (&page.actor.jurisdiction, app.clock.today());
    let frame = page.frame("本单位统计表", "records");
    let Some(chosen) = load::chosen(&app, &page.actor, Permission::WorkOwn, &wanted).await? else {
        return web::page(&OwnPage { frame, wanted, choices: Choices::default(), paper: None, frozen: String::new() });
    };
    let mut own: Vec<(String, String)> = Vec::new();
    for grant in page.actor.own_units() {
        let one = (grant.unit_id.to_string(), grant.unit_name.clone());
        if !own.contains(&one) {
            own.push(one);
        }
    }
    let choices = Choices::new(&chosen, own, today);
    let seen = Seen::read(&app, town, (&chosen, load::Detail::Top), &wanted).await?;
    let (sheet, now) = seen.sheet(&chosen.unit.id)?;
    let wanted = show::fixed(wanted, &chosen);
    let span = wanted.span();
    let records = |slot: &str| wanted.address("/work/statistics/records", &[("slot", slot), ("span", span.code())]);
    let paper = show::paper(seen.form(), &sheet, now.as_ref(), &chosen.week, (span, today), records);
    let moment = app.clock.local_now();
    let frozen = show::frozen_in_words(&seen, (&sheet, now.as_ref()), &wanted, "/work/statistics", moment).words;
    web::page(&OwnPage { frame, choices, paper: Some(paper), wanted, frozen })
}
