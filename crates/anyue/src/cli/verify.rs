//! `anyue verify`: that nothing was changed afterwards.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use seal::{Presented, PublicKey};

use super::{Common, Outcome, say, start};
use crate::platform::audit;
use crate::platform::db::sql;
use crate::platform::ids::JurisdictionId;
use crate::platform::keyring::Keyring;

#[derive(Subcommand)]
pub(super) enum VerifyCommand {
    /// Recompute the chain of the trail, town by town.
    Trail,
    /// Verify a receipt: its file, or a file with the code or address of its QR code. Needs no network.
    Receipt {
        /// The file.
        file: PathBuf,
        /// The public key of the installation that signed it, as its page /verify shows it; may be given several
        /// times. Without it: the keys in the data folder.
        #[arg(long, value_name = "PUBLIC")]
        key: Vec<String>,
    },
}

pub(super) async fn run(common: &Common, command: &VerifyCommand) -> Outcome {
    match command {
        VerifyCommand::Trail => trail(common).await,
        VerifyCommand::Receipt { file, key } => receipt(common, file, key),
    }
}

async fn trail(common: &Common) -> Outcome {
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

fn receipt(common: &Common, file: &Path, keys: &[String]) -> Outcome {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let keys = match keys {
        [] => Keyring::new(&common.settings()?.data.folder).public().map_err(|error| error.to_string())?,
        given => given
            .iter()
            .map(|key| key.parse::<PublicKey>().map_err(|error| format!("--key {key}: {error}")))
            .collect::<Result<_, _>>()?,
    };
    if keys.is_empty() {
        return Err("no public key: give --key, or --data with the folder of the installation".to_owned());
    }
    for line in verdict(&text, &keys).map_err(|problem| format!("not genuine: {problem}"))? {
        say(line);
    }
    Ok(())
}

/// What a genuine receipt says, line by line.
fn verdict(text: &str, keys: &[PublicKey]) -> Result<Vec<String>, seal::Problem> {
    let presented: Presented = text.parse()?;
    presented.verify(keys)?;
    let statement = presented.statement();
    let mut lines = vec![
        format!("genuine, signed with key {}", presented.key()),
        format!("office    {}", statement.issuer()),
        format!("matter    {}", statement.about()),
        format!("number    {}", statement.number()),
        format!("received  {} +08:00", statement.time()),
        format!("parts     {}", presented.count()),
    ];
    for item in presented.items().unwrap_or_default() {
        lines.push(format!("  {} {}", item.hex(), item.kind.label()));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use seal::{Item, ItemKind, Receipt, SigningKey, Statement};

    use super::verdict;

    #[test]
    fn a_receipt_is_verified_from_its_file_alone() {
        let key = SigningKey::from_seed(&[1; 32]);
        let items = vec![Item::of(ItemKind::File, b"photo")];
        let statement = Statement::new("青龙山镇", "定期报送", "4F6A", 1_655_350_923);
        let text = Receipt::sign(&key, statement, items).unwrap().to_string();
        let said = verdict(&text, &[key.public()]).unwrap();
        assert!(said[0].starts_with("genuine") && said[4].contains("2022-06-16 11:42:03") && said.len() == 7);
        let altered = verdict(&text.replace("11:42", "09:42"), &[key.public()]).unwrap_err().to_string();
        assert!(altered.contains("altered or forged"));
        assert!(verdict(&text, &[SigningKey::from_seed(&[2; 32]).public()]).is_err());
    }
}
