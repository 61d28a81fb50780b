//! `/work/do/{id}`: filling in one occurrence, keeping the draft, handing in.

use axum::body::Body;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::fill_form::{self, FillForm, Sent};
use super::fill_page::Other;
use super::model;
use super::shown::{Shown, texts};
use crate::App;
use crate::features::duties::api::{
    self as duties, AddFile, OccurrenceId, Part, RemoveFile, SaveDraft, State as Stand, Submission, Submit,
};
use crate::features::receipts::api::{self as receipts, Issued};
use crate::features::reports::api::{self as reports, HandIn};
use crate::features::uploads::api as uploads;
use crate::page::Page;
use crate::platform::auth::Actor;
use crate::platform::blobs;
use crate::platform::error::{Error, FieldErrors, Result};
use crate::platform::ids::FileId;
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, qr};

/// The address's question.
#[derive(Debug, serde::Deserialize)]
pub struct Choice {
    /// Show the form although it was handed in: a correction.
    #[serde(default)]
    edit: String,
    /// Id of a record that was written down for it just now.
    #[serde(default)]
    with: String,
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
    let correcting = !choice.edit.is_empty() || !choice.with.is_empty() || shown.draft().is_some();
    let fill = shown.item.can_submit() && (shown.item.state != Stand::Submitted || correcting);
    if fill {
        let mut shown = shown.fill_page(&app, &page, None).await?;
        shown.tick(&choice.with);
        return web::page(&shown);
    }
    web::page(&shown.handed_in_page(&app, &page).await?)
}

/// `POST /work/do/{id}/draft`: what was typed, kept while one types. Answers 409 when a colleague typed meanwhile.
pub async fn keep(
    State(app): State<App>,
    page: Page,
    Path(id): Path<OccurrenceId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let form = FillForm::of_pairs(pairs);
    let _turn = app.turns.take(id.as_str()).await;
    let shown = Shown::read(&app, &page.actor, &id).await?;
    if shown.has_sent(&form.key) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let draft = keep_draft(&app, &page.actor, &shown, &form).await?;
    Ok(([("x-draft-version", draft.version.to_string())], StatusCode::NO_CONTENT).into_response())
}

/// Keeps the draft and what is ticked.
async fn keep_draft(app: &App, actor: &Actor, shown: &Shown, form: &FillForm) -> Result<Submission> {
    let draft = keep_texts(app, actor, shown, form).await?;
    if let Some(chosen) = form.chosen() {
        reports::choose(app, actor, &shown.item.id, chosen).await?;
    }
    Ok(draft)
}

/// Keeps what was typed. A person meets only other people's changes, not their own from a moment ago.
async fn keep_texts(app: &App, actor: &Actor, shown: &Shown, form: &FillForm) -> Result<Submission> {
    let payload = shown.merged(form.payload(Some(shown.edition)));
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
    if let Some(upload) = form.action.strip_prefix("give-up:") {
        uploads::give_up(app, actor, &upload.into()).await?;
        return Ok(web::see_other_with(&back, &Flash::success("已不再等待这个文件，其他内容都在。")));
    }
    if form.action == "record" {
        let report = reports::cards(app, actor, &shown.item, form.chosen()).await?.ok_or(Error::NotFound)?;
        return Ok(web::see_other(&report.new_href()));
    }
    if form.action == "save" {
        let words = match sent.files.len() {
            0 => "已存为草稿，随时可以回来继续。".to_owned(),
            count => format!("已上传{count}个文件，并存为草稿。"),
        };
        return Ok(web::see_other_with(&back, &Flash::success(words)));
    }
    let submit = Submit {
        occurrence_id: shown.item.id.clone(),
        payload: shown.merged(form.payload(Some(shown.edition))),
        zero_report: form.action == "zero",
        idempotency_key: if form.key.is_empty() { draft.idempotency_key.clone() } else { form.key.clone() },
    };
    reports::hand_in(app, actor, HandIn { submit, records: form.chosen().map(<[_]>::to_vec) }).await?;
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
    let mut again = shown.fill_page(app, page, form.chosen()).await?;
    let version = again.form.version.clone();
    again.form = FillForm { version, ..form };
    again.prefilled = false;
    again.errors = errors;
    web::page_invalid(&again)
}

/// What was typed here, and what a colleague typed meanwhile; sending again then takes what is here.
async fn changed_page(app: &App, page: &Page, id: &OccurrenceId, form: FillForm) -> Result<Response> {
    let shown = Shown::read(app, &page.actor, id).await?;
    let mut both = shown.fill_page(app, page, form.chosen()).await?;
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

/// `GET /work/do/{id}/receipt.txt`: the receipt of what was sent last, as a file to keep.
pub async fn receipt_text(State(app): State<App>, page: Page, Path(id): Path<OccurrenceId>) -> Result<Response> {
    let receipt = receipt(&app, &page.actor, &id).await?;
    let name = format!("回执{}.txt", receipt.number);
    Ok(web::attachment(&name, "text/plain; charset=utf-8", Body::from(receipt.text())))
}

/// `GET /work/do/{id}/receipt.png`: its code as a picture, to be kept among one's photos.
pub async fn receipt_picture(State(app): State<App>, page: Page, Path(id): Path<OccurrenceId>) -> Result<Response> {
    let receipt = receipt(&app, &page.actor, &id).await?;
    let picture = qr::png(&receipt.address(&app), 8)?;
    Ok(([(header::CONTENT_TYPE, "image/png")], picture).into_response())
}

async fn receipt(app: &App, actor: &Actor, id: &OccurrenceId) -> Result<Issued> {
    let none = || Error::refused("这一件还没有回执。报送之后，回执会显示在这一页上。");
    let shown = Shown::read(app, actor, id).await?;
    let sent = shown.last_sent().ok_or_else(none)?;
    receipts::of_submission(app.db.reader(), &actor.jurisdiction, sent.id.as_str()).await?.ok_or_else(none)
}
