//! The records of a report that was sent, as pages show them: to the unit and to the reviewer.

use super::review::key_of;
use super::store;
use crate::App;
use crate::features::duties::api::Submission;
use crate::features::records::api::{self as records, Kind, Record, RecordId, State};
use crate::features::units::api as units;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::Result;

/// Never a refusal: a count may be unknown.
const NO_PEOPLE: &str = "没有填参加人数。";

/// A record of a report.
#[derive(Clone, Debug)]
pub struct ItemShown {
    /// Its id.
    pub id: RecordId,
    /// Title.
    pub title: String,
    /// Kind, day, people.
    pub about: String,
    /// `3张照片 1个视频`; empty when it has no files.
    pub evidence: String,
    /// How it stands now; `None` when it is no longer there.
    pub state: Option<State>,
    /// The unit is its host.
    pub own: bool,
    /// It was changed after it was sent.
    pub changed: bool,
    /// What was said of it when this revision was sent back.
    pub said: String,
    /// First digits of the hash of what was sent.
    pub hash: String,
    /// The actor reviews it.
    pub can_review: bool,
    /// What a reviewer may want to ask about it.
    pub questions: Vec<&'static str>,
}

impl ItemShown {
    /// Class of the label of its state.
    pub fn class(&self) -> &'static str {
        self.state.map_or("quiet", State::class)
    }

    /// Word of its state.
    pub fn word(&self) -> &'static str {
        match self.state {
            // A record that the unit took back after sending it.
            Some(State::Held | State::Planned) => "已撤回",
            Some(state) => state.label(),
            None => "已删除",
        }
    }

    /// Something can be said about it in review.
    pub fn can_return(&self) -> bool {
        self.can_review && self.own && matches!(self.state, Some(State::Reported | State::Accepted))
    }

    /// Name of the field for what is said about it.
    pub fn field(&self) -> String {
        key_of(&self.id)
    }
}

#[cfg(any(test, feature = "testing"))]
impl ItemShown {
    /// Examples: one that waits, one that was returned, a joint one that is no longer there.
    pub fn samples() -> Vec<Self> {
        let one = |id: &str, title: &str, state, own, said: &str| Self {
            id: id.into(),
            title: title.to_owned(),
            about: "6月13日（周一）　应急演练　60 人次".to_owned(),
            evidence: "3张照片　1个视频".to_owned(),
            state,
            own,
            changed: !own,
            said: said.to_owned(),
            hash: "0a1b2c3d".to_owned(),
            can_review: true,
            questions: Vec::new(),
        };
        let mut samples = vec![
            one("r1", "防汛疏散演练", Some(State::Reported), true, ""),
            one("r2", "警示教育", Some(State::Returned), true, "请补充人数。"),
            one("r3", "联合排查", None, false, ""),
        ];
        samples[0].questions = vec![NO_PEOPLE];
        samples
    }
}

/// The records of a submission.
pub async fn items(app: &App, actor: &Actor, sent: &Submission) -> Result<Vec<ItemShown>> {
    let (town, db) = (&actor.jurisdiction, app.db.reader());
    let mut shown = Vec::new();
    let pinned = store::of_submission(db, town, &sent.id).await?;
    if pinned.is_empty() {
        return Ok(shown);
    }
    let unit = units::get(db, town, &sent.unit_id).await?;
    let can_review = actor.scope(Permission::RecordReview).covers(&unit.path);
    let kinds = records::kinds(db, town).await?;
    for item in pinned {
        let record = records::record(db, town, &item.record_id).await?;
        let (title, about, evidence) = match &record {
            Some(record) => describe(app, actor, record).await?,
            None => (title_of(&item.content), String::new(), String::new()),
        };
        let changed = match &record {
            Some(record) => records::content(record)? != item.content,
            None => false,
        };
        shown.push(ItemShown {
            said: sent.review.parts.get(&key_of(&item.record_id)).cloned().unwrap_or_default(),
            hash: item.sha256.chars().take(8).collect(),
            id: item.record_id,
            title,
            about,
            evidence,
            questions: match &record {
                Some(record) if can_review && item.own => questions(record, &kinds),
                _ => Vec::new(),
            },
            state: record.map(|record| record.state),
            own: item.own,
            changed,
            can_review,
        });
    }
    Ok(shown)
}

/// What its words and figures leave open.
fn questions(record: &Record, kinds: &[Kind]) -> Vec<&'static str> {
    let counts_people = kinds
        .iter()
        .any(|kind| kind.code == record.facts.kind && kind.measures.iter().any(|measure| measure == "participants"));
    let stated = record.facts.measures.contains_key("participants") || !record.facts.people.is_empty();
    if counts_people && !stated { vec![NO_PEOPLE] } else { Vec::new() }
}

/// Title, kind with day and people, files: in words.
pub(super) async fn describe(app: &App, actor: &Actor, record: &Record) -> Result<(String, String, String)> {
    let (town, db) = (&actor.jurisdiction, app.db.reader());
    let rows = records::rows(db, town, std::slice::from_ref(record), app.clock.today()).await?;
    let about = rows.into_iter().next().map(|row| row.about).unwrap_or_default();
    let files = records::files_of(db, town, &record.id).await?;
    let count = |kind: &str| files.iter().filter(|file| file.media_type.starts_with(kind)).count();
    let (photos, videos) = (count("image/"), count("video/"));
    let words = [(photos, "张照片"), (videos, "个视频"), (files.len() - photos - videos, "个文件")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count}{words}"))
        .collect::<Vec<_>>()
        .join("　");
    Ok((record.facts.title.clone(), about, words))
}

fn title_of(content: &str) -> String {
    let content: serde_json::Value = serde_json::from_str(content).unwrap_or_default();
    content["title"].as_str().unwrap_or_default().to_owned()
}
