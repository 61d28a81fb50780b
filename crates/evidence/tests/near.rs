//! The index beside a plain comparison with everything.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use evidence::{Fingerprint, Index};
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    Insert(u16, u64),
    Remove(u16),
    Query(u64, u32),
}

/// Fingerprints around a few, so that there are neighbours.
fn fingerprint() -> impl Strategy<Value = u64> {
    let around = (0..4u64, proptest::collection::vec(0..64u32, 0..12));
    prop_oneof![
        any::<u64>(),
        around.prop_map(|(seed, flips)| {
            flips.into_iter().fold(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15), |bits, flip| bits ^ (1 << flip))
        }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..200u16, fingerprint()).prop_map(|(id, bits)| Step::Insert(id, bits)),
        2 => (0..200u16).prop_map(Step::Remove),
        2 => (fingerprint(), 0..=64u32).prop_map(|(bits, distance)| Step::Query(bits, distance)),
        2 => fingerprint().prop_map(|bits| Step::Query(bits, 8)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_index_finds_what_comparing_finds(steps in proptest::collection::vec(step(), 1..400)) {
        let mut index = Index::new();
        let mut plain = BTreeMap::new();
        for step in steps {
            match step {
                Step::Insert(id, bits) => {
                    let before = plain.insert(id, Fingerprint(bits));
                    prop_assert_eq!(index.insert(id, Fingerprint(bits)), before);
                }
                Step::Remove(id) => prop_assert_eq!(index.remove(id), plain.remove(&id)),
                Step::Query(bits, distance) => {
                    let mut wanted: Vec<(u32, u16)> = plain
                        .iter()
                        .map(|(id, other)| (other.distance(Fingerprint(bits)), *id))
                        .filter(|(apart, _)| *apart <= distance)
                        .collect();
                    wanted.sort_unstable();
                    let found: Vec<(u32, u16)> =
                        index.within(Fingerprint(bits), distance).iter().map(|n| (n.distance, n.id)).collect();
                    prop_assert_eq!(found, wanted);
                }
            }
            prop_assert_eq!(index.len(), plain.len());
        }
        for (id, fingerprint) in plain {
            prop_assert_eq!(index.get(id), Some(fingerprint));
        }
    }
}
