//! Writing the zip: file after file, nothing compressed, nothing held in memory but the list.
//!
//! Sizes and sums stand in the header of each file, so that the header is written again once its file is in; a second
//! thread hashes what is finished meanwhile, so that the sum of the whole costs no second reading afterwards.

use std::fs::File;
use std::io::{self, Read as _, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use jiff::civil::DateTime;
use seal::ManifestEntry;
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::platform::error::{Error, Result};

/// So many bytes are moved at once.
const PIECE: usize = 256 * 1024;
/// From here on a file needs the long form of sizes (zip64); well below 4 GiB.
const LARGE: u64 = 0xf000_0000;

/// An archive being written.
pub struct Writer {
    zip: ZipWriter<Watched>,
    follower: Follower,
    options: SimpleFileOptions,
    entries: Vec<ManifestEntry>,
}

/// An archive that was written.
#[derive(Debug)]
pub struct Written {
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// What a failing disk says, in words where the person can do something about it.
fn disk(error: impl Into<io::Error>) -> Error {
    let error = error.into();
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Error::refused("服务器的磁盘空间不够，没有生成。请系统管理员腾出空间，或者缩小范围分几次生成。")
        }
        _ => Error::internal(format!("writing an archive: {error}")),
    }
}

fn in_zip(error: zip::result::ZipError) -> Error {
    match error {
        zip::result::ZipError::Io(error) => disk(error),
        other => Error::internal(format!("writing an archive: {other}")),
    }
}

impl Writer {
    /// Begins an archive in this file; what was there is lost. All files in it carry this time.
    pub fn create(path: &Path, at: DateTime) -> Result<Self> {
        let file = File::create(path).map_err(disk)?;
        let part = |number: i8| u8::try_from(number).unwrap_or_default();
        let time = zip::DateTime::from_date_and_time(
            u16::try_from(at.year()).unwrap_or_default(),
            part(at.month()),
            part(at.day()),
            part(at.hour()),
            part(at.minute()),
            part(at.second()),
        );
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(time.unwrap_or_default());
        Ok(Self {
            zip: ZipWriter::new(Watched { file, at: 0, end: 0 }),
            follower: Follower::of(path)?,
            options,
            entries: Vec::new(),
        })
    }

    /// Files that are in it, in order.
    pub fn entries(&self) -> &[ManifestEntry] {
        &self.entries
    }

    fn begin(&mut self, path: &str, size: u64) -> Result<()> {
        // With the next header the one before is final, and so is all up to the end of its file.
        let finished = self.zip.get_ref().map_or(0, |file| file.end);
        self.zip.start_file(path, self.options.large_file(size >= LARGE)).map_err(in_zip)?;
        self.follower.up_to(finished);
        Ok(())
    }

    /// Adds a small file.
    pub fn add(&mut self, path: String, bytes: &[u8]) -> Result<()> {
        self.begin(&path, bytes.len() as u64)?;
        self.zip.write_all(bytes).map_err(disk)?;
        let sha256 = hex::encode(Sha256::digest(bytes));
        self.entries.push(ManifestEntry { path, size: bytes.len() as u64, sha256 });
        Ok(())
    }

    /// Adds a file of this machine, whose content has this SHA-256; false when it has another. `seen` is told how many
    /// bytes have passed.
    pub fn add_file(&mut self, path: String, from: &Path, sha256: &str, mut seen: impl FnMut(u64)) -> Result<bool> {
        let mut source = File::open(from)?;
        let announced = source.metadata()?.len();
        self.begin(&path, announced)?;
        let (mut hasher, mut size, mut buffer) = (Sha256::new(), 0, vec![0; PIECE]);
        loop {
            let read = source.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            hasher.update(&buffer[..read]);
            self.zip.write_all(&buffer[..read]).map_err(disk)?;
            size += read as u64;
            seen(read as u64);
        }
        let is_same = hex::encode(hasher.finalize()) == sha256 && size == announced;
        self.entries.push(ManifestEntry { path, size, sha256: sha256.to_owned() });
        Ok(is_same)
    }

    /// Ends the archive: everything is on the disk afterwards.
    pub fn finish(self) -> Result<Written> {
        let watched = self.zip.finish().map_err(in_zip)?;
        watched.file.sync_all().map_err(disk)?;
        let size = watched.file.metadata()?.len();
        let sha256 = self.follower.finish(size)?;
        Ok(Written { size, sha256 })
    }
}

/// A file that knows how far it has been written.
struct Watched {
    file: File,
    at: u64,
    end: u64,
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.at += written as u64;
        self.end = self.end.max(self.at);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Watched {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

/// Hashes a growing file as far as it is final, on a thread of its own.
struct Follower {
    finished: Sender<u64>,
    thread: JoinHandle<io::Result<String>>,
}

impl Follower {
    fn of(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(disk)?;
        let (finished, waiting) = channel();
        let thread = std::thread::Builder::new().name("archive-hash".to_owned());
        let thread = thread.spawn(move || follow(file, &waiting)).map_err(disk)?;
        Ok(Self { finished, thread })
    }

    fn up_to(&self, end: u64) {
        // A thread that has ended has its reason, which is told at the end.
        let _ = self.finished.send(end);
    }

    fn finish(self, end: u64) -> Result<String> {
        let _ = self.finished.send(end);
        drop(self.finished);
        self.thread.join().map_err(|_| Error::internal("hashing an archive panicked"))?.map_err(disk)
    }
}

fn follow(mut file: File, waiting: &Receiver<u64>) -> io::Result<String> {
    let (mut hasher, mut at, mut buffer) = (Sha256::new(), 0, vec![0; PIECE]);
    for end in waiting {
        while at < end {
            let most = usize::try_from(end - at).unwrap_or(PIECE).min(PIECE);
            let read = file.read(&mut buffer[..most])?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            hasher.update(&buffer[..read]);
            at += read as u64;
        }
    }
    Ok(hex::encode(hasher.finalize()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_was_written_is_there_and_the_sum_is_that_of_the_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.zip");
        let source = folder.path().join("source");
        std::fs::write(&source, vec![7; 700_000]).unwrap();
        let sha256 = hex::encode(Sha256::digest(vec![7; 700_000]));
        let mut writer = Writer::create(&path, date(2022, 6, 13).at(8, 30, 0, 0)).unwrap();
        writer.add("说明.txt".to_owned(), b"words").unwrap();
        let mut seen = 0;
        assert!(writer.add_file("照片/一.jpg".to_owned(), &source, &sha256, |bytes| seen += bytes).unwrap());
        assert!(!writer.add_file("照片/二.jpg".to_owned(), &source, &"0".repeat(64), |_| {}).unwrap());
        assert_eq!((writer.entries().len(), seen), (3, 700_000));
        let written = writer.finish().unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(written.size, bytes.len() as u64);
        assert_eq!(written.sha256, hex::encode(Sha256::digest(&bytes)));
        let mut zip = zip::ZipArchive::new(File::open(&path).unwrap()).unwrap();
        let mut text = String::new();
        zip.by_name("说明.txt").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "words");
        let mut photo = Vec::new();
        zip.by_name("照片/一.jpg").unwrap().read_to_end(&mut photo).unwrap();
        assert_eq!(photo, vec![7; 700_000]);
    }
}
