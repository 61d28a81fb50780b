//! This area through the router.

mod accounts;
mod joining;
mod own;
mod roles;
mod setup;
mod signin;
mod tokens;
mod trail;

use crate::platform::db::sql;
use crate::platform::ids::AccountId;
use crate::testing::{Answer, TestApp};

/// What an account types to sign in.
async fn login_of(test: &TestApp, account: &AccountId) -> String {
    let login: Option<String> = sql("SELECT login FROM accounts WHERE account_id = $1")
        .bind(account)
        .scalar(test.app.db.reader())
        .await
        .unwrap();
    login.unwrap()
}

/// The address of the one-time link that a page shows.
fn link_in(answer: &Answer) -> String {
    let text = answer.text();
    let at = text.find("/join/").unwrap_or_else(|| panic!("no link in: {text}"));
    text[at..].chars().take("/join/".len() + 43).collect()
}
