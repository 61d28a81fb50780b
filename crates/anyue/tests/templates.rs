//! Every page, rendered with its `sample()`: well-formed, labelled, in Chinese, and asking nobody else.

use std::collections::BTreeSet;

use anyue::platform::web::assets;
use anyue::testing::samples::samples;
use scraper::{ElementRef, Html, Node, Selector};

fn pages() -> Vec<(&'static str, Html)> {
    samples().into_iter().map(|(name, html)| (name, Html::parse_document(&html))).collect()
}

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    let selector = Selector::parse(selector).expect("a selector");
    page.select(&selector).collect()
}

fn none(rule: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{rule}\n{}", breaches.join("\n"));
}

/// What a reader sees of a page: text outside of scripts, code and what is marked as another language.
fn visible(page: &Html) -> Vec<String> {
    let hidden = ["script", "style", "code", "pre", "kbd"];
    page.tree
        .nodes()
        .filter_map(|node| {
            let Node::Text(text) = node.value() else { return None };
            let skip = node.ancestors().filter_map(ElementRef::wrap).any(|element| {
                hidden.contains(&element.value().name())
                    || element.value().attr("lang").is_some_and(|lang| lang != "zh-CN")
                    || element.value().attr("data-own-words").is_some()
            });
            (!skip && !text.trim().is_empty()).then(|| text.trim().to_owned())
        })
        .collect()
}

#[test]
fn every_page_has_a_sample_with_its_own_name() {
    let names: Vec<_> = samples().into_iter().map(|(name, _)| name).collect();
    assert!(!names.is_empty());
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
}

#[test]
fn pages_are_well_formed() {
    let mut breaches = Vec::new();
    for (name, html) in samples() {
        let page = if html.contains("<html") { Html::parse_document(&html) } else { Html::parse_fragment(&html) };
        breaches.extend(page.errors.iter().map(|error| format!("{name}: {error}")));
        for tag in
            ["div", "section", "form", "ul", "ol", "table", "details", "article", "span", "p", "a", "button", "dl"]
        {
            let opened = html.matches(&format!("<{tag} ")).count() + html.matches(&format!("<{tag}>")).count();
            let closed = html.matches(&format!("</{tag}>")).count();
            if opened != closed {
                breaches.push(format!("{name}: {opened} <{tag}> and {closed} </{tag}>"));
            }
        }
    }
    none("well-formed HTML", &breaches);
}

#[test]
fn pages_have_a_language_a_title_and_one_main_heading() {
    let mut breaches = Vec::new();
    for (name, page) in pages() {
        if all(&page, "html").first().and_then(|html| html.value().attr("lang")) != Some("zh-CN") {
            continue; // a part of a page
        }
        if all(&page, "h1").len() != 1 {
            breaches.push(format!("{name}: {} h1", all(&page, "h1").len()));
        }
        if all(&page, "main").len() != 1 {
            breaches.push(format!("{name}: {} main", all(&page, "main").len()));
        }
        let title: String = all(&page, "title").first().map(|title| title.text().collect()).unwrap_or_default();
        if title.trim().starts_with('·') || title.trim().ends_with('·') {
            breaches.push(format!("{name}: title “{title}”"));
        }
        let mut depth = 1;
        for heading in all(&page, "h1, h2, h3, h4, h5, h6") {
            let level = heading.value().name().as_bytes()[1] - b'0';
            if level > depth + 1 {
                let words: String = heading.text().collect();
                breaches.push(format!("{name}: h{level} “{}” after h{depth}", words.trim()));
            }
            depth = level;
        }
    }
    none("lang, title, one h1, one main, headings in order", &breaches);
}

#[test]
fn ids_are_unique_and_references_lead_somewhere() {
    let mut breaches = Vec::new();
    for (name, page) in pages() {
        let mut ids = BTreeSet::new();
        for element in all(&page, "[id]") {
            let id = element.value().attr("id").unwrap_or_default();
            if id.is_empty() || id.contains(char::is_whitespace) || !ids.insert(id) {
                breaches.push(format!("{name}: id “{id}”"));
            }
        }
        for attribute in ["for", "aria-labelledby", "aria-controls", "form"] {
            for element in all(&page, &format!("[{attribute}]")) {
                for id in element.value().attr(attribute).unwrap_or_default().split_whitespace() {
                    if !ids.contains(id) {
                        breaches.push(format!("{name}: {attribute}=\"{id}\" leads nowhere"));
                    }
                }
            }
        }
        for link in all(&page, "a[href^='#']") {
            let id = link.value().attr("href").unwrap_or_default().trim_start_matches('#');
            if !id.is_empty() && !ids.contains(id) {
                breaches.push(format!("{name}: href=\"#{id}\" leads nowhere"));
            }
        }
    }
    none("ids", &breaches);
}

#[test]
fn everything_that_is_operated_has_a_name() {
    let mut breaches = Vec::new();
    for (name, page) in pages() {
        let has = |selector: String| !all(&page, &selector).is_empty();
        for field in all(&page, "input, select, textarea") {
            let value = field.value();
            if matches!(value.attr("type"), Some("hidden" | "submit" | "button")) {
                continue;
            }
            let inside =
                field.ancestors().filter_map(ElementRef::wrap).any(|element| element.value().name() == "label");
            let labelled = value.attr("aria-label").is_some_and(|label| !label.is_empty())
                || value.attr("aria-labelledby").is_some()
                || inside
                || value.attr("id").is_some_and(|id| has(format!("label[for='{id}']")));
            if !labelled {
                breaches.push(format!("{name}: {} without a label", value.attr("name").unwrap_or("a field")));
            }
        }
        for element in all(&page, "button, a[href], summary") {
            let words: String = element.text().collect();
            if words.trim().is_empty() && element.value().attr("aria-label").is_none_or(str::is_empty) {
                breaches.push(format!("{name}: a {} without words: {}", element.value().name(), element.html()));
            }
        }
        for image in all(&page, "img") {
            if image.value().attr("alt").is_none() {
                breaches.push(format!("{name}: a picture without alt"));
            }
        }
    }
    none("labels and names", &breaches);
}

#[test]
fn every_asset_is_there_and_every_address_is_our_own() {
    let mut breaches = Vec::new();
    for (name, page) in pages() {
        for element in all(&page, "[src], link[href], use[href], a[href], form[action]") {
            let value = element.value();
            let url =
                value.attr("src").or_else(|| value.attr("href")).or_else(|| value.attr("action")).unwrap_or_default();
            if let Some(rest) = url.strip_prefix("/assets/") {
                let file = rest.split_once('/').map_or("", |(_, file)| file);
                let (file, part) = file.split_once('#').unwrap_or((file, ""));
                if rest.starts_with("missing/") || !assets::exists(file) {
                    breaches.push(format!("{name}: {url}"));
                }
                if file == "icons.svg" && !ICONS.contains(&format!("id=\"{part}\"")) {
                    breaches.push(format!("{name}: no icon “{part}”"));
                }
            } else if url.contains("://") || url.starts_with("//") || url.starts_with("javascript:") {
                breaches.push(format!("{name}: {url} is not our own"));
            }
        }
    }
    none("assets and addresses", &breaches);
}

const ICONS: &str = include_str!("../assets/icons.svg");

/// Words that are not Chinese and may stand on a page.
const LATIN: &[&str] = &[
    "excel", "word", "windows", "edge", "xlsx", "csv", "docx", "doc", "wps", "ofd", "pdf", "txt", "json", "api", "qr",
    "mb", "kb", "gb", "utf", "led", "jpg", "jpeg", "png", "heic", "mp4", "mov", "openapi", "html", "ipv", "sha", "ip",
    "id",
];

#[test]
fn no_english_stands_on_the_screen() {
    let mut breaches = Vec::new();
    for (name, page) in pages() {
        let mut texts = visible(&page);
        for attribute in ["aria-label", "placeholder", "title", "alt", "data-confirm", "data-busy"] {
            texts.extend(
                all(&page, &format!("[{attribute}]"))
                    .iter()
                    .filter_map(|e| e.value().attr(attribute))
                    .map(str::to_owned),
            );
        }
        for text in texts {
            let is_address = text.contains("://") || text.contains('@') || text.starts_with('/');
            for word in text.split(|c: char| !c.is_ascii_alphabetic()) {
                let known = LATIN.contains(&word.to_lowercase().as_str()) || word.len() < 3;
                if !known && !is_address && !is_code(&text, word) {
                    breaches.push(format!("{name}: “{word}” in “{text}”"));
                }
            }
        }
    }
    none("no English on screen", &breaches);
}

/// Whether the word is part of a code with digits or signs: `ab-03`, `units:read`, `NOTICE_01`.
fn is_code(text: &str, word: &str) -> bool {
    text.split_whitespace().any(|part| {
        part.contains(word)
            && part.is_ascii()
            && part.contains(|c: char| c.is_ascii_digit() || matches!(c, '_' | ':' | '-' | '.' | '{'))
    })
}

#[test]
fn punctuation_beside_chinese_is_full_width() {
    let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let mut breaches = Vec::new();
    for (name, page) in pages() {
        for text in visible(&page) {
            let chars: Vec<char> = text.chars().collect();
            for (at, c) in chars.iter().enumerate() {
                let before = at > 0 && chinese(chars[at - 1]);
                let after = chars.get(at + 1).copied().is_some_and(chinese);
                let half = match c {
                    ',' | ';' | '!' | '?' => before || after,
                    ':' => before,
                    '(' | ')' => before && after,
                    '.' => before && (at + 1 == chars.len() || after),
                    '"' | '\'' => before && after,
                    _ => false,
                };
                if half || *c == '！' {
                    breaches.push(format!("{name}: “{c}” in “{text}”"));
                }
            }
        }
    }
    none("full-width punctuation, no exclamation marks", &breaches);
}

#[test]
fn pages_carry_no_inline_style_or_script() {
    let mut breaches = Vec::new();
    for (name, page) in pages() {
        for element in all(&page, "*") {
            for (attribute, _) in element.value().attrs() {
                if attribute == "style" || attribute.starts_with("on") {
                    breaches.push(format!("{name}: {attribute} on {}", element.value().name()));
                }
            }
            if element.value().name() == "script" && element.value().attr("src").is_none() {
                breaches.push(format!("{name}: a script inside the page"));
            }
        }
    }
    none("content security policy", &breaches);
}

#[test]
fn a_first_visit_to_the_front_page_is_small() {
    let (_, html) = samples().into_iter().find(|(name, _)| *name == "publishing/front").expect("the front page");
    let page = Html::parse_document(&html);
    let mut files: BTreeSet<String> = BTreeSet::new();
    for element in all(&page, "link[href], script[src], use[href], img[src]") {
        let value = element.value();
        let url = value.attr("src").or_else(|| value.attr("href")).unwrap_or_default();
        files.insert(url.split('#').next().unwrap_or_default().to_owned());
    }
    let mut total = html.len();
    for url in files.iter().filter_map(|url| url.strip_prefix("/assets/")) {
        let file = url.split_once('/').map_or("", |(_, file)| file);
        total += assets::compressed_size(file).unwrap_or_else(|| panic!("{file} is no asset"));
    }
    assert!(total < 150 * 1024, "{total} bytes on a first visit, at most 150 KB");
}
