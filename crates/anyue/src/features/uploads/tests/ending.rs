//! How uploads end: after a crash, taken back, or because nobody comes back.

use super::*;

#[tokio::test]
async fn a_file_whose_last_byte_came_just_before_a_crash_is_put_in_its_place_once() {
    let s = Situation::new().await;
    let (app, url) = (&s.town.test.app, s.begin().await);
    let bytes = || futures_util::stream::iter([Ok::<_, std::convert::Infallible>(Bytes::from_static(VIDEO))]);
    app.spool.append(&url_id(&s).await, 0, VIDEO.len() as u64, bytes(), |_| {}).await.unwrap();
    // A client that is told that all has come sends nothing more.
    assert_eq!(s.offset(&url).await, VIDEO.len().to_string());
    assert_eq!(s.files().await.len(), 1);
    assert_eq!(s.offset(&url).await, VIDEO.len().to_string());
    assert_eq!(s.files().await.len(), 1);

    // The file was put there, and the crash came before that was noted.
    let url = s.begin().await;
    s.patch(&s.liaison, &url, 0, VIDEO).await.assert_status(204);
    let town = &s.town.test.town;
    let tx = app.db.begin(town).await.unwrap();
    let again = "UPDATE uploads SET state = 'receiving' WHERE upload_id = (SELECT MAX(upload_id) FROM uploads)";
    crate::platform::db::sql(again).execute(&*tx).await.unwrap();
    tx.commit_unaudited("a crash").await.unwrap();
    let last: Option<String> =
        crate::platform::db::sql("SELECT MAX(upload_id) FROM uploads").scalar(app.db.reader()).await.unwrap();
    let last = last.unwrap();
    app.spool.create(&last).await.unwrap();
    app.spool.append(&last, 0, VIDEO.len() as u64, bytes(), |_| {}).await.unwrap();
    assert_eq!(s.offset(&url).await, VIDEO.len().to_string());
    assert_eq!(s.files().await.len(), 2, "one for each upload");
}

#[tokio::test]
async fn a_whole_file_is_taken_back_until_what_it_is_for_is_handed_in() {
    use crate::features::records::api::{self as records, Facts, New, RecordId};
    let s = Situation::new().await;
    let delete = async |url: &str| s.liaison.send_raw("DELETE", url, &[TUS], Body::empty()).await;
    let url = s.begin().await;
    s.patch(&s.liaison, &url, 0, VIDEO).await.assert_status(204);
    assert_eq!(s.files().await.len(), 1);
    delete(&url).await.assert_status(204);
    assert!(s.files().await.is_empty(), "it is off the draft");
    delete(&url).await.assert_status(410);

    // Handed in with the report, it stays.
    let url = s.begin().await;
    s.patch(&s.liaison, &url, 0, VIDEO).await.assert_status(204);
    let app = &s.town.test.app;
    let submit = duties::Submit {
        occurrence_id: s.item.id.clone(),
        payload: duties::Payload { text: "本周开展演练。".to_owned(), ..duties::Payload::default() },
        zero_report: false,
        idempotency_key: app.ids.id(),
    };
    let sent = duties::submit(app, &s.liaison.actor, submit).await.unwrap().submission;
    delete(&url).await.assert_status(409);
    let kept = blobs::files_of(app.db.reader(), &s.town.test.town, "submission", sent.id.as_str()).await.unwrap();
    assert_eq!(kept.len(), 1);

    // Waiting under the key of a record's form it goes; once the record is written down it is the record's.
    let begin = async |record: &str| {
        let metadata = format!("filename {},record {}", STANDARD.encode("演练.mp4"), STANDARD.encode(record));
        let length = VIDEO.len().to_string();
        let headers = [TUS, PIECE, ("upload-length", length.as_str()), ("upload-metadata", metadata.as_str())];
        let made = s.liaison.send_raw("POST", "/api/v1/uploads", &headers, VIDEO).await;
        made.assert_status(201).location().to_owned()
    };
    let (given_up, kept) = (begin("key-00000001").await, begin("key-00000001").await);
    delete(&given_up).await.assert_status(204);
    let new = New {
        unit_id: s.town.village.id.clone(),
        facts: Facts::new("drill", app.clock.today()),
        idempotency_key: "key-00000001".to_owned(),
        report: false,
        draft: None,
    };
    let id: RecordId = records::create(app, &s.liaison.actor, new).await.unwrap();
    delete(&kept).await.assert_status(409);
    assert_eq!(records::files_of(app.db.reader(), &s.town.test.town, &id).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_upload_whose_sender_does_not_come_back_ends_after_fourteen_days() {
    let s = Situation::new().await;
    let url = s.begin().await;
    let begun = s.town.test.app.clock.local_now();
    let later = |days: i32| {
        let at = begun.checked_add(jiff::ToSpan::days(days)).unwrap();
        format!("{at}+08:00")
    };
    s.town.test.set_clock(&later(10));
    s.patch(&s.liaison, &url, 0, &VIDEO[..10]).await.assert_status(204);
    s.town.test.set_clock(&later(15));
    s.town.test.work_off().await;
    assert_eq!(s.offset(&url).await, "10", "its time began anew with the last byte");
    s.town.test.set_clock(&later(25));
    s.town.test.work_off().await;
    let gone = s.liaison.send_raw("HEAD", &url, &[TUS], Body::empty()).await;
    gone.assert_status(410);
    assert!(!s.town.test.app.spool.path(&url_id(&s).await).exists());
}
