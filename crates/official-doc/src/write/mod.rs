//! Official documents as Word files, laid out by GB/T 9704-2012 (党政机关公文格式).
//!
//! ```
//! use jiff::civil::date;
//! use official_doc::write::{self, Block, DocNumber, Document, Form, Manner, Signature};
//!
//! let mut notice = Document::new(Form::Notice, "关于做好防汛工作的通知");
//! notice.issuer_mark = Some("青山镇人民政府文件".to_owned());
//! notice.doc_number = DocNumber::Assigned("青政发[2022]012号".to_owned());
//! notice.addressees = Some("各村、各企业".to_owned());
//! notice.blocks.push(Block::text("现将有关事项通知如下。"));
//! notice.signature = Some(Signature { issuer: "青山镇人民政府".to_owned(), manner: Manner::Sealed });
//! notice.issue_date = Some(date(2022, 6, 12));
//! let file = write::docx(&notice)?;
//!
//! let read = official_doc::read(&file, Some("通知.docx")).expect("what is written can be read");
//! assert!(read.lines.contains(&"青政发〔2022〕12号".to_owned()));
//! # Ok::<(), write::WriteError>(())
//! ```
//!
//! The order is that of the page: `head`, title, `blocks`, `tail`, annexes, imprint. `node` is a paragraph as Word
//! keeps it; `geometry` has the measures. The same document gives the same bytes: no clock is read.

mod blocks;
mod body;
mod content;
mod feet;
mod forms;
mod geometry;
mod head;
mod model;
mod node;
mod normalise;
mod parts;
mod picture;
mod section;
mod styles;
mod table;
mod tail;
mod title;
mod xml;

use thiserror::Error;

pub use forms::forms;
pub use model::{
    Align, Annex, Attendance, Block, Cell, DocNumber, Document, Faces, Form, Heading, Imprint, ImprintPage, Layout,
    Level, Manner, Numbering, Orientation, Paragraph, Picture, Run, Signature, Table, Urgency,
};
pub use normalise::{doc_number, normalise};
pub use tail::date_text;

/// A document that cannot be written. Nothing is left out to make it fit.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The so many-th picture is no JPEG or PNG file.
    #[error("第 {0} 张图片不是可以使用的 JPEG 或 PNG 图片，公文没有生成。请换一张图片。")]
    Picture(usize),
    /// A table of no columns, or of more than Word can take.
    #[error("表格有 {0} 列，不能排版（应为 1 至 63 列）。")]
    Columns(usize),
    /// The cells of this row do not fit the columns.
    #[error("表格第 {0} 行的单元格与列数不符，不能排版。")]
    Joined(usize),
    /// The package could not be made: a part of more than 4 GB.
    #[error("公文文件无法生成：{0}")]
    Package(#[from] zip::result::ZipError),
    /// As above.
    #[error("公文文件无法生成：{0}")]
    Io(#[from] std::io::Error),
}

/// Writes a Word document.
pub fn docx(document: &Document) -> Result<Vec<u8>, WriteError> {
    parts::package(document, body::body(document)?)
}
