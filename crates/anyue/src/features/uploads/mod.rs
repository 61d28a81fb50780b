//! Photos, videos and documents on their way in.
//!
//! Words: resumable upload 断点续传, upload 上传件.
//! Tables owned: `uploads`.
//!
//! A sender makes an upload for the draft of an occurrence or for a record, then sends its bytes with as many requests as the
//! network needs; when the last byte has come, the file stands there as any other. The protocol is tus 1.0
//! (<https://tus.io/protocols/resumable-upload>) with the extensions creation, creation-with-upload, checksum,
//! termination and expiration.
//!
//! Invariants
//! * The address of an upload is a secret of 256 bits: whoever holds it may send on, also after the sign-in of the
//!   one who began has ended. Only its hash is kept.
//! * A byte that was acknowledged survives a crash; a client that comes back is never told to wait for its own dead
//!   connection ([`Spool`](crate::platform::spool::Spool)).
//! * A file is whole or it is not there: it is put in its place once, after its SHA-256 over all bytes is known and,
//!   when the sender told one, equal.
//! * Limits are named before the first byte is sent: size of a file, quota of a unit.

pub mod api;
mod create;
mod finish;
pub mod model;
mod piece;
mod store;
#[cfg(test)]
mod tests;

use axum::routing::{MethodFilter, on};
use utoipa::OpenApi;

use crate::platform::auth::Permission;
use crate::platform::web::{Access, Routes};

/// The description of these endpoints.
#[derive(OpenApi)]
#[openapi(paths(create::options, create::create, piece::offset, piece::append, piece::terminate, piece::overridden))]
pub struct UploadsApi;

/// The routes of this area.
pub fn routes() -> Routes {
    let make = Access::Can(Permission::WorkOwn);
    let held = Access::Public;
    Routes::new()
        .add("OPTIONS", "/api/v1/uploads", held, on(MethodFilter::OPTIONS, create::options))
        .add("POST", "/api/v1/uploads", make, on(MethodFilter::POST, create::create))
        .add("HEAD", "/api/v1/uploads/{secret}", held, on(MethodFilter::HEAD, piece::offset))
        .add("PATCH", "/api/v1/uploads/{secret}", held, on(MethodFilter::PATCH, piece::append))
        .add("DELETE", "/api/v1/uploads/{secret}", held, on(MethodFilter::DELETE, piece::terminate))
        .add("POST", "/api/v1/uploads/{secret}", held, on(MethodFilter::POST, piece::overridden))
}
