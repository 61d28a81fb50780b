//! Requests as a browser or a program sends them, straight into the router.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use tower::ServiceExt as _;

use super::TestApp;
use crate::App;
use crate::platform::auth::Actor;
use crate::platform::db::sql;
use crate::platform::ids::{JurisdictionId, Secret};

/// Somebody with a browser.
pub struct Client {
    /// Who they are; the system for somebody not signed in.
    pub actor: Actor,
    router: Router,
    app: App,
    town: JurisdictionId,
    cookie: Option<String>,
    bearer: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub bytes: Vec<u8>,
}

impl Client {
    pub(super) fn new(test: &TestApp, actor: Actor, secret: Secret) -> Self {
        Self { actor, cookie: Some(format!("anyue_session={}", secret.reveal())), ..Self::anonymous(test) }
    }

    pub(super) fn anonymous(test: &TestApp) -> Self {
        Self {
            actor: test.system(),
            router: test.router.clone(),
            app: test.app.clone(),
            town: test.town.clone(),
            cookie: None,
            bearer: None,
        }
    }

    /// The same person with an API token instead of a browser.
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            actor: self.actor.clone(),
            router: self.router.clone(),
            app: self.app.clone(),
            town: self.town.clone(),
            cookie: None,
            bearer: Some(token.to_owned()),
        }
    }

    /// Sends a request of any kind.
    pub async fn send(&self, method: &str, path: &str, media_type: Option<&str>, body: impl Into<Body>) -> Answer {
        self.answer(self.request(method, path, media_type).body(body.into()).expect("a request")).await
    }

    fn request(&self, method: &str, path: &str, media_type: Option<&str>) -> axum::http::request::Builder {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "anyue.test");
        if method != "GET" && self.bearer.is_none() {
            request = request.header("sec-fetch-site", "same-origin");
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(bearer) = &self.bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
        }
        if let Some(media_type) = media_type {
            request = request.header(header::CONTENT_TYPE, media_type);
        }
        request
    }

    async fn answer(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = axum::body::to_bytes(response.into_body(), 256 << 20).await.expect("a body").to_vec();
        Answer { status, headers, bytes }
    }

    /// Sends JSON (none when null) with further headers; the trail is not looked at.
    pub async fn send_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &serde_json::Value,
    ) -> Answer {
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let headers = [headers, &[("content-type", "application/json")]].concat();
        self.send_raw(method, path, &headers, bytes).await
    }

    /// Sends bytes, or a stream, with these headers; the trail is not looked at.
    pub async fn send_raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let mut request = self.request(method, path, None);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.answer(request.body(body.into()).expect("a request")).await
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None, Body::empty()).await
    }

    async fn trail_length(&self) -> i64 {
        sql("SELECT COUNT(*) FROM audit_events WHERE jurisdiction_id = $1")
            .bind(&self.town)
            .scalar(self.app.db.reader())
            .await
            .expect("a query")
            .unwrap_or_default()
    }

    async fn audited(&self, path: &str, media_type: &str, body: Vec<u8>) -> Answer {
        let before = self.trail_length().await;
        let answer = self.send("POST", path, Some(media_type), body).await;
        let added = self.trail_length().await - before;
        let expected = i64::from(answer.status.is_success() || answer.status.is_redirection());
        assert_eq!(added, expected, "POST {path} answered {} and added {added} events to the trail", answer.status);
        answer
    }

    /// Sends a form; checks that a success left exactly one event in the trail, and a refusal none.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.audited(path, "application/x-www-form-urlencoded", body.into_bytes()).await
    }

    /// Sends a form whose success is book-keeping (drafts, marking as read): no event is expected.
    pub async fn post_unaudited(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let before = self.trail_length().await;
        let answer = self.send("POST", path, Some("application/x-www-form-urlencoded"), body).await;
        assert_eq!(self.trail_length().await, before, "POST {path} is book-keeping and must not add to the trail");
        answer
    }

    /// Sends a form with files: `(field, file name, content)`.
    pub async fn post_files(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let (media_type, body) = multipart(fields, files);
        self.audited(path, &media_type, body).await
    }

    /// Sends a form with files whose success changes nothing yet (a preview).
    pub async fn post_files_unaudited(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Answer {
        let (media_type, body) = multipart(fields, files);
        self.send("POST", path, Some(&media_type), body).await
    }

    /// Sends JSON; checks the trail as [`Client::post`] does.
    pub async fn post_json(&self, path: &str, body: &serde_json::Value) -> Answer {
        self.audited(path, "application/json", body.to_string().into_bytes()).await
    }
}

fn multipart(fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> (String, Vec<u8>) {
    const BOUNDARY: &str = "----anyue-test-boundary";
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    for (field, name, content) in files {
        let name = name.replace('"', "%22").replace('\n', "%0A");
        body.extend(
            format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n")
                .bytes(),
        );
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// Where a 303 leads.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Checks the status.
    #[track_caller]
    pub fn assert_status(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// Checks that it is 200.
    #[track_caller]
    pub fn assert_ok(&self) -> &Self {
        self.assert_status(200)
    }

    /// Checks that it leads on (303) to an address that begins so.
    #[track_caller]
    pub fn assert_leads_to(&self, prefix: &str) -> &Self {
        self.assert_status(303);
        assert!(self.location().starts_with(prefix), "leads to {}, not to {prefix}", self.location());
        self
    }

    /// Checks that the text has these words.
    #[track_caller]
    pub fn assert_contains(&self, words: &str) -> &Self {
        assert!(self.text().contains(words), "“{words}” is missing in: {}", self.text());
        self
    }

    /// Checks that the text has not these words.
    #[track_caller]
    pub fn assert_lacks(&self, words: &str) -> &Self {
        assert!(!self.text().contains(words), "“{words}” should not be in: {}", self.text());
        self
    }
}
