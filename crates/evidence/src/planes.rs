//! A picture as a plane of brightness and two planes of colour at half the size, the way JPEG keeps it: half the bytes of
//! RGB, and nothing has to be converted between reading and writing.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use jpeg_encoder::{Encoder, ImageBuffer, JpegColorType, SamplingFactor};

use crate::jpeg::Plane;

/// An upright or not yet upright picture. `colour` holds Cb and Cr, each ⌈width/2⌉ × ⌈height/2⌉; grey pictures have none.
#[derive(Debug, Clone)]
pub(crate) struct Planes {
    pub width: usize,
    pub height: usize,
    pub light: Vec<u8>,
    pub colour: Option<[Vec<u8>; 2]>,
}

/// `width` × `height` made to fit into `side` × `side`, never larger than it was.
pub(crate) fn fit(width: usize, height: usize, side: usize) -> (usize, usize) {
    let longer = width.max(height);
    if longer <= side {
        return (width, height);
    }
    let scaled = |length: usize| ((length * side + longer / 2) / longer).max(1);
    (scaled(width), scaled(height))
}

/// Resizes the part of `source` that belongs to the picture.
pub(crate) fn resize(source: &Plane, width: usize, height: usize, filter: FilterType) -> Option<Vec<u8>> {
    if source.width == width as f64 && source.height == height as f64 {
        let rows = source.data.chunks(source.stride).take(height);
        return Some(rows.flat_map(|row| &row[..width]).copied().collect());
    }
    let from = ImageRef::new(source.stride as u32, source.rows as u32, &source.data, PixelType::U8).ok()?;
    let mut to = Image::new(width as u32, height as u32, PixelType::U8);
    let options =
        ResizeOptions::new().crop(0.0, 0.0, source.width, source.height).resize_alg(ResizeAlg::Convolution(filter));
    Resizer::new().resize(&from, &mut to, &options).ok()?;
    Some(to.into_vec())
}

impl Planes {
    /// From planes as the JPEG reader gives them, at `width` × `height`.
    pub fn from_decoded(planes: &[Plane], width: usize, height: usize) -> Option<Self> {
        let light = resize(planes.first()?, width, height, FilterType::Lanczos3)?;
        let (cw, ch) = (width.div_ceil(2), height.div_ceil(2));
        let colour = match planes {
            [_, cb, cr] => {
                Some([resize(cb, cw, ch, FilterType::CatmullRom)?, resize(cr, cw, ch, FilterType::CatmullRom)?])
            }
            _ => None,
        };
        Some(Self { width, height, light, colour })
    }

    /// From RGB, three bytes a pixel; the colours of two by two pixels are averaged.
    pub fn from_rgb(width: usize, height: usize, rgb: &[u8]) -> Self {
        let mut light = Vec::with_capacity(width * height);
        let (mut cb, mut cr) = (Vec::new(), Vec::new());
        for pair in rgb.chunks(width * 6) {
            let rows: Vec<&[u8]> = pair.chunks(width * 3).collect();
            for pixel in pair.chunks_exact(3) {
                let [r, g, b] = [0, 1, 2].map(|i| i32::from(pixel[i]));
                light.push(((19595 * r + 38470 * g + 7471 * b + 0x8000) >> 16) as u8);
            }
            for x in (0..width).step_by(2) {
                let (mut sum, mut count) = ([0i32; 3], 0);
                for row in &rows {
                    for pixel in row[x * 3..].chunks_exact(3).take(2) {
                        for (s, p) in sum.iter_mut().zip(pixel) {
                            *s += i32::from(*p);
                        }
                        count += 1;
                    }
                }
                let [r, g, b] = sum.map(|s| s * 64 / count);
                let half = (128 << 22) + (1 << 21);
                cb.push(((-11059 * r - 21709 * g + 32768 * b + half) >> 22).clamp(0, 255) as u8);
                cr.push(((32768 * r - 27439 * g - 5329 * b + half) >> 22).clamp(0, 255) as u8);
            }
        }
        Self { width, height, light, colour: Some([cb, cr]) }
    }

    /// As RGB, three bytes a pixel.
    pub fn to_rgb(&self) -> Vec<u8> {
        let mut rgb = Vec::with_capacity(self.light.len() * 3);
        let Some([cb, cr]) = &self.colour else {
            return self.light.iter().flat_map(|l| [*l; 3]).collect();
        };
        let half = self.width.div_ceil(2);
        for (y, row) in self.light.chunks(self.width).enumerate() {
            let start = y / 2 * half;
            for (x, light) in row.iter().enumerate() {
                let (l, b, r) =
                    (f32::from(*light), f32::from(cb[start + x / 2]) - 128.0, f32::from(cr[start + x / 2]) - 128.0);
                rgb.push((l + 1.402 * r + 0.5) as u8);
                rgb.push((l - 0.344_136 * b - 0.714_136 * r + 0.5) as u8);
                rgb.push((l + 1.772 * b + 0.5) as u8);
            }
        }
        rgb
    }

    /// At another size.
    pub fn resized(&self, width: usize, height: usize) -> Option<Self> {
        if (width, height) == (self.width, self.height) {
            return Some(self.clone());
        }
        let half = (self.width.div_ceil(2), self.height.div_ceil(2));
        let one = |data: &[u8], (w, h): (usize, usize), (out_w, out_h): (usize, usize)| {
            let from = ImageRef::new(w as u32, h as u32, data, PixelType::U8).ok()?;
            let mut to = Image::new(out_w as u32, out_h as u32, PixelType::U8);
            let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
            Resizer::new().resize(&from, &mut to, &options).ok()?;
            Some(to.into_vec())
        };
        let colour = match &self.colour {
            Some([cb, cr]) => {
                let small = (width.div_ceil(2), height.div_ceil(2));
                Some([one(cb, half, small)?, one(cr, half, small)?])
            }
            None => None,
        };
        Some(Self { width, height, light: one(&self.light, (self.width, self.height), (width, height))?, colour })
    }

    /// Turned as the Exif orientation (1 to 8) asks for; other numbers are 1.
    pub fn turned(self, orientation: u8) -> Self {
        if !(2..=8).contains(&orientation) {
            return self;
        }
        let half = (self.width.div_ceil(2), self.height.div_ceil(2));
        let light = turn(&self.light, self.width, self.height, orientation);
        let colour = self.colour.map(|planes| planes.map(|plane| turn(&plane, half.0, half.1, orientation)));
        let (width, height) = if orientation >= 5 { (self.height, self.width) } else { (self.width, self.height) };
        Self { width, height, light, colour }
    }

    /// As a JPEG without any metadata.
    pub fn encode(&self, quality: u8) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(self.light.len() / 6 + 1024);
        let mut encoder = Encoder::new(&mut out, quality);
        encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
        encoder.encode_image(Rows(self)).ok()?;
        Some(out)
    }
}

/// Turns a plane in squares, so that reading and writing both stay near.
fn turn(plane: &[u8], width: usize, height: usize, orientation: u8) -> Vec<u8> {
    const SQUARE: usize = 32;
    let mut out = vec![0; plane.len()];
    match orientation {
        2 => {
            for (to, from) in out.chunks_exact_mut(width).zip(plane.chunks_exact(width)) {
                to.copy_from_slice(from);
                to.reverse();
            }
        }
        3 => {
            out.copy_from_slice(plane);
            out.reverse();
        }
        4 => {
            for (to, from) in out.chunks_exact_mut(width).zip(plane.chunks_exact(width).rev()) {
                to.copy_from_slice(from);
            }
        }
        _ => {
            // 5: over the main diagonal; 6: a quarter to the right; 7: over the other diagonal; 8: a quarter to the left.
            let (right_to_left, bottom_up) = (matches!(orientation, 6 | 7), matches!(orientation, 7 | 8));
            for top in (0..width).step_by(SQUARE) {
                for left in (0..height).step_by(SQUARE) {
                    for y in top..(top + SQUARE).min(width) {
                        let from_x = if bottom_up { width - 1 - y } else { y };
                        let to = &mut out[y * height..][..height];
                        for (x, pixel) in to.iter_mut().enumerate().take(left + SQUARE).skip(left) {
                            let from_y = if right_to_left { height - 1 - x } else { x };
                            *pixel = plane[from_y * width + from_x];
                        }
                    }
                }
            }
        }
    }
    out
}

struct Rows<'a>(&'a Planes);

impl ImageBuffer for Rows<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        if self.0.colour.is_some() { JpegColorType::Ycbcr } else { JpegColorType::Luma }
    }

    fn width(&self) -> u16 {
        self.0.width as u16
    }

    fn height(&self) -> u16 {
        self.0.height as u16
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let (y, width) = (usize::from(y), self.0.width);
        buffers[0].extend_from_slice(&self.0.light[y * width..][..width]);
        if let Some(planes) = &self.0.colour {
            // The encoder averages two by two again, so each sample is given four times and comes out as it was.
            let half = width.div_ceil(2);
            for (buffer, plane) in buffers[1..].iter_mut().zip(planes) {
                let end = buffer.len() + width;
                buffer.extend(plane[y / 2 * half..][..half].iter().flat_map(|sample| [*sample; 2]));
                buffer.truncate(end);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_enlarged_and_nothing_vanishes() {
        assert_eq!(fit(4032, 3024, 1920), (1920, 1440));
        assert_eq!(fit(3024, 4032, 1920), (1440, 1920));
        assert_eq!(fit(1920, 10, 1920), (1920, 10));
        assert_eq!(fit(65_535, 1, 1920), (1920, 1));
        assert_eq!(fit(1, 1, 480), (1, 1));
    }

    #[test]
    fn orientations_turn_as_exif_says() {
        // 1 2 3
        // 4 5 6, stored so that it has to be turned
        let turned = |o| turn(&[1, 2, 3, 4, 5, 6], 3, 2, o);
        assert_eq!(turned(2), [3, 2, 1, 6, 5, 4]);
        assert_eq!(turned(3), [6, 5, 4, 3, 2, 1]);
        assert_eq!(turned(4), [4, 5, 6, 1, 2, 3]);
        assert_eq!(turned(5), [1, 4, 2, 5, 3, 6]);
        assert_eq!(turned(6), [4, 1, 5, 2, 6, 3]);
        assert_eq!(turned(7), [6, 3, 5, 2, 4, 1]);
        assert_eq!(turned(8), [3, 6, 2, 5, 1, 4]);
    }

    #[test]
    fn colours_come_back() {
        let rgb: Vec<u8> = [[200u8, 30, 40]; 4].concat();
        let back = Planes::from_rgb(2, 2, &rgb).to_rgb();
        assert!(rgb.iter().zip(&back).all(|(a, b)| a.abs_diff(*b) <= 2), "{back:?}");
    }
}
