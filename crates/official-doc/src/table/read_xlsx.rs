//! Workbooks to rows.
//!
//! calamine reads; it is only let in after everything it will inflate has been counted, and cells are taken
//! one by one, so that a single cell in the far corner does not make a sheet of seventeen thousand million.

use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::{Bounds, CellWarning, CellWarningKind, Table, TableFormat, guard::unguard, number_text};
use crate::{Kind, ReadError, limits::MAX_TABLE_COLUMNS, package::Package};

const KIND: Kind = Kind::Xlsx;

/// Excel keeps fifteen digits of a number.
const MAX_EXACT: f64 = 1e15;

pub(super) fn read(bytes: &[u8], sheet: Option<&str>) -> Result<Table, ReadError> {
    Package::open(bytes, KIND)?
        .charge(|name| std::path::Path::new(name).extension().is_some_and(|end| end == "xml" || end == "rels"))?;
    catch_unwind(AssertUnwindSafe(|| read_workbook(bytes, sheet))).unwrap_or(Err(ReadError::Broken(KIND)))
}

fn read_workbook(bytes: &[u8], wanted: Option<&str>) -> Result<Table, ReadError> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|error| refusal(&error))?;
    let names: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    if let Some(wanted) = wanted
        && !names.iter().any(|name| name == wanted)
    {
        return Err(ReadError::NoSuchSheet(wanted.to_owned()));
    }
    for name in names.iter().filter(|name| wanted.is_none_or(|wanted| wanted == *name)) {
        let mut table = read_sheet(&mut workbook, name)?;
        if !table.rows.is_empty() {
            table.other_sheets = names.iter().filter(|other| *other != name).cloned().collect();
            return Ok(table);
        }
    }
    Err(ReadError::NoText(KIND))
}

fn read_sheet(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Table, ReadError> {
    let mut table = Table {
        format: TableFormat::Xlsx,
        sheet: Some(name.to_owned()),
        other_sheets: Vec::new(),
        rows: Vec::new(),
        warnings: Vec::new(),
    };
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|error| refusal(&error))?;
    let mut bounds = Bounds::new(KIND);
    let mut cells: Vec<String> = Vec::new();
    let mut current = 0;
    while let Some(cell) = reader.next_cell().map_err(|error| refusal(&error))? {
        let (row, column) = cell.get_position();
        if row < current {
            return Err(ReadError::Broken(KIND)); // Rows come in order in every file a program writes.
        }
        if row > current {
            finish(&mut table, &mut bounds, current, std::mem::take(&mut cells))?;
            current = row;
        }
        let (text, warning) = text(cell.get_value());
        if let Some(kind) = warning {
            table.warnings.push(CellWarning { row: row.saturating_add(1), column: column.saturating_add(1), kind });
        }
        if text.trim().is_empty() {
            continue; // Formatted but blank cells may stand anywhere.
        }
        let column = column as usize;
        if column >= MAX_TABLE_COLUMNS {
            return Err(ReadError::TooMuch(KIND));
        }
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
    }
    finish(&mut table, &mut bounds, current, cells)?;
    Ok(table)
}

fn finish(table: &mut Table, bounds: &mut Bounds, row: u32, cells: Vec<String>) -> Result<(), ReadError> {
    if let Some(row) = super::row(row as usize + 1, cells) {
        bounds.row(&row.cells)?;
        table.rows.push(row);
    }
    Ok(())
}

fn text(value: &DataRef<'_>) -> (String, Option<CellWarningKind>) {
    let text = match value {
        DataRef::String(text) => unguard(text).to_owned(),
        DataRef::SharedString(text) => unguard(text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if number.abs() >= MAX_EXACT => {
            return (format!("{number:.0}"), Some(CellWarningKind::LongNumber));
        }
        DataRef::Float(number) => number_text(*number),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(moment) => moment_text(moment),
        DataRef::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).replace('T', " "),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(_) => return (String::new(), Some(CellWarningKind::ErrorValue)),
        DataRef::Empty => String::new(),
    };
    (text, None)
}

/// `2022-06-01`, `2022-06-01 08:30`, `08:30`; seconds only if there are any.
fn moment_text(moment: &ExcelDateTime) -> String {
    let days = moment.as_f64();
    if !(0.0..2_958_466.0).contains(&days) {
        return number_text(days);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let time =
        if second == 0 { format!("{hour:02}:{minute:02}") } else { format!("{hour:02}:{minute:02}:{second:02}") };
    if moment.is_duration() {
        let seconds = (days * 86_400.0).round() as u64;
        return format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    }
    if days < 1.0 {
        return time;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date} {time}") }
}

fn refusal(error: &XlsxError) -> ReadError {
    match error {
        XlsxError::Password => ReadError::Encrypted(Some(KIND)),
        _ => ReadError::Broken(KIND),
    }
}
