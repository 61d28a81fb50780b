//! A campaign without a notice: a few facts, the text that receivers read, duties added on the confirm page.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;

use super::model::{Campaign, CampaignHeader, CampaignState, Head};
use super::{draft, store};
use crate::App;
use crate::features::duties::api::{self as duties, CampaignId, Duty};
use crate::features::units::api::{self as units, Selector, UnitKind, UnitRef};
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission, Role};
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::form::{Form, at_most, required};
use crate::platform::web::{self, Flash, Frame};

/// A campaign by hand.
#[derive(Clone, Debug)]
pub struct NewCampaign {
    /// The unit that issues it.
    pub unit_id: UnitId,
    /// The facts.
    pub head: Head,
    /// The text that receivers read.
    pub text: String,
}

/// 手工新建
#[derive(Debug, Template)]
#[template(path = "features/campaigns/templates/new.html")]
pub struct NewPage {
    /// Around it.
    pub frame: Frame,
    /// What was typed.
    pub form: NewForm,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// Units that the actor may issue for: id and name.
    pub units: Vec<(String, String)>,
}

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewForm {
    /// Title.
    pub title: String,
    /// The issuing unit.
    pub unit: String,
    /// Theme.
    pub theme: String,
    /// First day.
    pub period_start: String,
    /// Last day.
    pub period_end: String,
    /// The text that receivers read.
    pub text: String,
}

/// `GET /campaigns/new`
pub async fn page(page: Page) -> Result<Response> {
    let units = issuing_units(&page.actor);
    let form = NewForm { unit: units.first().map(|unit| unit.0.clone()).unwrap_or_default(), ..NewForm::default() };
    web::page(&NewPage {
        frame: page.frame("手工新建活动", "campaigns"), form, errors: FieldErrors::new(), units
    })
}

/// `POST /campaigns/new`
pub async fn submit(State(app): State<App>, page: Page, Form(form): Form<NewForm>) -> Result<Response> {
    match form.parse() {
        Ok(new) => {
            let id = create(&app, &page.actor, new).await?;
            let flash = Flash::success("已建好草稿。请添加任务、选择接收单位，然后发布。");
            Ok(web::see_other_with(&format!("/campaigns/{id}/confirm"), &flash))
        }
        Err(errors) => {
            let units = issuing_units(&page.actor);
            web::page_invalid(&NewPage { frame: page.frame("手工新建活动", "campaigns"), form, errors, units })
        }
    }
}

impl NewForm {
    fn parse(&self) -> Result<NewCampaign, FieldErrors> {
        let mut errors = FieldErrors::new();
        let title = required(&self.title, "title", "请填写标题。", &mut errors);
        at_most(title, 200, "title", &mut errors);
        at_most(&self.text, 50_000, "text", &mut errors);
        let period_start = day(&self.period_start, "period_start", &mut errors);
        let period_end = day(&self.period_end, "period_end", &mut errors);
        if let (Some(start), Some(end)) = (period_start, period_end)
            && end < start
        {
            errors.add("period_end", "结束日期早于开始日期，请核对。");
        }
        if self.unit.trim().is_empty() {
            errors.add("unit", "请选择发文单位。");
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(NewCampaign {
            unit_id: UnitId(self.unit.trim().to_owned()),
            head: Head {
                title: title.to_owned(),
                theme: self.theme.trim().to_owned(),
                period_start,
                period_end,
                ..Head::default()
            },
            text: self.text.trim().to_owned(),
        })
    }
}

/// A date field; empty is no date.
pub(super) fn day(text: &str, field: &str, errors: &mut FieldErrors) -> Option<Date> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    match text.parse() {
        Ok(date) => Some(date),
        Err(_) => {
            errors.add(field, "请按“2022-06-20”的样子填写日期。");
            None
        }
    }
}

/// The units for which an actor may issue campaigns: id and name.
pub(super) fn issuing_units(actor: &Actor) -> Vec<(String, String)> {
    let grants = actor.grants.iter().filter(|grant| grant.role == Role::Office);
    grants.map(|grant| (grant.unit_id.0.clone(), grant.unit_name.clone())).collect()
}

/// Makes a campaign without a notice, with the duty to acknowledge in it.
pub async fn create(app: &App, actor: &Actor, new: NewCampaign) -> Result<CampaignId> {
    let unit = units::get(app.db.reader(), &actor.jurisdiction, &new.unit_id).await?;
    actor.require(Permission::CampaignEdit, &unit.path)?;
    let children = units::below(app.db.reader(), &actor.jurisdiction, &unit).await?;

    let id: CampaignId = app.ids.id();
    let mut head = new.head;
    if head.issuer.is_empty() {
        head.issuer.clone_from(&unit.name);
    }
    let campaign = blank_campaign(id.clone(), &unit, &head, default_receivers(&unit, &children), new.text);
    let tx = app.db.begin(&actor.jurisdiction).await?;
    write_draft(app, &tx, actor, &campaign, Vec::new(), vec![draft::acknowledge()]).await?;
    let event =
        Event::new(actor, "campaign.created", "campaign", &id, format!("新建了活动“{}”。", campaign.header.title));
    tx.commit(event.unit(&unit.id)).await?;
    Ok(id)
}

/// A draft with this head and nothing else.
pub(super) fn blank_campaign(
    id: CampaignId,
    unit: &UnitRef,
    head: &Head,
    receivers: Selector,
    notice_text: String,
) -> Campaign {
    Campaign {
        header: CampaignHeader {
            id,
            title: head.title.clone(),
            doc_number: head.doc_number.clone(),
            issuer: head.issuer.clone(),
            issuer_unit_id: unit.id.clone(),
            issuer_unit_path: unit.path.clone(),
            theme: head.theme.clone(),
            issued_on: head.issued_on,
            period_start: head.period_start,
            period_end: head.period_end,
            state: CampaignState::Draft,
            edition: 0,
            contact: head.contact.clone(),
            remarks: head.remarks.clone(),
            published_at: None,
            derived_from: None,
        },
        receivers,
        copied_from: None,
        notice_text,
        notice_plan: String::new(),
        notice_format: String::new(),
        decisions: std::collections::BTreeMap::new(),
        amendment: String::new(),
        closing_note: String::new(),
        version: 1,
        created_at: 0,
    }
}

/// Writes a draft with its activities and duties, giving them ids.
pub(super) async fn write_draft(
    app: &App,
    tx: &WriteTx,
    actor: &Actor,
    campaign: &Campaign,
    activities: Vec<super::model::Activity>,
    duty_list: Vec<Duty>,
) -> Result<()> {
    let now = app.now();
    let id = &campaign.header.id;
    store::insert(tx, campaign, &actor.account_id, now).await?;
    for (activity, ordinal) in activities.into_iter().zip(1..) {
        let activity = super::model::Activity { id: app.ids.id(), ordinal, version: 1, ..activity };
        store::save_activity(tx, id, &activity, true, now).await?;
    }
    for (duty, ordinal) in duty_list.into_iter().zip(1..) {
        let duty = Duty { id: app.ids.id(), campaign_id: id.clone(), ordinal, version: 1, ..duty };
        duties::insert(tx, &duty).await?;
    }
    Ok(())
}

/// Who receives a campaign when its notice names nobody: the kinds of the unit's own children, so that a
/// county's notice goes to its townships and not past them.
pub(super) fn default_receivers(unit: &UnitRef, below: &[UnitRef]) -> Selector {
    let children = below.iter().filter(|child| child.parent_id.as_ref() == Some(&unit.id));
    let kinds: std::collections::BTreeSet<UnitKind> = children.map(|child| child.kind).collect();
    Selector { kinds: kinds.into_iter().collect(), ..Selector::default() }
}

impl NewPage {
    /// A page to look at.
    #[cfg(any(test, feature = "testing"))]
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            form: NewForm { title: "安全生产月".to_owned(), ..NewForm::default() },
            errors: FieldErrors::one("title", "请填写标题。"),
            units: vec![("1".to_owned(), "青龙山镇".to_owned())],
        }
    }
}

/// Refuses what cannot be done to a campaign in this state.
pub(super) fn require_state(campaign: &Campaign, state: CampaignState, sentence: &str) -> Result<()> {
    if campaign.header.state == state { Ok(()) } else { Err(Error::refused(sentence)) }
}
