//! Making an account.

use serde_json::json;

use super::model::{NewAccount, may_give};
use super::store;
use crate::App;
use crate::features::units;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{self, Actor, Permission, Via};
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::AccountId;

/// Makes an account without a password; its holder gets in by an invitation.
///
/// # Errors
/// [`Error::Invalid`] with messages by field: `login` when it is taken, `role` when two exclude each other.
pub async fn create_account(app: &App, actor: &Actor, new: NewAccount) -> Result<AccountId> {
    let new = allowed(app, actor, &new).await?;
    let id: AccountId = app.ids.id();
    let now = app.now();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    insert(app, &tx, &id, &new, now).await?;
    let event = Event::new(actor, "account.created", "account", &id, format!("新建账号“{}”", new.login));
    tx.commit(with_unit(event, &new)).await?;
    Ok(id)
}

/// The account to be made, when its texts are acceptable and the actor may give its roles.
pub(super) async fn allowed(app: &App, actor: &Actor, new: &NewAccount) -> Result<NewAccount> {
    let new = new.checked().map_err(Error::Invalid)?;
    if new.roles.is_empty() {
        actor.require_anywhere(Permission::AccountManage)?;
    }
    for (role, unit) in &new.roles {
        let unit = units::api::get(app.db.reader(), &actor.jurisdiction, unit).await?;
        may_give(actor, *role, &unit.path)?;
    }
    Ok(new)
}

/// Writes the account and its roles.
pub(super) async fn insert(app: &App, tx: &WriteTx, id: &AccountId, new: &NewAccount, now: i64) -> Result<()> {
    store::accounts::insert(tx, id, new, now).await.map_err(|error| match error {
        Error::Duplicate => Error::Invalid(FieldErrors::one("login", "这个登录账号已经有人使用，请换一个。")),
        other => other,
    })?;
    for (role, unit) in &new.roles {
        store::roles::insert(tx, &app.ids, id, *role, unit, now, None).await?;
    }
    Ok(())
}

/// The event about a new account, with its first unit and its roles.
pub(super) fn with_unit(event: Event, new: &NewAccount) -> Event {
    let roles: Vec<_> =
        new.roles.iter().map(|(role, unit)| json!({"role": role.code(), "unit": unit.as_str()})).collect();
    let event = event.detail(json!({ "roles": roles }));
    match new.roles.first() {
        Some((_, unit)) => event.unit(unit),
        None => event,
    }
}

/// Sets a password without a link: the demonstration's own, refused to everybody but the program itself.
pub(super) async fn set_password_without_link(
    app: &App,
    actor: &Actor,
    account: &AccountId,
    password: &str,
) -> Result<()> {
    if !matches!(actor.via, Via::System) {
        return Err(Error::internal("only the program itself sets a password without a link"));
    }
    let hash = auth::hash_password(password.to_owned()).await?;
    let tx = app.db.begin(&actor.jurisdiction).await?;
    store::accounts::set_password(&tx, account, &hash, app.now()).await?;
    tx.commit(Event::new(actor, "account.password_set", "account", account, "为演示账号设置密码")).await
}
