//! Documents: kinds, how they stand, what is printed on them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::coded;
use crate::features::duties::api::CampaignId;
use crate::platform::FieldErrors;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::text_key::text_key;
use crate::platform::web::form::{at_most, required};

coded!(
    /// What sort of document (GB/T 9704-2012; brief and summary are printed like a notice).
    Kind {
        /// 通知
        Notice = "notice" "通知",
        /// 通报
        Bulletin = "bulletin" "通报",
        /// 报告: to an office above.
        Report = "report" "报告",
        /// 请示: to an office above, one matter.
        Request = "request" "请示",
        /// 函
        Letter = "letter" "函",
        /// 纪要
        Minutes = "minutes" "纪要",
        /// 工作简报
        Brief = "brief" "工作简报",
        /// 工作总结
        Summary = "summary" "工作总结",
    }
);

impl Kind {
    /// It goes to an office above and names who signs it off (签发人).
    pub fn is_upward(self) -> bool {
        matches!(self, Self::Report | Self::Request)
    }
}

coded!(
    /// How a document stands.
    State {
        /// Being written.
        Draft = "draft" "拟稿",
        /// Waits for approval.
        Submitted = "submitted" "待审签",
        /// Approved, without a number.
        Approved = "approved" "已审签",
        /// Numbered and dated.
        Issued = "issued" "已印发",
        /// Given up; its number, if any, is void.
        Void = "void" "已作废",
    }
);

impl State {
    /// Class of its label.
    pub fn class(self) -> &'static str {
        match self {
            Self::Draft | Self::Void => "quiet",
            Self::Submitted => "waiting",
            Self::Approved => "info",
            Self::Issued => "done",
        }
    }
}

/// Everything that is printed on a document but its number and date. In a template each field may hold placeholders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// 发文机关标志, as printed in red: 某某镇人民政府文件. Empty: none.
    pub mark: String,
    /// 标题
    pub title: String,
    /// 主送机关, without the colon.
    pub recipients: String,
    /// 正文 and annexes, as [`super::markup`] reads it.
    pub body: String,
    /// 发文机关署名
    pub signature: String,
    /// 签发人; upward documents only.
    pub signer: String,
    /// 附注: contact and the like.
    pub note: String,
    /// 抄送机关
    pub copies_to: String,
    /// Addresses that figures come from: `[60](2)` in the body is the second.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

/// Characters of a body at most.
const LONGEST_BODY: usize = 60_000;

impl Content {
    /// Names of the fields, in the order of the form; with each its label and its value.
    pub fn fields(&self) -> [(&'static str, &'static str, &str); 8] {
        [
            ("mark", "发文机关标志", &self.mark),
            ("title", "标题", &self.title),
            ("recipients", "主送机关", &self.recipients),
            ("body", "正文", &self.body),
            ("signature", "发文机关署名", &self.signature),
            ("signer", "签发人", &self.signer),
            ("note", "附注", &self.note),
            ("copies_to", "抄送机关", &self.copies_to),
        ]
    }

    /// Each field put through a function that may refuse it.
    ///
    /// # Errors
    /// What was refused, by field.
    pub fn map(&self, mut each: impl FnMut(&str) -> Result<String, String>) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let mut values = self.fields().map(|(name, _, value)| match each(value) {
            Ok(value) => value,
            Err(words) => {
                errors.add(name, words);
                String::new()
            }
        });
        if !errors.is_empty() {
            return Err(errors);
        }
        let [mark, title, recipients, body, signature, signer, note, copies_to] =
            [0, 1, 2, 3, 4, 5, 6, 7].map(|at| std::mem::take(&mut values[at]));
        let sources = self.sources.clone();
        Ok(Self { mark, title, recipients, body, signature, signer, note, copies_to, sources })
    }

    /// Trimmed, with the line ends of the database.
    pub fn tidied(&self) -> Self {
        let tidy = |text: &str| Ok(text.replace("\r\n", "\n").trim().to_owned());
        self.map(tidy).unwrap_or_default()
    }

    /// Messages for what cannot be kept.
    pub fn check(&self) -> FieldErrors {
        let mut errors = FieldErrors::new();
        required(&self.title, "title", "请填写标题。", &mut errors);
        for (name, _, value) in self.fields() {
            at_most(value, if name == "body" { LONGEST_BODY } else { 500 }, name, &mut errors);
            if name != "body" && name != "note" && value.contains('\n') && name != "title" {
                errors.add(name, "请写在一行里。");
            }
        }
        errors
    }

    /// Messages for what must stand before it may be approved.
    pub fn check_complete(&self, kind: Kind) -> FieldErrors {
        let mut errors = self.check();
        required(&self.body, "body", "正文还是空的。", &mut errors);
        required(&self.signature, "signature", "请填写发文机关署名。", &mut errors);
        if kind.is_upward() {
            required(&self.signer, "signer", "上行文要标明签发人。", &mut errors);
        }
        errors
    }

    /// The title in one line.
    pub fn title_line(&self) -> String {
        self.title.lines().map(str::trim).collect()
    }
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Its id.
    pub id: String,
    /// 发文机关
    pub unit_id: UnitId,
    /// The campaign it is about.
    pub campaign_id: Option<CampaignId>,
    /// The week it is about; 0 when none.
    pub week: i64,
    /// What sort.
    pub kind: Kind,
    /// How it stands.
    pub state: State,
    /// What is printed.
    pub content: Content,
    /// 发文字号; empty before it is issued, and for a document that needs none.
    pub number: String,
    /// 成文日期
    pub dated: Option<Date>,
    /// Why it was sent back, or is void.
    pub comment: String,
    /// Who approved it; empty before.
    pub approved_by: String,
    /// When.
    pub approved_at: Option<i64>,
    /// Who issued it; empty before.
    pub issued_by: String,
    /// When.
    pub issued_at: Option<i64>,
    /// Grows with each change.
    pub version: i64,
    /// Who began it.
    pub created_by: String,
    /// When.
    pub created_at: i64,
    /// Who changed it last.
    pub updated_by: String,
    /// When.
    pub updated_at: i64,
}

impl Paper {
    /// What the list is searched in.
    pub fn search_key(&self) -> String {
        text_key(&format!("{}{}", self.content.title_line(), self.number))
    }

    /// Refuses a step that is not open from here.
    ///
    /// # Errors
    /// [`Error::Refused`] with words that name the state.
    pub fn require(&self, allowed: &[State], doing: &str) -> Result<()> {
        if allowed.contains(&self.state) {
            return Ok(());
        }
        Err(Error::refused(format!("这份公文{}，不能{doing}。", self.state.label())))
    }
}

/// A number as printed: 青政发〔2022〕121号 (GB/T 9704-2012: six-corner brackets, full year, no leading zero).
pub fn number_in_words(word: &str, year: i64, serial: i64) -> String {
    format!("{word}〔{year}〕{serial}号")
}

/// The 机关代字 of a number as printed.
pub fn word_of(number: &str) -> Option<&str> {
    number.split(['〔', '﹝', '[', '（', '(']).next().map(str::trim).filter(|word| !word.is_empty() && *word != number)
}

/// Messages for a 机关代字 that cannot be used.
pub fn check_word(word: &str, errors: &mut FieldErrors) {
    required(word, "word", "请填写机关代字，如“青政发”。", errors);
    at_most(word, 20, "word", errors);
    if word.chars().any(|c| c.is_whitespace() || c.is_ascii_digit() || "〔〕[]（）()".contains(c)) {
        errors.add("word", "机关代字里不写年份、括号和数字。");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_six_corner_brackets_and_gives_its_word_back() {
        let number = number_in_words("青政发", 2022, 121);
        assert_eq!(number, "青政发〔2022〕121号");
        assert_eq!(word_of(&number), Some("青政发"));
        assert_eq!(word_of("第3期"), None);
        let mut errors = FieldErrors::new();
        check_word("青政发〔2022〕", &mut errors);
        assert!(!errors.is_empty());
    }

    #[test]
    fn every_field_goes_through_and_a_refusal_names_its_field() {
        let content = Content { title: " 标题\r\n二行 ".to_owned(), ..Content::default() };
        assert_eq!(content.tidied().title, "标题\n二行");
        assert_eq!(content.title_line(), "标题二行");
        let refused = content.map(|value| if value.is_empty() { Ok(String::new()) } else { Err("坏".to_owned()) });
        assert_eq!(refused.unwrap_err().get("title"), "坏");
    }

    #[test]
    fn an_upward_document_names_who_signs_it_off() {
        let content = Content {
            title: "关于情况的报告".to_owned(),
            body: "如下。".to_owned(),
            signature: "某某镇人民政府".to_owned(),
            ..Content::default()
        };
        assert!(content.check_complete(Kind::Notice).is_empty());
        assert!(!content.check_complete(Kind::Report).get("signer").is_empty());
    }
}
