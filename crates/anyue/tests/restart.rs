//! The program is killed in the middle of an upload, and started again.

mod wire;

use std::path::Path;
use std::time::{Duration, Instant};

use anyue::features::duties::api as duties;
use anyue::platform::blobs;
use anyue::testing::PublishedTown;
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_goes_on_after_the_program_was_killed_in_the_middle_of_it() {
    if std::env::var("ANYUE_TEST_DATABASE").is_ok() {
        return; // a database of its own is made for each test there, and the program cannot know which
    }
    let town = PublishedTown::new().await;
    let (test, item) = (&town.test, town.weekly().await);
    let liaison = test.liaison_of(&town.village).await;
    let content: Vec<u8> =
        b"\0\0\0\x18ftypmp42".iter().copied().chain((0..5_000_000_u32).flat_map(u32::to_le_bytes)).collect();
    let metadata = format!("filename {},occurrence {}", STANDARD.encode("a.mp4"), STANDARD.encode(item.id.as_str()));
    let length = content.len().to_string();
    let headers = [("tus-resumable", "1.0.0"), ("upload-length", length.as_str()), ("upload-metadata", &metadata)];
    let created = liaison.send_raw("POST", "/api/v1/uploads", &headers, Body::empty()).await;
    let url = created.assert_status(201).location().to_owned();

    let data = test.app.config.data.folder.clone();
    let files = tokio::task::spawn_blocking(move || {
        let program = Path::new(env!("CARGO_BIN_EXE_anyue"));
        let (mut at, mut sent) = (0, 0);
        for restart in 0..3 {
            let running = wire::Program::start(program, &data, "2022-06-13T09:00:00+08:00");
            let present = wire::offset(running.at, &url).expect("it knows the upload");
            assert!(present >= at && present <= sent, "what was received stays: {present} of {sent}, {at} before");
            at = present;
            let rest = &content[at..];
            if restart == 2 {
                sent += rest.len();
                assert_eq!(wire::patch(running.at, &url, at, rest, rest.len()).expect("an answer").status, 204);
                continue;
            }
            let part = rest.len() / 2;
            let open = wire::begin_patch(running.at, &url, at, rest, part).expect("a connection");
            sent += part;
            let until = Instant::now() + Duration::from_secs(20);
            while noted(&data) + 2 * 1024 * 1024 < at + part {
                assert!(Instant::now() < until, "{} of {} bytes have been given to the disk", noted(&data), at + part);
                std::thread::sleep(Duration::from_millis(20));
            }
            // Killed, not asked to stop, while the sender is still connected.
            drop(running);
            drop(open);
        }
        // A crash costs at most the two megabytes that were not given to the disk yet.
        let more = sent - content.len();
        assert!(more <= 2 * 2 * 1024 * 1024, "{more} bytes were sent again");
    });
    files.await.unwrap();

    let (db, id) = (test.app.db.reader(), &test.town);
    let draft = duties::draft(db, id, &item.id).await.unwrap().expect("a draft");
    let files = blobs::files_of(db, id, "submission", draft.id.as_str()).await.unwrap();
    assert_eq!((files.len(), files[0].size.to_string()), (1, length));
}

/// How much of the only upload has been given to the disk.
fn noted(data: &Path) -> usize {
    let files = std::fs::read_dir(data.join("uploads")).expect("a folder").flatten();
    let marks = files.filter(|file| file.path().extension().is_some_and(|ending| ending == "at"));
    marks.filter_map(|mark| std::fs::read_to_string(mark.path()).ok()?.parse().ok()).next().unwrap_or(0)
}
