//! Characters: folding to one form, searching, and reading numerals.
//!
//! All rules work on slices of folded characters; a byte offset never occurs. Folding keeps one character for
//! one, so a position in the folded text is a position in the printed text.

use unicode_normalization::UnicodeNormalization;

/// The folded form of a character; `None` for zero-width and control characters.
pub(crate) fn fold(c: char) -> Option<char> {
    let folded = match c {
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}' => {
            return None;
        }
        '\t' => ' ',
        c if c.is_control() => return None,
        c if c.is_whitespace() => ' ',
        '\u{2460}'..='\u{24ff}' | '…' => c,
        c if c.is_ascii() => c,
        c => {
            let mut nfkc = c.nfkc();
            match (nfkc.next(), nfkc.next()) {
                (Some(one), None) => one,
                _ => c,
            }
        }
    };
    Some(match folded {
        ',' => '，',
        ';' => '；',
        '(' => '（',
        ')' => '）',
        '!' => '！',
        '?' => '？',
        '：' | '∶' | '︰' => ':',
        '"' | '〝' | '〞' | '「' | '」' | '『' | '』' | '‟' | '＂' | '“' | '”' => quote(folded),
        '〈' | '«' | '≪' => '《',
        '〉' | '»' | '≫' => '》',
        '—' | '–' | '―' | '─' | '‐' | '‑' | '−' | '~' | '〜' | '～' | '－' | '━' => '-',
        '•' | '‧' | '∙' | '・' | '･' | '●' | '⋅' => '·',
        '○' | '◯' => '〇',
        '＊' | '﹡' | '※' => '*',
        '。' | '｡' => '。',
        '|' | '｜' | '│' | '┃' => '|',
        c if c.is_whitespace() => ' ',
        c => c,
    })
}

fn quote(c: char) -> char {
    match c {
        '〞' | '」' | '』' | '”' => '”',
        '"' | '＂' => '"',
        _ => '“',
    }
}

/// Whether `pat` stands at `at`.
pub(crate) fn at(t: &[char], at: usize, pat: &str) -> bool {
    (at..).zip(pat.chars()).all(|(i, p)| t.get(i) == Some(&p))
}

/// The first of `pats` that stands at `i`, with its length in characters.
pub(crate) fn at_any<'p>(t: &[char], i: usize, pats: &[&'p str]) -> Option<(&'p str, usize)> {
    // Decoding one character is cheaper than calling a comparison of bytes.
    let first = t.get(i).copied();
    let found = pats.iter().find(|p| p.chars().next() == first && at(t, i, p))?;
    Some((*found, found.chars().count()))
}

/// A long list of words with tables of their first and last characters, so that most places need no look at it.
pub(crate) struct Words {
    words: &'static [&'static str],
    first: [bool; 1024],
    last: [bool; 1024],
}

impl Words {
    /// Makes the tables; usable in a `static`.
    pub(crate) const fn new(words: &'static [&'static str]) -> Self {
        let (mut first, mut last) = ([false; 1024], [false; 1024]);
        let mut w = 0;
        while w < words.len() {
            let b = words[w].as_bytes();
            first[low_bits(b, 0)] = true;
            let mut k = b.len() - 1;
            while b[k] & 0xc0 == 0x80 {
                k -= 1;
            }
            last[low_bits(b, k)] = true;
            w += 1;
        }
        Words { words, first, last }
    }

    /// The first of the words that stands at `i`.
    pub(crate) fn at(&self, t: &[char], i: usize) -> Option<(&'static str, usize)> {
        let c = *t.get(i)?;
        if self.first[c as usize & 1023] { at_any(t, i, self.words) } else { None }
    }

    /// Whether the text ends with one of the words.
    pub(crate) fn end(&self, t: &[char]) -> bool {
        t.last().is_some_and(|c| self.last[*c as usize & 1023]) && ends_any(t, self.words)
    }
}

/// The low ten bits of the character that begins at byte `k`.
const fn low_bits(b: &[u8], k: usize) -> usize {
    let c = b[k] as usize;
    let value = if c < 0x80 {
        c
    } else if c < 0xe0 {
        (c & 0x1f) << 6 | (b[k + 1] as usize & 0x3f)
    } else if c < 0xf0 {
        (c & 0x0f) << 12 | (b[k + 1] as usize & 0x3f) << 6 | (b[k + 2] as usize & 0x3f)
    } else {
        (b[k + 1] as usize & 0x3f) << 12 | (b[k + 2] as usize & 0x3f) << 6 | (b[k + 3] as usize & 0x3f)
    };
    value & 1023
}

/// Where `pat` first occurs at or after `from`.
pub(crate) fn find(t: &[char], from: usize, pat: &str) -> Option<usize> {
    let first = pat.chars().next()?;
    (from..t.len()).find(|&i| t[i] == first && at(t, i, pat))
}

/// The first place where one of `pats` occurs at or after `from`: position and pattern.
pub(crate) fn find_any<'p>(t: &[char], from: usize, pats: &[&'p str]) -> Option<(usize, &'p str)> {
    // A table of the low bits of first characters passes over nearly all of the text.
    let mut table = [false; 256];
    for c in pats.iter().filter_map(|p| p.chars().next()) {
        table[c as usize & 255] = true;
    }
    (from..t.len())
        .find_map(|i| if table[t[i] as usize & 255] { at_any(t, i, pats).map(|(p, _)| (i, p)) } else { None })
}

/// Whether `pat` occurs.
pub(crate) fn has(t: &[char], pat: &str) -> bool {
    find(t, 0, pat).is_some()
}

/// Whether one of `pats` occurs.
pub(crate) fn has_any(t: &[char], pats: &[&str]) -> bool {
    find_any(t, 0, pats).is_some()
}

/// Whether the text ends with one of `pats`.
pub(crate) fn ends_any(t: &[char], pats: &[&str]) -> bool {
    let last = t.last().copied();
    last.is_some()
        && pats.iter().any(|p| {
            p.chars().next_back() == last && p.chars().rev().zip(1..).all(|(c, n)| n <= t.len() && t[t.len() - n] == c)
        })
}

/// Whether the text begins with one of `pats`.
pub(crate) fn starts_any(t: &[char], pats: &[&str]) -> bool {
    at_any(t, 0, pats).is_some()
}

/// The characters of a string.
pub(crate) fn chars(s: &str) -> Vec<char> {
    s.chars().collect()
}

/// The slice as a string.
pub(crate) fn string(t: &[char]) -> String {
    t.iter().collect()
}

/// Whether it is a Chinese character.
pub(crate) fn is_han(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c) || c == '〇'
}

/// ASCII digits at `i`: value and end, for at most `max` digits; `None` if there are none or more than `max`.
pub(crate) fn digits(t: &[char], i: usize, max: usize) -> Option<(u32, usize)> {
    let mut value = 0u32;
    let mut end = i;
    while let Some(d) = t.get(end).and_then(|c| c.to_digit(10)) {
        if end - i == max {
            return None;
        }
        value = value.saturating_mul(10).saturating_add(d);
        end += 1;
    }
    (end > i).then_some((value, end))
}

/// The value of a Chinese digit, 〇 included.
pub(crate) fn han_digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' => 0,
        '一' | '元' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// A Chinese numeral up to 99 at `i` (`十`, `二十一`, `三`): value and end.
pub(crate) fn han_number(t: &[char], i: usize) -> Option<(u32, usize)> {
    let first = *t.get(i)?;
    let digit = |j: usize| t.get(j).copied().filter(|c| *c != '元').and_then(han_digit).filter(|d| *d > 0);
    if first == '十' {
        return Some(match digit(i + 1) {
            Some(d) if t[i + 1] != '两' => (10 + d, i + 2),
            _ => (10, i + 1),
        });
    }
    let tens = digit(i)?;
    if t.get(i + 1) == Some(&'十') && first != '两' {
        return Some(match digit(i + 2) {
            Some(d) if t[i + 2] != '两' => (tens * 10 + d, i + 3),
            _ => (tens * 10, i + 2),
        });
    }
    Some((tens, i + 1))
}

/// A number in ASCII digits or Chinese numerals.
pub(crate) fn number(t: &[char], i: usize, max: usize) -> Option<(u32, usize)> {
    match t.get(i) {
        Some(c) if c.is_ascii_digit() => digits(t, i, max),
        _ => han_number(t, i),
    }
}

/// The end of a bracket group that opens at `i`, one past the closing bracket, looking at most `max` ahead.
pub(crate) fn bracket_end(t: &[char], i: usize, max: usize) -> Option<usize> {
    let (open, close) = match t.get(i)? {
        '（' => ('（', '）'),
        '《' => ('《', '》'),
        '“' => ('“', '”'),
        _ => return None,
    };
    let mut depth = 0usize;
    for (j, c) in t.iter().enumerate().skip(i).take(max) {
        if *c == open {
            depth += 1;
        } else if *c == close {
            depth -= 1;
            if depth == 0 {
                return Some(j + 1);
            }
        }
    }
    None
}

/// Similarity of two texts: Dice on character pairs, punctuation and spaces left out.
pub(crate) fn dice(a: &str, b: &str) -> f64 {
    let pairs = |s: &str| {
        let c: Vec<char> = s.chars().filter(|c| c.is_alphanumeric()).collect();
        let mut p: Vec<(char, char)> = c.windows(2).map(|w| (w[0], w[1])).collect();
        p.sort_unstable();
        p
    };
    let (a, b) = (pairs(a), pairs(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let (mut i, mut j, mut common) = (0, 0, 0usize);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Equal => {
                common += 1;
                i += 1;
                j += 1;
            }
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
        }
    }
    2.0 * common as f64 / (a.len() + b.len()) as f64
}
