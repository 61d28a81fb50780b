//! The demonstration: an invented township that has just received its campaign.
//!
//! Everything goes through the use cases that the pages call: the town is founded, units are created, the
//! founding notice is imported from its file and published, and the liaisons of three units answer. When asked for,
//! two weeks follow: units hold activities and report on Thursdays, the office reviews and freezes the first week's
//! form. Passwords are made anew each time; [`Played::accounts`] lists them.

mod answers;
mod photos;
mod story;
mod town;
mod weeks;

use std::collections::HashMap;

use serde::Serialize;

use crate::App;
use crate::features::accounts::api::{self as accounts, Founding, NewAccount, NewToken};
use crate::features::campaigns::api::{self as campaigns, ImportNotice, Publish, Source};
use crate::features::duties::api::CampaignId;
use crate::features::units::api::{self as units, NewUnit, UnitKind};
use crate::platform::auth::{Actor, Role};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AccountId, JurisdictionId, UnitId};

pub use town::{NOTICE, NOTICE_NAME, TOWN};

/// What has been played.
#[derive(Clone, Debug)]
pub struct Played {
    /// The town.
    pub town: JurisdictionId,
    /// The published campaign.
    pub campaign: CampaignId,
    /// Accounts that can sign in, and links of some that have not yet.
    pub accounts: Vec<DemoAccount>,
}

/// An account as it is handed to whoever looks around.
#[derive(Clone, Debug, Serialize)]
pub struct DemoAccount {
    /// Code of the role.
    pub role: &'static str,
    /// The unit.
    pub unit: String,
    /// The person's invented name.
    pub name: String,
    /// What to type to sign in.
    pub login: String,
    /// The password; `null` for somebody who has only been invited.
    pub password: Option<String>,
    /// A token for the JSON interface; `null` for somebody who has only been invited.
    pub token: Option<String>,
    /// The invitation link of somebody who has only been invited.
    pub invitation: Option<String>,
}

/// How much is played.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extent {
    /// The town gets further villages until it has so many units.
    pub units: usize,
    /// Two weeks after the first morning as well; the clock is moved on to the second Thursday.
    pub weeks: bool,
}

/// Founds the town in an empty installation and plays the first morning, and more when asked for.
pub async fn play(app: &App, extent: Extent) -> Result<Played> {
    let town: JurisdictionId = app.ids.id();
    let people = town::FIRST_PEOPLE.map(|(role, name, login)| (role, name.to_owned(), login.to_owned()));
    let founding =
        Founding { name: TOWN.to_owned(), kind: UnitKind::Township, people: people.to_vec(), password_hash: None };
    let founded = accounts::found_town(app, &town, &founding).await?;
    let system = Actor::system(&town);

    let mut list = Vec::new();
    for (account, role, _) in &founded.accounts {
        list.push(open_account(app, &system, &account.id, *role, TOWN, &account.name, &account.login).await?);
    }
    for (role, name, login) in town::MORE_PEOPLE {
        list.push(new_account(app, &system, role, &founded.unit_id, TOWN, name, login).await?.1);
    }
    let office =
        actor(app, &town, founded.accounts.iter().find(|(_, role, _)| *role == Role::Office).map(|(a, ..)| &a.id))
            .await?;

    let mut unit_ids: Vec<(&str, UnitId)> = Vec::new();
    for unit in town::units(extent.units) {
        let new = NewUnit { parent_id: Some(founded.unit_id.clone()), facts: unit };
        let name = town::name_of(&new.facts.name);
        unit_ids.push((name, units::create(app, &office, new).await?));
    }
    let campaign = publish_notice(app, &office, &founded.unit_id).await?;

    let mut members = HashMap::new();
    for liaison in town::LIAISONS {
        let (_, unit_id) = unit_ids
            .iter()
            .find(|(name, _)| *name == liaison.unit)
            .ok_or_else(|| Error::internal("a unit of the demonstration"))?;
        if liaison.invited_only {
            list.push(invite(app, &system, liaison, unit_id).await?);
            continue;
        }
        let (id, account) =
            new_account(app, &system, Role::Liaison, unit_id, liaison.unit, liaison.name, liaison.login).await?;
        list.push(account);
        let person = actor(app, &town, Some(&id)).await?;
        answers::play(app, &office, &person, &campaign, unit_id, liaison).await?;
        members.insert(liaison.unit, weeks::Member { unit: unit_id.clone(), person });
    }
    if extent.weeks {
        let others = unit_ids.iter().filter(|(name, _)| town::LIAISONS.iter().all(|known| known.unit != *name));
        for (place, (unit, unit_id)) in others.filter(|(name, _)| !name.is_empty()).enumerate() {
            let (name, login) = (town::further_name(place), format!("liaison{place:02}"));
            let (id, account) = new_account(app, &system, Role::Liaison, unit_id, unit, &name, &login).await?;
            list.push(account);
            let person = actor(app, &town, Some(&id)).await?;
            members.insert(*unit, weeks::Member { unit: unit_id.clone(), person });
        }
        let stage = weeks::Stage { app, office, campaign: campaign.clone(), members };
        stage.first_week().await?;
        stage.second_week().await?;
    }
    Ok(Played { town, campaign, accounts: list })
}

/// Imports the founding notice from its file and publishes it to every unit it addresses.
async fn publish_notice(app: &App, office: &Actor, top: &UnitId) -> Result<CampaignId> {
    let source = Source::File(NOTICE_NAME.to_owned(), NOTICE.as_bytes().to_vec());
    let campaign_id =
        campaigns::import(app, office, ImportNotice { unit_id: top.clone(), source, as_is: false }).await?;
    campaigns::publish(app, office, Publish { campaign_id: campaign_id.clone(), version: None, note: String::new() })
        .await?;
    Ok(campaign_id)
}

async fn actor(app: &App, town: &JurisdictionId, account: Option<&AccountId>) -> Result<Actor> {
    let account = account.ok_or_else(|| Error::internal("an account of the demonstration"))?;
    accounts::actor_of(app, town, account).await?.ok_or_else(|| Error::internal("an account of the demonstration"))
}

async fn new_account(
    app: &App,
    system: &Actor,
    role: Role,
    unit: &UnitId,
    unit_name: &str,
    name: &str,
    login: &str,
) -> Result<(AccountId, DemoAccount)> {
    let new = NewAccount {
        login: login.to_owned(),
        name: name.to_owned(),
        phone: String::new(),
        roles: vec![(role, unit.clone())],
    };
    let id = accounts::create_account(app, system, new).await?;
    let account = open_account(app, system, &id, role, unit_name, name, login).await?;
    Ok((id, account))
}

async fn open_account(
    app: &App,
    system: &Actor,
    id: &AccountId,
    role: Role,
    unit: &str,
    name: &str,
    login: &str,
) -> Result<DemoAccount> {
    let password: String = app.ids.secret().reveal().chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    accounts::set_password_without_link(app, system, id, &password).await?;
    let holder = actor(app, &system.jurisdiction, Some(id)).await?;
    let scopes: Vec<String> =
        accounts::scopes_within(&holder.grants).into_iter().map(|(code, _)| code.to_owned()).collect();
    let token = if scopes.is_empty() {
        None
    } else {
        let new = NewToken {
            account_id: id.clone(),
            name: "演示".to_owned(),
            scopes,
            expires_at: app.now() + 90 * 24 * 3_600_000,
        };
        Some(accounts::create_token(app, system, new).await?.reveal().to_owned())
    };
    Ok(DemoAccount {
        role: role.code(),
        unit: unit.to_owned(),
        name: name.to_owned(),
        login: login.to_owned(),
        password: Some(password),
        token,
        invitation: None,
    })
}

async fn invite(app: &App, system: &Actor, liaison: &town::LiaisonSeed, unit: &UnitId) -> Result<DemoAccount> {
    let new = NewAccount {
        login: liaison.login.to_owned(),
        name: liaison.name.to_owned(),
        phone: String::new(),
        roles: vec![(Role::Liaison, unit.clone())],
    };
    let id = accounts::create_account(app, system, new).await?;
    let invitation = accounts::invite(app, system, &id).await?;
    Ok(DemoAccount {
        role: Role::Liaison.code(),
        unit: liaison.unit.to_owned(),
        name: liaison.name.to_owned(),
        login: liaison.login.to_owned(),
        password: None,
        token: None,
        invitation: Some(invitation.url),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::records::api as records;
    use crate::platform::auth::Scope;
    use crate::testing::TestApp;

    #[tokio::test]
    async fn two_weeks_end_on_a_thursday_morning_with_all_that_an_office_meets() {
        let test = TestApp::without_town().await;
        let played = play(&test.app, Extent { units: 0, weeks: true }).await.unwrap();
        assert_eq!(test.app.clock.local_now(), weeks::NOW);

        let office = played.accounts.iter().find(|account| account.role == "office").unwrap();
        assert!(office.password.is_some());
        let states =
            [records::State::Held, records::State::Reported, records::State::Accepted, records::State::Returned];
        for state in states {
            let all = units::list(test.app.db.reader(), &played.town, &Scope::All).await.unwrap();
            let ids: Vec<UnitId> = all.into_iter().map(|unit| unit.id).collect();
            let days = (jiff::civil::date(2022, 6, 1), jiff::civil::date(2022, 6, 30));
            let found = records::of_units(test.app.db.reader(), &played.town, &ids, days, &[state]).await.unwrap();
            assert!(!found.is_empty(), "{state:?}");
        }
    }
}
