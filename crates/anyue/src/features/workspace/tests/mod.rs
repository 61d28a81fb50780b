//! A unit's pages, through the router.

mod files;
mod fill;
mod todo;

use crate::testing::PublishedTown as Town;

/// The value of a hidden or typed field of a page.
fn value(html: &str, name: &str) -> String {
    let page = html.split(&format!("name=\"{name}\"")).nth(1).unwrap_or_default();
    let tag = page.split('>').next().unwrap_or_default();
    tag.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

/// Form 1 and the plan, filled in.
fn complete<'a>(version: &'a str, key: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("version", version),
        ("key", key),
        ("has_liaison_form", "1"),
        ("name", "王二柱"),
        ("post", "村委会委员"),
        ("mobile", "13900000000"),
        ("filled_on", "2022-06-13"),
        ("filler", "王二柱"),
        ("unit_plan", "成立小组，逐户排查。"),
        ("action", "send"),
    ]
}
