//! Files as pages show them: to everybody the thumbnail and the clean copy, to the reviewer what the file says about
//! itself and the questions that follow.

use jiff::civil::Date;
use sea_orm::ConnectionTrait;

use super::intake::{FILE_LIMIT, FILES_LIMIT, MAX_FILE, SENDING_LIMIT};
use super::model::{self, Asked};
use super::store::{self, Content};
use crate::App;
use crate::platform::blobs::FileRow;
use crate::platform::error::Result;
use crate::platform::ids::JurisdictionId;

/// How much of a file somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Clean copies of pictures; the originals of documents, but not of photos and videos.
    Copies,
    /// Everything, the sealed originals too.
    Originals,
}

/// A file on a page.
#[derive(Clone, Debug, Default)]
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
    /// Width and height of its thumbnail.
    pub thumbnail: Option<(i64, i64)>,
    /// Why it is not shown, or in what the copy differs.
    pub note: String,
    /// The original may be fetched.
    pub original: bool,
    /// Label and words of what it says about itself; for the reviewer only.
    pub said: Vec<(&'static str, String)>,
    /// What of that does not fit together.
    pub problems: Vec<String>,
    /// Questions for the reviewer.
    pub questions: Vec<Question>,
}

/// A question for the person who reviews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The question.
    pub words: String,
    /// Where it can be looked at; empty when nowhere.
    pub link: String,
}

impl Shown {
    /// Files in their order, for somebody who sees so much of them.
    pub async fn read(
        db: &impl ConnectionTrait,
        town: &JurisdictionId,
        files: Vec<FileRow>,
        sight: Sight,
    ) -> Result<Vec<Self>> {
        let known = store::find_all(db, town, &hashes(&files)).await?;
        Ok(files.into_iter().map(|file| Self::of(&file, known.get(&file.sha256), sight)).collect())
    }

    fn of(file: &FileRow, content: Option<&Content>, sight: Sight) -> Self {
        let is_picture = file.media_type.starts_with("image/");
        let is_video = file.media_type.starts_with("video/");
        Self {
            id: file.file_id.clone(),
            name: file.name.clone(),
            size: file.size_in_words(),
            is_picture,
            is_video,
            thumbnail: content
                .and_then(|content| content.thumbnail.as_ref())
                .map(|(_, width, height)| (*width, *height)),
            note: match content {
                Some(content) => content.notes.join("；"),
                None if is_picture => "正在处理，稍后就能看到".to_owned(),
                None => String::new(),
            },
            original: sight == Sight::Originals || !(is_picture || is_video),
            ..Self::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    /// Examples: a photo with questions, a video, a picture that cannot be shown, a document.
    pub fn samples() -> Vec<Self> {
        let one = |id: &str, name: &str, size: &str| Self {
            id: id.to_owned(),
            name: name.to_owned(),
            size: size.to_owned(),
            is_picture: name.ends_with(".jpg") || name.ends_with(".heic"),
            is_video: name.ends_with(".mp4"),
            original: true,
            ..Self::default()
        };
        vec![
            Self {
                thumbnail: Some((480, 360)),
                said: vec![("拍摄时间", "2021年6月9日 09:30".to_owned()), ("设备", "HUAWEI P40".to_owned())],
                problems: vec!["设备时间与卫星时间不一致".to_owned()],
                questions: vec![Question {
                    words: "与西沟村2021年6月10日“防汛演练”的照片几乎相同。是同一次活动吗？".to_owned(),
                    link: "/files/f1/beside/f9".to_owned(),
                }],
                ..one("f1", "现场 “一”.jpg", "2.4 MB")
            },
            one("f2", "疏散演练全过程.mp4", "86.0 MB"),
            Self {
                note: "HEIC 图片，原件已保存，但网页上不能显示".to_owned(), ..one("f3", "照片二.heic", "1.8 MB")
            },
            one("f4", "签到表.pdf", "320 KB"),
        ]
    }
}

fn hashes(files: &[FileRow]) -> Vec<String> {
    files.iter().map(|file| file.sha256.clone()).collect()
}

/// An earlier file with the same or nearly the same picture.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// The earlier file.
    pub file: FileRow,
    /// Its very bytes are the same.
    pub is_same: bool,
}

/// What a page asks about its files.
#[derive(Clone, Debug)]
pub struct Asking<'a> {
    /// The files, all of one thing.
    pub files: Vec<FileRow>,
    /// The days it is handed in for.
    pub days: Option<(Date, Date)>,
    /// Ids of that thing: earlier files of it are no surprise.
    pub owners: &'a [String],
}

/// The files for the person who reviews: everything shown, with questions, and the earlier files that look the same,
/// the most alike first.
pub async fn for_review(app: &App, town: &JurisdictionId, asking: Asking<'_>) -> Result<Vec<(Shown, Vec<Earlier>)>> {
    let db = app.db.reader();
    let known = store::find_all(db, town, &hashes(&asking.files)).await?;
    let looks: Vec<_> =
        asking.files.iter().map(|file| known.get(&file.sha256).and_then(|content| content.fingerprint)).collect();
    let (near, middle) = app.pictures.near(db, town, &looks).await?;

    let mut wanted: Vec<String> = near.iter().flatten().map(|(sha256, _)| sha256.clone()).collect();
    wanted.extend(hashes(&asking.files));
    wanted.sort();
    wanted.dedup();
    let seen = store::files_with(db, town, &wanted).await?;

    let mut reviewed = Vec::new();
    for (file, near) in asking.files.iter().zip(near) {
        let content = known.get(&file.sha256);
        let mut shown = Shown::of(file, content, Sight::Originals);
        if let Some(content) = content {
            shown.said = content.facts.labelled();
            shown.problems.clone_from(&content.facts.problems);
            let asked = Asked {
                name: &file.name,
                kind: content.kind,
                condition: content.condition,
                facts: &content.facts,
                days: asking.days,
                middle,
            };
            let plain = |words| Question { words, link: String::new() };
            shown.questions = model::questions(asked).into_iter().map(plain).collect();
        }
        let is_before = |one: &&FileRow| {
            (one.created_at, &one.file_id) < (file.created_at, &file.file_id) && !asking.owners.contains(&one.owner_id)
        };
        let is_evidence = shown.is_picture || shown.is_video;
        let same = seen.iter().filter(|one| is_evidence && one.sha256 == file.sha256).filter(is_before);
        let mut earlier: Vec<Earlier> = same.map(|one| Earlier { file: one.clone(), is_same: true }).collect();
        for (sha256, _) in near.iter().filter(|(sha256, _)| *sha256 != file.sha256) {
            let alike = seen.iter().filter(|one| one.sha256 == *sha256).filter(is_before);
            earlier.extend(alike.map(|one| Earlier { file: one.clone(), is_same: false }));
        }
        reviewed.push((shown, earlier));
    }
    Ok(reviewed)
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
            upload_words: format!(
                "选好就开始上传，网络断了会接着传。每个文件不超过 {} GB，最多{FILES_LIMIT}个。照片、视频、文档都可以。",
                MAX_FILE / (1 << 30)
            ),
            plain_words: format!(
                "每个文件不超过 {} MB，一次合计不超过 {} MB，最多{FILES_LIMIT}个。照片、视频、文档都可以。",
                FILE_LIMIT / 1_048_576,
                SENDING_LIMIT / 1_048_576
            ),
        }
    }
}

impl Default for Picker {
    fn default() -> Self {
        Self::new()
    }
}
