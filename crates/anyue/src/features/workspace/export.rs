//! `/work/reports/export`: the list as shown, as a table.

use axum::extract::{Query, State};
use axum::response::Response;
use official_doc::table::{Cell, Column, Sheet, write_xlsx};

use super::reports::{self, Filter};
use crate::App;
use crate::page::Page;
use crate::platform::error::{Error, Result};
use crate::platform::web;

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
