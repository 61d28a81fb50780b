//! Headings: their numbers, the section words, and the outline of a notice.
//!
//! Numbers that a word processor made are no text and vanish on copying; a line that consists of a section word
//! is then a heading without a number and is counted in.

use std::ops::Range;

use crate::chars::{at, at_any, bracket_end, digits, ends_any, find_any, han_number, has_any, string};
use crate::model::Lines;
use crate::text::Text;

/// The number in front of a heading. Styles: 1 `一、`, 2 `（一）`, 3 `1.`, 4 `(1)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Marker {
    pub(crate) style: u8,
    pub(crate) value: u32,
    /// Length with 、 or full stop.
    pub(crate) len: usize,
    /// As printed, without 、 or full stop.
    pub(crate) printed: Option<String>,
}

/// The number at the beginning of a text.
pub(crate) fn marker(t: &[char]) -> Option<Marker> {
    let first = *t.first()?;
    let made = |style, value, len, printed| Some(Marker { style, value, len, printed: Some(string(printed)) });
    if first == '（' {
        let (value, end, style) = match han_number(t, 1) {
            Some((v, e)) => (v, e, 2),
            None => digits(t, 1, 2).map(|(v, e)| (v, e, 4))?,
        };
        if t.get(end) != Some(&'）') || value == 0 {
            return None;
        }
        let more = usize::from(matches!(t.get(end + 1), Some('、' | '.')));
        return made(style, value, end + 1 + more, &t[..end + 1]);
    }
    if ('①'..='⑳').contains(&first) {
        return made(4, first as u32 - '①' as u32 + 1, 1, &t[..1]);
    }
    if first.is_ascii_digit() {
        let (value, end) = digits(t, 0, 2)?;
        if matches!(t.get(end), Some('）')) && value > 0 {
            return made(4, value, end + 1, &t[..end + 1]);
        }
        if !matches!(t.get(end), Some('.' | '、')) || value == 0 {
            return None;
        }
        // 1.2015年… is item 1; 6.16 and 3.5 are not.
        if t.get(end + 1).is_some_and(char::is_ascii_digit)
            && (t[end] == '、' || digits(t, end + 1, 4).is_none_or(|(y, e)| y < 1990 || !at(t, e, "年")))
            && !(at(t, end + 1, "6·16") || at(t, end + 1, "12350"))
        {
            return None;
        }
        return made(3, value, end + 1, &t[..end]);
    }
    if first == '第' {
        let (value, end) = han_number(t, 1)?;
        let (_, n) = at_any(t, end, &["部分", "章"])?;
        let more = usize::from(matches!(t.get(end + n), Some('、' | ':')));
        return made(1, value, end + n + more, &t[..end + n]);
    }
    let (value, end) = han_number(t, 0)?;
    match t.get(end) {
        Some('、' | '.' | '．') => made(1, value, end + 1, &t[..end]),
        _ => None,
    }
}

/// The words that make a line a section heading even without a number.
pub(crate) const SECTION_WORDS: &[&str] = &[
    "活动主题和时间",
    "活动时间和主题",
    "活动主题与时间",
    "活动主题及时间",
    "活动主题、时间",
    "活动时间、主题",
    "指导思想",
    "总体要求",
    "总体思路",
    "总体目标",
    "工作目标",
    "活动目标",
    "活动主题",
    "活动时间",
    "时间和形式",
    "组织领导",
    "组织机构",
    "领导机构",
    "活动内容",
    "主要内容",
    "活动安排",
    "主要任务",
    "工作任务",
    "重点任务",
    "重点活动",
    "主要活动",
    "活动要求",
    "工作要求",
    "有关要求",
    "保障措施",
    "报送要求",
    "实施步骤",
    "时间步骤",
    "工作安排",
    "时间安排",
    "活动形式",
    "主题和时间",
    "宣传主题",
    "目标任务",
    "工作内容",
    "重点工作",
    "工作步骤",
    "活动步骤",
    "参加范围",
    "活动范围",
    "信息报送",
    "相关要求",
    "材料报送",
    "职责分工",
    "活动地点",
    "参加对象",
    "活动对象",
    "其他事项",
    "有关事项",
    "工作措施",
    "活动重点",
    "具体安排",
    "具体要求",
];

/// The length of the section word at the beginning of a text.
pub(crate) fn section_word(t: &[char]) -> Option<usize> {
    at_any(t, 0, SECTION_WORDS).map(|(_, n)| n)
}

/// Whether a line is a section heading that lost its number.
pub(crate) fn is_bare_section(t: &[char]) -> bool {
    let t = if t.last() == Some(&':') { &t[..t.len() - 1] } else { t };
    t.len() <= 14
        && !t.iter().any(|c| matches!(c, '。' | '，' | '；' | ':' | '|' | '《' | '》'))
        && ends_any(t, SECTION_WORDS)
        && t.first() != Some(&'附')
}

/// Whether a line begins something new, so that no wrapped line may run into it.
pub(crate) fn starts_block(t: &[char]) -> bool {
    marker(t).is_some()
        || is_bare_section(t)
        || at_any(
            t,
            0,
            &[
                "附件",
                "附:",
                "附表",
                "联系人",
                "联系电话",
                "电话:",
                "电子邮箱",
                "邮箱:",
                "抄送",
                "抄报",
                "主题:",
                "时间:",
                "地点:",
                "（联系人",
            ],
        )
        .is_some()
}

/// What a section is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Before the first heading.
    Preamble,
    Theme,
    Time,
    ThemeAndTime,
    Guide,
    Organisation,
    /// Its children are activities.
    Activities,
    /// Stages.
    Steps,
    Requirements,
    /// Perhaps an activity itself.
    Open,
}

const REQUIREMENTS: &[&str] = &[
    "加强领导",
    "提高认识",
    "统一思想",
    "高度重视",
    "强化宣传，",
    "注重实效",
    "及时总结",
    "加强报送",
    "严格考核",
    "组织领导",
    "精心组织",
    "加强组织",
    "压实责任",
    "明确责任",
    "落实责任",
    "信息报送",
    "总结报送",
    "材料报送",
    "报送",
    "保障",
    "要求",
    "紧扣主题",
    "服务大局",
    "统筹",
    "明确专人",
    "做好总结",
    "按周报",
    "考核",
    "督导落实",
    "强化督导",
    "加强督导",
    "强化督查",
    "加强督查",
    "强化组织",
    "强化责任",
    "确保实效",
    "务求实效",
    "注意事项",
    "其他事项",
    "联系",
    "奖惩",
    "形成合力",
    "加强协调",
    "密切配合",
    "认真总结",
    "严肃纪律",
    "经费",
    "加强信息",
    "注重总结，",
    "突出重点，",
    "加强宣传，",
    "严格落实",
    "确保安全",
    "创新形式",
    "强化领导",
    "广泛宣传，",
    "广泛发动",
    "结合实际，",
    "加强沟通",
    "有关事项",
    "联络员",
    "上报",
    "严格督查",
    "狠抓落实",
    "抓好落实",
    "部署落实",
    "周密部署",
    "认真部署",
    "领导重视",
    "宣传引导，",
    "强化指导",
    "分工负责",
    "总结评估",
    "评估总结",
    "及时反馈",
    "资料归档",
    "档案",
    "问责",
    "追究",
    "追责",
    "督办",
    "严格执纪",
];

/// The role a heading gives its section; `top` for level 1.
pub(crate) fn role(title: &[char], top: bool) -> Role {
    let has = |words: &[&str]| has_any(title, words);
    let short = title.len() <= 16;
    if top && short {
        let theme =
            has(&["主题"]) && !has(&["主题活动", "主题宣讲", "主题班会", "主题宣传", "主题教育", "突出", "主题日"]);
        let time = has(&[
            "活动时间",
            "时间和",
            "和时间",
            "与时间",
            "及时间",
            "、时间",
            "时间安排",
            "宣传时间",
            "起止时间",
            "实施时间",
        ]) || string(title).starts_with("时间");
        match (theme, time) {
            (true, true) => return Role::ThemeAndTime,
            (true, false) => return Role::Theme,
            (false, true) if !has(&["步骤"]) => return Role::Time,
            _ => {}
        }
        if has(&["指导思想", "总体要求", "总体思路", "目标", "意义", "背景", "原则"]) && !has(&["内容"])
        {
            return Role::Guide;
        }
        if has(&[
            "会议时间",
            "报到时间",
            "参会",
            "参加",
            "参演",
            "范围",
            "主办",
            "承办",
            "流程",
            "奖惩",
            "奖励",
            "费用",
            "经费",
            "会议地点",
            "主讲",
            "观摩",
        ]) && !has(&["开展", "活动内容"])
        {
            return Role::Organisation;
        }
        if has(&[
            "演练时间",
            "检查时间",
            "培训时间",
            "举办时间",
            "竞赛时间",
            "开展时间",
            "宣传时间",
            "行动时间",
            "整治时间",
        ]) {
            return Role::Time;
        }
        if title.len() <= 6 && string(title).ends_with("内容") {
            return Role::Activities;
        }
        if has(&[
            "领导机构",
            "组织机构",
            "组织领导",
            "领导小组",
            "工作机构",
            "职责分工",
            "参加范围",
            "活动范围",
            "地点",
            "对象",
            "参加人员",
        ]) {
            return Role::Organisation;
        }
        if has(&["步骤", "阶段", "进度"]) && !has(&["内容", "任务"]) {
            return Role::Steps;
        }
    }
    if !top && short {
        match string(title).as_str() {
            "活动时间" | "时间安排" | "时间" => return Role::Time,
            "活动主题" | "主题" => return Role::Theme,
            "活动目标" | "指导思想" | "总体要求" => return Role::Guide,
            _ => {}
        }
    }
    if top
        && has(&[
            "活动内容",
            "主要内容",
            "活动安排",
            "主要任务",
            "工作任务",
            "重点任务",
            "重点活动",
            "主要活动",
            "活动项目",
            "工作安排",
            "重点工作",
            "活动形式",
            "任务分工",
            "工作内容",
            "主要工作",
            "具体活动",
            "活动措施",
            "工作措施",
            "重点内容",
            "任务安排",
            "内容和安排",
            "具体安排",
            "规定动作",
            "自选动作",
            "活动计划",
            "安排表",
            "具体内容",
            "内容及",
            "内容与",
            "活动方式",
            "宣传内容",
            "活动重点",
            "任务和",
            "任务及",
        ])
        && title.len() <= 24
        && !has(&["要求及"])
    {
        return Role::Activities;
    }
    if has(REQUIREMENTS) && title.len() <= 30 {
        return Role::Requirements;
    }
    Role::Open
}

/// A heading with the paragraphs below it, up to the next heading.
#[derive(Debug, Clone)]
pub(crate) struct Clause {
    pub(crate) number: Option<String>,
    /// `四`, `（五）`: what the path shows.
    pub(crate) path: Vec<String>,
    pub(crate) role: Role,
    /// The heading's paragraph, without its number.
    pub(crate) head: Text,
    /// The title in it.
    pub(crate) title: Range<usize>,
    /// Where its own text begins.
    pub(crate) body: usize,
    pub(crate) paras: Vec<Text>,
    pub(crate) parent: Option<usize>,
    /// Which plan of the document it belongs to.
    pub(crate) plan: usize,
}

impl Clause {
    /// From the heading to the end of the clause.
    pub(crate) fn lines(&self) -> Lines {
        let first = self.head.all_lines();
        let last = self.paras.last().map_or(first[1], |p| p.all_lines()[1]);
        [first[0], last.max(first[1])]
    }

    /// The text below the title.
    pub(crate) fn body_chars(&self) -> Vec<char> {
        let mut out = self.head.c[self.body..].to_vec();
        for p in &self.paras {
            out.extend_from_slice(&p.c);
        }
        out
    }
}

/// A remark the outline makes.
#[derive(Debug, Clone)]
pub(crate) enum Remark {
    NumberLost { title: String, number: String, line: u32 },
    Gap { before: String, after: String, missing: String, line: u32 },
}

/// Builds the outline from body paragraphs, one list for each plan.
pub(crate) fn outline(plans: &[Vec<Text>]) -> (Vec<Clause>, Vec<Remark>) {
    let mut clauses: Vec<Clause> = Vec::new();
    let mut remarks = Vec::new();
    for (plan, paras) in plans.iter().enumerate() {
        let mut stack: Vec<(usize, u8)> = Vec::new();
        let mut counts: Vec<(Option<usize>, u8, u32)> = Vec::new();
        let first = clauses.len();
        clauses.push(preamble(plan));
        for (i, para) in paras.iter().enumerate() {
            let next = paras.get(i + 1);
            let Some((mark, lost)) = heading(para, next) else {
                if let Some(c) = clauses.last_mut() {
                    c.paras.push(para.clone());
                }
                continue;
            };
            while stack.last().is_some_and(|(_, style)| *style >= mark.style) {
                stack.pop();
            }
            let parent = stack.last().map(|(c, _)| *c);
            let seen = counts.iter_mut().find(|(p, s, _)| *p == parent && *s == mark.style);
            let before = seen.as_ref().map_or(0, |(_, _, v)| *v);
            let value = if lost { before + 1 } else { mark.value };
            match seen {
                Some(seen) => seen.2 = value,
                None => counts.push((parent, mark.style, value)),
            }
            let shown = mark.printed.clone().unwrap_or_else(|| numeral(mark.style, value));
            let line = para.line(0);
            if lost {
                remarks.push(Remark::NumberLost { title: para.printed(0..para.len()), number: shown.clone(), line });
            }
            if !lost && value > before + 1 && value < 40 {
                remarks.push(Remark::Gap {
                    before: numeral(mark.style, before),
                    after: numeral(mark.style, value),
                    missing: numeral(mark.style, before + 1),
                    line,
                });
            }
            let head = para.slice(mark.len..para.len());
            let (title, body) = title(&head);
            let mut path = parent.map(|p| clauses[p].path.clone()).unwrap_or_default();
            path.push(shown.clone());
            stack.push((clauses.len(), mark.style));
            clauses.push(Clause {
                number: mark.printed,
                path,
                role: role(&head.c[title.clone()], parent.is_none()),
                head,
                title,
                body,
                paras: Vec::new(),
                parent,
                plan,
            });
        }
        if clauses[first].paras.is_empty() && clauses.len() > first + 1 {
            // An empty preamble says nothing, but its place keeps the indexes stable.
            clauses[first].role = Role::Preamble;
        }
    }
    (clauses, remarks)
}

fn preamble(plan: usize) -> Clause {
    Clause {
        number: None,
        path: Vec::new(),
        role: Role::Preamble,
        head: Text::default(),
        title: 0..0,
        body: 0,
        paras: Vec::new(),
        parent: None,
        plan,
    }
}

fn heading(para: &Text, next: Option<&Text>) -> Option<(Marker, bool)> {
    if let Some(m) = marker(&para.c) {
        return (para.len() > m.len).then_some((m, false));
    }
    if is_bare_section(&para.c) && next.is_some() {
        return Some((Marker { style: 1, value: 0, len: 0, printed: None }, true));
    }
    // A list that lost its digits: items begin with a bare 、 or 。
    if para.c.first() == Some(&'、') && para.len() > 3 {
        return Some((Marker { style: 3, value: 0, len: 1, printed: None }, true));
    }
    None
}

fn numeral(style: u8, value: u32) -> String {
    if style >= 3 {
        return if style == 3 { value.to_string() } else { format!("（{value}）") };
    }
    let digit = |d: u32| "零一二三四五六七八九".chars().nth(d as usize % 10).unwrap_or('零');
    let word = match value {
        0..=9 => digit(value).to_string(),
        10 => "十".to_string(),
        11..=19 => format!("十{}", digit(value)),
        _ if value.is_multiple_of(10) => format!("{}十", digit(value / 10)),
        _ => format!("{}十{}", digit(value / 10), digit(value)),
    };
    if style == 2 { format!("（{word}）") } else { word }
}

/// The title of a heading's paragraph and where its own text begins.
fn title(head: &Text) -> (Range<usize>, usize) {
    let t = &head.c;
    let mut end = None;
    let mut i = 0;
    while i < t.len().min(400) {
        match t[i] {
            '（' | '“' | '《' => {
                if let Some(e) = bracket_end(t, i, 80) {
                    i = e;
                    continue;
                }
            }
            '。' | '；' => {
                end = Some((i, i + 1));
                break;
            }
            ':' if (2..=30).contains(&i) && !t[i - 1].is_ascii_digit() => {
                end = Some((i, i + 1));
                break;
            }
            _ => {}
        }
        // 启动仪式　6月1日…: white space behind a short title.
        if (4..=24).contains(&i)
            && head.gap(i)
            && t.len() > i + 14
            && !t[..i].contains(&'，')
            && !t[i - 1].is_ascii_digit()
            && !t[i].is_ascii_digit()
        {
            end = Some((i, i));
            break;
        }
        i += 1;
    }
    let (mut end, body) = end.unwrap_or((t.len(), t.len()));
    // A bracket behind the title names its date or its doer.
    while let Some(open) = t[..end].iter().rposition(|c| *c == '（') {
        let inside = &t[open..end];
        let closes = end > open && t[end - 1] == '）';
        let aside = inside.iter().any(char::is_ascii_digit)
            || has_any(inside, &["单位", "牵头", "负责", "责任", "时间", "月", "日", "组织", "配合"]);
        if open > 1 && closes && aside && end - open <= 60 {
            end = open;
        } else {
            break;
        }
    }
    (0..end, body)
}

/// Where a bracket behind the title stands, if one does.
pub(crate) fn aside(clause: &Clause) -> Range<usize> {
    let end = clause.body.min(clause.head.len());
    clause.title.end.min(end)..end
}

/// Whether a first sentence is an order rather than a title.
pub(crate) fn is_order(t: &[char]) -> bool {
    at_any(t, 0, &["请", "各", "自", "从", "凡", "活动结束", "收到", "要"]).is_some()
        || t.first().is_some_and(|c| c.is_ascii_digit()) && find_any(t, 0, &["前，", "前"]).is_some_and(|(i, _)| i < 9)
        || has_any(t, &["报送至", "于每", "联络员"])
}
