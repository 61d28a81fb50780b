//! XML, guarded: no DOCTYPE, no entities of its own, bounded depth. Prefixes are ignored: the formats here
//! have distinct local names, and some writers get the namespaces wrong.

use std::io::BufRead;

use quick_xml::{
    Reader,
    errors::Error,
    events::{BytesStart, Event},
};

use crate::{Kind, ReadError, limits::MAX_XML_DEPTH, package::refusal};

/// What comes next in a part.
pub(crate) enum Node {
    /// An element begins. An empty one begins and ends.
    Open(Tag),
    /// An element ends.
    Close,
    /// A piece of text, unescaped.
    Text(String),
}

/// The beginning of an element.
pub(crate) struct Tag(BytesStart<'static>);

impl Tag {
    /// Its name without prefix.
    pub(crate) fn name(&self) -> &str {
        self.0.name().into_inner().rsplit(':').next().unwrap_or("")
    }

    /// An attribute by its name without prefix, in any case.
    pub(crate) fn attr(&self, name: &str) -> Option<String> {
        let attribute =
            self.0.html_attributes().with_checks(false).flatten().find(|attribute| {
                attribute.key.into_inner().rsplit(':').next().unwrap_or("").eq_ignore_ascii_case(name)
            })?;
        quick_xml::escape::unescape(&attribute.value).ok().map(|value| value.into_owned())
    }

    /// A switch: absent in `<w:vanish w:val="0"/>`, present in `<w:vanish/>`.
    pub(crate) fn is_on(&self) -> bool {
        !matches!(self.attr("val").as_deref(), Some("0" | "false" | "off"))
    }
}

/// Reads one part from beginning to end.
pub(crate) struct Xml<R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
    depth: usize,
    kind: Kind,
}

impl<R: BufRead> Xml<R> {
    pub(crate) fn new(part: R, kind: Kind) -> Self {
        let mut reader = Reader::from_reader(part);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0, kind }
    }

    /// The next node, or `None` at the end of a well-formed part.
    pub(crate) fn next(&mut self) -> Result<Option<Node>, ReadError> {
        let kind = self.kind;
        loop {
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer).map_err(|error| match error {
                Error::Io(error) => refusal(&error, kind),
                _ => ReadError::Broken(kind),
            })?;
            match event {
                Event::Start(start) => {
                    self.depth += 1;
                    if self.depth > MAX_XML_DEPTH {
                        return Err(ReadError::TooDeep(kind));
                    }
                    return Ok(Some(Node::Open(Tag(start.into_owned()))));
                }
                Event::End(_) => {
                    self.depth -= 1;
                    return Ok(Some(Node::Close));
                }
                Event::Text(text) => return Ok(Some(Node::Text(text.xml10_content().into_owned()))),
                Event::CData(text) => return Ok(Some(Node::Text(text.xml10_content().into_owned()))),
                Event::GeneralRef(reference) => {
                    let resolved = match reference.resolve_char_ref() {
                        Ok(Some(c)) => c.to_string(),
                        Ok(None) => quick_xml::escape::resolve_predefined_entity(&reference.into_inner())
                            .ok_or(ReadError::XmlEntities(kind))?
                            .to_owned(),
                        Err(_) => return Err(ReadError::Broken(kind)),
                    };
                    return Ok(Some(Node::Text(resolved)));
                }
                Event::DocType(_) => return Err(ReadError::XmlEntities(kind)),
                Event::Eof if self.depth > 0 => return Err(ReadError::Broken(kind)),
                Event::Eof => return Ok(None),
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
    }
}
