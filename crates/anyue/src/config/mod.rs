//! Settings of an installation: one struct for each concern, read from `anyue.toml`.
//!
//! Every key has a default; the annotated example is `docs/anyue.example.toml`. Keys that do not exist are
//! refused, so that a slip of the pen does not go unnoticed.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::platform::db::DatabaseUrl;

/// All settings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the data is.
    pub data: DataConfig,
    /// Where and how the program listens.
    pub server: ServerConfig,
    /// Who runs the installation, as the footer shows it.
    pub site: SiteConfig,
    /// Where files are kept.
    pub storage: StorageConfig,
    /// What is made of photos and videos.
    pub evidence: EvidenceConfig,
    /// Official documents.
    pub documents: DocumentsConfig,
    /// What is written to the log.
    pub log: LogConfig,
}

/// Where the data is.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataConfig {
    /// Folder of the installation: embedded database, files, temporary files.
    pub folder: PathBuf,
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`; empty: `anyue.db` in the folder.
    pub database: String,
}

impl Default for DataConfig {
    fn default() -> Self {
        Self { folder: PathBuf::from("data"), database: String::new() }
    }
}

impl DataConfig {
    /// The database to open.
    ///
    /// # Errors
    /// A sentence when the setting is no address of a database.
    pub fn database_url(&self) -> Result<DatabaseUrl, String> {
        if self.database.is_empty() {
            return Ok(DatabaseUrl::Sqlite(self.folder.join("anyue.db")));
        }
        self.database.parse()
    }
}

/// Where and how the program listens.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// Address and port; `[::]:8080` for IPv6 and IPv4.
    pub listen: SocketAddr,
    /// The address people type, without a slash at the end; used in links and QR codes.
    pub public_url: String,
    /// A proxy in front adds `X-Forwarded-For`, and its last entry is the visitor.
    pub behind_proxy: bool,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: "http://127.0.0.1:8080".to_owned(),
            behind_proxy: false,
        }
    }
}

impl ServerConfig {
    /// Whether cookies are for encrypted connections only.
    pub fn secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// Who runs the installation.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SiteConfig {
    /// Name of the site on every page.
    pub name: String,
    /// 主办单位: a county (旗县) or higher body; see 国办函〔2026〕12号.
    pub sponsor_unit: String,
    /// Level of the sponsor: `county`, `city`, `province` or `township`.
    pub sponsor_level: String,
    /// 备案号
    pub filing_no: String,
}

impl Default for SiteConfig {
    fn default() -> Self {
        Self {
            name: "安月 安全生产".to_owned(),
            sponsor_unit: String::new(),
            sponsor_level: String::new(),
            filing_no: String::new(),
        }
    }
}

/// Where files are kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StorageConfig {
    /// `folder` (below the data folder) or `s3` (any S3-compatible service).
    pub kind: String,
    /// Address of the service.
    pub endpoint: String,
    /// Bucket.
    pub bucket: String,
    /// Region.
    pub region: String,
    /// Name of the environment variable that holds the access key id.
    pub access_key_id_env: String,
    /// Name of the environment variable that holds the secret key.
    pub secret_access_key_env: String,
}

impl Default for StorageConfig {
    fn default() -> Self {
        Self {
            kind: "folder".to_owned(),
            endpoint: String::new(),
            bucket: String::new(),
            region: String::new(),
            access_key_id_env: "ANYUE_S3_ACCESS_KEY_ID".to_owned(),
            secret_access_key_env: "ANYUE_S3_SECRET_ACCESS_KEY".to_owned(),
        }
    }
}

/// What is made of photos and videos.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EvidenceConfig {
    /// The program that takes a frame out of a video; empty: none, videos are shown without a picture.
    pub ffmpeg: String,
}

impl Default for EvidenceConfig {
    fn default() -> Self {
        Self { ffmpeg: "ffmpeg".to_owned() }
    }
}

/// Official documents.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DocumentsConfig {
    /// The program of LibreOffice that makes PDF of documents: a name or a path; empty: none is made.
    pub soffice: String,
}

impl Default for DocumentsConfig {
    fn default() -> Self {
        Self { soffice: "soffice".to_owned() }
    }
}

/// What is written to the log.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// `text` or `json`.
    pub format: String,
    /// `error`, `warn`, `info`, `debug`, or a filter such as `info,sqlx=warn`.
    pub level: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: "text".to_owned(), level: "info".to_owned() }
    }
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// A sentence that names the file and the place in it.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
    }
}
