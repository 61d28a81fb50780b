//! From a file that has come to what everybody sees of it, and what the reviewer is asked.

use super::{poster, sketch, store};
use crate::features::records::api::{self as records, AddFile, Facts, New, RecordId};
use crate::features::units::api::{UnitKind, UnitRef};
use crate::platform::auth::Role;
use crate::platform::blobs::{self, Blobs, FileRow};
use crate::platform::db::sql;
use crate::testing::{Client, TestApp};
use jiff::civil::date;

struct Town {
    test: TestApp,
    village: UnitRef,
    mine: UnitRef,
    office: Client,
    liaison: Client,
    miner: Client,
}

impl Town {
    async fn new() -> Self {
        let test = TestApp::new().await;
        let village = test.unit("东沟村", UnitKind::Village).await;
        let mine = test.unit("北山铁矿", UnitKind::Mine).await;
        let office = test.actor(Role::Office).await;
        let liaison = test.liaison_of(&village).await;
        let miner = test.liaison_of(&mine).await;
        Self { test, village, mine, office, liaison, miner }
    }

    async fn record(&self, by: &Client, unit: &UnitRef, title: &str) -> RecordId {
        let facts = Facts { title: title.to_owned(), ..Facts::new("drill", date(2022, 6, 13)) };
        let new = New {
            unit_id: unit.id.clone(),
            facts,
            idempotency_key: self.test.app.ids.id(),
            report: false,
            draft: None,
        };
        records::create(&self.test.app, &by.actor, new).await.unwrap()
    }

    async fn add(&self, by: &Client, record: &RecordId, name: &str, bytes: Vec<u8>) -> FileRow {
        let blob = self.test.app.blobs.put(&self.test.town, bytes).await.unwrap();
        let cmd = AddFile { record: record.to_string(), name: name.to_owned(), blob };
        let id = records::add_file(&self.test.app, &by.actor, cmd).await.unwrap();
        blobs::find_file(self.test.app.db.reader(), &self.test.town, &id).await.unwrap().unwrap()
    }

    async fn content(&self, file: &FileRow) -> store::Content {
        store::find(self.test.app.db.reader(), &self.test.town, &file.sha256).await.unwrap().expect("it was looked at")
    }
}

fn phone(seed: u32, taken: &str) -> Vec<u8> {
    sketch::with_report(&sketch::photo(seed, 640, 480), taken, ("HUAWEI", "P40"), Some((43.512_34, 118.812_34)))
}

#[tokio::test]
async fn a_photo_becomes_a_clean_copy_a_thumbnail_and_a_report() {
    let town = Town::new().await;
    let id = town.record(&town.liaison, &town.village, "防汛演练").await;
    let photo = phone(1, "2022:06:13 09:30:00");
    let file = town.add(&town.liaison, &id, "现场 “一”.jpg", photo.clone()).await;
    town.liaison.get(&format!("/work/records/{id}")).await.assert_contains("正在处理");
    town.liaison.get(&format!("/files/{}/thumb", file.file_id)).await.assert_status(404);
    assert_eq!(town.test.work_off().await, 1);
    assert_eq!(town.test.work_off().await, 0);

    let content = town.content(&file).await;
    assert_eq!(content.facts.device, "HUAWEI P40");
    let clean = town.liaison.get(&format!("/files/{}/clean", file.file_id)).await;
    assert_eq!(clean.assert_ok().headers["content-type"], "image/jpeg");
    let report = ::evidence::report(&mut std::io::Cursor::new(&clean.bytes)).unwrap();
    assert_eq!((report.taken, report.place, report.model), (None, None, None), "nothing goes with the copy");
    let again = [("if-none-match", clean.headers["etag"].to_str().unwrap())];
    town.liaison.send_raw("GET", &format!("/files/{}/clean", file.file_id), &again, "").await.assert_status(304);
    let original = town.liaison.get(&format!("/files/{}", file.file_id)).await;
    assert_eq!(original.bytes, photo, "the original stays as it came");
    town.liaison.get(&format!("/work/records/{id}")).await.assert_contains("/thumb").assert_lacks("HUAWEI");
    town.office.get(&format!("/records/{id}")).await.assert_contains("HUAWEI P40").assert_contains("北纬 43.51");
}

#[tokio::test]
async fn who_only_looks_gets_the_clean_copy_and_neither_original_nor_report() {
    let town = Town::new().await;
    let leader = town.test.actor(Role::Leader).await;
    let id = town.record(&town.liaison, &town.village, "防汛演练").await;
    let photo = town.add(&town.liaison, &id, "现场.jpg", phone(1, "2022:06:13 09:30:00")).await;
    let video = town.add(&town.liaison, &id, "录像.mp4", b"\0\0\0\x18ftypmp42 film".to_vec()).await;
    let plan = town.add(&town.liaison, &id, "方案.pdf", b"%PDF-1.4 plan %%EOF".to_vec()).await;
    town.test.work_off().await;
    let page = leader.get(&format!("/records/{id}")).await;
    page.assert_contains("现场.jpg").assert_contains("/thumb").assert_lacks("HUAWEI").assert_lacks("下载原件");
    leader.get(&format!("/files/{}/clean", photo.file_id)).await.assert_ok();
    leader.get(&format!("/files/{}", photo.file_id)).await.assert_status(403).assert_contains("原件");
    leader.get(&format!("/files/{}", video.file_id)).await.assert_status(403);
    leader.get(&format!("/files/{}/play", video.file_id)).await.assert_status(403);
    leader.get(&format!("/files/{}", plan.file_id)).await.assert_ok();
    town.miner.get(&format!("/files/{}/clean", photo.file_id)).await.assert_status(404);
}

#[tokio::test]
async fn a_video_is_played_part_by_part() {
    let town = Town::new().await;
    let id = town.record(&town.liaison, &town.village, "防汛演练").await;
    let bytes = [b"\0\0\0\x18ftypmp42".to_vec(), (0..200).collect()].concat();
    let video = town.add(&town.liaison, &id, "录像.mp4", bytes.clone()).await;
    let play = format!("/files/{}/play", video.file_id);
    let whole = town.liaison.get(&play).await;
    assert_eq!((whole.assert_ok().headers["accept-ranges"].to_str().unwrap(), &whole.bytes[..]), ("bytes", &bytes[..]));
    let part = town.liaison.send_raw("GET", &play, &[("range", "bytes=10-19")], "").await;
    assert_eq!(part.assert_status(206).bytes[..], bytes[10..20]);
    assert_eq!(part.headers["content-range"], format!("bytes 10-19/{}", bytes.len()).as_str());
    town.liaison.send_raw("GET", &play, &[("range", "bytes=9000-")], "").await.assert_status(416);
}

#[tokio::test]
async fn what_cannot_be_shown_is_kept_and_told_why() {
    let town = Town::new().await;
    let id = town.record(&town.liaison, &town.village, "防汛演练").await;
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x0cmeta\0\0\0\0".to_vec();
    town.add(&town.liaison, &id, "IMG_0001.heic", heic).await;
    // 60,000 × 60,000 pixels in a few bytes.
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bomb.extend([0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60, 8, 2, 0, 0, 0, 0, 0, 0, 0]);
    town.add(&town.liaison, &id, "很大.png", bomb).await;
    let half = sketch::photo(3, 640, 480);
    town.add(&town.liaison, &id, "半张.jpg", half[..half.len() / 2].to_vec()).await;
    town.add(&town.liaison, &id, "照片.png", sketch::photo(4, 320, 240)).await;
    town.test.work_off().await;
    let page = town.office.get(&format!("/records/{id}")).await;
    page.assert_contains("兼容性最佳")
        .assert_contains("文件不完整")
        .assert_contains("显示为灰色")
        .assert_contains("实际是JPEG 图片");
    let unit = town.liaison.get(&format!("/work/records/{id}")).await;
    unit.assert_contains("兼容性最佳").assert_lacks("是否请单位重新上传");
}

#[tokio::test]
async fn the_same_photo_and_nearly_the_same_are_shown_beside_the_earlier_one() {
    let town = Town::new().await;
    let first = town.record(&town.miner, &town.mine, "去年的演练").await;
    let original = phone(5, "2022:06:13 09:30:00");
    let early = town.add(&town.miner, &first, "a.jpg", original.clone()).await;
    town.test.set_clock("2022-06-14T09:00:00+08:00");
    let id = town.record(&town.liaison, &town.village, "防汛演练").await;
    let same = town.add(&town.liaison, &id, "b.jpg", original.clone()).await;
    let smaller = town.content_of_smaller(&original);
    let near = town.add(&town.liaison, &id, "c.jpg", smaller).await;
    town.add(&town.liaison, &id, "d.jpg", sketch::photo(6, 640, 480)).await;
    town.test.work_off().await;

    let page = town.office.get(&format!("/records/{id}")).await;
    page.assert_contains("与北山铁矿2022年6月13日“去年的演练”的照片完全相同").assert_contains("照片几乎相同");
    assert_eq!(page.text().matches("data-compare").count(), 2);
    town.office.get(&format!("/records/{first}")).await.assert_lacks("相同");
    town.liaison.get(&format!("/work/records/{id}")).await.assert_lacks("相同");

    let beside = format!("/files/{}/beside/{}", same.file_id, early.file_id);
    town.office
        .get(&beside)
        .await
        .assert_contains("内容完全相同")
        .assert_contains("北山铁矿")
        .assert_contains("东沟村");
    town.office.get(&format!("/files/{}/beside/{}", near.file_id, early.file_id)).await.assert_contains("几乎相同");
    town.liaison.get(&beside).await.assert_status(403);
    town.test.actor(Role::Leader).await.get(&beside).await.assert_status(403);

    // Two photos of one record are no surprise, and an index read anew from the table says the same.
    let own = town.add(&town.liaison, &id, "e.jpg", original).await;
    assert_eq!(own.sha256, same.sha256);
    let fresh = super::memory::Memory::default();
    let looks = [town.content(&same).await.fingerprint];
    let (found, _) = fresh.near(town.test.app.db.reader(), &town.test.town, &looks).await.unwrap();
    assert_eq!(found[0].len(), 2);
}

impl Town {
    /// The same picture, smaller and saved again.
    fn content_of_smaller(&self, photo: &[u8]) -> Vec<u8> {
        ::evidence::clean(photo).unwrap().thumbnail.bytes
    }
}

#[tokio::test]
async fn a_question_changes_no_state() {
    let town = Town::new().await;
    let first = town.record(&town.miner, &town.mine, "演练").await;
    let photo = phone(7, "2020:01:01 09:30:00");
    town.add(&town.miner, &first, "a.jpg", photo.clone()).await;
    town.test.set_clock("2022-06-14T09:00:00+08:00");
    let id = town.record(&town.liaison, &town.village, "演练").await;
    town.add(&town.liaison, &id, "b.jpg", photo).await;
    town.liaison.post(&format!("/work/records/{id}/report"), &[]).await;
    town.test.work_off().await;
    let page = town.office.get(&format!("/records/{id}")).await;
    page.assert_contains("拍摄时间是2020年1月1日").assert_contains("待审核").assert_contains("通过");
    town.office.post(&format!("/records/{id}/accept"), &[("version", "2")]).await.assert_leads_to("/records");
    let record = records::record(town.test.app.db.reader(), &town.test.town, &id).await.unwrap().unwrap();
    assert_eq!(record.state.code(), "accepted");
}

#[tokio::test]
async fn what_nobody_points_to_is_cleared_away_after_a_safe_age_and_nothing_else() {
    let town = Town::new().await;
    let (app, id) = (&town.test.app, &town.test.town);
    let record = town.record(&town.liaison, &town.village, "演练").await;
    let kept = town.add(&town.liaison, &record, "留.jpg", sketch::photo(8, 320, 240)).await;
    let gone = town.add(&town.liaison, &record, "删.jpg", sketch::photo(9, 320, 240)).await;
    town.test.work_off().await;
    let file = gone.file_id.as_str().into();
    records::remove_file(app, &town.liaison.actor, record.as_str(), &file).await.unwrap();
    let orphan = app.blobs.put(id, b"stored, and then the transaction failed".to_vec()).await.unwrap();
    let contents = async || {
        let count: Option<i64> = sql("SELECT COUNT(*) FROM blobs").scalar(app.db.reader()).await.unwrap();
        count.unwrap()
    };
    assert_eq!(contents().await, 6);
    town.test.set_clock("2022-06-15T09:00:00+08:00");
    town.test.work_off().await;
    assert_eq!(contents().await, 6, "too young");
    town.test.set_clock("2022-06-25T09:00:00+08:00");
    town.test.work_off().await;
    assert_eq!(contents().await, 3);
    let stored = async |sha256: &str| app.blobs.local(id, sha256).await.unwrap().is_some();
    assert!(stored(&gone.sha256).await && stored(&orphan.sha256).await, "stored by this process a moment ago");

    // Another process, to which nothing is recent.
    let operator = opendal::services::Fs::default().root(app.config.data.folder.join("files").to_str().unwrap());
    let later = Blobs::new(opendal::Operator::new(operator).unwrap(), &app.config.data.folder.join("spool")).unwrap();
    assert_eq!(later.sweep(&app.db, id, std::time::Duration::ZERO).await.unwrap(), 4);
    assert!(!stored(&gone.sha256).await && !stored(&orphan.sha256).await && stored(&kept.sha256).await);
    town.liaison.get(&format!("/files/{}/clean", kept.file_id)).await.assert_ok();
}

#[tokio::test]
async fn files_from_before_are_looked_at_in_the_night() {
    let town = Town::new().await;
    let record = town.record(&town.liaison, &town.village, "演练").await;
    let file = town.add(&town.liaison, &record, "a.jpg", sketch::photo(8, 320, 240)).await;
    let tx = town.test.app.db.begin(&town.test.town).await.unwrap();
    sql("DELETE FROM jobs WHERE kind = 'evidence.make'").execute(&*tx).await.unwrap();
    tx.commit_unaudited("test").await.unwrap();
    assert_eq!(town.test.work_off().await, 0);
    town.test.set_clock("2022-06-14T09:00:00+08:00");
    town.test.work_off().await;
    assert!(town.content(&file).await.copy.is_some());
}

#[cfg(unix)]
#[test]
fn a_frame_of_a_video_comes_from_another_program_that_is_not_trusted() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let program = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let picture = folder.path().join("frame.jpg");
    std::fs::write(&picture, sketch::photo(1, 320, 240)).unwrap();
    let good = program("good", &format!("echo \"$@\" > {0}/asked; cat {0}/frame.jpg", folder.path().display()));
    let video = folder.path().join("a b.mp4");
    assert_eq!(poster::frame(&good, &video).unwrap(), std::fs::read(&picture).unwrap());
    let asked = std::fs::read_to_string(folder.path().join("asked")).unwrap();
    assert!(asked.contains("-protocol_whitelist file") && asked.contains("file:") && asked.contains("a b.mp4"));
    for bad in [program("fails", "exit 1"), program("silent", "true"), "/no/such/program".to_owned(), String::new()] {
        assert!(poster::frame(&bad, &video).is_none(), "{bad}");
        assert!(!poster::is_there(&bad) || bad.ends_with("silent"));
    }
    let endless = program("endless", "cat /dev/zero");
    assert!(poster::frame(&endless, &video).is_none(), "no more is read than a frame can be");
}

#[test]
fn nothing_that_decides_knows_a_question() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/features");
    for area in ["duties", "records", "boards"] {
        for file in
            ["review.rs", "steps.rs", "save.rs", "decide.rs", "submit.rs", "store/submissions.rs", "store/records.rs"]
        {
            let Ok(text) = std::fs::read_to_string(root.join(area).join(file)) else { continue };
            for word in ["question", "for_review", "reviewed_files", "fingerprint", "Earlier"] {
                assert!(!text.to_lowercase().contains(&word.to_lowercase()), "{area}/{file} knows {word}");
            }
        }
    }
}
