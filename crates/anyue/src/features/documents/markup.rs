//! The text of a document as a clerk types it, read into its parts. One line is one paragraph, as in a word processor.
//!
//! * `一、…`, `（一）…`, `1．…`, `（1）…` at the head of a short line are headings of the four levels.
//! * Lines beginning with `|` are rows of a table; the first is its head.
//! * `![说明](文件号)` alone in a line is a picture of that file.
//! * `【附件】标题` begins an annex on a new page, `【附件横】标题` one across; `【换页】` begins a new page.
//! * `[60](2)` is a figure and the number of the address it comes from; only the figure is printed. While a template is
//!   filled the address itself stands there: [`numbered`] puts its number in its place.
//! * `\` before a character takes its meaning from it.

/// A piece of text, with the address it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The words.
    pub text: String,
    /// Where they come from; empty when nobody has said.
    pub link: String,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A heading of level 1 to 4, its number included.
    Heading(u8, Vec<Span>),
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A table: rows of cells.
    Table(Vec<Vec<Vec<Span>>>),
    /// A picture.
    Picture {
        /// Id of the file.
        file: String,
        /// What stands below it.
        caption: String,
    },
    /// What follows is on a new page.
    NewPage,
    /// What follows is an annex.
    Annex {
        /// Its title.
        title: String,
        /// It is printed across.
        is_landscape: bool,
    },
}

/// Reads a text. Nothing is ever refused: what has no meaning is a paragraph.
pub fn read(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for line in text.lines() {
        let line = line.trim_matches([' ', '\t', '\u{3000}', '\r']);
        if line.is_empty() {
            continue;
        }
        if line.starts_with('|') {
            let row = cells(line);
            if is_rule(&row) {
                continue;
            }
            match pieces.last_mut() {
                Some(Piece::Table(rows)) => rows.push(row),
                _ => pieces.push(Piece::Table(vec![row])),
            }
            continue;
        }
        pieces.push(piece(line));
    }
    pieces
}

fn piece(line: &str) -> Piece {
    if line == "【换页】" {
        return Piece::NewPage;
    }
    for (sign, is_landscape) in [("【附件】", false), ("【附件横】", true)] {
        if let Some(title) = line.strip_prefix(sign) {
            return Piece::Annex { title: words(&spans(title.trim())), is_landscape };
        }
    }
    if let Some((caption, file)) = picture(line) {
        return Piece::Picture { file, caption };
    }
    let spans = spans(line);
    match level(&words(&spans)) {
        Some(level) => Piece::Heading(level, spans),
        None => Piece::Paragraph(spans),
    }
}

/// The words without their addresses.
pub fn words(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}

/// The words of a line without signs and addresses.
pub fn words_of(line: &str) -> String {
    words(&spans(line))
}

/// A heading is no longer; a longer line is a paragraph that begins with a number.
const LONGEST_HEADING: usize = 40;

/// Level of a heading by its number (GB/T 9704-2012, 7.3.3: 一、（一）1.（1）).
fn level(line: &str) -> Option<u8> {
    if line.chars().count() > LONGEST_HEADING || line.ends_with(['。', '；', '：', '，', ';', ':']) {
        return None;
    }
    let is_han = |c: char| "一二三四五六七八九十百".contains(c);
    let number = |text: &str, is: fn(char) -> bool| text.find(|c| !is(c)).filter(|at| *at > 0);
    let han = |text: &str| text.find(|c| !is_han(c)).filter(|at| *at > 0);
    let digit: fn(char) -> bool = |c| c.is_ascii_digit();
    if han(line).is_some_and(|at| line[at..].starts_with('、')) {
        return Some(1);
    }
    if let Some(rest) = line.strip_prefix(['（', '(']) {
        let closes = |at: usize| rest[at..].starts_with(['）', ')']);
        if han(rest).is_some_and(closes) {
            return Some(2);
        }
        return number(rest, digit).is_some_and(closes).then_some(4);
    }
    // 1.5 is no heading.
    let at = number(line, digit)?;
    let mut rest = line[at..].chars();
    (matches!(rest.next(), Some('.' | '．' | '、')) && rest.next().is_some_and(|c| !c.is_ascii_digit())).then_some(3)
}

fn picture(line: &str) -> Option<(String, String)> {
    let (caption, rest) = line.strip_prefix("![")?.split_once("](")?;
    let file = rest.strip_suffix(')')?;
    let is_id = !file.is_empty() && file.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    is_id.then(|| (words(&spans(caption)), file.to_owned()))
}

fn cells(line: &str) -> Vec<Vec<Span>> {
    let inner = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in inner.chars() {
        match c {
            '|' if !escaped => cells.push(String::new()),
            _ => cells.last_mut().expect("one at least").push(c),
        }
        escaped = c == '\\' && !escaped;
    }
    if cells.len() > 1 && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        cells.pop();
    }
    cells.iter().map(|cell| spans(cell.trim())).collect()
}

/// `| --- | --- |`, as some write it below the head.
fn is_rule(row: &[Vec<Span>]) -> bool {
    row.iter().all(|cell| {
        let words = words(cell);
        words.len() >= 3 && words.chars().all(|c| matches!(c, '-' | ':'))
    })
}

/// Words with their addresses.
fn spans(text: &str) -> Vec<Span> {
    let mut spans = vec![Span::default()];
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '\\' && rest.len() > 1 {
            let next = rest[1..].chars().next().expect("there is more");
            spans.last_mut().expect("one at least").text.push(next);
            rest = &rest[1 + next.len_utf8()..];
            continue;
        }
        if c == '['
            && let Some((words, link, after)) = link(rest)
        {
            spans.push(Span { text: words, link });
            spans.push(Span::default());
            rest = after;
            continue;
        }
        spans.last_mut().expect("one at least").text.push(c);
        rest = &rest[c.len_utf8()..];
    }
    spans.retain(|span| !span.text.is_empty());
    spans
}

/// `[60](/statistics/…)`: only addresses of this site.
fn link(text: &str) -> Option<(String, String, &str)> {
    let (words, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (link, after) = rest.split_once(')')?;
    let is_number = !link.is_empty() && link.len() <= 4 && link.chars().all(|c| c.is_ascii_digit());
    let is_own = link.starts_with('/') && !link.starts_with("//") && !link.contains(['\\', '"', '<', '>', ' ']);
    ((is_own || is_number) && !words.is_empty() && !words.contains(['[', ']', '\\']))
        .then(|| (words.to_owned(), link.to_owned(), after))
}

/// A text whose addresses stand in a list, each once, with its number (from 1) in its place.
pub fn numbered(text: &str, sources: &mut Vec<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let is_plain = rest[..at].chars().rev().take_while(|c| *c == '\\').count() % 2 == 1;
        match link(&rest[at..]).filter(|(_, link, _)| !is_plain && link.starts_with('/')) {
            Some((words, link, after)) => {
                let no = sources.iter().position(|known| *known == link).unwrap_or_else(|| {
                    sources.push(link);
                    sources.len() - 1
                });
                out.push_str(&rest[..at]);
                out.push_str(&format!("[{words}]({})", no + 1));
                rest = after;
            }
            None => {
                out.push_str(&rest[..=at]);
                rest = &rest[at + 1..];
            }
        }
    }
    out + rest
}

/// Words that mean nothing but themselves, in one line.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '\\' | '[' | ']' | '|' | '!' | '【' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one(text: &str) -> Piece {
        let mut pieces = read(text);
        assert_eq!(pieces.len(), 1, "{text}");
        pieces.remove(0)
    }

    fn is_heading(text: &str) -> Option<u8> {
        match one(text) {
            Piece::Heading(level, _) => Some(level),
            _ => None,
        }
    }

    #[test]
    fn the_four_levels_are_known_by_their_numbers() {
        for (line, level) in [
            ("一、总体情况", Some(1)),
            ("十一、其他", Some(1)),
            ("（二）报送情况", Some(2)),
            ("(三)排查情况", Some(2)),
            ("1．各村", Some(3)),
            ("12.企业", Some(3)),
            ("（1）学校", Some(4)),
            ("1.5万人次参加", None),
            ("一是认真组织。", None),
            ("（一）各村要高度重视，认真组织。", None),
            ("（附）", None),
            ("二〇二二年", None),
        ] {
            assert_eq!(is_heading(line), level, "{line}");
        }
    }

    #[test]
    fn tables_pictures_annexes_and_figures_are_read() {
        let pieces = read(
            "本周[60](/statistics/records?slot=a)人次参加。\n\n|单位|人次|\n|---|---|\n|东沟村|[12](/r)|\n\
             ![现场](0190-ab)\n【附件横】统计表\n【换页】\n",
        );
        assert_eq!(pieces.len(), 5);
        let Piece::Paragraph(spans) = &pieces[0] else { panic!("{pieces:?}") };
        assert_eq!(spans[1], Span { text: "60".to_owned(), link: "/statistics/records?slot=a".to_owned() });
        let Piece::Table(rows) = &pieces[1] else { panic!("{pieces:?}") };
        assert_eq!((rows.len(), rows[1].len(), words(&rows[1][1]).as_str()), (2, 2, "12"));
        assert_eq!(pieces[2], Piece::Picture { file: "0190-ab".to_owned(), caption: "现场".to_owned() });
        assert_eq!(pieces[3], Piece::Annex { title: "统计表".to_owned(), is_landscape: true });
        assert_eq!(pieces[4], Piece::NewPage);
    }

    #[test]
    fn addresses_are_numbered_each_once() {
        let mut sources = Vec::new();
        let text = numbered("[1](/a)、[2](/b)、[3](/a)，\\[4](/c)、[5](6)", &mut sources);
        assert_eq!(text, "[1](1)、[2](2)、[3](1)，\\[4](/c)、[5](6)");
        assert_eq!(sources, ["/a", "/b"]);
    }

    #[test]
    fn only_addresses_of_this_site_are_links() {
        for text in ["[a](https://x.test/)", "[a](//x.test)", "[a](javascript:1)", "[](/a)", "[a](/a"] {
            let Piece::Paragraph(spans) = one(text) else { panic!("{text}") };
            assert!(spans.iter().all(|span| span.link.is_empty()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_nothing_but_signs_is_lost(text in "(?s).{0,200}") {
            let pieces = read(&text);
            prop_assert!(pieces.len() <= text.lines().count());
        }

        #[test]
        fn words_of_others_stay_words(text in "[^\\n\\r\\t]{1,60}") {
            let line = format!("“{}”", plain(&text));
            let read = read(&line);
            prop_assert_eq!(read.len(), 1);
            match &read[0] {
                Piece::Paragraph(spans) => {
                    prop_assert_eq!(words(spans), format!("“{text}”"));
                    prop_assert!(spans.iter().all(|span| span.link.is_empty()));
                }
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }
}
