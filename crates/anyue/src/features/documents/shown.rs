//! The text of a document as pages show it.

use super::markup::{self, Piece, Span};
use super::model::Content;

/// A part of a document on a page.
#[derive(Clone, Debug)]
pub enum ShownPiece {
    /// A heading of this level.
    Heading(u8, Vec<Span>),
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A table: its head, its rows.
    Table(Vec<Vec<Span>>, Vec<Vec<Vec<Span>>>),
    /// A picture: file and caption.
    Picture(String, String),
    /// A new page.
    NewPage,
    /// An annex: its number (empty when there is only one), its title.
    Annex(String, String),
}

/// Parts of a document for a page; addresses come from their list.
pub fn pieces(content: &Content) -> Vec<ShownPiece> {
    let read = read(content);
    let annexes = read.iter().filter(|piece| matches!(piece, Piece::Annex { .. })).count();
    let mut no = 0;
    read.iter()
        .map(|piece| match piece {
            Piece::Heading(level, spans) => ShownPiece::Heading(*level, spans.clone()),
            Piece::Paragraph(spans) => ShownPiece::Paragraph(spans.clone()),
            Piece::Table(rows) => {
                let mut rows = rows.clone();
                let head = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
                ShownPiece::Table(head, rows)
            }
            Piece::Picture { file, caption } => ShownPiece::Picture(file.clone(), caption.clone()),
            Piece::NewPage => ShownPiece::NewPage,
            Piece::Annex { title, .. } => {
                no += 1;
                let number = if annexes > 1 { no.to_string() } else { String::new() };
                ShownPiece::Annex(number, title.clone())
            }
        })
        .collect()
}

/// The text read, with addresses in the place of their numbers.
fn read(content: &Content) -> Vec<Piece> {
    let mut read = markup::read(&content.body);
    let put = |spans: &mut Vec<Span>| {
        for span in spans.iter_mut().filter(|span| !span.link.is_empty()) {
            if let Ok(no) = span.link.parse::<usize>() {
                span.link = no.checked_sub(1).and_then(|at| content.sources.get(at)).cloned().unwrap_or_default();
            }
        }
    };
    for piece in &mut read {
        match piece {
            Piece::Heading(_, spans) | Piece::Paragraph(spans) => put(spans),
            Piece::Table(rows) => rows.iter_mut().flatten().for_each(put),
            _ => {}
        }
    }
    read
}

/// Titles of the annexes.
pub fn annexes(content: &Content) -> Vec<String> {
    let read = read(content);
    let titles = read.iter().filter_map(|piece| match piece {
        Piece::Annex { title, .. } => Some(title.clone()),
        _ => None,
    });
    titles.collect()
}

/// Pages that figures come from: words and address, each address once.
pub fn sources(content: &Content) -> Vec<(String, String)> {
    let read = read(content);
    let mut found: Vec<(String, String)> = Vec::new();
    let mut add = |spans: &[Span]| {
        for span in spans.iter().filter(|span| !span.link.is_empty()) {
            if !found.iter().any(|(_, link)| *link == span.link) {
                found.push((span.text.clone(), span.link.clone()));
            }
        }
    };
    for piece in &read {
        match piece {
            Piece::Heading(_, spans) | Piece::Paragraph(spans) => add(spans),
            Piece::Table(rows) => rows.iter().flatten().for_each(|cell| add(cell)),
            _ => {}
        }
    }
    found
}

/// Examples of every part.
#[cfg(any(test, feature = "testing"))]
pub fn sample() -> Vec<ShownPiece> {
    pieces(&Content {
        body: "一、总体情况\n本周已报送[47](1)家。\n|项目|本周|\n|演练|[60](2)|\n【附件】统计表\n见表。".to_owned(),
        sources: vec!["/campaigns/1/board".to_owned(), "/statistics/records?slot=a".to_owned()],
        ..Content::default()
    })
}
