//! Text that knows its lines.
//!
//! A [`Text`] holds folded characters without white space, and for each of them the printed character, the line
//! it came from and whether white space stood before it. Joining wrapped lines is [`Text::append`], splitting a
//! one-line notice is [`Text::slice`]; neither ever loses a line number.

use std::ops::Range;

use crate::chars::{fold, is_han};
use crate::model::{Lines, Value};

/// Folded characters with their print and their lines.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Text {
    /// Folded characters, no white space.
    pub(crate) c: Vec<char>,
    raw: Vec<char>,
    line: Vec<u32>,
    gap: Vec<bool>,
    /// White space before the first character, in columns.
    pub(crate) indent: usize,
}

impl Text {
    /// Folds one printed line.
    pub(crate) fn from_line(printed: &str, line: u32) -> Self {
        let mut text = Text::default();
        let mut gap = false;
        let mut open = false;
        for raw in printed.chars() {
            let Some(mut c) = fold(raw) else { continue };
            if c == ' ' {
                gap = true;
                if text.c.is_empty() {
                    text.indent += if raw == '\u{3000}' { 2 } else { 1 };
                }
                continue;
            }
            if c == '"' {
                c = if open { '”' } else { '“' };
                open = !open;
            }
            if c == '，' && raw == ',' && text.c.last().is_some_and(char::is_ascii_digit) {
                c = ',';
            }
            text.c.push(c);
            text.raw.push(raw);
            text.line.push(line);
            text.gap.push(gap);
            gap = false;
        }
        // A comma after a digit groups thousands only when a digit follows.
        for i in 0..text.c.len() {
            if text.c[i] == ',' && !text.c.get(i + 1).is_some_and(char::is_ascii_digit) {
                text.c[i] = '，';
            }
        }
        text
    }

    pub(crate) fn len(&self) -> usize {
        self.c.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.c.is_empty()
    }

    /// Puts `other` behind, as one paragraph.
    pub(crate) fn append(&mut self, other: &Text) {
        self.c.extend_from_slice(&other.c);
        self.raw.extend_from_slice(&other.raw);
        self.line.extend_from_slice(&other.line);
        let from = self.gap.len();
        self.gap.extend_from_slice(&other.gap);
        if let Some(gap) = self.gap.get_mut(from) {
            *gap = false;
        }
    }

    /// A part of it.
    pub(crate) fn slice(&self, r: Range<usize>) -> Text {
        Text {
            c: self.c[r.clone()].to_vec(),
            raw: self.raw[r.clone()].to_vec(),
            line: self.line[r.clone()].to_vec(),
            gap: self.gap[r].to_vec(),
            indent: 0,
        }
    }

    /// Whether white space stood before character `i`.
    pub(crate) fn gap(&self, i: usize) -> bool {
        self.gap.get(i).copied().unwrap_or(false)
    }

    /// First and last line of a part.
    pub(crate) fn lines(&self, r: Range<usize>) -> Lines {
        let last = self.line.len().saturating_sub(1);
        let first = self.line.get(r.start.min(last)).copied().unwrap_or(1);
        let end = self.line.get(r.end.saturating_sub(1).clamp(r.start.min(last), last)).copied();
        [first, end.unwrap_or(first)]
    }

    /// The line of character `i`.
    pub(crate) fn line(&self, i: usize) -> u32 {
        self.lines(i..i + 1)[0]
    }

    /// First and last line of all of it.
    pub(crate) fn all_lines(&self) -> Lines {
        self.lines(0..self.len())
    }

    /// A part as printed, with white space kept only between Latin letters or digits.
    pub(crate) fn printed(&self, r: Range<usize>) -> String {
        let mut out = String::new();
        for i in r.clone() {
            if i > r.start && self.gap[i] && word(self.raw[i - 1]) && word(self.raw[i]) {
                out.push(' ');
            }
            out.push(self.raw[i]);
        }
        out
    }

    /// A part as printed, with single spaces where white space stood between words.
    pub(crate) fn spaced(&self, r: Range<usize>) -> String {
        let mut out = String::new();
        for i in r.clone() {
            if i > r.start && self.gap[i] && (is_han(self.c[i]) || word(self.c[i])) {
                out.push(if is_han(self.c[i]) { '\u{3000}' } else { ' ' });
            }
            out.push(self.raw[i]);
        }
        out
    }

    /// A part as a value with its lines.
    pub(crate) fn value(&self, r: Range<usize>) -> Value {
        Value { value: self.printed(r.clone()), lines: self.lines(r) }
    }

    /// Width in columns: two for a Chinese character, one for others.
    pub(crate) fn width(&self) -> usize {
        self.c.iter().zip(&self.gap).map(|(c, gap)| 1 + usize::from(!c.is_ascii()) + usize::from(*gap)).sum()
    }

    /// Parts between white space.
    pub(crate) fn words(&self) -> Vec<Range<usize>> {
        let mut out = Vec::new();
        let mut from = 0;
        for i in 1..self.len() {
            if self.gap[i] {
                out.push(from..i);
                from = i;
            }
        }
        if from < self.len() {
            out.push(from..self.len());
        }
        out
    }
}

fn word(c: char) -> bool {
    c.is_ascii_alphanumeric()
}
