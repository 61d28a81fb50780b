//! `/occurrences/{id}`: what a unit has not handed in yet: more time, not applicable, back again.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::civil::{Date, Time};
use serde::Deserialize;

use super::words;
use crate::App;
use crate::features::campaigns::api as campaigns;
use crate::features::duties::api::{
    self as duties, Excuse, Extend, OccurrenceId, Reinstate, State as Stands, WorkItem,
};
use crate::features::units::api::{self as units, UnitRef};
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::{Error, FieldErrors, Result};
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// 延期、不适用
#[derive(Debug, Template)]
#[template(path = "features/boards/templates/decide.html")]
pub struct DecidePage {
    /// Around it.
    pub frame: Frame,
    /// Title of the campaign.
    pub campaign: String,
    /// The unit.
    pub unit: UnitRef,
    /// What it owes.
    pub item: WorkItem,
    /// Whether the actor may decide.
    pub can_review: bool,
    /// What was typed for more time.
    pub extend: ExtendForm,
    /// What was typed for 不适用.
    pub excuse: ExcuseForm,
    /// Messages of the form for more time.
    pub extend_errors: FieldErrors,
    /// Messages of the form for 不适用.
    pub excuse_errors: FieldErrors,
    /// The present.
    pub now: i64,
}

/// 延期
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ExtendForm {
    /// The new day.
    pub until: String,
    /// The new time of day; none: by the end of the day.
    pub time: String,
    /// Why.
    pub reason: String,
}

/// 不适用
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ExcuseForm {
    /// Why.
    pub excuse_reason: String,
}

impl DecidePage {
    /// When it is due by the notice.
    pub fn due(&self) -> String {
        let due = words::due(self.item.due_at, self.now);
        if self.item.born_past { format!("{due}（下发时已过期，不计逾期）") } else { due }
    }

    /// The time granted.
    pub fn extended(&self) -> String {
        words::due(self.item.extended_until, self.now)
    }

    /// How it stands.
    pub fn words(&self) -> String {
        words::item(&self.item, self.now)
    }

    /// Class of the state.
    pub fn class(&self) -> &'static str {
        words::item_class(&self.item, self.now)
    }

    /// More time and 不适用 are on offer.
    pub fn is_open(&self) -> bool {
        self.can_review && !self.item.closed && matches!(self.item.state, Stands::Open | Stands::Returned)
    }

    /// 恢复 is on offer.
    pub fn is_excused(&self) -> bool {
        self.can_review && !self.item.closed && self.item.state == Stands::NotApplicable
    }
}

async fn make(app: &App, page: &Page, id: &OccurrenceId) -> Result<DecidePage> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let item = duties::occurrence(db, town, id).await?.ok_or(Error::NotFound)?;
    let unit = units::get(db, town, &item.unit_id).await?;
    if !page.actor.scope(Permission::DutyView).covers(&unit.path) {
        return Err(Error::NotFound);
    }
    let campaign = campaigns::header(db, town, &item.campaign_id).await?.ok_or(Error::NotFound)?;
    Ok(DecidePage {
        frame: page.frame(item.duty.title.clone(), "duties"),
        campaign: campaign.title,
        can_review: page.actor.scope(Permission::DutyReview).covers(&unit.path),
        unit,
        item,
        extend: ExtendForm::default(),
        excuse: ExcuseForm::default(),
        extend_errors: FieldErrors::new(),
        excuse_errors: FieldErrors::new(),
        now: app.now(),
    })
}

/// `GET /occurrences/{id}`
pub async fn page(State(app): State<App>, page: Page, Path(id): Path<OccurrenceId>) -> Result<Response> {
    web::page(&make(&app, &page, &id).await?)
}

/// `POST /occurrences/{id}/extend`
pub async fn extend(
    State(app): State<App>,
    page: Page,
    Path(id): Path<OccurrenceId>,
    Form(form): Form<ExtendForm>,
) -> Result<Response> {
    let done = match until(&form) {
        Ok(until) => {
            let cmd = Extend { occurrence_id: id.clone(), until, reason: form.reason.clone() };
            duties::extend(&app, &page.actor, cmd).await
        }
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match done {
        Err(Error::Invalid(errors)) => {
            let shown = make(&app, &page, &id).await?;
            web::page_invalid(&DecidePage { extend: form, extend_errors: errors, ..shown })
        }
        done => {
            done?;
            Ok(web::see_other_with(&format!("/occurrences/{id}"), &Flash::success("已延期，并通知了这个单位。")))
        }
    }
}

fn until(form: &ExtendForm) -> Result<i64, FieldErrors> {
    let mut errors = FieldErrors::new();
    let day = form.until.trim().parse::<Date>();
    if day.is_err() {
        errors.add("until", "请选择新的截止日期。");
    }
    let time = match form.time.trim() {
        "" => Ok(calendar::END_OF_DAY),
        time => time.parse::<Time>(),
    };
    if time.is_err() {
        errors.add("time", "时间请按 12:00 的样子填写；不填就是当天24时前。");
    }
    match (day, time) {
        (Ok(day), Ok(time)) => Ok(calendar::from_local_ms(day.to_datetime(time))),
        _ => Err(errors),
    }
}

/// `POST /occurrences/{id}/excuse`
pub async fn excuse(
    State(app): State<App>,
    page: Page,
    Path(id): Path<OccurrenceId>,
    Form(form): Form<ExcuseForm>,
) -> Result<Response> {
    let cmd = Excuse { occurrence_id: id.clone(), reason: form.excuse_reason.clone() };
    match duties::excuse(&app, &page.actor, cmd).await {
        Err(Error::Invalid(errors)) => {
            let shown = make(&app, &page, &id).await?;
            let excuse_errors = FieldErrors::one("excuse_reason", errors.get("reason"));
            web::page_invalid(&DecidePage { excuse: form, excuse_errors, ..shown })
        }
        done => {
            done?;
            let said = Flash::success("已标为“不适用”，并通知了这个单位。");
            Ok(web::see_other_with(&format!("/occurrences/{id}"), &said.undo(format!("/occurrences/{id}/reinstate"))))
        }
    }
}

/// `POST /occurrences/{id}/reinstate`
pub async fn reinstate(State(app): State<App>, page: Page, Path(id): Path<OccurrenceId>) -> Result<Response> {
    duties::reinstate(&app, &page.actor, Reinstate { occurrence_id: id.clone() }).await?;
    Ok(web::see_other_with(&format!("/occurrences/{id}"), &Flash::success("已恢复为未报，并通知了这个单位。")))
}

#[cfg(any(test, feature = "testing"))]
impl DecidePage {
    /// A page to look at.
    pub fn sample() -> Self {
        let item = WorkItem { state: Stands::Open, submission_id: None, ..super::unit::sample_item() };
        Self {
            frame: Frame { title: item.duty.title.clone(), ..Frame::default() },
            campaign: "2022年“安全生产月”活动".to_owned(),
            unit: super::model::sample().rows.remove(0).unit,
            item,
            can_review: true,
            extend: ExtendForm::default(),
            excuse: ExcuseForm::default(),
            extend_errors: FieldErrors::one("until", "请选择新的截止日期。"),
            excuse_errors: FieldErrors::new(),
            now: super::model::SAMPLE_NOW,
        }
    }
}
