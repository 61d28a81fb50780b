//! Day one: an account and a link for every unit that has no liaison with an account, all at once, as slips to
//! print and a sheet to send.

use std::collections::HashSet;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use official_doc::table::{Column, Sheet, write_xlsx};
use serde::Deserialize;
use serde_json::json;

use super::model::{NewAccount, check_phone};
use super::new::{SlipsPage, fresh};
use super::slip::Slip;
use super::{create, invite, store};
use crate::App;
use crate::features::units::api::{self as units, UnitRef};
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::{Actor, Permission, Role};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AccountId, UnitId};
use crate::platform::text_key::text_key;
use crate::platform::web::form::Form;
use crate::platform::web::{self, Flash, Frame};

/// 批量邀请
#[derive(Debug, Template)]
#[template(path = "features/accounts/templates/bulk.html")]
pub struct BulkPage {
    /// Around it.
    pub frame: Frame,
    /// Units without a liaison's account.
    pub units: Vec<Proposal>,
}

/// The account proposed for a unit.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The unit.
    pub unit: UnitRef,
    /// Name of its liaison as far as known.
    pub name: String,
    /// Their telephone.
    pub phone: String,
    /// What they will type to sign in.
    pub login: String,
}

/// The form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    /// Ids of units.
    unit: Vec<UnitId>,
}

/// The sheet of links, as the page sends it back: the secrets are kept nowhere else.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Rows {
    /// Unit, name, login, link, last moment; separated by tabs.
    row: Vec<String>,
}

#[cfg(any(test, feature = "testing"))]
impl BulkPage {
    /// For the template test.
    pub fn sample() -> Self {
        let unit = UnitRef {
            id: "u1".into(),
            parent_id: None,
            path: "t/u1/".to_owned(),
            kind: units::UnitKind::Village,
            name: "东沟村".to_owned(),
            industry: String::new(),
        };
        Self {
            frame: Frame { title: "批量邀请".to_owned(), active: "accounts", ..Frame::default() },
            units: vec![Proposal {
                unit,
                name: "李桂兰".to_owned(),
                phone: "13800000000".to_owned(),
                login: "东沟村".to_owned(),
            }],
        }
    }
}

/// `GET /accounts/invite-units`
pub async fn page(State(app): State<App>, page: Page) -> Result<Response> {
    let units = propose(&app, &page.actor).await?;
    web::page(&BulkPage { frame: page.frame("批量邀请", "accounts"), units })
}

/// `POST /accounts/invite-units`
pub async fn submit(State(app): State<App>, page: Page, Form(chosen): Form<Chosen>) -> Result<Response> {
    if chosen.unit.is_empty() {
        return Ok(web::see_other_with("/accounts/invite-units", &Flash::warning("请至少勾选一个单位。")));
    }
    let slips = invite_units(&app, &page.actor, &chosen.unit).await?;
    web::page(&SlipsPage {
        frame: page.frame("登录链接", "accounts"),
        heading: format!("已为 {} 个单位生成登录链接", slips.len()),
        slips,
        back: "/accounts?state=invited".to_owned(),
    })
}

/// `POST /accounts/links.xlsx`
pub async fn sheet(_page: Page, Form(rows): Form<Rows>) -> Result<Response> {
    let columns = ["单位", "姓名", "登录账号", "链接", "有效期至"];
    let mut sheet = Sheet::new("登录链接", columns.into_iter().map(Column::text).collect());
    sheet.rows = rows.row.iter().map(|row| row.split('\t').map(Into::into).collect()).collect();
    let bytes = write_xlsx(&[sheet], &["每个链接只能用一次，请只发给本人。"]).map_err(Error::internal)?;
    Ok(web::attachment("登录链接.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes))
}

/// Makes an account with a link for each of these units; those that have got one meanwhile are left out.
pub async fn invite_units(app: &App, actor: &Actor, chosen: &[UnitId]) -> Result<Vec<Slip>> {
    let wanted: HashSet<&UnitId> = chosen.iter().collect();
    let proposals = propose(app, actor).await?;
    let proposals: Vec<Proposal> =
        proposals.into_iter().filter(|proposal| wanted.contains(&proposal.unit.id)).collect();
    if proposals.is_empty() {
        return Err(Error::refused("所选单位都已经有联络员账号，没有重复新建。"));
    }
    let now = app.now();
    let tx = app.db.begin(&actor.jurisdiction).await?;
    let served: HashSet<UnitId> = liaison_units(&*tx, actor, now).await?;
    let mut made = Vec::new();
    for proposal in proposals.into_iter().filter(|proposal| !served.contains(&proposal.unit.id)) {
        actor.require(Permission::AccountInvite, &proposal.unit.path)?;
        let id: AccountId = app.ids.id();
        let new = NewAccount {
            login: proposal.login,
            name: proposal.name,
            phone: proposal.phone,
            roles: vec![(Role::Liaison, proposal.unit.id.clone())],
        };
        create::insert(app, &tx, &id, &new, now).await.map_err(|error| match error {
            Error::Invalid(_) => Error::Changed,
            other => other,
        })?;
        let invitation = invite::make(app, &tx, actor, &fresh(&id, &new), now).await?;
        made.push((new, proposal.unit.name, invitation));
    }
    let words = format!("为{}个单位新建联络员账号，生成邀请链接", made.len());
    let logins: Vec<&str> = made.iter().map(|(new, _, _)| new.login.as_str()).collect();
    let event = Event::new(actor, "account.created_many", "town", &actor.jurisdiction, words);
    tx.commit(event.detail(json!({ "logins": logins }))).await?;
    let slip = |(new, unit, invitation): &(NewAccount, String, super::model::Invitation)| {
        Slip::new(&new.name, &new.login, unit, Role::Liaison.label(), invitation, now)
    };
    Ok(made.iter().map(slip).collect())
}

/// The units within reach that have no liaison with an account, and the account proposed for each.
async fn propose(app: &App, actor: &Actor) -> Result<Vec<Proposal>> {
    actor.require_anywhere(Permission::AccountInvite)?;
    let now = app.now();
    let db = app.db.reader();
    let town = &actor.jurisdiction;
    let served = liaison_units(db, actor, now).await?;
    let mut found = units::list(db, town, &actor.scope(Permission::AccountInvite)).await?;
    let own: HashSet<&str> = actor.grants.iter().map(|grant| grant.unit_path.as_str()).collect();
    found.retain(|unit| !served.contains(&unit.id) && !own.contains(unit.path.as_str()));
    let ids: Vec<UnitId> = found.iter().map(|unit| unit.id.clone()).collect();
    let mut liaisons = units::liaisons(db, town, &ids).await?;
    let mut taken: HashSet<String> = store::accounts::taken_logins(db, town).await?.into_iter().collect();
    let mut proposals = Vec::new();
    for unit in found {
        let liaison = liaisons.remove(&unit.id);
        let (name, phone) = liaison.map(|liaison| (liaison.facts.name, liaison.facts.mobile)).unwrap_or_default();
        let name = if name.is_empty() { format!("{}联络员", cut(&unit.name, 36)) } else { cut(&name, 40) };
        let mut errors = FieldErrors::new();
        let phone = check_phone(&phone, "phone", &mut errors);
        let phone = if errors.is_empty() { phone } else { String::new() };
        let login = free_login(&unit.name, &mut taken);
        proposals.push(Proposal { unit, name, phone, login });
    }
    Ok(proposals)
}

async fn liaison_units(db: &impl sea_orm::ConnectionTrait, actor: &Actor, now: i64) -> Result<HashSet<UnitId>> {
    let roles = store::roles::all(db, &actor.jurisdiction, now).await?;
    Ok(roles.into_iter().filter(|held| held.role == Role::Liaison).map(|held| held.unit_id).collect())
}

/// The unit's name as a login, with a number when it is taken.
fn free_login(name: &str, taken: &mut HashSet<String>) -> String {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect();
    let base = if plain.chars().count() < 2 { format!("单位{plain}") } else { cut(&plain, 36) };
    let mut login = base.clone();
    let mut number = 2;
    while !taken.insert(text_key(&login)) {
        login = format!("{base}{number}");
        number += 1;
    }
    login
}

fn cut(text: &str, length: usize) -> String {
    text.chars().take(length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_units_of_one_name_get_two_logins() {
        let mut taken = HashSet::from([text_key("东沟村")]);
        assert_eq!(free_login("东沟村", &mut taken), "东沟村2");
        assert_eq!(free_login("东 沟 村", &mut taken), "东沟村3");
        assert_eq!(free_login("青龙煤矿（北井）", &mut taken), "青龙煤矿北井");
        assert_eq!(free_login("一", &mut taken), "单位一");
    }
}
