//! A query over a million fingerprints: `cargo bench -p evidence --bench near`.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use evidence::{Fingerprint, Index};

fn million(c: &mut Criterion) {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        Fingerprint(state)
    };
    let index: Index<u32> = (0..1_000_000).map(|id| (id, next())).collect();
    let query = next();
    c.bench_function("within 8 of 64 bits, 1,000,000 fingerprints", |b| {
        b.iter(|| index.within(black_box(query), 8));
    });
}

criterion_group!(benches, million);
criterion_main!(benches);
