//! What a notice says, as values.
//!
//! The shape is the contract `anyue/notice/1`: [`Notice`] serialises to exactly that JSON, keys in order.
//! Every value carries `lines`, the 1-based first and last line of the input on which it stands.

use std::fmt;

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use crate::kinds::Kind;
use crate::rhythm::Rule;

/// First and last line of the input, 1-based and inclusive.
pub type Lines = [u32; 2];

/// A parsed notice: the whole answer of [`crate::parse`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Notice {
    /// Always `anyue/notice/1`.
    pub schema: &'static str,
    /// False for a news report, a form, a law; then all else is empty.
    pub is_notice: bool,
    /// 发文字号, the document's own.
    pub doc_number: Option<Value>,
    /// 标题 with line breaks removed.
    pub title: Option<Value>,
    /// 发文机关.
    pub issuer: Option<Value>,
    /// 成文日期.
    pub date: Option<DateValue>,
    /// 主送机关.
    pub addressees: Option<Addressees>,
    /// 活动主题, the slogan.
    pub theme: Option<Value>,
    /// First day of the campaign.
    pub period_start: Option<DateValue>,
    /// Last day of the campaign.
    pub period_end: Option<DateValue>,
    /// The things to do, one for each heading that names one.
    pub activities: Vec<Activity>,
    /// One entry for each due date, window or quota.
    pub deadlines: Vec<Deadline>,
    /// Duties with a rhythm, and ad-hoc ones.
    pub recurring: Vec<Recurring>,
    /// What is to be handed in or kept as proof.
    pub evidence: Vec<Evidence>,
    /// Persons or posts to ask.
    pub contacts: Vec<Contact>,
    /// 附件.
    pub attachments: Vec<Attachment>,
    /// What the clerk should look at.
    pub warnings: Vec<Warning>,
}

/// A text value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Value {
    /// The text as printed.
    pub value: String,
    /// Where it stands.
    pub lines: Lines,
}

/// A day and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DateValue {
    /// ISO 8601 day.
    pub value: Date,
    /// Where it stands.
    pub lines: Lines,
    /// Only when the text gives no day: `month` or `year`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
}

/// How exactly a period is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// To the day.
    Day,
    /// Only the month is named.
    Month,
    /// Only the year is named.
    Year,
}

/// The 主送 line and its parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Addressees {
    /// As printed, without the colon.
    pub value: String,
    /// Where it stands.
    pub lines: Lines,
    /// Its parts.
    pub items: Vec<Addressee>,
}

/// One part of the 主送 line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Addressee {
    /// As printed.
    pub text: String,
    /// Kinds of unit it addresses.
    pub unit_kinds: Vec<UnitKind>,
}

/// A kind of unit that a notice addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// 村, 嘎查.
    Village,
    /// 社区, 居委会.
    Community,
    /// 企业, 商铺.
    Enterprise,
    /// 矿山.
    Mine,
    /// 学校, 幼儿园.
    School,
    /// 部门, 成员单位, 站所.
    Department,
    /// 乡镇, 苏木, 街道.
    Township,
    /// 县, 市, 区, 旗.
    County,
    /// 车间, 班级, 科室 of the issuer.
    Subunit,
    /// Anything else.
    Other,
}

/// Something to do, named by a heading or a row of a plan table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Activity {
    /// `（一）`, `一`, `1`; `None` when none is printed.
    pub number: Option<String>,
    /// Path from the top: `四/（五）`.
    pub clause: Option<String>,
    /// The heading without number and bracketed date.
    pub title: String,
    /// Kinds, the main one first.
    pub kinds: Vec<Kind>,
    /// Who holds it, as printed.
    pub who: Option<String>,
    /// First day of its own.
    pub start: Option<Date>,
    /// Last day of its own.
    pub end: Option<Date>,
    /// From the heading to the end of the clause.
    pub lines: Lines,
}

/// What a duty asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyKind {
    /// Something is handed in.
    Submit,
    /// Something is done by then.
    Do,
    /// Something takes place then.
    Event,
}

/// A count that must be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quota {
    /// At least so many.
    pub min: u32,
    /// The counting word: 次, 场次, 张.
    pub unit: String,
}

/// A day, perhaps with a clock time; serialises as `2022-06-12` or `2022-06-12T17:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// Hour (0-24) and minute.
    pub time: Option<Clock>,
}

/// A clock time as printed; 24:00 is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock {
    /// 0 to 24.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            Some(time) => write!(f, "{}T{time}", self.date),
            None => write!(f, "{}", self.date),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A duty with a date, a window, a quota, or a date still to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deadline {
    /// The shortest printed phrase that carries the date or the quota.
    pub text: String,
    /// When it is due; `None` when unknown, lost or relative.
    pub due: Option<Moment>,
    /// First day of a window, or the moment an event begins.
    pub start: Option<Moment>,
    /// What is to be handed in, done or held.
    pub what: String,
    /// Handed in, done, or taking place.
    pub kind: DutyKind,
    /// As printed; `None` = all addressees.
    pub who: Option<String>,
    /// As printed; `None` = not said.
    pub to: Option<String>,
    /// A count to reach.
    pub quota: Option<Quota>,
    /// `anchor±duration`, for instance `activity_start-P3D`.
    pub relative: Option<String>,
    /// Where the phrase stands.
    pub lines: Lines,
}

/// A duty that comes again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recurring {
    /// The shortest printed phrase that carries the rhythm.
    pub text: String,
    /// What is to be handed in or done.
    pub what: String,
    /// The rhythm.
    pub rule: Rule,
    /// First day, when the sentence gives one.
    pub from: Option<Date>,
    /// Last day, when the sentence gives one.
    pub until: Option<Date>,
    /// A report is due even if nothing happened (零报告).
    pub zero_report: bool,
    /// Handed in or done.
    pub kind: DutyKind,
    /// As printed.
    pub who: Option<String>,
    /// As printed.
    pub to: Option<String>,
    /// A count to reach each time.
    pub quota: Option<Quota>,
    /// Where the phrase stands.
    pub lines: Lines,
}

/// What is to be handed in or kept as proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// As printed.
    pub text: String,
    /// What sort of material.
    pub types: Vec<EvidenceType>,
    /// In which form; empty = not said.
    pub copies: Vec<CopyForm>,
    /// Where it stands.
    pub lines: Lines,
}

/// A sort of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum EvidenceType {
    Text,
    Photo,
    Video,
    Audio,
    Form,
    Plan,
    Summary,
    Roster,
    SignIn,
    Minutes,
    News,
    Case,
    Ledger,
    Experience,
    Data,
    Other,
}

/// The form in which evidence is handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyForm {
    /// 电子版.
    Electronic,
    /// 纸质.
    Paper,
    /// 传真.
    Fax,
}

/// A person or post to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// A duty telephone has none.
    pub name: Option<String>,
    /// The office, when said.
    pub org: Option<String>,
    /// Digits with hyphens, extension last.
    pub phones: Vec<String>,
    /// Digits with hyphens.
    pub fax: Option<String>,
    /// Electronic mail.
    pub email: Option<String>,
    /// Where they stand.
    pub lines: Lines,
}

/// An attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attachment {
    /// `附件1`, `附`, `附表7`.
    pub label: String,
    /// Without 《》; `None` when only mentioned.
    pub title: Option<String>,
    /// Where it stands.
    pub lines: Lines,
}

/// Something the clerk should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// What kind of thing.
    pub code: Code,
    /// For the clerk, in Chinese.
    pub message: String,
    /// The line in question.
    pub line: Option<u32>,
}

/// The warning codes of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Code {
    NotANotice,
    Truncated,
    TextReflowed,
    DigitsLost,
    Redacted,
    YearUnknown,
    ImpossibleDate,
    WeekdayMismatch,
    Superseded,
    DateConflict,
    DateToFollow,
    RelativeDue,
    AlreadyPast,
    IssuedLate,
    DocNumberDamaged,
    OnlyOtherNumbers,
    TitleFromPlan,
    TitleDiffers,
    ThemeMismatch,
    SeveralThemes,
    HeadingNumberLost,
    NumberingGap,
    AttachmentWithoutDuty,
    AttachmentNotListed,
    NoSummaryDuty,
    ContactUnclear,
}
