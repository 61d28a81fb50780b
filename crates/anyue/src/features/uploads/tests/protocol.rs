//! What the published protocol asks of a server, and its examples.

use super::*;

/// The examples of the published protocol, tus 1.0.0, as they stand there; the metadata says besides which thing of ours
/// the file is for.
#[tokio::test]
async fn the_published_examples_of_the_protocol_are_answered_as_published() {
    let s = Situation::new().await;
    let occurrence = format!(",occurrence {}", STANDARD.encode(s.item.id.as_str()));
    let send = async |method: &str, url: &str, headers: &[(&str, &str)], body: &'static [u8]| {
        let answer = s.liaison.send_raw(method, url, headers, body).await;
        assert_eq!(answer.headers["tus-resumable"], "1.0.0", "{method} {url}");
        answer
    };
    let says = |answer: &Answer, name: &str| answer.headers[name].to_str().unwrap().to_owned();

    // Core protocol, OPTIONS: asked without a version.
    let answer = send("OPTIONS", "/api/v1/uploads", &[], b"").await;
    answer.assert_status(204);
    assert_eq!(says(&answer, "tus-version"), "1.0.0");
    assert_eq!(says(&answer, "tus-max-size"), (4_u64 << 30).to_string());
    assert_eq!(says(&answer, "tus-checksum-algorithm"), "sha1,sha256");
    let offered = says(&answer, "tus-extension");
    for extension in offered.split(',') {
        let all = ["creation", "creation-with-upload", "checksum", "termination", "expiration"];
        assert!(all.contains(&extension), "{extension}");
    }

    // Creation: a length, and metadata with a key that has no value; the answer to HEAD gives them back.
    let metadata = format!("filename d29ybGRfZG9taW5hdGlvbl9wbGFuLnBkZg==,is_confidential{occurrence}");
    let announce = [TUS, ("content-length", "0"), ("upload-length", "100"), ("upload-metadata", metadata.as_str())];
    let made = send("POST", "/api/v1/uploads", &announce, b"").await;
    let url = made.assert_status(201).location().to_owned();
    assert!(says(&made, "upload-expires").ends_with(" GMT"));

    // Core protocol: 70 bytes have come, HEAD says so, 30 more follow.
    const HUNDRED: &[u8] = &[b'x'; 100];
    let piece = [TUS, PIECE, ("content-length", "70"), ("upload-offset", "0")];
    send("PATCH", &url, &piece, &HUNDRED[..70]).await.assert_status(204);
    let head = send("HEAD", &url, &[TUS], b"").await;
    head.assert_status(200);
    assert_eq!((says(&head, "upload-offset"), says(&head, "upload-length")), ("70".to_owned(), "100".to_owned()));
    assert_eq!((says(&head, "cache-control"), says(&head, "upload-metadata")), ("no-store".to_owned(), metadata));
    let elsewhere = [TUS, PIECE, ("content-length", "30"), ("upload-offset", "0")];
    send("PATCH", &url, &elsewhere, &HUNDRED[70..]).await.assert_status(409);
    let piece = [TUS, PIECE, ("content-length", "30"), ("upload-offset", "70")];
    let last = send("PATCH", &url, &piece, &HUNDRED[70..]).await;
    assert_eq!((last.status.as_u16(), says(&last, "upload-offset")), (204, "100".to_owned()));

    // Creation with upload: five bytes at once.
    let metadata = format!("filename {}{occurrence}", STANDARD.encode("hello.txt"));
    let hello = [TUS, PIECE, ("upload-length", "100"), ("content-length", "5"), ("upload-metadata", metadata.as_str())];
    let made = send("POST", "/api/v1/uploads", &hello, b"hello").await;
    assert_eq!((made.assert_status(201).location().is_empty(), says(&made, "upload-offset")), (false, "5".to_owned()));

    // Checksum: the published sum of “hello world”, then a wrong one, then an algorithm nobody offers.
    let announce = [TUS, ("upload-length", "22"), ("upload-metadata", metadata.as_str())];
    let url = send("POST", "/api/v1/uploads", &announce, b"").await.assert_status(201).location().to_owned();
    let sum = ("upload-checksum", "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=");
    let answer = send("PATCH", &url, &[TUS, PIECE, ("upload-offset", "0"), sum], b"hello world").await;
    assert_eq!((answer.status.as_u16(), says(&answer, "upload-offset")), (204, "11".to_owned()));
    send("PATCH", &url, &[TUS, PIECE, ("upload-offset", "11"), sum], b"jello world").await.assert_status(460);
    let unknown = ("upload-checksum", "md5 XrY7u+Ae7tCTyyK7j1rNww==");
    let headers = [TUS, PIECE, ("upload-offset", "11"), unknown];
    s.liaison.send_raw("PATCH", &url, &headers, &b"hello world"[..]).await.assert_status(400);

    // A version that is not spoken, on every method: nothing is done, and the answer says which is.
    for method in ["POST", "HEAD", "PATCH", "DELETE"] {
        let address = if method == "POST" { "/api/v1/uploads" } else { url.as_str() };
        let other = [("tus-resumable", "0.2.2"), PIECE, ("upload-offset", "11"), ("upload-length", "5")];
        let answer = send(method, address, &other, b"").await;
        assert_eq!((answer.status.as_u16(), says(&answer, "tus-version")), (412, "1.0.0".to_owned()), "{method}");
    }
    let other_type = [TUS, ("content-type", "application/octet-stream"), ("upload-offset", "11")];
    send("PATCH", &url, &other_type, b"hello world").await.assert_status(415);
    let head = send("HEAD", &url, &[TUS], b"").await;
    assert_eq!(says(&head, "upload-offset"), "11", "none of these moved it");

    // Termination, also by the header for those who can send nothing but POST.
    let made = send("POST", "/api/v1/uploads", &announce, b"").await.assert_status(201).location().to_owned();
    send("DELETE", &url, &[TUS], b"").await.assert_status(204);
    send("POST", &made, &[TUS, ("x-http-method-override", "DELETE")], b"").await.assert_status(204);
    for gone in [&url, &made] {
        let answer = s.liaison.send_raw("HEAD", gone, &[TUS], Body::empty()).await;
        assert_eq!((answer.status.as_u16(), answer.headers.get("upload-offset")), (410, None));
    }
}

#[tokio::test]
async fn what_the_protocol_asks_is_asked() {
    let s = Situation::new().await;
    let offered = s.town.test.anonymous().send_raw("OPTIONS", "/api/v1/uploads", &[], Body::empty()).await;
    assert_eq!(offered.assert_status(204).headers["tus-version"], "1.0.0");
    assert!(offered.headers["tus-extension"].to_str().unwrap().contains("creation-with-upload"));
    let old = s.liaison.send_raw("POST", "/api/v1/uploads", &[("tus-resumable", "0.2.2")], Body::empty()).await;
    assert_eq!(old.assert_status(412).headers["tus-version"], "1.0.0");
    s.liaison.send_raw("POST", "/api/v1/uploads", &[TUS], Body::empty()).await.assert_status(400);
    s.create(0, "").await.assert_status(409).assert_contains("空文件");
    s.create(5 << 30, "").await.assert_status(413).assert_contains("超过4GB");
    let url = s.begin().await;
    let plain = [TUS, ("content-type", "text/plain"), ("upload-offset", "0")];
    s.liaison.send_raw("PATCH", &url, &plain, &VIDEO[..3]).await.assert_status(415);
    s.patch(&s.liaison, &url, 0, [VIDEO, VIDEO].concat()).await.assert_status(413);
    assert_eq!(s.offset(&url).await, "0");

    let (length, metadata) = (VIDEO.len().to_string(), s.metadata("b.mp4", ""));
    let headers = [TUS, PIECE, ("upload-length", length.as_str()), ("upload-metadata", metadata.as_str())];
    let at_once = s.liaison.send_raw("POST", "/api/v1/uploads", &headers, VIDEO).await;
    assert_eq!(at_once.assert_status(201).headers["upload-offset"], length.as_str());
    assert_eq!(s.files().await.len(), 1);
}
