//! What other areas use of the receipts: issuing one within their transaction, and showing it.

use sea_orm::ConnectionTrait;
pub use seal::{Item, ItemKind};
use seal::{Presented, Receipt, Statement};

use super::store;
use crate::App;
use crate::platform::db::WriteTx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::JurisdictionId;
use crate::platform::keyring::Keys;

/// A receipt that was issued.
#[derive(Clone, Debug)]
pub struct Issued {
    /// Its number.
    pub number: String,
    /// When the thing was received.
    pub at: i64,
    /// The receipt.
    pub receipt: Receipt,
}

impl Issued {
    /// The whole receipt: what the sender can keep as a file.
    pub fn text(&self) -> String {
        self.receipt.to_string()
    }

    /// The address at which it is verified: what its QR code says.
    pub fn address(&self, app: &App) -> String {
        format!("{}/verify?c={}", app.config.server.public_url, self.receipt.slip())
    }
}

/// The keys of the installation: to be opened before the transaction.
pub fn keys(app: &App) -> Result<std::sync::Arc<Keys>> {
    app.keyring.open(&app.ids)
}

/// What the town is called on what it signs.
pub async fn town_name(app: &App, town: &JurisdictionId) -> Result<String> {
    store::town_name(app.db.reader(), town).await
}

/// Issues the receipt for a submission, in the transaction that receives it.
pub async fn issue(
    app: &App,
    tx: &WriteTx,
    keys: &Keys,
    submission: &str,
    about: &str,
    items: Vec<Item>,
    at: i64,
) -> Result<Issued> {
    let issuer = store::town_name(&**tx, tx.jurisdiction()).await?;
    let number = number(submission);
    let statement = Statement::new(&issuer, about, &number, at.div_euclid(1000));
    let receipt = Receipt::sign(&keys.signing, statement, items).map_err(Error::internal)?;
    store::insert(tx, &app.ids.id::<String>(), submission, &number, &receipt.to_string(), at).await?;
    Ok(Issued { number, at, receipt })
}

/// The receipt for a submission; `None` for what was sent before there were receipts.
pub async fn of_submission(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    submission: &str,
) -> Result<Option<Issued>> {
    let Some(row) = store::find(db, town, submission).await? else { return Ok(None) };
    match row.body.parse() {
        Ok(Presented::Receipt(receipt)) => Ok(Some(Issued { number: row.number, at: row.issued_at, receipt })),
        Ok(Presented::Slip(_)) | Err(_) => Err(Error::internal("a stored receipt cannot be read")),
    }
}

/// The number of a submission: the random end of its id.
pub fn number(submission: &str) -> String {
    submission.rsplit('-').next().unwrap_or_default().to_uppercase()
}
