//! Word documents (OOXML): one paragraph or table row a line, with the numbers Word would print.
//!
//! `body` walks the document; `numbering` counts; `styles` says which style numbers or hides its paragraphs.

mod body;
mod numbering;
mod numerals;
mod styles;

use crate::{
    Kind, ReadError, TextDocument,
    package::Package,
    text::Format,
    xml::{Node, Xml},
};

pub(super) fn read(bytes: &[u8]) -> Result<TextDocument, ReadError> {
    let mut package = Package::open(bytes, Kind::Docx)?;
    let main = main_part(&mut package)?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();

    let styles = match package.part(&format!("{folder}/styles.xml"))? {
        Some(part) => styles::Styles::read(part)?,
        None => styles::Styles::default(),
    };
    let numbering = match package.part(&format!("{folder}/numbering.xml"))? {
        Some(part) => numbering::Numbering::read(part)?,
        None => numbering::Numbering::default(),
    };
    let part = package.part(&main)?.ok_or(ReadError::Broken(Kind::Docx))?;
    let lines = body::read(part, &styles, numbering)?;
    match lines {
        Some(lines) => Ok(TextDocument { format: Format::Docx, lines, warnings: Vec::new() }),
        None if package.has_folder(&format!("{folder}/media")) => Err(ReadError::Scanned(Kind::Docx)),
        None => Err(ReadError::NoText(Kind::Docx)),
    }
}

/// The name of the main part: as the package's relationships say, else the usual one.
fn main_part(package: &mut Package<'_>) -> Result<String, ReadError> {
    let mut target = None;
    if let Some(part) = package.part("_rels/.rels")? {
        let mut xml = Xml::new(part, Kind::Docx);
        while let Some(node) = xml.next()? {
            if let Node::Open(tag) = node
                && tag.name() == "Relationship"
                && tag.attr("Type").is_some_and(|kind| kind.ends_with("/officeDocument"))
            {
                target = target.or(tag.attr("Target"));
            }
        }
    }
    let target = target.map(|target| target.trim_start_matches('/').to_owned());
    Ok(target.filter(|target| package.has(target)).unwrap_or_else(|| "word/document.xml".to_owned()))
}
