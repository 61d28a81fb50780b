//! 导入通知: a file or pasted text is read, understood, and becomes a draft to be confirmed.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::response::Response;
use official_doc::text::{Format, TextDocument};

use super::by_hand::{blank_campaign, default_receivers, issuing_units, write_draft};
use super::draft;
use super::model::Campaign;
use super::plan::Plan;
use super::store;
use crate::App;
use crate::features::duties::api::CampaignId;
use crate::features::units::api as units;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::blobs;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::{self, Flash, Frame, upload};

/// Largest file that is taken in; the reader itself refuses more than 20 MB in words, with the form kept.
const UPLOAD_LIMIT: u64 = 31 * 1024 * 1024;

/// What is imported.
#[derive(Clone, Debug)]
pub enum Source {
    /// A file: its name and content.
    File(String, Vec<u8>),
    /// Pasted text.
    Text(String),
}

/// Imports a notice.
#[derive(Clone, Debug)]
pub struct ImportNotice {
    /// The unit that issues it.
    pub unit_id: UnitId,
    /// The notice.
    pub source: Source,
    /// Go on by hand although the text is no notice; the text is kept.
    pub as_is: bool,
}

/// A notice that has been read.
#[derive(Clone, Debug)]
pub struct Understood {
    /// Its text.
    pub document: TextDocument,
    /// What was understood, JSON.
    pub plan_json: String,
    /// What was understood.
    pub plan: Plan,
}

/// 导入通知
#[derive(Debug, Template)]
#[template(path = "features/campaigns/templates/import.html")]
pub struct ImportPage {
    /// Around it.
    pub frame: Frame,
    /// The issuing unit chosen.
    pub unit: String,
    /// Units that the actor may issue for.
    pub units: Vec<(String, String)>,
    /// Pasted text.
    pub text: String,
    /// What is wrong.
    pub errors: FieldErrors,
    /// The text could be read and is no notice: why.
    pub not_a_notice: Option<String>,
}

/// `GET /campaigns/import`
pub async fn page(page: Page) -> Result<Response> {
    let units = issuing_units(&page.actor);
    web::page(&ImportPage {
        frame: page.frame("导入通知", "campaigns"),
        unit: units.first().map(|unit| unit.0.clone()).unwrap_or_default(),
        units,
        text: String::new(),
        errors: FieldErrors::new(),
        not_a_notice: None,
    })
}

/// `POST /campaigns/import`
pub async fn submit(State(app): State<App>, page: Page, body: Multipart) -> Result<Response> {
    let form = upload::read(&app, &page.actor.jurisdiction, body, UPLOAD_LIMIT).await?;
    let units = issuing_units(&page.actor);
    let unit = match (form.text("unit").trim(), units.first()) {
        ("", Some((first, _))) => first.clone(),
        (chosen, _) => chosen.to_owned(),
    };
    let mut again = ImportPage {
        frame: page.frame("导入通知", "campaigns"),
        unit: unit.clone(),
        units,
        text: form.text("text").to_owned(),
        errors: FieldErrors::new(),
        not_a_notice: None,
    };
    let source = match form.files.first() {
        Some(file) => {
            Source::File(file.name.clone(), app.blobs.read(&page.actor.jurisdiction, &file.blob.sha256).await?)
        }
        None if again.text.trim().is_empty() => {
            again.errors.add("file", "请选择通知文件，或者在下面粘贴通知全文。");
            return web::page_invalid(&again);
        }
        None => Source::Text(again.text.clone()),
    };
    let as_is = form.text("as_is") == "yes";
    let field = if matches!(source, Source::File(..)) { "file" } else { "text" };
    let understood = match understand(&source).await? {
        Ok(understood) => understood,
        Err(sentence) => {
            again.errors.add(field, sentence);
            return web::page_invalid(&again);
        }
    };
    if !understood.plan.is_notice && !as_is {
        let why = understood.plan.warnings.first().map(|warning| warning.message.clone());
        again.not_a_notice = Some(why.unwrap_or_else(|| "这段文字不像一份布置工作的通知。".to_owned()));
        again.text = understood.document.text();
        return web::page_invalid(&again);
    }
    let mut warnings: Vec<String> = understood.document.warnings.iter().map(ToString::to_string).collect();
    if let Some(number) = understood.plan.doc_number.as_ref().map(|number| number.value.as_str())
        && let Some(same) =
            store::with_number(app.db.reader(), &page.actor.jurisdiction, &UnitId::from(unit.as_str()), number).await?
    {
        warnings.push(format!(
            "已经有一份同样文号（{number}）的活动，状态是“{}”。如是重复导入，请从“更多操作”删除这份草稿。",
            same.state.label()
        ));
    }
    let id = carry_out(&app, &page.actor, &UnitId(unit), &source, understood).await?;
    let flash = if warnings.is_empty() {
        Flash::success("通知已读入。请对照原文逐项核对，选好接收单位后发布。")
    } else {
        Flash::warning(format!("通知已读入。{}", warnings.join("")))
    };
    Ok(web::see_other_with(&format!("/campaigns/{id}/confirm"), &flash))
}

/// Reads and understands a notice, away from the threads that answer requests. The inner error is a sentence
/// for the clerk.
pub async fn understand(source: &Source) -> Result<Result<Understood, String>> {
    let source = source.clone();
    let work = move || {
        let document = match &source {
            Source::File(name, bytes) => official_doc::read(bytes, Some(name)),
            Source::Text(text) => TextDocument::pasted(text),
        };
        let document = document.map_err(|error| error.to_string())?;
        let plan_json = parse(&document.lines)?;
        let plan = Plan::from_json(&plan_json);
        Ok(Understood { document, plan_json, plan })
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

/// Reads a notice and makes a draft of it.
///
/// # Errors
/// [`Error::Invalid`] with a sentence at `file` or `text` when it cannot be read, or is no notice.
pub async fn import(app: &App, actor: &Actor, cmd: ImportNotice) -> Result<CampaignId> {
    let field = if matches!(cmd.source, Source::File(..)) { "file" } else { "text" };
    let invalid = |sentence: String| Error::Invalid(FieldErrors::one(field, sentence));
    let understood = understand(&cmd.source).await?.map_err(invalid)?;
    if !understood.plan.is_notice && !cmd.as_is {
        return Err(invalid("这段文字不像一份布置工作的通知，没有建立活动。".to_owned()));
    }
    carry_out(app, actor, &cmd.unit_id, &cmd.source, understood).await
}

async fn carry_out(
    app: &App,
    actor: &Actor,
    unit_id: &UnitId,
    source: &Source,
    understood: Understood,
) -> Result<CampaignId> {
    let unit = units::get(app.db.reader(), &actor.jurisdiction, unit_id).await?;
    actor.require(Permission::CampaignEdit, &unit.path)?;
    let children = units::below(app.db.reader(), &actor.jurisdiction, &unit).await?;
    let file = match source {
        Source::File(name, bytes) => Some((name, app.blobs.put(&actor.jurisdiction, bytes.clone()).await?)),
        Source::Text(_) => None,
    };

    let id: CampaignId = app.ids.id();
    let (format, media_type) = format_of(understood.document.format);
    let mut draft = draft::draft(&understood.plan, &understood.document.lines);
    if draft.head.issuer.is_empty() {
        draft.head.issuer.clone_from(&unit.name);
    }
    if draft.head.title.is_empty() {
        let first = understood.document.lines.iter().map(|line| line.trim()).find(|line| !line.is_empty());
        draft.head.title = first.unwrap_or("未命名的通知").chars().take(100).collect();
    }
    if draft.receivers.is_any() {
        draft.receivers = default_receivers(&unit, &children);
    }
    let campaign = Campaign {
        notice_plan: if understood.plan.is_notice { understood.plan_json } else { String::new() },
        notice_format: format.to_owned(),
        ..blank_campaign(id.clone(), &unit, &draft.head, draft.receivers, understood.document.text())
    };

    let now = app.now();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    write_draft(app, &tx, actor, &campaign, draft.activities, draft.duties).await?;
    if let Some((name, blob)) = file {
        blobs::link(&tx, &app.ids, &blob, name, media_type, "campaign", id.as_str(), &actor.account_id, now).await?;
    }
    let summary = format!("导入了通知“{}”。", campaign.header.title);
    tx.commit(Event::new(actor, "campaign.imported", "campaign", &id, summary).unit(&unit.id)).await?;
    Ok(id)
}

fn format_of(format: Format) -> (&'static str, &'static str) {
    match format {
        Format::Txt(_) => ("txt", "text/plain; charset=utf-8"),
        Format::Docx => ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        Format::Ofd => ("ofd", "application/ofd"),
        Format::Pdf => ("pdf", "application/pdf"),
        Format::Pasted => ("pasted", "text/plain; charset=utf-8"),
    }
}

/// What the compiler understands, as JSON of `anyue/notice/1`.
fn parse(lines: &[String]) -> Result<String, String> {
    serde_json::to_string(&notice::parse(lines)).map_err(|error| error.to_string())
}

impl ImportPage {
    /// A page to look at.
    #[cfg(any(test, feature = "testing"))]
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            unit: "1".to_owned(),
            units: vec![("1".to_owned(), "青龙山镇".to_owned())],
            text: String::new(),
            errors: FieldErrors::one("file", "这是旧版 Word 文档（doc），不能直接读取。"),
            not_a_notice: Some("这是一篇新闻报道，没有布置任务。".to_owned()),
        }
    }
}
