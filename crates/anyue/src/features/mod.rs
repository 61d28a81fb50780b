//! One folder for each area of the domain. An area uses another only through that area's `api`.

pub mod accounts;
pub mod archive;
pub mod boards;
pub mod campaigns;
pub mod documents;
pub mod duties;
pub mod evidence;
pub mod files;
pub mod notifications;
pub mod offline;
pub mod overview;
pub mod publishing;
pub mod receipts;
pub mod records;
pub mod reports;
pub mod retention;
pub mod statistics;
pub mod units;
pub mod uploads;
pub mod workspace;
