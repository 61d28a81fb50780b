//! How long statistics take over 1,000,000 records of 300 units in five years, on the embedded database.
//!
//! `cargo run --release -p anyue --example statistics --features testing [RECORDS]` makes the records in a temporary
//! folder (a few minutes), asks for pages as a browser does, and prints times and memory.

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::time::{Duration, Instant};

use anyue::features::campaigns::api::{self as campaigns, ImportNotice, Publish, Source};
use anyue::features::records::api::{self as records, State, SumsOf};
use anyue::features::statistics::model::SpanFigures;
use anyue::features::units::api::{UnitKind, UnitRef};
use anyue::platform::auth::{self, Role};
use anyue::platform::db::{insert_rows, sql};
use anyue::testing::TestApp;
use axum::body::Body;
use axum::http::{Request, header};
use futures_util::StreamExt as _;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use sea_orm::Value;
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

    let of =
        SumsOf { from: date(2017, 7, 1), until: date(2022, 6, 30), states: vec![State::Accepted, State::Reported] };
    let (db, town) = (test.app.db.reader(), &test.town);
    let began = Instant::now();
    let sums = records::sums(db, town, &of).await.expect("sums");
    let co_hosts = records::joint(db, town, (of.from, of.until)).await.expect("joint records");
    let mut ids: Vec<_> = co_hosts.iter().map(|(record, _)| record.clone()).collect();
    ids.dedup();
    let joint = records::figures(db, town, &ids).await.expect("figures");
    let all = SpanFigures::new(&sums, &joint, &co_hosts, []);
    let figures = all.of(|_| true);
    println!(
        "{:<44}{:>9.2} s   ({} sums, {} joint records, {} empty)",
        "all figures of all units, five years",
        began.elapsed().as_secs_f64(),
        sums.len(),
        ids.len(),
        figures.is_empty()
    );

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

/// Writes records evenly over five years to the end of June 2022; every thirtieth is a joint one.
async fn fill(test: &TestApp, units: &[UnitRef], count: usize) {
    let (last, days) = (date(2022, 6, 30), 1826);
    for (portion, first) in (0..count).step_by(5000).enumerate() {
        let tx = test.app.db.begin(&test.town).await.expect("a transaction");
        let (mut rows, mut shown, mut figures): (Vec<Value>, Vec<Value>, Vec<Value>) = Default::default();
        for number in first..(first + 5000).min(count) {
            let day: Date = last.saturating_sub(((number % days) as i64).days());
            let day = day.to_string();
            let (kind, measures) = KINDS[number % KINDS.len()];
            let unit = &units[number * 7 % units.len()];
            let id = format!("record-{number:09}");
            let state = if number % 20 == 0 { "reported" } else { "accepted" };
            let facet = if kind == "five_in" { "home" } else { "" };
            let stated: Vec<(&str, i64)> = measures.iter().map(|code| (*code, (number % 97) as i64)).collect();
            let text = stated.iter().map(|(code, value)| format!("\"{code}\":{value}")).collect::<Vec<_>>().join(",");
            rows.extend::<[Value; 17]>([
                (&test.town).into(),
                id.as_str().into(),
                (&unit.id).into(),
                kind.into(),
                "按通知要求开展的活动".into(),
                state.into(),
                day.as_str().into(),
                "村委会院内".into(),
                "组织人员开展活动，发放资料，现场讲解，效果良好。".into(),
                format!("{{{text}}}").into(),
                facet.into(),
                format!("按通知要求开展的活动村委会院内{number}").into(),
                id.as_str().into(),
                "account".into(),
                "王二柱".into(),
                (1_655_080_200_000_i64 + number as i64).into(),
                (portion as i64).into(),
            ]);
            let mut hosts = vec![(unit, "host")];
            if number % 30 == 0 {
                hosts.push((&units[(number * 7 + 1) % units.len()], "co_host"));
            }
            for (unit, role) in hosts {
                shown.extend::<[Value; 5]>([
                    (&test.town).into(),
                    id.as_str().into(),
                    (&unit.id).into(),
                    role.into(),
                    day.as_str().into(),
                ]);
            }
            for (measure, amount) in stated.into_iter().chain([("count", 1)]) {
                figures.extend::<[Value; 9]>([
                    (&test.town).into(),
                    id.as_str().into(),
                    measure.into(),
                    day.as_str().into(),
                    (&unit.id).into(),
                    kind.into(),
                    facet.into(),
                    state.into(),
                    amount.into(),
                ]);
            }
        }
        let into = "records (jurisdiction_id, record_id, unit_id, kind, title, state, held_on, place, body, measures, target, \
             search_key, idempotency_key, created_by, created_by_name, created_at, seq, updated_at)";
        let mut whole = Vec::with_capacity(rows.len() / 17 * 18);
        for row in rows.chunks(17) {
            whole.extend_from_slice(row);
            whole.push(row[15].clone());
        }
        insert_rows(&*tx, into, 18, whole).await.expect("records");
        insert_rows(&*tx, "record_units (jurisdiction_id, record_id, unit_id, role, held_on)", 5, shown)
            .await
            .expect("units");
        let into = "record_values (jurisdiction_id, record_id, measure, held_on, unit_id, kind, facet, state, amount)";
        insert_rows(&*tx, into, 9, figures).await.expect("figures");
        tx.commit_unaudited("records of a bench").await.expect("a commit");
    }
    sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(test.app.db.reader()).await.ok();
}
