//! What a file is, by its content. The name only decides between formats that share one container.

use crate::{Kind, ReadError, limits, package};

/// How a document is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DocumentKind {
    Docx,
    Ofd,
    Pdf,
    Text,
}

/// How a table is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TableKind {
    Xlsx,
    Text,
}

/// Tells a document's kind, or refuses.
pub(crate) fn document(bytes: &[u8], file_name: Option<&str>) -> Result<DocumentKind, ReadError> {
    match container(bytes, file_name)? {
        Some(Kind::Docx) => Ok(DocumentKind::Docx),
        Some(Kind::Ofd) => Ok(DocumentKind::Ofd),
        Some(Kind::Pdf) => Ok(DocumentKind::Pdf),
        Some(Kind::Xlsx) => Err(ReadError::SpreadsheetAsDocument),
        Some(Kind::Txt | Kind::Csv) | None => Ok(DocumentKind::Text),
    }
}

/// Tells a table's kind, or refuses.
pub(crate) fn table(bytes: &[u8], file_name: Option<&str>) -> Result<TableKind, ReadError> {
    match container(bytes, file_name)? {
        Some(Kind::Xlsx) => Ok(TableKind::Xlsx),
        Some(kind @ (Kind::Docx | Kind::Ofd | Kind::Pdf)) => Err(ReadError::DocumentAsTable(kind)),
        Some(Kind::Txt | Kind::Csv) | None => Ok(TableKind::Text),
    }
}

/// Refuses text that is really a page or a document in mark-up.
pub(crate) fn refuse_markup(text: &str) -> Result<(), ReadError> {
    let start: String = text.trim_start().chars().take(1_024).collect::<String>().to_ascii_lowercase();
    if start.starts_with("{\\rtf") {
        return Err(ReadError::Rtf);
    }
    if start.starts_with("mime-version:") || start.starts_with("from: <saved by") {
        return Err(ReadError::Html);
    }
    if !start.starts_with('<') {
        return Ok(());
    }
    if ["<!doctype html", "<html", "<head", "<body", "<meta"].iter().any(|tag| start.contains(tag)) {
        return Err(ReadError::Html);
    }
    if start.starts_with("<?xml") {
        let flat = start.contains("office:document");
        return Err(if flat { ReadError::OpenDocument } else { ReadError::Xml });
    }
    Ok(())
}

/// The container's kind; `None` if the bytes may be text.
fn container(bytes: &[u8], file_name: Option<&str>) -> Result<Option<Kind>, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if bytes.len() > limits::MAX_FILE_BYTES {
        return Err(ReadError::FileTooLarge);
    }
    let extension = file_name.and_then(|name| name.rsplit_once('.')).map(|(_, end)| end.to_ascii_lowercase());
    let extension = extension.as_deref().unwrap_or("").trim();

    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return package::kind(bytes, extension).map(Some);
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Err(compound(bytes, extension));
    }
    let head = &bytes[..bytes.len().min(1_024)];
    if head.windows(5).any(|window| window == b"%PDF-") {
        return Ok(Some(Kind::Pdf));
    }
    foreign(bytes).map_or(Ok(None), Err)
}

/// An OLE compound file. Its directory entries are 128 bytes, aligned, and begin with a name in UTF-16.
fn compound(bytes: &[u8], extension: &str) -> ReadError {
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        bytes.chunks(128).any(|entry| entry.starts_with(&name))
    };
    if has("EncryptedPackage") {
        return ReadError::Encrypted(match extension {
            "docx" | "docm" | "dotx" => Some(Kind::Docx),
            "xlsx" | "xlsm" => Some(Kind::Xlsx),
            _ => None,
        });
    }
    if has("WordDocument") {
        return if matches!(extension, "wps" | "wpt") { ReadError::Wps } else { ReadError::OldWord };
    }
    if has("Workbook") || has("Book") {
        return ReadError::OldExcel;
    }
    if has("PowerPoint Document") {
        return ReadError::Slides;
    }
    match extension {
        "doc" | "dot" => ReadError::OldWord,
        "wps" | "wpt" => ReadError::Wps,
        "xls" | "et" | "xlt" | "ett" => ReadError::OldExcel,
        "ppt" | "pps" | "dps" => ReadError::Slides,
        _ => ReadError::OldOffice,
    }
}

/// Formats told by their first bytes, all of them refused.
fn foreign(bytes: &[u8]) -> Option<ReadError> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic));

    let image = match () {
        () if starts(b"\xFF\xD8\xFF") => Some("jpg"),
        () if starts(b"\x89PNG\r\n\x1A\n") => Some("png"),
        () if starts(b"GIF87a") || starts(b"GIF89a") => Some("gif"),
        () if starts(b"BM") && at(6, &[0; 4]) => Some("bmp"),
        () if starts(b"II*\0") || starts(b"MM\0*") => Some("tif"),
        () if starts(b"RIFF") && at(8, b"WEBP") => Some("webp"),
        () if at(4, b"ftyp") && HEIF_BRANDS.iter().any(|brand| at(8, brand)) => Some("heic"),
        () if at(4, b"ftypavif") => Some("avif"),
        () if starts(b"8BPS") => Some("psd"),
        () if starts(b"\0\0\0\x0CJXL ") || starts(b"\xFF\x0A") => Some("jxl"),
        () => None,
    };
    if let Some(image) = image {
        return Some(ReadError::Image(image));
    }
    let archive = match () {
        () if starts(b"Rar!\x1A\x07") => Some("rar"),
        () if starts(b"7z\xBC\xAF\x27\x1C") => Some("7z"),
        () if starts(b"\x1F\x8B") => Some("gz"),
        () if starts(b"BZh") && at(4, b"1AY&SY") => Some("bz2"),
        () if starts(b"\xFD7zXZ\0") => Some("xz"),
        () if at(257, b"ustar") => Some("tar"),
        () if starts(b"MSCF\0\0\0\0") => Some("cab"),
        () => None,
    };
    if let Some(archive) = archive {
        return Some(ReadError::Archive(archive));
    }
    let media = at(4, b"ftyp")
        || starts(b"ID3")
        || starts(b"OggS")
        || starts(b"fLaC")
        || starts(b"#!AMR")
        || starts(b"\x1A\x45\xDF\xA3")
        || (starts(b"RIFF") && (at(8, b"WAVE") || at(8, b"AVI ")));
    if media {
        return Some(ReadError::Media);
    }
    starts(b"{\\rtf").then_some(ReadError::Rtf)
}

const HEIF_BRANDS: [&[u8]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];
