//! A zip package, guarded: entries are counted before they are listed, bytes as they inflate, and names are
//! only ever compared, never used as paths.

use std::{
    collections::HashMap,
    io::{self, BufRead, BufReader, Cursor, Read},
};

use zip::{ZipArchive, result::ZipError};

use crate::{
    Kind, ReadError,
    limits::{MAX_INFLATED_BYTES, MAX_TABLE_INFLATED_BYTES, MAX_ZIP_ENTRIES, XML_TAG_COST},
};

/// Tells docx, ofd and xlsx from each other and from all other packages, which are refused.
pub(crate) fn kind(bytes: &[u8], extension: &str) -> Result<Kind, ReadError> {
    let guess = guess(bytes, extension);
    let package = match Package::open(bytes, guess.unwrap_or(Kind::Docx)) {
        Ok(package) => package,
        Err(ReadError::Broken(_)) if guess.is_none() => return Err(ReadError::Archive("zip")),
        Err(error) => return Err(error),
    };
    if package.has("OFD.xml") {
        return Ok(Kind::Ofd);
    }
    if package.has_folder("word") {
        return Ok(Kind::Docx);
    }
    if package.has("xl/workbook.bin") {
        return Err(ReadError::OldExcel);
    }
    if package.has_folder("xl") {
        return Ok(Kind::Xlsx);
    }
    if package.has_folder("ppt") {
        return Err(ReadError::Slides);
    }
    if package.has("mimetype") && (package.has("content.xml") || package.has("META-INF/manifest.xml")) {
        return Err(ReadError::OpenDocument);
    }
    match guess {
        Some(kind) if package.has("[Content_Types].xml") => Err(ReadError::Broken(kind)),
        _ => Err(ReadError::Archive("zip")),
    }
}

/// What a package that cannot be opened was meant to be: by the names in it, else by its own.
fn guess(bytes: &[u8], extension: &str) -> Option<Kind> {
    let head = &bytes[..bytes.len().min(64 * 1_024)];
    let has = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
    match extension {
        "docx" | "docm" | "dotx" => Some(Kind::Docx),
        "xlsx" | "xlsm" => Some(Kind::Xlsx),
        "ofd" => Some(Kind::Ofd),
        _ if has(b"OFD.xml") => Some(Kind::Ofd),
        _ if has(b"word/") => Some(Kind::Docx),
        _ if has(b"xl/") => Some(Kind::Xlsx),
        _ => None,
    }
}

/// An opened package with what is left of its budget.
pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    indexes: HashMap<String, usize>,
    kind: Kind,
    left: u64,
}

impl<'a> Package<'a> {
    pub(crate) fn open(bytes: &'a [u8], kind: Kind) -> Result<Self, ReadError> {
        // The zip crate lists the whole directory at once, so count before it does. A compressed stream holds
        // this signature by chance once in four thousand million bytes.
        let entries = bytes.windows(4).filter(|window| *window == b"PK\x01\x02").count();
        if entries > MAX_ZIP_ENTRIES {
            return Err(ReadError::Bomb(kind));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ReadError::Broken(kind))?;
        let names = archive.file_names().enumerate();
        let indexes = names.filter_map(|(index, name)| Some((normalised(&name.ok()?), index))).collect();
        let left = if kind == Kind::Xlsx { MAX_TABLE_INFLATED_BYTES } else { MAX_INFLATED_BYTES };
        Ok(Self { archive, indexes, kind, left })
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.indexes.contains_key(&normalised(name))
    }

    /// Whether any entry stands in this folder of the root.
    pub(crate) fn has_folder(&self, folder: &str) -> bool {
        self.indexes.keys().any(|name| name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    }

    /// Whether any entry's name holds this word, in lower case.
    pub(crate) fn mentions(&self, word: &str) -> bool {
        self.indexes.keys().any(|name| name.contains(word))
    }

    /// Inflates every part whose name passes, to nowhere, against the budget. For libraries that inflate by
    /// themselves: what they will meet has then been counted.
    pub(crate) fn charge(&mut self, wanted: impl Fn(&str) -> bool) -> Result<(), ReadError> {
        let names: Vec<String> = self.indexes.keys().filter(|name| wanted(name)).cloned().collect();
        for name in names {
            let kind = self.kind;
            if let Some(mut part) = self.part(&name)? {
                io::copy(&mut part, &mut io::sink()).map_err(|error| refusal(&error, kind))?;
            }
        }
        Ok(())
    }

    /// A part of the package, inflating as it is read. `None` if there is no such part.
    pub(crate) fn part(&mut self, name: &str) -> Result<Option<impl BufRead>, ReadError> {
        let Some(&index) = self.indexes.get(&normalised(name)) else {
            return Ok(None);
        };
        let kind = self.kind;
        let tag_cost = if kind == Kind::Xlsx { 0 } else { XML_TAG_COST };
        let file = self.archive.by_index(index).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
                ReadError::Encrypted(Some(kind))
            }
            _ => ReadError::Broken(kind),
        })?;
        Ok(Some(BufReader::with_capacity(32 * 1_024, Counted { file, left: &mut self.left, tag_cost })))
    }
}

/// Names are written with either slash and in any case by some programs.
fn normalised(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

struct Counted<'a, R> {
    file: R,
    left: &'a mut u64,
    tag_cost: u64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        let tags = if self.tag_cost == 0 { 0 } else { buffer[..count].iter().filter(|byte| **byte == b'<').count() };
        match self.left.checked_sub(count as u64 + tags as u64 * self.tag_cost) {
            Some(left) => *self.left = left,
            None => return Err(io::ErrorKind::FileTooLarge.into()),
        }
        Ok(count)
    }
}

/// What an error while reading a part means.
pub(crate) fn refusal(error: &io::Error, kind: Kind) -> ReadError {
    if error.kind() == io::ErrorKind::FileTooLarge { ReadError::Bomb(kind) } else { ReadError::Broken(kind) }
}
