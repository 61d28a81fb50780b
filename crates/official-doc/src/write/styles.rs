//! The parts that say how everything looks: styles, lists, faces and settings.

use super::{
    geometry::{FOOTER_LINE, LINE, NARROWER, RED, SIZE_2, SIZE_3, SIZE_4, chars},
    model::Faces,
    node::{Face, GRID_LINE, Line, Look, Type},
    xml::{Attribute, Xml},
};

pub(super) const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// A paragraph style: id, name, the one it is based on, and how it looks.
struct Style(&'static str, &'static str, &'static str, Look, Type);

/// Every style a document may use. Where Word has a style of this purpose, it is that one.
fn styles() -> Vec<Style> {
    let look = Look::default;
    let plain = Type::default;
    let faced = |face| Type { face: Some(face), ..plain() };
    let sized = |size| Type { size: Some(size), ..plain() };
    let text = Look { first: Some(chars(2.0)), ..look() };
    let heading = |level| Look { outline: Some(level), ..text.clone() };
    let title = Look { jc: Some("center"), keep_next: true, ..look() };
    let big = Type { face: Some(Face::Title), size: Some(SIZE_2), ..plain() };
    let mark = Type { face: Some(Face::Title), color: Some(RED), ..plain() };
    vec![
        Style("BodyText", "Body Text First Indent", "Normal", text.clone(), plain()),
        Style("Heading1", "heading 1", "Normal", heading(0), faced(Face::Hei)),
        Style("Heading2", "heading 2", "Normal", heading(1), faced(Face::Kai)),
        Style("Heading3", "heading 3", "Normal", heading(2), plain()),
        Style("Heading4", "heading 4", "Normal", heading(3), plain()),
        Style("HeadLine", "份号密级紧急程度", "Normal", look(), faced(Face::Hei)),
        Style("IssuerMark", "发文机关标志", "Normal", Look { jc: Some("center"), ..look() }, mark),
        Style("DocNumber", "发文字号", "Normal", Look { jc: Some("center"), ..look() }, plain()),
        Style("Title", "Title", "Normal", title.clone(), big.clone()),
        Style("Addressees", "Salutation", "Normal", Look { before: Some(LINE), jc: Some("left"), ..look() }, plain()),
        Style("Attachments", "附件说明", "Normal", Look { keep_next: true, ..look() }, plain()),
        Style("Attendance", "出席人员", "Normal", look(), plain()),
        Style("Signature", "Signature", "Normal", Look { keep_next: true, ..look() }, plain()),
        Style("Date", "Date", "Normal", look(), plain()),
        Style("Note", "附注", "Normal", text, plain()),
        Style("AnnexLabel", "附件标识", "Normal", Look { keep_next: true, ..look() }, faced(Face::Hei)),
        Style("AnnexTitle", "附件标题", "Title", Look { before: Some(LINE), ..title }, big),
        Style(
            "FormTitle",
            "表格标题",
            "Normal",
            Look { jc: Some("center"), keep_next: true, after: Some(LINE / 4), ..look() },
            Type { face: Some(Face::Title), size: Some(36), ..plain() },
        ),
        Style(
            "FormLine",
            "表格说明",
            "Normal",
            Look { off_grid: true, line: Some(Line::Natural), jc: Some("left"), after: Some(LINE / 8), ..look() },
            sized(24),
        ),
        Style("Imprint", "版记", "Normal", Look { off_grid: true, ..look() }, sized(SIZE_4)),
        Style("TableText", "表格文字", "Normal", Look { off_grid: true, line: Some(Line::Natural), ..look() }, plain()),
        Style(
            "Caption",
            "caption",
            "Normal",
            Look { jc: Some("center"), ..look() },
            Type { face: Some(Face::Hei), size: Some(24), ..plain() },
        ),
        Style(
            "Picture",
            "图片",
            "Normal",
            Look { jc: Some("center"), before: Some(LINE / 4), line: Some(Line::Natural), off_grid: true, ..look() },
            plain(),
        ),
        Style("Header", "header", "Normal", Look { off_grid: true, ..look() }, sized(18)),
        Style(
            "Footer",
            "footer",
            "Normal",
            Look { off_grid: true, line: Some(Line::Exact(FOOTER_LINE)), ..look() },
            Type { face: Some(Face::Song), size: Some(SIZE_4), ..plain() },
        ),
    ]
}

pub(super) fn styles_part(faces: &Faces) -> Vec<u8> {
    Xml::part("w:styles", &[("xmlns:w", &W)], |xml| {
        xml.element("w:docDefaults", &[], |xml| {
            xml.element("w:rPrDefault", &[], |xml| {
                xml.element("w:rPr", &[], |xml| {
                    Type { face: Some(Face::Text), size: Some(SIZE_3), ..Type::default() }.write_style(xml, faces);
                    let languages: [Attribute<'_>; 3] =
                        [("w:val", &"en-US"), ("w:eastAsia", &"zh-CN"), ("w:bidi", &"ar-SA")];
                    xml.empty("w:lang", &languages);
                });
            });
            xml.empty("w:pPrDefault", &[]);
        });
        let normal: [Attribute<'_>; 3] = [("w:type", &"paragraph"), ("w:default", &"1"), ("w:styleId", &"Normal")];
        xml.element("w:style", &normal, |xml| {
            xml.value("w:name", "Normal");
            xml.empty("w:qFormat", &[]);
            xml.element("w:pPr", &[], |xml| {
                xml.value("w:widowControl", 0);
                // Nothing stands outside the type area.
                xml.value("w:overflowPunct", 0);
                // 28 characters a line leave no room for blanks between digits and Chinese characters.
                xml.value("w:autoSpaceDE", 0);
                xml.value("w:autoSpaceDN", 0);
                // Lines have the grid's height by themselves; LibreOffice's grid cannot narrow characters.
                Look { off_grid: true, line: Some(GRID_LINE), jc: Some("both"), ..Look::default() }.write(xml, None);
            });
            xml.element("w:rPr", &[], |xml| {
                xml.value("w:snapToGrid", 0);
                xml.value("w:spacing", NARROWER);
                xml.value("w:kern", 0);
                xml.value("w:sz", SIZE_3);
                xml.value("w:szCs", SIZE_3);
            });
        });
        let table: [Attribute<'_>; 3] = [("w:type", &"table"), ("w:default", &"1"), ("w:styleId", &"TableNormal")];
        xml.element("w:style", &table, |xml| {
            xml.value("w:name", "Normal Table");
            xml.value("w:uiPriority", 99);
            xml.empty("w:semiHidden", &[]);
            xml.empty("w:unhideWhenUsed", &[]);
            xml.element("w:tblPr", &[], |xml| {
                xml.empty("w:tblInd", &[("w:w", &0), ("w:type", &"dxa")]);
            });
        });
        for Style(id, name, based_on, look, kind) in styles() {
            xml.element("w:style", &[("w:type", &"paragraph"), ("w:styleId", &id)], |xml| {
                xml.value("w:name", name);
                xml.value("w:basedOn", based_on);
                xml.empty("w:qFormat", &[]);
                xml.element("w:pPr", &[], |xml| look.write(xml, None));
                xml.element("w:rPr", &[], |xml| kind.write_style(xml, faces));
            });
        }
    })
}

/// Numbers of headings by level: format, text, face \[K\].
const LEVELS: [(&str, &str, Option<Face>); 4] = [
    ("chineseCountingThousand", "%1、", Some(Face::Hei)),
    ("chineseCountingThousand", "（%2）", Some(Face::Kai)),
    ("decimal", "%3.", None),
    ("decimal", "（%4）", None),
];

/// So many lists, one for the text and one for each annex, each counting for itself.
pub(super) fn numbering_part(lists: usize, faces: &Faces) -> Vec<u8> {
    Xml::part("w:numbering", &[("xmlns:w", &W)], |xml| {
        xml.element("w:abstractNum", &[("w:abstractNumId", &0)], |xml| {
            xml.value("w:multiLevelType", "multilevel");
            for (index, (format, text, face)) in LEVELS.iter().enumerate() {
                xml.element("w:lvl", &[("w:ilvl", &index)], |xml| {
                    xml.value("w:start", 1);
                    xml.value("w:numFmt", format);
                    xml.value("w:suff", "nothing");
                    xml.value("w:lvlText", text);
                    xml.value("w:lvlJc", "left");
                    xml.element("w:pPr", &[], |xml| {
                        Look { left: Some(0), first: Some(chars(2.0)), ..Look::default() }.write(xml, None);
                    });
                    xml.element("w:rPr", &[], |xml| Type { face: *face, ..Type::default() }.write_style(xml, faces));
                });
            }
        });
        for list in 1..=lists {
            xml.element("w:num", &[("w:numId", &list)], |xml| {
                xml.value("w:abstractNumId", 0);
                for level in 0..LEVELS.len() {
                    xml.element("w:lvlOverride", &[("w:ilvl", &level)], |xml| xml.value("w:startOverride", 1));
                }
            });
        }
    })
}

/// The other name of a face, for machines that lack it under the first. One only: Word keeps names of at most 31
/// characters.
fn other_name(face: &str) -> Option<&'static str> {
    Some(match face {
        "方正小标宋简体" => "方正小标宋_GBK",
        "仿宋_GB2312" => "仿宋",
        "楷体_GB2312" => "楷体",
        "黑体" => "SimHei",
        "宋体" => "SimSun",
        "Times New Roman" => "Liberation Serif",
        _ => return None,
    })
}

pub(super) fn fonts_part(faces: &Faces) -> Vec<u8> {
    let all = [faces.title, faces.text, faces.hei, faces.kai, faces.song, faces.latin];
    Xml::part("w:fonts", &[("xmlns:w", &W)], |xml| {
        for (index, face) in all.iter().enumerate() {
            if all[..index].contains(face) {
                continue;
            }
            let latin = *face == faces.latin;
            xml.element("w:font", &[("w:name", face)], |xml| {
                if let Some(name) = other_name(face) {
                    xml.value("w:altName", name);
                }
                xml.value("w:charset", if latin { "00" } else { "86" });
                xml.value("w:family", if *face == faces.hei { "swiss" } else { "roman" });
                xml.value("w:pitch", "variable");
            });
        }
    })
}

pub(super) fn settings_part() -> Vec<u8> {
    Xml::part("w:settings", &[("xmlns:w", &W)], |xml| {
        xml.empty("w:zoom", &[("w:percent", &100)]);
        xml.value("w:defaultTabStop", 420);
        xml.empty("w:evenAndOddHeaders", &[]);
        xml.value("w:drawingGridVerticalSpacing", LINE / 2);
        xml.value("w:characterSpacingControl", "doNotCompress");
        xml.element("w:compat", &[], |xml| {
            let mode: [Attribute<'_>; 3] = [
                ("w:name", &"compatibilityMode"),
                ("w:uri", &"http://schemas.microsoft.com/office/word"),
                ("w:val", &15),
            ];
            xml.empty("w:compatSetting", &mode);
        });
        xml.empty("w:themeFontLang", &[("w:val", &"en-US"), ("w:eastAsia", &"zh-CN")]);
        xml.value("w:decimalSymbol", ".");
        xml.value("w:listSeparator", ",");
    })
}
