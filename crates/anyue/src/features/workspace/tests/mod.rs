//! A unit's pages, through the router.

mod files;
mod fill;
mod todo;

use crate::features::campaigns::api::{self as campaigns, ImportNotice, Publish, Source};
use crate::features::duties::api::{self as duties, CampaignId, Part, WorkItem};
use crate::features::units::api::{UnitKind, UnitRef};
use crate::platform::auth::Role;
use crate::testing::{Client, TestApp};

/// A town whose notice has been published to a village and a mine.
struct Town {
    test: TestApp,
    village: UnitRef,
    mine: UnitRef,
    office: Client,
    campaign: CampaignId,
}

impl Town {
    async fn new() -> Self {
        let test = TestApp::new().await;
        let village = test.unit("东沟村", UnitKind::Village).await;
        let mine = test.unit("北山铁矿", UnitKind::Mine).await;
        let office = test.actor(Role::Office).await;
        let notice = include_str!("../../campaigns/tests/founding.txt");
        let source = Source::File("founding.txt".to_owned(), notice.as_bytes().to_vec());
        let import = ImportNotice { unit_id: test.root.id.clone(), source, as_is: false };
        let campaign = campaigns::import(&test.app, &office.actor, import).await.unwrap();
        let publish = Publish { campaign_id: campaign.clone(), version: None, note: String::new() };
        campaigns::publish(&test.app, &office.actor, publish).await.unwrap();
        Self { test, village, mine, office, campaign }
    }

    async fn items(&self, unit: &UnitRef) -> Vec<WorkItem> {
        let db = self.test.app.db.reader();
        duties::work_of_units(db, &self.test.town, std::slice::from_ref(&unit.id)).await.unwrap()
    }

    /// The village's occurrence that asks for form 1.
    async fn form_1(&self) -> WorkItem {
        let items = self.items(&self.village).await;
        items.into_iter().find(|item| item.duty.parts.contains(&Part::LiaisonForm)).expect("form 1")
    }

    /// The village's first weekly report.
    async fn weekly(&self) -> WorkItem {
        let items = self.items(&self.village).await;
        items.into_iter().find(|item| item.duty.zero_report && item.is_owing()).expect("a weekly report")
    }
}

/// The value of a hidden or typed field of a page.
fn value(html: &str, name: &str) -> String {
    let page = html.split(&format!("name=\"{name}\"")).nth(1).unwrap_or_default();
    let tag = page.split('>').next().unwrap_or_default();
    tag.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

/// Form 1 and the plan, filled in.
fn complete<'a>(version: &'a str, key: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("version", version),
        ("key", key),
        ("has_liaison_form", "1"),
        ("name", "王二柱"),
        ("post", "村委会委员"),
        ("mobile", "13900000000"),
        ("filled_on", "2022-06-13"),
        ("filler", "王二柱"),
        ("unit_plan", "成立小组，逐户排查。"),
        ("action", "send"),
    ]
}
