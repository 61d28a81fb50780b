//! Tables in the text, and the table that the 版记 is.

use super::{
    WriteError,
    geometry::{LEFT, LINE, SIZE_4, TYPE_WIDTH, mm, width},
    model::{Align, Cell, Faces, Imprint, Table},
    node::{Face, Para, Type},
    normalise::normalise,
    tail::date_text,
    xml::{Attribute, Xml},
};

/// Most columns a table may have: more than Word's 63 it refuses.
const MAX_COLUMNS: usize = 63;

/// Below this size rows stand closer.
const SMALL_POINTS: f64 = 11.0;

/// A cell where it stands.
struct Laid<'a> {
    column: usize,
    cell: Option<&'a Cell>,
    columns: usize,
    /// Part of a cell that spans rows: its beginning, or what goes on.
    merge: Option<&'static str>,
}

impl Table {
    /// Whether it can be laid out.
    pub(super) fn check(&self) -> Result<(), WriteError> {
        self.laid().map(|_| ())
    }

    /// Every row with the cells that stand or go on in it.
    fn laid(&self) -> Result<(usize, Vec<Vec<Laid<'_>>>), WriteError> {
        let count = self.count();
        if count == 0 || count > MAX_COLUMNS {
            return Err(WriteError::Columns(count));
        }
        // So many rows each column is still covered, and how wide the cell is that does it.
        let mut covered = vec![(0, 0); count];
        let mut rows = Vec::new();
        for row in &self.rows {
            let mut cells = row.iter();
            let mut laid = Vec::new();
            let mut column = 0;
            while column < count {
                let (left, columns) = covered[column];
                if left > 0 {
                    covered[column].0 -= 1;
                    laid.push(Laid { column, cell: None, columns, merge: Some("continue") });
                    column += columns;
                    continue;
                }
                let cell = cells.next();
                let free = covered[column..].iter().take_while(|(left, _)| *left == 0).count();
                let columns = cell.map_or(1, |cell| cell.columns.clamp(1, MAX_COLUMNS));
                if columns > free {
                    return Err(WriteError::Joined(rows.len() + 1));
                }
                let down = cell.map_or(1, |cell| cell.rows.max(1));
                covered[column] = (down - 1, columns);
                laid.push(Laid { column, cell, columns, merge: (down > 1).then_some("restart") });
                column += columns;
            }
            if cells.next().is_some() {
                return Err(WriteError::Joined(rows.len() + 1));
            }
            rows.push(laid);
        }
        Ok((count, rows))
    }

    fn count(&self) -> usize {
        let first = self.rows.first().map_or(0, |row| row.iter().map(|cell| cell.columns.clamp(1, 100)).sum());
        if self.widths.is_empty() { first } else { self.widths.len() }
    }

    /// Widths in twips that fit the room.
    fn fitted(&self, count: usize, room: i64) -> Vec<i64> {
        let asked: Vec<f64> = if self.widths.is_empty() {
            vec![room as f64 / count as f64; count]
        } else {
            self.widths
                .iter()
                .map(|width| if width.is_finite() { mm(width.clamp(1.0, 500.0)) as f64 } else { 567.0 })
                .collect()
        };
        let sum: f64 = asked.iter().sum();
        let shrunk = (room as f64 / sum).min(1.0);
        asked.into_iter().map(|width| (width * shrunk).floor() as i64).collect()
    }

    pub(super) fn write(&self, xml: &mut Xml, faces: &Faces, room: i64) {
        let Ok((count, rows)) = self.laid() else { return };
        let widths = self.fitted(count, room);
        let sum: i64 = widths.iter().sum();
        let points = if self.points.is_finite() { self.points.clamp(5.0, 36.0) } else { 12.0 };
        let size = Some((points * 2.0) as u32);
        let lowest = mm(if points < SMALL_POINTS { 7.0 } else { 8.0 });
        xml.element("w:tbl", &[], |xml| {
            xml.element("w:tblPr", &[], |xml| {
                xml.empty("w:tblW", &[("w:w", &sum), ("w:type", &"dxa")]);
                xml.value("w:jc", "center");
                borders(xml, "w:tblBorders", &["top", "left", "bottom", "right", "insideH", "insideV"], 4);
                xml.empty("w:tblLayout", &[("w:type", &"fixed")]);
                margins(xml, 57);
            });
            grid(xml, &widths);
            for (index, row) in rows.iter().enumerate() {
                let heading = index < self.header_rows;
                xml.element("w:tr", &[], |xml| {
                    xml.element("w:trPr", &[], |xml| {
                        xml.empty("w:cantSplit", &[]);
                        xml.empty("w:trHeight", &[("w:val", &lowest), ("w:hRule", &"atLeast")]);
                        if heading {
                            xml.empty("w:tblHeader", &[]);
                        }
                    });
                    for laid in row {
                        let wide: i64 = widths[laid.column..laid.column + laid.columns].iter().sum();
                        xml.element("w:tc", &[], |xml| {
                            xml.element("w:tcPr", &[], |xml| {
                                xml.empty("w:tcW", &[("w:w", &wide), ("w:type", &"dxa")]);
                                if laid.columns > 1 {
                                    xml.value("w:gridSpan", laid.columns);
                                }
                                if let Some(merge) = laid.merge {
                                    xml.value("w:vMerge", merge);
                                }
                                xml.value("w:vAlign", "center");
                            });
                            let face = heading.then_some(Face::Hei);
                            let text = normalise(laid.cell.map_or("", |cell| &cell.text));
                            let align =
                                if heading { Align::Centre } else { laid.cell.map_or(Align::Left, |cell| cell.align) };
                            for line in text.split('\n') {
                                cell_line(line, align, Type { face, size, ..Type::default() }).write(xml, faces);
                            }
                        });
                    }
                });
            }
        });
    }
}

fn cell_line(text: &str, align: Align, look: Type) -> Para {
    Para::new("TableText").with(text, look).look(|look| {
        look.jc = Some(match align {
            Align::Text => "both",
            Align::Left => "left",
            Align::Centre => "center",
            Align::Right => "right",
        });
    })
}

fn grid(xml: &mut Xml, widths: &[i64]) {
    xml.element("w:tblGrid", &[], |xml| {
        for width in widths {
            xml.empty("w:gridCol", &[("w:w", width)]);
        }
    });
}

fn borders(xml: &mut Xml, name: &str, sides: &[&str], size: i64) {
    xml.element(name, &[], |xml| {
        for side in sides {
            line(xml, side, size);
        }
    });
}

/// A black line, its width in eighths of a point.
fn line(xml: &mut Xml, side: &str, size: i64) {
    let line: [Attribute<'_>; 4] = [("w:val", &"single"), ("w:sz", &size), ("w:space", &0), ("w:color", &"000000")];
    xml.empty(&format!("w:{side}"), &line);
}

fn margins(xml: &mut Xml, sides: i64) {
    xml.element("w:tblCellMar", &[], |xml| {
        for (side, width) in [("top", 0), ("left", sides), ("bottom", 0), ("right", sides)] {
            xml.empty(&format!("w:{side}"), &[("w:w", &width), ("w:type", &"dxa")]);
        }
    });
}

/// 0.35 mm and 0.25 mm in eighths of a point \[K\].
const THICK: i64 = 8;
const THIN: i64 = 6;

/// The 版记: a table that stands on the lower edge of the type area. Thick lines above and below, a thin one between
/// 抄送 and 印发; 4号, indented by 1 字 on both sides \[K\].
pub(super) fn write_imprint(imprint: &Imprint, xml: &mut Xml, faces: &Faces) {
    let indent = i64::from(SIZE_4) * 10;
    let listed = |label: &str, names: String| {
        let names = names.trim_end_matches(['。', '.', '；', '，']).to_owned();
        Para::text("Imprint", format!("{label}{names}。")).look(|look| {
            let hang = (width(label) * indent as f64) as i64;
            look.left = Some(indent + hang);
            look.right = Some(indent);
            look.first = Some(-hang);
        })
    };
    let addressees = imprint.addressees.as_deref().map(normalise).filter(|names| !names.trim().is_empty());
    let cc: Vec<String> = imprint.cc_addressees.iter().map(|name| normalise(name).trim().to_owned()).collect();
    let lists: Vec<Para> =
        [addressees.map(|names| listed("主送：", names)), (!cc.is_empty()).then(|| listed("抄送：", cc.join("，")))]
            .into_iter()
            .flatten()
            .collect();
    let printed = Para::text("Imprint", normalise(&imprint.printer))
        .with(format!("\t{}印发", date_text(imprint.print_date)), Type::default())
        .look(|look| {
            look.left = Some(indent);
            look.tabs = vec![(TYPE_WIDTH - indent, "right")];
            look.jc = Some("left");
        });
    let mut rows: Vec<Vec<Para>> = Vec::new();
    if !lists.is_empty() {
        rows.push(lists);
    }
    rows.push(vec![printed]);
    let last = rows.len() - 1;
    xml.element("w:tbl", &[], |xml| {
        xml.element("w:tblPr", &[], |xml| {
            let place: [Attribute<'_>; 8] = [
                ("w:leftFromText", &0),
                ("w:rightFromText", &0),
                ("w:topFromText", &(LINE / 4)),
                ("w:bottomFromText", &0),
                ("w:vertAnchor", &"margin"),
                // From the edge of the page: LibreOffice floats no table that is as wide as the text otherwise.
                ("w:horzAnchor", &"page"),
                ("w:tblpX", &LEFT),
                ("w:tblpYSpec", &"bottom"),
            ];
            xml.empty("w:tblpPr", &place);
            xml.value("w:tblOverlap", "never");
            xml.empty("w:tblW", &[("w:w", &TYPE_WIDTH), ("w:type", &"dxa")]);
            xml.empty("w:tblLayout", &[("w:type", &"fixed")]);
            margins(xml, 0);
        });
        grid(xml, &[TYPE_WIDTH]);
        for (index, row) in rows.iter().enumerate() {
            xml.element("w:tr", &[], |xml| {
                xml.element("w:trPr", &[], |xml| xml.empty("w:cantSplit", &[]));
                xml.element("w:tc", &[], |xml| {
                    xml.element("w:tcPr", &[], |xml| {
                        xml.empty("w:tcW", &[("w:w", &TYPE_WIDTH), ("w:type", &"dxa")]);
                        xml.element("w:tcBorders", &[], |xml| {
                            line(xml, "top", if index == 0 { THICK } else { THIN });
                            line(xml, "bottom", if index == last { THICK } else { THIN });
                        });
                    });
                    for para in row {
                        para.write(xml, faces);
                    }
                });
            });
        }
    });
}
