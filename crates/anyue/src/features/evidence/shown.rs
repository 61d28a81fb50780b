//! Files as pages show them.

use super::intake::{FILE_LIMIT, FILES_LIMIT, MAX_FILE, SENDING_LIMIT};
use crate::platform::blobs::FileRow;

/// A file on a page.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its id.
    pub id: String,
    /// As the sender called it.
    pub name: String,
    /// Its size in words.
    pub size: String,
    /// A picture.
    pub is_picture: bool,
    /// A video.
    pub is_video: bool,
}

impl Shown {
    /// Files in their order.
    pub fn of(files: Vec<FileRow>) -> Vec<Self> {
        files
            .into_iter()
            .map(|file| Self {
                size: file.size_in_words(),
                is_picture: file.media_type.starts_with("image/"),
                is_video: file.media_type.starts_with("video/"),
                id: file.file_id,
                name: file.name,
            })
            .collect()
    }

    #[cfg(any(test, feature = "testing"))]
    /// Examples: a photo, a video, a document.
    pub fn samples() -> Vec<Self> {
        let one = |id: &str, name: &str, size: &str| Self {
            id: id.to_owned(),
            name: name.to_owned(),
            size: size.to_owned(),
            is_picture: name.ends_with(".jpg"),
            is_video: name.ends_with(".mp4"),
        };
        vec![
            one("f1", "现场 “一”.jpg", "2.4 MB"),
            one("f2", "疏散演练全过程.mp4", "86.0 MB"),
            one("f3", "签到表.pdf", "320 KB"),
        ]
    }
}

/// What is said where files are chosen.
#[derive(Clone, Debug)]
pub struct Picker {
    /// Megabytes of a file that is sent on as the network allows.
    pub upload_mb: u64,
    /// Megabytes of a file that comes with the form.
    pub plain_mb: u64,
    /// What is said where files are sent on as the network allows.
    pub upload_words: String,
    /// What is said where they come with the form.
    pub plain_words: String,
}

impl Picker {
    /// With the limits as they are.
    pub fn new() -> Self {
        Self {
            upload_mb: MAX_FILE / 1_048_576,
            plain_mb: FILE_LIMIT / 1_048_576,
            upload_words: upload_limits(),
            plain_words: plain_limits(),
        }
    }
}

impl Default for Picker {
    fn default() -> Self {
        Self::new()
    }
}

fn plain_limits() -> String {
    format!(
        "每个文件不超过 {} MB，一次合计不超过 {} MB，最多{FILES_LIMIT}个。照片、视频、文档都可以。",
        FILE_LIMIT / 1_048_576,
        SENDING_LIMIT / 1_048_576
    )
}

fn upload_limits() -> String {
    format!(
        "选好就开始上传，网络断了会接着传。每个文件不超过 {} GB，最多{FILES_LIMIT}个。照片、视频、文档都可以。",
        MAX_FILE / (1 << 30)
    )
}
