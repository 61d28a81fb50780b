//! One account: who, which roles below which units, its link, its tokens, and what an administrator may do.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};

use super::invite::may_invite;
use super::model::{self, Account, AccountState, HeldRole};
use super::roles::RoleForm;
use super::tokens::{TokenForm, TokenLine};
use super::{store, words};
use crate::App;
use crate::features::units::api as units;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::auth::{Actor, Permission, Role, Scope};
use crate::platform::error::{Error, Result};
use crate::platform::ids::AccountId;
use crate::platform::web::Frame;

/// 账号详情
#[derive(Debug, Template)]
#[template(path = "features/accounts/templates/show.html")]
pub struct AccountPage {
    /// Around it.
    pub frame: Frame,
    /// The account's id.
    pub id: AccountId,
    /// Name of its holder.
    pub name: String,
    /// What they type to sign in.
    pub login: String,
    /// Their telephone.
    pub phone: String,
    /// Whether it can sign in.
    pub state: AccountState,
    /// Until when it is locked, in words; empty when it is not.
    pub locked_until: String,
    /// What became of its last link, in words.
    pub link: String,
    /// The last link is still good.
    pub link_open: bool,
    /// Roles held and to come, then those that are over.
    pub roles: Vec<RoleLine>,
    /// Its tokens.
    pub tokens: Vec<TokenLine>,
    /// Scopes its tokens can have.
    pub scopes: Vec<(&'static str, &'static str)>,
    /// The form of a new token.
    pub form: TokenForm,
    /// The form of a new role.
    pub role_form: RoleForm,
    /// Roles that can be given: code and words.
    pub role_choices: Vec<(&'static str, &'static str)>,
    /// Units below which a role can be given: id and name.
    pub unit_choices: Vec<(String, String)>,
    /// Messages by field.
    pub errors: FieldErrors,
    /// A token's secret that has just been made.
    pub secret: String,
    /// Where tokens are made and taken back.
    pub action: String,
    /// What the reader may do.
    pub may: May,
}

/// What the reader of an account's page may do with it.
#[derive(Clone, Copy, Debug, Default)]
pub struct May {
    /// Make and take back links.
    pub invite: bool,
    /// Disable, unlock, end sessions.
    pub manage: bool,
    /// Give and take roles.
    pub grant: bool,
    /// Make and take back tokens.
    pub tokens: bool,
}

/// A role as a line.
#[derive(Clone, Debug)]
pub struct RoleLine {
    /// Its id.
    pub id: String,
    /// Which.
    pub role: &'static str,
    /// Below which unit.
    pub unit: String,
    /// From and until when, in words.
    pub time: String,
    /// `有效`, `未到期限` or `已结束`.
    pub state: &'static str,
    /// The reader may end it.
    pub may_take: bool,
}

impl RoleLine {
    /// Kind of the state's label.
    pub fn state_kind(&self) -> &'static str {
        if self.state == "有效" { "received" } else { "quiet" }
    }
}

impl AccountPage {
    /// Kind and words of the state's label.
    pub fn state_label(&self) -> (&'static str, &'static str) {
        match self.state {
            AccountState::Active => ("received", self.state.label()),
            state => ("quiet", state.label()),
        }
    }

    /// Whether it can be put out of use.
    pub fn enabled(&self) -> bool {
        self.state != AccountState::Disabled
    }

    /// Whether there is no password yet.
    pub fn fresh(&self) -> bool {
        self.state == AccountState::Invited
    }

    /// Whether a scope is ticked.
    pub fn ticked(&self, code: &str) -> bool {
        self.form.scopes.iter().any(|ticked| ticked == code)
    }
}

#[cfg(any(test, feature = "testing"))]
impl AccountPage {
    /// For the template test.
    pub fn sample() -> Self {
        let role = |id: &str, role: Role, state, may_take| RoleLine {
            id: id.to_owned(),
            role: role.label(),
            unit: "东沟村".to_owned(),
            time: "6月13日（周一）起".to_owned(),
            state,
            may_take,
        };
        Self {
            frame: Frame { title: "李桂兰".to_owned(), active: "accounts", ..Frame::default() },
            id: "a1".into(),
            name: "李桂兰".to_owned(),
            login: "东沟村".to_owned(),
            phone: "13800000000".to_owned(),
            state: AccountState::Active,
            locked_until: "6月13日（周一）08:45".to_owned(),
            link: "邀请链接已使用".to_owned(),
            link_open: true,
            roles: vec![role("1", Role::Liaison, "有效", true), role("2", Role::Inspector, "已结束", false)],
            tokens: vec![TokenLine::sample()],
            scopes: model::SCOPES.iter().map(|(code, words, _)| (*code, *words)).collect(),
            form: TokenForm::default(),
            role_form: RoleForm::default(),
            role_choices: Role::ALL.iter().map(|role| (role.code(), role.label())).collect(),
            unit_choices: vec![("u1".to_owned(), "青龙山镇".to_owned())],
            errors: FieldErrors::one("role", "请选择角色。"),
            secret: String::new(),
            action: "/accounts/a1/tokens".to_owned(),
            may: May { invite: true, manage: true, grant: true, tokens: true },
        }
    }
}

/// What is typed into the forms of the page, and what came of it.
#[derive(Default)]
pub(super) struct Typed {
    pub role: Option<RoleForm>,
    pub token: Option<TokenForm>,
    pub errors: FieldErrors,
    pub secret: String,
}

/// `GET /accounts/{id}`
pub async fn page(State(app): State<App>, page: Page, Path(id): Path<AccountId>) -> Result<Response> {
    show(&app, &page, &id, StatusCode::OK, Typed::default()).await
}

/// The page of an account, with what was typed into its forms.
pub(super) async fn show(app: &App, page: &Page, id: &AccountId, status: StatusCode, typed: Typed) -> Result<Response> {
    let now = app.now();
    let actor = &page.actor;
    let db = app.db.reader();
    let town = &actor.jurisdiction;
    let (account, roles) = find_seen(app, actor, id).await?;
    let own = actor.account_id == account.id;
    let grants = actor.can(Permission::RoleGrant) && require_over(actor, Permission::RoleGrant, &roles, now).is_ok();
    let invites = may_invite(actor, &roles, now).is_ok();
    let may = May {
        invite: invites && account.state != AccountState::Disabled,
        manage: !own && require_over(actor, Permission::AccountManage, &roles, now).is_ok(),
        grant: !own && (grants || invites),
        tokens: require_over(actor, Permission::TokenManage, &roles, now).is_ok(),
    };
    let unit_choices = if may.grant {
        let permission = if grants { Permission::RoleGrant } else { Permission::AccountInvite };
        unit_choices(app, actor, permission).await?
    } else {
        Vec::new()
    };
    let offered: &[Role] = if grants { Role::ALL } else { &model::INVITABLE };
    let link = store::links::latest(db, town, id).await?;
    let tokens = if may.tokens { store::tokens::of_account(db, town, id).await? } else { Vec::new() };
    let holder = held_grants(&roles, now);
    let page = AccountPage {
        frame: page.frame(account.name.clone(), "accounts"),
        id: account.id.clone(),
        locked_until: account
            .locked_until
            .filter(|until| *until > now)
            .map(|until| words::moment(until, now))
            .unwrap_or_default(),
        link_open: link.as_ref().is_some_and(|link| link.good(now)),
        link: link.map_or_else(|| "还没有生成过链接".to_owned(), |link| link_words(&link, now)),
        roles: role_lines(actor, &roles, grants, invites, now),
        tokens: tokens.iter().map(|token| TokenLine::new(token, now)).collect(),
        scopes: if may.tokens && account.state == AccountState::Active {
            model::scopes_within(&holder)
        } else {
            Vec::new()
        },
        form: typed.token.unwrap_or_else(|| TokenForm::suggested(now)),
        role_form: typed.role.unwrap_or_default(),
        role_choices: offered.iter().map(|role| (role.code(), role.label())).collect(),
        unit_choices,
        errors: typed.errors,
        secret: typed.secret,
        action: format!("/accounts/{id}/tokens"),
        name: account.name,
        login: account.login,
        phone: account.phone,
        state: account.state,
        may,
    };
    Ok((status, Html(page.render()?)).into_response())
}

/// The account and its roles, when the actor may see it.
pub(super) async fn find_seen(app: &App, actor: &Actor, id: &AccountId) -> Result<(Account, Vec<HeldRole>)> {
    let town = &actor.jurisdiction;
    let account = store::accounts::find(app.db.reader(), town, id).await?.ok_or(Error::NotFound)?;
    let roles = store::roles::of_account(app.db.reader(), town, id).await?;
    let scope = actor.scope(Permission::AccountView);
    let now = app.now();
    if may_see(&scope, whole_town(&scope), roles.iter().filter(|held| !held.ended(now))) {
        Ok((account, roles))
    } else {
        Err(Error::NotFound)
    }
}

/// Whether an account with these roles is seen within the scope: one of them is covered, or it has none and the
/// scope is the whole town.
pub(super) fn may_see<'a>(scope: &Scope, whole: bool, roles: impl Iterator<Item = &'a HeldRole>) -> bool {
    whole || roles.into_iter().any(|held| scope.covers(&held.unit_path))
}

/// Whether a scope begins at the top of the tree.
pub fn whole_town(scope: &Scope) -> bool {
    match scope {
        Scope::All => true,
        Scope::Below(paths) => paths.iter().any(|path| path.matches('/').count() == 1),
    }
}

/// Refuses unless the permission covers every role of the account that is not over.
///
/// # Errors
/// [`Error::Forbidden`] without the permission, [`Error::NotFound`] for accounts outside its units.
pub(super) fn require_over(actor: &Actor, permission: Permission, roles: &[HeldRole], now: i64) -> Result<()> {
    actor.require_anywhere(permission)?;
    let scope = actor.scope(permission);
    let covered = roles.iter().filter(|held| !held.ended(now)).all(|held| scope.covers(&held.unit_path));
    let none = roles.iter().all(|held| held.ended(now));
    if covered && (!none || whole_town(&scope)) { Ok(()) } else { Err(Error::NotFound) }
}

/// The units that a permission covers, for choosing one: id and name, indented by depth.
pub(super) async fn unit_choices(app: &App, actor: &Actor, permission: Permission) -> Result<Vec<(String, String)>> {
    let units = units::list(app.db.reader(), &actor.jurisdiction, &actor.scope(permission)).await?;
    let top = units.iter().map(|unit| unit.path.matches('/').count()).min().unwrap_or_default();
    Ok(units
        .into_iter()
        .map(|unit| {
            let depth = unit.path.matches('/').count() - top;
            (unit.id.0, format!("{}{}", "　".repeat(depth), unit.name))
        })
        .collect())
}

fn held_grants(roles: &[HeldRole], now: i64) -> Vec<crate::platform::auth::Grant> {
    let grant = |held: &HeldRole| crate::platform::auth::Grant {
        role: held.role,
        unit_id: held.unit_id.clone(),
        unit_path: held.unit_path.clone(),
        unit_name: held.unit_name.clone(),
    };
    roles.iter().filter(|held| held.holds(now)).map(grant).collect()
}

fn role_lines(actor: &Actor, roles: &[HeldRole], grants: bool, invites: bool, now: i64) -> Vec<RoleLine> {
    let line = |held: &HeldRole| {
        let from = words::day(held.valid_from, now);
        let invitable = invites && model::INVITABLE.contains(&held.role);
        RoleLine {
            id: held.id.clone(),
            role: held.role.label(),
            unit: held.unit_name.clone(),
            time: match held.valid_to {
                Some(to) => format!("{from}至{}", words::day(to, now)),
                None => format!("{from}起"),
            },
            state: if held.ended(now) {
                "已结束"
            } else if held.holds(now) {
                "有效"
            } else {
                "未到期限"
            },
            may_take: !held.ended(now)
                && ((grants && actor.scope(Permission::RoleGrant).covers(&held.unit_path)) || invitable),
        }
    };
    let mut lines: Vec<RoleLine> = roles.iter().map(line).collect();
    lines.sort_by_key(|line| line.state == "已结束");
    lines
}

fn link_words(link: &store::links::Link, now: i64) -> String {
    let what = if link.purpose == "reset" { "重设密码链接" } else { "邀请链接" };
    if link.used_at.is_some() {
        format!("{what}已使用")
    } else if link.revoked_at.is_some() {
        format!("{what}已收回")
    } else if link.expires_at <= now {
        format!("{what}已过期（{}）", words::day(link.expires_at, now))
    } else {
        format!("{what}已生成，{}前有效，还没有使用", words::moment(link.expires_at, now))
    }
}
