//! Giving and taking roles.
//!
//! The security administrator gives and takes every role below its unit, to others only. Whoever may invite also
//! gives and takes the roles without power over others, among the people it may invite: that is how a village's
//! liaison changes.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use calendar::{Moment, from_local_ms};
use jiff::civil::{Date, Time};
use serde::Deserialize;
use serde_json::json;

use super::invite::may_invite;
use super::model::{ADMINISTRATORS, HeldRole, INVITABLE, WATCHING, excluded_words, excluding};
use super::show::{self, Typed, require_over};
use super::store;
use crate::App;
use crate::features::units::api as units;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission, Role};
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AccountId, UnitId};
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash};

/// The form of a role to be given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RoleForm {
    /// Code of the role.
    pub role: String,
    /// Id of the unit.
    pub unit: String,
    /// First day; empty: now.
    pub valid_from: String,
    /// Last day; empty: until it is taken.
    pub valid_to: String,
}

/// A role to be given.
#[derive(Clone, Debug)]
pub struct GrantRole {
    /// To whom.
    pub account_id: AccountId,
    /// Which.
    pub role: Role,
    /// Below which unit.
    pub unit_id: UnitId,
    /// From when.
    pub valid_from: i64,
    /// Until when; none: until it is taken.
    pub valid_to: Option<i64>,
}

/// `POST /accounts/{id}/roles`
pub async fn give(
    State(app): State<App>,
    page: Page,
    Path(id): Path<AccountId>,
    Form(form): Form<RoleForm>,
) -> Result<Response> {
    show::find_seen(&app, &page.actor, &id).await?;
    let given = match parse(&form, &id, app.now()) {
        Ok(cmd) => grant(&app, &page.actor, cmd).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match given {
        Ok(()) => Ok(web::see_other_with(&format!("/accounts/{id}"), &Flash::success("角色已授予。"))),
        Err(Error::Invalid(errors)) => {
            let typed = Typed { role: Some(form), errors, ..Typed::default() };
            show::show(&app, &page, &id, StatusCode::UNPROCESSABLE_ENTITY, typed).await
        }
        Err(error) => Err(error),
    }
}

/// `POST /accounts/{id}/roles/{role}/take`
pub async fn take(State(app): State<App>, page: Page, Path((id, role)): Path<(AccountId, String)>) -> Result<Response> {
    end_role(&app, &page.actor, &id, &role).await?;
    let to = if page.actor.can(Permission::AccountView) { format!("/accounts/{id}") } else { "/me".to_owned() };
    Ok(web::see_other_with(&to, &Flash::success("角色已收回。")))
}

/// Gives a role.
///
/// # Errors
/// [`Error::Invalid`] with a message for `role` when two roles exclude each other or it is held already.
pub async fn grant(app: &App, actor: &Actor, cmd: GrantRole) -> Result<()> {
    let now = app.now();
    let town = &actor.jurisdiction;
    if actor.account_id == cmd.account_id {
        return Err(Error::Forbidden("不能给自己授予角色，请由另一位安全管理员办理。".to_owned()));
    }
    let unit = units::get(app.db.reader(), town, &cmd.unit_id).await?;
    let tx = app.db.begin(town).await?;
    let account = store::accounts::find(&*tx, town, &cmd.account_id).await?.ok_or(Error::NotFound)?;
    let roles = store::roles::of_account(&*tx, town, &cmd.account_id).await?;
    require_power(actor, &roles, cmd.role, &unit.path, now)?;

    let open: Vec<&HeldRole> = roles.iter().filter(|held| !held.ended(now)).collect();
    if let Some((one, other)) = excluding(open.iter().map(|held| held.role).chain([cmd.role])) {
        return Err(Error::Invalid(FieldErrors::one("role", excluded_words(one, other))));
    }
    let overlaps = |held: &&HeldRole| {
        held.role == cmd.role
            && held.unit_id == cmd.unit_id
            && held.valid_to.is_none_or(|to| to > cmd.valid_from)
            && cmd.valid_to.is_none_or(|to| to > held.valid_from)
    };
    if open.iter().any(overlaps) {
        return Err(Error::Invalid(FieldErrors::one("role", "这个账号在该单位已经有这个角色。")));
    }
    store::roles::insert(&tx, &app.ids, &cmd.account_id, cmd.role, &cmd.unit_id, cmd.valid_from, cmd.valid_to).await?;
    if WATCHING.contains(&cmd.role) {
        // A link made before, perhaps by the one to be watched, must not open the account now.
        store::links::revoke_open(&tx, &cmd.account_id, now).await?;
    }
    let words = format!("授予账号“{}”角色“{}”（{}）", account.login, cmd.role.label(), unit.name);
    let event = Event::new(actor, "role.granted", "account", &cmd.account_id, words).unit(&cmd.unit_id);
    tx.commit(event.detail(json!({ "role": cmd.role.code() }))).await
}

/// Ends a role now.
///
/// # Errors
/// [`Error::Refused`] for the last administrator of a kind.
pub async fn end_role(app: &App, actor: &Actor, account: &AccountId, role_id: &str) -> Result<()> {
    let now = app.now();
    let town = &actor.jurisdiction;
    let tx = app.db.begin(town).await?;
    let found = store::accounts::find(&*tx, town, account).await?.ok_or(Error::NotFound)?;
    let roles = store::roles::of_account(&*tx, town, account).await?;
    let held = roles.iter().find(|held| held.id == role_id).ok_or(Error::NotFound)?;
    require_power(actor, &roles, held.role, &held.unit_path, now)?;
    if held.ended(now) {
        return Err(Error::refused("这个角色已经收回或到期。"));
    }
    refuse_last(&tx, account, std::slice::from_ref(held), now).await?;
    store::roles::end(&tx, role_id, now).await?;
    let words = format!("收回账号“{}”的角色“{}”（{}）", found.login, held.role.label(), held.unit_name);
    let event = Event::new(actor, "role.taken", "account", account, words).unit(&held.unit_id);
    tx.commit(event.detail(json!({ "role": held.role.code() }))).await
}

/// Refuses when one of these roles is an administrator's and nobody else holds it who can sign in.
pub(super) async fn refuse_last(tx: &WriteTx, account: &AccountId, roles: &[HeldRole], now: i64) -> Result<()> {
    for held in roles.iter().filter(|held| held.holds(now) && ADMINISTRATORS.contains(&held.role)) {
        if store::roles::other_holders(tx, held.role, account, now).await? == 0 {
            return Err(Error::refused(format!(
                "这是最后一位“{}”，不能收回或停用。请先让另一个账号担任，并等其本人启用账号。",
                held.role.label()
            )));
        }
    }
    Ok(())
}

fn require_power(actor: &Actor, roles: &[HeldRole], role: Role, unit_path: &str, now: i64) -> Result<()> {
    if actor.can(Permission::RoleGrant) {
        actor.require(Permission::RoleGrant, unit_path)?;
        let none = roles.iter().all(|held| held.ended(now));
        return if none { Ok(()) } else { require_over(actor, Permission::RoleGrant, roles, now) };
    }
    if !INVITABLE.contains(&role) {
        return actor.require(Permission::RoleGrant, unit_path);
    }
    may_invite(actor, roles, now)?;
    actor.require(Permission::AccountInvite, unit_path)
}

fn parse(form: &RoleForm, account: &AccountId, now: i64) -> Result<GrantRole, FieldErrors> {
    let mut errors = FieldErrors::new();
    let role = Role::parse(&form.role);
    if role.is_none() {
        errors.add("role", "请选择角色。");
    }
    if form.unit.is_empty() {
        errors.add("unit", "请选择单位。");
    }
    let mut day = |text: &str, field: &str| match text.trim() {
        "" => None,
        text => match text.parse::<Date>() {
            Ok(day) => Some(day),
            Err(_) => {
                errors.add(field, "日期不对，请重新选择。");
                None
            }
        },
    };
    let from = day(&form.valid_from, "valid_from");
    let to = day(&form.valid_to, "valid_to");
    let valid_from = from.map_or(now, |day| from_local_ms(day.to_datetime(Time::midnight())).max(now));
    let valid_to = to.map(|day| Moment::day(day).due_ms());
    if valid_to.is_some_and(|to| to <= valid_from) {
        errors.add("valid_to", "结束日期须在今天和开始日期之后。");
    }
    match role {
        Some(role) if errors.is_empty() => {
            let unit_id = UnitId(form.unit.clone());
            Ok(GrantRole { account_id: account.clone(), role, unit_id, valid_from, valid_to })
        }
        _ => Err(errors),
    }
}
