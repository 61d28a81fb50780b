//! Rows to csv, for double click in Chinese Excel: byte order mark, CRLF, no cell that runs.

use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::{Cell, Sheet, guard::guard};

/// Writes one sheet: its headings and its rows.
///
/// Text that would be taken for a formula gets a leading `'`, which [`read`](super::read) takes away again.
/// Drop-downs and widths have no place in csv and are left out.
pub fn write_csv(sheet: &Sheet) -> Vec<u8> {
    let mut writer = WriterBuilder::new()
        .flexible(true)
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Necessary)
        .from_writer(b"\xEF\xBB\xBF".to_vec());

    let headings = sheet.columns.iter().map(|column| guard(&column.heading).into_owned()).collect();
    let rows = sheet.rows.iter().map(|row| row.iter().map(text).collect());
    for record in std::iter::once(headings).chain(rows) {
        let record: Vec<String> = record;
        writer.write_record(&record).expect("a vector takes every write, and records may differ in length");
    }
    writer.into_inner().expect("a vector takes every write")
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
