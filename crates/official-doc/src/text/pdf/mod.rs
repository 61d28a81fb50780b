//! Placeholder.
use crate::{Kind, ReadError, TextDocument};
pub(super) fn read(_bytes: &[u8]) -> Result<TextDocument, ReadError> {
    Err(ReadError::Broken(Kind::Pdf))
}
