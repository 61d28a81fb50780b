//! The frame of a notice: metadata, letterhead, 发文字号, 标题, 主送, 落款, and the plans behind the letter.

use jiff::civil::Date;

use crate::attachment;
use crate::chars::{Words, at, at_any, bracket_end, ends_any, find, has, has_any, is_han, starts_any, string};
use crate::date::{Carry, Day, Problem, State, Year, atom};
use crate::docnum::{self, Legible};
use crate::heading::{is_bare_section, marker};
use crate::model::{Addressees, Attachment, Code, DateValue, Value};
use crate::text::Text;
use crate::units;
use crate::warnings::Warnings;

/// What stands round the text, and the text itself.
#[derive(Debug, Default)]
pub(crate) struct Frame {
    pub(crate) doc_number: Option<Value>,
    pub(crate) title: Option<Value>,
    pub(crate) issuer: Option<Value>,
    pub(crate) date: Option<DateValue>,
    pub(crate) addressees: Option<Addressees>,
    pub(crate) attachments: Vec<Attachment>,
    /// Body paragraphs: the letter first, then each plan.
    pub(crate) plans: Vec<Vec<Text>>,
    pub(crate) plan_titles: Vec<Option<Value>>,
    /// The year that dates without a year take when the period gives none.
    pub(crate) year: Option<i16>,
}

/// Words with which titles of the genre end.
pub(crate) const TITLE_ENDS: &[&str] = &[
    "通知",
    "方案",
    "计划",
    "工作要点",
    "意见",
    "通报",
    "的函",
    "工作安排",
    "安排",
    "安排表",
    "预案",
    "紧急通知",
    "决定",
    "公告",
    "通告",
    "请示",
    "批复",
    "办法",
    "细则",
    "活动要点",
    "倡议书",
    "的请柬",
    "邀请函",
    "复函",
    "公函",
];
const PLAN_ENDS: &[&str] = &["方案", "计划", "工作要点", "安排", "安排表", "预案", "要点", "实施意见"];

const META: &[&str] = &[
    "索引号",
    "发文字号",
    "发文单位",
    "发布机构",
    "发文机关",
    "发文机构",
    "成文日期",
    "颁布日期",
    "发布日期",
    "发文日期",
    "发布时间",
    "生成日期",
    "公文生成日期",
    "标题",
    "效力状态",
    "公开方式",
    "公开形式",
    "主题分类",
    "备注/文号",
    "文号",
    "名称",
    "信息来源",
    "来源",
    "作者",
    "有效性",
    "公开日期",
    "分类",
    "信息名称",
    "体裁分类",
    "体裁",
    "组配分类",
    "主题词",
    "公文种类",
    "时效性",
    "公开范围",
    "公开时限",
    "责任部门",
    "信息分类",
    "服务对象",
    "是否有效",
    "废止日期",
    "生效日期",
    "有效期",
    "责任编辑",
    "编辑",
    "阅读",
    "浏览",
    "点击",
];

#[derive(Default)]
struct Meta {
    number: Option<Text>,
    title: Option<Text>,
    issuer: Option<Text>,
    date: Option<Text>,
}

/// Reads the frame.
pub(crate) fn read(texts: Vec<Text>, warnings: &mut Warnings) -> Frame {
    let mut frame = Frame::default();
    let mut used = vec![false; texts.len()];
    let meta = metadata(&texts, &mut used);

    let title = find_title(&texts, &used, 0, 60, TITLE_ENDS);
    if let Some((first, last)) = title {
        used[first..=last].fill(true);
        frame.title = Some(title_value(&texts[first..=last]));
    }
    let from = title.map_or(0, |(_, last)| last + 1);
    let mut rest: Option<(usize, Text)> = None;
    let to_at = addressees(&texts, &mut used, from, title.is_some(), &mut frame, &mut rest);
    number(&texts, &mut used, title, to_at, &meta, &mut frame, warnings);
    if frame.title.is_none()
        && let Some(t) = &meta.title
    {
        frame.title = Some(t.value(0..t.len()));
    }
    let body_from = to_at.map_or(from, |i| i + 1);
    let letterhead = letterhead(&texts, &mut used, body_from.max(title.map_or(3, |(f, _)| f)));
    frame.attachments = attachment::lists(&texts, &mut used, body_from);
    signature(&texts, &mut used, body_from, &meta, &mut frame, warnings);
    if frame.issuer.is_none() {
        frame.issuer = letterhead
            .or_else(|| meta.issuer.as_ref().filter(|t| is_organ(&t.c)).map(|t| t.value(0..t.len())))
            .or_else(|| title.and_then(|(f, l)| organ_in_title(&joined(&texts[f..=l]))));
    }
    bodies(texts, used, body_from, rest, &mut frame);
    title_from_plan(&mut frame, warnings);
    title_differs(&frame, warnings);
    frame.year = frame
        .date
        .as_ref()
        .map(|d| d.value.year())
        .or_else(|| frame.title.as_ref().and_then(|t| year_in(&t.value)))
        .or_else(|| frame.plan_titles.iter().flatten().find_map(|t| year_in(&t.value)))
        .or_else(|| frame.doc_number.as_ref().and_then(|n| year_in_number(&n.value)));
    frame
}

fn joined(texts: &[Text]) -> Text {
    let mut out = Text::default();
    for t in texts {
        out.append(t);
    }
    out
}

fn title_value(texts: &[Text]) -> Value {
    let all = joined(texts);
    let mut end = all.len();
    // A number in brackets behind the title is no part of it.
    if all.c.last() == Some(&'）')
        && let Some(open) = all.c.iter().rposition(|c| *c == '（')
        && docnum::read(&all.c[open + 1..end - 1]).is_some()
    {
        end = open;
    }
    if all.c[..end].last() == Some(&'。') {
        end -= 1;
    }
    let skip = at_any(&all.c, 0, &["标题:"]).map_or(0, |(_, n)| n);
    all.value(skip..end)
}

/// Reads `label：value` lines of a page's information block.
fn metadata(texts: &[Text], used: &mut [bool]) -> Meta {
    let mut meta = Meta::default();
    for (i, text) in texts.iter().enumerate().take(40) {
        let t = &text.c;
        let Some((first, n)) = at_any(t, 0, META) else { continue };
        let mut fields: Vec<(&str, std::ops::Range<usize>)> = Vec::new();
        if !matches!(t.get(n), Some(':' | '|')) {
            // The label alone, its value on the next line.
            if t.len() == n && first != "标题" && first != "名称" && i + 1 < texts.len() && texts[i + 1].len() < 60
            {
                used[i] = true;
                if at_any(&texts[i + 1].c, 0, META).is_none()
                    && marker(&texts[i + 1].c).is_none()
                    && docnum::read(&texts[i + 1].c).is_some()
                {
                    meta.number = Some(texts[i + 1].clone());
                    used[i + 1] = true;
                }
            }
            continue;
        }
        let mut j = 0;
        while j < t.len() {
            match at_any(t, j, META) {
                Some((label, n)) if matches!(t.get(j + n), Some(':' | '|')) => {
                    if let Some(last) = fields.last_mut() {
                        last.1.end = j;
                    }
                    fields.push((label, j + n + 1..t.len()));
                    j += n + 1;
                }
                _ => j += 1,
            }
        }
        used[i] = true;
        for (label, range) in fields {
            let mut value = text.slice(range);
            while matches!(value.c.last(), Some('|')) {
                value = value.slice(0..value.len() - 1);
            }
            if value.is_empty() {
                continue;
            }
            let slot = match label {
                "发文字号" | "文号" | "备注/文号" => &mut meta.number,
                "作者" if docnum::read(&value.c).is_some() => &mut meta.number,
                "标题" | "名称" | "信息名称" => &mut meta.title,
                "发文单位" | "发布机构" | "发文机关" | "发文机构" => &mut meta.issuer,
                "成文日期" | "颁布日期" => &mut meta.date,
                _ => continue,
            };
            if slot.is_none() {
                *slot = Some(value);
            }
        }
    }
    meta
}

/// First and last paragraph of the first title at or after `from`.
fn find_title(texts: &[Text], used: &[bool], from: usize, within: usize, ends: &[&str]) -> Option<(usize, usize)> {
    let stop = texts.len().min(from + within);
    for last in from..stop {
        if used[last] || !title_line(&texts[last].c) || !ends_title(&texts[last].c, ends) {
            continue;
        }
        let mut first = last;
        loop {
            let all = joined(&texts[first..=last]);
            let complete = complete_title(&all.c);
            if first == from || last - first >= 3 {
                break;
            }
            let above = &texts[first - 1];
            if used[first - 1]
                || !title_line(&above.c)
                || docnum::read(strip_brackets(&above.c)).is_some()
                || ends_any(&above.c, &["文件"])
            {
                break;
            }
            if complete {
                let opens = at_any(&all.c, 0, &["关于", "转发", "印发"]).is_some() || is_year_start(&all.c);
                if opens && is_organ(&above.c) && !(ends_any(&all.c, &["方案", "计划"]) && first > 0 && from > 0) {
                    first -= 1;
                }
                break;
            }
            if above.len() > 45 {
                break;
            }
            first -= 1;
        }
        let all = joined(&texts[first..=last]);
        if complete_title(&all.c) && all.len() <= 160 {
            return Some((first, last));
        }
    }
    None
}

fn is_year_start(t: &[char]) -> bool {
    crate::chars::digits(t, 0, 4).is_some_and(|(_, e)| t.get(e) == Some(&'年'))
}

fn strip_brackets(t: &[char]) -> &[char] {
    match t {
        ['（', inner @ .., '）'] => inner,
        _ => t,
    }
}

fn title_line(t: &[char]) -> bool {
    !t.iter().any(|c| matches!(c, '。' | '；' | '|' | '？' | '>'))
        && t.last() != Some(&':')
        && t.len() <= 120
        && marker(t).is_none()
        && !is_bare_section(t)
        && !starts_any(t, &["附件", "附:", "附表", "抄送", "联系", "来源", "发布", "现将", "请", "根据", "为"])
        && t.iter().any(|c| is_han(*c))
}

fn ends_title(t: &[char], ends: &[&str]) -> bool {
    let mut t = t;
    while t.last() == Some(&'）') {
        match t.iter().rposition(|c| *c == '（') {
            Some(open) if open > 0 => t = &t[..open],
            _ => return false,
        }
    }
    ends_any(t, ends)
}

/// A title says of what: 关于…, 转发…, or names a year, a campaign or a place before 方案.
fn complete_title(t: &[char]) -> bool {
    let balanced = t.iter().filter(|c| **c == '《').count() == t.iter().filter(|c| **c == '》').count();
    balanced
        && t.len() >= 9
        && (has_any(t, &["关于", "转发", "印发"]) || has_any(t, &["安全", "应急", "消防", "隐患", "活动"]))
        && !starts_any(t, &["活动", "的", "和", "与", "”", "》", "实施方案"])
}

/// Finds the 主送 line; returns its paragraph.
fn addressees(
    texts: &[Text],
    used: &mut [bool],
    from: usize,
    titled: bool,
    frame: &mut Frame,
    rest: &mut Option<(usize, Text)>,
) -> Option<usize> {
    let mut pending: Option<usize> = None;
    for i in from..texts.len().min(from + 10) {
        let text = &texts[i];
        let t = &text.c;
        if used[i] || docnum::read(strip_brackets(t)).is_some() || is_date(t) {
            continue;
        }
        if marker(t).is_some() {
            return None;
        }
        let skip = at_any(t, 0, &["主送:", "主送机关:"]).map_or(0, |(_, n)| n);
        let end = t.iter().position(|c| matches!(c, ':' | '。' | '；'));
        let start = pending.map_or(skip, |_| 0);
        match end {
            Some(e) if t[e] == ':' && e > start && e < 260 && units::is_list(&t[start..e], false) => {
                let first = pending.unwrap_or(i);
                let mut all = joined(&texts[first..i]);
                all.append(&text.slice(start..e));
                frame.addressees = Some(units::addressees(&all));
                used[first..=i].fill(true);
                if e + 1 < t.len() {
                    *rest = Some((i, text.slice(e + 1..t.len())));
                }
                return Some(i);
            }
            None if titled
                && ends_any(t, &["、", "，"])
                && units::is_list(&t[..t.len() - 1], false)
                && pending.is_none() =>
            {
                pending = Some(i);
            }
            // The colon is lost: a list of units and nothing else, right under the title.
            None if titled && t.len() <= 120 && units::is_list(t, true) && i + 1 < texts.len() && !is_organ(t) => {
                frame.addressees = Some(units::addressees(text));
                used[i] = true;
                return Some(i);
            }
            Some(e) if t[e] != ':' => return None,
            _ => {}
        }
    }
    None
}

/// The document's own number: alone on its line, in brackets under the title, or in a metadata field.
fn number(
    texts: &[Text],
    used: &mut [bool],
    title: Option<(usize, usize)>,
    to_at: Option<usize>,
    meta: &Meta,
    frame: &mut Frame,
    warnings: &mut Warnings,
) {
    let stop = to_at.or(title.map(|(_, l)| l + 3)).unwrap_or(8).min(texts.len());
    let mut found: Option<(Value, Legible)> = None;
    let mut consider = |value: Value, legible: Legible| {
        let rank = |l: Legible| matches!(l, Legible::Whole) as u8 * 2 + matches!(l, Legible::Damaged) as u8;
        if found.as_ref().is_none_or(|(_, old)| rank(legible) > rank(*old)) {
            found = Some((value, legible));
        }
    };
    for i in 0..stop {
        let text = &texts[i];
        if used[i] && title.is_none_or(|(f, l)| i < f || i > l) {
            continue;
        }
        let mut spans: Vec<std::ops::Range<usize>> = std::iter::once(0..text.len()).collect();
        if text.len() < 90 {
            spans.extend(text.words());
            // 签发人 may share the line; the number's own spaces must not cut it.
            if let Some(cut) = find(&text.c, 1, "签发") {
                spans.push(0..cut);
            }
            if let Some(cut) = find(&text.c, 1, "文件") {
                spans.push(cut + 2..text.len());
            }
        }
        for span in spans {
            let (mut a, mut b) = (span.start, span.end);
            if b > a + 2 && text.c[a] == '（' && text.c[b - 1] == '）' {
                (a, b) = (a + 1, b - 1);
            }
            let inside_title = title.is_some_and(|(f, l)| i >= f && i <= l);
            if let Some(legible) = docnum::read(&text.c[a..b])
                && !(inside_title && a == 0 && b == text.len())
            {
                consider(text.value(a..b), legible);
                if !inside_title && (b - a) * 10 >= text.len() * 5 {
                    used[i] = true;
                }
                break;
            }
        }
        // （兴农牧安发〔2013〕15号） glued behind the title, but not behind a 《》.
        if title.is_some_and(|(_, l)| i == l)
            && text.c.last() == Some(&'）')
            && let Some(open) = text.c.iter().rposition(|c| *c == '（')
            && open > 0
            && text.c[open - 1] != '》'
            && let Some(legible) = docnum::read(&text.c[open + 1..text.len() - 1])
        {
            consider(text.value(open + 1..text.len() - 1), legible);
        }
    }
    if found.as_ref().is_none_or(|(_, l)| *l != Legible::Whole)
        && let Some(m) = &meta.number
        && let Some(legible) = docnum::read(&m.c)
        && (found.is_none() || legible == Legible::Whole)
    {
        found = Some((m.value(0..m.len()), legible));
    }
    match found {
        Some((value, Legible::Whole)) => frame.doc_number = Some(value),
        Some((value, Legible::Damaged)) => {
            let line = value.lines[0];
            warnings.add(Code::DocNumberDamaged, line, format!("文号“{}”缺括号或“号”字，请对照原件核对", value.value));
            frame.doc_number = Some(value);
        }
        Some((value, Legible::Lost)) => {
            warnings.add(
                Code::DigitsLost,
                value.lines[0],
                format!("文号“{}”缺字或缺括号，请对照原件补上", value.value),
            );
        }
        Some((value, Legible::Redacted)) => {
            warnings.add(Code::Redacted, value.lines[0], format!("文号“{}”被隐去，请对照原件补上", value.value));
        }
        None => {
            if let Some((text, i)) = texts.iter().find_map(|t| docnum::mentioned(&t.c).map(|i| (t, i))) {
                let line = text.line(i);
                warnings.add(Code::OnlyOtherNumbers, line, "文中只有其他文件的文号，本文没有自己的文号".to_string());
            }
        }
    }
}

/// X文件 or an organ alone above the title.
fn letterhead(texts: &[Text], used: &mut [bool], stop: usize) -> Option<Value> {
    let mut found = None;
    for i in 0..stop.min(texts.len()) {
        let t = &texts[i].c;
        if used[i] {
            continue;
        }
        let cut = find(t, 1, "文件").filter(|c| *c <= 40 && (c + 2 == t.len() || texts[i].gap(c + 2)));
        let end = cut.unwrap_or(t.len());
        if is_organ(&t[..end]) {
            used[i] = true;
            if found.is_none() {
                found = Some(texts[i].value(0..end));
            }
        }
    }
    found
}

static ORGANS: Words = Words::new(&[
    "人民政府",
    "委员会",
    "办公室",
    "局",
    "厅",
    "公司",
    "学校",
    "小学",
    "中学",
    "大学",
    "学院",
    "幼儿园",
    "集团",
    "煤矿",
    "铁矿",
    "矿山",
    "矿业",
    "铜矿",
    "金矿",
    "石矿",
    "工厂",
    "总厂",
    "分厂",
    "制造厂",
    "加工厂",
    "电厂",
    "水厂",
    "化工厂",
    "水泥厂",
    "办事处",
    "管委会",
    "安委会",
    "安委办",
    "协会",
    "中心",
    "管理站",
    "监管站",
    "服务站",
    "安监站",
    "指挥部",
    "领导小组",
    "支队",
    "大队",
    "党委",
    "项目部",
    "总工会",
    "工会",
    "联合会",
    "医院",
    "卫生院",
    "政府",
    "安办",
    "管理处",
    "管理所",
    "党工委",
    "团委",
    "保卫处",
    "农场",
    "林场",
    "牧场",
    "园区",
    "开发区",
    "街道办",
    "派出所",
    "应急办",
    "安监办",
    "供电所",
    "中学校",
    "职业技术学校",
    "酒店",
    "商场",
    "超市",
    "物业",
    "总站",
    "合作社",
    "村委会",
    "居委会",
    "社区",
    "监察队",
    "总队",
    "银行",
    "支行",
    "研究院",
    "设计院",
    "管理部",
    "安全部",
    "环保部",
    "车间",
    "后勤处",
    "保卫科",
    "安全科",
    "安监部",
    "党支部",
]);

/// Whether a line is the name of an organ and nothing else.
pub(crate) fn is_organ(t: &[char]) -> bool {
    let t = match t.iter().position(|c| *c == '（') {
        Some(open) if open > 3 && has_any(&t[open..], &["章", "代"]) => &t[..open],
        _ => t,
    };
    (4..=40).contains(&t.len())
        && t.iter().all(|c| is_han(*c) || matches!(c, '（' | '）' | '·' | '“' | '”'))
        && ORGANS.end(t)
        && !starts_any(
            t,
            &[
                "各", "全", "主办", "承办", "联系", "附", "请", "驻", "有关", "相关", "抄送", "报送", "印发", "关于",
                "开展",
            ],
        )
        && !has_any(t, &["要求", "开展", "组织实施", "加强"])
}

fn organ_in_title(title: &Text) -> Option<Value> {
    let t = &title.c;
    let cut = (3..t.len().min(45)).find(|&i| {
        at_any(t, i, &["关于", "转发", "印发", "举办", "开展", "组织"]).is_some()
            || t[i].is_ascii_digit()
            || t[i] == ':'
            || t[i] == '“'
            || at(t, i, "二〇")
    })?;
    is_organ(&t[..cut]).then(|| title.value(0..cut))
}

fn is_date(t: &[char]) -> bool {
    let t = strip_brackets(t);
    t.len() <= 20
        && atom(t, 0, false)
            .is_some_and(|a| a.end == t.len() && (matches!(a.day, Day::On(_)) || a.state != State::Good))
}

/// 落款: an organ and a date below the letter, or at the end.
fn signature(texts: &[Text], used: &mut [bool], from: usize, meta: &Meta, frame: &mut Frame, warnings: &mut Warnings) {
    let mut damaged: Option<(u32, State)> = None;
    let mut range: Vec<usize> = (from..texts.len()).collect();
    // A date in brackets under the title serves when nothing below is signed.
    range.extend(0..from.min(texts.len()));
    for i in range {
        if used[i] || (frame.date.is_some() || damaged.is_some()) && i < from {
            continue;
        }
        let text = &texts[i];
        // A date that fills a section, as under 活动时间, signs nothing.
        if i > 0
            && !used[i - 1]
            && (is_bare_section(&texts[i - 1].c) || marker(&texts[i - 1].c).is_some() && texts[i - 1].len() <= 12)
        {
            continue;
        }
        let Some((organ_end, date, state)) = signed_line(text) else { continue };
        if state == State::Good && date.is_none() {
            // 4月28日 below the organ: a signature without a year.
            if i > from && is_organ(&texts[i - 1].c) {
                used[i] = true;
                if frame.date.is_none() {
                    warnings.add(Code::YearUnknown, text.line(0), "成文日期没有年份，请对照原件补上".to_string());
                    frame.issuer = frame.issuer.take().or_else(|| signer(texts, used, i, 0));
                }
            }
            continue;
        }
        used[i] = true;
        if frame.date.is_some() || damaged.is_some() {
            // A second signature, below the plan or of a second organ; its organ is no text either.
            if i > 0 && !used[i - 1] && is_organ(&texts[i - 1].c) {
                used[i - 1] = true;
            }
            continue;
        }
        if state == State::Good {
            frame.date =
                date.map(|value| DateValue { value, lines: text.lines(organ_end..text.len()), precision: None });
        } else {
            damaged = damaged.or(Some((text.line(organ_end), state)));
        }
        if frame.issuer.is_none() && i >= from {
            frame.issuer = signer(texts, used, i, organ_end);
        }
    }
    if frame.issuer.is_none() {
        // An organ without a date closes the letter.
        if let Some(i) =
            (from..texts.len()).rev().find(|&i| !used[i] && is_organ(&texts[i].c) && marker(&texts[i].c).is_none())
        {
            used[i] = true;
            frame.issuer = Some(texts[i].value(0..texts[i].len()));
        }
    }
    if frame.date.is_none()
        && let Some(t) = &meta.date
        && let Some(a) = atom(&t.c, 0, false)
        && let (Day::On(_), Year::Printed(_)) = (a.day, a.year)
        && let Ok((value, _)) = a.resolve(None, &mut Carry::default())
    {
        frame.date = Some(DateValue { value, lines: t.lines(a.start..a.end), precision: None });
    }
    if let Some((line, state)) = damaged {
        if state == State::Lost {
            warnings.add(Code::DigitsLost, line, "成文日期缺字，请对照原件补上".to_string());
        } else {
            warnings.add(Code::Redacted, line, "成文日期被隐去，请对照原件补上".to_string());
        }
    }
}

/// `[organ] date` on one line: where the organ ends, the date, and whether it can be read.
fn signed_line(text: &Text) -> Option<(usize, Option<Date>, State)> {
    let t = &text.c;
    if t.len() > 70 {
        return None;
    }
    let inner = usize::from(t.first() == Some(&'（') && t.last() == Some(&'）'));
    let stop = t.len() - inner;
    for i in inner..stop {
        if !(t[i].is_ascii_digit() || matches!(t[i], '二' | 'x' | 'X' | '×' | '*')) {
            continue;
        }
        if i > inner && (t[i - 1].is_ascii_digit() || !is_organ(&t[inner..i])) {
            continue;
        }
        let Some(a) = atom(&t[..stop], i, false) else { continue };
        if t[i..stop].iter().any(|c| matches!(c, '至' | '到' | '、')) {
            return None;
        }
        if a.end != stop || a.hour != crate::date::Hour::default() {
            continue;
        }
        return match a.state {
            State::Good => {
                if let (Day::On(_), Year::None) = (a.day, a.year)
                    && i == inner
                {
                    return Some((i, None, State::Good));
                }
                let (Day::On(_), Year::Printed(_)) = (a.day, a.year) else { return None };
                match a.resolve(None, &mut Carry::default()) {
                    Ok((d, _)) => Some((i, Some(d), State::Good)),
                    Err(Problem::Impossible { .. }) => Some((i, None, State::Lost)),
                    Err(_) => None,
                }
            }
            state => Some((i, None, state)),
        };
    }
    None
}

fn signer(texts: &[Text], used: &mut [bool], i: usize, organ_end: usize) -> Option<Value> {
    if organ_end >= 4 {
        return Some(texts[i].value(0..organ_end));
    }
    let mut first = i;
    while first > 0 && i - first < 3 && !used[first - 1] && is_organ(&texts[first - 1].c) {
        first -= 1;
    }
    if first == i {
        return None;
    }
    used[first..i].fill(true);
    let mut value = texts[first].value(0..texts[first].len());
    // Two organs may sign; the same one twice is a copy.
    for t in &texts[first + 1..i] {
        let next = t.value(0..t.len());
        if next.value != value.value {
            value.value = format!("{}、{}", value.value, next.value);
            value.lines[1] = next.lines[1];
        }
    }
    if let Some(cut) = value.value.find("（章").or_else(|| value.value.find("（盖章")) {
        value.value.truncate(cut);
    }
    Some(value)
}

/// A letter carries no more plans than this.
const MOST_PLANS: usize = 20;

/// Cuts what is left into the letter and its plans.
fn bodies(texts: Vec<Text>, mut used: Vec<bool>, from: usize, rest: Option<(usize, Text)>, frame: &mut Frame) {
    let mut plans: Vec<Vec<Text>> = vec![Vec::new()];
    let mut titles: Vec<Option<Value>> = vec![None];
    if let Some((_, text)) = rest {
        plans[0].push(text);
    }
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut at_text = from;
    while starts.len() < MOST_PLANS
        && let Some((first, last)) = find_title(&texts, &used, at_text, texts.len(), PLAN_ENDS)
    {
        // A plan's title has text below it; a list item has not.
        let mut first = first;
        if first > 0 && !used[first - 1] && first > at_text && is_organ(&texts[first - 1].c) {
            used[first - 1] = true;
        }
        while first < last && is_organ(&texts[first].c) {
            used[first] = true;
            first += 1;
        }
        starts.push((first, last));
        at_text = last + 1;
    }
    for (i, text) in texts.into_iter().enumerate() {
        if let Some((first, _)) = starts.iter().find(|(f, l)| i >= *f && i <= *l) {
            if i == *first {
                plans.push(Vec::new());
                titles.push(Some(text.value(0..text.len())));
            } else if let Some(Some(t)) = titles.last_mut() {
                let more = text.value(0..text.len());
                t.value.push_str(&more.value);
                t.lines[1] = more.lines[1];
            }
            continue;
        }
        if i < from || used[i] || is_end_matter(&text.c) {
            continue;
        }
        if let Some(plan) = plans.last_mut() {
            plan.push(text);
        }
    }
    frame.plans = plans;
    frame.plan_titles = titles;
}

/// 抄送, the printing line, （此件公开发布）.
fn is_end_matter(t: &[char]) -> bool {
    starts_any(t, &["抄送", "抄报", "（此件", "主题词", "签发人", "签发:"])
        || t.len() <= 50 && ends_any(t, &["印发", "印发。"]) && t.iter().any(char::is_ascii_digit)
}

fn title_from_plan(frame: &mut Frame, warnings: &mut Warnings) {
    if frame.title.is_some() {
        return;
    }
    let plan = frame.plan_titles.iter().flatten().next().cloned().or_else(|| {
        let text = frame.plans.first()?.iter().find(|t| has_any(&t.c, &["现将", "印发给", "制定了"]))?;
        let open = find(&text.c, 0, "《")?;
        let end = bracket_end(&text.c, open, 120)?;
        Some(text.value(open + 1..end - 1))
    });
    if let Some(title) = plan {
        warnings.add(Code::TitleFromPlan, title.lines[0], "信函没有标题，用所附方案的标题代替，请确认".to_string());
        frame.title = Some(title);
    }
}

fn title_differs(frame: &Frame, warnings: &mut Warnings) {
    let Some(title) = &frame.title else { return };
    let t: Vec<char> = Text::from_line(&title.value, 1).c;
    let Some(open) = t.iter().position(|c| *c == '《') else { return };
    let Some(end) = bracket_end(&t, open, 160) else { return };
    let named = string(&t[open + 1..end - 1]);
    let bare = |s: &str| Text::from_line(s, 1).c.into_iter().filter(|c| c.is_alphanumeric()).collect::<String>();
    let mut plans = frame.plan_titles.iter().flatten();
    if let Some(plan) = plans.next()
        && plans.next().is_none()
        && bare(&plan.value) != bare(&named)
        && has(&t[end..], "通知")
        && !has(&t[open..end], "通知")
    {
        warnings.add(
            Code::TitleDiffers,
            plan.lines[0],
            format!("方案标题“{}”与通知书名号内的“{named}”不完全一致", plan.value),
        );
    }
}

/// The year a title names.
pub(crate) fn year_in(s: &str) -> Option<i16> {
    let t = Text::from_line(s, 1).c;
    (0..t.len()).find_map(|i| match atom_year(&t, i) {
        Some(y) if at(&t, i + 4, "年") || at(&t, i + 4, "年度") => Some(y),
        _ => None,
    })
}

fn year_in_number(s: &str) -> Option<i16> {
    let t = Text::from_line(s, 1).c;
    (0..t.len()).find_map(|i| atom_year(&t, i))
}

fn atom_year(t: &[char], i: usize) -> Option<i16> {
    if i > 0 && t[i - 1].is_ascii_digit() {
        return None;
    }
    crate::chars::digits(t, i, 4).filter(|(y, e)| *e == i + 4 && (1990..2100).contains(y)).map(|(y, _)| y as i16)
}
