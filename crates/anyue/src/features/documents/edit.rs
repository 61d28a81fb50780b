//! A draft being written: everything that is printed, with a preview.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::model::{Content, Kind, Paper, State as Stand};
use super::shown::{self, ShownPiece};
use super::{show, store};
use crate::App;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// 修改草稿
#[derive(Debug, Template)]
#[template(path = "features/documents/templates/edit.html")]
pub struct EditPage {
    /// Around it.
    pub frame: Frame,
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: Kind,
    /// What is printed.
    pub content: Content,
    /// The version that was opened.
    pub version: i64,
    /// Why it was sent back; empty when it was not.
    pub comment: String,
    /// How it will look.
    pub preview: Vec<ShownPiece>,
    /// What is wrong.
    pub errors: FieldErrors,
}

/// The fields.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct EditForm {
    #[serde(flatten)]
    content: Content,
    version: String,
    /// `submit`: goes to approval as well.
    action: String,
}

/// `GET /documents/{id}/edit`
pub async fn page(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    let paper = show::visible(&app, &page.actor, Permission::DocumentEdit, &id).await?;
    paper.require(&[Stand::Draft], "修改")?;
    web::page(&build(&page, paper, FieldErrors::new()))
}

fn build(page: &Page, paper: Paper, errors: FieldErrors) -> EditPage {
    EditPage {
        frame: page.frame(format!("修改{}", paper.kind.label()), "documents"),
        id: paper.id,
        kind: paper.kind,
        preview: shown::pieces(&paper.content),
        content: paper.content,
        version: paper.version,
        comment: paper.comment,
        errors,
    }
}

/// `POST /documents/{id}/preview`: how the body will look, while it is written.
pub async fn preview(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Form(form): Form<EditForm>,
) -> Result<Response> {
    let paper = show::visible(&app, &page.actor, Permission::DocumentEdit, &id).await?;
    let version = form.version.parse().unwrap_or_default();
    let content = written(form.content, &paper);
    web::page(&build(&page, Paper { content, version, ..paper }, FieldErrors::new()))
}

/// `POST /documents/{id}/edit`
pub async fn submit(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Form(form): Form<EditForm>,
) -> Result<Response> {
    let goes_on = form.action == "submit";
    let (content, version) = (form.content.tidied(), form.version.parse().unwrap_or_default());
    match save(&app, &page.actor, &id, content.clone(), version, goes_on).await {
        Ok(()) if goes_on => {
            Ok(web::see_other_with(&format!("/documents/{id}"), &Flash::success("已送审签，审签前不能再改。")))
        }
        Ok(()) => Ok(web::see_other_with(&format!("/documents/{id}/edit"), &Flash::success("草稿已保存。"))),
        Err(Error::Invalid(errors)) => {
            let paper = show::visible(&app, &page.actor, Permission::DocumentEdit, &id).await?;
            let content = written(content, &paper);
            web::page_invalid(&build(&page, Paper { content, version, ..paper }, errors))
        }
        Err(Error::Changed) => {
            let mut paper = show::visible(&app, &page.actor, Permission::DocumentEdit, &id).await?;
            let words = format!(
                "{}刚刚保存过这份草稿。下面是您写的内容，还没有保存；请另开一页对照后再保存，以您这份为准。",
                paper.updated_by
            );
            paper.content = written(content, &paper);
            web::page_changed(&build(&page, paper, FieldErrors::one("body", words)))
        }
        Err(other) => Err(other),
    }
}

/// What was typed, with the addresses the draft came with.
fn written(typed: Content, paper: &Paper) -> Content {
    Content { sources: paper.content.sources.clone(), ..typed.tidied() }
}

/// Keeps a draft; `goes_on`: and sends it to approval.
///
/// # Errors
/// [`Error::Changed`] when somebody else was first; [`Error::Invalid`] with messages by field.
pub async fn save(app: &App, actor: &Actor, id: &str, content: Content, version: i64, goes_on: bool) -> Result<()> {
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let mut paper = show::visible_in(&*tx, app, actor, Permission::DocumentEdit, id).await?;
    paper.require(&[Stand::Draft], "修改")?;
    let errors = if goes_on { content.check_complete(paper.kind) } else { content.check() };
    errors.into_result()?;
    if paper.version != version {
        return Err(Error::Changed);
    }
    paper.content = written(content, &paper);
    if goes_on {
        paper.state = Stand::Submitted;
    }
    paper.version += 1;
    paper.updated_by.clone_from(&actor.name);
    paper.updated_at = app.now();
    store::update(&tx, &paper).await?;
    let (kind, said) = match goes_on {
        true => ("document.submitted", format!("送审“{}”。", paper.content.title_line())),
        false => ("document.edited", format!("修改了“{}”。", paper.content.title_line())),
    };
    tx.commit(Event::new(actor, kind, "document", &paper.id, said).unit(&paper.unit_id)).await
}

#[cfg(any(test, feature = "testing"))]
impl EditPage {
    /// An example.
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            id: "1".to_owned(),
            kind: Kind::Report,
            content: Content {
                title: "关于情况的报告".to_owned(),
                body: "一、情况\n本周已报送[47](1)家。".to_owned(),
                sources: vec!["/campaigns/1/board".to_owned()],
                ..Content::default()
            },
            version: 2,
            comment: "请补充下一步打算。".to_owned(),
            preview: shown::sample(),
            errors: FieldErrors::one("signer", "上行文要标明签发人。"),
        }
    }
}
