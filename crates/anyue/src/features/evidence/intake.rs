//! Which files are taken at all, and what they are.

use super::media;
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
    match media::media_type(&blob.head, &name) {
        Some(media_type) => Ok((name, media_type)),
        None => Err(Error::refused(format!("“{name}”是程序文件，不能上传。请上传照片、视频或文档。"))),
    }
}
