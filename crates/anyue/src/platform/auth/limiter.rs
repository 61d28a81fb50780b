//! Limits on attempts, in memory only: nothing about who tried is ever written down.

use std::collections::HashMap;
use std::sync::Mutex;

use sha2::{Digest, Sha256};

/// A key as it is kept: of one size, however long a text somebody sends.
type Key = [u8; 32];

fn kept(key: &str) -> Key {
    Sha256::digest(key.as_bytes()).into()
}

/// A token bucket for each key: `burst` at once, refilled at `per_minute`.
pub struct Limiter {
    burst: f64,
    per_ms: f64,
    buckets: Mutex<HashMap<Key, (f64, i64)>>,
}

impl Limiter {
    /// A limiter of `burst` attempts at once and `per_minute` after that.
    pub fn new(burst: u32, per_minute: u32) -> Self {
        Self { burst: f64::from(burst), per_ms: f64::from(per_minute) / 60_000.0, buckets: Mutex::default() }
    }

    /// Takes one attempt; false when there is none left.
    pub fn allow(&self, key: &str, now_ms: i64) -> bool {
        let mut buckets = self.buckets.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if buckets.len() > 50_000 {
            buckets.retain(|_, (left, at)| *left + (now_ms - *at) as f64 * self.per_ms < self.burst);
        }
        let (left, at) = buckets.entry(kept(key)).or_insert((self.burst, now_ms));
        *left = ((now_ms - *at).max(0) as f64).mul_add(self.per_ms, *left).min(self.burst);
        *at = now_ms;
        if *left < 1.0 {
            return false;
        }
        *left -= 1.0;
        true
    }
}

/// Wrong passwords in a row for accounts that do not exist. They are "locked" like real ones, so that a lock
/// does not tell which accounts there are.
#[derive(Default)]
pub struct WrongTries(Mutex<HashMap<Key, (i64, i64)>>);

impl WrongTries {
    /// Wrong tries before a lock.
    pub const LIMIT: i64 = 5;
    /// How long a lock lasts: 15 minutes.
    pub const LOCK_MS: i64 = 15 * 60_000;

    /// Until when this login is locked.
    pub fn locked_until(&self, login_key: &str, now_ms: i64) -> Option<i64> {
        let tries = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        tries.get(&kept(login_key)).map(|(_, until)| *until).filter(|until| *until > now_ms)
    }

    /// Notes a wrong try; the end of the lock when it was one too many.
    pub fn wrong(&self, login_key: &str, now_ms: i64) -> Option<i64> {
        let mut tries = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if tries.len() > 50_000 {
            tries.clear();
        }
        let (count, until) = tries.entry(kept(login_key)).or_default();
        *count += 1;
        if *count < Self::LIMIT {
            return None;
        }
        (*count, *until) = (0, now_ms + Self::LOCK_MS);
        Some(*until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifth_wrong_try_locks_for_a_quarter_of_an_hour() {
        let tries = WrongTries::default();
        assert!((0..4).all(|_| tries.wrong("nobody", 0).is_none()));
        assert_eq!(tries.wrong("nobody", 0), Some(WrongTries::LOCK_MS));
        assert_eq!(tries.locked_until("nobody", 1), Some(WrongTries::LOCK_MS));
        assert_eq!(tries.locked_until("nobody", WrongTries::LOCK_MS), None);
        assert!(tries.wrong("nobody", WrongTries::LOCK_MS).is_none());
    }

    #[test]
    fn a_burst_is_let_through_and_then_the_rate() {
        let limiter = Limiter::new(3, 60);
        assert!((0..3).all(|_| limiter.allow("a", 0)));
        assert!(!limiter.allow("a", 0));
        assert!(limiter.allow("b", 0));
        assert!(limiter.allow("a", 1_000));
        assert!(!limiter.allow("a", 1_100));
    }
}
