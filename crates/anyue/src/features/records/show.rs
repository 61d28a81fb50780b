//! One record: for its units on the phone, and for the office beside its review.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use sea_orm::ConnectionTrait;

use super::model::{Record, RecordId, State as Stand, Step};
use super::reviewed::reviewed;
use super::store::list::{Order, Start, Wanted};
use super::{files, serves, store, words};
use crate::App;
use crate::features::evidence::api::{Shown, Sight};
use crate::features::units::api as units;
use crate::page::Page;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{JurisdictionId, UnitId};
use crate::platform::web::{self, Frame};
use crate::platform::{FieldErrors, audit};

/// 活动记录, as its units see it.
#[derive(Debug, Template)]
#[template(path = "features/records/templates/own_show.html")]
pub struct OwnShowPage {
    /// Around it.
    pub frame: Frame,
    /// What is shown.
    pub told: Told,
    /// The person works for its host, and not only for a co-host.
    pub is_host: bool,
}

/// What both pages show of a record.
#[derive(Clone, Debug)]
pub struct Told {
    /// The record.
    pub record: Record,
    /// Its units by name, the host first.
    pub hosts: String,
    /// Everything that is said.
    pub labelled: Vec<(String, String)>,
    /// Its files.
    pub files: Vec<Shown>,
    /// Who wrote it and when.
    pub written: String,
    /// When it was reported; empty when it was not.
    pub reported: String,
    /// Who reviewed it and when; empty when nobody has.
    pub reviewed: String,
}

impl Told {
    async fn read(app: &App, actor: &Actor, record: Record, sees: Sees) -> Result<Self> {
        let (db, town, now) = (app.db.reader(), &actor.jurisdiction, app.clock.local_now());
        let kinds = store::kinds::all(db, town).await?;
        let names = names_of(db, town, std::slice::from_ref(&record)).await?;
        let serves = serves::in_words(db, town, &record.facts).await?;
        let at = |at: Option<i64>| at.map(|at| words::moment(at, now)).unwrap_or_default();
        Ok(Self {
            hosts: words::hosts(&record, &names),
            labelled: words::labelled(&record.facts, &kinds, &names, &serves, now.date()),
            files: shown_files(app, actor, &record, sees).await?,
            written: format!("{}　{}", at(Some(record.created_at)), record.created_by_name),
            reported: at(record.reported_at),
            reviewed: match record.review.at {
                Some(_) => format!("{}　{}", at(record.review.at), record.review.by),
                None => String::new(),
            },
            record,
        })
    }

    /// Whether it was held by several units.
    pub fn is_joint(&self) -> bool {
        !self.record.facts.co_hosts.is_empty()
    }

    #[cfg(any(test, feature = "testing"))]
    fn sample(state: Stand) -> Self {
        let facts = super::model::Facts {
            title: "防汛疏散演练".to_owned(),
            co_hosts: vec!["u2".into()],
            ..super::model::Facts::new("drill", jiff::civil::date(2022, 6, 13))
        };
        Self {
            record: Record {
                id: "1".into(),
                unit_id: "u1".into(),
                facts,
                state,
                review: super::model::Review {
                    comment: "请补充人数。".to_owned(), by: "萨仁".to_owned(), at: Some(0)
                },
                idempotency_key: "key".to_owned(),
                created_by: "a".to_owned(),
                created_by_name: "王二柱".to_owned(),
                created_at: 0,
                reported_at: None,
                updated_at: 0,
                seq: 1,
                version: 2,
            },
            hosts: "东沟村、北山铁矿".to_owned(),
            labelled: vec![
                ("活动种类".to_owned(), "应急演练".to_owned()),
                ("做了什么".to_owned(), "分两批。".to_owned()),
            ],
            files: Shown::samples(),
            written: "6月13日 08:30　王二柱".to_owned(),
            reported: "6月13日 08:30".to_owned(),
            reviewed: "6月13日 08:30　萨仁".to_owned(),
        }
    }
}

/// Who looks at a record's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sees {
    /// Somebody of its units.
    Unit,
    /// The office.
    Office,
    /// The person who reviews it.
    Reviewer,
}

async fn shown_files(app: &App, actor: &Actor, record: &Record, sees: Sees) -> Result<Vec<Shown>> {
    let (db, town, facts) = (app.db.reader(), &actor.jurisdiction, &record.facts);
    let files = files::of_record(db, town, &record.id).await?;
    let days = Some((facts.held_on, facts.ends_on.unwrap_or(facts.held_on)));
    match sees {
        Sees::Unit => Shown::read(db, town, files, Sight::Originals).await,
        Sees::Office => Shown::read(db, town, files, Sight::Copies).await,
        Sees::Reviewer => reviewed(app, actor, files, days, &[record.id.to_string()]).await,
    }
}

impl OwnShowPage {
    /// Whether a step may be taken now by the unit.
    pub fn may(&self, step: &str) -> bool {
        let record = &self.told.record;
        self.is_host
            && match step {
                "edit" => record.state.is_open(),
                "hold" => record.state == Stand::Planned,
                "report" => record.state == Stand::Held,
                "withdraw" => record.state.after(Step::Withdraw).is_some(),
                "discard" => record.may_be_discarded(),
                _ => false,
            }
    }

    /// What the state means, and what to do.
    pub fn sentence(&self) -> &'static str {
        match self.told.record.state {
            _ if !self.is_host => "这是与别的单位联合开展的活动，由主办单位填写和报送，只统计一次。",
            Stand::Planned => "还在计划中。开展之后点“已经开展”，补充人数和做法后报送。",
            Stand::Held => "已经开展，还没有报送。",
            Stand::Reported => "已报送，等待审核。需要修改时可以先撤回。",
            Stand::Accepted => "已审核通过，不用再做什么。",
            Stand::Returned => "已退回，请按意见修改后重新报送。",
        }
    }

    #[cfg(any(test, feature = "testing"))]
    /// An example.
    pub fn sample() -> Self {
        Self { frame: Frame::default(), told: Told::sample(Stand::Held), is_host: true }
    }
}

/// Names of units.
pub(super) async fn names(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    ids: &[UnitId],
) -> Result<HashMap<UnitId, String>> {
    Ok(units::get_all(db, town, ids).await?.into_iter().map(|(id, unit)| (id, unit.name)).collect())
}

/// Names of the units of records.
pub(super) async fn names_of(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    records: &[Record],
) -> Result<HashMap<UnitId, String>> {
    let mut ids: Vec<UnitId> = records.iter().flat_map(Record::units).cloned().collect();
    ids.sort();
    ids.dedup();
    names(db, town, &ids).await
}

/// A record that is shown at a unit which this permission covers; for others it is not there.
pub(super) async fn visible(app: &App, actor: &Actor, id: &RecordId, permission: Permission) -> Result<Record> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let record = store::records::find(db, town, id).await?.ok_or(Error::NotFound)?;
    let ids: Vec<UnitId> = record.units().cloned().collect();
    let scope = actor.scope(permission);
    let seen = units::get_all(db, town, &ids).await?.values().any(|unit| scope.covers(&unit.path));
    if seen { Ok(record) } else { Err(Error::NotFound) }
}

/// `GET /work/records/{id}`
pub async fn own(State(app): State<App>, page: Page, Path(id): Path<RecordId>) -> Result<Response> {
    let record = visible(&app, &page.actor, &id, Permission::WorkOwn).await?;
    let host = units::get(app.db.reader(), &page.actor.jurisdiction, &record.unit_id).await?;
    web::page(&OwnShowPage {
        frame: page.frame(record.facts.title.clone(), "records"),
        is_host: page.actor.scope(Permission::WorkOwn).covers(&host.path),
        told: Told::read(&app, &page.actor, record, Sees::Unit).await?,
    })
}

/// 活动记录, as the office sees it.
#[derive(Debug, Template)]
#[template(path = "features/records/templates/show.html")]
pub struct OfficeShowPage {
    /// Around it.
    pub frame: Frame,
    /// What is shown.
    pub told: Told,
    /// The actor reviews its host.
    pub can_review: bool,
    /// The one before that waits for review.
    pub previous: Option<RecordId>,
    /// The next one that waits for review.
    pub next: Option<RecordId>,
    /// What was done to it: when, who, what.
    pub history: Vec<(String, String, String)>,
    /// The reason being typed.
    pub comment: String,
    /// What is wrong with it.
    pub errors: FieldErrors,
}

impl OfficeShowPage {
    /// Accepting is on offer.
    pub fn can_accept(&self) -> bool {
        self.can_review && self.told.record.state.after(Step::Accept).is_some()
    }

    /// Returning is on offer.
    pub fn can_return(&self) -> bool {
        self.can_review && self.told.record.state.after(Step::SendBack).is_some()
    }

    /// Taking back is on offer.
    pub fn can_undo(&self) -> bool {
        self.can_review && self.told.record.state.after(Step::UndoAccept).is_some()
    }

    #[cfg(any(test, feature = "testing"))]
    /// An example.
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            told: Told::sample(Stand::Reported),
            can_review: true,
            previous: None,
            next: Some("2".into()),
            history: vec![("6月13日 08:30".to_owned(), "王二柱".to_owned(), "东沟村新增活动记录".to_owned())],
            comment: String::new(),
            errors: FieldErrors::one("comment", "请写明退回的原因。"),
        }
    }
}

/// `GET /records/{id}`
pub async fn office(State(app): State<App>, page: Page, Path(id): Path<RecordId>) -> Result<Response> {
    web::page(&office_page(&app, &page, &id, String::new(), FieldErrors::new()).await?)
}

/// The office's page, with what was typed as a reason.
pub(super) async fn office_page(
    app: &App,
    page: &Page,
    id: &RecordId,
    comment: String,
    errors: FieldErrors,
) -> Result<OfficeShowPage> {
    let (db, town, now) = (app.db.reader(), &page.actor.jurisdiction, app.clock.local_now());
    let record = visible(app, &page.actor, id, Permission::RecordView).await?;
    let host = units::get(db, town, &record.unit_id).await?;
    let can_review = page.actor.scope(Permission::RecordReview).covers(&host.path);
    let (previous, next) = neighbours(app, &page.actor, id).await?;
    let trail = audit::of_subject(db, town, "record", id.as_str()).await?;
    Ok(OfficeShowPage {
        frame: page.frame(record.facts.title.clone(), "records"),
        can_review,
        told: Told::read(app, &page.actor, record, if can_review { Sees::Reviewer } else { Sees::Office }).await?,
        previous,
        next,
        history: trail
            .into_iter()
            .map(|entry| (words::moment(entry.at, now), entry.actor_name, entry.summary))
            .collect(),
        comment,
        errors,
    })
}

/// The records that wait for this reviewer, before and after one: the oldest first.
pub(super) async fn neighbours(
    app: &App,
    actor: &Actor,
    id: &RecordId,
) -> Result<(Option<RecordId>, Option<RecordId>)> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let wanted = Wanted {
        scope: Some(actor.scope(Permission::RecordReview)),
        states: vec![Stand::Reported],
        ..Wanted::default()
    };
    let order = (Order::Day, false);
    let (before, _) = store::list::page(db, town, &wanted, order, &Start::Before(id.clone()), 1).await?;
    let (after, _) = store::list::page(db, town, &wanted, order, &Start::After(id.clone()), 1).await?;
    let first = |records: Vec<Record>| records.into_iter().next().map(|record| record.id);
    Ok((first(before), first(after)))
}
