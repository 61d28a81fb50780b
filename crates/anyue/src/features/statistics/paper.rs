//! A unit's form as it is printed: lines of a table, or sentences with blanks.

use super::form::{Form, Layout, Slot};
use super::model::{Cell, Span};
use crate::features::records::api::grouped;

/// A blank that has been filled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blank {
    /// Code of its slot.
    pub slot: String,
    /// What it is, for those who do not see its place.
    pub label: String,
    /// As printed: `1,284`, `—`.
    pub text: String,
    /// What is counted.
    pub unit: String,
    /// Where the records behind it are listed; empty when there are none to list.
    pub href: String,
    /// A person has corrected it.
    pub corrected: bool,
    /// What has been reported and waits for review: `1`; empty when nothing does.
    pub waiting: String,
    /// Of a frozen form: what it would be now, where that differs.
    pub now: String,
}

impl Blank {
    /// Its name without that of its row.
    pub fn name(&self) -> &str {
        self.label.split_once('，').map_or(&self.label, |(_, name)| name)
    }
}

/// A line of the table: what stands side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What it is about.
    pub label: String,
    /// 场次
    pub sessions: Option<Blank>,
    /// 参与人次
    pub people: Option<Blank>,
    /// Anything else that is counted.
    pub other: Option<Blank>,
    /// Words.
    pub words: Option<Blank>,
}

impl Line {
    /// Its blanks in order, each with the words before it.
    pub fn blanks(&self) -> Vec<(&str, &Blank)> {
        let first = |blank| (self.label.as_str(), blank);
        let mut blanks: Vec<(&str, &Blank)> =
            [&self.sessions, &self.other, &self.words].into_iter().flatten().map(first).collect();
        if let Some(people) = &self.people {
            blanks.push((if blanks.is_empty() { self.label.as_str() } else { "，参与" }, people));
        }
        blanks
    }
}

/// A row of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaperRow {
    /// Its number on the paper.
    pub no: usize,
    /// 活动项目
    pub label: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// A unit's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// 附件2
    pub label: String,
    /// Title.
    pub title: String,
    /// 填报单位
    pub unit: String,
    /// 填报人
    pub filler: String,
    /// 联系电话
    pub phone: String,
    /// 统计时段
    pub span: String,
    /// 填报时间
    pub filled_on: String,
    /// 填表说明
    pub notes: String,
    /// How it is laid out.
    pub layout: Layout,
    /// Its rows.
    pub rows: Vec<PaperRow>,
}

impl Paper {
    /// Numbers that nobody has reported lead somewhere as well: where a person may set them.
    pub fn open_empty(&mut self, href: impl Fn(&str) -> String) {
        for line in self.rows.iter_mut().flat_map(|row| &mut row.lines) {
            let blanks = [&mut line.words, &mut line.sessions, &mut line.people, &mut line.other];
            for blank in blanks.into_iter().flatten().filter(|blank| blank.href.is_empty()) {
                blank.href = href(&blank.slot);
            }
        }
    }
}

/// `启动仪式：参与` stands beside `启动仪式`.
const PEOPLE: &str = "：参与";

/// The rows of a form, filled. `href` leads to the records behind a slot; `now` are the cells as they would be now.
pub fn rows(form: &Form, cells: &[Cell], now: Option<&[Cell]>, href: impl Fn(&Slot) -> String) -> Vec<PaperRow> {
    let mut at = 0;
    let mut rows = Vec::new();
    for (no, (row, slots)) in (1..).zip(form.rows_on()) {
        let mut lines: Vec<Line> = Vec::new();
        for slot in slots {
            let empty = Cell::default();
            let cell = cells.get(at).unwrap_or(&empty);
            let changed = now.and_then(|now| now.get(at)).filter(|now| !now.says_the_same(cell, slot));
            at += 1;
            let has_records = cell.value.is_some() || cell.waiting.is_some() || cell.corrected || !cell.text.is_empty();
            let blank = Blank {
                slot: slot.code.clone(),
                label: format!("{}，{}", row.label, slot.label),
                text: cell.printed(slot),
                unit: slot.unit.clone(),
                href: if has_records || changed.is_some() { href(slot) } else { String::new() },
                corrected: cell.corrected,
                waiting: cell.waiting.map(grouped).unwrap_or_default(),
                now: changed.map(|now| now.printed(slot)).unwrap_or_default(),
            };
            put(&mut lines, slot, blank);
        }
        rows.push(PaperRow { no, label: row.label.clone(), lines });
    }
    rows
}

fn put(lines: &mut Vec<Line>, slot: &Slot, blank: Blank) {
    let label = slot.label.strip_suffix(PEOPLE).unwrap_or(&slot.label);
    let mut line = Line { label: label.to_owned(), ..Line::default() };
    if slot.is_text() {
        line.words = Some(blank);
    } else if slot.source.field == "participants" {
        if let Some(last) = lines.last_mut().filter(|last| last.label == label && last.people.is_none()) {
            last.people = Some(blank);
            return;
        }
        line.people = Some(blank);
    } else if matches!(slot.unit.as_str(), "场次" | "场") {
        line.sessions = Some(blank);
    } else {
        line.other = Some(blank);
    }
    lines.push(line);
}

/// Words for what is counted: `6月10日至6月16日（本周）`.
pub fn span_in_words(days: &str, span: Span) -> String {
    format!("{days}（{}）", span.label())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_and_people_of_one_activity_stand_on_one_line() {
        let form = Form::built_in();
        let cells: Vec<Cell> = (0..45).map(|at| Cell { value: Some(at), ..Cell::default() }).collect();
        let rows = rows(&form, &cells, None, |slot| format!("/{}", slot.code));
        let kickoff = &rows[0];
        assert_eq!(kickoff.lines.len(), 2);
        assert_eq!(kickoff.lines[0].sessions.as_ref().unwrap().text, "0");
        assert_eq!(kickoff.lines[0].people.as_ref().unwrap().text, "1");
        assert_eq!(kickoff.lines[1].other.as_ref().unwrap().href, "/leader_n");
        let filled: usize = rows.iter().flat_map(|row| &row.lines).map(|line| line.blanks().len()).sum();
        assert_eq!(filled, form.slots_on().len());
        let numbers: Vec<usize> = rows.iter().map(|row| row.no).collect();
        assert_eq!(numbers, (1..=11).collect::<Vec<_>>());
    }

    #[test]
    fn what_would_be_different_now_stands_beside_what_was_frozen() {
        let form = Form::built_in();
        let cells = vec![Cell { value: Some(3), ..Cell::default() }, Cell::default()];
        let now = vec![Cell { value: Some(4), ..Cell::default() }, Cell::default()];
        let rows = rows(&form, &cells, Some(&now), |_| String::new());
        let line = &rows[0].lines[0];
        assert_eq!(
            (line.sessions.as_ref().unwrap().text.as_str(), line.sessions.as_ref().unwrap().now.as_str()),
            ("3", "4")
        );
        assert_eq!(line.people.as_ref().unwrap().now, "");
    }
}
