//! What the not-yet board reads: the cells of a campaign, in one query.

use jiff::civil::Date;
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::features::duties::model::{CampaignId, State};
use crate::features::duties::occurrence::{board_state, is_late};
use crate::platform::db::sql;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{JurisdictionId, UnitId};

#[derive(FromQueryResult)]
struct CellRow {
    occurrence_id: String,
    duty_id: String,
    unit_id: String,
    period_key: String,
    due_at: Option<i64>,
    extended_until: Option<i64>,
    born_past: bool,
    state: String,
    submission_id: Option<String>,
    submitted_at: Option<i64>,
    late: Option<bool>,
}

/// An occurrence as the board needs it.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Its id.
    pub occurrence_id: String,
    /// The duty.
    pub duty_id: String,
    /// The unit.
    pub unit_id: String,
    /// Distinguishes the occurrences of a duty.
    pub period_key: String,
    /// When it is due by the notice.
    pub due_at: Option<i64>,
    /// A later time granted.
    pub extended_until: Option<i64>,
    /// Was due before it was dispatched.
    pub born_past: bool,
    /// How it stands.
    pub state: State,
    /// The submission that counts.
    pub submission_id: Option<String>,
    /// When it was sent.
    pub submitted_at: Option<i64>,
    /// Whether it came too late.
    pub late: Option<bool>,
}

impl Cell {
    /// The word of the board.
    pub fn on_board(&self) -> Option<crate::features::duties::model::BoardState> {
        board_state(self.state, &self.period_key)
    }

    /// Not handed in, or sent back, and the time is over.
    pub fn is_overdue(&self, now: i64) -> bool {
        matches!(self.state, State::Open | State::Returned)
            && self.on_board().is_some()
            && is_late(self.due_at, self.extended_until, self.born_past, now)
    }
}

/// All occurrences of a campaign but the withdrawn ones.
pub async fn cells(db: &impl ConnectionTrait, town: &JurisdictionId, campaign: &CampaignId) -> Result<Vec<Cell>> {
    let rows: Vec<CellRow> = sql(
        "SELECT occurrence_id, duty_id, unit_id, period_key, due_at, extended_until, born_past, state, submission_id, submitted_at, late \
         FROM occurrences WHERE jurisdiction_id = $1 AND campaign_id = $2 AND state <> 'withdrawn'",
    )
    .bind(town)
    .bind(campaign)
    .all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Cell {
                state: State::parse(&row.state).ok_or_else(|| Error::internal("an occurrence of unknown state"))?,
                occurrence_id: row.occurrence_id,
                duty_id: row.duty_id,
                unit_id: row.unit_id,
                period_key: row.period_key,
                due_at: row.due_at,
                extended_until: row.extended_until,
                born_past: row.born_past,
                submission_id: row.submission_id,
                submitted_at: row.submitted_at,
                late: row.late,
            })
        })
        .collect()
}

/// Zero reports (零报告) of a campaign that have been handed in and not sent back: the unit, and the first and last
/// day they speak of.
pub async fn zero_reports(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    campaign: &CampaignId,
) -> Result<Vec<(UnitId, Date, Date)>> {
    #[derive(FromQueryResult)]
    struct Zero {
        unit_id: String,
        period_start: String,
        period_end: String,
    }
    let rows: Vec<Zero> = sql("SELECT o.unit_id, o.period_start, o.period_end FROM occurrences o \
         JOIN submissions s ON s.jurisdiction_id = o.jurisdiction_id AND s.submission_id = o.submission_id \
         WHERE o.jurisdiction_id = $1 AND o.campaign_id = $2 AND o.state IN ('submitted', 'accepted') \
         AND s.zero_report AND o.period_start IS NOT NULL AND o.period_end IS NOT NULL")
    .bind(town)
    .bind(campaign)
    .all(db)
    .await?;
    let day = |text: &str| text.parse::<Date>().map_err(Error::internal);
    rows.into_iter().map(|row| Ok((UnitId(row.unit_id), day(&row.period_start)?, day(&row.period_end)?))).collect()
}
