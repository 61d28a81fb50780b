//! Whatever comes in: no panic, the same answer twice, lines in range, and soon.

#![allow(clippy::unwrap_used, clippy::print_stderr, clippy::panic)]

#[path = "support/pathological.rs"]
mod pathological;

use notice::{MAX_CHARS, Notice, parse, parse_text};
use proptest::prelude::*;
use serde_json::Value as Json;

const FIXTURES: &[&str] = &[
    include_str!("../fixtures/founding.txt"),
    include_str!("../fixtures/linlan-county-2019.txt"),
    include_str!("../fixtures/yuwu-school-2021.txt"),
    include_str!("../fixtures/liuhe-street-2024.txt"),
    include_str!("../fixtures/nanwan-town-2026.txt"),
    include_str!("../fixtures/dongling-town-2024.txt"),
    include_str!("../fixtures/yundeng-sumu-2020.txt"),
    include_str!("../fixtures/tailin-banner-2022.txt"),
];

fn all_lines(v: &Json, count: u64) {
    match v {
        Json::Object(map) => {
            if let Some(l) = map.get("lines") {
                let (a, b) = (l[0].as_u64().unwrap(), l[1].as_u64().unwrap());
                assert!(1 <= a && a <= b && b <= count.max(1), "lines {l} of {count}");
            }
            if let Some(l) = map.get("line").and_then(Json::as_u64) {
                assert!(1 <= l && l <= count.max(1), "line {l} of {count}");
            }
            map.values().for_each(|v| all_lines(v, count));
        }
        Json::Array(items) => items.iter().for_each(|v| all_lines(v, count)),
        _ => {}
    }
}

fn check(lines: &[String]) -> Notice {
    let first = parse(lines);
    assert_eq!(first, parse(lines), "the same lines give the same answer");
    let json = serde_json::to_value(&first).unwrap();
    all_lines(&json, lines.len() as u64);
    for a in &first.activities {
        assert!(!a.title.is_empty());
    }
    for d in &first.deadlines {
        assert!(!d.what.is_empty() && !d.text.is_empty());
    }
    for r in &first.recurring {
        assert!(!r.what.is_empty() && !r.text.is_empty());
    }
    thread_local! {
        static SCHEMA: jsonschema::Validator = {
            let schema: Json = serde_json::from_str(include_str!("../data/notice.schema.json")).unwrap();
            jsonschema::validator_for(&schema).unwrap()
        };
    }
    SCHEMA.with(|s| {
        if let Some(e) = s.iter_errors(&json).next() {
            panic!("{e} at {}", e.instance_path);
        }
    });
    first
}

fn lines_of(text: &str) -> Vec<String> {
    text.lines().map(str::to_string).collect()
}

const PIECES: &[&str] = &[
    "6月",
    "16日",
    "前",
    "每周四",
    "上午",
    "（一）",
    "一、",
    "附件1",
    "附件：",
    "联系人：",
    "电话：",
    "0475-0000001",
    "报送",
    "报",
    "将",
    "请于",
    "《",
    "》",
    "“",
    "”",
    "（",
    "）",
    "活动总结",
    "至",
    "—",
    "、",
    "，",
    "。",
    "；",
    "：",
    "至少",
    "2次",
    "以上",
    "各村",
    "镇应急办",
    "安全生产月",
    "主题是",
    "2024年",
    "活动期间",
    "结束后",
    "7日内",
    "提前",
    "3天",
    "即日起",
    "x月x日",
    "71日前",
    "另行通知",
    "原定",
    "改为",
    "关于",
    "的通知",
    "方案",
    "|",
    "时间",
    "责任单位",
    "\u{3000}",
    " ",
    "1.",
    "每月10日、20日、30日前",
    "〔2024〕1号",
    "抄送：",
    "当日",
    "8:30",
    "年底",
    "季度末",
    "上旬",
    "转",
    "@",
    "a@b.cn",
    "随时",
    "及时",
    "向",
    "把",
    "留存",
    "填写",
    "每天9:00前、",
    "每10天",
    "2025年、2026年11月底前",
    "同日，",
    "由",
    "原定6月1日，改为6月2日",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_strings_are_read(lines in prop::collection::vec(".{0,60}", 0..12)) {
        check(&lines);
    }

    #[test]
    fn words_of_the_genre_in_any_order_are_read(words in prop::collection::vec(prop::sample::select(PIECES), 0..140), breaks in prop::collection::vec(0usize..140, 0..12)) {
        let mut lines = vec!["某镇人民政府关于开展2024年“安全生产月”活动的通知".to_string(), "各村、各企业：".to_string(), String::new()];
        for (i, w) in words.iter().enumerate() {
            if breaks.contains(&i) {
                lines.push(String::new());
            }
            if let Some(l) = lines.last_mut() {
                l.push_str(w);
            }
        }
        check(&lines);
    }

    #[test]
    fn shuffled_truncated_and_glued_notices_are_read(which in 0..FIXTURES.len(), seed in any::<u64>(), keep in 1usize..80, mode in 0u8..5, cut in 0usize..400) {
        let mut lines = lines_of(FIXTURES[which]);
        let mut s = seed | 1;
        let mut next = |n: usize| {
            s = s.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((s >> 33) as usize) % n.max(1)
        };
        match mode {
            0 => for i in (1..lines.len()).rev() { let j = next(i + 1); lines.swap(i, j); },
            1 => lines.truncate(keep),
            2 => { let glued = lines.concat(); lines = vec![glued]; }
            3 => { let twice = lines.clone(); lines.extend(twice); }
            _ => for l in &mut lines { *l = l.chars().enumerate().filter(|(i, _)| (i + cut) % 7 != 3).map(|(_, c)| c).collect(); },
        }
        if let Some(l) = lines.last_mut() {
            *l = l.chars().take(cut).collect();
        }
        check(&lines);
    }

    #[test]
    fn control_characters_change_nothing(which in 0..FIXTURES.len(), every in 3usize..40) {
        let clean = parse(&lines_of(FIXTURES[which]));
        let dirty: Vec<String> = FIXTURES[which]
            .lines()
            .map(|l| l.chars().enumerate().flat_map(|(i, c)| if i % every == 0 { vec!['\u{200b}', c] } else { vec![c] }).collect())
            .collect();
        let dirty = check(&dirty);
        prop_assert_eq!(clean.date, dirty.date);
        prop_assert_eq!(clean.deadlines.len(), dirty.deadlines.len());
    }
}

#[test]
fn inputs_that_invite_quadratic_work_are_answered() {
    // A development build is some twenty times slower: a ninth of them; the example `worst` measures all.
    for (_, lines) in pathological::all().iter().step_by(9) {
        all_lines(&serde_json::to_value(parse(lines)).unwrap(), lines.len() as u64);
    }
}

#[test]
fn what_lies_beyond_the_limit_is_said() {
    let mut text = FIXTURES[0].to_string();
    text.push_str(&"各村要提高认识。".repeat(MAX_CHARS / 8));
    let notice = parse_text(&text);
    assert!(notice.warnings.iter().any(|w| serde_json::to_value(w.code).unwrap() == "truncated"));
}
