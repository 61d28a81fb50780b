//! What other areas use of the statistics: the weeks of a campaign and their figures, frozen forms and corrections.

use jiff::civil::Date;

use super::document::Document;
use super::export;
pub use super::freeze::{FreezeForm, bytes as frozen_bytes, freeze};
pub use super::load::weeks_of;
use super::load::{self, Wanted};
use super::model::Span;
use super::seen::Seen;
pub use super::store::{Correction, Freeze, corrections, freezes};
use super::weeks;
pub use super::weeks::Week;
use crate::App;
use crate::features::campaigns::api as campaigns;
use crate::features::duties::api::CampaignId;
use crate::platform::auth::{Actor, Permission};
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
    Ok(form.slots_on().into_iter().map(|slot| (slot.code.clone(), form.name_of(slot))).collect())
}

/// A week's form of a campaign in figures: as it was frozen, or as it is now.
#[derive(Clone, Debug)]
pub struct WeekFigures {
    /// The week.
    pub week: Week,
    /// It was frozen.
    pub is_frozen: bool,
    /// A line for each slot that is on the form, words left out.
    pub lines: Vec<FigureLine>,
}

/// A slot's two figures.
#[derive(Clone, Debug)]
pub struct FigureLine {
    /// Code of the slot.
    pub code: String,
    /// Name of its row.
    pub row: String,
    /// Its name.
    pub label: String,
    /// What is counted.
    pub unit: String,
    /// 本周 and 累计.
    pub spans: [LineFigure; 2],
}

/// A figure with the page of the records behind it.
#[derive(Clone, Debug)]
pub struct LineFigure {
    /// As printed.
    pub printed: String,
    /// `None`: nobody has reported.
    pub value: Option<i64>,
    /// Address of the records behind it.
    pub link: String,
}

/// The figures of a week of a campaign, of all its units, as far as the actor may see them. `None`: there is no such
/// form.
pub async fn week_figures(app: &App, actor: &Actor, campaign: &CampaignId, no: i64) -> Result<Option<WeekFigures>> {
    let wanted = Wanted { campaign: campaign.to_string(), week: no.to_string(), ..Wanted::default() };
    let Some(chosen) = load::chosen(app, actor, Permission::StatisticsView, &wanted).await? else { return Ok(None) };
    let seen = Seen::read(app, &actor.jurisdiction, (&chosen, load::Detail::Top), &wanted).await?;
    let (sheet, _) = seen.sheet(&chosen.unit.id)?;
    let mut at = 0;
    let mut lines = Vec::new();
    for (row, slots) in seen.form().rows_on() {
        for slot in slots {
            let spans = [Span::Week, Span::Total].map(|span| {
                let cell = sheet.cells(span).get(at).cloned().unwrap_or_default();
                LineFigure {
                    printed: cell.printed(slot),
                    value: cell.value,
                    link: wanted.address("/statistics/records", &[("slot", &slot.code), ("span", span.code())]),
                }
            });
            at += 1;
            if !slot.is_text() {
                lines.push(FigureLine {
                    code: slot.code.clone(),
                    row: row.label.clone(),
                    label: slot.label.clone(),
                    unit: slot.unit.clone(),
                    spans,
                });
            }
        }
    }
    Ok(Some(WeekFigures { is_frozen: seen.frozen.is_some(), week: chosen.week, lines }))
}

/// The weeks of a campaign, and the one that is being reported now.
pub async fn weeks(app: &App, town: &JurisdictionId, campaign: &CampaignId) -> Result<(Vec<Week>, Option<usize>)> {
    let campaign = campaigns::header(app.db.reader(), town, campaign).await?.ok_or(Error::NotFound)?;
    let weeks = load::weeks_of(app, town, &campaign).await?;
    let now = weeks::current(&weeks, app.clock.today()).map(|week| week.no);
    Ok((weeks, now))
}
