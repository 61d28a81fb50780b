//! The not-yet board: units by duties, each cell one of four words. Pure: rows in, board out.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;

use super::filter::Filter;
use crate::features::duties::api::{
    BoardState, Cell, Duty, DutyId, DutyKind, OccurrenceId, STANDING, Schedule, State, SubmissionId, Tally,
};
use crate::features::units::api::{UnitKind, UnitRef};
use crate::platform::text_key::text_key;

/// A duty on the board, at one of its dates.
#[derive(Clone, Debug)]
pub struct Column {
    /// The duty.
    pub id: DutyId,
    /// What sort.
    pub kind: DutyKind,
    /// A few words.
    pub title: String,
    /// Which of its occurrences is shown; empty when there is only one.
    pub period_key: String,
    /// When it is due.
    pub due_at: Option<i64>,
    /// It comes round again.
    pub repeating: bool,
    /// Reports at any time are counted, none is missing.
    pub ad_hoc: bool,
    /// The date before the one shown.
    pub previous: Option<Date>,
    /// The date after the one shown.
    pub next: Option<Date>,
    /// All dates are searched, and each unit shows the first that was looked for.
    pub every_date: bool,
}

/// How a unit stands with a duty.
#[derive(Clone, Debug, Default)]
pub struct Mark {
    /// The word; none where nothing is owed.
    pub word: Option<BoardState>,
    /// Open or sent back, and over time.
    pub overdue: bool,
    /// Came too late.
    pub late: bool,
    /// Received and not yet looked at.
    pub waiting: bool,
    /// A later time granted.
    pub extended_until: Option<i64>,
    /// When the submission was sent.
    pub submitted_at: Option<i64>,
    /// Which occurrence.
    pub occurrence_id: Option<OccurrenceId>,
    /// What was handed in.
    pub submission_id: Option<SubmissionId>,
    /// Reports at any time: how many.
    pub count: i64,
    /// The day it was due, told when the heading cannot tell it.
    pub day: Option<i64>,
    /// How many dates are over time, those not shown included.
    pub overdue_dates: i64,
    /// How many submissions wait for review, those of dates not shown included.
    pub waiting_dates: i64,
    /// The first date over time of a duty that comes round again.
    pub first_overdue: Option<Box<Mark>>,
    /// The first submission that waits, of a duty with more than one.
    pub first_waiting: Option<Box<Mark>>,
}

/// A unit on the board.
#[derive(Clone, Debug)]
pub struct Row {
    /// The unit.
    pub unit: UnitRef,
    /// One for each column.
    pub marks: Vec<Mark>,
}

impl Row {
    /// Whether the unit still owes something shown.
    pub fn is_owing(&self) -> bool {
        self.marks.iter().any(|mark| matches!(mark.word, Some(BoardState::NotYet | BoardState::Returned)))
    }
}

/// The board.
#[derive(Clone, Debug, Default)]
pub struct Board {
    /// Duties, in the campaign's order.
    pub columns: Vec<Column>,
    /// Units, in the order of the unit list.
    pub rows: Vec<Row>,
    /// The four words, counted over what is shown; reports at any time are not among them.
    pub tally: Tally,
    /// The four words over all dates, as the overview and the list of campaigns count them.
    pub all_dates: Tally,
    /// Of those not yet received or sent back: over time, on whatever date.
    pub overdue: i64,
    /// Received and waiting for review, on whatever date.
    pub waiting: i64,
    /// Units that owe something now: what is overdue and what comes next, whatever date is shown.
    pub owing_units: usize,
    /// A day that leads to the date before those shown.
    pub previous: Option<Date>,
    /// A day that leads to the date after those shown.
    pub next: Option<Date>,
}

/// Puts the board together.
pub fn build(units: Vec<UnitRef>, duties: &[Duty], cells: Vec<Cell>, now: i64, on: Option<Date>) -> Board {
    let today = calendar::to_local(now).unwrap_or_default().date();
    let mut dates: HashMap<&str, BTreeMap<&str, Option<i64>>> = HashMap::new();
    for cell in cells.iter().filter(|cell| !cell.period_key.starts_with(STANDING)) {
        let due = dates.entry(&cell.duty_id).or_default().entry(&cell.period_key).or_default();
        *due = cell.due_at.max(*due);
    }
    let mut board = Board::default();
    for duty in duties {
        let ad_hoc = matches!(duty.schedule, Schedule::AdHoc);
        let repeating = matches!(duty.schedule, Schedule::Repeating(_) | Schedule::Dates(_));
        let mut column = Column {
            id: duty.id.clone(),
            kind: duty.kind,
            title: duty.title.clone(),
            period_key: String::new(),
            due_at: None,
            repeating: false,
            ad_hoc,
            previous: None,
            next: None,
            every_date: false,
        };
        match dates.get(duty.id.as_str()) {
            _ if ad_hoc => {}
            None => continue,
            Some(dates) if repeating => {
                let mut sorted: Vec<(Date, &str, i64)> =
                    dates.iter().filter_map(|(key, due)| Some((day(*due)?, *key, (*due)?))).collect();
                sorted.sort_unstable();
                let from = on.unwrap_or(today);
                let shown = sorted.iter().position(|(date, ..)| *date >= from).unwrap_or(sorted.len().max(1) - 1);
                if let Some((_, key, due)) = sorted.get(shown) {
                    (column.period_key, column.due_at) = ((*key).to_owned(), Some(*due));
                }
                column.previous = shown.checked_sub(1).and_then(|n| sorted.get(n)).map(|(date, ..)| *date);
                column.next = sorted.get(shown + 1).map(|(date, ..)| *date);
                column.repeating = true;
            }
            Some(dates) => column.due_at = dates.values().copied().max().flatten(),
        }
        board.columns.push(column);
    }
    let next = |duty: &str| dates.get(duty)?.values().copied().flatten().filter(|due| *due >= now).min();
    let repeating: HashSet<&str> =
        board.columns.iter().filter(|column| column.repeating).map(|column| column.id.as_str()).collect();
    let next: HashMap<&str, i64> = repeating.iter().filter_map(|duty| Some((*duty, next(duty)?))).collect();
    let owing: HashSet<&str> = cells
        .iter()
        .filter(|cell| matches!(cell.on_board(), Some(BoardState::NotYet | BoardState::Returned)))
        .filter(|cell| next.get(cell.duty_id.as_str()).is_none_or(|next| cell.due_at.is_none_or(|due| due <= *next)))
        .map(|cell| cell.unit_id.as_str())
        .collect();
    let owing_units = units.iter().filter(|unit| owing.contains(unit.id.as_str())).count();
    board.owing_units = owing_units;

    let columns: HashMap<String, usize> =
        board.columns.iter().enumerate().map(|(n, column)| (column.id.0.clone(), n)).collect();
    let rows: HashMap<String, usize> = units.iter().enumerate().map(|(n, unit)| (unit.id.0.clone(), n)).collect();
    let width = board.columns.len();
    board.rows = units.into_iter().map(|unit| Row { unit, marks: vec![Mark::default(); width] }).collect();
    for cell in cells {
        let Some(row) = rows.get(&cell.unit_id) else { continue };
        if let Some(word) = cell.on_board() {
            board.all_dates.add(word, 1);
        }
        let Some(column) = columns.get(&cell.duty_id).copied() else { continue };
        let (shown, mark) = (&board.columns[column], &mut board.rows[*row].marks[column]);
        mark.look_for(&cell, shown.repeating || shown.ad_hoc, now);
        if shown.ad_hoc {
            mark.count += i64::from(cell.on_board() == Some(BoardState::Received));
            if cell.on_board().is_some() && cell.submitted_at >= mark.submitted_at {
                mark.submission_id = cell.submission_id.map(SubmissionId);
                mark.submitted_at = cell.submitted_at;
            }
            continue;
        }
        if cell.period_key.starts_with(STANDING) || (shown.repeating && cell.period_key != shown.period_key) {
            continue;
        }
        mark.show(cell, now);
    }
    board.step();
    board.count();
    board
}

impl Mark {
    /// What is shown in the cell; what was found on other dates stays.
    fn show(&mut self, cell: Cell, now: i64) {
        self.word = cell.on_board();
        self.overdue = cell.is_overdue(now);
        self.late = cell.late.unwrap_or_default() && self.word == Some(BoardState::Received);
        self.waiting = cell.state == State::Submitted;
        self.extended_until = cell.extended_until;
        self.submitted_at = cell.submitted_at;
        self.occurrence_id = Some(OccurrenceId(cell.occurrence_id));
        self.submission_id = cell.submission_id.map(SubmissionId);
    }

    /// Counts what is over time and what waits for review on any date, and keeps the first of each when the duty
    /// has `many` occurrences.
    fn look_for(&mut self, cell: &Cell, many: bool, now: i64) {
        let (overdue, waiting) = (cell.is_overdue(now), cell.state == State::Submitted);
        self.overdue_dates += i64::from(overdue);
        self.waiting_dates += i64::from(waiting);
        for (found, kept) in [(overdue, &mut self.first_overdue), (waiting, &mut self.first_waiting)] {
            let day = cell.due_at.or(cell.submitted_at);
            if found && many && kept.as_ref().is_none_or(|kept| day < kept.day) {
                let mut mark = Mark::default();
                mark.show(cell.clone(), now);
                mark.day = day;
                *kept = Some(Box::new(mark));
            }
        }
    }

    /// The first date that was looked for, in place of the date shown.
    fn first(mut self, filter: &Filter) -> Self {
        let (first, dates) = if filter.overdue {
            (self.first_overdue.take(), self.overdue_dates)
        } else {
            (self.first_waiting.take(), self.waiting_dates)
        };
        let mut first = first.map(|first| *first).unwrap_or_default();
        (first.overdue_dates, first.waiting_dates) = (self.overdue_dates, self.waiting_dates);
        first.count = dates;
        first
    }
}

fn day(due: Option<i64>) -> Option<Date> {
    due.and_then(calendar::to_local).map(|due| due.date())
}

impl Board {
    fn count(&mut self) {
        (self.tally, self.overdue, self.waiting) = (Tally::default(), 0, 0);
        for mark in self.rows.iter().flat_map(|row| &row.marks) {
            if let Some(word) = mark.word {
                self.tally.add(word, 1);
            }
            self.overdue += mark.overdue_dates;
            self.waiting += mark.waiting_dates;
        }
    }

    /// Where the dates before and after lead, for the duties shown.
    fn step(&mut self) {
        self.previous = self.columns.iter().filter_map(|column| column.previous).max();
        self.next = self.columns.iter().filter_map(|column| column.next).min();
    }

    /// Shows, of duties with many dates, the first that is over time or waits, wherever it lies.
    fn seek(&mut self, filter: &Filter) {
        for column in &mut self.columns {
            column.every_date = column.repeating || (column.ad_hoc && filter.waiting);
            if column.every_date {
                column.due_at = None;
            }
        }
        for row in &mut self.rows {
            for (mark, _) in row.marks.iter_mut().zip(&self.columns).filter(|(_, column)| column.every_date) {
                *mark = std::mem::take(mark).first(filter);
            }
        }
        (self.previous, self.next) = (None, None);
    }

    /// The part that is asked for. The figures are those of the chosen duty, kind and name, so that each of them
    /// can be pressed to see its units.
    #[must_use]
    pub fn filtered(mut self, filter: &Filter) -> Self {
        if let Some(duty) = &filter.duty {
            let keep: Vec<bool> = self.columns.iter().map(|column| column.id == *duty).collect();
            let mut kept = keep.iter();
            self.columns.retain(|_| *kept.next().unwrap_or(&false));
            for row in &mut self.rows {
                let mut kept = keep.iter();
                row.marks.retain(|_| *kept.next().unwrap_or(&false));
            }
            self.rows.retain(|row| row.marks.iter().any(|mark| mark.word.is_some() || mark.count > 0));
            self.step();
        }
        let search = text_key(&filter.search);
        self.rows.retain(|row| {
            filter.kind.is_none_or(|kind| row.unit.kind == kind)
                && (search.is_empty() || text_key(&row.unit.name).contains(&search))
        });
        self.count();
        if filter.overdue || filter.waiting {
            self.seek(filter);
        }
        self.rows.retain(|row| {
            filter.word.is_none_or(|word| row.marks.iter().any(|mark| mark.word == Some(word)))
                && (!filter.overdue || row.marks.iter().any(|mark| mark.overdue_dates > 0))
                && (!filter.waiting || row.marks.iter().any(|mark| mark.waiting_dates > 0))
                && (!filter.owing || row.is_owing())
        });
        self
    }

    /// The rows by kind of unit, kinds in their order, units in theirs.
    pub fn groups(&self) -> Vec<(UnitKind, Vec<&Row>)> {
        UnitKind::ALL
            .iter()
            .copied()
            .map(|kind| (kind, self.rows.iter().filter(|row| row.unit.kind == kind).collect::<Vec<_>>()))
            .filter(|(_, rows)| !rows.is_empty())
            .collect()
    }

    /// Kinds of units on the board.
    pub fn kinds(&self) -> Vec<UnitKind> {
        self.groups().into_iter().map(|(kind, _)| kind).collect()
    }
}

/// The present of [`sample`]: 13 June 2022, 08:30.
#[cfg(any(test, feature = "testing"))]
pub(super) const SAMPLE_NOW: i64 = 1_655_080_200_000;

/// A board to look at.
#[cfg(any(test, feature = "testing"))]
pub(super) fn sample() -> Board {
    let day = 86_400_000;
    let column = |id: &str, title: &str, due: Option<i64>, repeating| Column {
        id: id.into(),
        kind: DutyKind::Submit,
        title: title.to_owned(),
        period_key: String::new(),
        due_at: due,
        repeating,
        ad_hoc: due.is_none(),
        previous: repeating.then(|| "2022-06-09".parse().unwrap_or_default()),
        next: repeating.then(|| "2022-06-23".parse().unwrap_or_default()),
        every_date: false,
    };
    let unit = |n: usize, name: &str, kind| UnitRef {
        id: format!("u{n}").as_str().into(),
        parent_id: None,
        path: format!("u{n}/"),
        kind,
        name: name.to_owned(),
        industry: String::new(),
    };
    let words = [
        BoardState::Received,
        BoardState::Received,
        BoardState::NotYet,
        BoardState::Returned,
        BoardState::NotApplicable,
    ];
    let names = [
        ("东沟村", UnitKind::Village),
        ("西沟村", UnitKind::Village),
        ("北山村", UnitKind::Village),
        ("云岭铁矿有限责任公司", UnitKind::Mine),
        ("农牧和乡村振兴办公室", UnitKind::Department),
        ("青龙山镇中心小学", UnitKind::School),
    ];
    let mut board = Board {
        columns: vec![
            column("d1", "签收通知", Some(SAMPLE_NOW - day), false),
            column("d2", "报送联络员反馈表和活动方案", Some(SAMPLE_NOW + 7 * day), false),
            column("d3", "每周四上午报送活动情况", Some(SAMPLE_NOW + 3 * day), true),
            column("d4", "大型活动随时报送", None, false),
        ],
        owing_units: 4,
        ..Board::default()
    };
    for (n, (name, kind)) in names.into_iter().enumerate() {
        let marks = (0..4)
            .map(|column| {
                let word = words[(n * 2 + column) % 5];
                Mark {
                    word: (column < 3).then_some(word),
                    overdue: column == 0 && word == BoardState::NotYet,
                    overdue_dates: i64::from(column == 0 && word == BoardState::NotYet),
                    late: n == 1 && word == BoardState::Received,
                    extended_until: (n == 2).then_some(SAMPLE_NOW + 5 * day),
                    occurrence_id: (column < 3).then(|| "o1".into()),
                    submission_id: (column == 3 && n % 2 == 0).then(|| "s1".into()),
                    count: i64::from(column == 3 && n % 2 == 0),
                    ..Mark::default()
                }
            })
            .collect();
        board.rows.push(Row { unit: unit(n, name, kind), marks });
    }
    board.step();
    board.count();
    board.all_dates = board.tally;
    board
}
