//! The main part: head, title, text, signature, annexes and 版记, put into sections.

use super::{
    WriteError, blocks,
    blocks::Counts,
    geometry::LINE,
    head,
    model::{Annex, Document, Faces, ImprintPage, Layout, Orientation},
    node::{Node, Para},
    normalise::{clean, normalise},
    section::Section,
    styles::W,
    table::write_imprint,
    tail, title,
    xml::{Attribute, Xml},
};

const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const WP: &str = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing";

/// The main part and what the other parts must know about it.
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    pub(super) lists: usize,
    /// Where the first double line of a letter stands, in twips from the top of the page.
    pub(super) letter_line: Option<i64>,
    /// It is made of forms by themselves.
    pub(super) forms: bool,
}

pub(super) fn body(document: &Document) -> Result<Body, WriteError> {
    let mark = head::mark_text(document);
    let letter = document.form.layout() == Layout::Letter && mark.is_some();
    let mut section = Section { letter, ..Section::default() };
    let mut counts = Counts::default();
    let mut nodes = Vec::new();

    head::head(document, &mut nodes);
    opening(document, mark.is_some(), &mut nodes);
    blocks::blocks(&document.blocks, Orientation::Portrait, &mut counts, &mut nodes)?;
    tail::tail(document, &mut nodes);

    let numbered = document.annexes.iter().filter(|annex| annex.labelled).count();
    let mut number = 0;
    for annex in &document.annexes {
        let begin = if annex.orientation == section.orientation {
            nodes.len()
        } else {
            end(section, &mut nodes);
            section = Section { orientation: annex.orientation, ..Section::default() };
            usize::MAX
        };
        number += usize::from(annex.labelled);
        entitle(annex, (numbered > 1).then_some(number), &mut nodes);
        if let Some(Node::Paragraph(para)) = nodes.get_mut(begin) {
            para.look.page_break_before = true;
        }
        blocks::blocks(&annex.blocks, annex.orientation, &mut counts, &mut nodes)?;
    }
    if let Some(imprint) = &document.imprint {
        let even = imprint.page == ImprintPage::NewEven;
        if even || section.orientation == Orientation::Landscape {
            end(section, &mut nodes);
            section = Section { even, ..Section::default() };
            // LibreOffice puts a floating table that begins a section on the page before.
            nodes.push(Node::Paragraph(Para::nothing()));
        }
        nodes.push(Node::Imprint(imprint));
        nodes.push(Node::Paragraph(Para::nothing()));
    }
    if matches!(nodes.last(), None | Some(Node::Table(_))) {
        nodes.push(Node::Paragraph(Para::nothing()));
    }

    Ok(Body {
        bytes: write(&document.faces, &nodes, section),
        lists: counts.lists,
        letter_line: mark.filter(|_| letter).map(|mark| head::Mark::new(&mark).letter_line()),
        forms: false,
    })
}

/// 标题, two blank lines below the red line \[K\], and 主送机关, one below that.
fn opening(document: &Document, marked: bool, nodes: &mut Vec<Node<'_>>) {
    let lines = title::lines(&normalise(&document.title));
    let title = lines.join("\n");
    if !title.is_empty() {
        let before = if marked { 2 * LINE } else { LINE };
        nodes.push(Node::Paragraph(Para::text("Title", title).look(|look| look.before = Some(before))));
    }
    let names = document.addressees.as_deref().map(normalise).unwrap_or_default();
    let names = names.trim().trim_end_matches(['：', ':', '。']);
    if !names.is_empty() {
        nodes.push(Node::Paragraph(Para::text("Addressees", format!("{names}："))));
    } else if let Some(Node::Paragraph(title)) = nodes.last_mut() {
        title.look.after = Some(LINE);
    }
}

/// 附件1 on the first line, the title on the third \[K\].
fn entitle(annex: &Annex, number: Option<usize>, nodes: &mut Vec<Node<'_>>) {
    if annex.labelled {
        let number = number.map(|number| number.to_string()).unwrap_or_default();
        nodes.push(Node::Paragraph(Para::text("AnnexLabel", format!("附件{number}"))));
    }
    let title = title::lines(&normalise(&annex.title)).join("\n");
    if !clean(&title).trim().is_empty() {
        nodes.push(Node::Paragraph(Para::text("AnnexTitle", title)));
    } else if !annex.labelled {
        nodes.push(Node::Paragraph(Para::nothing()));
    }
    if let Some(Node::Paragraph(last)) = nodes.last_mut() {
        last.look.after = Some(LINE);
    }
}

/// Ends a section with the last paragraph there is, or with one made for it.
fn end(section: Section, nodes: &mut Vec<Node<'_>>) {
    match nodes.last_mut() {
        Some(Node::Paragraph(para)) if para.look.frame.is_none() && para.section.is_none() => {
            para.section = Some(section)
        }
        _ => nodes.push(Node::Paragraph(Para { section: Some(section), ..Para::nothing() })),
    }
}

/// The main part of these nodes, the last of them in this section.
pub(super) fn write(faces: &Faces, nodes: &[Node<'_>], last: Section) -> Vec<u8> {
    // A table is as wide as the section it stands in, which is written after it.
    let mut rooms: Vec<i64> = Vec::with_capacity(nodes.len());
    let mut current = last.room();
    for node in nodes.iter().rev() {
        if let Node::Paragraph(Para { section: Some(section), .. }) = node {
            current = section.room();
        }
        rooms.push(current);
    }
    rooms.reverse();
    let namespaces: [Attribute<'_>; 3] = [("xmlns:w", &W), ("xmlns:r", &R), ("xmlns:wp", &WP)];
    Xml::part("w:document", &namespaces, |xml| {
        xml.element("w:body", &[], |xml| {
            for (node, room) in nodes.iter().zip(rooms) {
                match node {
                    Node::Paragraph(para) => para.write(xml, faces),
                    Node::Table(table) => table.write(xml, faces, room),
                    Node::Imprint(imprint) => write_imprint(imprint, xml, faces),
                }
            }
            last.write(xml);
        });
    })
}
