//! How long reading takes: the founding notice, and one of ten pages.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};

const FOUNDING: &str = include_str!("../fixtures/founding.txt");
const OTHERS: &[&str] = &[
    include_str!("../fixtures/baiyin-town-2023.txt"),
    include_str!("../fixtures/liuhe-street-2024.txt"),
    include_str!("../fixtures/qingyang-city-2016.txt"),
    include_str!("../fixtures/nanwan-town-2026.txt"),
    include_str!("../fixtures/yunqiling-mine-2025.txt"),
    include_str!("../fixtures/yundeng-sumu-2020.txt"),
    include_str!("../fixtures/songgang-edu-2018.txt"),
];

/// About 12,000 characters: the founding notice with the text of others behind it.
fn ten_pages() -> String {
    let mut text = FOUNDING.to_string();
    for other in OTHERS.iter().cycle() {
        if text.chars().count() >= 12_000 {
            break;
        }
        text.push('\n');
        text.push_str(other);
    }
    text
}

fn parse(c: &mut Criterion) {
    let long = ten_pages();
    c.bench_function("founding", |b| b.iter(|| notice::parse_text(black_box(FOUNDING))));
    c.bench_function("ten pages", |b| b.iter(|| notice::parse_text(black_box(&long))));
}

criterion_group!(benches, parse);
criterion_main!(benches);
