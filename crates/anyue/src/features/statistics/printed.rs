//! The form on paper by itself: the summary of units, and a unit's own.

use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::export::{file_name, summary as summary_form, unit_form};
use super::load::{self, Chosen, Wanted};
use super::seen::Seen;
use crate::App;
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::{Error, Result};
use crate::platform::web::sheets;

/// `GET /statistics/summary/{format}`: units as rows, the figure that the page shows; `docx` or `xlsx`.
pub async fn summary(
    State(app): State<App>,
    page: Page,
    Path(format): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let (chosen, seen) = seen(&app, &page, Permission::StatisticsView, &wanted).await?;
    let document = seen.document();
    let top = document.unit(&chosen.unit.id).ok_or(Error::NotFound)?;
    let span = wanted.span();
    let form = summary_form(&document, top, span, format!("汇总（{}）", span.label()));
    let name = file_name(&format!("统计表汇总（{}）", span.label()), &chosen.unit.name, &document);
    sheets::send(vec![form], &name, &format).await
}

/// `GET /work/statistics/export/{format}`: the form of a unit of one's own; `docx` or `xlsx`.
pub async fn own(
    State(app): State<App>,
    page: Page,
    Path(format): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let (chosen, seen) = seen(&app, &page, Permission::WorkOwn, &wanted).await?;
    let document = seen.document();
    let unit = document.unit(&chosen.unit.id).ok_or(Error::NotFound)?;
    let form = unit_form(&document, unit, "统计表".to_owned());
    sheets::send(vec![form], &file_name("统计表", &chosen.unit.name, &document), &format).await
}

async fn seen(app: &App, page: &Page, permission: Permission, wanted: &Wanted) -> Result<(Chosen, Seen)> {
    let chosen = load::chosen(app, &page.actor, permission, wanted).await?.ok_or(Error::NotFound)?;
    let seen = Seen::read(app, &page.actor.jurisdiction, (&chosen, load::Detail::Each), wanted).await?;
    Ok((chosen, seen))
}
