//! The boxes of MP4, MOV, 3GP, HEIC and AVIF: length, four letters, contents.

use std::io::{self, Read, Seek, SeekFrom};

/// Boxes looked at on one level: more are no file of a camera.
const MOST: usize = 4096;

/// A box of a file too large to hold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FileBox {
    pub name: [u8; 4],
    /// Where its contents begin.
    pub start: u64,
    /// Where they end; past the end of the file if the file is cut off.
    pub end: u64,
}

/// The boxes of the file itself. Stops at what is none.
pub(crate) fn of_file(source: &mut (impl Read + Seek), size: u64) -> io::Result<Vec<FileBox>> {
    let mut boxes = Vec::new();
    let mut at = 0;
    while at + 8 <= size && boxes.len() < MOST {
        source.seek(SeekFrom::Start(at))?;
        let mut head = [0; 16];
        let wide = if size - at >= 16 { 16 } else { 8 };
        source.read_exact(&mut head[..wide])?;
        let Some((name, header, length)) = header(&head[..wide], size - at) else { break };
        let end = at.saturating_add(length);
        boxes.push(FileBox { name, start: at + header, end });
        at = end;
    }
    Ok(boxes)
}

/// The boxes of a box, as far as they lie within it.
pub(crate) fn of_bytes(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (name, start, length) = header(rest, rest.len() as u64)?;
        let end = usize::try_from(length).ok()?;
        let contents = rest.get(usize::try_from(start).ok()?..end)?;
        rest = &rest[end..];
        Some((name, contents))
    })
    .take(MOST)
}

/// The contents of the first box on the path.
pub(crate) fn find<'a>(bytes: &'a [u8], path: &[&[u8; 4]]) -> Option<&'a [u8]> {
    let (first, rest) = path.split_first()?;
    let (_, contents) = of_bytes(bytes).find(|(name, _)| name == *first)?;
    if rest.is_empty() { Some(contents) } else { find(contents, rest) }
}

/// Name, length of the header, length of the whole. Names are printable letters or ©.
fn header(head: &[u8], left: u64) -> Option<([u8; 4], u64, u64)> {
    let length = u64::from(u32::from_be_bytes(*head.first_chunk()?));
    let name: [u8; 4] = *head.get(4..)?.first_chunk()?;
    if !name.iter().all(|b| matches!(b, b' '..=b'~' | 0xa9)) {
        return None;
    }
    let (header, length) = match length {
        0 => (8, left),
        1 => (16, u64::from_be_bytes(*head.get(8..)?.first_chunk()?)),
        length => (8, length),
    };
    (length >= header).then_some((name, header, length))
}
