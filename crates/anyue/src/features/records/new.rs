//! 加一项活动: writing a record down, its kind first.

use axum::extract::{Query, Request, State};
use axum::response::Response;

use super::choose::ChoosePage;
use super::fill::{FillPage, own_units};
use super::form::RecordForm;
use super::save::{New, create};
use super::sending::Sending;
use super::steps::back;
use super::{draft, files, kinds, store, words};
use crate::App;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::{self, Flash};

/// The address's question.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Begin {
    /// Code of the kind.
    kind: String,
    /// Another kind is to be chosen.
    choose: String,
    /// Words by which a kind is looked for.
    q: String,
    /// Id of one of several units.
    unit: String,
    /// A campaign and activity it serves.
    serves: String,
    /// The page of the report that it is written for.
    back: String,
}

impl Begin {
    /// The question that leads back to a form.
    pub fn of(form: &RecordForm) -> Self {
        Self { unit: form.unit.clone(), serves: form.serves.clone(), back: form.back.clone(), ..Self::default() }
    }

    /// Words by which a kind is looked for.
    pub fn words(&self) -> &str {
        &self.q
    }

    /// What goes along to the form when a kind was chosen: `&unit=…&back=…`.
    pub fn along(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("unit", &self.unit), ("serves", &self.serves), ("back", &self.back)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() { query } else { format!("&{query}") }
    }
}

/// `GET /work/records/new`
pub async fn page(State(app): State<App>, page: Page, Query(begin): Query<Begin>) -> Result<Response> {
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let kept = match draft::kept(&app, &page.actor, "").await? {
        Some((form, at)) if form.has_content() || !files::of_form(db, &page.actor, &form.key).await?.is_empty() => {
            Some((form, at))
        }
        _ => None,
    };
    let all = store::kinds::all(db, town).await?;
    let goes_on = begin.choose.is_empty() && begin.q.is_empty();
    let code = match &kept {
        Some((form, _)) if goes_on && begin.kind.is_empty() => form.kind.clone(),
        _ => begin.kind.clone(),
    };
    let own = own_units(&page.actor);
    let Some(kind) = kinds::find(&all, &code).filter(|kind| kind.in_use) else {
        let ids: Vec<UnitId> = own.into_iter().map(|(id, _)| UnitId(id)).collect();
        return web::page(&ChoosePage::read(&app, &page, &ids, &begin, kept.is_some()).await?);
    };
    let saved = kept.as_ref().map(|(_, at)| words::moment(*at, app.clock.local_now())).unwrap_or_default();
    let mut form = match kept {
        Some((form, _)) => form,
        None => RecordForm {
            key: app.ids.id(),
            held_on: app.clock.today().to_string(),
            unit: own
                .iter()
                .find(|(id, _)| *id == begin.unit)
                .or(own.first())
                .map(|(id, _)| id.clone())
                .unwrap_or_default(),
            serves: begin.serves.clone(),
            ..RecordForm::default()
        },
    };
    form.kind.clone_from(&kind.code);
    if back(&begin.back).is_some() {
        form.back.clone_from(&begin.back);
    }
    let fresh = saved.is_empty() && form.serves.is_empty();
    let mut shown = FillPage::read(&app, &page, form, kind.clone(), FieldErrors::new()).await?;
    if fresh {
        // The newest campaign under way is the likely one.
        shown.form.serves = shown.serves.first().map(|(value, _)| value.clone()).unwrap_or_default();
    }
    shown.saved = saved;
    web::page(&shown)
}

/// `POST /work/records/new`
pub async fn submit(State(app): State<App>, page: Page, request: Request) -> Result<Response> {
    let mut sending = Sending::read(&app, &page.actor, request).await?;
    // What is written for a report is reported with it.
    let report = sending.form.action != "save" && back(&sending.form.back).is_none();
    let _turn = app.turns.take(&sending.form.key).await;
    let key = sending.form.key.clone();
    let refused = sending.keep_files(&app, &page.actor, &key).await?;
    let about_files = sending.is_about_files();
    let words = sending.words();
    let form = sending.form;
    if about_files && refused.is_empty() {
        draft::save(&app, &page.actor, &form).await?;
        return Ok(web::see_other_with(&format!("/work/records/new?kind={}", form.kind), &Flash::success(words)));
    }
    let created = match form.facts() {
        _ if !refused.is_empty() => Err(Error::Invalid(FieldErrors::one("files", refused.join(" ")))),
        Ok(facts) => {
            let new = New {
                unit_id: UnitId(form.unit.clone()),
                facts,
                idempotency_key: form.key.clone(),
                report,
                draft: Some(draft::NEW),
            };
            create(&app, &page.actor, new).await
        }
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match created {
        Ok(id) => {
            if let Some(back) = back(&form.back) {
                let words = Flash::success("已保存，会随这次报送一起上报。");
                return Ok(web::see_other_with(&format!("{back}?with={id}"), &words));
            }
            let words = if report { "已报送，等待审核。" } else { "已保存，还没有报送。" };
            Ok(web::see_other_with(&format!("/work/records/{id}"), &Flash::success(words)))
        }
        Err(Error::Invalid(errors)) => {
            let all = store::kinds::all(app.db.reader(), &page.actor.jurisdiction).await?;
            match kinds::find(&all, &form.kind) {
                Some(kind) => {
                    let kind = kind.clone();
                    web::page_invalid(&FillPage::read(&app, &page, form, kind, errors).await?)
                }
                None => Err(Error::Invalid(errors)),
            }
        }
        Err(other) => Err(other),
    }
}
