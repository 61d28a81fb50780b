//! 附件1 汇总: the liaisons of all units as they stand in what was handed in, units without an answer shown.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use official_doc::table::{Cell, Column, Sheet};

use super::load::{Visible, ordered, visible};
use crate::App;
use crate::features::duties::api::{
    self as duties, CampaignId, DutyId, FormField, LiaisonForm, Part, SubmissionId, form_spec,
};
use crate::features::units::api::UnitRef;
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::Result;
use crate::platform::web::{self, Frame};

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

/// The columns of the form: those in use, and others that somebody has filled in all the same.
fn columns(rows: &[(UnitRef, Option<LiaisonForm>)]) -> Vec<(String, String)> {
    let filled = |code: &str| rows.iter().filter_map(|(_, form)| form.as_ref()).any(|form| !form.get(code).is_empty());
    let mut columns = Vec::new();
    for field in form_spec().fields.iter().filter(|field| !matches!(field.kind.as_str(), "auto" | "unit")) {
        let members: &[FormField] = if field.fields.is_empty() { std::slice::from_ref(field) } else { &field.fields };
        for member in members {
            if field.on || filled(&member.code) {
                let group = if field.fields.is_empty() { "" } else { field.label.as_str() };
                columns.push((format!("{group}{}", member.label), member.code.clone()));
            }
        }
    }
    columns
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

/// `GET /campaigns/{id}/liaisons/{format}`
pub async fn export(
    State(app): State<App>,
    page: Page,
    Path((id, format)): Path<(CampaignId, String)>,
) -> Result<Response> {
    let visible = visible(&app, &page.actor, &id).await?;
    let summary = summary(&app, &page, &visible).await?;
    let mut columns = vec![Column::number("序号"), Column::text("单位（全称）")];
    columns.extend(summary.columns.iter().map(|(heading, _)| Column::text(heading.as_str())));
    columns.push(Column::text("报送情况"));
    let rows = summary.rows.iter().enumerate().map(|(n, (unit, form))| {
        let mut row: Vec<Cell> = vec![Cell::Integer(n as i64 + 1), unit.name.as_str().into()];
        row.extend(summary.columns.iter().map(|(_, code)| match form.as_ref().map(|form| form.get(code)) {
            Some("") | None => Cell::Empty,
            Some(value) => value.into(),
        }));
        row.push(if form.is_some() { "已报" } else { "未报" }.into());
        row
    });
    let sheet = Sheet { name: "联络员名单汇总".to_owned(), columns, rows: rows.collect() };
    super::export::send(&sheet, &format, &form_spec().summary.title, &app)
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
