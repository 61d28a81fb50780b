//! The page where a table is chosen, and its arrival.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::response::Response;

use super::rows::{self, UnitTable};
use crate::App;
use crate::features::units::model::UnitRef;
use crate::features::units::{api, store};
use crate::page::Page;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::web::{self, Frame, upload};
use crate::platform::{FieldErrors, drafts};

/// Largest file, in bytes.
pub const LIMIT: u64 = 8 << 20;
/// Where a table waits between being shown and being taken over.
pub const DRAFT: &str = "units.import";

/// What waits: the table, and where it is to go.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct Waiting {
    /// The unit it is imported below.
    pub top: UnitId,
    /// The table.
    pub table: UnitTable,
}

/// 导入单位
#[derive(Debug, Template)]
#[template(path = "features/units/templates/import.html")]
pub struct ImportPage {
    /// Around it.
    pub frame: Frame,
    /// What is wrong with what was sent.
    pub errors: FieldErrors,
    /// The units it may be imported below: id and name.
    pub tops: Vec<(String, String)>,
    /// The one chosen.
    pub top: String,
    /// A table that waits to be confirmed: its name.
    pub waiting: Option<String>,
    /// The latest imports.
    pub imports: Vec<ImportLine>,
}

/// One import, in words.
#[derive(Debug)]
pub struct ImportLine {
    /// Its id.
    pub id: String,
    /// When and by whom.
    pub when: String,
    /// Name of the file.
    pub file_name: String,
    /// What it did.
    pub words: String,
    /// Whether it is the last one, which can be taken back.
    pub can_undo: bool,
}

/// `GET /units/import`
pub async fn page(State(app): State<App>, page: Page) -> Result<Response> {
    web::page(&build(&app, &page, "", FieldErrors::new()).await?)
}

async fn build(app: &App, page: &Page, top: &str, errors: FieldErrors) -> Result<ImportPage> {
    let actor = &page.actor;
    let scope = actor.scope(Permission::UnitEdit);
    let units = api::list(app.db.reader(), &actor.jurisdiction, &scope).await?;
    let waiting = drafts::find(app.db.reader(), actor, DRAFT).await?;
    let waiting = waiting.and_then(|draft| serde_json::from_str::<Waiting>(&draft.payload).ok());
    let imports = store::imports::latest(app.db.reader(), &actor.jurisdiction, 10).await?;
    let last = imports.iter().find(|import| import.undone_at.is_none()).map(|last| last.unit_import_id.clone());
    let lines = imports.iter().filter(|import| scope.covers(&import.top_path)).map(|import| ImportLine {
        id: import.unit_import_id.clone(),
        when: format!("{}　{}", crate::features::units::words::moment(import.at), import.actor_name),
        file_name: import.file_name.clone(),
        words: match import.undone_at {
            Some(_) => "已撤销".to_owned(),
            None => format!("新增{}个，修改{}个", import.added, import.changed),
        },
        can_undo: last.as_deref() == Some(&import.unit_import_id),
    });
    Ok(ImportPage {
        frame: page.frame("导入单位", "units"),
        errors,
        top: if top.is_empty() {
            units.first().map(|unit| unit.id.0.clone()).unwrap_or_default()
        } else {
            top.to_owned()
        },
        tops: choices(&units),
        waiting: waiting.map(|waiting| waiting.table.file_name),
        imports: lines.collect(),
    })
}

/// Units to choose from, their depth shown by spaces before the name.
pub fn choices(units: &[UnitRef]) -> Vec<(String, String)> {
    let depth = |unit: &UnitRef| unit.path.matches('/').count();
    let least = units.iter().map(depth).min().unwrap_or_default();
    units.iter().map(|unit| (unit.id.0.clone(), format!("{}{}", "　".repeat(depth(unit) - least), unit.name))).collect()
}

/// `POST /units/import`: reads the table and keeps it for the preview. Changes no unit.
pub async fn submit(State(app): State<App>, page: Page, body: Multipart) -> Result<Response> {
    let actor = &page.actor;
    let form = match upload::read(&app, &actor.jurisdiction, body, LIMIT).await {
        Err(Error::TooLarge(message)) => return invalid(&app, &page, "", "file", message).await,
        other => other?,
    };
    let top = form.text("top").to_owned();
    let Some(file) = form.files.first() else {
        return invalid(&app, &page, &top, "file", "请选择要导入的表格文件。".to_owned()).await;
    };
    let bytes = app.blobs.read(&actor.jurisdiction, &file.blob.sha256).await?;
    match keep(&app, actor, UnitId(top.clone()), &bytes, &file.name).await {
        Ok(()) => Ok(web::see_other("/units/import/preview")),
        Err(Error::Refused(message) | Error::TooLarge(message)) => invalid(&app, &page, &top, "file", message).await,
        Err(Error::NotFound) => invalid(&app, &page, "", "top", "请选择导入到哪个单位之下。".to_owned()).await,
        Err(other) => Err(other),
    }
}

async fn invalid(app: &App, page: &Page, top: &str, field: &str, message: String) -> Result<Response> {
    web::page_invalid(&build(app, page, top, FieldErrors::one(field, message)).await?)
}

async fn keep(app: &App, actor: &Actor, top: UnitId, bytes: &[u8], file_name: &str) -> Result<()> {
    let unit = api::get(app.db.reader(), &actor.jurisdiction, &top).await?;
    actor.require(Permission::UnitEdit, &unit.path)?;
    let table = rows::read(bytes, file_name)?;
    let payload = serde_json::to_string(&Waiting { top, table })?;
    let tx = app.db.begin(&actor.jurisdiction).await?;
    drafts::save(&tx, actor, DRAFT, &payload, app.now()).await?;
    tx.commit_unaudited("keeping a table of units until it is confirmed").await
}

#[cfg(any(test, feature = "testing"))]
impl ImportPage {
    /// An example.
    pub fn sample() -> Self {
        Self {
            frame: Frame::default(),
            errors: FieldErrors::one("file", "请选择要导入的表格文件。"),
            tops: vec![("1".to_owned(), "青龙山镇".to_owned())],
            top: "1".to_owned(),
            waiting: Some("单位.xlsx".to_owned()),
            imports: vec![ImportLine {
                id: "1".to_owned(),
                when: "6月13日08:30　王芳".to_owned(),
                file_name: "单位.xlsx".to_owned(),
                words: "新增14个，修改0个".to_owned(),
                can_undo: true,
            }],
        }
    }
}
