//! What a picture or video says about itself: when, where, with what. For the reviewer, as hints: every one of these values
//! can be missing, wrong or made up without anybody meaning harm.

mod screenshot;
mod video;

use std::fmt;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use exif::{Exif, In, Rational, Tag, Value};
use image::ImageReader;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

pub use screenshot::Screenshot;

use crate::sniff::{Kind, kind_of_head};
use crate::{boxes, jpeg};

/// Of a JPEG and of the description of other files at most so much is read.
const MOST: u64 = 64 << 20;

/// What a file says about itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What it is.
    pub kind: Kind,
    /// When it was taken.
    pub taken: Option<Taken>,
    /// The time of the satellites, when it is given.
    pub satellite_time: Option<Timestamp>,
    /// Where it was taken.
    pub place: Option<Place>,
    /// Who made the device.
    pub make: Option<String>,
    /// Which device it was.
    pub model: Option<String>,
    /// The program that wrote the file.
    pub software: Option<String>,
    /// Exif's orientation, 1 to 8.
    pub orientation: Option<u8>,
    /// Width as stored, before turning. Of a video: as it is shown.
    pub width: Option<u32>,
    /// Height as stored, before turning. Of a video: as it is shown.
    pub height: Option<u32>,
    /// How long a video is.
    pub duration: Option<Duration>,
    /// Why it looks like a picture of a screen.
    pub screenshot: Option<Screenshot>,
    /// What does not fit together.
    pub problems: Vec<Problem>,
}

/// A time as the device wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// By the clock of the device.
    pub local: DateTime,
    /// How far that clock was from UTC. Many devices do not say.
    pub offset: Option<Offset>,
    /// Which time it is.
    pub source: TimeSource,
}

/// Which of the times in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeSource {
    /// The shutter (Exif `DateTimeOriginal`).
    Shutter,
    /// The digitising (Exif `DateTimeDigitized`).
    Digitised,
    /// The last change of the file (Exif `DateTime`): it may be long after.
    Changed,
    /// The beginning of a video.
    Video,
}

/// A place on the earth, in degrees, in the reference system of the device (nearly always WGS 84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// North is positive, -90 to 90.
    pub latitude: f64,
    /// East is positive, -180 to 180.
    pub longitude: f64,
}

/// What does not fit together, or cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Problem {
    /// There is an Exif block, but damaged; what could be read is in the report.
    #[error("照片自带的信息有损坏，只读出一部分")]
    Unreadable,
    /// A time that is in no calendar.
    #[error("拍摄时间不是有效的日期")]
    ImpossibleTime,
    /// A place that is not on the earth, or half of one.
    #[error("拍摄地点的经纬度超出范围或不完整")]
    ImpossiblePlace,
    /// 0°, 0°: what devices write that do not know.
    #[error("拍摄地点是经度 0、纬度 0，设备当时很可能没有定位")]
    NullPlace,
    /// The device's clock and the satellites' are apart by more than time zones explain.
    #[error("设备时间与卫星时间不一致")]
    ClockAgainstSatellites,
    /// Changed before it was taken.
    #[error("文件的修改时间早于拍摄时间")]
    ChangedBeforeTaken,
    /// The size written by the camera is not the size of the picture: it was made smaller or cropped.
    #[error("图片尺寸与相机记录的不一致，可能被裁剪或缩小过")]
    SizeChanged,
    /// An orientation other than 1 to 8.
    #[error("照片方向的记录无效")]
    ImpossibleOrientation,
}

impl Problem {
    /// A stable word for tables, logs and tests.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::ImpossibleTime => "impossible_time",
            Self::ImpossiblePlace => "impossible_place",
            Self::NullPlace => "null_place",
            Self::ClockAgainstSatellites => "clock_against_satellites",
            Self::ChangedBeforeTaken => "changed_before_taken",
            Self::SizeChanged => "size_changed",
            Self::ImpossibleOrientation => "impossible_orientation",
        }
    }
}

impl Taken {
    /// The moment, if the device wrote how far its clock was from UTC.
    pub fn moment(&self) -> Option<Timestamp> {
        self.offset?.to_timestamp(self.local).ok()
    }
}

impl Place {
    /// A place on the earth.
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        ((-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude))
            .then_some(Self { latitude, longitude })
    }

    /// The way over the earth's surface, in metres, to about half a percent.
    pub fn distance(&self, other: &Self) -> f64 {
        let (a, b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let (down, across) = (b - a, (other.longitude - self.longitude).to_radians());
        let half = (down / 2.0).sin().powi(2) + a.cos() * b.cos() * (across / 2.0).sin().powi(2);
        2.0 * 6_371_008.8 * half.clamp(0.0, 1.0).sqrt().asin()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.5}, {:.5}", self.latitude, self.longitude)
    }
}

impl Report {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            taken: None,
            satellite_time: None,
            place: None,
            make: None,
            model: None,
            software: None,
            orientation: None,
            width: None,
            height: None,
            duration: None,
            screenshot: None,
            problems: Vec::new(),
        }
    }

    fn problem(&mut self, problem: Problem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    fn place_at(&mut self, latitude: f64, longitude: f64) {
        match Place::new(latitude, longitude) {
            // 11 metres around the point where no land is.
            Some(_) if latitude.abs() < 1e-4 && longitude.abs() < 1e-4 => self.problem(Problem::NullPlace),
            Some(place) => self.place = Some(place),
            None => self.problem(Problem::ImpossiblePlace),
        }
    }
}

/// Reads what a picture (JPEG, HEIC, HEIF, AVIF, PNG, WebP, TIFF) or a video (MP4, MOV, 3GP) says about itself. Of other
/// kinds the report is nearly empty. Fails only when `source` does.
pub fn report(source: &mut (impl Read + Seek)) -> io::Result<Report> {
    source.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    source.by_ref().take(4096).read_to_end(&mut head)?;
    source.seek(SeekFrom::Start(0))?;
    let kind = kind_of_head(&head);
    let mut report = Report::new(kind);
    match kind {
        Kind::Mp4 | Kind::Mov | Kind::ThreeGp => video::read(source, &mut report)?,
        Kind::Jpeg => {
            let mut bytes = Vec::new();
            source.take(MOST).read_to_end(&mut bytes)?;
            match jpeg::Header::read(&bytes) {
                Ok(header) => {
                    (report.width, report.height) = (Some(header.width as u32), Some(header.height as u32));
                    take_exif(&mut report, header.exif.map(parse));
                }
                Err(_) => report.problem(Problem::Unreadable),
            }
        }
        kind if kind.is_picture() => {
            let size = source.seek(SeekFrom::End(0))?;
            (report.width, report.height) = size_of(source, kind, size)?;
            source.seek(SeekFrom::Start(0))?;
            let exif = match kind {
                Kind::WebP => webp_exif(source)?.map(parse),
                Kind::Gif | Kind::Bmp => None,
                // Descriptions stand in the first part of PNG and TIFF too; what comes later is pixels.
                _ if size > MOST && kind == Kind::Tiff => None,
                _ => quietly(|| {
                    let mut reader = exif::Reader::new();
                    reader.continue_on_error(true);
                    match reader.read_from_container(&mut BufReader::new(&mut *source)) {
                        Err(exif::Error::NotFound(_)) => None,
                        Err(error) => Some(distilled(error)),
                        Ok(exif) => Some((Some(exif), true)),
                    }
                })
                .unwrap_or(Some((None, false))),
            };
            take_exif(&mut report, exif);
        }
        _ => {}
    }
    Ok(report)
}

/// The orientation in an Exif block, if it has a right one.
pub(crate) fn orientation_of(block: Vec<u8>) -> Option<u8> {
    let (exif, _) = parse(block);
    let value = exif?.get_field(Tag::Orientation, In::PRIMARY)?.value.get_uint(0)?;
    u8::try_from(value).ok().filter(|o| (1..=8).contains(o))
}

/// Exif, as far as it could be read, and whether all of it could.
type Parsed = (Option<Exif>, bool);

fn parse(block: Vec<u8>) -> Parsed {
    quietly(|| match exif::Reader::new().continue_on_error(true).read_raw(block) {
        Ok(exif) => (Some(exif), true),
        Err(error) => distilled(error),
    })
    .unwrap_or((None, false))
}

fn distilled(error: exif::Error) -> Parsed {
    (error.distill_partial_result(|_| ()).ok(), false)
}

/// The parsers promise not to panic; we do not depend on it.
fn quietly<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

fn size_of(source: &mut (impl Read + Seek), kind: Kind, size: u64) -> io::Result<(Option<u32>, Option<u32>)> {
    if matches!(kind, Kind::Heic | Kind::Heif | Kind::Avif) {
        let Some(meta) = boxes::of_file(source, size)?.into_iter().find(|b| b.name == *b"meta") else {
            return Ok((None, None));
        };
        let contents = contents(source, meta)?;
        // Of the sizes of all its parts (tiles, thumbnail) the largest is the picture's.
        let largest = boxes::find(contents.get(4..).unwrap_or_default(), &[b"iprp", b"ipco"])
            .into_iter()
            .flat_map(boxes::of_bytes)
            .filter(|(name, _)| name == b"ispe")
            .filter_map(|(_, body)| Some((number(body, 4)?, number(body, 8)?)))
            .max_by_key(|(width, height)| u64::from(*width) * u64::from(*height));
        return Ok((largest.map(|s| s.0), largest.map(|s| s.1)));
    }
    source.seek(SeekFrom::Start(0))?;
    let size = quietly(|| {
        let reader = ImageReader::new(BufReader::new(&mut *source)).with_guessed_format().ok()?;
        reader.into_dimensions().ok()
    })
    .flatten();
    Ok((size.map(|s| s.0), size.map(|s| s.1)))
}

/// The contents of a box, as far as they are in the file and not too much.
fn contents(source: &mut (impl Read + Seek), found: boxes::FileBox) -> io::Result<Vec<u8>> {
    source.seek(SeekFrom::Start(found.start))?;
    let mut bytes = Vec::new();
    source.take((found.end - found.start).min(MOST)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The Exif chunk of a WebP. Some programs put JPEG's prefix before it.
fn webp_exif(source: &mut (impl Read + Seek)) -> io::Result<Option<Vec<u8>>> {
    let mut at = 12;
    for _ in 0..10_000 {
        source.seek(SeekFrom::Start(at))?;
        let mut head = Vec::new();
        source.by_ref().take(8).read_to_end(&mut head)?;
        let Some((name, length)) = head.split_first_chunk::<4>() else { return Ok(None) };
        let Some(length) = length.first_chunk().map(|l| u64::from(u32::from_le_bytes(*l))) else { return Ok(None) };
        if name == b"EXIF" {
            let mut block = Vec::new();
            source.take(length.min(MOST)).read_to_end(&mut block)?;
            return Ok(Some(block.strip_prefix(b"Exif\0\0").map(<[u8]>::to_vec).unwrap_or(block)));
        }
        at += 8 + length + length % 2;
    }
    Ok(None)
}

fn take_exif(report: &mut Report, parsed: Option<Parsed>) {
    let (exif, whole) = parsed.unwrap_or((None, true));
    if !whole {
        report.problem(Problem::Unreadable);
    }
    if let Some(exif) = &exif {
        report.make = text(exif, Tag::Make);
        report.model = text(exif, Tag::Model);
        report.software = text(exif, Tag::Software);
        take_orientation(report, exif);
        take_times(report, exif);
        take_place(report, exif);
        take_size(report, exif);
    }
    report.screenshot = screenshot::judge(report, exif.as_ref());
}

fn take_orientation(report: &mut Report, exif: &Exif) {
    let Some(value) = exif.get_field(Tag::Orientation, In::PRIMARY).and_then(|f| f.value.get_uint(0)) else { return };
    match u8::try_from(value) {
        Ok(orientation @ 1..=8) => report.orientation = Some(orientation),
        Ok(0) => {} // "not known", as some programs write
        _ => report.problem(Problem::ImpossibleOrientation),
    }
}

fn take_times(report: &mut Report, exif: &Exif) {
    let kinds = [
        (Tag::DateTimeOriginal, Tag::OffsetTimeOriginal, TimeSource::Shutter),
        (Tag::DateTimeDigitized, Tag::OffsetTimeDigitized, TimeSource::Digitised),
        (Tag::DateTime, Tag::OffsetTime, TimeSource::Changed),
    ];
    let mut times = Vec::new();
    for (tag, offset, source) in kinds {
        match time(exif, tag) {
            Some(Ok(local)) => times.push(Taken { local, offset: zone(exif, offset), source }),
            Some(Err(problem)) => report.problem(problem),
            None => {}
        }
    }
    report.taken = times.first().copied();
    if let (Some(first), Some(last)) = (times.first(), times.last())
        && first.source == TimeSource::Shutter
        && last.source == TimeSource::Changed
        && first.local.duration_since(last.local) > SignedDuration::from_mins(1)
    {
        report.problem(Problem::ChangedBeforeTaken);
    }
    report.satellite_time = satellite_time(exif);
    if let (Some(taken), Some(satellites)) =
        (report.taken.filter(|t| t.source == TimeSource::Shutter), report.satellite_time)
    {
        let (apart, allowed) = match taken.moment() {
            // The last fix may be some time old.
            Some(moment) => (moment.duration_since(satellites), SignedDuration::from_hours(2)),
            // No zone is further from UTC than 14 hours.
            None => (taken.local.duration_since(Offset::UTC.to_datetime(satellites)), SignedDuration::from_hours(16)),
        };
        if apart.abs() > allowed {
            report.problem(Problem::ClockAgainstSatellites);
        }
    }
}

/// The civil time of a field; `None` when it is missing or blank.
fn time(exif: &Exif, tag: Tag) -> Option<Result<DateTime, Problem>> {
    let Value::Ascii(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let text = parts.first()?;
    if text.iter().all(|b| matches!(b, b' ' | b':' | b'0' | b'\0' | b'-')) {
        return None; // blank, or all zeros, as devices write that do not know
    }
    let Ok(t) = exif::DateTime::from_ascii(text) else { return Some(Err(Problem::ImpossibleTime)) };
    let civil = i16::try_from(t.year).ok().and_then(|year| {
        let [month, day, hour, minute, second] = [t.month, t.day, t.hour, t.minute, t.second.min(59)].map(|n| n as i8);
        DateTime::new(year, month, day, hour, minute, second, 0).ok()
    });
    Some(civil.ok_or(Problem::ImpossibleTime))
}

fn zone(exif: &Exif, tag: Tag) -> Option<Offset> {
    let Value::Ascii(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let text = parts.first()?;
    if text.starts_with(b"Z") {
        return Some(Offset::UTC);
    }
    let mut carrier = exif::DateTime::from_ascii(b"2000:01:01 00:00:00").ok()?;
    carrier.parse_offset(text).ok()?;
    let minutes = i32::from(carrier.offset?);
    (minutes.abs() <= 15 * 60).then(|| Offset::from_seconds(minutes * 60).ok()).flatten()
}

fn satellite_time(exif: &Exif) -> Option<Timestamp> {
    let Value::Ascii(parts) = &exif.get_field(Tag::GPSDateStamp, In::PRIMARY)?.value else { return None };
    let date = std::str::from_utf8(parts.first()?).ok()?;
    let mut numbers = date.trim().splitn(3, [':', '-']).map(|n| n.trim().parse::<i16>().ok());
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let [hour, minute, second] = rationals(exif, Tag::GPSTimeStamp)?.map(|n| n as i64);
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    let civil = DateTime::new(
        year,
        month,
        day,
        i8::try_from(hour).ok()?,
        i8::try_from(minute).ok()?,
        i8::try_from(second.min(59)).ok()?,
        0,
    );
    Offset::UTC.to_timestamp(civil.ok()?).ok()
}

fn take_place(report: &mut Report, exif: &Exif) {
    let has = |tag| exif.get_field(tag, In::PRIMARY).is_some();
    if !has(Tag::GPSLatitude) && !has(Tag::GPSLongitude) {
        return;
    }
    let degrees = |tag: Tag, sign: Tag, negative: u8| -> Option<f64> {
        let [degrees, minutes, seconds] = rationals(exif, tag)?;
        let Value::Ascii(letter) = &exif.get_field(sign, In::PRIMARY)?.value else { return None };
        let value = degrees + minutes / 60.0 + seconds / 3600.0;
        Some(if letter.first()?.first()?.eq_ignore_ascii_case(&negative) { -value } else { value })
    };
    let latitude = degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S');
    let longitude = degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W');
    match (latitude, longitude) {
        (Some(latitude), Some(longitude)) => report.place_at(latitude, longitude),
        // Phones without a fix write 0/0.
        _ if blank(exif, Tag::GPSLatitude) && blank(exif, Tag::GPSLongitude) => {}
        _ => report.problem(Problem::ImpossiblePlace),
    }
}

fn blank(exif: &Exif, tag: Tag) -> bool {
    match exif.get_field(tag, In::PRIMARY).map(|f| &f.value) {
        Some(Value::Rational(parts)) => parts.iter().all(|r| r.denom == 0 || r.num == 0),
        Some(_) => false,
        None => true,
    }
}

/// Three numbers; missing ones at the end are zero. `None` when one is no number.
fn rationals(exif: &Exif, tag: Tag) -> Option<[f64; 3]> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let mut numbers = [0.0; 3];
    if parts.is_empty() {
        return None;
    }
    for (number, Rational { num, denom }) in numbers.iter_mut().zip(parts) {
        if *denom == 0 {
            return None;
        }
        *number = f64::from(*num) / f64::from(*denom);
    }
    Some(numbers)
}

fn take_size(report: &mut Report, exif: &Exif) {
    let said = |tag| exif.get_field(tag, In::PRIMARY).and_then(|f| f.value.get_uint(0)).filter(|n| *n > 0);
    let (Some(width), Some(height)) = (said(Tag::PixelXDimension), said(Tag::PixelYDimension)) else { return };
    if let (Some(w), Some(h)) = (report.width, report.height)
        && (w, h) != (width, height)
        && (w, h) != (height, width)
    {
        report.problem(Problem::SizeChanged);
    }
}

/// A text as people can read it: at most a hundred characters, none of them invisible.
fn text(exif: &Exif, tag: Tag) -> Option<String> {
    let Value::Ascii(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    readable(parts.first()?)
}

fn readable(bytes: &[u8]) -> Option<String> {
    let text: String = String::from_utf8_lossy(bytes).chars().filter(|c| !c.is_control()).take(100).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// For callers that have the bytes.
pub fn report_of(bytes: &[u8]) -> Report {
    // Reading from memory does not fail.
    report(&mut Cursor::new(bytes)).unwrap_or_else(|_| Report::new(Kind::Unknown))
}
