//! How long an archive takes, and how much memory.
//!
//! `cargo run --release -p anyue --example archive --features testing [GB]` makes evidence of so many gigabytes in a
//! temporary folder (photos of 2 MB, videos of 64 MB, half of the bytes each), has the archive made and checked, and
//! prints times beside a plain copy of the same bytes in the same run, and resident memory before and at most. The disk
//! must hold three times as much.

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyue::features::archive::api::check;
use anyue::features::records::api::{self as records, Facts, New};
use anyue::platform::auth::Actor;
use anyue::platform::blobs;
use anyue::testing::PublishedTown;
use axum::body::Bytes;

const PHOTO: usize = 2 << 20;
const VIDEO: usize = 64 << 20;
/// So many files has a record.
const FILES: usize = 10;

#[tokio::main]
async fn main() {
    let gigabytes: f64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(20.0);
    let bytes = (gigabytes * f64::from(1 << 30)) as usize;
    let town = PublishedTown::new().await;
    let began = Instant::now();
    let files = fill(&town, bytes).await;
    println!("{files} files, {gigabytes} GB of evidence, written in {:.0} s", began.elapsed().as_secs_f64());

    let data = town.test.app.config.data.folder.clone();
    let copied = time("plain copy", bytes, {
        let (from, to) = (data.join("files"), data.join("copy"));
        move || copy(&from, &to)
    })
    .await;
    std::fs::remove_file(data.join("copy")).expect("the copy");

    // The peak so far is that of the preparation: forgotten.
    std::fs::write("/proc/self/clear_refs", "5").expect("Linux");
    let idle = memory("VmRSS");
    let fields = [("scope", "all"), ("copies", "yes"), ("originals", "yes")];
    let path = format!("/campaigns/{}/archive", town.campaign);
    town.office.post(&path, &fields).await.assert_leads_to(&path);
    let began = Instant::now();
    town.test.work_off().await;
    let made = began.elapsed();
    told("archive", bytes, made);
    let peak = memory("VmHWM");
    println!("memory: {idle} MB idle, {peak} MB at most: {} MB more", peak - idle);
    println!("archive : plain copy = {:.2}", made.as_secs_f64() / copied.as_secs_f64());

    let archive = std::fs::read_dir(data.join("archives")).expect("archives").next().expect("one").expect("one").path();
    println!("archive of {} bytes", std::fs::metadata(&archive).expect("a file").len());
    std::fs::write("/proc/self/clear_refs", "5").expect("Linux");
    let idle = memory("VmRSS");
    let keys = town.test.app.keyring.public().expect("keys");
    let began = Instant::now();
    let checked =
        tokio::task::spawn_blocking(move || check(&archive, &keys)).await.expect("no panic").expect("genuine");
    told("check", bytes, began.elapsed());
    println!("{} files checked, {} MB more memory", checked.seal.count, memory("VmHWM") - idle);
}

/// Records with files that are all different; how many files.
async fn fill(town: &PublishedTown, bytes: usize) -> usize {
    let (test, liaison) = (&town.test, town.test.liaison_of(&town.village).await);
    let mut left = [(PHOTO, bytes / 2 / PHOTO), (VIDEO, bytes / 2 / VIDEO)];
    let (mut number, mut record) = (0_usize, String::new());
    while let Some((size, count)) = left.iter_mut().find(|(_, count)| *count > 0) {
        *count -= 1;
        if number.is_multiple_of(FILES) {
            record = report(town, &liaison.actor, number / FILES).await;
        }
        let size = *size;
        let (name, media_type) = match size {
            PHOTO => (format!("现场照片{number}.jpg"), "image/jpeg"),
            _ => (format!("现场录像{number}.mp4"), "video/mp4"),
        };
        let pieces = (0..size / (1 << 20)).map(move |piece| Ok::<_, std::io::Error>(megabyte(number * 64 + piece)));
        let stored =
            test.app.blobs.receive(&test.town, futures_util::stream::iter(pieces), u64::MAX).await.expect("room");
        let tx = test.app.db.begin(&test.town).await.expect("a transaction");
        let (account, now) = (&liaison.actor.account_id, test.app.now());
        blobs::link(&tx, &test.app.ids, &stored, &name, media_type, "record", &record, account, now)
            .await
            .expect("a file");
        tx.commit_unaudited("a file of a measurement").await.expect("a commit");
        number += 1;
    }
    number
}

async fn report(town: &PublishedTown, actor: &Actor, number: usize) -> String {
    let facts = Facts {
        title: format!("第{number}次应急演练"),
        campaign_id: Some(town.campaign.clone()),
        text: "组织群众转移，检查物资。".repeat(20),
        ..Facts::new("drill", town.test.app.clock.today())
    };
    let idempotency_key = town.test.app.ids.id();
    let new = New { unit_id: town.village.id.clone(), facts, idempotency_key, report: true, draft: None };
    records::create(&town.test.app, actor, new).await.expect("a record").to_string()
}

/// A megabyte unlike any other.
fn megabyte(seed: usize) -> Bytes {
    let mut state = seed as u64 | 1 << 40;
    let mut bytes = vec![0; 1 << 20];
    for word in bytes.chunks_exact_mut(8) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        word.copy_from_slice(&state.to_le_bytes());
    }
    bytes.into()
}

async fn time(what: &str, bytes: usize, work: impl FnOnce() + Send + 'static) -> Duration {
    let began = Instant::now();
    tokio::task::spawn_blocking(work).await.expect("no panic");
    told(what, bytes, began.elapsed());
    began.elapsed()
}

fn told(what: &str, bytes: usize, took: Duration) {
    let rate = bytes as f64 / f64::from(1 << 20) / took.as_secs_f64();
    println!("{what:<12} {:>7.1} s  {rate:>6.0} MB/s", took.as_secs_f64());
}

/// All files of a folder into one, in pieces of the same size, safe on the disk at the end.
fn copy(from: &Path, to: &Path) {
    let mut all: Vec<PathBuf> = vec![from.to_path_buf()];
    let mut target = File::create(to).expect("a file");
    let mut buffer = vec![0; 256 * 1024];
    while let Some(path) = all.pop() {
        if path.is_dir() {
            all.extend(std::fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path()));
            continue;
        }
        let mut source = File::open(path).expect("a file");
        loop {
            let read = source.read(&mut buffer).expect("readable");
            if read == 0 {
                break;
            }
            target.write_all(&buffer[..read]).expect("room");
        }
    }
    target.sync_all().expect("a disk");
}

/// A line of the process's status, in megabytes.
fn memory(line: &str) -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = status.lines().find_map(|text| text.strip_prefix(&format!("{line}:")));
    let kilobytes = found.and_then(|text| text.split_whitespace().next()?.parse::<i64>().ok());
    kilobytes.unwrap_or_default() / 1024
}
