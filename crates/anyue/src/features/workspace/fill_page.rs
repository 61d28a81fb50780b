//! The page of one occurrence: all parts in one column, or the receipt of what was handed in.

use askama::Template;

use super::fill_form::FillForm;
use crate::features::duties::api::{EvidenceDemand, FormField, Part, Review, form_spec};
use crate::features::evidence::api::{FILE_LIMIT, FILES_LIMIT, MAX_FILE, Shown};
use crate::features::reports::api::{Cards, ItemShown};
use crate::platform::error::FieldErrors;
use crate::platform::web::Frame;

/// 填报
#[derive(Debug, Template)]
#[template(path = "features/workspace/templates/fill.html")]
pub struct FillPage {
    /// Around it.
    pub frame: Frame,
    /// What it is about.
    pub about: About,
    /// The parts to be filled in, in order.
    pub parts: Vec<Part>,
    /// Some parts need nothing: they were not sent back.
    pub hides: bool,
    /// The activity records that go along; `None` when the duty takes none.
    pub report: Option<Cards>,
    /// Why it was sent back.
    pub review: Option<Review>,
    /// What is typed.
    pub form: FillForm,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// Files on the draft.
    pub files: Vec<Shown>,
    /// Evidence demanded.
    pub evidence: Vec<EvidenceDemand>,
    /// 零报告 is offered.
    pub zero_report: bool,
    /// Where the values of form 1 come from, when they were filled in by the page.
    pub prefilled: bool,
    /// When the draft was kept, in words; empty when there is none.
    pub saved: String,
    /// What somebody else has typed meanwhile.
    pub other: Option<Other>,
    /// It was handed in before: this is a correction.
    pub again: bool,
}

/// What a page is about.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// Id of the occurrence.
    pub id: String,
    /// What.
    pub title: String,
    /// More words.
    pub detail: String,
    /// The unit.
    pub unit: String,
    /// The campaign.
    pub campaign: String,
    /// The notice.
    pub notice: String,
    /// When it is due, in words.
    pub due: String,
    /// The time is over.
    pub overdue: bool,
    /// What is reported about: `6月10日至6月16日`; empty when it is no period.
    pub period: String,
    /// The clause it rests on.
    pub clause: String,
    /// The phrase of the notice.
    pub source_text: String,
    /// To whom.
    pub hand_in_to: String,
    /// Why it was extended; empty when it was not.
    pub extension: String,
}

/// A column of form 1 as a field.
#[derive(Clone, Debug)]
pub struct FieldShown {
    /// Its code.
    pub code: &'static str,
    /// Its label.
    pub label: String,
    /// What is typed.
    pub value: String,
    /// What is wrong with it; empty when nothing is.
    pub error: String,
    /// Need not be filled in.
    pub optional: bool,
    /// Wants digits.
    pub is_number: bool,
}

/// What somebody else has typed into the same draft.
#[derive(Clone, Debug, Default)]
pub struct Other {
    /// Who.
    pub name: String,
    /// When, in words.
    pub at: String,
    /// Label and text of each part that differs.
    pub texts: Vec<(String, String)>,
}

impl FillPage {
    /// Whether a part is asked for.
    pub fn has(&self, part: &str) -> bool {
        self.parts.iter().any(|asked| asked.code() == part)
    }

    /// Ticks a record that was written down just now.
    pub fn tick(&mut self, record: &str) {
        let cards = self.report.iter_mut().flat_map(|report| &mut report.cards);
        cards.filter(|card| card.id.as_str() == record).for_each(|card| card.along = true);
    }

    /// Text need not be written: a record says what was done.
    pub fn text_optional(&self) -> bool {
        self.report.as_ref().is_some_and(|report| report.going() > 0)
    }

    /// What is said under the text.
    pub fn text_help(&self) -> &'static str {
        match self.text_optional() {
            true => "活动记录里写过的不用再写，有要补充的才写。",
            false => "写清时间、地点、做法和参加人数即可。",
        }
    }

    /// 零报告 is offered: nothing was held.
    pub fn offers_zero(&self) -> bool {
        self.zero_report && !self.report.as_ref().is_some_and(Cards::has_held)
    }

    /// Files on their way, shown when they are waited for: id of the upload and name.
    pub fn coming(&self) -> &[(String, String)] {
        let report = self.report.as_ref().filter(|_| !self.errors.get("uploads").is_empty());
        report.map_or(&[], |report| &report.coming)
    }

    /// Whether files may be added.
    pub fn takes_files(&self) -> bool {
        self.has("files") || self.has("unit_plan")
    }

    /// What the reviewer said about a part; empty when nothing.
    pub fn comment(&self, part: &str) -> &str {
        self.review.as_ref().and_then(|review| review.parts.get(part)).map_or("", String::as_str)
    }

    /// What the reviewer said in general.
    pub fn general_comment(&self) -> &str {
        self.review.as_ref().map_or("", |review| review.comment.as_str())
    }

    /// The columns of form 1 that are in use.
    pub fn liaison_fields(&self) -> Vec<FieldShown> {
        let used =
            form_spec().fields.iter().filter(|field| field.on && !matches!(field.kind.as_str(), "auto" | "unit"));
        used.map(|field| self.field(field)).collect()
    }

    /// The columns of form 1 that are folded away: not asked for unless filled in.
    pub fn more_fields(&self) -> Vec<FieldShown> {
        let folded = form_spec().fields.iter().filter(|field| !field.on);
        let each =
            folded.flat_map(|field| if field.fields.is_empty() { std::slice::from_ref(field) } else { &field.fields });
        each.map(|field| self.field(field)).collect()
    }

    /// Whether the folded columns hold anything.
    pub fn more_open(&self) -> bool {
        self.more_fields().iter().any(|field| !field.value.is_empty() || !field.error.is_empty())
    }

    fn field(&self, field: &'static FormField) -> FieldShown {
        let leader = if field.code.starts_with("leader_") { "分管领导" } else { "" };
        FieldShown {
            code: &field.code,
            label: format!("{leader}{}", field.label),
            value: self.form.liaison.get(&field.code).to_owned(),
            error: self.errors.get(&field.code).to_owned(),
            optional: !field.required,
            is_number: matches!(field.kind.as_str(), "phone" | "mobile"),
        }
    }

    /// What is said before a file is chosen.
    pub fn file_limits(&self) -> String {
        format!(
            "每个文件不超过 {} MB，一次合计不超过 {} MB，最多{FILES_LIMIT}个。照片、视频、文档都可以。",
            self.file_limit_mb(),
            super::SENDING_LIMIT / 1_048_576
        )
    }

    /// Megabytes of one file.
    pub fn file_limit_mb(&self) -> u64 {
        FILE_LIMIT / 1_048_576
    }

    /// What is said instead where files are sent on as the network allows.
    pub fn upload_limits(&self) -> String {
        format!(
            "选好就开始上传，网络断了会接着传。每个文件不超过 {} GB，最多{FILES_LIMIT}个。照片、视频、文档都可以。",
            MAX_FILE / (1 << 30)
        )
    }

    /// Megabytes of one file that is sent on as the network allows.
    pub fn upload_limit_mb(&self) -> u64 {
        MAX_FILE / 1_048_576
    }

    /// Words on the main button.
    pub fn send_words(&self) -> &'static str {
        if self.again { "重新报送" } else { "报送" }
    }

    #[cfg(any(test, feature = "testing"))]
    /// Form 1 and the plan, sent back once.
    pub fn sample() -> Self {
        super::samples::fill()
    }
}

/// 已报送, and all other states in which nothing is to be filled in.
#[derive(Debug, Template)]
#[template(path = "features/workspace/templates/handed_in.html")]
pub struct HandedInPage {
    /// Around it.
    pub frame: Frame,
    /// What it is about.
    pub about: About,
    /// Word of the state.
    pub state: String,
    /// A sentence on what it means.
    pub sentence: String,
    /// Who handed in, when, and which number; `None` when nothing was.
    pub receipt: Option<Receipt>,
    /// What was handed in: label and text.
    pub texts: Vec<(String, String)>,
    /// Activity records that were handed in.
    pub records: Vec<ItemShown>,
    /// Files that were handed in.
    pub files: Vec<Shown>,
    /// It may still be corrected.
    pub can_correct: bool,
    /// Form 1 is part of it, and can be downloaded.
    pub has_form: bool,
    /// What comes next, in words, and its address.
    pub next: Option<(String, String)>,
    /// Earlier revisions: number, time, state.
    pub history: Vec<(String, String, String)>,
}

/// Proof of what was handed in.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// 已收到 or 已收到零报告
    pub title: String,
    /// Its number.
    pub number: String,
    /// When.
    pub time: String,
    /// When, with the year: `2022-06-13 08:55`.
    pub at: String,
    /// Who.
    pub by: String,
    /// What proves it; `None` for what was sent before there were receipts.
    pub proof: Option<Proof>,
}

/// The signed receipt.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The address that verifies it as a QR code, SVG.
    pub code: String,
    /// Sort and hash of each part.
    pub parts: Vec<(&'static str, String)>,
}

impl Proof {
    /// The parts with the first eight digits of their hashes.
    pub fn short(&self) -> Vec<(&'static str, &str)> {
        self.parts.iter().map(|(kind, hash)| (*kind, hash.get(..8).unwrap_or_default())).collect()
    }
}

impl HandedInPage {
    #[cfg(any(test, feature = "testing"))]
    /// Handed in, with what comes next.
    pub fn sample() -> Self {
        super::samples::handed_in()
    }
}
