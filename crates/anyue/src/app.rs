//! Everything the program shares, made once at start.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, RwLock};

use axum::http::HeaderMap;
use calendar::HolidayCalendar;
use tokio::sync::Notify;

use crate::config::Config;
use crate::features::archive::api::Progress;
use crate::features::evidence::api::Memory;
use crate::platform::auth::{self, Actor, Authenticated, Limiter, WrongTries};
use crate::platform::blobs::Blobs;
use crate::platform::cache::Cache;
use crate::platform::clock::Clock;
use crate::platform::db::Db;
use crate::platform::error::Result;
use crate::platform::ids::Ids;
use crate::platform::keyring::Keyring;
use crate::platform::spool::Spool;
use crate::platform::turns::Turns;
use crate::platform::web::Frame;

/// A handle on everything shared; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// What is shared.
pub struct Shared {
    /// Settings of the installation.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// Files by content.
    pub blobs: Blobs,
    /// Files on their way in.
    pub spool: Spool,
    /// Keys that receipts are signed with.
    pub keyring: Keyring,
    /// The present.
    pub clock: Clock,
    /// Ids and secrets.
    pub ids: Ids,
    /// Public holidays and working days.
    pub calendar: HolidayCalendar,
    /// Finished answers, good while the town's data stands still.
    pub answers: Cache<Answer>,
    /// Attempts to sign in and to use links, by account and address.
    pub attempts: Limiter,
    /// Attempts from one address, whoever they are for: generous, since a town may share one address.
    pub crowd: Limiter,
    /// Wrong passwords for accounts that do not exist.
    pub wrong_tries: WrongTries,
    /// Sendings of the same form wait for one another.
    pub turns: Turns,
    /// How the photos of each town look.
    pub pictures: Memory,
    /// How far the archives are that are being made.
    pub archives: Progress,
    /// Wakes the worker when work was enqueued.
    pub work: Notify,
    /// Secrets recognised lately, each with the write number of its town at that moment.
    recognised: RwLock<HashMap<String, (i64, Authenticated)>>,
}

/// A finished answer: its bytes and how they are encoded.
#[derive(Debug)]
pub struct Answer {
    /// Media type.
    media_type: &'static str,
    plain: axum::body::Bytes,
    /// Compressed with gzip; `None` for what is put into a page before it is sent.
    gzip: Option<axum::body::Bytes>,
}

impl Answer {
    /// A part of a page.
    pub fn part(html: String) -> Self {
        Self { media_type: "text/html; charset=utf-8", plain: html.into(), gzip: None }
    }

    /// The bytes as they are.
    pub fn bytes(&self) -> &[u8] {
        &self.plain
    }

    /// An answer with these bytes, compressed once.
    pub fn new(media_type: &'static str, bytes: Vec<u8>) -> Result<Self> {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
        std::io::Write::write_all(&mut gzip, &bytes)?;
        Ok(Self { media_type, plain: bytes.into(), gzip: Some(gzip.finish()?.into()) })
    }

    /// As this client takes it.
    pub fn for_client(&self, headers: &HeaderMap) -> axum::response::Response {
        use axum::http::header;
        use axum::response::IntoResponse as _;
        let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let head = [(header::CONTENT_TYPE, self.media_type), (header::VARY, "accept-encoding, cookie")];
        match &self.gzip {
            Some(gzip) if accepts.contains("gzip") => {
                (head, [(header::CONTENT_ENCODING, "gzip")], gzip.clone()).into_response()
            }
            _ => (head, self.plain.clone()).into_response(),
        }
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// Puts the shared things together.
    pub fn new(config: Config, db: Db, blobs: Blobs, clock: Clock, ids: Ids) -> Self {
        let keyring = Keyring::new(&config.data.folder);
        let spool = Spool::new(&config.data.folder.join("uploads"));
        Self(Arc::new(Shared {
            spool,
            keyring,
            config,
            db,
            blobs,
            clock,
            ids,
            calendar: HolidayCalendar::bundled(),
            answers: Cache::new(256),
            attempts: Limiter::new(10, 10),
            crowd: Limiter::new(300, 300),
            wrong_tries: WrongTries::default(),
            turns: Turns::default(),
            pictures: Memory::default(),
            archives: Progress::default(),
            work: Notify::new(),
            recognised: RwLock::default(),
        }))
    }

    /// Milliseconds since 1970, by the injected clock.
    pub fn now(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Who asks: by session cookie or bearer token; `None` when nobody is signed in.
    pub async fn recognise(&self, headers: &HeaderMap) -> Result<Option<Actor>> {
        let Some((secret, bearer)) = auth::session_token(headers) else { return Ok(None) };
        let now = self.now();
        let key = secret.hash();
        let known = self.recognised.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(&key).cloned();
        if let Some((version, found)) = known
            && now < found.expires_at
            && self.db.data_version(&found.actor.jurisdiction).await? == version
        {
            return Ok(Some(found.actor));
        }
        let Some(found) = auth::authenticate(self.db.reader(), &secret, bearer, now).await? else { return Ok(None) };
        if found.note_use
            && let auth::Via::Session(session) = &found.actor.via
        {
            let tx = self.db.begin(&found.actor.jurisdiction).await?;
            auth::note_use(&tx, session, now).await?;
            tx.commit_unaudited("noting that a session is in use").await?;
        }
        let version = self.db.data_version(&found.actor.jurisdiction).await?;
        let mut recognised = self.recognised.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if recognised.len() > 20_000 {
            recognised.clear();
        }
        recognised.insert(key, (version, found.clone()));
        Ok(Some(found.actor))
    }

    /// The frame of a page that stands outside a town's work: errors, sign-in.
    pub fn plain_frame(&self, title: &str, headers: &HeaderMap) -> Frame {
        Frame {
            title: title.to_owned(),
            site_name: self.config.site.name.clone(),
            sponsor_unit: self.config.site.sponsor_unit.clone(),
            filing_no: self.config.site.filing_no.clone(),
            large_type: crate::page::large_type(headers),
            today: crate::page::today_in_words(&self.clock),
            demo_clock: crate::page::shifted_clock_in_words(&self.clock),
            ..Frame::default()
        }
    }
}
