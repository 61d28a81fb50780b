//! What cannot be read is refused for what it is, and the clerk is told what to do.

mod common;

use common::{docx, docx_with, fixture, package};
use official_doc::{
    Kind, ReadError, limits,
    limits::{MAX_FILE_BYTES, MAX_INFLATED_BYTES, MAX_XML_DEPTH, MAX_ZIP_ENTRIES},
    read, table,
};

fn refusal(bytes: &[u8], name: &str) -> ReadError {
    read(bytes, Some(name)).expect_err(name)
}

/// The first bytes of an OLE compound file with a directory entry of this name.
fn compound(entry: &str) -> Vec<u8> {
    let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    bytes.resize(1_024, 0);
    bytes.extend(entry.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(1_024 + 512, 0);
    bytes
}

#[test]
fn files_of_real_programs_are_told_by_their_content() {
    for (file, expected) in [
        ("refused.doc", ReadError::OldWord),
        ("refused.xls", ReadError::OldExcel),
        ("refused.rtf", ReadError::Rtf),
        ("refused.html", ReadError::Html),
        ("refused.odt", ReadError::OpenDocument),
        ("encrypted.docx", ReadError::Encrypted(Some(Kind::Docx))),
        ("encrypted.pdf", ReadError::Encrypted(Some(Kind::Pdf))),
        ("owner-locked-inline.pdf", ReadError::Encrypted(Some(Kind::Pdf))),
        ("scanned.pdf", ReadError::Scanned(Kind::Pdf)),
        ("scanned.ofd", ReadError::Scanned(Kind::Ofd)),
        ("picture.png", ReadError::Image("png")),
        ("picture.jpg", ReadError::Image("jpg")),
        ("units-openpyxl.xlsx", ReadError::SpreadsheetAsDocument),
    ] {
        assert_eq!(refusal(&fixture(file), file), expected, "{file}");
        // The name says nothing, except for the kind of what is encrypted.
        assert_eq!(refusal(&fixture(file), "通知.txt").code(), expected.code(), "{file}");
    }
}

#[test]
fn formats_are_told_by_their_first_bytes() {
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    for (bytes, name, code) in [
        (&b""[..], "空.docx", "empty"),
        (&compound("WordDocument"), "通知.wps", "wps"),
        (&compound("WordDocument"), "通知.doc", "old_word"),
        (&compound("Workbook"), "表.et", "old_excel"),
        (&compound("PowerPoint Document"), "课.ppt", "slides"),
        (&compound("EncryptedPackage"), "x", "encrypted"),
        (&compound("HwpSummary"), "x.hwp", "old_office"),
        (heic, "照片.docx", "image"),
        (b"GIF89a...", "x", "image"),
        (b"BM\0\0\0\0\0\0\0\0", "x", "image"),
        (b"II*\0....", "x", "image"),
        (b"RIFF....WEBPVP8 ", "x", "image"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "x.mp4", "media"),
        (b"ID3\x03", "x.mp3", "media"),
        (b"Rar!\x1A\x07\x01\0", "x.rar", "archive"),
        (b"7z\xBC\xAF\x27\x1C", "x.7z", "archive"),
        (b"\x1F\x8B\x08\0", "x.gz", "archive"),
        (b"{\\rtf1\\ansi}", "x.doc", "rtf"),
        (b"\xEF\xBB\xBF \n<!DOCTYPE html><p>x", "x.txt", "html"),
        (b"<html xmlns:w=\"urn:schemas-microsoft-com:office:word\">", "x.doc", "html"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "x.doc", "html"),
        (b"<?xml version=\"1.0\"?><?mso-application progid=\"Word.Document\"?><w:wordDocument/>", "x.doc", "xml"),
        (b"\x81", "x.txt", "unknown_encoding"),
        (b"\xFF\xFE\x00", "x.txt", "unknown_encoding"),
        (b"a\0b\0", "x.txt", "unknown"),
        (b" \n\t\n", "x.txt", "no_text"),
    ] {
        assert_eq!(refusal(bytes, name).code(), code, "{name} {bytes:?}");
    }
}

#[test]
fn packages_are_told_by_their_parts() {
    for (parts, code) in [
        (&[("ppt/presentation.xml", &b"<p/>"[..])][..], "slides"),
        (&[("a.jpg", b"x"), ("通知.docx", b"x")], "archive"),
        (&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<x/>")], "open_document"),
        (&[("[Content_Types].xml", b"<x/>"), ("word/x.xml", b"<x/>")], "broken"),
        (&[("OFD.xml", b"<OFD/>")], "no_text"),
        (&[("OFD.xml", b"<OFD/>"), ("Doc_0/Encryptions.xml", b"x")], "encrypted"),
        (&[("OFD.xml", b"<OFD><DocRoot>../../../etc/passwd</DocRoot></OFD>"), ("../../etc/passwd", b"x")], "broken"),
        (&[("word/document.xml", b"<d/>")], "no_text"),
        (&[("word/document.xml", b"<d/>"), ("word/media/image1.jpg", b"x")], "scanned"),
        (&[("word/document.xml", b"<d><p></d>")], "broken"),
        (&[("word/document.xml", b"<d><p>")], "broken"),
        (&[("word/document.xml", b"\xFF\xFF")], "broken"),
    ] {
        assert_eq!(refusal(&package(parts), "x").code(), code, "{parts:?}");
    }
}

#[test]
fn damaged_files_say_so() {
    for (file, kind) in [("founding.docx", Kind::Docx), ("mine.ofd", Kind::Ofd)] {
        let bytes = fixture(file);
        for length in [4, 45, bytes.len() / 2, bytes.len() - 1] {
            assert_eq!(refusal(&bytes[..length], file), ReadError::Broken(kind), "{file} cut to {length}");
        }
    }
    let bytes = fixture("founding.pdf");
    for length in [5, 100, 2_000] {
        assert_eq!(refusal(&bytes[..length], "x"), ReadError::Broken(Kind::Pdf), "cut to {length}");
    }
    let mut flipped = fixture("founding.docx");
    let middle = flipped.len() / 2;
    flipped[middle..middle + 64].fill(0xAA);
    assert_eq!(refusal(&flipped, "x").code(), "broken");
}

#[test]
fn xml_tricks_are_refused() {
    let entity = "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\">]><d><p><r><t>&a;</t></r></p></d>";
    let undeclared = "<d><p><r><t>&a;</t></r></p></d>";
    for part in [entity, undeclared] {
        let bytes = package(&[("word/document.xml", part.as_bytes())]);
        assert_eq!(refusal(&bytes, "x"), ReadError::XmlEntities(Kind::Docx));
    }
    let deep = docx(&("<w:p>".repeat(MAX_XML_DEPTH) + &"</w:p>".repeat(MAX_XML_DEPTH)));
    assert_eq!(refusal(&deep, "x"), ReadError::TooDeep(Kind::Docx));
}

#[test]
fn bombs_are_refused() {
    let zeros = vec![b' '; usize::try_from(MAX_INFLATED_BYTES).expect("fits") + 1];
    let padded = [b"<d>", zeros.as_slice(), b"</d>"].concat();
    for (bomb, kind) in
        [(package(&[("word/document.xml", &padded)]), Kind::Docx), (package(&[("OFD.xml", &padded)]), Kind::Ofd)]
    {
        assert!(bomb.len() < 200_000);
        assert_eq!(refusal(&bomb, "x"), ReadError::Bomb(kind));
    }
    let parts: Vec<String> = (0..=limits::MAX_TABLE_INFLATED_BYTES / MAX_INFLATED_BYTES)
        .map(|number| format!("xl/worksheets/sheet{number}.xml"))
        .collect();
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|name| (name.as_str(), padded.as_slice())).collect();
    let sheet = package(&[&[("xl/workbook.xml", &b"<x/>"[..])], parts.as_slice()].concat());
    assert_eq!(table::read(&sheet, None), Err(ReadError::Bomb(Kind::Xlsx)));

    let lists: String = (0..=limits::MAX_WORD_DEFINITIONS).map(|id| format!("<num numId=\"{id}\"/>")).collect();
    assert_eq!(refusal(&docx_with("<w:p/>", &lists, ""), "x"), ReadError::TooMuch(Kind::Docx));

    let names: Vec<String> = (0..=MAX_ZIP_ENTRIES).map(|number| format!("word/{number}")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(refusal(&package(&parts), "x"), ReadError::Bomb(Kind::Docx));
}

#[test]
fn too_much_is_refused_and_never_cut_short() {
    assert_eq!(refusal(&vec![b'a'; MAX_FILE_BYTES + 1], "x"), ReadError::FileTooLarge);
    let long = "字".repeat(limits::MAX_TEXT_CHARS + 1);
    assert_eq!(refusal(long.as_bytes(), "x"), ReadError::TooMuch(Kind::Txt));
    assert_eq!(refusal("a\n".repeat(limits::MAX_LINES + 1).as_bytes(), "x"), ReadError::TooMuch(Kind::Txt));
    let long = docx(&format!("<w:p><w:r><w:t>{long}</w:t></w:r></w:p>"));
    assert_eq!(refusal(&long, "x"), ReadError::TooMuch(Kind::Docx));
    let wide = ",".repeat(limits::MAX_TABLE_COLUMNS) + "x";
    assert_eq!(table::read(wide.as_bytes(), None), Err(ReadError::TooMuch(Kind::Csv)));
    let tall = "a\n".repeat(limits::MAX_TABLE_ROWS + 1);
    assert_eq!(table::read(tall.as_bytes(), None), Err(ReadError::TooMuch(Kind::Csv)));
}

#[test]
fn an_encrypted_zip_entry_is_told() {
    use zip::unstable::write::FileOptionsExt as _;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().with_deprecated_encryption(b"secret").expect("a password");
    writer.start_file("OFD.xml", options).expect("a name");
    std::io::Write::write_all(&mut writer, b"<OFD/>").expect("memory");
    let bytes = writer.finish().expect("memory").into_inner();
    assert_eq!(refusal(&bytes, "x"), ReadError::Encrypted(Some(Kind::Ofd)));
}

#[test]
fn every_refusal_says_what_to_do_in_chinese() {
    let kind = Kind::Docx;
    let all = [
        ReadError::Empty,
        ReadError::FileTooLarge,
        ReadError::TooMuch(kind),
        ReadError::Bomb(kind),
        ReadError::OldWord,
        ReadError::Wps,
        ReadError::OldExcel,
        ReadError::Slides,
        ReadError::OldOffice,
        ReadError::SpreadsheetAsDocument,
        ReadError::DocumentAsTable(kind),
        ReadError::Encrypted(None),
        ReadError::Scanned(kind),
        ReadError::Unmapped(kind),
        ReadError::NoText(kind),
        ReadError::Image("jpg"),
        ReadError::Media,
        ReadError::Rtf,
        ReadError::Html,
        ReadError::Xml,
        ReadError::OpenDocument,
        ReadError::Archive("rar"),
        ReadError::Broken(kind),
        ReadError::XmlEntities(kind),
        ReadError::TooDeep(kind),
        ReadError::UnknownEncoding,
        ReadError::Unknown,
        ReadError::NoSuchSheet("表".to_owned()),
    ];
    for error in &all {
        let message = error.to_string();
        assert!(message.contains('请') && message.ends_with('。'), "{message}");
    }
    let codes: std::collections::HashSet<_> = all.iter().map(ReadError::code).collect();
    assert_eq!(codes.len(), all.len());
}
