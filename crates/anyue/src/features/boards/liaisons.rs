//! 附件1 汇总: the liaisons of all units as they stand in what was handed in, units without an answer shown.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::load::{Visible, ordered, visible};
use crate::App;
use crate::features::duties::api::{
    self as duties, CampaignId, DutyId, LiaisonForm, Part, SubmissionId, form_spec, liaison_columns, liaison_paper,
    liaison_summary,
};
use crate::features::units::api::{self as units, UnitRef};
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::{Error, Result};
use crate::platform::web::{self, Frame, sheets};

/// 联络员名单汇总
#[derive(Debug, Template)]
#[template(path = "features/boards/templates/liaisons.html")]
pub struct LiaisonsPage {
    /// Around it.
    pub frame: Frame,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// Its title.
    pub campaign: String,
    /// The sheet.
    pub summary: Summary,
}

/// The sheet: one row for each unit.
#[derive(Debug, Default)]
pub struct Summary {
    /// Headings after the unit's, with the code of their field.
    pub columns: Vec<(String, String)>,
    /// Each unit with its form, when it has handed one in.
    pub rows: Vec<(UnitRef, Option<LiaisonForm>)>,
}

impl Summary {
    /// How many have answered.
    pub fn answered(&self) -> usize {
        self.rows.iter().filter(|(_, form)| form.is_some()).count()
    }

    /// `14 个单位，已报 9，未报 5`
    pub fn words(&self) -> String {
        let (all, answered) = (self.rows.len(), self.answered());
        format!("{all} 个单位，已报 {answered}，未报 {}", all - answered)
    }

    /// A value of a form.
    pub fn value<'a>(&self, form: &'a LiaisonForm, column: &(String, String)) -> &'a str {
        form.get(&column.1)
    }
}

async fn summary(app: &App, page: &Page, visible: &Visible) -> Result<Summary> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let all = duties::of_campaign(db, town, &visible.campaign.id, false).await?;
    let asking: HashSet<&DutyId> =
        all.iter().filter(|duty| duty.parts.contains(&Part::LiaisonForm)).map(|duty| &duty.id).collect();
    let mut cells = duties::cells(db, town, &visible.campaign.id).await?;
    cells.retain(|cell| asking.iter().any(|id| id.as_str() == cell.duty_id));
    let ids: HashSet<&str> = cells.iter().map(|cell| cell.unit_id.as_str()).collect();
    let mut units = ordered(app, &page.actor, &ids).await?;
    let people = page.actor.scope(Permission::LiaisonView);
    units.retain(|unit| visible.scope.covers(&unit.path) && people.covers(&unit.path));
    let sent: Vec<SubmissionId> =
        cells.iter().filter_map(|cell| cell.submission_id.as_deref().map(SubmissionId::from)).collect();
    let mut submissions = duties::submissions(db, town, &sent).await?;
    submissions.sort_by_key(|submission| submission.submitted_at);
    let mut forms: HashMap<String, LiaisonForm> = submissions
        .into_iter()
        .filter_map(|submission| Some((submission.unit_id.0, submission.payload.liaison_form?)))
        .collect();
    let rows: Vec<_> = units
        .into_iter()
        .map(|unit| {
            let form = forms.remove(unit.id.as_str());
            (unit, form)
        })
        .collect();
    Ok(Summary { columns: columns(&rows), rows })
}

/// `GET /campaigns/{id}/liaisons`
pub async fn page(State(app): State<App>, page: Page, Path(id): Path<CampaignId>) -> Result<Response> {
    let visible = visible(&app, &page.actor, &id).await?;
    let summary = summary(&app, &page, &visible).await?;
    web::page(&LiaisonsPage {
        frame: page.frame("联络员名单汇总", "duties"),
        campaign_id: id,
        campaign: visible.campaign.title,
        summary,
    })
}

/// The columns of the sheet: those of the form, as far as they are in use.
fn columns(rows: &[(UnitRef, Option<LiaisonForm>)]) -> Vec<(String, String)> {
    liaison_columns(rows.iter().filter_map(|(_, form)| form.as_ref()))
}

/// `GET /campaigns/{id}/liaisons/{format}`: `docx` and `xlsx` as printed, `csv` for machines.
pub async fn export(
    State(app): State<App>,
    page: Page,
    Path((id, format)): Path<(CampaignId, String)>,
) -> Result<Response> {
    let visible = visible(&app, &page.actor, &id).await?;
    let summary = summary(&app, &page, &visible).await?;
    let (title, today) = (&form_spec().summary.title, app.clock.today());
    let rows: Vec<(String, Option<&LiaisonForm>)> =
        summary.rows.iter().map(|(unit, form)| (unit.name.clone(), form.as_ref())).collect();
    let campaign = &visible.campaign;
    let issuer = units::get(app.db.reader(), &page.actor.jurisdiction, &campaign.issuer_unit_id).await?.name;
    let paper = liaison_summary(&campaign.title, &issuer, &rows, today);
    match format.as_str() {
        "csv" => super::export::send(&paper.sheet, &format, title, &app),
        _ => sheets::send(vec![paper], &format!("{title} {today}"), &format).await,
    }
}

/// `GET /submissions/{id}/form/{format}`: the liaison form of a unit as it was handed in, as it is printed.
pub async fn form(
    State(app): State<App>,
    page: Page,
    Path((id, format)): Path<(SubmissionId, String)>,
) -> Result<Response> {
    let shown = super::submission::make(&app, &page, &id).await?;
    let form = shown.submission.payload.liaison_form.filter(|_| shown.can_see_liaisons).ok_or(Error::NotFound)?;
    let name = format!("{}{} {}", form_spec().label, form_spec().title, shown.unit.name);
    sheets::send(vec![liaison_paper(&shown.unit.name, &form)], &name, &format).await
}

#[cfg(any(test, feature = "testing"))]
impl LiaisonsPage {
    /// A page to look at.
    pub fn sample() -> Self {
        let form = LiaisonForm {
            name: "李桂兰".to_owned(),
            post: "村委会副主任".to_owned(),
            mobile: "13900001234".to_owned(),
            ..LiaisonForm::default()
        };
        let units = super::model::sample().rows.into_iter().map(|row| row.unit);
        let rows: Vec<_> = units.enumerate().map(|(n, unit)| (unit, (n % 2 == 0).then(|| form.clone()))).collect();
        Self {
            frame: Frame { title: "联络员名单汇总".to_owned(), ..Frame::default() },
            campaign_id: "c1".into(),
            campaign: "2022年“安全生产月”活动".to_owned(),
            summary: Summary { columns: columns(&rows), rows },
        }
    }
}
