//! What other areas use of the statistics: freezing a week's form.

use jiff::civil::Date;

pub use super::freeze::{FreezeForm, freeze};
use super::load;
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
