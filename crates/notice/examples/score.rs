//! Scores the compiler against a folder of `NAME.txt` with `NAME.expected.json`.
//!
//! `cargo run -p notice --example score -- DIR [-q]` prints the score of each file and each fault; `-q` the scores
//! only; `--json FILE` prints what the compiler says about one file.

#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used)]

#[path = "../tests/support/score.rs"]
mod score;

use std::path::Path;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().is_some_and(|a| a == "--json") {
        let text = std::fs::read_to_string(&args[1]).unwrap();
        println!("{}", serde_json::to_string_pretty(&notice::parse_text(&text)).unwrap());
        return;
    }
    let dir = args.iter().find(|a| !a.starts_with('-')).map_or("crates/notice/fixtures", String::as_str);
    let quiet = args.iter().any(|a| a == "-q");
    let notes = args.iter().any(|a| a == "-n");
    let mut names: Vec<_> = std::fs::read_dir(Path::new(dir))
        .unwrap()
        .filter_map(|e| e.ok()?.file_name().into_string().ok())
        .filter_map(|n| n.strip_suffix(".expected.json").map(str::to_string))
        .collect();
    names.sort();
    let mut sum = 0.0;
    for name in &names {
        let text = std::fs::read_to_string(Path::new(dir).join(format!("{name}.txt"))).unwrap();
        let expected = std::fs::read_to_string(Path::new(dir).join(format!("{name}.expected.json"))).unwrap();
        let expected: serde_json::Value = match serde_json::from_str(&expected) {
            Ok(v) => v,
            Err(e) => {
                eprintln!("{name}: {e}");
                continue;
            }
        };
        let got = serde_json::to_value(notice::parse_text(&text)).unwrap();
        let s = score::score(&expected, &got);
        sum += s.value();
        println!("{:.4}  {name}  ({:.2} - {:.2}) / {:.2}", s.value(), s.earned, s.cost, s.attainable);
        if !quiet {
            for f in &s.faults {
                println!("        {f}");
            }
            if notes {
                for f in &s.notes {
                    println!("        note     {f}");
                }
            }
        }
    }
    println!("{:.4}  mean of {}", sum / names.len().max(1) as f64, names.len());
}
