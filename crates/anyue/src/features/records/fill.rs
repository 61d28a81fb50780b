//! The form of a record: at most eight fields, the rest folded.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use super::form::RecordForm;
use super::kinds::{Kind, Measure};
use super::model::{FIVE_ENTRIES, PeopleGroup, Review, Target};
use super::save::own;
use super::{files, serves, store};
use crate::App;
use crate::features::evidence::api::{Picker, Shown, Sight};
use crate::features::units::api as units;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::auth::{Actor, Scope};
use crate::platform::error::Result;
use crate::platform::ids::UnitId;
use crate::platform::web::{self, Frame};

/// 填写活动记录
#[derive(Debug, Template)]
#[template(path = "features/records/templates/fill.html")]
pub struct FillPage {
    /// Around it.
    pub frame: Frame,
    /// What is typed.
    pub form: RecordForm,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// Its kind.
    pub kind: Kind,
    /// The person's units: id and name.
    pub units: Vec<(String, String)>,
    /// Campaigns and activities: value and words.
    pub serves: Vec<(String, String)>,
    /// Units that may have held it together: id and name.
    pub others: Vec<(String, String)>,
    /// Its files.
    pub files: Vec<Shown>,
    /// Where more are chosen.
    pub picker: Picker,
    /// When the draft was kept, in words; empty when there is none.
    pub saved: String,
    /// What the reviewer said.
    pub review: Option<Review>,
    /// Label, present text, typed text: when somebody else changed it meanwhile.
    pub conflict: Option<Vec<(String, String, String)>>,
}

impl FillPage {
    /// The page of a form of this kind.
    pub async fn read(app: &App, page: &Page, form: RecordForm, kind: Kind, errors: FieldErrors) -> Result<Self> {
        let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
        let own = own_units(&page.actor);
        let host = UnitId(form.unit.clone());
        let ids: Vec<UnitId> = if form.unit.is_empty() {
            own.iter().map(|(id, _)| UnitId(id.clone())).collect()
        } else {
            vec![host.clone()]
        };
        let others = units::list(db, town, &Scope::All).await?;
        let title = if form.id.is_empty() { "加一项活动" } else { "修改活动记录" };
        Ok(Self {
            frame: page.frame(title, "records"),
            units: own,
            serves: serves::choices(db, town, &ids).await?,
            others: others
                .into_iter()
                .filter(|unit| unit.id != host)
                .map(|unit| (unit.id.to_string(), unit.name))
                .collect(),
            files: Shown::read(db, town, files::of_form(db, &page.actor, &form.key).await?, Sight::Originals).await?,
            picker: Picker::new(),
            saved: String::new(),
            review: None,
            conflict: None,
            form,
            errors,
            kind,
        })
    }

    /// Whether it is new.
    pub fn is_new(&self) -> bool {
        self.form.id.is_empty()
    }

    /// Where it is sent.
    pub fn action(&self) -> String {
        if self.is_new() { "/work/records/new".to_owned() } else { format!("/work/records/{}/edit", self.form.id) }
    }

    /// What its files are sent for: the record, or the key of its form.
    pub fn files_of(&self) -> &str {
        if self.is_new() { &self.form.key } else { &self.form.id }
    }

    /// Where leaving leads to.
    pub fn back(&self) -> String {
        if let Some(back) = super::steps::back(&self.form.back) {
            back
        } else if self.is_new() {
            "/work/records".to_owned()
        } else {
            format!("/work/records/{}", self.form.id)
        }
    }

    /// Label of a measure.
    pub fn measure_label(&self, measure: &Measure) -> String {
        measure.label.clone()
    }

    /// Message at a measure.
    pub fn measure_error(&self, measure: &Measure) -> &str {
        self.errors.get(&format!("m_{}", measure.code))
    }

    /// Name of a measure's field.
    pub fn measure_field(&self, measure: &Measure) -> String {
        format!("m_{}", measure.code)
    }

    /// Groups of people: field, label, what is typed, message.
    pub fn groups(&self) -> Vec<(String, &'static str, &str, &str)> {
        PeopleGroup::ALL
            .iter()
            .map(|group| {
                let field = format!("p_{}", group.code());
                let error = self.errors.get(&field);
                (field, group.label(), self.form.group(group.code()), error)
            })
            .collect()
    }

    /// Whether participants are counted at all.
    pub fn counts_people(&self) -> bool {
        self.kind.measures.iter().any(|code| code == "participants")
    }

    /// Whether the kind asks where the visit went.
    pub fn has_target(&self) -> bool {
        self.kind.code == FIVE_ENTRIES
    }

    /// Targets to choose from.
    pub fn targets(&self) -> Vec<(&'static str, &'static str)> {
        Target::ALL.iter().map(|target| (target.code(), target.label())).collect()
    }

    /// Whether a unit is ticked as co-host.
    pub fn is_co_host(&self, id: &str) -> bool {
        self.form.co_hosts.iter().any(|ticked| ticked == id)
    }

    /// Whether the folded part stands open.
    pub fn more_open(&self) -> bool {
        let folded = ["ends_on", "time", "village", "leader_count", "leader_names", "co_hosts"];
        self.form.has_more() || self.errors.iter().any(|(field, _)| folded.contains(&field) || field.starts_with("p_"))
    }

    /// Words on the main button.
    pub fn send_words(&self) -> &'static str {
        match (&self.review, self.form.back.is_empty()) {
            (_, false) => "保存，回到报送",
            (Some(_), true) => "重新报送",
            (None, true) => "报送",
        }
    }

    #[cfg(any(test, feature = "testing"))]
    /// An example.
    pub fn sample() -> Self {
        let form = RecordForm {
            id: "1".to_owned(),
            unit: "u1".to_owned(),
            title: "五进宣讲".to_owned(),
            kind: FIVE_ENTRIES.to_owned(),
            held_on: "2022-06-13".to_owned(),
            highlight: true,
            measures: [("participants".to_owned(), "三十".to_owned())].into(),
            ..RecordForm::default()
        };
        let kind = super::kinds::find(&super::kinds::built_in(), FIVE_ENTRIES).cloned().expect("a kind");
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        Self {
            frame: Frame::default(),
            form,
            errors: FieldErrors::one("m_participants", "请只填整数，如30。"),
            kind: Kind {
                evidence: super::kinds::Evidence {
                    what: "现场照片".to_owned(),
                    clause: "五（四）".to_owned(),
                    purpose: "印证活动开展".to_owned(),
                    keep: "一年".to_owned(),
                },
                ..kind
            },
            units: vec![pair("u1", "东沟村"), pair("u2", "西沟村")],
            serves: vec![pair("c1", "安全生产月"), pair("c1/a1", "　安全宣传“五进”")],
            others: vec![pair("u2", "西沟村")],
            files: Shown::samples(),
            picker: Picker::new(),
            saved: "6月13日 08:30".to_owned(),
            review: Some(Review { comment: "请补充人数。".to_owned(), by: "萨仁".to_owned(), at: None }),
            conflict: Some(vec![("地点".to_owned(), "礼堂".to_owned(), String::new())]),
        }
    }
}

/// The files on a form: brought anew when one has come.
#[derive(Debug, Template)]
#[template(path = "features/records/templates/files.html")]
pub struct FilesPart {
    /// Around it.
    pub frame: Frame,
    /// The files.
    pub files: Vec<Shown>,
}

impl FilesPart {
    #[cfg(any(test, feature = "testing"))]
    /// An example.
    pub fn sample() -> Self {
        Self { frame: Frame::default(), files: Shown::samples() }
    }
}

/// The address's question.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct FilesOf {
    /// Id of a record, or the key of a form.
    record: String,
}

/// `GET /work/records/files`: the files of a record of one's own, or those that wait on one's form.
pub async fn files(State(app): State<App>, page: Page, Query(of): Query<FilesOf>) -> Result<Response> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let files = match store::records::find(db, town, &of.record.as_str().into()).await? {
        Some(record) => {
            let (record, _) = own(db, &page.actor, &record.id).await?;
            files::of_record(db, town, &record.id).await?
        }
        None => files::of_form(db, &page.actor, &of.record).await?,
    };
    let files = Shown::read(db, town, files, Sight::Originals).await?;
    web::page(&FilesPart { frame: page.frame("", "records"), files })
}

/// The units that a person works for, each once: id and name.
pub fn own_units(actor: &Actor) -> Vec<(String, String)> {
    let mut units: Vec<(String, String)> = Vec::new();
    for grant in actor.own_units() {
        let id = grant.unit_id.to_string();
        if !units.iter().any(|(known, _)| *known == id) {
            units.push((id, grant.unit_name.clone()));
        }
    }
    units
}
