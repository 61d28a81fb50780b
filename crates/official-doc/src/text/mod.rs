//! Documents to text.

mod docx;
mod layout;
mod ofd;
mod pdf;
mod txt;

use crate::{
    Kind, ReadError,
    limits::{MAX_LINES, MAX_TEXT_CHARS},
    sniff::{self, DocumentKind},
};

/// The text of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextDocument {
    /// What it was read from.
    pub format: Format,
    /// For txt the lines of the file as given, blank ones included, so that numbers agree with an editor.
    /// For docx one paragraph or table row a line; for ofd and pdf one printed line a line.
    pub lines: Vec<String>,
    /// What the reader could not take over, to be shown beside the text.
    pub warnings: Vec<ReadWarning>,
}

/// Where a text came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text file.
    Txt(Encoding),
    /// Word document.
    Docx,
    /// OFD document.
    Ofd,
    /// PDF with a text layer.
    Pdf,
    /// Typed or pasted into a form.
    Pasted,
}

/// The encoding of a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8 without a byte order mark (and plain ASCII).
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8Bom,
    /// UTF-16, low byte first, with a byte order mark.
    Utf16Le,
    /// UTF-16, high byte first, with a byte order mark.
    Utf16Be,
    /// GB18030, and so GBK and GB2312.
    Gb18030,
}

/// Something that is in the file but not in the lines.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReadWarning {
    /// Pages (numbered from 1) that are pictures without text.
    PagesWithoutText(Vec<usize>),
    /// So many characters had no meaning and stand as □, or were lost before the file came to us and stand as
    /// U+FFFD.
    UnreadableCharacters(usize),
}

impl std::fmt::Display for ReadWarning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::PagesWithoutText(pages) => {
                let pages: Vec<String> = pages.iter().map(ToString::to_string).collect();
                write!(f, "第 {} 页是图片，没有可读取的文字，请对照原件。", pages.join("、"))
            }
            Self::UnreadableCharacters(count) => {
                write!(f, "有 {count} 个字读不出来，显示为“□”或“\u{FFFD}”，请对照原件。")
            }
        }
    }
}

impl TextDocument {
    /// Text typed or pasted by a person. Lines are kept as they are.
    pub fn pasted(text: &str) -> Result<Self, ReadError> {
        let lines = txt::lines(text)?;
        Ok(Self { format: Format::Pasted, lines, warnings: Vec::new() })
    }

    /// All lines, joined with line feeds.
    pub fn text(&self) -> String {
        self.lines.join("\n")
    }
}

/// Reads a document of any format we know, by its content. The file name is a hint where content cannot tell.
pub fn read(bytes: &[u8], file_name: Option<&str>) -> Result<TextDocument, ReadError> {
    let mut document = match sniff::document(bytes, file_name)? {
        DocumentKind::Docx => docx::read(bytes),
        DocumentKind::Ofd => ofd::read(bytes),
        DocumentKind::Pdf => pdf::read(bytes),
        DocumentKind::Text => txt::read(bytes),
    }?;
    let lost = document.lines.iter().map(|line| line.matches('\u{FFFD}').count()).sum();
    if lost > 0 {
        document.warnings.push(ReadWarning::UnreadableCharacters(lost));
    }
    Ok(document)
}

/// Three bytes a character: what Chinese takes.
const MAX_BYTES: usize = MAX_TEXT_CHARS * 3;

/// Gathers lines and keeps them within [`limits`](crate::limits).
struct Lines {
    kind: Kind,
    lines: Vec<String>,
    bytes: usize,
    /// Text read but not yet in a line.
    taken: usize,
}

impl Lines {
    fn new(kind: Kind) -> Self {
        Self { kind, lines: Vec::new(), bytes: 0, taken: 0 }
    }

    fn push(&mut self, line: String) -> Result<(), ReadError> {
        self.bytes += line.len();
        if self.lines.len() >= MAX_LINES || self.bytes > MAX_BYTES {
            return Err(ReadError::TooMuch(self.kind));
        }
        self.lines.push(line);
        Ok(())
    }

    /// Counts text that will be in a line later on, so that it cannot pile up before it is.
    fn take(&mut self, bytes: usize) -> Result<(), ReadError> {
        self.taken += bytes;
        if self.taken > MAX_BYTES { Err(ReadError::TooMuch(self.kind)) } else { Ok(()) }
    }

    /// The lines, without blank ones at the end; nothing if all are blank.
    fn finish(mut self) -> Option<Vec<String>> {
        let last = self.lines.iter().rposition(|line| !line.trim().is_empty())?;
        self.lines.truncate(last + 1);
        Some(self.lines)
    }
}
