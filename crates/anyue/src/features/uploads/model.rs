//! The tus protocol's headers, read and written. No SQL, no disk.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};
use sha2::Sha256;

use crate::features::duties::api::OccurrenceId;
use crate::id_type;
use crate::platform::error::{Error, Result};

id_type!(
    /// An upload.
    UploadId
);

crate::coded!(
    /// How an upload stands.
    UploadState {
        /// Bytes are still to come.
        Receiving = "receiving" "正在接收",
        /// The file is where it belongs.
        Complete = "complete" "已收到",
        /// It ended without a file.
        Ended = "ended" "已结束",
    }
);

/// What a file is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The draft of an occurrence.
    Occurrence(OccurrenceId),
    /// A record, by its id or by the key of its form.
    Record(String),
}

impl Target {
    /// From `Upload-Metadata`; `None` when it names nothing, or more than one thing.
    pub fn named(occurrence: &str, record: &str) -> Option<Self> {
        match (occurrence.is_empty(), record.is_empty()) {
            (false, true) => Some(Self::Occurrence(occurrence.into())),
            (true, false) => Some(Self::Record(record.to_owned())),
            _ => None,
        }
    }

    /// As stored: kind and id.
    pub fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Occurrence(id) => ("occurrence", id.as_str()),
            Self::Record(id) => ("record", id),
        }
    }

    /// From what is stored.
    pub fn of(kind: &str, id: String) -> Option<Self> {
        match kind {
            "occurrence" => Some(Self::Occurrence(OccurrenceId(id))),
            "record" => Some(Self::Record(id)),
            _ => None,
        }
    }
}

/// What the files of one unit and its uploads may take together: 64 GiB.
pub const UNIT_QUOTA: i64 = 64 * 1024 * 1024 * 1024;
/// So long an upload waits after its last byte, in milliseconds: 14 days.
pub const WAIT_MS: i64 = 14 * 24 * 3_600_000;
/// The protocol's version.
pub const VERSION: &str = "1.0.0";
/// The extensions that are there.
pub const EXTENSIONS: &str = "creation,creation-with-upload,checksum,termination,expiration";
/// Algorithms of `Upload-Checksum`.
pub const ALGORITHMS: &str = "sha1,sha256";
/// Media type of a piece.
pub const PIECE: &str = "application/offset+octet-stream";

/// A number in a header: digits and nothing else.
///
/// # Errors
/// A sentence naming the header.
pub fn number(headers: &HeaderMap, name: &'static str) -> Result<u64> {
    let text = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().ok_or_else(|| Error::Malformed(format!("请求头 {name} 应是一个数字。")))
}

/// What `Upload-Metadata` says: keys with values in base64.
///
/// # Errors
/// When a pair is not of the form the protocol wants, a key comes twice, or it is longer than 8 KiB.
pub fn metadata(text: &str) -> Result<Vec<(String, String)>> {
    let wrong = || Error::Malformed("请求头 Upload-Metadata 应是若干对键和 base64 的值，以逗号分开。".to_owned());
    if text.len() > 8_192 {
        return Err(wrong());
    }
    let mut pairs: Vec<(String, String)> = Vec::new();
    for pair in text.split(',').filter(|pair| !pair.trim().is_empty()) {
        let mut parts = pair.trim().splitn(2, ' ');
        let key = parts.next().unwrap_or_default().to_owned();
        let value = STANDARD.decode(parts.next().unwrap_or_default().trim()).map_err(|_| wrong())?;
        let value = String::from_utf8(value).map_err(|_| wrong())?;
        if key.is_empty() || !key.is_ascii() || pairs.iter().any(|(known, _)| *known == key) {
            return Err(wrong());
        }
        pairs.push((key, value));
    }
    Ok(pairs)
}

/// `Upload-Checksum`: what a piece must come to, and what has come so far.
pub enum Checksum {
    /// SHA-1, which every server of the protocol knows.
    Sha1(Sha1, Vec<u8>),
    /// SHA-256.
    Sha256(Sha256, Vec<u8>),
}

impl Checksum {
    /// From the header, when it is there.
    ///
    /// # Errors
    /// For an algorithm that is not offered, or a value that is no base64.
    pub fn parse(headers: &HeaderMap) -> Result<Option<Self>> {
        let Some(header) = headers.get("upload-checksum") else { return Ok(None) };
        let wrong = || Error::Malformed(format!("请求头 Upload-Checksum 应是 {ALGORITHMS} 之一，加一个 base64 的值。"));
        let (name, value) = header.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(wrong)?;
        let value = STANDARD.decode(value.trim()).map_err(|_| wrong())?;
        match name {
            "sha1" => Ok(Some(Self::Sha1(Sha1::new(), value))),
            "sha256" => Ok(Some(Self::Sha256(Sha256::new(), value))),
            _ => Err(wrong()),
        }
    }

    /// Takes a piece into account.
    pub fn update(&mut self, piece: &[u8]) {
        match self {
            Self::Sha1(hasher, _) => hasher.update(piece),
            Self::Sha256(hasher, _) => hasher.update(piece),
        }
    }

    /// Whether what came is what was announced.
    pub fn holds(self) -> bool {
        match self {
            Self::Sha1(hasher, wanted) => hasher.finalize().as_slice() == wanted,
            Self::Sha256(hasher, wanted) => hasher.finalize().as_slice() == wanted,
        }
    }
}

/// The version every answer carries.
pub fn answered() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("tus-resumable", HeaderValue::from_static(VERSION));
    headers
}

/// Adds a header; a value that cannot stand in one is left out.
pub fn with(headers: &mut HeaderMap, name: &'static str, value: impl ToString) {
    if let Ok(value) = HeaderValue::from_str(&value.to_string()) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// An instant as `Upload-Expires` wants it (RFC 9110 5.6.7): `Mon, 27 Jun 2022 00:30:00 GMT`.
pub fn http_date(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms)
        .map(|instant| instant.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn metadata_is_read_as_the_protocol_writes_it() {
        let pairs = metadata("filename 5Y+w6LSmLm1wNA==,is_confidential, occurrence b25l").unwrap();
        let expected = [("filename", "台账.mp4"), ("is_confidential", ""), ("occurrence", "one")];
        assert_eq!(pairs, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
        for wrong in ["a b c", "a !!", "a YQ==,a Yg==", "名 YQ=="] {
            assert!(metadata(wrong).is_err(), "{wrong}");
        }
        assert!(metadata("").unwrap().is_empty());
    }

    #[test]
    fn numbers_are_digits() {
        let with = |text: &'static str| {
            HeaderMap::from_iter([(HeaderName::from_static("upload-offset"), HeaderValue::from_static(text))])
        };
        assert_eq!(number(&with("94371840"), "upload-offset").unwrap(), 94_371_840);
        for wrong in ["", "-1", "+1", " 1", "1e3", "99999999999999999999"] {
            assert!(number(&with(wrong), "upload-offset").is_err(), "{wrong}");
        }
        assert!(number(&HeaderMap::new(), "upload-offset").is_err());
    }

    #[test]
    fn dates_are_those_of_http() {
        assert_eq!(http_date(1_656_289_800_000), "Mon, 27 Jun 2022 00:30:00 GMT");
    }

    proptest! {
        #[test]
        fn any_metadata_is_answered(text in "[ -~]{0,80}") {
            let _ = metadata(&text);
        }

        #[test]
        fn what_is_written_is_read_back(value in "\\PC{0,40}") {
            let text = format!("filename {}", STANDARD.encode(&value));
            prop_assert_eq!(metadata(&text).unwrap(), [("filename".to_owned(), value)]);
        }
    }
}
