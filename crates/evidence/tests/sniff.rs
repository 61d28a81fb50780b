//! Kinds by content.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::Cursor;

use common::{encoded, jpeg, photo};
use evidence::sniff::{Condition, Extension};
use evidence::{Kind, Sniffed, sniff};
use image::ImageFormat;

fn of(bytes: &[u8], name: &str) -> Sniffed {
    sniff(&mut Cursor::new(bytes), Some(name)).unwrap()
}

fn mp4(brand: &[u8; 4]) -> Vec<u8> {
    [&b"\0\0\0\x14ftyp"[..], brand, b"\0\0\0\0isom\0\0\0\x10moov\0\0\0\x08mvhd\0\0\0\x0cmdatabcd"].concat()
}

fn whole_files() -> Vec<(Kind, Vec<u8>)> {
    let rgb = photo(60, 40, 1);
    vec![
        (Kind::Jpeg, jpeg(&rgb, 60, 40, 80, false)),
        (Kind::Png, encoded(&rgb, 60, 40, ImageFormat::Png)),
        (Kind::WebP, encoded(&rgb, 60, 40, ImageFormat::WebP)),
        (Kind::Gif, encoded(&rgb, 60, 40, ImageFormat::Gif)),
        (Kind::Bmp, encoded(&rgb, 60, 40, ImageFormat::Bmp)),
        (Kind::Tiff, encoded(&rgb, 60, 40, ImageFormat::Tiff)),
        (Kind::Heic, b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x0cmeta\0\0\0\0".to_vec()),
        (Kind::Heic, b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic\0\0\0\x0cmeta\0\0\0\0".to_vec()),
        (Kind::Heif, b"\0\0\0\x14ftypmif1\0\0\0\0mif1\0\0\0\x0cmeta\0\0\0\0".to_vec()),
        (Kind::Avif, b"\0\0\0\x18ftypavif\0\0\0\0mif1miaf\0\0\0\x0cmeta\0\0\0\0".to_vec()),
        (Kind::Mp4, mp4(b"isom")),
        (Kind::Mov, mp4(b"qt  ")),
        (Kind::ThreeGp, mp4(b"3gp5")),
        (Kind::Avi, b"RIFF\x04\0\0\0AVI ".to_vec()),
        (Kind::Matroska, b"\x1a\x45\xdf\xa3\x8b\x42\x82\x88matroska\x18\x53\x80\x67\x83abc".to_vec()),
        (Kind::WebM, b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm\x18\x53\x80\x67\x83abc".to_vec()),
        (Kind::Pdf, b"%PDF-1.7\n1 0 obj\n%%EOF\n".to_vec()),
        (Kind::Docx, b"PK\x03\x04[Content_Types].xml word/document.xml PK\x05\x06".to_vec()),
        (Kind::Xlsx, b"PK\x03\x04[Content_Types].xml xl/workbook.xml PK\x05\x06".to_vec()),
        (Kind::Pptx, b"PK\x03\x04[Content_Types].xml ppt/presentation.xml PK\x05\x06".to_vec()),
        (Kind::Office97, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0".to_vec()),
        (Kind::Rtf, b"{\\rtf1 }".to_vec()),
        (Kind::Ofd, b"PK\x03\x04OFD.xml PK\x05\x06".to_vec()),
        (Kind::Rar, b"Rar!\x1a\x07\x01\0".to_vec()),
        (Kind::SevenZip, b"7z\xbc\xaf\x27\x1c\0\x04".to_vec()),
        (Kind::Mp3, b"ID3\x04\0\0\0\0\0\0".to_vec()),
        (Kind::Mp3, b"\xff\xfb\x90\x44\0\0".to_vec()),
        (Kind::M4a, mp4(b"M4A ")),
        (Kind::Amr, b"#!AMR\n\x3c".to_vec()),
        (Kind::Wav, b"RIFF\x04\0\0\0WAVE".to_vec()),
        (Kind::Zip, b"PK\x03\x04photos/1.jpg PK\x05\x06".to_vec()),
        (Kind::Text, "活动记录：6月13日".as_bytes().to_vec()),
        (Kind::Text, b"\xbb\xee\xb6\xaf\xbc\xc7\xc2\xbc\r\n".to_vec()),
        (Kind::Unknown, b"\x00\x01\x02\x03\x04".to_vec()),
    ]
}

#[test]
fn the_kind_is_told_by_content_whatever_the_name() {
    for (kind, bytes) in whole_files() {
        for name in ["a.jpg", "一份 “文件”\n😀.HEIC", "noextension", ".hidden", ""] {
            let found = of(&bytes, name);
            assert_eq!((found.kind, found.condition), (kind, Condition::Whole), "{kind:?} {name}");
        }
    }
}

#[test]
fn a_name_may_agree_or_contradict() {
    let jpeg = jpeg(&photo(20, 20, 1), 20, 20, 80, false);
    for (name, extension) in [
        ("IMG_1.JPG", Extension::Agrees),
        ("IMG_1.heic", Extension::Contradicts),
        ("IMG_1.pdf", Extension::Contradicts),
        ("IMG_1.v2", Extension::Silent),
        ("IMG_1", Extension::Silent),
        (".jpg", Extension::Silent),
    ] {
        assert_eq!(of(&jpeg, name).extension, extension, "{name}");
    }
    assert_eq!(of(&mp4(b"isom"), "a.mov").extension, Extension::Agrees, "the same family");
    assert_eq!(of(b"\x00\x01\x02", "a.png").extension, Extension::Contradicts);
    assert_eq!(sniff(&mut Cursor::new(&jpeg), None).unwrap().extension, Extension::Silent);
}

#[test]
fn empty_and_cut_off_files_are_named() {
    assert_eq!(of(b"", "a.jpg").condition, Condition::Empty);
    for (kind, bytes) in whole_files() {
        if matches!(kind, Kind::Text | Kind::Unknown | Kind::Avi | Kind::Matroska | Kind::WebM) || bytes.len() < 40 {
            continue;
        }
        let found = of(&bytes[..bytes.len() - 3], "a");
        assert_eq!((found.kind, found.condition), (kind, Condition::CutOff), "{kind:?}");
    }
    let webm = b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm\x18\x53\x80\x67\x88abc";
    assert_eq!(of(webm, "a.webm").condition, Condition::CutOff);
    assert_eq!(of(b"RIFF\x40\0\0\0AVI LIST", "a.avi").condition, Condition::CutOff);
}

#[test]
fn what_a_phone_puts_behind_the_picture_is_no_damage() {
    let mut bytes = jpeg(&photo(20, 20, 1), 20, 20, 80, false);
    bytes.extend(mp4(b"mp42"));
    assert_eq!((of(&bytes, "a.jpg").kind, of(&bytes, "a.jpg").condition), (Kind::Jpeg, Condition::Whole));
}

#[test]
fn words_and_types_are_there_for_every_kind() {
    for (kind, _) in whole_files() {
        assert!(!kind.code().is_empty() && kind.media_type().contains('/') && !kind.to_string().is_empty());
        assert_eq!(kind.extension().is_empty(), kind == Kind::Unknown);
        assert!(!(kind.is_picture() && kind.is_video()));
    }
}
