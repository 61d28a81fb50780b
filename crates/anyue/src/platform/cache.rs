//! Answers kept in memory, good while the town's data stands still.
//!
//! An entry remembers the town's write number ([`Db::data_version`](super::db::Db::data_version)) and the
//! minute it was made in: any write of the town, and every new minute (pages say "还有3天"), makes it stale.
//! So nothing has to be invalidated by hand, and nothing stale is ever shown. Whoever asks while an answer is
//! being made waits for it: a crowd at the turn of a minute costs one answer.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use tokio::sync::OnceCell;

use super::error::Result;
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
    entries: RwLock<HashMap<String, (Moment, Making<T>)>>,
    capacity: usize,
}

/// An answer, or the place where it will be.
type Making<T> = Arc<OnceCell<Arc<T>>>;

impl<T> Cache<T> {
    /// An empty store that forgets everything when it holds `capacity` answers.
    pub fn new(capacity: usize) -> Self {
        Self { entries: RwLock::new(HashMap::new()), capacity }
    }

    /// The answer for `key` at this very `moment`, made when it is not there. `moment` is read *before*: what
    /// is written while the answer is made makes it stale at once. A failure is not kept.
    pub async fn get_or_make<F>(&self, key: &str, moment: Moment, make: F) -> Result<Arc<T>>
    where
        F: AsyncFnOnce() -> Result<T>,
    {
        let making = self.making(key, moment);
        making.get_or_try_init(async || make().await.map(Arc::new)).await.cloned()
    }

    fn making(&self, key: &str, moment: Moment) -> Making<T> {
        let entries = self.entries.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, making)) = entries.get(key).filter(|(made, _)| *made == moment) {
            return Arc::clone(making);
        }
        drop(entries);
        let mut entries = self.entries.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, making)) = entries.get(key).filter(|(made, _)| *made == moment) {
            return Arc::clone(making);
        }
        if entries.len() >= self.capacity {
            entries.clear();
        }
        let making = Making::default();
        entries.insert(key.to_owned(), (moment, Arc::clone(&making)));
        making
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::platform::error::Error;

    fn moment(version: i64) -> Moment {
        Moment { jurisdiction: JurisdictionId::from("t"), version, minute: 1 }
    }

    #[tokio::test]
    async fn a_crowd_has_an_answer_made_once_for_each_moment() {
        let cache = Arc::new(Cache::new(8));
        let made = Arc::new(AtomicUsize::new(0));
        for version in [1, 2] {
            let crowd: Vec<_> = (0..20)
                .map(|_| {
                    let (cache, made) = (Arc::clone(&cache), Arc::clone(&made));
                    tokio::spawn(async move {
                        let make = async || {
                            tokio::task::yield_now().await;
                            Ok(made.fetch_add(1, Ordering::SeqCst))
                        };
                        *cache.get_or_make("board", moment(version), make).await.unwrap()
                    })
                })
                .collect();
            for one in crowd {
                assert_eq!(one.await.unwrap(), version as usize - 1);
            }
        }
        assert_eq!(made.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let cache = Cache::new(8);
        cache.get_or_make("board", moment(1), async || Err::<i32, _>(Error::NotFound)).await.unwrap_err();
        assert_eq!(*cache.get_or_make("board", moment(1), async || Ok(7)).await.unwrap(), 7);
    }
}
