//! Heads and feet of pages: page numbers, the watermark of a draft, the lines of a letter.

use super::{
    geometry::{PAGE_HEIGHT, RED, SIZE_4, emu},
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

/// — 1 —: odd pages on the right, even ones on the left, a 字 from the edge \[K\].
pub(super) fn foot(orientation: Orientation, even: bool, faces: &Faces) -> Vec<u8> {
    let _ = orientation;
    let indent = i64::from(SIZE_4) * 10;
    let mut para = Para::new("Footer").look(|look| {
        look.jc = Some(if even { "left" } else { "right" });
        look.left = even.then_some(indent);
        look.right = (!even).then_some(indent);
    });
    para = para.with("— ", Type::default());
    para.pieces.push(Piece::Page(Type::default()));
    let para = para.with(" —", Type::default());
    part("w:ftr", |xml| para.write(xml, faces))
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
    let (thick, thin, gap) = (emu(0.8), emu(0.3), emu(0.5));
    let upper = line * 635;
    let lower = PAGE_HEIGHT * 635 - emu(20.0) - thick;
    [(upper, thick), (upper + thick + gap, thin), (lower - gap - thin, thin), (lower, thick)]
}

/// A red bar over 170 mm in the middle of the page.
fn red_bar(xml: &mut Xml, number: usize, top: i64, height: i64) {
    let width = emu(170.0);
    let extent: [Attribute<'_>; 2] = [("cx", &width), ("cy", &height)];
    let name = format!("红线 {number}");
    let anchor: [Attribute<'_>; 10] = [
        ("distT", &0),
        ("distB", &0),
        ("distL", &0),
        ("distR", &0),
        ("simplePos", &0),
        ("relativeHeight", &number),
        ("behindDoc", &1),
        ("locked", &0),
        ("layoutInCell", &1),
        ("allowOverlap", &1),
    ];
    let choice = |xml: &mut Xml| {
        xml.element("w:drawing", &[], |xml| {
            xml.element("wp:anchor", &anchor, |xml| {
                xml.empty("wp:simplePos", &[("x", &0), ("y", &0)]);
                xml.element("wp:positionH", &[("relativeFrom", &"page")], |xml| {
                    xml.text("wp:posOffset", &[], &emu(20.0).to_string());
                });
                xml.element("wp:positionV", &[("relativeFrom", &"page")], |xml| {
                    xml.text("wp:posOffset", &[], &top.to_string());
                });
                xml.empty("wp:extent", &extent);
                xml.empty("wp:effectExtent", &[("l", &0), ("t", &0), ("r", &0), ("b", &0)]);
                xml.empty("wp:wrapNone", &[]);
                xml.empty("wp:docPr", &[("id", &(9_000 + number)), ("name", &name)]);
                xml.empty("wp:cNvGraphicFramePr", &[]);
                xml.element("a:graphic", &[], |xml| {
                    xml.element("a:graphicData", &[("uri", &WPS)], |xml| {
                        xml.element("wps:wsp", &[], |xml| {
                            xml.empty("wps:cNvSpPr", &[]);
                            xml.element("wps:spPr", &[], |xml| {
                                xml.element("a:xfrm", &[], |xml| {
                                    xml.empty("a:off", &[("x", &0), ("y", &0)]);
                                    xml.empty("a:ext", &extent);
                                });
                                xml.element("a:prstGeom", &[("prst", &"rect")], |xml| xml.empty("a:avLst", &[]));
                                xml.element("a:solidFill", &[], |xml| xml.empty("a:srgbClr", &[("val", &RED)]));
                                xml.element("a:ln", &[], |xml| xml.empty("a:noFill", &[]));
                            });
                            xml.empty("wps:bodyPr", &[]);
                        });
                    });
                });
            });
        });
    };
    xml.element("mc:AlternateContent", &[], |xml| {
        xml.element("mc:Choice", &[("Requires", &"wps")], choice);
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
