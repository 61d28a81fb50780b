//! What other areas use of the evidence.

pub use super::intake::{FILE_LIMIT, FILES_LIMIT, MAX_FILE, SENDING_LIMIT, accept};
pub use super::shown::{Picker, Shown};
