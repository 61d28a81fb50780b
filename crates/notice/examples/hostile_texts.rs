//! What the worst texts cost: time and peak memory of reading texts made to cost most, each in a process of its own.
//!
//! `cargo run --release -p notice --example hostile_texts` prints the ten slowest and the ten largest. Memory is the peak of
//! the process less what it held before reading (Linux).

#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[path = "../../../tools/measure/memory.rs"]
mod memory;
#[path = "../tests/support/pathological.rs"]
mod pathological;

use std::process::Command;
use std::time::Instant;

use memory::{forget_peak, peak_mb};

fn main() {
    if let Some(index) = std::env::args().nth(1) {
        let index: usize = index.parse().unwrap();
        let (name, lines) = pathological::all().swap_remove(index);
        forget_peak();
        let before = peak_mb();
        let begun = Instant::now();
        std::hint::black_box(notice::parse(&lines));
        println!(
            "{:.1}\t{:.1}\t{name}, {} lines",
            begun.elapsed().as_secs_f64() * 1e3,
            peak_mb() - before,
            lines.len()
        );
        return;
    }
    let this = std::env::current_exe().unwrap();
    let count = pathological::all().len();
    let mut measured: Vec<(f64, f64, String)> = (0..count)
        .map(|index| {
            let out = Command::new(&this).arg(index.to_string()).output().unwrap().stdout;
            let text = String::from_utf8(out).unwrap();
            let mut columns = text.trim_end().splitn(3, '\t');
            let mut number = || columns.next().unwrap().parse::<f64>().unwrap();
            let (ms, mb) = (number(), number());
            (ms, mb, columns.next().unwrap().to_owned())
        })
        .collect();
    for key in [|case: &(f64, f64, String)| case.0, |case: &(f64, f64, String)| case.1] {
        measured.sort_by(|a, b| key(b).total_cmp(&key(a)));
        for (ms, mb, name) in measured.iter().take(10) {
            println!("{ms:>7.0} ms {mb:>6.0} MB  {name}");
        }
        println!();
    }
}
