//! Pictures made by code, for tests, benches and examples.
#![allow(dead_code, clippy::unwrap_used, reason = "each user needs a part of it")]

use std::io::Cursor;

use image::{ExtendedColorType, ImageEncoder, ImageFormat};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

fn hash(x: i32, y: i32, seed: u32) -> f32 {
    let mut h =
        (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77) ^ seed.wrapping_mul(0xc2b2_ae3d);
    h = (h ^ h >> 15).wrapping_mul(0x2c1b_3c6d);
    h = (h ^ h >> 12).wrapping_mul(0x297a_2d39);
    ((h ^ h >> 15) >> 8) as f32 / 16_777_216.0
}

fn noise(x: f32, y: f32, seed: u32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let smooth = |t: f32| t * t * (3.0 - 2.0 * t);
    let (fx, fy) = (smooth(x - left), smooth(y - top));
    let at = |dx, dy| hash(left as i32 + dx, top as i32 + dy, seed);
    let upper = at(0, 0) * (1.0 - fx) + at(1, 0) * fx;
    let lower = at(0, 1) * (1.0 - fx) + at(1, 1) * fx;
    upper * (1.0 - fy) + lower * fy
}

/// A picture with what photos have: large and small shapes, edges, colours, and a little grain. RGB.
pub fn photo(width: usize, height: usize, seed: u32) -> Vec<u8> {
    let mut rgb = Vec::with_capacity(width * height * 3);
    let unit = 4096.0 / width.max(height) as f32; // the same picture at every size
    for y in 0..height {
        for x in 0..width {
            let (fx, fy) = (x as f32 * unit, y as f32 * unit);
            let (mut light, mut part, mut rate) = (0.0, 0.42, 1.0 / 900.0);
            for octave in 0..9 {
                light += part * noise(fx * rate, fy * rate, seed * 16 + octave);
                part *= 0.62;
                rate *= 2.0;
            }
            let wall = if noise(fx / 310.0, fy / 270.0, seed + 99) > 0.55 { 45.0 } else { 0.0 };
            let warm = 40.0 * noise(fx / 160.0, fy / 160.0, seed + 50) - 20.0;
            let grain = hash(x as i32, y as i32, seed + 77) * 9.0 - 4.5;
            let base = 190.0 * light + wall + 25.0 * fy / 4096.0 - 20.0 + grain;
            rgb.extend([base + warm, base * 0.95, base * 0.85 - warm].map(|v| v as u8));
        }
    }
    rgb
}

pub fn jpeg(rgb: &[u8], width: usize, height: usize, quality: u8, progressive: bool) -> Vec<u8> {
    jpeg_with(rgb, width, height, |encoder| {
        encoder.set_quality(quality);
        encoder.set_progressive(progressive);
        encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    })
}

pub fn jpeg_with(rgb: &[u8], width: usize, height: usize, with: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 90);
    with(&mut encoder);
    encoder.encode(rgb, width as u16, height as u16, ColorType::Rgb).unwrap();
    bytes
}

/// By the encoders of the `image` crate.
pub fn encoded(rgb: &[u8], width: usize, height: usize, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image::write_buffer_with_format(&mut bytes, rgb, width as u32, height as u32, ExtendedColorType::Rgb8, format)
        .unwrap();
    bytes.into_inner()
}

/// PNG or lossless WebP with an Exif block.
pub fn encoded_with_exif(rgb: &[u8], width: usize, height: usize, webp: bool, exif: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (w, h) = (width as u32, height as u32);
    if webp {
        let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut bytes);
        encoder.set_exif_metadata(exif.to_vec()).unwrap();
        encoder.write_image(rgb, w, h, ExtendedColorType::Rgb8).unwrap();
    } else {
        let mut encoder = image::codecs::png::PngEncoder::new(&mut bytes);
        encoder.set_exif_metadata(exif.to_vec()).unwrap();
        encoder.write_image(rgb, w, h, ExtendedColorType::Rgb8).unwrap();
    }
    bytes
}

/// An Exif block, big-endian, of ASCII, number and rational fields. Directories: 0 main, 1 Exif, 2 GPS.
#[derive(Default)]
pub struct ExifBlock {
    fields: Vec<(u8, u16, u16, u32, Vec<u8>)>,
}

impl ExifBlock {
    pub fn orientation(orientation: u16) -> Vec<u8> {
        Self::default().short(0, 0x0112, orientation).build()
    }

    pub fn ascii(mut self, directory: u8, tag: u16, text: &str) -> Self {
        let bytes = [text.as_bytes(), b"\0"].concat();
        self.fields.push((directory, tag, 2, bytes.len() as u32, bytes));
        self
    }

    pub fn short(mut self, directory: u8, tag: u16, value: u16) -> Self {
        self.fields.push((directory, tag, 3, 1, value.to_be_bytes().to_vec()));
        self
    }

    pub fn rationals(mut self, directory: u8, tag: u16, values: &[(u32, u32)]) -> Self {
        let bytes = values.iter().flat_map(|(n, d)| [n.to_be_bytes(), d.to_be_bytes()].concat()).collect();
        self.fields.push((directory, tag, 5, values.len() as u32, bytes));
        self
    }

    pub fn build(mut self) -> Vec<u8> {
        for (directory, pointer) in [(1, 0x8769), (2, 0x8825)] {
            if self.fields.iter().any(|f| f.0 == directory) {
                self.fields.push((0, pointer, 4, 1, vec![0; 4]));
            }
        }
        self.fields.sort_by_key(|f| (f.0, f.1));
        let count = |directory| self.fields.iter().filter(|f| f.0 == directory).count();
        let length = |directory| if count(directory) == 0 { 0 } else { 6 + 12 * count(directory) as u32 };
        let starts = [8, 8 + length(0), 8 + length(0) + length(1)];
        let mut data_at = starts[2] + length(2);
        let (mut out, mut data) = (b"MM\0\x2a\0\0\0\x08".to_vec(), Vec::new());
        for directory in 0..3u8 {
            if count(directory) == 0 {
                continue;
            }
            out.extend((count(directory) as u16).to_be_bytes());
            for (_, tag, kind, number, bytes) in self.fields.iter().filter(|f| f.0 == directory) {
                out.extend(tag.to_be_bytes());
                out.extend(kind.to_be_bytes());
                out.extend(number.to_be_bytes());
                match tag {
                    0x8769 => out.extend(starts[1].to_be_bytes()),
                    0x8825 => out.extend(starts[2].to_be_bytes()),
                    _ if bytes.len() <= 4 => out.extend([bytes.as_slice(), &[0; 4]].concat()[..4].iter()),
                    _ => {
                        out.extend(data_at.to_be_bytes());
                        data_at += bytes.len() as u32;
                        data.extend(bytes);
                    }
                }
            }
            out.extend([0; 4]);
        }
        [out, data].concat()
    }
}

/// A JPEG with an Exif block put after its first two bytes.
pub fn with_exif(jpeg: &[u8], block: &[u8]) -> Vec<u8> {
    let length = (block.len() + 8) as u16;
    [&jpeg[..2], &[0xff, 0xe1], &length.to_be_bytes(), b"Exif\0\0", block, &jpeg[2..]].concat()
}

/// Mean structural similarity of two planes of brightness, over windows of 8 × 8 at every fourth pixel.
pub fn ssim(a: &[u8], b: &[u8], width: usize, height: usize) -> f64 {
    let (c1, c2) = ((0.01f64 * 255.0).powi(2), (0.03f64 * 255.0).powi(2));
    let (mut total, mut windows) = (0.0, 0.0);
    for top in (0..=height - 8).step_by(4) {
        for left in (0..=width - 8).step_by(4) {
            let [mut sa, mut sb, mut saa, mut sbb, mut sab] = [0u64; 5];
            for y in top..top + 8 {
                for x in left..left + 8 {
                    let (p, q) = (u64::from(a[y * width + x]), u64::from(b[y * width + x]));
                    sa += p;
                    sb += q;
                    saa += p * p;
                    sbb += q * q;
                    sab += p * q;
                }
            }
            let [ma, mb, maa, mbb, mab] = [sa, sb, saa, sbb, sab].map(|s| s as f64 / 64.0);
            let (va, vb, cov) = (maa - ma * ma, mbb - mb * mb, mab - ma * mb);
            total += (2.0 * ma * mb + c1) * (2.0 * cov + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2));
            windows += 1.0;
        }
    }
    total / windows
}

/// The brightness of an encoded picture.
pub fn light(bytes: &[u8]) -> image::GrayImage {
    image::load_from_memory(bytes).unwrap().to_luma8()
}
