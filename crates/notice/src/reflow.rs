//! From printed lines to paragraphs: noise dropped, wrapped lines joined, glued headings split.

use crate::chars::{at, at_any, digits, ends_any, has, has_any, is_han, starts_any};
use crate::heading::{Marker, marker, section_word, starts_block};
use crate::text::Text;

/// Longest input read, in characters; what lies beyond is not read and a `truncated` warning says so.
pub const MAX_CHARS: usize = 60_000;
/// Longest input read, in lines.
pub const MAX_LINES: usize = 6_000;

/// The paragraphs of a notice.
#[derive(Debug, Default)]
pub(crate) struct Paragraphs {
    pub(crate) texts: Vec<Text>,
    /// Wrapped lines were joined or page marks skipped.
    pub(crate) joined: bool,
    /// The line that was split, if one was.
    pub(crate) split: Option<u32>,
    /// The input is longer than the limits.
    pub(crate) over_limit: Option<u32>,
}

/// Reads the lines.
pub(crate) fn paragraphs<S: AsRef<str>>(lines: &[S]) -> Paragraphs {
    let mut out = Paragraphs::default();
    let mut texts = Vec::new();
    let mut chars = 0usize;
    let mut page_marks = false;
    for (i, line) in lines.iter().enumerate() {
        let number = u32::try_from(i + 1).unwrap_or(u32::MAX);
        let line = line.as_ref();
        if i >= MAX_LINES || chars >= MAX_CHARS {
            out.over_limit = Some(number);
            break;
        }
        // A character has at most four bytes; only a long line is counted out.
        let part = match line.char_indices().nth(MAX_CHARS - chars) {
            Some((cut, _)) => {
                out.over_limit = Some(number);
                &line[..cut]
            }
            None => line,
        };
        let text = Text::from_line(part, number);
        chars += part.chars().count();
        if text.is_empty() {
            continue;
        }
        if is_page_mark(&text.c) {
            page_marks |= number > 1;
            continue;
        }
        if !is_chrome(&text.c) {
            texts.push(text);
        }
    }
    let one_line = texts.len() <= 4 && texts.iter().any(|t| t.len() > 200);
    let mut split = Vec::new();
    for text in texts {
        let line = text.line(0);
        let parts = split_glued(text, one_line);
        if parts.len() > 1 && out.split.is_none() {
            out.split = Some(line);
        }
        split.extend(parts);
    }
    let (texts, wrapped) = if one_line { (split, false) } else { join_wrapped(split) };
    out.texts = texts;
    out.joined = wrapped || page_marks;
    out
}

/// — 2 —, 1 / 2, 第3页, a lone number, ★, a mark of a hidden part.
fn is_page_mark(t: &[char]) -> bool {
    if t.len() > 24 {
        return false;
    }
    let only = |f: fn(char) -> bool| t.iter().all(|c| f(*c));
    only(|c| c.is_ascii_digit() || matches!(c, '-' | '/' | '第' | '页' | '共' | '、' | '·' | '*'))
        && t.len() <= 12
        && !(t.len() >= 8 && t.iter().filter(|c| c.is_ascii_digit()).count() >= 6)
        || only(|c| matches!(c, '★' | '☆' | '-' | '*' | '=' | '_' | '▲' | '◆' | '■'))
        || has(t, "此处隐藏")
}

const CHROME: &[&str] = &[
    "您当前的位置",
    "当前位置",
    "您的位置",
    "您现在的位置",
    "首页>",
    "首页»",
    "打印本页",
    "关闭窗口",
    "字体:",
    "分享到",
    "扫一扫",
    "上一篇",
    "下一篇",
    "相关链接",
    "网站备案",
    "版权所有",
    "技术支持",
    "浏览次数",
    "点击数",
    "访问量",
    "无障碍",
    "网站地图",
    "主办:",
    "承办单位:",
    "ICP备",
    "相关附件下载",
    "【打印】",
    "[打印]",
    "繁体",
];

fn is_chrome(t: &[char]) -> bool {
    if t.len() > 120 {
        return false;
    }
    t.len() < 60 && t.iter().filter(|c| **c == '>').count() >= 2
        || starts_any(t, CHROME)
        || has(t, "ICP备")
        || t.len() < 40 && has_any(t, &["分享到", "字号:大", "字号:[", "字号:小", "字体:大", "字体:["])
}

/// Splits a line in which headings stand behind their predecessor's text.
fn split_glued(text: Text, one_line: bool) -> Vec<Text> {
    if text.len() < 60 {
        return vec![text];
    }
    let t = &text.c;
    let mut cuts = vec![];
    let mut expected: [u32; 5] = [1; 5];
    if let Some(m) = marker(t) {
        expected[m.style as usize] = m.value + 1;
    }
    for i in 1..t.len() {
        if !matches!(t[i], '（' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '1'..='9')
        {
            continue;
        }
        let Some(m) = marker(&t[i..]) else { continue };
        if follows(&text, i, &m, &expected, one_line) {
            cuts.push(i);
            expected[m.style as usize] = m.value + 1;
            for lower in expected.iter_mut().skip(m.style as usize + 1) {
                *lower = 1;
            }
        }
    }
    if one_line {
        cuts.extend(blanks(&text));
        cuts.extend(front(&text));
        cuts.extend(section_ends(t, &cuts));
        cuts.extend(tail(t));
    } else if cuts.is_empty() {
        return vec![text];
    }
    cuts.push(t.len());
    cuts.sort_unstable();
    cuts.dedup();
    let mut from = 0;
    let mut out = Vec::with_capacity(cuts.len());
    for cut in cuts {
        if cut > from {
            out.push(text.slice(from..cut));
            from = cut;
        }
    }
    out
}

/// Whether the marker at `i` goes on with the numbering and stands where a heading may.
fn follows(text: &Text, i: usize, m: &Marker, expected: &[u32; 5], one_line: bool) -> bool {
    let t = &text.c;
    let before = t[i - 1];
    let next = t.get(i + m.len).copied().unwrap_or(' ');
    if m.value != expected[m.style as usize] || !(is_han(next) || matches!(next, '“' | '《' | '6')) {
        return false;
    }
    if m.value == 1 && i < 6 {
        return false;
    }
    let spaced = text.gap(i);
    match m.style {
        // Behind a section word the first item may be glued: 三、活动安排1.升旗仪式.
        2 | 3 if one_line && m.value == 1 && ends_any(&t[i.saturating_sub(8)..i], crate::heading::SECTION_WORDS) => {
            true
        }
        // 1. and 1、 stand in lists as well: only behind a full stop or white space.
        3 => (before == '。' || spaced) && !matches!(before, '件' | '附' | ':') || spaced && one_line && before == ':',
        4 => before == '。' && one_line,
        _ => {
            before == '。'
                || (spaced || before == ':') && (one_line || text.len() > 300)
                || one_line
                    && m.style == 1
                    && is_han(before)
                    && !matches!(before, '第' | '附' | '件' | '之' | '其' | '十')
        }
    }
}

/// White space at which a one-line notice falls into parts.
fn blanks(text: &Text) -> Vec<usize> {
    let t = &text.c;
    let gaps = (1..t.len()).filter(|i| text.gap(*i)).count();
    if gaps * 12 > t.len() {
        return Vec::new();
    }
    (1..t.len())
        .filter(|&i| {
            let (a, b) = (t[i - 1], t[i]);
            text.gap(i)
                && !(a.is_ascii_alphanumeric()
                    && (b.is_ascii_alphanumeric() || "年月日时点分号个届条份次名".contains(b)))
                && !("年月第至前于每约-".contains(a) && b.is_ascii_digit())
                && !matches!(b, '、' | '，' | '。' | '；' | ':' | '）' | '”' | '》' | '-')
                && !matches!(a, '、' | '，' | '（' | '“' | '《' | '-')
                && (a != '；' || b == '（')
                && marker(&t[i.saturating_sub(3)..i]).is_none_or(|m| m.len != 3)
        })
        .collect()
}

/// Behind the title and behind the addressees of a one-line notice.
fn front(text: &Text) -> Vec<usize> {
    let t = &text.c;
    let mut cuts = Vec::new();
    let mut depth = 0i32;
    for i in 0..t.len().min(160) {
        depth += match t[i] {
            '《' => 1,
            '》' => -1,
            _ => 0,
        };
        if depth == 0 && (at(t, i, "的通知") || at(t, i, "的函")) && !at(t, i + 3, "》") {
            let cut = i + if at(t, i, "的通知") { 3 } else { 2 };
            cuts.push(cut);
            if let Some(colon) = (cut..t.len().min(cut + 120)).find(|&j| matches!(t[j], ':' | '。'))
                && t[colon] == ':'
            {
                cuts.push(colon + 1);
            }
            break;
        }
    }
    cuts
}

/// Before 附件： and before the signature of a one-line notice: the organ that opens the title and a date.
fn tail(t: &[char]) -> Vec<usize> {
    let mut cuts = Vec::new();
    let lo = t.len().saturating_sub(300);
    if let Some(i) = (lo..t.len()).find(|&i| i > 0 && t[i - 1] == '。' && at_any(t, i, &["附件", "附:"]).is_some())
    {
        cuts.push(i);
    }
    let organ = (3..t.len().min(40)).find(|&i| at_any(t, i, &["关于", "转发", "印发"]).is_some());
    if let Some(n) = organ
        && let Some(i) = (lo..t.len().saturating_sub(n)).rev().find(|&i| i > n && t[i..i + n] == t[..n])
        && crate::date::atom(t, i + n, false).is_some_and(|a| a.end == t.len())
    {
        cuts.push(i);
    }
    cuts
}

/// Behind a section word that is glued to its paragraph: 一、活动主题落实安全责任….
fn section_ends(t: &[char], starts: &[usize]) -> Vec<usize> {
    starts
        .iter()
        .filter_map(|&s| {
            let m = marker(&t[s..]).filter(|m| m.style == 1)?;
            let n = section_word(&t[s + m.len..])?;
            let end = s + m.len + n;
            (t.get(end).is_some_and(|c| is_han(*c) || c.is_ascii_digit() || *c == '“')
                && at_any(t, end, &["和", "与", "及", "为"]).is_none())
            .then_some(end)
        })
        .collect()
}

/// Joins lines that a page layout broke.
fn join_wrapped(lines: Vec<Text>) -> (Vec<Text>, bool) {
    let mut widths: Vec<usize> = lines.iter().map(Text::width).filter(|w| *w <= 130).collect();
    widths.sort_unstable();
    if widths.len() < 8 || widths.len() * 10 < lines.len() * 9 {
        return (lines, false);
    }
    let full = widths[widths.len() * 9 / 10];
    let is_full = |t: &Text| t.width() + t.indent + 5 >= full && t.width() <= full + 12;
    let breaks = |a: &Text, b: &Text| {
        is_full(a) && !ends_any(&a.c, &["。", ":", "；", "！", "？", "》的通知"]) && !starts_block(&b.c) && b.indent < 4
    };
    let broken = lines.windows(2).filter(|w| breaks(&w[0], &w[1])).count();
    let fulls = lines.iter().filter(|t| is_full(t)).count();
    if full < 30 || broken < 3 || broken * 5 < fulls * 2 {
        return (lines, false);
    }
    let mut out: Vec<Text> = Vec::with_capacity(lines.len());
    let mut last: Option<Text> = None;
    for line in lines {
        let join = last.as_ref().is_some_and(|l| breaks(l, &line)) && !is_date_line(&line.c);
        match out.last_mut() {
            Some(para) if join => para.append(&line),
            _ => out.push(line.clone()),
        }
        last = Some(line);
    }
    (out, true)
}

fn is_date_line(t: &[char]) -> bool {
    t.len() <= 12 && digits(t, 0, 4).is_some() && ends_any(t, &["日"]) && !ends_any(t, &["，", "、"]) && at(t, 4, "年")
}
