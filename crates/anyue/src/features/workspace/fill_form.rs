//! What the page of an occurrence sends: texts, files and which button was pressed.

use axum::extract::Multipart;
use futures_util::TryStreamExt as _;

use crate::App;
use crate::features::duties::api::{FILE_LIMIT, FILES_LIMIT, LiaisonForm, Payload};
use crate::platform::blobs::StoredBlob;
use crate::platform::error::{Error, Result};
use crate::platform::ids::JurisdictionId;

/// The text fields of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub struct FillForm {
    /// Version of the draft that the page showed; 0 when there was none.
    pub version: String,
    /// Key under which it is sent.
    pub key: String,
    /// `send`, `save`, `zero` or `remove:<id of a file>`; empty: `send`.
    pub action: String,
    /// 文字说明
    pub text: String,
    /// 活动方案
    pub unit_plan: String,
    /// The fields of form 1 were on the page.
    pub has_liaison_form: String,
    /// The fields of form 1, by their codes.
    #[serde(flatten)]
    pub liaison: LiaisonForm,
}

impl FillForm {
    /// As it was kept or sent before.
    pub fn of(payload: &Payload, version: i64, key: &str) -> Self {
        Self {
            version: version.to_string(),
            key: key.to_owned(),
            text: payload.text.clone(),
            unit_plan: payload.unit_plan.clone(),
            liaison: payload.liaison_form.clone().unwrap_or_default(),
            ..Self::default()
        }
    }

    /// What the parts of the submission hold.
    pub fn payload(&self, confirmed_edition: Option<i64>) -> Payload {
        Payload {
            text: self.text.replace("\r\n", "\n"),
            unit_plan: self.unit_plan.replace("\r\n", "\n"),
            liaison_form: (!self.has_liaison_form.is_empty()).then(|| self.liaison.clone()),
            confirmed_edition,
        }
    }

    /// The draft's version as the page knew it.
    pub fn known_version(&self) -> i64 {
        self.version.parse().unwrap_or_default()
    }

    fn set(&mut self, field: &str, value: String) {
        let liaison = &mut self.liaison;
        let place = match field {
            "version" => &mut self.version,
            "key" => &mut self.key,
            "action" => &mut self.action,
            "text" => &mut self.text,
            "unit_plan" => &mut self.unit_plan,
            "has_liaison_form" => &mut self.has_liaison_form,
            "name" => &mut liaison.name,
            "post" => &mut liaison.post,
            "office_phone" => &mut liaison.office_phone,
            "mobile" => &mut liaison.mobile,
            "fax" => &mut liaison.fax,
            "email_wechat" => &mut liaison.email_wechat,
            "leader_name" => &mut liaison.leader_name,
            "leader_post" => &mut liaison.leader_post,
            "leader_phone" => &mut liaison.leader_phone,
            "note" => &mut liaison.note,
            "filled_on" => &mut liaison.filled_on,
            "filler" => &mut liaison.filler,
            _ => return,
        };
        *place = value;
    }
}

/// The whole sending.
#[derive(Debug, Default)]
pub struct Sent {
    /// The texts.
    pub form: FillForm,
    /// Files that were stored: name and content.
    pub files: Vec<(String, StoredBlob)>,
    /// A sentence for each file that was not taken.
    pub refused: Vec<String>,
}

/// Reads the sending. A file over the limit is left out and named; the texts and the other files are kept.
pub async fn read(app: &App, town: &JurisdictionId, mut body: Multipart) -> Result<Sent> {
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
            sent.form.set(&name, String::from_utf8_lossy(&text).into_owned());
            continue;
        };
        if sent.files.len() >= FILES_LIMIT {
            if sent.refused.len() < FILES_LIMIT {
                sent.refused.push(format!("一次最多报送{FILES_LIMIT}个文件。“{file_name}”没有收下，其他文件都在。"));
            }
            continue;
        }
        match app.blobs.receive(town, field.map_err(|_| "网络中断"), FILE_LIMIT).await {
            Ok(blob) if file_name.is_empty() && blob.size == 0 => {}
            Ok(blob) => sent.files.push((file_name, blob)),
            Err(Error::TooLarge(_)) => {
                let limit = FILE_LIMIT / 1_048_576;
                sent.refused.push(format!("“{file_name}”超过{limit}MB，没有收下。请压缩或拆分后再上传。"));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(sent)
}
