//! What stands below the text: 附件说明, 署名, 成文日期, 附注.

use jiff::civil::Date;

use super::{
    geometry::{CHARACTERS, LINE, chars, width},
    model::{Document, Manner, Signature},
    node::{Face, Node, Para, Type},
    normalise::normalise,
};

/// A date as documents write it: 2022年6月12日, without leading zeros \[K\].
pub fn date_text(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// Everything from the 附件说明 to the 附注.
pub(super) fn tail(document: &Document, nodes: &mut Vec<Node<'_>>) {
    let start = nodes.len();
    attachments(&document.attachments, nodes);
    attendance(document, nodes);
    let described = nodes.len() > start;
    let date = document.issue_date.map(date_text);
    match &document.signature {
        Some(signature) => signed(signature, date, nodes),
        None => nodes.extend(date.map(|date| {
            Node::Paragraph(Para::text("Date", date).look(|look| {
                look.jc = Some("right");
                look.right = Some(chars(4.0));
                look.before = Some(LINE);
            }))
        })),
    }
    if let Some(note) = document.note.as_deref().map(normalise).filter(|note| !note.trim().is_empty()) {
        let note = note.trim();
        let bracketed = note.starts_with('（') && note.ends_with('）');
        let note = if bracketed { note.to_owned() } else { format!("（{note}）") };
        keep_last(nodes, 1);
        nodes.push(Node::Paragraph(Para::text("Note", note)));
    }
    if document.signature.is_some() || described {
        // A signature alone on a page is not allowed any more; it takes text along.
        // A long paragraph would be moved as a whole, so it stays where it is.
        if matches!(nodes[..start].last(), Some(Node::Paragraph(para)) if para.width() < 6.0 * CHARACTERS) {
            keep_last(&mut nodes[..start], 1);
        }
    }
}

fn keep_last(nodes: &mut [Node<'_>], count: usize) {
    for node in nodes.iter_mut().rev().take(count) {
        if let Node::Paragraph(para) = node {
            para.look.keep_next = true;
        }
    }
}

/// 附件：, one blank line below the text, indented by 2 字, names without punctuation and under each other \[K\].
fn attachments(names: &[String], nodes: &mut Vec<Node<'_>>) {
    let label = "附件：";
    for (index, name) in names.iter().enumerate() {
        let name = normalise(name);
        let name = name.trim().trim_end_matches(['。', '；', '，', '、']);
        let number = if names.len() > 1 { format!("{}. ", index + 1) } else { String::new() };
        let names_at = if names.len() > 1 { 6.0 } else { 5.0 };
        let text = if index == 0 { format!("{label}{number}{name}") } else { format!("{number}{name}") };
        // Digit, full stop and blank of a Latin face are a 字 wide together.
        let begin = if index == 0 { 2.0 } else { 5.0 };
        nodes.push(Node::Paragraph(Para::text("Attachments", text).look(|look| {
            look.before = (index == 0).then_some(LINE);
            look.left = Some(chars(names_at));
            look.first = Some(chars(begin) - chars(names_at));
        })));
    }
}

/// 出席： and the like, one blank line below, the label in 黑体, names under each other \[K\].
fn attendance(document: &Document, nodes: &mut Vec<Node<'_>>) {
    for (index, attendance) in document.attendance.iter().enumerate() {
        let label = format!("{}：", normalise(&attendance.label).trim().trim_end_matches('：'));
        let hang = width(&label);
        let hei = Type { face: Some(Face::Hei), ..Type::default() };
        let line = Para::new("Attendance").with(label, hei).with(normalise(&attendance.names), Type::default());
        nodes.push(Node::Paragraph(line.look(|look| {
            look.before = (index == 0).then_some(LINE);
            look.left = Some(chars(2.0 + hang));
            look.first = Some(-chars(hang));
        })));
    }
}

/// A paragraph that begins so many 字 from the left edge. It may reach beyond the right edge rather than wrap.
fn beginning(style: &'static str, text: String, at: f64) -> Para {
    Para::text(style, text).look(|look| {
        look.jc = Some("left");
        look.left = Some(chars(at.max(0.0)));
        look.right = Some(-chars(2.0));
    })
}

/// A paragraph in the middle of what lies between these.
fn between(style: &'static str, text: String, left: f64, right: f64) -> Para {
    Para::text(style, text).look(|look| {
        look.jc = Some("center");
        look.left = Some(chars(left));
        look.right = Some(chars(right));
    })
}

fn signed(signature: &Signature, date: Option<String>, nodes: &mut Vec<Node<'_>>) {
    let issuer = normalise(&signature.issuer);
    let issuer = issuer.trim().to_owned();
    let (name, day) = (width(&issuer), date.as_deref().map_or(6.5, width));
    let (mut first, second) = match &signature.manner {
        Manner::Sealed => {
            // The date with 4 字 on its right, or more if the name over its middle needs them.
            let right = (name / 2.0 - day / 2.0).max(4.0);
            let middle = CHARACTERS - right - day / 2.0;
            let left = (2.0 * middle - CHARACTERS).max(0.0);
            let centred = |style, text| between(style, text, left, 0.0);
            (
                centred("Signature", issuer).look(|look| look.before = Some(2 * LINE)),
                date.map(|date| centred("Date", date)),
            )
        }
        Manner::Unsealed => {
            let begin = if day > name { CHARACTERS - 4.0 - day } else { CHARACTERS - 2.0 - name };
            let first = beginning("Signature", issuer, begin).look(|look| look.before = Some(LINE));
            (first, date.map(|date| beginning("Date", date, begin + 2.0)))
        }
        Manner::Stamped(post) => {
            // A stamp is about 6 字 wide; its post stands 2 字 left of it.
            let begin = CHARACTERS - 4.0 - 6.0 - 2.0 - width(post);
            let first = beginning("Signature", normalise(post), begin).look(|look| look.before = Some(2 * LINE));
            let date = date.map(|date| {
                Para::text("Date", date).look(|look| {
                    look.jc = Some("right");
                    look.right = Some(chars(4.0));
                    look.before = Some(LINE);
                })
            });
            (first, date)
        }
    };
    first.look.keep_next = second.is_some();
    nodes.push(Node::Paragraph(first));
    nodes.extend(second.map(Node::Paragraph));
}
