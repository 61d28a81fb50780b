//! `cargo +nightly fuzz run parse fixtures` from this crate's folder: no input may panic or take long.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let first = notice::parse_text(&text);
    assert_eq!(first, notice::parse_text(&text));
    assert!(serde_json::to_string(&first).is_ok());
});
