//! Files that go out in parts (RFC 9110, 14): a player asks for what it shows, a broken download goes on where it broke.
//!
//! ```ignore
//! let part = match Part::asked(&headers, size, Some(&tag)) {
//!     Ok(part) => part,
//!     Err(beyond) => return Ok(beyond),
//! };
//! part.begin().header(…).body(bytes of part.range)
//! ```

use std::ops::Range;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// The part of a file that is sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// Which bytes.
    pub range: Range<u64>,
    size: u64,
    is_part: bool,
}

impl Part {
    /// What was asked for of a file of this size. With a tag, `If-Range` counts: a part of another file is not sent.
    ///
    /// # Errors
    /// The answer, for bytes beyond the end.
    #[expect(clippy::result_large_err, reason = "it is the answer, once a request")]
    pub fn asked(headers: &HeaderMap, size: u64, tag: Option<&str>) -> Result<Self, Response> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let is_same = text(header::IF_RANGE).is_none_or(|wanted| tag == Some(wanted));
        match text(header::RANGE).filter(|_| is_same).map(|range| read(range, size)) {
            None | Some(Asked::Whole) => Ok(Self { range: 0..size, size, is_part: false }),
            Some(Asked::Part(range)) => Ok(Self { range, size, is_part: true }),
            Some(Asked::Beyond) => {
                let all = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
                Err((StatusCode::RANGE_NOT_SATISFIABLE, all).into_response())
            }
        }
    }

    /// An answer with the status and the headers of this part.
    pub fn begin(&self) -> axum::http::response::Builder {
        let answer = Response::builder()
            .status(if self.is_part { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK })
            .header(header::ACCEPT_RANGES, "bytes")
            .header(header::CONTENT_LENGTH, self.range.end - self.range.start);
        if !self.is_part {
            return answer;
        }
        let words = format!("bytes {}-{}/{}", self.range.start, self.range.end.saturating_sub(1), self.size);
        answer.header(header::CONTENT_RANGE, words)
    }
}

/// What a `Range` header asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// All of it: no range, several ranges, or one that cannot be read.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// Bytes that are not there.
    Beyond,
}

/// Reads `bytes=0-499`, `bytes=500-`, `bytes=-500` (RFC 9110, 14.1.2).
fn read(text: &str, size: u64) -> Asked {
    let Some((first, last)) = text.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Asked::Whole;
    };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    match (number(first), number(last)) {
        (Some(first), _) if first >= size => Asked::Beyond,
        (Some(first), Some(last)) if last >= first => Asked::Part(first..last.saturating_add(1).min(size)),
        (Some(first), None) if last.trim().is_empty() => Asked::Part(first..size),
        (None, Some(count)) if first.trim().is_empty() && count > 0 && size > 0 => {
            Asked::Part(size.saturating_sub(count)..size)
        }
        (None, Some(_)) if first.trim().is_empty() => Asked::Beyond,
        _ => Asked::Whole,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_range_is_read_as_the_protocol_writes_it() {
        let cases = [
            ("bytes=0-499", Asked::Part(0..500)),
            ("bytes=500-", Asked::Part(500..1000)),
            ("bytes=-200", Asked::Part(800..1000)),
            ("bytes=-2000", Asked::Part(0..1000)),
            ("bytes=900-5000", Asked::Part(900..1000)),
            ("bytes=1000-", Asked::Beyond),
            ("bytes=-0", Asked::Beyond),
            ("bytes=5-2", Asked::Whole),
            ("bytes=0-1,5-6", Asked::Whole),
            ("lines=1-2", Asked::Whole),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text, 1000), expected, "{text}");
        }
    }

    #[test]
    fn a_part_is_sent_of_the_same_file_only() {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, "bytes=5-".parse().unwrap());
        let part = |headers: &HeaderMap| Part::asked(headers, 10, Some("\"a\"")).unwrap();
        assert_eq!((part(&headers).range, part(&headers).is_part), (5..10, true));
        headers.insert(header::IF_RANGE, "\"a\"".parse().unwrap());
        assert!(part(&headers).is_part);
        headers.insert(header::IF_RANGE, "\"b\"".parse().unwrap());
        assert_eq!((part(&headers).range, part(&headers).is_part), (0..10, false));
        headers.remove(header::IF_RANGE);
        headers.insert(header::RANGE, "bytes=10-".parse().unwrap());
        assert_eq!(Part::asked(&headers, 10, None).unwrap_err().status(), StatusCode::RANGE_NOT_SATISFIABLE);
    }

    proptest! {
        #[test]
        fn no_range_leads_out_of_the_file(text in "bytes=[0-9]{0,20}-[0-9]{0,20}", size in 0_u64..2_000) {
            if let Asked::Part(range) = read(&text, size) {
                prop_assert!(range.start < range.end && range.end <= size);
            }
        }
    }
}
