//! Contacts: who to ask, by telephone, fax and e-mail.

use std::ops::Range;

use crate::chars::{at, at_any, ends_any, has_any, is_han};
use crate::model::{Code, Contact};
use crate::text::Text;
use crate::warnings::Warnings;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Name,
    Phone,
    Duty,
    Fax,
    Email,
    Org,
    Hotline,
    Other,
}

const LABELS: &[(&str, Label)] = &[
    ("联系人及电话", Label::Name),
    ("联系人及联系电话", Label::Name),
    ("联系人和电话", Label::Name),
    ("联系人、电话", Label::Name),
    ("联系人员", Label::Name),
    ("联络人", Label::Name),
    ("联系人", Label::Name),
    ("业务咨询人", Label::Name),
    ("举报电话", Label::Hotline),
    ("监督电话", Label::Hotline),
    ("报警电话", Label::Hotline),
    ("火警电话", Label::Hotline),
    ("急救电话", Label::Hotline),
    ("投诉电话", Label::Hotline),
    ("热线", Label::Hotline),
    ("举报热线", Label::Hotline),
    ("预订电话", Label::Hotline),
    ("订房电话", Label::Hotline),
    ("酒店电话", Label::Hotline),
    ("？话", Label::Phone),
    ("值班电话", Label::Duty),
    ("值守电话", Label::Duty),
    ("传真电话", Label::Fax),
    ("电话（传真）", Label::Phone),
    ("电话/传真", Label::Phone),
    ("电话及传真", Label::Phone),
    ("联系电话", Label::Phone),
    ("咨询电话", Label::Phone),
    ("办公电话", Label::Phone),
    ("联系方式", Label::Phone),
    ("手机号码", Label::Phone),
    ("手机号", Label::Phone),
    ("手机", Label::Phone),
    ("电话", Label::Phone),
    ("传真", Label::Fax),
    ("电子邮箱", Label::Email),
    ("电子邮件", Label::Email),
    ("邮箱地址", Label::Email),
    ("邮箱", Label::Email),
    ("E-mail", Label::Email),
    ("e-mail", Label::Email),
    ("Email", Label::Email),
    ("email", Label::Email),
    ("E-MAIL", Label::Email),
    ("联系单位", Label::Org),
    ("联系科室", Label::Org),
    ("地址", Label::Other),
    ("邮编", Label::Other),
    ("QQ", Label::Other),
    ("网址", Label::Other),
    ("微信", Label::Other),
];

#[derive(Debug, Default, Clone)]
struct Group {
    org: Option<String>,
    names: Vec<(String, Option<String>)>,
    phones: Vec<String>,
    fax: Option<String>,
    email: Option<String>,
    first: u32,
    last: u32,
}

impl Group {
    fn is_empty(&self) -> bool {
        self.names.is_empty() && self.phones.is_empty() && self.fax.is_none() && self.email.is_none()
    }
}

/// All contacts of the text.
pub(crate) fn contacts(texts: &[Text], warnings: &mut Warnings) -> Vec<Contact> {
    let mut groups: Vec<Group> = Vec::new();
    let mut open: Option<Group> = None;
    let mut open_at = 0;
    for (i, text) in texts.iter().enumerate() {
        let mut own_line = LABELS.iter().any(|(w, l)| {
            *l != Label::Hotline && *l != Label::Other && at(&text.c, usize::from(text.c.first() == Some(&'（')), w)
        });
        if let Some(g) = open.as_mut().or(groups.last_mut())
            && i > 0
            && text.c.contains(&'@')
            && text.len() <= 60
            && g.email.is_none()
            && ends_any(&texts[i - 1].c, &["邮箱:", "mail:", "邮件:"])
        {
            // The address behind 邮箱： stands on the next line.
            g.email = email(text, 0..text.len());
            g.last = text.line(0);
            own_line = true;
        }
        if open.is_some() && (!own_line || i > open_at + 1) {
            groups.extend(open.take());
        }
        line(text, &mut open, &mut groups, warnings);
        if open.is_some() {
            open_at = i;
            if !own_line {
                groups.extend(open.take());
            }
        }
        if groups.len() > 60 {
            break;
        }
    }
    groups.extend(open.take());
    let mut out: Vec<Contact> = Vec::new();
    for g in groups {
        finish(g, &mut out, warnings);
    }
    out
}

/// Reads the labels of one paragraph.
fn line(text: &Text, open: &mut Option<Group>, groups: &mut Vec<Group>, warnings: &mut Warnings) {
    let t = &text.c;
    let mut i = 0;
    let mut marks: Vec<(usize, usize, Label)> = Vec::new();
    while i < t.len() && marks.len() < 60 {
        if !"联业举监报火急投热预订酒值传电咨办手邮Ee地Q网微？".contains(t[i]) {
            i += 1;
            continue;
        }
        let hit = LABELS.iter().filter(|(w, _)| at(t, i, w)).max_by_key(|(w, _)| w.chars().count());
        let Some((word, label)) = hit else {
            i += 1;
            continue;
        };
        let end = i + word.chars().count();
        // （传真）, （兼传真） behind a number qualify it.
        let open = (i.saturating_sub(2)..i).any(|k| t[k] == '（');
        if !(*label == Label::Fax && open && t.get(end) == Some(&'）')) {
            marks.push((i, end, *label));
        }
        i = end;
    }
    let mut early_mail: Option<String> = None;
    for (k, &(start, end, label)) in marks.iter().enumerate() {
        let stop = marks.get(k + 1).map_or(t.len(), |m| m.0).min(end + 120);
        let value = end..stop;
        let line = text.line(start);
        match label {
            Label::Name => {
                let (names, org) = names(text, value.clone(), line, warnings);
                if names.is_empty() {
                    continue;
                }
                if open.as_ref().is_some_and(|g| !g.names.is_empty()) {
                    groups.extend(open.take());
                }
                let g = open.get_or_insert_with(Group::default);
                g.org = g.org.take().or(org).or_else(|| org_before(text, start));
                g.email = g.email.take().or(early_mail.take());
                g.first = if g.first == 0 { line } else { g.first };
                for (name, own) in names {
                    g.names.push((name, own));
                }
                // 联系人：某某某13800000000: the number is glued to the name.
                if let Some(d) = value.clone().find(|&k| t[k].is_ascii_digit())
                    && g.names.iter().all(|(_, own)| own.is_none())
                {
                    g.phones.extend(phones(text, d..value.end, line, warnings));
                }
                g.last = text.line(value.end.saturating_sub(1)).max(line);
            }
            Label::Phone | Label::Duty => {
                let numbers = phones(text, value.clone(), line, warnings);
                if numbers.is_empty() {
                    continue;
                }
                let org = org_before(text, start);
                let sep = start > 0 && matches!(t[start - 1], '；' | '。') || org.is_some();
                if (label == Label::Duty
                    || open.is_none()
                    || sep && org.is_some() && open.as_ref().is_some_and(|g| !g.phones.is_empty()))
                    && (org.is_some() || label == Label::Duty || open.is_none())
                {
                    if label == Label::Phone && open.is_none() && org.is_none() && !labelled_line(t, start) {
                        continue;
                    }
                    groups.extend(open.take());
                    *open = Some(Group { org, first: line, ..Group::default() });
                }
                let g = open.get_or_insert_with(Group::default);
                g.first = if g.first == 0 { line } else { g.first };
                if by_bracket(text, value.clone(), line, groups, warnings) {
                    continue;
                }
                let fax_too = has_any(
                    &t[start..value.end],
                    &[
                        "（传真）",
                        "（带传真）",
                        "（兼传真）",
                        "（含传真）",
                        "电话/传真",
                        "电话及传真",
                        "（电话/传真）",
                        "（同传真）",
                        "/传真",
                    ],
                );
                if fax_too && g.fax.is_none() {
                    let mark = crate::chars::find(t, start, "传真").unwrap_or(value.end).min(value.end);
                    let before = phones(text, value.start..mark.max(value.start), line, warnings);
                    g.fax = before.last().or(numbers.first()).cloned();
                }
                g.phones.extend(numbers);
                g.last = text.line(value.end.saturating_sub(1)).max(line);
            }
            Label::Fax => {
                let numbers = phones(text, value.clone(), line, warnings);
                // 0400-0000031（传真）: the number in front is the fax as well.
                if numbers.is_empty() && start > 0 && t[start - 1] == '（' && t.get(end) == Some(&'）') {
                    if let Some(g) = open.as_mut() {
                        g.fax = g.fax.take().or_else(|| g.phones.last().cloned());
                    }
                    continue;
                }
                if let (Some(g), Some(n)) = (open.as_mut(), numbers.first()) {
                    g.fax = Some(n.clone());
                    g.last = line;
                } else if let Some(n) = numbers.first().filter(|_| labelled_line(t, start)) {
                    *open = Some(Group { fax: Some(n.clone()), first: line, last: line, ..Group::default() });
                }
            }
            Label::Email => {
                let Some(mail) = email(text, value.clone()) else {
                    if has_any(&t[value.clone()], &["protected", "***"]) {
                        warnings.add(Code::Redacted, line, "电子邮箱被网页隐去，请对照原件补上".to_string());
                    }
                    continue;
                };
                if open.is_none() && !labelled_line(t, start) {
                    early_mail = early_mail.or(Some(mail));
                } else {
                    let g = open.get_or_insert_with(|| Group { first: line, ..Group::default() });
                    g.email = g.email.take().or(Some(mail));
                    g.last = line;
                }
            }
            Label::Org => {
                let from = value.start + usize::from(t.get(value.start) == Some(&':'));
                let end = (from..value.end).find(|&k| matches!(t[k], '，' | '；' | '。' | '）')).unwrap_or(value.end);
                if end > from + 1 {
                    groups.extend(open.take().filter(|g| !g.is_empty()));
                    *open =
                        Some(Group { org: Some(text.printed(from..end)), first: line, last: line, ..Group::default() });
                }
            }
            Label::Hotline | Label::Other => {}
        }
    }
}

/// 联系电话：13800000112（王文书） 0999-0000113（村委会）: the bracket behind a number names its owner.
fn by_bracket(text: &Text, r: Range<usize>, line: u32, groups: &mut Vec<Group>, warnings: &mut Warnings) -> bool {
    let t = &text.c;
    let mut found: Vec<(String, String)> = Vec::new();
    let mut i = r.start;
    while i < r.end && found.len() < 10 {
        if !t[i].is_ascii_digit() {
            i += 1;
            continue;
        }
        let e = (i..r.end).find(|&k| !(t[k].is_ascii_digit() || t[k] == '-')).unwrap_or(r.end);
        let inside = crate::chars::bracket_end(t, e, 16).filter(|x| *x <= r.end);
        if let Some(close) = inside
            && close > e + 3
            && t[e + 1..close - 1].iter().all(|c| is_han(*c))
            && !has_any(&t[e..close], &["传真", "办公", "手机", "同号", "微信", "值班"])
            && let Some(number) = phones(text, i..e, line, warnings).into_iter().next()
        {
            found.push((number, t[e + 1..close - 1].iter().collect()));
            i = close;
        } else {
            i = e.max(i + 1);
        }
    }
    if found.len() < 2 {
        return false;
    }
    for (number, owner) in found {
        let owner_chars: Vec<char> = owner.chars().collect();
        let office = owner_chars.len() > 4
            || ends_any(&owner_chars, &["委会", "办", "室", "站", "所", "局", "中心", "科", "部", "村"]);
        let (org, names) = if office { (Some(owner), Vec::new()) } else { (None, vec![(owner, None)]) };
        groups.push(Group { org, names, phones: vec![number], first: line, last: line, ..Group::default() });
    }
    true
}

/// Whether the label opens its line or bracket.
fn labelled_line(t: &[char], start: usize) -> bool {
    start == 0 || start == 1 && t[0] == '（' || matches!(t[start - 1], '；' | '。' | '（')
}

/// 安全环保部联系人, 报局办公室（联系人: the office in front of the label.
fn org_before(text: &Text, start: usize) -> Option<String> {
    let t = &text.c;
    let mut end = start;
    if end > 0 && t[end - 1] == '（' {
        end -= 1;
    }
    // 24小时值班电话
    for word in ["24小时", "的", "业务", "工作"] {
        let n = word.chars().count();
        if end >= n && t[end - n..end].iter().copied().eq(word.chars()) {
            end -= n;
        }
    }
    let lo = end.saturating_sub(20);
    let mut from = (lo..end).rev().find(|&k| !is_han(t[k])).map_or(lo, |k| k + 1);
    for k in (from..end).rev() {
        if at_any(t, k, &["报送至", "报送到", "报送", "报至", "报到", "报", "交", "至", "到", "由", "与", "向"])
            .is_some()
            && end - k > 3
        {
            from = k + at_any(
                t,
                k,
                &["报送至", "报送到", "报送", "报至", "报到", "报", "交", "至", "到", "由", "与", "向"],
            )
            .map_or(1, |(_, n)| n);
            break;
        }
    }
    let body = &t[from..end];
    let fits = (2..=16).contains(&body.len())
        && ends_any(
            body,
            &["部", "办", "办公室", "局", "站", "室", "科", "中心", "处", "所", "股", "大队", "公司", "委", "政府"],
        );
    fits.then(|| text.printed(from..end))
}

/// Names behind 联系人, each with its own number when one is glued to it.
fn names(
    text: &Text,
    r: Range<usize>,
    line: u32,
    warnings: &mut Warnings,
) -> (Vec<(String, Option<String>)>, Option<String>) {
    let t = &text.c;
    let mut out: Vec<(String, Option<String>)> = Vec::new();
    let mut org = None;
    let mut i = r.start + usize::from(matches!(t.get(r.start), Some(':' | '；')));
    while i < r.end && out.len() < 12 {
        let start = i;
        while i < r.end && (is_han(t[i]) || matches!(t[i], '·' | '?' | '？' | 'x' | 'X' | '×' | '*')) && i - start < 14
        {
            if i > start + 1 && text.gap(i) && is_han(t[i]) && i - start >= 3 {
                break;
            }
            if at_any(t, i, &["及", "和"]).is_some() && i - start >= 2 || at_any(t, i, &["？话", "?话"]).is_some()
            {
                break;
            }
            i += 1;
        }
        let name = &t[start..i];
        let masked = name.iter().any(|c| matches!(c, 'x' | 'X' | '×' | '*'));
        if masked {
            warnings.add(Code::Redacted, line, "联系人姓名被隐去，请对照原件补上".to_string());
        } else {
            let clean: String = name.iter().filter(|c| is_han(**c) || **c == '·').collect();
            let n = clean.chars().count();
            if n >= 3 && ends_any(name, &["办", "站", "局", "室", "中心", "科", "处", "所", "部", "政府", "公司"])
            {
                org = Some(clean);
                if i < r.end && is_han(t[i]) {
                    continue;
                }
                break;
            }
            let fits = (2..=4).contains(&n)
                || clean.contains('·') && n <= 12
                || n <= 5 && (clean.ends_with("主任") || clean.ends_with("科长"));
            if fits
                && !["电话", "手机", "邮箱", "传真", "姓名", "职务", "签字", "单位", "如下"].contains(&clean.as_str())
            {
                out.push((clean, None));
            }
        }
        // A number glued to the name is the name's own when more names follow.
        if i < r.end && (t[i].is_ascii_digit() || t[i] == '（' && t.get(i + 1).is_some_and(char::is_ascii_digit)) {
            let mut e = i;
            while e < r.end
                && (t[e].is_ascii_digit() || matches!(t[e], '-' | '（' | '）' | '转'))
                && !(e > i && text.gap(e) && e - i >= 7)
            {
                e += 1;
            }
            let more = (e..r.end).any(|k| is_han(t[k]));
            let number = phones(text, i..e, line, warnings).into_iter().next();
            if more && let Some(last) = out.last_mut() {
                last.1 = number;
            }
            if !more {
                break;
            }
            i = e;
        }
        if i < r.end && t[i] == '（' {
            i = crate::chars::bracket_end(t, i, 30).unwrap_or(i + 1);
            continue;
        }
        if i >= r.end || !matches!(t[i], '、' | '，' | '；' | '/' | '及' | '和') {
            if i < r.end && text.gap(i) && is_han(t[i]) && i > start {
                continue;
            }
            break;
        }
        i += 1;
    }
    (out, org)
}

const HOTLINES: &[&str] = &["12350", "12345", "119", "110", "120", "122", "96119", "114", "12315", "12328"];

/// Telephone numbers of a range: digits with hyphens, extension last.
fn phones(text: &Text, r: Range<usize>, line: u32, warnings: &mut Warnings) -> Vec<String> {
    let t = &text.c;
    let mut out: Vec<String> = Vec::new();
    let mut i = r.start;
    while i < r.end && out.len() < 12 {
        if !t[i].is_ascii_digit() {
            // A sentence behind the numbers is no list of numbers.
            if matches!(t[i], '。')
                || is_han(t[i])
                    && !matches!(
                        t[i],
                        '转' | '或'
                            | '和'
                            | '及'
                            | '带'
                            | '传'
                            | '真'
                            | '兼'
                            | '微'
                            | '信'
                            | '同'
                            | '号'
                            | '码'
                            | '办'
                            | '手'
                            | '机'
                            | '分'
                    )
            {
                break;
            }
            i += 1;
            continue;
        }
        let (number, end, masked) = one_phone(text, i, r.end, out.last());
        if masked {
            warnings.add(Code::Redacted, line, "联系电话有数字被隐去，请对照原件补上".to_string());
            if t[i..end].contains(&'？') {
                warnings.add(Code::DigitsLost, line, "联系电话缺字，请对照原件补上".to_string());
            }
        } else {
            for n in number {
                if !HOTLINES.contains(&n.as_str()) && !out.contains(&n) {
                    out.push(n);
                }
            }
        }
        i = end.max(i + 1);
    }
    out
}

/// One run of digits; two numbers when they ran together.
fn one_phone(text: &Text, i: usize, hi: usize, before: Option<&String>) -> (Vec<String>, usize, bool) {
    let t = &text.c;
    let mut parts: Vec<String> = vec![String::new()];
    let mut j = i;
    let mut masked = false;
    while j < hi {
        let c = t[j];
        let so_far: usize = parts.iter().map(String::len).sum();
        let last = parts.last().map_or(0, String::len);
        if c.is_ascii_digit() {
            if text.gap(j) && j > i && t[j - 1].is_ascii_digit() {
                let mobile = parts.len() == 1 && parts[0].starts_with('1') && so_far < 11;
                let area = parts.len() == 1 && parts[0].starts_with('0') && (3..=4).contains(&so_far);
                if area {
                    parts.push(String::new());
                } else if !mobile && last >= 7 {
                    break;
                }
            }
            if let Some(p) = parts.last_mut() {
                p.push(c);
            }
            j += 1;
        } else if matches!(c, '*' | 'x' | 'X' | '×') {
            masked = true;
            j += 1;
        } else if c == '-' || c == '转' || at(t, j, "分机") {
            let skip = if c == '分' { 2 } else { 1 };
            if !t.get(j + skip).is_some_and(|c| c.is_ascii_digit() || *c == '-') {
                break;
            }
            if t.get(j + skip) != Some(&'-') {
                parts.push(String::new());
            }
            j += skip;
        } else if c == '）'
            && parts.len() == 1
            && (3..=4).contains(&so_far)
            && t.get(j + 1).is_some_and(char::is_ascii_digit)
        {
            // （0475）4473241
            parts.push(String::new());
            j += 1;
        } else {
            break;
        }
    }
    parts.retain(|p| !p.is_empty());
    // 0999-000020?: a digit is lost.
    if matches!(t.get(j), Some('？')) {
        return (Vec::new(), j + 1, true);
    }
    let joined = parts.join("-");
    let digits: usize = parts.iter().map(String::len).sum();
    let good = |s: &str| {
        let d = s.chars().filter(char::is_ascii_digit).count();
        (5..=16).contains(&d)
    };
    if masked {
        return (Vec::new(), j, true);
    }
    // 927 behind 84854786-927: another extension of the same number.
    if parts.len() == 1 && (2..=4).contains(&digits) {
        let same = before.and_then(|b| b.rsplit_once('-')).filter(|(base, ext)| ext.len() <= 4 && base.len() >= 7);
        return (same.map(|(base, _)| format!("{base}-{joined}")).into_iter().collect(), j, false);
    }
    // Two numbers without a separator: the last eleven digits are a mobile number.
    let tail = parts.last().cloned().unwrap_or_default();
    if tail.len() > 12 {
        let cut = tail.len() - 11;
        let (a, b) = tail.split_at(cut);
        let mobile = b.starts_with('1') && !b.starts_with("10") && !b.starts_with("11") && !b.starts_with("12");
        let head = if parts.len() > 1 { format!("{}-{a}", parts[..parts.len() - 1].join("-")) } else { a.to_string() };
        if mobile && (7..=8).contains(&a.len()) || mobile && matches!(a.len(), 11 | 12) && parts.len() == 1 {
            return (vec![head, b.to_string()], j, false);
        }
        return (Vec::new(), j, false);
    }
    (if good(&joined) { vec![joined] } else { Vec::new() }, j, false)
}

/// An e-mail address of a range.
fn email(text: &Text, r: Range<usize>) -> Option<String> {
    let t = &text.c;
    let at_sign = r.clone().find(|&k| t[k] == '@')?;
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let from = (r.start..at_sign).rev().find(|&k| !part(t[k])).map_or(r.start, |k| k + 1);
    let to = (at_sign + 1..r.end).find(|&k| !part(t[k])).unwrap_or(r.end);
    let mut mail: String = t[from..to].iter().collect();
    mail = mail.trim_matches(|c| matches!(c, '.' | '-')).to_string();
    (at_sign > from && mail.split('@').nth(1).is_some_and(|d| d.contains('.'))).then_some(mail)
}

fn finish(g: Group, out: &mut Vec<Contact>, warnings: &mut Warnings) {
    if g.names.is_empty() && g.phones.is_empty() && g.fax.is_none() && g.email.is_none() {
        return;
    }
    let lines = [g.first.max(1), g.last.max(g.first).max(1)];
    let shared = g.names.iter().filter(|(_, own)| own.is_none()).count();
    if shared > 1 && g.phones.len() > 1 {
        let message = format!("{}名联系人与{}个电话的对应关系没有写明", shared, g.phones.len());
        warnings.add(Code::ContactUnclear, g.first.max(1), message);
    }
    if g.names.is_empty() {
        out.push(Contact { name: None, org: g.org, phones: g.phones, fax: g.fax, email: g.email, lines });
        return;
    }
    for (name, own) in g.names {
        let phones = own.map_or_else(|| g.phones.clone(), |n| vec![n]);
        out.push(Contact {
            name: Some(name),
            org: g.org.clone(),
            phones,
            fax: g.fax.clone(),
            email: g.email.clone(),
            lines,
        });
    }
}
