//! Forms to be printed, as a workbook: ruled, on A4, with lines as high as their words.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::write_xlsx::{A4, MAX_EXACT, columns, excel_date, new_workbook, write_notes};
use super::{Cell, PrintedForm, WriteError, guard::double};

/// Songti and heiti are on every computer that prints official papers.
const FONT: &str = "宋体";
const TITLE_FONT: &str = "黑体";
/// Points of a line of a cell, and of what is around its words.
const LINE: f64 = 14.5;
const AROUND: f64 = 5.0;
/// A spreadsheet's highest row, in points.
const HIGHEST: f64 = 400.0;
/// So many characters stand beside each other on A4 on its long side and can still be read.
const PAGE: f64 = 150.0;
/// A form of so many rows is printed on one page.
const ONE_PAGE: usize = 64;

/// Writes a workbook of forms to be printed: ruled, on A4, with their titles above, their headings and first columns on
/// every page, and their lines below. A form that is too wide to be read on one page goes over several. Otherwise as
/// [`write_xlsx`](super::write_xlsx).
pub fn write_forms(forms: &[PrintedForm], notes: &[&str]) -> Result<Vec<u8>, WriteError> {
    let mut workbook = new_workbook()?;
    for form in forms {
        write_form(workbook.add_worksheet(), form)?;
    }
    write_notes(&mut workbook, notes)?;
    Ok(workbook.save_to_buffer()?)
}

fn write_form(page: &mut Worksheet, form: &PrintedForm) -> Result<(), XlsxError> {
    let sheet = &form.sheet;
    let widths = super::column_widths(sheet);
    page.set_name(&sheet.name)?;
    for (index, width) in (0..).zip(&widths) {
        page.set_column_width(index, *width)?;
    }
    let mut row = write_title(page, form, &widths)?;
    let head = row;
    row = write_headings(page, form, &widths, row)?;
    page.set_freeze_panes(row, form.kept.max(1))?;
    set_up_printing(page, form, &widths, (head, row - 1))?;
    let formats = Formats::new();
    for (place, cells) in sheet.rows.iter().enumerate() {
        for (column, cell) in (0..).zip(cells) {
            write_cell(page, (row, column), cell, &formats, form.joined.contains(&usize::from(column)))?;
        }
        page.set_row_height(row, height(own_lines(form, &widths, place)))?;
        row += 1;
    }
    for column in &form.joined {
        join(page, form, *column, row, &formats)?;
    }
    let plain = Format::new().set_font_name(FONT).set_num_format("@").set_text_wrap();
    let total: f64 = widths.iter().take(across(&widths) + 1).sum();
    for text in &form.foot {
        write_across(page, &widths, row, text, &plain.clone().set_align(FormatAlign::VerticalCenter))?;
        page.set_row_height(row, height([lines(text, total)].into_iter()))?;
        row += 1;
    }
    let right = plain.set_align(FormatAlign::Right).set_align(FormatAlign::VerticalCenter).set_indent(2);
    for text in &form.signed {
        write_across(page, &widths, row, text, &right)?;
        page.set_row_height(row, 20)?;
        row += 1;
    }
    Ok(())
}

/// The lines above the headings; the row behind them.
fn write_title(page: &mut Worksheet, form: &PrintedForm, widths: &[f64]) -> Result<u32, XlsxError> {
    let mut row = 0;
    for text in &form.title {
        let text = &if row == 0 && !form.label.is_empty() { format!("{}　{text}", form.label) } else { text.clone() };
        let format = Format::new().set_num_format("@").set_align(FormatAlign::VerticalCenter);
        let format = match row {
            0 => format.set_font_name(TITLE_FONT).set_font_size(16).set_align(FormatAlign::Center),
            _ => format.set_font_name(FONT),
        };
        write_across(page, widths, row, text, &format)?;
        page.set_row_height(row, if row == 0 { 32 } else { 20 })?;
        row += 1;
    }
    Ok(row)
}

/// Lines of the cells of a row; one that reaches down over others has their room as well.
fn own_lines(form: &PrintedForm, widths: &[f64], place: usize) -> impl Iterator<Item = usize> {
    let rows = &form.sheet.rows;
    let reaches = move |column: usize| form.joined.contains(&column) && !is_filled(rows.get(place + 1), column);
    let own = rows[place].iter().zip(widths).enumerate().filter(move |(column, _)| !reaches(*column));
    own.map(|(_, (cell, width))| lines(&text_of(cell), *width))
}

/// Whether a row has anything in a column; a row that is not there has, so that nothing reaches beyond the last.
fn is_filled(row: Option<&Vec<Cell>>, column: usize) -> bool {
    row.is_none_or(|row| row.get(column).is_some_and(|cell| !matches!(cell, Cell::Empty)))
}

/// The last column that a line over the form reaches to: the last of all, or of the first page.
fn across(widths: &[f64]) -> usize {
    let mut total = 0.0;
    let within = widths.iter().take_while(|width| {
        total += **width;
        total <= PAGE
    });
    within.count().max(1) - 1
}

/// A line over the form.
fn write_across(page: &mut Worksheet, widths: &[f64], row: u32, text: &str, format: &Format) -> Result<(), XlsxError> {
    let last = u16::try_from(across(widths)).unwrap_or(u16::MAX);
    if last == 0 {
        page.write_string_with_format(row, 0, double(text), format)?;
    } else {
        page.merge_range(row, 0, row, last, double(text).as_ref(), format)?;
    }
    Ok(())
}

/// One line of headings, or two with groups; the row behind them.
fn write_headings(page: &mut Worksheet, form: &PrintedForm, widths: &[f64], head: u32) -> Result<u32, XlsxError> {
    let heading = Format::new()
        .set_font_name(FONT)
        .set_bold()
        .set_num_format("@")
        .set_text_wrap()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);
    let own = head + u32::from(!form.groups.is_empty());
    for (index, column) in (0..).zip(&form.sheet.columns) {
        page.write_string_with_format(own, index, double(&column.heading), &heading)?;
    }
    let headings = form.sheet.columns.iter().zip(widths);
    page.set_row_height(own, height(headings.map(|(column, width)| lines(&column.heading, *width))))?;
    if form.groups.is_empty() {
        return Ok(own + 1);
    }
    page.set_row_height(head, LINE + AROUND)?;
    let mut first = 0;
    for (words, count) in &form.groups {
        let count = u16::try_from(*count).unwrap_or(u16::MAX);
        if words.is_empty() {
            for column in first..first + count {
                let own_words = form.sheet.columns.get(usize::from(column)).map_or("", |one| one.heading.as_str());
                page.merge_range(head, column, own, column, double(own_words).as_ref(), &heading)?;
            }
        } else if count == 1 {
            page.write_string_with_format(head, first, double(words), &heading)?;
        } else if count > 1 {
            page.merge_range(head, first, head, first + count - 1, double(words).as_ref(), &heading)?;
        }
        first += count;
    }
    Ok(own + 1)
}

/// A4; as wide as the page, or over several when nobody could read it.
fn set_up_printing(
    page: &mut Worksheet,
    form: &PrintedForm,
    widths: &[f64],
    (head, last_head): (u32, u32),
) -> Result<(), XlsxError> {
    let total: f64 = widths.iter().sum();
    let kept: f64 = widths.iter().take(usize::from(form.kept)).sum();
    let across = match form.wide && total > PAGE {
        true => ((total - kept) / (PAGE - kept).max(40.0)).ceil().clamp(1.0, 100.0) as u16,
        false => 1,
    };
    let down = u16::from(!form.wide && form.sheet.rows.len() <= ONE_PAGE);
    page.set_paper_size(A4).set_print_fit_to_pages(across, down).set_repeat_rows(head, last_head)?;
    if form.kept > 0 {
        page.set_repeat_columns(0, form.kept - 1)?;
    }
    page.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3)
        .set_footer("&C第 &P 页，共 &N 页")
        .set_print_center_horizontally(true);
    if form.wide {
        page.set_landscape();
    }
    Ok(())
}

struct Formats {
    text: Format,
    number: Format,
    part: Format,
    date: Format,
    joined: Format,
}

impl Formats {
    fn new() -> Self {
        let ruled =
            Format::new().set_font_name(FONT).set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter);
        let number = ruled.clone().set_align(FormatAlign::Right).set_indent(1);
        Self {
            text: ruled.clone().set_num_format("@").set_text_wrap(),
            part: number.clone().set_num_format("#,##0.0"),
            number: number.set_num_format("#,##0"),
            date: ruled.clone().set_num_format("yyyy-mm-dd"),
            joined: ruled.set_align(FormatAlign::Center).set_text_wrap(),
        }
    }
}

fn write_cell(
    page: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    formats: &Formats,
    joined: bool,
) -> Result<(), XlsxError> {
    let text = if joined { &formats.joined } else { &formats.text };
    match cell {
        Cell::Integer(number) if number.unsigned_abs() <= MAX_EXACT.unsigned_abs() => {
            let format = if joined { &formats.joined } else { &formats.number };
            page.write_number_with_format(row, column, *number as f64, format)?;
        }
        Cell::Number(number) if number.is_finite() => {
            page.write_number_with_format(row, column, *number, &formats.part)?;
        }
        Cell::Date(date) => match excel_date(*date) {
            Some(day) => {
                page.write_datetime_with_format(row, column, &day, &formats.date)?;
            }
            None => {
                page.write_string_with_format(row, column, date.to_string(), text)?;
            }
        },
        other => match text_of(other) {
            words if words.is_empty() => {
                page.write_blank(row, column, text)?;
            }
            words => {
                page.write_string_with_format(row, column, double(&words), text)?;
            }
        },
    }
    Ok(())
}

/// Cells of a column that reach down over the blank ones below them. `end` is the row behind the last.
fn join(page: &mut Worksheet, form: &PrintedForm, column: usize, end: u32, formats: &Formats) -> Result<(), XlsxError> {
    let rows = &form.sheet.rows;
    let begin = end - u32::try_from(rows.len()).unwrap_or_default();
    let place = u16::try_from(column).unwrap_or(u16::MAX);
    let filled = |row: usize| is_filled(rows.get(row), column);
    let mut at = 0;
    while at < rows.len() {
        let next = (at + 1..rows.len()).find(|row| filled(*row)).unwrap_or(rows.len());
        if filled(at) && next > at + 1 {
            let place_of = |row: usize| begin + u32::try_from(row).unwrap_or_default();
            page.merge_range(place_of(at), place, place_of(next - 1), place, "", &formats.joined)?;
            write_cell(page, (place_of(at), place), &rows[at][column], formats, true)?;
        }
        at = next;
    }
    Ok(())
}

fn text_of(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Integer(number) => number.to_string(),
        Cell::Number(number) => super::number_text(*number),
        Cell::Date(date) => date.to_string(),
    }
}

/// Lines that a text takes in a cell of a width.
fn lines(text: &str, width: f64) -> usize {
    // A Chinese character that does not fit whole goes to the next line.
    let room = ((width - 1.0).max(2.0) as usize) / 2 * 2;
    text.lines().map(|line| columns(line).div_ceil(room).max(1)).sum::<usize>().max(1)
}

fn height(lines: impl Iterator<Item = usize>) -> f64 {
    (lines.max().unwrap_or(1) as f64 * LINE + AROUND).min(HIGHEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_as_high_as_its_words() {
        let cases = [
            ("", 10.0, 1),
            ("十个字的一行就正好了", 21.0, 1),
            ("十一个字的一行就太长了", 21.0, 2),
            ("一\n二", 30.0, 2),
        ];
        for (text, width, expected) in cases {
            assert_eq!(lines(text, width), expected, "{text}");
        }
        assert!(height([1, 3].into_iter()) > height([2].into_iter()));
        assert!(height([1_000].into_iter()) <= HIGHEST);
    }
}
