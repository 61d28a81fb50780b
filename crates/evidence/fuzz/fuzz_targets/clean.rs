//! Any bytes to `clean`. Begin with some pictures: `cargo fuzz run clean -- fuzz/corpus/clean FOLDER`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(clean) = evidence::clean(bytes) {
        assert!(clean.copy.width.max(clean.copy.height) <= 1920);
        assert!(clean.thumbnail.width.max(clean.thumbnail.height) <= 480);
    }
});
