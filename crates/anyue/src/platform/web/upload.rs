//! Forms with files: fields as text, files straight into the store.

use std::collections::HashMap;

use axum::extract::Multipart;
use futures_util::TryStreamExt as _;

use crate::App;
use crate::platform::blobs::StoredBlob;
use crate::platform::error::{Error, Result};
use crate::platform::ids::JurisdictionId;

/// A file that came with a form: stored, not yet linked.
#[derive(Clone, Debug)]
pub struct Uploaded {
    /// Name of the form's field.
    pub field: String,
    /// As the sender called it.
    pub name: String,
    /// Where its content is.
    pub blob: StoredBlob,
}

/// Most files of one form; pages ask for far fewer.
const FILES_LIMIT: usize = 100;

/// The fields and files of a form.
#[derive(Debug, Default)]
pub struct UploadForm {
    /// Text fields; a repeated one keeps every value.
    pub fields: HashMap<String, Vec<String>>,
    /// Files, in order; empty file fields are left out.
    pub files: Vec<Uploaded>,
}

impl UploadForm {
    /// The first value of a text field; empty when there is none.
    pub fn text(&self, field: &str) -> &str {
        self.fields.get(field).and_then(|values| values.first()).map_or("", String::as_str)
    }
}

/// A form of which everything that can be taken is taken.
#[derive(Debug, Default)]
pub struct Sent {
    /// Text fields, in order.
    pub fields: Vec<(String, String)>,
    /// Files that were stored: name and content.
    pub files: Vec<(String, StoredBlob)>,
    /// A sentence for each file that was not taken.
    pub refused: Vec<String>,
}

/// Reads a `multipart/form-data` body. A file over the limit, and those beyond the number that is taken, are left out
/// and named; the texts and the other files are kept.
pub async fn read_what_fits(
    app: &App,
    town: &JurisdictionId,
    mut body: Multipart,
    file_limit: u64,
    most: usize,
) -> Result<Sent> {
    let broken = |_| Error::refused("内容没有传完，请检查网络后重新提交。已保存的草稿都在。");
    let mut sent = Sent::default();
    while let Some(mut field) = body.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let Some(file_name) = field.file_name().map(str::to_owned) else {
            let mut text = Vec::new();
            while let Some(chunk) = field.chunk().await.map_err(broken)? {
                text.extend_from_slice(&chunk);
                if text.len() > 1 << 20 {
                    return Err(Error::TooLarge("一栏文字不能超过1MB，长文请作为文件上传。".to_owned()));
                }
            }
            sent.fields.push((name, String::from_utf8_lossy(&text).into_owned()));
            continue;
        };
        if sent.files.len() >= most {
            if sent.refused.len() < most {
                sent.refused.push(format!("一次最多报送{most}个文件。“{file_name}”没有收下，其他文件都在。"));
            }
            continue;
        }
        match app.blobs.receive(town, field.map_err(|_| "网络中断"), file_limit).await {
            Ok(blob) if file_name.is_empty() && blob.size == 0 => {}
            Ok(blob) => sent.files.push((file_name, blob)),
            Err(Error::TooLarge(_)) => {
                let limit = file_limit / 1_048_576;
                sent.refused.push(format!("“{file_name}”超过{limit}MB，没有收下。请压缩或拆分后再上传。"));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(sent)
}

/// Reads a `multipart/form-data` body. Text fields are limited to 1 MiB each, files to `file_limit` bytes.
///
/// # Errors
/// [`Error::TooLarge`] names the limit; nothing is kept then.
pub async fn read(app: &App, town: &JurisdictionId, mut body: Multipart, file_limit: u64) -> Result<UploadForm> {
    let broken = |_| Error::refused("文件没有传完，请检查网络后重新上传。");
    let mut form = UploadForm::default();
    while let Some(mut field) = body.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let Some(file_name) = field.file_name().map(str::to_owned) else {
            let mut text = Vec::new();
            while let Some(chunk) = field.chunk().await.map_err(broken)? {
                text.extend_from_slice(&chunk);
                if text.len() > 1 << 20 {
                    return Err(Error::TooLarge("一栏文字不能超过1MB。".to_owned()));
                }
            }
            form.fields.entry(name).or_default().push(String::from_utf8_lossy(&text).into_owned());
            continue;
        };
        if form.files.len() >= FILES_LIMIT {
            return Err(Error::TooLarge(format!("一次最多上传{FILES_LIMIT}个文件，请分几次上传。")));
        }
        let stream = field.map_err(|_| "网络中断");
        let blob = app.blobs.receive(town, stream, file_limit).await?;
        if !file_name.is_empty() || blob.size > 0 {
            form.files.push(Uploaded { field: name, name: file_name, blob });
        }
    }
    Ok(form)
}
