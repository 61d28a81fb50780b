//! What becomes of a document: sent to approval, approved, sent back, numbered and issued, given up.

use axum::extract::{Path, State};
use axum::response::Response;

use super::model::{Content, Paper, State as Stand, check_word, number_in_words};
use super::{show, store};
use crate::App;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};
use crate::platform::web::form::{Form, at_most, required};
use crate::platform::web::{self, Flash};

/// The fields of approval.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct ApproveForm {
    /// Who approved it on paper; the actor when left out.
    pub approver: String,
    /// Why it is sent back, or given up (`reason`, where both are asked on one page).
    #[serde(alias = "reason")]
    pub comment: String,
}

/// The fields of the number.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct IssueForm {
    /// 机关代字; empty with `none`.
    pub word: String,
    /// The last number of this year that was given on paper, before the first is given here.
    pub first: String,
    /// It bears no number (a brief, a summary).
    pub none: String,
}

/// `POST /documents/{id}/approve`
pub async fn approve(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Form(form): Form<ApproveForm>,
) -> Result<Response> {
    approve_paper(&app, &page.actor, &id, form.approver.trim()).await?;
    Ok(web::see_other_with(&format!("/documents/{id}"), &Flash::success("已审签。内容不再变动，可以编号印发。")))
}

/// Approves a document: the leader in person, or the office with the name of who signed it on paper.
///
/// # Errors
/// [`Error::Forbidden`] when neither; [`Error::Refused`] from another state or without that name.
pub async fn approve_paper(app: &App, actor: &Actor, id: &str, on_paper: &str) -> Result<()> {
    let (tx, mut paper) = begin(app, actor, Permission::DocumentView, id).await?;
    paper.require(&[Stand::Submitted], "审签")?;
    let unit = crate::features::units::api::get(&*tx, &actor.jurisdiction, &paper.unit_id).await?;
    let in_person = actor.scope(Permission::DocumentApprove).covers(&unit.path);
    if !in_person {
        actor.require(Permission::DocumentEdit, &unit.path)?;
        if on_paper.is_empty() {
            return Err(Error::refused("请填写在纸质文稿上审签的领导姓名。"));
        }
        if on_paper.chars().count() > 40 {
            return Err(Error::refused("姓名太长，请核对。"));
        }
    }
    paper.state = Stand::Approved;
    paper.approved_by =
        if in_person { actor.name.clone() } else { format!("{on_paper}（纸质审签，{}登记）", actor.name) };
    paper.approved_at = Some(app.now());
    let said = format!("{}“{}”。", if in_person { "审签了" } else { "登记了纸质审签的" }, paper.content.title_line());
    finish(app, actor, tx, paper, "document.approved", said).await
}

/// `POST /documents/{id}/return`: back to its writer, with a reason.
pub async fn send_back(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Form(form): Form<ApproveForm>,
) -> Result<Response> {
    let (tx, mut paper) = begin(&app, &page.actor, Permission::DocumentView, &id).await?;
    paper.require(&[Stand::Submitted, Stand::Approved], "退回")?;
    let unit = crate::features::units::api::get(&*tx, &page.actor.jurisdiction, &paper.unit_id).await?;
    if !page.actor.scope(Permission::DocumentApprove).covers(&unit.path) {
        page.actor.require(Permission::DocumentEdit, &unit.path)?;
    }
    let Some(comment) = reason(&form.comment, "请写明退回的原因。") else {
        return Err(Error::refused("请写明退回的原因，不超过300字。"));
    };
    paper.state = Stand::Draft;
    paper.approved_by = String::new();
    paper.approved_at = None;
    let said = format!("退回“{}”：{comment}", paper.content.title_line());
    paper.comment = comment;
    finish(&app, &page.actor, tx, paper, "document.returned", said).await?;
    Ok(web::see_other_with(&format!("/documents/{id}"), &Flash::success("已退回修改。")))
}

fn reason(text: &str, message: &str) -> Option<String> {
    let mut errors = FieldErrors::new();
    let reason = required(text, "comment", message, &mut errors).to_owned();
    at_most(&reason, 300, "comment", &mut errors);
    errors.is_empty().then_some(reason)
}

/// `POST /documents/{id}/issue`
pub async fn issue(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Form(form): Form<IssueForm>,
) -> Result<Response> {
    match issue_paper(&app, &page.actor, &id, &form).await {
        Ok(number) => {
            let words =
                if number.is_empty() { "已印发。".to_owned() } else { format!("已编号印发：{number}。") };
            Ok(web::see_other_with(&format!("/documents/{id}"), &Flash::success(&words)))
        }
        Err(Error::Invalid(errors)) => {
            let paper = show::visible(&app, &page.actor, Permission::DocumentEdit, &id).await?;
            web::page_invalid(&show::build(&app, &page, paper, form, errors).await?)
        }
        Err(other) => Err(other),
    }
}

/// Gives an approved document the next number of its office, word and year, and today's date; the number.
///
/// Numbers of an office, a word and a year follow one another without a gap from the first that was given here on, and
/// none is given twice; towns that began the year on paper say where they stopped.
///
/// # Errors
/// [`Error::Refused`] before approval; [`Error::Invalid`] with messages by field.
pub async fn issue_paper(app: &App, actor: &Actor, id: &str, form: &IssueForm) -> Result<String> {
    let (tx, mut paper) = begin(app, actor, Permission::DocumentEdit, id).await?;
    paper.require(&[Stand::Approved], "编号印发")?;
    let today = app.clock.today();
    if form.none.is_empty() {
        let (word, year) = (form.word.trim().to_owned(), i64::from(today.year()));
        let mut errors = FieldErrors::new();
        check_word(&word, &mut errors);
        let last = store::last_serial(&*tx, &actor.jurisdiction, &paper.unit_id, (&word, year)).await?;
        let last = match (last, form.first.trim()) {
            (Some(last), _) => last,
            (None, "") => 0,
            (None, first) => match first.parse::<i64>().ok().filter(|first| (0..100_000).contains(first)) {
                Some(first) => first,
                None => {
                    errors.add("first", "请填写本年度在纸上已经用到第几号，如120；没有就填0。");
                    0
                }
            },
        };
        errors.into_result()?;
        paper.number = number_in_words(&word, year, last + 1);
        paper.updated_at = app.now();
        store::insert_number(&tx, &paper, (&word, year, last + 1), &actor.name).await?;
    }
    paper.state = Stand::Issued;
    paper.dated = Some(today);
    paper.issued_by.clone_from(&actor.name);
    paper.issued_at = Some(app.now());
    let number = paper.number.clone();
    let said = format!("印发“{}”{number}。", paper.content.title_line());
    finish(app, actor, tx, paper, "document.issued", said).await?;
    Ok(number)
}

/// `POST /documents/{id}/void`
pub async fn void(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Form(form): Form<ApproveForm>,
) -> Result<Response> {
    let Some(comment) = reason(&form.comment, "请写明作废的原因。") else {
        return Err(Error::refused("请写明作废的原因，不超过300字。"));
    };
    let (tx, mut paper) = begin(&app, &page.actor, Permission::DocumentEdit, &id).await?;
    paper.require(&[Stand::Submitted, Stand::Approved, Stand::Issued], "作废")?;
    store::void_number(&tx, &paper.id, &comment).await?;
    paper.state = Stand::Void;
    let said = format!("作废“{}”{}：{comment}", paper.content.title_line(), paper.number);
    paper.comment = comment;
    finish(&app, &page.actor, tx, paper, "document.voided", said).await?;
    Ok(web::see_other_with(&format!("/documents/{id}"), &Flash::success("已作废。文号保留在登记簿里，不再使用。")))
}

/// `POST /documents/{id}/delete`: a draft that never had a number.
pub async fn delete(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    let (tx, paper) = begin(&app, &page.actor, Permission::DocumentEdit, &id).await?;
    paper.require(&[Stand::Draft], "删除")?;
    store::delete(&tx, &id).await?;
    let said = format!("删除了草稿“{}”。", paper.content.title_line());
    tx.commit(Event::new(&page.actor, "document.deleted", "document", &id, said).unit(&paper.unit_id)).await?;
    Ok(web::see_other_with("/documents", &Flash::success("草稿已删除。")))
}

/// `POST /documents/{id}/copy`: a new draft with the same words.
pub async fn copy(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    let (tx, paper) = begin(&app, &page.actor, Permission::DocumentEdit, &id).await?;
    let now = app.now();
    let copy = Paper {
        id: app.ids.id(),
        state: Stand::Draft,
        content: Content { title: paper.content.title.clone(), ..paper.content.clone() },
        number: String::new(),
        dated: None,
        comment: String::new(),
        approved_by: String::new(),
        approved_at: None,
        issued_by: String::new(),
        issued_at: None,
        version: 1,
        created_by: page.actor.name.clone(),
        created_at: now,
        updated_by: page.actor.name.clone(),
        updated_at: now,
        ..paper
    };
    store::insert(&tx, &copy, &page.actor.account_id).await?;
    let said = format!("照“{}”另起一份草稿。", copy.content.title_line());
    tx.commit(Event::new(&page.actor, "document.drafted", "document", &copy.id, said).unit(&copy.unit_id)).await?;
    Ok(web::see_other_with(&format!("/documents/{}/edit", copy.id), &Flash::success("已照原文另起一份草稿。")))
}

async fn begin(app: &App, actor: &Actor, permission: Permission, id: &str) -> Result<(WriteTx, Paper)> {
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let paper = show::visible_in(&*tx, app, actor, permission, id).await?;
    Ok((tx, paper))
}

async fn finish(
    app: &App,
    actor: &Actor,
    tx: WriteTx,
    mut paper: Paper,
    kind: &'static str,
    said: String,
) -> Result<()> {
    paper.version += 1;
    paper.updated_by.clone_from(&actor.name);
    paper.updated_at = app.now();
    store::update(&tx, &paper).await?;
    tx.commit(Event::new(actor, kind, "document", &paper.id, said).unit(&paper.unit_id)).await
}
