//! The write transaction.

use std::ops::Deref;

use sea_orm::DatabaseTransaction;

use super::{Db, sql};
use crate::platform::audit::{self, Event};
use crate::platform::error::{Error, Result};
use crate::platform::ids::JurisdictionId;

/// The only write transaction of a town. Reads as a connection (`&*tx`); ends with [`WriteTx::commit`],
/// or is rolled back when it is dropped.
pub struct WriteTx {
    tx: DatabaseTransaction,
    jurisdiction: JurisdictionId,
    db: Db,
}

impl Deref for WriteTx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.tx
    }
}

impl WriteTx {
    pub(super) fn new(tx: DatabaseTransaction, jurisdiction: JurisdictionId, db: Db) -> Self {
        Self { tx, jurisdiction, db }
    }

    /// The town being written to.
    pub fn jurisdiction(&self) -> &JurisdictionId {
        &self.jurisdiction
    }

    /// The present, by the injected clock.
    pub fn now(&self) -> i64 {
        self.db.clock.now_ms()
    }

    /// Writes the event to the trail and makes everything durable.
    pub async fn commit(self, event: Event) -> Result<()> {
        audit::append(&self, event, self.db.clock.now_ms()).await?;
        self.finish().await
    }

    /// Makes everything durable without an event: for book-keeping only. The reason is for the reader of
    /// the code; a test lists the callers.
    pub async fn commit_unaudited(self, _why: &'static str) -> Result<()> {
        self.finish().await
    }

    async fn finish(self) -> Result<()> {
        let seq: Option<i64> =
            sql("UPDATE jurisdictions SET write_seq = write_seq + 1 WHERE jurisdiction_id = $1 RETURNING write_seq")
                .bind(&self.jurisdiction)
                .scalar(&self.tx)
                .await?;
        self.tx.commit().await?;
        match seq {
            Some(seq) => self.db.note_version(&self.jurisdiction, seq),
            None => return Err(Error::internal("a write transaction of a town that does not exist")),
        }
        Ok(())
    }
}
