//! Accounts (账号): who may come in, with which roles below which units, and how they get their password.
//!
//! Words: account 账号, role 角色, invitation 邀请, session 登录, API token 接口令牌, set-up 首次设置, the three
//! administrators 三员 (系统管理员, 安全管理员, 审计管理员).
//! Tables owned: `jurisdictions`, `accounts`, `account_roles`, `invitations`, `sessions`, `api_tokens`; the pages of
//! the trail, of background work and of the town's settings stand here too.
//!
//! Invariants
//! * No password is ever handed out: everybody sets their own behind a one-time link. Only hashes are kept.
//! * A link is good once, for a time, and until it is taken back; opening it uses nothing up.
//! * The three administrators are separate people ([`Role::excludes`](crate::platform::auth::Role::excludes)),
//!   and each of the three roles always keeps one holder who can sign in.
//! * Nobody gives a role to themselves. The office invites only people without power over others, below its unit.
//! * A role is never deleted: it ends, and past deeds keep their doer.
//! * No page tells when or how often somebody else came in (国办函〔2026〕12号).

pub mod api;
pub mod bulk;
mod create;
mod invite;
pub mod join;
mod json;
pub mod list;
pub mod model;
pub mod new;
pub mod own;
mod roles;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
pub mod settings;
pub mod setup;
mod setup_link;
pub mod show;
pub mod signin;
pub mod slip;
mod state;
mod store;
pub mod tokens;
pub mod trail;
pub mod unsent;
mod visitor;
mod words;
pub mod work;

#[cfg(test)]
mod tests;

pub use json::AccountsApi;

use crate::platform::auth::Permission as P;
use crate::platform::web::{Access, Routes};

/// The routes of this area.
pub fn routes() -> Routes {
    Routes::new()
        .get("/setup/{secret}", Access::Public, setup::page)
        .post("/setup/{secret}", Access::Public, setup::submit)
        .get("/join/{secret}", Access::Public, join::page)
        .post("/join/{secret}", Access::Public, join::submit)
        .get("/signin", Access::Public, signin::page)
        .post("/signin", Access::Public, signin::submit)
        .post("/signin/unsent", Access::Public, unsent::page)
        .post("/signout", Access::SignedIn, signin::leave)
        .get("/me", Access::SignedIn, own::me::page)
        .post("/me", Access::SignedIn, own::me::save)
        .post("/me/password", Access::SignedIn, own::me::change_password)
        .get("/me/sessions", Access::SignedIn, own::sessions::page)
        .post("/me/sessions/end-others", Access::SignedIn, own::sessions::end_others)
        .post("/me/sessions/{id}/end", Access::SignedIn, own::sessions::end)
        .get("/me/tokens", Access::SignedIn, own::tokens::page)
        .post("/me/tokens", Access::SignedIn, own::tokens::make)
        .post("/me/tokens/{id}/revoke", Access::SignedIn, own::tokens::revoke)
        .get("/accounts", Access::Can(P::AccountView), list::page)
        .get("/accounts/export/{format}", Access::Can(P::AccountView), list::export)
        .get("/accounts/new", Access::Can(P::AccountInvite), new::page)
        .post("/accounts/new", Access::Can(P::AccountInvite), new::submit)
        .get("/accounts/invite-units", Access::Can(P::AccountInvite), bulk::page)
        .post("/accounts/invite-units", Access::Can(P::AccountInvite), bulk::submit)
        .post("/accounts/links.xlsx", Access::Can(P::AccountInvite), bulk::sheet)
        .get("/accounts/{id}", Access::Can(P::AccountView), show::page)
        .post("/accounts/{id}/invite", Access::CanAny(&[P::AccountInvite, P::RoleGrant]), invite::send)
        .post("/accounts/{id}/invite/revoke", Access::CanAny(&[P::AccountInvite, P::RoleGrant]), invite::take_back)
        .post("/accounts/{id}/roles", Access::CanAny(&[P::RoleGrant, P::AccountInvite]), roles::give)
        .post("/accounts/{id}/roles/{role}/take", Access::CanAny(&[P::RoleGrant, P::AccountInvite]), roles::take)
        .post("/accounts/{id}/disable", Access::Can(P::AccountManage), state::disable)
        .post("/accounts/{id}/enable", Access::Can(P::AccountManage), state::enable)
        .post("/accounts/{id}/unlock", Access::Can(P::AccountManage), state::unlock)
        .post("/accounts/{id}/end-sessions", Access::Can(P::AccountManage), state::end_sessions)
        .post("/accounts/{id}/tokens", Access::Can(P::TokenManage), tokens::make)
        .post("/accounts/{id}/tokens/{token}/revoke", Access::Can(P::TokenManage), tokens::revoke)
        .get("/audit", Access::Can(P::AuditView), trail::page)
        .get("/audit/export.csv", Access::Can(P::AuditView), trail::export)
        .post("/audit/verify", Access::Can(P::AuditView), trail::verify)
        .get("/settings", Access::Can(P::SettingsEdit), settings::page)
        .post("/settings", Access::Can(P::SettingsEdit), settings::save)
        .get("/jobs", Access::Can(P::JobView), work::page)
        .post("/jobs/{id}/retry", Access::Can(P::JobView), work::retry)
        .get("/api/v1/me", Access::SignedIn, json::me)
}
