//! Rows of the duties' tables and all SQL about them.

pub mod acknowledgements;
pub mod board;
pub mod duties;
pub mod kept;
pub mod occurrences;
pub mod submissions;

use jiff::civil::Date;
use serde::de::DeserializeOwned;

use crate::platform::error::{Error, Result};

/// A day as stored.
fn day(text: Option<String>) -> Result<Option<Date>> {
    text.map(|text| text.parse::<Date>().map_err(Error::internal)).transpose()
}

/// JSON as stored.
fn json<T: DeserializeOwned>(text: &str) -> Result<T> {
    Ok(serde_json::from_str(text)?)
}
