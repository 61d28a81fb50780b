//! The text of a document and of its annexes: paragraphs, headings, tables, pictures.

/// A part of the text.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Paragraph),
    /// A heading.
    Heading(Heading),
    /// A table.
    Table(Table),
    /// A picture.
    Picture(Picture),
    /// What follows begins a new page.
    PageBreak,
}

impl Block {
    /// A paragraph of plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Paragraph(Paragraph { runs: vec![Run::new(text)], align: Align::Text })
    }

    /// A heading that is numbered automatically.
    pub fn heading(level: Level, title: impl Into<String>) -> Self {
        Self::Heading(Heading { level, numbering: Numbering::Automatic, title: title.into(), run_in: Vec::new() })
    }
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Paragraph {
    /// Its pieces.
    pub runs: Vec<Run>,
    /// Where it stands.
    pub align: Align,
}

/// A piece of text of one look. A line feed begins a new line, a tab is one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Run {
    /// The text.
    pub text: String,
    /// 加粗.
    pub bold: bool,
    /// 下划线, for what is to be filled in.
    pub underlined: bool,
}

impl Run {
    /// Plain text.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// Where a paragraph stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Both sides even, first line indented by 2 字 \[K\].
    #[default]
    Text,
    /// From the left edge.
    Left,
    /// In the middle.
    Centre,
    /// To the right edge.
    Right,
}

/// The levels of headings: 一、 in 黑体, （一） in 楷体, 1. and （1） in 仿宋 \[K\].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 一、
    One,
    /// （一）
    Two,
    /// 1.
    Three,
    /// （1）
    Four,
}

/// A heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// Its level.
    pub level: Level,
    /// Its number.
    pub numbering: Numbering,
    /// Its text.
    pub title: String,
    /// Text that goes on in the same paragraph, in the face of the text.
    pub run_in: Vec<Run>,
}

/// Where a heading's number comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Numbering {
    /// Counted by the word processor, anew in every annex.
    Automatic,
    /// As given, such as 四、
    Given(String),
    /// None.
    None,
}

/// A table. Cells that a joined cell covers are left out, as in HTML.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Widths of the columns in millimetres. Together they are made as wide as the type area (版心) if they exceed
    /// it; an empty list divides it evenly.
    pub widths: Vec<f64>,
    /// So many rows at its beginning are headings, repeated on every page.
    pub header_rows: usize,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
    /// Size of its characters in points; 12 (小四) is usual.
    pub points: f64,
    /// A line above it, such as 表1.
    pub caption: Option<String>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its text. Every line feed begins a paragraph.
    pub text: String,
    /// Columns it spans.
    pub columns: usize,
    /// Rows it spans.
    pub rows: usize,
    /// Where its text stands.
    pub align: Align,
}

impl Cell {
    /// A cell with text from the left edge.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), columns: 1, rows: 1, align: Align::Left }
    }

    /// A cell with text in the middle.
    pub fn centred(text: impl Into<String>) -> Self {
        Self { align: Align::Centre, ..Self::new(text) }
    }

    /// Joined over so many columns and rows.
    #[must_use]
    pub fn spanning(self, columns: usize, rows: usize) -> Self {
        Self { columns, rows, ..self }
    }
}

/// A picture in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// A JPEG or PNG file.
    pub bytes: Vec<u8>,
    /// Width in millimetres, made smaller if it, or the height that goes with it, exceeds the type area.
    pub width: f64,
    /// What it shows, for who cannot see it.
    pub description: String,
    /// A line below it.
    pub caption: Option<String>,
}
