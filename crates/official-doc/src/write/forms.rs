//! Forms to be printed, as a Word file: the same forms that [`write_forms`](crate::table::write_forms) makes a
//! workbook of.

use super::{
    WriteError,
    body::{self, Body},
    geometry::LINE,
    model::{Align, Cell, Document, Form, Orientation, Table},
    node::{Node, Para},
    normalise::normalise,
    parts,
    section::Section,
};
use crate::table::{self, ColumnKind, PrintedForm, column_widths};

/// Millimetres that a character of a column takes; a Chinese one is two.
const CHARACTER: f64 = 1.9;
/// Size of the characters in a table, in points.
const POINTS: f64 = 10.5;
/// A table is squeezed so much before it is divided.
const SQUEEZE: f64 = 1.15;

/// Writes forms to be printed, each on pages of its own: A4, with its title above, its headings on every page and its
/// lines below. One that lies across and is too wide goes over several tables, its first columns on each. Otherwise as
/// [`docx`](super::docx).
pub fn forms(forms: &[PrintedForm]) -> Result<Vec<u8>, WriteError> {
    let title = forms.first().and_then(|form| form.title.first()).map(String::as_str).unwrap_or_default();
    let document = Document::new(Form::Plan, title);
    let tables: Vec<Vec<Table>> = forms.iter().map(tables).collect();
    for table in tables.iter().flatten() {
        table.check()?;
    }
    let mut nodes: Vec<Node<'_>> = Vec::new();
    let mut section = Section { form: true, ..Section::default() };
    for (place, (form, tables)) in forms.iter().zip(&tables).enumerate() {
        if place > 0 {
            end(section, &mut nodes);
        }
        section = Section { orientation: orientation(form), form: true, ..Section::default() };
        form_nodes(form, tables, &mut nodes);
    }
    let bytes = body::write(&document.faces, &nodes, section);
    parts::package(&document, Body { bytes, lists: 0, letter_line: None, forms: true })
}

fn orientation(form: &PrintedForm) -> Orientation {
    if form.wide { Orientation::Landscape } else { Orientation::Portrait }
}

fn line(text: &str) -> Para {
    Para::text("FormLine", normalise(text))
}

fn form_nodes<'a>(form: &PrintedForm, tables: &'a [Table], nodes: &mut Vec<Node<'a>>) {
    for (place, table) in tables.iter().enumerate() {
        let begin = nodes.len();
        if !form.label.is_empty() {
            nodes.push(Node::Paragraph(Para::text("AnnexLabel", normalise(&form.label))));
        }
        if tables.len() > 1 {
            let which = line(&format!("第{}张，共{}张", place + 1, tables.len()));
            nodes.push(Node::Paragraph(which.look(|look| look.jc = Some("right"))));
        }
        for (at, text) in form.title.iter().enumerate() {
            let para = if at == 0 { Para::text("FormTitle", normalise(text)) } else { line(text) };
            nodes.push(Node::Paragraph(para.look(|look| look.keep_next = true)));
        }
        if nodes.len() == begin {
            nodes.push(Node::Paragraph(Para::nothing()));
        }
        if let Some(Node::Paragraph(first)) = nodes.get_mut(begin) {
            first.look.page_break_before = place > 0;
        }
        nodes.push(Node::Table(table));
    }
    let mut before = Some(LINE / 4);
    for text in &form.foot {
        nodes.push(Node::Paragraph(line(text).look(|look| {
            look.before = before.take();
            look.keep_next = !form.signed.is_empty();
        })));
    }
    let mut before = Some(LINE / 2);
    for text in &form.signed {
        nodes.push(Node::Paragraph(line(text).look(|look| {
            look.jc = Some("right");
            look.right = Some(LINE);
            look.before = before.take();
        })));
    }
    if form.foot.is_empty() && form.signed.is_empty() {
        nodes.push(Node::Paragraph(Para::nothing()));
    }
}

/// Every form ends with a paragraph, which ends its section.
fn end(section: Section, nodes: &mut [Node<'_>]) {
    if let Some(Node::Paragraph(last)) = nodes.last_mut() {
        last.section = Some(section);
    }
}

/// The tables of a form: one, or several beside each other when it lies across and is too wide.
fn tables(form: &PrintedForm) -> Vec<Table> {
    let section = Section { orientation: orientation(form), form: true, ..Section::default() };
    let room = section.room() as f64 * 25.4 / 1_440.0;
    let widths: Vec<f64> = column_widths(&form.sheet).into_iter().map(|width| width * CHARACTER).collect();
    let kept = if form.wide { usize::from(form.kept).min(widths.len()) } else { 0 };
    let kept_width: f64 = widths[..kept].iter().sum();
    let parts = match form.wide && widths.iter().sum::<f64>() > room * SQUEEZE {
        true => divided(&widths[kept..], (room - kept_width).max(room / 3.0)),
        false => vec![widths.len() - kept],
    };
    let mut first = kept;
    let mut tables = Vec::new();
    for count in parts {
        let columns: Vec<usize> = (0..kept).chain(first..first + count).collect();
        first += count;
        let sum: f64 = columns.iter().map(|column| widths[*column]).sum();
        tables.push(Table {
            widths: columns.iter().map(|column| widths[*column] * room / sum.max(1.0)).collect(),
            header_rows: if form.groups.is_empty() { 1 } else { 2 },
            rows: headings(form, &columns).into_iter().chain(rows(form, &columns)).collect(),
            points: POINTS,
            caption: None,
        });
    }
    tables
}

/// How many columns stand on each of the tables, so that they are much of a width.
fn divided(widths: &[f64], room: f64) -> Vec<usize> {
    let total: f64 = widths.iter().sum();
    let each = total / (total / room).ceil().max(1.0);
    let mut parts: Vec<usize> = vec![0];
    let (mut so_far, mut end) = (0.0, each);
    for width in widths {
        // A column stands where its middle is.
        if so_far + width / 2.0 > end && parts.last().is_some_and(|count| *count > 0) {
            parts.push(0);
            end += each;
        }
        so_far += width;
        *parts.last_mut().expect("one at least") += 1;
    }
    parts
}

/// One row of headings, or two with groups; a group that is divided has its words on both sides.
fn headings(form: &PrintedForm, columns: &[usize]) -> Vec<Vec<Cell>> {
    let own = |column: usize| Cell::centred(form.sheet.columns[column].heading.as_str());
    if form.groups.is_empty() {
        return vec![columns.iter().map(|column| own(*column)).collect()];
    }
    // The group of each column, and whether it has words.
    let groups: Vec<(usize, &str)> = form
        .groups
        .iter()
        .enumerate()
        .flat_map(|(no, (words, count))| std::iter::repeat_n((no, words.as_str()), *count))
        .collect();
    let group = |column: usize| groups.get(column).copied().unwrap_or((usize::MAX, ""));
    let (mut above, mut below) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < columns.len() {
        let (no, words) = group(columns[at]);
        if words.is_empty() {
            above.push(own(columns[at]).spanning(1, 2));
            at += 1;
            continue;
        }
        let count = columns[at..].iter().take_while(|column| group(**column).0 == no).count();
        above.push(Cell::centred(words).spanning(count, 1));
        below.extend(columns[at..at + count].iter().map(|column| own(*column)));
        at += count;
    }
    vec![above, below]
}

fn rows(form: &PrintedForm, columns: &[usize]) -> Vec<Vec<Cell>> {
    let rows = &form.sheet.rows;
    let is_filled =
        |row: usize, column: usize| rows[row].get(column).is_some_and(|cell| !matches!(cell, table::Cell::Empty));
    // Cells of the joined columns reach down over the blank ones below them.
    let reach = |row: usize, column: usize| {
        (row + 1..rows.len()).find(|next| is_filled(*next, column)).unwrap_or(rows.len()) - row
    };
    let covered = |row: usize, column: usize| {
        form.joined.contains(&column) && !is_filled(row, column) && (0..row).any(|above| is_filled(above, column))
    };
    let cell = |row: usize, column: usize| {
        let text = text_of(rows[row].get(column).unwrap_or(&table::Cell::Empty));
        let joined = form.joined.contains(&column);
        let number = form.sheet.columns[column].kind != ColumnKind::Text;
        let align = if joined || number { Align::Centre } else { Align::Left };
        let down = if joined && is_filled(row, column) { reach(row, column) } else { 1 };
        Cell { align, ..Cell::new(text).spanning(1, down) }
    };
    let of_row =
        |row: usize| columns.iter().filter(|column| !covered(row, **column)).map(|column| cell(row, *column)).collect();
    (0..rows.len()).map(of_row).collect()
}

fn text_of(cell: &table::Cell) -> String {
    match cell {
        table::Cell::Empty => String::new(),
        table::Cell::Text(text) => text.clone(),
        table::Cell::Integer(number) => grouped(*number),
        table::Cell::Number(number) if number.is_finite() => format!("{number:.1}"),
        table::Cell::Number(_) => String::new(),
        table::Cell::Date(date) => date.to_string(),
    }
}

/// `1,284`
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_tables_are_divided_into_parts_of_much_the_same_width() {
        assert_eq!(divided(&[20.0; 44], 200.0), [9, 9, 8, 9, 9]);
        assert_eq!(divided(&[20.0; 3], 200.0), [3]);
        assert_eq!(divided(&[500.0, 20.0], 200.0).iter().sum::<usize>(), 2);
        assert_eq!(divided(&[], 200.0), [0]);
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(["0", "-1,284", "12,345,678"], [0, -1_284, 12_345_678].map(grouped).each_ref().map(String::as_str));
    }
}
