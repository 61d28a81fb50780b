//! Rows to csv, for double click in Chinese Excel: byte order mark, CRLF, no cell that runs.

use super::{Cell, Sheet, guard::guard};
use crate::chars::is_foreign_to_text;

/// Writes one sheet: its headings and its rows.
///
/// Text that would be taken for a formula gets a leading `'`, which [`read`](super::read) takes away again.
/// Control characters that no text file may hold are left out. Drop-downs and widths have no place in csv.
pub fn write_csv(sheet: &Sheet) -> Vec<u8> {
    let mut out = "\u{FEFF}".to_owned();
    let headings = sheet.columns.iter().map(|column| guard(&column.heading).into_owned());
    write_record(&mut out, headings);
    for row in &sheet.rows {
        write_record(&mut out, row.iter().map(text));
    }
    out.into_bytes()
}

/// Writes further rows, to be put behind what [`write_csv`] wrote: a table too long to be held at once.
pub fn write_csv_rows(rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut out = String::new();
    for row in rows {
        write_record(&mut out, row.iter().map(text));
    }
    out.into_bytes()
}

fn write_record(out: &mut String, cells: impl Iterator<Item = String>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.push(',');
        }
        // Other separators are quoted too: whoever guesses the separator must not be led astray.
        let quoted = cell.contains(['"', ',', ';', '\t', '\r', '\n']);
        if quoted {
            out.push('"');
        }
        for c in cell.chars().filter(|c| !is_foreign_to_text(*c)) {
            out.push(c);
            if c == '"' {
                out.push(c);
            }
        }
        if quoted {
            out.push('"');
        }
    }
    out.push_str("\r\n");
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => guard(text).into_owned(),
        Cell::Integer(number) => number.to_string(),
        Cell::Number(number) => super::number_text(*number),
        Cell::Date(date) => date.to_string(),
    }
}
