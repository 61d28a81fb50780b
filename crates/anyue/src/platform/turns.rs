//! One at a time: whoever works on the same thing waits for the one before.
//!
//! For requests that take several transactions and must not be mixed with their own double (a button pressed
//! twice). One process serves an installation, so that a lock in memory is enough.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

use tokio::sync::{Mutex, MutexGuard};

/// Locks by name; names may share one.
pub struct Turns(Vec<Mutex<()>>);

impl Default for Turns {
    fn default() -> Self {
        Self((0..64).map(|_| Mutex::default()).collect())
    }
}

impl Turns {
    /// Waits until nobody else works on the thing of this name; the turn ends when the guard is dropped.
    pub async fn take(&self, name: &str) -> MutexGuard<'_, ()> {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        let place = (hasher.finish() % self.0.len() as u64) as usize;
        self.0[place].lock().await
    }
}
