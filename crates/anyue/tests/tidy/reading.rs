//! Reading the repository's own text.

use std::fs;
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository")
}

/// The files below a folder whose name ends so, with their text.
pub fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
            if path.is_dir() && !path.ends_with("target") {
                walk(&path, ending, found);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    let base = root().join(folder);
    let mut found = Vec::new();
    walk(&base, ending, &mut found);
    found.sort();
    found
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&base).expect("inside").to_string_lossy().replace('\\', "/");
            (name, fs::read_to_string(&path).unwrap_or_default())
        })
        .collect()
}

pub fn source() -> Vec<(String, String)> {
    files("crates/anyue/src", ".rs")
}

/// The code without lines of comments; line numbers stay.
pub fn code(text: &str) -> String {
    text.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line }).collect::<Vec<_>>().join("\n")
}

/// The code above the tests at the bottom of a file.
pub fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default()
}

/// Number of the line in which a byte stands.
pub fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// What follows `features::` in the code, one path for each branch of a `use` tree: `units::api::get`.
pub fn used_areas(text: &str) -> Vec<(usize, String)> {
    let mut used = Vec::new();
    for (at, found) in text.match_indices("crate::features::") {
        let rest = &text[at + found.len()..];
        for path in branches(rest) {
            used.push((line_of(text, at), path));
        }
    }
    used
}

/// The paths of a `use` tree: `{a::b, c::{d, e}}` gives `a::b`, `c::d`, `c::e`.
pub fn branches(text: &str) -> Vec<String> {
    let word: String = text.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect();
    let rest = &text[word.len()..];
    if !rest.starts_with('{') {
        return vec![word];
    }
    let (mut depth, mut begin, mut paths) = (0, 1, Vec::new());
    for (at, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if (c == ',' && depth == 1) || depth == 0 {
            paths.extend(branches(rest[begin..at].trim()).into_iter().map(|path| format!("{word}{path}")));
            begin = at + 1;
        }
        if depth == 0 {
            break;
        }
    }
    paths
}
