#![doc = include_str!("../README.md")]

mod boxes;
pub mod clean;
mod colour;
pub mod fingerprint;
mod jpeg;
pub mod near;
mod planes;
pub mod report;
pub mod sniff;

pub use clean::{Clean, NotShown, clean};
pub use fingerprint::Fingerprint;
pub use near::Index;
pub use report::{Report, report};
pub use sniff::{Kind, Sniffed, sniff};
