//! Requests through the router.

mod files;
mod json;
mod kinds;
mod office;
mod own;
mod sums;

use super::api::{self as records, New, RecordId};
use super::model::{Facts, Record};
use crate::features::units::api::{UnitKind, UnitRef};
use crate::platform::auth::Role;
use crate::testing::{Client, TestApp};
use jiff::civil::{Date, date};

/// A town with a village, a mine and their people.
struct Town {
    test: TestApp,
    village: UnitRef,
    mine: UnitRef,
    office: Client,
    liaison: Client,
}

impl Town {
    async fn new() -> Self {
        let test = TestApp::new().await;
        let village = test.unit("东沟村", UnitKind::Village).await;
        let mine = test.unit("北山铁矿", UnitKind::Mine).await;
        let office = test.actor(Role::Office).await;
        let liaison = test.liaison_of(&village).await;
        Self { test, village, mine, office, liaison }
    }

    /// Today in tests: a Monday.
    fn today(&self) -> Date {
        self.test.app.clock.today()
    }

    /// Writes a record of the village down.
    async fn add(&self, facts: Facts, report: bool) -> RecordId {
        let new = New {
            unit_id: self.village.id.clone(),
            facts,
            idempotency_key: self.test.app.ids.id(),
            report,
            draft: None,
        };
        records::create(&self.test.app, &self.liaison.actor, new).await.unwrap()
    }

    async fn read(&self, id: &RecordId) -> Record {
        records::record(self.test.app.db.reader(), &self.test.town, id).await.unwrap().unwrap()
    }

    /// The state of a record, by its code.
    async fn state(&self, id: &RecordId) -> &'static str {
        self.read(id).await.state.code()
    }
}

/// A study session with so many participants, on 13 June.
fn study(participants: i64) -> Facts {
    Facts { measures: [("participants".to_owned(), participants)].into(), ..Facts::new("study", date(2022, 6, 13)) }
}
