//! What other areas use of the statistics: the weeks of a campaign, its frozen forms and corrections.

use jiff::civil::Date;

use super::document::Document;
use super::export;
pub use super::freeze::{FreezeForm, bytes as frozen_bytes, freeze};
use super::load;
pub use super::load::weeks_of;
pub use super::store::{Correction, Freeze, corrections, freezes};
pub use super::weeks::Week;
use crate::App;
use crate::features::campaigns::api as campaigns;
use crate::features::duties::api::CampaignId;
use crate::platform::error::{Error, Result};
use crate::platform::ids::JurisdictionId;

/// The number of the campaign's week in which a day lies, as [`FreezeForm`] wants it.
///
/// # Errors
/// [`Error::NotFound`] when the day lies in none.
pub async fn week_of(app: &App, town: &JurisdictionId, campaign: &CampaignId, day: Date) -> Result<String> {
    let campaign = campaigns::header(app.db.reader(), town, campaign).await?.ok_or(Error::NotFound)?;
    let weeks = load::weeks_of(app, town, &campaign).await?;
    let week = weeks.into_iter().find(|week| (week.from..=week.until).contains(&day)).ok_or(Error::NotFound)?;
    Ok(week.no.to_string())
}

/// The workbook of a frozen form, from its bytes: work for a thread that may take its time.
///
/// # Errors
/// When the bytes are no frozen form.
pub fn frozen_workbook(bytes: &[u8]) -> Result<Vec<u8>> {
    let document = Document::from_bytes(bytes)?;
    let top = document.units.first().ok_or(Error::NotFound)?.id.clone();
    export::workbook(&document, &top)
}

/// What a number of the form is called, under the names the form of a year has.
pub async fn slot_labels(app: &App, town: &JurisdictionId, year: i16) -> Result<Vec<(String, String)>> {
    let form = super::store::form(app.db.reader(), town, year).await?;
    Ok(form.slots_on().into_iter().map(|slot| (slot.code.clone(), slot.label.clone())).collect())
}
