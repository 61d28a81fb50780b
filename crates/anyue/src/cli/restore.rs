//! `anyue restore FILE`

use std::path::Path;

use super::{Common, Outcome, say, start};
use crate::platform::backup;

pub(super) async fn run(common: &Common, file: &Path) -> Outcome {
    let config = common.settings()?;
    let folder = config.data.folder.clone();
    if folder.exists() && std::fs::read_dir(&folder).map_err(|error| error.to_string())?.next().is_some() {
        return Err(format!("{} is not empty; a backup is restored into an empty folder only", folder.display()));
    }
    let opened = start::open(config, common.clock()).await?;
    let app = &opened.app;
    let manifest = backup::restore(&app.db, &app.blobs, &app.keyring, file, &folder.join("spool"))
        .await
        .map_err(|error| error.to_string())?;
    let rows: u64 = manifest.tables.values().map(|table| table.rows).sum();
    say(format!("{rows} rows of {} tables and {} files restored and verified", manifest.tables.len(), manifest.files));
    app.db.clone().close().await.map_err(|error| error.to_string())
}
