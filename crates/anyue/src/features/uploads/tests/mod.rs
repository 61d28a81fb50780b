//! The protocol as a client meets it, through the router.

mod ending;
mod protocol;

use axum::body::{Body, Bytes};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest as _, Sha1};

use crate::features::duties::api::{self as duties, WorkItem};
use crate::platform::blobs::{self, FileRow};
use crate::platform::spool::Spool;
use crate::testing::{Answer, Client, PublishedTown};

const TUS: (&str, &str) = ("tus-resumable", "1.0.0");
const PIECE: (&str, &str) = ("content-type", "application/offset+octet-stream");
const VIDEO: &[u8] = b"\0\0\0\x18ftypmp42-a video that comes in pieces-";

struct Situation {
    town: PublishedTown,
    liaison: Client,
    item: WorkItem,
}

impl Situation {
    async fn new() -> Self {
        let town = PublishedTown::new().await;
        let liaison = town.test.liaison_of(&town.village).await;
        let item = town.weekly().await;
        Self { town, liaison, item }
    }

    fn metadata(&self, name: &str, more: &str) -> String {
        let occurrence = STANDARD.encode(self.item.id.as_str());
        format!("filename {},occurrence {occurrence}{more}", STANDARD.encode(name))
    }

    async fn create(&self, size: usize, more: &str) -> Answer {
        let (length, metadata) = (size.to_string(), self.metadata("现场 “一”.mp4", more));
        let headers = [TUS, ("upload-length", length.as_str()), ("upload-metadata", metadata.as_str())];
        self.liaison.send_raw("POST", "/api/v1/uploads", &headers, Body::empty()).await
    }

    async fn begin(&self) -> String {
        self.create(VIDEO.len(), "").await.assert_status(201).location().to_owned()
    }

    async fn patch(&self, client: &Client, url: &str, at: usize, body: impl Into<Body>) -> Answer {
        let at = at.to_string();
        client.send_raw("PATCH", url, &[TUS, PIECE, ("upload-offset", at.as_str())], body).await
    }

    async fn offset(&self, url: &str) -> String {
        let answer = self.liaison.send_raw("HEAD", url, &[TUS], Body::empty()).await;
        assert_eq!(answer.assert_status(200).headers["cache-control"], "no-store");
        answer.headers["upload-offset"].to_str().unwrap().to_owned()
    }

    async fn files(&self) -> Vec<FileRow> {
        let (db, town) = (self.town.test.app.db.reader(), &self.town.test.town);
        match duties::draft(db, town, &self.item.id).await.unwrap() {
            Some(draft) => blobs::files_of(db, town, "submission", draft.id.as_str()).await.unwrap(),
            None => Vec::new(),
        }
    }
}

#[tokio::test]
async fn a_file_that_comes_in_pieces_stands_on_the_draft_when_it_is_whole() {
    let s = Situation::new().await;
    let url = s.begin().await;
    s.patch(&s.liaison, &url, 0, &VIDEO[..10]).await.assert_status(204);
    assert_eq!(s.offset(&url).await, "10");
    assert!(s.files().await.is_empty(), "not before it is whole");
    s.patch(&s.liaison, &url, 5, &VIDEO[5..]).await.assert_status(409);
    let last = s.patch(&s.liaison, &url, 10, &VIDEO[10..]).await;
    assert_eq!(last.assert_status(204).headers["upload-offset"], VIDEO.len().to_string().as_str());
    let files = s.files().await;
    assert_eq!((files.len(), files[0].name.as_str(), files[0].media_type.as_str()), (1, "现场 “一”.mp4", "video/mp4"));
    let stored = s.town.test.app.blobs.read(&s.town.test.town, &files[0].sha256).await.unwrap();
    assert_eq!(stored, VIDEO);

    // The answer to the last piece was lost: the client asks, and sends the end once more.
    assert_eq!(s.offset(&url).await, VIDEO.len().to_string());
    s.patch(&s.liaison, &url, VIDEO.len(), Body::empty()).await.assert_status(204);
    assert_eq!(s.files().await.len(), 1);
}

#[tokio::test]
async fn an_upload_goes_on_after_the_sign_in_has_ended_and_after_a_restart() {
    let s = Situation::new().await;
    let url = s.begin().await;
    s.patch(&s.liaison, &url, 0, &VIDEO[..10]).await.assert_status(204);
    let spool = Spool::new(&s.town.test.app.config.data.folder.join("uploads"));
    let id = url_id(&s).await;
    assert_eq!(spool.received(&id).await.unwrap(), 10, "a process that begins anew knows how far it was");
    s.liaison.send("POST", "/signout", None, Body::empty()).await;
    let nobody = s.town.test.anonymous();
    s.patch(&nobody, &url, 10, &VIDEO[10..]).await.assert_status(204);
    assert_eq!(s.files().await.len(), 1);
}

async fn url_id(s: &Situation) -> String {
    crate::platform::db::sql("SELECT upload_id FROM uploads")
        .scalar(s.town.test.app.db.reader())
        .await
        .unwrap()
        .unwrap()
}

#[tokio::test]
async fn a_broken_connection_keeps_what_came_and_a_checksum_takes_back_what_is_wrong() {
    let s = Situation::new().await;
    let url = s.begin().await;
    let cut = futures_util::stream::iter([Ok(Bytes::from_static(&VIDEO[..7])), Err(std::io::Error::other("reset"))]);
    s.patch(&s.liaison, &url, 0, Body::from_stream(cut)).await;
    assert_eq!(s.offset(&url).await, "7");

    let wrong = format!("sha1 {}", STANDARD.encode([0u8; 20]));
    let headers = [TUS, PIECE, ("upload-offset", "7"), ("upload-checksum", wrong.as_str())];
    let answer = s.liaison.send_raw("PATCH", &url, &headers, &VIDEO[7..20]).await;
    assert_eq!(answer.status.as_u16(), 460);
    assert_eq!(s.offset(&url).await, "7");
    let right = format!("sha1 {}", STANDARD.encode(Sha1::digest(&VIDEO[7..20])));
    let headers = [TUS, PIECE, ("upload-offset", "7"), ("upload-checksum", right.as_str())];
    s.liaison.send_raw("PATCH", &url, &headers, &VIDEO[7..20]).await.assert_status(204);
    let unknown = [TUS, PIECE, ("upload-offset", "20"), ("upload-checksum", "crc32 AAAA")];
    s.liaison.send_raw("PATCH", &url, &unknown, &VIDEO[20..]).await.assert_status(400);
    assert_eq!(s.offset(&url).await, "20");
}

#[tokio::test]
async fn a_file_that_is_not_what_its_sender_says_is_not_taken() {
    let s = Situation::new().await;
    let sha256 = STANDARD.encode("0".repeat(64));
    let url = s.create(VIDEO.len(), &format!(",sha256 {sha256}")).await.assert_status(201).location().to_owned();
    s.patch(&s.liaison, &url, 0, VIDEO).await.assert_status(409).assert_contains("在路上损坏了");
    assert!(s.files().await.is_empty());
    let again = s.liaison.send_raw("HEAD", &url, &[TUS], Body::empty()).await;
    again.assert_status(410);

    let url = s.create(4, "").await.assert_status(201).location().to_owned();
    s.patch(&s.liaison, &url, 0, &b"MZ\x90\0"[..]).await.assert_status(409).assert_contains("程序文件");
}

#[tokio::test]
async fn a_first_piece_with_a_wrong_checksum_is_answered_and_leaves_nothing() {
    let s = Situation::new().await;
    let (length, metadata) = (VIDEO.len().to_string(), s.metadata("a.mp4", ""));
    let wrong = format!("sha1 {}", STANDARD.encode([0u8; 20]));
    let headers = [
        TUS,
        PIECE,
        ("upload-length", length.as_str()),
        ("upload-metadata", metadata.as_str()),
        ("upload-checksum", wrong.as_str()),
    ];
    let answer = s.liaison.send_raw("POST", "/api/v1/uploads", &headers, VIDEO).await;
    assert_eq!((answer.status.as_u16(), answer.headers.get("location")), (460, None));
    assert!(s.files().await.is_empty());
    assert!(!s.town.test.app.spool.path(&url_id(&s).await).exists());
}

#[tokio::test]
async fn a_file_for_a_record_waits_on_its_form_and_goes_to_the_record_when_that_is_there() {
    use crate::features::records::api::{self as records, Facts, New, RecordId};
    let s = Situation::new().await;
    let app = &s.town.test.app;
    let begin = async |client: &Client, record: &str, more: &str| {
        let metadata = format!("filename {},record {}{more}", STANDARD.encode("演练.mp4"), STANDARD.encode(record));
        let length = VIDEO.len().to_string();
        let headers = [TUS, ("upload-length", length.as_str()), ("upload-metadata", metadata.as_str())];
        client.send_raw("POST", "/api/v1/uploads", &headers, Body::empty()).await
    };
    let both = format!(",occurrence {}", STANDARD.encode(s.item.id.as_str()));
    begin(&s.liaison, "key-00000001", &both).await.assert_status(400);
    begin(&s.liaison, "一", "").await.assert_status(404);

    // One comes whole before the record is written down, one is still on its way then.
    let first = begin(&s.liaison, "key-00000001", "").await.assert_status(201).location().to_owned();
    let second = begin(&s.liaison, "key-00000001", "").await.assert_status(201).location().to_owned();
    s.patch(&s.liaison, &first, 0, VIDEO).await.assert_status(204);
    s.patch(&s.liaison, &second, 0, &VIDEO[..10]).await.assert_status(204);
    let create = |report| New {
        unit_id: s.town.village.id.clone(),
        facts: Facts::new("drill", app.clock.today()),
        idempotency_key: "key-00000001".to_owned(),
        report,
        draft: None,
    };
    let id: RecordId = records::create(app, &s.liaison.actor, create(false)).await.unwrap();
    s.patch(&s.liaison, &second, 10, &VIDEO[10..]).await.assert_status(204);
    let files = async || records::files_of(app.db.reader(), &s.town.test.town, &id).await.unwrap();
    assert_eq!(files().await.len(), 2);

    let stranger = s.town.test.liaison_of(&s.town.mine).await;
    begin(&stranger, id.as_str(), "").await.assert_status(404);
    let third = begin(&s.liaison, id.as_str(), "").await.assert_status(201).location().to_owned();
    s.liaison.post(&format!("/work/records/{id}/report"), &[]).await;
    begin(&s.liaison, id.as_str(), "").await.assert_status(409).assert_contains("先撤回");
    s.patch(&s.liaison, &third, 0, VIDEO).await.assert_status(409).assert_contains("先撤回");
    assert_eq!(files().await.len(), 2, "what was reported is changed by nobody");
}

#[tokio::test]
async fn an_upload_is_for_ones_own_unit_and_can_be_given_up() {
    let s = Situation::new().await;
    let stranger = s.town.test.liaison_of(&s.town.mine).await;
    let metadata = s.metadata("a.mp4", "");
    let headers = [TUS, ("upload-length", "9"), ("upload-metadata", metadata.as_str())];
    stranger.send_raw("POST", "/api/v1/uploads", &headers, Body::empty()).await.assert_status(404);
    s.town.office.send_raw("POST", "/api/v1/uploads", &headers, Body::empty()).await.assert_status(403);

    let url = s.begin().await;
    s.liaison.send_raw("DELETE", &url, &[TUS], Body::empty()).await.assert_status(204);
    s.liaison.send_raw("HEAD", &url, &[TUS], Body::empty()).await.assert_status(410);
    s.liaison.send_raw("HEAD", "/api/v1/uploads/unknown", &[TUS], Body::empty()).await.assert_status(404);
    let url = s.begin().await;
    let override_ = [TUS, PIECE, ("upload-offset", "0"), ("x-http-method-override", "PATCH")];
    s.liaison.send_raw("POST", &url, &override_, VIDEO).await.assert_status(204);
}

#[tokio::test]
async fn an_upload_cut_many_times_resends_almost_nothing() {
    let s = Situation::new().await;
    let content: Vec<u8> = VIDEO.iter().copied().chain((0..300_000u32).flat_map(u32::to_le_bytes)).collect();
    let url = s.create(content.len(), "").await.assert_status(201).location().to_owned();
    let mut sent = 0;
    for attempt in 1usize.. {
        let at: usize = s.offset(&url).await.parse().unwrap();
        if at == content.len() {
            break;
        }
        assert!(attempt < 500, "it comes to an end");
        // Pieces of odd lengths, each connection cut after a few of them.
        let end = (at + 7_001 * (1 + attempt % 5)).min(content.len());
        let mut pieces: Vec<std::io::Result<Bytes>> =
            content[at..end].chunks(1_371).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        sent += end - at;
        if end < content.len() {
            pieces.push(Err(std::io::Error::other("reset")));
        }
        s.patch(&s.liaison, &url, at, Body::from_stream(futures_util::stream::iter(pieces))).await;
    }
    assert_eq!(sent, content.len(), "not a byte twice");
    let files = s.files().await;
    assert_eq!(files.len(), 1);
    assert_eq!(s.town.test.app.blobs.read(&s.town.test.town, &files[0].sha256).await.unwrap(), content);
}
