//! API tokens (接口令牌): what a program of somebody's may do, and until when.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use calendar::{Moment, to_local};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;

use super::model::{NewToken, SCOPES, TOKEN_MAX_MS, scope_words, scopes_within};
use super::show::{self, Typed};
use super::store::tokens::Token;
use super::{store, words};
use crate::App;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{self, Actor, Permission, Via};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AccountId, Secret};
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash};

/// The form of a new token.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TokenForm {
    /// What it is for.
    pub name: String,
    /// Scopes ticked.
    pub scopes: Vec<String>,
    /// Its last day, `2022-12-31`.
    pub expires: String,
}

impl TokenForm {
    /// An empty form with a last day half a year away.
    pub fn suggested(now: i64) -> Self {
        let day = to_local(now).and_then(|now| now.date().checked_add(6.months()).ok());
        Self { expires: day.map(|day| day.to_string()).unwrap_or_default(), ..Self::default() }
    }

    /// The token asked for.
    ///
    /// # Errors
    /// A message for `expires`.
    pub fn parse(&self, account: &AccountId) -> Result<NewToken, FieldErrors> {
        let day: Date = self.expires.trim().parse().map_err(|_| FieldErrors::one("expires", "请选择到期日。"))?;
        Ok(NewToken {
            account_id: account.clone(),
            name: self.name.clone(),
            scopes: self.scopes.clone(),
            expires_at: Moment::day(day).due_ms(),
        })
    }
}

/// A token as a line of a list.
#[derive(Clone, Debug)]
pub struct TokenLine {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may do, in words.
    pub scopes: String,
    /// Its last day, in words.
    pub until: String,
    /// `有效`, `已到期` or `已收回`.
    pub state: &'static str,
}

impl TokenLine {
    /// The line of a token.
    pub fn new(token: &Token, now: i64) -> Self {
        Self {
            id: token.api_token_id.clone(),
            name: token.name.clone(),
            scopes: token.scopes.split_whitespace().map(scope_words).collect::<Vec<_>>().join("、"),
            until: words::day(token.expires_at, now),
            state: match token.revoked_at {
                Some(_) => "已收回",
                None if token.expires_at <= now => "已到期",
                None => "有效",
            },
        }
    }

    /// Whether it can be used.
    pub fn good(&self) -> bool {
        self.state == "有效"
    }

    /// Kind of the state's label.
    pub fn state_kind(&self) -> &'static str {
        if self.good() { "received" } else { "quiet" }
    }

    /// Where a POST takes it back, given where tokens of its account are made.
    pub fn revoke_url(&self, action: &str) -> String {
        format!("{action}/{}/revoke", self.id)
    }

    /// For template tests.
    #[cfg(any(test, feature = "testing"))]
    pub fn sample() -> Self {
        Self {
            id: "t1".to_owned(),
            name: "旗应急局数据汇总".to_owned(),
            scopes: "读取单位、读取活动".to_owned(),
            until: "12月31日（周六）".to_owned(),
            state: "有效",
        }
    }
}

/// `POST /accounts/{id}/tokens`
pub async fn make(
    State(app): State<App>,
    page: Page,
    Path(id): Path<AccountId>,
    Form(form): Form<TokenForm>,
) -> Result<Response> {
    show::find_seen(&app, &page.actor, &id).await?;
    let made = match form.parse(&id) {
        Ok(new) => create_token(&app, &page.actor, new).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    let (status, typed) = match made {
        Ok(secret) => (StatusCode::OK, Typed { secret: secret.reveal().to_owned(), ..Typed::default() }),
        Err(Error::Invalid(errors)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Typed { token: Some(form), errors, ..Typed::default() })
        }
        Err(error) => return Err(error),
    };
    show::show(&app, &page, &id, status, typed).await
}

/// `POST /accounts/{id}/tokens/{token}/revoke`
pub async fn revoke(
    State(app): State<App>,
    page: Page,
    Path((id, token)): Path<(AccountId, String)>,
) -> Result<Response> {
    revoke_token(&app, &page.actor, &id, &token).await?;
    Ok(web::see_other_with(&format!("/accounts/{id}"), &Flash::success("令牌已收回，使用它的程序不能再访问。")))
}

/// Makes a token; the secret is returned now and never again. Everybody for themselves, the security
/// administrator for others; never more than the account itself may do.
///
/// # Errors
/// [`Error::Invalid`] with messages for `name`, `scopes`, `expires`.
pub async fn create_token(app: &App, actor: &Actor, new: NewToken) -> Result<Secret> {
    let now = app.now();
    let town = &actor.jurisdiction;
    let account = store::accounts::find(app.db.reader(), town, &new.account_id).await?.ok_or(Error::NotFound)?;
    let holder = auth::actor_of_account(app.db.reader(), town, &new.account_id, Via::System, now)
        .await?
        .ok_or_else(|| Error::refused("这个账号还没有启用或已停用，不能发放接口令牌。"))?;
    if actor.account_id != new.account_id {
        actor.require_anywhere(Permission::TokenManage)?;
        let scope = actor.scope(Permission::TokenManage);
        if !holder.grants.iter().all(|grant| scope.covers(&grant.unit_path)) {
            return Err(Error::NotFound);
        }
    }

    let mut errors = FieldErrors::new();
    let name = new.name.trim().to_owned();
    if name.is_empty() {
        errors.add("name", "请写明这个令牌给哪个系统用。");
    } else if name.chars().count() > 60 {
        errors.add("name", "用途最多60个字。");
    }
    let within = scopes_within(&holder.grants);
    let scopes: Vec<String> = SCOPES
        .iter()
        .filter(|(code, _, _)| new.scopes.iter().any(|wanted| wanted == code))
        .map(|(code, _, _)| (*code).to_owned())
        .collect();
    if scopes.is_empty() || scopes.len() != new.scopes.len() {
        errors.add("scopes", "请至少勾选一项权限。");
    } else if scopes.iter().any(|scope| !within.iter().any(|(code, _)| code == scope)) {
        errors.add("scopes", "所选权限超出了账号本身的权限，请重新勾选。");
    }
    if new.expires_at <= now {
        errors.add("expires", "到期日须在今天之后。");
    } else if new.expires_at > now + TOKEN_MAX_MS {
        errors.add("expires", "有效期最长一年。");
    }
    errors.into_result()?;

    let new = NewToken { name, scopes, ..new };
    let secret = app.ids.secret();
    let tx = app.db.begin(town).await?;
    let id = store::tokens::insert(&tx, &app.ids, &new, &secret, now).await?;
    let words = format!("为账号“{}”发放接口令牌“{}”", account.login, new.name);
    let event = Event::new(actor, "token.created", "token", id, words).detail(json!({ "scopes": new.scopes }));
    tx.commit(event).await?;
    Ok(secret)
}

/// Takes a token of this account back: one's own, or as security administrator another's.
///
/// # Errors
/// [`Error::NotFound`] when this account has no such token.
pub async fn revoke_token(app: &App, actor: &Actor, account: &AccountId, id: &str) -> Result<()> {
    let town = &actor.jurisdiction;
    if actor.account_id != *account {
        let roles = store::roles::of_account(app.db.reader(), town, account).await?;
        show::require_over(actor, Permission::TokenManage, &roles, app.now())?;
    }
    let tx = app.db.begin(town).await?;
    let token = store::tokens::find(&*tx, town, id).await?.ok_or(Error::NotFound)?;
    if token.account_id != account.as_str() {
        return Err(Error::NotFound);
    }
    if !store::tokens::revoke(&tx, id, app.now()).await? {
        return Err(Error::refused("这个令牌已经收回。"));
    }
    tx.commit(Event::new(actor, "token.revoked", "token", id, format!("收回接口令牌“{}”", token.name))).await
}
