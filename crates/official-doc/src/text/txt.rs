//! Plain text: the lines of the file as given.

use crate::{
    Kind, ReadError, TextDocument, chars,
    limits::{MAX_LINES, MAX_TEXT_CHARS},
    sniff,
    text::Format,
};

/// Longest file that can hold no more than [`MAX_TEXT_CHARS`]: no encoding here takes more than four bytes.
const MAX_BYTES: usize = MAX_TEXT_CHARS * 4 + 3;

pub(super) fn read(bytes: &[u8]) -> Result<TextDocument, ReadError> {
    if bytes.len() > MAX_BYTES {
        return Err(ReadError::TooMuch(Kind::Txt));
    }
    let (encoding, text) = chars::decode(bytes)?;
    sniff::refuse_markup(&text)?;
    let lines = lines(&text)?;
    if lines.iter().all(|line| line.trim().is_empty()) {
        return Err(ReadError::NoText(Kind::Txt));
    }
    Ok(TextDocument { format: Format::Txt(encoding), lines, warnings: Vec::new() })
}

/// Splits at line feeds and drops the carriage returns before them; a text without any line feed is split at
/// carriage returns. Nothing else is changed, so line numbers agree with an editor's.
pub(super) fn lines(text: &str) -> Result<Vec<String>, ReadError> {
    if text.len() > MAX_TEXT_CHARS && text.chars().count() > MAX_TEXT_CHARS {
        return Err(ReadError::TooMuch(Kind::Txt));
    }
    let end = if text.contains('\n') { '\n' } else { '\r' };
    let lines = text.strip_suffix(end).unwrap_or(text).split(end);
    let lines: Vec<String> = lines.map(|line| line.trim_end_matches('\r').to_owned()).take(MAX_LINES + 1).collect();
    if lines.len() > MAX_LINES { Err(ReadError::TooMuch(Kind::Txt)) } else { Ok(lines) }
}
