//! The page of a new account: makes it and its link at once.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::model::{Account, AccountState, INVITABLE, NewAccount};
use super::show::unit_choices;
use super::slip::Slip;
use super::{create, invite};
use crate::App;
use crate::features::units::api as units;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission, Role};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AccountId, UnitId};
use crate::platform::web::form::Form;
use crate::platform::web::{self, Frame};

/// 新建账号
#[derive(Debug, Template)]
#[template(path = "features/accounts/templates/new.html")]
pub struct NewPage {
    /// Around it.
    pub frame: Frame,
    /// What was typed.
    pub form: NewForm,
    /// Units to choose from: id and name.
    pub units: Vec<(String, String)>,
    /// Roles to choose from: code and words.
    pub roles: Vec<(&'static str, &'static str)>,
    /// Messages by field.
    pub errors: FieldErrors,
}

/// 登录链接
#[derive(Debug, Template)]
#[template(path = "features/accounts/templates/slips.html")]
pub struct SlipsPage {
    /// Around it.
    pub frame: Frame,
    /// Heading.
    pub heading: String,
    /// The slips, shown once.
    pub slips: Vec<Slip>,
    /// Where to go from here; the account when there is only one.
    pub back: String,
}

impl SlipsPage {
    /// One line for each slip, as the sheet of links takes them.
    pub fn rows(&self) -> Vec<String> {
        let row =
            |slip: &Slip| [&slip.unit, &slip.name, &slip.login, &slip.url, &slip.until].map(String::as_str).join("\t");
        self.slips.iter().map(row).collect()
    }
}

/// The form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewForm {
    /// Name.
    pub name: String,
    /// Login.
    pub login: String,
    /// Telephone.
    pub phone: String,
    /// Code of a role; `none` for none yet.
    pub role: String,
    /// Id of a unit.
    pub unit: String,
}

#[cfg(any(test, feature = "testing"))]
impl NewPage {
    /// For the template test.
    pub fn sample() -> Self {
        Self {
            frame: Frame { title: "新建账号".to_owned(), active: "accounts", ..Frame::default() },
            form: NewForm { name: "李桂兰".to_owned(), ..NewForm::default() },
            units: vec![("u1".to_owned(), "青龙山镇".to_owned()), ("u2".to_owned(), "　东沟村".to_owned())],
            roles: INVITABLE.iter().map(|role| (role.code(), role.label())).collect(),
            errors: FieldErrors::one("login", "这个登录账号已经有人使用，请换一个。"),
        }
    }
}

#[cfg(any(test, feature = "testing"))]
impl SlipsPage {
    /// For the template test.
    pub fn sample() -> Self {
        Self {
            frame: Frame { title: "登录链接".to_owned(), active: "accounts", ..Frame::default() },
            heading: "登录链接".to_owned(),
            slips: vec![Slip::sample(), Slip::sample()],
            back: "/accounts".to_owned(),
        }
    }
}

/// Which unit the form begins with.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Begin {
    unit: String,
}

/// `GET /accounts/new`
pub async fn page(State(app): State<App>, page: Page, Query(begin): Query<Begin>) -> Result<Response> {
    let form = NewForm { role: Role::Liaison.code().to_owned(), unit: begin.unit, ..NewForm::default() };
    web::page(&new_page(&app, &page, form, FieldErrors::new()).await?)
}

/// `POST /accounts/new`
pub async fn submit(State(app): State<App>, page: Page, Form(form): Form<NewForm>) -> Result<Response> {
    let made = match parse(&form) {
        Ok(new) => create_and_invite(&app, &page.actor, &new).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match made {
        Ok((id, slip)) => web::page(&SlipsPage {
            frame: page.frame("登录链接", "accounts"),
            heading: format!("已为{}新建账号", slip.name),
            slips: vec![slip],
            back: format!("/accounts/{id}"),
        }),
        Err(Error::Invalid(errors)) => web::page_invalid(&new_page(&app, &page, form, errors).await?),
        Err(error) => Err(error),
    }
}

/// Makes an account and its link in one transaction.
async fn create_and_invite(app: &App, actor: &Actor, new: &NewAccount) -> Result<(AccountId, Slip)> {
    let new = create::allowed(app, actor, new).await?;
    let unit = match new.roles.first() {
        Some((_, unit)) => Some(units::get(app.db.reader(), &actor.jurisdiction, unit).await?),
        None => None,
    };
    let now = app.now();
    let id: AccountId = app.ids.id();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    create::insert(app, &tx, &id, &new, now).await?;
    let account = fresh(&id, &new);
    let invitation = invite::make(app, &tx, actor, &account, now).await?;
    let words = format!("新建账号“{}”，生成邀请链接", new.login);
    tx.commit(create::with_unit(Event::new(actor, "account.created", "account", &id, words), &new)).await?;
    let role = new.roles.first().map_or("", |(role, _)| role.label());
    let unit = unit.map(|unit| unit.name).unwrap_or_default();
    Ok((id, Slip::new(&new.name, &new.login, &unit, role, &invitation, now)))
}

/// The account just written.
pub(super) fn fresh(id: &AccountId, new: &NewAccount) -> Account {
    Account {
        id: id.clone(),
        login: new.login.clone(),
        name: new.name.clone(),
        phone: new.phone.clone(),
        password_hash: None,
        state: AccountState::Invited,
        failed_count: 0,
        locked_until: None,
        version: 1,
    }
}

fn parse(form: &NewForm) -> Result<NewAccount, FieldErrors> {
    let mut errors = FieldErrors::new();
    let roles = match (form.role.as_str(), Role::parse(&form.role)) {
        ("none", _) => Vec::new(),
        (_, Some(role)) if !form.unit.is_empty() => vec![(role, UnitId(form.unit.clone()))],
        (_, Some(_)) => {
            errors.add("unit", "请选择单位。");
            Vec::new()
        }
        _ => {
            errors.add("role", "请选择角色。");
            Vec::new()
        }
    };
    let new = NewAccount { login: form.login.clone(), name: form.name.clone(), phone: form.phone.clone(), roles };
    match new.checked() {
        Ok(new) if errors.is_empty() => Ok(new),
        Ok(_) => Err(errors),
        Err(more) => {
            more.iter().for_each(|(field, message)| errors.add(field, message));
            Err(errors)
        }
    }
}

async fn new_page(app: &App, page: &Page, form: NewForm, errors: FieldErrors) -> Result<NewPage> {
    let mut roles: Vec<_> = INVITABLE.iter().map(|role| (role.code(), role.label())).collect();
    if page.actor.can(Permission::AccountManage) {
        roles.push(("none", "暂不授予，由安全管理员随后授予"));
    }
    let units = unit_choices(app, &page.actor, Permission::AccountInvite).await?;
    Ok(NewPage { frame: page.frame("新建账号", "accounts"), form, units, roles, errors })
}
