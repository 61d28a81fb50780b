//! The main part of a document, walked once from beginning to end without recursion.

use std::io::BufRead;

use super::{numbering::Numbering, styles::Styles};
use crate::{
    Kind, ReadError,
    text::Lines,
    xml::{Node, Tag, Xml},
};

/// Subtrees whose text is not the document's: deleted or moved away, another copy of the same drawing, the
/// reading of a character, the code of a field.
const SKIPPED: [&str; 5] = ["moveFrom", "Fallback", "rt", "instrText", "delText"];

/// Reads the lines; `None` if there is no text.
pub(super) fn read(
    part: impl BufRead,
    styles: &Styles,
    numbering: Numbering,
) -> Result<Option<Vec<String>>, ReadError> {
    let mut xml = Xml::new(part, Kind::Docx);
    let mut body = Body {
        styles,
        numbering,
        lines: Lines::new(Kind::Docx),
        path: Vec::new(),
        frames: Vec::new(),
        skipped_at: None,
        carried: String::new(),
    };
    while let Some(node) = xml.next()? {
        match node {
            Node::Open(tag) => body.open(&tag)?,
            Node::Close => body.close()?,
            Node::Text(text) => body.text(&text)?,
        }
    }
    Ok(body.lines.finish())
}

struct Body<'a> {
    styles: &'a Styles,
    numbering: Numbering,
    lines: Lines,
    /// The open elements.
    path: Vec<Element>,
    /// The open paragraphs, rows and cells: text boxes put paragraphs into paragraphs, cells put tables into rows.
    frames: Vec<Frame>,
    /// Length of `path` where a skipped subtree began.
    skipped_at: Option<usize>,
    /// Text of paragraphs whose end was deleted: it belongs to the paragraph after them.
    carried: String,
}

/// The elements whose ends or insides matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
    Paragraph,
    ParagraphProperties,
    Run,
    RunProperties,
    Text,
    Row,
    RowProperties,
    Cell,
    Other,
}

enum Frame {
    Paragraph(Paragraph),
    Row { cells: Vec<String>, lines: Vec<String>, deleted: bool },
    Cell { lines: Vec<String> },
}

#[derive(Default)]
struct Paragraph {
    text: String,
    style: Option<String>,
    list: Option<String>,
    level: Option<usize>,
    numbered: bool,
    /// Its end was deleted, so that it runs on into the next one.
    open_ended: bool,
    /// The run being read is hidden.
    hidden: bool,
}

impl Body<'_> {
    fn open(&mut self, tag: &Tag) -> Result<(), ReadError> {
        if self.skipped_at.is_some() {
            self.path.push(Element::Other);
            return Ok(());
        }
        let parent = self.path.last().copied();
        let in_properties = self.path.iter().rev().take(3).any(|element| {
            matches!(element, Element::ParagraphProperties | Element::RunProperties | Element::RowProperties)
        });
        let element = match tag.name() {
            "p" => Element::Paragraph,
            "pPr" => Element::ParagraphProperties,
            "r" => Element::Run,
            "rPr" => Element::RunProperties,
            "t" => Element::Text,
            "tr" => Element::Row,
            "trPr" => Element::RowProperties,
            "tc" => Element::Cell,
            "del" if !in_properties => return self.skip(),
            name if SKIPPED.contains(&name) => return self.skip(),
            // Former properties, kept for the record.
            "pPrChange" | "rPrChange" | "numberingChange" => return self.skip(),
            _ => Element::Other,
        };
        match element {
            Element::Paragraph => self.frames.push(Frame::Paragraph(Paragraph::default())),
            Element::Row => self.frames.push(Frame::Row { cells: Vec::new(), lines: Vec::new(), deleted: false }),
            Element::Cell => self.frames.push(Frame::Cell { lines: Vec::new() }),
            Element::Run => {
                let styles = self.styles;
                if let Some(Frame::Paragraph(paragraph)) = self.frames.last_mut() {
                    paragraph.hidden = styles.hidden(paragraph.style.as_deref());
                }
            }
            Element::Other => self.detail(tag, parent)?,
            Element::Text | Element::ParagraphProperties | Element::RunProperties | Element::RowProperties => {}
        }
        self.path.push(element);
        Ok(())
    }

    fn skip(&mut self) -> Result<(), ReadError> {
        self.skipped_at = Some(self.path.len());
        self.path.push(Element::Other);
        Ok(())
    }

    /// Properties and the characters that are elements of their own.
    fn detail(&mut self, tag: &Tag, parent: Option<Element>) -> Result<(), ReadError> {
        let grandparent = self.path.iter().rev().nth(1).copied();
        let of_paragraph = grandparent == Some(Element::ParagraphProperties);
        if let Some(Frame::Row { deleted, .. }) = self.frames.last_mut() {
            *deleted |= tag.name() == "del" && parent == Some(Element::RowProperties);
            return Ok(());
        }
        if tag.name() == "textpath" {
            // Letterheads drawn as WordArt carry their text in an attribute.
            return self.emit(tag.attr("string").unwrap_or_default());
        }
        let styles = self.styles;
        let Some(Frame::Paragraph(paragraph)) = self.frames.last_mut() else {
            return Ok(());
        };
        match (tag.name(), parent) {
            ("pStyle", Some(Element::ParagraphProperties)) => paragraph.style = tag.attr("val"),
            ("numPr", Some(Element::ParagraphProperties)) => paragraph.numbered = true,
            ("numId", _) if paragraph.numbered && of_paragraph => paragraph.list = tag.attr("val"),
            ("ilvl", _) if paragraph.numbered && of_paragraph => {
                paragraph.level = tag.attr("val").and_then(|level| level.parse().ok());
            }
            ("del", Some(Element::RunProperties)) if of_paragraph => paragraph.open_ended = true,
            ("rStyle", Some(Element::RunProperties)) if grandparent == Some(Element::Run) => {
                paragraph.hidden |= styles.hidden(tag.attr("val").as_deref());
            }
            ("vanish", Some(Element::RunProperties)) if grandparent == Some(Element::Run) => {
                paragraph.hidden = tag.is_on();
            }
            ("tab" | "ptab", Some(Element::Run)) => self.text_of_run("\t")?,
            ("br" | "cr", Some(Element::Run)) => self.text_of_run("\n")?,
            ("noBreakHyphen", Some(Element::Run)) => self.text_of_run("-")?,
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), ReadError> {
        let wanted = self.skipped_at.is_none() && self.path.last() == Some(&Element::Text);
        if wanted { self.text_of_run(text) } else { Ok(()) }
    }

    fn text_of_run(&mut self, text: &str) -> Result<(), ReadError> {
        if let Some(Frame::Paragraph(paragraph)) = self.frames.last_mut()
            && !paragraph.hidden
        {
            self.lines.take(text.len())?;
            paragraph.text.push_str(text);
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), ReadError> {
        let element = self.path.pop();
        if let Some(depth) = self.skipped_at {
            if self.path.len() == depth {
                self.skipped_at = None;
            }
            return Ok(());
        }
        if !matches!(element, Some(Element::Paragraph | Element::Row | Element::Cell)) {
            return Ok(());
        }
        match self.frames.pop() {
            Some(Frame::Paragraph(paragraph)) => self.close_paragraph(paragraph),
            Some(Frame::Cell { lines }) => {
                if let Some(Frame::Row { cells, lines: row_lines, .. }) = self.frames.last_mut() {
                    cells.push(lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ").trim().to_owned());
                    *row_lines = lines;
                }
                Ok(())
            }
            Some(Frame::Row { cells, lines, deleted }) => self.close_row(&cells, lines, deleted),
            None => Ok(()),
        }
    }

    fn close_paragraph(&mut self, paragraph: Paragraph) -> Result<(), ReadError> {
        let number = self.number(&paragraph).unwrap_or_default();
        let text = format!("{}{number}{}", std::mem::take(&mut self.carried), paragraph.text);
        if paragraph.open_ended {
            self.carried = text;
            return Ok(());
        }
        // A line broken by hand (Shift+Enter) is a line of its own.
        text.split('\n').try_for_each(|line| self.emit(line.to_owned()))
    }

    fn number(&mut self, paragraph: &Paragraph) -> Option<String> {
        let style = paragraph.style.as_deref();
        let (list, level) = match &paragraph.list {
            Some(list) => (list.clone(), paragraph.level),
            None => {
                let (list, level, id) = self.styles.list(style)?;
                let level = paragraph.level.or(level).or_else(|| self.numbering.level_of_style(list, id));
                (list.to_owned(), level)
            }
        };
        if list == "0" { None } else { self.numbering.count(&list, level.unwrap_or(0)) }
    }

    /// A row of several cells is one line; a row of one cell only frames its paragraphs.
    fn close_row(&mut self, cells: &[String], lines: Vec<String>, deleted: bool) -> Result<(), ReadError> {
        if deleted || cells.iter().all(String::is_empty) {
            return Ok(());
        }
        if cells.len() == 1 {
            return lines.into_iter().try_for_each(|line| self.emit(line));
        }
        self.emit(format!("{} |", cells.join(" | ")))
    }

    /// Gives a line to the cell it stands in, else to the document.
    fn emit(&mut self, line: String) -> Result<(), ReadError> {
        let cell = self.frames.iter_mut().rev().find_map(|frame| match frame {
            Frame::Cell { lines } => Some(lines),
            _ => None,
        });
        match cell {
            Some(lines) => {
                lines.push(line);
                Ok(())
            }
            None => self.lines.push(line),
        }
    }
}
