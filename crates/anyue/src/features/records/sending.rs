//! What the form of a record sends: its fields, and files where the browser sends them along.

use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::header;

use super::files::{self, AddFile};
use super::form::RecordForm;
use crate::App;
use crate::features::evidence::api::{FILE_LIMIT, FILES_LIMIT};
use crate::platform::auth::Actor;
use crate::platform::blobs::StoredBlob;
use crate::platform::error::{Error, Result};
use crate::platform::ids::FileId;
use crate::platform::web::form::Form;
use crate::platform::web::upload;

/// The whole sending.
pub struct Sending {
    /// The fields.
    pub form: RecordForm,
    files: Vec<(String, StoredBlob)>,
    refused: Vec<String>,
}

impl Sending {
    /// Reads it, in either encoding of forms. A file over the limit is left out and named.
    pub async fn read(app: &App, actor: &Actor, request: Request) -> Result<Self> {
        let kind =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("multipart/form-data") {
            let Form(pairs) = Form::<Vec<(String, String)>>::from_request(request, app).await?;
            return Ok(Self { form: RecordForm::of_pairs(pairs), files: Vec::new(), refused: Vec::new() });
        }
        let body = Multipart::from_request(request, app)
            .await
            .map_err(|_| Error::refused("页面提交的内容不完整，请返回上一页重新提交；您填写的内容仍在页面上。"))?;
        let sent = upload::read_what_fits(app, &actor.jurisdiction, body, FILE_LIMIT, FILES_LIMIT).await?;
        Ok(Self { form: RecordForm::of_pairs(sent.fields), files: sent.files, refused: sent.refused })
    }

    /// Puts the files that came along on the record, or on its form, and takes off the one that was pointed at; a
    /// sentence for each file that was not taken.
    pub async fn keep_files(&mut self, app: &App, actor: &Actor, record: &str) -> Result<Vec<String>> {
        for (name, blob) in self.files.drain(..) {
            match files::add_file(app, actor, AddFile { record: record.to_owned(), name, blob }).await {
                Ok(_) => {}
                Err(Error::Refused(message)) => self.refused.push(message),
                Err(error) => return Err(error),
            }
        }
        if let Some(file) = self.form.action.strip_prefix("remove:") {
            files::remove_file(app, actor, record, &FileId(file.to_owned())).await?;
        }
        Ok(std::mem::take(&mut self.refused))
    }

    /// The button that was pressed only puts a file on or takes one off: the form is shown again.
    pub fn is_about_files(&self) -> bool {
        self.form.action == "attach" || self.form.action.starts_with("remove:")
    }

    /// What is said then.
    pub fn words(&self) -> &'static str {
        if self.form.action == "attach" {
            "已上传。填写的内容已存为草稿。"
        } else {
            "已移除。其他内容都在。"
        }
    }
}
