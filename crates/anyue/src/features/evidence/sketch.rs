//! Photos made by code: for tests and the demonstration.

use ::evidence::clean;

/// Something to look at, different for every seed: a JPEG with a report only when [`with_report`] adds one.
pub fn photo(seed: u32, width: usize, height: usize) -> Vec<u8> {
    clean(&bitmap(seed, width, height)).expect("a bitmap of our own").copy.bytes
}

/// A bitmap: hills under a sky, houses, all in colours and places of their own.
fn bitmap(seed: u32, width: usize, height: usize) -> Vec<u8> {
    let noise = |n: u32| {
        let mut h = n.wrapping_mul(0x9e37_79b1) ^ seed.wrapping_mul(0x85eb_ca77);
        h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
        h = (h ^ (h >> 12)).wrapping_mul(0x297a_2d39);
        f64::from((h ^ (h >> 15)) >> 8) / 16_777_216.0
    };
    let hills: Vec<[f64; 4]> = (0..4_u32)
        .map(|hill| {
            let at = |n: u32| noise(hill * 16 + n);
            [0.35 + 0.15 * f64::from(hill) + 0.1 * at(0), 0.04 + 0.1 * at(1), 2.0 + 7.0 * at(2), 6.3 * at(3)]
        })
        .collect();
    let houses: Vec<[f64; 4]> = (0..9_u32)
        .map(|house| {
            let at = |n: u32| noise(1_000 + house * 16 + n);
            [at(0) * 0.95, 0.45 + 0.45 * at(1), 0.03 + 0.1 * at(2), 0.04 + 0.12 * at(3)]
        })
        .collect();
    let row = (width * 3).next_multiple_of(4);
    let mut bytes = Vec::with_capacity(54 + row * height);
    bytes.extend(b"BM");
    for number in [54 + (row * height) as u32, 0, 54, 40, width as u32, height as u32] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend([1, 0, 24, 0]);
    bytes.extend([0; 24]);
    // Bitmaps begin with the last row.
    for y in (0..height).rev() {
        let fy = y as f64 / height as f64;
        for x in 0..width {
            let fx = x as f64 / width as f64;
            let mut light = [235.0 - 60.0 * fy, 215.0 - 30.0 * fy, 190.0 + 20.0 * fy];
            for (at, [level, swing, rate, phase]) in hills.iter().enumerate() {
                if fy > level + swing * (fx * rate + phase).sin() {
                    let tone = 0.85 - 0.13 * at as f64;
                    light = [
                        70.0 * tone,
                        (120.0 + 40.0 * noise(at as u32)) * tone,
                        (95.0 + 60.0 * noise(at as u32 + 7)) * tone,
                    ];
                }
            }
            for (at, [left, top, wide, high]) in houses.iter().enumerate() {
                if fx > *left && fx < left + wide && fy > *top && fy < top + high {
                    let tone = 90.0 + 150.0 * noise(2_000 + at as u32);
                    light = [tone * 0.8, tone * 0.85, tone];
                }
            }
            let grain = 6.0 * noise((y * width + x) as u32 ^ 0x5555) - 3.0;
            bytes.extend(light.map(|value| (value + grain).clamp(0.0, 255.0) as u8));
        }
        bytes.extend(std::iter::repeat_n(0, row - width * 3));
    }
    bytes
}

/// A JPEG with what a telephone writes: time (`2022:06:13 09:30:00`), maker and model, and where it was.
pub fn with_report(jpeg: &[u8], taken: &str, device: (&str, &str), place: Option<(f64, f64)>) -> Vec<u8> {
    let text = |text: &str| [text.as_bytes(), b"\0"].concat();
    let degrees = |value: f64| {
        let value = value.abs();
        let (whole, minutes) = (value.trunc(), value.fract() * 60.0);
        let seconds = (minutes.fract() * 60.0 * 1_000.0).round();
        [(whole as u32, 1_u32), (minutes.trunc() as u32, 1), (seconds as u32, 1_000)]
            .iter()
            .flat_map(|(number, by)| [number.to_be_bytes(), by.to_be_bytes()].concat())
            .collect::<Vec<u8>>()
    };
    type Field = (u16, u16, u32, Vec<u8>);
    let ascii = |tag: u16, words: &str| -> Field { (tag, 2, text(words).len() as u32, text(words)) };
    let main = vec![ascii(0x010f, device.0), ascii(0x0110, device.1)];
    let camera = vec![ascii(0x9003, taken)];
    let gps: Vec<Field> = match place {
        Some((latitude, longitude)) => vec![
            ascii(1, if latitude < 0.0 { "S" } else { "N" }),
            (2, 5, 3, degrees(latitude)),
            ascii(3, if longitude < 0.0 { "W" } else { "E" }),
            (4, 5, 3, degrees(longitude)),
        ],
        None => Vec::new(),
    };
    // The main directory, that of the camera, that of the satellites; each as long as it is.
    let length = |fields: &[Field], pointers: usize| {
        let values: usize = fields.iter().map(|field| if field.3.len() > 4 { field.3.len() } else { 0 }).sum();
        2 + 12 * (fields.len() + pointers) + 4 + values
    };
    let camera_at = 8 + length(&main, 2);
    let gps_at = camera_at + length(&camera, 0);
    let directory = |fields: &[Field], pointers: &[(u16, usize)], at: usize| {
        let mut entries = ((fields.len() + pointers.len()) as u16).to_be_bytes().to_vec();
        let mut values: Vec<u8> = Vec::new();
        let begin = at + 2 + 12 * (fields.len() + pointers.len()) + 4;
        for (tag, kind, count, value) in fields {
            entries.extend(tag.to_be_bytes());
            entries.extend(kind.to_be_bytes());
            entries.extend(count.to_be_bytes());
            if value.len() > 4 {
                entries.extend(((begin + values.len()) as u32).to_be_bytes());
                values.extend(value);
            } else {
                let mut short = value.clone();
                short.resize(4, 0);
                entries.extend(short);
            }
        }
        for (tag, to) in pointers {
            entries.extend(tag.to_be_bytes());
            entries.extend([0, 4, 0, 0, 0, 1]);
            entries.extend((*to as u32).to_be_bytes());
        }
        entries.extend([0; 4]);
        entries.extend(values);
        entries
    };
    let mut block = b"Exif\0\0MM\0\x2a\0\0\0\x08".to_vec();
    block.extend(directory(&main, &[(0x8769, camera_at), (0x8825, gps_at)], 8));
    block.extend(directory(&camera, &[], camera_at));
    block.extend(directory(&gps, &[], gps_at));
    let mut bytes = b"\xff\xd8\xff\xe1".to_vec();
    bytes.extend(((block.len() + 2) as u16).to_be_bytes());
    bytes.extend(block);
    bytes.extend(&jpeg[2..]);
    bytes
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn a_sketch_is_a_photo_that_says_what_it_was_told() {
        let jpeg = with_report(&photo(1, 320, 240), "2022:06:13 09:30:00", ("HUAWEI", "P40"), Some((43.5, 118.8)));
        let report = ::evidence::report(&mut Cursor::new(&jpeg)).unwrap();
        assert_eq!(report.taken.unwrap().local.to_string(), "2022-06-13T09:30:00");
        assert_eq!((report.model.as_deref(), report.problems), (Some("P40"), Vec::new()));
        let place = report.place.unwrap();
        assert!((place.latitude - 43.5).abs() < 1e-4 && (place.longitude - 118.8).abs() < 1e-4);
    }

    #[test]
    fn different_seeds_look_different() {
        let looks: Vec<_> = (1..12).map(|seed| clean(&photo(seed, 320, 240)).unwrap().fingerprint.unwrap()).collect();
        for (at, one) in looks.iter().enumerate() {
            for other in &looks[at + 1..] {
                assert!(one.distance(*other) > 12, "{}", one.distance(*other));
            }
        }
    }
}
