//! What a file belongs to, in words: a record, or a submission for a duty.

use std::collections::HashMap;

use jiff::civil::Date;

use super::store;
use crate::App;
use crate::features::duties::api::{self as duties, OccurrenceId, SubmissionId, SubmissionState};
use crate::features::units::api as units;
use crate::platform::auth::{Actor, Permission};
use crate::platform::blobs::FileRow;
use crate::platform::error::Result;
use crate::platform::ids::UnitId;

/// What a file belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerTold {
    /// Same for all revisions of one thing.
    pub group: String,
    /// The unit, by name.
    pub unit: String,
    /// The day it was held or sent, in words with the year.
    pub day: String,
    /// Title of the record or the duty.
    pub title: String,
    /// Where the office looks at it.
    pub link: String,
    /// The actor may look at it.
    pub may_see: bool,
}

/// What these files belong to, by kind and id of the owner; owners that were never sent are left out.
pub async fn owners_told(app: &App, actor: &Actor, files: &[FileRow]) -> Result<HashMap<(String, String), OwnerTold>> {
    struct Found {
        key: (String, String),
        group: String,
        unit_id: UnitId,
        day: Date,
        title: String,
        link: String,
        permission: Permission,
    }
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let ids = |kind: &str| {
        let mut ids: Vec<&str> =
            files.iter().filter(|file| file.owner_kind == kind).map(|file| file.owner_id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let mut found = Vec::new();
    for id in ids("record") {
        let Some(record) = store::records::find(db, town, &id.into()).await? else { continue };
        found.push(Found {
            key: ("record".to_owned(), id.to_owned()),
            group: id.to_owned(),
            day: record.facts.held_on,
            title: record.facts.title.clone(),
            link: format!("/records/{id}"),
            permission: Permission::RecordView,
            unit_id: record.unit_id,
        });
    }
    let submissions: Vec<SubmissionId> = ids("submission").into_iter().map(SubmissionId::from).collect();
    let mut titles: HashMap<OccurrenceId, String> = HashMap::new();
    for submission in duties::submissions(db, town, &submissions).await? {
        let sent = submission.submitted_at.filter(|_| submission.state != SubmissionState::Draft);
        let Some(sent) = sent else { continue };
        if !titles.contains_key(&submission.occurrence_id) {
            let item = duties::occurrence(db, town, &submission.occurrence_id).await?;
            let title = item.map(|item| item.duty.title.clone()).unwrap_or_default();
            titles.insert(submission.occurrence_id.clone(), title);
        }
        found.push(Found {
            key: ("submission".to_owned(), submission.id.to_string()),
            group: submission.occurrence_id.to_string(),
            day: calendar::to_local(sent).unwrap_or_default().date(),
            title: titles[&submission.occurrence_id].clone(),
            link: format!("/submissions/{}", submission.id),
            permission: Permission::DutyView,
            unit_id: submission.unit_id,
        });
    }
    let unit_ids: Vec<UnitId> = found.iter().map(|one| one.unit_id.clone()).collect();
    let units = units::get_all(db, town, &unit_ids).await?;
    Ok(found
        .into_iter()
        .filter_map(|one| {
            let unit = units.get(&one.unit_id)?;
            let told = OwnerTold {
                group: one.group,
                unit: unit.name.clone(),
                day: one.day.strftime("%Y年%-m月%-d日").to_string(),
                title: one.title,
                link: one.link,
                may_see: actor.scope(one.permission).covers(&unit.path),
            };
            Some((one.key, told))
        })
        .collect())
}
