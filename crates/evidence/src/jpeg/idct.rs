//! Frequencies to samples, at 8, 4, 2 or 1 samples a side.
//!
//! The lowest n × n of the 64 coefficients of a block are, up to a factor, the coefficients of the same block at n × n
//! samples. The factors are folded into the quantisation table ([`factor`]), so that the transforms below have few of them.

use std::f32::consts::FRAC_1_SQRT_2;

const COS: [f32; 8] = [
    1.0,
    0.980_785_25, // cos(π/16)
    0.923_879_5,
    0.831_469_6,
    FRAC_1_SQRT_2,
    0.555_570_24,
    0.382_683_43,
    0.195_090_32, // cos(7π/16)
];

/// What the coefficient of frequency `k` is multiplied by in each direction before the transform of `n` samples.
pub(super) fn factor(k: usize, n: usize) -> f32 {
    // An orthonormal transform of n samples, and √(n/8) because the block gets smaller.
    let norm = if k == 0 { (1.0 / n as f32).sqrt() } else { (2.0 / n as f32).sqrt() };
    // The middle frequency has cosines of one size only.
    let middle = if n > 1 && k == n / 2 { FRAC_1_SQRT_2 } else { 1.0 };
    norm * middle * (n as f32 / 8.0).sqrt()
}

/// Writes a block at the beginning of `out`. `flat`: only the first coefficient is not zero.
#[inline(always)]
pub(super) fn put(block: &[f32; 128], n: usize, flat: bool, out: &mut [u8], stride: usize) {
    if flat || n == 1 {
        let value = sample(block[0]);
        for row in out.chunks_mut(stride).take(n) {
            row[..n].fill(value);
        }
        return;
    }
    match n {
        2 => two(block, out, stride),
        4 => four(block, out, stride),
        _ => eight(block, out, stride),
    }
}

#[inline(always)]
fn sample(value: f32) -> u8 {
    // `as` saturates, so no clamp is needed.
    (value + 128.5) as u8
}

fn two(block: &[f32; 128], out: &mut [u8], stride: usize) {
    let [a, b, c, d] = [block[0], block[1], block[2], block[3]];
    out[0] = sample(a + b + c + d);
    out[1] = sample(a - b + c - d);
    out[stride] = sample(a + b - c - d);
    out[stride + 1] = sample(a - b - c + d);
}

/// Four samples from four coefficients, in each of the lanes.
#[inline(always)]
fn lanes4<const W: usize>(c: [[f32; W]; 4]) -> [[f32; W]; 4] {
    let mut x = [[0.0; W]; 4];
    for i in 0..W {
        let (e0, e1) = (c[0][i] + c[2][i], c[0][i] - c[2][i]);
        let o0 = c[1][i] * COS[2] + c[3][i] * COS[6];
        let o1 = c[1][i] * COS[6] - c[3][i] * COS[2];
        x[0][i] = e0 + o0;
        x[1][i] = e1 + o1;
        x[2][i] = e1 - o1;
        x[3][i] = e0 - o0;
    }
    x
}

#[inline(always)]
fn turned<const N: usize>(m: [[f32; N]; N]) -> [[f32; N]; N] {
    let mut t = [[0.0; N]; N];
    for (i, row) in m.iter().enumerate() {
        for (j, value) in row.iter().enumerate() {
            t[j][i] = *value;
        }
    }
    t
}

fn four(block: &[f32; 128], out: &mut [u8], stride: usize) {
    let mut rows = [[0.0; 4]; 4];
    for (row, part) in rows.iter_mut().zip(block.chunks_exact(4)) {
        row.copy_from_slice(part);
    }
    let samples = turned(lanes4(turned(lanes4(rows))));
    for (line, row) in out.chunks_mut(stride).zip(samples) {
        let line = &mut line[..4];
        for (to, value) in line.iter_mut().zip(row) {
            *to = sample(value);
        }
    }
}

/// Eight samples from eight coefficients, in each of the lanes: the even ones are a transform of four.
#[inline(always)]
fn lanes8(c: [[f32; 8]; 8]) -> [[f32; 8]; 8] {
    let even = lanes4([c[0], c[2], c[4], c[6]]);
    let odd = [c[1], c[3], c[5], c[7]];
    // cos((2i+1)kπ/16) for k = 1, 3, 5, 7
    const M: [[f32; 4]; 4] = [
        [COS[1], COS[3], COS[5], COS[7]],
        [COS[3], -COS[7], -COS[1], -COS[5]],
        [COS[5], -COS[1], COS[7], COS[3]],
        [COS[7], -COS[5], COS[3], -COS[1]],
    ];
    let mut x = [[0.0; 8]; 8];
    for (i, m) in M.iter().enumerate() {
        for lane in 0..8 {
            let o = odd[0][lane] * m[0] + odd[1][lane] * m[1] + odd[2][lane] * m[2] + odd[3][lane] * m[3];
            x[i][lane] = even[i][lane] + o;
            x[7 - i][lane] = even[i][lane] - o;
        }
    }
    x
}

fn eight(block: &[f32; 128], out: &mut [u8], stride: usize) {
    let mut rows = [[0.0; 8]; 8];
    for (row, part) in rows.iter_mut().zip(block.chunks_exact(8)) {
        row.copy_from_slice(part);
    }
    let samples = turned(lanes8(turned(lanes8(rows))));
    for (line, row) in out.chunks_mut(stride).zip(samples) {
        let line = &mut line[..8];
        for (to, value) in line.iter_mut().zip(row) {
            *to = sample(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The transform as the standard writes it, of the lowest n × n.
    fn slowly(coefficients: &[f32; 64], n: usize) -> Vec<u8> {
        let mut samples = Vec::new();
        for y in 0..n {
            for x in 0..n {
                let mut sum = 0.0f64;
                for v in 0..n {
                    for u in 0..n {
                        let norm = |k: usize| if k == 0 { (1.0 / n as f64).sqrt() } else { (2.0 / n as f64).sqrt() };
                        let cos = |p: usize, k: usize| {
                            ((2 * p + 1) as f64 * k as f64 * std::f64::consts::PI / (2 * n) as f64).cos()
                        };
                        sum += f64::from(coefficients[v * 8 + u]) * norm(u) * norm(v) * cos(x, u) * cos(y, v);
                    }
                }
                samples.push((sum * n as f64 / 8.0 + 128.5).clamp(0.0, 255.0) as u8);
            }
        }
        samples
    }

    #[test]
    fn every_size_is_the_transform_of_the_standard() {
        let mut state = 7u32;
        let mut coefficients = [0.0; 64];
        for (i, c) in coefficients.iter_mut().enumerate() {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *c = ((state >> 16) as f32 / 65536.0 - 0.5) * 900.0 / (1 + i) as f32;
        }
        for n in [1, 2, 4, 8] {
            let mut block = [0.0; 128];
            for v in 0..n {
                for u in 0..n {
                    block[v * n + u] = coefficients[v * 8 + u] * factor(v, n) * factor(u, n);
                }
            }
            let mut out = vec![0; n * n];
            put(&block, n, false, &mut out, n);
            for (a, b) in out.iter().zip(slowly(&coefficients, n)) {
                assert!(a.abs_diff(b) <= 1, "{n}: {out:?}");
            }
        }
    }
}
