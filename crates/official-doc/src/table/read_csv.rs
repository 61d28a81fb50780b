//! Separated text to rows.

use csv::ReaderBuilder;

use super::{Bounds, Table, TableFormat, guard::unguard};
use crate::{Kind, ReadError, chars, sniff};

/// How much of the file is looked at to tell the separator.
const SAMPLE_CHARS: usize = 4_096;

pub(super) fn read(bytes: &[u8]) -> Result<Table, ReadError> {
    let (encoding, text) = chars::decode(bytes)?;
    sniff::refuse_markup(&text)?;
    let delimiter = delimiter(&text);
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());

    let mut bounds = Bounds::new(Kind::Csv);
    let mut rows = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(|_| ReadError::Broken(Kind::Csv))?;
        let cells: Vec<String> = record.iter().map(|cell| unguard(cell).to_owned()).collect();
        if let Some(row) = super::row(index + 1, cells) {
            bounds.row(&row.cells)?;
            rows.push(row);
        }
    }
    if rows.is_empty() {
        return Err(ReadError::NoText(Kind::Csv));
    }
    Ok(Table {
        format: TableFormat::Csv { encoding, delimiter },
        sheet: None,
        other_sheets: Vec::new(),
        rows,
        warnings: Vec::new(),
    })
}

/// The separator that occurs most often outside quotes near the top; a comma if none does.
fn delimiter(text: &str) -> u8 {
    let mut counts = [(b',', 0), (b'\t', 0), (b';', 0)];
    let mut quoted = false;
    for c in text.chars().take(SAMPLE_CHARS) {
        quoted ^= c == '"';
        if !quoted && let Some(count) = counts.iter_mut().find(|(delimiter, _)| char::from(*delimiter) == c) {
            count.1 += 1;
        }
    }
    // On a tie the earlier one wins: max_by_key takes the last, so look from the end.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| *delimiter)
}
