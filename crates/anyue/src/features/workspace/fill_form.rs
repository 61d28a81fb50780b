//! What the page of an occurrence sends: texts, files and which button was pressed.

use axum::extract::Multipart;

use crate::App;
use crate::features::duties::api::{LiaisonForm, Payload};
use crate::features::evidence::api::{FILE_LIMIT, FILES_LIMIT};
use crate::features::records::api::RecordId;
use crate::platform::blobs::StoredBlob;
use crate::platform::error::Result;
use crate::platform::ids::JurisdictionId;
use crate::platform::web::upload;

/// The text fields of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FillForm {
    /// Version of the draft that the page showed; 0 when there was none.
    pub version: String,
    /// Key under which it is sent.
    pub key: String,
    /// `send`, `save`, `zero`, `record` (save, then write a record down), `remove:<id of a file>` or
    /// `give-up:<id of an upload>`; empty: `send`.
    pub action: String,
    /// 文字说明
    pub text: String,
    /// 活动方案
    pub unit_plan: String,
    /// The fields of form 1 were on the page.
    pub has_liaison_form: String,
    /// Records were to be chosen on the page.
    pub has_records: String,
    /// Ids of the records that are ticked.
    pub records: Vec<RecordId>,
    /// The fields of form 1, by their codes.
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

    /// From the fields of a page; unknown ones are left out.
    pub fn of_pairs(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            form.set(&name, value);
        }
        form
    }

    /// The records that are ticked, where there was a choice.
    pub fn chosen(&self) -> Option<&[RecordId]> {
        (!self.has_records.is_empty()).then_some(self.records.as_slice())
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
            "has_records" => &mut self.has_records,
            "record" => {
                self.records.push(RecordId(value));
                return;
            }
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
pub async fn read(app: &App, town: &JurisdictionId, body: Multipart) -> Result<Sent> {
    let upload::Sent { fields, files, refused } =
        upload::read_what_fits(app, town, body, FILE_LIMIT, FILES_LIMIT).await?;
    Ok(Sent { form: FillForm::of_pairs(fields), files, refused })
}
