//! Whatever the bytes: no panic, and every answer within its bounds.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::Cursor;
use std::sync::LazyLock;

use common::{ExifBlock, encoded, encoded_with_exif, jpeg, jpeg_with, photo, with_exif};
use evidence::{clean, report::report_of, sniff};
use image::ImageFormat;
use jpeg_encoder::SamplingFactor;
use proptest::prelude::*;

static PICTURES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let (w, h) = (72, 50);
    let rgb = photo(w, h, 3);
    let block = ExifBlock::default()
        .ascii(0, 0x010f, "Maker")
        .short(0, 0x0112, 6)
        .ascii(1, 0x9003, "2022:06:13 09:30:00")
        .rationals(2, 2, &[(34, 1), (5, 1), (0, 1)])
        .build();
    let mut cmyk = Vec::new();
    let inks: Vec<u8> = (0..w * h * 4).map(|i| (i * 7 % 256) as u8).collect();
    jpeg_encoder::Encoder::new(&mut cmyk, 90).encode(&inks, 72, 50, jpeg_encoder::ColorType::Cmyk).unwrap();
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    vec![
        with_exif(&jpeg(&rgb, w, h, 80, false), &block),
        with_exif(&jpeg(&rgb, w, h, 80, true), &block),
        jpeg_with(&rgb, w, h, |e| {
            e.set_restart_interval(3);
            e.set_sampling_factor(SamplingFactor::R_4_2_2);
            e.add_icc_profile(&profile).unwrap();
        }),
        cmyk,
        encoded_with_exif(&rgb, w, h, false, &block),
        encoded_with_exif(&rgb, w, h, true, &block),
        encoded(&rgb, w, h, ImageFormat::Gif),
        encoded(&rgb, w, h, ImageFormat::Bmp),
        encoded(&rgb, w, h, ImageFormat::Tiff),
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x2cmeta\0\0\0\0\0\0\0\x20iprp\0\0\0\x18ipco\0\0\0\x14ispe\0\0\0\0\0\0\0\x40\0\0\0\x30".to_vec(),
        b"\0\0\0\x14ftypisom\0\0\0\0isom\0\0\0\x24moov\0\0\0\x1cmvhd\0\0\0\0\xdf\0\0\0\xdf\0\0\0\0\0\x03\xe8\0\0\x27\x10".to_vec(),
        b"\x1a\x45\xdf\xa3\x8b\x42\x82\x84webm\x18\x53\x80\x67\x85abcde".to_vec(),
    ]
});

fn check(bytes: &[u8]) {
    let _ = sniff(&mut Cursor::new(bytes), Some("照片.jpg")).unwrap();
    let report = report_of(bytes);
    if let Some(place) = report.place {
        assert!(place.latitude.abs() <= 90.0 && place.longitude.abs() <= 180.0);
    }
    match clean(bytes) {
        Ok(clean) => {
            assert!(clean.copy.width.max(clean.copy.height) <= 1920);
            assert!(clean.thumbnail.width.max(clean.thumbnail.height) <= 480);
            let decoded = image::load_from_memory(&clean.copy.bytes).unwrap();
            assert_eq!((decoded.width(), decoded.height()), (clean.copy.width, clean.copy.height));
        }
        Err(error) => assert!(!error.to_string().is_empty() && !error.code().is_empty()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        check(&bytes);
    }

    #[test]
    fn damaged_pictures(
        which in 0..12usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut bytes = PICTURES[which].clone();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        check(&bytes);
    }

    #[test]
    fn damaged_heads(
        which in 0..12usize,
        changes in proptest::collection::vec((0..700usize, any::<u8>()), 1..4),
    ) {
        let mut bytes = PICTURES[which].clone();
        for (at, value) in changes {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        check(&bytes);
    }

    #[test]
    fn cut_and_joined_pictures(
        (a, b) in (0..12usize, 0..12usize),
        (cut, join) in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
    ) {
        let (a, b) = (&PICTURES[a], &PICTURES[b]);
        check(&[&a[..cut.index(a.len())], &b[join.index(b.len())..]].concat());
    }
}

#[test]
fn every_beginning_of_every_picture() {
    for picture in PICTURES.iter() {
        for end in (0..picture.len()).step_by(1 + picture.len() / 150) {
            check(&picture[..end]);
        }
    }
}
