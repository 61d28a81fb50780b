//! Notices made by foreign programs, read back. `fixtures/make.py` says how each was made.

use std::{fs, path::Path};

use official_doc::{Encoding, Format, ReadWarning, TextDocument, read};

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn document(name: &str) -> TextDocument {
    read(&fixture(name), Some(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn squeezed(line: &str) -> String {
    line.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Lines without white space, blank ones left out.
fn lines(document: &TextDocument) -> Vec<String> {
    document.lines.iter().map(|line| squeezed(line)).filter(|line| !line.is_empty()).collect()
}

fn original(notice: &str) -> Vec<String> {
    lines(&document(&format!("{notice}.txt")))
}

#[test]
fn a_word_document_gives_the_lines_of_the_notice() {
    for (file, notice) in [
        ("founding.docx", "founding"),
        ("baiyin-town-2023.docx", "baiyin-town-2023"),
        ("yundeng-sumu-2020.docx", "yundeng-sumu-2020"),
    ] {
        let document = document(file);
        assert_eq!(document.format, Format::Docx);
        assert_eq!(lines(&document), original(notice), "{file}");
    }
}

#[test]
fn a_table_row_is_a_line_of_cells() {
    let document = document("yundeng-sumu-2020.docx");
    assert!(document.lines.contains(&"活动项目 | 时间 | 责任单位 |".to_owned()), "{:#?}", document.lines);
}

#[test]
fn automatic_numbers_are_in_the_text() {
    for file in ["numbered.docx", "numbered-plain.docx"] {
        let expected = [
            "关于开展“安全生产月”活动的通知",
            "一、指导思想",
            "坚持人民至上、生命至上。",
            "二、活动内容",
            "（一）启动仪式。",
            "1.镇政府启动仪式",
            "2.各村启动仪式",
            "（二）应急演练。",
            "1.消防演练",
            "三、工作要求",
            "（一）加强领导。",
        ];
        assert_eq!(document(file).lines, expected, "{file}");
    }
}

#[test]
fn a_pdf_gives_its_printed_lines() {
    for (file, notice) in
        [("founding.pdf", "founding"), ("baiyin-unigb.pdf", "baiyin-town-2023"), ("baiyin-gbk.pdf", "baiyin-town-2023")]
    {
        let document = document(file);
        assert_eq!(document.format, Format::Pdf);
        assert_eq!(document.warnings, [], "{file}");
        assert_eq!(lines(&document).concat(), original(notice).concat(), "{file}");
        // A printed line is no longer than a page is wide.
        assert!(lines(&document).iter().all(|line| line.chars().count() < 50), "{file}");
    }
}

#[test]
fn a_pdf_table_keeps_its_rows() {
    let document = document("yundeng-sumu-2020.pdf");
    assert!(document.lines.contains(&"春防草原防火宣传 3月—5月 林草站、各嘎查".to_owned()), "{:#?}", document.lines);
}

#[test]
fn a_pdf_with_object_streams_or_a_rights_lock_can_be_read() {
    let whole = original("yundeng-sumu-2020");
    let expected: Vec<String> = whole[..8].iter().map(|line| line.chars().take(40).collect()).collect();
    assert_eq!(lines(&document("steppe-mupdf.pdf")), expected);
    assert_eq!(lines(&document("owner-locked.pdf"))[0], whole[0]);
}

#[test]
fn of_a_pdf_changed_twice_the_last_revision_is_read() {
    let document = document("steppe-revised.pdf");
    assert_eq!(lines(&document).last().map(String::as_str), Some("第二次修订"));
    assert!(!document.text().contains("第一次修订"));
    assert_eq!(lines(&document)[..8], lines(&self::document("steppe-mupdf.pdf"))[..]);
}

#[test]
fn an_ofd_gives_its_printed_lines() {
    for (file, notice) in [("founding-easyofd.ofd", "founding"), ("mine.ofd", "yunqiling-mine-2025")] {
        let document = document(file);
        assert_eq!(document.format, Format::Ofd);
        assert_eq!(lines(&document).concat(), original(notice).concat(), "{file}");
        assert!(document.lines.len() > original(notice).len(), "{file} is hard-wrapped");
    }
}

#[test]
fn an_ofd_letterhead_in_a_template_page_comes_first() {
    let document = document("mine.ofd");
    assert_eq!(document.lines[..2], ["云栖岭铁石矿业有限公司文件", "云铁安〔2025〕14号"]);
}

#[test]
fn a_text_file_keeps_its_line_numbers_in_every_encoding() {
    let text = "第一行\r\n\r\n  第三行 \n第四行〔2022〕";
    let utf16 = |swap: bool| {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units.flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect::<Vec<u8>>()
    };
    for (encoding, bytes) in [
        (Encoding::Utf8, text.as_bytes().to_vec()),
        (Encoding::Utf8Bom, [b"\xEF\xBB\xBF", text.as_bytes()].concat()),
        (Encoding::Utf16Le, utf16(false)),
        (Encoding::Utf16Be, utf16(true)),
        (Encoding::Gb18030, encoding_rs::GB18030.encode(text).0.into_owned()),
    ] {
        let document = read(&bytes, Some("通知.doc")).expect("text");
        assert_eq!(document.format, Format::Txt(encoding));
        assert_eq!(document.lines, ["第一行", "", "  第三行 ", "第四行〔2022〕"]);
    }
}

#[test]
fn text_lost_before_it_came_to_us_is_warned_of() {
    let document = read("关于开展\u{FFFD}\u{FFFD}的通知".as_bytes(), None).expect("text");
    assert_eq!(document.warnings, [ReadWarning::UnreadableCharacters(2)]);
}

#[test]
fn a_name_says_nothing_against_the_content() {
    let names = ["", ".", "...", "a\nb", "通知 (1).txt", "😀“”'\".ofd", "x.pdf", "..\\..\\etc", &"长".repeat(5_000)];
    for name in names {
        let document = read(&fixture("founding.docx"), Some(name)).expect("docx");
        assert_eq!(document.format, Format::Docx, "{name}");
    }
    assert_eq!(read(&fixture("founding.docx"), None).expect("docx").format, Format::Docx);
}

#[test]
fn pasted_text_is_kept_as_it_is() {
    let document = TextDocument::pasted("一、\r\n\r\n二、").expect("text");
    assert_eq!((document.format, document.lines.len()), (Format::Pasted, 3));
    assert_eq!(document.text(), "一、\n\n二、");
}
