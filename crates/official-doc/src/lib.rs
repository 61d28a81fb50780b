//! Official documents and tables, in and out: bytes go in, text lines or rows come out.
//!
//! ```
//! let file = "青政发﹝2022﹞121号\r\n关于…的通知\r\n".as_bytes();
//! let document = official_doc::read(file, Some("通知.txt"))?;
//! assert_eq!(document.lines, ["青政发﹝2022﹞121号", "关于…的通知"]);
//!
//! let table = official_doc::table::read("单位,电话\n和平村,007\n".as_bytes(), None)?;
//! assert_eq!(table.rows[1].cells, ["和平村", "007"]);
//! # Ok::<(), official_doc::ReadError>(())
//! ```
//!
//! * [`read`] takes a notice (txt, docx, ofd, pdf) and gives its text, one paragraph or printed line a line.
//! * [`table::read`] takes xlsx or csv and gives rows; [`table::write_xlsx`] and [`table::write_csv`] go the
//!   other way, and an export read back is the same table.
//! * [`write::docx`] writes an official document as GB/T 9704-2012 wants it.
//! * What cannot be read is a [`ReadError`], whose text tells the clerk what the file is and what to do.
//!
//! The format is told by content; the file name is at most a hint. Every input is hostile until parsed: the
//! bounds are in [`limits`]. There is no file system, clock, network or global state here.

mod chars;
mod error;
pub mod limits;
mod package;
mod sniff;
pub mod table;
pub mod text;
pub mod write;
mod xml;

pub use error::{Kind, ReadError};
pub use text::{Encoding, Format, ReadWarning, TextDocument, read};
