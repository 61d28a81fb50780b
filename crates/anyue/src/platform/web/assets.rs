//! Style sheets, scripts and icons: embedded, addressed by their content, compressed beforehand.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

struct Asset {
    name: &'static str,
    hash: &'static str,
    media_type: &'static str,
    plain: &'static [u8],
    brotli: &'static [u8],
    gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

static BY_NAME: LazyLock<HashMap<&'static str, &'static Asset>> =
    LazyLock::new(|| ASSETS.iter().map(|asset| (asset.name, asset)).collect());

/// The address of an asset: its name with the hash of its content, good for ever.
///
/// A name that does not exist gives an address that answers 404; the template test finds it.
pub fn asset_url(name: &str) -> String {
    match BY_NAME.get(name) {
        Some(asset) => format!("/assets/{}/{}", asset.hash, asset.name),
        None => format!("/assets/missing/{name}"),
    }
}

/// Whether there is such an asset.
pub fn exists(name: &str) -> bool {
    BY_NAME.contains_key(name)
}

/// Names of all assets.
pub fn names() -> impl Iterator<Item = &'static str> {
    ASSETS.iter().map(|asset| asset.name)
}

/// The text of an asset.
pub fn text(name: &str) -> Option<&'static str> {
    BY_NAME.get(name).and_then(|asset| std::str::from_utf8(asset.plain).ok())
}

/// Bytes of an asset on the wire, for a browser that takes gzip.
pub fn compressed_size(name: &str) -> Option<usize> {
    BY_NAME.get(name).map(|asset| if asset.gzip.is_empty() { asset.plain.len() } else { asset.gzip.len() })
}

/// Serves an asset, compressed when the browser takes it.
pub async fn serve(Path((hash, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(asset) = BY_NAME.get(name.as_str()).filter(|asset| asset.hash == hash) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (encoding, body) = if accepts.contains("br") && !asset.brotli.is_empty() {
        ("br", asset.brotli)
    } else if accepts.contains("gzip") && !asset.gzip.is_empty() {
        ("gzip", asset.gzip)
    } else {
        ("identity", asset.plain)
    };
    (
        [
            (header::CONTENT_TYPE, asset.media_type),
            (header::CONTENT_ENCODING, encoding),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            (header::VARY, "accept-encoding"),
        ],
        body,
    )
        .into_response()
}
