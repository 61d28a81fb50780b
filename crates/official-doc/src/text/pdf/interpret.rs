//! Follows the operators of a page and notes where each character is printed.

use std::{collections::HashMap, rc::Rc};

use lopdf::{DecompressError, Dictionary, Document, Error, Object, ObjectId, Stream};

use super::{
    KIND, MAX_PDF_STREAM_BYTES,
    content::{Operand, Operators},
    font::Font,
    layout::{Glyph, UNREADABLE},
    number, resolved,
};
use crate::{
    ReadError,
    limits::{MAX_INFLATED_BYTES, MAX_PDF_OPERATIONS, MAX_TEXT_CHARS},
};

/// Forms may hold forms; no real page goes deeper.
const MAX_FORMS: usize = 12;
/// What drawing a form counts for: unpacking even an empty one takes time.
const FORM_OPERATIONS: usize = 50;
/// Graphics states saved at once.
const MAX_STATES: usize = 256;
/// Levels of the page tree looked through for inherited entries.
const MAX_ANCESTORS: usize = 32;

/// What a page prints.
#[derive(Default)]
pub(super) struct Printed {
    pub(super) glyphs: Vec<Glyph>,
    /// Whether there is a picture on it, or drawing where text might be.
    pub(super) has_picture: bool,
}

pub(super) struct Interpreter<'a> {
    document: &'a Document,
    /// Fonts by where their dictionaries lie in the document, read once for all pages.
    fonts: HashMap<*const Dictionary, Rc<Font>>,
    bytes_left: usize,
    operations: usize,
    pub(super) chars: usize,
    pub(super) unreadable: usize,
}

/// `[a b c d e f]`: x' = ax + cy + e, y' = bx + dy + f.
type Matrix = [f32; 6];
const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f32,
    char_space: f32,
    word_space: f32,
    stretch: f32,
    leading: f32,
    rise: f32,
}

impl<'a> Interpreter<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        Self {
            document,
            fonts: HashMap::new(),
            bytes_left: usize::try_from(MAX_INFLATED_BYTES).unwrap_or(usize::MAX),
            operations: 0,
            chars: 0,
            unreadable: 0,
        }
    }

    pub(super) fn page(&mut self, page: ObjectId) -> Result<Printed, ReadError> {
        let mut printed = Printed::default();
        let Ok(dict) = self.document.get_dictionary(page) else {
            return Ok(printed);
        };
        let limit = self.bytes_left.min(MAX_PDF_STREAM_BYTES);
        let content = self.document.get_page_content_with_limit(page, limit).map_err(|_| ReadError::Bomb(KIND))?;
        self.bytes_left -= content.len().min(self.bytes_left);

        let resources = self.inherited(dict, b"Resources").and_then(|resources| resources.as_dict().ok());
        let turned = self.inherited(dict, b"Rotate").and_then(number).unwrap_or(0.0);
        let matrix = match (turned as i32).rem_euclid(360) {
            90 => [0.0, -1.0, 1.0, 0.0, 0.0, 0.0],
            180 => [-1.0, 0.0, 0.0, -1.0, 0.0, 0.0],
            270 => [0.0, 1.0, -1.0, 0.0, 0.0, 0.0],
            _ => IDENTITY,
        };
        let state = State {
            matrix,
            font: None,
            size: 1.0,
            char_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        self.run(&content, resources, state, 0, &mut printed)?;
        Ok(printed)
    }

    /// An entry of a page or of the nodes of the page tree above it.
    fn inherited(&self, page: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
        let mut node = page;
        for _ in 0..MAX_ANCESTORS {
            if let Ok(object) = node.get_deref(key, self.document) {
                return Some(object);
            }
            node = node.get_deref(b"Parent", self.document).ok()?.as_dict().ok()?;
        }
        None
    }

    fn run(
        &mut self,
        content: &[u8],
        resources: Option<&'a Dictionary>,
        mut state: State,
        depth: usize,
        printed: &mut Printed,
    ) -> Result<(), ReadError> {
        let mut operators = Operators::new(content);
        let mut operands = Vec::new();
        let mut saved: Vec<State> = Vec::new();
        let mut line = IDENTITY;
        let mut text = IDENTITY;
        while let Some(operator) = operators.next(&mut operands) {
            self.operations += 1;
            if self.operations > MAX_PDF_OPERATIONS {
                return Err(ReadError::TooMuch(KIND));
            }
            let n = |index: usize| match operands.get(index) {
                Some(Operand::Number(number)) => *number,
                _ => 0.0,
            };
            match operator {
                b"q" if saved.len() < MAX_STATES => saved.push(state.clone()),
                b"Q" => state = saved.pop().unwrap_or(state),
                b"cm" => state.matrix = times([n(0), n(1), n(2), n(3), n(4), n(5)], state.matrix),
                b"BT" => (line, text) = (IDENTITY, IDENTITY),
                b"Tf" => {
                    if let Some(Operand::Name(name)) = operands.first() {
                        state.font = self.font(resources, name);
                    }
                    state.size = n(1);
                }
                b"Tc" => state.char_space = n(0),
                b"Tw" => state.word_space = n(0),
                b"Tz" => state.stretch = n(0) / 100.0,
                b"TL" => state.leading = n(0),
                b"Ts" => state.rise = n(0),
                b"Td" | b"TD" => {
                    if operator == b"TD" {
                        state.leading = -n(1);
                    }
                    line = times([1.0, 0.0, 0.0, 1.0, n(0), n(1)], line);
                    text = line;
                }
                b"Tm" => {
                    line = [n(0), n(1), n(2), n(3), n(4), n(5)];
                    text = line;
                }
                b"T*" | b"'" | b"\"" => {
                    line = times([1.0, 0.0, 0.0, 1.0, 0.0, -state.leading], line);
                    text = line;
                    if operator == b"\"" {
                        (state.word_space, state.char_space) = (n(0), n(1));
                    }
                    if let Some(Operand::Text(shown)) = operands.last() {
                        self.show(shown, &state, &mut text, printed)?;
                    }
                }
                b"Tj" => {
                    if let Some(Operand::Text(shown)) = operands.last() {
                        self.show(shown, &state, &mut text, printed)?;
                    }
                }
                b"TJ" => {
                    let Some(Operand::Array(parts)) = operands.last() else {
                        continue;
                    };
                    for part in parts {
                        match part {
                            Operand::Text(shown) => self.show(shown, &state, &mut text, printed)?,
                            Operand::Number(back) => {
                                let move_by = -back / 1_000.0 * state.size * state.stretch;
                                text = times([1.0, 0.0, 0.0, 1.0, move_by, 0.0], text);
                            }
                            _ => {}
                        }
                    }
                }
                b"Do" => {
                    if let Some(Operand::Name(name)) = operands.last() {
                        self.draw(resources, name, &state, depth, printed)?;
                    }
                }
                // Letters drawn as shapes are filled paths: a page of nothing else is a picture of text.
                b"BI" | b"f" | b"f*" | b"F" => printed.has_picture = true,
                _ => {}
            }
        }
        Ok(())
    }

    /// Prints a text string and moves on behind it.
    fn show(&mut self, shown: &[u8], state: &State, text: &mut Matrix, printed: &mut Printed) -> Result<(), ReadError> {
        let Some(font) = state.font.clone() else {
            return Ok(());
        };
        for shown in font.show(shown) {
            self.chars += 1;
            if self.chars > MAX_TEXT_CHARS {
                return Err(ReadError::TooMuch(KIND));
            }
            let place = times([1.0, 0.0, 0.0, 1.0, 0.0, state.rise], times(*text, state.matrix));
            let [a, b, c, d, ..] = place;
            let advance = shown.width / 1_000.0 * state.size * state.stretch;
            // Text across the page is a watermark or a seal, not a line.
            if b.abs() <= a.abs() {
                let meaning = shown.text.unwrap_or_else(|| {
                    self.unreadable += 1;
                    UNREADABLE.to_string()
                });
                let count = meaning.chars().count().max(1) as f32;
                let width = advance * a.hypot(b) / count;
                for (index, character) in meaning.chars().enumerate() {
                    let x = place[4] + width * index as f32;
                    printed.glyphs.push(Glyph {
                        x,
                        y: -place[5],
                        width,
                        size: state.size.abs() * c.hypot(d),
                        c: character,
                    });
                }
            }
            let spaces = state.char_space + if shown.is_space { state.word_space } else { 0.0 };
            *text = times([1.0, 0.0, 0.0, 1.0, advance + spaces * state.stretch, 0.0], *text);
        }
        Ok(())
    }

    /// Draws a form, which may hold text, or notes a picture.
    fn draw(
        &mut self,
        resources: Option<&'a Dictionary>,
        name: &[u8],
        state: &State,
        depth: usize,
        printed: &mut Printed,
    ) -> Result<(), ReadError> {
        let object = resources
            .and_then(|resources| resources.get_deref(b"XObject", self.document).ok()?.as_dict().ok())
            .and_then(|objects| objects.get_deref(name, self.document).ok()?.as_stream().ok());
        let Some(form) = object else { return Ok(()) };
        if form.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"Image") {
            printed.has_picture = true;
            return Ok(());
        }
        self.operations += FORM_OPERATIONS;
        if depth >= MAX_FORMS {
            return Ok(());
        }
        let Some(content) = self.unpacked(form)? else {
            return Ok(());
        };
        let matrix = form.dict.get_deref(b"Matrix", self.document).ok().and_then(|matrix| {
            let numbers: Vec<f32> = matrix.as_array().ok()?.iter().filter_map(number).collect();
            numbers.try_into().ok()
        });
        let own = form.dict.get_deref(b"Resources", self.document).ok().and_then(|own| own.as_dict().ok());
        let mut state = state.clone();
        state.matrix = times(matrix.unwrap_or(IDENTITY), state.matrix);
        self.run(&content, own.or(resources), state, depth + 1, printed)
    }

    fn font(&mut self, resources: Option<&'a Dictionary>, name: &[u8]) -> Option<Rc<Font>> {
        let fonts = resources?.get_deref(b"Font", self.document).ok()?.as_dict().ok()?;
        let document = self.document;
        let dict = resolved(document, fonts.get(name).ok()?)?.as_dict().ok()?;
        if let Some(font) = self.fonts.get(&std::ptr::from_ref(dict)) {
            return Some(Rc::clone(font));
        }
        let unpack = |object: &Object| self.unpacked(object.as_stream().ok()?).ok().flatten();
        let font = Rc::new(Font::read(document, dict, unpack));
        self.fonts.insert(std::ptr::from_ref(dict), Rc::clone(&font));
        Some(font)
    }

    /// A stream without its filters, against the budget. `None` if it is damaged.
    fn unpacked(&mut self, stream: &Stream) -> Result<Option<Vec<u8>>, ReadError> {
        match stream.get_plain_content_with_limit(self.bytes_left.min(MAX_PDF_STREAM_BYTES)) {
            Ok(content) => {
                self.bytes_left -= content.len();
                Ok(Some(content))
            }
            Err(Error::Decompress(DecompressError::MemoryLimitExceeded { .. })) => Err(ReadError::Bomb(KIND)),
            Err(_) => Ok(None),
        }
    }
}

/// First `a`, then `b`.
fn times(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}
