//! Whether a picture looks like one of a screen.

use exif::{Exif, In, Tag, Value};

use super::Report;

/// Why a picture looks like one of a screen. A hint for a person: a photo that went through a messenger has lost its data
/// and may have the size of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Screenshot {
    /// The file says so.
    Said,
    /// No data of a camera, and the size of a screen.
    ScreenSize,
}

/// Shorter sides of the screens of phones and tablets; their longer side is 1.7 to 2.4 times that.
const PHONES: [u32; 30] = [
    640, 720, 750, 828, 1080, 1116, 1125, 1140, 1170, 1179, 1200, 1206, 1212, 1216, 1220, 1224, 1228, 1240, 1242, 1256,
    1260, 1264, 1272, 1280, 1284, 1290, 1312, 1316, 1320, 1440,
];

/// Screens of computers.
const COMPUTERS: [(u32, u32); 12] = [
    (1280, 800),
    (1366, 768),
    (1440, 900),
    (1536, 864),
    (1600, 900),
    (1680, 1050),
    (1920, 1080),
    (1920, 1200),
    (2560, 1440),
    (2560, 1600),
    (2880, 1800),
    (3840, 2160),
];

pub(super) fn judge(report: &Report, exif: Option<&Exif>) -> Option<Screenshot> {
    let says = |text: &str| {
        let text = text.to_lowercase();
        ["screenshot", "screen shot", "screencap", "snipping", "snipaste", "截屏", "截图"]
            .iter()
            .any(|w| text.contains(w))
    };
    if report.software.as_deref().is_some_and(says) {
        return Some(Screenshot::Said);
    }
    if let Some(exif) = exif {
        for tag in [Tag::UserComment, Tag::ImageDescription] {
            let bytes = match exif.get_field(tag, In::PRIMARY).map(|f| &f.value) {
                Some(Value::Undefined(bytes, _)) => bytes.get(8..).unwrap_or_default(),
                Some(Value::Ascii(parts)) => parts.first().map_or(&[][..], Vec::as_slice),
                _ => continue,
            };
            if says(&String::from_utf8_lossy(&bytes[..bytes.len().min(200)])) {
                return Some(Screenshot::Said);
            }
        }
        let camera = [Tag::Make, Tag::Model, Tag::ExposureTime, Tag::FNumber, Tag::FocalLength, Tag::DateTimeOriginal];
        if camera.into_iter().any(|tag| exif.get_field(tag, In::PRIMARY).is_some()) {
            return None;
        }
    }
    let (width, height) = (report.width?, report.height?);
    let (short, long) = (width.min(height), width.max(height));
    let phone = PHONES.contains(&short) && long * 10 >= short * 17 && long * 10 <= short * 24;
    let computer = COMPUTERS.contains(&(width, height));
    (phone || computer).then_some(Screenshot::ScreenSize)
}
