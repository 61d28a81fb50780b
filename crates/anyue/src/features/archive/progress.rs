//! How far the archives are that this process makes, for the page that waits for them.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::model::ArchiveId;
use crate::platform::ids::AccountId;

/// How far an archive is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Files that are in it.
    pub files: u64,
    /// Files there will be.
    pub of_files: u64,
    /// Bytes that are in it.
    pub bytes: u64,
    /// Bytes there will be.
    pub of_bytes: u64,
}

/// How far all of them are, nothing of an archive that waits for its turn; and who has begun to fetch which.
#[derive(Debug, Default)]
pub struct Progress {
    done: Mutex<HashMap<ArchiveId, Done>>,
    fetched: Mutex<HashSet<(ArchiveId, AccountId)>>,
}

/// So many beginnings of downloads are remembered.
const FETCHED: usize = 10_000;

impl Progress {
    fn all(&self) -> MutexGuard<'_, HashMap<ArchiveId, Done>> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a download begins: at the first byte, or anywhere by somebody who has not begun yet. What a download
    /// that broke goes on with is no beginning.
    pub(super) fn begins(&self, id: &ArchiveId, account: &AccountId, at: u64) -> bool {
        let mut fetched = self.fetched.lock().unwrap_or_else(PoisonError::into_inner);
        if fetched.len() >= FETCHED {
            fetched.clear();
        }
        fetched.insert((id.clone(), account.clone())) || at == 0
    }

    /// How far one is.
    pub(super) fn of(&self, id: &ArchiveId) -> Option<Done> {
        self.all().get(id).copied()
    }

    /// How much there will be.
    pub(super) fn expect(&self, id: &ArchiveId, files: u64, bytes: u64) {
        *self.all().entry(id.clone()).or_default() = Done { of_files: files, of_bytes: bytes, ..Done::default() };
    }

    /// More is in it.
    pub(super) fn add(&self, id: &ArchiveId, files: u64, bytes: u64) {
        if let Some(done) = self.all().get_mut(id) {
            done.files += files;
            done.bytes += bytes;
        }
    }

    /// It is no longer being made.
    pub(super) fn forget(&self, id: &ArchiveId) {
        self.all().remove(id);
    }
}
