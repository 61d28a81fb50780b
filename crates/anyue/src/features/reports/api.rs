//! What other areas use of the reports: what goes along, handing in with it, reviewing it.

pub use super::cards::{Card, Cards, cards};
pub use super::gather::choose;
pub use super::hand_in::{HandIn, HandedIn, hand_in, of_submission};
pub use super::items::{ItemShown, items};
pub use super::review::{
    AcceptedMany, SendBack, accept, accept_many, key_of, send_back, undo_accept, undo_accepted_at,
};
pub use super::store::Pinned;
