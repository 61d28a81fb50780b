//! 版头: what stands above the title.

use super::{
    geometry::{
        BASELINE, CHARACTERS, DOUBLE_LINE, INK_ABOVE, INK_BELOW, LINE, PAGE_WIDTH, TOP, TYPE_WIDTH, chars, mm, width,
    },
    model::{DocNumber, Document, Layout},
    node::{Face, Frame, Line, Node, Para, Type},
    normalise::{clean, doc_number, normalise},
};

/// What stands where the number will.
const NOT_NUMBERED: &str = "（未编号）";

/// The 发文机关标志: its size and the lines around it, in twips.
pub(super) struct Mark {
    /// Half-points.
    size: u32,
    /// Width of its characters in per cent.
    scale: u32,
    /// Height of its line.
    line: i64,
}

impl Mark {
    /// As large as the width of the type area allows: the longer the name, the narrower its characters.
    pub(super) fn new(text: &str) -> Self {
        let room = TYPE_WIDTH as f64 / 20.0 * 0.96;
        let square = room / width(text).max(1.0);
        let points = (square * 1.3).clamp(30.0, 60.0).floor();
        let scale = (square / points * 100.0).clamp(33.0, 100.0).floor();
        Self { size: points as u32 * 2, scale: scale as u32, line: (points * 20.0 * 1.2) as i64 }
    }

    fn twips(&self) -> f64 {
        f64::from(self.size) * 10.0
    }

    /// From the top of its line to the upper edge of its ink.
    fn ink_top(&self) -> i64 {
        (self.line as f64 * BASELINE - self.twips() * INK_ABOVE) as i64
    }

    /// From the top of its line to the lower edge of its ink.
    fn ink_bottom(&self) -> i64 {
        (self.line as f64 * BASELINE + self.twips() * INK_BELOW) as i64
    }

    /// Where the first double line of a letter stands, from the top of the page: 4 mm below a mark that begins at
    /// 30 mm \[K\].
    pub(super) fn letter_line(&self) -> i64 {
        mm(30.0) - self.ink_top() + self.ink_bottom() + mm(4.0)
    }

    fn paragraph(&self, text: &str) -> Para {
        let look = Type { size: Some(self.size), scale: Some(self.scale), ..Type::default() };
        Para::new("IssuerMark").with(text, look).look(|look| look.line = Some(Line::Exact(self.line)))
    }
}

/// The mark as it is printed, if there is one.
pub(super) fn mark_text(document: &Document) -> Option<String> {
    let text = clean(document.issuer_mark.as_deref()?).replace(['\n', '\t'], "");
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The number as it is printed, if there is a place for it.
fn number_text(document: &Document) -> Option<String> {
    match &document.doc_number {
        DocNumber::Assigned(number) => Some(doc_number(number)),
        DocNumber::Draft => Some(NOT_NUMBERED.to_owned()),
        DocNumber::None => None,
    }
}

/// 份号, 密级, 紧急程度, in this order, a line each.
fn lines_above(document: &Document) -> Vec<(String, Type)> {
    let digits = Type { face: Some(Face::Text), ..Type::default() };
    let copy_no = document.copy_no.map(|number| (format!("{number:06}"), digits));
    let secrecy = document.secrecy.as_deref().map(|text| (normalise(text), Type::default()));
    let urgency = document.urgency.map(|urgency| (urgency.name().to_owned(), Type::default()));
    [copy_no, secrecy, urgency].into_iter().flatten().collect()
}

/// Everything above the title.
pub(super) fn head<'a>(document: &Document, nodes: &mut Vec<Node<'a>>) {
    let Some(text) = mark_text(document) else {
        nodes.extend(
            lines_above(document)
                .into_iter()
                .map(|(text, look)| Node::Paragraph(Para::new("HeadLine").with(text, look))),
        );
        return;
    };
    let mark = Mark::new(&text);
    if document.form.layout() == Layout::Letter {
        letter(document, &mark, &text, nodes);
        return;
    }
    let above = lines_above(document);
    let taken = above.len() as i64 * LINE;
    nodes.extend(above.into_iter().map(|(text, look)| Node::Paragraph(Para::new("HeadLine").with(text, look))));
    // The upper edge 35 mm below the top of the type area [K].
    let before = mm(35.0) - taken - mark.ink_top();
    nodes.push(Node::Paragraph(mark.paragraph(&text).look(|look| look.before = Some(before))));
    // Two blank lines, from ink to line.
    let blank = 2 * LINE - (mark.line - mark.ink_bottom());
    numbered(document, blank, nodes);
}

/// The line of the number and of the 签发人, with the red separator 4 mm below it \[K\].
fn numbered(document: &Document, before: i64, nodes: &mut Vec<Node<'_>>) {
    let number = number_text(document).unwrap_or_default();
    // From the ink of the number to the lower edge of its line there are 4 points already.
    let space = 7;
    let upward = document.form.layout() == Layout::Upward && !document.signers.is_empty();
    if !upward {
        let line = Para::text("DocNumber", number);
        nodes.push(Node::Paragraph(line.look(|look| {
            look.before = Some(before);
            look.red_line = Some(space);
        })));
        return;
    }
    let names: Vec<String> = document.signers.iter().map(|name| normalise(name)).collect();
    let pairs: Vec<&[String]> = names.chunks(2).collect();
    let widest = pairs.iter().map(|pair| width(&pair.join("　"))).fold(0.0, f64::max);
    let names_at = (CHARACTERS - 1.0 - widest).max(10.0);
    let label = "签发人：";
    let label_at = names_at - width(label);
    let kai = Type { face: Some(Face::Kai), ..Type::default() };
    for (index, pair) in pairs.iter().enumerate() {
        let (first, last) = (index == 0, index + 1 == pairs.len());
        let mut line = Para::new("DocNumber").look(|look| {
            look.jc = Some("left");
            look.first = Some(chars(1.0));
            look.tabs = vec![(chars(label_at), "left"), (chars(names_at), "left")];
            look.before = first.then_some(before);
            look.red_line = last.then_some(space);
        });
        if last {
            line = line.with(number.clone(), Type::default());
        }
        line = line.with("\t", Type::default());
        line = if first { line.with(label, Type::default()) } else { line.with("\t", Type::default()) };
        nodes.push(Node::Paragraph(line.with(pair.join("　"), kai.clone())));
    }
}

/// 信函格式: the mark at 30 mm from the page's edge, the number on the right below the first double line, 份号 and
/// the like on the left \[K\]. The lines themselves are in the head of the first page.
fn letter(document: &Document, mark: &Mark, text: &str, nodes: &mut Vec<Node<'_>>) {
    let margin = mm(20.0);
    let frame = Frame { x: margin, y: mm(30.0) - mark.ink_top(), width: PAGE_WIDTH - 2 * margin, height: mark.line };
    nodes.push(Node::Paragraph(mark.paragraph(text).look(|look| look.frame = Some(frame))));
    // The upper edge of the number 7/8 of a 3号 character below the double line.
    let ink_top = (LINE as f64 * BASELINE - 320.0 * INK_ABOVE) as i64;
    let mut before = Some(mark.letter_line() + mm(DOUBLE_LINE) + 320 * 7 / 8 - ink_top - TOP);
    let mut number = number_text(document);
    let mut above = lines_above(document);
    if above.is_empty() {
        above.push((String::new(), Type::default()));
    }
    for (text, look) in above {
        let mut line = Para::new("HeadLine").with(text, look).look(|look| {
            look.before = before.take();
            look.tabs = vec![(TYPE_WIDTH, "right")];
        });
        if let Some(number) = number.take() {
            line = line.with("\t", Type::default()).with(number, Type { face: Some(Face::Text), ..Type::default() });
        }
        nodes.push(Node::Paragraph(line));
    }
}
