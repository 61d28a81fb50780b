//! Requests through the router.

mod correct;
mod export;
mod form;
mod freeze;
mod recompute;
mod settings;

use std::collections::BTreeMap;

use jiff::civil::{Date, date};

use crate::features::duties::api::{self as duties, Payload, Submit};
use crate::features::records::api::{self as records, Accept, Facts, New, RecordId};
use crate::features::units::api::UnitRef;
use crate::platform::ids::UnitId;
use crate::testing::{Client, PublishedTown};

/// A town with a published campaign, whose village and mine hold activities. Today is 13 June, in the third week:
/// Friday, 10 June to Thursday, 16 June.
struct Town {
    published: PublishedTown,
    village: Client,
    mine: Client,
}

impl std::ops::Deref for Town {
    type Target = PublishedTown;

    fn deref(&self) -> &PublishedTown {
        &self.published
    }
}

impl Town {
    async fn new() -> Self {
        let published = PublishedTown::new().await;
        let village = published.test.liaison_of(&published.village).await;
        let mine = published.test.liaison_of(&published.mine).await;
        Self { published, village, mine }
    }

    /// A record of a unit that was reported.
    async fn report(&self, unit: &UnitRef, facts: Facts) -> RecordId {
        let actor = if unit.id == self.mine_unit().id { &self.mine.actor } else { &self.village.actor };
        let new =
            New { unit_id: unit.id.clone(), facts, idempotency_key: self.test.app.ids.id(), report: true, draft: None };
        records::create(&self.test.app, actor, new).await.unwrap()
    }

    fn mine_unit(&self) -> &UnitRef {
        &self.published.mine
    }

    /// A record of a unit that was reported and accepted.
    async fn accepted(&self, unit: &UnitRef, facts: Facts) -> RecordId {
        let id = self.report(unit, facts).await;
        self.accept(&id).await;
        id
    }

    async fn accept(&self, id: &RecordId) {
        let cmd = Accept { record_id: id.clone(), version: None };
        records::accept(&self.test.app, &self.office.actor, cmd).await.unwrap();
    }

    /// The village says that there was nothing this week.
    async fn zero_report(&self) {
        let items = self.items(&self.published.village).await;
        let this_week = |item: &duties::WorkItem| item.period_end == Some(date(2022, 6, 16)) && item.duty.zero_report;
        let weekly = items.into_iter().find(this_week).unwrap();
        let cmd = Submit {
            occurrence_id: weekly.id,
            payload: Payload::default(),
            zero_report: true,
            idempotency_key: self.test.app.ids.id(),
        };
        duties::submit(&self.test.app, &self.village.actor, cmd).await.unwrap();
    }

    /// What stands in a slot of a unit's form.
    async fn printed(&self, unit: &UnitRef, span: &str, slot: &str) -> String {
        let address = format!("/api/v1/statistics?campaign={}&unit={}&week=3", self.campaign, unit.id);
        let form = self.office.get(&address).await.assert_ok().json();
        let slots = form["slots"].as_array().unwrap();
        let found = slots.iter().find(|one| one["code"] == slot).unwrap_or_else(|| panic!("no slot {slot}"));
        found[span]["printed"].as_str().unwrap().to_owned()
    }
}

/// A drill with so many participants.
fn drill(day: Date, participants: i64) -> Facts {
    Facts { measures: BTreeMap::from([("participants".to_owned(), participants)]), ..Facts::new("drill", day) }
}

/// 13 June.
fn today() -> Date {
    date(2022, 6, 13)
}
