//! Workbooks to rows.

use super::Table;
use crate::{Kind, ReadError};

pub(super) fn read(_bytes: &[u8], _sheet: Option<&str>) -> Result<Table, ReadError> {
    Err(ReadError::Broken(Kind::Xlsx))
}
