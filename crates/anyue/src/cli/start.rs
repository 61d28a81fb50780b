//! From settings to a running [`App`].

use std::fs::{File, OpenOptions};
use std::path::Path;

use opendal::Operator;
use opendal::services::{Fs, S3};

use super::{Common, Outcome, say};
use crate::App;
use crate::config::{Config, StorageConfig};
use crate::platform::blobs::Blobs;
use crate::platform::clock::Clock;
use crate::platform::db::{DatabaseUrl, Db};
use crate::platform::ids::Ids;

/// An opened installation. While this lives, no other process opens the same folder.
pub(super) struct Opened {
    /// The program's shared things.
    pub(super) app: App,
    _lock: Option<File>,
}

/// Opens the installation: folder, lock, database (tables up to date), files.
pub(super) async fn open(config: Config, clock: Clock) -> Result<Opened, String> {
    prepare_folder(&config.data.folder)?;
    let url = config.data.database_url()?;
    let lock = match &url {
        DatabaseUrl::Sqlite(_) => Some(lock(&config.data.folder)?),
        DatabaseUrl::Postgres(_) => None,
    };
    open_unlocked(config, clock).await.map(|app| Opened { app, _lock: lock })
}

/// Opens the installation beside a running one: for commands that only read, or write short transactions.
pub(super) async fn open_unlocked(config: Config, clock: Clock) -> Result<App, String> {
    let url = config.data.database_url()?;
    let db = Db::open(&url, clock.clone()).await.map_err(|error| format!("the database cannot be opened: {error}"))?;
    let blobs = blobs(&config)?;
    Ok(App::new(config, db, blobs, clock.clone(), Ids::random(clock)))
}

/// The store of files that the settings ask for.
pub(super) fn blobs(config: &Config) -> Result<Blobs, String> {
    let operator = operator(&config.storage, &config.data.folder)?;
    Blobs::new(operator, &config.data.folder.join("spool")).map_err(|error| error.to_string())
}

fn operator(storage: &StorageConfig, folder: &Path) -> Result<Operator, String> {
    let environment =
        |name: &str| std::env::var(name).map_err(|_| format!("the environment variable {name} is not set"));
    match storage.kind.as_str() {
        "folder" => {
            let root = folder.join("files");
            let root = root.to_str().ok_or("the data folder's name is no UTF-8")?;
            Operator::new(Fs::default().root(root)).map_err(|error| error.to_string())
        }
        "s3" => {
            let builder = S3::default()
                .endpoint(&storage.endpoint)
                .bucket(&storage.bucket)
                .region(&storage.region)
                .access_key_id(&environment(&storage.access_key_id_env)?)
                .secret_access_key(&environment(&storage.secret_access_key_env)?);
            Operator::new(builder).map_err(|error| error.to_string())
        }
        other => Err(format!("storage.kind is {other:?}; it can be \"folder\" or \"s3\"")),
    }
}

/// Makes the folder, readable by its owner alone.
pub(super) fn prepare_folder(folder: &Path) -> Outcome {
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let _ = std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700));
    }
    Ok(())
}

fn lock(folder: &Path) -> Result<File, String> {
    let path = folder.join("anyue.lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| format!("{}: {error}", path.display()))?;
    file.try_lock().map_err(|_| format!("{} is already in use by a running installation", folder.display()))?;
    Ok(file)
}

/// `anyue migrate`
pub(super) async fn migrate(common: &Common) -> Outcome {
    let opened = open(common.settings()?, common.clock()).await?;
    say("the tables are up to date");
    opened.app.db.clone().close().await.map_err(|error| error.to_string())
}
