//! Clean copies.
#![allow(clippy::unwrap_used)]

mod common;

use common::{ExifBlock, encoded, encoded_with_exif, jpeg, jpeg_with, light, photo, with_exif};
use evidence::clean::Note;
use evidence::{Clean, Kind, NotShown, clean};
use image::{ExtendedColorType, ImageFormat, Rgb, RgbImage, imageops};
use jpeg_encoder::{ColorType, SamplingFactor};

/// A corner each in red, green, blue and white, on grey.
fn corners(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        match (x < width / 4, x >= width * 3 / 4, y < height / 4, y >= height * 3 / 4) {
            (true, _, true, _) => Rgb([220, 20, 20]),
            (_, true, true, _) => Rgb([20, 200, 20]),
            (true, _, _, true) => Rgb([20, 20, 220]),
            (_, true, _, true) => Rgb([250, 250, 250]),
            _ => Rgb([90, 90, 90]),
        }
    })
}

/// The picture stored so that `orientation` turns it upright.
fn stored(upright: &RgbImage, orientation: u16) -> RgbImage {
    match orientation {
        2 => imageops::flip_horizontal(upright),
        3 => imageops::rotate180(upright),
        4 => imageops::flip_vertical(upright),
        5 => imageops::flip_horizontal(&imageops::rotate90(upright)),
        6 => imageops::rotate270(upright),
        7 => imageops::flip_horizontal(&imageops::rotate270(upright)),
        8 => imageops::rotate90(upright),
        _ => upright.clone(),
    }
}

fn rgb_of(bytes: &[u8]) -> RgbImage {
    image::load_from_memory(bytes).unwrap().to_rgb8()
}

fn close(pixel: &Rgb<u8>, wanted: [u8; 3], by: u8) -> bool {
    pixel.0.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= by)
}

fn assert_upright(copy: &[u8], what: &str) {
    let copy = rgb_of(copy);
    let (w, h) = copy.dimensions();
    for (x, y, colour) in [
        (w / 8, h / 8, [220, 20, 20]),
        (w * 7 / 8, h / 8, [20, 200, 20]),
        (w / 8, h * 7 / 8, [20, 20, 220]),
        (w * 7 / 8, h * 7 / 8, [250, 250, 250]),
    ] {
        assert!(close(copy.get_pixel(x, y), colour, 24), "{what}: {:?} at {x}, {y}", copy.get_pixel(x, y));
    }
}

/// Markers of a JPEG before its pixels.
fn markers(bytes: &[u8]) -> Vec<u8> {
    let (mut at, mut found) = (2, Vec::new());
    while bytes[at + 1] != 0xda {
        found.push(bytes[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
    }
    found
}

#[test]
fn what_is_no_picture_is_answered_in_words() {
    assert_eq!(clean(b"").unwrap_err(), NotShown::Empty);
    assert_eq!(clean("会议记录".as_bytes()).unwrap_err(), NotShown::NotAPicture(Kind::Text));
    assert_eq!(clean(b"%PDF-1.7").unwrap_err(), NotShown::NotAPicture(Kind::Pdf));
    let heic = clean(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").unwrap_err();
    assert_eq!(heic, NotShown::Heif(Kind::Heic));
    assert!(heic.to_string().contains("原件已保存") && heic.to_string().contains("HEIC"));
}

#[test]
fn bombs_are_refused_before_they_are_decoded() {
    let mut jpeg = jpeg(&photo(16, 16, 1), 16, 16, 90, false);
    let frame = jpeg.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].fill(0xff);
    assert_eq!(clean(&jpeg).unwrap_err(), NotShown::TooLarge { width: 65_535, height: 65_535 });

    let mut png = encoded(&photo(16, 16, 1), 16, 16, ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    let checksum = crc(&png[12..29]);
    png[29..33].copy_from_slice(&checksum.to_be_bytes());
    assert_eq!(clean(&png).unwrap_err(), NotShown::TooLarge { width: 65_536, height: 65_536 });
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 })
    })
}

#[test]
fn every_orientation_of_every_format_stands_upright() {
    let upright = corners(160, 96);
    for orientation in 1..=8 {
        let picture = stored(&upright, orientation);
        let (w, h) = (picture.width() as usize, picture.height() as usize);
        let block = ExifBlock::orientation(orientation);
        let files = [
            ("jpeg", with_exif(&jpeg(&picture, w, h, 90, false), &block)),
            ("progressive", with_exif(&jpeg(&picture, w, h, 90, true), &block)),
            ("png", encoded_with_exif(&picture, w, h, false, &block)),
            ("webp", encoded_with_exif(&picture, w, h, true, &block)),
        ];
        for (name, file) in files {
            let clean = clean(&file).unwrap();
            assert_eq!((clean.width, clean.height), (160, 96), "{name} {orientation}");
            assert_eq!((clean.copy.width, clean.copy.height), (160, 96));
            assert_upright(&clean.copy.bytes, &format!("{name} {orientation}"));
            assert_upright(&clean.thumbnail.bytes, &format!("{name} {orientation}, thumbnail"));
        }
    }
}

#[test]
fn the_fingerprint_is_of_the_upright_picture() {
    let upright = RgbImage::from_raw(200, 120, photo(200, 120, 5)).unwrap();
    let first = clean(&jpeg(&upright, 200, 120, 92, false)).unwrap().fingerprint.unwrap();
    for orientation in 2..=8 {
        let picture = stored(&upright, orientation);
        let (w, h) = (picture.width() as usize, picture.height() as usize);
        let file = with_exif(&jpeg(&picture, w, h, 92, false), &ExifBlock::orientation(orientation));
        assert!(clean(&file).unwrap().fingerprint.unwrap().distance(first) <= 4, "{orientation}");
    }
}

#[test]
fn copies_carry_no_metadata() {
    let rgb = photo(300, 200, 2);
    let block = ExifBlock::default()
        .ascii(0, 0x010f, "Secret Maker")
        .rationals(2, 2, &[(34, 1), (5, 1), (0, 1)])
        .ascii(2, 1, "N")
        .build();
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let with_profile = jpeg_with(&rgb, 300, 200, |e| e.add_icc_profile(&profile).unwrap());
    let xmp = [&[0xff, 0xe1, 0, 40][..], b"http://ns.adobe.com/xap/1.0/\0Secret..."].concat();
    let mut file = with_exif(&with_profile, &block);
    file.splice(2..2, xmp);
    file.extend(b"Secret film of a motion photo");
    let clean = clean(&file).unwrap();
    for file in [&clean.copy.bytes, &clean.thumbnail.bytes] {
        // JFIF's header, tables and the frame: nothing else.
        assert!(markers(file).iter().all(|m| matches!(m, 0xe0 | 0xdb | 0xc4 | 0xc0)), "{:x?}", markers(file));
        assert!(!file.windows(6).any(|w| w == b"Secret"));
    }
}

#[test]
fn large_pictures_become_smaller_and_small_ones_stay() {
    let sizes = [
        (4100, 300, (1920, 140), (480, 35)),
        (250, 2600, (185, 1920), (46, 480)),
        (481, 33, (481, 33), (480, 33)),
        (1, 1, (1, 1), (1, 1)),
        (7, 3, (7, 3), (7, 3)),
    ];
    for (w, h, copy, thumbnail) in sizes {
        let rgb = photo(w, h, 1);
        for file in [jpeg(&rgb, w, h, 90, false), jpeg(&rgb, w, h, 90, true), encoded(&rgb, w, h, ImageFormat::Png)] {
            let clean = clean(&file).unwrap();
            assert_eq!((clean.copy.width, clean.copy.height), copy);
            assert_eq!((clean.thumbnail.width, clean.thumbnail.height), thumbnail);
            assert_eq!(light(&clean.copy.bytes).dimensions(), copy);
            assert_eq!(light(&clean.thumbnail.bytes).dimensions(), thumbnail);
        }
    }
}

/// Our reader and the picture it was made from, for every sampling, with restart markers, at full and at reduced size.
#[test]
fn the_reduced_picture_is_the_full_one_made_smaller() {
    let samplings = [
        SamplingFactor::R_4_4_4,
        SamplingFactor::R_4_2_2,
        SamplingFactor::R_4_4_0,
        SamplingFactor::R_4_2_0,
        SamplingFactor::R_4_1_1,
        SamplingFactor::R_4_1_0,
    ];
    // Odd sizes; 1, 1/2 and 1/4 of the picture are decoded.
    for (w, h) in [(331, 217), (4211, 203), (7801, 131)] {
        let rgb = photo(w, h, 4);
        for sampling in samplings {
            for (progressive, restart) in [(false, 0), (false, 5), (true, 0), (true, 3)] {
                let file = jpeg_with(&rgb, w, h, |e| {
                    e.set_quality(95);
                    e.set_sampling_factor(sampling);
                    e.set_progressive(progressive);
                    e.set_restart_interval(restart);
                });
                let clean = clean(&file).unwrap();
                assert_eq!(clean.notes, []);
                let (cw, ch) = (clean.copy.width, clean.copy.height);
                let full = RgbImage::from_raw(w as u32, h as u32, rgb.clone()).unwrap();
                let wanted = imageops::resize(&full, cw, ch, imageops::FilterType::Lanczos3);
                let got = rgb_of(&clean.copy.bytes);
                let apart: u64 = wanted.iter().zip(got.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
                let mean = apart as f64 / wanted.len() as f64;
                assert!(mean < 5.0, "{w} × {h} {sampling:?} {progressive} {restart}: {mean}");
                let alike = common::ssim(
                    &image::DynamicImage::from(wanted).to_luma8(),
                    &image::DynamicImage::from(got).to_luma8(),
                    cw as usize,
                    ch as usize,
                );
                assert!(alike > 0.9, "{w} × {h} {sampling:?} {progressive} {restart}: {alike}");
            }
        }
    }
}

#[test]
fn all_formats_look_the_same() {
    let rgb = photo(240, 160, 6);
    let wanted = clean(&jpeg(&rgb, 240, 160, 95, false)).unwrap();
    for (format, kind) in [
        (ImageFormat::Png, Kind::Png),
        (ImageFormat::WebP, Kind::WebP),
        (ImageFormat::Gif, Kind::Gif),
        (ImageFormat::Bmp, Kind::Bmp),
        (ImageFormat::Tiff, Kind::Tiff),
    ] {
        let clean = clean(&encoded(&rgb, 240, 160, format)).unwrap();
        assert_eq!((clean.kind, clean.notes.as_slice()), (kind, [].as_slice()), "{format:?}");
        let alike = common::ssim(&light(&clean.copy.bytes), &light(&wanted.copy.bytes), 240, 160);
        assert!(alike > 0.9, "{format:?}: {alike}");
        assert!(clean.fingerprint.unwrap().distance(wanted.fingerprint.unwrap()) <= 8, "{format:?}");
    }
}

#[test]
fn odd_pixels_are_handled() {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let deep: Vec<u8> = (0..64 * 48).flat_map(|i| ((i % 64) as u16 * 1000).to_ne_bytes()).collect();
    image::write_buffer_with_format(&mut bytes, &deep, 64, 48, ExtendedColorType::L16, ImageFormat::Png).unwrap();
    let clean_deep = clean(bytes.get_ref()).unwrap();
    assert!(light(&clean_deep.copy.bytes).get_pixel(62, 20).0[0] > 230);

    let mut bytes = std::io::Cursor::new(Vec::new());
    let clear: Vec<u8> = (0..64 * 48).flat_map(|i| [200, 0, 0, if i % 64 < 32 { 0 } else { 255 }]).collect();
    image::write_buffer_with_format(&mut bytes, &clear, 64, 48, ExtendedColorType::Rgba8, ImageFormat::Png).unwrap();
    let clean_clear = clean(bytes.get_ref()).unwrap();
    assert_eq!(clean_clear.notes, [Note::OverWhite]);
    let copy = rgb_of(&clean_clear.copy.bytes);
    assert!(close(copy.get_pixel(8, 20), [255; 3], 6) && close(copy.get_pixel(56, 20), [200, 0, 0], 12));

    let grey: Vec<u8> = (0..64 * 48).map(|i| (i % 64 * 4) as u8).collect();
    let mut file = Vec::new();
    jpeg_encoder::Encoder::new(&mut file, 90).encode(&grey, 64, 48, ColorType::Luma).unwrap();
    let clean_grey = clean(&file).unwrap();
    assert!(light(&clean_grey.copy.bytes).get_pixel(60, 20).0[0].abs_diff(240) < 8);

    for inks in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let cmyk: Vec<u8> = (0..64 * 48).flat_map(|_| [0, 255, 255, 0]).collect();
        let mut file = Vec::new();
        jpeg_encoder::Encoder::new(&mut file, 95).encode(&cmyk, 64, 48, inks).unwrap();
        // Red in inks, in whichever of the two ways of writing inks: answered, and with a copy.
        let clean = clean(&file).unwrap();
        assert_eq!((clean.copy.width, clean.copy.height), (64, 48));
    }
}

#[test]
fn of_an_animation_the_first_frame_is_shown() {
    let mut bytes = Vec::new();
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
        for value in [250u8, 10] {
            let frame = image::RgbaImage::from_pixel(40, 30, image::Rgba([value, value, value, 255]));
            encoder.encode_frame(image::Frame::new(frame)).unwrap();
        }
    }
    let clean = clean(&bytes).unwrap();
    assert_eq!(clean.notes, [Note::FirstFrame]);
    assert!(light(&clean.copy.bytes).get_pixel(20, 15).0[0] > 240);
    assert_eq!(clean.fingerprint, None, "one brightness");
}

#[test]
fn colours_of_display_p3_look_right() {
    // What sRGB calls pure red, P3 calls 234, 51, 35.
    let rgb = [[234u8, 51, 35]; 64 * 64].concat();
    let p3 = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let srgb = moxcms::ColorProfile::new_srgb().encode().unwrap();
    for (profile, wanted) in [(p3, [255, 0, 0]), (srgb, [234, 51, 35])] {
        let file = jpeg_with(&rgb, 64, 64, |e| e.add_icc_profile(&profile).unwrap());
        let copy = rgb_of(&clean(&file).unwrap().copy.bytes);
        assert!(close(copy.get_pixel(30, 30), wanted, 6), "{:?}", copy.get_pixel(30, 30));
    }
    let broken = jpeg_with(&rgb, 64, 64, |e| e.add_icc_profile(b"not a profile").unwrap());
    let copy = rgb_of(&clean(&broken).unwrap().copy.bytes);
    assert!(close(copy.get_pixel(30, 30), [234, 51, 35], 6));
}

#[test]
fn a_cut_off_photo_shows_what_arrived() {
    let rgb = photo(640, 480, 8);
    let whole = jpeg(&rgb, 640, 480, 90, false);
    let wanted = light(&clean(&whole).unwrap().copy.bytes);
    let half = clean(&whole[..whole.len() / 2]).unwrap();
    assert_eq!(half.notes, [Note::Incomplete]);
    let got = light(&half.copy.bytes);
    let apart = |y: u32| {
        (0..640).map(|x| u32::from(got.get_pixel(x, y).0[0].abs_diff(wanted.get_pixel(x, y).0[0]))).sum::<u32>()
    };
    assert!(apart(100) < 640 * 2 && apart(450) > 640 * 5);
    // Without its last two bytes nothing is missing but the certainty.
    assert_eq!(clean(&whole[..whole.len() - 2]).unwrap().notes, [Note::Incomplete]);
    assert_eq!(clean(&whole[..300]).unwrap_err(), NotShown::Damaged);
    assert_eq!(clean(&encoded(&rgb, 640, 480, ImageFormat::Png)[..2000]).unwrap_err(), NotShown::Damaged);
}

#[test]
fn the_fingerprint_outlives_compression_and_resizing() {
    let (w, h) = (1600, 1200);
    let fingerprint = |clean: Clean| clean.fingerprint.unwrap();
    let mut all = Vec::new();
    for seed in 1..=5 {
        let rgb = photo(w, h, seed * 10);
        let first = fingerprint(clean(&jpeg(&rgb, w, h, 92, false)).unwrap());
        let small = RgbImage::from_raw(w as u32, h as u32, rgb.clone()).unwrap();
        let small = imageops::resize(&small, 700, 525, imageops::FilterType::Triangle);
        let lighter: Vec<u8> = rgb.iter().map(|v| v.saturating_add(12)).collect();
        let again = clean(&clean(&jpeg(&rgb, w, h, 90, false)).unwrap().copy.bytes).unwrap();
        let copies = [
            ("quality 40", fingerprint(clean(&jpeg(&rgb, w, h, 40, false)).unwrap())),
            ("smaller", fingerprint(clean(&jpeg(&small, 700, 525, 70, true)).unwrap())),
            ("lighter", fingerprint(clean(&jpeg(&lighter, w, h, 85, false)).unwrap())),
            ("the copy of the copy", fingerprint(again)),
        ];
        for (name, copy) in copies {
            assert!(first.distance(copy) <= 6, "{seed} {name}: {}", first.distance(copy));
        }
        for other in &all {
            assert!(first.distance(*other) > 12, "{seed}: {}", first.distance(*other));
        }
        all.push(first);
    }
}
