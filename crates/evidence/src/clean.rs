//! From the bytes of a picture to what everybody may see: an upright copy without metadata, a thumbnail, a fingerprint.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use crate::jpeg::{self, Plane};
use crate::planes::{Planes, fit};
use crate::sniff::{Kind, kind_of_head};
use crate::{Fingerprint, colour, fingerprint, report};

/// The longer side of a clean copy, at most.
pub const COPY_SIDE: usize = 1920;
/// The longer side of a thumbnail, at most.
pub const THUMBNAIL_SIDE: usize = 480;
/// A picture of more pixels is not decoded.
pub const MOST_PIXELS: u64 = 100_000_000;

/// Memory a decoder of another format than JPEG may take. JPEG is decoded at reduced size and needs far less.
const MOST_MEMORY: u64 = 512 << 20;
const COPY_QUALITY: u8 = 88;
const THUMBNAIL_QUALITY: u8 = 78;

/// What everybody may see of a picture.
#[derive(Debug, Clone)]
pub struct Clean {
    /// The clean copy, and
    pub copy: Jpeg,
    /// the thumbnail.
    pub thumbnail: Jpeg,
    /// `None` for a picture of nearly one brightness.
    pub fingerprint: Option<Fingerprint>,
    /// What the original is.
    pub kind: Kind,
    /// Width of the original as it is seen, turned upright.
    pub width: u32,
    /// Height of the original as it is seen.
    pub height: u32,
    /// What the copy does not show as the original has it.
    pub notes: Vec<Note>,
}

/// A JPEG without any metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jpeg {
    /// The file.
    pub bytes: Vec<u8>,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// In what a copy differs from the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Note {
    /// The file ends too early or is damaged in the middle; the rest is grey.
    #[error("图片不完整，缺少的部分显示为灰色")]
    Incomplete,
    /// An animation.
    #[error("动态图片，只显示第一帧")]
    FirstFrame,
    /// Transparent parts.
    #[error("透明部分显示为白色")]
    OverWhite,
}

/// Why there is no clean copy. The original is kept all the same; the texts are what the person reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotShown {
    /// No bytes.
    #[error("文件是空的（0 字节），请重新选择或重新拍摄")]
    Empty,
    /// HEIC and its relatives: no free decoder.
    #[error(
        "{0}，原件已保存，但网页上不能显示，可以下载后查看；苹果手机在“设置—相机—格式”里选“兼容性最佳”，以后拍的就能显示"
    )]
    Heif(Kind),
    /// Not a picture of a kind that is shown.
    #[error("{0}，原件已保存，不作为图片显示")]
    NotAPicture(Kind),
    /// More than [`MOST_PIXELS`], or too much memory to decode.
    #[error("图片太大（{width} × {height} 像素），原件已保存，不能显示；请缩小后再传一份")]
    TooLarge {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// A picture whose contents cannot be read.
    #[error("图片已损坏或没有传完整，原件已保存，不能显示；请重新选择或重新拍摄")]
    Damaged,
    /// A sort of the format that is not read.
    #[error("{0}，采用了少见的编码方式，原件已保存，不能显示")]
    Unusual(Kind),
}

impl NotShown {
    /// A stable word for tables, logs and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Heif(_) => "heif",
            Self::NotAPicture(_) => "not_a_picture",
            Self::TooLarge { .. } => "too_large",
            Self::Damaged => "damaged",
            Self::Unusual(_) => "unusual",
        }
    }
}

impl Note {
    /// A stable word for tables, logs and tests.
    pub fn code(self) -> &'static str {
        match self {
            Self::Incomplete => "incomplete",
            Self::FirstFrame => "first_frame",
            Self::OverWhite => "over_white",
        }
    }
}

/// Makes the clean copy, the thumbnail and the fingerprint.
///
/// Never panics and never takes more than the bounds of this module. A picture takes a tenth of a second, so call it off
/// the async threads.
pub fn clean(bytes: &[u8]) -> Result<Clean, NotShown> {
    let kind = kind_of_head(&bytes[..bytes.len().min(4096)]);
    let source = match kind {
        _ if bytes.is_empty() => return Err(NotShown::Empty),
        Kind::Jpeg => from_jpeg(bytes)?,
        Kind::Png => from_others(bytes, kind, ImageFormat::Png)?,
        Kind::WebP => from_others(bytes, kind, ImageFormat::WebP)?,
        Kind::Gif => from_others(bytes, kind, ImageFormat::Gif)?,
        Kind::Bmp => from_others(bytes, kind, ImageFormat::Bmp)?,
        Kind::Tiff => from_others(bytes, kind, ImageFormat::Tiff)?,
        Kind::Heic | Kind::Heif | Kind::Avif => return Err(NotShown::Heif(kind)),
        _ => return Err(NotShown::NotAPicture(kind)),
    };
    let Source { mut planes, orientation, profile, width, height, notes } = source;
    if let (Some(profile), Some(_)) = (&profile, &planes.colour)
        && let Some(rgb) = colour::to_srgb(profile, &planes.to_rgb())
    {
        planes = Planes::from_rgb(planes.width, planes.height, &rgb);
    }
    let planes = planes.turned(orientation);
    let (width, height) = if orientation >= 5 { (height, width) } else { (width, height) };

    let (small_width, small_height) = fit(planes.width, planes.height, THUMBNAIL_SIDE);
    let small = planes.resized(small_width, small_height).ok_or(NotShown::Damaged)?;
    let file = |planes: &Planes, quality| {
        let bytes = planes.encode(quality).ok_or(NotShown::Damaged)?;
        Ok(Jpeg { bytes, width: planes.width as u32, height: planes.height as u32 })
    };
    Ok(Clean {
        copy: file(&planes, COPY_QUALITY)?,
        thumbnail: file(&small, THUMBNAIL_QUALITY)?,
        fingerprint: fingerprint::of(&small.light, small.width, small.height),
        kind,
        width,
        height,
        notes,
    })
}

/// A picture at the size of the copy, as it is stored.
struct Source {
    planes: Planes,
    /// Exif's, 1 to 8.
    orientation: u8,
    profile: Option<Vec<u8>>,
    width: u32,
    height: u32,
    notes: Vec<Note>,
}

fn check_size(width: u32, height: u32) -> Result<(), NotShown> {
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(NotShown::TooLarge { width, height });
    }
    Ok(())
}

fn from_jpeg(bytes: &[u8]) -> Result<Source, NotShown> {
    let header = jpeg::Header::read(bytes).map_err(|_| NotShown::Damaged)?;
    check_size(header.width as u32, header.height as u32)?;
    if !header.ours {
        let mut source = from_others(bytes, Kind::Jpeg, ImageFormat::Jpeg)?;
        if header.components.len() == 4 {
            source.profile = None; // it is for printing inks, and the decoder has made RGB of them
        }
        return Ok(source);
    }
    let (width, height) = fit(header.width, header.height, COPY_SIDE);
    let scales: Vec<usize> = (0..header.components.len())
        .map(|i| match i {
            0 => header.scale_for(i, width, height),
            _ => header.scale_for(i, width.div_ceil(2), height.div_ceil(2)),
        })
        .collect();
    let decoded = jpeg::decode(&header, bytes, &scales).map_err(|_| NotShown::Damaged)?;
    Ok(Source {
        planes: Planes::from_decoded(&decoded.planes, width, height).ok_or(NotShown::Damaged)?,
        orientation: header.exif.and_then(report::orientation_of).unwrap_or(1),
        profile: header.icc,
        width: header.width as u32,
        height: header.height as u32,
        notes: if decoded.complete { Vec::new() } else { vec![Note::Incomplete] },
    })
}

/// Through the decoders of the `image` crate.
fn from_others(bytes: &[u8], kind: Kind, format: ImageFormat) -> Result<Source, NotShown> {
    // The decoders promise not to panic; we do not depend on it.
    catch_unwind(AssertUnwindSafe(|| decode(bytes, kind, format))).unwrap_or(Err(NotShown::Damaged))
}

fn decode(bytes: &[u8], kind: Kind, format: ImageFormat) -> Result<Source, NotShown> {
    let refused = |error| match error {
        image::ImageError::Unsupported(_) => NotShown::Unusual(kind),
        _ => NotShown::Damaged,
    };
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    if width == 0 || height == 0 {
        return Err(NotShown::Damaged);
    }
    let orientation = decoder.orientation().map_or(1, |orientation| orientation.to_exif());
    let profile = decoder.icc_profile().ok().flatten();
    if decoder.total_bytes() > MOST_MEMORY {
        return Err(NotShown::TooLarge { width, height });
    }
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| match error {
        image::ImageError::Limits(_) => NotShown::TooLarge { width, height },
        error => refused(error),
    })?;

    let (out_width, out_height) = fit(width as usize, height as usize, COPY_SIDE);
    let mut notes = Vec::new();
    if animated(bytes, kind) {
        notes.push(Note::FirstFrame);
    }
    let planes = match picture {
        DynamicImage::ImageLuma8(grey) => {
            let plane = Plane {
                data: grey.into_raw(),
                stride: width as usize,
                rows: height as usize,
                width: f64::from(width),
                height: f64::from(height),
            };
            Planes::from_decoded(&[plane], out_width, out_height)
        }
        DynamicImage::ImageRgb8(rgb) => shrink(rgb.as_raw(), (width, height), (out_width, out_height), 3)
            .map(|rgb| Planes::from_rgb(out_width, out_height, &rgb)),
        other if other.color().has_alpha() => {
            let rgba = shrink(other.into_rgba8().as_raw(), (width, height), (out_width, out_height), 4);
            rgba.map(|rgba| {
                if rgba.chunks_exact(4).any(|pixel| pixel[3] != 255) {
                    notes.push(Note::OverWhite);
                }
                Planes::from_rgb(out_width, out_height, &over_white(&rgba))
            })
        }
        other => shrink(other.into_rgb8().as_raw(), (width, height), (out_width, out_height), 3)
            .map(|rgb| Planes::from_rgb(out_width, out_height, &rgb)),
    };
    Ok(Source { planes: planes.ok_or(NotShown::Damaged)?, orientation, profile, width, height, notes })
}

fn shrink(pixels: &[u8], from: (u32, u32), to: (usize, usize), bytes: usize) -> Option<Vec<u8>> {
    use fast_image_resize::images::{Image, ImageRef};
    use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
    if (from.0 as usize, from.1 as usize) == to {
        return Some(pixels.to_vec());
    }
    let kind = if bytes == 3 { PixelType::U8x3 } else { PixelType::U8x4 };
    let source = ImageRef::new(from.0, from.1, pixels, kind).ok()?;
    let mut out = Image::new(to.0 as u32, to.1 as u32, kind);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&source, &mut out, &options).ok()?;
    Some(out.into_vec())
}

fn over_white(rgba: &[u8]) -> Vec<u8> {
    let blend = |value: u8, alpha: u8| {
        let (value, alpha) = (u32::from(value), u32::from(alpha));
        ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
    };
    rgba.chunks_exact(4).flat_map(|p| [blend(p[0], p[3]), blend(p[1], p[3]), blend(p[2], p[3])]).collect()
}

/// Whether a picture has more than one frame.
fn animated(bytes: &[u8], kind: Kind) -> bool {
    match kind {
        Kind::Png => {
            let before_pixels = bytes.windows(4).position(|w| w == b"IDAT").unwrap_or(0);
            bytes[..before_pixels].windows(4).any(|w| w == b"acTL")
        }
        Kind::WebP => bytes.get(12..16) == Some(b"VP8X") && bytes.get(20).is_some_and(|flags| flags & 2 != 0),
        Kind::Gif => gif_has_two_frames(bytes).unwrap_or(false),
        _ => false,
    }
}

fn gif_has_two_frames(bytes: &[u8]) -> Option<bool> {
    let colours = |flags: u8| if flags & 0x80 != 0 { 3 << ((flags & 7) + 1) } else { 0 };
    let mut at = 13 + colours(*bytes.get(10)?);
    let mut frames = 0;
    loop {
        match bytes.get(at)? {
            0x21 => at += 2,
            0x2c => {
                frames += 1;
                if frames == 2 {
                    return Some(true);
                }
                at += 11 + colours(*bytes.get(at + 9)?);
            }
            _ => return Some(false),
        }
        loop {
            let length = usize::from(*bytes.get(at)?);
            at += length + 1;
            if length == 0 {
                break;
            }
        }
    }
}
