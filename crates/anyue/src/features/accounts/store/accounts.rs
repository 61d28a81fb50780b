//! Rows of `accounts`.

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::super::model::{Account, AccountState, NewAccount};
use crate::platform::db::{WriteTx, sql};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AccountId, JurisdictionId};
use crate::platform::text_key::text_key;

#[derive(FromQueryResult)]
struct Row {
    account_id: String,
    login: String,
    name: String,
    phone: String,
    password_hash: Option<String>,
    state: String,
    failed_count: i64,
    locked_until: Option<i64>,
    version: i64,
}

impl Row {
    fn into_account(self) -> Result<Account> {
        Ok(Account {
            state: AccountState::parse(&self.state).ok_or_else(|| Error::internal("an account of unknown state"))?,
            id: AccountId(self.account_id),
            login: self.login,
            name: self.name,
            phone: self.phone,
            password_hash: self.password_hash,
            failed_count: self.failed_count,
            locked_until: self.locked_until,
            version: self.version,
        })
    }
}

const COLUMNS: &str = "account_id, login, name, phone, password_hash, state, failed_count, locked_until, version";

/// An account by its id.
pub async fn find(db: &impl ConnectionTrait, town: &JurisdictionId, id: &AccountId) -> Result<Option<Account>> {
    let row: Option<Row> =
        sql(format!("SELECT {COLUMNS} FROM accounts WHERE jurisdiction_id = $1 AND account_id = $2"))
            .bind(town)
            .bind(id)
            .one(db)
            .await?;
    row.map(Row::into_account).transpose()
}

/// Every account of the town, by name.
pub async fn all(db: &impl ConnectionTrait, town: &JurisdictionId) -> Result<Vec<Account>> {
    let rows: Vec<Row> =
        sql(format!("SELECT {COLUMNS} FROM accounts WHERE jurisdiction_id = $1 ORDER BY name, login_key, account_id"))
            .bind(town)
            .all(db)
            .await?;
    rows.into_iter().map(Row::into_account).collect()
}

#[derive(FromQueryResult)]
struct TownRow {
    jurisdiction_id: String,
    account_id: String,
}

/// The accounts with this login, in every town: nobody says their town when they sign in.
pub async fn by_login(db: &impl ConnectionTrait, login: &str) -> Result<Vec<(JurisdictionId, Account)>> {
    let rows: Vec<TownRow> = sql(
        "SELECT jurisdiction_id, account_id FROM accounts WHERE login_key = $1 ORDER BY created_at, account_id LIMIT 5",
    )
    .bind(text_key(login))
    .all(db)
    .await?;
    let mut found = Vec::new();
    for row in rows {
        let town = JurisdictionId(row.jurisdiction_id);
        if let Some(account) = find(db, &town, &row.account_id.into()).await? {
            found.push((town, account));
        }
    }
    Ok(found)
}

/// Which of these logins (as keys) are taken in the town.
pub async fn taken_logins(db: &impl ConnectionTrait, town: &JurisdictionId) -> Result<Vec<String>> {
    sql("SELECT login_key FROM accounts WHERE jurisdiction_id = $1").bind(town).scalars(db).await
}

/// A new account without a password.
///
/// # Errors
/// [`Error::Duplicate`] when the login is taken.
pub async fn insert(tx: &WriteTx, id: &AccountId, new: &NewAccount, now: i64) -> Result<()> {
    sql("INSERT INTO accounts (jurisdiction_id, account_id, login, login_key, name, phone, state, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 'invited', $7, $7)")
        .bind(tx.jurisdiction())
        .bind(id)
        .bind(new.login.as_str())
        .bind(text_key(&new.login))
        .bind(new.name.as_str())
        .bind(new.phone.as_str())
        .bind(now)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// Sets a password: the account is in use from now on, and unlocked.
pub async fn set_password(tx: &WriteTx, id: &AccountId, hash: &str, now: i64) -> Result<()> {
    sql("UPDATE accounts SET password_hash = $1, state = 'active', failed_count = 0, locked_until = NULL, \
           version = version + 1, updated_at = $2 WHERE jurisdiction_id = $3 AND account_id = $4")
    .bind(hash)
    .bind(now)
    .bind(tx.jurisdiction())
    .bind(id)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// Sets name and telephone.
pub async fn set_person(tx: &WriteTx, id: &AccountId, name: &str, phone: &str, now: i64) -> Result<()> {
    sql("UPDATE accounts SET name = $1, phone = $2, version = version + 1, updated_at = $3 \
         WHERE jurisdiction_id = $4 AND account_id = $5")
    .bind(name)
    .bind(phone)
    .bind(now)
    .bind(tx.jurisdiction())
    .bind(id)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// Sets the state.
pub async fn set_state(tx: &WriteTx, id: &AccountId, state: AccountState, now: i64) -> Result<()> {
    sql("UPDATE accounts SET state = $1, version = version + 1, updated_at = $2 WHERE jurisdiction_id = $3 AND account_id = $4")
        .bind(state.code())
        .bind(now)
        .bind(tx.jurisdiction())
        .bind(id)
        .execute(&**tx)
        .await?;
    Ok(())
}

/// Notes wrong passwords in a row, and until when the account is locked.
pub async fn note_failures(tx: &WriteTx, id: &AccountId, count: i64, locked_until: Option<i64>) -> Result<()> {
    sql("UPDATE accounts SET failed_count = $1, locked_until = $2 WHERE jurisdiction_id = $3 AND account_id = $4")
        .bind(count)
        .bind(locked_until)
        .bind(tx.jurisdiction())
        .bind(id)
        .execute(&**tx)
        .await?;
    Ok(())
}
