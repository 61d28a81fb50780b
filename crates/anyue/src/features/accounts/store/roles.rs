//! Rows of `account_roles`.

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::super::model::{AccountState, HeldRole, Person};
use crate::platform::auth::Role;
use crate::platform::db::{WriteTx, sql};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AccountId, Ids, JurisdictionId, UnitId};

#[derive(FromQueryResult)]
struct Row {
    account_role_id: String,
    account_id: String,
    role: String,
    unit_id: String,
    unit_name: String,
    unit_path: String,
    valid_from: i64,
    valid_to: Option<i64>,
}

impl Row {
    fn into_held(self) -> Result<HeldRole> {
        Ok(HeldRole {
            role: parse_role(&self.role)?,
            id: self.account_role_id,
            account_id: AccountId(self.account_id),
            unit_id: UnitId(self.unit_id),
            unit_name: self.unit_name,
            unit_path: self.unit_path,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
        })
    }
}

fn parse_role(code: &str) -> Result<Role> {
    Role::parse(code).ok_or_else(|| Error::internal("an unknown role"))
}

const SELECT: &str = "SELECT r.account_role_id, r.account_id, r.role, r.unit_id, u.name AS unit_name, u.path AS unit_path, \
     r.valid_from, r.valid_to FROM account_roles r \
     JOIN units u ON u.unit_id = r.unit_id AND u.jurisdiction_id = r.jurisdiction_id";

/// Every role an account holds or has held, in the order in which they were given.
pub async fn of_account(db: &impl ConnectionTrait, town: &JurisdictionId, id: &AccountId) -> Result<Vec<HeldRole>> {
    let rows: Vec<Row> = sql(format!(
        "{SELECT} WHERE r.jurisdiction_id = $1 AND r.account_id = $2 ORDER BY r.valid_from, r.account_role_id"
    ))
    .bind(town)
    .bind(id)
    .all(db)
    .await?;
    rows.into_iter().map(Row::into_held).collect()
}

/// Every role of the town that is not over.
pub async fn all(db: &impl ConnectionTrait, town: &JurisdictionId, now: i64) -> Result<Vec<HeldRole>> {
    let rows: Vec<Row> = sql(format!(
        "{SELECT} WHERE r.jurisdiction_id = $1 AND (r.valid_to IS NULL OR r.valid_to > $2) ORDER BY r.valid_from, r.account_role_id"
    ))
    .bind(town)
    .bind(now)
    .all(db)
    .await?;
    rows.into_iter().map(Row::into_held).collect()
}

#[derive(FromQueryResult)]
struct PersonRow {
    account_id: String,
    login: String,
    name: String,
    phone: String,
    role: String,
    state: String,
}

/// The people with a role at this very unit at this moment.
pub async fn people_of_unit(
    db: &impl ConnectionTrait,
    town: &JurisdictionId,
    unit: &UnitId,
    now: i64,
) -> Result<Vec<Person>> {
    let rows: Vec<PersonRow> = sql("SELECT a.account_id, a.login, a.name, a.phone, r.role, a.state FROM account_roles r \
         JOIN accounts a ON a.account_id = r.account_id AND a.jurisdiction_id = r.jurisdiction_id \
         WHERE r.jurisdiction_id = $1 AND r.unit_id = $2 AND r.valid_from <= $3 AND (r.valid_to IS NULL OR r.valid_to > $3) \
         ORDER BY r.role, a.name, a.account_id")
    .bind(town)
    .bind(unit)
    .bind(now)
    .all(db)
    .await?;
    let person = |row: PersonRow| {
        Ok(Person {
            role: parse_role(&row.role)?,
            state: AccountState::parse(&row.state).ok_or_else(|| Error::internal("an account of unknown state"))?,
            account_id: AccountId(row.account_id),
            login: row.login,
            name: row.name,
            phone: row.phone,
        })
    };
    rows.into_iter().map(person).collect()
}

/// Gives a role; its id.
pub async fn insert(
    tx: &WriteTx,
    ids: &Ids,
    account: &AccountId,
    role: Role,
    unit: &UnitId,
    valid_from: i64,
    valid_to: Option<i64>,
) -> Result<String> {
    let id: String = ids.id();
    sql(
        "INSERT INTO account_roles (jurisdiction_id, account_role_id, account_id, unit_id, role, valid_from, valid_to) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(tx.jurisdiction())
    .bind(id.as_str())
    .bind(account)
    .bind(unit)
    .bind(role.code())
    .bind(valid_from)
    .bind(valid_to)
    .execute(&**tx)
    .await?;
    Ok(id)
}

/// Ends a role now; one that had not begun ends where it begins.
pub async fn end(tx: &WriteTx, id: &str, now: i64) -> Result<()> {
    sql("UPDATE account_roles SET valid_to = CASE WHEN valid_from > $1 THEN valid_from ELSE $1 END \
         WHERE jurisdiction_id = $2 AND account_role_id = $3")
    .bind(now)
    .bind(tx.jurisdiction())
    .bind(id)
    .execute(&**tx)
    .await?;
    Ok(())
}

/// How many accounts other than this one hold the role for good and can sign in.
pub async fn other_holders(tx: &WriteTx, role: Role, account: &AccountId, now: i64) -> Result<i64> {
    let count: Option<i64> = sql("SELECT COUNT(DISTINCT r.account_id) FROM account_roles r \
         JOIN accounts a ON a.account_id = r.account_id AND a.jurisdiction_id = r.jurisdiction_id \
         JOIN units u ON u.unit_id = r.unit_id AND u.jurisdiction_id = r.jurisdiction_id \
         WHERE r.jurisdiction_id = $1 AND r.role = $2 AND r.account_id <> $3 AND a.state = 'active' \
           AND r.valid_from <= $4 AND r.valid_to IS NULL AND u.state = 'active'")
    .bind(tx.jurisdiction())
    .bind(role.code())
    .bind(account)
    .bind(now)
    .scalar(&**tx)
    .await?;
    Ok(count.unwrap_or_default())
}
