//! What an official document (公文) is made of, by the terms of GB/T 9704-2012.
//!
//! Plain data without any layout: [`docx`](super::docx) knows where everything goes. Marks as in the domain
//! reference: \[S\] taken from a copy of the standard, \[K\] well-known practice of it.

use jiff::civil::Date;

pub use super::content::{Align, Block, Cell, Heading, Level, Numbering, Paragraph, Picture, Run, Table};

/// An official document, 公文.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// What it is, and so how its first page looks.
    pub form: Form,
    /// The typefaces it names.
    pub faces: Faces,
    /// 份号, six digits on the first line \[K\].
    pub copy_no: Option<u32>,
    /// 密级和保密期限, such as 机密★1年 \[K\].
    pub secrecy: Option<String>,
    /// 紧急程度 \[K\].
    pub urgency: Option<Urgency>,
    /// 发文机关标志 (红头), such as 某镇人民政府文件. Without one the page begins with the title.
    pub issuer_mark: Option<String>,
    /// 发文字号.
    pub doc_number: DocNumber,
    /// 签发人, for upward documents only. Two names a line \[K\].
    pub signers: Vec<String>,
    /// 标题. A line feed breaks it there; without one it is broken by sense.
    pub title: String,
    /// 主送机关, without the colon at its end.
    pub addressees: Option<String>,
    /// 正文.
    pub blocks: Vec<Block>,
    /// 附件说明: the names of what is attached, without numbers.
    pub attachments: Vec<String>,
    /// 出席, 请假 and 列席 of minutes (纪要) \[K\].
    pub attendance: Vec<Attendance>,
    /// 发文机关署名.
    pub signature: Option<Signature>,
    /// 成文日期.
    pub issue_date: Option<Date>,
    /// 附注, with or without its round brackets.
    pub note: Option<String>,
    /// What follows on new pages.
    pub annexes: Vec<Annex>,
    /// 版记.
    pub imprint: Option<Imprint>,
}

impl Document {
    /// A document of this form with nothing in it but a title.
    pub fn new(form: Form, title: impl Into<String>) -> Self {
        Self {
            form,
            faces: Faces::NATIONAL,
            copy_no: None,
            secrecy: None,
            urgency: None,
            issuer_mark: None,
            doc_number: DocNumber::None,
            signers: Vec::new(),
            title: title.into(),
            addressees: None,
            blocks: Vec::new(),
            attachments: Vec::new(),
            attendance: Vec::new(),
            signature: None,
            issue_date: None,
            note: None,
            annexes: Vec::new(),
            imprint: None,
        }
    }

    /// Adds an annex under the next number and names it in the 附件说明.
    pub fn attach(&mut self, annex: Annex) {
        self.attachments.push(annex.title.replace('\n', ""));
        self.annexes.push(annex);
    }
}

/// The kind of an official document (公文种类). Those that differ in layout are told apart by [`Form::layout`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// 通知.
    Notice,
    /// 通报.
    Circular,
    /// 报告, upward.
    Report,
    /// 请示, upward, one matter.
    Request,
    /// 函, in the letter format (信函格式).
    Letter,
    /// 纪要.
    Minutes,
    /// 方案, usually what a 通知 carries.
    Plan,
    /// 意见.
    Opinion,
    /// 决定.
    Decision,
    /// 批复.
    Reply,
    /// 工作简报.
    Brief,
    /// 工作总结.
    Summary,
}

impl Form {
    /// The word a clerk knows it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Notice => "通知",
            Self::Circular => "通报",
            Self::Report => "报告",
            Self::Request => "请示",
            Self::Letter => "函",
            Self::Minutes => "纪要",
            Self::Plan => "方案",
            Self::Opinion => "意见",
            Self::Decision => "决定",
            Self::Reply => "批复",
            Self::Brief => "简报",
            Self::Summary => "总结",
        }
    }

    /// How its first page is laid out.
    pub fn layout(self) -> Layout {
        match self {
            Self::Report | Self::Request => Layout::Upward,
            Self::Letter => Layout::Letter,
            Self::Minutes => Layout::Minutes,
            _ => Layout::Common,
        }
    }
}

/// The layouts of a first page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layout {
    /// 平行文、下行文: the number in the middle \[K\].
    Common,
    /// 上行文: the number on the left, 签发人 on the right \[K\].
    Upward,
    /// 信函格式 \[K\].
    Letter,
    /// 纪要格式 \[K\].
    Minutes,
}

/// 紧急程度.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Urgency {
    /// 特急.
    Extra,
    /// 加急.
    Urgent,
}

impl Urgency {
    /// The word as printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Extra => "特急",
            Self::Urgent => "加急",
        }
    }
}

/// 发文字号, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocNumber {
    /// Given: 某政发〔2022〕12号. Brackets, blanks and leading zeros are put right.
    Assigned(String),
    /// Not given yet: （未编号） stands in its place and every page bears the watermark 草稿.
    Draft,
    /// Of a kind that bears none. Without a number there is no line for it either.
    None,
}

/// The typefaces a document names. None is embedded: their licences forbid it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Faces {
    /// Titles and the 发文机关标志: 小标宋.
    pub title: &'static str,
    /// The text: 仿宋.
    pub text: &'static str,
    /// Headings of the first level: 黑体.
    pub hei: &'static str,
    /// Headings of the second level: 楷体.
    pub kai: &'static str,
    /// Page numbers: 宋体.
    pub song: &'static str,
    /// Digits and Latin letters in the text.
    pub latin: &'static str,
}

impl Faces {
    /// The faces that offices in China have.
    pub const NATIONAL: Self = Self {
        title: "方正小标宋简体",
        text: "仿宋_GB2312",
        hei: "黑体",
        kai: "楷体_GB2312",
        song: "宋体",
        latin: "Times New Roman",
    };
    /// Free faces that a Debian server has or can be given, for PDF files made there.
    pub const FREE: Self = Self {
        title: "Noto Serif CJK SC",
        text: "FandolFang R",
        hei: "Noto Sans CJK SC",
        kai: "AR PL UKai CN",
        song: "Noto Serif CJK SC",
        latin: "Liberation Serif",
    };
}

/// One list of who came to a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendance {
    /// 出席, 列席, 请假 or 记录.
    pub label: String,
    /// Units and names.
    pub names: String,
}

/// 发文机关署名.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The issuer's full or standard short name.
    pub issuer: String,
    /// How it is confirmed.
    pub manner: Manner,
}

/// How a signature is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Manner {
    /// 加盖印章: the issuer over the date, room for the seal \[K\].
    Sealed,
    /// 不加盖印章 \[K\].
    Unsealed,
    /// 加盖签发人签名章: this post, then room for the stamp \[K\].
    Stamped(String),
}

/// 附件, or the plan that a notice issues: begins on a new page.
#[derive(Debug, Clone, PartialEq)]
pub struct Annex {
    /// Whether 附件 and its number stand above it \[K\]. A plan that is issued by the notice bears none.
    pub labelled: bool,
    /// Its title.
    pub title: String,
    /// How its pages lie.
    pub orientation: Orientation,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// How a page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Orientation {
    /// 竖排.
    #[default]
    Portrait,
    /// 横排: the head of the page at the binding side on odd pages \[K\].
    Landscape,
}

/// 版记.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imprint {
    /// 主送机关, when there were too many for the first page \[K\].
    pub addressees: Option<String>,
    /// 抄送机关.
    pub cc_addressees: Vec<String>,
    /// 印发机关.
    pub printer: String,
    /// 印发日期.
    pub print_date: Date,
    /// On which page.
    pub page: ImprintPage,
}

/// Where the 版记 goes. The standard wants it on the last even page \[K\], and only who has laid the pages out knows
/// which that is: write it with [`Last`](Self::Last), count the pages, and if they are odd write it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ImprintPage {
    /// At the bottom of the last page there is.
    #[default]
    Last,
    /// At the bottom of an even page of its own.
    NewEven,
}
