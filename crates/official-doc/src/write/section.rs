//! Sections: how pages lie, their margins, grid, heads and feet.

use super::{
    geometry::{
        BOTTOM, CHAR_SPACE, FOOTER, LEFT, LINE, PAGE_HEIGHT, PAGE_WIDTH, RIGHT, TOP, TYPE_HEIGHT, TYPE_WIDTH, mm,
    },
    model::Orientation,
    xml::{Attribute, Xml},
};

/// A section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Section {
    pub(super) orientation: Orientation,
    /// It begins on an even page.
    pub(super) even: bool,
    /// Its first page has a head and foot of its own: the lines of a letter, no number.
    pub(super) letter: bool,
    /// It is a form by itself: narrow margins, the number of the page in the middle.
    pub(super) form: bool,
}

/// Relationship ids of heads and feet.
pub(super) const HEAD: &str = "rIdHead";
pub(super) const HEAD_FIRST: &str = "rIdHeadFirst";
pub(super) const FOOT_FIRST: &str = "rIdFootFirst";
pub(super) const FOOT_FORM: &str = "rIdFootForm";

/// Margins of a form by itself: 20 mm on every side.
const FORM_MARGIN: i64 = 1_134;

/// Which foot, by side and by how the page lies.
pub(super) fn foot(orientation: Orientation, even: bool) -> &'static str {
    match (orientation, even) {
        (Orientation::Portrait, false) => "rIdFootOdd",
        (Orientation::Portrait, true) => "rIdFootEven",
        (Orientation::Landscape, false) => "rIdFootOddLandscape",
        (Orientation::Landscape, true) => "rIdFootEvenLandscape",
    }
}

impl Section {
    /// How wide what stands in it may be.
    pub(super) fn room(self) -> i64 {
        match (self.form, self.orientation) {
            (false, Orientation::Portrait) => TYPE_WIDTH,
            (false, Orientation::Landscape) => TYPE_HEIGHT,
            (true, Orientation::Portrait) => PAGE_WIDTH - 2 * FORM_MARGIN,
            (true, Orientation::Landscape) => PAGE_HEIGHT - 2 * FORM_MARGIN,
        }
    }

    pub(super) fn write(&self, xml: &mut Xml) {
        xml.element("w:sectPr", &[], |xml| {
            let mut reference = |name: &str, kind: &str, id: &str| {
                xml.empty(name, &[("w:type", &kind), ("r:id", &id)]);
            };
            reference("w:headerReference", "default", HEAD);
            reference("w:headerReference", "even", HEAD);
            if self.letter {
                reference("w:headerReference", "first", HEAD_FIRST);
            }
            let [odd, even] = match self.form {
                true => [FOOT_FORM; 2],
                false => [false, true].map(|even| foot(self.orientation, even)),
            };
            reference("w:footerReference", "default", odd);
            reference("w:footerReference", "even", even);
            if self.letter {
                reference("w:footerReference", "first", FOOT_FIRST);
            }
            xml.value("w:type", if self.even { "evenPage" } else { "nextPage" });
            // The head of a landscape page lies at the binding side: its margins are the page's, turned [K].
            let (width, height, margins) = match self.orientation {
                Orientation::Portrait => (PAGE_WIDTH, PAGE_HEIGHT, [TOP, RIGHT, BOTTOM, LEFT]),
                Orientation::Landscape => (PAGE_HEIGHT, PAGE_WIDTH, [LEFT, TOP, RIGHT, BOTTOM]),
            };
            let margins = if self.form { [FORM_MARGIN; 4] } else { margins };
            let footer = if self.form { mm(11.0) } else { FOOTER };
            let mut size: Vec<Attribute<'_>> = vec![("w:w", &width), ("w:h", &height)];
            if self.orientation == Orientation::Landscape {
                size.push(("w:orient", &"landscape"));
            }
            xml.empty("w:pgSz", &size);
            let [top, right, bottom, left] = margins;
            let margins: [Attribute<'_>; 7] = [
                ("w:top", &top),
                ("w:right", &right),
                ("w:bottom", &bottom),
                ("w:left", &left),
                ("w:header", &mm(15.0)),
                ("w:footer", &footer),
                ("w:gutter", &0),
            ];
            xml.empty("w:pgMar", &margins);
            xml.empty("w:cols", &[("w:space", &425)]);
            if self.letter {
                xml.empty("w:titlePg", &[]);
            }
            let grid: [Attribute<'_>; 3] =
                [("w:type", &"linesAndChars"), ("w:linePitch", &LINE), ("w:charSpace", &CHAR_SPACE)];
            xml.empty("w:docGrid", &grid);
        });
    }
}
