//! Asking for an archive.

use std::collections::HashSet;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::build::BUILD;
use super::model::{ArchiveId, Wish, may_request};
use super::{show, store};
use crate::App;
use crate::features::campaigns::api::CampaignState;
use crate::features::duties::api::CampaignId;
use crate::features::statistics::api as statistics;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::Actor;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;
use crate::platform::jobs;
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash};

/// The fields.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RequestForm {
    /// `some` when units were chosen.
    pub scope: String,
    /// Ids of units.
    pub units: Vec<String>,
    /// Number of a week.
    pub from: String,
    /// Number of a week.
    pub until: String,
    /// Clean copies.
    pub copies: String,
    /// Originals.
    pub originals: String,
}

impl RequestForm {
    /// As the form is shown first.
    pub fn blank() -> Self {
        Self { scope: "all".to_owned(), copies: "yes".to_owned(), ..Self::default() }
    }

    fn wish(&self, errors: &mut FieldErrors) -> Wish {
        let units: Vec<UnitId> = match self.scope.as_str() {
            "some" => self.units.iter().map(|id| UnitId::from(id.as_str())).collect(),
            _ => Vec::new(),
        };
        if self.scope == "some" && units.is_empty() {
            errors.add("units", "请选择单位，或者选全部单位。");
        }
        let mut week = |text: &str, field: &str| match text {
            "" => None,
            text => text.parse().ok().or_else(|| {
                errors.add(field, "没有这一周，请重新选择。");
                None
            }),
        };
        let (from, until) = (week(&self.from, "from"), week(&self.until, "until"));
        let (copies, originals) = (!self.copies.is_empty(), !self.originals.is_empty());
        Wish { units, from, until, copies, originals }.tidy()
    }
}

/// `POST /campaigns/{id}/archive`
pub async fn submit(
    State(app): State<App>,
    page: Page,
    Path(id): Path<CampaignId>,
    Form(form): Form<RequestForm>,
) -> Result<Response> {
    let mut errors = FieldErrors::new();
    let wish = form.wish(&mut errors);
    let asked = match errors.into_result() {
        Ok(()) => request(&app, &page.actor, &id, wish).await,
        Err(error) => Err(error),
    };
    match asked {
        Ok((_, true)) => {
            let said = Flash::success("已开始生成，可以离开这个页面，生成好以后回来下载。");
            Ok(web::see_other_with(&format!("/campaigns/{id}/archive"), &said))
        }
        Ok((_, false)) => {
            let said = Flash::success("同样的档案正在生成，不用再生成一份。");
            Ok(web::see_other_with(&format!("/campaigns/{id}/archive"), &said))
        }
        Err(Error::Invalid(errors)) => web::page_invalid(&show::build(&app, &page, &id, form, errors).await?),
        Err(error) => Err(error),
    }
}

/// Asks for an archive; the one that is being made when the same was asked for before, and whether it is a new one.
pub async fn request(app: &App, actor: &Actor, id: &CampaignId, wish: Wish) -> Result<(ArchiveId, bool)> {
    let campaign = show::visible(app, actor, id).await?;
    if !may_request(actor, &campaign) {
        return Err(Error::Forbidden("只有审核这项活动的经办人员可以生成档案。".to_owned()));
    }
    if campaign.state == CampaignState::Draft {
        return Err(Error::refused("这项活动还没有发布，没有可以存档的内容。"));
    }
    let units = show::units_of(app, actor, &campaign).await?;
    let weeks = statistics::weeks_of(app, &actor.jurisdiction, &campaign).await?;
    let known: HashSet<&UnitId> = units.iter().map(|unit| &unit.id).collect();
    let mut errors = FieldErrors::new();
    wish.check(&weeks, &known, &mut errors);
    errors.into_result()?;
    let names = units.iter().map(|unit| (unit.id.clone(), unit.name.clone())).collect();
    let words = wish.words(&names);

    let tx = app.db.begin(&actor.jurisdiction).await?;
    let known = store::being_made(&*tx, &actor.jurisdiction, id, &wish).await?;
    let is_new = known.is_none();
    let archive = match known {
        Some(archive) => archive,
        None => {
            let archive: ArchiveId = app.ids.id();
            store::insert(&tx, actor, &archive, id, &wish).await?;
            jobs::enqueue(&tx, &app.ids, BUILD, &archive, Some(archive.as_str()), app.now()).await?;
            archive
        }
    };
    let said = format!("要求生成“{}”的活动档案：{words}", campaign.title);
    let event = Event::new(actor, "archive.requested", "archive", &archive, said).unit(&campaign.issuer_unit_id);
    tx.commit(event).await?;
    Ok((archive, is_new))
}
