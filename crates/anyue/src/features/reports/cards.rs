//! What the page of a report shows before it is sent: the records that go along, and what is on its way.

use super::gather::gather;
use super::items::describe;
use super::model::{Takes, asks_whether_held, was_held};
use crate::App;
use crate::features::duties::api::WorkItem;
use crate::features::records::api::{RecordId, State};
use crate::features::uploads::api as uploads;
use crate::platform::auth::Actor;
use crate::platform::error::Result;

/// The records on the page of a report.
#[derive(Clone, Debug, Default)]
pub struct Cards {
    /// Id of the occurrence.
    pub occurrence: String,
    /// Id of the unit.
    pub unit: String,
    /// The unit chooses which go along; otherwise those of the period do.
    pub chosen: bool,
    /// One for each record, the oldest first.
    pub cards: Vec<Card>,
    /// Code of the kind that a new record should have; empty: any.
    pub kind: String,
    /// What a new record serves.
    pub serves: String,
    /// Files on their way: id of the upload and name.
    pub coming: Vec<(String, String)>,
}

/// A record on the page of a report.
#[derive(Clone, Debug)]
pub struct Card {
    /// Its id.
    pub id: RecordId,
    /// Title.
    pub title: String,
    /// Kind, day, people.
    pub about: String,
    /// `3张照片 1个视频`; empty when it has no files.
    pub evidence: String,
    /// How it stands.
    pub state: State,
    /// The unit is its host.
    pub own: bool,
    /// It goes along.
    pub along: bool,
    /// It was held before the period and never reported.
    pub earlier: bool,
    /// It was planned and its day has come.
    pub asks: bool,
    /// Why it was returned.
    pub said: String,
}

impl Card {
    /// Where it is looked at, or changed.
    pub fn href(&self, occurrence: &str) -> String {
        match self.own && self.state.is_open() {
            true => format!("/work/records/{}/edit?back=/work/do/{occurrence}", self.id),
            false => format!("/work/records/{}", self.id),
        }
    }

    /// What its state means for the report.
    pub fn word(&self) -> &'static str {
        match self.state {
            State::Held if self.own => "随报",
            _ if !self.own => "联合",
            state => state.label(),
        }
    }
}

impl Cards {
    /// How many go along.
    pub fn going(&self) -> usize {
        self.cards.iter().filter(|card| card.along).count()
    }

    /// How many of the period go along.
    pub fn going_now(&self) -> usize {
        self.present().iter().filter(|card| card.along).count()
    }

    /// Those of the period, or to choose from.
    pub fn present(&self) -> Vec<&Card> {
        self.cards.iter().filter(|card| !card.earlier).collect()
    }

    /// Those from before the period that were never reported.
    pub fn earlier(&self) -> Vec<&Card> {
        self.cards.iter().filter(|card| card.earlier).collect()
    }

    /// Whether anything was held in the period: then there is no zero report.
    pub fn has_held(&self) -> bool {
        !self.chosen && self.going_now() > 0
    }

    /// Where one more is written down.
    pub fn new_href(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("kind", &self.kind), ("unit", &self.unit), ("serves", &self.serves)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.append_pair("back", &format!("/work/do/{}", self.occurrence));
        format!("/work/records/new?{}", query.finish())
    }

    #[cfg(any(test, feature = "testing"))]
    /// An example.
    pub fn sample(chosen: bool) -> Self {
        let card = |id: &str, title: &str, state, own, asks| Card {
            id: id.into(),
            title: title.to_owned(),
            about: "6月13日（周一）　应急演练　60 人次".to_owned(),
            evidence: "3张照片　1个视频".to_owned(),
            state,
            own,
            along: state != State::Planned && id != "5",
            earlier: id == "5",
            asks,
            said: if state == State::Returned { "请补充人数。".to_owned() } else { String::new() },
        };
        let mut cards = vec![
            card("1", "防汛疏散演练", State::Held, true, false),
            card("2", "入户宣讲", State::Planned, true, !chosen),
            card("3", "警示教育", State::Returned, true, false),
            card("4", "联合排查", State::Reported, false, false),
        ];
        if !chosen {
            cards.push(card("5", "悬挂横幅", State::Held, true, false));
        }
        Self {
            occurrence: "o1".to_owned(),
            unit: "u1".to_owned(),
            chosen,
            cards,
            kind: "drill".to_owned(),
            serves: "c1".to_owned(),
            coming: vec![("up1".to_owned(), "疏散演练全过程.mp4".to_owned())],
        }
    }
}

/// The records of an occurrence for its page; `None` when its duty takes none. `ticked` are those that the page has
/// just been given.
pub async fn cards(app: &App, actor: &Actor, item: &WorkItem, ticked: Option<&[RecordId]>) -> Result<Option<Cards>> {
    let (town, db, today) = (&actor.jurisdiction, app.db.reader(), app.clock.today());
    let gathered = gather(db, town, item, ticked, today).await?;
    let chosen = match gathered.takes {
        Takes::Nothing => return Ok(None),
        Takes::Chosen => true,
        Takes::Period(..) => false,
    };
    let mut cards = Vec::new();
    let mut owners = Vec::new();
    for record in gathered.earlier.iter().chain(&gathered.records) {
        let earlier = gathered.earlier.iter().any(|one| one.id == record.id);
        let (title, about, evidence) = describe(app, actor, record).await?;
        let own = record.unit_id == item.unit_id;
        if was_held(record) && own {
            owners.extend([record.id.to_string(), record.idempotency_key.clone()]);
        }
        cards.push(Card {
            id: record.id.clone(),
            title,
            about,
            evidence,
            state: record.state,
            own,
            along: gathered.along.contains(&record.id),
            earlier,
            asks: asks_whether_held(record, &item.unit_id, today),
            said: if record.state == State::Returned { record.review.comment.clone() } else { String::new() },
        });
    }
    let coming = uploads::coming(db, town, item.id.as_str(), &owners, app.now()).await?;
    Ok(Some(Cards {
        occurrence: item.id.to_string(),
        unit: item.unit_id.to_string(),
        chosen,
        cards,
        kind: gathered.kind,
        serves: gathered.serves,
        coming: coming.into_iter().map(|file| (file.id.to_string(), file.name)).collect(),
    }))
}
