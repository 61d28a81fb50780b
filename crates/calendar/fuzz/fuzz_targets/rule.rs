//! Any text: a rule or a refusal. A rule prints, reads back, has a phrase and ordered due dates.
#![no_main]

use calendar::Rule;
use jiff::civil::date;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let rule = match text.parse::<Rule>() {
        Ok(rule) => rule,
        Err(error) => {
            assert!(!error.zh().is_empty());
            return;
        }
    };

    assert_eq!(rule.to_string().parse(), Ok(rule.clone()));
    assert!(!rule.phrase().is_empty());
    let found = rule
        .occurrences(date(2024, 1, 31), date(2026, 3, 1))
        .expect("no more than 761 days");
    assert!(found.is_sorted_by(|a, b| a.date < b.date));
});
