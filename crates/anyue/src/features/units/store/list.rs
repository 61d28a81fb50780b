//! The list of units: filtered, sorted, a page at a time by key.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::units::{COLUMNS, Row};
use crate::features::units::facts::{Unit, UnitState};
use crate::features::units::model::UnitKind;
use crate::platform::auth::Scope;
use crate::platform::db::{Condition, one_page, sql};
use crate::platform::error::Result;
use crate::platform::ids::{JurisdictionId, UnitId};
use crate::platform::text_key::{query_grams, text_key};

/// Which units are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Words to be found in name, number, principal, address.
    pub words: String,
    /// Of this kind.
    pub kind: Option<UnitKind>,
    /// Of this industry.
    pub industry: String,
    /// Below the unit with this path, itself left out.
    pub below: Option<String>,
    /// In this state; `None`: in any.
    pub state: Option<UnitState>,
}

/// More than any ordinal: keeps the levels of the tree apart.
const PER_LEVEL: i64 = 10_000_000;

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The office's own order: the upper levels of the tree first.
    #[default]
    Ordinal,
    /// Name.
    Name,
    /// Kind, in the order of kinds.
    Kind,
    /// 从业人数
    Headcount,
    /// Last change.
    Updated,
}

impl Order {
    /// Each order with its name in an address.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Ordinal, "ordinal"),
        (Self::Name, "name"),
        (Self::Kind, "kind"),
        (Self::Headcount, "headcount"),
        (Self::Updated, "updated"),
    ];

    /// The first column sorted by: always a number. After it comes the name, then the id.
    fn column(self) -> String {
        match self {
            Self::Ordinal => format!("(CAST(LENGTH(path) AS BIGINT) * {PER_LEVEL} + ordinal)"),
            Self::Name => "0".to_owned(),
            Self::Kind => {
                let places: String = UnitKind::ALL
                    .iter()
                    .enumerate()
                    .map(|(place, kind)| format!("WHEN '{}' THEN {place} ", kind.code()))
                    .collect();
                format!("CASE kind {places}END")
            }
            Self::Headcount => "COALESCE(headcount, -1)".to_owned(),
            Self::Updated => "updated_at".to_owned(),
        }
    }

    fn key(self, unit: &Unit) -> i64 {
        match self {
            Self::Ordinal => i64::try_from(unit.path.len()).unwrap_or_default() * PER_LEVEL + unit.facts.ordinal,
            Self::Name => 0,
            Self::Kind => {
                let place = UnitKind::ALL.iter().position(|kind| *kind == unit.facts.kind);
                i64::try_from(place.unwrap_or_default()).unwrap_or_default()
            }
            Self::Headcount => unit.facts.headcount.unwrap_or(-1),
            Self::Updated => unit.updated_at,
        }
    }
}

/// Where a page of the list begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// At the beginning.
    #[default]
    First,
    /// After this unit.
    After(UnitId),
    /// With the units before this one.
    Before(UnitId),
}

fn condition(town: &JurisdictionId, scope: &Scope, wanted: &Wanted) -> Condition {
    let mut all = Condition::of_town("jurisdiction_id", town);
    if let Scope::Below(paths) = scope {
        let any: Vec<String> = paths.iter().map(|path| all.bind("path LIKE", super::subtree(path))).collect();
        all.and_any(&any);
    }
    if let Some(kind) = wanted.kind {
        all.and_equals("kind", kind.code());
    }
    if !wanted.industry.is_empty() {
        all.and_equals("industry", wanted.industry.as_str());
    }
    if let Some(path) = &wanted.below {
        let below = all.bind("path LIKE", super::subtree(path));
        let other = all.bind("path <>", path.as_str());
        all.and(format!("{below} AND {other}"));
    }
    if let Some(state) = wanted.state {
        all.and_equals("state", state.code());
    }
    let grams = query_grams(&wanted.words);
    if !grams.is_empty() {
        let count = grams.len();
        let list = all.bind_list(grams);
        all.and(format!(
            "unit_id IN (SELECT unit_id FROM unit_bigrams WHERE jurisdiction_id = $1 AND gram IN ({list}) \
             GROUP BY unit_id HAVING COUNT(*) = {count})"
        ));
    }
    all
}

/// How many units are wanted.
pub async fn count(db: &impl ConnectionTrait, town: &JurisdictionId, scope: &Scope, wanted: &Wanted) -> Result<i64> {
    let condition = condition(town, scope, wanted);
    let count: Option<i64> = sql(format!("SELECT COUNT(*) FROM units WHERE {}", condition.text))
        .bind_all(condition.values)
        .scalar(db)
        .await?;
    Ok(count.unwrap_or_default())
}

/// How many units of each kind are wanted, whatever kind was asked for.
pub async fn count_kinds(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<Vec<(UnitKind, i64)>> {
    #[derive(FromQueryResult)]
    struct Count {
        kind: String,
        units: i64,
    }
    let condition = condition(town, scope, &Wanted { kind: None, ..wanted.clone() });
    let rows: Vec<Count> =
        sql(format!("SELECT kind, COUNT(*) AS units FROM units WHERE {} GROUP BY kind", condition.text))
            .bind_all(condition.values)
            .all(db)
            .await?;
    let counts: HashMap<String, i64> = rows.into_iter().map(|row| (row.kind, row.units)).collect();
    Ok(UnitKind::ALL.iter().filter_map(|&kind| Some((kind, *counts.get(kind.code())?))).collect())
}

/// A page of the units wanted: at most `limit`, in order, and whether there are more beyond it in the
/// direction asked for.
#[expect(clippy::too_many_arguments, reason = "a page of a list is described by all of these")]
pub async fn page(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    scope: &Scope,
    wanted: &Wanted,
    order: Order,
    descending: bool,
    start: &Start,
    limit: usize,
) -> Result<(Vec<Unit>, bool)> {
    let mut condition = condition(town, scope, wanted);
    let backwards = matches!(start, Start::Before(_));
    let down = descending != backwards;
    let column = order.column();
    if let Start::After(id) | Start::Before(id) = start
        && let Some(unit) = super::units::find(db, town, id).await?
    {
        let key = condition
            .bind(&format!("({column}, name_key, unit_id) {}", if down { "< (" } else { "> (" }), order.key(&unit));
        let name = condition.bind(",", text_key(&unit.facts.name));
        let id = condition.bind(",", &unit.id);
        condition.and(format!("{key}{name}{id})"));
    }
    let direction = if down { "DESC" } else { "ASC" };
    let bound = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let last = condition.next();
    // Sorting by the constant 0 would be sorting by a column's number.
    let first = if order == Order::Name { String::new() } else { format!("{column} {direction}, ") };
    let rows: Vec<Row> = sql(format!(
        "SELECT {COLUMNS} FROM units WHERE {} ORDER BY {first}name_key {direction}, unit_id {direction} LIMIT ${last}",
        condition.text
    ))
    .bind_all(condition.values)
    .bind(bound)
    .all(db)
    .await?;
    let (rows, more) = one_page(rows, limit, backwards);
    Ok((rows.into_iter().map(Row::into_unit).collect::<Result<_>>()?, more))
}

/// All units wanted, in the office's order: for exports.
pub async fn all(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<Vec<Unit>> {
    let condition = condition(town, scope, wanted);
    let rows: Vec<Row> =
        sql(format!("SELECT {COLUMNS} FROM units WHERE {} ORDER BY ordinal, name_key, unit_id", condition.text))
            .bind_all(condition.values)
            .all(db)
            .await?;
    rows.into_iter().map(Row::into_unit).collect()
}

/// How many active children each of these units has.
pub async fn count_children(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    units: &[UnitId],
) -> Result<HashMap<UnitId, i64>> {
    #[derive(FromQueryResult)]
    struct Count {
        parent_id: String,
        units: i64,
    }
    let rows: Vec<Count> = sql("SELECT parent_id, COUNT(*) AS units FROM units \
         WHERE jurisdiction_id = $1 AND state = 'active' AND parent_id IN (...) GROUP BY parent_id")
    .bind(town)
    .all_in(db, units)
    .await?;
    Ok(rows.into_iter().map(|row| (UnitId(row.parent_id), row.units)).collect())
}
