//! `anyue user`: for the operator at the machine, when nobody can sign in any more.

use clap::Subcommand;

use super::{Common, Outcome, say, start};
use crate::features::accounts;
use crate::platform::auth::Actor;
use crate::platform::db::sql;
use crate::platform::ids::AccountId;
use crate::platform::text_key::text_key;

#[derive(Subcommand)]
pub(super) enum UserCommand {
    /// List accounts: login, name, state, roles.
    List,
    /// Print a one-time link with which an account sets a new password.
    Reset {
        /// What the person types to sign in.
        login: String,
    },
}

#[derive(sea_orm::FromQueryResult)]
struct Row {
    jurisdiction_id: String,
    account_id: String,
    login: String,
    name: String,
    state: String,
}

pub(super) async fn run(common: &Common, command: &UserCommand) -> Outcome {
    let app = start::open_unlocked(common.settings()?, common.clock()).await?;
    let text = |error: crate::platform::Error| error.to_string();
    let rows: Vec<Row> =
        sql("SELECT jurisdiction_id, account_id, login, name, state FROM accounts ORDER BY jurisdiction_id, login_key")
            .all(app.db.reader())
            .await
            .map_err(text)?;
    match command {
        UserCommand::List => {
            for row in rows {
                say(format!("{}\t{}\t{}", row.login, row.name, row.state));
            }
        }
        UserCommand::Reset { login } => {
            let key = text_key(login);
            let row = rows.into_iter().find(|row| text_key(&row.login) == key).ok_or("there is no such account")?;
            let actor = Actor::system(&row.jurisdiction_id.into());
            let invitation = accounts::api::invite(&app, &actor, &AccountId(row.account_id)).await.map_err(text)?;
            say(invitation.url);
        }
    }
    Ok(())
}
