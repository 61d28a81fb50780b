//! Content streams to operators, one at a time, so that a long page needs no more memory than a short one.

/// An operand. Dictionaries only matter to marked content and are dropped.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand {
    Number(f32),
    Text(Vec<u8>),
    Name(Vec<u8>),
    /// An array, flat: text and numbers, as `TJ` takes.
    Array(Vec<Self>),
}

/// No operator takes more operands; the rest are noise.
const MAX_OPERANDS: usize = 64;

/// Reads a content stream. Damage is skipped, as every viewer does.
pub(super) struct Operators<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Operators<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next operator, after its operands have been put into `operands`.
    pub(super) fn next(&mut self, operands: &mut Vec<Operand>) -> Option<&'a [u8]> {
        operands.clear();
        let mut array: Option<Vec<Operand>> = None;
        loop {
            self.skip_space();
            let operand = match *self.bytes.get(self.at)? {
                b'(' => Some(Operand::Text(self.literal())),
                b'<' if self.peek(1) == Some(b'<') => {
                    self.skip_dictionary();
                    None
                }
                b'<' => Some(Operand::Text(self.hexadecimal())),
                b'/' => Some(Operand::Name(self.name())),
                b'[' => {
                    self.at += 1;
                    array = Some(Vec::new());
                    None
                }
                b']' => {
                    self.at += 1;
                    array.take().map(Operand::Array)
                }
                b'>' | b')' | b'{' | b'}' => {
                    self.at += 1;
                    None
                }
                _ => {
                    let word = self.word();
                    match number(word) {
                        Some(number) => Some(Operand::Number(number)),
                        None if matches!(word, b"true" | b"false" | b"null") => None,
                        None if word == b"BI" => {
                            self.skip_inline_image();
                            return Some(word);
                        }
                        None => return Some(word),
                    }
                }
            };
            match (operand, &mut array) {
                (Some(operand), Some(array)) => array.push(operand),
                (Some(operand), None) if operands.len() < MAX_OPERANDS => operands.push(operand),
                _ => {}
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.peek(0) {
            if byte == b'%' {
                while self.peek(0).is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    fn word(&mut self) -> &'a [u8] {
        let start = self.at;
        // At least one byte, so that the reader always moves on.
        self.at += 1;
        while self.peek(0).is_some_and(|byte| !is_space(byte) && !is_delimiter(byte)) {
            self.at += 1;
        }
        &self.bytes[start..self.at]
    }

    fn name(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut name = Vec::new();
        while let Some(byte) = self.peek(0).filter(|byte| !is_space(*byte) && !is_delimiter(*byte)) {
            let hex = (byte == b'#').then(|| Some(digit(self.peek(1)?)? * 16 + digit(self.peek(2)?)?)).flatten();
            name.push(hex.unwrap_or(byte));
            self.at += if hex.is_some() { 3 } else { 1 };
        }
        name
    }

    fn literal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut text = Vec::new();
        let mut depth = 1;
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            match byte {
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                b'\\' => {
                    self.escape(&mut text);
                    continue;
                }
                _ => {}
            }
            text.push(byte);
        }
        text
    }

    fn escape(&mut self, text: &mut Vec<u8>) {
        let Some(byte) = self.peek(0) else { return };
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\n' => {}
            b'\r' => self.at += usize::from(self.peek(0) == Some(b'\n')),
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(next @ b'0'..=b'7') = self.peek(0) else {
                        break;
                    };
                    code = code * 8 + u32::from(next - b'0');
                    self.at += 1;
                }
                text.push((code & 0xFF) as u8);
            }
            other => text.push(other),
        }
    }

    fn hexadecimal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut text = Vec::new();
        let mut half = None;
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            if byte == b'>' {
                break;
            }
            let Some(value) = digit(byte) else { continue };
            match half.take() {
                Some(high) => text.push(high * 16 + value),
                None => half = Some(value),
            }
        }
        text.extend(half.map(|high| high * 16));
        text
    }

    fn skip_dictionary(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek(0) {
            match (byte, self.peek(1)) {
                (b'<', Some(b'<')) => {
                    depth += 1;
                    self.at += 2;
                }
                (b'>', Some(b'>')) => {
                    depth = depth.saturating_sub(1);
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                (b'(', _) => drop(self.literal()),
                _ => self.at += 1,
            }
        }
    }

    /// Pixels may hold anything; they end at `EI` between white space.
    fn skip_inline_image(&mut self) {
        let rest = &self.bytes[self.at..];
        let end = rest.windows(4).position(|window| {
            is_space(window[0]) && &window[1..3] == b"EI" && (is_space(window[3]) || is_delimiter(window[3]))
        });
        self.at = end.map_or(self.bytes.len(), |end| self.at + end + 3);
    }
}

fn number(word: &[u8]) -> Option<f32> {
    if !matches!(word.first(), Some(b'0'..=b'9' | b'+' | b'-' | b'.')) {
        return None;
    }
    let text = std::str::from_utf8(word).ok()?;
    // Some writers print "--3" or "1.2-3"; viewers take what they can.
    text.parse::<f32>().ok().or(Some(0.0)).filter(|number| number.is_finite())
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operators(content: &[u8]) -> Vec<(Vec<u8>, Vec<Operand>)> {
        let mut reader = Operators::new(content);
        let mut operands = Vec::new();
        let mut found = Vec::new();
        while let Some(operator) = reader.next(&mut operands) {
            found.push((operator.to_vec(), operands.clone()));
        }
        found
    }

    #[test]
    fn operands_stand_before_their_operator() {
        let found = operators(b"/F#31 12 Tf % font\n[(a\\)\\101) -20 <4E0> ] TJ /P <</MCID 0 /A (>>)>> BDC");
        assert_eq!(found[0], (b"Tf".to_vec(), vec![Operand::Name(b"F1".to_vec()), Operand::Number(12.0)]));
        let array = vec![Operand::Text(b"a)A".to_vec()), Operand::Number(-20.0), Operand::Text(vec![0x4E, 0x00])];
        assert_eq!(found[1], (b"TJ".to_vec(), vec![Operand::Array(array)]));
        assert_eq!(found[2], (b"BDC".to_vec(), vec![Operand::Name(b"P".to_vec())]));
    }

    #[test]
    fn the_pixels_of_an_inline_image_are_no_operators() {
        let names: Vec<_> = operators(b"q BI /W 1 ID (Tj EIx\x00 EI Q").into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, [b"q".to_vec(), b"BI".to_vec(), b"Q".to_vec()]);
    }
}
