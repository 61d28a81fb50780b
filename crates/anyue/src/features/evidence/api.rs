//! What other areas use of the evidence.

pub use super::model::{MAX_FILE, UNIT_QUOTA};
