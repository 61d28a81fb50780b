//! OFD, the national fixed-layout format (GB/T 33190): pages of placed text.
//!
//! `OFD.xml` names documents, a document names pages and template pages, a page is objects in layers. A
//! template (letterhead, frame) counts once, on the first page that uses it; else running heads would be
//! repeated in the text.

use std::collections::{HashMap, HashSet};

use super::layout::{self, Glyph, UNREADABLE};
use crate::{
    Kind, ReadError, TextDocument,
    limits::{MAX_PAGES, MAX_TEXT_CHARS},
    package::Package,
    text::{Format, Lines, ReadWarning},
    xml::{Node, Tag, Xml},
};

const KIND: Kind = Kind::Ofd;

pub(super) fn read(bytes: &[u8]) -> Result<TextDocument, ReadError> {
    let mut package = Package::open(bytes, KIND)?;
    match read_package(&mut package) {
        // An encrypted OFD keeps its directory readable and its parts not.
        Err(ReadError::Broken(_) | ReadError::NoText(_)) if package.mentions("encrypt") => {
            Err(ReadError::Encrypted(Some(KIND)))
        }
        result => result,
    }
}

fn read_package(package: &mut Package<'_>) -> Result<TextDocument, ReadError> {
    let mut lines = Lines::new(KIND);
    let mut reader = PageReader::default();
    let mut number = 0;
    let mut pages_without_text = Vec::new();
    for root in roots(package)? {
        let document = Document::read(package, &root)?;
        let mut used_templates = HashSet::new();
        for page in &document.pages {
            number += 1;
            if number > MAX_PAGES {
                return Err(ReadError::TooMuch(KIND));
            }
            reader.read(package, page)?;
            for template in std::mem::take(&mut reader.templates) {
                if used_templates.insert(template.clone())
                    && let Some(path) = document.templates.get(&template)
                {
                    reader.read(package, path)?;
                }
            }
            let page_lines = layout::lines(std::mem::take(&mut reader.glyphs));
            if std::mem::take(&mut reader.has_image) && page_lines.is_empty() {
                pages_without_text.push(number);
            }
            page_lines.into_iter().try_for_each(|line| lines.push(line))?;
        }
    }
    let Some(lines) = lines.finish() else {
        return Err(if pages_without_text.is_empty() { ReadError::NoText(KIND) } else { ReadError::Scanned(KIND) });
    };
    if reader.unreadable * 2 > reader.chars {
        return Err(ReadError::Unmapped(KIND));
    }
    let mut warnings = Vec::new();
    if !pages_without_text.is_empty() {
        warnings.push(ReadWarning::PagesWithoutText(pages_without_text));
    }
    if reader.unreadable > 0 {
        warnings.push(ReadWarning::UnreadableCharacters(reader.unreadable));
    }
    Ok(TextDocument { format: Format::Ofd, lines, warnings })
}

/// The documents in the package.
fn roots(package: &mut Package<'_>) -> Result<Vec<String>, ReadError> {
    let part = package.part("OFD.xml")?.ok_or(ReadError::Broken(KIND))?;
    let mut xml = Xml::new(part, KIND);
    let mut roots = Vec::new();
    let mut inside = false;
    while let Some(node) = xml.next()? {
        match node {
            Node::Open(tag) => inside = tag.name() == "DocRoot",
            Node::Text(text) if inside => roots.push(resolved("OFD.xml", text.trim())),
            Node::Text(_) => {}
            Node::Close => inside = false,
        }
    }
    Ok(roots)
}

/// Where the pages and templates of a document are.
struct Document {
    pages: Vec<String>,
    templates: HashMap<String, String>,
}

impl Document {
    fn read(package: &mut Package<'_>, path: &str) -> Result<Self, ReadError> {
        let part = package.part(path)?.ok_or(ReadError::Broken(KIND))?;
        let mut xml = Xml::new(part, KIND);
        let mut document = Self { pages: Vec::new(), templates: HashMap::new() };
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            let Some(base) = tag.attr("BaseLoc").map(|base| resolved(path, &base)) else {
                continue;
            };
            match tag.name() {
                "Page" if document.pages.len() > MAX_PAGES => return Err(ReadError::TooMuch(KIND)),
                "Page" => document.pages.push(base),
                "TemplatePage" => {
                    document.templates.insert(tag.attr("ID").unwrap_or_default(), base);
                }
                _ => {}
            }
        }
        Ok(document)
    }
}

/// A path in the package, as written in the part `from`.
fn resolved(from: &str, path: &str) -> String {
    let mut parts: Vec<&str> = if path.starts_with('/') { Vec::new() } else { from.split('/').collect() };
    parts.pop();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[derive(Default)]
struct PageReader {
    glyphs: Vec<Glyph>,
    templates: Vec<String>,
    has_image: bool,
    chars: usize,
    unreadable: usize,
}

/// A text object being read: where its own coordinates lie on the page.
struct TextObject {
    origin: [f32; 2],
    matrix: [f32; 6],
    size: f32,
    /// Where the last text code began; one that says nothing goes on there.
    last: [f32; 2],
}

impl PageReader {
    fn read(&mut self, package: &mut Package<'_>, path: &str) -> Result<(), ReadError> {
        let Some(part) = package.part(path)? else {
            return Err(ReadError::Broken(KIND));
        };
        let mut xml = Xml::new(part, KIND);
        let mut object: Option<TextObject> = None;
        let mut code: Option<(TextCode, String)> = None;
        while let Some(node) = xml.next()? {
            match node {
                Node::Open(tag) => match tag.name() {
                    "Template" => self.templates.extend(tag.attr("TemplateID")),
                    "ImageObject" | "PathObject" | "CompositeObject" => self.has_image = true,
                    "TextObject" => object = TextObject::new(&tag),
                    "TextCode" => {
                        code = object.as_mut().map(|object| (TextCode::new(&tag, object), String::new()));
                    }
                    _ => {}
                },
                Node::Text(text) => {
                    if let Some((_, gathered)) = &mut code {
                        gathered.push_str(&text);
                    }
                }
                Node::Close => {
                    if let (Some((code, text)), Some(object)) = (code.take(), &object) {
                        self.place(object, &code, &text)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn place(&mut self, object: &TextObject, code: &TextCode, text: &str) -> Result<(), ReadError> {
        let [a, b, c, d, e, f] = object.matrix;
        if b.abs() > a.abs() {
            return Ok(()); // Turned: a watermark or a seal, not a line of the text.
        }
        let scale = (a.hypot(b), c.hypot(d));
        let [mut x, mut y] = code.start;
        let mut across = code.across.iter();
        let mut down = code.down.iter();
        for character in text.trim_matches(['\r', '\n']).chars() {
            self.chars += 1;
            if self.chars > MAX_TEXT_CHARS {
                return Err(ReadError::TooMuch(KIND));
            }
            let unreadable = layout::is_unreadable(character);
            self.unreadable += usize::from(unreadable);
            let natural = if character.is_ascii() { object.size / 2.0 } else { object.size };
            let step = across.next().copied();
            self.glyphs.push(Glyph {
                x: a * x + c * y + e + object.origin[0],
                y: b * x + d * y + f + object.origin[1],
                // A step may hold a gap as well: the character itself is no wider than its square.
                width: step.map_or(natural, |step| step.clamp(0.0, object.size)) * scale.0,
                size: object.size * scale.1,
                c: if unreadable { UNREADABLE } else { character },
            });
            x += step.unwrap_or(if code.down.is_empty() { natural } else { 0.0 });
            y += down.next().copied().unwrap_or(0.0);
        }
        Ok(())
    }
}

impl TextObject {
    fn new(tag: &Tag) -> Option<Self> {
        if tag.attr("Visible").is_some_and(|visible| visible == "false") {
            return None;
        }
        let boundary = numbers(&tag.attr("Boundary")?);
        let matrix = numbers(&tag.attr("CTM").unwrap_or_default());
        let size = numbers(&tag.attr("Size").unwrap_or_default()).first().copied();
        Some(Self {
            origin: [*boundary.first()?, *boundary.get(1)?],
            matrix: matrix.try_into().unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
            size: size.or(boundary.get(3).copied()).filter(|size| *size > 0.0).unwrap_or(5.0),
            last: [0.0, 0.0],
        })
    }
}

struct TextCode {
    start: [f32; 2],
    across: Vec<f32>,
    down: Vec<f32>,
}

impl TextCode {
    fn new(tag: &Tag, object: &mut TextObject) -> Self {
        let place = |name, last| tag.attr(name).and_then(|n| n.trim().parse().ok()).unwrap_or(last);
        object.last = [place("X", object.last[0]), place("Y", object.last[1])];
        let steps = |name| steps(&tag.attr(name).unwrap_or_default());
        Self { start: object.last, across: steps("DeltaX"), down: steps("DeltaY") }
    }
}

fn numbers(text: &str) -> Vec<f32> {
    text.split_ascii_whitespace().map_while(|number| number.parse().ok()).take(8).collect()
}

/// Steps between characters: numbers, where `g 3 5.6` is short for `5.6 5.6 5.6`.
fn steps(text: &str) -> Vec<f32> {
    let mut steps = Vec::new();
    let mut words = text.split_ascii_whitespace();
    while let Some(word) = words.next() {
        let (count, step) = match word {
            "g" => (words.next().and_then(|count| count.parse().ok()).unwrap_or(0), words.next().unwrap_or("")),
            step => (1_usize, step),
        };
        let Ok(step) = step.parse::<f32>() else { break };
        // No line on a page has more characters than this.
        let room = 10_000_usize.saturating_sub(steps.len());
        steps.extend(std::iter::repeat_n(step, count.min(room)));
    }
    steps
}
