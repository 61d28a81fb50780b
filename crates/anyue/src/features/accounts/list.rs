//! The list of accounts, and its export.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use official_doc::table::{Column, Sheet, write_csv, write_xlsx};
use serde::Deserialize;

use super::model::{Account, AccountState, HeldRole};
use super::show::{may_see, whole_town};
use super::store;
use crate::App;
use crate::features::units::api as units;
use crate::page::Page;
use crate::platform::auth::{Actor, Permission, Role};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AccountId, UnitId};
use crate::platform::text_key::text_key;
use crate::platform::web::{self, Frame};

const PER_PAGE: usize = 100;

/// 账号
#[derive(Debug, Template)]
#[template(path = "features/accounts/templates/list.html")]
pub struct ListPage {
    /// Around it.
    pub frame: Frame,
    /// What is looked for.
    pub filter: Filter,
    /// The unit looked below, by name.
    pub unit_name: String,
    /// The accounts of this page.
    pub lines: Vec<Line>,
    /// How many there are in all.
    pub total: usize,
    /// Address of the page before; empty on the first.
    pub previous: String,
    /// Address of the page after; empty on the last.
    pub next: String,
    /// May make accounts.
    pub can_invite: bool,
}

/// An account as a line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its id.
    pub id: AccountId,
    /// Name of its holder.
    pub name: String,
    /// What they type to sign in.
    pub login: String,
    /// Their telephone.
    pub phone: String,
    /// Roles and units in words.
    pub roles: Vec<String>,
    /// Whether it can sign in.
    pub state: AccountState,
    /// Locked at this moment.
    pub locked: bool,
}

impl Line {
    /// Kind and words of the state's label.
    pub fn state_label(&self) -> (&'static str, &'static str) {
        match self.state {
            AccountState::Active if self.locked => ("returned", "已锁定"),
            AccountState::Active => ("received", AccountState::Active.label()),
            state => ("quiet", state.label()),
        }
    }
}

/// What is looked for; lives in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Name, login, telephone or unit.
    pub q: String,
    /// Code of a role.
    pub role: String,
    /// Code of a state, or `locked`.
    pub state: String,
    /// A unit; it and everything below.
    pub unit: String,
    /// Number of lines before this page.
    pub from: String,
}

impl Filter {
    /// The address with another value for one part; leads to the first page.
    pub fn with(&self, part: &str, value: &str) -> String {
        let pick = |name: &str, own: &str| if name == part { value.to_owned() } else { own.to_owned() };
        let pairs = [
            ("q", pick("q", &self.q)),
            ("role", pick("role", &self.role)),
            ("state", pick("state", &self.state)),
            ("unit", pick("unit", &self.unit)),
            ("from", pick("from", "")),
        ];
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
        format!("?{}", query.finish())
    }

    fn matches(&self, account: &Account, roles: &[&HeldRole], unit_path: Option<&str>, now: i64) -> bool {
        let key = text_key(&self.q);
        let found = key.is_empty()
            || [&account.name, &account.login, &account.phone].iter().any(|text| text_key(text).contains(&key))
            || roles.iter().any(|held| text_key(&held.unit_name).contains(&key));
        let state = match self.state.as_str() {
            "" => true,
            "locked" => account.locked(now),
            code => account.state.code() == code,
        };
        found
            && state
            && (self.role.is_empty() || roles.iter().any(|held| held.role.code() == self.role))
            && unit_path.is_none_or(|path| roles.iter().any(|held| held.unit_path.starts_with(path)))
    }
}

impl ListPage {
    /// Roles to choose from: code, words, chosen.
    pub fn role_options(&self) -> Vec<(&'static str, &'static str, bool)> {
        Role::ALL.iter().map(|role| (role.code(), role.label(), self.filter.role == role.code())).collect()
    }

    /// Chips of states: label, address, on.
    pub fn state_chips(&self) -> Vec<(&'static str, String, bool)> {
        let states = AccountState::ALL.iter().map(|state| (state.code(), state.label()));
        states
            .chain([("locked", "已锁定")])
            .map(|(code, label)| {
                let on = self.filter.state == code;
                (label, self.filter.with("state", if on { "" } else { code }), on)
            })
            .collect()
    }

    /// Address of the export of what is looked for.
    pub fn export(&self, format: &str) -> String {
        format!("/accounts/export/{format}{}", self.filter.with("from", ""))
    }

    /// `12 个账号`
    pub fn count_words(&self) -> String {
        format!("{} 个账号", self.total)
    }

    /// Address without the unit.
    pub fn without_unit(&self) -> String {
        self.filter.with("unit", "")
    }
}

#[cfg(any(test, feature = "testing"))]
impl ListPage {
    /// For the template test.
    pub fn sample() -> Self {
        let line = |name: &str, login: &str, roles: &[&str], state, locked| Line {
            id: login.into(),
            name: name.to_owned(),
            login: login.to_owned(),
            phone: "13800000000".to_owned(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            state,
            locked,
        };
        Self {
            frame: Frame { title: "账号".to_owned(), active: "accounts", ..Frame::default() },
            filter: Filter { q: "东沟".to_owned(), ..Filter::default() },
            unit_name: "青龙山镇".to_owned(),
            lines: vec![
                line("李桂兰", "东沟村", &["东沟村　联络员"], AccountState::Active, false),
                line(
                    "王建军",
                    "wang-jianjun",
                    &["青龙山镇　经办人员", "青龙山镇　分管领导"],
                    AccountState::Active,
                    true,
                ),
                line("西沟村联络员", "西沟村", &["西沟村　联络员"], AccountState::Invited, false),
                line("张强", "张强", &[], AccountState::Disabled, false),
            ],
            total: 4,
            previous: String::new(),
            next: "?from=100".to_owned(),
            can_invite: true,
        }
    }
}

/// `GET /accounts`
pub async fn page(State(app): State<App>, page: Page, Query(filter): Query<Filter>) -> Result<Response> {
    let (all, unit_name) = find(&app, &page.actor, &filter).await?;
    let from = filter.from.parse::<usize>().unwrap_or_default().min(all.len());
    let end = (from + PER_PAGE).min(all.len());
    let total = all.len();
    web::page(&ListPage {
        frame: page.frame("账号", "accounts"),
        unit_name,
        previous: if from == 0 {
            String::new()
        } else {
            filter.with("from", &from.saturating_sub(PER_PAGE).to_string())
        },
        next: if end < total { filter.with("from", &end.to_string()) } else { String::new() },
        lines: all.into_iter().skip(from).take(PER_PAGE).collect(),
        total,
        filter,
        can_invite: page.actor.can(Permission::AccountInvite),
    })
}

/// `GET /accounts/export/{format}`
pub async fn export(
    State(app): State<App>,
    page: Page,
    Path(format): Path<String>,
    Query(filter): Query<Filter>,
) -> Result<Response> {
    let (lines, _) = find(&app, &page.actor, &filter).await?;
    let mut sheet =
        Sheet::new("账号", ["姓名", "登录账号", "电话", "单位和角色", "状态"].into_iter().map(Column::text).collect());
    sheet.rows = lines
        .iter()
        .map(|line| {
            let roles = line.roles.join("；");
            [&line.name, &line.login, &line.phone, &roles, line.state_label().1].map(|text| text.into()).to_vec()
        })
        .collect();
    match format.as_str() {
        "xlsx" => {
            let bytes = write_xlsx(&[sheet], &[]).map_err(Error::internal)?;
            Ok(web::attachment("账号.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes))
        }
        "csv" => Ok(web::attachment("账号.csv", "text/csv; charset=utf-8", write_csv(&sheet))),
        _ => Err(Error::NotFound),
    }
}

/// The accounts the actor may see that fit the filter, by unit, then name; and the filter's unit by name.
async fn find(app: &App, actor: &Actor, filter: &Filter) -> Result<(Vec<Line>, String)> {
    let now = app.now();
    let db = app.db.reader();
    let town = &actor.jurisdiction;
    let scope = actor.scope(Permission::AccountView);
    let unit = match filter.unit.as_str() {
        "" => None,
        id => {
            let unit = units::get(db, town, &UnitId::from(id)).await?;
            actor.require(Permission::AccountView, &unit.path)?;
            Some(unit)
        }
    };
    let accounts = store::accounts::all(db, town).await?;
    let roles = store::roles::all(db, town, now).await?;
    let mut by_account: HashMap<&AccountId, Vec<&HeldRole>> = HashMap::new();
    for held in &roles {
        by_account.entry(&held.account_id).or_default().push(held);
    }
    let whole = whole_town(&scope);
    let mut lines = Vec::new();
    for account in &accounts {
        let held = by_account.get(&account.id).map(Vec::as_slice).unwrap_or_default();
        let seen = may_see(&scope, whole, held.iter().copied());
        if seen && filter.matches(account, held, unit.as_ref().map(|unit| unit.path.as_str()), now) {
            lines.push(line(account, held, now));
        }
    }
    Ok((lines, unit.map(|unit| unit.name).unwrap_or_default()))
}

fn line(account: &Account, held: &[&HeldRole], now: i64) -> Line {
    let mut said = HashSet::new();
    let roles = held
        .iter()
        .map(|held| format!("{}　{}", held.unit_name, held.role.label()))
        .filter(|words| said.insert(words.clone()))
        .collect();
    Line {
        id: account.id.clone(),
        name: account.name.clone(),
        login: account.login.clone(),
        phone: account.phone.clone(),
        roles,
        state: account.state,
        locked: account.locked(now),
    }
}
