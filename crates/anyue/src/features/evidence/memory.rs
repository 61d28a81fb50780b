//! How all photos of a town look, held in memory: read from the table once, kept up to date after that.

use std::collections::HashMap;

use ::evidence::near::NEAR;
use ::evidence::report::Place;
use ::evidence::{Fingerprint, Index};
use sea_orm::ConnectionTrait;
use tokio::sync::Mutex;

use super::model;
use super::store::{self, Looks};
use crate::platform::error::Result;
use crate::platform::ids::JurisdictionId;

/// What is remembered of all towns.
#[derive(Default)]
pub struct Memory(Mutex<HashMap<JurisdictionId, Town>>);

#[derive(Default)]
struct Town {
    index: Index<u32>,
    contents: Vec<String>,
    numbers: HashMap<String, u32>,
    places: Vec<(f64, f64)>,
}

impl Town {
    fn note(&mut self, looks: Looks) {
        if self.numbers.contains_key(&looks.sha256) {
            return;
        }
        let Ok(number) = u32::try_from(self.contents.len()) else { return };
        if let Some(fingerprint) = looks.fingerprint {
            self.index.insert(number, fingerprint);
        }
        self.places.extend(looks.place);
        self.numbers.insert(looks.sha256.clone(), number);
        self.contents.push(looks.sha256);
    }
}

impl Memory {
    /// Contents that look nearly the same, nearest first, each with the number of bits that differ; and the middle of
    /// the places where the town's photos were taken.
    pub async fn near(
        &self,
        db: &impl ConnectionTrait,
        town: &JurisdictionId,
        looks: &[Option<Fingerprint>],
    ) -> Result<(Vec<Vec<(String, u32)>>, Option<Place>)> {
        let mut towns = self.0.lock().await;
        let known = match towns.entry(town.clone()) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                let mut known = Town::default();
                store::looks(db, town).await?.into_iter().for_each(|looks| known.note(looks));
                entry.insert(known)
            }
        };
        let near = |fingerprint: &Option<Fingerprint>| -> Vec<(String, u32)> {
            let Some(fingerprint) = fingerprint else { return Vec::new() };
            known
                .index
                .within(*fingerprint, NEAR)
                .into_iter()
                .filter_map(|near| Some((known.contents.get(near.id as usize)?.clone(), near.distance)))
                .collect()
        };
        Ok((looks.iter().map(near).collect(), model::middle(&known.places)))
    }

    /// One more content; nothing is done for a town that nobody has asked about yet.
    pub async fn note(&self, town: &JurisdictionId, looks: Looks) {
        if let Some(known) = self.0.lock().await.get_mut(town) {
            known.note(looks);
        }
    }
}
