//! `anyue backup FILE`

use std::path::Path;

use super::{Common, Outcome, say, start};
use crate::platform::backup;

pub(super) async fn run(common: &Common, file: &Path) -> Outcome {
    let app = start::open_unlocked(common.settings()?, common.clock()).await?;
    let manifest =
        backup::backup(&app.db, &app.blobs, &app.keyring, &app.clock, file).await.map_err(|error| error.to_string())?;
    let rows: u64 = manifest.tables.values().map(|table| table.rows).sum();
    say(format!(
        "{}: {rows} rows of {} tables, {} files ({} bytes)",
        file.display(),
        manifest.tables.len(),
        manifest.files,
        manifest.file_bytes
    ));
    app.db.clone().close().await.map_err(|error| error.to_string())
}
