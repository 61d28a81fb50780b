//! The policies of the repository that a compiler does not know (ARCHITECTURE.md), as tests over its text.
//!
//! A failure names the file, the line and the rule. An exception is a line in a table of `tidy/rules.rs`, with its reason.

use std::fs;

#[path = "tidy/reading.rs"]
mod reading;
#[path = "tidy/rules.rs"]
mod rules;

use reading::{branches, code, files, line_of, root, source, used_areas, without_tests};
use rules::{LONGEST, MAY_USE, PURE, SQL_ELSEWHERE, TOO_LONG, UNAUDITED};

fn no_breach(rule: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{rule}\n{}", breaches.join("\n"));
}

#[test]
fn a_use_tree_is_read_to_its_leaves() {
    assert_eq!(branches("units::api::{get, UnitRef}"), ["units::api::get", "units::api::UnitRef"]);
    assert_eq!(branches("{units, duties::api::{a, b}};"), ["units", "duties::api::a", "duties::api::b"]);
    assert_eq!(branches("units::model::Unit)"), ["units::model::Unit"]);
}

#[test]
fn an_area_uses_another_only_through_its_api_and_only_downwards() {
    let mut breaches = Vec::new();
    for (name, text) in source() {
        let Some(area) = name.strip_prefix("features/").and_then(|rest| rest.split('/').next()) else { continue };
        if area == "mod.rs" {
            continue;
        }
        let Some((_, allowed)) = MAY_USE.iter().find(|(known, _)| *known == area) else {
            breaches.push(format!("{name}: the area “{area}” has no line in MAY_USE"));
            continue;
        };
        let is_test = name.contains("/tests/") || name.ends_with("/tests.rs");
        for (line, path) in used_areas(&code(&text)) {
            let mut parts = path.split("::");
            let other = parts.next().unwrap_or_default();
            if other == area || (is_test && matches!(parts.clone().next(), Some("api" | "tests"))) {
                continue;
            }
            let next = parts.next();
            if next.is_none() {
                // `use crate::features::units;`: what follows is `units::api::…`.
                let inner = text.match_indices(&format!("{other}::")).find(|(at, found)| {
                    let whole = !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                    whole && !text[..*at].ends_with("::") && !text[at + found.len()..].starts_with("api")
                });
                if let Some((at, _)) = inner {
                    breaches.push(format!("{name}:{}: not of {other}::api", line_of(&text, at)));
                }
            }
            if next.is_some_and(|next| next != "api") {
                breaches.push(format!("{name}:{line}: {path} is not of {other}::api"));
            } else if !allowed.contains(&other) {
                breaches.push(format!("{name}:{line}: {area} may not use {other}"));
            }
        }
    }
    no_breach("features/a uses features/b::api only, in the directions of MAY_USE", &breaches);
}

#[test]
fn the_allowed_directions_have_no_circle() {
    for (place, (area, allowed)) in MAY_USE.iter().enumerate() {
        for other in *allowed {
            let below = MAY_USE.iter().position(|(known, _)| known == other).expect("a known area");
            let reaches_back = MAY_USE[below].1.contains(area);
            assert!(below != place && !reaches_back, "{area} and {other} use each other");
        }
    }
    let mut settled: Vec<&str> = Vec::new();
    while settled.len() < MAY_USE.len() {
        let next = MAY_USE
            .iter()
            .find(|(area, allowed)| !settled.contains(area) && allowed.iter().all(|other| settled.contains(other)))
            .unwrap_or_else(|| panic!("a circle among those that are not {settled:?}"));
        settled.push(next.0);
    }
}

#[test]
fn the_platform_knows_no_feature() {
    let mut breaches = Vec::new();
    for (name, text) in
        source().into_iter().filter(|(name, _)| name.starts_with("platform/") && !name.contains("/tests/"))
    {
        for (at, _) in code(&text).match_indices("features::") {
            breaches.push(format!("platform: {name}:{}", line_of(&code(&text), at)));
        }
    }
    no_breach("platform → no feature", &breaches);
}

#[test]
fn pure_crates_know_no_database_no_web_no_clock_and_none_of_ours() {
    const FOREIGN: &[&str] =
        &["sqlx", "sea_orm", "sea-orm", "axum", "tokio", "askama", "reqwest", "SystemTime::now", "Timestamp::now"];
    let mut breaches = Vec::new();
    for (krate, allowed) in PURE {
        let mut texts = files(&format!("crates/{krate}/src"), ".rs");
        let manifest = fs::read_to_string(root().join(format!("crates/{krate}/Cargo.toml"))).unwrap_or_default();
        texts.push((
            "Cargo.toml".to_owned(),
            manifest.split("[dev-dependencies]").next().unwrap_or_default().to_owned(),
        ));
        let manifest = &texts[texts.len() - 1].1;
        for other in ["anyue", "calendar", "evidence", "official-doc", "notice", "seal"] {
            if other != *krate && !allowed.contains(&other) && manifest.contains(&format!("\n{other}")) {
                breaches.push(format!("{krate} uses {other}"));
            }
        }
        for (name, text) in &texts {
            for word in FOREIGN.iter().filter(|word| code(text).contains(**word)) {
                breaches.push(format!("{krate}/{name} names {word}"));
            }
        }
    }
    no_breach("pure crates: bytes and values in, values and problems out", &breaches);
}

#[test]
fn sql_stands_in_stores_only() {
    const WORDS: &[&str] =
        &["SELECT ", "INSERT INTO ", "DELETE FROM ", " SET ", "CREATE TABLE", "ORDER BY ", " LEFT JOIN "];
    let mut breaches = Vec::new();
    for (name, text) in source() {
        let allowed = name.ends_with("/store.rs")
            || name.contains("/store/")
            || name.starts_with("platform/")
            || name.starts_with("testing/")
            || name.contains("/tests/")
            || name.ends_with("/tests.rs")
            || SQL_ELSEWHERE.iter().any(|(file, _)| *file == name);
        if allowed {
            continue;
        }
        let text = code(&text);
        let text = without_tests(&text);
        for word in WORDS {
            for (at, _) in text.match_indices(word) {
                breaches.push(format!("src/{name}:{}: {word}", line_of(text, at)));
            }
        }
    }
    no_breach("SQL stands in store.rs, store/*.rs and the platform only", &breaches);
}

#[test]
fn time_never_comes_from_the_database() {
    let mut texts = source();
    texts.extend(files("migrations", ".sql"));
    let mut breaches = Vec::new();
    for (name, text) in texts {
        let lower = code(&text).to_lowercase();
        for word in [
            "current_timestamp",
            "current_date",
            "current_time",
            "datetime('now",
            "strftime('",
            "select now()",
            "clock_timestamp",
        ] {
            if let Some(at) = lower.find(word) {
                breaches.push(format!("{name}:{}: {word}", line_of(&lower, at)));
            }
        }
        for (at, _) in lower.match_indices("now()") {
            let before = lower[..at].chars().next_back();
            let is_rust = matches!(before, Some('.' | ':' | '_')) || before.is_some_and(char::is_alphanumeric);
            if !is_rust || name.ends_with(".sql") {
                breaches.push(format!("{name}:{}: now()", line_of(&lower, at)));
            }
        }
    }
    no_breach("time is an input: bind the injected clock's", &breaches);
}

#[test]
fn writes_without_an_event_are_listed_with_their_reasons() {
    let mut found = Vec::new();
    for (name, text) in source() {
        let is_test = name.starts_with("testing/") || name.contains("/tests/") || name == "platform/db/tx.rs";
        if is_test {
            continue;
        }
        let text = code(&text);
        let text = without_tests(&text);
        for (at, word) in text.match_indices("commit_unaudited(") {
            let rest = text[at + word.len()..].trim_start();
            let reason = rest.strip_prefix('"').and_then(|rest| rest.split('"').next()).unwrap_or_default();
            found.push((name.clone(), reason.to_owned()));
        }
    }
    let listed: Vec<(String, String)> = UNAUDITED.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let new: Vec<_> = found.iter().filter(|call| !listed.contains(call)).collect();
    let gone: Vec<_> = listed.iter().filter(|call| !found.contains(call)).collect();
    assert!(new.is_empty(), "not in UNAUDITED; is it really book-keeping? {new:#?}");
    assert!(gone.is_empty(), "in UNAUDITED, and no longer in the code: {gone:#?}");
}

#[test]
fn templates_carry_no_style_no_script_and_no_foreign_address() {
    let mut breaches = Vec::new();
    for (name, text) in files("crates/anyue/src", ".html") {
        for (number, line) in text.lines().enumerate() {
            let mut breach = |what: &str| breaches.push(format!("{name}:{}: {what}", number + 1));
            let lower = line.to_lowercase();
            if lower.contains(" style=") {
                breach("style=\"…\"");
            }
            if lower.contains("<style") || lower.contains("javascript:") {
                breach("style or script inside the page");
            }
            if lower.contains("<script") && !lower.contains("src=\"{{ frame.asset(") {
                breach("a script that is not an asset");
            }
            for (at, _) in lower.match_indices(" on") {
                let word: String = lower[at + 3..].chars().take_while(char::is_ascii_alphabetic).collect();
                if !word.is_empty() && lower[at + 3 + word.len()..].starts_with("=\"") {
                    breach(&format!("on{word}=\"…\""));
                }
            }
            if lower.contains("http://") || lower.contains("https://") || lower.contains("=\"//") {
                breach("an address of another origin");
            }
        }
    }
    no_breach("strict content security policy, own origin only (guard rail G10)", &breaches);
}

#[test]
fn assets_call_nobody() {
    const NAMESPACES: &[&str] = &["http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"];
    let mut breaches = Vec::new();
    for ending in [".css", ".js", ".svg"] {
        for (name, text) in files("crates/anyue/assets", ending) {
            let mut text = text;
            for namespace in NAMESPACES {
                text = text.replace(namespace, "");
            }
            for word in ["http://", "https://", "url(//", "@import"] {
                for (at, _) in text.match_indices(word) {
                    let in_comment = text[..at].rfind("/*").is_some_and(|open| !text[open..at].contains("*/"));
                    if !in_comment {
                        let until = text[at..].char_indices().nth(60).map_or(text.len(), |(end, _)| at + end);
                        breaches.push(format!("{name}: {}", &text[at..until]));
                    }
                }
            }
        }
    }
    no_breach("no request to another origin (guard rail G10)", &breaches);
}

#[test]
fn vendored_files_are_what_their_sums_say() {
    use sha2::Digest as _;
    let folder = root().join("crates/anyue/assets/vendor");
    let sums = fs::read_to_string(folder.join("CHECKSUMS")).expect("CHECKSUMS");
    let mut seen = 0;
    for line in sums.lines().filter(|line| !line.trim_start().starts_with('#') && !line.trim().is_empty()) {
        let (sum, name) = line.split_once(char::is_whitespace).expect("sum and name");
        let name = name.trim().trim_start_matches('*').trim_start_matches("./");
        let path =
            [folder.join(name), folder.join("..").join(name), root().join(name)].into_iter().find(|path| path.exists());
        let bytes = fs::read(path.unwrap_or_else(|| panic!("{name} is in CHECKSUMS and not there"))).expect("readable");
        let found: String = sha2::Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(found, sum, "{name} was changed after its sum was taken");
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn files_stay_readable() {
    let mut breaches = Vec::new();
    let mut all = source();
    all.extend(files("crates/anyue/tests", ".rs"));
    all.extend(files("crates/anyue/src", ".html"));
    for (name, text) in all {
        let lines = without_tests(&text).lines().count();
        let limit = TOO_LONG.iter().find(|(file, _)| *file == name).map_or(LONGEST, |(_, limit)| *limit);
        if lines > limit {
            breaches.push(format!("{name}: {lines} lines, at most {limit}; split it by what a person does"));
        }
    }
    no_breach("short files", &breaches);
}

#[test]
fn every_area_tells_its_purpose_tables_and_invariants() {
    let mut breaches = Vec::new();
    let mut tables: Vec<(String, String)> = Vec::new();
    for (name, text) in source() {
        let mut parts = name.split('/');
        let (Some("features"), Some(area), Some("mod.rs"), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let head: String = text.lines().take_while(|line| line.starts_with("//!")).collect::<Vec<_>>().join("\n");
        for word in ["Words", "Tables owned", "Invariant"] {
            if !head.contains(word) {
                breaches.push(format!("{name}: no “{word}”"));
            }
        }
        let flat = head.replace("\n//!", " ");
        let owned =
            flat.split("Tables owned:").nth(1).and_then(|rest| rest.split(['.', ';']).next()).unwrap_or_default();
        tables.extend(owned.split('`').skip(1).step_by(2).map(|table| (table.to_owned(), area.to_owned())));
    }
    tables.sort();
    for pair in tables.windows(2) {
        if pair[0].0 == pair[1].0 {
            breaches.push(format!("{} is owned by {} and by {}", pair[0].0, pair[0].1, pair[1].1));
        }
    }
    no_breach("features/*/mod.rs begins with purpose, Words, Tables owned, Invariants", &breaches);
}

#[test]
fn every_template_belongs_to_a_page_and_every_page_has_a_sample() {
    let (pages, templates) = (source(), files("crates/anyue/src", ".html"));
    let mut breaches = Vec::new();
    for (name, _) in &templates {
        let named = pages.iter().any(|(_, text)| text.contains(&format!("path = \"{name}\"")))
            || templates.iter().any(|(_, text)| {
                ["extends", "include", "import"].iter().any(|word| text.contains(&format!("{word} \"{name}\"")))
            });
        if !named {
            breaches.push(format!("{name} belongs to no page"));
        }
    }
    for (name, text) in &pages {
        let Some(area) = name.strip_prefix("features/").and_then(|rest| rest.split('/').next()) else { continue };
        let listed = format!("features/{area}/samples.rs");
        let listed = pages.iter().find(|(file, _)| *file == listed).map_or("", |(_, text)| text.as_str());
        for after in text.split("#[template(path").skip(1) {
            // A struct that is not public is only a frame around others.
            let head = after.split('{').next().unwrap_or_default();
            let Some(page) = head.split("pub struct ").nth(1).map(str::trim) else { continue };
            let page = page.split(['<', ' ']).next().unwrap_or_default();
            if !text.contains("fn sample() -> Self") || !listed.contains(&format!("{page}::sample()")) {
                breaches
                    .push(format!("{name}: {page} needs `fn sample() -> Self`, listed in features/{area}/samples.rs"));
            }
        }
    }
    no_breach("templates", &breaches);
}
