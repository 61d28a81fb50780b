//! What can go wrong, as the person sees it.
//!
//! "Not there" inside a store is `Option::None`; an [`Error`] is what ends a request. It becomes a page, an
//! htmx fragment or a JSON problem (RFC 9457) in [`web::errors`](super::web::errors), by who asked.

/// The result of anything that can end a request.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Messages by field name, in Chinese, for showing beside the fields of a form. They stay in the order they were
/// found in, which is that of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(String, String)>);

impl serde::Serialize for FieldErrors {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl FieldErrors {
    /// No message yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps the first message of a field.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        let field = field.into();
        if self.get(&field).is_empty() {
            self.0.push((field, message.into()));
        }
    }

    /// A single message.
    pub fn one(field: impl Into<String>, message: impl Into<String>) -> Self {
        let mut errors = Self::new();
        errors.add(field, message);
        errors
    }

    /// The message of a field; empty when there is none.
    pub fn get(&self, field: &str) -> &str {
        self.iter().find(|(name, _)| *name == field).map_or("", |(_, message)| message)
    }

    /// Whether all is well.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Field and message, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, message)| (field.as_str(), message.as_str()))
    }

    /// `Ok` when empty, else [`Error::Invalid`].
    pub fn into_result(self) -> Result<()> {
        if self.is_empty() { Ok(()) } else { Err(Error::Invalid(self)) }
    }
}

/// Why a request ends without its result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing at this address, or nothing this person may know of.
    #[error("not found")]
    NotFound,
    /// Nobody is signed in, or the session has ended.
    #[error("sign-in required")]
    SignInRequired,
    /// The person may not do this. The text says who can.
    #[error("forbidden: {0}")]
    Forbidden(String),
    /// A form has wrong values; handlers that have a form show it again instead of returning this.
    #[error("invalid input")]
    Invalid(FieldErrors),
    /// What was asked for does not fit the present state. The text says what to do.
    #[error("refused: {0}")]
    Refused(String),
    /// Somebody else has changed the same thing meanwhile.
    #[error("changed meanwhile")]
    Changed,
    /// A link that has been used, taken back or has run out. The text says where to go.
    #[error("link no longer valid: {0}")]
    Gone(String),
    /// A request that does not keep to the form of its protocol. The text says what was expected.
    #[error("malformed: {0}")]
    Malformed(String),
    /// A file or text over a limit. The text names the limit.
    #[error("too large: {0}")]
    TooLarge(String),
    /// Too many attempts. The text says when to try again.
    #[error("too many requests: {0}")]
    TooMany(String),
    /// The database refused a row that must be unique: another request was first.
    #[error("already exists")]
    Duplicate,
    /// Ours: the text is for the log, never for the page.
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    /// An error of ours, with a sentence for the log.
    pub fn internal(text: impl std::fmt::Display) -> Self {
        Self::Internal(text.to_string())
    }

    /// A refusal with a sentence for the person.
    pub fn refused(text: impl Into<String>) -> Self {
        Self::Refused(text.into())
    }
}

impl From<sea_orm::DbErr> for Error {
    /// The one place where violations of the database become errors of ours.
    fn from(error: sea_orm::DbErr) -> Self {
        match error.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => Self::Duplicate,
            Some(sea_orm::SqlErr::ForeignKeyConstraintViolation(_)) => {
                Self::refused("已有其他内容与它关联，不能删除或撤销。")
            }
            _ => Self::internal(error),
        }
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::internal(error)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::internal(error)
    }
}

impl From<opendal::Error> for Error {
    fn from(error: opendal::Error) -> Self {
        Self::internal(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_keep_the_order_of_the_form_and_the_first_of_each_field() {
        let mut errors = FieldErrors::new();
        errors.add("post", "请填写部门及职务。");
        errors.add("mobile", "请填写手机。");
        errors.add("post", "另一句。");
        assert_eq!(errors.iter().collect::<Vec<_>>(), [("post", "请填写部门及职务。"), ("mobile", "请填写手机。")]);
        assert_eq!(serde_json::to_string(&errors).unwrap(), r#"{"post":"请填写部门及职务。","mobile":"请填写手机。"}"#);
    }
}
