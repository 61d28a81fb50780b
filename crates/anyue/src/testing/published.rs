//! A town whose notice has been published to a village and a mine.

use super::{Client, TestApp};
use crate::features::campaigns::api::{self as campaigns, ImportNotice, Publish, Source};
use crate::features::duties::api::{self as duties, CampaignId, Part, WorkItem};
use crate::features::units::api::{UnitKind, UnitRef};
use crate::platform::auth::Role;

/// A town whose notice has been published to a village and a mine.
pub struct PublishedTown {
    /// The installation.
    pub test: TestApp,
    /// 东沟村
    pub village: UnitRef,
    /// 北山铁矿
    pub mine: UnitRef,
    /// The office that published.
    pub office: Client,
    /// The campaign.
    pub campaign: CampaignId,
}

impl PublishedTown {
    /// Founds the town and publishes the founding notice.
    pub async fn new() -> Self {
        let test = TestApp::new().await;
        let village = test.unit("东沟村", UnitKind::Village).await;
        let mine = test.unit("北山铁矿", UnitKind::Mine).await;
        let office = test.actor(Role::Office).await;
        let notice = include_str!("../features/campaigns/tests/founding.txt");
        let source = Source::File("founding.txt".to_owned(), notice.as_bytes().to_vec());
        let import = ImportNotice { unit_id: test.root.id.clone(), source, as_is: false };
        let campaign = campaigns::import(&test.app, &office.actor, import).await.expect("the town");
        let publish = Publish { campaign_id: campaign.clone(), version: None, note: String::new() };
        campaigns::publish(&test.app, &office.actor, publish).await.expect("the town");
        Self { test, village, mine, office, campaign }
    }

    /// What a unit owes.
    pub async fn items(&self, unit: &UnitRef) -> Vec<WorkItem> {
        let db = self.test.app.db.reader();
        duties::work_of_units(db, &self.test.town, std::slice::from_ref(&unit.id)).await.expect("the town")
    }

    /// The village's occurrence that asks for form 1.
    pub async fn form_1(&self) -> WorkItem {
        let items = self.items(&self.village).await;
        items.into_iter().find(|item| item.duty.parts.contains(&Part::LiaisonForm)).expect("form 1")
    }

    /// The village's first weekly report.
    pub async fn weekly(&self) -> WorkItem {
        let items = self.items(&self.village).await;
        items.into_iter().find(|item| item.duty.zero_report && item.is_owing()).expect("a weekly report")
    }
}
