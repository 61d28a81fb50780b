//! Fingerprints of all pictures of all years, and which of them are near a new one.
//!
//! Nothing is approximate: each query compares with every fingerprint, a million in about a millisecond (`cargo bench -p
//! evidence --bench near`), which keeps the index two arrays and a map.

use std::collections::HashMap;
use std::hash::Hash;

use crate::Fingerprint;

/// The distance up to which pictures are shown to a person as perhaps the same.
pub const NEAR: u32 = 8;

/// An index of fingerprints by id. An id has one fingerprint.
#[derive(Debug, Clone)]
pub struct Index<Id> {
    fingerprints: Vec<u64>,
    ids: Vec<Id>,
    places: HashMap<Id, usize>,
}

/// A neighbour of a fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Neighbour<Id> {
    /// What it was inserted as.
    pub id: Id,
    /// The number of bits that differ.
    pub distance: u32,
}

impl<Id> Default for Index<Id> {
    fn default() -> Self {
        Self { fingerprints: Vec::new(), ids: Vec::new(), places: HashMap::new() }
    }
}

impl<Id: Copy + Eq + Hash + Ord> Index<Id> {
    /// An empty index.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of ids.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Adds an id, or gives it another fingerprint. Answers the one it had.
    pub fn insert(&mut self, id: Id, fingerprint: Fingerprint) -> Option<Fingerprint> {
        if let Some(place) = self.places.get(&id) {
            return Some(Fingerprint(std::mem::replace(&mut self.fingerprints[*place], fingerprint.0)));
        }
        self.places.insert(id, self.ids.len());
        self.ids.push(id);
        self.fingerprints.push(fingerprint.0);
        None
    }

    /// Takes an id out. Answers the fingerprint it had.
    pub fn remove(&mut self, id: Id) -> Option<Fingerprint> {
        let place = self.places.remove(&id)?;
        self.ids.swap_remove(place);
        let fingerprint = self.fingerprints.swap_remove(place);
        if let Some(moved) = self.ids.get(place) {
            self.places.insert(*moved, place);
        }
        Some(Fingerprint(fingerprint))
    }

    /// The fingerprint of an id.
    pub fn get(&self, id: Id) -> Option<Fingerprint> {
        self.places.get(&id).map(|place| Fingerprint(self.fingerprints[*place]))
    }

    /// All ids within `distance` bits, nearest first, equal ones by id.
    pub fn within(&self, fingerprint: Fingerprint, distance: u32) -> Vec<Neighbour<Id>> {
        // Many at a time without a branch, so that the compiler can do several in one instruction.
        const TOGETHER: usize = 64;
        let mut found = Vec::new();
        for (part, chunk) in self.fingerprints.chunks(TOGETHER).enumerate() {
            let nearest = chunk.iter().map(|other| (other ^ fingerprint.0).count_ones()).min();
            if nearest.is_none_or(|nearest| nearest > distance) {
                continue;
            }
            for (i, other) in chunk.iter().enumerate() {
                let apart = (other ^ fingerprint.0).count_ones();
                if apart <= distance {
                    found.push(Neighbour { id: self.ids[part * TOGETHER + i], distance: apart });
                }
            }
        }
        found.sort_unstable_by_key(|neighbour| (neighbour.distance, neighbour.id));
        found
    }
}

impl<Id: Copy + Eq + Hash + Ord> FromIterator<(Id, Fingerprint)> for Index<Id> {
    fn from_iter<T: IntoIterator<Item = (Id, Fingerprint)>>(pairs: T) -> Self {
        let mut index = Self::new();
        for (id, fingerprint) in pairs {
            index.insert(id, fingerprint);
        }
        index
    }
}
