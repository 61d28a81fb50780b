//! The operator's file.

/// Why a holiday file is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HolidayError {
    /// Not JSON, or a field is missing or of the wrong kind.
    #[error("holiday file: {0}")]
    Json(String),
}
