//! How long a town's first import takes: 2,000 units (or as many as the first argument says) as a workbook,
//! read, compared and stored in a fresh database on disk.
//!
//! ```sh
//! cargo run --release --example units_import --features testing
//! ```
#![expect(clippy::print_stdout, reason = "it prints what it measured")]

use std::time::Instant;

use anyue::features::units::api::{self, Import};
use anyue::features::units::import::rows::Column as Heading;
use anyue::testing::TestApp;
use official_doc::table::{Cell, Column, Sheet, write_xlsx};

#[tokio::main]
async fn main() {
    let units: usize = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(2_000);
    let workbook = workbook(units);
    let test = TestApp::new().await;
    let system = test.system();
    for attempt in ["first", "again"] {
        let begun = Instant::now();
        let table = api::read_table(&workbook, "单位.xlsx").expect("a table");
        let read = begun.elapsed();
        let cmd = Import { table: &table, top: &test.root.id, shown: None, draft: None };
        let outcome = api::import(&test.app, &system, cmd).await.map(|done| done.tally);
        println!("{attempt}: {units} units in {:?} (reading {read:?}): {outcome:?}", begun.elapsed());
    }
}

/// Villages, and below each twenty households of business, with every column filled in.
fn workbook(units: usize) -> Vec<u8> {
    let headings = Heading::ALL.iter().map(|heading| Column::text(heading.heading())).collect();
    let mut sheet = Sheet::new("单位", headings);
    for n in 0..units {
        let village = n / 20;
        let is_village = n % 20 == 0;
        let name =
            if is_village { format!("第{village}嘎查村") } else { format!("第{n}号矿业有限责任公司") };
        let cells = [
            if is_village { String::new() } else { format!("第{village}嘎查村") },
            name,
            if is_village { "嘎查村" } else { "企业" }.to_owned(),
            format!("91150526MA0N{n:06}"),
            if is_village { "" } else { "非煤矿山" }.to_owned(),
            "李桂兰".to_owned(),
            (n % 300).to_string(),
            format!("青龙山镇第{village}嘎查村南{n}号"),
            format!("第{village}嘎查村"),
            format!("0470-{:07}", 6_700_000 + n),
            "每周一例会".to_owned(),
            String::new(),
        ];
        sheet
            .rows
            .push(cells.into_iter().map(|cell| if cell.is_empty() { Cell::Empty } else { Cell::from(cell) }).collect());
    }
    write_xlsx(&[sheet], &[]).expect("a workbook")
}
