//! Uploads over connections that break: 1,000 small ones and one of 2 GB, through sockets, into the real program. Prints
//! what was sent and how long it took; ends with an error when a byte is lost, a file is there twice, or more than 1.05
//! times the size was sent.
//!
//! ```sh
//! cargo build --release && cargo run --release --example uploads_broken --features testing -- target/release/anyue
//! ```
//! More arguments: number of small files, megabytes of the large one.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "it prints what it measured, and a failure ends it")]

#[path = "../tests/wire/mod.rs"]
mod wire;

use std::path::PathBuf;
use std::time::Instant;

use anyue::features::records::api::{self as records, Facts, New};
use anyue::testing::PublishedTown;
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Numbers that are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let program = PathBuf::from(arguments.next().expect("the program to try"));
    let mut number = |otherwise| arguments.next().and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (small, large) = (number(1_000), number(2_048) << 20);
    let town = PublishedTown::new().await;
    let (test, liaison) = (&town.test, town.test.liaison_of(&town.village).await);
    let running = wire::Program::start(&program, &test.app.config.data.folder, "2022-06-13T09:00:00+08:00");

    let mut dice = Dice(42);
    let mut expected = Vec::new();
    let begun = Instant::now();
    let (mut sent, mut size, mut breaks) = (0, 0, 0);
    let mut record = String::new();
    for n in 0..small + 1 {
        if n % 30 == 0 || n == small {
            let new = New {
                unit_id: town.village.id.clone(),
                facts: Facts::new("drill", test.app.clock.today()),
                idempotency_key: test.app.ids.id(),
                report: false,
                draft: None,
            };
            record = records::create(&test.app, &liaison.actor, new).await.unwrap().to_string();
        }
        if n == small {
            println!(
                "{small} small: {size} bytes, {sent} sent ({:.4}), {breaks} connections broken, {:.1} s",
                sent as f64 / size as f64,
                begun.elapsed().as_secs_f64()
            );
            assert!((sent as f64) < 1.05 * size as f64);
            (sent, size, breaks) = (0, 0, 0);
        }
        let length = if n == small { large } else { 20_000 + dice.below(180_000) };
        let mut content = vec![0_u8; length];
        for chunk in content.chunks_mut(8) {
            chunk.copy_from_slice(&(dice.below(usize::MAX) as u64).to_le_bytes()[..chunk.len()]);
        }
        let name = format!("{n}.bin");
        let metadata = format!("filename {},record {}", STANDARD.encode(&name), STANDARD.encode(&record));
        let announced = length.to_string();
        let headers =
            [("tus-resumable", "1.0.0"), ("upload-length", announced.as_str()), ("upload-metadata", &metadata)];
        let created = liaison.send_raw("POST", "/api/v1/uploads", &headers, Body::empty()).await;
        let url = created.assert_status(201).location().to_owned();
        let at_once = if n == small { 64 << 20 } else { length };
        let mut at = 0;
        while at < length {
            // Half of the connections of a large file break, and every third small file meets one that does.
            let rest = (length - at).min(at_once + at_once / 2);
            let breaks_off =
                if n == small { rest == length - at && at == 0 || dice.below(2) == 0 } else { at == 0 && n % 3 == 0 };
            let part = if breaks_off || rest < length - at { dice.below(rest).max(1) } else { length - at };
            sent += part;
            match wire::patch(running.at, &url, at, &content[at..], part) {
                Some(answer) if answer.status == 204 => at = length,
                // Sent from where the file no longer ends: something that was on its way has arrived meanwhile.
                answer => {
                    assert!(answer.is_none_or(|answer| answer.status == 409));
                    breaks += 1;
                    // Nobody notices a break and is back in less than this.
                    std::thread::sleep(std::time::Duration::from_millis(30));
                    at = wire::offset(running.at, &url).expect("the upload is known");
                }
            }
        }
        size += length;
        expected.push((record.clone(), name, hash(&content)));
    }
    println!(
        "one large: {size} bytes, {sent} sent ({:.4}), {breaks} connections broken, {:.1} s in all",
        sent as f64 / size as f64,
        begun.elapsed().as_secs_f64()
    );
    assert!((sent as f64) < 1.05 * size as f64);

    let mut found = Vec::new();
    let mut owners: Vec<&String> = expected.iter().map(|(record, ..)| record).collect();
    owners.dedup();
    for record in owners {
        for file in records::files_of(test.app.db.reader(), &test.town, &record.as_str().into()).await.unwrap() {
            found.push((record.clone(), file.name, file.sha256));
        }
    }
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "nothing lost, nothing twice");
    println!(
        "{} files, each once and as it was sent; the program had {} MB at most",
        found.len(),
        running.peak() >> 20
    );
}

fn hash(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(bytes))
}
