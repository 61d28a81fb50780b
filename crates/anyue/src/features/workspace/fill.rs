//! `/work/do/{id}`: filling in one occurrence, keeping the draft, handing in.

use axum::extract::{Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::civil::DateTime;

use super::fill_form::{self, FillForm, Sent};
use super::fill_page::{About, FileShown, FillPage, HandedInPage, Other, Receipt};
use super::model;
use crate::App;
use crate::features::accounts::api as accounts;
use crate::features::campaigns::api as campaigns;
use crate::features::duties::api::{
    self as duties, AddFile, LiaisonForm, OccurrenceId, Part, Payload, RemoveFile, SaveDraft, State as Stand,
    Submission, SubmissionState, Submit, WorkItem, form_spec,
};
use crate::features::units::api::{self as units, UnitRef};
use crate::page::Page;
use crate::platform::auth::{Actor, Permission};
use crate::platform::blobs;
use crate::platform::error::{Error, FieldErrors, Result};
use crate::platform::ids::FileId;
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash};

/// The address's question.
#[derive(Debug, serde::Deserialize)]
pub struct Choice {
    /// Show the form although it was handed in: a correction.
    #[serde(default)]
    edit: String,
}

/// Everything about an occurrence that its pages show.
struct Shown {
    item: WorkItem,
    unit: UnitRef,
    revisions: Vec<Submission>,
    edition: i64,
    about: About,
}

impl Shown {
    /// Reads it, for somebody who works for its unit; for others it is not there.
    async fn read(app: &App, actor: &Actor, id: &OccurrenceId) -> Result<Self> {
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
    fn has_sent(&self, key: &str) -> bool {
        self.revisions.iter().any(|one| one.idempotency_key == key && one.submitted_at.is_some())
    }

    fn draft(&self) -> Option<&Submission> {
        self.revisions.iter().find(|one| one.state == SubmissionState::Draft)
    }

    fn last_sent(&self) -> Option<&Submission> {
        self.revisions.iter().find(|one| one.state != SubmissionState::Draft)
    }

    /// The page with what is kept: the draft, else what was sent before, else what the system knows.
    async fn fill_page(&self, app: &App, page: &Page) -> Result<FillPage> {
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
            parts: self.item.duty.parts.clone(),
            review: self.item.returned.clone().filter(|_| self.item.state == Stand::Returned),
            form,
            errors: FieldErrors::new(),
            files: files.into_iter().map(FileShown::of).collect(),
            evidence: self.item.duty.evidence.iter().filter(|demand| demand.is_complete()).cloned().collect(),
            zero_report: self.item.duty.zero_report,
            prefilled,
            saved: draft.map(|draft| model::past_in_words(draft.updated_at, now)).unwrap_or_default(),
            other: None,
            again: self.last_sent().is_some(),
        })
    }

    /// Form 1 from what is held already (guard rail G7): the unit's present liaison, else the person's account.
    async fn known_liaison(&self, app: &App, actor: &Actor) -> Result<LiaisonForm> {
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

    async fn handed_in_page(&self, app: &App, page: &Page) -> Result<HandedInPage> {
        let (town, db) = (&page.actor.jurisdiction, app.db.reader());
        let now = app.clock.local_now();
        let sent = self.last_sent();
        let files = match sent {
            Some(one) => blobs::files_of(db, town, "submission", one.id.as_str()).await?,
            None => Vec::new(),
        };
        let items = duties::work_of_units(db, town, std::slice::from_ref(&self.item.unit_id)).await?;
        Ok(HandedInPage {
            frame: page.frame(self.about.title.clone(), "work"),
            about: self.about.clone(),
            state: self.item.on_board().map_or(self.item.state.label(), |word| word.label()).to_owned(),
            sentence: self.sentence(now),
            receipt: sent.map(|one| receipt(one, now)),
            texts: sent.map(|one| texts(&one.payload, one.zero_report)).unwrap_or_default(),
            files: files.into_iter().map(FileShown::of).collect(),
            can_correct: self.item.can_submit() && self.item.state == Stand::Submitted,
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

fn receipt(sent: &Submission, now: DateTime) -> Receipt {
    Receipt {
        title: if sent.zero_report { "已收到零报告".to_owned() } else { "已收到".to_owned() },
        number: sent.id.as_str().rsplit('-').next().unwrap_or_default().to_uppercase(),
        time: sent.submitted_at.map(|at| model::past_in_words(at, now)).unwrap_or_default(),
        by: sent.created_by_name.clone(),
    }
}

/// Label and text of what a submission holds.
fn texts(payload: &Payload, zero_report: bool) -> Vec<(String, String)> {
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

/// `GET /work/do/{id}`
pub async fn page(
    State(app): State<App>,
    page: Page,
    Path(id): Path<OccurrenceId>,
    Query(choice): Query<Choice>,
) -> Result<Response> {
    let shown = Shown::read(&app, &page.actor, &id).await?;
    if shown.item.duty.parts == [Part::Acknowledgement] {
        return Ok(web::see_other(&shown.about.notice));
    }
    let correcting = !choice.edit.is_empty() || shown.draft().is_some();
    let fill = shown.item.can_submit() && (shown.item.state != Stand::Submitted || correcting);
    if fill {
        return web::page(&shown.fill_page(&app, &page).await?);
    }
    web::page(&shown.handed_in_page(&app, &page).await?)
}

/// `POST /work/do/{id}/draft`: what was typed, kept while one types. Answers 409 when a colleague typed meanwhile.
pub async fn keep(
    State(app): State<App>,
    page: Page,
    Path(id): Path<OccurrenceId>,
    Form(form): Form<FillForm>,
) -> Result<Response> {
    let _turn = app.turns.take(id.as_str()).await;
    let shown = Shown::read(&app, &page.actor, &id).await?;
    if shown.has_sent(&form.key) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let draft = keep_draft(&app, &page.actor, &shown, &form).await?;
    Ok(([("x-draft-version", draft.version.to_string())], StatusCode::NO_CONTENT).into_response())
}

/// Keeps the draft. A person meets only other people's changes, not their own from a moment ago.
async fn keep_draft(app: &App, actor: &Actor, shown: &Shown, form: &FillForm) -> Result<Submission> {
    let payload = form.payload(Some(shown.edition));
    let cmd = SaveDraft { occurrence_id: shown.item.id.clone(), payload, version: form.known_version() };
    match duties::save_draft(app, actor, cmd.clone()).await {
        Err(Error::Changed) => {}
        other => return other,
    }
    let present = duties::draft(app.db.reader(), &actor.jurisdiction, &shown.item.id).await?;
    let version = match present {
        Some(draft)
            if draft.created_by_name != actor.name
                && draft.payload.clone().trimmed() != cmd.payload.clone().trimmed() =>
        {
            return Err(Error::Changed);
        }
        Some(draft) => draft.version,
        None => 0,
    };
    duties::save_draft(app, actor, SaveDraft { version, ..cmd }).await
}

/// `POST /work/do/{id}`: 报送, 本周无活动, 存草稿, 上传, 移除; works without JavaScript.
pub async fn send(
    State(app): State<App>,
    page: Page,
    Path(id): Path<OccurrenceId>,
    body: Multipart,
) -> Result<Response> {
    Shown::read(&app, &page.actor, &id).await?;
    let sent = fill_form::read(&app, &page.actor.jurisdiction, body).await?;
    // A button pressed twice sends twice: the second finds what the first has done.
    let _turn = app.turns.take(id.as_str()).await;
    let shown = Shown::read(&app, &page.actor, &id).await?;
    let again = shown.has_sent(&sent.form.key);
    if !shown.item.can_submit() && !again {
        return not_open(&app, &page, &shown).await;
    }
    if again {
        return Ok(web::see_other(&format!("/work/do/{id}")));
    }
    match carry_out(&app, &page, &shown, &sent).await {
        Ok(response) => Ok(response),
        Err(Error::Changed) => changed_page(&app, &page, &id, sent.form).await,
        Err(Error::Invalid(errors)) => invalid_page(&app, &page, &id, sent.form, errors).await,
        Err(Error::TooLarge(message) | Error::Refused(message)) => {
            invalid_page(&app, &page, &id, sent.form, FieldErrors::one("files", message)).await
        }
        Err(error) => Err(error),
    }
}

async fn carry_out(app: &App, page: &Page, shown: &Shown, sent: &Sent) -> Result<Response> {
    let (actor, form) = (&page.actor, &sent.form);
    let back = format!("/work/do/{}?edit=1", shown.item.id);
    let mut draft = keep_draft(app, actor, shown, form).await?;
    let mut refused = sent.refused.clone();
    for (name, blob) in &sent.files {
        let cmd = AddFile { occurrence_id: shown.item.id.clone(), name: name.clone(), blob: blob.clone() };
        match duties::add_file(app, actor, cmd).await {
            Ok(_) => {}
            Err(Error::Refused(message)) => refused.push(message),
            Err(error) => return Err(error),
        }
    }
    if !refused.is_empty() {
        return Err(Error::Refused(refused.join(" ")));
    }
    if let Some(file) = form.action.strip_prefix("remove:") {
        remove(app, actor, shown, &mut draft, &FileId(file.to_owned())).await?;
        return Ok(web::see_other_with(&back, &Flash::success("已移除。其他内容都在。")));
    }
    if form.action == "save" {
        let words = match sent.files.len() {
            0 => "已存为草稿，随时可以回来继续。".to_owned(),
            count => format!("已上传{count}个文件，并存为草稿。"),
        };
        return Ok(web::see_other_with(&back, &Flash::success(words)));
    }
    let cmd = Submit {
        occurrence_id: shown.item.id.clone(),
        payload: form.payload(Some(shown.edition)),
        zero_report: form.action == "zero",
        idempotency_key: if form.key.is_empty() { draft.idempotency_key.clone() } else { form.key.clone() },
    };
    duties::submit(app, actor, cmd).await?;
    Ok(web::see_other_with(&format!("/work/do/{}", shown.item.id), &Flash::success("报送成功，镇里已经收到。")))
}

/// Takes a file off the draft. A draft made just now holds copies of the files that the page showed.
async fn remove(app: &App, actor: &Actor, shown: &Shown, draft: &mut Submission, file: &FileId) -> Result<()> {
    let (town, db) = (&actor.jurisdiction, app.db.reader());
    let present = blobs::files_of(db, town, "submission", draft.id.as_str()).await?;
    let wanted = blobs::find_file(db, town, file).await?.ok_or(Error::NotFound)?;
    let found = present
        .iter()
        .find(|one| one.file_id == wanted.file_id)
        .or_else(|| present.iter().find(|one| one.sha256 == wanted.sha256 && one.name == wanted.name))
        .ok_or(Error::NotFound)?;
    let cmd = RemoveFile { occurrence_id: shown.item.id.clone(), file_id: FileId(found.file_id.clone()) };
    duties::remove_file(app, actor, cmd).await
}

/// The same page with what was typed and what is wrong with it.
async fn invalid_page(
    app: &App,
    page: &Page,
    id: &OccurrenceId,
    form: FillForm,
    errors: FieldErrors,
) -> Result<Response> {
    let shown = Shown::read(app, &page.actor, id).await?;
    let mut again = shown.fill_page(app, page).await?;
    let version = again.form.version.clone();
    again.form = FillForm { version, ..form };
    again.prefilled = false;
    again.errors = errors;
    web::page_invalid(&again)
}

/// What was typed here, and what a colleague typed meanwhile; sending again then takes what is here.
async fn changed_page(app: &App, page: &Page, id: &OccurrenceId, form: FillForm) -> Result<Response> {
    let shown = Shown::read(app, &page.actor, id).await?;
    let mut both = shown.fill_page(app, page).await?;
    if let Some(draft) = shown.draft() {
        let mine = texts(&form.payload(None), false);
        let theirs = texts(&draft.payload, false);
        both.other = Some(Other {
            name: draft.created_by_name.clone(),
            at: model::past_in_words(draft.updated_at, app.clock.local_now()),
            texts: theirs.into_iter().filter(|text| !mine.contains(text)).collect(),
        });
    }
    let version = both.form.version.clone();
    both.form = FillForm { version, ..form };
    both.prefilled = false;
    web::page_changed(&both)
}

/// Nothing can be handed in any more: says why, and shows what there is.
async fn not_open(app: &App, page: &Page, shown: &Shown) -> Result<Response> {
    let mut handed_in = shown.handed_in_page(app, page).await?;
    handed_in.sentence = format!("刚才的内容没有报送。{}", handed_in.sentence);
    web::page_changed(&handed_in)
}
