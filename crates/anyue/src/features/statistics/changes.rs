//! `/statistics/changes`: what has changed since a form was frozen: which numbers, which records, who and why.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::civil::DateTime;

use super::freeze::{self, Fate};
use super::load::{self, Wanted};
use super::model::Span;
use super::seen::{Seen, as_laid_out};
use super::{show, store, words};
use crate::App;
use crate::features::records::api::{self as records, Record, RecordId};
use crate::page::Page;
use crate::platform::audit;
use crate::platform::auth::Permission;
use crate::platform::error::{Error, Result};
use crate::platform::ids::JurisdictionId;
use crate::platform::web::{self, Frame};

/// 冻结后的变动
#[derive(Debug, Template)]
#[template(path = "features/statistics/templates/changes.html")]
pub struct ChangesPage {
    /// Around it.
    pub frame: Frame,
    /// Which form: week and edition.
    pub about: String,
    /// Where the form is.
    pub back: String,
    /// Numbers that differ.
    pub numbers: Vec<Difference>,
    /// Records that came, went or changed.
    pub records: Vec<ChangedRecord>,
    /// Corrections made or taken back.
    pub corrections: Vec<(String, String, String)>,
}

/// A number that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Whose.
    pub unit: String,
    /// Name of the number.
    pub label: String,
    /// 本周 or 累计
    pub span: &'static str,
    /// As frozen.
    pub frozen: String,
    /// As it would be now.
    pub now: String,
    /// Where its records are listed.
    pub href: String,
}

/// A record that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedRecord {
    /// Its id.
    pub id: String,
    /// Its title; empty when it is no longer there.
    pub title: String,
    /// Its unit's part of the sentence.
    pub fate: &'static str,
    /// What was done to it since: when, who, what.
    pub steps: Vec<(String, String, String)>,
}

impl ChangesPage {
    #[cfg(any(test, feature = "testing"))]
    /// An example.
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            about: "第3周（6月10日至6月16日）　第1次冻结".to_owned(),
            back: "/statistics".to_owned(),
            numbers: vec![Difference {
                unit: "东沟村".to_owned(),
                label: "应急演练：参与".to_owned(),
                span: "累计",
                frozen: "60".to_owned(),
                now: "66".to_owned(),
                href: "/statistics/records".to_owned(),
            }],
            records: vec![ChangedRecord {
                id: "1".to_owned(),
                title: "防汛疏散演练".to_owned(),
                fate: "已修改",
                steps: vec![("6月17日 09:00".to_owned(), "萨仁".to_owned(), "退回东沟村的活动记录".to_owned())],
            }],
            corrections: vec![("6月17日 09:00".to_owned(), "萨仁".to_owned(), "更正东沟村统计表".to_owned())],
        }
    }
}

/// `GET /statistics/changes`
pub async fn page(State(app): State<App>, page: Page, Query(wanted): Query<Wanted>) -> Result<Response> {
    let (town, now) = (&page.actor.jurisdiction, app.clock.local_now());
    let chosen = load::chosen(&app, &page.actor, Permission::StatisticsView, &wanted).await?.ok_or(Error::NotFound)?;
    let campaign = chosen.campaign.clone().ok_or(Error::NotFound)?;
    let seen = Seen::read(&app, town, (&chosen, load::Detail::Each), &wanted).await?;
    let Some((frozen, document)) = &seen.frozen else {
        return Err(Error::refused("这一周还没有冻结，没有可以对照的表。"));
    };
    let wanted = show::fixed(wanted, &chosen);

    let mut numbers = Vec::new();
    for sheet in document.units.iter().filter(|sheet| seen.basis.unit(&sheet.id).is_some()) {
        let Some(unit) = seen.basis.unit(&sheet.id) else { continue };
        let live = as_laid_out(&seen.basis.form, &document.form, seen.basis.sheet_of(unit));
        for span in [Span::Week, Span::Total] {
            for (at, slot) in document.form.slots_on().into_iter().enumerate() {
                let (Some(then), Some(present)) = (sheet.cells(span).get(at), live.cells(span).get(at)) else {
                    continue;
                };
                if !then.says_the_same(present, slot) {
                    numbers.push(Difference {
                        unit: sheet.name.clone(),
                        label: document.form.name_of(slot),
                        span: span.label(),
                        frozen: then.printed(slot),
                        now: present.printed(slot),
                        href: wanted.address(
                            "/statistics/records",
                            &[("unit", sheet.id.as_str()), ("slot", &slot.code), ("span", span.code())],
                        ),
                    });
                }
            }
        }
    }
    let present = freeze::document(&app, town, &campaign, &chosen.week).await?;
    let fates = freeze::compare(&document.records, &present.records);
    let mut changed = Vec::new();
    for (id, fate) in fates.iter().take(MOST) {
        let record = records::record(app.db.reader(), town, id).await?;
        // Whoever looks at a part of the tree sees the records of that part.
        let here = |unit| seen.basis.unit(unit).is_some();
        if record.as_ref().is_some_and(|record| !record.units().any(here)) {
            continue;
        }
        let steps = steps(&app, town, (id, record.as_ref()), (&seen, frozen.frozen_at)).await?;
        changed.push(ChangedRecord {
            id: record.as_ref().map(|record| record.id.to_string()).unwrap_or_default(),
            title: record.map(|record| record.facts.title).unwrap_or_default(),
            fate: match fate {
                Fate::Added => "新增",
                Fate::Gone => "不再计入",
                Fate::Changed => "已修改",
            },
            steps: steps.into_iter().map(|(at, by, what)| (records::moment(at, now), by, what)).collect(),
        });
    }
    web::page(&ChangesPage {
        frame: page.frame("冻结后的变动", "statistics"),
        about: format!("{}　第{}次冻结　{}", words::week(&chosen.week, now.date()), frozen.edition, chosen.unit.name),
        back: wanted.address("/statistics", &[]),
        numbers,
        records: changed,
        corrections: corrections_since(&app, &page, &seen, &chosen, frozen.frozen_at, now).await?,
    })
}

/// So many records are told of.
const MOST: usize = 200;

/// What was done to a record since: when, who, what. A report's trail, not the record's, tells what was reported or
/// decided together with it.
async fn steps(
    app: &App,
    town: &JurisdictionId,
    (id, record): (&RecordId, Option<&Record>),
    (seen, since): (&Seen, i64),
) -> Result<Vec<(i64, String, String)>> {
    let reason = record.map(|record| record.review.comment.clone()).unwrap_or_default();
    let why = if reason.is_empty() { String::new() } else { format!("，原因：{reason}") };
    let mut steps: Vec<(i64, String, String)> = audit::of_subject(app.db.reader(), town, "record", id.as_str())
        .await?
        .into_iter()
        .filter(|entry| entry.at > since)
        .map(|entry| {
            let why = if entry.kind == "record.returned" { why.as_str() } else { "" };
            (entry.at, entry.actor_name, format!("{}{why}", entry.summary))
        })
        .collect();
    if let Some(record) = record {
        let untold = |at: Option<i64>| at.filter(|at| *at > since && steps.iter().all(|(told, ..)| told != at));
        let (reported, reviewed) = (untold(record.reported_at), untold(record.review.at));
        if let Some(at) = reported {
            let unit = seen.basis.unit(&record.unit_id).map(|unit| unit.name.clone()).unwrap_or_default();
            steps.push((at, unit, "随报送一起上报".to_owned()));
        }
        if let Some(at) = reviewed {
            let what = if record.state == records::State::Returned {
                "随报送一起退回"
            } else {
                "随报送一起通过"
            };
            steps.push((at, record.review.by.clone(), format!("{what}{why}")));
        }
    }
    steps.sort_by_key(|(at, ..)| *at);
    Ok(steps)
}

async fn corrections_since(
    app: &App,
    page: &Page,
    seen: &Seen,
    chosen: &load::Chosen,
    since: i64,
    now: DateTime,
) -> Result<Vec<(String, String, String)>> {
    let Some(campaign) = &chosen.campaign else { return Ok(Vec::new()) };
    let all = store::corrections(app.db.reader(), &page.actor.jurisdiction, &campaign.id, chosen.week.until).await?;
    let mut told = Vec::new();
    for one in all {
        let (Some(unit), Some(slot)) = (seen.basis.unit(&one.unit_id), seen.basis.form.slot(&one.slot)) else {
            continue;
        };
        let what = format!("{}“{}”{}", unit.name, seen.basis.form.name_of(slot), one.span.label());
        if one.made_at > since {
            let amount = one.amount.map(records::grouped).unwrap_or_default();
            let said = format!("更正{what}为{amount}，原因：{}", one.reason);
            told.push((one.made_at, one.made_by_name.clone(), said));
        }
        if let Some(at) = one.taken_back_at.filter(|at| *at > since) {
            told.push((at, one.taken_back_by_name, format!("撤销对{what}的更正")));
        }
    }
    told.sort();
    Ok(told.into_iter().map(|(at, by, said)| (records::moment(at, now), by, said)).collect())
}
