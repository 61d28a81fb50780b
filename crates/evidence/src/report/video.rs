//! What the description (`moov`) of an MP4, MOV or 3GP says. A few boxes of ISO/IEC 14496-12 and of Apple's QuickTime
//! format; nothing of the film itself is read.

use std::io::{self, Read, Seek, SeekFrom};
use std::time::Duration;

use jiff::tz::Offset;
use jiff::{Timestamp, civil};

use super::{Problem, Report, Taken, TimeSource, contents, number, readable};
use crate::boxes;

/// Seconds from 1904, where the times of these files begin, to 1970.
const FROM_1904: i64 = 2_082_844_800;

pub(super) fn read(source: &mut (impl Read + Seek), report: &mut Report) -> io::Result<()> {
    let size = source.seek(SeekFrom::End(0))?;
    let Some(moov) = boxes::of_file(source, size)?.into_iter().find(|b| b.name == *b"moov") else {
        report.problem(Problem::Unreadable);
        return Ok(());
    };
    let moov = contents(source, moov)?;
    match boxes::find(&moov, &[b"mvhd"]) {
        Some(header) => movie_header(header, report),
        None => report.problem(Problem::Unreadable),
    }
    for (name, track) in boxes::of_bytes(&moov) {
        if name == *b"trak"
            && let Some(header) = boxes::find(track, &[b"tkhd"])
            && let Some((width, height)) = size_of_track(header)
        {
            (report.width, report.height) = (Some(width), Some(height));
            break;
        }
    }
    if let Some(user) = boxes::find(&moov, &[b"udta"]) {
        // ©xyz: two bytes of length, two of language, the place.
        let place = boxes::of_bytes(user).find(|(name, _)| name == b"\xa9xyz").map(|(_, body)| body);
        if let Some(place) = place.and_then(|body| body.get(4..)) {
            take_place(place, report);
        }
    }
    if let Some(meta) = boxes::find(&moov, &[b"meta"]) {
        apple(meta, report);
    }
    Ok(())
}

fn movie_header(header: &[u8], report: &mut Report) {
    let long = |at: usize| Some(u64::from(number(header, at)?) << 32 | u64::from(number(header, at + 4)?));
    let fields = match header.first() {
        Some(0) => (number(header, 4).map(u64::from), number(header, 12), number(header, 16).map(u64::from)),
        Some(1) => (long(4), number(header, 20), long(24)),
        _ => (None, None, None),
    };
    let (Some(created), Some(scale), Some(duration)) = fields else {
        report.problem(Problem::Unreadable);
        return;
    };
    if scale > 0 && duration != u64::from(u32::MAX) && duration != u64::MAX {
        report.duration = Duration::try_from_secs_f64(duration as f64 / f64::from(scale)).ok();
    }
    // 0: not set. Some cameras count from 1970 all the same; that gives a year before 1970 and is left out.
    let moment = i64::try_from(created).ok().and_then(|s| Timestamp::from_second(s - FROM_1904).ok());
    match moment {
        _ if created == 0 => {}
        Some(moment) if moment >= Timestamp::UNIX_EPOCH => {
            let local = Offset::UTC.to_datetime(moment);
            report.taken = Some(Taken { local, offset: Some(Offset::UTC), source: TimeSource::Video });
        }
        _ => report.problem(Problem::ImpossibleTime),
    }
}

/// Width and height as shown; `None` for a track without a picture.
fn size_of_track(header: &[u8]) -> Option<(u32, u32)> {
    let end = if header.first() == Some(&1) { 96 } else { 84 };
    let (width, height) = (number(header, end - 8)? >> 16, number(header, end - 4)? >> 16);
    // The matrix a b u c d v x y w; a quarter turn has a and d zero.
    let (a, b) = (number(header, end - 44)?, number(header, end - 40)?);
    let turned = a == 0 && b != 0;
    (width > 0 && height > 0).then_some(if turned { (height, width) } else { (width, height) })
}

/// ISO 6709: `+27.1281+100.2508+000.000/`.
fn take_place(text: &[u8], report: &mut Report) {
    let Ok(text) = std::str::from_utf8(&text[..text.len().min(64)]) else { return };
    let text = text.trim_end_matches(['/', '\0', ' ']);
    let starts: Vec<usize> = text.match_indices(['+', '-']).map(|(at, _)| at).collect();
    let [first, second, ..] = starts[..] else { return };
    let end = starts.get(2).copied().unwrap_or(text.len());
    // Only the form in degrees is in use: two and three digits before the point.
    if let (Ok(latitude), Ok(longitude)) = (text[first..second].parse(), text[second..end].parse()) {
        report.place_at(latitude, longitude);
    }
}

/// Apple's list of names (`keys`) and values (`ilst`).
fn apple(meta: &[u8], report: &mut Report) {
    // In MP4 this box begins with four bytes of version, in QuickTime with its first box.
    let meta =
        if meta.get(4..8).is_some_and(|name| name == b"hdlr") { meta } else { meta.get(4..).unwrap_or_default() };
    let (Some(keys), Some(values)) = (boxes::find(meta, &[b"keys"]), boxes::find(meta, &[b"ilst"])) else { return };
    let names: Vec<&[u8]> = boxes::of_bytes(keys.get(8..).unwrap_or_default()).map(|(_, name)| name).collect();
    let mut rest = values;
    // The "names" of these boxes are numbers, so they are walked here.
    while let (Some(length), Some(index)) = (number(rest, 0), number(rest, 4)) {
        let Some(entry) = rest.get(8..length as usize) else { break };
        rest = &rest[length as usize..];
        let name = (index as usize).checked_sub(1).and_then(|index| names.get(index));
        let value = boxes::find(entry, &[b"data"]).and_then(|data| data.get(8..));
        let (Some(name), Some(value)) = (name, value) else { continue };
        match *name {
            b"com.apple.quicktime.make" => report.make = readable(value),
            b"com.apple.quicktime.model" => report.model = readable(value),
            b"com.apple.quicktime.software" => report.software = readable(value),
            b"com.apple.quicktime.location.ISO6709" => take_place(value, report),
            b"com.apple.quicktime.creationdate" => {
                if let Some(taken) = created(value) {
                    report.taken = Some(taken);
                }
            }
            _ => {}
        }
    }
}

/// `2022-06-13T09:30:00+0800`, with or without a colon.
fn created(value: &[u8]) -> Option<Taken> {
    let text = std::str::from_utf8(value).ok()?;
    let local: civil::DateTime = text.get(..19)?.parse().ok()?;
    let zone: String = text.get(19..)?.chars().filter(|c| *c != ':').collect();
    let offset = match zone.as_bytes() {
        [sign @ (b'+' | b'-'), hm @ ..] if hm.len() == 4 => {
            let number: i32 = std::str::from_utf8(hm).ok()?.parse().ok()?;
            let seconds = (number / 100 * 60 + number % 100) * 60;
            Offset::from_seconds(if *sign == b'-' { -seconds } else { seconds }).ok()
        }
        b"Z" => Some(Offset::UTC),
        _ => None,
    };
    Some(Taken { local, offset, source: TimeSource::Video })
}
