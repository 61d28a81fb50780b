//! `/service-worker.js`: the script that keeps the shell on the phone. It stands at the root so that it may look after
//! everything below `/work`.

use std::sync::LazyLock;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};

use super::page::shell;
use crate::App;
use crate::platform::error::Result;
use crate::platform::web::{asset_url, assets};

/// The script itself.
const SCRIPT: &str = "offline/service-worker.js";
/// Further assets of the shell, besides the folder of its scripts.
const FURTHER: &[&str] =
    &["vendor/tabler/tabler.min.css", "app.css", "app.js", "vendor/tus/tus.min.js", "favicon.svg", "icons.svg"];

/// Addresses of everything the page `/work/offline` needs.
static ASSETS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let scripts = assets::names().filter(|name| name.starts_with("offline/") && *name != SCRIPT);
    scripts.chain(FURTHER.iter().copied()).map(asset_url).collect()
});

/// `GET /service-worker.js`. Its text changes whenever anything of the shell does; the browser then takes the new one.
pub async fn script(State(app): State<App>) -> Result<Response> {
    let page = askama::Template::render(&shell(&app))?;
    let mut version = Sha256::new();
    version.update(page.as_bytes());
    ASSETS.iter().for_each(|url| version.update(url.as_bytes()));
    let version = hex::encode(&version.finalize()[..8]);
    let urls: Vec<&str> = std::iter::once("/work/offline").chain(ASSETS.iter().map(String::as_str)).collect();
    let shell = serde_json::json!({ "version": version, "urls": urls });
    let text = format!("const SHELL = {shell}\n{}", assets::text(SCRIPT).unwrap_or_default());
    let headers = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, text).into_response())
}
