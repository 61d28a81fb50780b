//! `anyue keys`: the keys that receipts are signed with.

use clap::Subcommand;

use super::{Common, Outcome, say};
use crate::platform::ids::Ids;
use crate::platform::keyring::Keyring;

#[derive(Subcommand)]
pub(super) enum KeysCommand {
    /// Show the public keys, the one in use last.
    Show,
    /// Sign with a new key from the next start on. Receipts signed with the old ones stay verifiable.
    Rotate,
}

pub(super) fn run(common: &Common, command: &KeysCommand) -> Outcome {
    let folder = common.settings()?.data.folder;
    let keyring = Keyring::new(&folder);
    let text = |error: crate::platform::Error| error.to_string();
    if let KeysCommand::Rotate = command {
        let keys = keyring.rotate(&Ids::random(common.clock())).map_err(text)?;
        say(format!("receipts are signed with key {} from the next start on", keys.present().id()));
    }
    for key in keyring.public().map_err(text)? {
        say(format!("{}  {key}", key.id()));
    }
    Ok(())
}
