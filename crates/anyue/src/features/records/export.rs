//! The office's list as a table for saving: what is narrowed to, all of it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use jiff::civil::DateTime;
use official_doc::table::{Cell, Column, Sheet, write_csv, write_csv_rows, write_xlsx};

use super::filter::Filter;
use super::kinds::{self, Kind, Measure};
use super::model::Record;
use super::store::list::{Order, Start, Wanted};
use super::{list, show, store, words};
use crate::App;
use crate::features::campaigns::api as campaigns;
use crate::features::duties::api::CampaignId;
use crate::page::Page;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{JurisdictionId, UnitId};
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
    let reader = Reader { app: &app, town: &town, wanted: &wanted };
    let name = format!("活动记录{}", app.clock.today());
    let mut sheet = Sheet::new("活动记录", table.columns());
    if format == "xlsx" {
        if store::list::count(app.db.reader(), &town, &wanted, WORKBOOK).await? > WORKBOOK {
            return Err(Error::refused("超过两万条的记录请导出为CSV，或者先用时间、单位缩小范围。".to_owned()));
        }
        let mut portion = reader.first().await?;
        loop {
            sheet.rows.extend(table.rows(&portion, app.clock.local_now()));
            let Some(next) = reader.after(&portion).await? else { break };
            portion = next;
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
    let (table, now) = (Arc::new(table), app.clock.local_now());
    let mut portion = Some(Arc::new(reader.first().await?));
    while let Some(read) = portion {
        // What was read is written while the next is being read.
        let (table, written) = (table.clone(), read.clone());
        let write = tokio::task::spawn_blocking(move || write_csv_rows(&table.rows(&written, now)));
        let (bytes, next) = tokio::join!(write, reader.after(&read));
        file.add(&bytes.map_err(Error::internal)?, read.records.len())?;
        portion = next?.map(Arc::new);
    }
    file.offer(&format!("{name}.csv"), "text/csv; charset=utf-8")
}

/// What is read, a portion at a time.
struct Reader<'a> {
    app: &'a App,
    town: &'a JurisdictionId,
    wanted: &'a Wanted,
}

/// Records in order, and the names in them.
struct Portion {
    records: Vec<Record>,
    /// There are records after these.
    more: bool,
    names: Arc<Names>,
}

/// Names of units and titles of campaigns, as far as records had them.
#[derive(Clone, Default)]
struct Names {
    units: HashMap<UnitId, String>,
    campaigns: HashMap<CampaignId, String>,
}

impl Reader<'_> {
    async fn first(&self) -> Result<Portion> {
        self.portion(&Start::First, Arc::default()).await
    }

    /// The portion after one; `None` when that was the last.
    async fn after(&self, portion: &Portion) -> Result<Option<Portion>> {
        match portion.records.last().filter(|_| portion.more) {
            Some(last) => Ok(Some(self.portion(&Start::After(last.id.clone()), portion.names.clone()).await?)),
            None => Ok(None),
        }
    }

    async fn portion(&self, start: &Start, mut names: Arc<Names>) -> Result<Portion> {
        let db = self.app.db.reader();
        let (records, more) = store::list::page(db, self.town, self.wanted, (Order::Day, false), start, CHUNK).await?;
        let units = unknown(records.iter().flat_map(Record::units), &names.units);
        if !units.is_empty() {
            Arc::make_mut(&mut names).units.extend(show::names(db, self.town, &units).await?);
        }
        let of = records.iter().filter_map(|record| record.facts.campaign_id.as_ref());
        let campaigns = unknown(of, &names.campaigns);
        if !campaigns.is_empty() {
            let found = campaigns::headers(db, self.town, &campaigns).await?;
            Arc::make_mut(&mut names).campaigns.extend(found.into_iter().map(|one| (one.id, one.title)));
        }
        Ok(Portion { records, more, names })
    }
}

/// Those of which the name is not known yet, each once.
fn unknown<'a, Id: Clone + Ord + std::hash::Hash + 'a>(
    ids: impl Iterator<Item = &'a Id>,
    known: &HashMap<Id, String>,
) -> Vec<Id> {
    ids.filter(|id| !known.contains_key(id)).collect::<BTreeSet<_>>().into_iter().cloned().collect()
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

    /// Records as rows.
    fn rows(&self, portion: &Portion, now: DateTime) -> Vec<Vec<Cell>> {
        let Names { units, campaigns } = &*portion.names;
        let row = |record: &Record| {
            let facts = &record.facts;
            let name = |id| units.get(id).cloned().unwrap_or_default();
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
                facts.campaign_id.as_ref().and_then(|id| campaigns.get(id)).cloned().into(),
                facts.text.as_str().into(),
                record.created_by_name.as_str().into(),
                record.reported_at.map(|at| words::moment(at, now)).into(),
                record.id.as_str().into(),
            ]);
            cells
        };
        portion.records.iter().map(row).collect()
    }
}
