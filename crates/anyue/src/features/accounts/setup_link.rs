//! The one-time link of a first start: good while there is no town, for a day, and until the next start.
//!
//! There is no table to keep it in before there is a town; its hash lies in the data folder (`setup-link.json`),
//! together with the id the town will get, so that two requests at once meet in one lock and one key.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::model::DAY_MS;
use super::store;
use crate::App;
use crate::platform::error::Result;
use crate::platform::ids::{JurisdictionId, Secret};

#[derive(Serialize, Deserialize)]
struct Kept {
    hash: String,
    town: String,
    expires_at: i64,
}

/// A new link's secret, when no town has been set up; the link before it is good no longer.
pub async fn setup_link(app: &App) -> Result<Option<Secret>> {
    if store::towns::first(app.db.reader()).await?.is_some() {
        return Ok(None);
    }
    let secret = app.ids.secret();
    let kept = Kept { hash: secret.hash(), town: app.ids.id(), expires_at: app.now() + DAY_MS };
    write_private(file(app), serde_json::to_vec(&kept)?).await?;
    Ok(Some(secret))
}

/// The id of the town to be set up, when this secret is the link's and the link is good.
pub(super) async fn town_of(app: &App, secret: &Secret) -> Result<Option<JurisdictionId>> {
    let Ok(bytes) = tokio::fs::read(file(app)).await else { return Ok(None) };
    let Ok(kept) = serde_json::from_slice::<Kept>(&bytes) else { return Ok(None) };
    let good = kept.hash == secret.hash() && kept.expires_at > app.now();
    let free = store::towns::first(app.db.reader()).await?.is_none();
    Ok((good && free).then_some(JurisdictionId(kept.town)))
}

/// Forgets the link, when the town is there.
pub(super) async fn forget(app: &App) {
    if let Err(error) = tokio::fs::remove_file(file(app)).await {
        tracing::debug!(%error, "the file of the set-up link was not there");
    }
}

fn file(app: &App) -> PathBuf {
    app.config.data.folder.join("setup-link.json")
}

/// Writes a file that nobody else on the computer can read.
async fn write_private(path: PathBuf, bytes: Vec<u8>) -> Result<()> {
    use tokio::io::AsyncWriteExt as _;
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(path).await?;
    file.write_all(&bytes).await?;
    file.sync_all().await?;
    Ok(())
}
