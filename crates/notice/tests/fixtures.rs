//! The fixtures of the contract score 1, and every answer satisfies the schema.

#[path = "support/score.rs"]
mod score;

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn fixtures(dir: &Path) -> Vec<(String, String, Json)> {
    let mut out = Vec::new();
    let Ok(entries) = std::fs::read_dir(dir) else { return out };
    for entry in entries.flatten() {
        let file = entry.file_name().to_string_lossy().into_owned();
        let Some(name) = file.strip_suffix(".expected.json") else { continue };
        let text = std::fs::read_to_string(dir.join(format!("{name}.txt"))).expect("the text beside the answer");
        let expected = std::fs::read_to_string(entry.path()).expect("the expected answer");
        out.push((name.to_string(), text, serde_json::from_str(&expected).expect("valid JSON")));
    }
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out
}

fn answer(text: &str) -> Json {
    serde_json::to_value(notice::parse_text(text)).expect("an answer is JSON")
}

#[test]
fn every_fixture_of_the_contract_scores_one() {
    let all = fixtures(&folder("fixtures"));
    assert_eq!(all.len(), 15);
    for (name, text, expected) in all {
        let s = score::score(&expected, &answer(&text));
        assert!(s.value() > 0.99999, "{name}: {} {:#?}", s.value(), s.faults);
    }
}

#[test]
fn fixtures_written_blind_stay_above_their_floor() {
    let all = fixtures(&folder("fixtures/blind"));
    let mut sum = 0.0;
    for (name, text, expected) in &all {
        let s = score::score(expected, &answer(text));
        assert!(s.value() >= 0.96, "{name}: {} {:#?}", s.value(), s.faults);
        sum += s.value();
    }
    assert!(all.is_empty() || sum / all.len() as f64 >= 0.985, "mean {}", sum / all.len() as f64);
}

#[test]
fn the_expected_answer_itself_scores_one() {
    for (name, _, expected) in fixtures(&folder("fixtures")) {
        let s = score::score(&expected, &expected);
        assert!(s.value() > 0.99999, "{name}: {:#?}", s.faults);
    }
}

#[test]
fn printing_nothing_scores_next_to_nothing() {
    let empty = answer("关于开展安全生产月活动的通知\n各村：\n现将有关事项通知如下。");
    for (name, _, expected) in fixtures(&folder("fixtures")) {
        if expected["is_notice"] == true {
            let s = score::score(&expected, &empty);
            assert!(s.value() < 0.15, "{name}: {}", s.value());
        }
    }
}

#[test]
fn every_answer_satisfies_the_schema() {
    let schema = std::fs::read_to_string(folder("data/notice.schema.json")).expect("the schema");
    let schema: Json = serde_json::from_str(&schema).expect("valid JSON");
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    for dir in ["fixtures", "fixtures/blind"] {
        for (name, text, expected) in fixtures(&folder(dir)) {
            let got = answer(&text);
            let errors: Vec<String> =
                validator.iter_errors(&got).map(|e| format!("{e} at {}", e.instance_path)).collect();
            assert!(errors.is_empty(), "{name}: {errors:#?}");
            assert!(validator.is_valid(&expected), "{name}: the expected file breaks the schema");
        }
    }
}

#[test]
fn keys_come_in_the_order_of_the_contract() {
    let text = serde_json::to_string(&notice::parse_text("")).expect("JSON");
    let keys = [
        "schema",
        "is_notice",
        "doc_number",
        "title",
        "issuer",
        "date",
        "addressees",
        "theme",
        "period_start",
        "period_end",
        "activities",
        "deadlines",
        "recurring",
        "evidence",
        "contacts",
        "attachments",
        "warnings",
    ];
    let at: Vec<usize> = keys.iter().map(|k| text.find(&format!("\"{k}\":")).expect("every key is there")).collect();
    assert!(at.windows(2).all(|w| w[0] < w[1]), "{text}");
}
