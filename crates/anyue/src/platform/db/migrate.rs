//! Bringing the tables up to date: plain SQL files, the same for both engines, run by sqlx's migrator.

use std::borrow::Cow;

use sqlx::migrate::{Migration, MigrationType, Migrator};

use super::{Db, Engine};
use crate::platform::error::{Error, Result};

/// Number, name and text of every migration, oldest first.
pub type Migrations = &'static [(i64, &'static str, &'static str)];

/// All migrations.
pub fn migrations() -> Migrations {
    &[
        (1, "platform", include_str!("../../../../../migrations/0001_platform.sql")),
        (2, "units", include_str!("../../../../../migrations/0002_units.sql")),
        (3, "campaigns", include_str!("../../../../../migrations/0003_campaigns.sql")),
        (4, "uploads", include_str!("../../../../../migrations/0004_uploads.sql")),
        (5, "records", include_str!("../../../../../migrations/0005_records.sql")),
        (6, "files_of_records", include_str!("../../../../../migrations/0006_files_of_records.sql")),
        (7, "contents", include_str!("../../../../../migrations/0007_contents.sql")),
        (8, "statistics", include_str!("../../../../../migrations/0008_statistics.sql")),
        (9, "reports", include_str!("../../../../../migrations/0009_reports.sql")),
        (10, "archives", include_str!("../../../../../migrations/0010_archives.sql")),
        (11, "documents", include_str!("../../../../../migrations/0011_documents.sql")),
        (12, "retention", include_str!("../../../../../migrations/0012_retention.sql")),
    ]
}

/// Runs what has not been run. Refuses a database that a newer program has written.
pub(super) async fn run(db: &Db) -> Result<()> {
    let all = migrations()
        .iter()
        .map(|(version, name, text)| {
            Migration::new(*version, Cow::Borrowed(name), MigrationType::Simple, sqlx::SqlStr::from_static(text), false)
        })
        .collect();
    let migrator = Migrator::with_migrations(all);
    match db.engine {
        Engine::Sqlite => migrator.run(db.writer.get_sqlite_connection_pool()).await,
        Engine::Postgres => migrator.run(db.writer.get_postgres_connection_pool()).await,
    }
    .map_err(Error::internal)
}
