//! Sheets to a workbook.

use thiserror::Error;

use super::Sheet;

/// A sheet that a workbook cannot hold. These are mistakes of the program, not of a person.
#[derive(Debug, Error)]
#[error("表格无法导出：{0}")]
pub struct WriteError(String);

/// Writes a workbook of these sheets, and, if there are any `notes`, a last sheet 填表说明 with a line for each.
pub fn write_xlsx(sheets: &[Sheet], notes: &[&str]) -> Result<Vec<u8>, WriteError> {
    let _ = (sheets, notes);
    Err(WriteError(String::new()))
}
