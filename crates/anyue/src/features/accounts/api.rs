//! What other areas, the command line and the demonstration use of the accounts.

use sea_orm::ConnectionTrait;

pub use super::create::create_account;
pub use super::invite::invite;
pub use super::model::{Invitation, NewAccount, NewToken, Person, scopes_within};
pub use super::settings::{TownSettings, of_town as town_settings};
pub use super::setup::{Founded, Founding, found_town};
pub use super::setup_link::setup_link;
pub use super::show::whole_town;
pub use super::store::kept::{KEPT as KEPT_SESSIONS, KEPT_LINKS};
pub use super::tokens::create_token;
use super::{create, store};
use crate::App;
use crate::platform::auth::{self, Actor};
use crate::platform::error::Result;
use crate::platform::ids::{AccountId, JurisdictionId, UnitId};

/// The people with a role at this very unit, now: by role, then name.
pub async fn people_of_unit(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    unit: &UnitId,
    now: i64,
) -> Result<Vec<Person>> {
    store::roles::people_of_unit(db, town, unit, now).await
}

/// The actor of an account: for the demonstration, which acts as its people do.
pub async fn actor_of(app: &App, town: &JurisdictionId, account: &AccountId) -> Result<Option<Actor>> {
    auth::actor_of_account(app.db.reader(), town, account, auth::Via::System, app.now())
        .await
        .map(|actor| actor.map(|actor| Actor { via: auth::Via::Session("demo".to_owned()), ..actor }))
}

/// Sets a password without any link. For the demonstration and its published accounts only.
pub(crate) async fn set_password_without_link(
    app: &App,
    actor: &Actor,
    account: &AccountId,
    password: &str,
) -> Result<()> {
    create::set_password_without_link(app, actor, account, password).await
}

/// What an API token can be allowed: code and words.
pub fn scopes() -> impl Iterator<Item = (&'static str, &'static str)> {
    super::model::SCOPES.iter().map(|(code, words, _)| (*code, *words))
}

/// The scopes that an API token of this actor's account can have.
pub fn scopes_of(actor: &Actor) -> Vec<String> {
    super::model::scopes_within(&actor.grants).into_iter().map(|(code, _)| code.to_owned()).collect()
}
