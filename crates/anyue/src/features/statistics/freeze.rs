//! Freezing a week's form on report day, reading it again, and what has changed since.

use std::collections::{BTreeMap, HashMap, HashSet};

use axum::extract::{Path, State};
use axum::response::Response;
use jiff::civil::Date;
use sha2::Digest as _;

use super::document::{CorrectionNote, Document, Pin};
use super::load::{self, STATES, Wanted};
use super::store::{self, Freeze};
use super::weeks::Week;
use crate::App;
use crate::features::campaigns::api::{self as campaigns, CampaignHeader};
use crate::features::duties::api::CampaignId;
use crate::features::records::api::{self as records, RecordId};
use crate::features::units::api as units;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::JurisdictionId;
use crate::platform::web::form::{Form, at_most};
use crate::platform::web::{self, Flash};

/// The fields.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct FreezeForm {
    /// Id of the campaign.
    pub campaign: String,
    /// Number of the week.
    pub week: String,
    /// Why it is frozen again.
    pub reason: String,
}

/// `POST /statistics/freeze`
pub async fn submit(State(app): State<App>, page: Page, Form(form): Form<FreezeForm>) -> Result<Response> {
    let wanted = Wanted { campaign: form.campaign.clone(), week: form.week.clone(), ..Wanted::default() };
    let back = wanted.address("/statistics", &[]);
    match freeze(&app, &page.actor, &form).await {
        Ok(frozen) => {
            let words = format!("已冻结（第{}次）。以后记录有变动，这张表不变，变动单独列出。", frozen.edition);
            Ok(web::see_other_with(&back, &Flash::success(words)))
        }
        Err(Error::Invalid(errors)) => {
            let words = errors.iter().next().map(|(_, words)| words.to_owned()).unwrap_or_default();
            Err(Error::Refused(words))
        }
        Err(other) => Err(other),
    }
}

/// Freezes a week's form of a campaign, of all units; again with a reason, as a further edition.
///
/// # Errors
/// [`Error::Invalid`] when a reason is missing; [`Error::Refused`] when the week has not begun.
pub async fn freeze(app: &App, actor: &Actor, form: &FreezeForm) -> Result<Freeze> {
    let (town, now) = (&actor.jurisdiction, app.now());
    let id = CampaignId::from(form.campaign.as_str());
    let campaign = campaigns::header(app.db.reader(), town, &id).await?.ok_or(Error::NotFound)?;
    actor.require(Permission::StatisticsEdit, &campaign.issuer_unit_path).map_err(|_| Error::NotFound)?;
    let weeks = load::weeks_of(app, town, &campaign).await?;
    let week = weeks.into_iter().find(|week| week.no.to_string() == form.week).ok_or(Error::NotFound)?;
    if app.clock.today() < week.from {
        return Err(Error::refused("这一周还没有开始，到报送日再冻结。"));
    }
    let edition = 1 + newest(app, town, &id, week.until).await?.map_or(0, |frozen| frozen.edition);
    let reason = form.reason.trim().to_owned();
    let mut errors = FieldErrors::new();
    if edition > 1 && reason.is_empty() {
        errors.add("reason", "这一周已经冻结过。再次冻结请写明原因，原来冻结的表仍然保留。");
    }
    at_most(&reason, 500, "reason", &mut errors);
    errors.into_result()?;

    let mut document = document(app, town, &campaign, &week).await?;
    document.edition = edition;
    document.reason.clone_from(&reason);
    document.frozen_at = now;
    document.frozen_by.clone_from(&actor.name);
    let text = String::from_utf8(document.to_bytes()?).map_err(Error::internal)?;
    let frozen = Freeze {
        freeze_id: app.ids.id(),
        campaign_id: id.to_string(),
        from_day: week.from.to_string(),
        until_day: week.until.to_string(),
        edition,
        sha256: hex::encode(sha2::Sha256::digest(&text)),
        reason: reason.clone(),
        frozen_by_name: actor.name.clone(),
        frozen_at: now,
    };
    let tx = app.db.begin(town).await?;
    store::insert_freeze(&tx, &frozen, &text, &actor.account_id).await?;
    let why = if reason.is_empty() { String::new() } else { format!("，原因：{reason}") };
    let said = format!("冻结“{}”第{}周统计表（第{edition}次）{why}", campaign.title, week.no);
    let event = Event::new(actor, "statistics.frozen", "statistics_freeze", &frozen.freeze_id, said)
        .unit(&campaign.issuer_unit_id)
        .detail(serde_json::json!({ "sha256": frozen.sha256, "edition": edition }));
    tx.commit(event).await?;
    Ok(frozen)
}

/// The whole form of a week as it is now, with its corrections and records.
pub async fn document(app: &App, town: &JurisdictionId, campaign: &CampaignHeader, week: &Week) -> Result<Document> {
    let top = units::get(app.db.reader(), town, &campaign.issuer_unit_id).await?;
    let basis = load::basis(app, town, Some(&campaign.id), week, (&top, load::Detail::Each)).await?;
    let mut document = Document::of(&basis, Some((campaign.id.as_str(), &campaign.title)));
    let corrections = store::corrections(app.db.reader(), town, &campaign.id, week.until).await?;
    document.corrections = corrections
        .into_iter()
        .filter(|one| one.taken_back_at.is_none())
        .map(|one| CorrectionNote {
            id: one.id,
            unit_id: one.unit_id,
            slot: one.slot,
            span: one.span.code().to_owned(),
            computed: one.computed,
            amount: one.amount,
            body: one.body,
            reason: one.reason,
            by: one.made_by_name,
            at: one.made_at,
        })
        .collect();
    document.records = pins(app, town, &document, week).await?;
    Ok(document)
}

/// The records of the period that belong to the units of a document.
async fn pins(app: &App, town: &JurisdictionId, document: &Document, week: &Week) -> Result<Vec<Pin>> {
    let db = app.db.reader();
    let period = (week.total_from, week.until);
    let inside: HashSet<&str> = document.units.iter().map(|unit| unit.id.as_str()).collect();
    let co_hosted: HashSet<RecordId> = records::joint(db, town, period)
        .await?
        .into_iter()
        .filter(|(_, unit)| inside.contains(unit.as_str()))
        .map(|(record, _)| record)
        .collect();
    let all = records::versions(db, town, period, &STATES).await?;
    Ok(all
        .into_iter()
        .filter(|one| inside.contains(one.unit_id.as_str()) || co_hosted.contains(&one.record_id))
        .map(|one| Pin { record_id: one.record_id, version: one.version, state: one.state })
        .collect())
}

/// The editions of a week, the newest first.
pub async fn editions(app: &App, town: &JurisdictionId, campaign: &CampaignId, until: Date) -> Result<Vec<Freeze>> {
    let mut all = store::freezes(app.db.reader(), town, campaign).await?;
    all.retain(|one| one.until_day == until.to_string());
    Ok(all)
}

async fn newest(app: &App, town: &JurisdictionId, campaign: &CampaignId, until: Date) -> Result<Option<Freeze>> {
    Ok(editions(app, town, campaign, until).await?.into_iter().next())
}

/// The bytes of a frozen form, checked against the sum they were frozen with.
pub async fn bytes(app: &App, town: &JurisdictionId, frozen: &Freeze) -> Result<Vec<u8>> {
    let text = store::document(app.db.reader(), town, &frozen.freeze_id).await?.ok_or(Error::NotFound)?;
    let bytes = text.into_bytes();
    if hex::encode(sha2::Sha256::digest(&bytes)) != frozen.sha256 {
        return Err(Error::internal(format!("the frozen form {} is not what was frozen", frozen.freeze_id)));
    }
    Ok(bytes)
}

/// A frozen form.
pub async fn read(app: &App, town: &JurisdictionId, frozen: &Freeze) -> Result<Document> {
    Document::from_bytes(&bytes(app, town, frozen).await?)
}

/// `GET /statistics/frozen/{id}`: the document itself, byte for byte.
pub async fn download(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    let town = &page.actor.jurisdiction;
    let frozen = store::freeze(app.db.reader(), town, &id).await?.ok_or(Error::NotFound)?;
    let campaign = CampaignId::from(frozen.campaign_id.as_str());
    let campaign = campaigns::header(app.db.reader(), town, &campaign).await?.ok_or(Error::NotFound)?;
    page.actor.require(Permission::StatisticsView, &campaign.issuer_unit_path).map_err(|_| Error::NotFound)?;
    let name = format!("统计表{}第{}次冻结.json", frozen.until_day, frozen.edition);
    Ok(web::attachment(&name, "application/json", bytes(&app, town, &frozen).await?))
}

/// How a record that was counted or waited has changed since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was not there then.
    Added,
    /// It is no longer among those that count or wait.
    Gone,
    /// It says something else, or stands otherwise.
    Changed,
}

/// The records that differ between two lists of pins.
pub fn compare(then: &[Pin], now: &[Pin]) -> BTreeMap<RecordId, Fate> {
    let then: HashMap<&RecordId, &Pin> = then.iter().map(|pin| (&pin.record_id, pin)).collect();
    let present: HashMap<&RecordId, &Pin> = now.iter().map(|pin| (&pin.record_id, pin)).collect();
    let mut fates = BTreeMap::new();
    for (id, pin) in &present {
        match then.get(id) {
            None => drop(fates.insert((*id).clone(), Fate::Added)),
            Some(before) if *before != *pin => drop(fates.insert((*id).clone(), Fate::Changed)),
            Some(_) => {}
        }
    }
    for id in then.keys().filter(|id| !present.contains_key(*id)) {
        fates.insert((*id).clone(), Fate::Gone);
    }
    fates
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::records::api::State as Stand;

    #[test]
    fn what_came_went_or_changed_is_told_and_the_rest_is_not() {
        let pin = |id: &str, version| Pin { record_id: id.into(), version, state: Stand::Accepted };
        let then = [pin("a", 1), pin("b", 1), pin("c", 1)];
        let now = [pin("a", 1), pin("b", 2), pin("d", 1)];
        let found: Vec<(String, Fate)> = compare(&then, &now).into_iter().map(|(id, fate)| (id.0, fate)).collect();
        let expected = [("b", Fate::Changed), ("c", Fate::Gone), ("d", Fate::Added)];
        assert_eq!(found, expected.map(|(id, fate)| (id.to_owned(), fate)));
        assert!(compare(&then, &then).is_empty());
    }
}
