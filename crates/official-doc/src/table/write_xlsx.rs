//! Sheets to a workbook that Excel and WPS open without a word.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula,
    Workbook, Worksheet, XlsxError,
};
use thiserror::Error;

use super::{Cell, Column, ColumnKind, PrintedForm, Sheet, guard::double};

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
/// Widths are worked out from so many rows.
const MEASURED_ROWS: usize = 1_000;
/// Numbers of more digits are kept as text: a spreadsheet would round them.
const MAX_EXACT: i64 = 999_999_999_999_999;

/// Writes a workbook of these sheets, and, if there are any `notes`, a last sheet 填表说明 with a line for each.
///
/// Headings are bold and stay in view. Text is text, whatever it looks like. The same input gives the same bytes:
/// no clock is read, and the file's own creation date is a fixed one.
pub fn write_xlsx(sheets: &[Sheet], notes: &[&str]) -> Result<Vec<u8>, WriteError> {
    write_workbook(sheets.iter().map(|sheet| Form { title: &[], sheet, wide: false, ruled: false }), notes)
}

/// Writes a workbook of forms to be printed: ruled, on A4, as wide as the page, with their titles above and their
/// headings on every page. Otherwise as [`write_xlsx`].
pub fn write_forms<'a>(forms: &'a [PrintedForm], notes: &[&str]) -> Result<Vec<u8>, WriteError> {
    let one = |form: &'a PrintedForm| Form { title: &form.title, sheet: &form.sheet, wide: form.wide, ruled: true };
    write_workbook(forms.iter().map(one), notes)
}

/// A sheet as it is written.
struct Form<'a> {
    title: &'a [String],
    sheet: &'a Sheet,
    wide: bool,
    ruled: bool,
}

fn write_workbook<'a>(sheets: impl Iterator<Item = Form<'a>>, notes: &[&str]) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let mut options = Vec::new();
    for form in sheets {
        write_sheet(workbook.add_worksheet(), &form, &mut options)?;
    }
    if !notes.is_empty() {
        let page = workbook.add_worksheet().set_name(NOTES)?;
        page.set_column_width(0, 90)?;
        let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        for (row, note) in (0..).zip(notes) {
            page.write_string_with_format(row, 0, double(note), &wrapped)?;
        }
    }
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

fn write_sheet<'a>(page: &mut Worksheet, form: &Form<'a>, options: &mut Vec<&'a Vec<String>>) -> Result<(), XlsxError> {
    let (sheet, head) = (form.sheet, u32::try_from(form.title.len()).unwrap_or(u32::MAX));
    page.set_name(&sheet.name)?.set_freeze_panes(head + 1, u16::from(form.ruled))?;
    let mut heading =
        Format::new().set_bold().set_num_format("@").set_text_wrap().set_align(FormatAlign::VerticalCenter);
    if form.ruled {
        heading = heading.set_border(FormatBorder::Thin).set_align(FormatAlign::Center);
        set_up_printing(page, form, head)?;
    }
    let formats = Formats::new(form.ruled);
    for (index, column) in (0..).zip(&sheet.columns) {
        page.write_string_with_format(head, index, double(&column.heading), &heading)?;
        page.set_column_width(index, width(sheet, usize::from(index), column))?;
        if !form.ruled {
            page.set_column_format(index, formats.blank(column.kind))?;
        }
        if !column.allowed.is_empty() {
            let last = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX).max(MIN_VALIDATED_ROWS);
            page.add_data_validation(head + 1, index, last, index, &drop_down(column, options)?)?;
        }
    }
    for (row, cells) in (head + 1..).zip(&sheet.rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Empty if form.ruled => {
                    page.write_blank(row, column, &formats.text)?;
                }
                Cell::Text(text) if form.ruled && text.is_empty() => {
                    page.write_blank(row, column, &formats.text)?;
                }
                Cell::Empty => {}
                Cell::Text(text) if text.is_empty() => {}
                Cell::Text(text) => {
                    let format = if text.contains('\n') { &formats.lines } else { &formats.text };
                    page.write_string_with_format(row, column, double(text), format)?;
                }
                Cell::Integer(number) if number.unsigned_abs() > MAX_EXACT.unsigned_abs() => {
                    page.write_string_with_format(row, column, number.to_string(), &formats.text)?;
                }
                Cell::Integer(number) if form.ruled => {
                    page.write_number_with_format(row, column, *number as f64, &formats.number)?;
                }
                Cell::Integer(number) => {
                    page.write_number(row, column, *number as f64)?;
                }
                Cell::Number(number) if form.ruled && number.is_finite() => {
                    page.write_number_with_format(row, column, *number, &formats.number)?;
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

/// A4, as wide as the page, headings on every page, titles above.
fn set_up_printing(page: &mut Worksheet, form: &Form<'_>, head: u32) -> Result<(), XlsxError> {
    page.set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(head, head)?;
    page.set_margins(0.6, 0.6, 0.6, 0.6, 0.3, 0.3).set_footer("&C第 &P 页，共 &N 页");
    if form.wide {
        page.set_landscape();
    }
    let last = u16::try_from(form.sheet.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    for (row, text) in (0..).zip(form.title) {
        let format = match row {
            0 => Format::new().set_bold().set_font_size(15).set_align(FormatAlign::Center),
            _ => Format::new(),
        };
        let format = format.set_num_format("@").set_align(FormatAlign::VerticalCenter);
        if last > 0 {
            page.merge_range(row, 0, row, last, double(text).as_ref(), &format)?;
        } else {
            page.write_string_with_format(row, 0, double(text), &format)?;
        }
        page.set_row_height(row, if row == 0 { 28 } else { 20 })?;
    }
    Ok(())
}

/// A day as a spreadsheet counts it. It believes that 1900 was a leap year, so days before March 1900 stay text.
fn excel_date(date: jiff::civil::Date) -> Option<ExcelDateTime> {
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
    fn new(ruled: bool) -> Self {
        let plain = match ruled {
            true => Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter),
            false => Format::new(),
        };
        let text = plain.clone().set_num_format("@");
        let wrapped = text.clone().set_text_wrap();
        Self {
            text: if ruled { wrapped.clone() } else { text },
            lines: wrapped,
            date: plain.clone().set_num_format("yyyy-mm-dd"),
            number: plain,
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
fn width(sheet: &Sheet, index: usize, column: &Column) -> f64 {
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
fn columns(text: &str) -> usize {
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
