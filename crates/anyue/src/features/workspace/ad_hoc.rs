//! 新报一次: begins a report that may be made at any time.

use axum::extract::{Path, State};
use axum::response::Response;

use crate::App;
use crate::features::duties::api::{self as duties, DutyId};
use crate::page::Page;
use crate::platform::error::Result;
use crate::platform::ids::UnitId;
use crate::platform::web;
use crate::platform::web::form::Form;

/// For which unit.
#[derive(Debug, serde::Deserialize)]
pub struct Begin {
    unit: String,
}

/// `POST /work/ad-hoc/{duty_id}`
pub async fn begin(
    State(app): State<App>,
    page: Page,
    Path(duty_id): Path<DutyId>,
    Form(form): Form<Begin>,
) -> Result<Response> {
    let made = duties::new_ad_hoc(&app, &page.actor, &duty_id, &UnitId(form.unit)).await?;
    Ok(web::see_other(&format!("/work/do/{made}")))
}
