//! The spine of duties, tested through its use cases on a real database.

mod dispatching;
mod handing_in;
mod reminding;
mod reviewing;
mod steps;

use std::collections::BTreeMap;

use super::api::*;
use crate::features::units::api::{Selector, UnitKind, UnitRef};
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Role};
use crate::platform::db::sql;
use crate::platform::ids::UnitId;
use crate::testing::{Client, TestApp};

/// A town with three villages and a mine, an office, and a published campaign of June 2022.
pub(crate) struct Situation {
    pub test: TestApp,
    pub units: Vec<UnitRef>,
    pub office: Client,
    pub campaign: CampaignId,
}

/// A duty of a campaign as tests begin with it.
pub(crate) fn duty(campaign: &CampaignId, id: &str, title: &str, schedule: &str, parts: &[Part]) -> Duty {
    Duty {
        id: id.into(),
        campaign_id: campaign.clone(),
        ordinal: 1,
        kind: DutyKind::Submit,
        title: title.to_owned(),
        detail: String::new(),
        clause: "五/（四）".to_owned(),
        source_text: "于6月20日前报送".to_owned(),
        lines: Some((40, 41)),
        who: "各村".to_owned(),
        hand_in_to: "镇平安建设办公室".to_owned(),
        schedule: Schedule::from_json(schedule).unwrap(),
        starts_on: None,
        repeat_from: None,
        repeat_until: None,
        quota: None,
        zero_report: false,
        parts: parts.to_vec(),
        evidence: Vec::new(),
        receivers: Selector::default(),
        minutes: 25,
        dropped: false,
        version: 1,
    }
}

/// The four duties of the tests: acknowledge, form 1 with plan, Thursday's report, large events at any time.
pub(crate) fn four_duties(campaign: &CampaignId) -> Vec<Duty> {
    let form = [Part::LiaisonForm, Part::UnitPlan];
    vec![
        Duty {
            kind: DutyKind::Acknowledge,
            ..duty(campaign, "d1", "签收通知", r#"{"once":"2022-06-14"}"#, &[Part::Acknowledgement])
        },
        Duty { ordinal: 2, ..duty(campaign, "d2", "报送反馈表和方案", r#"{"once":"2022-06-20"}"#, &form) },
        Duty {
            ordinal: 3,
            kind: DutyKind::WeeklyReport,
            zero_report: true,
            ..duty(campaign, "d3", "周报", r#"{"rule":"FREQ=WEEKLY;BYDAY=TH;TIME=12:00"}"#, &[Part::Text, Part::Files])
        },
        Duty {
            ordinal: 4,
            kind: DutyKind::AdHocReport,
            ..duty(campaign, "d4", "大型活动随时报送", r#"{"ad_hoc":true}"#, &[Part::Text])
        },
    ]
}

pub(crate) fn june() -> CampaignDates {
    let day = |text: &str| Some(text.parse().unwrap());
    CampaignDates {
        issued_on: day("2022-06-10"),
        received_on: day("2022-06-13"),
        period_start: day("2022-06-01"),
        period_end: day("2022-06-30"),
    }
}

impl Situation {
    /// Published, with the four duties dispatched to all four units.
    pub async fn new() -> Self {
        let test = TestApp::new().await;
        let mut units = Vec::new();
        for (name, kind) in [
            ("东沟村", UnitKind::Village),
            ("西沟村", UnitKind::Village),
            ("北山村", UnitKind::Village),
            ("云岭铁矿", UnitKind::Mine),
        ] {
            units.push(test.unit(name, kind).await);
        }
        let office = test.actor(Role::Office).await;
        let campaign = CampaignId::from("campaign-1");
        let tx = test.app.db.begin(&test.town).await.unwrap();
        sql("INSERT INTO campaigns (jurisdiction_id, campaign_id, issuer_unit_id, state, title, theme, period_start, period_end, edition, created_by, created_at, updated_at, published_at) \
             VALUES ($1, $2, $3, 'published', '2022年“安全生产月”活动', '遵守安全生产法', '2022-06-01', '2022-06-30', 1, 'test', $4, $4, $4)")
            .bind(&test.town)
            .bind(&campaign)
            .bind(&test.root.id)
            .bind(test.app.now())
            .execute(&*tx)
            .await
            .unwrap();
        for unit in &units {
            sql("INSERT INTO campaign_receivers (jurisdiction_id, campaign_id, unit_id, added_at) VALUES ($1, $2, $3, $4)")
                .bind(&test.town)
                .bind(&campaign)
                .bind(&unit.id)
                .bind(test.app.now())
                .execute(&*tx)
                .await
                .unwrap();
        }
        for duty in four_duties(&campaign) {
            insert(&tx, &duty).await.unwrap();
        }
        tx.commit_unaudited("a test's campaign").await.unwrap();
        let situation = Self { test, units, office, campaign };
        situation.dispatch(1, &situation.units).await;
        situation
    }

    pub async fn dispatch(&self, edition: i64, receivers: &[UnitRef]) -> Dispatched {
        let app = &self.test.app;
        let tx = app.db.begin(&self.test.town).await.unwrap();
        let cmd = Dispatch {
            campaign_id: &self.campaign,
            title: "2022年“安全生产月”活动",
            edition,
            dates: &june(),
            receivers,
            message: Some("请签收通知，查看本单位的任务。".to_owned()),
            sender: "镇平安建设办公室",
        };
        let done = dispatch(app, &tx, &cmd, app.now()).await.unwrap();
        tx.commit(Event::new(&self.test.system(), "test.dispatched", "campaign", &self.campaign, "下发"))
            .await
            .unwrap();
        done
    }

    pub async fn change(&self, id: &str, change: impl FnOnce(&mut Duty)) {
        let tx = self.test.app.db.begin(&self.test.town).await.unwrap();
        let mut duty = super::api::duty(&*tx, &self.test.town, &id.into()).await.unwrap().unwrap();
        change(&mut duty);
        update(&tx, &duty).await.unwrap();
        tx.commit_unaudited("a test's duty").await.unwrap();
    }

    /// What a unit has of a duty, by period.
    pub async fn items(&self, unit: usize, duty: &str) -> BTreeMap<String, WorkItem> {
        let units = [self.units[unit].id.clone()];
        let items = work_of_units(self.test.app.db.reader(), &self.test.town, &units).await.unwrap();
        items
            .into_iter()
            .filter(|item| item.duty.id.as_str() == duty)
            .map(|item| (item.period_key.clone(), item))
            .collect()
    }

    /// The only, or first, occurrence of a duty for a unit.
    pub async fn item(&self, unit: usize, duty: &str) -> WorkItem {
        self.items(unit, duty).await.into_values().next().unwrap()
    }

    /// The occurrence of the weekly report due on 16 June.
    pub async fn thursday(&self, unit: usize) -> WorkItem {
        self.items(unit, "d3").await.into_iter().find(|(key, _)| key.contains("06-16")).unwrap().1
    }

    pub async fn liaison(&self, unit: usize) -> Actor {
        self.test.liaison_of(&self.units[unit]).await.actor
    }

    /// Hands in a text for an occurrence.
    pub async fn send(&self, actor: &Actor, item: &WorkItem, text: &str) -> Submitted {
        submit(&self.test.app, actor, self.command(item, text)).await.unwrap()
    }

    pub fn command(&self, item: &WorkItem, text: &str) -> Submit {
        let payload = Payload { text: text.to_owned(), unit_plan: text.to_owned(), ..Payload::default() };
        let idempotency_key = self.test.app.ids.id();
        Submit { occurrence_id: item.id.clone(), payload, zero_report: false, idempotency_key }
    }

    pub async fn messages(&self, unit: &UnitId, kind: &str) -> i64 {
        sql("SELECT COUNT(*) FROM messages WHERE jurisdiction_id = $1 AND unit_id = $2 AND kind = $3")
            .bind(&self.test.town)
            .bind(unit)
            .bind(kind)
            .scalar(self.test.app.db.reader())
            .await
            .unwrap()
            .unwrap_or_default()
    }
}

pub(crate) fn good_form() -> LiaisonForm {
    LiaisonForm {
        name: "李桂兰".to_owned(),
        post: "村委会副主任".to_owned(),
        mobile: "13900001234".to_owned(),
        office_phone: "0476-8800001".to_owned(),
        ..LiaisonForm::default()
    }
}
