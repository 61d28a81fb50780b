//! Any bytes to `table::read`. Begin with the fixtures: `cargo fuzz run table -- fuzz/corpus/table fixtures`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(table) = official_doc::table::read(bytes, None) {
        assert!(!table.rows.is_empty());
    }
});
