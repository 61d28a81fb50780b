//! `/submissions/{id}`: looking at what was handed in, beside the duty that asked for it.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::words;
use crate::App;
use crate::features::campaigns::api as campaigns;
use crate::features::duties::api::{
    self as duties, Accept, LiaisonForm, Part, Submission, SubmissionId, SubmissionState, WorkItem, form_spec,
};
use crate::features::evidence::api::{Shown, Sight};
use crate::features::receipts::api as receipts;
use crate::features::records::api::{self as records, RecordId, State as RecordState};
use crate::features::reports::api::{self as reports, ItemShown, SendBack};
use crate::features::units::api::{self as units, UnitRef};
use crate::page::Page;
use crate::platform::auth::Permission;
use crate::platform::blobs;
use crate::platform::error::{Error, FieldErrors, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// 审核
#[derive(Debug, Template)]
#[template(path = "features/boards/templates/submission.html")]
pub struct SubmissionPage {
    /// Around it.
    pub frame: Frame,
    /// Title of the campaign.
    pub campaign: String,
    /// The unit.
    pub unit: UnitRef,
    /// What it answers.
    pub item: WorkItem,
    /// What was handed in.
    pub submission: Submission,
    /// Its files.
    pub files: Vec<Shown>,
    /// Its activity records.
    pub items: Vec<ItemShown>,
    /// Their photos and files, in the same order.
    pub item_files: Vec<Vec<Shown>>,
    /// The number of its receipt; empty for what was sent before there were receipts.
    pub receipt: String,
    /// All revisions sent, the newest first.
    pub revisions: Vec<Submission>,
    /// The next one that waits for review.
    pub next: Option<SubmissionId>,
    /// How many others wait.
    pub waiting: usize,
    /// Whether the actor may decide.
    pub can_review: bool,
    /// Whether the actor may see names and numbers of liaisons.
    pub can_see_liaisons: bool,
    /// What was typed for sending it back: in general and by part.
    pub comments: HashMap<String, String>,
    /// Messages of that form.
    pub errors: FieldErrors,
    /// The present.
    pub now: i64,
}

impl SubmissionPage {
    /// Whether this revision is the one that counts.
    pub fn is_current(&self) -> bool {
        self.item.submission_id.as_ref() == Some(&self.submission.id)
    }

    /// Accepting is on offer.
    pub fn can_accept(&self) -> bool {
        self.can_review && self.is_current() && self.submission.state == SubmissionState::Submitted
    }

    /// Sending back is on offer.
    pub fn can_send_back(&self) -> bool {
        self.can_review
            && self.is_current()
            && matches!(self.submission.state, SubmissionState::Submitted | SubmissionState::Accepted)
            && !self.item.duty.parts.iter().all(|part| *part == Part::Acknowledgement)
    }

    /// The parts of the duty, and files where they were offered beyond them.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = self.item.duty.parts.clone();
        if !self.files.is_empty() && !parts.contains(&Part::Files) && !parts.contains(&Part::UnitPlan) {
            parts.push(Part::Files);
        }
        parts
    }

    /// The parts that can be corrected.
    pub fn correctable(&self) -> Vec<Part> {
        self.parts().into_iter().filter(|part| *part != Part::Acknowledgement).collect()
    }

    /// Photos and files of the record at this place.
    pub fn files_of(&self, at: &usize) -> &[Shown] {
        self.item_files.get(*at).map_or(&[], Vec::as_slice)
    }

    /// Records about which something can be said.
    pub fn returnable(&self) -> Vec<&ItemShown> {
        self.items.iter().filter(|item| item.can_return()).collect()
    }

    /// Records that wait for review.
    pub fn waiting_items(&self) -> usize {
        self.items.iter().filter(|item| item.own && item.state == Some(RecordState::Reported)).count()
    }

    /// Words on the button that accepts.
    pub fn accept_words(&self) -> String {
        match self.waiting_items() {
            0 => "通过".to_owned(),
            count => format!("通过，连同{count}项活动"),
        }
    }

    /// What was said about a part.
    pub fn said(&self, part: &Part) -> &str {
        self.submission.review.of_part(*part)
    }

    /// Whether files are shown with this part.
    pub fn shows_files(&self, part: &Part) -> bool {
        let parts = self.parts();
        match part {
            Part::Files => true,
            Part::UnitPlan => !parts.contains(&Part::Files),
            _ => false,
        }
    }

    /// Form 1 as pairs of heading and value.
    pub fn form(&self, form: &LiaisonForm) -> Vec<(String, String)> {
        form_spec()
            .all_fields()
            .filter(|field| !form.get(&field.code).is_empty())
            .map(|field| {
                let leader = if field.code.starts_with("leader_") { "分管领导" } else { "" };
                (format!("{leader}{}", field.label), form.get(&field.code).to_owned())
            })
            .collect()
    }

    /// `第1次`
    pub fn revision(&self, submission: &Submission) -> String {
        format!("第{}次报送", submission.revision)
    }

    /// What was typed about a part before the form was refused.
    pub fn comment(&self, key: &str) -> &str {
        self.comments.get(key).map_or("", String::as_str)
    }

    /// How the occurrence stands.
    pub fn words(&self) -> String {
        words::item(&self.item, self.now)
    }

    /// Class of the state.
    pub fn class(&self) -> &'static str {
        words::item_class(&self.item, self.now)
    }

    /// When it was due.
    pub fn due(&self) -> String {
        match self.item.extended_until {
            Some(until) => format!("{}（已延期）", words::due(Some(until), self.now)),
            None => words::due(self.item.due_at, self.now),
        }
    }

    /// `6月13日 08:30`
    pub fn at(&self, at: &Option<i64>) -> String {
        words::at(*at)
    }
}

pub(super) async fn make(app: &App, page: &Page, id: &SubmissionId) -> Result<SubmissionPage> {
    let (db, town, now) = (app.db.reader(), &page.actor.jurisdiction, app.now());
    let submission = duties::submission(db, town, id).await?.ok_or(Error::NotFound)?;
    let unit = units::get(db, town, &submission.unit_id).await?;
    if !page.actor.scope(Permission::DutyView).covers(&unit.path) || submission.state == SubmissionState::Draft {
        return Err(Error::NotFound);
    }
    let item = duties::occurrence(db, town, &submission.occurrence_id).await?.ok_or(Error::NotFound)?;
    let campaign = campaigns::header(db, town, &item.campaign_id).await?.ok_or(Error::NotFound)?;
    let mut revisions = duties::submissions_of(db, town, &item.id).await?;
    revisions.retain(|revision| revision.state != SubmissionState::Draft);
    let others = waiting(app, page, &item, id).await?;
    let can_review = page.actor.scope(Permission::DutyReview).covers(&unit.path);
    let files = blobs::files_of(db, town, "submission", submission.id.as_str()).await?;
    let files = if can_review {
        // The files of an earlier revision are no surprise, and its occurrence is its own.
        let mut own: Vec<String> = revisions.iter().map(|revision| revision.id.to_string()).collect();
        own.push(item.id.to_string());
        records::reviewed_files(app, &page.actor, files, item.period_start.zip(item.period_end), &own).await?
    } else {
        Shown::read(db, town, files, Sight::Copies).await?
    };
    let items = reports::items(app, &page.actor, &submission).await?;
    let mut item_files = Vec::new();
    for shown in &items {
        item_files.push(files_of_record(app, page, shown).await?);
    }
    Ok(SubmissionPage {
        frame: page.frame(format!("{}　{}", unit.name, item.duty.title), "duties"),
        campaign: campaign.title,
        files,
        items,
        item_files,
        receipt: receipts::of_submission(db, town, submission.id.as_str())
            .await?
            .map_or_else(String::new, |one| one.number),
        next: others.first().cloned(),
        waiting: others.len(),
        can_review,
        can_see_liaisons: page.actor.scope(Permission::LiaisonView).covers(&unit.path),
        unit,
        item,
        submission,
        revisions,
        comments: HashMap::new(),
        errors: FieldErrors::new(),
        now,
    })
}

/// The photos and files of a record, with the questions they raise for the person who reviews it.
async fn files_of_record(app: &App, page: &Page, shown: &ItemShown) -> Result<Vec<Shown>> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let Some(record) = records::record(db, town, &shown.id).await? else { return Ok(Vec::new()) };
    let files = records::files_of(db, town, &record.id).await?;
    if !shown.can_review {
        return Shown::read(db, town, files, Sight::Copies).await;
    }
    let days = (record.facts.held_on, record.facts.ends_on.unwrap_or(record.facts.held_on));
    records::reviewed_files(app, &page.actor, files, Some(days), &[record.id.to_string()]).await
}

/// Other submissions of the same duty that wait for this reviewer, the oldest first.
async fn waiting(app: &App, page: &Page, item: &WorkItem, but: &SubmissionId) -> Result<Vec<SubmissionId>> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let scope = page.actor.scope(Permission::DutyReview);
    let waiting = duties::waiting(db, town, &item.duty.id).await?;
    let ids: Vec<_> = waiting.iter().map(|(_, unit)| unit.clone()).collect();
    let units = units::get_all(db, town, &ids).await?;
    let mine = |unit: &UnitId| units.get(unit).is_some_and(|unit| scope.covers(&unit.path));
    Ok(waiting.into_iter().filter(|(id, unit)| id != but && mine(unit)).map(|(id, _)| id).collect())
}

/// `GET /submissions/{id}`
pub async fn page(State(app): State<App>, page: Page, Path(id): Path<SubmissionId>) -> Result<Response> {
    web::page(&make(&app, &page, &id).await?)
}

/// `POST /submissions/{id}/accept`: on to the next one.
pub async fn accept(State(app): State<App>, page: Page, Path(id): Path<SubmissionId>) -> Result<Response> {
    let shown = make(&app, &page, &id).await?;
    reports::accept(&app, &page.actor, Accept { submission_id: id.clone() }).await?;
    let next = match &shown.next {
        Some(next) => format!("/submissions/{next}"),
        None => format!("/duties/{}", shown.item.duty.id),
    };
    let said = match shown.next {
        Some(_) => format!("已通过{}的报送，下面是下一件。", shown.unit.name),
        None => format!("已通过{}的报送，这项任务没有其他待审核的了。", shown.unit.name),
    };
    Ok(web::see_other_with(&next, &Flash::success(said).undo(format!("/submissions/{id}/undo-accept"))))
}

/// `POST /submissions/{id}/undo-accept`
pub async fn undo(State(app): State<App>, page: Page, Path(id): Path<SubmissionId>) -> Result<Response> {
    reports::undo_accept(&app, &page.actor, std::slice::from_ref(&id)).await?;
    Ok(web::see_other_with(&format!("/submissions/{id}"), &Flash::success("已撤销，回到待审核。")))
}

/// `POST /submissions/{id}/return`: fields `comment` and one for each part's code.
pub async fn send_back(
    State(app): State<App>,
    page: Page,
    Path(id): Path<SubmissionId>,
    Form(comments): Form<HashMap<String, String>>,
) -> Result<Response> {
    let parts: BTreeMap<Part, String> =
        comments.iter().filter_map(|(code, text)| Some((Part::parse(code)?, text.clone()))).collect();
    let comment = comments.get("comment").cloned().unwrap_or_default();
    let records = comments
        .iter()
        .filter_map(|(key, text)| Some((RecordId::from(key.strip_prefix("record:")?), text.clone())))
        .collect();
    let accept_rest = comments.contains_key("accept_rest");
    let cmd = SendBack { submission_id: id.clone(), comment, parts, records, accept_rest };
    let shown = make(&app, &page, &id).await?;
    match reports::send_back(&app, &page.actor, cmd).await {
        Err(Error::Invalid(errors)) => web::page_invalid(&SubmissionPage { comments, errors, ..shown }),
        done => {
            done?;
            let said = Flash::success(format!("已退回{}，意见已发给这个单位。", shown.unit.name));
            let next = match &shown.next {
                Some(next) => format!("/submissions/{next}"),
                None => format!("/duties/{}", shown.item.duty.id),
            };
            Ok(web::see_other_with(&next, &said))
        }
    }
}

#[cfg(any(test, feature = "testing"))]
impl SubmissionPage {
    /// A page to look at.
    pub fn sample() -> Self {
        use crate::features::duties::api::{Payload, Review};
        let now = super::model::SAMPLE_NOW;
        let item = super::unit::sample_item();
        let submission = |n: i64, state| Submission {
            id: format!("s{n}").as_str().into(),
            occurrence_id: item.id.clone(),
            unit_id: item.unit_id.clone(),
            revision: n,
            state,
            zero_report: false,
            payload: Payload {
                unit_plan: "一、成立领导小组，村党支部书记任组长。\n二、6月16日在村委会广场开展宣传咨询。".to_owned(),
                liaison_form: Some(LiaisonForm {
                    name: "李桂兰".to_owned(),
                    post: "村委会副主任".to_owned(),
                    mobile: "13900001234".to_owned(),
                    ..LiaisonForm::default()
                }),
                ..Payload::default()
            },
            idempotency_key: String::new(),
            created_by_name: "李桂兰".to_owned(),
            created_at: now,
            submitted_at: Some(now - (2 - n) * 3_600_000),
            reviewed_by_name: String::new(),
            reviewed_at: None,
            review: if n == 1 {
                Review { comment: "请写明责任人".to_owned(), ..Review::default() }
            } else {
                Review::default()
            },
            version: 1,
            updated_at: now,
        };
        let revisions = vec![submission(2, SubmissionState::Submitted), submission(1, SubmissionState::Returned)];
        Self {
            frame: Frame { title: "东沟村".to_owned(), ..Frame::default() },
            campaign: "2022年“安全生产月”活动".to_owned(),
            unit: super::model::sample().rows.remove(0).unit,
            item: item.clone(),
            submission: submission(2, SubmissionState::Submitted),
            files: Shown::samples(),
            items: ItemShown::samples(),
            item_files: vec![Shown::samples()],
            receipt: "7A31C0D2E9F4".to_owned(),
            revisions,
            next: Some("s3".into()),
            waiting: 4,
            can_review: true,
            can_see_liaisons: true,
            comments: HashMap::new(),
            errors: FieldErrors::new(),
            now,
        }
    }
}
