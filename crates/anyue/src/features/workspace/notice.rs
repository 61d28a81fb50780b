//! `/work/campaigns/{id}`: the notice as its receiver reads it, and 签收.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use jiff::civil::DateTime;

use super::model::{self, Card, OwnUnit};
use super::typeset::{self, Line};
use crate::App;
use crate::features::campaigns::api::{self as campaigns, CampaignHeader, CampaignState};
use crate::features::duties::api::{self as duties, Acknowledge, CampaignId, Part};
use crate::features::units::api as units;
use crate::page::Page;
use crate::platform::auth::{Actor, Permission};
use crate::platform::blobs;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// 通知
#[derive(Debug, Template)]
#[template(path = "features/workspace/templates/notice.html")]
pub struct NoticePage {
    /// Around it.
    pub frame: Frame,
    /// Id of the campaign.
    pub id: String,
    /// Title.
    pub title: String,
    /// Facts of the head: label and value.
    pub facts: Vec<(&'static str, String)>,
    /// What the issuing unit adds in its own words.
    pub remarks: String,
    /// Its edition.
    pub edition: i64,
    /// What changed since the unit acknowledged, newest first.
    pub changes: Vec<Changed>,
    /// The campaign is over.
    pub closed: bool,
    /// What this unit is to do.
    pub cards: Vec<Card>,
    /// What it may report at any time.
    pub standing: Vec<(String, String)>,
    /// 活动项目: title, who and when, clause.
    pub activities: Vec<(String, String, String)>,
    /// The document.
    pub lines: Vec<Line>,
    /// Its files: name, size in words, address.
    pub files: Vec<(String, String, String)>,
    /// The unit that reads.
    pub unit: OwnUnit,
    /// The person's units that receive it.
    pub units: Vec<OwnUnit>,
    /// Who acknowledged this edition, and when, in words; empty when nobody has.
    pub acknowledged: String,
    /// The unit has units of its own to pass the notice on to.
    pub can_pass_on: bool,
}

/// What an edition changed.
#[derive(Clone, Debug)]
pub struct Changed {
    /// When and who, in words.
    pub about: String,
    /// Why, in the issuer's words.
    pub note: String,
    /// One sentence for each thing.
    pub sentences: Vec<String>,
}

impl NoticePage {
    /// Whether the button 签收 is shown.
    pub fn can_acknowledge(&self) -> bool {
        self.acknowledged.is_empty() && !self.closed
    }

    #[cfg(any(test, feature = "testing"))]
    /// A town's notice, not yet acknowledged.
    pub fn sample() -> Self {
        super::samples::notice()
    }
}

/// The address's question.
#[derive(Debug, serde::Deserialize)]
pub struct Choice {
    /// Id of one of several units.
    #[serde(default)]
    unit: String,
}

/// The campaign, when some unit of the person receives it, and those units.
async fn received(app: &App, actor: &Actor, id: &CampaignId) -> Result<(CampaignHeader, Vec<OwnUnit>)> {
    let (town, db) = (&actor.jurisdiction, app.db.reader());
    let header = campaigns::header(db, town, id).await?.ok_or(Error::NotFound)?;
    let mut receiving = Vec::new();
    if header.state != CampaignState::Draft {
        for unit in model::own_units(actor) {
            if campaigns::is_receiver(db, town, id, &unit.id).await? {
                receiving.push(unit);
            }
        }
    }
    if receiving.is_empty() { Err(Error::NotFound) } else { Ok((header, receiving)) }
}

/// `GET /work/campaigns/{id}`
pub async fn page(
    State(app): State<App>,
    page: Page,
    Path(id): Path<CampaignId>,
    Query(choice): Query<Choice>,
) -> Result<Response> {
    let (town, db) = (&page.actor.jurisdiction, app.db.reader());
    let (now_ms, now) = (app.now(), app.clock.local_now());
    let (header, receiving) = received(&app, &page.actor, &id).await?;
    let unit = receiving.iter().find(|unit| unit.id.as_str() == choice.unit).unwrap_or(&receiving[0]).clone();

    let signed = duties::acknowledgements(db, town, &id).await?;
    let own: Vec<_> = signed.iter().filter(|one| one.unit_id == unit.id.as_str()).collect();
    let acknowledged = own
        .iter()
        .find(|one| one.edition == header.edition)
        .map(|one| format!("{}于{}签收", one.account_name, model::past_in_words(one.at, now)))
        .unwrap_or_default();
    let seen = own.iter().map(|one| one.edition).filter(|edition| *edition < header.edition).max();
    let changes =
        if header.edition > 1 { changes(&app, &page.actor, &id, seen.unwrap_or(1), now).await? } else { Vec::new() };

    let items = duties::of_campaign_and_unit(db, town, &id, &unit.id).await?;
    let mut cards: Vec<Card> = items
        .iter()
        .filter(|item| !item.is_ad_hoc() && item.duty.parts != [Part::Acknowledgement])
        .map(|item| Card::of(item, "", "", now_ms, now))
        .collect();
    cards.sort_by_key(|card| card.due_ms);
    let standing = items
        .iter()
        .filter(|item| item.is_standing() && !item.closed)
        .map(|item| (item.duty.title.clone(), format!("/work/ad-hoc/{}", item.duty.id)))
        .collect();
    let activities = campaigns::activities(db, town, &id).await?;
    let own_unit = units::get(db, town, &unit.id).await?;
    let has_children = !units::below(db, town, &own_unit).await?.is_empty();
    let may_pass_on = page.actor.require(Permission::CampaignPassOn, &own_unit.path).is_ok();
    let files = blobs::files_of(db, town, "campaign", id.as_str()).await?;

    web::page(&NoticePage {
        frame: page.frame("通知", "work"),
        id: id.to_string(),
        title: header.title.clone(),
        facts: facts(&header, now),
        remarks: header.remarks.clone(),
        edition: header.edition,
        changes,
        closed: header.state == CampaignState::Closed,
        cards,
        standing,
        activities: activities
            .into_iter()
            .map(|activity| {
                let dates = model::period_in_words(activity.starts_on, activity.ends_on);
                let about =
                    [activity.who, dates].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("　");
                (format!("{}{}", activity.number, activity.title), about, activity.clause)
            })
            .collect(),
        lines: typeset::typeset(&campaigns::notice_lines(db, town, &id).await?),
        files: files
            .into_iter()
            .map(|file| (file.name.clone(), file.size_in_words(), format!("/files/{}", file.file_id)))
            .collect(),
        unit,
        units: receiving,
        acknowledged,
        can_pass_on: has_children && may_pass_on && header.state == CampaignState::Published,
    })
}

fn facts(header: &CampaignHeader, now: DateTime) -> Vec<(&'static str, String)> {
    [
        ("发文机关", header.issuer.clone()),
        ("文号", header.doc_number.clone()),
        ("活动主题", header.theme.clone()),
        ("活动时间", header.period_in_words(now.date())),
        ("下发时间", header.published_at.map(|at| model::past_in_words(at, now)).unwrap_or_default()),
        ("联系人", header.contact.clone()),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .collect()
}

async fn changes(app: &App, actor: &Actor, id: &CampaignId, seen: i64, now: DateTime) -> Result<Vec<Changed>> {
    let changes = campaigns::changes(app.db.reader(), &actor.jurisdiction, id).await?;
    Ok(changes
        .into_iter()
        .filter(|change| change.edition > seen.max(1))
        .map(|change| Changed {
            about: format!("{}，{}", model::past_in_words(change.at, now), change.actor_name),
            note: change.note,
            sentences: change.changes,
        })
        .collect())
}

/// What the button 签收 sends.
#[derive(Debug, serde::Deserialize)]
pub struct AcknowledgeForm {
    unit: String,
    edition: String,
}

/// `POST /work/campaigns/{id}/acknowledge`
pub async fn acknowledge(
    State(app): State<App>,
    page: Page,
    Path(id): Path<CampaignId>,
    Form(form): Form<AcknowledgeForm>,
) -> Result<Response> {
    let (header, receiving) = received(&app, &page.actor, &id).await?;
    let unit_id = UnitId(form.unit);
    if !receiving.iter().any(|unit| unit.id == unit_id) {
        return Err(Error::NotFound);
    }
    if header.state == CampaignState::Closed {
        return Err(Error::refused("这项活动已经结束，不用再签收。"));
    }
    let back = format!("/work/campaigns/{id}?unit={unit_id}");
    if form.edition.parse() != Ok(header.edition) {
        let flash = Flash::warning("通知刚有变更，请先看变更内容，再点“签收”。");
        return Ok(web::see_other_with(&back, &flash));
    }
    let cmd = Acknowledge { campaign_id: id.clone(), unit_id: unit_id.clone(), edition: header.edition };
    let is_new = duties::acknowledge(&app, &page.actor, cmd).await?;
    if !is_new {
        return Ok(web::see_other_with(&back, &Flash::success("这份通知您单位已经签收过了。")));
    }
    let items = duties::work_of_units(app.db.reader(), &page.actor.jurisdiction, &[unit_id]).await?;
    let next = model::next_in_words(&items, "", app.clock.local_now());
    let words = match next {
        Some((next, _)) => format!("已签收。下一件：{next}"),
        None => "已签收。现在没有别的要办。".to_owned(),
    };
    Ok(web::see_other_with(&back, &Flash::success(words)))
}
