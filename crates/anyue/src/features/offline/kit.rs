//! `GET /api/v1/work/kit`: what a phone must know to write records and reports down without network.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::features::campaigns::api as campaigns;
use crate::features::duties::api::{self as duties, OccurrenceId, Part, WorkItem};
use crate::features::records::api::{self as records, PeopleGroup, Target};
use crate::platform::auth::Actor;
use crate::platform::error::Result;
use crate::platform::ids::{AccountId, UnitId};

/// Duties whose time is further away are left out: a phone that is away longer comes back before.
const AHEAD_MS: i64 = 60 * 24 * 3_600_000;

/// What a phone must know.
#[derive(Debug, Serialize, ToSchema)]
pub struct KitJson {
    account: AccountJson,
    /// Milliseconds since 1970, by the server.
    at: i64,
    /// Today, by the server.
    today: String,
    units: Vec<NamedJson>,
    /// What may be reported, the first due first; what was due before it came stands last.
    duties: Vec<DutyJson>,
    /// Kinds of records in use.
    kinds: Vec<KindJson>,
    measures: Vec<MeasureJson>,
    /// Campaigns and activities that records may serve.
    serves: Vec<ServesJson>,
    /// Groups of people.
    groups: Vec<NamedJson>,
    /// Targets of visits.
    targets: Vec<NamedJson>,
    /// The kind that has a target.
    target_kind: String,
}

/// Whose it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountJson {
    id: AccountId,
    name: String,
}

/// A code or id with its name.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedJson {
    id: String,
    name: String,
}

/// One dated duty of a unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutyJson {
    occurrence_id: OccurrenceId,
    unit_id: UnitId,
    unit: String,
    title: String,
    campaign: String,
    detail: String,
    parts: Vec<Part>,
    zero_report: bool,
    /// Milliseconds since 1970; null: at any time.
    due_at: Option<i64>,
    /// 6月16日（周四）12:00; empty when there is no date.
    due: String,
    /// First and last day of what is reported about; empty when there is none.
    period: [String; 2],
    /// Why it was sent back; empty when it was not.
    returned: String,
    /// Was due before the unit received it: may be handed in, is owed by nobody.
    born_past: bool,
    /// It was handed in already.
    handed_in: bool,
}

/// A kind of records.
#[derive(Debug, Serialize, ToSchema)]
pub struct KindJson {
    code: String,
    name: String,
    /// Other names, for searching.
    aliases: Vec<String>,
    measures: Vec<String>,
    /// Evidence asked for, with clause, purpose and time kept; empty when none is.
    evidence: String,
}

/// Something a record may state as a number.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeasureJson {
    code: String,
    label: String,
    unit: String,
}

/// A campaign or an activity of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServesJson {
    campaign_id: String,
    /// Null: the campaign as a whole.
    activity_id: Option<String>,
    words: String,
}

/// What a phone must know to write records and reports down without network.
#[utoipa::path(get, path = "/api/v1/work/kit", tag = "duties", summary = "离线填报所需的资料", responses((status = 200, body = KitJson)))]
pub async fn kit(State(app): State<App>, actor: Actor) -> Result<Json<KitJson>> {
    actor.require_token_scope("duties:read")?;
    let (db, town, now) = (app.db.reader(), &actor.jurisdiction, app.now());
    let mut units: Vec<(UnitId, String)> = Vec::new();
    for grant in actor.own_units() {
        if !units.iter().any(|(id, _)| *id == grant.unit_id) {
            units.push((grant.unit_id.clone(), grant.unit_name.clone()));
        }
    }
    let ids: Vec<UnitId> = units.iter().map(|(id, _)| id.clone()).collect();
    let headers = campaigns::published_for_units(db, town, &ids).await?;
    let mut items = duties::work_of_units(db, town, &ids).await?;
    items.retain(|item| is_wanted(item, now));
    items.sort_by_key(|item| (item.born_past && item.extended_until.is_none(), item.due().unwrap_or(i64::MAX)));
    let local = app.clock.local_now();
    let duties = items.into_iter().map(|item| DutyJson {
        unit: units.iter().find(|(id, _)| *id == item.unit_id).map(|(_, name)| name.clone()).unwrap_or_default(),
        title: item.duty.title.clone(),
        campaign: headers
            .iter()
            .find(|header| header.id == item.campaign_id)
            .map(|header| header.title.clone())
            .unwrap_or_default(),
        detail: item.duty.detail.clone(),
        parts: item.duty.parts.clone(),
        zero_report: item.duty.zero_report,
        due_at: item.due(),
        due: item.due().and_then(calendar::to_local).map(|at| calendar::format_due(at, local)).unwrap_or_default(),
        period: [item.period_start, item.period_end].map(|day| day.map(|day| day.to_string()).unwrap_or_default()),
        returned: item.returned.as_ref().map(|review| review.comment.clone()).unwrap_or_default(),
        born_past: item.born_past && item.extended_until.is_none(),
        handed_in: item.submission_id.is_some(),
        occurrence_id: item.id,
        unit_id: item.unit_id,
    });
    let serves = records::serves_choices(db, town, &ids).await?;
    let kinds = records::kinds(db, town).await?.into_iter().filter(|kind| kind.in_use);
    let named = |(id, name): (&str, &str)| NamedJson { id: id.to_owned(), name: name.to_owned() };
    Ok(Json(KitJson {
        account: AccountJson { id: actor.account_id.clone(), name: actor.name.clone() },
        at: now,
        today: app.clock.today().to_string(),
        duties: duties.collect(),
        kinds: kinds
            .map(|kind| KindJson {
                evidence: evidence_in_words(&kind),
                code: kind.code,
                name: kind.name,
                aliases: kind.aliases,
                measures: kind.measures,
            })
            .collect(),
        measures: records::measures()
            .iter()
            .map(|one| MeasureJson { code: one.code.clone(), label: one.label.clone(), unit: one.unit.clone() })
            .collect(),
        serves: serves
            .into_iter()
            .map(|(value, words)| {
                let (campaign, activity) =
                    value.split_once('/').map_or((value.as_str(), None), |(one, other)| (one, Some(other.to_owned())));
                ServesJson { campaign_id: campaign.to_owned(), activity_id: activity, words }
            })
            .collect(),
        groups: PeopleGroup::ALL.iter().map(|group| named((group.code(), group.label()))).collect(),
        targets: Target::ALL.iter().map(|target| named((target.code(), target.label()))).collect(),
        target_kind: records::FIVE_ENTRIES.to_owned(),
        units: units.iter().map(|(id, name)| named((id.as_str(), name))).collect(),
    }))
}

/// What can be handed in and is not merely an acknowledgement, which has to be read first.
fn is_wanted(item: &WorkItem, now: i64) -> bool {
    item.can_submit()
        && item.duty.parts != [Part::Acknowledgement]
        && item.due().is_none_or(|due| due - now <= AHEAD_MS)
}

fn evidence_in_words(kind: &records::Kind) -> String {
    let asked = &kind.evidence;
    if asked.is_empty() {
        return String::new();
    }
    format!("这类活动请附{}。依据{}，用于{}，保存{}。", asked.what, asked.clause, asked.purpose, asked.keep)
}
