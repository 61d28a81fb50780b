//! What goes into an archive, and where it lies in it. Small texts are written as they are met; contents of files are
//! only noted, to be copied afterwards.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::{Date, date};

use super::index::{Index, moment, moment_cell};
use super::model::Wish;
use super::paths::Paths;
use super::writer::Writer;
use crate::App;
use crate::features::campaigns::api::CampaignHeader;
use crate::features::evidence::api::{self as evidence, Content};
use crate::features::records::api::{self as records, Record, RecordId, State};
use crate::features::statistics::api::{self as statistics, Week};
use crate::features::units::api::{self as units, UnitRef};
use crate::platform::blob_lists;
use crate::platform::blobs::FileRow;
use crate::platform::error::Result;
use crate::platform::ids::{JurisdictionId, UnitId};

/// Where the units' folders are.
const UNITS: &str = "各单位";
/// The widths of names, as Windows counts: together with the top and a file they stay below the limit of a path.
const UNIT: usize = 24;
const WEEK: usize = 26;
pub(super) const THING: usize = 36;
pub(super) const FILE: usize = 60;
/// Days are told with their year when they are seen from here: an archive is read years later.
pub(super) const YEARS_TOLD: Date = date(1, 1, 1);
/// So many records are looked at at once.
const PORTION: usize = 500;
/// Records that have been seen by the office.
const STATES: [State; 3] = [State::Reported, State::Accepted, State::Returned];

/// A content that is to be copied.
pub struct Waiting {
    /// Where it goes.
    pub path: String,
    /// Which content.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// What it is, for whoever is told that it is missing.
    pub about: String,
}

/// What a unit has in the archive.
#[derive(Default)]
struct Share {
    folder: String,
    weeks: HashMap<usize, String>,
    records: i64,
    hand_ins: i64,
    files: i64,
}

/// An archive being gathered.
pub struct Gather<'a> {
    pub(super) app: &'a App,
    pub(super) town: &'a JurisdictionId,
    pub(super) campaign: &'a CampaignHeader,
    pub(super) wish: &'a Wish,
    pub(super) weeks: Vec<Week>,
    pub(super) today: Date,
    pub(super) writer: Writer,
    pub(super) paths: Paths,
    pub(super) index: Index,
    /// Contents to be copied, in the order of the archive.
    pub waiting: Vec<Waiting>,
    units: HashMap<UnitId, UnitRef>,
    shares: BTreeMap<UnitId, Share>,
    without_copy: u64,
    seen: HashSet<RecordId>,
}

/// A thing that files belong to.
pub(super) struct Thing<'a> {
    pub unit: &'a UnitId,
    pub title: &'a str,
    pub folder: &'a str,
}

/// What is known about the files of some things.
pub(super) struct Known {
    files: HashMap<String, Vec<FileRow>>,
    contents: HashMap<String, Content>,
    sizes: HashMap<String, i64>,
}

impl Known {
    pub(super) fn of(&self, owner: &str) -> &[FileRow] {
        self.files.get(owner).map_or(&[], Vec::as_slice)
    }
}

/// Lines of a text that opens in any editor of an office.
pub(super) fn text(title: &str, lines: &[(String, String)]) -> Vec<u8> {
    let mut text = format!("\u{feff}{title}\r\n\r\n");
    for (label, words) in lines.iter().filter(|(_, words)| !words.is_empty()) {
        let words = words.replace("\r\n", "\n").replace('\n', "\r\n");
        text.push_str(&if label.is_empty() { format!("{words}\r\n") } else { format!("{label}：{words}\r\n") });
    }
    text.into_bytes()
}

/// What was gathered: the texts are in the writer, the contents of files are to follow.
pub struct Gathered {
    /// The archive so far.
    pub writer: Writer,
    /// Contents to be copied, in the order of the archive.
    pub waiting: Vec<Waiting>,
    /// The index, to be written when they are in.
    pub index: Index,
    /// How many there are of each sort.
    pub counts: BTreeMap<String, u64>,
    /// What was asked for, in words.
    pub contents: String,
}

impl<'a> Gather<'a> {
    /// Gathers all of a campaign that was asked for.
    pub async fn all(
        app: &'a App,
        town: &'a JurisdictionId,
        campaign: &'a CampaignHeader,
        wish: &'a Wish,
        writer: Writer,
    ) -> Result<Gathered> {
        let db = app.db.reader();
        let top = units::get(db, town, &campaign.issuer_unit_id).await?;
        let mut all = units::below(db, town, &top).await?;
        all.push(top);
        let mut gather = Self {
            app,
            town,
            campaign,
            wish,
            weeks: statistics::weeks_of(app, town, campaign).await?,
            today: app.clock.today(),
            writer,
            paths: Paths::default(),
            index: Index::default(),
            waiting: Vec::new(),
            units: all.into_iter().map(|unit| (unit.id.clone(), unit)).collect(),
            shares: BTreeMap::new(),
            without_copy: 0,
            seen: HashSet::new(),
        };
        gather.notice().await?;
        gather.duties().await?;
        gather.records().await?;
        gather.hand_ins().await?;
        gather.statistics().await?;
        gather.done()
    }

    fn done(mut self) -> Result<Gathered> {
        let (mut records, mut hand_ins) = (0, 0);
        for (id, share) in &self.shares {
            let Some(unit) = self.units.get(id) else { continue };
            let parent = unit.parent_id.as_ref().and_then(|id| self.units.get(id)).map(|unit| unit.name.clone());
            self.index.units.rows.push(vec![
                unit.name.as_str().into(),
                unit.kind.label().into(),
                parent.into(),
                share.records.into(),
                share.hand_ins.into(),
                share.files.into(),
                share.folder.as_str().into(),
            ]);
            records += share.records;
            hand_ins += share.hand_ins;
        }
        let names = self.units.iter().map(|(id, unit)| (id.clone(), unit.name.clone())).collect();
        let contents = self.wish.words(&names);
        let count = |number: usize| u64::try_from(number).unwrap_or_default();
        let counts = [
            ("单位", count(self.shares.len())),
            ("活动记录", u64::try_from(records).unwrap_or_default()),
            ("报送件", u64::try_from(hand_ins).unwrap_or_default()),
            ("照片、视频和附件", count(self.waiting.len())),
            ("没有网页副本的照片和视频", self.without_copy),
            ("冻结的统计表", count(self.index.statistics.rows.len())),
        ];
        let bytes = self.opening(&contents, &counts);
        let path = self.paths.file("", "说明.txt", FILE);
        self.writer.add(path, &bytes)?;
        Ok(Gathered {
            writer: self.writer,
            waiting: self.waiting,
            index: self.index,
            counts: counts.map(|(name, count)| (name.to_owned(), count)).into(),
            contents,
        })
    }

    /// Whether something of this unit is wanted, whether it is active or not.
    pub(super) async fn unit_name(&mut self, id: &UnitId) -> Result<String> {
        if !self.units.contains_key(id) {
            let found = units::get_all(self.app.db.reader(), self.town, std::slice::from_ref(id)).await?;
            self.units.extend(found);
        }
        Ok(self.units.get(id).map(|unit| unit.name.clone()).unwrap_or_default())
    }

    /// The folder of a unit's week; `None` stands for what lies in no week.
    pub(super) async fn week_folder(&mut self, unit: &UnitId, week: Option<&Week>) -> Result<String> {
        let name = self.unit_name(unit).await?;
        let share = self.shares.entry(unit.clone()).or_default();
        if share.folder.is_empty() {
            share.folder = self.paths.folder(UNITS, &name, UNIT);
        }
        let no = week.map_or(0, |week| week.no);
        if let Some(folder) = share.weeks.get(&no) {
            return Ok(folder.clone());
        }
        let day = |day: Date| format!("{}月{}日", day.month(), day.day());
        let words = match week {
            Some(week) => format!("第{no}周（{}至{}）", day(week.from), day(week.until)),
            None => "其他时间".to_owned(),
        };
        let folder = self.paths.folder(&share.folder, &words, WEEK);
        share.weeks.insert(no, folder.clone());
        Ok(folder)
    }

    pub(super) fn counts_hand_in(&mut self, unit: &UnitId) {
        self.shares.entry(unit.clone()).or_default().hand_ins += 1;
    }

    /// Adds a small file to a folder.
    pub(super) fn add(&mut self, folder: &str, name: &str, bytes: &[u8]) -> Result<String> {
        let path = self.paths.file(folder, name, FILE);
        self.writer.add(path.clone(), bytes)?;
        Ok(path)
    }

    /// Everything about the files of these owners.
    pub(super) async fn known(&self, owner_kind: &str, owners: &[String]) -> Result<Known> {
        let db = self.app.db.reader();
        let all = blob_lists::files_of_all(db, self.town, owner_kind, owners).await?;
        let mut sums: Vec<String> = all.iter().map(|file| file.sha256.clone()).collect();
        sums.sort();
        sums.dedup();
        let contents = evidence::contents(db, self.town, &sums).await?;
        let copies: Vec<String> = contents.values().filter_map(|content| content.copy.clone()).collect();
        let sizes = blob_lists::sizes(db, self.town, &copies).await?;
        let mut files: HashMap<String, Vec<FileRow>> = HashMap::new();
        for file in all {
            files.entry(file.owner_id.clone()).or_default().push(file);
        }
        Ok(Known { files, contents, sizes })
    }

    /// Notes the files of a thing: clean copies and originals as they were asked for, documents always.
    pub(super) fn files(&mut self, thing: &Thing<'_>, files: &[FileRow], known: &Known) {
        let unit = self.units.get(thing.unit).map(|unit| unit.name.clone()).unwrap_or_default();
        self.shares.entry(thing.unit.clone()).or_default().files += i64::try_from(files.len()).unwrap_or_default();
        for file in files {
            let sealed = file.media_type.starts_with("image/") || file.media_type.starts_with("video/");
            let is_video = file.media_type.starts_with("video/");
            if !sealed {
                let path = self.paths.file(&format!("{}/文件", thing.folder), &file.name, FILE);
                self.note(path, (&file.sha256, file.size), "文件", &unit, thing, file, "");
                continue;
            }
            let copy = known.contents.get(&file.sha256).and_then(|content| content.copy.clone());
            let copy = copy.and_then(|sha256| known.sizes.get(&sha256).map(|size| (sha256, *size)));
            match copy.filter(|_| self.wish.copies) {
                Some((sha256, size)) => {
                    let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
                    let (name, kind) = match is_video {
                        true => (format!("{stem}（视频画面）.jpg"), "视频画面"),
                        false => (format!("{stem}.jpg"), "网页副本"),
                    };
                    let path = self.paths.file(&format!("{}/照片", thing.folder), &name, FILE);
                    self.note(path, (&sha256, size), kind, &unit, thing, file, "");
                }
                None if self.wish.copies => {
                    self.without_copy += 1;
                    if !self.wish.originals {
                        let why = "没有网页副本，原件保存在系统里，不在这个档案包里";
                        self.index.files.rows.push(vec![
                            "".into(),
                            file.size.into(),
                            file.sha256.as_str().into(),
                            "原件".into(),
                            unit.as_str().into(),
                            thing.title.into(),
                            file.name.as_str().into(),
                            moment(file.created_at).into(),
                            why.into(),
                        ]);
                    }
                }
                None => {}
            }
            if self.wish.originals {
                let path = self.paths.file(&format!("{}/原件", thing.folder), &file.name, FILE);
                self.note(path, (&file.sha256, file.size), "原件", &unit, thing, file, "含拍摄时间、地点等信息");
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the columns of one row")]
    fn note(
        &mut self,
        path: String,
        (sha256, size): (&str, i64),
        kind: &str,
        unit: &str,
        thing: &Thing<'_>,
        file: &FileRow,
        remark: &str,
    ) {
        self.index.files.rows.push(vec![
            path.as_str().into(),
            size.into(),
            sha256.into(),
            kind.into(),
            unit.into(),
            thing.title.into(),
            file.name.as_str().into(),
            moment(file.created_at).into(),
            remark.into(),
        ]);
        self.waiting.push(Waiting {
            path,
            sha256: sha256.to_owned(),
            size: size.unsigned_abs(),
            about: format!("“{}”（{unit}　{}）", file.name, thing.title),
        });
    }

    /// The records that serve the campaign.
    async fn records(&mut self) -> Result<()> {
        let (db, weeks) = (self.app.db.reader(), self.weeks.clone());
        let of = (self.campaign.id.as_str(), self.campaign.issuer_unit_path.as_str());
        let mut after = None;
        loop {
            let (portion, more) = records::of_campaign(db, self.town, of, &STATES, after.as_ref()).await?;
            after = portion.last().map(|record| record.id.clone());
            self.portion(&weeks, portion).await?;
            if !more {
                return Ok(());
            }
        }
    }

    /// Records that were handed in for the campaign without being marked as serving it.
    pub(super) async fn records_along(&mut self, ids: &[RecordId]) -> Result<()> {
        let weeks = self.weeks.clone();
        for ids in ids.chunks(PORTION) {
            let found = records::all(self.app.db.reader(), self.town, ids).await?;
            let portion = found.into_iter().filter(|one| STATES.contains(&one.state)).collect();
            self.portion(&weeks, portion).await?;
        }
        Ok(())
    }

    /// Those of some records that are wanted and are not there yet.
    async fn portion(&mut self, weeks: &[Week], mut portion: Vec<Record>) -> Result<()> {
        portion.retain(|record| !self.seen.contains(&record.id));
        let told = records::told(self.app.db.reader(), self.town, &portion, YEARS_TOLD).await?;
        let ids: Vec<String> = portion.iter().map(|record| record.id.to_string()).collect();
        let known = self.known("record", &ids).await?;
        for (record, told) in portion.iter().zip(told) {
            let Some(week) = self.wish.week_of(weeks, record.facts.held_on) else { continue };
            if record.units().any(|unit| self.wish.wants_unit(unit)) {
                self.seen.insert(record.id.clone());
                self.record(record, week, told, &known).await?;
            }
        }
        Ok(())
    }

    async fn record(
        &mut self,
        record: &Record,
        week: Option<&Week>,
        told: Vec<(String, String)>,
        known: &Known,
    ) -> Result<()> {
        let facts = &record.facts;
        let unit = self.unit_name(&record.unit_id).await?;
        let parent = self.week_folder(&record.unit_id, week).await?;
        let name = format!("{:02}{:02} {}", facts.held_on.month(), facts.held_on.day(), facts.title);
        let folder = self.paths.folder(&parent, &name, THING);
        let files = known.of(record.id.as_str());
        let mut co_hosts = Vec::new();
        for id in &facts.co_hosts {
            co_hosts.push(self.unit_name(id).await?);
        }
        let mut lines = vec![("主办单位".to_owned(), unit.clone())];
        lines.extend(told);
        lines.extend([
            ("状态".to_owned(), record.state.label().to_owned()),
            ("填报人".to_owned(), record.created_by_name.clone()),
            ("报送时间".to_owned(), record.reported_at.map(moment).unwrap_or_default()),
            ("附件".to_owned(), files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join("、")),
            ("编号".to_owned(), record.id.to_string()),
        ]);
        self.add(&folder, "记录.txt", &text("活动记录", &lines))?;
        self.index.records.rows.push(vec![
            facts.held_on.into(),
            facts.ends_on.into(),
            unit.into(),
            co_hosts.join("、").into(),
            facts.title.as_str().into(),
            record.state.label().into(),
            facts.place.as_str().into(),
            facts.measures.get("participants").copied().into(),
            record.created_by_name.as_str().into(),
            moment_cell(record.reported_at),
            i64::try_from(files.len()).unwrap_or_default().into(),
            folder.as_str().into(),
            record.id.as_str().into(),
        ]);
        let thing = Thing { unit: &record.unit_id, title: &facts.title, folder: &folder };
        self.files(&thing, files, known);
        self.shares.entry(record.unit_id.clone()).or_default().records += 1;
        Ok(())
    }
}
