//! `anyue verify`: that nothing was changed afterwards.

use clap::Subcommand;

use super::{Common, Outcome, say, start};
use crate::platform::audit;
use crate::platform::db::sql;
use crate::platform::ids::JurisdictionId;

#[derive(Subcommand)]
pub(super) enum VerifyCommand {
    /// Recompute the chain of the trail, town by town.
    Trail,
}

pub(super) async fn run(common: &Common, command: &VerifyCommand) -> Outcome {
    let VerifyCommand::Trail = command;
    let app = start::open_unlocked(common.settings()?, common.clock()).await?;
    let text = |error: crate::platform::Error| error.to_string();
    let towns: Vec<String> = sql("SELECT jurisdiction_id FROM jurisdictions ORDER BY jurisdiction_id")
        .scalars(app.db.reader())
        .await
        .map_err(text)?;
    for town in towns {
        let town = JurisdictionId(town);
        let entries = audit::verify(app.db.reader(), &town).await.map_err(text)?;
        say(format!("{town}: {entries} entries, unbroken"));
    }
    Ok(())
}
