//! One code path over SQLite (embedded, default) and PostgreSQL.
//!
//! Reading: any function taking `&impl ConnectionTrait`, with [`Db::reader`]. Writing: functions taking
//! `&`[`WriteTx`], which comes from [`Db::begin`] and ends with [`WriteTx::commit`], naming what happened.
//!
//! Invariants
//! * A write transaction sees and changes a town alone: SQLite has one writer (`BEGIN IMMEDIATE`), PostgreSQL
//!   takes an advisory lock per town. Plain read-then-write code is therefore right on both.
//! * No network, disk or rendering between `begin` and `commit`.
//! * An acknowledged write survives power loss (`synchronous=FULL`; PostgreSQL's default).
//! * SQL is written once, with `$1` placeholders, in `store` files only.

mod condition;
mod connect;
pub mod dump;
mod migrate;
mod sql;
mod tx;

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use sea_orm::{DatabaseConnection, TransactionOptions, TransactionTrait};
use sha2::{Digest, Sha256};

use super::clock::Clock;
use super::error::{Error, Result};
use super::ids::JurisdictionId;

pub use condition::{Condition, one_page};
pub use connect::DatabaseUrl;
pub use migrate::{Migrations, migrations};
pub use sql::{Sql, insert_rows, placeholders, sql};
pub use tx::WriteTx;

/// Which database stands behind the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The embedded one.
    Sqlite,
    /// PostgreSQL, or an engine that speaks its protocol.
    Postgres,
}

/// The database: a pool to read from and one to write with.
#[derive(Clone)]
pub struct Db {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    engine: Engine,
    clock: Clock,
    /// Write numbers of towns, on SQLite, where this process is the only writer.
    versions: Arc<RwLock<HashMap<JurisdictionId, i64>>>,
}

impl Db {
    /// Opens the database and brings its tables up to date.
    ///
    /// # Errors
    /// When it cannot be reached, or was written by a newer version of the program.
    pub async fn open(url: &DatabaseUrl, clock: Clock) -> Result<Self> {
        let db = connect::connect(url, clock).await?;
        migrate::run(&db).await?;
        Ok(db)
    }

    /// For reading.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Which engine it is: for backup and the health page, never to write different SQL.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Begins the only write transaction of this town.
    pub async fn begin(&self, jurisdiction: &JurisdictionId) -> Result<WriteTx> {
        let tx = self
            .writer
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: Some(sea_orm::SqliteTransactionMode::Immediate),
                ..Default::default()
            })
            .await?;
        if self.engine == Engine::Postgres {
            sql("SELECT pg_advisory_xact_lock($1)").bind(lock_key(jurisdiction)).execute(&tx).await?;
        }
        Ok(WriteTx::new(tx, jurisdiction.clone(), self.clone()))
    }

    /// The town's write number: stands still while nothing is written, never comes back.
    pub async fn data_version(&self, jurisdiction: &JurisdictionId) -> Result<i64> {
        if self.engine == Engine::Sqlite
            && let Some(version) = self.versions.read().map_err(Error::internal)?.get(jurisdiction)
        {
            return Ok(*version);
        }
        let stored: Option<i64> = sql("SELECT write_seq FROM jurisdictions WHERE jurisdiction_id = $1")
            .bind(jurisdiction)
            .scalar(&self.reader)
            .await?;
        let stored = stored.unwrap_or_default();
        self.note_version(jurisdiction, stored);
        Ok(stored)
    }

    /// The moment at which an answer is being made, for [`Cache`](super::cache::Cache).
    pub async fn moment(&self, jurisdiction: &JurisdictionId) -> Result<super::cache::Moment> {
        Ok(super::cache::Moment {
            jurisdiction: jurisdiction.clone(),
            version: self.data_version(jurisdiction).await?,
            minute: self.clock.now_ms() / 60_000,
        })
    }

    fn note_version(&self, jurisdiction: &JurisdictionId, version: i64) {
        let mut versions = self.versions.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let known = versions.entry(jurisdiction.clone()).or_insert(version);
        *known = version.max(*known);
    }

    /// Waits for running statements and closes all connections.
    pub async fn close(self) -> Result<()> {
        self.writer.close().await?;
        self.reader.close().await?;
        Ok(())
    }
}

/// The key of a town's advisory lock: the first eight bytes of the SHA-256 of its id.
fn lock_key(jurisdiction: &JurisdictionId) -> i64 {
    let digest = Sha256::digest(jurisdiction.as_str().as_bytes());
    i64::from_be_bytes(std::array::from_fn(|i| digest[i]))
}
