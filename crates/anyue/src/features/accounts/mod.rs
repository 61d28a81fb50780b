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
mod create;
mod invite;
pub mod model;
mod setup_link;
mod store;
mod tokens;

use crate::platform::web::Routes;

/// The routes of this area.
pub fn routes() -> Routes {
    Routes::new()
}
