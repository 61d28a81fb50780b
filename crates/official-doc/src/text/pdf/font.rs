//! Codes in a text string to characters and widths.
//!
//! A font says what its codes mean in up to three places, tried in this order: its `ToUnicode` table, its
//! encoding if that is a character set (GBK, UTF-16), and the numbers of Adobe's character collections.

use std::collections::HashMap;

use encoding_rs::{GB18030, WINDOWS_1252};
use hayro_cmap::{BfString, CMap, CMapName, CidFamily, load_embedded};
use lopdf::{Dictionary, Document, Object};

use super::{number, resolved};

/// Longest `/W` array that is read: one entry for every character of a large font.
const MAX_WIDTHS: usize = 70_000;

/// One character of a text string.
pub(super) struct Shown {
    /// What it means; `None` if nothing says.
    pub(super) text: Option<String>,
    /// Its width in thousandths of the font size.
    pub(super) width: f32,
    /// A one-byte space, to which word spacing applies.
    pub(super) is_space: bool,
}

pub(super) struct Font {
    to_unicode: Option<CMap>,
    codes: Codes,
    widths: HashMap<u32, f32>,
    default_width: Option<f32>,
}

enum Codes {
    /// One byte each; what a byte means.
    Bytes(Box<[Option<char>; 256]>),
    /// GBK and its kin: one, two or four bytes.
    Gbk,
    /// Two-byte units of Unicode.
    Utf16,
    /// Two bytes each, numbers of a character collection, through a table if there is one.
    Cids { table: Option<Box<CMap>>, unicode: Option<Box<CMap>> },
}

impl Font {
    /// Reads a font. `stream` unpacks a table within the budget.
    pub(super) fn read(
        document: &Document,
        dict: &Dictionary,
        mut stream: impl FnMut(&Object) -> Option<Vec<u8>>,
    ) -> Self {
        let get = |key: &[u8]| dict.get(key).ok().and_then(|object| resolved(document, object));
        let to_unicode = get(b"ToUnicode").and_then(&mut stream).and_then(|table| CMap::parse(&table, load_embedded));
        let descendant = get(b"DescendantFonts")
            .and_then(|fonts| fonts.as_array().ok()?.first())
            .and_then(|font| resolved(document, font)?.as_dict().ok());
        match descendant {
            Some(descendant) => {
                let (widths, default_width) = cid_widths(document, descendant);
                let codes = composite(document, get(b"Encoding"), descendant, stream);
                Self { to_unicode, codes, widths, default_width }
            }
            None => {
                let (widths, default_width) = simple_widths(document, dict);
                let codes = Codes::Bytes(Box::new(simple(document, get(b"Encoding"))));
                Self { to_unicode, codes, widths, default_width }
            }
        }
    }

    /// The characters of a text string.
    pub(super) fn show(&self, bytes: &[u8]) -> Vec<Shown> {
        let mut shown = Vec::with_capacity(bytes.len() / 2 + 1);
        let mut rest = bytes;
        while let Some(&first) = rest.first() {
            let length = self.code_length(rest).min(rest.len());
            let (code, others) = rest.split_at(length);
            rest = others;
            let value = code.iter().fold(0_u32, |value, byte| value << 8 | u32::from(*byte));
            let text = self.mapped(value).or_else(|| self.meaning(code, value));
            let half = text.as_ref().is_some_and(|text| text.is_ascii());
            let width = self.widths.get(&self.width_key(value)).copied().or(self.default_width);
            shown.push(Shown {
                width: width.unwrap_or(if half { 500.0 } else { 1_000.0 }),
                is_space: length == 1 && first == b' ',
                text,
            });
        }
        shown
    }

    fn code_length(&self, rest: &[u8]) -> usize {
        match self.codes {
            Codes::Bytes(_) => 1,
            Codes::Cids { .. } => 2,
            Codes::Gbk => match rest {
                [0x81..=0xFE, 0x30..=0x39, ..] => 4,
                [0x81..=0xFE, ..] => 2,
                _ => 1,
            },
            Codes::Utf16 => match rest {
                [0xD8..=0xDB, _, 0xDC..=0xDF, _, ..] => 4,
                _ => 2,
            },
        }
    }

    /// By the `ToUnicode` table, unless that says nothing or nonsense.
    fn mapped(&self, value: u32) -> Option<String> {
        text_of(self.to_unicode.as_ref()?, value)
    }

    fn meaning(&self, code: &[u8], value: u32) -> Option<String> {
        match &self.codes {
            Codes::Bytes(table) => table[usize::from(*code.first()?)].map(String::from),
            Codes::Gbk => {
                let text = GB18030.decode_without_bom_handling_and_without_replacement(code)?;
                Some(text.into_owned()).filter(|text| is_meaningful(text))
            }
            Codes::Utf16 => {
                let units: Vec<u16> =
                    code.chunks(2).map(|pair| pair.iter().fold(0, |unit, byte| unit << 8 | u16::from(*byte))).collect();
                String::from_utf16(&units).ok().filter(|text| is_meaningful(text))
            }
            Codes::Cids { table, unicode } => {
                let cid = table.as_ref().map_or(Some(value), |table| table.lookup_cid_code(value, 2))?;
                text_of(unicode.as_ref()?, cid)
            }
        }
    }

    /// What `widths` goes by: bytes in simple fonts, CIDs in composite ones where they are known.
    fn width_key(&self, value: u32) -> u32 {
        match &self.codes {
            Codes::Bytes(_) => value,
            Codes::Cids { table, .. } => {
                table.as_ref().and_then(|table| table.lookup_cid_code(value, 2)).unwrap_or(value)
            }
            // Without the way from characters to CIDs no width is known: the usual ones serve.
            Codes::Gbk | Codes::Utf16 => u32::MAX,
        }
    }
}

fn text_of(table: &CMap, code: u32) -> Option<String> {
    let text = match table.lookup_bf_string(code)? {
        BfString::Char(c) => c.to_string(),
        BfString::String(text) => text,
    };
    Some(text).filter(|text| is_meaningful(text))
}

fn is_meaningful(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(super::layout::is_unreadable)
}

fn composite(
    document: &Document,
    encoding: Option<&Object>,
    descendant: &Dictionary,
    mut stream: impl FnMut(&Object) -> Option<Vec<u8>>,
) -> Codes {
    let name = encoding.and_then(|encoding| encoding.as_name().ok()).unwrap_or(b"");
    let starts = |prefix: &[u8]| name.starts_with(prefix);
    if starts(b"GBK") || starts(b"GB-EUC") || starts(b"GBpc-EUC") {
        return Codes::Gbk;
    }
    if name.windows(4).any(|window| window == b"UCS2") || name.windows(5).any(|window| window == b"UTF16") {
        return Codes::Utf16;
    }
    let table = match encoding {
        Some(Object::Stream(_)) => encoding.and_then(&mut stream).and_then(|table| CMap::parse(&table, load_embedded)),
        _ if starts(b"Identity") || name.is_empty() => None,
        _ => load_embedded(CMapName::from_bytes(name)).and_then(|table| CMap::parse(table, load_embedded)),
    };
    let collection = descendant
        .get_deref(b"CIDSystemInfo", document)
        .and_then(Object::as_dict)
        .map(|info| {
            let text = |key: &[u8]| info.get_deref(key, document).and_then(Object::as_str).unwrap_or(b"");
            CidFamily::from_registry_ordering(text(b"Registry"), text(b"Ordering"))
        })
        .ok();
    let unicode = collection
        .and_then(|family| load_embedded(family.ucs2_cmap()?))
        .and_then(|table| CMap::parse(table, load_embedded));
    Codes::Cids { table: table.map(Box::new), unicode: unicode.map(Box::new) }
}

/// `/W`: `first [w w w]` or `first last w`.
fn cid_widths(document: &Document, font: &Dictionary) -> (HashMap<u32, f32>, Option<f32>) {
    let default = font.get_deref(b"DW", document).ok().and_then(number).unwrap_or(1_000.0);
    let mut widths = HashMap::new();
    let array = font.get_deref(b"W", document).and_then(Object::as_array);
    let mut rest = array.map_or(&[] as &[Object], Vec::as_slice);
    while let [first, second, others @ ..] = rest {
        let first = resolved(document, first).and_then(number).unwrap_or(0.0) as u32;
        let second = resolved(document, second);
        if let Some(Object::Array(list)) = second {
            for (cid, width) in (first..).zip(list.iter().take(MAX_WIDTHS.saturating_sub(widths.len()))) {
                widths.extend(resolved(document, width).and_then(number).map(|width| (cid, width)));
            }
            rest = others;
        } else {
            let [width, others @ ..] = others else { break };
            let last = second.and_then(number).unwrap_or(0.0) as u32;
            let room = u32::try_from(MAX_WIDTHS.saturating_sub(widths.len())).unwrap_or(0);
            if let Some(width) = resolved(document, width).and_then(number) {
                widths.extend((first..=last.min(first.saturating_add(room))).map(|cid| (cid, width)));
            }
            rest = others;
        }
    }
    (widths, Some(default))
}

fn simple_widths(document: &Document, font: &Dictionary) -> (HashMap<u32, f32>, Option<f32>) {
    let get = |key: &[u8]| font.get_deref(key, document).ok();
    // Glyphs of Type 3 fonts are drawn in a space of their own.
    let scale =
        get(b"FontMatrix").and_then(|matrix| number(matrix.as_array().ok()?.first()?)).map_or(1.0, |a| a * 1_000.0);
    let first = get(b"FirstChar").and_then(number).unwrap_or(0.0) as u32;
    let widths = get(b"Widths").and_then(|widths| widths.as_array().ok()).map_or(&[] as &[Object], Vec::as_slice);
    let widths = (first..256).zip(widths);
    (
        widths.filter_map(|(code, width)| Some((code, resolved(document, width).and_then(number)? * scale))).collect(),
        None,
    )
}

/// What the bytes of a simple font mean: Windows Latin, changed by `/Differences`.
fn simple(document: &Document, encoding: Option<&Object>) -> [Option<char>; 256] {
    let mut table: [Option<char>; 256] = std::array::from_fn(|code| {
        let byte = [u8::try_from(code).ok()?];
        WINDOWS_1252.decode_without_bom_handling(&byte).0.chars().next().filter(|c| !c.is_control())
    });
    let differences = encoding
        .and_then(|encoding| encoding.as_dict().ok()?.get_deref(b"Differences", document).ok())
        .and_then(|differences| differences.as_array().ok());
    let mut code = 0_usize;
    for item in differences.map_or(&[] as &[Object], Vec::as_slice) {
        match resolved(document, item) {
            Some(Object::Name(name)) => {
                if let Some(entry) = table.get_mut(code) {
                    *entry = glyph(name);
                }
                code += 1;
            }
            Some(other) => code = number(other).unwrap_or(0.0) as usize,
            None => {}
        }
    }
    table
}

/// A glyph's name: a letter, a word of the list, or `uniXXXX`.
fn glyph(name: &[u8]) -> Option<char> {
    let name = std::str::from_utf8(name).ok()?;
    let name = name.split('.').next().unwrap_or(name);
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return Some(c);
    }
    let hex = name.strip_prefix("uni").or(name.strip_prefix('u'));
    if let Some(c) = hex.and_then(|hex| char::from_u32(u32::from_str_radix(hex, 16).ok()?)) {
        return Some(c);
    }
    GLYPHS.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)
}

const GLYPHS: [(&str, char); 52] = [
    ("space", ' '),
    ("exclam", '!'),
    ("quotedbl", '"'),
    ("numbersign", '#'),
    ("dollar", '$'),
    ("percent", '%'),
    ("ampersand", '&'),
    ("quotesingle", '\''),
    ("parenleft", '('),
    ("parenright", ')'),
    ("asterisk", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("hyphen", '-'),
    ("minus", '-'),
    ("period", '.'),
    ("slash", '/'),
    ("zero", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("colon", ':'),
    ("semicolon", ';'),
    ("less", '<'),
    ("equal", '='),
    ("greater", '>'),
    ("question", '?'),
    ("at", '@'),
    ("bracketleft", '['),
    ("backslash", '\\'),
    ("bracketright", ']'),
    ("asciicircum", '^'),
    ("underscore", '_'),
    ("grave", '`'),
    ("braceleft", '{'),
    ("bar", '|'),
    ("braceright", '}'),
    ("asciitilde", '~'),
    ("quoteleft", '‘'),
    ("quoteright", '’'),
    ("quotedblleft", '“'),
    ("quotedblright", '”'),
    ("bullet", '•'),
    ("periodcentered", '·'),
    ("endash", '–'),
    ("emdash", '—'),
];
