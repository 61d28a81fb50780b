//! One's own data and password.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;

use super::super::model::{check_name, check_phone};
use super::super::store;
use super::dress;
use crate::App;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{self, Actor, PASSWORD_RULE, Via};
use crate::platform::error::{Error, Result};
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// 我的资料
#[derive(Debug, Template)]
#[template(path = "features/accounts/templates/me.html")]
pub struct MeBody {
    /// Around it.
    pub frame: Frame,
    /// What one types to sign in.
    pub login: String,
    /// Unit and role, in words.
    pub roles: Vec<(String, String)>,
    /// What was typed.
    pub form: Data,
    /// Messages by field.
    pub errors: FieldErrors,
}

impl MeBody {
    /// The rule for passwords, in words.
    pub fn rule(&self) -> &'static str {
        PASSWORD_RULE
    }

    /// Which page of one's own account is open.
    pub fn tab(&self) -> &'static str {
        "me"
    }
}

#[cfg(any(test, feature = "testing"))]
impl MeBody {
    /// For the template test.
    pub fn sample() -> Self {
        Self {
            frame: Frame { title: "我的账号".to_owned(), ..Frame::default() },
            login: "东沟村".to_owned(),
            roles: vec![("东沟村".to_owned(), "联络员".to_owned())],
            form: Data { name: "李桂兰".to_owned(), phone: "13800000000".to_owned(), version: "1".to_owned() },
            errors: FieldErrors::one("old", "现在的密码不正确。"),
        }
    }
}

/// The form of one's data.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Data {
    /// Name.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// The version one has seen.
    pub version: String,
}

/// The form of one's password.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Password {
    old: String,
    password: String,
    again: String,
}

/// `GET /me`
pub async fn page(State(app): State<App>, page: Page) -> Result<Response> {
    let form = data(&app, &page.actor).await?;
    show(&page, StatusCode::OK, form, FieldErrors::new())
}

/// `POST /me`
pub async fn save(State(app): State<App>, page: Page, Form(form): Form<Data>) -> Result<Response> {
    let mut errors = FieldErrors::new();
    let name = check_name(&form.name, "name", &mut errors);
    let phone = check_phone(&form.phone, "phone", &mut errors);
    if !errors.is_empty() {
        return show(&page, StatusCode::UNPROCESSABLE_ENTITY, form, errors);
    }
    let actor = &page.actor;
    let now = app.now();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let account = store::accounts::find(&*tx, &actor.jurisdiction, &actor.account_id).await?.ok_or(Error::NotFound)?;
    if account.version.to_string() != form.version {
        drop(tx);
        let words = format!("您的资料刚在别处改过（现在是：{}　{}）。请核对后再次保存。", account.name, account.phone);
        let form = Data { version: account.version.to_string(), ..form };
        return show(&page, StatusCode::CONFLICT, form, FieldErrors::one("name", words));
    }
    store::accounts::set_person(&tx, &actor.account_id, &name, &phone, now).await?;
    tx.commit(Event::new(actor, "account.edited", "account", &actor.account_id, "修改自己的资料")).await?;
    Ok(web::see_other_with("/me", &Flash::success("资料已保存。")))
}

/// `POST /me/password`
pub async fn change_password(State(app): State<App>, page: Page, Form(form): Form<Password>) -> Result<Response> {
    let actor = &page.actor;
    let now = app.now();
    let Via::Session(session) = &actor.via else { return Err(Error::SignInRequired) };
    if !app.attempts.allow(&format!("password {}", actor.account_id), now) {
        return Err(Error::TooMany("尝试次数太多，请过1分钟再试。".to_owned()));
    }
    let account =
        store::accounts::find(app.db.reader(), &actor.jurisdiction, &actor.account_id).await?.ok_or(Error::NotFound)?;
    let mut errors = FieldErrors::new();
    if !auth::verify_password(form.old.clone(), account.password_hash).await? {
        errors.add("old", "现在的密码不正确。");
    }
    if let Err(message) = auth::check_password_rules(&form.password, &account.login) {
        errors.add("password", message);
    } else if form.password == form.old {
        errors.add("password", "新密码与现在的相同，请换一个。");
    } else if form.password != form.again {
        errors.add("again", "两次输入的密码不一致，请重新输入。");
    }
    if !errors.is_empty() {
        let form = data(&app, actor).await?;
        return show(&page, StatusCode::UNPROCESSABLE_ENTITY, form, errors);
    }
    let hash = auth::hash_password(form.password).await?;
    let tx = app.db.begin(&actor.jurisdiction).await?;
    store::accounts::set_password(&tx, &actor.account_id, &hash, now).await?;
    store::sessions::end_all(&tx, &actor.account_id, Some(session), now).await?;
    store::links::revoke_open(&tx, &actor.account_id, now).await?;
    tx.commit(Event::new(actor, "account.password_changed", "account", &actor.account_id, "修改自己的密码")).await?;
    Ok(web::see_other_with("/me", &Flash::success("密码已修改，其他设备上的登录已全部退出。")))
}

async fn data(app: &App, actor: &Actor) -> Result<Data> {
    let account =
        store::accounts::find(app.db.reader(), &actor.jurisdiction, &actor.account_id).await?.ok_or(Error::NotFound)?;
    Ok(Data { name: account.name, phone: account.phone, version: account.version.to_string() })
}

fn show(page: &Page, status: StatusCode, form: Data, errors: FieldErrors) -> Result<Response> {
    let frame = page.frame("我的账号", "me");
    let body = MeBody {
        frame: frame.clone(),
        login: page.actor.login.clone(),
        roles: page.actor.grants.iter().map(|grant| (grant.unit_name.clone(), grant.role.label().to_owned())).collect(),
        form,
        errors,
    };
    Ok((status, Html(dress(page, &body, frame)?)).into_response())
}
