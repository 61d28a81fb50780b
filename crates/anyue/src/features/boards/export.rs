//! Tables for saving: the board as xlsx or CSV.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use official_doc::table::{Cell, Column, Sheet, write_csv, write_xlsx};

use super::filter::Filter;
use super::load::{board as load_board, visible};
use super::words;
use crate::App;
use crate::features::duties::api::CampaignId;
use crate::page::Page;
use crate::platform::error::{Error, Result};
use crate::platform::web;

/// `GET /campaigns/{id}/board/{format}`: what the page shows, as a table.
pub async fn board(
    State(app): State<App>,
    page: Page,
    Path((id, format)): Path<(CampaignId, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let visible = visible(&app, &page.actor, &id).await?;
    let filter = Filter::parse(&query);
    let board = load_board(&app, &page.actor, &visible, filter.on).await?.filtered(&filter);
    let now = app.now();
    let mut columns = vec![Column::text("单位类型"), Column::text("单位")];
    columns.extend(board.columns.iter().map(|column| {
        let due = if column.ad_hoc { "随时".to_owned() } else { words::due(column.due_at, now) };
        Column::text(format!("{}（{due}）", column.title))
    }));
    let rows = board.groups().into_iter().flat_map(|(kind, rows)| {
        rows.into_iter().map(move |row| {
            let mut cells: Vec<Cell> = vec![kind.label().into(), row.unit.name.as_str().into()];
            cells.extend(row.marks.iter().map(|mark| Cell::from(words::mark(mark))));
            cells
        })
    });
    let sheet = Sheet { name: "报送一览".to_owned(), columns, rows: rows.collect() };
    send(&sheet, &format, &format!("报送一览 {}", visible.campaign.title), &app)
}

/// A table as the kind of file that was asked for; the name carries the day.
pub(super) fn send(sheet: &Sheet, format: &str, name: &str, app: &App) -> Result<Response> {
    let today = app.clock.today();
    match format {
        "xlsx" => {
            let bytes = write_xlsx(std::slice::from_ref(sheet), &[]).map_err(Error::internal)?;
            let media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            Ok(web::attachment(&format!("{name} {today}.xlsx"), media_type, bytes))
        }
        "csv" => Ok(web::attachment(&format!("{name} {today}.csv"), "text/csv; charset=utf-8", write_csv(sheet))),
        _ => Err(Error::NotFound),
    }
}
