//! The package: parts, what they are, and how they point to each other.

use std::io::{Cursor, Write};

use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    WriteError,
    body::Body,
    feet,
    model::{Block, DocNumber, Document, Orientation},
    normalise::clean,
    picture::{Placed, extension},
    section::{FOOT_FIRST, FOOT_FORM, HEAD, HEAD_FIRST, foot},
    styles,
    xml::Xml,
};

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// What every page of a document without number says.
const WATERMARK: &str = "草稿　未编号";

/// A part: its name, what it is, its bytes.
struct Part {
    name: String,
    kind: String,
    bytes: Vec<u8>,
}

/// A pointer from the main part: id, kind, target.
type Pointer = (String, &'static str, String);

pub(super) fn package(document: &Document, body: Body) -> Result<Vec<u8>, WriteError> {
    let faces = &document.faces;
    let watermark = (document.doc_number == DocNumber::Draft).then_some(WATERMARK);
    let mut parts = Vec::new();
    let mut pointers: Vec<Pointer> = Vec::new();
    let mut point = |id: &str, kind: &'static str, name: &str, word: &str, bytes: Vec<u8>| {
        parts.push(Part { name: format!("word/{name}"), kind: format!("{WORD}.{word}+xml"), bytes });
        pointers.push((id.to_owned(), kind, name.to_owned()));
    };
    point("rIdStyles", "styles", "styles.xml", "styles", styles::styles_part(faces));
    point("rIdNumbering", "numbering", "numbering.xml", "numbering", styles::numbering_part(body.lists, faces));
    point("rIdFonts", "fontTable", "fontTable.xml", "fontTable", styles::fonts_part(faces));
    point("rIdSettings", "settings", "settings.xml", "settings", styles::settings_part());
    point(HEAD, "header", "header1.xml", "header", feet::head(watermark, None, faces));
    let mut number = 0;
    for orientation in [Orientation::Portrait, Orientation::Landscape] {
        for even in [false, true] {
            number += 1;
            let name = format!("footer{number}.xml");
            point(foot(orientation, even), "footer", &name, "footer", feet::foot(orientation, even, faces));
        }
    }
    if body.forms {
        point(FOOT_FORM, "footer", "footer6.xml", "footer", feet::form_foot(faces));
    }
    if let Some(line) = body.letter_line {
        point(HEAD_FIRST, "header", "header2.xml", "header", feet::head(watermark, Some(line), faces));
        point(FOOT_FIRST, "footer", "footer5.xml", "footer", feet::empty_foot(faces));
    }
    let mut pictures = Vec::new();
    let annexes = document.annexes.iter().map(|annex| &annex.blocks);
    for block in [&document.blocks].into_iter().chain(annexes).flatten() {
        if let Block::Picture(picture) = block {
            let number = pictures.len() + 1;
            let extension = extension(&picture.bytes).ok_or(WriteError::Picture(number))?;
            let name = format!("media/image{number}.{extension}");
            pointers.push((Placed::relationship(number), "image", name.clone()));
            pictures.push((format!("word/{name}"), &picture.bytes));
        }
    }
    parts.push(Part {
        name: "word/document.xml".to_owned(),
        kind: format!("{WORD}.document.main+xml"),
        bytes: body.bytes,
    });
    parts.push(Part {
        name: "docProps/core.xml".to_owned(),
        kind: "application/vnd.openxmlformats-package.core-properties+xml".to_owned(),
        bytes: core(document, body.forms),
    });

    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, bytes: &[u8]| -> Result<(), WriteError> {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(bytes)?;
        Ok(())
    };
    add("[Content_Types].xml", &content_types(&parts))?;
    let main = [
        ("rId1".to_owned(), format!("{OFFICE}/officeDocument"), "word/document.xml".to_owned()),
        (
            "rId2".to_owned(),
            format!("{PACKAGE}/relationships/metadata/core-properties"),
            "docProps/core.xml".to_owned(),
        ),
    ];
    add("_rels/.rels", &relationships(main.into_iter()))?;
    let of_document = pointers.into_iter().map(|(id, kind, target)| (id, format!("{OFFICE}/{kind}"), target));
    add("word/_rels/document.xml.rels", &relationships(of_document))?;
    for part in &parts {
        add(&part.name, &part.bytes)?;
    }
    for (name, bytes) in pictures {
        add(&name, bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn content_types(parts: &[Part]) -> Vec<u8> {
    Xml::part("Types", &[("xmlns", &format!("{PACKAGE}/content-types"))], |xml| {
        for (extension, kind) in [
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("xml", "application/xml"),
            ("jpeg", "image/jpeg"),
            ("png", "image/png"),
        ] {
            xml.empty("Default", &[("Extension", &extension), ("ContentType", &kind)]);
        }
        for part in parts {
            xml.empty("Override", &[("PartName", &format!("/{}", part.name)), ("ContentType", &part.kind)]);
        }
    })
}

fn relationships(pointers: impl Iterator<Item = (String, String, String)>) -> Vec<u8> {
    Xml::part("Relationships", &[("xmlns", &format!("{PACKAGE}/relationships"))], |xml| {
        for (id, kind, target) in pointers {
            xml.empty("Relationship", &[("Id", &id), ("Type", &kind), ("Target", &target)]);
        }
    })
}

/// Title, issuer and day. No clock is read: the day is the document's own.
fn core(document: &Document, forms: bool) -> Vec<u8> {
    let namespaces: [super::xml::Attribute<'_>; 4] = [
        ("xmlns:cp", &format!("{PACKAGE}/metadata/core-properties")),
        ("xmlns:dc", &"http://purl.org/dc/elements/1.1/"),
        ("xmlns:dcterms", &"http://purl.org/dc/terms/"),
        ("xmlns:xsi", &"http://www.w3.org/2001/XMLSchema-instance"),
    ];
    Xml::part("cp:coreProperties", &namespaces, |xml| {
        xml.text("dc:title", &[], clean(&document.title).replace('\n', "").trim());
        if !forms {
            xml.text("dc:subject", &[], document.form.name());
        }
        if let Some(signature) = &document.signature {
            xml.text("dc:creator", &[], clean(&signature.issuer).trim());
        }
        if let Some(date) = document.issue_date.filter(|date| date.year() > 0) {
            let day = format!("{date}T00:00:00Z");
            for name in ["dcterms:created", "dcterms:modified"] {
                xml.text(name, &[("xsi:type", &"dcterms:W3CDTF")], &day);
            }
        }
    })
}
