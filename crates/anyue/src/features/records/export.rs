//! The office's list as a table for saving: what is narrowed to, all of it.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use official_doc::table::{Cell, Column, Sheet, write_csv, write_csv_rows, write_xlsx};

use super::filter::Filter;
use super::kinds::{self, Kind, Measure};
use super::model::{Record, RecordId};
use super::store::list::{Order, Start, Wanted};
use super::{list, show, store, words};
use crate::App;
use crate::features::campaigns::api as campaigns;
use crate::features::duties::api::CampaignId;
use crate::page::Page;
use crate::platform::error::{Error, Result};
use crate::platform::ids::JurisdictionId;
use crate::platform::web;
use crate::platform::whole::Whole;

/// So many records are read and written at once.
const CHUNK: usize = 1000;

/// A workbook holds no more: it is made in memory, and nobody reads longer ones.
const WORKBOOK: i64 = 20_000;

/// `GET /records/export/{format}`: `xlsx`, or `csv` of any length; both whole before they are offered.
pub async fn file(
    State(app): State<App>,
    page: Page,
    Path(format): Path<String>,
    Query(filter): Query<Filter>,
) -> Result<Response> {
    let town = page.actor.jurisdiction.clone();
    let wanted = list::wanted(&app, &page.actor, &filter).await?;
    let table = Table::new(store::kinds::all(app.db.reader(), &town).await?, &filter.kind);
    let name = format!("活动记录{}", app.clock.today());
    let mut sheet = Sheet::new("活动记录", table.columns());
    if format == "xlsx" {
        if store::list::count(app.db.reader(), &town, &wanted, WORKBOOK).await? > WORKBOOK {
            return Err(Error::refused("超过两万条的记录请导出为CSV，或者先用时间、单位缩小范围。".to_owned()));
        }
        let mut start = Some(Start::First);
        while let Some(from) = start {
            let (rows, next) = table.portion(&app, &town, &wanted, &from).await?;
            sheet.rows.extend(rows);
            start = next;
        }
        let bytes = write_xlsx(&[sheet], &[]).map_err(Error::internal)?;
        let media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        return Ok(web::attachment(&format!("{name}.xlsx"), media_type, bytes));
    }
    if format != "csv" {
        return Err(Error::NotFound);
    }
    let mut file = Whole::new(&app.config.data.folder)?;
    file.add(&write_csv(&sheet), 0)?;
    let mut start = Some(Start::First);
    while let Some(from) = start {
        let (rows, next) = table.portion(&app, &town, &wanted, &from).await?;
        file.add(&write_csv_rows(&rows), rows.len())?;
        start = next;
    }
    file.offer(&format!("{name}.csv"), "text/csv; charset=utf-8")
}

/// The columns, and records as rows of them.
struct Table {
    kinds: Vec<Kind>,
    measures: Vec<&'static Measure>,
}

impl Table {
    /// With the measures of one kind, or of all.
    fn new(kinds: Vec<Kind>, kind: &str) -> Self {
        let measures = match kinds::find(&kinds, kind) {
            Some(kind) => kind.measures(),
            None => kinds::measures().iter().collect(),
        };
        Self { kinds, measures }
    }

    fn columns(&self) -> Vec<Column> {
        let text = |heading: &str| Column::text(heading);
        let mut columns = vec![
            Column::date("日期"),
            Column::date("结束日期"),
            text("时间"),
            text("活动种类"),
            text("标题"),
            text("主办单位"),
            text("联合主办"),
            text("状态"),
            text("地点"),
            text("所在村"),
            text("进到哪里"),
        ];
        columns.extend(self.measures.iter().map(|measure| Column::number(words::measure_label(&measure.code))));
        columns.extend([
            text("领导参加"),
            Column::number("参加领导（人）"),
            text("特色亮点"),
            text("对应活动"),
            text("做了什么"),
            text("填报人"),
            text("报送时间"),
            text("编号"),
        ]);
        columns
    }

    /// The next rows and where those after them begin.
    async fn portion(
        &self,
        app: &App,
        town: &JurisdictionId,
        wanted: &Wanted,
        start: &Start,
    ) -> Result<(Vec<Vec<Cell>>, Option<Start>)> {
        let (db, now) = (app.db.reader(), app.clock.local_now());
        let (records, more) = store::list::page(db, town, wanted, (Order::Day, false), start, CHUNK).await?;
        let names = show::names_of(db, town, &records).await?;
        let mut ids: Vec<CampaignId> = records.iter().filter_map(|record| record.facts.campaign_id.clone()).collect();
        ids.sort();
        ids.dedup();
        let titles: HashMap<CampaignId, String> =
            campaigns::headers(db, town, &ids).await?.into_iter().map(|one| (one.id, one.title)).collect();
        let next = records.last().filter(|_| more).map(|last| Start::After(RecordId(last.id.0.clone())));
        let row = |record: &Record| {
            let facts = &record.facts;
            let name = |id| names.get(id).cloned().unwrap_or_default();
            let co_hosts: Vec<String> = facts.co_hosts.iter().map(name).collect();
            let mut cells: Vec<Cell> = vec![
                facts.held_on.into(),
                facts.ends_on.into(),
                facts.time.as_str().into(),
                kinds::name(&self.kinds, &facts.kind).into(),
                facts.title.as_str().into(),
                name(&record.unit_id).into(),
                co_hosts.join("、").into(),
                record.state.label().into(),
                facts.place.as_str().into(),
                facts.village.as_str().into(),
                facts.target.map_or("", |target| target.label()).into(),
            ];
            cells.extend(self.measures.iter().map(|measure| facts.measures.get(&measure.code).copied().into()));
            cells.extend::<[Cell; 8]>([
                if facts.leader_present { "是" } else { "" }.into(),
                facts.leader_count.into(),
                if facts.highlight { "是" } else { "" }.into(),
                facts.campaign_id.as_ref().and_then(|id| titles.get(id)).cloned().into(),
                facts.text.as_str().into(),
                record.created_by_name.as_str().into(),
                record.reported_at.map(|at| words::moment(at, now)).into(),
                record.id.as_str().into(),
            ]);
            cells
        };
        Ok((records.iter().map(row).collect(), next))
    }
}
