//! Heads and feet of pages: page numbers, the watermark of a draft, the lines of a letter.

use super::{
    geometry::{DOUBLE_LINE, FOOTER, FOOTER_LINE, LEFT, PAGE_HEIGHT, RED, SIZE_4, TYPE_WIDTH, emu},
    model::{Faces, Orientation},
    node::{Para, Piece, Type},
    styles::W,
    xml::{Attribute, Xml},
};

const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const V: &str = "urn:schemas-microsoft-com:vml";
const O: &str = "urn:schemas-microsoft-com:office:office";
const MC: &str = "http://schemas.openxmlformats.org/markup-compatibility/2006";
const WP: &str = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing";
const WPS: &str = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape";
const A: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";

fn part(root: &str, inside: impl FnOnce(&mut Xml)) -> Vec<u8> {
    let namespaces: [Attribute<'_>; 8] = [
        ("xmlns:w", &W),
        ("xmlns:r", &R),
        ("xmlns:v", &V),
        ("xmlns:o", &O),
        ("xmlns:mc", &MC),
        ("xmlns:wp", &WP),
        ("xmlns:wps", &WPS),
        ("xmlns:a", &A),
    ];
    Xml::part(root, &namespaces, inside)
}

/// — 1 —: odd pages on the right, even ones on the left, a 字 from the edge \[K\]. On a page that lies across it stands
/// where it does on the others when the page is turned \[K\].
pub(super) fn foot(orientation: Orientation, even: bool, faces: &Faces) -> Vec<u8> {
    let indent = i64::from(SIZE_4) * 10;
    let mut number = Para::new("Footer").with("— ", Type::default()).look(|look| {
        look.jc = Some(if even { "left" } else { "right" });
        look.left = even.then_some(indent);
        look.right = (!even).then_some(indent);
    });
    number.pieces.push(Piece::Page(Type::default()));
    let number = number.with(" —", Type::default());
    part("w:ftr", |xml| match orientation {
        Orientation::Portrait => number.write(xml, faces),
        Orientation::Landscape => xml.element("w:p", &[], |xml| {
            xml.element("w:pPr", &[], |xml| xml.value("w:pStyle", "Footer"));
            let place = Place { x: FOOTER * 635, y: LEFT * 635, width: FOOTER_LINE * 635, height: TYPE_WIDTH * 635 };
            xml.element("w:r", &[], |xml| {
                anchored(xml, 9_101 + usize::from(even), "页码", place, |xml| {
                    xml.empty("wps:cNvSpPr", &[("txBox", &1)]);
                    xml.element("wps:spPr", &[], |xml| {
                        place.write(xml);
                        xml.empty("a:noFill", &[]);
                        xml.element("a:ln", &[], |xml| xml.empty("a:noFill", &[]));
                    });
                    xml.element("wps:txbx", &[], |xml| {
                        xml.element("w:txbxContent", &[], |xml| number.write(xml, faces));
                    });
                    let body: [Attribute<'_>; 6] = [
                        ("vert", &"vert"),
                        ("wrap", &"square"),
                        ("lIns", &0),
                        ("tIns", &0),
                        ("rIns", &0),
                        ("bIns", &0),
                    ];
                    xml.empty("wps:bodyPr", &body);
                });
            });
        }),
    })
}

/// The number of a form's page, in the middle.
pub(super) fn form_foot(faces: &Faces) -> Vec<u8> {
    let mut number = Para::new("Footer").with("— ", Type::default()).look(|look| look.jc = Some("center"));
    number.pieces.push(Piece::Page(Type::default()));
    let number = number.with(" —", Type::default());
    part("w:ftr", |xml| number.write(xml, faces))
}

/// The foot of a letter's first page: no number \[K\].
pub(super) fn empty_foot(faces: &Faces) -> Vec<u8> {
    part("w:ftr", |xml| Para::new("Footer").write(xml, faces))
}

/// The head of every page: nothing, or the watermark. With `letter_line`, the lines of a letter's first page too.
pub(super) fn head(watermark: Option<&str>, letter_line: Option<i64>, faces: &Faces) -> Vec<u8> {
    let _ = faces;
    part("w:hdr", |xml| {
        xml.element("w:p", &[], |xml| {
            xml.element("w:pPr", &[], |xml| xml.value("w:pStyle", "Header"));
            if let Some(text) = watermark {
                xml.element("w:r", &[], |xml| {
                    xml.element("w:pict", &[], |xml| write_watermark(xml, text));
                });
            }
            if let Some(line) = letter_line {
                for (number, (top, height)) in letter_lines(line).into_iter().enumerate() {
                    xml.element("w:r", &[], |xml| red_bar(xml, number + 1, top, height));
                }
            }
        });
    })
}

/// Both lines of a letter, 170 mm long: thick above thin below the mark, thin above thick 20 mm from the lower edge
/// of the page \[K\]. Top and height in EMU.
fn letter_lines(line: i64) -> [(i64, i64); 4] {
    let (thick, thin) = (emu(0.9), emu(0.3));
    let gap = emu(DOUBLE_LINE) - thick - thin;
    let upper = line * 635;
    let lower = PAGE_HEIGHT * 635 - emu(20.0) - thick;
    [(upper, thick), (upper + thick + gap, thin), (lower - gap - thin, thin), (lower, thick)]
}

/// A red bar over 170 mm in the middle of the page.
fn red_bar(xml: &mut Xml, number: usize, top: i64, height: i64) {
    let place = Place { x: emu(20.0), y: top, width: emu(170.0), height };
    anchored(xml, 9_000 + number, "红线", place, |xml| {
        xml.empty("wps:cNvSpPr", &[]);
        xml.element("wps:spPr", &[], |xml| {
            place.write(xml);
            xml.element("a:solidFill", &[], |xml| xml.empty("a:srgbClr", &[("val", &RED)]));
            xml.element("a:ln", &[], |xml| xml.empty("a:noFill", &[]));
        });
        xml.empty("wps:bodyPr", &[]);
    });
}

/// A place on the page, in EMU.
#[derive(Clone, Copy)]
struct Place {
    x: i64,
    y: i64,
    width: i64,
    height: i64,
}

impl Place {
    fn extent(&self) -> [Attribute<'_>; 2] {
        [("cx", &self.width), ("cy", &self.height)]
    }

    /// The rectangle it is.
    fn write(&self, xml: &mut Xml) {
        xml.element("a:xfrm", &[], |xml| {
            xml.empty("a:off", &[("x", &0), ("y", &0)]);
            xml.empty("a:ext", &self.extent());
        });
        xml.element("a:prstGeom", &[("prst", &"rect")], |xml| xml.empty("a:avLst", &[]));
    }
}

/// A shape at a place on the page, behind the text.
fn anchored(xml: &mut Xml, id: usize, name: &str, place: Place, shape: impl FnOnce(&mut Xml)) {
    let name = format!("{name} {id}");
    let anchor: [Attribute<'_>; 10] = [
        ("distT", &0),
        ("distB", &0),
        ("distL", &0),
        ("distR", &0),
        ("simplePos", &0),
        ("relativeHeight", &id),
        ("behindDoc", &1),
        ("locked", &0),
        ("layoutInCell", &1),
        ("allowOverlap", &1),
    ];
    let drawing = |xml: &mut Xml| {
        xml.element("wp:anchor", &anchor, |xml| {
            xml.empty("wp:simplePos", &[("x", &0), ("y", &0)]);
            for (axis, offset) in [("wp:positionH", place.x), ("wp:positionV", place.y)] {
                xml.element(axis, &[("relativeFrom", &"page")], |xml| {
                    xml.text("wp:posOffset", &[], &offset.to_string());
                });
            }
            xml.empty("wp:extent", &place.extent());
            xml.empty("wp:effectExtent", &[("l", &0), ("t", &0), ("r", &0), ("b", &0)]);
            xml.empty("wp:wrapNone", &[]);
            xml.empty("wp:docPr", &[("id", &id), ("name", &name)]);
            xml.empty("wp:cNvGraphicFramePr", &[]);
            xml.element("a:graphic", &[], |xml| {
                xml.element("a:graphicData", &[("uri", &WPS)], |xml| xml.element("wps:wsp", &[], shape));
            });
        });
    };
    xml.element("mc:AlternateContent", &[], |xml| {
        xml.element("mc:Choice", &[("Requires", &"wps")], |xml| xml.element("w:drawing", &[], drawing));
    });
}

/// Grey letters across the page, as Word makes them.
fn write_watermark(xml: &mut Xml, text: &str) {
    let path = "m@7,l@8,m@5,21600l@6,21600e";
    let kind: [Attribute<'_>; 6] = [
        ("id", &"_x0000_t136"),
        ("coordsize", &"21600,21600"),
        ("o:spt", &136),
        ("adj", &10800),
        ("path", &path),
        ("stroked", &"f"),
    ];
    xml.element("v:shapetype", &kind, |xml| {
        xml.element("v:formulas", &[], |xml| {
            for formula in [
                "sum #0 0 10800",
                "prod #0 2 1",
                "sum 21600 0 @1",
                "sum 0 0 @2",
                "sum 21600 0 @3",
                "if @0 @3 0",
                "if @0 21600 @1",
                "if @0 0 @2",
                "if @0 @4 21600",
                "mid @5 @6",
                "mid @8 @5",
                "mid @7 @8",
                "mid @6 @7",
                "sum @6 0 @5",
            ] {
                xml.empty("v:f", &[("eqn", &formula)]);
            }
        });
        let path: [Attribute<'_>; 4] = [
            ("textpathok", &"t"),
            ("o:connecttype", &"custom"),
            ("o:connectlocs", &"@9,0;@10,10800;@11,21600;@12,10800"),
            ("o:connectangles", &"270,180,90,0"),
        ];
        xml.empty("v:path", &path);
        xml.empty("v:textpath", &[("on", &"t"), ("fitshape", &"t")]);
    });
    let width = 60 * text.chars().count() + 60;
    let style = format!(
        "position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:100pt;rotation:315;z-index:-251658752;\
         mso-position-horizontal:center;mso-position-horizontal-relative:page;\
         mso-position-vertical:center;mso-position-vertical-relative:page"
    );
    let shape: [Attribute<'_>; 7] = [
        ("id", &"PowerPlusWaterMarkObject1"),
        ("o:spid", &"_x0000_s2049"),
        ("type", &"#_x0000_t136"),
        ("style", &style),
        ("o:allowincell", &"f"),
        ("fillcolor", &"silver"),
        ("stroked", &"f"),
    ];
    xml.element("v:shape", &shape, |xml| {
        xml.empty("v:fill", &[("opacity", &".5")]);
        let path: [Attribute<'_>; 2] = [("style", &"font-family:\"宋体\";font-size:1pt"), ("string", &text)];
        xml.empty("v:textpath", &path);
    });
}
