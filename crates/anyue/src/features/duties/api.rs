//! What other areas use of the duties.

pub use super::dispatch::{Dispatch, Dispatched, dispatch};
pub use super::model::{
    BoardState, Burden, CampaignDates, CampaignId, Duty, DutyId, DutyKind, EvidenceDemand, OccurrenceId, Part,
    Schedule, State, SubmissionId, burden,
};
pub use super::occurrence::{Review, STANDING, Tally, WorkItem, board_state, is_late};
pub use super::store::acknowledgements::{Acknowledgement, acknowledgements};
pub use super::store::board::{Cell, cells};
pub use super::store::duties::{close_campaign, find as duty, insert, of_campaign, update};
pub use super::store::occurrences::{find as occurrence, progress, work_of_units};
pub use super::store::submissions::{draft, find as submission, of_occurrence as submissions_of};
pub use super::submission::{
    FILE_LIMIT, FILES_LIMIT, FormField, FormSpec, LiaisonForm, Payload, Submission, SubmissionState, TEXT_LIMIT,
    form_spec,
};
