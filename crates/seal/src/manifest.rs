//! The list of an archive: what it holds, file by file. Read with care: whoever presents an archive may have made it up.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

/// Names the form of the list.
const FORMAT: &str = "anyue/archive/1";
/// No list is longer.
const LONGEST: usize = 256 << 20;
/// A path has no more characters as Windows counts them: with the folder it is unpacked into it stays below 260.
const PATH: usize = 180;
/// A name within a path has no more.
const NAME: usize = 100;

/// A file of an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestEntry {
    /// Where it lies, with `/` between the names.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// The list of an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// `anyue/archive/1`
    pub format: String,
    /// The program that made it, with its version.
    pub program: String,
    /// When it was made: `2022-06-30T17:00:00+08:00`.
    pub made_at: String,
    /// The town.
    pub town: String,
    /// The campaign.
    pub campaign: String,
    /// The number of the archive.
    pub number: String,
    /// What was asked for, in words.
    pub contents: String,
    /// How many there are of each sort.
    pub counts: BTreeMap<String, u64>,
    /// Every file but the list itself and its signature, in the order of the archive.
    pub files: Vec<ManifestEntry>,
}

/// Why a list is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestProblem {
    /// Longer than any list.
    #[error("the list is too long")]
    TooLong,
    /// Something else.
    #[error("this is no list of an archive: {0}")]
    Unreadable(String),
    /// A list of a later kind.
    #[error("a list of the unknown format {0}")]
    Version(String),
    /// A path that leads out, or that some machine cannot store.
    #[error("the path {0:?} cannot be stored safely")]
    Path(String),
    /// Two paths that are one on some machines.
    #[error("the path {0:?} is there twice")]
    Twice(String),
    /// A hash that is none.
    #[error("the hash of {0:?} is none")]
    Hash(String),
}

impl ManifestProblem {
    /// For the person who asks.
    pub fn zh(&self) -> String {
        match self {
            Self::TooLong => "清单太长，不是本系统生成的档案包。".to_owned(),
            Self::Unreadable(_) => "清单读不出来，可能被改动过，或者不是本系统生成的档案包。".to_owned(),
            Self::Version(_) => "这个档案包的格式比本程序新，请用新版程序核验。".to_owned(),
            Self::Path(path) => format!("清单里有不安全的路径“{}”，不能确认这个档案包。", short(path)),
            Self::Twice(path) => format!("清单里有重复的路径“{}”，不能确认这个档案包。", short(path)),
            Self::Hash(path) => format!("清单里“{}”的校验值不对，不能确认这个档案包。", short(path)),
        }
    }
}

fn short(path: &str) -> String {
    path.chars().filter(|c| !c.is_control()).take(80).collect()
}

impl Manifest {
    /// The name of the format, for a list that is being made.
    pub fn format() -> String {
        FORMAT.to_owned()
    }

    /// As it lies in the archive.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }

    /// Reads a list.
    ///
    /// # Errors
    /// Everything that [`ManifestProblem`] names.
    pub fn read(bytes: &[u8]) -> Result<Self, ManifestProblem> {
        if bytes.len() > LONGEST {
            return Err(ManifestProblem::TooLong);
        }
        let manifest: Self =
            serde_json::from_slice(bytes).map_err(|error| ManifestProblem::Unreadable(error.to_string()))?;
        if manifest.format != FORMAT {
            return Err(ManifestProblem::Version(manifest.format));
        }
        let mut known = HashSet::new();
        for file in &manifest.files {
            if !is_plain_path(&file.path) {
                return Err(ManifestProblem::Path(file.path.clone()));
            }
            if !known.insert(file.path.to_lowercase()) {
                return Err(ManifestProblem::Twice(file.path.clone()));
            }
            let digits = file.sha256.len() == 64 && file.sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            if !digits {
                return Err(ManifestProblem::Hash(file.path.clone()));
            }
        }
        Ok(manifest)
    }
}

/// Whether every machine can store a file at this path, below the folder it is unpacked into: relative, no way up, no
/// sign and no name that Windows reserves, nothing that is not seen, not too long.
pub fn is_plain_path(path: &str) -> bool {
    path.encode_utf16().count() <= PATH && path.split('/').all(is_plain_name)
}

fn is_plain_name(name: &str) -> bool {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let numbered = |stem: &str| {
        let rest = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
        rest.is_some_and(|rest| {
            matches!(rest, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
        })
    };
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{feff}')
            || ('\u{200b}'..='\u{200f}').contains(&c)
            || ('\u{2028}'..='\u{202e}').contains(&c)
            || ('\u{2060}'..='\u{206f}').contains(&c)
    };
    !name.is_empty()
        && name.encode_utf16().count() <= NAME
        && !name.starts_with(' ')
        && !name.ends_with([' ', '.'])
        && !name.contains(['<', '>', ':', '"', '/', '\\', '|', '?', '*'])
        && !name.chars().any(hidden)
        && !DEVICES.contains(&stem.as_str())
        && !numbered(&stem)
}
