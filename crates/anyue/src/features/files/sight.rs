//! How much of a file somebody sees.

use crate::App;
use crate::features::campaigns::api::{self as campaigns, CampaignState};
use crate::features::duties::api::{self as duties, CampaignId, SubmissionId, SubmissionState};
use crate::features::evidence::api::Sight;
use crate::features::records::api::{self as records, RecordId};
use crate::features::units::api as units;
use crate::platform::auth::{Actor, Permission};
use crate::platform::blobs::{self, FileRow};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{FileId, UnitId};

/// A file that the actor sees something of, and how much; for others it is not there.
pub(super) async fn find(app: &App, actor: &Actor, id: &FileId) -> Result<(FileRow, Sight)> {
    let file = blobs::find_file(app.db.reader(), &actor.jurisdiction, id).await?.ok_or(Error::NotFound)?;
    let sight = match file.owner_kind.as_str() {
        "submission" => of_submission(app, actor, &file).await?,
        "campaign" => of_campaign(app, actor, &file).await?,
        "record" => of_record(app, actor, &file).await?,
        // The form of a record that is not written down: nobody's but its writer's.
        "record_form" => (file.created_by == actor.account_id.as_str()).then_some(Sight::Originals),
        _ => None,
    };
    Ok((file, sight.ok_or(Error::NotFound)?))
}

/// Whether the original of this file may be fetched: photos and videos are sealed, documents are not.
pub(super) fn may_have_original(file: &FileRow, sight: Sight) -> bool {
    sight == Sight::Originals || !(file.media_type.starts_with("image/") || file.media_type.starts_with("video/"))
}

/// The unit that owns the submission, always; once it has been sent, the office above it: who reviews sees all.
async fn of_submission(app: &App, actor: &Actor, file: &FileRow) -> Result<Option<Sight>> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let id = SubmissionId::from(file.owner_id.as_str());
    let Some(submission) = duties::submission(db, town, &id).await? else { return Ok(None) };
    let unit = units::get(db, town, &submission.unit_id).await?;
    let covers = |permission| actor.scope(permission).covers(&unit.path);
    let is_sent = submission.state != SubmissionState::Draft;
    Ok(if covers(Permission::WorkOwn) || (is_sent && covers(Permission::DutyReview)) {
        Some(Sight::Originals)
    } else {
        (is_sent && covers(Permission::DutyView)).then_some(Sight::Copies)
    })
}

/// The units that held it, and the office above them: who reviews its host sees all.
async fn of_record(app: &App, actor: &Actor, file: &FileRow) -> Result<Option<Sight>> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let id = RecordId::from(file.owner_id.as_str());
    let Some(record) = records::record(db, town, &id).await? else { return Ok(None) };
    let ids: Vec<UnitId> = record.units().cloned().collect();
    let hosts = units::get_all(db, town, &ids).await?;
    let covers = |permission| {
        let scope = actor.scope(permission);
        hosts.values().any(|unit| scope.covers(&unit.path))
    };
    let reviews =
        hosts.get(&record.unit_id).is_some_and(|host| actor.scope(Permission::RecordReview).covers(&host.path));
    Ok(if covers(Permission::WorkOwn) || reviews {
        Some(Sight::Originals)
    } else {
        covers(Permission::RecordView).then_some(Sight::Copies)
    })
}

/// Whoever runs the campaign; once it is published, those who receive it.
async fn of_campaign(app: &App, actor: &Actor, file: &FileRow) -> Result<Option<Sight>> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let id = CampaignId::from(file.owner_id.as_str());
    let Some(campaign) = campaigns::header(db, town, &id).await? else { return Ok(None) };
    if actor.scope(Permission::CampaignView).covers(&campaign.issuer_unit_path)
        || actor.scope(Permission::CampaignPassOn).covers(&campaign.issuer_unit_path)
    {
        return Ok(Some(Sight::Originals));
    }
    if campaign.state == CampaignState::Draft {
        return Ok(None);
    }
    let scopes = [actor.scope(Permission::WorkOwn), actor.scope(Permission::DutyView)];
    let receivers: Vec<UnitId> = campaigns::receivers(db, town, &id).await?;
    let receivers = units::get_all(db, town, &receivers).await?;
    let receives = receivers.values().any(|unit| scopes.iter().any(|scope| scope.covers(&unit.path)));
    Ok(receives.then_some(Sight::Originals))
}
