//! Attachments: lists behind the letter, labels above forms, and labels that a sentence mentions.

use crate::chars::{at, at_any, ends_any, find, has, number};
use crate::docnum;
use crate::heading::marker;
use crate::model::{Attachment, Code};
use crate::table;
use crate::text::Text;
use crate::warnings::Warnings;

/// Endings of titles whose text is a plan rather than a form.
const PLANS: &[&str] = &["方案", "计划", "安排", "要点", "预案", "安排表"];

/// Reads the lists; marks their paragraphs, and forms printed below, as used.
pub(crate) fn lists(texts: &[Text], used: &mut [bool], from: usize) -> Vec<Attachment> {
    let mut out: Vec<Attachment> = Vec::new();
    let mut i = from;
    while i < texts.len() {
        if used[i] {
            i += 1;
            continue;
        }
        let text = &texts[i];
        let Some((word, value, rest)) = label(text) else {
            i += 1;
            continue;
        };
        used[i] = true;
        i += 1;
        if rest >= text.len() {
            i = bare(texts, used, i, word, value, text, &mut out);
            continue;
        }
        let body = text.slice(rest..text.len());
        match (value, marker(&body.c)) {
            (None, Some(m)) if m.style == 3 => {
                for item in items(&body) {
                    push(&mut out, word, Some(item.0), &item.1);
                }
                i = following(texts, used, i, word, &mut out);
            }
            _ => push(&mut out, word, value, &body),
        }
    }
    out
}

/// 附件1：, 附件一, 附件 1., 附：, 附表7, 后附: the word, its number and where the title begins.
fn label(text: &Text) -> Option<(&'static str, Option<u32>, usize)> {
    let t = &text.c;
    let open = usize::from(matches!(t.first(), Some('（' | '[' | '【')));
    let (word, n) = at_any(t, open, &["附件", "附表", "后附", "附:", "附"])?;
    let word = match word {
        "附件" => "附件",
        "附表" => "附表",
        _ => "附",
    };
    let mut j = open + n;
    if word == "附" && n == 1 && !text.gap(1) && number(t, j, 2).is_none() {
        // 附近, 附属: no label.
        return None;
    }
    let value = number(t, j, 2);
    if let Some((_, e)) = value {
        // 附件2015年…: that is a title.
        if at(t, e, "年") || at(t, e, "月") {
            return None;
        }
        j = e;
    }
    let closed = matches!(t.get(j), Some('）' | ']' | '】'));
    j += usize::from(open == 1 && closed);
    let sep = matches!(t.get(j), Some(':' | '.' | '、' | '-'));
    j += usize::from(sep);
    let glued = j < t.len() && !sep && !text.gap(j) && t[j] != '《' && n != 2;
    let glued = glued || j < t.len() && !sep && word == "附件" && !text.gap(j) && t[j] != '《';
    if glued && at_any(t, j, &["的", "所", "要求", "中", "为", "内", "表", "）", "，", "和"]).is_some()
        || t[j.min(t.len())..].contains(&'。') && t.len() > 60
    {
        return None;
    }
    if open == 1 && !closed {
        return None;
    }
    Some((word, value.map(|(v, _)| v), j))
}

/// A label alone on its line: the title is on the next, and below it the thing itself.
fn bare(
    texts: &[Text],
    used: &mut [bool],
    mut i: usize,
    word: &str,
    value: Option<u32>,
    text: &Text,
    out: &mut Vec<Attachment>,
) -> usize {
    if value.is_none()
        && i < texts.len()
        && !used[i]
        && marker(&texts[i].c).is_some_and(|m| m.style == 3 && m.value == 1)
    {
        return following(texts, used, i, word, out);
    }
    let Some(title) = texts.get(i).filter(|_| !used[i]) else { return i };
    if label(title).is_some()
        || title.len() > 60
        || title.c.contains(&'。')
        || value.is_none() && crate::head::is_organ(&title.c) && texts.get(i + 1).is_none_or(|t| t.len() < 14)
    {
        return i;
    }
    let plan = ends_any(&title.c, PLANS);
    if value.is_some() || !plan {
        push_title(out, word, value, title, [text.line(0), title.all_lines()[1]]);
    }
    if plan {
        return i;
    }
    used[i] = true;
    i += 1;
    // What a form says is no duty. It ends where the next label or plan begins.
    let listed_only = texts.get(i).is_none_or(|t| label(t).is_some());
    if !listed_only {
        while i < texts.len() && label(&texts[i]).is_none() && !is_contact(&texts[i].c) {
            if table::is_task_header(&texts[i]) {
                // A table of tasks is a plan whatever it is called.
                break;
            }
            if ends_any(&texts[i].c, PLANS) && texts[i].len() < 60 && has(&texts[i].c, "活动") {
                break;
            }
            used[i] = true;
            i += 1;
        }
    }
    i
}

fn is_contact(t: &[char]) -> bool {
    at(t, 0, "联系人:") && t.len() > 5
}

/// Items 2, 3, … on the lines below, in whatever order.
fn following(texts: &[Text], used: &mut [bool], mut i: usize, word: &str, out: &mut Vec<Attachment>) -> usize {
    while i < texts.len() && !used[i] {
        let Some(m) = marker(&texts[i].c).filter(|m| m.style == 3) else { break };
        let body = texts[i].slice(m.len..texts[i].len());
        if body.c.contains(&'。') && body.len() > 40 || body.len() > 80 {
            break;
        }
        for item in items(&texts[i]) {
            push(out, word, Some(item.0), &item.1);
        }
        used[i] = true;
        i += 1;
    }
    i
}

/// `1.甲 2.乙` on one line.
fn items(text: &Text) -> Vec<(u32, Text)> {
    let mut cuts: Vec<(usize, usize, u32)> = Vec::new();
    for i in 0..text.len() {
        let here = i == 0 || text.gap(i) || matches!(text.c[i - 1], '；' | '。' | '》');
        if here
            && text.c[i].is_ascii_digit()
            && let Some(m) = marker(&text.c[i..])
            && m.style == 3
            && cuts.last().is_none_or(|(_, _, v)| m.value == v + 1)
        {
            cuts.push((i, i + m.len, m.value));
        }
    }
    let mut out = Vec::new();
    for (k, (_, start, value)) in cuts.iter().enumerate() {
        let end = cuts.get(k + 1).map_or(text.len(), |c| c.0);
        out.push((*value, text.slice(*start..end)));
    }
    out
}

fn push(out: &mut Vec<Attachment>, word: &str, value: Option<u32>, body: &Text) {
    push_title(out, word, value, body, body.all_lines());
}

fn push_title(out: &mut Vec<Attachment>, word: &str, value: Option<u32>, body: &Text, lines: [u32; 2]) {
    let word = if word == "附" && value.is_some() { "附件" } else { word };
    let label = value.map_or(word.to_string(), |v| format!("{word}{v}"));
    let mut title = body.printed(0..body.len());
    title = title.trim_matches(|c: char| matches!(c, '。' | '；' | ';' | '、' | '，')).to_string();
    if let Some(inner) = title.strip_prefix('《').and_then(|t| t.strip_suffix('》'))
        && !inner.contains('》')
    {
        title = inner.to_string();
    }
    if title.is_empty() || out.len() >= 60 {
        return;
    }
    if out.iter().any(|a| a.label == label) {
        // The form itself, printed under the label that the list has announced.
        return;
    }
    out.push(Attachment { label, title: Some(title), lines });
}

/// Labels that the text mentions but no list has.
pub(crate) fn mentioned(paras: &[&Text], out: &mut Vec<Attachment>, warnings: &mut Warnings) {
    let single = out.len() == 1 && matches!(out[0].label.as_str(), "附件" | "附");
    for text in paras {
        let t = &text.c;
        let mut i = 0;
        while let Some(j) = find(t, i, "附") {
            i = j + 1;
            let Some((word, n)) = at_any(t, j, &["附件", "附表"]) else { continue };
            let value = number(t, j + n, 2).filter(|(_, e)| !at(t, *e, "年") && !at(t, *e, "份") && !at(t, *e, "张"));
            let bare = value.is_none() && j > 0 && (t[j - 1] == '见' || t[j - 1] == '（' && at(t, j + n, "）"));
            if value.is_none() && !bare
                || j > 0 && t[j - 1] == '》'
                || docnum::mentioned(&t[j..t.len().min(j + 6)]).is_some()
            {
                continue;
            }
            let label = value.map_or(word.to_string(), |(v, _)| format!("{word}{v}"));
            let known = out.iter().any(|a| a.label == label)
                || bare && !out.is_empty()
                || single && value.is_some_and(|(v, _)| v == 1);
            if known || out.len() >= 60 {
                continue;
            }
            let lines = text.lines(j..j + n + 1);
            warnings.add(Code::AttachmentNotListed, lines[0], format!("文中提到{label}，但没有列出它的名称"));
            out.push(Attachment { label, title: None, lines });
        }
    }
}
