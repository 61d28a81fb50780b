//! Paragraphs as Word keeps them. The order of elements is the schema's: Word refuses a file with another.

use super::{
    geometry::{LINE, width},
    model::Faces,
    picture::Placed,
    section::Section,
    xml::{Attribute, Xml},
};

/// What a body is made of.
#[allow(clippy::large_enum_variant, reason = "nearly all are paragraphs")]
pub(super) enum Node<'a> {
    Paragraph(Para),
    Table(&'a super::model::Table),
    Imprint(&'a super::model::Imprint),
}

/// A paragraph: its style and where it departs from it.
#[derive(Default)]
pub(super) struct Para {
    pub(super) style: &'static str,
    pub(super) look: Look,
    pub(super) pieces: Vec<Piece>,
    /// The list and the level it is counted in.
    pub(super) list: Option<(usize, usize)>,
    /// It is the last of this section.
    pub(super) section: Option<Section>,
}

/// Properties of a paragraph, of a style or of its own.
#[derive(Default, Clone)]
pub(super) struct Look {
    pub(super) keep_next: bool,
    pub(super) page_break_before: bool,
    pub(super) frame: Option<Frame>,
    /// A red line below, so many points away.
    pub(super) red_line: Option<u32>,
    /// Tab stops: position, kind.
    pub(super) tabs: Vec<(i64, &'static str)>,
    pub(super) off_grid: bool,
    pub(super) before: Option<i64>,
    pub(super) after: Option<i64>,
    pub(super) line: Option<Line>,
    pub(super) left: Option<i64>,
    pub(super) right: Option<i64>,
    /// Indentation of the first line; negative where it hangs.
    pub(super) first: Option<i64>,
    pub(super) jc: Option<&'static str>,
    pub(super) outline: Option<usize>,
}

/// Height of a line.
#[derive(Clone, Copy)]
pub(super) enum Line {
    Exact(i64),
    /// As high as what stands in it.
    Natural,
}

/// A paragraph at a place of its own on the page, in twips from the page's edges.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: i64,
    pub(super) height: i64,
}

/// What a paragraph is made of.
pub(super) enum Piece {
    Text(String, Type),
    /// The number of the page.
    Page(Type),
    Picture(Placed),
}

/// How characters look, where they depart from the style.
#[derive(Default, Clone)]
pub(super) struct Type {
    pub(super) face: Option<Face>,
    pub(super) bold: bool,
    pub(super) color: Option<&'static str>,
    /// Width in per cent.
    pub(super) scale: Option<u32>,
    pub(super) size: Option<u32>,
    pub(super) underlined: bool,
}

/// The faces by their task.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Face {
    Title,
    Text,
    Hei,
    Kai,
    Song,
}

impl Face {
    /// Names for Chinese and for Latin characters.
    pub(super) fn names(self, faces: &Faces) -> (&'static str, &'static str) {
        match self {
            Self::Title => (faces.title, faces.title),
            Self::Text => (faces.text, faces.latin),
            Self::Hei => (faces.hei, faces.hei),
            Self::Kai => (faces.kai, faces.latin),
            Self::Song => (faces.song, faces.song),
        }
    }
}

impl Para {
    pub(super) fn new(style: &'static str) -> Self {
        Self { style, ..Self::default() }
    }

    pub(super) fn text(style: &'static str, text: impl Into<String>) -> Self {
        Self::new(style).with(text, Type::default())
    }

    pub(super) fn with(mut self, text: impl Into<String>, look: Type) -> Self {
        self.pieces.push(Piece::Text(text.into(), look));
        self
    }

    pub(super) fn look(mut self, change: impl FnOnce(&mut Look)) -> Self {
        change(&mut self.look);
        self
    }

    /// Width of its text in 字.
    pub(super) fn width(&self) -> f64 {
        let texts = self.pieces.iter().map(|piece| if let Piece::Text(text, _) = piece { width(text) } else { 0.0 });
        texts.sum()
    }

    /// An empty paragraph of no height to speak of.
    pub(super) fn nothing() -> Self {
        Self::new("Normal").look(|look| {
            look.line = Some(Line::Exact(20));
            look.off_grid = true;
        })
    }

    pub(super) fn write(&self, xml: &mut Xml, faces: &Faces) {
        xml.element("w:p", &[], |xml| {
            xml.element("w:pPr", &[], |xml| {
                xml.value("w:pStyle", self.style);
                self.look.write(xml, self.list);
                if let Some(section) = &self.section {
                    section.write(xml);
                }
            });
            for piece in &self.pieces {
                piece.write(xml, faces);
            }
        });
    }
}

impl Look {
    /// Everything of `w:pPr` between its style and its section.
    pub(super) fn write(&self, xml: &mut Xml, list: Option<(usize, usize)>) {
        if self.keep_next {
            xml.empty("w:keepNext", &[]);
        }
        if self.page_break_before {
            xml.empty("w:pageBreakBefore", &[]);
        }
        if let Some(Frame { x, y, width, height }) = &self.frame {
            let place: [Attribute<'_>; 8] = [
                ("w:w", width),
                ("w:h", height),
                ("w:hRule", &"exact"),
                ("w:wrap", &"around"),
                ("w:vAnchor", &"page"),
                ("w:hAnchor", &"page"),
                ("w:x", x),
                ("w:y", y),
            ];
            xml.empty("w:framePr", &place);
        }
        if let Some((list, level)) = list {
            xml.element("w:numPr", &[], |xml| {
                xml.value("w:ilvl", level);
                xml.value("w:numId", list);
            });
        }
        if let Some(space) = self.red_line {
            xml.element("w:pBdr", &[], |xml| {
                let line: [Attribute<'_>; 4] =
                    [("w:val", &"single"), ("w:sz", &16), ("w:space", &space), ("w:color", &super::geometry::RED)];
                xml.empty("w:bottom", &line);
            });
        }
        if !self.tabs.is_empty() {
            xml.element("w:tabs", &[], |xml| {
                for (position, kind) in &self.tabs {
                    xml.empty("w:tab", &[("w:val", kind), ("w:pos", position)]);
                }
            });
        }
        if self.off_grid {
            xml.value("w:snapToGrid", 0);
        }
        self.write_spacing(xml);
        self.write_indent(xml);
        if let Some(jc) = self.jc {
            xml.value("w:jc", jc);
        }
        if let Some(outline) = self.outline {
            xml.value("w:outlineLvl", outline);
        }
    }

    fn write_spacing(&self, xml: &mut Xml) {
        let mut spacing: Vec<Attribute<'_>> = Vec::new();
        if let Some(before) = &self.before {
            spacing.push(("w:before", before));
        }
        if let Some(after) = &self.after {
            spacing.push(("w:after", after));
        }
        match &self.line {
            Some(Line::Exact(height)) => spacing.extend([("w:line", height as _), ("w:lineRule", &"exact" as _)]),
            Some(Line::Natural) => spacing.extend([("w:line", &240 as _), ("w:lineRule", &"auto" as _)]),
            None => {}
        }
        if !spacing.is_empty() {
            xml.empty("w:spacing", &spacing);
        }
    }

    fn write_indent(&self, xml: &mut Xml) {
        let hanging = self.first.map(|first| -first);
        let mut indent: Vec<Attribute<'_>> = Vec::new();
        if let Some(left) = &self.left {
            indent.push(("w:left", left));
        }
        if let Some(right) = &self.right {
            indent.push(("w:right", right));
        }
        match (&self.first, &hanging) {
            (Some(_), Some(hanging)) if *hanging > 0 => indent.push(("w:hanging", hanging)),
            (Some(first), _) => indent.push(("w:firstLine", first)),
            _ => {}
        }
        if !indent.is_empty() {
            xml.empty("w:ind", &indent);
        }
    }
}

impl Piece {
    fn write(&self, xml: &mut Xml, faces: &Faces) {
        match self {
            Self::Text(text, look) => {
                xml.element("w:r", &[], |xml| {
                    look.write_run(xml, faces);
                    characters(xml, text);
                });
            }
            Self::Page(look) => {
                xml.element("w:fldSimple", &[("w:instr", &" PAGE ")], |xml| {
                    xml.element("w:r", &[], |xml| {
                        look.write_run(xml, faces);
                        characters(xml, "1");
                    });
                });
            }
            Self::Picture(placed) => xml.element("w:r", &[], |xml| placed.write(xml)),
        }
    }
}

/// Text with its tabs and line feeds as the elements they are.
fn characters(xml: &mut Xml, text: &str) {
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            xml.empty("w:br", &[]);
        }
        for (index, piece) in line.split('\t').enumerate() {
            if index > 0 {
                xml.empty("w:tab", &[]);
            }
            if !piece.is_empty() {
                xml.text("w:t", &[("xml:space", &"preserve")], piece);
            }
        }
    }
}

impl Type {
    fn write_run(&self, xml: &mut Xml, faces: &Faces) {
        xml.element("w:rPr", &[], |xml| {
            match self.face {
                Some(face) => write_face(xml, face, faces),
                // Quotation marks and dashes are Chinese ones, whatever stands beside them.
                None => xml.empty("w:rFonts", &[("w:hint", &"eastAsia")]),
            }
            self.write_rest(xml);
        });
    }

    /// Everything of `w:rPr`, for a style.
    pub(super) fn write_style(&self, xml: &mut Xml, faces: &Faces) {
        if let Some(face) = self.face {
            write_face(xml, face, faces);
        }
        self.write_rest(xml);
    }

    fn write_rest(&self, xml: &mut Xml) {
        if self.bold {
            xml.empty("w:b", &[]);
        }
        if let Some(color) = self.color {
            xml.value("w:color", color);
        }
        if let Some(scale) = self.scale {
            xml.value("w:w", scale);
        }
        if let Some(size) = self.size {
            xml.value("w:sz", size);
            xml.value("w:szCs", size);
        }
        if self.underlined {
            xml.value("w:u", "single");
        }
    }
}

/// The faces of a style or run.
fn write_face(xml: &mut Xml, face: Face, faces: &Faces) {
    let (chinese, latin) = face.names(faces);
    let names: [Attribute<'_>; 5] =
        [("w:hint", &"eastAsia"), ("w:ascii", &latin), ("w:hAnsi", &latin), ("w:eastAsia", &chinese), ("w:cs", &latin)];
    xml.empty("w:rFonts", &names);
}

/// The line of the grid.
pub(super) const GRID_LINE: Line = Line::Exact(LINE);
