//! The text: paragraphs, headings, tables and pictures in the order given.

use super::{
    WriteError,
    geometry::{LINE, TYPE_HEIGHT, TYPE_WIDTH},
    model::{Align, Block, Heading, Level, Numbering, Orientation, Paragraph, Run},
    node::{Face, Node, Para, Type},
    normalise::{clean, normalise},
    picture::Placed,
};

/// What is counted through the document.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) pictures: usize,
    pub(super) lists: usize,
}

/// The blocks of the text or of an annex: one list of numbers for itself.
pub(super) fn blocks<'a>(
    blocks: &'a [Block],
    orientation: Orientation,
    counts: &mut Counts,
    nodes: &mut Vec<Node<'a>>,
) -> Result<(), WriteError> {
    counts.lists += 1;
    let mut break_before = false;
    for block in blocks {
        let begin = nodes.len();
        match block {
            Block::Paragraph(paragraph) => nodes.push(Node::Paragraph(plain(paragraph))),
            Block::Heading(heading) => nodes.push(Node::Paragraph(headed(heading, counts.lists))),
            Block::Table(table) => {
                table.check()?;
                if break_before {
                    nodes.push(Node::Paragraph(Para::nothing()));
                }
                if let Some(caption) = &table.caption {
                    nodes.push(Node::Paragraph(caption_of(caption).look(|look| {
                        look.keep_next = true;
                        look.before = Some(LINE / 2);
                    })));
                } else if matches!(nodes.last(), Some(Node::Table(_))) {
                    // Tables that touch become one.
                    nodes.push(Node::Paragraph(Para::nothing()));
                }
                nodes.push(Node::Table(table));
            }
            Block::Picture(picture) => {
                counts.pictures += 1;
                let (width, height) = (TYPE_WIDTH as f64 / MM, (TYPE_HEIGHT - 2 * LINE) as f64 / MM);
                let room = if orientation == Orientation::Portrait { (width, height) } else { (height, width - 22.0) };
                let mut para = Para::new("Picture");
                para.pieces.push(super::node::Piece::Picture(Placed::new(picture, counts.pictures, room)?));
                para.look.keep_next = picture.caption.is_some();
                nodes.push(Node::Paragraph(para));
                nodes.extend(picture.caption.as_deref().map(|caption| Node::Paragraph(caption_of(caption))));
            }
            Block::PageBreak => {
                break_before = true;
                continue;
            }
        }
        let after_table = matches!(begin.checked_sub(1).map(|last| &nodes[last]), Some(Node::Table(_)));
        if let Some(Node::Paragraph(para)) = nodes.get_mut(begin) {
            para.look.page_break_before = break_before;
            if after_table && !break_before && para.look.before.is_none() {
                para.look.before = Some(LINE / 3);
            }
        }
        break_before = false;
    }
    Ok(())
}

/// Twips in a millimetre.
const MM: f64 = 1_440.0 / 25.4;

fn caption_of(text: &str) -> Para {
    Para::text("Caption", normalise(text))
}

/// Runs as they are printed: what stands in one run decides about the next.
fn runs(runs: &[Run]) -> impl Iterator<Item = (String, Type)> {
    let parts: Vec<(String, &Run)> = runs.iter().map(|run| (clean(&run.text), run)).collect();
    let whole = normalise(&parts.iter().map(|(text, _)| text.as_str()).collect::<String>());
    let mut rest = whole.chars().collect::<Vec<_>>().into_iter();
    parts
        .into_iter()
        .map(move |(text, run)| {
            let text = rest.by_ref().take(text.chars().count()).collect();
            (text, Type { bold: run.bold, underlined: run.underlined, ..Type::default() })
        })
        .collect::<Vec<_>>()
        .into_iter()
}

fn plain(paragraph: &Paragraph) -> Para {
    let (style, jc) = match paragraph.align {
        Align::Text => ("BodyText", None),
        Align::Left => ("Normal", Some("left")),
        Align::Centre => ("Normal", Some("center")),
        Align::Right => ("Normal", Some("right")),
    };
    let para = Para::new(style).look(|look| look.jc = jc);
    runs(&paragraph.runs).fold(para, |para, (text, look)| para.with(text, look))
}

fn headed(heading: &Heading, list: usize) -> Para {
    let (style, level, face) = match heading.level {
        Level::One => ("Heading1", 0, Some(Face::Hei)),
        Level::Two => ("Heading2", 1, Some(Face::Kai)),
        Level::Three => ("Heading3", 2, None),
        Level::Four => ("Heading4", 3, None),
    };
    // A heading that stands alone does not end a page.
    let mut para = Para::new(style).look(|look| look.keep_next = heading.run_in.is_empty());
    match &heading.numbering {
        Numbering::Automatic => para.list = Some((list, level)),
        Numbering::Given(number) => para = para.with(normalise(number), Type { face, ..Type::default() }),
        Numbering::None => {}
    }
    para = para.with(normalise(&heading.title), Type { face, ..Type::default() });
    let text = Type { face: Some(Face::Text), ..Type::default() };
    runs(&heading.run_in).fold(para, |para, (run, look)| {
        para.with(run, Type { bold: look.bold, underlined: look.underlined, ..text.clone() })
    })
}
