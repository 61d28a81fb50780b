//! Who acts, and what they may do.
//!
//! An [`Actor`] is made by a session cookie, an API token or the system itself. It holds *grants*: a role
//! (product's list, `domain` glossary 1.1) below a unit. [`Actor::require`] asks whether any grant allows a
//! [`Permission`] on a unit, given by the unit's path; the table of roles and permissions is [`Role::allows`].
//!
//! Invariants
//! * The three administrator roles are separate: no account holds two of them ([`Role::excludes`]).
//! * Secrets (sessions, tokens, links) are stored as hashes only; passwords as argon2id.
//! * Nothing counts who signed in how often.

mod actor;
mod guard;
mod limiter;
mod password;
mod roles;
mod sessions;

pub use actor::{Actor, Grant, Permission, Role, Scope, Via};
pub use guard::{refuse_foreign_origin, session_cookie, session_token};
pub use limiter::{Limiter, WrongTries};
pub use password::{PASSWORD_RULE, check_password_rules, hash_password, verify_password};
pub use roles::{hand_over_roles, roles_held_at};
pub use sessions::{Authenticated, NewSession, actor_of_account, authenticate, end_session, note_use, start_session};
