//! Files going out: who may see what was sent, and in which form.
//!
//! Words: original 原件, clean copy 网页副本, thumbnail 缩略图.
//! Tables owned: none; which file belongs to what is read from the areas that own it.
//!
//! Invariants
//! * Whoever may read what a file belongs to may read the file; for everybody else it is not there.
//! * A file never runs within our pages: it is saved.

mod download;

use utoipa::OpenApi;

use crate::platform::web::{Access, Routes};

/// The description of these endpoints.
#[derive(OpenApi)]
#[openapi(paths(download::api_download))]
pub struct FilesApi;

/// The routes of this area.
pub fn routes() -> Routes {
    Routes::new().get("/files/{id}", Access::SignedIn, download::download).get(
        "/api/v1/files/{id}",
        Access::SignedIn,
        download::api_download,
    )
}
