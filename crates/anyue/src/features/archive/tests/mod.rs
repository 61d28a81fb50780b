//! Archives through the router: asked for, made, fetched, checked, removed.

mod altered;
mod contents;
mod fetching;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use seal::PublicKey;
use zip::ZipArchive;

use super::api::check;
use super::model::{ArchiveId, State, Wish};
use super::{request, store};
use crate::features::duties::api::{self as duties, Payload, Submit};
use crate::features::records::api::{self as records, AddFile, Facts, New, RecordId};
use crate::features::reports::api::{self as reports, HandIn};
use crate::features::statistics::api::{self as statistics, FreezeForm};
use crate::features::units::api::UnitRef;
use crate::platform::db::sql;
use crate::testing::{Client, PublishedTown};

/// A town whose village has held a drill with a photo and a paper, has handed in its week, and whose week is frozen.
struct Situation {
    town: PublishedTown,
    village: Client,
    mine: Client,
    path: String,
}

/// 13 June: in the third week.
const TODAY: Date = date(2022, 6, 13);

impl Situation {
    async fn new() -> Self {
        let town = PublishedTown::new().await;
        let village = town.test.liaison_of(&town.village).await;
        let mine = town.test.liaison_of(&town.mine).await;
        let path = format!("/campaigns/{}/archive", town.campaign);
        Self { town, village, mine, path }
    }

    /// The same with something in it.
    async fn full() -> Self {
        let all = Self::new().await;
        let drill = all.record(&all.village, &all.town.village, TODAY, "防汛疏散演练").await;
        all.file(&all.village, &drill, "现场照片.jpg", &photo(1)).await;
        // Files stand in the order in which they came.
        all.town.test.set_clock("2022-06-13T08:30:01+08:00");
        all.file(&all.village, &drill, "现场照片.JPG", &photo(2)).await;
        all.file(&all.village, &drill, "签到表.pdf", b"%PDF-1.4 paper").await;
        all.hand_in().await;
        let early = all.record(&all.mine, &all.town.mine, date(2022, 6, 6), "井口: 安全?宣讲").await;
        all.report(&all.mine, &early).await;
        all.town.test.work_off().await;
        let freeze =
            FreezeForm { campaign: all.town.campaign.to_string(), week: "3".to_owned(), ..FreezeForm::default() };
        statistics::freeze(&all.town.test.app, &all.town.office.actor, &freeze).await.unwrap();
        all
    }

    async fn record(&self, by: &Client, unit: &UnitRef, day: Date, title: &str) -> RecordId {
        let facts = Facts {
            title: title.to_owned(),
            campaign_id: Some(self.town.campaign.clone()),
            measures: BTreeMap::from([("participants".to_owned(), 60)]),
            text: "=SUM(1+1)\n组织群众转移。".to_owned(),
            ..Facts::new("drill", day)
        };
        let idempotency_key = self.town.test.app.ids.id();
        let new = New { unit_id: unit.id.clone(), facts, idempotency_key, report: false, draft: None };
        records::create(&self.town.test.app, &by.actor, new).await.unwrap()
    }

    async fn file(&self, by: &Client, record: &RecordId, name: &str, bytes: &[u8]) {
        let app = &self.town.test.app;
        let blob = app.blobs.put(&self.town.test.town, bytes.to_vec()).await.unwrap();
        let cmd = AddFile { record: record.to_string(), name: name.to_owned(), blob };
        records::add_file(app, &by.actor, cmd).await.unwrap();
    }

    async fn report(&self, by: &Client, record: &RecordId) {
        by.post(&format!("/work/records/{record}/report"), &[]).await.assert_status(303);
    }

    /// The village's report of this week, with a text.
    async fn hand_in(&self) {
        let items = self.town.items(&self.town.village).await;
        let this_week = |item: &duties::WorkItem| item.duty.zero_report && item.period_end == Some(date(2022, 6, 16));
        let submit = Submit {
            occurrence_id: items.into_iter().find(this_week).unwrap().id,
            payload: Payload { text: "本周开展演练一次。".to_owned(), ..Payload::default() },
            zero_report: false,
            idempotency_key: self.town.test.app.ids.id(),
        };
        reports::hand_in(&self.town.test.app, &self.village.actor, HandIn { submit, records: None }).await.unwrap();
    }

    async fn ask(&self, wish: Wish) -> ArchiveId {
        let (id, _) =
            request::request(&self.town.test.app, &self.town.office.actor, &self.town.campaign, wish).await.unwrap();
        id
    }

    /// Asks for an archive and has it made.
    async fn made(&self, wish: Wish) -> (ArchiveId, PathBuf) {
        let id = self.ask(wish).await;
        self.town.test.work_off().await;
        assert_eq!(self.state(&id).await, State::Ready, "{}", self.archive(&id).await.reason);
        let path = super::build::file_of(&self.town.test.app, &id);
        (id, path)
    }

    async fn archive(&self, id: &ArchiveId) -> super::model::Archive {
        store::find(self.town.test.app.db.reader(), &self.town.test.town, id).await.unwrap().unwrap()
    }

    async fn state(&self, id: &ArchiveId) -> State {
        self.archive(id).await.state
    }

    fn keys(&self) -> Vec<PublicKey> {
        self.town.test.app.keyring.public().unwrap()
    }
}

fn both() -> Wish {
    Wish { copies: true, originals: true, ..Wish::default() }
}

fn copies() -> Wish {
    Wish { copies: true, ..Wish::default() }
}

/// A photo that says where it was taken.
fn photo(seed: u8) -> Vec<u8> {
    let (width, height) = (32_u16, 24_u16);
    let pixels: Vec<u8> = (0..usize::from(width) * usize::from(height) * 3)
        .map(|at| (at as u8).wrapping_mul(seed.wrapping_add(3)))
        .collect();
    let mut jpeg = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut jpeg, 80);
    encoder.encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb).unwrap();
    // A comment that no clean copy has.
    let mut marked = jpeg[..2].to_vec();
    marked.extend(b"\xff\xfe\x00\x0dSECRET-MARK");
    marked.extend(&jpeg[2..]);
    marked
}

fn names(path: &Path) -> Vec<String> {
    let zip = ZipArchive::new(File::open(path).unwrap()).unwrap();
    zip.file_names().map(|name| name.unwrap().into_owned()).collect()
}

fn read(path: &Path, name: &str) -> Vec<u8> {
    let mut zip = ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut bytes = Vec::new();
    zip.by_name(name).unwrap_or_else(|_| panic!("no {name}")).read_to_end(&mut bytes).unwrap();
    bytes
}

fn text(path: &Path, name: &str) -> String {
    String::from_utf8(read(path, name)).unwrap()
}
