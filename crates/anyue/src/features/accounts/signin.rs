//! Signing in and out.
//!
//! A wrong login, a wrong password, an account out of use: the same words, after the same time. Five wrong
//! passwords in a row lock a login for 15 minutes, whether or not there is such an account.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use super::model::{ADMINISTRATORS, Account, AccountState};
use super::store;
use super::unsent::UnsentPage;
use super::visitor::Visitor;
use crate::App;
use crate::page::{Page, PublicPage};
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{self, Actor, NewSession, Permission, Role, Via, WrongTries};
use crate::platform::error::Result;
use crate::platform::ids::JurisdictionId;
use crate::platform::text_key::text_key;
use crate::platform::web::form::{self, Form};
use crate::platform::web::{self, Flash, Frame};

/// 登录
#[derive(Debug, Template)]
#[template(path = "features/accounts/templates/signin.html")]
pub struct SigninPage {
    /// Around it.
    pub frame: Frame,
    /// What was typed.
    pub login: String,
    /// Where to go afterwards; empty: the account's own first page.
    pub next: String,
    /// The body of a form to be sent on afterwards to `next`; empty: none.
    pub unsent: String,
    /// Why it did not work; empty at first.
    pub refusal: String,
    /// Messages by field.
    pub errors: FieldErrors,
}

#[cfg(any(test, feature = "testing"))]
impl SigninPage {
    /// For the template test.
    pub fn sample() -> Self {
        Self {
            frame: Frame { title: "登录".to_owned(), ..Frame::default() },
            login: "东沟村".to_owned(),
            next: "/work".to_owned(),
            unsent: "name=x".to_owned(),
            refusal: WRONG.to_owned(),
            errors: FieldErrors::new(),
        }
    }
}

/// Where to go afterwards.
#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    pub(super) next: String,
}

/// The form.
#[derive(Deserialize)]
pub struct Signin {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
    #[serde(default)]
    unsent: String,
}

const WRONG: &str = "账号或密码不正确。请核对后再试；连续输错5次，将暂停登录15分钟。";

/// `GET /signin`
pub async fn page(page: PublicPage, Query(query): Query<Next>) -> Result<Response> {
    if let Some(actor) = &page.actor {
        return Ok(web::see_other(own_path(&query.next).unwrap_or_else(|| home(actor))));
    }
    web::page(&SigninPage {
        frame: page.frame("登录"),
        login: String::new(),
        next: own_path(&query.next).unwrap_or_default().to_owned(),
        unsent: String::new(),
        refusal: String::new(),
        errors: FieldErrors::new(),
    })
}

/// `POST /signin`
pub async fn submit(
    State(app): State<App>,
    page: PublicPage,
    visitor: Visitor,
    Form(form): Form<Signin>,
) -> Result<Response> {
    let mut errors = FieldErrors::new();
    let login = form::required(&form.login, "login", "请填写账号。", &mut errors).to_owned();
    if form.password.is_empty() {
        errors.add("password", "请填写密码。");
    }
    let (status, refusal) = if errors.is_empty() {
        match sign_in(&app, &login, form.password, &visitor).await? {
            Ok((actor, session)) => {
                if !form.unsent.is_empty()
                    && let Some(unsent) = UnsentPage::of(page.frame(""), &form.next, &form.unsent)
                {
                    return Ok((cookie(&app, session.secret.reveal()), web::page(&unsent)?).into_response());
                }
                let next = own_path(&form.next).unwrap_or_else(|| home(&actor));
                return Ok((cookie(&app, session.secret.reveal()), web::see_other(next)).into_response());
            }
            Err(Refusal::Wrong) => (StatusCode::UNPROCESSABLE_ENTITY, WRONG.to_owned()),
            Err(Refusal::Locked(until)) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                format!(
                    "密码连续输错5次，这个账号暂停登录，请在{}后再试。忘记密码的，请联系本单位经办人员或系统管理员发送重设链接。",
                    super::words::moment(until, app.now())
                ),
            ),
            Err(Refusal::TooMany) => {
                (StatusCode::TOO_MANY_REQUESTS, "尝试次数太多，请过1分钟再试。您填写的账号已保留。".to_owned())
            }
        }
    } else {
        (StatusCode::UNPROCESSABLE_ENTITY, String::new())
    };
    let next = own_path(&form.next).unwrap_or_default().to_owned();
    let page = SigninPage { frame: page.frame("登录"), login, next, unsent: form.unsent, refusal, errors };
    Ok((status, Html(page.render()?)).into_response())
}

/// `POST /signout`
pub async fn leave(State(app): State<App>, page: Page) -> Result<Response> {
    if let Via::Session(session) = &page.actor.via {
        let tx = app.db.begin(&page.actor.jurisdiction).await?;
        auth::end_session(&tx, &page.actor.account_id, session, app.now()).await?;
        tx.commit_unaudited("somebody signs out").await?;
    }
    let answer = web::see_other_with("/signin", &Flash::success("已退出登录。"));
    Ok((cookie(&app, ""), answer).into_response())
}

/// The cookie that holds a session; empty: the one that takes it away.
pub(super) fn cookie(app: &App, secret: &str) -> CookieJar {
    CookieJar::new().add(auth::session_cookie(secret, app.config.server.secure()))
}

/// The first page of somebody who has just come in.
pub(super) fn home(actor: &Actor) -> &'static str {
    let liaison = actor.grants.iter().any(|grant| grant.role == Role::Liaison);
    if actor.can(Permission::CampaignView) {
        "/console"
    } else if liaison {
        "/work"
    } else if actor.can(Permission::AccountView) {
        "/accounts"
    } else if actor.can(Permission::AuditView) {
        "/audit"
    } else {
        "/me"
    }
}

/// An address of this site: a path that no browser takes for another host, and no page of signing in or out.
pub(super) fn own_path(next: &str) -> Option<&str> {
    let plain = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.chars().any(|c| c.is_control() || c.is_whitespace());
    let outside = ["/signin", "/signout", "/join/", "/setup/"].iter().any(|page| next.starts_with(page));
    (plain && !outside).then_some(next)
}

/// Why somebody is not let in.
enum Refusal {
    Wrong,
    Locked(i64),
    TooMany,
}

async fn sign_in(
    app: &App,
    login: &str,
    password: String,
    visitor: &Visitor,
) -> Result<Result<(Actor, NewSession), Refusal>> {
    let now = app.now();
    let key = text_key(login);
    if !app.crowd.allow(&visitor.address, now) || !app.attempts.allow(&format!("{key} {}", visitor.address), now) {
        return Ok(Err(Refusal::TooMany));
    }
    let candidates = store::accounts::by_login(app.db.reader(), login).await?;
    let mut right = None;
    for (town, account) in &candidates {
        if auth::verify_password(password.clone(), account.password_hash.clone()).await? {
            right = Some((town, account));
            break;
        }
    }
    if candidates.is_empty() {
        auth::verify_password(password, None).await?;
        if let Some(town) = store::towns::first(app.db.reader()).await? {
            app.db.begin(&town).await?.commit_unaudited("taking as long as for an account that exists").await?;
        }
        if let Some(until) = app.wrong_tries.locked_until(&key, now).or_else(|| app.wrong_tries.wrong(&key, now)) {
            return Ok(Err(Refusal::Locked(until)));
        }
        return Ok(Err(Refusal::Wrong));
    }
    match right {
        Some((town, account)) => let_in(app, town, account, visitor, now).await,
        None => {
            let mut refusal = Refusal::Wrong;
            for (town, account) in &candidates {
                if let Some(until) = note_wrong(app, town, account, now).await? {
                    refusal = Refusal::Locked(until);
                }
            }
            Ok(Err(refusal))
        }
    }
}

/// Starts a session, unless the account is locked or out of use. The sign-ins of the three administrators are
/// in the trail, since their accounts open everything; nobody else's are.
async fn let_in(
    app: &App,
    town: &JurisdictionId,
    account: &Account,
    visitor: &Visitor,
    now: i64,
) -> Result<Result<(Actor, NewSession), Refusal>> {
    let tx = app.db.begin(town).await?;
    let Some(account) = store::accounts::find(&*tx, town, &account.id).await? else {
        return Ok(Err(Refusal::Wrong));
    };
    if let Some(until) = account.locked_until.filter(|until| *until > now) {
        return Ok(Err(Refusal::Locked(until)));
    }
    if account.state != AccountState::Active {
        return Ok(Err(Refusal::Wrong));
    }
    if account.failed_count > 0 || account.locked_until.is_some() {
        store::accounts::note_failures(&tx, &account.id, 0, None).await?;
    }
    let session = auth::start_session(&tx, &app.ids, &account.id, &visitor.device, now).await?;
    let via = Via::Session(session.session_id.clone());
    let Some(actor) = auth::actor_of_account(&*tx, town, &account.id, via, now).await? else {
        return Ok(Err(Refusal::Wrong));
    };
    if actor.grants.iter().any(|grant| ADMINISTRATORS.contains(&grant.role)) {
        tx.commit(Event::new(&actor, "session.started", "account", &account.id, "管理员登录")).await?;
    } else {
        tx.commit_unaudited("somebody signs in").await?;
    }
    Ok(Ok((actor, session)))
}

/// Notes a wrong password; the end of the lock when the account is locked, now or before.
async fn note_wrong(app: &App, town: &JurisdictionId, account: &Account, now: i64) -> Result<Option<i64>> {
    let tx = app.db.begin(town).await?;
    let Some(account) = store::accounts::find(&*tx, town, &account.id).await? else { return Ok(None) };
    if let Some(until) = account.locked_until.filter(|until| *until > now) {
        return Ok(Some(until));
    }
    let count = account.failed_count + 1;
    if count < WrongTries::LIMIT {
        store::accounts::note_failures(&tx, &account.id, count, None).await?;
        tx.commit_unaudited("counting a wrong password").await?;
        return Ok(None);
    }
    let until = now + WrongTries::LOCK_MS;
    store::accounts::note_failures(&tx, &account.id, 0, Some(until)).await?;
    let words = format!("账号“{}”密码连续输错5次，暂停登录15分钟", account.login);
    tx.commit(Event::new(&Actor::system(town), "account.locked", "account", &account.id, words)).await?;
    Ok(Some(until))
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_pages_of_this_site_are_gone_to() {
        for good in ["/work", "/campaigns/1?x=1", "/"] {
            assert_eq!(own_path(good), Some(good));
        }
        for bad in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "work",
            "/signin",
            "/signout",
        ] {
            assert_eq!(own_path(bad), None, "{bad}");
        }
    }
}
