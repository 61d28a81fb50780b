//! Files on their way in, kept byte by byte until they are whole: the ground of resumable uploads.
//!
//! Bytes are written as they come and kept when the connection dies. Whoever comes back takes over: the one who
//! still writes, perhaps over a connection that is dead and does not know it, stops, and what it has written
//! stays. What counts as received has been given to the disk ([`SYNC_EVERY`] bytes at a time, and at the end of
//! every append): after a crash no byte is believed that may not be there.
//!
//! Invariants
//! * One writer a file. An append that does not begin where the file ends changes nothing.
//! * No file is ever held in memory.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use futures_util::{Stream, StreamExt as _};
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::sync::{Mutex as Turn, watch};

use super::error::{Error, Result};

/// After so many bytes what has come is given to the disk: 2 MiB, the most that a crash can cost.
const SYNC_EVERY: u64 = 2 * 1024 * 1024;

/// A writer that is asked to stop goes on no longer than this with what has reached the machine …
const LEAVE_WITHIN: Duration = Duration::from_millis(250);
/// … and stops when nothing comes for so long.
const NOTHING_MORE: Duration = Duration::from_millis(20);

/// The folder of files on their way in.
#[derive(Clone)]
pub struct Spool {
    folder: PathBuf,
    slots: Arc<Mutex<HashMap<String, Arc<Slot>>>>,
}

/// One file being received by this process.
struct Slot {
    /// Held by the writer: its value is the length of the file, once this process knows it.
    turn: Turn<Option<u64>>,
    /// Grows whenever somebody wants to take over.
    wanted: watch::Sender<u64>,
}

/// How an append ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// The sender finished; the file is so long now.
    Whole(u64),
    /// The connection broke, or somebody took over; what came is kept.
    Cut(u64),
    /// The append does not begin where the file ends, which is here. Nothing was written.
    Elsewhere(u64),
    /// More came than may; what fits is kept.
    TooMuch(u64),
}

impl Spool {
    /// A spool in this folder, which is made when the first file comes.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), slots: Arc::default() }
    }

    /// Where a file stands. `name` is one of ours, never a sender's.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn mark(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.at"))
    }

    /// Makes room for a file.
    pub async fn create(&self, name: &str) -> Result<()> {
        tokio::fs::create_dir_all(&self.folder).await?;
        tokio::fs::File::create_new(self.path(name)).await?;
        Ok(())
    }

    /// Forgets a file and all that has come of it.
    pub async fn remove(&self, name: &str) -> Result<()> {
        let slot = self.take_over(name);
        let _turn = slot.turn.lock().await;
        for path in [self.path(name), self.mark(name)] {
            match tokio::fs::remove_file(path).await {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        self.slots.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(name);
        Ok(())
    }

    /// How many bytes have been received. A writer still at work is stopped first.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such file.
    pub async fn received(&self, name: &str) -> Result<u64> {
        let slot = self.take_over(name);
        let mut known = slot.turn.lock().await;
        self.length(name, &mut known).await
    }

    /// Writes what comes from `at` on, up to `limit` bytes in all. `seen` is shown every piece before it is written.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn append<E>(
        &self,
        name: &str,
        at: u64,
        limit: u64,
        stream: impl Stream<Item = Result<Bytes, E>>,
        mut seen: impl FnMut(&[u8]),
    ) -> Result<Appended> {
        let slot = self.take_over(name);
        let mut known = slot.turn.lock().await;
        let mut wanted = slot.wanted.subscribe();
        wanted.mark_unchanged();
        let mut length = self.length(name, &mut known).await?;
        if length != at {
            return Ok(Appended::Elsewhere(length));
        }
        let mut file = tokio::fs::OpenOptions::new().write(true).open(self.path(name)).await?;
        file.set_len(length).await?;
        file.seek(std::io::SeekFrom::Start(length)).await?;
        let mut stream = std::pin::pin!(stream);
        let mut unsafe_bytes = 0;
        // Somebody wants to take over: what has reached this machine already is taken along, for a moment.
        let mut leaving = None;
        let cut = loop {
            let next = match &mut leaving {
                None => tokio::select! {
                    biased;
                    _ = wanted.changed() => {
                        leaving = Some(Box::pin(tokio::time::sleep(LEAVE_WITHIN)));
                        continue;
                    }
                    next = stream.next() => next,
                },
                Some(end) => tokio::select! {
                    biased;
                    () = end => break true,
                    next = tokio::time::timeout(NOTHING_MORE, stream.next()) => match next {
                        Ok(next) => next,
                        Err(_) => break true,
                    },
                },
            };
            let piece = match next {
                Some(Ok(piece)) => piece,
                Some(Err(_)) => break true,
                None => break false,
            };
            let room = usize::try_from(limit - length).unwrap_or(usize::MAX);
            let fits = &piece[..piece.len().min(room)];
            seen(fits);
            file.write_all(fits).await?;
            length += fits.len() as u64;
            unsafe_bytes += fits.len() as u64;
            if fits.len() < piece.len() {
                self.secure(name, &mut file, length, &mut known).await?;
                return Ok(Appended::TooMuch(length));
            }
            if unsafe_bytes >= SYNC_EVERY {
                self.secure(name, &mut file, length, &mut known).await?;
                unsafe_bytes = 0;
            }
        };
        self.secure(name, &mut file, length, &mut known).await?;
        Ok(if cut { Appended::Cut(length) } else { Appended::Whole(length) })
    }

    /// Takes back what came after `length`: a piece whose checksum was wrong.
    pub async fn shorten(&self, name: &str, length: u64) -> Result<()> {
        let slot = self.take_over(name);
        let mut known = slot.turn.lock().await;
        if self.length(name, &mut known).await? > length {
            let mut file = tokio::fs::OpenOptions::new().write(true).open(self.path(name)).await?;
            file.set_len(length).await?;
            self.secure(name, &mut file, length, &mut known).await?;
        }
        Ok(())
    }

    /// The file's slot; whoever writes it is asked to stop.
    fn take_over(&self, name: &str) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let slot = slots
            .entry(name.to_owned())
            .or_insert_with(|| Arc::new(Slot { turn: Turn::new(None), wanted: watch::Sender::new(0) }));
        slot.wanted.send_modify(|wanted| *wanted += 1);
        Arc::clone(slot)
    }

    async fn length(&self, name: &str, known: &mut Option<u64>) -> Result<u64> {
        if let Some(length) = known {
            return Ok(*length);
        }
        let present = match tokio::fs::metadata(self.path(name)).await {
            Ok(file) => file.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Error::NotFound),
            Err(error) => return Err(error.into()),
        };
        let marked = match tokio::fs::read_to_string(self.mark(name)).await {
            Ok(text) => text.trim().parse().unwrap_or(0),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error.into()),
        };
        Ok(*known.insert(present.min(marked)))
    }

    /// Gives what has come to the disk and notes how much it is.
    async fn secure(&self, name: &str, file: &mut tokio::fs::File, length: u64, known: &mut Option<u64>) -> Result<()> {
        file.flush().await?;
        file.sync_data().await?;
        tokio::fs::write(self.mark(name), length.to_string()).await?;
        *known = Some(length);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::stream;

    use super::*;

    fn spool() -> (Spool, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        (Spool::new(folder.path()), folder)
    }

    fn pieces(texts: &[&str]) -> impl Stream<Item = Result<Bytes, Infallible>> {
        stream::iter(texts.iter().map(|text| Ok(Bytes::copy_from_slice(text.as_bytes()))).collect::<Vec<_>>())
    }

    async fn put(spool: &Spool, at: u64, texts: &[&str]) -> Appended {
        spool.append("a", at, 10, pieces(texts), |_| {}).await.unwrap()
    }

    #[tokio::test]
    async fn an_append_begins_where_the_file_ends_and_stops_at_its_size() {
        let (spool, _folder) = spool();
        assert!(matches!(spool.received("a").await, Err(Error::NotFound)));
        spool.create("a").await.unwrap();
        assert_eq!(put(&spool, 0, &["012", "345"]).await, Appended::Whole(6));
        assert_eq!(put(&spool, 3, &["x"]).await, Appended::Elsewhere(6));
        assert_eq!(put(&spool, 6, &["6789", "xx"]).await, Appended::TooMuch(10));
        assert_eq!(std::fs::read_to_string(spool.path("a")).unwrap(), "0123456789");
        spool.shorten("a", 4).await.unwrap();
        assert_eq!(spool.received("a").await.unwrap(), 4);
        spool.remove("a").await.unwrap();
        assert!(matches!(spool.received("a").await, Err(Error::NotFound)));
    }

    #[tokio::test]
    async fn a_broken_connection_keeps_what_came() {
        let (spool, _folder) = spool();
        spool.create("a").await.unwrap();
        let broken = stream::iter([Ok(Bytes::from_static(b"0123")), Err("reset")]);
        assert_eq!(spool.append("a", 0, 10, broken, |_| {}).await.unwrap(), Appended::Cut(4));
        assert_eq!(spool.received("a").await.unwrap(), 4);
    }

    #[tokio::test]
    async fn a_resume_does_not_wait_for_a_dead_connection() {
        let (spool, _folder) = spool();
        spool.create("a").await.unwrap();
        let dead = spool.clone();
        let hanging = tokio::spawn(async move {
            let first = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"0123"))]);
            dead.append("a", 0, 10, first.chain(stream::pending()), |_| {}).await.unwrap()
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        let received = tokio::time::timeout(Duration::from_secs(2), spool.received("a")).await.expect("soon").unwrap();
        assert_eq!(received, 4);
        assert_eq!(hanging.await.unwrap(), Appended::Cut(4));
        assert_eq!(put(&spool, 4, &["456789"]).await, Appended::Whole(10));
    }

    #[tokio::test]
    async fn whoever_takes_over_is_given_what_had_reached_the_machine() {
        let (spool, _folder) = spool();
        spool.create("a").await.unwrap();
        // Nothing is read before somebody wants to take over; then six bytes are there, and the connection is dead.
        let (begin, begun) = tokio::sync::oneshot::channel::<()>();
        let first = stream::once(async {
            let _ = begun.await;
            Ok::<_, Infallible>(Bytes::from_static(b"0123"))
        });
        let rest = stream::iter([Ok(Bytes::from_static(b"45"))]).chain(stream::pending());
        let dead = spool.clone();
        let hanging = tokio::spawn(async move { dead.append("a", 0, 10, first.chain(rest), |_| {}).await.unwrap() });
        tokio::time::sleep(Duration::from_millis(50)).await;
        let asking = spool.clone();
        let received = tokio::spawn(async move { asking.received("a").await.unwrap() });
        tokio::task::yield_now().await;
        begin.send(()).unwrap();
        assert_eq!(received.await.unwrap(), 6);
        assert_eq!(hanging.await.unwrap(), Appended::Cut(6));
    }

    #[tokio::test]
    async fn a_sender_that_never_pauses_is_stopped_all_the_same() {
        let (spool, _folder) = spool();
        spool.create("a").await.unwrap();
        let busy = spool.clone();
        let sending = tokio::spawn(async move {
            let endless = stream::unfold((), |()| async {
                tokio::time::sleep(Duration::from_millis(2)).await;
                Some((Ok::<_, Infallible>(Bytes::from_static(b"x")), ()))
            });
            busy.append("a", 0, u64::MAX, endless, |_| {}).await.unwrap()
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        let received = tokio::time::timeout(Duration::from_secs(5), spool.received("a")).await.expect("soon").unwrap();
        assert_eq!(sending.await.unwrap(), Appended::Cut(received));
    }

    #[tokio::test]
    async fn after_a_crash_only_what_was_given_to_the_disk_counts() {
        let (spool, folder) = spool();
        spool.create("a").await.unwrap();
        put(&spool, 0, &["0123"]).await;
        // Bytes that were on their way when the machine stopped.
        std::fs::write(spool.path("a"), "0123??").unwrap();
        let later = Spool::new(folder.path());
        assert_eq!(later.received("a").await.unwrap(), 4);
        assert_eq!(put(&later, 4, &["456789"]).await, Appended::Whole(10));
        assert_eq!(std::fs::read_to_string(later.path("a")).unwrap(), "0123456789");
    }
}
