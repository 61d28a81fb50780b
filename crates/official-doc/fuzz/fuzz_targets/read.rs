//! Any bytes to `read`. Begin with the fixtures: `cargo fuzz run read -- fuzz/corpus/read fixtures`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(document) = official_doc::read(bytes, None) {
        assert!(document.lines.iter().any(|line| !line.trim().is_empty()));
    }
});
