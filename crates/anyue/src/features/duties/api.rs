//! What other areas use of the duties.

pub use super::acknowledge::{Acknowledge, acknowledge};
pub use super::ad_hoc::new_ad_hoc;
pub use super::decide::{Excuse, Extend, Reinstate, excuse, extend, reinstate};
pub use super::dispatch::{Dispatch, Dispatched, dispatch};
pub use super::draft::{SaveDraft, save_draft};
pub use super::files::{AddFile, RemoveFile, add_file, add_file_as, remove_file};
pub use super::liaison_paper::{liaison_columns, liaison_paper, liaison_summary};
pub use super::model::{
    BoardState, Burden, CampaignDates, CampaignId, Duty, DutyId, DutyKind, EvidenceDemand, OccurrenceId, Part,
    Schedule, State, SubmissionId, burden,
};
pub use super::occurrence::{Review, STANDING, Tally, WorkItem, board_state, is_late};
pub use super::remind::{Remind, RemindAbout, Reminder, remind, reminders};
pub use super::review::{
    Accept, AcceptMany, Accepted, SendBack, accept, accept_many, accept_many_within, accept_within, accepted_at,
    reviewable, send_back, send_back_within, undo_accept, undo_accept_within,
};
pub use super::store::acknowledgements::{Acknowledgement, acknowledgements};
pub use super::store::board::{Cell, cells, zero_reports};
pub use super::store::duties::{
    close_campaign, delete_of_draft, find as duty, insert, of_campaign, page as duties_page, update,
};
pub use super::store::kept::KEPT;
pub use super::store::occurrences::{
    find as occurrence, of_campaign_and_unit, page as occurrences_page, progress, waiting, work_of_units,
};
pub use super::store::submissions::{
    by_key as submission_by_key, bytes_of_unit, draft, find as submission, find_all as submissions,
    of_occurrence as submissions_of, page_of_campaign as submissions_of_campaign, page_of_unit as submissions_page,
};
pub use super::submission::{
    Along, FormField, FormSpec, LiaisonForm, Payload, Submission, SubmissionState, TEXT_LIMIT, form_spec,
};
pub use super::submit::{Submit, Submitted, sent_under, submit, submit_within, unit_to_submit};
