//! Signed receipts (回执): proof of what was received and when, which anybody can verify.
//!
//! Words: receipt 回执, verify 核验, public key 公钥, fingerprint 指纹.
//! Tables owned: `receipts`.
//!
//! Invariants
//! * A receipt is issued in the transaction that receives, when every part is there, and never again for the same.
//! * It tells the office, the matter, number, time and hashes; nothing personal, no content, no name of a file.
//! * Verifying needs no account, reads no table and is the same rule as `anyue verify receipt`: the crate `seal`.
//! * The secret key is in [`Keyring`](crate::platform::keyring::Keyring) only.

pub mod api;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
mod store;
#[cfg(test)]
mod tests;
mod verify;

use crate::platform::web::{Access, Routes};

/// The routes of this area.
pub fn routes() -> Routes {
    Routes::new().get("/verify", Access::Public, verify::page).post("/verify", Access::Public, verify::submit)
}
