//! What other areas use of the duties.

pub use super::model::{
    Burden, CampaignDates, CampaignId, Duty, DutyId, DutyKind, EvidenceDemand, OccurrenceId, Part, Schedule, burden,
};
