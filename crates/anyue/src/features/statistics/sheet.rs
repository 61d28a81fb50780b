//! A week's form of every unit of a tree: what pages show, what is exported, and what is frozen.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::form::{Form, Slot};
use super::model::{Cell, Span, SpanFigures};
use super::weeks::Week;
use crate::features::units::api::{UnitKind, UnitRef};
use crate::platform::ids::UnitId;

/// The form of one unit: with everything below it, where there is anything below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitSheet {
    /// The unit.
    pub id: UnitId,
    /// Its name then.
    pub name: String,
    /// Its kind.
    pub kind: UnitKind,
    /// The unit above, when it is on the sheet too.
    pub parent: Option<UnitId>,
    /// 填报人
    pub filler: String,
    /// 联系电话
    pub phone: String,
    /// 本周, by slot of [`Form::slots_on`].
    pub week: Vec<Cell>,
    /// 累计
    pub total: Vec<Cell>,
    /// What the unit did itself, where there are others below it: 本周 and 累计.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<(Vec<Cell>, Vec<Cell>)>,
}

impl UnitSheet {
    /// The cells of a span.
    pub fn cells(&self, span: Span) -> &[Cell] {
        match span {
            Span::Week => &self.week,
            Span::Total => &self.total,
        }
    }

    /// What it did itself; all of it when there is nothing below it.
    pub fn own_cells(&self, span: Span) -> &[Cell] {
        match (&self.own, span) {
            (None, span) => self.cells(span),
            (Some((week, _)), Span::Week) => week,
            (Some((_, total)), Span::Total) => total,
        }
    }
}

/// A special activity that is told of in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Highlight {
    /// The units that held it, the host first.
    pub units: Vec<UnitId>,
    /// The day.
    pub held_on: Date,
    /// Its title.
    pub title: String,
}

/// A figure that a person has set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What stands instead.
    pub amount: Option<i64>,
    /// Words that stand instead.
    pub body: String,
    /// What the records say now.
    pub now: Option<i64>,
}

impl Standing {
    fn difference(&self) -> i64 {
        self.amount.unwrap_or_default() - self.now.unwrap_or_default()
    }
}

/// The corrections that matter up to a week: by unit, slot and span, each with its last day.
#[derive(Clone, Debug, Default)]
pub struct Standings(BTreeMap<(UnitId, String, &'static str), BTreeMap<Date, Standing>>);

impl Standings {
    /// Adds one.
    pub fn add(&mut self, unit: UnitId, slot: String, span: Span, until: Date, standing: Standing) {
        self.0.entry((unit, slot, span.code())).or_default().insert(until, standing);
    }

    fn of(&self, unit: &UnitId, slot: &str, span: Span) -> Option<&BTreeMap<Date, Standing>> {
        self.0.get(&(unit.clone(), slot.to_owned(), span.code()))
    }

    fn touches(&self, slot: &str) -> bool {
        self.0.keys().any(|(_, own, _)| own == slot)
    }

    /// The last days of weeks in which something was corrected.
    fn week_days(&self, slot: &str) -> Vec<Date> {
        let weeks = self.0.iter().filter(|((_, own, span), _)| own == slot && *span == Span::Week.code());
        let mut days: Vec<Date> = weeks.flat_map(|(_, by_day)| by_day.keys().copied()).collect();
        days.sort();
        days.dedup();
        days
    }
}

/// Everything that the forms of a week are made from.
#[derive(Clone, Debug)]
pub struct Basis {
    /// The form.
    pub form: Form,
    /// The week.
    pub week: Week,
    /// The units, each one followed by those below it; the top first.
    pub units: Vec<UnitRef>,
    /// Figures of the week.
    pub of_week: SpanFigures,
    /// Figures from the beginning to the end of the week.
    pub of_total: SpanFigures,
    /// Special activities from the beginning to the end of the week.
    pub highlights: Vec<Highlight>,
    /// What was corrected.
    pub standings: Standings,
    /// Who fills the form in, by unit: name and telephone.
    pub fillers: HashMap<UnitId, (String, String)>,
}

impl Basis {
    /// A unit of the sheet.
    pub fn unit(&self, id: &UnitId) -> Option<&UnitRef> {
        self.units.iter().find(|unit| unit.id == *id)
    }

    /// The units directly below one.
    pub fn children<'a>(&'a self, id: &'a UnitId) -> impl Iterator<Item = &'a UnitRef> {
        self.units.iter().filter(move |unit| unit.parent_id.as_ref() == Some(id))
    }

    fn figures(&self, span: Span) -> &SpanFigures {
        match span {
            Span::Week => &self.of_week,
            Span::Total => &self.of_total,
        }
    }

    /// The form of a unit and of everything below it.
    pub fn sheet_of(&self, unit: &UnitRef) -> UnitSheet {
        let below = self.children(&unit.id).next().is_some() && self.of_total.whole().is_none();
        let slots = self.form.slots_on();
        let cells = |span| self.cells(unit, &slots, span, below);
        let own = below.then(|| (self.own_cells(unit, &slots, Span::Week), self.own_cells(unit, &slots, Span::Total)));
        let (filler, phone) = self.fillers.get(&unit.id).cloned().unwrap_or_default();
        UnitSheet {
            id: unit.id.clone(),
            name: unit.name.clone(),
            kind: unit.kind,
            parent: unit.parent_id.clone().filter(|parent| self.unit(parent).is_some()),
            filler,
            phone,
            week: cells(Span::Week),
            total: cells(Span::Total),
            own,
        }
    }

    fn own_cells(&self, unit: &UnitRef, slots: &[&Slot], span: Span) -> Vec<Cell> {
        let (own, zero) = (self.figures(span).of_unit(&unit.id), self.figures(span).zero(|id| *id == unit.id));
        slots.iter().map(|slot| self.with_words(own.cell(slot, zero), slot, span, |id| *id == unit.id)).collect()
    }

    fn cells(&self, unit: &UnitRef, slots: &[&Slot], span: Span, below: bool) -> Vec<Cell> {
        let inside: std::collections::HashSet<&UnitId> =
            self.units.iter().filter(|one| one.path.starts_with(&unit.path)).map(|one| &one.id).collect();
        let all = self.figures(span);
        let figures = match all.whole() {
            Some(whole) => whole.clone(),
            None if below => all.of(|id| inside.contains(id)),
            None => all.of_unit(&unit.id),
        };
        let zero = all.zero(|id| inside.contains(id));
        let mut cells: Vec<Cell> = slots
            .iter()
            .map(|slot| {
                let cell = self.with_words(figures.cell(slot, zero), slot, span, |id| inside.contains(id));
                self.corrected(cell, &unit.id, slot, span)
            })
            .collect();
        self.ratios_of_corrected_parts(slots, &mut cells);
        cells
    }

    /// Words of a slot that holds words: the special activities of these units, those of the week or all.
    fn with_words(&self, cell: Cell, slot: &Slot, span: Span, inside: impl Fn(&UnitId) -> bool) -> Cell {
        if !slot.is_text() {
            return cell;
        }
        let told = self.highlights.iter().filter(|one| one.units.iter().any(&inside));
        let told = told.filter(|one| span == Span::Total || one.held_on >= self.week.from);
        let several = self.units.iter().filter(|unit| inside(&unit.id)).nth(1).is_some();
        let words: Vec<String> = told
            .map(|one| match one.units.first().and_then(|id| self.unit(id)).filter(|_| several) {
                Some(unit) => format!("{}：{}", unit.name, one.title),
                None => one.title.clone(),
            })
            .collect();
        Cell { text: words.join("；"), ..cell }
    }

    fn corrected(&self, mut cell: Cell, unit: &UnitId, slot: &Slot, span: Span) -> Cell {
        if !self.standings.touches(&slot.code) {
            return cell;
        }
        let exact = self.standings.of(unit, &slot.code, span).and_then(|days| days.get(&self.week.until));
        if slot.is_text() {
            if let Some(standing) = exact {
                (cell.text, cell.corrected) = (standing.body.clone(), true);
            }
            return cell;
        }
        let difference = match span {
            Span::Week => self.week_difference(unit, &slot.code, self.week.until),
            Span::Total => self.total_difference(unit, &slot.code),
        };
        if exact.is_some() || difference != 0 {
            (cell.corrected, cell.computed) = (true, cell.value);
            cell.value = Some(cell.value.unwrap_or_default() + difference);
        }
        cell
    }

    /// By how much the week that ends on a day differs from what was computed: set for this unit, else for units
    /// below it.
    fn week_difference(&self, unit: &UnitId, slot: &str, until: Date) -> i64 {
        match self.standings.of(unit, slot, Span::Week).and_then(|days| days.get(&until)) {
            Some(standing) => standing.difference(),
            None => self.children(unit).map(|child| self.week_difference(&child.id, slot, until)).sum(),
        }
    }

    /// By how much 累计 differs: what was set for it last, and what was set for weeks after that.
    fn total_difference(&self, unit: &UnitId, slot: &str) -> i64 {
        let weeks = self.standings.week_days(slot);
        let own = self.standings.of(unit, slot, Span::Total);
        if let Some((day, standing)) = own.and_then(|days| days.range(..=self.week.until).next_back()) {
            let later = weeks.iter().filter(|until| *until > day && **until <= self.week.until);
            return standing.difference() + later.map(|until| self.week_difference(unit, slot, *until)).sum::<i64>();
        }
        let below: i64 = self.children(unit).map(|child| self.total_difference(&child.id, slot)).sum();
        let set_here = weeks.iter().filter(|until| **until <= self.week.until).map(|until| {
            let below: i64 = self.children(unit).map(|child| self.week_difference(&child.id, slot, *until)).sum();
            self.week_difference(unit, slot, *until) - below
        });
        below + set_here.sum::<i64>()
    }

    /// A ratio follows from its parts: where slots of the same source hold them and were corrected, from these.
    fn ratios_of_corrected_parts(&self, slots: &[&Slot], cells: &mut [Cell]) {
        for at in 0..slots.len() {
            let Some(slot) = slots.get(at).filter(|slot| slot.is_ratio()) else { continue };
            let parts: Vec<Option<usize>> = slot
                .source
                .measures()
                .iter()
                .map(|measure| {
                    slots.iter().position(|other| {
                        other.source.measures() == std::slice::from_ref(measure)
                            && other.source.kinds == slot.source.kinds
                            && other.source.facet == slot.source.facet
                    })
                })
                .collect();
            let [Some(part), Some(whole)] = parts[..] else { continue };
            if cells[part].corrected || cells[whole].corrected {
                cells[at].corrected = true;
                (cells[at].value, cells[at].whole) = (cells[part].value, cells[whole].value);
            }
        }
    }
}
