//! A video gets its still picture from the real `ffmpeg`.
//!
//! `cargo test -p anyue --features testing --test video`. Needs ffmpeg; the suite itself does not.

use std::process::Command;

use anyue::features::records::api::{self as records, AddFile, Facts, New};
use anyue::features::units::api::UnitKind;
use anyue::testing::TestApp;
use jiff::civil::date;

/// A moving picture with a sound, as phones send it.
fn video(name: &str, seconds: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-f", "lavfi", "-i", &format!("testsrc=d={seconds}:s=1280x720")])
        .args(["-f", "lavfi", "-i", &format!("sine=d={seconds}"), "-pix_fmt", "yuv420p"])
        .arg(&path)
        .status()
        .expect("ffmpeg is there");
    assert!(made.success());
    std::fs::read(&path).unwrap()
}

#[tokio::test]
async fn videos_of_any_length_are_shown_by_a_still_picture() {
    let test = TestApp::new().await;
    let village = test.unit("东沟村", UnitKind::Village).await;
    let liaison = test.liaison_of(&village).await;
    for (name, seconds) in [("演练.mp4", "3"), ("半秒.mov", "0.5"), ("直播.webm", "2")] {
        let facts = Facts { title: name.to_owned(), ..Facts::new("drill", date(2022, 6, 13)) };
        let idempotency_key = test.app.ids.id();
        let new = New { unit_id: village.id.clone(), facts, idempotency_key, report: false, draft: None };
        let record = records::create(&test.app, &liaison.actor, new).await.unwrap();
        let blob = test.app.blobs.put(&test.town, video(name, seconds)).await.unwrap();
        let add = AddFile { record: record.to_string(), name: name.to_owned(), blob };
        let file = records::add_file(&test.app, &liaison.actor, add).await.unwrap();
        test.work_off().await;

        let thumbnail = liaison.get(&format!("/files/{file}/thumb")).await;
        assert_eq!(thumbnail.assert_ok().headers["content-type"], "image/jpeg", "{name}");
        let report = evidence::report::report_of(&thumbnail.bytes);
        let (width, height) = (f64::from(report.width.unwrap()), f64::from(report.height.unwrap()));
        assert!((width / height - 16.0 / 9.0).abs() < 0.02, "{name}: {width} × {height}");
        liaison.get(&format!("/work/records/{record}")).await.assert_contains(&format!("/files/{file}/thumb"));
    }
}
