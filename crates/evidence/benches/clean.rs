//! Clean copies of made pictures: `cargo bench -p evidence --bench clean`.

use criterion::{Criterion, criterion_group, criterion_main};
use evidence::clean;

#[path = "../tests/common/mod.rs"]
mod common;

fn pictures(c: &mut Criterion) {
    let (width, height) = (4000, 3000);
    let rgb = common::photo(width, height, 1);
    let mut group = c.benchmark_group("12 megapixels");
    group.sample_size(10);
    let jpeg = common::jpeg(&rgb, width, height, 90, false);
    group.bench_function("jpeg", |b| b.iter(|| clean(&jpeg)));
    let progressive = common::jpeg(&rgb, width, height, 90, true);
    group.bench_function("progressive jpeg", |b| b.iter(|| clean(&progressive)));
    let png = common::encoded(&rgb, width, height, image::ImageFormat::Png);
    group.bench_function("png", |b| b.iter(|| clean(&png)));
    group.finish();
}

criterion_group!(benches, pictures);
criterion_main!(benches);
