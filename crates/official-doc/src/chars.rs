//! Bytes of plain text to characters, by validity, never with a replacement character of our making.

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use crate::{ReadError, text::Encoding};

/// Decodes a whole file. The byte order mark, if any, is not part of the text.
pub(crate) fn decode(bytes: &[u8]) -> Result<(Encoding, String), ReadError> {
    let (encoding, text) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (Encoding::Utf8Bom, utf8(rest)),
        [0xFF, 0xFE, rest @ ..] => (Encoding::Utf16Le, decoded(UTF_16LE, rest)),
        [0xFE, 0xFF, rest @ ..] => (Encoding::Utf16Be, decoded(UTF_16BE, rest)),
        _ => match utf8(bytes) {
            Some(text) => (Encoding::Utf8, Some(text)),
            None => (Encoding::Gb18030, decoded(GB18030, bytes)),
        },
    };
    let text = text.ok_or(ReadError::UnknownEncoding)?;
    if text.chars().any(is_foreign_to_text) {
        return Err(ReadError::Unknown);
    }
    Ok((encoding, text))
}

fn utf8(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

fn decoded(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> Option<String> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(|text| text.into_owned())
}

/// Control characters that only binary files have. DOS end-of-file and form feeds do occur in text.
pub(crate) fn is_foreign_to_text(c: char) -> bool {
    matches!(c, '\0'..='\x08' | '\x0E'..='\x19' | '\x1C'..='\x1F')
}
