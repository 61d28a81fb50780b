//! What a unit takes with it as a file: the list of its reports, and form 1 to be stamped.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use official_doc::table::{Cell, Column, Sheet, write_xlsx};

use super::reports::{self, Filter};
use super::shown::Shown;
use crate::App;
use crate::features::duties::api::{OccurrenceId, Part, form_spec, liaison_paper};
use crate::page::Page;
use crate::platform::error::{Error, Result};
use crate::platform::web::{self, sheets};

/// `GET /work/reports/export`
pub async fn workbook(State(app): State<App>, page: Page, Query(filter): Query<Filter>) -> Result<Response> {
    let (groups, _) = reports::read(&app, &page.actor, &filter).await?;
    let columns = ["活动", "单位", "任务", "期限", "状态", "报送时间"].map(Column::text).to_vec();
    let mut sheet = Sheet::new("我的报送", columns);
    for group in groups {
        for row in group.rows {
            let cells = [&group.title, &row.unit, &row.title, &row.due];
            let mut cells: Vec<Cell> = cells.into_iter().map(|text| Cell::Text(text.clone())).collect();
            cells.extend([Cell::Text(row.state.to_owned()), Cell::Text(row.handed_in)]);
            sheet.rows.push(cells);
        }
    }
    let bytes = write_xlsx(&[sheet], &[]).map_err(Error::internal)?;
    let name = format!("我的报送{}.xlsx", app.clock.today().strftime("%Y%m%d"));
    Ok(web::attachment(&name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes))
}

/// `GET /work/do/{id}/form/{format}`: form 1 as it was handed in; before that, as it is filled in so far.
pub async fn form(
    State(app): State<App>,
    page: Page,
    Path((id, format)): Path<(OccurrenceId, String)>,
) -> Result<Response> {
    let shown = Shown::read(&app, &page.actor, &id).await?;
    if !shown.item.duty.parts.contains(&Part::LiaisonForm) {
        return Err(Error::NotFound);
    }
    let kept = shown.last_sent().or(shown.draft()).and_then(|one| one.payload.liaison_form.clone());
    let form = match kept {
        Some(form) => form,
        None => shown.known_liaison(&app, &page.actor).await?,
    };
    let name = format!("{}{} {}", form_spec().label, form_spec().title, shown.unit.name);
    sheets::send(vec![liaison_paper(&shown.unit.name, &form)], &name, &format).await
}
