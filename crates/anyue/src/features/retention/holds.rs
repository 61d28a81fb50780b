//! 暂停清理: while somebody looks into something, nothing of it goes.

use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use serde::Deserialize;

use super::store::{self, Hold};
use super::{classes, require, words};
use crate::App;
use crate::features::campaigns::api as campaigns;
use crate::features::duties::api::CampaignId;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Permission, Scope};
use crate::platform::error::{Error, Result};
use crate::platform::web::form::{Form, at_most, required};
use crate::platform::web::{self, Flash, Frame};

/// So many campaigns are offered.
const MOST: u64 = 200;

/// 暂停清理
#[derive(Debug, Template)]
#[template(path = "features/retention/templates/holds.html")]
pub struct HoldsPage {
    /// Around it.
    pub frame: Frame,
    /// May change things.
    pub can_edit: bool,
    /// Those that stand first.
    pub lines: Vec<Line>,
    /// What can be held back: value and words.
    pub targets: Vec<(String, String)>,
    /// What was typed.
    pub form: HoldForm,
    /// What is wrong with it.
    pub errors: FieldErrors,
}

/// A hold.
#[derive(Debug)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// What it keeps.
    pub what: String,
    /// Why.
    pub reason: String,
    /// Who, and since when.
    pub begun: String,
    /// Until when; empty while it stands.
    pub ended: String,
}

/// The form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct HoldForm {
    /// `all`, code of a class, or `campaign:` and an id.
    pub class: String,
    /// Why.
    pub reason: String,
}

#[cfg(any(test, feature = "testing"))]
impl HoldsPage {
    /// For the template test.
    pub fn sample() -> Self {
        let line = |what: &str, ended: &str| Line {
            id: "h1".to_owned(),
            what: what.to_owned(),
            reason: "正在接受巡查".to_owned(),
            begun: "王建军　6月13日（周一）08:30".to_owned(),
            ended: ended.to_owned(),
        };
        Self {
            frame: Frame { title: "暂停清理".to_owned(), active: "retention", ..Frame::default() },
            can_edit: true,
            lines: vec![line("全部类别", ""), line("站内消息", "6月20日（周一）09:00")],
            targets: vec![("all".to_owned(), "全部类别".to_owned())],
            form: HoldForm::default(),
            errors: FieldErrors::one("reason", "请写明为什么暂停。"),
        }
    }
}

fn what(hold: &Hold) -> String {
    match (&hold.campaign_id, hold.class.as_str()) {
        (Some(_), _) => format!("活动“{}”的全部内容", hold.campaign),
        (None, "") => "全部类别".to_owned(),
        (None, code) => classes::find(code).map_or_else(|_| code.to_owned(), |class| class.name.to_owned()),
    }
}

/// `GET /retention/holds`
pub async fn page(Shared(app): Shared<App>, page: Page) -> Result<Response> {
    require(&page.actor, Permission::RetentionView)?;
    web::page(&build(&app, &page, HoldForm::default(), FieldErrors::new()).await?)
}

async fn build(app: &App, page: &Page, form: HoldForm, errors: FieldErrors) -> Result<HoldsPage> {
    let (db, town, now) = (app.db.reader(), &page.actor.jurisdiction, app.now());
    let line = |hold: Hold| Line {
        what: what(&hold),
        begun: format!("{}　{}", hold.begun_by, words::moment(hold.begun_at, now)),
        ended: hold.ended_at.map(|at| words::moment(at, now)).unwrap_or_default(),
        id: hold.hold_id,
        reason: hold.reason,
    };
    let mut targets = vec![("all".to_owned(), "全部类别".to_owned())];
    targets.extend(classes::ALL.iter().map(|class| (class.code.to_owned(), class.name.to_owned())));
    let all = campaigns::recent(db, town, &Scope::All, MOST).await?;
    targets.extend(all.into_iter().map(|one| (format!("campaign:{}", one.id), format!("活动：{}", one.title))));
    Ok(HoldsPage {
        frame: page.frame("暂停清理", "retention"),
        can_edit: page.actor.can(Permission::RetentionEdit),
        lines: store::holds(db, town).await?.into_iter().map(line).collect(),
        targets,
        form,
        errors,
    })
}

/// `POST /retention/holds`
pub async fn begin(Shared(app): Shared<App>, page: Page, Form(form): Form<HoldForm>) -> Result<Response> {
    require(&page.actor, Permission::RetentionEdit)?;
    let (db, town) = (app.db.reader(), &page.actor.jurisdiction);
    let mut errors = FieldErrors::new();
    let reason = required(&form.reason, "reason", "请写明为什么暂停。", &mut errors);
    at_most(reason, 200, "reason", &mut errors);
    let (class, campaign) = match form.class.strip_prefix("campaign:") {
        Some(id) => {
            let known = campaigns::header(db, town, &CampaignId::from(id)).await?;
            (String::new(), known.map(|one| (one.id.to_string(), one.title)))
        }
        None => (if form.class == "all" { String::new() } else { form.class.clone() }, None),
    };
    let is_known = campaign.is_some() || form.class == "all" || classes::find(&form.class).is_ok();
    if !is_known {
        errors.add("class", "请选择暂停哪些内容。");
    }
    if !errors.is_empty() {
        return web::page_invalid(&build(&app, &page, form, errors).await?);
    }
    let id: String = app.ids.id();
    let tx = app.db.begin(town).await?;
    store::insert_hold(&tx, &page.actor, &id, &class, campaign.as_ref().map(|(id, _)| id.as_str()), reason).await?;
    let name = match &campaign {
        Some((_, title)) => format!("活动“{title}”的全部内容"),
        None if class.is_empty() => "全部类别".to_owned(),
        None => classes::find(&class)?.name.to_owned(),
    };
    let said = format!("暂停清理{name}：{reason}");
    tx.commit(Event::new(&page.actor, "retention.hold_begun", "retention", &id, said)).await?;
    Ok(web::see_other_with("/retention/holds", &Flash::success("已暂停。恢复以前，这些内容不会清理。")))
}

/// `POST /retention/holds/{id}/end`
pub async fn end(Shared(app): Shared<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    require(&page.actor, Permission::RetentionEdit)?;
    let tx = app.db.begin(&page.actor.jurisdiction).await?;
    if !store::end_hold(&tx, &page.actor, &id).await? {
        return Err(Error::refused("没有找到这项暂停，可能已经恢复。请刷新页面查看。"));
    }
    tx.commit(Event::new(&page.actor, "retention.hold_ended", "retention", &id, "恢复按保存期限清理")).await?;
    Ok(web::see_other_with("/retention/holds", &Flash::success("已恢复。到期的内容从今夜起清理。")))
}
