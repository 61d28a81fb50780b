//! Behind a one-time link: who one is, and one's own password.
//!
//! Opening the page uses nothing up, however often a messenger's scanner does it; only sending the form does,
//! and of two at once one wins.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;

use super::model::{Account, AccountState, HeldRole, check_name, check_phone};
use super::signin::{cookie, home};
use super::store;
use super::store::links::Link;
use super::visitor::Visitor;
use super::words;
use crate::App;
use crate::page::PublicPage;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{self, Actor, NewSession, PASSWORD_RULE, Via};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AccountId, JurisdictionId, Secret};
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// 启用账号、重设密码
#[derive(Debug, Template)]
#[template(path = "features/accounts/templates/join.html")]
pub struct JoinPage {
    /// Around it.
    pub frame: Frame,
    /// Where the form goes: this very link.
    pub action: String,
    /// For a forgotten password; else for a new account.
    pub reset: bool,
    /// What one will type to sign in.
    pub login: String,
    /// Role and unit, in words.
    pub roles: Vec<(String, String)>,
    /// Until when the link is good, in words.
    pub until: String,
    /// What was typed.
    pub form: Join,
    /// Messages by field.
    pub errors: FieldErrors,
}

impl JoinPage {
    /// The rule for passwords, in words.
    pub fn rule(&self) -> &'static str {
        PASSWORD_RULE
    }
}

/// 链接已失效
#[derive(Debug, Template)]
#[template(path = "features/accounts/templates/join_gone.html")]
pub struct GonePage {
    /// Around it.
    pub frame: Frame,
    /// What happened to it and what to do.
    pub words: &'static str,
}

/// The form.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Join {
    /// Name.
    #[serde(default)]
    pub name: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

#[cfg(any(test, feature = "testing"))]
impl JoinPage {
    /// For the template test.
    pub fn sample() -> Self {
        Self {
            frame: Frame { title: "启用账号".to_owned(), ..Frame::default() },
            action: "/join/x".to_owned(),
            reset: false,
            login: "东沟村".to_owned(),
            roles: vec![("东沟村".to_owned(), "联络员".to_owned())],
            until: "6月20日（周一）08:30".to_owned(),
            form: Join { name: "李桂兰".to_owned(), phone: "13800000000".to_owned(), ..Join::default() },
            errors: FieldErrors::one("password", "密码太短，至少需要10个字符。"),
        }
    }
}

#[cfg(any(test, feature = "testing"))]
impl GonePage {
    /// For the template test.
    pub fn sample() -> Self {
        Self { frame: Frame { title: "链接已失效".to_owned(), ..Frame::default() }, words: USED }
    }
}

const UNKNOWN: &str = "没有找到这个链接。可能是复制时少了几个字符，请回到收到的消息里重新点开，或者扫描二维码。";
const USED: &str = "这个链接已经用过，密码已经设置好。请直接用账号和密码登录。";
const REVOKED: &str =
    "这个链接已被收回，或者已经换成了新的链接。请点开最近收到的一个；没有的，请联系发给您链接的人重新发送。";
const EXPIRED: &str = "这个链接已过期。请联系发给您链接的人重新发送，您的账号仍然保留。";
const DISABLED: &str = "这个账号已停用，链接不能再用。如有疑问，请联系本单位经办人员。";

/// `GET /join/{secret}`
pub async fn page(State(app): State<App>, page: PublicPage, Path(secret): Path<String>) -> Result<Response> {
    let (link, account, roles) = match find(&app, &secret).await? {
        Ok(found) => found,
        Err(words) => return gone(&page, words),
    };
    let form = Join { name: account.name.clone(), phone: account.phone.clone(), ..Join::default() };
    web::page(&join_page(&app, &page, &secret, &link, &account, &roles, form, FieldErrors::new()))
}

/// `POST /join/{secret}`
pub async fn submit(
    State(app): State<App>,
    page: PublicPage,
    visitor: Visitor,
    Path(secret): Path<String>,
    Form(form): Form<Join>,
) -> Result<Response> {
    let (link, account, roles) = match find(&app, &secret).await? {
        Ok(found) => found,
        Err(words) => return gone(&page, words),
    };
    let mut errors = FieldErrors::new();
    let name = check_name(&form.name, "name", &mut errors);
    let phone = check_phone(&form.phone, "phone", &mut errors);
    if let Err(message) = auth::check_password_rules(&form.password, &account.login) {
        errors.add("password", message);
    } else if form.password != form.again {
        errors.add("again", "两次输入的密码不一致，请重新输入。");
    }
    if !errors.is_empty() {
        return web::page_invalid(&join_page(&app, &page, &secret, &link, &account, &roles, form, errors));
    }
    let Some((actor, session)) = join(&app, &link, &name, &phone, form.password, &visitor).await? else {
        return gone(&page, USED);
    };
    let words = if link.purpose == "reset" {
        "密码已重设，其他设备上的登录已全部退出。"
    } else {
        "账号已启用，以后用账号和密码登录。"
    };
    let answer = web::see_other_with(home(&actor), &Flash::success(words));
    Ok((cookie(&app, session.secret.reveal()), answer).into_response())
}

/// Uses the link up: sets name, telephone and password, ends other sessions, starts one. `None` when another
/// request was first.
async fn join(
    app: &App,
    link: &Link,
    name: &str,
    phone: &str,
    password: String,
    visitor: &Visitor,
) -> Result<Option<(Actor, NewSession)>> {
    let town = JurisdictionId(link.jurisdiction_id.clone());
    let account = AccountId(link.account_id.clone());
    let hash = auth::hash_password(password).await?;
    let now = app.now();
    let tx = app.db.begin(&town).await?;
    if !store::links::use_up(&tx, &link.invitation_id, now).await? {
        return Ok(None);
    }
    store::accounts::set_person(&tx, &account, name, phone, now).await?;
    store::accounts::set_password(&tx, &account, &hash, now).await?;
    store::sessions::end_all(&tx, &account, None, now).await?;
    let session = auth::start_session(&tx, &app.ids, &account, &visitor.device, now).await?;
    let via = Via::Session(session.session_id.clone());
    let actor = auth::actor_of_account(&*tx, &town, &account, via, now)
        .await?
        .ok_or_else(|| Error::internal("an account that has just been put into use"))?;
    let event = if link.purpose == "reset" {
        Event::new(
            &actor,
            "account.password_reset",
            "account",
            &account,
            format!("账号“{}”用链接重设密码", actor.login),
        )
    } else {
        Event::new(&actor, "account.joined", "account", &account, format!("账号“{}”接受邀请，设置密码", actor.login))
    };
    let event = match actor.home() {
        Some(grant) => event.unit(&grant.unit_id),
        None => event,
    };
    tx.commit(event).await?;
    Ok(Some((actor, session)))
}

type Found = (Link, Account, Vec<HeldRole>);

/// The link, its account and the roles; or why it is not good.
async fn find(app: &App, secret: &str) -> Result<Result<Found, &'static str>> {
    let now = app.now();
    let db = app.db.reader();
    let Some(link) = store::links::by_secret(db, &Secret::presented(secret)).await? else { return Ok(Err(UNKNOWN)) };
    let town = JurisdictionId(link.jurisdiction_id.clone());
    let account = AccountId(link.account_id.clone());
    let Some(account) = store::accounts::find(db, &town, &account).await? else { return Ok(Err(UNKNOWN)) };
    if !link.good(now) {
        return Ok(Err(if link.used_at.is_some() {
            USED
        } else if link.revoked_at.is_some() {
            REVOKED
        } else {
            EXPIRED
        }));
    }
    if account.state == AccountState::Disabled {
        return Ok(Err(DISABLED));
    }
    let mut roles = store::roles::of_account(db, &town, &account.id).await?;
    roles.retain(|role| !role.ended(now));
    Ok(Ok((link, account, roles)))
}

#[expect(clippy::too_many_arguments, reason = "the page of one link")]
fn join_page(
    app: &App,
    page: &PublicPage,
    secret: &str,
    link: &Link,
    account: &Account,
    roles: &[HeldRole],
    form: Join,
    errors: FieldErrors,
) -> JoinPage {
    let reset = link.purpose == "reset";
    JoinPage {
        frame: page.frame(if reset { "重设密码" } else { "启用账号" }),
        action: format!("/join/{secret}"),
        reset,
        login: account.login.clone(),
        roles: roles.iter().map(|held| (held.unit_name.clone(), held.role.label().to_owned())).collect(),
        until: words::moment(link.expires_at, app.now()),
        form,
        errors,
    }
}

fn gone(page: &PublicPage, words: &'static str) -> Result<Response> {
    let page = GonePage { frame: page.frame("链接已失效"), words };
    Ok((StatusCode::GONE, Html(page.render()?)).into_response())
}
