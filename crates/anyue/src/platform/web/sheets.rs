//! Forms to be printed, sent as the kind of file that was asked for: `docx` or `xlsx`.

use axum::response::Response;
use official_doc::table::{PrintedForm, write_forms};
use official_doc::write;

use super::attachment;
use crate::platform::blobs::clean_name;
use crate::platform::error::{Error, Result};

/// What a Word document is.
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// What a workbook is.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Sends forms under a name without ending. They are made whole, off the async threads, before they are offered.
///
/// # Errors
/// [`Error::NotFound`] for another kind of file.
pub async fn send(forms: Vec<PrintedForm>, name: &str, format: &str) -> Result<Response> {
    let media_type = match format {
        "docx" => DOCX,
        "xlsx" => XLSX,
        _ => return Err(Error::NotFound),
    };
    let as_word = format == "docx";
    let bytes = tokio::task::spawn_blocking(move || match as_word {
        true => write::forms(&forms).map_err(Error::internal),
        false => write_forms(&forms, &[]).map_err(Error::internal),
    })
    .await
    .map_err(Error::internal)??;
    Ok(attachment(&clean_name(&format!("{name}.{format}")), media_type, bytes))
}
