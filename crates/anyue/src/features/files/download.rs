//! `GET /files/{id}`: a file, for whoever may read what it belongs to.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;

use crate::App;
use crate::features::campaigns::api::{self as campaigns, CampaignState};
use crate::features::duties::api::{self as duties, CampaignId, SubmissionId, SubmissionState};
use crate::features::records::api::{self as records, RecordId};
use crate::features::units::api as units;
use crate::platform::auth::{Actor, Permission};
use crate::platform::blobs::{self, FileRow};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{FileId, UnitId};
use crate::platform::web;

/// `GET /api/v1/files/{id}`: the same for programs.
#[utoipa::path(get, path = "/api/v1/files/{id}", tag = "submissions", summary = "取附件", params(("id" = String, Path)), responses((status = 200, description = "The bytes of the file"), (status = 404)))]
pub async fn api_download(app: State<App>, actor: Actor, id: Path<FileId>) -> Result<Response> {
    actor.require_token_scope("submissions:read")?;
    download(app, actor, id).await
}

/// `GET /files/{id}`: always saved, never shown within our pages.
pub async fn download(State(app): State<App>, actor: Actor, Path(id): Path<FileId>) -> Result<Response> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let file = blobs::find_file(db, town, &id).await?.ok_or(Error::NotFound)?;
    let may = match file.owner_kind.as_str() {
        "submission" => may_read_submission(&app, &actor, &file).await?,
        "campaign" => may_read_campaign(&app, &actor, &file).await?,
        "record" => may_read_record(&app, &actor, &file).await?,
        // The form of a record that is not written down: nobody's but its writer's.
        "record_form" => file.created_by == actor.account_id.as_str(),
        _ => false,
    };
    if !may {
        return Err(Error::NotFound);
    }
    let body = Body::from_stream(app.blobs.stream(town, &file.sha256).await?);
    Ok(web::attachment(&file.name, &file.media_type, body))
}

/// The unit that owns the submission, always; the office above it, once it has been sent.
async fn may_read_submission(app: &App, actor: &Actor, file: &FileRow) -> Result<bool> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let id = SubmissionId::from(file.owner_id.as_str());
    let Some(submission) = duties::submission(db, town, &id).await? else { return Ok(false) };
    let unit = units::get(db, town, &submission.unit_id).await?;
    let sent = submission.state != SubmissionState::Draft;
    Ok(actor.scope(Permission::WorkOwn).covers(&unit.path)
        || (sent && actor.scope(Permission::DutyView).covers(&unit.path)))
}

/// The units that held it, and the office above them.
async fn may_read_record(app: &App, actor: &Actor, file: &FileRow) -> Result<bool> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let id = RecordId::from(file.owner_id.as_str());
    let Some(record) = records::record(db, town, &id).await? else { return Ok(false) };
    let hosts: Vec<UnitId> = record.units().cloned().collect();
    let hosts = units::get_all(db, town, &hosts).await?;
    let scopes = [actor.scope(Permission::WorkOwn), actor.scope(Permission::RecordView)];
    Ok(hosts.values().any(|unit| scopes.iter().any(|scope| scope.covers(&unit.path))))
}

/// Whoever runs the campaign; once it is published, those who receive it.
async fn may_read_campaign(app: &App, actor: &Actor, file: &FileRow) -> Result<bool> {
    let (db, town) = (app.db.reader(), &actor.jurisdiction);
    let id = CampaignId::from(file.owner_id.as_str());
    let Some(campaign) = campaigns::header(db, town, &id).await? else { return Ok(false) };
    if actor.scope(Permission::CampaignView).covers(&campaign.issuer_unit_path)
        || actor.scope(Permission::CampaignPassOn).covers(&campaign.issuer_unit_path)
    {
        return Ok(true);
    }
    if campaign.state == CampaignState::Draft {
        return Ok(false);
    }
    let scopes = [actor.scope(Permission::WorkOwn), actor.scope(Permission::DutyView)];
    let receivers: Vec<UnitId> = campaigns::receivers(db, town, &id).await?;
    let receivers = units::get_all(db, town, &receivers).await?;
    Ok(receivers.values().any(|unit| scopes.iter().any(|scope| scope.covers(&unit.path))))
}
