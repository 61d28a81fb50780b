//! What a unit hands in, and when it is complete. No SQL, no web, no clock.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::model::{Duty, OccurrenceId, Part, SubmissionId};
use super::occurrence::Review;
use crate::platform::error::FieldErrors;
use crate::platform::ids::UnitId;

/// Most characters of a text part.
pub const TEXT_LIMIT: usize = 20_000;

/// What the parts of a submission hold; files hang on the submission itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Payload {
    /// 文字说明
    pub text: String,
    /// 本单位活动方案, when it is typed rather than uploaded.
    pub unit_plan: String,
    /// 附件1 联络员反馈表
    pub liaison_form: Option<LiaisonForm>,
    /// The edition of the notice that was acknowledged.
    pub confirmed_edition: Option<i64>,
}

/// 附件1 联络员反馈表, one row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct LiaisonForm {
    /// 联络员姓名
    pub name: String,
    /// 部门及职务
    pub post: String,
    /// 办公电话
    pub office_phone: String,
    /// 手机
    pub mobile: String,
    /// 传真
    pub fax: String,
    /// 电子邮箱、微信
    pub email_wechat: String,
    /// 分管领导姓名
    pub leader_name: String,
    /// 分管领导职务
    pub leader_post: String,
    /// 分管领导电话
    pub leader_phone: String,
    /// 备注
    pub note: String,
    /// 填报日期, `YYYY-MM-DD`
    pub filled_on: String,
    /// 填表人
    pub filler: String,
}

impl LiaisonForm {
    /// The value of a field by its code in `liaison_form.json`.
    pub fn get(&self, code: &str) -> &str {
        match code {
            "name" => &self.name,
            "post" => &self.post,
            "office_phone" => &self.office_phone,
            "mobile" => &self.mobile,
            "fax" => &self.fax,
            "email_wechat" => &self.email_wechat,
            "leader_name" => &self.leader_name,
            "leader_post" => &self.leader_post,
            "leader_phone" => &self.leader_phone,
            "note" => &self.note,
            "filled_on" => &self.filled_on,
            "filler" => &self.filler,
            _ => "",
        }
    }

    /// Without white space around what was typed.
    #[must_use]
    pub fn trimmed(mut self) -> Self {
        for text in [
            &mut self.name,
            &mut self.post,
            &mut self.office_phone,
            &mut self.mobile,
            &mut self.fax,
            &mut self.email_wechat,
            &mut self.leader_name,
            &mut self.leader_post,
            &mut self.leader_phone,
            &mut self.note,
            &mut self.filled_on,
            &mut self.filler,
        ] {
            *text = text.trim().to_owned();
        }
        self
    }

    /// Whether nothing was filled in.
    pub fn is_blank(&self) -> bool {
        *self == Self::default()
    }

    /// Messages by field code, for the fields as `liaison_form.json` describes them.
    pub fn check(&self, errors: &mut FieldErrors) {
        for field in form_spec().all_fields() {
            let value = self.get(&field.code).trim();
            if value.is_empty() {
                if field.required && !matches!(field.kind.as_str(), "auto" | "unit") {
                    errors.add(field.code.as_str(), format!("请填写{}。", field.label));
                }
                continue;
            }
            let wrong = match field.kind.as_str() {
                "mobile" if !is_mobile(value) => "请填写11位手机号码，如 13900000000。",
                "phone" if !is_phone(value) => "请填写带区号的电话，如 0476-0000000，或11位手机号码。",
                _ if value.chars().count() > 200 => "最多200个字。",
                _ => continue,
            };
            errors.add(field.code.as_str(), format!("{}：{wrong}", field.label));
        }
        if !self.filled_on.trim().is_empty() && self.filled_on.trim().parse::<jiff::civil::Date>().is_err() {
            errors.add("filled_on", "填报日期：请按 2022-06-13 的样子填写。");
        }
    }
}

/// The form as `data/liaison_form.json` describes it.
#[derive(Debug, Deserialize)]
pub struct FormSpec {
    /// 附件1
    pub label: String,
    /// Its title.
    pub title: String,
    /// Its columns.
    pub fields: Vec<FormField>,
    /// The summary of all units.
    pub summary: FormSummary,
}

/// A column of the form.
#[derive(Debug, Deserialize)]
pub struct FormField {
    /// Code, as in [`LiaisonForm`].
    pub code: String,
    /// Heading.
    pub label: String,
    /// `text`, `phone`, `mobile`, `auto`, `unit` or `group`.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// Must be filled in.
    #[serde(default)]
    pub required: bool,
    /// Shown unless the notice says otherwise.
    #[serde(default)]
    pub on: bool,
    /// Members of a group.
    #[serde(default)]
    pub fields: Vec<FormField>,
}

/// The summary sheet.
#[derive(Debug, Deserialize)]
pub struct FormSummary {
    /// Its title.
    pub title: String,
}

impl FormSpec {
    /// All fields, members of groups in the place of their group.
    pub fn all_fields(&self) -> impl Iterator<Item = &FormField> {
        self.fields
            .iter()
            .flat_map(|field| if field.fields.is_empty() { std::slice::from_ref(field) } else { &field.fields })
    }
}

/// 附件1 as described by its file.
pub fn form_spec() -> &'static FormSpec {
    static SPEC: LazyLock<FormSpec> = LazyLock::new(|| {
        serde_json::from_str(include_str!("../../../data/liaison_form.json"))
            .expect("data/liaison_form.json is well formed")
    });
    &SPEC
}

fn digits(text: &str) -> String {
    let text = text.trim().trim_start_matches("+86");
    text.chars().filter(|c| !matches!(c, ' ' | '-' | '－' | '—' | '(' | ')' | '（' | '）')).collect()
}

fn is_mobile(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 11
        && digits.bytes().all(|b| b.is_ascii_digit())
        && digits.starts_with('1')
        && digits.as_bytes()[1] >= b'3'
}

fn is_phone(text: &str) -> bool {
    let (number, extension) = text.split_once(['转', '*', '#']).unwrap_or((text, "0"));
    let number = digits(number);
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    all_digits(&number)
        && all_digits(extension.trim())
        && (is_mobile(&number)
            || matches!((number.starts_with('0'), number.len()), (true, 10..=12) | (false, 7..=8))
            || (number.len() == 10 && (number.starts_with("400") || number.starts_with("800"))))
}

impl Payload {
    /// From what is stored.
    pub fn from_json(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }

    /// As stored.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Without white space around what was typed.
    #[must_use]
    pub fn trimmed(mut self) -> Self {
        self.text = self.text.trim().to_owned();
        self.unit_plan = self.unit_plan.trim().to_owned();
        self.liaison_form = self.liaison_form.map(LiaisonForm::trimmed).filter(|form| !form.is_blank());
        self
    }

    /// Whether all that the duty asks for is there. Each missing part is named under its code, fields of the
    /// form under theirs. Files are demanded only where a clause, a purpose and a time kept are given
    /// (guard rail G6); otherwise they may be offered.
    ///
    /// With at least one activity record along, text is asked for no more: the record says what was done (principle
    /// "report once"); its files count as the submission's.
    pub fn check(&self, duty: &Duty, zero_report: bool, own_files: usize, along: Along) -> FieldErrors {
        let files = own_files + along.files;
        let mut errors = FieldErrors::new();
        for (code, text) in [("text", &self.text), ("unit_plan", &self.unit_plan)] {
            let length = text.chars().count();
            if length > TEXT_LIMIT {
                errors.add(code, format!("最多{TEXT_LIMIT}个字，现在是{length}个字；长文请作为文件上传。"));
            }
        }
        if zero_report {
            if !duty.zero_report {
                errors.add("zero_report", "这项任务不能零报告，请填写内容后报送。");
            }
            return errors;
        }
        let demanded = duty.evidence.iter().find(|demand| demand.is_complete());
        for part in &duty.parts {
            match part {
                Part::Acknowledgement if self.confirmed_edition.is_none() => {
                    errors.add("acknowledgement", "请先打开通知，再点“签收”。");
                }
                Part::LiaisonForm => match &self.liaison_form {
                    Some(form) if !form.is_blank() => form.check(&mut errors),
                    _ => errors.add("liaison_form", "请填写联络员反馈表。"),
                },
                Part::UnitPlan if self.unit_plan.trim().is_empty() && own_files == 0 => {
                    errors.add("unit_plan", "请填写活动方案，或者上传方案文件。");
                }
                Part::Text if self.text.trim().is_empty() && along.records == 0 => {
                    errors.add("text", "请填写文字说明。")
                }
                Part::Files if files == 0 => {
                    if let Some(demand) = demanded {
                        errors.add("files", format!("请上传{}（依据：{}）。", demand.what, demand.clause));
                    } else if duty.parts.len() == 1 && along.records == 0 {
                        errors.add("files", "请上传要报送的文件。");
                    }
                }
                _ => {}
            }
        }
        errors
    }
}

/// What comes along with a submission from other areas: so many activity records with so many files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Along {
    /// Activity records.
    pub records: usize,
    /// Their files.
    pub files: usize,
}

/// How a submission stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubmissionState {
    /// Being filled in.
    Draft,
    /// Sent.
    Submitted,
    /// Accepted.
    Accepted,
    /// Sent back.
    Returned,
    /// Replaced by a later one before it was looked at.
    Superseded,
}

impl SubmissionState {
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Accepted => "accepted",
            Self::Returned => "returned",
            Self::Superseded => "superseded",
        }
    }

    /// As on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::Submitted => "待审核",
            Self::Accepted => "已通过",
            Self::Returned => "已退回",
            Self::Superseded => "已更新",
        }
    }

    /// The state of a code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Draft, Self::Submitted, Self::Accepted, Self::Returned, Self::Superseded]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// What a unit hands in (报送件): one revision.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Its id.
    pub id: SubmissionId,
    /// What it answers.
    pub occurrence_id: OccurrenceId,
    /// Whose it is.
    pub unit_id: UnitId,
    /// 1 for the first, one more for each correction.
    pub revision: i64,
    /// How it stands.
    pub state: SubmissionState,
    /// Nothing happened, and that is the report.
    pub zero_report: bool,
    /// What it holds.
    pub payload: Payload,
    /// The key under which it was, or will be, sent.
    pub idempotency_key: String,
    /// Who made it, by name.
    pub created_by_name: String,
    /// When it was begun.
    pub created_at: i64,
    /// When it was sent.
    pub submitted_at: Option<i64>,
    /// Who looked at it, by name.
    pub reviewed_by_name: String,
    /// When.
    pub reviewed_at: Option<i64>,
    /// What they said.
    pub review: Review,
    /// Grows with each change of a draft.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_numbers_are_told_from_other_digits() {
        for good in ["13947600000", "139 4760 0000", "+86 139-4760-0000"] {
            assert!(is_mobile(good), "{good}");
        }
        for bad in ["1394760000", "12947600000", "一三九", "139476000000"] {
            assert!(!is_mobile(bad), "{bad}");
        }
        for good in ["0476-8800000", "（0476）8800000", "010-88000000转801", "8800000", "13947600000", "400-880-0000"]
        {
            assert!(is_phone(good), "{good}");
        }
        for bad in ["110", "0476", "8800000转", "call me", "04768800000000"] {
            assert!(!is_phone(bad), "{bad}");
        }
    }

    #[test]
    fn a_form_names_each_field_that_is_missing_or_wrong() {
        let mut errors = FieldErrors::new();
        let form = LiaisonForm { mobile: "12".into(), filled_on: "昨天".into(), ..LiaisonForm::default() };
        form.check(&mut errors);
        let fields: Vec<&str> = errors.iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["name", "post", "mobile", "filled_on"], "in the order of the form");
    }
}
