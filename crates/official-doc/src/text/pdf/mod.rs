//! PDF with a text layer: printed lines, page by page.
//!
//! `lopdf` finds and unpacks the objects; what the text operators place is worked out here, because Chinese
//! offices' PDFs name fonts and encodings (GBK-EUC-H, UniGB-UCS2-H) that general extractors do not know.
//! `content` reads operators, `interpret` follows them, `font` turns codes into characters.
//!
//! Bounds: every stream against [`MAX_PDF_STREAM_BYTES`], all together against a budget, objects, pages and
//! operations by number. A panic of the parser is caught and means a broken file.

mod content;
mod font;
mod interpret;
mod load;

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Document, Object};

use self::interpret::Interpreter;
use super::layout;
use crate::{
    Kind, ReadError, TextDocument,
    limits::{MAX_PAGES, MAX_PDF_STREAM_BYTES},
    text::{Format, Lines, ReadWarning},
};

const KIND: Kind = Kind::Pdf;

pub(super) fn read(bytes: &[u8]) -> Result<TextDocument, ReadError> {
    catch_unwind(AssertUnwindSafe(|| read_document(bytes))).unwrap_or(Err(ReadError::Broken(KIND)))
}

fn read_document(bytes: &[u8]) -> Result<TextDocument, ReadError> {
    let document = load::load(bytes)?;
    let mut lines = Lines::new(KIND);
    let mut interpreter = Interpreter::new(&document);
    let mut pages_without_text = Vec::new();
    for (index, page) in document.page_iter().enumerate() {
        if index >= MAX_PAGES {
            return Err(ReadError::TooMuch(KIND));
        }
        let printed = interpreter.page(page)?;
        let page_lines = layout::lines(printed.glyphs);
        if page_lines.is_empty() && printed.has_picture {
            pages_without_text.push(index + 1);
        }
        page_lines.into_iter().try_for_each(|line| lines.push(line))?;
    }
    let Some(lines) = lines.finish() else {
        return Err(if pages_without_text.is_empty() { ReadError::NoText(KIND) } else { ReadError::Scanned(KIND) });
    };
    if interpreter.unreadable * 2 > interpreter.chars {
        return Err(ReadError::Unmapped(KIND));
    }
    let mut warnings = Vec::new();
    if !pages_without_text.is_empty() {
        warnings.push(ReadWarning::PagesWithoutText(pages_without_text));
    }
    if interpreter.unreadable > 0 {
        warnings.push(ReadWarning::UnreadableCharacters(interpreter.unreadable));
    }
    Ok(TextDocument { format: Format::Pdf, lines, warnings })
}

/// Follows references to the object meant.
fn resolved<'a>(document: &'a Document, object: &'a Object) -> Option<&'a Object> {
    document.dereference(object).ok().map(|(_, object)| object)
}

/// A number, whole or not.
fn number(object: &Object) -> Option<f32> {
    object.as_float().ok().filter(|number| number.is_finite())
}
