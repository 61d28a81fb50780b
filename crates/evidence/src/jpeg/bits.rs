//! The bit stream of a scan, and Huffman tables.

/// Bits that are looked up at once.
pub(super) const LOOK: u32 = 10;

/// Reads bits, takes out the zero after each 0xFF, and stops at markers. Past the end it gives zeros; see [`Bits::starved`].
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The next bits, from the top. Below `count` there may be bits of bytes not yet counted; they are the right ones.
    buffer: u64,
    count: u32,
    /// Zero bits given because there was nothing left.
    invented: u32,
}

impl<'a> Bits<'a> {
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, buffer: 0, count: 0, invented: 0 }
    }

    /// Makes sure of at least 48 bits.
    #[inline(always)]
    pub fn refill(&mut self) {
        if self.count >= 48 {
            return;
        }
        if let Some(next) = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<8>()) {
            let word = u64::from_be_bytes(*next);
            let inverse = !word; // a byte 0xFF is a zero byte here
            if inverse.wrapping_sub(0x0101_0101_0101_0101) & !inverse & 0x8080_8080_8080_8080 == 0 {
                self.buffer |= word >> self.count;
                let taken = (63 - self.count) / 8;
                self.at += taken as usize;
                self.count += taken * 8;
                return;
            }
        }
        self.refill_slowly();
    }

    #[cold]
    #[inline(never)]
    fn refill_slowly(&mut self) {
        while self.count <= 56 {
            let byte = match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
                (Some(0xff), Some(0x00)) => {
                    self.at += 2;
                    0xff
                }
                (Some(0xff), Some(0xff)) => {
                    self.at += 1;
                    continue;
                }
                (None, _) | (Some(0xff), _) => {
                    self.invented = self.invented.saturating_add(8);
                    0
                }
                (Some(byte), _) => {
                    self.at += 1;
                    *byte
                }
            };
            self.buffer |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    /// The next `n` bits, 1 to 16, left where they are. After [`refill`](Self::refill).
    #[inline(always)]
    pub fn peek(&self, n: u32) -> usize {
        (self.buffer >> (64 - n)) as usize
    }

    /// Leaves `n` bits behind.
    #[inline(always)]
    pub fn skip(&mut self, n: u32) {
        self.buffer <<= n;
        self.count -= n.min(self.count);
    }

    /// Takes `n` bits, 0 to 16.
    #[inline(always)]
    pub fn take(&mut self, n: u32) -> i32 {
        if n == 0 {
            return 0;
        }
        self.refill();
        let value = self.peek(n) as i32;
        self.skip(n);
        value
    }

    /// Takes a number of `n` bits, 0 to 16, whose lower half means negative numbers.
    #[inline(always)]
    pub fn signed(&mut self, n: u32) -> i32 {
        let value = self.take(n);
        if n > 0 && value < 1 << (n - 1) { value - (1 << n) + 1 } else { value }
    }

    /// Whether bits were used that were not in the file.
    #[inline(always)]
    pub fn starved(&self) -> bool {
        self.invented > self.count
    }

    /// Goes past the next restart marker. `false`: another marker, or the end, comes first.
    pub fn restart(&mut self) -> bool {
        loop {
            match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
                (Some(0xff), Some(0xd0..=0xd7)) => {
                    *self = Self::new(self.bytes, self.at + 2);
                    return true;
                }
                (Some(0xff), Some(0x00)) => self.at += 2,
                (Some(0xff), Some(0xff)) => self.at += 1,
                (Some(0xff), _) | (None, _) => return false,
                _ => self.at += 1,
            }
        }
    }

    /// Where to look for the next marker.
    pub fn position(&self) -> usize {
        self.at
    }
}

/// A Huffman table.
#[derive(Debug, Clone)]
pub(super) struct Huffman {
    /// By the next [`LOOK`] bits: length and symbol of the code; 0 = longer.
    codes: Box<[u16; 1 << LOOK]>,
    /// By the next [`LOOK`] bits: value, run and length of a code with its number; 0 = see `codes`.
    numbers: Box<[i16; 1 << LOOK]>,
    /// By length: the first code past this length, moved up to 16 bits.
    past: [u32; 18],
    /// By length: what to add to a code to find its symbol.
    offset: [i32; 17],
    symbols: Vec<u8>,
}

impl Huffman {
    /// `None` for a table with more codes than fit.
    pub fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut table = Self {
            codes: Box::new([0; 1 << LOOK]),
            numbers: Box::new([0; 1 << LOOK]),
            past: [0; 18],
            offset: [0; 17],
            symbols: symbols.to_vec(),
        };
        let (mut code, mut index) = (0u32, 0usize);
        for length in 1..=16u32 {
            let count = usize::from(counts[length as usize - 1]);
            table.offset[length as usize] = index as i32 - code as i32;
            for _ in 0..count {
                if code >= 1 << length {
                    return None;
                }
                if length <= LOOK {
                    let first = (code << (LOOK - length)) as usize;
                    let entry = (length as u16) << 8 | u16::from(symbols[index]);
                    table.codes[first..first + (1 << (LOOK - length))].fill(entry);
                }
                code += 1;
                index += 1;
            }
            table.past[length as usize] = code << (16 - length);
            code <<= 1;
        }
        table.past[17] = u32::MAX;
        for look in 0..1usize << LOOK {
            let entry = table.codes[look];
            let (length, run, size) = (u32::from(entry >> 8), entry >> 4 & 15, u32::from(entry & 15));
            if length == 0 || size == 0 || length + size > LOOK {
                continue;
            }
            let bits = (look >> (LOOK - length - size)) as i32 & ((1 << size) - 1);
            let value = if bits < 1 << (size - 1) { bits - (1 << size) + 1 } else { bits };
            if (-128..128).contains(&value) {
                table.numbers[look] = (value << 8) as i16 | (run << 4) as i16 | (length + size) as i16;
            }
        }
        Some(table)
    }

    /// The next symbol. `None`: no such code. After [`Bits::refill`], of which at most 16 bits are used.
    #[inline(always)]
    pub fn symbol(&self, bits: &mut Bits) -> Option<u8> {
        let entry = self.codes[bits.peek(LOOK) & ((1 << LOOK) - 1)];
        if entry != 0 {
            bits.skip(u32::from(entry >> 8));
            return Some(entry as u8);
        }
        self.long_symbol(bits)
    }

    #[cold]
    fn long_symbol(&self, bits: &mut Bits) -> Option<u8> {
        let next = bits.peek(16) as u32;
        let length = (LOOK as usize + 1..=16).find(|length| next < self.past[*length])?;
        let code = (next >> (16 - length)) as i32;
        bits.skip(length as u32);
        self.symbols.get(usize::try_from(code + self.offset[length]).ok()?).copied()
    }

    /// Value, run and bits of the next code if the whole fits what is looked up at once.
    #[inline(always)]
    pub fn number(&self, bits: &Bits) -> i16 {
        self.numbers[bits.peek(LOOK) & ((1 << LOOK) - 1)]
    }
}
