//! What a file is, by its content.

use crate::{ReadError, limits};

/// How a table is to be read.
pub(crate) enum TableKind {
    Xlsx,
    Text,
}

/// Tells a table's kind, or refuses.
pub(crate) fn table(bytes: &[u8], _file_name: Option<&str>) -> Result<TableKind, ReadError> {
    bounded(bytes)?;
    if bytes.starts_with(b"PK\x03\x04") {
        Ok(TableKind::Xlsx)
    } else {
        Ok(TableKind::Text)
    }
}

fn bounded(bytes: &[u8]) -> Result<(), ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if bytes.len() > limits::MAX_FILE_BYTES {
        return Err(ReadError::FileTooLarge);
    }
    Ok(())
}
