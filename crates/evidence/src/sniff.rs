//! What a file is, by its contents. The name only serves to say that it contradicts them.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};

use crate::boxes;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Kind {
    Jpeg,
    Png,
    WebP,
    Gif,
    Bmp,
    Tiff,
    /// A picture of an iPhone and others: HEIF with HEVC inside.
    Heic,
    /// HEIF with anything else inside.
    Heif,
    Avif,
    Mp4,
    Mov,
    ThreeGp,
    Avi,
    Matroska,
    WebM,
    Pdf,
    Docx,
    Xlsx,
    Pptx,
    /// Word, Excel and PowerPoint of before 2007, and what WPS writes in the same container.
    Office97,
    Rtf,
    /// The format of documents that offices exchange in China (GB/T 33190).
    Ofd,
    Zip,
    Rar,
    SevenZip,
    Mp3,
    M4a,
    Amr,
    Wav,
    /// Text without any format: UTF-8, UTF-16 with its mark, or GB18030.
    Text,
    Unknown,
}

/// What the name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extension {
    /// There is none, or none we know.
    Silent,
    /// It is one for this kind.
    Agrees,
    /// It is one for another kind.
    Contradicts,
}

/// The state of a file, as far as its frame tells. A whole frame may still hold damaged pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Nothing says that it is not whole.
    Whole,
    /// No bytes at all.
    Empty,
    /// It ends too early.
    CutOff,
}

/// What [`sniff`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sniffed {
    /// What it is.
    pub kind: Kind,
    /// The number of bytes.
    pub size: u64,
    /// Whether all of it is there.
    pub condition: Condition,
    /// Whether the name agrees.
    pub extension: Extension,
}

/// Tells what a file is. Of a large file only the parts that are needed are read; a JPEG is read through.
pub fn sniff(source: &mut (impl Read + Seek), name: Option<&str>) -> io::Result<Sniffed> {
    let size = source.seek(SeekFrom::End(0))?;
    let head = part(source, 0, 4096)?;
    let kind = kind_of_head(&head);
    let kind = if kind == Kind::Zip { kind_of_zip(source, size, &head)? } else { kind };
    let condition = match size {
        0 => Condition::Empty,
        _ if cut_off(source, kind, size, &head)? => Condition::CutOff,
        _ => Condition::Whole,
    };
    Ok(Sniffed { kind, size, condition, extension: extension(name, kind, size) })
}

impl Kind {
    /// A stable word for tables, logs and tests.
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// The media type to send it with. Text and unknown files are never sent as anything a browser would run.
    pub fn media_type(self) -> &'static str {
        self.row().1
    }

    /// The extension to offer it under, without the dot. Empty for unknown files.
    pub fn extension(self) -> &'static str {
        self.row().2.first().copied().unwrap_or("")
    }

    /// The kind of a [code](Self::code).
    pub fn parse(code: &str) -> Option<Self> {
        ALL.into_iter().chain([Self::Unknown]).find(|kind| kind.code() == code)
    }

    /// What a name says about it.
    pub fn named(self, name: &str) -> Extension {
        extension(Some(name), self, u64::MAX)
    }

    /// Whether it is a picture, whether or not it can be shown.
    pub fn is_picture(self) -> bool {
        use Kind::*;
        matches!(self, Jpeg | Png | WebP | Gif | Bmp | Tiff | Heic | Heif | Avif)
    }

    /// Whether it is a video.
    pub fn is_video(self) -> bool {
        use Kind::*;
        matches!(self, Mp4 | Mov | ThreeGp | Avi | Matroska | WebM)
    }

    /// Code, media type, usual extensions, the Chinese name.
    fn row(self) -> (&'static str, &'static str, &'static [&'static str], &'static str) {
        use Kind::*;
        match self {
            Jpeg => ("jpeg", "image/jpeg", &["jpg", "jpeg", "jpe", "jfif"], "JPEG 图片"),
            Png => ("png", "image/png", &["png"], "PNG 图片"),
            WebP => ("webp", "image/webp", &["webp"], "WebP 图片"),
            Gif => ("gif", "image/gif", &["gif"], "GIF 图片"),
            Bmp => ("bmp", "image/bmp", &["bmp", "dib"], "BMP 图片"),
            Tiff => ("tiff", "image/tiff", &["tif", "tiff"], "TIFF 图片"),
            Heic => ("heic", "image/heic", &["heic", "heif", "hif"], "HEIC 图片"),
            Heif => ("heif", "image/heif", &["heif", "heic", "hif"], "HEIF 图片"),
            Avif => ("avif", "image/avif", &["avif"], "AVIF 图片"),
            Mp4 => ("mp4", "video/mp4", &["mp4", "m4v", "mov", "3gp"], "MP4 视频"),
            Mov => ("mov", "video/quicktime", &["mov", "qt", "mp4"], "MOV 视频"),
            ThreeGp => ("3gp", "video/3gpp", &["3gp", "3g2", "mp4"], "3GP 视频"),
            Avi => ("avi", "video/x-msvideo", &["avi"], "AVI 视频"),
            Matroska => ("mkv", "video/x-matroska", &["mkv"], "MKV 视频"),
            WebM => ("webm", "video/webm", &["webm", "mkv"], "WebM 视频"),
            Pdf => ("pdf", "application/pdf", &["pdf"], "PDF 文档"),
            Docx => (
                "docx",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                &["docx", "docm", "dotx"],
                "Word 文档",
            ),
            Xlsx => (
                "xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                &["xlsx", "xlsm", "xltx"],
                "Excel 表格",
            ),
            Pptx => (
                "pptx",
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
                &["pptx", "pptm", "ppsx"],
                "演示文稿",
            ),
            Office97 => (
                "office97",
                "application/x-ole-storage",
                &["doc", "xls", "ppt", "wps", "et", "dps", "dot", "msg"],
                "旧版 Office 文档",
            ),
            Rtf => ("rtf", "application/rtf", &["rtf", "doc"], "RTF 文档"),
            Ofd => ("ofd", "application/ofd", &["ofd"], "OFD 文档"),
            Zip => ("zip", "application/zip", &["zip", "docx", "xlsx", "pptx", "ofd", "odt", "ods"], "压缩包"),
            Rar => ("rar", "application/vnd.rar", &["rar"], "RAR 压缩包"),
            SevenZip => ("7z", "application/x-7z-compressed", &["7z"], "7z 压缩包"),
            Mp3 => ("mp3", "audio/mpeg", &["mp3"], "MP3 录音"),
            M4a => ("m4a", "audio/mp4", &["m4a", "m4b", "mp4", "aac"], "M4A 录音"),
            Amr => ("amr", "audio/amr", &["amr"], "AMR 录音"),
            Wav => ("wav", "audio/wav", &["wav"], "WAV 录音"),
            Text => ("text", "text/plain; charset=utf-8", &["txt", "csv", "md", "log", "json", "xml"], "文本"),
            Unknown => ("unknown", "application/octet-stream", &[], "未能识别的文件"),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().3)
    }
}

const ALL: [Kind; 30] = {
    use Kind::*;
    [
        Jpeg, Png, WebP, Gif, Bmp, Tiff, Heic, Heif, Avif, Mp4, Mov, ThreeGp, Avi, Matroska, WebM, Pdf, Docx, Xlsx,
        Pptx, Office97, Rtf, Ofd, Zip, Rar, SevenZip, Mp3, M4a, Amr, Wav, Text,
    ]
};

fn extension(name: Option<&str>, kind: Kind, size: u64) -> Extension {
    let Some((stem, extension)) = name.and_then(|name| name.rsplit_once('.')) else { return Extension::Silent };
    let extension = extension.trim().to_ascii_lowercase();
    let known = |kind: Kind| kind.row().2.contains(&extension.as_str());
    if stem.is_empty() || size == 0 || !ALL.into_iter().any(known) {
        Extension::Silent
    } else if known(kind) {
        Extension::Agrees
    } else {
        Extension::Contradicts
    }
}

fn part(source: &mut (impl Read + Seek), from: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.seek(SeekFrom::Start(from))?;
    source.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The kind that the first bytes tell; packages are only [`Kind::Zip`] here.
pub(crate) fn kind_of_head(head: &[u8]) -> Kind {
    let at = |offset: usize, bytes: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(bytes));
    if at(0, &[0xff, 0xd8, 0xff]) {
        Kind::Jpeg
    } else if at(0, b"\x89PNG\r\n\x1a\n") {
        Kind::Png
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Kind::WebP
    } else if at(0, b"RIFF") && at(8, b"AVI ") {
        Kind::Avi
    } else if at(0, b"RIFF") && at(8, b"WAVE") {
        Kind::Wav
    } else if at(0, &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        Kind::Office97
    } else if at(0, b"{\\rtf") {
        Kind::Rtf
    } else if at(0, b"Rar!\x1a\x07") {
        Kind::Rar
    } else if at(0, b"7z\xbc\xaf\x27\x1c") {
        Kind::SevenZip
    } else if at(0, b"ID3") || (at(0, &[0xff]) && is_mp3(head)) {
        Kind::Mp3
    } else if at(0, b"#!AMR") {
        Kind::Amr
    } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
        Kind::Gif
    } else if at(0, b"II\x2a\0") || at(0, b"MM\0\x2a") {
        Kind::Tiff
    } else if at(0, b"%PDF-") || head.iter().take(1024).position(|b| *b == b'%').is_some_and(|p| at(p, b"%PDF-1.")) {
        Kind::Pdf
    } else if at(0, b"PK\x03\x04") || at(0, b"PK\x05\x06") {
        Kind::Zip
    } else if at(0, &[0x1a, 0x45, 0xdf, 0xa3]) {
        let webm = head.windows(4).take(128).any(|w| w == b"webm");
        if webm { Kind::WebM } else { Kind::Matroska }
    } else if at(4, b"ftyp") {
        kind_of_brands(head)
    } else if [b"moov", b"mdat", b"wide", b"pnot"].iter().any(|name| at(4, *name)) {
        Kind::Mov // QuickTime of before it said so
    } else if at(0, b"BM") && is_bmp(head) {
        Kind::Bmp
    } else if is_text(head) {
        Kind::Text
    } else {
        Kind::Unknown
    }
}

/// The first brand says what the file is; `mif1` and `msf1` leave it to the others.
fn kind_of_brands(head: &[u8]) -> Kind {
    let contents = boxes::of_bytes(head).next().map_or(head.get(8..).unwrap_or_default(), |(_, contents)| contents);
    let major: &[u8] = contents.get(..4).unwrap_or_default();
    let others = contents.get(8..).unwrap_or_default().as_chunks::<4>().0.iter().map(|brand| brand.as_slice());
    let of = |brand: &[u8]| match brand {
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => Some(Kind::Heic),
        b"avif" | b"avis" => Some(Kind::Avif),
        b"qt  " => Some(Kind::Mov),
        b"isom" | b"iso2" | b"iso3" | b"iso4" | b"iso5" | b"iso6" | b"iso8" | b"mp41" | b"mp42" | b"avc1" | b"M4V "
        | b"M4VH" | b"M4VP" | b"MSNV" | b"dash" | b"hvc1" | b"f4v " | b"mp71" | b"NDSC" => Some(Kind::Mp4),
        brand if brand.starts_with(b"3g") => Some(Kind::ThreeGp),
        _ => None,
    };
    match major {
        b"mif1" | b"msf1" | b"miaf" => others.filter_map(of).find(|k| k.is_picture()).unwrap_or(Kind::Heif),
        b"M4A " | b"M4B " => Kind::M4a,
        b"crx " | b"jp2 " | b"jpx " => Kind::Unknown,
        major => of(major).or_else(|| others.filter_map(of).next()).unwrap_or(Kind::Unknown),
    }
}

/// A frame of MPEG layer III whose rates are ones that exist.
fn is_mp3(head: &[u8]) -> bool {
    matches!(head, [0xff, second, third, ..]
        if matches!(second, 0xfa | 0xfb | 0xf2 | 0xf3) && !matches!(third >> 4, 0 | 15) && third >> 2 & 3 != 3)
}

fn is_bmp(head: &[u8]) -> bool {
    let number = |at: usize| head.get(at..).and_then(|rest| rest.first_chunk()).map(|n| u32::from_le_bytes(*n));
    matches!(number(14), Some(12 | 16 | 40 | 52 | 56 | 64 | 108 | 124)) && number(10).is_some_and(|offset| offset >= 18)
}

/// Text of an encoding in use: no control characters, and every character whole except perhaps the last.
fn is_text(head: &[u8]) -> bool {
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return head.len().is_multiple_of(2) && head.len() > 2;
    }
    if head.is_empty() || head.iter().any(|b| matches!(b, 0..=8 | 11 | 14..=26 | 28..=31 | 127)) {
        return false;
    }
    match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) if error.error_len().is_none() && head.len() == 4096 => true,
        Err(_) => is_gb18030(head),
    }
}

fn is_gb18030(mut rest: &[u8]) -> bool {
    loop {
        rest = match rest {
            [] | [0x81..=0xfe] => return true,
            [0..=0x7f, rest @ ..] => rest,
            [0x81..=0xfe, 0x40..=0x7e | 0x80..=0xfe, rest @ ..] => rest,
            [0x81..=0xfe, b'0'..=b'9', 0x81..=0xfe, b'0'..=b'9', rest @ ..] => rest,
            [0x81..=0xfe, b'0'..=b'9', rest @ ..] => return rest.len() < 2,
            _ => return false,
        }
    }
}

/// Office packages name their main part near the beginning or in the list at the end.
fn kind_of_zip(source: &mut (impl Read + Seek), size: u64, head: &[u8]) -> io::Result<Kind> {
    let tail = part(source, size.saturating_sub(64 << 10), 64 << 10)?;
    let has = |name: &str| {
        let name = name.as_bytes();
        [head, &tail].iter().any(|bytes| bytes.windows(name.len()).any(|window| window == name))
    };
    Ok(if has("OFD.xml") {
        Kind::Ofd
    } else if !has("[Content_Types].xml") {
        Kind::Zip
    } else if has("word/document.xml") {
        Kind::Docx
    } else if has("xl/workbook.xml") {
        Kind::Xlsx
    } else if has("ppt/presentation.xml") {
        Kind::Pptx
    } else {
        Kind::Zip
    })
}

fn cut_off(source: &mut (impl Read + Seek), kind: Kind, size: u64, head: &[u8]) -> io::Result<bool> {
    let le = |at: usize| head.get(at..).and_then(|rest| rest.first_chunk()).map(|n| u64::from(u32::from_le_bytes(*n)));
    Ok(match kind {
        Kind::Jpeg => !jpeg_ends(source)?,
        Kind::Png => !png_ends(source, size)?,
        // The size of a stream that was never finished is zero or all ones.
        Kind::WebP | Kind::Avi | Kind::Wav => {
            le(4).is_none_or(|length| length + 8 > size && !(kind != Kind::WebP && length == u64::from(u32::MAX)))
        }
        Kind::Gif => {
            let tail = part(source, size.saturating_sub(1024), 1024)?;
            tail.iter().rev().find(|b| **b != 0) != Some(&0x3b)
        }
        Kind::Bmp => le(2).is_none_or(|length| length > size),
        Kind::Tiff => tiff_ends_beyond(source, size)?,
        Kind::Heic | Kind::Heif | Kind::Avif | Kind::Mp4 | Kind::Mov | Kind::ThreeGp | Kind::M4a => {
            let boxes = boxes::of_file(source, size)?;
            let needed = if kind.is_picture() { *b"meta" } else { *b"moov" };
            boxes.last().is_none_or(|last| last.end > size) || boxes.iter().all(|b| b.name != needed)
        }
        Kind::Matroska | Kind::WebM => matroska_ends_beyond(head, size),
        Kind::Pdf => {
            let tail = part(source, size.saturating_sub(2048), 2048)?;
            !tail.windows(5).any(|w| w == b"%%EOF")
        }
        Kind::Zip | Kind::Docx | Kind::Xlsx | Kind::Pptx | Kind::Ofd => {
            let tail = part(source, size.saturating_sub(66_000), 66_000)?;
            !tail.windows(4).any(|w| w == b"PK\x05\x06")
        }
        Kind::Office97
        | Kind::Rtf
        | Kind::Rar
        | Kind::SevenZip
        | Kind::Mp3
        | Kind::Amr
        | Kind::Text
        | Kind::Unknown => false,
    })
}

/// Whether the end of the first picture is there. What phones put after it (a second picture, a short film) is not looked
/// at.
fn jpeg_ends(source: &mut (impl Read + Seek)) -> io::Result<bool> {
    // Segments first: a thumbnail in one of them has an end of its own.
    let mut at = 2;
    loop {
        let head = part(source, at, 4)?;
        let Some([0xff, marker, high, low]) = head.first_chunk() else { return Ok(false) };
        match marker {
            0xda => break,
            0xd9 => return Ok(true),
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            _ => at += 2 + u64::from(u16::from_be_bytes([*high, *low])).max(2),
        }
    }
    source.seek(SeekFrom::Start(at))?;
    let mut buffer = vec![0; 64 << 10];
    let mut last = 0;
    loop {
        let count = source.read(&mut buffer)?;
        if count == 0 {
            return Ok(false);
        }
        let bytes = &buffer[..count];
        if (last == 0xff && bytes[0] == 0xd9) || bytes.windows(2).any(|pair| pair == [0xff, 0xd9]) {
            return Ok(true);
        }
        last = bytes[count - 1];
    }
}

fn png_ends(source: &mut (impl Read + Seek), size: u64) -> io::Result<bool> {
    let mut at = 8;
    // A picture has thousands of chunks at most; what has more is not worth walking through.
    for _ in 0..100_000 {
        let head = part(source, at, 8)?;
        let Some((length, name)) = head.split_first_chunk::<4>() else { return Ok(false) };
        let next = at + 12 + u64::from(u32::from_be_bytes(*length));
        if next > size {
            return Ok(false);
        }
        if name == b"IEND" {
            return Ok(true);
        }
        at = next;
    }
    Ok(true)
}

/// Whether the first directory, a value it points at, or a strip of pixels lies past the end.
fn tiff_ends_beyond(source: &mut (impl Read + Seek), size: u64) -> io::Result<bool> {
    let head = part(source, 0, 8)?;
    let little = head.starts_with(b"II");
    let number = |bytes: &[u8]| {
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        if little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) }
    };
    let Some(directory) = head.get(4..8).map(number) else { return Ok(true) };
    let count = part(source, directory, 2)?;
    if count.len() < 2 {
        return Ok(true);
    }
    let length = number(&count) * 12 + 4; // and where the next directory is
    let entries = part(source, directory + 2, length)?;
    if (entries.len() as u64) < length {
        return Ok(true);
    }
    let (mut starts, mut lengths) = (Vec::new(), Vec::new());
    for entry in entries.chunks_exact(12) {
        let width = match number(&entry[2..4]) {
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => 1,
        };
        let length = width * number(&entry[4..8]);
        let at = number(&entry[8..12]);
        if length > 4 && at + length > size {
            return Ok(true);
        }
        let list = match number(&entry[..2]) {
            273 | 324 => &mut starts,
            279 | 325 => &mut lengths,
            _ => continue,
        };
        let values = if length > 4 { part(source, at, length)? } else { entry[8..8 + length as usize].to_vec() };
        list.extend(values.chunks_exact(width as usize).map(number));
    }
    Ok(starts.iter().zip(&lengths).any(|(start, length)| start + length > size))
}

/// Whether the segment says it goes on past the end.
fn matroska_ends_beyond(head: &[u8], size: u64) -> bool {
    let length = |at: usize| -> Option<(u64, usize)> {
        let first = *head.get(at)?;
        let bytes = first.leading_zeros() as usize + 1;
        let mut value = u64::from(first) & (0xff >> bytes.min(8));
        for byte in head.get(at + 1..at + bytes.min(8))? {
            value = value << 8 | u64::from(*byte);
        }
        Some((value, bytes.min(8)))
    };
    let Some((header, width)) = length(4) else { return true };
    let Some(segment) = usize::try_from(header).ok().and_then(|header| header.checked_add(4 + width)) else {
        return true;
    };
    if head.get(segment..).is_none_or(|rest| !rest.starts_with(&[0x18, 0x53, 0x80, 0x67])) {
        return head.len() < 4096 && segment + 4 > head.len();
    }
    match length(segment + 4) {
        // All ones: the length was not known when the recording began.
        Some((value, width)) if value != (1 << (7 * width)) - 1 => {
            ((segment + 4 + width) as u64).saturating_add(value) > size
        }
        Some(_) => false,
        None => true,
    }
}
