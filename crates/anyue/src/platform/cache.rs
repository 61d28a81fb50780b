//! Answers kept in memory, good while the town's data stands still.
//!
//! An entry remembers the town's write number ([`Db::data_version`](super::db::Db::data_version)) and the
//! minute it was made in: any write of the town, and every new minute (pages say "还有3天"), makes it stale.
//! So nothing has to be invalidated by hand, and nothing stale is ever shown.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use super::ids::JurisdictionId;

/// When an answer was made: the town, its write number, the minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The town.
    pub jurisdiction: JurisdictionId,
    /// The town's write number.
    pub version: i64,
    /// Minutes since 1970.
    pub minute: i64,
}

/// A bounded store of answers of one type.
pub struct Cache<T> {
    entries: RwLock<HashMap<String, (Moment, Arc<T>)>>,
    capacity: usize,
}

impl<T> Cache<T> {
    /// An empty store that forgets everything when it holds `capacity` answers.
    pub fn new(capacity: usize) -> Self {
        Self { entries: RwLock::new(HashMap::new()), capacity }
    }

    /// The answer for `key`, when it was made at this very `moment`.
    pub fn get(&self, key: &str, moment: &Moment) -> Option<Arc<T>> {
        let entries = self.entries.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        entries.get(key).filter(|(made, _)| made == moment).map(|(_, value)| Arc::clone(value))
    }

    /// Keeps an answer. `moment` is the one read *before* the answer was computed.
    pub fn put(&self, key: String, moment: Moment, value: Arc<T>) {
        let mut entries = self.entries.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if entries.len() >= self.capacity {
            entries.clear();
        }
        entries.insert(key, (moment, value));
    }
}
