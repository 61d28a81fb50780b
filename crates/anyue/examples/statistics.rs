//! How long statistics take over 1,000,000 records of 300 units in five years, on the embedded database.
//!
//! `cargo run --release -p anyue --example statistics --features testing [RECORDS]` makes the records in a temporary
//! folder, asks for pages as a browser does, and prints times and memory.

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::time::{Duration, Instant};

use anyue::features::campaigns::api::{self as campaigns, ImportNotice, Publish, Source};
use anyue::features::statistics::load;
use anyue::features::units::api::{UnitKind, UnitRef};
use anyue::platform::auth::{self, Role};
use anyue::platform::db::sql;
use anyue::testing::TestApp;
use axum::body::Body;
use axum::http::{Request, header};
use futures_util::StreamExt as _;
use jiff::civil::date;
use tower::ServiceExt as _;

const UNITS: usize = 300;
const KINDS: [(&str, &[&str]); 8] = [
    ("drill", &["participants"]),
    ("study", &["participants", "copies"]),
    ("hazard_check", &["participants", "units", "found", "fixed"]),
    ("inspection", &["units", "found", "fixed"]),
    ("five_in", &["participants", "households"]),
    ("posters", &["boards", "banners", "copies"]),
    ("lecture", &["participants"]),
    ("media", &["items", "videos"]),
];

#[tokio::main]
async fn main() {
    let count: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let test = TestApp::new().await;
    let mut units: Vec<UnitRef> = Vec::new();
    for number in 0..UNITS {
        let kind = [UnitKind::Village, UnitKind::Mine, UnitKind::Enterprise, UnitKind::School][number % 4];
        units.push(test.unit(&format!("第{number}单位"), kind).await);
    }
    let office = test.actor(Role::Office).await;
    let notice = include_str!("../src/features/campaigns/tests/founding.txt");
    let source = Source::File("founding.txt".to_owned(), notice.as_bytes().to_vec());
    let import = ImportNotice { unit_id: test.root.id.clone(), source, as_is: false };
    let campaign = campaigns::import(&test.app, &office.actor, import).await.expect("a campaign");
    let publish = Publish { campaign_id: campaign.clone(), version: None, note: String::new() };
    campaigns::publish(&test.app, &office.actor, publish).await.expect("a campaign");
    let began = Instant::now();
    fill(&test, &units, count).await;
    println!("{count} records of {UNITS} units in five years, written in {:.0} s", began.elapsed().as_secs_f64());

    let cookie = cookie(&test, &office.actor.account_id).await;
    test.set_clock("2022-06-29T08:30:00+08:00");
    let browser = Browser { test: &test, cookie };
    let week = format!("/statistics?campaign={campaign}&week=3");
    browser.time("week's form of the town, with 累计", &week).await;
    browser.time("the same, week only", &format!("{week}&span=week")).await;
    browser.time("form of one unit", &format!("{week}&unit={}", units[7].id)).await;
    browser.time("summary of 300 units", &format!("/statistics/summary?campaign={campaign}&week=3")).await;
    browser
        .time("records behind a number", &format!("/statistics/records?campaign={campaign}&week=3&slot=drill_p"))
        .await;
    browser.time("board of the campaign", &format!("/campaigns/{campaign}/board")).await;

    let began = Instant::now();
    let five_years = (date(2017, 7, 1), date(2022, 6, 30));
    let all = load::span_figures(&test.app, &test.town, five_years, &[]).await.expect("figures");
    assert!(!all.of(|_| true).is_empty());
    println!("{:<44}{:>9.2} s", "all figures of all units, five years", began.elapsed().as_secs_f64());

    let idle = memory("VmRSS");
    std::fs::write("/proc/self/clear_refs", "5").ok();
    let began = Instant::now();
    let (bytes, rows) = browser.download("/records/export/csv").await;
    println!(
        "{:<44}{:>9.1} s   {} MB, {rows} rows; {idle} MB resident before, {} MB at most",
        "export of all records as CSV",
        began.elapsed().as_secs_f64(),
        bytes >> 20,
        memory("VmHWM")
    );
}

struct Browser<'a> {
    test: &'a TestApp,
    cookie: String,
}

impl Browser<'_> {
    async fn ask(&self, path: &str) -> axum::response::Response {
        let request =
            Request::builder().uri(path).header(header::HOST, "anyue.test").header(header::COOKIE, &self.cookie);
        let response =
            self.test.router.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer");
        assert!(response.status().is_success(), "{path}: {}", response.status());
        response
    }

    /// The first answer, and the middle of nine more, each after a write of the town: nothing is remembered.
    async fn time(&self, what: &str, path: &str) {
        let mut times: Vec<Duration> = Vec::new();
        for _ in 0..10 {
            let tx = self.test.app.db.begin(&self.test.town).await.expect("a transaction");
            tx.commit_unaudited("what is remembered is stale").await.expect("a commit");
            let began = Instant::now();
            let response = self.ask(path).await;
            axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
            times.push(began.elapsed());
        }
        let first = times.remove(0);
        times.sort();
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        println!("{what:<44}{:>9.1} ms  (first {:.1} ms)", ms(times[times.len() / 2]), ms(first));
    }

    /// Reads a file as it comes, without keeping it: bytes and rows.
    async fn download(&self, path: &str) -> (u64, String) {
        let response = self.ask(path).await;
        let rows = response.headers().get("x-rows").and_then(|rows| rows.to_str().ok()).unwrap_or("?").to_owned();
        let mut stream = response.into_body().into_data_stream();
        let mut bytes = 0;
        while let Some(chunk) = stream.next().await {
            bytes += chunk.expect("a whole file").len() as u64;
        }
        (bytes, rows)
    }
}

async fn cookie(test: &TestApp, account: &anyue::platform::ids::AccountId) -> String {
    let tx = test.app.db.begin(&test.town).await.expect("a transaction");
    let session = auth::start_session(&tx, &test.app.ids, account, "测试", test.app.now()).await.expect("a session");
    tx.commit_unaudited("a session").await.expect("a commit");
    format!("anyue_session={}", session.secret.reveal())
}

/// Megabytes of this process.
fn memory(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(what)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or_default() / 1024
}

/// What the statements that make records share: numbers from $2 to before $3, units as the JSON list $4, kinds as
/// the JSON list $5, and of each record who held what on which day. Records were written as they were held, evenly
/// over five years to the end of June 2022; every thirtieth is a joint one.
const MADE: &str = "WITH RECURSIVE n (i) AS (SELECT $2 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $3), \
    u (no, id) AS (SELECT key, value FROM json_each($4)), \
    k (no, code, measures) AS (SELECT key, value ->> 0, value -> 1 FROM json_each($5)), \
    made AS (SELECT i, printf('record-%09d', i) AS id, date('2017-07-01', '+' || (i * 1826 / $6) || ' days') AS day, \
        host.id AS host, other.id AS other, k.code AS kind, k.measures, i % 97 AS amount, \
        CASE k.code WHEN 'five_in' THEN 'home' ELSE '' END AS facet, iif(i % 20 = 0, 'reported', 'accepted') AS state \
        FROM n JOIN u AS host ON host.no = i * 7 % 300 JOIN u AS other ON other.no = (i * 7 + 1) % 300 \
        JOIN k ON k.no = i % 8)";

const RECORDS: &str = "INSERT INTO records (jurisdiction_id, record_id, unit_id, kind, title, state, held_on, place, \
    body, measures, target, search_key, idempotency_key, created_by, created_by_name, created_at, updated_at, seq) ";
const RECORDS_MADE: &str = " SELECT $1, id, host, kind, '按通知要求开展的活动', state, day, '村委会院内', \
    '组织人员开展活动，发放资料，现场讲解，效果良好。', \
    (SELECT json_group_object(value, amount) FROM json_each(measures)), facet, '按通知要求开展的活动村委会院内' || i, \
    id, 'account', '王二柱', 1655080200000 + i, 1655080200000 + i, i / 5000 FROM made";

const SHOWN: &str = "INSERT INTO record_units (jurisdiction_id, record_id, unit_id, role, held_on) ";
const SHOWN_MADE: &str = " SELECT $1, id, host, 'host', day FROM made \
    UNION ALL SELECT $1, id, other, 'co_host', day FROM made WHERE i % 30 = 0";

const FIGURES: &str = "INSERT INTO record_values (jurisdiction_id, record_id, measure, held_on, unit_id, kind, facet, \
    state, amount) ";
const FIGURES_MADE: &str = " SELECT $1, made.id, m.value, day, host, kind, facet, state, \
    iif(m.value = 'count', 1, amount) FROM made, json_each(json_insert(measures, '$[#]', 'count')) AS m";

/// Writes the records.
async fn fill(test: &TestApp, units: &[UnitRef], count: usize) {
    let units: Vec<&str> = units.iter().map(|unit| unit.id.as_str()).collect();
    let (units, kinds) = (json(&units), json(&KINDS));
    for first in (0..count).step_by(20_000) {
        let tx = test.app.db.begin(&test.town).await.expect("a transaction");
        for (into, made) in [(RECORDS, RECORDS_MADE), (SHOWN, SHOWN_MADE), (FIGURES, FIGURES_MADE)] {
            sql(format!("{into}{MADE}{made}"))
                .bind(&test.town)
                .bind(first as i64)
                .bind((first + 20_000).min(count) as i64)
                .bind(units.as_str())
                .bind(kinds.as_str())
                .bind(count as i64)
                .execute(&*tx)
                .await
                .expect("records");
        }
        tx.commit_unaudited("records of a bench").await.expect("a commit");
    }
    sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(test.app.db.reader()).await.ok();
}

fn json(list: &impl serde::Serialize) -> String {
    serde_json::to_string(list).expect("a list")
}
