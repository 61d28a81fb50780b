#![no_main]

use libfuzzer_sys::fuzz_target;
use seal::{ArchiveSeal, Manifest, is_plain_path};

// A list that is read leads nowhere outside, and says the same when it is written again; so does its seal.
fuzz_target!(|bytes: &[u8]| {
    match Manifest::read(bytes) {
        Ok(manifest) => {
            assert!(manifest.files.iter().all(|file| is_plain_path(&file.path)));
            assert_eq!(Manifest::read(&manifest.to_bytes()), Ok(manifest));
        }
        Err(problem) => assert!(!problem.zh().is_empty()),
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(seal) = text.parse::<ArchiveSeal>()
    {
        assert_eq!(seal.to_string().parse(), Ok(seal));
    }
});
