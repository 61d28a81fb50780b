//! What a table of units would do: a comparison of its rows with the units there are. Pure.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::rows::{Column, ImportRow, UnitTable};
use crate::features::units::facts::{Difference, Facts, Unit};
use crate::features::units::industries;
use crate::features::units::model::UnitKind;
use crate::platform::FieldErrors;
use crate::platform::ids::UnitId;
use crate::platform::text_key::text_key;

/// A cell that says 清空 takes a value away; a blank one leaves it as it is.
pub const CLEAR: &str = "清空";
/// Deepest nesting of units within one table.
const MAX_DEPTH: usize = 16;

/// A unit that stands above a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Above {
    /// A unit there is.
    Unit(UnitId),
    /// A new unit: index of its row.
    Row(usize),
}

/// What a row does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A new unit.
    New {
        /// What it comes to stand below.
        above: Above,
        /// What is known about it.
        facts: Box<Facts>,
    },
    /// A unit there is, changed.
    Changed {
        /// Which, as it is.
        unit: Box<Unit>,
        /// As it will be.
        facts: Box<Facts>,
        /// What differs.
        differences: Vec<Difference>,
    },
    /// A unit there is, as it is.
    Unchanged,
    /// Nothing: these are wrong.
    Faulty(Vec<Fault>),
}

/// What is wrong with a row, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Fault {
    /// Heading of the column.
    pub column: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

/// A row and what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRow {
    /// Row in the file.
    pub number: u32,
    /// Name as written.
    pub name: String,
    /// Name of what stands above, as written or as it is.
    pub parent: String,
    /// What it does.
    pub outcome: Outcome,
}

/// What a table does, row by row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// In the order of the table.
    pub rows: Vec<PlannedRow>,
}

/// How many rows do what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Tally {
    /// New units.
    pub added: i64,
    /// Changed units.
    pub changed: i64,
    /// Rows that say nothing new.
    pub unchanged: i64,
    /// Rows that are left out.
    pub faulty: i64,
}

impl Plan {
    /// How many rows do what.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for row in &self.rows {
            match row.outcome {
                Outcome::New { .. } => tally.added += 1,
                Outcome::Changed { .. } => tally.changed += 1,
                Outcome::Unchanged => tally.unchanged += 1,
                Outcome::Faulty(_) => tally.faulty += 1,
            }
        }
        tally
    }

    /// A short text that is another one when the plan is another one.
    pub fn fingerprint(&self) -> String {
        hex::encode(&Sha256::digest(format!("{:?}", self.rows).as_bytes())[..12])
    }
}

/// Compares a table with the active units of the town; `top` is the unit it is imported below.
pub fn plan(table: &UnitTable, units: &[Unit], top: &Unit) -> Plan {
    Planner::new(table, units, top).run()
}

/// Where a row stands: what is above it, and which unit it is if there is one.
#[derive(Clone)]
enum Place {
    Unknown,
    BeingSought,
    Found { above: Option<Above>, unit: Option<usize> },
    Wrong(Fault),
}

struct Planner<'a> {
    table: &'a UnitTable,
    units: &'a [Unit],
    top: &'a Unit,
    by_id: HashMap<&'a UnitId, usize>,
    by_code: HashMap<&'a str, usize>,
    by_name: HashMap<String, Vec<usize>>,
    children: HashMap<(&'a UnitId, String), usize>,
    rows_by_name: HashMap<String, Vec<usize>>,
    rows_by_code: HashMap<String, usize>,
    places: Vec<Place>,
}

impl<'a> Planner<'a> {
    fn new(table: &'a UnitTable, units: &'a [Unit], top: &'a Unit) -> Self {
        let mut planner = Self {
            table,
            units,
            top,
            by_id: HashMap::new(),
            by_code: HashMap::new(),
            by_name: HashMap::new(),
            children: HashMap::new(),
            rows_by_name: HashMap::new(),
            rows_by_code: HashMap::new(),
            places: vec![Place::Unknown; table.rows.len()],
        };
        for (index, unit) in units.iter().enumerate() {
            planner.by_id.insert(&unit.id, index);
            if !unit.facts.code.is_empty() {
                planner.by_code.insert(&unit.facts.code, index);
            }
            let key = text_key(&unit.facts.name);
            if let Some(parent) = &unit.parent_id {
                planner.children.insert((parent, key.clone()), index);
            }
            if planner.covers(unit) {
                planner.by_name.entry(key).or_default().push(index);
            }
        }
        for (index, row) in table.rows.iter().enumerate() {
            planner.rows_by_name.entry(text_key(row.cell(Column::Name))).or_default().push(index);
            let code = code_of(row);
            if !code.is_empty() {
                planner.rows_by_code.entry(code).or_insert(index);
            }
        }
        planner
    }

    fn covers(&self, unit: &Unit) -> bool {
        unit.path.starts_with(self.top.path.as_str())
    }

    fn run(mut self) -> Plan {
        let mut rows = Vec::with_capacity(self.table.rows.len());
        let mut taken: HashMap<(String, String), u32> = HashMap::new();
        for index in 0..self.table.rows.len() {
            let place = self.place(index, 0);
            rows.push(self.planned(index, place, &mut taken));
        }
        self.spread_faults(&mut rows);
        Plan { rows }
    }

    /// New units below a faulty new one cannot come in either.
    fn spread_faults(&self, rows: &mut [PlannedRow]) {
        loop {
            let mut spread = Vec::new();
            for (index, row) in rows.iter().enumerate() {
                if let Outcome::New { above: Above::Row(above), .. } = &row.outcome
                    && matches!(rows[*above].outcome, Outcome::Faulty(_))
                {
                    spread.push((index, rows[*above].number));
                }
            }
            if spread.is_empty() {
                return;
            }
            for (index, number) in spread {
                let message = format!("上级单位在第{number}行，那一行有误，请先改正那一行。");
                rows[index].outcome = Outcome::Faulty(vec![Fault { column: "上级单位", message }]);
            }
        }
    }

    /// Finds out where a row stands; the rows it depends on first.
    fn place(&mut self, index: usize, depth: usize) -> Place {
        match &self.places[index] {
            Place::Unknown => {}
            Place::BeingSought => {
                return wrong("上级单位", "上级单位绕了一圈又回到自己，请改正其中一行的上级单位。");
            }
            known => return known.clone(),
        }
        if depth > MAX_DEPTH {
            return wrong("上级单位", format!("单位层级超过{MAX_DEPTH}层，请核对上级单位。"));
        }
        self.places[index] = Place::BeingSought;
        let place = self.seek(index, depth);
        self.places[index] = place.clone();
        place
    }

    fn seek(&mut self, index: usize, depth: usize) -> Place {
        let row = &self.table.rows[index];
        let (parent, name, code) = (row.cell(Column::Parent), text_key(row.cell(Column::Name)), code_of(row));
        let by_code = self.by_code.get(code.as_str()).copied();
        if let Some(unit) = by_code
            && !self.covers(&self.units[unit])
        {
            let message = format!("编号“{code}”已由本范围以外的单位使用，请核对编号。");
            return wrong("编号", message);
        }
        // The unit imported below may itself stand in the table: it has no parent here.
        let is_top = by_code.map_or_else(
            || name == text_key(&self.top.facts.name) && (parent.is_empty() || !self.knows(parent, index)),
            |unit| self.units[unit].id == self.top.id,
        );
        if is_top {
            return Place::Found { above: None, unit: self.by_id.get(&self.top.id).copied() };
        }
        if parent.is_empty()
            && let Some(unit) = by_code
        {
            return Place::Found { above: None, unit: Some(unit) };
        }
        let above = match self.above(index, parent, depth) {
            Ok(above) => above,
            Err(fault) => return Place::Wrong(fault),
        };
        if let Some(unit) = by_code {
            let stands_below = self.units[unit].parent_id.as_ref();
            if !matches!(&above, Above::Unit(id) if Some(id) == stands_below) {
                let now = stands_below.and_then(|id| self.by_id.get(id)).map_or("", |at| &self.units[*at].facts.name);
                return wrong(
                    "上级单位",
                    format!("这个单位现在的上级是“{now}”。要换上级，请在单位页面办理“移动”，或在表中改回原上级。"),
                );
            }
            return Place::Found { above: Some(above), unit: Some(unit) };
        }
        let unit = match &above {
            Above::Unit(id) => self.children.get(&(id, name)).copied(),
            Above::Row(_) => None,
        };
        if let Some(unit) = unit
            && !code.is_empty()
            && !self.units[unit].facts.code.is_empty()
        {
            let message =
                format!("同一上级下已有同名单位，编号是“{}”，请核对编号或写出全称。", self.units[unit].facts.code);
            return wrong("编号", message);
        }
        Place::Found { above: Some(above), unit }
    }

    /// Whether a text names a unit there is or a row other than this one.
    fn knows(&self, text: &str, index: usize) -> bool {
        let key = text_key(text.rsplit(['/', '＞', '>']).next().unwrap_or(text));
        self.by_name.contains_key(&key)
            || self.by_code.contains_key(text_key(text).to_uppercase().as_str())
            || self.rows_by_name.get(&key).is_some_and(|rows| rows.iter().any(|row| *row != index))
    }

    /// What stands above a row: named by number, by name, or by `上级/单位` when the name alone is not enough.
    fn above(&mut self, index: usize, text: &str, depth: usize) -> Result<Above, Fault> {
        let fault = |message: String| Fault { column: "上级单位", message };
        if text.is_empty() {
            return Ok(Above::Unit(self.top.id.clone()));
        }
        let code = text_key(text).to_uppercase();
        if let Some(unit) = self.by_code.get(code.as_str()).filter(|unit| self.covers(&self.units[**unit])) {
            return Ok(Above::Unit(self.units[*unit].id.clone()));
        }
        if let Some(row) = self.rows_by_code.get(&code).copied().filter(|row| *row != index) {
            return self.node(row, depth);
        }
        let steps: Vec<String> = text.split(['/', '＞', '>']).map(text_key).filter(|step| !step.is_empty()).collect();
        let Some((name, above)) = steps.split_last() else {
            return Err(fault("请写出上级单位的名称。".to_owned()));
        };
        let mut found: Vec<Above> = Vec::new();
        for unit in self.by_name.get(name).cloned().unwrap_or_default() {
            if self.has_above(&self.units[unit], above) {
                found.push(Above::Unit(self.units[unit].id.clone()));
            }
        }
        for row in self.rows_by_name.get(name).cloned().unwrap_or_default() {
            if row == index {
                continue;
            }
            let parent = text_key(self.table.rows[row].cell(Column::Parent));
            if above.last().is_some_and(|step| !parent.ends_with(step.as_str())) {
                continue;
            }
            let node = match self.node(row, depth) {
                Ok(node) => node,
                // Another row of the same name that is wrong does not matter where a good one is found.
                Err(_) if !found.is_empty() => continue,
                Err(fault) => return Err(fault),
            };
            if !found.contains(&node) {
                found.push(node);
            }
        }
        match found.as_slice() {
            [one] => Ok(one.clone()),
            [] => Err(fault(format!("没有找到上级单位“{text}”。请核对名称，或把它也加到表里。"))),
            _ => Err(fault(format!("叫“{text}”的单位不止一个，请写成“上级/{text}”，或改填上级单位的编号。"))),
        }
    }

    fn has_above(&self, unit: &Unit, above: &[String]) -> bool {
        let mut at = unit;
        above.iter().rev().all(|step| {
            let parent = at.parent_id.as_ref().and_then(|id| self.by_id.get(id)).map(|index| &self.units[*index]);
            match parent {
                Some(parent) if text_key(&parent.facts.name) == *step => {
                    at = parent;
                    true
                }
                _ => false,
            }
        })
    }

    /// The unit that a row is or will be.
    fn node(&mut self, row: usize, depth: usize) -> Result<Above, Fault> {
        let number = self.table.rows[row].number;
        match self.place(row, depth + 1) {
            Place::Found { unit: Some(unit), .. } => Ok(Above::Unit(self.units[unit].id.clone())),
            Place::Found { unit: None, .. } => Ok(Above::Row(row)),
            Place::Wrong(fault) if fault.message.contains("绕了一圈") || fault.message.contains("层级") => {
                Err(fault)
            }
            _ => Err(Fault {
                column: "上级单位",
                message: format!("上级单位在第{number}行，那一行有误，请先改正那一行。"),
            }),
        }
    }

    fn planned(&self, index: usize, place: Place, taken: &mut HashMap<(String, String), u32>) -> PlannedRow {
        let row = &self.table.rows[index];
        let mut faults = Vec::new();
        let mut fault = |column: &'static str, message: String| faults.push(Fault { column, message });
        let state = row.cell(Column::State);
        if !state.is_empty() && state != "在用" {
            fault("状态", format!("“{state}”的单位不能导入，请在单位页面办理启用。"));
        }
        let (above, unit) = match place {
            Place::Found { above, unit } => (above, unit.map(|unit| &self.units[unit])),
            Place::Wrong(wrong) => {
                fault(wrong.column, wrong.message);
                (None, None)
            }
            Place::Unknown | Place::BeingSought => (None, None),
        };
        let facts = read_facts(row, unit.map(|unit| &unit.facts), &mut fault);
        // The place it takes: its id if it is there, else its name below its parent.
        let key = match (&above, unit) {
            (_, Some(unit)) => (unit.id.0.clone(), String::new()),
            (Some(Above::Unit(id)), None) => (id.0.clone(), text_key(&facts.name)),
            (Some(Above::Row(row)), None) => (format!("row {row}"), text_key(&facts.name)),
            (None, None) => (String::new(), String::new()),
        };
        if !key.0.is_empty()
            && let Some(first) = taken.get(&key)
        {
            fault("单位名称", format!("与第{first}行重复，请删去其中一行。"));
        } else {
            taken.insert(key, row.number);
        }
        if !facts.code.is_empty() {
            let key = ("code".to_owned(), facts.code.clone());
            match taken.get(&key) {
                Some(first) if code_of(row) == facts.code => {
                    fault("编号", format!("与第{first}行的编号相同，请核对。"))
                }
                _ => {
                    taken.insert(key, row.number);
                }
            }
        }
        if let Some(unit) = unit
            && let Some(parent) = &unit.parent_id
            && let Some(other) = self.children.get(&(parent, text_key(&facts.name)))
            && self.units[*other].id != unit.id
        {
            fault("单位名称", format!("同一上级下已有另一个“{}”，请核对。", facts.name));
        }
        let parent = match (&above, unit) {
            (Some(Above::Row(row)), _) => self.table.rows[*row].cell(Column::Name).to_owned(),
            (Some(Above::Unit(id)), _) => self.name(id),
            (None, Some(unit)) => unit.parent_id.as_ref().map(|id| self.name(id)).unwrap_or_default(),
            (None, None) => row.cell(Column::Parent).to_owned(),
        };
        let outcome = match (faults.is_empty(), unit, above) {
            (true, Some(unit), _) => {
                let differences = unit.facts.differences(&facts);
                if differences.is_empty() {
                    Outcome::Unchanged
                } else {
                    Outcome::Changed { unit: Box::new(unit.clone()), facts: Box::new(facts), differences }
                }
            }
            (true, None, Some(above)) => Outcome::New { above, facts: Box::new(facts) },
            _ => Outcome::Faulty(faults),
        };
        PlannedRow { number: row.number, name: row.cell(Column::Name).to_owned(), parent, outcome }
    }

    fn name(&self, id: &UnitId) -> String {
        self.by_id.get(id).map(|unit| self.units[*unit].facts.name.clone()).unwrap_or_default()
    }
}

fn wrong(column: &'static str, message: impl Into<String>) -> Place {
    Place::Wrong(Fault { column, message: message.into() })
}

fn code_of(row: &ImportRow) -> String {
    let code = row.cell(Column::Code);
    if code == CLEAR { String::new() } else { text_key(code).to_uppercase() }
}

/// The facts a row states, on top of those known already.
fn read_facts(row: &ImportRow, known: Option<&Facts>, fault: &mut impl FnMut(&'static str, String)) -> Facts {
    let mut facts = known.cloned().unwrap_or_default();
    let new = known.is_none();
    for (column, text) in &row.cells {
        let text = if text == CLEAR { String::new() } else { text.clone() };
        match column {
            Column::Name => facts.name = text,
            Column::Kind => match kind_meant_by(&text) {
                Some(kind) => facts.kind = kind,
                None => fault("类型", format!("不认识类型“{text}”，请从下拉列表中选择，如“嘎查村”“企业”。")),
            },
            Column::Code => facts.code = text,
            Column::Industry if text.is_empty() => facts.industry = text,
            Column::Industry => match industries::meant_by(&text) {
                Some(industry) => facts.industry.clone_from(&industry.code),
                None => fault("行业", format!("不认识行业“{text}”，请从下拉列表中选择，或留空。")),
            },
            Column::Principal => facts.principal = text,
            Column::Headcount => match number(&text) {
                Some(count) => facts.headcount = count,
                None => fault("从业人数", format!("“{text}”不是人数，请只填数字。")),
            },
            Column::Address => facts.address = text,
            Column::Village => facts.village = text,
            Column::Phone => facts.phone = text,
            Column::Note => facts.note = text,
            Column::Ordinal => match number(&text) {
                Some(ordinal) => facts.ordinal = ordinal.unwrap_or_default(),
                None => fault("序号", format!("“{text}”不是序号，请只填数字，或留空。")),
            },
            Column::Parent | Column::State => {}
        }
    }
    if new && row.cell(Column::Kind).is_empty() {
        fault("类型", "新单位要填类型，请从下拉列表中选择。".to_owned());
    }
    let facts = facts.tidy();
    let mut errors = FieldErrors::new();
    facts.check(&mut errors);
    for (field, message) in errors.iter() {
        fault(column_of(field).heading(), message.to_owned());
    }
    facts
}

fn column_of(field: &str) -> Column {
    match field {
        "kind" => Column::Kind,
        "code" => Column::Code,
        "industry" => Column::Industry,
        "principal" => Column::Principal,
        "headcount" => Column::Headcount,
        "address" => Column::Address,
        "village" => Column::Village,
        "phone" => Column::Phone,
        "note" => Column::Note,
        "ordinal" => Column::Ordinal,
        _ => Column::Name,
    }
}

fn number(text: &str) -> Option<Option<i64>> {
    let key = text_key(text);
    let digits = key.trim_end_matches(['人', '名']).replace(',', "");
    if digits.is_empty() { Some(None) } else { digits.parse().ok().map(Some) }
}

fn kind_meant_by(text: &str) -> Option<UnitKind> {
    let key = text_key(text);
    UnitKind::ALL.iter().copied().find(|kind| kind.code() == key || text_key(kind.label()) == key).or_else(|| {
        Some(match key.as_str() {
            "自治区" | "省" => UnitKind::Region,
            "盟" | "地级市" => UnitKind::City,
            "旗" | "县" | "区" | "旗县区" => UnitKind::County,
            "乡镇" | "镇" | "乡" | "苏木" | "街道" | "苏木乡镇" | "乡镇街道" => UnitKind::Township,
            "村" | "嘎查" | "行政村" => UnitKind::Village,
            "居委会" => UnitKind::Community,
            "工厂" | "厂矿企业" | "公司" => UnitKind::Enterprise,
            "矿" | "煤矿" | "非煤矿山" => UnitKind::Mine,
            "单位" | "机关" | "站所" => UnitKind::Department,
            "幼儿园" | "小学" | "中学" => UnitKind::School,
            "车间" | "科室" | "班组" => UnitKind::Subunit,
            _ => return None,
        })
    })
}

#[cfg(test)]
mod tests;
