//! What the pages of an occurrence show: the form with what is kept, or what was handed in.

use jiff::civil::DateTime;

use super::fill_form::FillForm;
use super::fill_page::{About, FillPage, HandedInPage, Proof, Receipt};
use super::model;
use crate::App;
use crate::features::accounts::api as accounts;
use crate::features::campaigns::api as campaigns;
use crate::features::duties::api::{
    self as duties, LiaisonForm, OccurrenceId, Part, Payload, State as Stand, Submission, SubmissionState, WorkItem,
    form_spec,
};
use crate::features::evidence::api as evidence;
use crate::features::receipts::api as receipts;
use crate::features::records::api::RecordId;
use crate::features::reports::api as reports;
use crate::features::units::api::{self as units, UnitRef};
use crate::page::Page;
use crate::platform::auth::{Actor, Permission};
use crate::platform::blobs::{self, FileRow};
use crate::platform::error::{Error, FieldErrors, Result};
use crate::platform::web::qr;

/// Everything about an occurrence that its pages show.
pub(super) struct Shown {
    pub item: WorkItem,
    pub unit: UnitRef,
    pub revisions: Vec<Submission>,
    pub edition: i64,
    pub about: About,
}

impl Shown {
    /// Reads it, for somebody who works for its unit; for others it is not there.
    pub async fn read(app: &App, actor: &Actor, id: &OccurrenceId) -> Result<Self> {
        let (town, db) = (&actor.jurisdiction, app.db.reader());
        let item = duties::occurrence(db, town, id).await?.ok_or(Error::NotFound)?;
        let unit = units::get(db, town, &item.unit_id).await?;
        actor.require(Permission::WorkOwn, &unit.path).map_err(|_| Error::NotFound)?;
        let revisions = duties::submissions_of(db, town, id).await?;
        let campaign = campaigns::header(db, town, &item.campaign_id).await?.ok_or(Error::NotFound)?;
        let about = About {
            id: item.id.to_string(),
            title: item.duty.title.clone(),
            detail: item.duty.detail.clone(),
            unit: unit.name.clone(),
            campaign: campaign.title,
            notice: format!("/work/campaigns/{}?unit={}", item.campaign_id, unit.id),
            due: model::due_in_words(&item, app.clock.local_now()),
            overdue: item.is_overdue(app.now()),
            period: model::period_in_words(item.period_start, item.period_end),
            clause: item.duty.clause.clone(),
            source_text: item.duty.source_text.clone(),
            hand_in_to: item.duty.hand_in_to.clone(),
            extension: item.extension_reason.clone(),
        };
        Ok(Self { item, unit, revisions, edition: campaign.edition, about })
    }

    /// Whether this very form has been sent.
    pub fn has_sent(&self, key: &str) -> bool {
        self.revisions.iter().any(|one| one.idempotency_key == key && one.submitted_at.is_some())
    }

    pub fn draft(&self) -> Option<&Submission> {
        self.revisions.iter().find(|one| one.state == SubmissionState::Draft)
    }

    pub fn last_sent(&self) -> Option<&Submission> {
        self.revisions.iter().find(|one| one.state != SubmissionState::Draft)
    }

    /// The parts to be filled in: all, or after a return those that were marked, when any was.
    pub fn asked(&self) -> Vec<Part> {
        let all = &self.item.duty.parts;
        let marked =
            self.item.returned.as_ref().filter(|review| self.item.state == Stand::Returned && !review.parts.is_empty());
        match marked {
            None => all.clone(),
            Some(review) => all.iter().filter(|part| review.parts.contains_key(part.code())).copied().collect(),
        }
    }

    /// What was typed, with the parts that were not asked for as they are.
    pub fn merged(&self, typed: Payload) -> Payload {
        let asked = self.asked();
        let kept = |part: Part| self.item.duty.parts.contains(&part) && !asked.contains(&part);
        let Some(former) = self.draft().or(self.last_sent()).map(|one| one.payload.clone()) else { return typed };
        Payload {
            text: if kept(Part::Text) { former.text } else { typed.text },
            unit_plan: if kept(Part::UnitPlan) { former.unit_plan } else { typed.unit_plan },
            liaison_form: if kept(Part::LiaisonForm) { former.liaison_form } else { typed.liaison_form },
            ..typed
        }
    }

    /// The page with what is kept: the draft, else what was sent before, else what the system knows.
    pub async fn fill_page(&self, app: &App, page: &Page, ticked: Option<&[RecordId]>) -> Result<FillPage> {
        let now = app.clock.local_now();
        let draft = self.draft();
        let from = draft.or(self.last_sent());
        let mut form = match from {
            Some(one) => FillForm::of(&one.payload, draft.map_or(0, |draft| draft.version), &one.idempotency_key),
            None => FillForm::default(),
        };
        if draft.is_none() {
            form.key = app.ids.id();
        }
        let mut prefilled = false;
        if self.item.duty.parts.contains(&Part::LiaisonForm) && form.liaison.is_blank() {
            form.liaison = self.known_liaison(app, &page.actor).await?;
            prefilled = true;
        }
        let files = match from {
            Some(one) => {
                blobs::files_of(app.db.reader(), &page.actor.jurisdiction, "submission", one.id.as_str()).await?
            }
            None => Vec::new(),
        };
        Ok(FillPage {
            frame: page.frame(self.about.title.clone(), "work"),
            about: self.about.clone(),
            parts: self.asked(),
            hides: self.asked().len() < self.item.duty.parts.len(),
            report: reports::cards(app, &page.actor, &self.item, ticked).await?,
            review: self.item.returned.clone().filter(|_| self.item.state == Stand::Returned),
            form,
            errors: FieldErrors::new(),
            files: files_shown(app, &page.actor, files).await?,
            evidence: self.item.duty.evidence.iter().filter(|demand| demand.is_complete()).cloned().collect(),
            zero_report: self.item.duty.zero_report,
            prefilled,
            saved: draft.map(|draft| model::past_in_words(draft.updated_at, now)).unwrap_or_default(),
            other: None,
            again: self.last_sent().is_some(),
        })
    }

    /// Form 1 from what is held already (guard rail G7): the unit's present liaison, else the person's account.
    pub async fn known_liaison(&self, app: &App, actor: &Actor) -> Result<LiaisonForm> {
        let (town, db) = (&actor.jurisdiction, app.db.reader());
        let mut form = LiaisonForm {
            filled_on: app.clock.today().to_string(),
            filler: actor.name.clone(),
            ..LiaisonForm::default()
        };
        if let Some(known) = units::liaison(db, town, &self.unit.id).await? {
            let facts = known.facts;
            form = LiaisonForm {
                name: facts.name,
                post: facts.post,
                office_phone: facts.office_phone,
                mobile: facts.mobile,
                fax: facts.fax,
                email_wechat: facts.email_wechat,
                leader_name: facts.leader.name,
                leader_post: facts.leader.post,
                leader_phone: facts.leader.phone,
                note: facts.note,
                ..form
            };
            return Ok(form);
        }
        let people = accounts::people_of_unit(db, town, &self.unit.id, app.now()).await?;
        if let Some(person) = people.into_iter().find(|person| person.account_id == actor.account_id) {
            form.name = person.name;
            form.mobile = person.phone;
        }
        form.office_phone = units::facts(db, town, &self.unit.id).await?.phone;
        Ok(form)
    }

    pub async fn handed_in_page(&self, app: &App, page: &Page) -> Result<HandedInPage> {
        let (town, db) = (&page.actor.jurisdiction, app.db.reader());
        let now = app.clock.local_now();
        let sent = self.last_sent();
        let (mut files, mut records, mut proof) = (Vec::new(), Vec::new(), None);
        if let Some(one) = sent {
            files = blobs::files_of(db, town, "submission", one.id.as_str()).await?;
            records = reports::items(app, &page.actor, one).await?;
            let receipt = receipts::of_submission(db, town, one.id.as_str()).await?;
            proof = receipt.map(|receipt| Proof {
                code: qr::svg(&receipt.address(app), "回执的二维码"),
                parts: receipt.receipt.items.iter().map(|item| (item.kind.label(), item.hex())).collect(),
            });
        }
        let items = duties::work_of_units(db, town, std::slice::from_ref(&self.item.unit_id)).await?;
        Ok(HandedInPage {
            frame: page.frame(self.about.title.clone(), "work"),
            about: self.about.clone(),
            state: self.item.on_board().map_or(self.item.state.label(), |word| word.label()).to_owned(),
            sentence: self.sentence(now),
            receipt: sent.map(|one| receipt(one, proof, now)),
            records,
            texts: sent.map(|one| texts(&one.payload, one.zero_report)).unwrap_or_default(),
            files: files_shown(app, &page.actor, files).await?,
            can_correct: self.item.can_submit() && self.item.state == Stand::Submitted,
            has_form: self.item.duty.parts.contains(&Part::LiaisonForm),
            next: model::next_in_words(&items, self.item.id.as_str(), now),
            history: self
                .revisions
                .iter()
                .filter(|one| one.state != SubmissionState::Draft)
                .map(|one| {
                    let time = one.submitted_at.map(|at| model::past_in_words(at, now)).unwrap_or_default();
                    (
                        format!("第{}次", one.revision),
                        format!("{time}　{}", one.created_by_name),
                        one.state.label().to_owned(),
                    )
                })
                .collect(),
        })
    }

    /// What the state means, and what to do.
    fn sentence(&self, _now: DateTime) -> String {
        match self.item.state {
            Stand::NotApplicable => {
                format!("{}已将这一件标为不适用，不用报送。{}", self.item.decided_by, self.item.decided_reason)
            }
            Stand::Withdrawn => "这项任务已经取消，不用再报送。".to_owned(),
            _ if self.item.closed => "这项活动已经结束，不再接收报送。".to_owned(),
            Stand::Accepted => "已审核通过，不用再做什么。".to_owned(),
            _ if self.item.late == Some(true) => "已收到，等待审核。这一件报送时已过期限。".to_owned(),
            _ => "已收到，等待审核。审核之前还可以修改。".to_owned(),
        }
    }
}

/// Files as the unit itself sees them.
async fn files_shown(app: &App, actor: &Actor, files: Vec<FileRow>) -> Result<Vec<evidence::Shown>> {
    evidence::Shown::read(app.db.reader(), &actor.jurisdiction, files, evidence::Sight::Originals).await
}

fn receipt(sent: &Submission, proof: Option<Proof>, now: DateTime) -> Receipt {
    Receipt {
        title: if sent.zero_report { "已收到零报告".to_owned() } else { "已收到".to_owned() },
        number: receipts::number(sent.id.as_str()),
        proof,
        time: sent.submitted_at.map(|at| model::past_in_words(at, now)).unwrap_or_default(),
        at: sent
            .submitted_at
            .and_then(calendar::to_local)
            .map(|at| at.strftime("%Y-%m-%d %H:%M").to_string())
            .unwrap_or_default(),
        by: sent.created_by_name.clone(),
    }
}

/// Label and text of what a submission holds.
pub(super) fn texts(payload: &Payload, zero_report: bool) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    if zero_report {
        texts.push(("零报告".to_owned(), "本期没有开展活动".to_owned()));
    }
    if let Some(form) = &payload.liaison_form {
        for field in form_spec().all_fields().filter(|field| !form.get(&field.code).is_empty()) {
            let leader = if field.code.starts_with("leader_") { "分管领导" } else { "" };
            texts.push((format!("{leader}{}", field.label), form.get(&field.code).to_owned()));
        }
    }
    for (label, text) in [("活动方案", &payload.unit_plan), ("文字说明", &payload.text)] {
        if !text.is_empty() {
            texts.push((label.to_owned(), text.clone()));
        }
    }
    texts
}
