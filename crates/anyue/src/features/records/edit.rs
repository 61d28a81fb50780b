//! Changing a record, with both versions shown to the second of two editors.

use std::collections::HashMap;

use axum::extract::{Path, Query, Request, State};
use axum::response::Response;

use super::fill::FillPage;
use super::form::RecordForm;
use super::model::{Record, RecordId, State as Stand};
use super::save::{Edit, edit, not_open, own};
use super::sending::Sending;
use super::steps::{From, back};
use super::{draft, files, kinds, serves, show, store, words};
use crate::App;
use crate::features::evidence::api::{Shown, Sight};
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::error::{Error, Result};
use crate::platform::web::{self, Flash};

/// `GET /work/records/{id}/edit`
pub async fn page(
    State(app): State<App>,
    page: Page,
    Path(id): Path<RecordId>,
    Query(from): Query<From>,
) -> Result<Response> {
    let (record, _) = own(app.db.reader(), &page.actor, &id).await?;
    if !record.state.is_open() {
        return Err(Error::refused(not_open(&record)));
    }
    let kept = draft::kept(&app, &page.actor, id.as_str()).await?;
    let kept = kept.filter(|(form, _)| form.version == record.version.to_string());
    let saved = kept.as_ref().map(|(_, at)| words::moment(*at, app.clock.local_now())).unwrap_or_default();
    let form = kept.map_or_else(|| RecordForm::of(&record), |(form, _)| form);
    let form = RecordForm { back: from.back().unwrap_or(form.back), ..form };
    let shown = shown(&app, &page, &record, form, FieldErrors::new()).await?;
    web::page(&FillPage { saved, ..shown })
}

/// The form of a record.
pub(super) async fn shown(
    app: &App,
    page: &Page,
    record: &Record,
    form: RecordForm,
    errors: FieldErrors,
) -> Result<FillPage> {
    let all = store::kinds::all(app.db.reader(), &page.actor.jurisdiction).await?;
    let kind = kinds::find(&all, &form.kind).or_else(|| kinds::find(&all, &record.facts.kind));
    let kind = kind.cloned().ok_or_else(|| Error::internal("a record of an unknown kind"))?;
    let kind = kind.with_stated(record.facts.measures.keys());
    let review = (record.state == Stand::Returned).then(|| record.review.clone());
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let files = Shown::read(db, town, files::of_record(db, town, &record.id).await?, Sight::Originals).await?;
    Ok(FillPage { review, files, ..FillPage::read(app, page, form, kind, errors).await? })
}

/// `POST /work/records/{id}/edit`
pub async fn submit(
    State(app): State<App>,
    page: Page,
    Path(id): Path<RecordId>,
    request: Request,
) -> Result<Response> {
    let (record, _) = own(app.db.reader(), &page.actor, &id).await?;
    let mut sending = Sending::read(&app, &page.actor, request).await?;
    let refused = sending.keep_files(&app, &page.actor, id.as_str()).await?;
    let (about_files, words) = (sending.is_about_files(), sending.words());
    let form = RecordForm {
        id: id.to_string(),
        unit: record.unit_id.to_string(),
        key: record.idempotency_key.clone(),
        ..sending.form
    };
    if about_files && refused.is_empty() {
        draft::save(&app, &page.actor, &form).await?;
        return Ok(web::see_other_with(&format!("/work/records/{id}/edit"), &Flash::success(words)));
    }
    // What was returned is reported anew at once; what is new goes with its report.
    let report = form.action != "save" && (record.state == Stand::Returned || back(&form.back).is_none());
    let edited = match form.facts() {
        _ if !refused.is_empty() => Err(Error::Invalid(FieldErrors::one("files", refused.join(" ")))),
        Ok(facts) => {
            let version = form.version.parse().unwrap_or_default();
            edit(&app, &page.actor, Edit { record_id: id.clone(), version, facts, report }).await
        }
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match edited {
        Ok(()) => {
            let words = if report { "已报送，等待审核。" } else { "已保存修改。" };
            if let Some(back) = back(&form.back) {
                return Ok(web::see_other_with(&back, &Flash::success(words)));
            }
            Ok(web::see_other_with(&format!("/work/records/{id}"), &Flash::success(words)))
        }
        Err(Error::Invalid(errors)) => web::page_invalid(&shown(&app, &page, &record, form, errors).await?),
        Err(Error::Changed) => {
            let conflict = Some(differences(&app, &page, &record, &form).await?);
            let form = RecordForm { version: record.version.to_string(), ..form };
            let shown = shown(&app, &page, &record, form, FieldErrors::new()).await?;
            web::page_changed(&FillPage { conflict, ..shown })
        }
        Err(other) => Err(other),
    }
}

async fn differences(
    app: &App,
    page: &Page,
    record: &Record,
    form: &RecordForm,
) -> Result<Vec<(String, String, String)>> {
    let (db, town, today) = (app.db.reader(), &page.actor.jurisdiction, app.clock.today());
    let all = store::kinds::all(db, town).await?;
    let Ok(typed) = form.facts() else { return Ok(Vec::new()) };
    let mut ids = record.facts.co_hosts.clone();
    ids.extend(typed.co_hosts.clone());
    let names: HashMap<_, _> = show::names(db, town, &ids).await?;
    let present = (&record.facts, serves::in_words(db, town, &record.facts).await?);
    let other = (&typed, serves::in_words(db, town, &typed).await?);
    let [present, other] = [present, other].map(|(facts, serves)| words::labelled(facts, &all, &names, &serves, today));
    Ok(words::differences(&present, &other))
}
