//! `/records?view=places`: where activities took place, and which units have none yet. A list, because no map of ours
//! shows villages better than their names.

use std::collections::{BTreeMap, HashMap, HashSet};

use askama::Template;
use axum::response::Response;
use jiff::civil::Date;

use super::filter::Filter;
use super::list::{Choices, wanted};
use super::store::{self, list::PlaceCount};
use super::words;
use crate::App;
use crate::features::units::api as units;
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::error::Result;
use crate::platform::web::{self, Frame};

/// 活动记录 by place
#[derive(Debug, Template)]
#[template(path = "features/records/templates/places.html")]
pub struct PlacesPage {
    /// Around it.
    pub frame: Frame,
    /// What is chosen from.
    pub choices: Choices,
    /// What is narrowed to.
    pub filter: Filter,
    /// Places, those with the most records first.
    pub places: Vec<Place>,
    /// Units that hold no record of those wanted: address of what they have at all, and name.
    pub without: Vec<(String, String)>,
}

/// A place and what was held there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The village, else the unit that held it.
    pub name: String,
    /// How many records.
    pub records: i64,
    /// Person-times; `None` when nobody has stated any.
    pub people: Option<i64>,
    /// Units that hold them.
    pub hosts: usize,
    /// The last day, in words.
    pub last: String,
    /// Their list.
    pub href: String,
}

impl Place {
    /// `42 条`
    pub fn records_words(&self) -> String {
        format!("{} 条", words::grouped(self.records))
    }

    /// `60 人次`, or a dash.
    pub fn people_words(&self) -> String {
        self.people.map_or_else(|| "—".to_owned(), |people| format!("{} 人次", words::grouped(people)))
    }
}

/// Counts of villages and hosts as places: a record without a village counts at its host.
fn places(counts: &[PlaceCount], names: &HashMap<String, String>, filter: &Filter, today: Date) -> Vec<Place> {
    let mut found: BTreeMap<(bool, String), (Place, Date)> = BTreeMap::new();
    for count in counts {
        let of_unit = count.village.is_empty();
        let unit = count.unit_id.as_str();
        let (key, name, href) = if of_unit {
            let name = names.get(unit).cloned().unwrap_or_default();
            (unit, name, filter.with(&[("view", ""), ("unit", unit)]))
        } else {
            (count.village.as_str(), count.village.clone(), filter.with(&[("view", ""), ("q", &count.village)]))
        };
        let (place, last) = found
            .entry((of_unit, key.to_owned()))
            .or_insert_with(|| (Place { name, href, ..Place::default() }, count.last));
        place.records += count.records;
        place.hosts += 1;
        place.people = match (place.people, count.people) {
            (None, None) => None,
            (one, other) => Some(one.unwrap_or_default() + other.unwrap_or_default()),
        };
        *last = (*last).max(count.last);
    }
    let mut places: Vec<Place> =
        found.into_values().map(|(place, last)| Place { last: calendar::format_day(last, today), ..place }).collect();
    places.sort_by_key(|place| std::cmp::Reverse(place.records));
    places
}

/// `GET /records?view=places`
pub(super) async fn page(app: &App, page: Page, filter: Filter) -> Result<Response> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let wanted = wanted(app, &page.actor, &filter).await?;
    let counts = store::list::count_places(db, town, &wanted).await?;
    let covered: HashSet<String> = store::list::units_shown(db, town, &wanted).await?.into_iter().collect();
    let all = units::list(db, town, &page.actor.scope(Permission::RecordView)).await?;
    let names = all.iter().map(|unit| (unit.id.to_string(), unit.name.clone())).collect();
    let below = |path: &str| wanted.below.as_ref().is_none_or(|below| path.starts_with(below.as_str()));
    web::page(&PlacesPage {
        frame: page.frame("活动记录分布", "records"),
        choices: Choices::read(app, &page.actor).await?,
        places: places(&counts, &names, &filter, app.clock.today()),
        without: all
            .iter()
            .filter(|unit| below(&unit.path) && !covered.contains(unit.id.as_str()))
            .map(|unit| (format!("/units/{}", unit.id), unit.name.clone()))
            .collect(),
        filter,
    })
}

#[cfg(any(test, feature = "testing"))]
impl PlacesPage {
    /// An example.
    pub fn sample() -> Self {
        let place = |name: &str, records, people| Place {
            name: name.to_owned(),
            records,
            people,
            hosts: 2,
            last: "6月15日（周三）".to_owned(),
            href: "/records?q=1".to_owned(),
        };
        Self {
            frame: Frame::default(),
            choices: Choices::sample(),
            filter: Filter { view: "places".to_owned(), ..Filter::default() },
            places: vec![place("东沟村", 12, Some(340)), place("青龙山铁矿", 3, None)],
            without: vec![("/units/1".to_owned(), "河口村".to_owned())],
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_village_gathers_its_hosts_and_a_record_without_village_counts_at_its_host() {
        let count = |village: &str, unit: &str, records, people, day| PlaceCount {
            village: village.to_owned(),
            unit_id: unit.to_owned(),
            records,
            people,
            last: date(2022, 6, day),
        };
        let counts = [
            count("东沟村", "u1", 2, None, 14),
            count("东沟村", "u2", 1, Some(0), 16),
            count("", "u1", 5, Some(30), 13),
        ];
        let names = [("u1".to_owned(), "镇派出所".to_owned())].into();
        let places = places(&counts, &names, &Filter::default(), date(2022, 6, 20));
        let seen: Vec<_> = places.iter().map(|place| (place.name.as_str(), place.records, place.people)).collect();
        assert_eq!(seen, [("镇派出所", 5, Some(30)), ("东沟村", 3, Some(0))]);
        assert_eq!(places[1].hosts, 2);
        assert_eq!(places[1].last, "6月16日（周四）");
        assert_eq!(places[0].href, "/records?unit=u1");
    }
}
