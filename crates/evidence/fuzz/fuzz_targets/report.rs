//! Any bytes to `sniff` and `report`. Begin with some pictures and videos.
#![no_main]

use std::io::Cursor;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = evidence::sniff(&mut Cursor::new(bytes), Some("a.jpg"));
    let report = evidence::report::report_of(bytes);
    if let Some(place) = report.place {
        assert!(place.latitude.abs() <= 90.0 && place.longitude.abs() <= 180.0);
    }
});
