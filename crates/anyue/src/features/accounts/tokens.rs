//! API tokens (接口令牌): what a program of somebody's may do, and until when.

use serde_json::json;

use super::model::{NewToken, SCOPES, TOKEN_MAX_MS, scopes_within};
use super::store;
use crate::App;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{self, Actor, Permission, Via};
use crate::platform::error::{Error, Result};
use crate::platform::ids::Secret;

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
