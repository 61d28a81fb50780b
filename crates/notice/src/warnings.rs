//! The list of warnings as it grows.

use crate::model::{Code, Warning};

/// Collects warnings; the same remark on the same line is made once.
#[derive(Debug, Default)]
pub(crate) struct Warnings(Vec<Warning>);

/// No more than this many warnings are given.
const MOST: usize = 300;

impl Warnings {
    /// A remark about a line.
    pub(crate) fn add(&mut self, code: Code, line: u32, message: String) {
        self.push(Warning { code, message, line: Some(line) });
    }

    /// A remark about the whole.
    pub(crate) fn about_all(&mut self, code: Code, message: String) {
        self.push(Warning { code, message, line: None });
    }

    fn push(&mut self, w: Warning) {
        if self.0.len() < MOST && !self.0.contains(&w) {
            self.0.push(w);
        }
    }

    /// In the order of the text, remarks about the whole last.
    pub(crate) fn finish(mut self) -> Vec<Warning> {
        self.0.sort_by_key(|w| w.line.unwrap_or(u32::MAX));
        self.0
    }
}
