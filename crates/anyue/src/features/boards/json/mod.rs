//! Duties, boards and submissions for other programs: `/api/v1`.

mod board;
mod duties;
mod occurrences;
mod submissions;

use serde::Deserialize;
use utoipa::{IntoParams, OpenApi};

pub use board::board;
pub use duties::{duties, duty};
pub use occurrences::occurrences;
pub use submissions::{submission, submissions, submit};

use crate::App;
use crate::features::units::api as units;
use crate::platform::FieldErrors;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;

/// The description of these endpoints.
#[derive(OpenApi)]
#[openapi(
    paths(
        duties::duties,
        duties::duty,
        board::board,
        occurrences::occurrences,
        submissions::submissions,
        submissions::submission,
        submissions::submit
    ),
    components(schemas(
        duties::DutyJson,
        duties::DutiesJson,
        board::BoardJson,
        board::BoardDutyJson,
        board::BoardUnitJson,
        occurrences::OccurrenceJson,
        occurrences::OccurrencesJson,
        submissions::SubmissionJson,
        submissions::HandedInJson,
        submissions::WholeJson,
        submissions::ItemJson,
        submissions::ReceiptJson,
        submissions::SubmissionsJson,
        submissions::SubmitJson,
        submissions::FileJson
    ))
)]
pub struct DutiesApi;

/// Where to go on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Only of this campaign (duties, submissions).
    campaign: String,
    /// The unit (occurrences, submissions).
    unit: String,
    /// `next` of the page before.
    after: String,
    /// Entries on a page, at most 500; 100 if left out.
    limit: Option<i64>,
}

impl PageQuery {
    fn limit(&self) -> i64 {
        self.limit.unwrap_or(100).clamp(1, 500)
    }
}

/// The unit that is asked about, when the actor may see its duties.
async fn asked_unit(app: &App, actor: &Actor, id: &str) -> Result<UnitId> {
    if id.is_empty() {
        return Err(Error::Invalid(FieldErrors::one("unit", "请用 unit=… 指明单位。")));
    }
    let unit = units::get(app.db.reader(), &actor.jurisdiction, &id.into()).await?;
    if !sees(actor, &unit.path) {
        return Err(Error::NotFound);
    }
    Ok(unit.id)
}

fn sees(actor: &Actor, path: &str) -> bool {
    actor.scope(Permission::DutyView).covers(path) || actor.scope(Permission::WorkOwn).covers(path)
}
