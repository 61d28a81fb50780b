//! Rows of this area and all SQL about them, by table.

pub mod accounts;
pub mod kept;
pub mod links;
pub mod roles;
pub mod sessions;
pub mod tokens;
pub mod towns;
