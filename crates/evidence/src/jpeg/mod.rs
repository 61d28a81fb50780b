//! A JPEG reader that decodes at reduced size, straight to planes of brightness and colour.
//!
//! A photo of 12 megapixels is needed at 1,920 pixels. JPEG keeps each 8 × 8 block as frequencies; an inverse transform of
//! the lowest 4 × 4, 2 × 2 or 1 × 1 of them gives the block at a half, a quarter or an eighth, without ever making the large
//! picture. Each plane is decoded at the smallest such size that is not smaller than what is wanted.
//!
//! Read here: Huffman-coded baseline, extended and progressive JPEG of 8 bits with one component (grey) or three (YCbCr),
//! any sampling. [`Header::read`] answers `None` in [`Header::ours`] for the others (CMYK, RGB, arithmetic, lossless, 12 bits).
//!
//! ```text
//! mod      markers and tables; what a frame looks like; the scans one after the other
//! bits     the bit stream; Huffman tables
//! blocks   the coefficients of one block, sequential and progressive
//! idct     frequencies to samples at 8, 4, 2 or 1 a side
//! ```

mod bits;
mod blocks;
mod idct;

use bits::{Bits, Huffman};
use blocks::{Band, Dequant, Progress};

/// Scans a progressive picture may have. Cameras and programs write about ten; more only cost time.
const MAX_SCANS: usize = 100;

/// Why a JPEG cannot be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Damaged(pub &'static str);

/// What stands before the first scan.
#[derive(Debug, Clone, Default)]
pub(crate) struct Header {
    pub width: usize,
    pub height: usize,
    pub components: Vec<Component>,
    pub progressive: bool,
    /// The Exif block, from its TIFF header on.
    pub exif: Option<Vec<u8>>,
    /// The colour profile, put together from its parts.
    pub icc: Option<Vec<u8>>,
    /// Whether [`decode`] reads this sort of JPEG.
    pub ours: bool,
    first_scan: usize,
    tables: Tables,
}

/// One component of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Component {
    id: u8,
    /// Sampling, across.
    pub h: usize,
    /// Sampling, down.
    pub v: usize,
    table: usize,
}

/// One decoded plane. `width` and `height` are what the picture covers of it, in samples and parts of a sample; the rest is
/// filling up to whole blocks.
#[derive(Debug, Clone)]
pub(crate) struct Plane {
    pub data: Vec<u8>,
    pub stride: usize,
    pub rows: usize,
    pub width: f64,
    pub height: f64,
}

/// The planes of a picture, and whether all of it was there.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub planes: Vec<Plane>,
    pub complete: bool,
}

#[derive(Debug, Clone, Default)]
struct Tables {
    quant: [Option<[u16; 64]>; 4],
    dc: [Option<Box<Huffman>>; 4],
    ac: [Option<Box<Huffman>>; 4],
    restart: usize,
}

impl Header {
    /// Reads the markers up to the first scan.
    pub fn read(bytes: &[u8]) -> Result<Self, Damaged> {
        if !bytes.starts_with(&[0xff, 0xd8]) {
            return Err(Damaged("no start of image"));
        }
        let mut header = Self::default();
        let mut icc_parts: Vec<(u8, &[u8])> = Vec::new();
        let mut adobe = None;
        let mut frame = None;
        let mut at = 2;
        loop {
            let Some((marker, body, next)) = segment(bytes, at) else {
                if frame.is_none() {
                    return Err(Damaged("no frame"));
                }
                return Err(Damaged("no scan"));
            };
            match marker {
                0xda => {
                    header.first_scan = at;
                    break;
                }
                0xd9 => return Err(Damaged("no scan")),
                0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                    if frame.is_some() {
                        return Err(Damaged("two frames"));
                    }
                    header.frame(body)?;
                    frame = Some((marker, body[0]));
                }
                0xe1 if body.starts_with(b"Exif\0\0") && header.exif.is_none() => {
                    header.exif = Some(body[6..].to_vec())
                }
                0xe2 if body.starts_with(b"ICC_PROFILE\0") && body.len() > 14 => {
                    icc_parts.push((body[12], &body[14..]))
                }
                0xee if body.starts_with(b"Adobe") && body.len() >= 12 => adobe = Some(body[11]),
                _ => header.tables.take(marker, body)?,
            }
            at = next;
        }
        let Some((marker, precision)) = frame else { return Err(Damaged("no frame")) };
        header.progressive = marker == 0xc2;
        let ids: Vec<u8> = header.components.iter().map(|c| c.id).collect();
        let rgb = adobe == Some(0) || ids == *b"RGB";
        header.ours = matches!(marker, 0xc0..=0xc2)
            && precision == 8
            && (header.components.len() == 1 || (header.components.len() == 3 && !rgb));
        icc_parts.sort_by_key(|part| part.0);
        if !icc_parts.is_empty() {
            header.icc = Some(icc_parts.iter().flat_map(|part| part.1).copied().collect());
        }
        Ok(header)
    }

    fn frame(&mut self, body: &[u8]) -> Result<(), Damaged> {
        let [_, h1, h0, w1, w0, count, rest @ ..] = body else { return Err(Damaged("short frame")) };
        self.height = usize::from(u16::from_be_bytes([*h1, *h0]));
        self.width = usize::from(u16::from_be_bytes([*w1, *w0]));
        if self.width == 0 || self.height == 0 || !(1..=4).contains(count) || rest.len() < usize::from(*count) * 3 {
            return Err(Damaged("frame of no size"));
        }
        for part in rest.chunks_exact(3).take(usize::from(*count)) {
            let (h, v) = (usize::from(part[1] >> 4), usize::from(part[1] & 15));
            if !(1..=4).contains(&h) || !(1..=4).contains(&v) || part[2] > 3 {
                return Err(Damaged("odd sampling"));
            }
            if self.components.iter().any(|c| c.id == part[0]) {
                return Err(Damaged("two components of one name"));
            }
            self.components.push(Component { id: part[0], h, v, table: usize::from(part[2]) });
        }
        if let [only] = self.components.as_mut_slice() {
            (only.h, only.v) = (1, 1); // one component is never interleaved: its sampling means nothing
        }
        Ok(())
    }

    fn max_sampling(&self) -> (usize, usize) {
        let h = self.components.iter().map(|c| c.h).max().unwrap_or(1);
        let v = self.components.iter().map(|c| c.v).max().unwrap_or(1);
        (h, v)
    }

    /// Samples a side of each block that give component `index` at least `width` × `height` samples: 1, 2, 4 or 8.
    pub fn scale_for(&self, index: usize, width: usize, height: usize) -> usize {
        let (hmax, vmax) = self.max_sampling();
        let c = &self.components[index];
        let full_w = (self.width * c.h).div_ceil(hmax);
        let full_h = (self.height * c.v).div_ceil(vmax);
        [1, 2, 4].into_iter().find(|n| full_w * n >= width * 8 && full_h * n >= height * 8).unwrap_or(8)
    }
}

impl Tables {
    /// Takes tables and the restart interval; other segments are nothing to us.
    fn take(&mut self, marker: u8, mut body: &[u8]) -> Result<(), Damaged> {
        match marker {
            0xdb => {
                while let [head, rest @ ..] = body {
                    let wide = head >> 4 != 0;
                    let length = if wide { 128 } else { 64 };
                    let (Some(values), slot) = (rest.get(..length), usize::from(head & 15)) else {
                        return Err(Damaged("short quantisation table"));
                    };
                    let mut table = [0; 64];
                    for (k, q) in table.iter_mut().enumerate() {
                        *q = if wide {
                            u16::from_be_bytes([values[2 * k], values[2 * k + 1]])
                        } else {
                            u16::from(values[k])
                        };
                    }
                    *self.quant.get_mut(slot).ok_or(Damaged("odd quantisation table"))? = Some(table);
                    body = &rest[length..];
                }
            }
            0xc4 => {
                while let [head, rest @ ..] = body {
                    let counts: &[u8; 16] = rest.first_chunk().ok_or(Damaged("short Huffman table"))?;
                    let total: usize = counts.iter().map(|c| usize::from(*c)).sum();
                    let symbols = rest.get(16..16 + total).ok_or(Damaged("short Huffman table"))?;
                    let table = Huffman::new(counts, symbols).ok_or(Damaged("wrong Huffman table"))?;
                    let set = if head >> 4 == 0 { &mut self.dc } else { &mut self.ac };
                    let slot = set.get_mut(usize::from(head & 15)).ok_or(Damaged("odd Huffman table"))?;
                    *slot = Some(Box::new(table));
                    body = &rest[16 + total..];
                }
            }
            0xdd => {
                let interval: &[u8; 2] = body.first_chunk().ok_or(Damaged("short restart interval"))?;
                self.restart = usize::from(u16::from_be_bytes(*interval));
            }
            _ => {}
        }
        Ok(())
    }
}

/// The marker at or after `at`, its body, and where the next one may begin. Markers without a body have an empty one.
fn segment(bytes: &[u8], mut at: usize) -> Option<(u8, &[u8], usize)> {
    loop {
        at += bytes.get(at..)?.iter().position(|b| *b == 0xff)?;
        match *bytes.get(at + 1)? {
            0xff => at += 1,
            0x00 | 0x01 | 0xd0..=0xd8 => at += 2,
            0xd9 => return Some((0xd9, &[], at + 2)),
            marker => {
                let length = usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
                return Some((marker, bytes.get(at + 4..at + 2 + length.max(2))?, at + 2 + length.max(2)));
            }
        }
    }
}

/// A component while it is being decoded.
struct Work {
    component: Component,
    /// Samples a side of a block.
    n: usize,
    /// Blocks across and down that belong to the picture: what a scan of this component alone holds.
    own: (usize, usize),
    /// Blocks across of the plane, filled up to whole units.
    across: usize,
    dequant: Option<Dequant>,
    plane: Plane,
    /// Coefficients kept between the scans of a progressive picture.
    progress: Option<Progress>,
    predicted: i32,
    tables: (usize, usize),
}

/// Decodes each component at `scales[i]` samples a side of a block.
pub(crate) fn decode(header: &Header, bytes: &[u8], scales: &[usize]) -> Result<Decoded, Damaged> {
    let (hmax, vmax) = header.max_sampling();
    let units = (header.width.div_ceil(8 * hmax), header.height.div_ceil(8 * vmax));
    let mut works: Vec<Work> = header
        .components
        .iter()
        .zip(scales)
        .map(|(&component, &n)| {
            let (across, down) = (units.0 * component.h, units.1 * component.v);
            let (w, h) = (header.width * component.h, header.height * component.v);
            Work {
                component,
                n,
                own: (w.div_ceil(hmax).div_ceil(8), h.div_ceil(vmax).div_ceil(8)),
                across,
                dequant: None,
                plane: Plane {
                    data: vec![128; across * n * down * n],
                    stride: across * n,
                    rows: down * n,
                    width: (w * n) as f64 / (8 * hmax) as f64,
                    height: (h * n) as f64 / (8 * vmax) as f64,
                },
                progress: header.progressive.then(|| Progress::new(across * down, n)),
                predicted: 0,
                tables: (0, 0),
            }
        })
        .collect();
    let mut tables = header.tables.clone();
    let mut at = header.first_scan;
    let mut complete = true;
    let mut anything = false;
    let mut scans = 0;
    let mut seen = vec![false; works.len()];
    loop {
        let Some((marker, body, next)) = segment(bytes, at) else {
            complete = false; // no end of image
            break;
        };
        at = next;
        match marker {
            0xd9 => break,
            0xda => {
                scans += 1;
                if scans > MAX_SCANS {
                    return Err(Damaged("too many scans"));
                }
                let (chosen, band) = match scan_header(header, &mut works, &tables, body) {
                    Ok(scan) => scan,
                    Err(_) if anything => {
                        complete = false;
                        break;
                    }
                    Err(damaged) => return Err(damaged),
                };
                let mut bits = Bits::new(bytes, at);
                let (done, whole) = scan(&mut works, &chosen, band, &tables, units, &mut bits);
                anything |= done > 0;
                if done > 0 {
                    chosen.iter().for_each(|i| seen[*i] = true);
                }
                at = bits.position();
                if !whole {
                    complete = false;
                    break;
                }
            }
            // Tables between scans; a broken one ends what can be read.
            _ => {
                if tables.take(marker, body).is_err() {
                    complete = false;
                    break;
                }
            }
        }
    }
    if !anything {
        return Err(Damaged("nothing could be decoded"));
    }
    complete &= seen.iter().all(|s| *s);
    for work in &mut works {
        if let (Some(progress), Some(dequant)) = (work.progress.take(), &work.dequant) {
            progress.render(dequant, work.n, work.across, &mut work.plane);
        }
    }
    Ok(Decoded { planes: works.into_iter().map(|w| w.plane).collect(), complete })
}

/// Which components a scan holds, and which frequencies.
fn scan_header(
    header: &Header,
    works: &mut [Work],
    tables: &Tables,
    body: &[u8],
) -> Result<(Vec<usize>, Band), Damaged> {
    let count = usize::from(*body.first().ok_or(Damaged("short scan"))?);
    let (Some(parts), Some(&[from, to, bits])) = (body.get(1..1 + 2 * count), body.get(1 + 2 * count..4 + 2 * count))
    else {
        return Err(Damaged("short scan"));
    };
    let band = Band { from: usize::from(from), to: usize::from(to), high: bits >> 4, low: bits & 15 };
    if header.progressive {
        let dc = band.from == 0;
        if band.to > 63 || band.from > band.to || band.low > 13 || (dc && band.to != 0) || (!dc && count != 1) {
            return Err(Damaged("wrong progressive scan"));
        }
    }
    let mut chosen = Vec::new();
    let mut blocks = 0;
    for part in parts.chunks_exact(2) {
        let index = works.iter().position(|w| w.component.id == part[0]).ok_or(Damaged("unknown component"))?;
        if chosen.contains(&index) {
            return Err(Damaged("a component twice in a scan"));
        }
        chosen.push(index);
        let work = &mut works[index];
        blocks += work.component.h * work.component.v;
        work.tables = (usize::from(part[1] >> 4), usize::from(part[1] & 15));
        let needs_dc = !header.progressive || (band.from == 0 && band.high == 0);
        let needs_ac = !header.progressive || band.from > 0;
        let has = |set: &[Option<Box<Huffman>>; 4], i: usize| set.get(i).is_some_and(Option::is_some);
        if (needs_dc && !has(&tables.dc, work.tables.0)) || (needs_ac && !has(&tables.ac, work.tables.1)) {
            return Err(Damaged("no Huffman table"));
        }
        if work.dequant.is_none() {
            let table = tables.quant[work.component.table].ok_or(Damaged("no quantisation table"))?;
            work.dequant = Some(Dequant::new(&table, work.n));
        }
    }
    if chosen.is_empty() || (chosen.len() > 1 && blocks > 10) {
        return Err(Damaged("wrong number of components in a scan"));
    }
    Ok((chosen, band))
}

/// Decodes one scan. Answers how many units were decoded and whether all were.
fn scan(
    works: &mut [Work],
    chosen: &[usize],
    band: Band,
    tables: &Tables,
    units: (usize, usize),
    bits: &mut Bits,
) -> (usize, bool) {
    for &i in chosen {
        works[i].predicted = 0;
    }
    let alone = chosen.len() == 1;
    let (across, down) = if alone { works[chosen[0]].own } else { units };
    let mut run = 0; // blocks still to be left as they are: progressive only
    let mut until_restart = tables.restart;
    let mut done = 0;
    for y in 0..down {
        for x in 0..across {
            if tables.restart > 0 && until_restart == 0 {
                if !bits.restart() {
                    return (done, false);
                }
                chosen.iter().for_each(|i| works[*i].predicted = 0);
                run = 0;
                until_restart = tables.restart;
            }
            until_restart = until_restart.saturating_sub(1);
            for &i in chosen {
                let work = &mut works[i];
                let (h, v) = if alone { (1, 1) } else { (work.component.h, work.component.v) };
                for by in y * v..y * v + v {
                    for bx in x * h..x * h + h {
                        if work.block(bx, by, band, tables, &mut run, bits).is_none() || bits.starved() {
                            return (done, false);
                        }
                    }
                }
            }
            done += 1;
        }
    }
    (done, true)
}

impl Work {
    /// Decodes one block at (`bx`, `by`). `None`: the data are wrong.
    #[inline]
    fn block(
        &mut self,
        bx: usize,
        by: usize,
        band: Band,
        tables: &Tables,
        run: &mut u32,
        bits: &mut Bits,
    ) -> Option<()> {
        if let Some(progress) = &mut self.progress {
            let slots = &self.dequant.as_ref()?.slots;
            let index = by * self.across + bx;
            if band.from == 0 {
                if band.high == 0 {
                    let table = tables.dc[self.tables.0].as_deref()?;
                    self.predicted = self.predicted.wrapping_add(blocks::difference(bits, table)?);
                    progress.dc_first(index, self.predicted, band.low);
                } else {
                    progress.dc_again(index, band.low, bits);
                }
                return Some(());
            }
            let table = tables.ac[self.tables.1].as_deref()?;
            return if band.high == 0 {
                progress.ac_first(index, band, slots, table, run, bits)
            } else {
                progress.ac_again(index, band, slots, table, run, bits)
            };
        }
        let (dc, ac) = (tables.dc[self.tables.0].as_deref()?, tables.ac[self.tables.1].as_deref()?);
        let mut block = [0.0; 128];
        let flat = blocks::sequential(bits, dc, ac, &mut self.predicted, self.dequant.as_ref()?, &mut block)?;
        let stride = self.plane.stride;
        idct::put(&block, self.n, flat, self.plane.data.get_mut((by * stride + bx) * self.n..)?, stride);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At full size every sample is what another decoder makes of it.
    #[test]
    fn samples_are_those_of_another_decoder() {
        let grey: Vec<u8> = (0..203u32 * 117).map(|i| (i % 203 * i / 203 * 7 % 251) as u8).collect();
        for progressive in [false, true] {
            let mut bytes = Vec::new();
            let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 75);
            encoder.set_progressive(progressive);
            encoder.encode(&grey, 203, 117, jpeg_encoder::ColorType::Luma).unwrap();
            let header = Header::read(&bytes).unwrap();
            assert_eq!((header.width, header.height, header.progressive), (203, 117, progressive));
            let decoded = decode(&header, &bytes, &[8]).unwrap();
            assert!(decoded.complete);
            let theirs = image::load_from_memory(&bytes).unwrap().to_luma8();
            for (ours, theirs) in decoded.planes[0].data.chunks(decoded.planes[0].stride).zip(theirs.rows()) {
                for (a, b) in ours.iter().zip(theirs) {
                    assert!(a.abs_diff(b.0[0]) <= 2, "{a} {}", b.0[0]);
                }
            }
        }
    }
}
