//! What the system administrator does with an account: out of use and back, unlocked, signed out everywhere.

use axum::extract::{Path, State};
use axum::response::Response;

use super::model::{Account, AccountState, HeldRole};
use super::roles::refuse_last;
use super::show::require_over;
use super::store;
use crate::App;
use crate::page::Page;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission};
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::AccountId;
use crate::platform::web::{self, Flash};

/// `POST /accounts/{id}/disable`
pub async fn disable(State(app): State<App>, page: Page, Path(id): Path<AccountId>) -> Result<Response> {
    let now = app.now();
    let actor = &page.actor;
    let (tx, account, roles) = begin(&app, actor, &id).await?;
    if account.id == actor.account_id {
        return Err(Error::refused("不能停用自己的账号，请由另一位系统管理员办理。"));
    }
    if account.state == AccountState::Disabled {
        return Err(Error::refused("这个账号已经停用。"));
    }
    refuse_last(&tx, &id, &roles, now).await?;
    store::accounts::set_state(&tx, &id, AccountState::Disabled, now).await?;
    store::sessions::end_all(&tx, &id, None, now).await?;
    store::links::revoke_open(&tx, &id, now).await?;
    tx.commit(Event::new(actor, "account.disabled", "account", &id, format!("停用账号“{}”", account.login))).await?;
    Ok(back(&id, "账号已停用。"))
}

/// `POST /accounts/{id}/enable`
pub async fn enable(State(app): State<App>, page: Page, Path(id): Path<AccountId>) -> Result<Response> {
    let (tx, account, _) = begin(&app, &page.actor, &id).await?;
    if account.state != AccountState::Disabled {
        return Err(Error::refused("这个账号没有停用。"));
    }
    let state = if account.password_hash.is_some() { AccountState::Active } else { AccountState::Invited };
    store::accounts::set_state(&tx, &id, state, app.now()).await?;
    let words = format!("恢复使用账号“{}”", account.login);
    tx.commit(Event::new(&page.actor, "account.enabled", "account", &id, words)).await?;
    Ok(back(&id, "账号已恢复使用。"))
}

/// `POST /accounts/{id}/unlock`
pub async fn unlock(State(app): State<App>, page: Page, Path(id): Path<AccountId>) -> Result<Response> {
    let (tx, account, _) = begin(&app, &page.actor, &id).await?;
    if !account.locked(app.now()) {
        return Err(Error::refused("这个账号没有锁定。"));
    }
    store::accounts::note_failures(&tx, &id, 0, None).await?;
    let words = format!("解除账号“{}”的锁定", account.login);
    tx.commit(Event::new(&page.actor, "account.unlocked", "account", &id, words)).await?;
    Ok(back(&id, "锁定已解除。"))
}

/// `POST /accounts/{id}/end-sessions`
pub async fn end_sessions(State(app): State<App>, page: Page, Path(id): Path<AccountId>) -> Result<Response> {
    let (tx, account, _) = begin(&app, &page.actor, &id).await?;
    store::sessions::end_all(&tx, &id, None, app.now()).await?;
    let words = format!("退出账号“{}”的全部登录", account.login);
    tx.commit(Event::new(&page.actor, "account.signed_out", "account", &id, words)).await?;
    Ok(back(&id, "这个账号的登录已全部退出。"))
}

async fn begin(app: &App, actor: &Actor, id: &AccountId) -> Result<(WriteTx, Account, Vec<HeldRole>)> {
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let account = store::accounts::find(&*tx, &actor.jurisdiction, id).await?.ok_or(Error::NotFound)?;
    let roles = store::roles::of_account(&*tx, &actor.jurisdiction, id).await?;
    require_over(actor, Permission::AccountManage, &roles, app.now())?;
    Ok((tx, account, roles))
}

fn back(id: &AccountId, words: &str) -> Response {
    web::see_other_with(&format!("/accounts/{id}"), &Flash::success(words))
}
