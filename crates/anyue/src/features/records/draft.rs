//! What is typed into the form of a record, kept while one types.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::files;
use super::form::RecordForm;
use super::new::Begin;
use crate::App;
use crate::page::Page;
use crate::platform::auth::Actor;
use crate::platform::drafts;
use crate::platform::error::Result;
use crate::platform::web;
use crate::platform::web::form::Form;

/// The draft of a new record: one for each account.
pub const NEW: &str = "record.new";

/// The draft of a change.
pub fn key_of(id: &str) -> String {
    if id.is_empty() { NEW.to_owned() } else { format!("record:{id}") }
}

/// `POST /work/records/draft`: keeps what is typed. The button 更换种类 leads back to the choice of kinds, 清空重填 drops
/// what was kept.
pub async fn keep(State(app): State<App>, page: Page, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let form = RecordForm::of_pairs(pairs);
    if form.action == "drop" {
        drop_kept(&app, &page.actor, &form).await?;
    } else {
        save(&app, &page.actor, &form).await?;
    }
    Ok(match form.action.as_str() {
        "choose" => web::see_other(&format!("/work/records/new?choose=1{}", Begin::of(&form).along())),
        "drop" if form.id.is_empty() => web::see_other("/work/records/new"),
        "drop" => web::see_other(&format!("/work/records/{}/edit", form.id)),
        _ => StatusCode::NO_CONTENT.into_response(),
    })
}

/// Keeps what is typed.
pub(super) async fn save(app: &App, actor: &Actor, form: &RecordForm) -> Result<()> {
    let tx = app.db.begin(&actor.jurisdiction).await?;
    drafts::save(&tx, actor, &key_of(&form.id), &serde_json::to_string(form)?, app.now()).await?;
    tx.commit_unaudited("keeping a draft of a record").await
}

/// Drops what was kept; the files of a record that was never written down go with it.
async fn drop_kept(app: &App, actor: &Actor, form: &RecordForm) -> Result<()> {
    let tx = app.db.begin(&actor.jurisdiction).await?;
    drafts::drop(&tx, actor, &key_of(&form.id)).await?;
    if form.id.is_empty() {
        files::discard_form(&tx, actor, &form.key).await?;
    }
    tx.commit_unaudited("dropping a draft of a record").await
}

/// The draft that was kept, and when.
pub async fn kept(app: &App, actor: &Actor, id: &str) -> Result<Option<(RecordForm, i64)>> {
    let draft = drafts::find(app.db.reader(), actor, &key_of(id)).await?;
    Ok(draft.and_then(|draft| Some((serde_json::from_str(&draft.payload).ok()?, draft.updated_at))))
}
