//! One-time links: to a new account's password, or to a forgotten one.

use axum::extract::{Path, State};
use axum::response::Response;

use super::model::{
    ADMINISTRATORS, Account, AccountState, HeldRole, INVITABLE, INVITE_MS, Invitation, RESET_MS, WATCHING,
};
use super::new::SlipsPage;
use super::slip::Slip;
use super::{show, store};
use crate::App;
use crate::page::Page;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission, Via};
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::AccountId;
use crate::platform::web::{self, Flash};

/// `POST /accounts/{id}/invite`
pub async fn send(State(app): State<App>, page: Page, Path(id): Path<AccountId>) -> Result<Response> {
    let (account, roles) = show::find_seen(&app, &page.actor, &id).await?;
    let invitation = invite(&app, &page.actor, &id).await?;
    let now = app.now();
    let held = roles.iter().find(|held| !held.ended(now));
    let unit = held.map_or("", |held| held.unit_name.as_str());
    let role = held.map_or("", |held| held.role.label());
    let slip = Slip::new(&account.name, &account.login, unit, role, &invitation, now);
    web::page(&SlipsPage {
        frame: page.frame("登录链接", "accounts"),
        heading: format!("{}的登录链接", account.name),
        slips: vec![slip],
        back: format!("/accounts/{id}"),
    })
}

/// `POST /accounts/{id}/invite/revoke`
pub async fn take_back(State(app): State<App>, page: Page, Path(id): Path<AccountId>) -> Result<Response> {
    revoke(&app, &page.actor, &id).await?;
    Ok(web::see_other_with(&format!("/accounts/{id}"), &Flash::success("链接已收回。")))
}

/// Makes a one-time link for an account and takes back those before it. An account that has a password gets a
/// link to set a new one; the old one goes on until that is done.
///
/// # Errors
/// [`Error::Refused`] when the account is out of use.
pub async fn invite(app: &App, actor: &Actor, account: &AccountId) -> Result<Invitation> {
    let now = app.now();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let found = store::accounts::find(&*tx, &actor.jurisdiction, account).await?.ok_or(Error::NotFound)?;
    let roles = store::roles::of_account(&*tx, &actor.jurisdiction, account).await?;
    may_invite(actor, &roles, now)?;
    if found.state == AccountState::Disabled {
        return Err(Error::refused("这个账号已停用，请先恢复使用，再发送链接。"));
    }
    let invitation = make(app, &tx, actor, &found, now).await?;
    let (kind, words) = if found.password_hash.is_none() {
        ("account.invited", format!("为账号“{}”生成邀请链接", found.login))
    } else {
        ("account.reset_link_made", format!("为账号“{}”生成重设密码链接", found.login))
    };
    tx.commit(Event::new(actor, kind, "account", account, words)).await?;
    Ok(invitation)
}

/// Takes back the links of this account that are still good.
pub async fn revoke(app: &App, actor: &Actor, account: &AccountId) -> Result<()> {
    let now = app.now();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let found = store::accounts::find(&*tx, &actor.jurisdiction, account).await?.ok_or(Error::NotFound)?;
    let roles = store::roles::of_account(&*tx, &actor.jurisdiction, account).await?;
    may_invite(actor, &roles, now)?;
    if store::links::revoke_open(&tx, account, now).await? == 0 {
        return Err(Error::refused("没有可以收回的链接：链接已经用过、过期或收回。"));
    }
    let words = format!("收回账号“{}”的链接", found.login);
    tx.commit(Event::new(actor, "account.link_revoked", "account", account, words)).await
}

/// Writes a new link in this transaction.
pub(super) async fn make(app: &App, tx: &WriteTx, actor: &Actor, account: &Account, now: i64) -> Result<Invitation> {
    let (purpose, lifetime) = if account.password_hash.is_none() { ("invite", INVITE_MS) } else { ("reset", RESET_MS) };
    let secret = app.ids.secret();
    let expires_at = now + lifetime;
    store::links::revoke_open(tx, &account.id, now).await?;
    let link = store::links::NewLink {
        account: &account.id,
        purpose,
        secret: &secret,
        created_by: &actor.account_id,
        created_at: now,
        expires_at,
    };
    store::links::insert(tx, &app.ids, &link).await?;
    Ok(Invitation { url: format!("{}/join/{}", app.config.server.public_url, secret.reveal()), expires_at })
}

/// Links for security administrators and auditors are made by a security administrator, never by the system
/// administrator whom they watch and never for oneself; a security administrator makes no others. Whoever manages
/// accounts may make links for all others; the office for people without power over others, below its
/// unit. Roles that are over do not count.
///
/// # Errors
/// [`Error::NotFound`] for accounts outside the actor's units.
pub(super) fn may_invite(actor: &Actor, roles: &[HeldRole], now: i64) -> Result<()> {
    if matches!(actor.via, Via::System) {
        return Ok(());
    }
    let held: Vec<&HeldRole> = roles.iter().filter(|role| !role.ended(now)).collect();
    if held.iter().any(|role| WATCHING.contains(&role.role)) {
        let scope = actor.scope(Permission::RoleGrant);
        if !actor.can(Permission::RoleGrant) {
            actor.require_anywhere(Permission::AccountInvite)?;
            return Err(Error::Forbidden(
                "安全管理员和审计管理员的登录链接由安全管理员发送，请与安全管理员联系。".to_owned(),
            ));
        }
        if held.iter().any(|role| role.account_id == actor.account_id) {
            return Err(Error::Forbidden("自己的登录链接由另一位安全管理员发送。".to_owned()));
        }
        return if held.iter().all(|role| scope.covers(&role.unit_path)) { Ok(()) } else { Err(Error::NotFound) };
    }
    if actor.can(Permission::AccountManage) {
        let scope = actor.scope(Permission::AccountManage);
        if held.iter().all(|role| scope.covers(&role.unit_path)) {
            return Ok(());
        }
        return Err(Error::NotFound);
    }
    actor.require_anywhere(Permission::AccountInvite)?;
    let scope = actor.scope(Permission::AccountInvite);
    if held.is_empty() || !held.iter().any(|role| scope.covers(&role.unit_path)) {
        return Err(Error::NotFound);
    }
    if held.iter().all(|role| INVITABLE.contains(&role.role) && scope.covers(&role.unit_path)) {
        return Ok(());
    }
    let who = if held.iter().any(|role| ADMINISTRATORS.contains(&role.role)) { "管理员" } else { "经办人员" };
    Err(Error::Forbidden(format!("{who}的登录链接由系统管理员发送，请与系统管理员联系。")))
}
