//! Time is an input. Everything that needs the present asks the [`Clock`] of the [`App`](crate::App).
//!
//! Instants are stored as milliseconds since 1970-01-01T00:00Z. Days and hours belong to the site's
//! time zone, Asia/Shanghai, and exist only at the edge: on pages, in documents and in deadlines.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

/// The present: the computer's, one that starts elsewhere and runs on, or one that stands still.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Source>);

#[derive(Debug)]
enum Source {
    System,
    Shifted { start_ms: AtomicI64, since: Instant },
    Fixed(AtomicI64),
}

impl Clock {
    /// The computer's own clock.
    pub fn system() -> Self {
        Self(Arc::new(Source::System))
    }

    /// A clock that shows `start` now and runs on at the usual pace (`--at`).
    pub fn starting_at(start: Timestamp) -> Self {
        Self(Arc::new(Source::Shifted { start_ms: AtomicI64::new(start.as_millisecond()), since: Instant::now() }))
    }

    /// A clock that stands still until [`Clock::set`]: for tests.
    pub fn fixed(at: Timestamp) -> Self {
        Self(Arc::new(Source::Fixed(AtomicI64::new(at.as_millisecond()))))
    }

    /// Moves a clock made by [`Clock::fixed`] or [`Clock::starting_at`]; has no effect on the computer's own.
    pub fn set(&self, at: Timestamp) {
        match &*self.0 {
            Source::System => {}
            Source::Shifted { start_ms, since } => {
                start_ms.store(at.as_millisecond() - elapsed_ms(since), Ordering::SeqCst);
            }
            Source::Fixed(ms) => ms.store(at.as_millisecond(), Ordering::SeqCst),
        }
    }

    /// Milliseconds since 1970-01-01T00:00Z.
    pub fn now_ms(&self) -> i64 {
        match &*self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place where the system's time enters")]
            Source::System => Timestamp::now().as_millisecond(),
            Source::Shifted { start_ms, since } => start_ms.load(Ordering::SeqCst) + elapsed_ms(since),
            Source::Fixed(ms) => ms.load(Ordering::SeqCst),
        }
    }

    /// Today in Asia/Shanghai.
    pub fn today(&self) -> Date {
        self.local_now().date()
    }

    /// Day and time in Asia/Shanghai.
    pub fn local_now(&self) -> DateTime {
        calendar::to_local(self.now_ms()).unwrap_or_default()
    }

    /// Whether the clock shows another time than the computer's: pages then say so.
    pub fn is_shifted(&self) -> bool {
        matches!(&*self.0, Source::Shifted { .. })
    }
}

fn elapsed_ms(since: &Instant) -> i64 {
    i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX)
}
