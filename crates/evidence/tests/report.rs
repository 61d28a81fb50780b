//! What pictures and videos say about themselves.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{ExifBlock, encoded, encoded_with_exif, jpeg, photo, with_exif};
use evidence::report::{Place, Problem, Screenshot, TimeSource, report_of};
use image::ImageFormat;
use jiff::civil::date;

const MAKE: u16 = 0x010f;
const SOFTWARE: u16 = 0x0131;
const CHANGED: u16 = 0x0132;
const TAKEN: u16 = 0x9003;
const ZONE: u16 = 0x9011;

fn camera() -> ExifBlock {
    ExifBlock::default()
        .ascii(0, MAKE, "HUAWEI")
        .ascii(0, 0x0110, "P40")
        .short(0, 0x0112, 6)
        .ascii(0, CHANGED, "2022:06:13 09:30:00")
        .ascii(1, TAKEN, "2022:06:13 09:30:00")
}

fn gps(block: ExifBlock, latitude: u32, longitude: u32) -> ExifBlock {
    block.ascii(2, 1, "N").rationals(2, 2, &[(latitude, 1), (30, 1), (0, 1)]).ascii(2, 3, "E").rationals(
        2,
        4,
        &[(longitude, 1), (15, 1), (3600, 100)],
    )
}

fn photo_with(block: ExifBlock) -> Vec<u8> {
    with_exif(&jpeg(&photo(80, 60, 1), 80, 60, 80, false), &block.build())
}

#[test]
fn a_photo_tells_when_where_and_with_what() {
    let block = gps(camera().ascii(1, ZONE, "+08:00"), 34, 111).build();
    let rgb = photo(80, 60, 1);
    let files = [
        with_exif(&jpeg(&rgb, 80, 60, 80, false), &block),
        encoded_with_exif(&rgb, 80, 60, false, &block),
        encoded_with_exif(&rgb, 80, 60, true, &block),
    ];
    for file in files {
        let report = report_of(&file);
        let taken = report.taken.unwrap();
        assert_eq!(taken.local, date(2022, 6, 13).at(9, 30, 0, 0));
        assert_eq!(taken.source, TimeSource::Shutter);
        assert_eq!(taken.moment().unwrap().to_string(), "2022-06-13T01:30:00Z");
        let place = report.place.unwrap();
        assert!((place.latitude - 34.5).abs() < 1e-9 && (place.longitude - 111.26).abs() < 1e-9, "{place}");
        assert_eq!((report.make.as_deref(), report.model.as_deref()), (Some("HUAWEI"), Some("P40")));
        assert_eq!((report.orientation, report.width, report.height), (Some(6), Some(80), Some(60)));
        assert_eq!((report.screenshot, report.problems.as_slice()), (None, [].as_slice()));
    }
}

#[test]
fn a_photo_without_zone_has_no_moment() {
    let report = report_of(&photo_with(camera()));
    assert_eq!((report.taken.unwrap().offset, report.taken.unwrap().moment()), (None, None));
}

#[test]
fn what_does_not_fit_together_is_said() {
    let cases = [
        (ExifBlock::default().ascii(1, TAKEN, "2022:13:45 09:30:00"), vec![Problem::ImpossibleTime]),
        (gps(camera(), 95, 111), vec![Problem::ImpossiblePlace]),
        (gps(camera(), 34, 200), vec![Problem::ImpossiblePlace]),
        (camera().ascii(2, 1, "N").rationals(2, 2, &[(34, 1)]), vec![Problem::ImpossiblePlace]),
        (
            camera().ascii(2, 1, "N").rationals(2, 2, &[(0, 1)]).ascii(2, 3, "E").rationals(2, 4, &[(0, 1)]),
            vec![Problem::NullPlace],
        ),
        (
            gps(camera(), 34, 111).ascii(2, 0x1d, "2022:06:11").rationals(2, 7, &[(1, 1), (30, 1), (0, 1)]),
            vec![Problem::ClockAgainstSatellites],
        ),
        (
            camera().ascii(1, ZONE, "+08:00").ascii(2, 0x1d, "2022:06:13").rationals(2, 7, &[(9, 1), (30, 1), (0, 1)]),
            vec![Problem::ClockAgainstSatellites],
        ),
        (camera().ascii(2, 0x1d, "2022:06:13").rationals(2, 7, &[(1, 1), (30, 1), (0, 1)]), vec![]),
        (
            ExifBlock::default().ascii(0, CHANGED, "2022:06:01 00:00:00").ascii(1, TAKEN, "2022:06:13 09:30:00"),
            vec![Problem::ChangedBeforeTaken],
        ),
        (ExifBlock::default().short(0, 0x0112, 11), vec![Problem::ImpossibleOrientation]),
        (camera().short(1, 0xa002, 4000).short(1, 0xa003, 3000), vec![Problem::SizeChanged]),
        (camera().short(1, 0xa002, 60).short(1, 0xa003, 80), vec![]),
        (ExifBlock::default().ascii(1, TAKEN, "0000:00:00 00:00:00"), vec![]),
    ];
    for (block, problems) in cases {
        let report = report_of(&photo_with(block));
        assert_eq!(report.problems, problems);
        assert!(problems.iter().all(|p| !p.code().is_empty() && !p.to_string().is_empty()));
    }
    let broken = with_exif(&jpeg(&photo(80, 60, 1), 80, 60, 80, false), b"MM\0\x2a\0\0\xff\xff");
    assert_eq!(report_of(&broken).problems, [Problem::Unreadable]);
}

#[test]
fn pictures_of_screens_are_noticed() {
    let phone = photo(1080, 2400, 1);
    assert_eq!(report_of(&encoded(&phone, 1080, 2400, ImageFormat::Png)).screenshot, Some(Screenshot::ScreenSize));
    let camera = with_exif(&jpeg(&phone, 1080, 2400, 60, false), &camera().build());
    assert_eq!(report_of(&camera).screenshot, None);
    let said = photo_with(ExifBlock::default().ascii(0, SOFTWARE, "Android Screenshot"));
    assert_eq!(report_of(&said).screenshot, Some(Screenshot::Said));
    assert_eq!(report_of(&photo_with(ExifBlock::default())).screenshot, None);
}

fn boxed(name: &[u8], contents: &[u8]) -> Vec<u8> {
    [&(contents.len() as u32 + 8).to_be_bytes(), name, contents].concat()
}

fn film(more: &[u8]) -> Vec<u8> {
    let mut header = vec![0; 100];
    // 2022-06-13 01:30:00 UTC since 1904
    header[4..8].copy_from_slice(&(2_082_844_800u32 + 1_655_083_800).to_be_bytes());
    header[12..16].copy_from_slice(&1000u32.to_be_bytes());
    header[16..20].copy_from_slice(&12_500u32.to_be_bytes());
    let mut track = vec![0; 84];
    track[44..48].copy_from_slice(&0x1_0000u32.to_be_bytes()); // a quarter turn
    track[76..80].copy_from_slice(&(1920u32 << 16).to_be_bytes());
    track[80..84].copy_from_slice(&(1080u32 << 16).to_be_bytes());
    let sound = boxed(b"trak", &boxed(b"tkhd", &[0; 84]));
    let picture = boxed(b"trak", &boxed(b"tkhd", &track));
    let moov = [boxed(b"mvhd", &header), sound, picture, more.to_vec()].concat();
    [boxed(b"ftyp", b"isom\0\0\0\0isom"), boxed(b"mdat", &[7; 50]), boxed(b"moov", &moov)].concat()
}

#[test]
fn a_video_tells_when_how_long_and_how_large() {
    let place = [&[0, 18, 0x15, 0xc7][..], b"+34.5000+111.2600/"].concat();
    let report = report_of(&film(&boxed(b"udta", &boxed(b"\xa9xyz", &place))));
    assert_eq!(report.taken.unwrap().moment().unwrap().to_string(), "2022-06-13T01:30:00Z");
    assert_eq!(report.duration, Some(Duration::from_millis(12_500)));
    assert_eq!((report.width, report.height), (Some(1080), Some(1920)));
    assert_eq!(report.place, Place::new(34.5, 111.26));
    assert_eq!(report.problems, []);
    assert_eq!(report_of(&boxed(b"ftyp", b"isom\0\0\0\0isom")).problems, [Problem::Unreadable]);
}

#[test]
fn an_iphone_video_tells_its_zone_and_device() {
    let names: Vec<u8> = ["make", "location.ISO6709", "creationdate"]
        .iter()
        .flat_map(|name| boxed(b"mdta", format!("com.apple.quicktime.{name}").as_bytes()))
        .collect();
    let values: Vec<u8> = ["Apple", "+34.5000+111.2600+120.000/", "2022-06-13T09:30:00+0800"]
        .iter()
        .zip(1u32..)
        .flat_map(|(value, i)| {
            boxed(&i.to_be_bytes(), &boxed(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0], value.as_bytes()].concat()))
        })
        .collect();
    let keys = boxed(b"keys", &[&[0, 0, 0, 0, 0, 0, 0, 3][..], &names].concat());
    let meta = boxed(b"meta", &[boxed(b"hdlr", &[0; 24]), keys, boxed(b"ilst", &values)].concat());
    let report = report_of(&film(&meta));
    assert_eq!(report.make.as_deref(), Some("Apple"));
    assert_eq!(report.place, Place::new(34.5, 111.26));
    let taken = report.taken.unwrap();
    assert_eq!(taken.local, date(2022, 6, 13).at(9, 30, 0, 0));
    assert_eq!(taken.moment().unwrap().to_string(), "2022-06-13T01:30:00Z");
}

#[test]
fn distances_are_those_of_the_earth() {
    let a = Place::new(34.0, 111.0).unwrap();
    let b = Place::new(35.0, 111.0).unwrap();
    assert!((a.distance(&b) - 111_195.0).abs() < 100.0);
    assert_eq!(a.distance(&a), 0.0);
    assert_eq!(Place::new(91.0, 0.0), None);
    assert_eq!(Place::new(f64::NAN, 0.0), None);
}
