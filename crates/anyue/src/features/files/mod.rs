//! Files going out: who may see what was sent, and in which form.
//!
//! Words: original 原件, clean copy 网页副本, thumbnail 缩略图.
//! Tables owned: none; which file belongs to what is read from the areas that own it.
//!
//! Invariants
//! * Whoever may read what a file belongs to sees the clean copies of its pictures, and its documents; for everybody
//!   else there is nothing.
//! * The originals of photos and videos go to the people of the unit and to the person who reviews, and to nobody else.
//! * A file never runs within our pages: it is saved, or it is a JPEG of our own making, or a video in its player.

mod beside;
mod download;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
mod sight;

use utoipa::OpenApi;

use crate::platform::auth::Permission;
use crate::platform::web::{Access, Routes};

/// The description of these endpoints.
#[derive(OpenApi)]
#[openapi(paths(download::api_download))]
pub struct FilesApi;

/// The routes of this area.
pub fn routes() -> Routes {
    let review = Access::CanAny(&[Permission::DutyReview, Permission::RecordReview]);
    Routes::new()
        .get("/files/{id}", Access::SignedIn, download::download)
        .get("/files/{id}/clean", Access::SignedIn, download::clean)
        .get("/files/{id}/thumb", Access::SignedIn, download::thumbnail)
        .get("/files/{id}/play", Access::SignedIn, download::play)
        .get("/files/{id}/beside/{other}", review, beside::page)
        .get("/api/v1/files/{id}", Access::SignedIn, download::api_download)
}
