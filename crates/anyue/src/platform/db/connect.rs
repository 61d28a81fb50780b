//! Opening the two pools.

use std::collections::HashMap;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use sea_orm::{SqlxPostgresConnector, SqlxSqliteConnector};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::{Db, Engine};
use crate::platform::clock::Clock;
use crate::platform::error::{Error, Result};

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file, made when it is not there.
    Sqlite(PathBuf),
    /// `postgres://user:password@host/database`, with `?options=-csearch_path=…` when wanted.
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once("://") {
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(text.to_owned())),
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            _ => Err("expected sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE".to_owned()),
        }
    }
}

fn sqlite_options(path: &PathBuf) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", "-8000")
        .pragma("temp_store", "MEMORY")
        .pragma("journal_size_limit", "67108864")
        .statement_cache_capacity(256)
}

pub(super) async fn connect(url: &DatabaseUrl, clock: Clock) -> Result<Db> {
    let versions = Arc::new(RwLock::new(HashMap::new()));
    match url {
        DatabaseUrl::Sqlite(path) => {
            let options = sqlite_options(path);
            let writer = SqlitePoolOptions::new()
                .max_connections(1)
                .acquire_timeout(Duration::from_secs(30))
                .idle_timeout(None)
                .max_lifetime(None)
                .connect_with(options.clone())
                .await
                .map_err(Error::internal)?;
            let reader = SqlitePoolOptions::new()
                .max_connections(4)
                .acquire_timeout(Duration::from_secs(30))
                .idle_timeout(None)
                .max_lifetime(None)
                .connect_with(options.pragma("query_only", "ON"))
                .await
                .map_err(Error::internal)?;
            Ok(Db {
                reader: SqlxSqliteConnector::from_sqlx_sqlite_pool(reader),
                writer: SqlxSqliteConnector::from_sqlx_sqlite_pool(writer),
                engine: Engine::Sqlite,
                clock,
                versions,
            })
        }
        DatabaseUrl::Postgres(url) => {
            let options = PgConnectOptions::from_str(url).map_err(Error::internal)?.application_name("anyue");
            let pool = PgPoolOptions::new()
                .max_connections(16)
                .acquire_timeout(Duration::from_secs(30))
                .connect_with(options)
                .await
                .map_err(Error::internal)?;
            let pool = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
            Ok(Db { reader: pool.clone(), writer: pool, engine: Engine::Postgres, clock, versions })
        }
    }
}
