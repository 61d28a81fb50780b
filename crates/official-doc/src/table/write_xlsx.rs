//! Sheets to a workbook that Excel and WPS open without a word.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign, Formula, Workbook,
    Worksheet, XlsxError,
};
use thiserror::Error;

use super::{Cell, Column, ColumnKind, Sheet, guard::double};

/// A sheet that a workbook cannot hold: a name that is too long or taken, a text of more than 32,767
/// characters, more than 1,048,576 rows. Nothing is cut to fit.
#[derive(Debug, Error)]
#[error("表格无法导出：{0}")]
pub struct WriteError(#[from] XlsxError);

/// Name of the sheet that explains the others.
const NOTES: &str = "填表说明";
/// Name of the hidden sheet that holds long drop-down lists.
const OPTIONS: &str = "选项";
/// A drop-down of more characters must stand in cells.
const MAX_INLINE_LIST: usize = 255;
/// Rows below the headings that a drop-down covers at least, for whoever fills the sheet in.
const MIN_VALIDATED_ROWS: u32 = 5_000;
/// What a spreadsheet calls A4.
pub(super) const A4: u8 = 9;
/// Widths are worked out from so many rows.
const MEASURED_ROWS: usize = 1_000;
/// Numbers of more digits are kept as text: a spreadsheet would round them.
pub(super) const MAX_EXACT: i64 = 999_999_999_999_999;

/// Writes a workbook of these sheets, and, if there are any `notes`, a last sheet 填表说明 with a line for each.
///
/// Headings are bold and stay in view. Text is text, whatever it looks like. The same input gives the same bytes:
/// no clock is read, and the file's own creation date is a fixed one.
pub fn write_xlsx(sheets: &[Sheet], notes: &[&str]) -> Result<Vec<u8>, WriteError> {
    let mut workbook = new_workbook()?;
    let mut options = Vec::new();
    for sheet in sheets {
        write_sheet(workbook.add_worksheet(), sheet, &mut options)?;
    }
    write_notes(&mut workbook, notes)?;
    if !options.is_empty() {
        let page = workbook.add_worksheet().set_name(OPTIONS)?.set_hidden(true);
        for (column, values) in (0..).zip(&options) {
            for (row, value) in (0..).zip(*values) {
                page.write_string(row, column, value)?;
            }
        }
    }
    Ok(workbook.save_to_buffer()?)
}

pub(super) fn new_workbook() -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    Ok(workbook)
}

pub(super) fn write_notes(workbook: &mut Workbook, notes: &[&str]) -> Result<(), XlsxError> {
    if notes.is_empty() {
        return Ok(());
    }
    let page = workbook.add_worksheet().set_name(NOTES)?;
    page.set_column_width(0, 90)?.set_paper_size(A4).set_print_fit_to_pages(1, 0);
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (row, note) in (0..).zip(notes) {
        page.write_string_with_format(row, 0, double(note), &wrapped)?;
    }
    Ok(())
}

fn write_sheet<'a>(
    page: &mut Worksheet,
    sheet: &'a Sheet,
    options: &mut Vec<&'a Vec<String>>,
) -> Result<(), XlsxError> {
    page.set_name(&sheet.name)?.set_freeze_panes(1, 0)?;
    let heading = Format::new().set_bold().set_num_format("@").set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let formats = Formats::new();
    for (index, column) in (0..).zip(&sheet.columns) {
        page.write_string_with_format(0, index, double(&column.heading), &heading)?;
        page.set_column_width(index, width(sheet, usize::from(index), column))?;
        page.set_column_format(index, formats.blank(column.kind))?;
        if !column.allowed.is_empty() {
            let last = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX).max(MIN_VALIDATED_ROWS);
            page.add_data_validation(1, index, last, index, &drop_down(column, options)?)?;
        }
    }
    for (row, cells) in (1..).zip(&sheet.rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) if text.is_empty() => {}
                Cell::Text(text) => {
                    let format = if text.contains('\n') { &formats.lines } else { &formats.text };
                    page.write_string_with_format(row, column, double(text), format)?;
                }
                Cell::Integer(number) if number.unsigned_abs() > MAX_EXACT.unsigned_abs() => {
                    page.write_string_with_format(row, column, number.to_string(), &formats.text)?;
                }
                Cell::Integer(number) => {
                    page.write_number(row, column, *number as f64)?;
                }
                Cell::Number(number) if number.is_finite() => {
                    page.write_number(row, column, *number)?;
                }
                Cell::Number(_) => {}
                Cell::Date(date) => match excel_date(*date) {
                    Some(day) => {
                        page.write_datetime_with_format(row, column, &day, &formats.date)?;
                    }
                    None => {
                        page.write_string_with_format(row, column, date.to_string(), &formats.text)?;
                    }
                },
            }
        }
    }
    Ok(())
}

/// A day as a spreadsheet counts it. It believes that 1900 was a leap year, so days before March 1900 stay text.
pub(super) fn excel_date(date: jiff::civil::Date) -> Option<ExcelDateTime> {
    let (year, month, day) = (date.year(), date.month(), date.day());
    if (year, month) < (1900, 3) {
        return None;
    }
    ExcelDateTime::from_ymd(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?).ok()
}

struct Formats {
    text: Format,
    lines: Format,
    date: Format,
    number: Format,
}

impl Formats {
    fn new() -> Self {
        let text = Format::new().set_num_format("@");
        Self {
            lines: text.clone().set_text_wrap(),
            text,
            date: Format::new().set_num_format("yyyy-mm-dd"),
            number: Format::new(),
        }
    }

    /// How the blank cells of a column are formatted.
    fn blank(&self, kind: ColumnKind) -> &Format {
        match kind {
            ColumnKind::Text => &self.text,
            ColumnKind::Number => &self.number,
            ColumnKind::Date => &self.date,
        }
    }
}

/// As wide as its longest text, within reason.
pub(super) fn width(sheet: &Sheet, index: usize, column: &Column) -> f64 {
    column.width.unwrap_or_else(|| {
        let cells = sheet.rows.iter().take(MEASURED_ROWS).filter_map(|row| match row.get(index)? {
            Cell::Empty => None,
            Cell::Text(text) => text.lines().map(columns).max(),
            Cell::Integer(number) => Some(columns(&number.to_string())),
            Cell::Number(number) => Some(columns(&super::number_text(*number))),
            Cell::Date(_) => Some(10),
        });
        let widest = cells.chain([columns(&column.heading)]).max().unwrap_or(0);
        (widest as f64 + 2.0).clamp(8.0, 60.0)
    })
}

/// A Chinese character takes two.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

fn drop_down<'a>(column: &'a Column, options: &mut Vec<&'a Vec<String>>) -> Result<DataValidation, XlsxError> {
    let values = &column.allowed;
    let length = values.iter().map(|value| value.encode_utf16().count() + 1).sum::<usize>();
    let inline = length <= MAX_INLINE_LIST && !values.iter().any(|value| value.contains([',', '"']));
    let validation = if inline {
        DataValidation::new().allow_list_strings(values)?
    } else {
        options.push(values);
        let letter =
            rust_xlsxwriter::utility::column_number_to_name(u16::try_from(options.len() - 1).unwrap_or(u16::MAX));
        let range = format!("='{OPTIONS}'!${letter}$1:${letter}${}", values.len());
        DataValidation::new().allow_list_formula(Formula::new(range))
    };
    validation
        .set_error_style(DataValidationErrorStyle::Stop)
        .set_error_title("请从下拉列表中选择")?
        .set_error_message("这一列只能填下拉列表中的值。")
}
