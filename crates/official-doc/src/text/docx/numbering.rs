//! Automatic numbering: which number stands before a paragraph.
//!
//! A paragraph names a list (`w:num`) and a level. A list takes its levels from an abstract list, and lists of
//! the same abstract list go on counting, unless a list says where it starts anew.

use std::{
    collections::{HashMap, HashSet},
    io::BufRead,
};

use super::numerals::numeral;
use crate::{
    Kind, ReadError,
    limits::MAX_WORD_DEFINITIONS,
    xml::{Node, Tag, Xml},
};

/// Word has nine levels.
const LEVELS: usize = 9;

/// The lists of a document and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    abstracts: HashMap<String, Abstract>,
    lists: HashMap<String, List>,
    counters: HashMap<String, [Option<u32>; LEVELS]>,
    begun: HashSet<String>,
    /// Abstract lists by the list style they define; others point to them by it.
    style_links: HashMap<String, String>,
}

#[derive(Debug, Default)]
struct Abstract {
    levels: [Level; LEVELS],
    num_style_link: Option<String>,
}

#[derive(Debug, Default)]
struct List {
    abstract_id: String,
    starts: [Option<u32>; LEVELS],
    levels: [Option<Box<Level>>; LEVELS],
}

#[derive(Debug, Default)]
struct Level {
    start: Option<u32>,
    format: String,
    text: String,
    suffix: Option<String>,
    /// All numbers in it as digits.
    legal: bool,
    /// Started anew only after this level (counted from 1); 0: never.
    restart: Option<usize>,
    /// The paragraph style that stands for this level.
    style: Option<String>,
}

impl Numbering {
    pub(super) fn read(part: impl BufRead) -> Result<Self, ReadError> {
        let mut xml = Xml::new(part, Kind::Docx);
        let mut numbering = Self::default();
        let mut place = Place::default();
        while let Some(node) = xml.next()? {
            if let Node::Open(tag) = node {
                numbering.take(&tag, &mut place);
            }
            if numbering.abstracts.len().max(numbering.lists.len()) > MAX_WORD_DEFINITIONS {
                return Err(ReadError::TooMuch(Kind::Docx));
            }
        }
        Ok(numbering)
    }

    fn take(&mut self, tag: &Tag, place: &mut Place) {
        let value = || tag.attr("val");
        let index = || tag.attr("ilvl").and_then(|level| level.parse().ok()).filter(|level| *level < LEVELS);
        match tag.name() {
            "abstractNum" => {
                *place = Place { abstract_id: tag.attr("abstractNumId"), ..Place::default() };
                if let Some(id) = &place.abstract_id {
                    self.abstracts.entry(id.clone()).or_default();
                }
            }
            "num" => {
                *place = Place { list: tag.attr("numId"), ..Place::default() };
                if let Some(id) = &place.list {
                    self.lists.entry(id.clone()).or_default();
                }
            }
            "abstractNumId" => {
                if let Some(list) = place.list.as_ref().and_then(|id| self.lists.get_mut(id)) {
                    list.abstract_id = value().unwrap_or_default();
                }
            }
            "styleLink" => {
                if let (Some(link), Some(id)) = (value(), &place.abstract_id) {
                    self.style_links.insert(link, id.clone());
                }
            }
            "numStyleLink" => {
                if let Some(list) = place.abstract_id.as_ref().and_then(|id| self.abstracts.get_mut(id)) {
                    list.num_style_link = value();
                }
            }
            "lvlOverride" => place.overridden = index(),
            "startOverride" => {
                let list = place.list.as_ref().and_then(|id| self.lists.get_mut(id));
                if let (Some(list), Some(level)) = (list, place.overridden) {
                    list.starts[level] = value().and_then(|start| start.parse().ok());
                }
            }
            "lvl" => {
                place.level = index();
                let list = place.list.as_ref().and_then(|id| self.lists.get_mut(id));
                if let (Some(list), Some(level)) = (list, place.level) {
                    list.levels[level] = Some(Box::default());
                }
            }
            name => {
                let Some(level) = self.level_mut(place) else {
                    return;
                };
                match name {
                    "start" => level.start = value().and_then(|start| start.parse().ok()),
                    "numFmt" => level.format = value().unwrap_or_default(),
                    "lvlText" => level.text = value().unwrap_or_default(),
                    "suff" => level.suffix = value(),
                    "isLgl" => level.legal = tag.is_on(),
                    "lvlRestart" => level.restart = value().and_then(|restart| restart.parse().ok()),
                    "pStyle" => level.style = value(),
                    _ => {}
                }
            }
        }
    }

    fn level_mut(&mut self, place: &Place) -> Option<&mut Level> {
        let index = place.level?;
        match (&place.abstract_id, &place.list) {
            (Some(id), _) => self.abstracts.get_mut(id)?.levels.get_mut(index),
            (None, Some(id)) => self.lists.get_mut(id)?.levels[index].as_deref_mut(),
            (None, None) => None,
        }
    }

    /// The level that stands for a paragraph style in a list.
    pub(super) fn level_of_style(&self, list: &str, style: &str) -> Option<usize> {
        let levels = &self.abstracts.get(&self.lists.get(list)?.abstract_id)?.levels;
        levels.iter().position(|level| level.style.as_deref() == Some(style))
    }

    /// Counts one paragraph of a list and gives what stands before its text.
    pub(super) fn count(&mut self, list_id: &str, level: usize) -> Option<String> {
        let list = self.lists.get(list_id)?;
        let link = self.abstracts.get(&list.abstract_id)?.num_style_link.as_ref();
        let abstract_id = link.and_then(|link| self.style_links.get(link)).unwrap_or(&list.abstract_id);
        let base = &self.abstracts.get(abstract_id)?.levels;
        let levels: [&Level; LEVELS] =
            std::array::from_fn(|index| list.levels[index].as_deref().unwrap_or(&base[index]));
        let start = |index: usize| list.starts[index].or(levels[index].start).unwrap_or(1);

        let counters = self.counters.entry(abstract_id.clone()).or_default();
        if self.begun.insert(list_id.to_owned()) {
            for (counter, _) in counters.iter_mut().zip(&list.starts).filter(|(_, start)| start.is_some()) {
                *counter = None;
            }
        }

        let level = level.min(LEVELS - 1);
        counters[level] = Some(counters[level].map_or(start(level), |number| number.saturating_add(1)));
        for index in level + 1..LEVELS {
            // A level starts anew after any higher one, or only after those up to the one it names.
            if levels[index].restart.is_none_or(|after| level < after) {
                counters[index] = None;
            }
        }
        let number = |index: usize| counters[index].unwrap_or_else(|| start(index));
        Some(levels[level].render(&levels, number))
    }
}

impl Level {
    /// `（%2）` becomes `（三）`.
    fn render(&self, levels: &[&Self; LEVELS], number: impl Fn(usize) -> u32) -> String {
        if self.format == "bullet" {
            // Bullets come from symbol fonts, whose characters mean nothing as text.
            let real = self.text.chars().next().filter(|c| !matches!(*c, '\u{E000}'..='\u{F8FF}'));
            return if self.text.is_empty() { String::new() } else { format!("{} ", real.unwrap_or('•')) };
        }
        let mut text = String::new();
        let mut chars = self.text.chars().peekable();
        while let Some(c) = chars.next() {
            let digit = chars.peek().and_then(|next| next.to_digit(10)).filter(|digit| (1..=9).contains(digit));
            match digit {
                Some(digit) if c == '%' => {
                    chars.next();
                    let index = digit as usize - 1;
                    let format = if self.legal { "decimal" } else { levels[index].format.as_str() };
                    text.push_str(&numeral(format, number(index)).unwrap_or_default());
                }
                _ => text.push(c),
            }
        }
        // Word sets a tab or space after the number. Typed text has none after 、）．, so neither have we.
        let closed = text.ends_with(|c: char| !c.is_alphanumeric());
        if !closed && self.suffix.as_deref() != Some("nothing") && !text.is_empty() {
            text.push(' ');
        }
        text
    }
}

/// Where in the part the reader is.
#[derive(Default)]
struct Place {
    abstract_id: Option<String>,
    list: Option<String>,
    overridden: Option<usize>,
    level: Option<usize>,
}
