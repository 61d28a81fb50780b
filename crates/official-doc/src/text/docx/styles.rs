//! The styles of a document, as far as they change its text: automatic numbers and hidden text.

use std::{collections::HashMap, io::BufRead};

use crate::{
    Kind, ReadError,
    limits::MAX_WORD_DEFINITIONS,
    xml::{Node, Xml},
};

/// Styles are based on each other; no real chain is longer.
const MAX_CHAIN: usize = 16;

/// Styles by their ids.
#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: HashMap<String, Style>,
    default_paragraph: Option<String>,
}

#[derive(Debug, Default)]
struct Style {
    based_on: Option<String>,
    list: Option<String>,
    level: Option<usize>,
    hidden: Option<bool>,
}

impl Styles {
    pub(super) fn read(part: impl BufRead) -> Result<Self, ReadError> {
        let mut xml = Xml::new(part, Kind::Docx);
        let mut styles = Self::default();
        let mut id = None;
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            if tag.name() == "style" {
                id = tag.attr("styleId");
                let paragraph = tag.attr("type").as_deref() == Some("paragraph");
                if paragraph && tag.attr("default").is_some_and(|value| value == "1" || value == "true") {
                    styles.default_paragraph = id.clone();
                }
                continue;
            }
            if styles.styles.len() > MAX_WORD_DEFINITIONS {
                return Err(ReadError::TooMuch(Kind::Docx));
            }
            let Some(id) = &id else { continue };
            let style = styles.styles.entry(id.clone()).or_default();
            match tag.name() {
                "basedOn" => style.based_on = tag.attr("val"),
                "numId" => style.list = tag.attr("val"),
                "ilvl" => style.level = tag.attr("val").and_then(|level| level.parse().ok()),
                "vanish" => style.hidden = Some(tag.is_on()),
                _ => {}
            }
        }
        Ok(styles)
    }

    /// The list a paragraph of this style belongs to, its level if the style says so, and the style that says it.
    pub(super) fn list<'a>(&'a self, style: Option<&'a str>) -> Option<(&'a str, Option<usize>, &'a str)> {
        self.chain(style).find_map(|(id, style)| style.list.as_deref().map(|list| (list, style.level, id)))
    }

    /// Whether text of this style is hidden.
    pub(super) fn hidden(&self, style: Option<&str>) -> bool {
        style.is_some() && self.chain(style).find_map(|(_, style)| style.hidden).unwrap_or(false)
    }

    fn chain<'a>(&'a self, style: Option<&'a str>) -> impl Iterator<Item = (&'a str, &'a Style)> {
        let first = style.or(self.default_paragraph.as_deref());
        std::iter::successors(first, |id| self.styles.get(*id)?.based_on.as_deref())
            .take(MAX_CHAIN)
            .filter_map(|id| Some((id, self.styles.get(id)?)))
    }
}
