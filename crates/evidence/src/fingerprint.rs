//! A fingerprint of 64 bits that stays nearly the same when a picture is saved again, made smaller or a little lighter.
//!
//! # The algorithm, version 1
//!
//! It must not change: fingerprints are kept for years and compared with each other.
//!
//! 1. The brightness of the **upright** thumbnail, averaged over 32 × 32 equal rectangles, times 16, rounded down. A pixel
//!    that lies in two rectangles counts in both by its share; the arithmetic is in whole numbers and exact.
//! 2. A cosine transform: `c(u,v) = Σ m(x,y) · C(u,x) · C(v,y)` with `C(u,x) = round(4096 · cos((2x+1)uπ/64))`.
//! 3. The 64 coefficients after the mean: diagonals `u+v = 1, 2, …`, in each `u` from 0 upwards.
//! 4. Bit `i`, from the lowest, is set when the `i`-th coefficient is greater than the 32nd smallest of the 64.
//!
//! A picture of nearly one brightness has no fingerprint: it would be like any other such picture.
//!
//! Two fingerprints are as far apart as the number of bits in which they differ. Copies of one picture are within a few
//! bits, different pictures around 32. Turned, mirrored or cropped copies are not found.

use std::fmt;

/// The number of rectangles in each direction.
const GRID: usize = 32;

/// The sum of all 64 coefficients, in steps of brightness, under which a picture counts as of one brightness.
const FLAT: i64 = 8;

/// A perceptual fingerprint; see the [module](self).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(pub u64);

impl Fingerprint {
    /// In how many of the 64 bits the two differ.
    pub fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// Of a plane of brightness, upright.
pub(crate) fn of(light: &[u8], width: usize, height: usize) -> Option<Fingerprint> {
    let means = means(light, width, height);
    let cosines: Vec<[i64; GRID]> = (0..GRID / 2)
        .map(|u| {
            std::array::from_fn(|x| {
                let angle = ((2 * x + 1) * u) as f64 * std::f64::consts::PI / (2 * GRID) as f64;
                (angle.cos() * 4096.0).round() as i64
            })
        })
        .collect();
    let coefficient = |u: usize, v: usize| -> i64 {
        let line = |row: &[i64]| -> i64 { row.iter().zip(&cosines[u]).map(|(m, c)| m * c).sum() };
        means.chunks_exact(GRID).zip(&cosines[v]).map(|(row, c)| line(row) * c).sum()
    };
    let places = (1..).flat_map(|diagonal| (0..=diagonal).map(move |u| (u, diagonal - u)));
    let coefficients: Vec<i64> = places.take(64).map(|(u, v)| coefficient(u, v)).collect();

    // A wave of one step of brightness gives 16 · 4096² · 32²/4.
    let unit = 16 * 4096 * 4096 * (GRID * GRID / 4) as i64;
    if coefficients.iter().map(|c| c.abs() / (unit / 256)).sum::<i64>() < FLAT * 256 {
        return None;
    }
    let mut sorted = coefficients.clone();
    sorted.sort_unstable();
    let bits = coefficients.iter().enumerate().map(|(i, c)| u64::from(*c > sorted[31]) << i);
    Some(Fingerprint(bits.fold(0, |all, bit| all | bit)))
}

/// The mean of each rectangle, times 16. Lengths are counted in 32nds of a pixel, so that all shares are whole numbers.
fn means(light: &[u8], width: usize, height: usize) -> Vec<i64> {
    let shares = |cell: usize, length: usize| {
        let (from, to) = (cell * length, (cell + 1) * length);
        (from / GRID..to.div_ceil(GRID)).map(move |p| (p, (to.min((p + 1) * GRID) - from.max(p * GRID)) as u64))
    };
    let mut rows = vec![0u64; height * GRID];
    for (row, out) in light.chunks_exact(width).zip(rows.chunks_exact_mut(GRID)) {
        for (cell, sum) in out.iter_mut().enumerate() {
            *sum = shares(cell, width).map(|(x, share)| u64::from(row[x]) * share).sum();
        }
    }
    let whole = (width * height) as u64;
    let mut means = Vec::with_capacity(GRID * GRID);
    for cell in 0..GRID {
        for x in 0..GRID {
            let sum: u64 = shares(cell, height).map(|(y, share)| rows[y * GRID + x] * share).sum();
            means.push((sum * 16 / whole) as i64);
        }
    }
    means
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: usize, height: usize) -> Vec<u8> {
        (0..width * height)
            .map(|i| {
                let (x, y) = ((i % width) as f64 / width as f64, (i / width) as f64 / height as f64);
                (128.0 + 60.0 * (x * 9.0).sin() + 50.0 * (y * 7.0 + x * 3.0).cos()) as u8
            })
            .collect()
    }

    /// If this fails, every fingerprint that was ever stored is worth nothing.
    #[test]
    fn the_algorithm_is_what_it_was() {
        let fingerprint = of(&picture(120, 90), 120, 90).map(|f| f.to_string());
        assert_eq!(fingerprint.as_deref(), Some("6ad8135b09b64ef2"));
    }

    #[test]
    fn size_does_not_matter() {
        let a = of(&picture(480, 360), 480, 360).unwrap();
        for (w, h) in [(48, 36), (97, 61), (1000, 700)] {
            assert!(a.distance(of(&picture(w, h), w, h).unwrap()) <= 4);
        }
    }

    #[test]
    fn one_brightness_has_no_fingerprint() {
        assert_eq!(of(&[200; 100], 10, 10), None);
        let noisy: Vec<u8> = (0..480 * 360).map(|i| 120 + (i * 7919 % 13 % 3) as u8).collect();
        assert_eq!(of(&noisy, 480, 360), None);
        assert_eq!(of(&[7], 1, 1), None);
    }
}
