//! A file for saving that is made whole before it is offered: whoever gets it gets all of it, and a failure is an
//! error page and no file. It is written to a file without a name, so that nothing is left of one that failed.

use std::io::{BufWriter, Seek as _, Write as _};
use std::path::Path;

use axum::body::Body;
use axum::http::HeaderValue;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncReadExt as _;

use super::error::{Error, Result};
use super::web;

/// A file being made.
pub struct Whole {
    file: BufWriter<std::fs::File>,
    hasher: Sha256,
    bytes: u64,
    rows: u64,
}

impl Whole {
    /// An empty file in a folder of ours.
    pub fn new(folder: &Path) -> Result<Self> {
        let file = BufWriter::with_capacity(256 * 1024, tempfile::tempfile_in(folder)?);
        Ok(Self { file, hasher: Sha256::new(), bytes: 0, rows: 0 })
    }

    /// Adds bytes that hold so many rows.
    pub fn add(&mut self, bytes: &[u8], rows: usize) -> Result<()> {
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
        self.rows += rows as u64;
        Ok(self.file.write_all(bytes)?)
    }

    /// Offers it, with its length, its SHA-256 (RFC 9530) and the number of its rows.
    pub fn offer(self, name: &str, media_type: &str) -> Result<Response> {
        let Self { file, hasher, bytes, rows } = self;
        let mut file = file.into_inner().map_err(Error::internal)?;
        file.rewind()?;
        let file = tokio::fs::File::from_std(file);
        let stream = futures_util::stream::try_unfold(file, |mut file| async move {
            let mut buffer = vec![0; 64 * 1024];
            let read = file.read(&mut buffer).await?;
            buffer.truncate(read);
            Ok::<_, std::io::Error>((read > 0).then_some((buffer, file)))
        });
        let mut response = web::attachment(name, media_type, Body::from_stream(stream));
        let digest = format!("sha-256=:{}:", STANDARD.encode(hasher.finalize()));
        for (name, value) in
            [("content-length", bytes.to_string()), ("repr-digest", digest), ("x-rows", rows.to_string())]
        {
            response.headers_mut().insert(name, HeaderValue::from_str(&value).map_err(Error::internal)?);
        }
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_added_comes_whole_with_its_length_rows_and_sum() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = Whole::new(folder.path()).unwrap();
        let line = "东沟村,1\r\n".repeat(20_000);
        file.add("单位,场次\r\n".as_bytes(), 0).unwrap();
        file.add(line.as_bytes(), 20_000).unwrap();
        let response = file.offer("统计.csv", "text/csv").unwrap();
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        let (length, rows, digest) = (header("content-length"), header("x-rows"), header("repr-digest"));
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        assert_eq!((length, rows.as_str()), (bytes.len().to_string(), "20000"));
        assert_eq!(digest, format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(&bytes))));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_that_was_not_finished_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = Whole::new(folder.path()).unwrap();
        file.add(b"half", 1).unwrap();
        drop(file);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
