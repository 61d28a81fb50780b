//! The coefficients of one block.

use super::bits::{Bits, Huffman};
use super::{Plane, idct};

/// Where the k-th coefficient of a scan stands in the block: row × 8 + column.
const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
    28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
    47, 55, 62, 63,
];

/// Where coefficients that a reduced block does not need are put.
const UNUSED: u8 = 64;

/// Which frequencies a scan holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Band {
    pub from: usize,
    pub to: usize,
    pub high: u8,
    pub low: u8,
}

/// From coded numbers to coefficients of an inverse transform of `n` × `n`.
#[derive(Debug, Clone)]
pub(super) struct Dequant {
    /// By place in the scan: where it goes in the block of `n` × `n`, or [`UNUSED`].
    pub slots: [u8; 64],
    factors: [f32; 64],
}

impl Dequant {
    pub fn new(table: &[u16; 64], n: usize) -> Self {
        let mut dequant = Self { slots: [UNUSED; 64], factors: [0.0; 64] };
        for k in 0..64 {
            let (row, column) = (usize::from(ZIGZAG[k] / 8), usize::from(ZIGZAG[k] % 8));
            if row < n && column < n {
                dequant.slots[k] = (row * n + column) as u8;
                dequant.factors[k] = f32::from(table[k]) * idct::factor(row, n) * idct::factor(column, n);
            }
        }
        dequant
    }
}

/// The difference of a mean brightness to the one before.
#[inline(always)]
pub(super) fn difference(bits: &mut Bits, table: &Huffman) -> Option<i32> {
    bits.refill();
    let size = table.symbol(bits)?;
    (size <= 16).then(|| bits.signed(u32::from(size)))
}

/// Reads a whole block of a sequential scan into `block`, multiplied out. Answers whether it is of one brightness.
#[inline(always)]
pub(super) fn sequential(
    bits: &mut Bits,
    dc: &Huffman,
    ac: &Huffman,
    predicted: &mut i32,
    dequant: &Dequant,
    block: &mut [f32; 128],
) -> Option<bool> {
    *predicted = predicted.wrapping_add(difference(bits, dc)?);
    block[0] = *predicted as f32 * dequant.factors[0];
    let mut flat = true;
    let mut k = 1;
    while k < 64 {
        bits.refill();
        let number = ac.number(bits);
        let value = if number != 0 {
            bits.skip((number & 15) as u32);
            k += (number >> 4 & 15) as usize;
            i32::from(number >> 8)
        } else {
            let symbol = ac.symbol(bits)?;
            let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            if size == 0 {
                if run < 15 {
                    break;
                }
                k += 16;
                continue;
            }
            k += run;
            bits.signed(size)
        };
        if k > 63 {
            return None;
        }
        let slot = dequant.slots[k];
        flat &= slot == UNUSED;
        block[usize::from(slot & 127)] = value as f32 * dequant.factors[k];
        k += 1;
    }
    Some(flat)
}

/// The coefficients of all blocks of a component between progressive scans: the `n` × `n` that are needed, and of all 64
/// whether they are zero, which the later scans must know.
#[derive(Debug)]
pub(super) struct Progress {
    size: usize,
    values: Vec<i16>,
    filled: Vec<u64>,
}

impl Progress {
    pub fn new(blocks: usize, n: usize) -> Self {
        Self { size: n * n, values: vec![0; blocks * n * n], filled: vec![0; blocks] }
    }

    pub fn dc_first(&mut self, index: usize, value: i32, low: u8) {
        self.values[index * self.size] = (value << low) as i16;
    }

    pub fn dc_again(&mut self, index: usize, low: u8, bits: &mut Bits) {
        if bits.take(1) == 1 {
            self.values[index * self.size] |= 1 << low;
        }
    }

    pub fn ac_first(
        &mut self,
        index: usize,
        band: Band,
        slots: &[u8; 64],
        table: &Huffman,
        run: &mut u32,
        bits: &mut Bits,
    ) -> Option<()> {
        if *run > 0 {
            *run -= 1;
            return Some(());
        }
        let mut k = band.from;
        while k <= band.to {
            bits.refill();
            let symbol = table.symbol(bits)?;
            let (zeros, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            if size == 0 {
                if zeros < 15 {
                    *run = (1 << zeros) - 1 + bits.take(zeros as u32) as u32;
                    break;
                }
                k += 16;
                continue;
            }
            k += zeros;
            if k > band.to {
                return None;
            }
            let value = bits.signed(size) << band.low;
            self.set(index, k, slots, value as i16);
            k += 1;
        }
        Some(())
    }

    pub fn ac_again(
        &mut self,
        index: usize,
        band: Band,
        slots: &[u8; 64],
        table: &Huffman,
        run: &mut u32,
        bits: &mut Bits,
    ) -> Option<()> {
        let mut k = band.from;
        if *run == 0 {
            while k <= band.to {
                bits.refill();
                let symbol = table.symbol(bits)?;
                let (mut zeros, size) = (symbol >> 4, symbol & 15);
                let mut value = 0;
                if size > 0 {
                    value = if bits.take(1) == 1 { 1 << band.low } else { -1 << band.low };
                } else if zeros < 15 {
                    *run = (1 << zeros) + bits.take(u32::from(zeros)) as u32;
                    break;
                }
                while k <= band.to {
                    if self.filled[index] >> k & 1 == 1 {
                        self.refine(index, k, slots, band.low, bits);
                    } else if zeros == 0 {
                        if value != 0 {
                            self.set(index, k, slots, value);
                        }
                        k += 1;
                        break;
                    } else {
                        zeros -= 1;
                    }
                    k += 1;
                }
            }
        }
        if *run > 0 {
            while k <= band.to {
                if self.filled[index] >> k & 1 == 1 {
                    self.refine(index, k, slots, band.low, bits);
                }
                k += 1;
            }
            *run -= 1;
        }
        Some(())
    }

    fn set(&mut self, index: usize, k: usize, slots: &[u8; 64], value: i16) {
        self.filled[index] |= 1 << k;
        if slots[k] != UNUSED {
            self.values[index * self.size + usize::from(slots[k])] = value;
        }
    }

    fn refine(&mut self, index: usize, k: usize, slots: &[u8; 64], low: u8, bits: &mut Bits) {
        if bits.take(1) == 1 && slots[k] != UNUSED {
            let value = &mut self.values[index * self.size + usize::from(slots[k])];
            if *value & 1 << low == 0 {
                *value = value.wrapping_add(value.signum().wrapping_mul(1 << low));
            }
        }
    }

    /// All blocks to samples.
    pub fn render(&self, dequant: &Dequant, n: usize, across: usize, plane: &mut Plane) {
        let mut factors = [0.0; 64];
        for (slot, factor) in dequant.slots.iter().zip(&dequant.factors) {
            if *slot != UNUSED {
                factors[usize::from(*slot)] = *factor;
            }
        }
        let mut block = [0.0; 128];
        for (index, values) in self.values.chunks_exact(self.size).enumerate() {
            for ((out, value), factor) in block.iter_mut().zip(values).zip(&factors) {
                *out = f32::from(*value) * factor;
            }
            let flat = values[1..].iter().all(|v| *v == 0);
            let start = (index / across * plane.stride + index % across) * n;
            idct::put(&block, n, flat, &mut plane.data[start..], plane.stride);
        }
    }
}
