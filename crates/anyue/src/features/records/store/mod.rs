//! All SQL about records. What a record says and its figures (`record_values`) are written together.

pub mod kinds;
pub mod list;
pub mod records;
pub mod sums;
