//! Tables: xlsx and csv to rows, and sheets to xlsx and csv.
//!
//! Reading gives strings, for a table typed by people has no types: [`read`]. Writing takes [`Sheet`]s:
//! [`write_xlsx`], [`write_csv`]. What one export wrote, an import reads back the same.

mod guard;
mod read_csv;
mod read_xlsx;
mod write_csv;
mod write_forms;
mod write_xlsx;

use jiff::civil::Date;

use crate::{Encoding, ReadError, limits, sniff};

pub use write_csv::{write_csv, write_csv_rows};
pub use write_forms::write_forms;
pub use write_xlsx::{WriteError, write_xlsx};

/// Rows read from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it was read from.
    pub format: TableFormat,
    /// Name of the sheet; `None` for csv.
    pub sheet: Option<String>,
    /// Names of the visible sheets that were not read, so that a page can say so.
    pub other_sheets: Vec<String>,
    /// The rows that have any text, in order. Blank rows are left out; [`Row::number`] counts them.
    pub rows: Vec<Row>,
    /// Cells whose text may not be what the person typed.
    pub warnings: Vec<CellWarning>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it stands in the source, from 1: the row of the sheet, or the record of the csv file.
    pub number: u32,
    /// Its cells from the first column on; trailing blank cells are left out.
    pub cells: Vec<String>,
}

impl Row {
    /// The cell in a column counted from 0, without white space around it; "" where the row is shorter.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| cell.trim())
    }
}

/// What a table was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TableFormat {
    /// Excel or WPS workbook.
    Xlsx,
    /// Separated text.
    Csv {
        /// How its characters were written.
        encoding: Encoding,
        /// What stands between its cells: `b','`, `b'\t'` or `b';'`.
        delimiter: u8,
    },
}

/// A cell to be looked at by a person. Row and column are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CellWarning {
    /// Row in the source.
    pub row: u32,
    /// Column in the source.
    pub column: u32,
    /// What is wrong.
    pub kind: CellWarningKind,
}

/// What may be wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CellWarningKind {
    /// A number of more than fifteen digits: Excel keeps fifteen and puts zeros for the rest.
    LongNumber,
    /// An error such as `#REF!`; the cell was read as blank.
    ErrorValue,
}

impl std::fmt::Display for CellWarning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "第 {} 行第 {} 列：", self.row, self.column)?;
        match self.kind {
            CellWarningKind::LongNumber => {
                f.write_str("数字超过 15 位，末尾已被表格软件改成 0，请把该列设为“文本”格式后重填。")
            }
            CellWarningKind::ErrorValue => f.write_str("公式出错，按空白读取。"),
        }
    }
}

/// Reads a table by its content: the first visible sheet of a workbook that is not blank, or a csv file.
pub fn read(bytes: &[u8], file_name: Option<&str>) -> Result<Table, ReadError> {
    read_any(bytes, file_name, None)
}

/// Like [`read`], for the sheet of this name. A csv file has no names and is read whole.
pub fn read_sheet(bytes: &[u8], file_name: Option<&str>, sheet: &str) -> Result<Table, ReadError> {
    read_any(bytes, file_name, Some(sheet))
}

fn read_any(bytes: &[u8], file_name: Option<&str>, sheet: Option<&str>) -> Result<Table, ReadError> {
    match sniff::table(bytes, file_name)? {
        sniff::TableKind::Xlsx => read_xlsx::read(bytes, sheet),
        sniff::TableKind::Text => read_csv::read(bytes),
    }
}

/// A sheet to be written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// Its name: at most 31 characters, none of `[ ] : * ? / \`.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its rows below the headings. A shorter row leaves the rest blank.
    pub rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// A sheet without rows: a template to be filled in.
    pub fn new(name: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { name: name.into(), columns, rows: Vec::new() }
    }
}

/// A sheet to be printed as a form.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PrintedForm {
    /// What stands before its title: 附件2; may be empty.
    pub label: String,
    /// Lines above the headings, the first one large.
    pub title: Vec<String>,
    /// Headings and rows.
    pub sheet: Sheet,
    /// Lines below the rows.
    pub foot: Vec<String>,
    /// Lines at the end, on the right: who answers for it, and the day.
    pub signed: Vec<String>,
    /// Headings above several headings: words and of how many columns, in order and for all of them; no words: the
    /// column's own heading takes both lines. Empty: there is one line of headings.
    pub groups: Vec<(String, usize)>,
    /// Columns, counted from 0, in which a cell reaches down over the blank ones below it.
    pub joined: Vec<usize>,
    /// So many columns at the left stay in view, and stand on every page.
    pub kept: u16,
    /// The paper lies on its long side.
    pub wide: bool,
}

/// A column of a [`Sheet`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Column {
    /// The heading.
    pub heading: String,
    /// Width in characters of ordinary size (a Chinese one counts two); `None`: by its content.
    pub width: Option<f64>,
    /// How blank cells below are formatted for whoever fills them in.
    pub kind: ColumnKind,
    /// If not empty, a drop-down offers these values and xlsx refuses others.
    pub allowed: Vec<String>,
}

impl Column {
    /// A text column: names, codes, telephone numbers.
    pub fn text(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), ..Self::default() }
    }

    /// A number column.
    pub fn number(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), kind: ColumnKind::Number, ..Self::default() }
    }

    /// A date column.
    pub fn date(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), kind: ColumnKind::Date, ..Self::default() }
    }

    /// With a width in characters.
    #[must_use]
    pub fn width(self, width: f64) -> Self {
        Self { width: Some(width), ..self }
    }

    /// With a drop-down of these values.
    #[must_use]
    pub fn allowed<S: Into<String>>(self, values: impl IntoIterator<Item = S>) -> Self {
        Self { allowed: values.into_iter().map(Into::into).collect(), ..self }
    }
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColumnKind {
    /// Kept as typed: `007` stays `007`, eighteen digits stay eighteen.
    #[default]
    Text,
    /// Numbers.
    Number,
    /// Dates as `YYYY-MM-DD`.
    Date,
}

/// A cell to be written.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, whatever it looks like: `=1+1` is shown, never computed.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A day.
    Date(Date),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<Date> for Cell {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// Counts what a table holds against [`limits`](crate::limits) while it is being read.
struct Bounds {
    kind: crate::Kind,
    rows: usize,
    cells: usize,
    bytes: usize,
}

impl Bounds {
    fn new(kind: crate::Kind) -> Self {
        Self { kind, rows: 0, cells: 0, bytes: 0 }
    }

    fn row(&mut self, cells: &[String]) -> Result<(), ReadError> {
        self.rows += 1;
        self.cells += cells.len();
        self.bytes += cells.iter().map(String::len).sum::<usize>();
        let within = self.rows <= limits::MAX_TABLE_ROWS
            && cells.len() <= limits::MAX_TABLE_COLUMNS
            && self.cells <= limits::MAX_TABLE_CELLS
            && self.bytes <= limits::MAX_TABLE_BYTES;
        if within { Ok(()) } else { Err(ReadError::TooMuch(self.kind)) }
    }
}

/// Widths of the columns of a sheet in characters; a Chinese one counts two.
pub(crate) fn column_widths(sheet: &Sheet) -> Vec<f64> {
    sheet.columns.iter().enumerate().map(|(index, column)| write_xlsx::width(sheet, index, column)).collect()
}

/// A row, unless it is blank. Trailing blank cells are dropped.
fn row(number: usize, mut cells: Vec<String>) -> Option<Row> {
    let filled = cells.iter().rposition(|cell| !cell.trim().is_empty())?;
    cells.truncate(filled + 1);
    Some(Row { number: u32::try_from(number).unwrap_or(u32::MAX), cells })
}

/// A number as a person writes it: no exponent, no `.0`, at most the fifteen digits a spreadsheet keeps.
fn number_text(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    if !number.is_finite() {
        return String::new();
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}
