//! The first start: a town, its top unit, the three administrators and the first person of the office, made at
//! once and once only.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;

use super::model::{Account, AccountState, Invitation, NewAccount};
use super::signin::cookie;
use super::visitor::Visitor;
use super::{create, invite, setup_link, slip, store};
use crate::App;
use crate::features::units::api::{self as units, UnitKind};
use crate::page::PublicPage;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{self, Actor, PASSWORD_RULE, Role};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AccountId, JurisdictionId, Secret, UnitId};
use crate::platform::text_key::text_key;
use crate::platform::web::form::Form;
use crate::platform::web::{self, Frame};

/// 首次设置
#[derive(Debug, Template)]
#[template(path = "features/accounts/templates/setup.html")]
pub struct SetupPage {
    /// Around it.
    pub frame: Frame,
    /// Where the form goes: this very link.
    pub action: String,
    /// What was typed.
    pub form: Setup,
    /// Messages by field.
    pub errors: FieldErrors,
    /// Who runs the installation, by its settings; empty when not said.
    pub sponsor: String,
}

impl SetupPage {
    /// Kinds of the unit at the top.
    pub fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        UnitKind::ALL.iter().map(|kind| (kind.code(), kind.label())).collect()
    }

    /// The rule for passwords, in words.
    pub fn rule(&self) -> &'static str {
        PASSWORD_RULE
    }
}

/// 设置完成
#[derive(Debug, Template)]
#[template(path = "features/accounts/templates/setup_done.html")]
pub struct DonePage {
    /// Around it.
    pub frame: Frame,
    /// The town.
    pub town: String,
    /// Links for the others.
    pub slips: Vec<slip::Slip>,
}

/// 链接已失效
#[derive(Debug, Template)]
#[template(path = "features/accounts/templates/setup_gone.html")]
pub struct GonePage {
    /// Around it.
    pub frame: Frame,
    /// There is a town already.
    pub done: bool,
}

/// The form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Setup {
    /// Name of the town.
    pub town: String,
    /// Kind of the unit at the top.
    pub kind: String,
    /// System administrator: name.
    pub sysadmin_name: String,
    /// System administrator: login.
    pub sysadmin_login: String,
    password: String,
    again: String,
    /// Security administrator: name.
    pub secadmin_name: String,
    /// Security administrator: login.
    pub secadmin_login: String,
    /// Audit administrator: name.
    pub auditor_name: String,
    /// Audit administrator: login.
    pub auditor_login: String,
    /// First person of the office: name.
    pub office_name: String,
    /// First person of the office: login.
    pub office_login: String,
}

/// A town to be founded.
#[derive(Clone, Debug)]
pub struct Founding {
    /// Its name, which is that of its top unit.
    pub name: String,
    /// Kind of the top unit.
    pub kind: UnitKind,
    /// The first people, each with their role for the whole town: name, login.
    pub people: Vec<(Role, String, String)>,
    /// argon2id of the system administrator's password; none: an invitation like the others.
    pub password_hash: Option<String>,
}

/// A town that has been founded.
#[derive(Clone, Debug)]
pub struct Founded {
    /// The unit at the top.
    pub unit_id: UnitId,
    /// The accounts, in the order of [`Founding::people`], with the link of those that need one.
    pub accounts: Vec<(Account, Role, Option<Invitation>)>,
}

#[cfg(any(test, feature = "testing"))]
impl SetupPage {
    /// For the template test.
    pub fn sample() -> Self {
        Self {
            frame: Frame { title: "首次设置".to_owned(), ..Frame::default() },
            action: "/setup/x".to_owned(),
            form: Setup { town: "青龙山镇".to_owned(), ..suggested() },
            errors: FieldErrors::one("auditor_name", "请填写姓名。"),
            sponsor: String::new(),
        }
    }
}

#[cfg(any(test, feature = "testing"))]
impl DonePage {
    /// For the template test.
    pub fn sample() -> Self {
        Self {
            frame: Frame { title: "设置完成".to_owned(), ..Frame::default() },
            town: "青龙山镇".to_owned(),
            slips: vec![slip::Slip::sample()],
        }
    }
}

#[cfg(any(test, feature = "testing"))]
impl GonePage {
    /// For the template test.
    pub fn sample() -> Self {
        Self { frame: Frame { title: "链接已失效".to_owned(), ..Frame::default() }, done: true }
    }
}

/// `GET /setup/{secret}`
pub async fn page(State(app): State<App>, page: PublicPage, Path(secret): Path<String>) -> Result<Response> {
    if setup_link::town_of(&app, &Secret::presented(&secret)).await?.is_none() {
        return gone(&app, &page).await;
    }
    web::page(&setup_page(&app, &page, &secret, suggested(), FieldErrors::new()))
}

/// `POST /setup/{secret}`
pub async fn submit(
    State(app): State<App>,
    page: PublicPage,
    visitor: Visitor,
    Path(secret): Path<String>,
    Form(form): Form<Setup>,
) -> Result<Response> {
    let Some(town) = setup_link::town_of(&app, &Secret::presented(&secret)).await? else {
        return gone(&app, &page).await;
    };
    let (founding, password) = match parse(&form) {
        Ok(parsed) => parsed,
        Err(errors) => return web::page_invalid(&setup_page(&app, &page, &secret, form, errors)),
    };
    let founding = Founding { password_hash: Some(auth::hash_password(password).await?), ..founding };
    let founded = match found_town(&app, &town, &founding).await {
        Ok(founded) => founded,
        Err(Error::Refused(_) | Error::Duplicate) => return gone(&app, &page).await,
        Err(error) => return Err(error),
    };
    setup_link::forget(&app).await;

    let tx = app.db.begin(&town).await?;
    let sysadmin = &founded.accounts.first().ok_or_else(|| Error::internal("a town without people"))?.0.id;
    let session = auth::start_session(&tx, &app.ids, sysadmin, &visitor.device, app.now()).await?;
    tx.commit_unaudited("the first session").await?;

    let now = app.now();
    let slip = |(account, role, invitation): (Account, Role, Option<Invitation>)| {
        invitation.map(|invitation| {
            slip::Slip::new(&account.name, &account.login, &founding.name, role.label(), &invitation, now)
        })
    };
    let slips = founded.accounts.into_iter().filter_map(slip).collect();
    let done = DonePage { frame: page.frame("设置完成"), town: founding.name.clone(), slips };
    Ok((cookie(&app, session.secret.reveal()), Html(done.render()?)).into_response())
}

/// Founds the first town: itself, its top unit, its first people and their links, in one transaction.
///
/// # Errors
/// [`Error::Refused`] when there is a town already.
pub async fn found_town(app: &App, town: &JurisdictionId, founding: &Founding) -> Result<Founded> {
    let actor = Actor::system(town);
    let now = app.now();
    let tx = app.db.begin(town).await?;
    if store::towns::first(&*tx).await?.is_some() {
        return Err(Error::refused("系统已经完成首次设置。"));
    }
    store::towns::insert(&tx, &founding.name, now).await?;
    let top = units::create_top(app, &tx, &actor, &founding.name, founding.kind).await?;
    let mut accounts = Vec::new();
    for (role, name, login) in &founding.people {
        let id: AccountId = app.ids.id();
        let new = NewAccount {
            login: login.clone(),
            name: name.clone(),
            phone: String::new(),
            roles: vec![(*role, top.clone())],
        };
        create::insert(app, &tx, &id, &new, now).await?;
        let account = Account {
            id,
            login: new.login,
            name: new.name,
            phone: new.phone,
            password_hash: None,
            state: AccountState::Invited,
            failed_count: 0,
            locked_until: None,
            version: 1,
        };
        let invitation = match &founding.password_hash {
            Some(hash) if *role == Role::Sysadmin => {
                store::accounts::set_password(&tx, &account.id, hash, now).await?;
                None
            }
            _ => Some(invite::make(app, &tx, &actor, &account, now).await?),
        };
        accounts.push((account, *role, invitation));
    }
    let words = format!("首次设置：{}", founding.name);
    tx.commit(Event::new(&actor, "town.founded", "town", town, words).unit(&top)).await?;
    Ok(Founded { unit_id: top, accounts })
}

fn suggested() -> Setup {
    Setup {
        kind: UnitKind::Township.code().to_owned(),
        sysadmin_login: "系统管理员".to_owned(),
        secadmin_login: "安全管理员".to_owned(),
        auditor_login: "审计管理员".to_owned(),
        ..Setup::default()
    }
}

fn parse(form: &Setup) -> Result<(Founding, String), FieldErrors> {
    let mut errors = FieldErrors::new();
    let town = form.town.trim();
    if town.is_empty() {
        errors.add("town", "请填写单位全称，例如“青龙山镇人民政府”或“青龙山镇”。");
    } else if town.chars().count() > 60 {
        errors.add("town", "单位名称最多60个字。");
    }
    let kind = UnitKind::parse(&form.kind);
    if kind.is_none() {
        errors.add("kind", "请选择单位类型。");
    }
    let mut people = Vec::new();
    let mut logins: Vec<String> = Vec::new();
    for (role, key, name, login) in [
        (Role::Sysadmin, "sysadmin", &form.sysadmin_name, &form.sysadmin_login),
        (Role::Secadmin, "secadmin", &form.secadmin_name, &form.secadmin_login),
        (Role::Auditor, "auditor", &form.auditor_name, &form.auditor_login),
        (Role::Office, "office", &form.office_name, &form.office_login),
    ] {
        let name = super::model::check_name(name, &format!("{key}_name"), &mut errors);
        let login_field = format!("{key}_login");
        let login = super::model::check_login(login, &login_field, &mut errors);
        if logins.contains(&text_key(&login)) {
            errors.add(login_field, "几个账号不能相同：这四个岗位由不同的人担任，请换一个账号。");
        }
        logins.push(text_key(&login));
        people.push((role, name, login));
    }
    if let Err(message) = auth::check_password_rules(&form.password, form.sysadmin_login.trim()) {
        errors.add("password", message);
    } else if form.password != form.again {
        errors.add("again", "两次输入的密码不一致，请重新输入。");
    }
    match kind {
        Some(kind) if errors.is_empty() => {
            Ok((Founding { name: town.to_owned(), kind, people, password_hash: None }, form.password.clone()))
        }
        _ => Err(errors),
    }
}

fn setup_page(app: &App, page: &PublicPage, secret: &str, form: Setup, errors: FieldErrors) -> SetupPage {
    SetupPage {
        frame: page.frame("首次设置"),
        action: format!("/setup/{secret}"),
        form,
        errors,
        sponsor: app.config.site.sponsor_unit.clone(),
    }
}

async fn gone(app: &App, page: &PublicPage) -> Result<Response> {
    let done = store::towns::first(app.db.reader()).await?.is_some();
    let page = GonePage { frame: page.frame("链接已失效"), done };
    Ok((StatusCode::GONE, Html(page.render()?)).into_response())
}
