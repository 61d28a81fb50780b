//! What somebody sees of a week: the form as it was frozen, with what it would be now; or as it is now.

use super::document::Document;
use super::form::Form;
use super::freeze;
use super::load::{self, Chosen, Detail, Wanted};
use super::model::Cell;
use super::sheet::{Basis, UnitSheet};
use super::store::Freeze;
use crate::App;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{JurisdictionId, UnitId};

/// What is seen of a week.
#[derive(Debug)]
pub struct Seen {
    /// As it is now, of the chosen unit and all below it.
    pub basis: Basis,
    /// As it was frozen, and the freezing.
    pub frozen: Option<(Freeze, Document)>,
    /// All editions of the week, the newest first.
    pub editions: Vec<Freeze>,
}

impl Seen {
    /// Reads it: the newest edition, the one asked for, or none when what is now was asked for.
    pub async fn read(
        app: &App,
        town: &JurisdictionId,
        (chosen, detail): (&Chosen, Detail),
        wanted: &Wanted,
    ) -> Result<Self> {
        let campaign = chosen.campaign.as_ref().map(|one| &one.id);
        let basis = load::basis(app, town, campaign, &chosen.week, (&chosen.unit, detail)).await?;
        let editions = match campaign {
            Some(campaign) => freeze::editions(app, town, campaign, chosen.week.until).await?,
            None => Vec::new(),
        };
        let frozen = match wanted.edition.as_str() {
            "now" => None,
            "" => editions.first().cloned(),
            no => Some(editions.iter().find(|one| one.edition.to_string() == no).cloned().ok_or(Error::NotFound)?),
        };
        let frozen = match frozen {
            Some(frozen) => {
                let document = freeze::read(app, town, &frozen).await?;
                // A unit that came later was not frozen.
                document.unit(&chosen.unit.id).is_some().then_some((frozen, document))
            }
            None => None,
        };
        Ok(Self { basis, frozen, editions })
    }

    /// The form.
    pub fn form(&self) -> &Form {
        self.frozen.as_ref().map_or(&self.basis.form, |(_, document)| &document.form)
    }

    /// A unit's form, and what it would be now when it was frozen.
    pub fn sheet(&self, unit: &UnitId) -> Result<(UnitSheet, Option<UnitSheet>)> {
        let live = self.basis.unit(unit).map(|unit| self.basis.sheet_of(unit));
        match &self.frozen {
            None => Ok((live.ok_or(Error::NotFound)?, None)),
            Some((_, document)) => {
                let frozen = document.unit(unit).cloned().ok_or(Error::NotFound)?;
                let now = live.map(|live| as_laid_out(&self.basis.form, &document.form, live));
                Ok((frozen, now))
            }
        }
    }
}

/// Cells in the order of another form's slots, by the codes of these.
pub fn as_laid_out(own: &Form, other: &Form, sheet: UnitSheet) -> UnitSheet {
    let own: Vec<&str> = own.slots_on().into_iter().map(|slot| slot.code.as_str()).collect();
    let order = |cells: &[Cell]| -> Vec<Cell> {
        let place = |code: &str| own.iter().position(|own| *own == code);
        other
            .slots_on()
            .into_iter()
            .map(|slot| place(&slot.code).and_then(|at| cells.get(at)).cloned().unwrap_or_default())
            .collect()
    };
    UnitSheet {
        week: order(&sheet.week),
        total: order(&sheet.total),
        own: sheet.own.as_ref().map(|(week, total)| (order(week), order(total))),
        ..sheet
    }
}
