//! Why a rule is refused.

/// Why a text or its parts are no [`Rule`](super::Rule).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// More than [`MAX_OCCURRENCES`](super::MAX_OCCURRENCES) due dates.
    #[error("too many due dates between these days")]
    TooMany,
}

impl RuleError {
    /// The message for the person at the screen.
    pub fn zh(&self) -> String {
        String::new()
    }
}
