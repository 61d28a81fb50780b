//! Which files are taken at all, and what they are.

use crate::platform::blobs::{self, StoredBlob};
use crate::platform::error::{Error, Result};

/// Largest file that comes with a form.
pub const FILE_LIMIT: u64 = 32 * 1024 * 1024;
/// Most files of one submission or record.
pub const FILES_LIMIT: usize = 30;
/// Largest file that is sent on as the network allows: 4 GiB.
pub const MAX_FILE: u64 = 4 * 1024 * 1024 * 1024;
/// Most bytes of one form, all its files together; the page says so before.
pub const SENDING_LIMIT: usize = 200 * 1024 * 1024;

/// The name and the media type of a file that is taken. Its type is told by its content.
///
/// # Errors
/// A sentence for an empty file and for a program.
pub fn accept(name: &str, blob: &StoredBlob) -> Result<(String, &'static str)> {
    let name = blobs::clean_name(name);
    if blob.size == 0 {
        return Err(Error::refused(format!("“{name}”是空文件，没有收下。请检查后重新选择。")));
    }
    if is_program(&blob.head, &name) {
        return Err(Error::refused(format!("“{name}”是程序文件，不能上传。请上传照片、视频或文档。")));
    }
    Ok((name, blob.kind.media_type()))
}

fn is_program(head: &[u8], name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    head.starts_with(b"MZ")
        || head.starts_with(b"\x7fELF")
        || (head.starts_with(b"#!") && !head.starts_with(b"#!AMR"))
        || head.starts_with(b"dex\n")
        || matches!(
            extension.as_str(),
            "exe" | "bat" | "cmd" | "com" | "scr" | "ps1" | "vbs" | "msi" | "apk" | "lnk" | "jar" | "dll"
        )
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn blob(bytes: &[u8]) -> StoredBlob {
        let kind = ::evidence::sniff(&mut Cursor::new(bytes), None).unwrap().kind;
        StoredBlob { sha256: String::new(), size: bytes.len() as i64, head: bytes.to_vec(), kind }
    }

    #[test]
    fn a_file_is_what_it_holds_whatever_it_is_called() {
        let cases: &[(&[u8], &str, &str)] = &[
            (b"\xff\xd8\xff\xe0", "方案.docx", "image/jpeg"),
            (b"PK\x03\x04", "打包", "application/zip"),
            (b"\0\0\0\x18ftypmp42", "现场.mov", "video/mp4"),
            (b"<html><script>", "照片.jpg", "text/plain; charset=utf-8"),
            (b"\0\x01\x02", "x.jpg", "application/octet-stream"),
            (b"#!AMR\n", "录音.amr", "audio/amr"),
        ];
        for (bytes, name, expected) in cases {
            assert_eq!(accept(name, &blob(bytes)).unwrap(), ((*name).to_owned(), *expected));
        }
    }

    #[test]
    fn empty_files_and_programs_are_refused_by_name() {
        for (bytes, name) in
            [(b"".as_slice(), "空.jpg"), (b"MZ\x90", "照片.jpg"), (b"#!/bin/sh", "a.txt"), (b"x", "a.BAT")]
        {
            let refused = accept(name, &blob(bytes)).unwrap_err();
            assert!(matches!(refused, Error::Refused(words) if words.contains(name)), "{name}");
        }
    }

    proptest! {
        #[test]
        fn every_file_is_answered(bytes in prop::collection::vec(any::<u8>(), 0..64), name in "\\PC{0,30}") {
            if let Ok((name, media_type)) = accept(&name, &blob(&bytes)) {
                prop_assert!(!name.is_empty() && !name.contains('/') && media_type.contains('/'));
                prop_assert!(!media_type.contains("html") && !media_type.contains("svg"), "nothing a browser would run");
            }
        }
    }
}
