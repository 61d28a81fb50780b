//! `/records/kinds`: the town's catalogue of kinds: names, other names, measures, order, in use or not.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::kinds::{self, Evidence, Kind, Measure};
use super::store;
use crate::App;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// 活动种类
#[derive(Debug, Template)]
#[template(path = "features/records/templates/kinds.html")]
pub struct KindsPage {
    /// Around it.
    pub frame: Frame,
    /// The catalogue.
    pub kinds: Vec<Kind>,
    /// The kind being changed.
    pub editing: Option<Kind>,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// Somebody else changed it meanwhile: its name and other names as they are now.
    pub conflict: Option<(String, String)>,
}

impl KindsPage {
    /// Every measure, and whether the kind being changed has it.
    pub fn measures(&self) -> Vec<(&'static Measure, bool)> {
        let has = |measure: &Measure| self.editing.as_ref().is_some_and(|kind| kind.measures.contains(&measure.code));
        kinds::measures().iter().map(|measure| (measure, has(measure))).collect()
    }

    /// Names of a kind's measures.
    pub fn measures_in_words(&self, kind: &Kind) -> String {
        kind.measures().iter().map(|measure| measure.label.as_str()).collect::<Vec<_>>().join("、")
    }

    #[cfg(any(test, feature = "testing"))]
    /// An example.
    pub fn sample() -> Self {
        let kinds = kinds::built_in();
        Self {
            frame: Frame::default(),
            editing: kinds.get(1).cloned(),
            kinds,
            errors: FieldErrors::one("name", "请填写种类名称。"),
            conflict: Some(("专题学习".to_owned(), "专题研讨".to_owned())),
        }
    }
}

/// The address's question.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Choice {
    /// Code of the kind to be changed.
    edit: String,
}

/// Whether somebody may change the catalogue: it is the whole town's, so their office must stand at its top.
pub(super) fn may_edit(actor: &Actor) -> bool {
    actor.scope(Permission::RecordKindEdit).is_whole_town()
}

fn require(actor: &Actor) -> Result<()> {
    if may_edit(actor) {
        return Ok(());
    }
    Err(Error::Forbidden("活动种类由镇经办人员统一设置。需要增减指标或别名时，请与他们联系。".to_owned()))
}

/// `GET /records/kinds`
pub async fn page(State(app): State<App>, page: Page, Query(choice): Query<Choice>) -> Result<Response> {
    require(&page.actor)?;
    let kinds = store::kinds::all(app.db.reader(), &page.actor.jurisdiction).await?;
    web::page(&KindsPage {
        frame: page.frame("活动种类", "records"),
        editing: kinds::find(&kinds, &choice.edit).cloned(),
        kinds,
        errors: FieldErrors::new(),
        conflict: None,
    })
}

/// `POST /records/kinds/{code}`
pub async fn submit(
    State(app): State<App>,
    page: Page,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    require(&page.actor)?;
    let kinds = store::kinds::all(app.db.reader(), &page.actor.jurisdiction).await?;
    let present = kinds::find(&kinds, &code).cloned().ok_or(Error::NotFound)?;
    let typed = typed(present.clone(), pairs);
    match save(&app, &page.actor, typed.clone()).await {
        Ok(()) => {
            let words = format!("已保存“{}”的设置，立即生效。", typed.name);
            Ok(web::see_other_with("/records/kinds", &Flash::success(words)))
        }
        Err(error) => {
            let frame = page.frame("活动种类", "records");
            match error {
                Error::Invalid(errors) => {
                    web::page_invalid(&KindsPage { frame, kinds, editing: Some(typed), errors, conflict: None })
                }
                Error::Changed => {
                    let conflict = Some((present.name.clone(), present.aliases_in_words()));
                    let editing = Some(Kind { version: present.version, ..typed });
                    let errors = FieldErrors::new();
                    web::page_changed(&KindsPage { frame, kinds, editing, errors, conflict })
                }
                other => Err(other),
            }
        }
    }
}

/// A kind as typed, over the present one.
fn typed(mut kind: Kind, pairs: Vec<(String, String)>) -> Kind {
    (kind.in_use, kind.evidence) = (false, Evidence::default());
    let mut ticked: Vec<String> = Vec::new();
    for (name, value) in pairs {
        match name.as_str() {
            "name" => kind.name = value,
            "aliases" => kind.aliases = value.split(['、', '，', ',', '\n', '；', ';']).map(str::to_owned).collect(),
            "measures" => ticked.push(value),
            "in_use" => kind.in_use = true,
            "what" => kind.evidence.what = value,
            "clause" => kind.evidence.clause = value,
            "purpose" => kind.evidence.purpose = value,
            "keep" => kind.evidence.keep = value,
            "version" => kind.version = value.parse().unwrap_or(-1),
            _ => {}
        }
    }
    // Those it had keep their order, new ones come behind.
    let mut measures: Vec<String> = kind.measures.into_iter().filter(|code| ticked.contains(code)).collect();
    measures.extend(ticked.into_iter().filter(|code| !measures.contains(code)).collect::<Vec<_>>());
    kind.measures = measures;
    kind.tidy()
}

/// Changes a kind.
///
/// # Errors
/// [`Error::Changed`] when somebody else was first; [`Error::Invalid`] with messages by field.
pub async fn save(app: &App, actor: &Actor, kind: Kind) -> Result<()> {
    require(actor)?;
    let mut errors = FieldErrors::new();
    kind.check(&mut errors);
    errors.into_result()?;

    let tx = app.db.begin(&actor.jurisdiction).await?;
    let kinds = store::kinds::all(&*tx, &actor.jurisdiction).await?;
    let present = kinds::find(&kinds, &kind.code).ok_or(Error::NotFound)?;
    if present.version != kind.version {
        return Err(Error::Changed);
    }
    if kinds.iter().any(|other| other.code != kind.code && other.name == kind.name) {
        return Err(Error::Invalid(FieldErrors::one("name", "已有同名的种类，请换一个名称。")));
    }
    let kind = Kind { ordinal: present.ordinal, ..kind };
    store::kinds::save(&tx, &kind, app.now()).await?;
    let said = format!("设置活动种类“{}”{}", kind.name, if kind.in_use { "" } else { "，停用" });
    tx.commit(Event::new(actor, "record_kind.edited", "record_kind", &kind.code, said)).await
}

/// `POST /records/kinds/{code}/{step}`: one place `up` or `down`.
pub async fn move_submit(
    State(app): State<App>,
    page: Page,
    Path((code, step)): Path<(String, String)>,
) -> Result<Response> {
    require(&page.actor)?;
    let tx = app.db.begin(&page.actor.jurisdiction).await?;
    let kinds = store::kinds::all(&*tx, &page.actor.jurisdiction).await?;
    let Some((one, other)) = kinds::moved(&kinds, &code, step == "up") else {
        return Err(Error::refused("这个种类已经排在最前或最后，不能再移。"));
    };
    store::kinds::save(&tx, &one, app.now()).await?;
    store::kinds::save(&tx, &other, app.now()).await?;
    let said = format!("调整活动种类“{}”的顺序", one.name);
    tx.commit(Event::new(&page.actor, "record_kind.moved", "record_kind", &one.code, said)).await?;
    Ok(web::see_other(&format!("/records/kinds#kind-{code}")))
}
