//! What a file is, told by its first bytes; its name only decides between formats that share a container.

/// The media type; `None` for programs, which are not taken.
pub fn media_type(head: &[u8], name: &str) -> Option<&'static str> {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    let extension = extension.as_str();
    let is_program = head.starts_with(b"MZ")
        || head.starts_with(b"\x7fELF")
        || (head.starts_with(b"#!") && !head.starts_with(b"#!AMR"))
        || head.starts_with(b"dex\n")
        || matches!(extension, "exe" | "bat" | "cmd" | "com" | "scr" | "ps1" | "vbs" | "msi" | "apk" | "lnk");
    if is_program {
        return None;
    }
    const MAGIC: &[(&[u8], &str)] = &[
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF8", "image/gif"),
        (b"BM", "image/bmp"),
        (b"%PDF-", "application/pdf"),
        (b"ID3", "audio/mpeg"),
        (b"#!AMR", "audio/amr"),
        (b"{\\rtf", "application/rtf"),
        (b"Rar!\x1a\x07", "application/vnd.rar"),
        (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
        (b"\x1aE\xdf\xa3", "video/webm"),
    ];
    if let Some((_, media_type)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(media_type);
    }
    if head.starts_with(b"PK\x03\x04") {
        return Some(match extension {
            "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "ofd" => "application/ofd",
            _ => "application/zip",
        });
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0") {
        return Some(match extension {
            "xls" | "et" => "application/vnd.ms-excel",
            "ppt" | "dps" => "application/vnd.ms-powerpoint",
            _ => "application/msword",
        });
    }
    if head.starts_with(b"RIFF") {
        return Some(match head.get(8..12) {
            Some(b"WEBP") => "image/webp",
            Some(b"WAVE") => "audio/wav",
            Some(b"AVI ") => "video/x-msvideo",
            _ => "application/octet-stream",
        });
    }
    if head.get(4..8) == Some(b"ftyp") {
        return Some(match head.get(8..12) {
            Some(b"heic" | b"heix" | b"mif1" | b"msf1") => "image/heic",
            Some(b"qt  ") => "video/quicktime",
            Some(b"M4A ") => "audio/mp4",
            _ => "video/mp4",
        });
    }
    if !head.contains(&0) { Some("text/plain") } else { Some("application/octet-stream") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_with_whatever_it_is_called() {
        let cases: &[(&[u8], &str, Option<&str>)] = &[
            (b"\xff\xd8\xff\xe0", "方案.docx", Some("image/jpeg")),
            (
                b"PK\x03\x04",
                "方案.DOCX",
                Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            ),
            (b"PK\x03\x04", "打包", Some("application/zip")),
            (b"\0\0\0\x18ftypmp42", "现场.mov", Some("video/mp4")),
            (b"<html><script>", "照片.jpg", Some("text/plain")),
            (b"\0\x01\x02", "x.jpg", Some("application/octet-stream")),
            (b"MZ\x90", "照片.jpg", None),
            (b"#!/bin/sh", "a.txt", None),
            (b"x", "a.BAT", None),
            (b"#!AMR\n", "录音.amr", Some("audio/amr")),
        ];
        for (head, name, expected) in cases {
            assert_eq!(media_type(head, name), *expected, "{name}");
        }
    }
}
