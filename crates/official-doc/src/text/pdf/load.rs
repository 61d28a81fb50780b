//! Opens a PDF within bounds.
//!
//! The cross-reference data of a file is not believed: lopdf looks for the objects themselves. That reads damaged
//! files too, the last revision of an object wins as it should, and a table that names one large object a hundred
//! thousand times costs nothing. Object streams are checked before lopdf unpacks them, for the same reason.

use std::cell::Cell;

use lopdf::{DecompressError, Document, Error, LoadOptions, Object, ObjectId, Stream};

use super::KIND;
use crate::{
    ReadError,
    limits::{MAX_INFLATED_BYTES, MAX_PDF_OBJECTS, MAX_PDF_STREAM_BYTES, MAX_PDF_TOKENS},
};

thread_local! {
    /// What the object streams of the document being opened on this thread may still hold. lopdf's filter is a
    /// plain function and can hold nothing itself. Set anew by every [`load`], never read outside it.
    static LEFT: Cell<Budget> = const { Cell::new(Budget { bytes: 0, objects: 0, tokens: 0 }) };
}

#[derive(Clone, Copy)]
struct Budget {
    bytes: usize,
    objects: usize,
    tokens: usize,
}

pub(super) fn load(bytes: &[u8]) -> Result<Document, ReadError> {
    let objects = bytes.windows(4).filter(|window| *window == b" obj").count();
    let tokens = MAX_PDF_TOKENS.checked_sub(tokens_outside_streams(bytes)).ok_or(ReadError::TooMuch(KIND))?;
    if objects > MAX_PDF_OBJECTS {
        return Err(ReadError::TooMuch(KIND));
    }
    LEFT.set(Budget {
        bytes: usize::try_from(MAX_INFLATED_BYTES).unwrap_or(usize::MAX),
        objects: MAX_PDF_OBJECTS,
        tokens,
    });
    let options = LoadOptions {
        filter: Some(unpack),
        max_decompressed_size: Some(MAX_PDF_STREAM_BYTES / 4),
        force_reconstruct: true,
        ..LoadOptions::default()
    };
    let document = Document::load_mem_with_options(bytes, options).map_err(|error| match error {
        Error::InvalidPassword | Error::Decryption(_) | Error::UnsupportedSecurityHandler(_) => {
            ReadError::Encrypted(Some(KIND))
        }
        Error::Decompress(DecompressError::MemoryLimitExceeded { .. }) => ReadError::Bomb(KIND),
        _ => ReadError::Broken(KIND),
    })?;
    if LEFT.get().bytes == 0 {
        return Err(ReadError::Bomb(KIND));
    }
    // lopdf takes away `/Encrypt` when it has opened the document without a password.
    if document.trailer.get(b"Encrypt").is_ok() && !document.was_encrypted() {
        return Err(ReadError::Encrypted(Some(KIND)));
    }
    if document.objects.len() > MAX_PDF_OBJECTS {
        return Err(ReadError::TooMuch(KIND));
    }
    if document.page_iter().next().is_some() { Ok(document) } else { Err(ReadError::Broken(KIND)) }
}

/// Unpacks object streams before lopdf does and forgets the pixels of pictures.
fn unpack(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    if let Object::Stream(stream) = object {
        if stream.dict.has_type(b"ObjStm") {
            let mut left = LEFT.get();
            if unpack_objects(stream, &mut left).is_none() {
                left.bytes = 0;
                stream.content = Vec::new();
            }
            LEFT.set(left);
        } else if stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Image") {
            stream.content = Vec::new();
        }
        // lopdf goes on with the stream it lent us; only what comes out of object streams is taken from here.
        return Some((id, Object::Null));
    }
    Some((id, object.clone()))
}

/// Takes an object stream from the budget. `None` if it is too large, or if its objects run into each other, so
/// that the same bytes would be read again and again.
fn unpack_objects(stream: &mut Stream, left: &mut Budget) -> Option<()> {
    let limit = left.bytes.min(MAX_PDF_STREAM_BYTES / 4);
    match stream.decompress_with_limit(limit) {
        Ok(()) => {}
        Err(Error::Decompress(DecompressError::MemoryLimitExceeded { .. })) => return None,
        Err(_) => return Some(()), // Damaged: lopdf passes over it.
    }
    left.bytes = left.bytes.checked_sub(stream.content.len() + 1)?;
    left.tokens = left.tokens.checked_sub(tokens(&stream.content))?;

    let first = usize::try_from(stream.dict.get(b"First").and_then(Object::as_i64).unwrap_or(0)).unwrap_or(0);
    let Some((header, body)) = stream.content.split_at_checked(first) else { return Some(()) };
    let header = String::from_utf8_lossy(header);
    let offsets = header.split_ascii_whitespace().skip(1).step_by(2).map(|offset| offset.parse::<usize>().unwrap_or(0));
    let mut depth = Depth::default();
    let mut rest = body.iter();
    let mut at = 0;
    for (index, offset) in offsets.enumerate() {
        left.objects = left.objects.checked_sub(1)?;
        let between = offset.checked_sub(at)?;
        rest.by_ref().take(between).for_each(|byte| depth.pass(*byte));
        if !depth.is_outside() || (between == 0 && index > 0) {
            return None;
        }
        at = offset;
    }
    Some(())
}

/// How deep in strings, arrays and dictionaries a byte stands.
#[derive(Default)]
struct Depth {
    strings: usize,
    others: usize,
    escaped: bool,
    comment: bool,
}

impl Depth {
    fn pass(&mut self, byte: u8) {
        if std::mem::take(&mut self.escaped) {
            return;
        }
        match byte {
            b'\r' | b'\n' => self.comment = false,
            _ if self.comment => {}
            b'\\' if self.strings > 0 => self.escaped = true,
            b'(' => self.strings += 1,
            b')' => self.strings = self.strings.saturating_sub(1),
            _ if self.strings > 0 => {}
            b'%' => self.comment = true,
            b'[' | b'<' => self.others += 1,
            b']' | b'>' => self.others = self.others.saturating_sub(1),
            _ => {}
        }
    }

    fn is_outside(&self) -> bool {
        self.strings == 0 && self.others == 0 && !self.comment
    }
}

/// The [`tokens`] of a file without the contents of its streams, which lopdf does not take apart.
///
/// Where an object or a trailer begins in the middle of something, nothing is left out: lopdf might begin there and
/// see no stream where this sees one.
fn tokens_outside_streams(bytes: &[u8]) -> usize {
    let mut depth = Depth::default();
    let (mut count, mut from, mut at) = (0, 0, 0);
    while let Some(byte) = bytes.get(at) {
        if !depth.is_outside() && begins(bytes, at) {
            return tokens(bytes);
        }
        if *byte == b's' && depth.is_outside() && bytes[at..].starts_with(b"stream") && follows_dictionary(bytes, at) {
            count += tokens(&bytes[from..at]);
            let rest = &bytes[at..];
            let length = rest.windows(9).position(|window| window == b"endstream").unwrap_or(rest.len());
            if (at..at + length).any(|inside| begins(bytes, inside)) {
                return tokens(bytes);
            }
            at += length + 9;
            from = at.min(bytes.len());
            continue;
        }
        depth.pass(*byte);
        at += 1;
    }
    count + tokens(&bytes[from..])
}

/// Whether lopdf may begin to read here.
fn begins(bytes: &[u8], at: usize) -> bool {
    match bytes[at] {
        b'o' => bytes[at..].starts_with(b"obj") && at > 0 && bytes[at - 1].is_ascii_whitespace(),
        b't' => bytes[at..].starts_with(b"trailer"),
        _ => false,
    }
}

fn follows_dictionary(bytes: &[u8], at: usize) -> bool {
    bytes[..at].trim_ascii_end().ends_with(b">>")
}

/// About as many objects as lopdf would make of these bytes: it takes some ninety bytes of memory for each.
fn tokens(bytes: &[u8]) -> usize {
    let mut count = 0;
    let mut inside = false;
    for byte in bytes {
        let space = matches!(byte, 0 | 9 | 10 | 12 | 13 | b' ' | b')' | b'>' | b']');
        let opener = matches!(byte, b'[' | b'(' | b'<' | b'/');
        count += usize::from(opener || (!space && !inside));
        inside = !space && !matches!(byte, b'[' | b'<');
    }
    count
}

#[cfg(test)]
mod tests {
    use lopdf::Dictionary;

    use super::*;

    fn accepted(first: i64, content: &str) -> bool {
        let mut dict = Dictionary::new();
        dict.set("First", first);
        let mut left = Budget { bytes: 1_000, objects: 3, tokens: 100 };
        unpack_objects(&mut Stream::new(dict, content.as_bytes().to_vec()), &mut left).is_some()
    }

    #[test]
    fn objects_of_an_object_stream_stand_one_after_the_other() {
        assert!(accepted(8, "1 0 2 5 [(])]\n<</A 1>>"));
        assert!(!accepted(8, "1 0 2 0 [1]  <</A 1>>"), "the same place twice");
        assert!(!accepted(8, "1 0 2 2 [ [ [ ] ] ]  "), "one inside the other");
        assert!(!accepted(8, "1 4 2 0 [1] [2] "), "backwards");
        assert!(!accepted(16, "1 0 2 2 3 4 4 6 1 2 3 4 5"), "too many");
    }

    #[test]
    fn what_stands_in_streams_does_not_count_unless_something_may_begin_there() {
        let count = |text: &str| tokens_outside_streams(text.as_bytes());
        let plain = count("1 0 obj<</A 1>>\nstream\nendstream endobj");
        let many = "1 ".repeat(100);
        assert_eq!(count(&format!("1 0 obj<</A 1>>\nstream\n{many}endstream endobj")), plain);
        for hidden in [
            format!("1 0 obj [(>>stream\n) {many}(endstream)] endobj"),
            format!("% 1 0 obj [(\n>>stream\n) {many}(endstream)] endobj"),
            format!("1 0 obj [(2 0 obj<<>>stream\n) {many}(endstream)] endobj"),
            format!("1 0 obj<<>>stream\n2 0 obj [{many}] endstream endobj"),
            format!("(trailer<<>>stream\n) {many} endstream"),
        ] {
            assert!(count(&hidden) > 100, "{hidden}");
        }
    }

    #[test]
    fn tokens_are_counted_as_objects() {
        assert_eq!(tokens(b"[1 2/A(b)<00>]<</B 3 0 R>>"), 13);
        assert_eq!(tokens(b""), 0);
    }
}
