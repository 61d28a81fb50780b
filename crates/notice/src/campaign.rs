//! The campaign: its theme and its period.

use jiff::civil::Date;

use crate::chars::{at_any, bracket_end, ends_any, find, has, has_any, string};
use crate::date::{Carry, Day, Problem};
use crate::heading::{Clause, Role};
use crate::model::{Code, DateValue, Precision, Value};
use crate::text::Text;
use crate::warnings::Warnings;
use crate::when::{self, Phrase, Shape};

/// The years and days that other dates lean on.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Known {
    pub(crate) year: Option<i16>,
    pub(crate) signed: Option<Date>,
    pub(crate) start: Option<Date>,
    pub(crate) end: Option<Date>,
}

/// A window in the time section that is not the campaign's: another campaign's, or a stage.
#[derive(Debug, Clone)]
pub(crate) struct OtherWindow {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) start: Option<Date>,
    pub(crate) end: Option<Date>,
    /// Clock times, for an event of one day.
    pub(crate) clocks: (Option<crate::model::Clock>, Option<crate::model::Clock>),
    pub(crate) lines: [u32; 2],
}

/// The period as found.
#[derive(Debug, Default)]
pub(crate) struct Period {
    pub(crate) start: Option<DateValue>,
    pub(crate) end: Option<DateValue>,
    pub(crate) others: Vec<OtherWindow>,
    /// The plan whose time section gave the period.
    plan: Option<usize>,
}

// ---------------------------------------------------------------- theme

struct Slogan {
    value: Value,
    section: bool,
    campaign: bool,
    other: bool,
}

/// The slogan of the campaign itself.
pub(crate) fn theme(clauses: &[Clause], title: &str, warnings: &mut Warnings) -> Option<Value> {
    let mut slogans: Vec<Slogan> = Vec::new();
    for c in clauses {
        let section = matches!(c.role, Role::Theme | Role::ThemeAndTime)
            || has_any(&c.head.c[c.title.clone()], &["活动主题"]) && c.title.len() <= 8;
        let texts =
            std::iter::once(c.head.slice(c.body.min(c.head.len())..c.head.len())).chain(c.paras.iter().cloned());
        let texts: Vec<Text> = texts.filter(|t| !t.is_empty()).collect();
        let before = slogans.len();
        for t in std::iter::once(&c.head).filter(|t| !section && !t.is_empty()).chain(&texts) {
            if slogans.len() < 40 {
                spoken(t, section, &mut slogans);
            }
        }
        if section && slogans.len() == before {
            let bare = c.role == Role::Theme || !has(&c.head.c[c.title.clone()], "时间");
            if let Some(value) = bare.then(|| plain(&texts)).flatten() {
                slogans.push(Slogan { value, section: true, campaign: true, other: false });
            }
        }
        // 突出“…”主题 in a heading is seen above; a heading 活动主题：… has its slogan in the body.
    }
    let key = |v: &Value| v.value.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let mut distinct: Vec<String> = slogans.iter().map(|s| key(&s.value)).collect();
    distinct.sort();
    distinct.dedup();
    let month = title.contains("安全生产月");
    let best = slogans
        .iter()
        .enumerate()
        .max_by_key(|(i, s)| {
            (s.section && !s.other, s.campaign && !s.other, !s.other, month && s.campaign, usize::MAX - i)
        })
        .map(|(_, s)| s)?;
    let lone_other = best.other && !best.section && month;
    if distinct.len() > 1 {
        warnings.add(
            Code::SeveralThemes,
            best.value.lines[0],
            format!("文中有{}个“主题”，取用“{}”，请确认", distinct.len(), best.value.value),
        );
    }
    (!lone_other).then(|| best.value.clone())
}

const OTHER_CAMPAIGNS: &[&str] =
    &["世界", "防灾减灾", "宣传周", "职业病", "消防宣传月", "119", "节能", "环境日", "交通安全日"];

/// 主题是“…”, 以“…”为主题, 主题：….
fn spoken(text: &Text, section: bool, out: &mut Vec<Slogan>) {
    let t = &text.c;
    let mut i = 0;
    for _ in 0..40 {
        let Some(j) = find(t, i, "主题") else { break };
        i = j + 2;
        let (from, to) = sentence(t, j);
        let campaign = has_any(&t[from..to], &["安全生产月", "安全月", "本次活动", "今年", "活动主题"]) || section;
        let other = !section && has_any(&t[from..j], OTHER_CAMPAIGNS) && !has_any(&t[from..j], &["安全生产月"]);
        if let Some(range) = after_word(t, j + 2, to).or_else(|| before_word(t, j, from)) {
            let inner = string(&t[range.clone()]);
            let campaign_name = range.len() <= 8 && ends_any(&t[range.clone()], &["月", "周", "日", "行"]);
            if range.len() >= 4 && range.len() <= 60 && !campaign_name && !inner.contains("主题") {
                let value = Value { value: text.spaced(range.clone()), lines: text.lines(range) };
                out.push(Slogan { value, section, campaign, other });
            }
        }
    }
}

fn sentence(t: &[char], i: usize) -> (usize, usize) {
    let lo = i.saturating_sub(200);
    let hi = t.len().min(i + 200);
    let from = t[lo..i].iter().rposition(|c| matches!(c, '。' | '；')).map_or(lo, |p| lo + p + 1);
    let to = t[i..hi].iter().position(|c| *c == '。').map_or(hi, |p| i + p);
    (from, to)
}

fn after_word(t: &[char], i: usize, to: usize) -> Option<std::ops::Range<usize>> {
    let mut j = i;
    let mut said = false;
    while let Some((_, n)) = at_any(t, j, &["确定为", "统一为", "定为", "是", "为", ":", "，即", "即"]) {
        j += n;
        said = true;
    }
    if !said {
        return None;
    }
    if let Some(end) = bracket_end(t, j, 70).filter(|_| t[j] == '“') {
        return Some(j + 1..trim(t, j + 1, end - 1));
    }
    let stop = (j..to.min(j + 46)).find(|&k| matches!(t[k], '；' | '。' | '（' | '）')).unwrap_or(to.min(j + 46));
    let body = &t[j..stop];
    if body.len() > 45 || has_any(body, &["各", "活动", "开展", "时间", "要求", "要", "围绕", "月"]) || body.is_empty()
    {
        return None;
    }
    Some(j..trim(t, j, stop))
}

fn before_word(t: &[char], j: usize, from: usize) -> Option<std::ops::Range<usize>> {
    // “安全生产月”主题宣传活动: there the quoted name is no slogan.
    if at_any(
        t,
        j + 2,
        &["宣传", "宣讲", "活动", "班会", "教育", "日", "实践", "党日", "演讲", "征文", "公园", "展", "词"],
    )
    .is_some()
    {
        let named = t[from..j].contains(&'”');
        if !named || at_any(t, j + 2, &["宣讲", "班会", "党日", "演讲", "征文", "公园"]).is_some() {
            return None;
        }
    }
    let mut k = j;
    for word in ["的活动", "的年度", "活动", "的", "为", "这一", "这个", "这条", "为活动", "作为"]
    {
        let n = word.chars().count();
        if k >= from + n && t[k - n..k].iter().copied().eq(word.chars()) {
            k -= n;
            break;
        }
    }
    if k > from && t[k - 1] == '为' {
        k -= 1;
    }
    if k > from && t[k - 1] == '”' {
        let lo = from.max(k.saturating_sub(70));
        let open = t[lo..k].iter().rposition(|c| *c == '“')? + lo;
        return Some(open + 1..trim(t, open + 1, k - 1));
    }
    // 以落实安全责任、推动安全发展为主题.
    if j > from && t[j - 1] == '为' {
        let open = t[from..j].iter().rposition(|c| *c == '以')? + from;
        let body = &t[open + 1..j - 1];
        return ((6..=40).contains(&body.len()) && !has_any(body, &["为", "学习"])).then_some(open + 1..j - 1);
    }
    None
}

fn trim(t: &[char], from: usize, mut end: usize) -> usize {
    while end > from && matches!(t[end - 1], '。' | '，' | '；' | '、' | ':') {
        end -= 1;
    }
    end
}

/// A theme section with nothing but the slogan in it.
fn plain(texts: &[Text]) -> Option<Value> {
    let mut first = texts.first()?.clone();
    if let Some(second) = texts.get(1)
        && (second.c.first() == Some(&'-')
            || first.len() <= 12
                && second.len() <= 14
                && !has_any(&second.c, &["。", ":"])
                && !has_any(&first.c, &["。"]))
        && texts.len() == 2
    {
        first.append(second);
    }
    let t = &first.c;
    let mut range = 0..trim(t, 0, t.len());
    if t.first() == Some(&'“') && bracket_end(t, 0, 70) == Some(range.end) {
        range = 1..trim(t, 1, range.end - 1);
    }
    let body = &t[range.clone()];
    let fits = (4..=45).contains(&body.len()) && !has_any(body, &["。", "；", ":", "主题", "开展", "年", "月"]);
    fits.then(|| Value { value: first.spaced(range.clone()), lines: first.lines(range) })
}

/// Compares the theme with the national one of that year.
pub(crate) fn compare_theme(theme: &Value, year: i16, warnings: &mut Warnings) {
    let key = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let Ok(data) = serde_json::from_str::<serde_json::Value>(include_str!("../data/national_themes.json")) else {
        return;
    };
    let entries: Vec<(i64, &str)> = data["themes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|t| Some((t["year"].as_i64()?, t["theme"].as_str()?)))
        .collect();
    let own = key(&theme.value);
    let Some((_, national)) = entries.iter().find(|(y, _)| *y == i64::from(year)) else { return };
    if key(national) == own {
        return;
    }
    let other = entries.iter().find(|(_, t)| key(t) == own).map(|(y, _)| format!("本文用的是{y}年的主题"));
    let other = other.unwrap_or_else(|| "与本文的主题不同".to_string());
    warnings.add(Code::ThemeMismatch, theme.lines[0], format!("{year}年全国主题是“{national}”，{other}，请确认"));
}

// ---------------------------------------------------------------- period

/// Finds the campaign's period and the other windows of its section.
pub(crate) fn period(clauses: &[Clause], known: &Known, title: &str, warnings: &mut Warnings) -> Period {
    let mut p = Period::default();
    let mut damaged = false;
    for c in clauses {
        let head = &c.head.c[c.title.clone()];
        let labelled = c.title.len() <= 8
            && has_any(head, &["活动时间", "时间安排", "起止时间", "宣传时间", "演练时间"])
            || string(head) == "时间";
        let section = matches!(c.role, Role::Time | Role::ThemeAndTime) || labelled;
        let body = c.head.slice(c.body.min(c.head.len())..c.head.len());
        for t in std::iter::once(&body).chain(&c.paras).filter(|t| !t.is_empty()) {
            let own = section || at_any(&t.c, 0, &["时间:", "活动时间"]).is_some();
            if own {
                damaged |= section_period(t, c.plan, known, &mut p, warnings);
            }
        }
    }
    if p.start.is_some() || p.end.is_some() || damaged {
        return p;
    }
    for c in clauses.iter().filter(|c| c.role == Role::Preamble || c.role == Role::Open || c.role == Role::Guide) {
        for t in std::iter::once(&c.head).filter(|_| c.role == Role::Preamble).chain(&c.paras) {
            if spoken_period(t, known, &mut p) {
                return p;
            }
        }
    }
    for c in clauses {
        for t in std::iter::once(&c.head).chain(&c.paras) {
            if rough_period(t, known, title, &mut p) {
                return p;
            }
        }
    }
    p
}

/// What is known in one of several plans: its own time section goes before the campaign's.
pub(crate) fn of_plan(clauses: &[Clause], plan: usize, known: &Known) -> Known {
    let mut p = Period::default();
    for c in clauses.iter().filter(|c| c.plan == plan && plan > 0 && matches!(c.role, Role::Time | Role::ThemeAndTime))
    {
        let body = c.head.slice(c.body.min(c.head.len())..c.head.len());
        for t in std::iter::once(&body).chain(&c.paras).filter(|t| !t.is_empty()) {
            section_period(t, plan, known, &mut p, &mut Warnings::default());
        }
    }
    match (p.start, p.end) {
        (None, None) => *known,
        (start, end) => Known { start: start.map(|d| d.value), end: end.map(|d| d.value), ..*known },
    }
}

fn dated(value: Date, lines: [u32; 2], precision: Option<Precision>) -> Option<DateValue> {
    Some(DateValue { value, lines, precision })
}

/// The windows of a time section; true when its own window is damaged.
fn section_period(t: &Text, plan: usize, known: &Known, p: &mut Period, warnings: &mut Warnings) -> bool {
    let mut damaged = false;
    let mut carry = Carry::default();
    let mut from = 0;
    let c = &t.c;
    let phrases = when::scan(c, 0, c.len().min(600), &[]);
    for (k, phrase) in phrases.iter().enumerate() {
        let name = other_name(c, from, phrase);
        let m = phrase.meaning(known.year, known.signed, &mut carry);
        from = phrase.span.end;
        let lines = t.lines(phrase.core.clone());
        for problem in m.days.iter().filter_map(|d| d.as_ref().err()).chain(m.start_problem.iter()) {
            damaged |= name.is_none();
            report(*problem, "活动时间", lines[0], warnings);
        }
        let Some(Ok((start, end))) = m.days.first().filter(|_| phrase.shape != Shape::List).cloned() else { continue };
        if let Some(name) = name {
            if phrase.shape == Shape::Window || start.is_some() {
                let text = t.printed(phrase.span.clone());
                p.others.push(OtherWindow { name, text, start, end: Some(end), clocks: (None, None), lines });
            }
            continue;
        }
        let month_only = phrase.atoms.iter().all(|a| a.day == Day::Whole);
        let precision = month_only.then_some(Precision::Month);
        if p.start.is_some() || p.end.is_some() {
            // The time of a further plan, as of an event that the letter announces as well.
            if p.plan != Some(plan) && !month_only {
                let hour = phrase.atoms.last().map(|a| a.hour).unwrap_or_default();
                let single = phrase.shape == Shape::Single;
                let start = if single { hour.clock.map(|_| end) } else { start };
                let text = t.printed(phrase.span.clone());
                p.others.push(OtherWindow {
                    name: "活动".to_string(),
                    text,
                    start,
                    end: Some(end),
                    clocks: (hour.clock, hour.until),
                    lines,
                });
            }
            continue;
        }
        p.plan = Some(plan);
        if phrase.shape == Shape::Window {
            p.start = start.and_then(|d| dated(d, lines, precision));
            p.end = dated(end, lines, precision);
        } else if phrase.is_month() {
            p.start = start.and_then(|d| dated(d, lines, precision));
            p.end = dated(end, lines, precision);
        } else if phrase.before || phrase.ends {
            p.end = dated(end, lines, None);
        } else if phrase.onward {
            p.start = dated(end, lines, None);
        } else if phrases.len() == 1 || k == 0 && start.is_none() {
            // One day, as for an event.
            let day = start.unwrap_or(end);
            p.start = dated(day, lines, None);
            p.end = dated(end, lines, None);
        }
    }
    if p.start.is_none() && p.end.is_none() && !damaged && has(c, "全年") && phrases.is_empty() {
        damaged |= !whole_year(t, known, p);
    }
    damaged
}

/// The name of the other campaign or stage a window belongs to.
fn other_name(t: &[char], from: usize, phrase: &Phrase) -> Option<String> {
    let lo = from.max(t[..phrase.span.start].iter().rposition(|c| matches!(c, '；' | '。')).map_or(0, |p| p + 1));
    let lead = &t[lo..phrase.span.start];
    let tail_end = t.len().min(phrase.span.end + 24);
    let tail = &t[phrase.span.end..tail_end];
    let clause = &tail[..tail.iter().position(|c| matches!(c, '，' | '；' | '。' | '、')).unwrap_or(tail.len())];
    if has_any(clause, &["阶段", "宣传周", "教育周", "演练周", "文化周", "主题周"]) {
        let skip = at_any(clause, 0, &["为", "是"]).map_or(0, |(_, n)| n);
        return Some(string(&clause[skip..]));
    }
    if let Some(open) = lead.iter().rposition(|c| *c == '“')
        && let Some(end) = bracket_end(lead, open, 30)
    {
        let name = string(&lead[open + 1..end - 1]);
        if lead.len() - end > 8 || lead[end..].contains(&'，') || lead[end..].contains(&'题') {
            return None;
        }
        if !(name.contains("安全生产月") || name.contains("安全月") || name.is_empty()) {
            return Some(name);
        }
        return None;
    }
    has_any(lead, &["阶段", "万里行", "咨询日", "启动仪式"])
        .then(|| string(lead).trim_matches(|c: char| !c.is_alphanumeric()).to_string())
        .filter(|s| !s.is_empty())
}

/// 定于6月1日-30日开展…“安全生产月”活动 in the letter.
fn spoken_period(t: &Text, known: &Known, p: &mut Period) -> bool {
    let c = &t.c;
    let hi = c.len().min(1200);
    for phrase in when::scan(c, 0, hi, &[]) {
        if phrase.shape != Shape::Window {
            continue;
        }
        let (from, to) = sentence(c, phrase.core.start);
        let tail = &c[phrase.span.end..to.max(phrase.span.end)];
        let lead = &c[from..phrase.span.start];
        let held = has_any(tail, &["开展", "组织", "举办", "举行", "集中", "为全国", "为第"])
            || has_any(lead, &["活动时间", "时间为", "开展时间", "活动自", "活动从", "开展“安全生产月"]);
        let campaign = has_any(
            &c[from..to],
            &[
                "安全生产月",
                "安全月",
                "活动月",
                "活动时间",
                "宣传月",
                "本次活动",
                "专项行动",
                "专项整治",
                "安全生产宣传",
                "大排查",
                "大整治",
                "大检查",
                "安全检查",
                "集中整治",
                "行动",
                "宣传活动",
                "教育活动",
                "隐患排查",
                "宣传周",
                "教育周",
                "主题活动",
            ],
        );
        let other =
            has_any(lead, &["阶段", "万里行"]) || has_any(&tail[..tail.len().min(14)], &["阶段", "报送", "周活动"]);
        if held && campaign && !other {
            let m = phrase.meaning(known.year, known.signed, &mut Carry::default());
            if let Some(Ok((start, end))) = m.days.first() {
                let lines = t.lines(phrase.core.clone());
                let month = phrase.atoms.iter().all(|a| a.day == Day::Whole).then_some(Precision::Month);
                p.start = start.and_then(|d| dated(d, lines, month));
                p.end = dated(*end, lines, month);
                return true;
            }
        }
    }
    false
}

/// 今年6月是第21个全国“安全生产月”; 全年开展.
fn rough_period(t: &Text, known: &Known, title: &str, p: &mut Period) -> bool {
    let c = &t.c;
    for phrase in when::scan(c, 0, c.len().min(1200), &[]) {
        if !phrase.is_month() {
            continue;
        }
        let tail = &c[phrase.span.end..c.len().min(phrase.span.end + 30)];
        let lead = &c[phrase.span.start.saturating_sub(8)..phrase.span.start];
        let is = at_any(tail, 0, &["是", "为", "，是", "将迎来", "（", "在全", "在本", "份在", "份是"]).is_some()
            && has_any(tail, &["安全生产月", "安全月", "消防宣传月"])
            || has_any(lead, &["定于", "确定"]) && has_any(tail, &["开展", "组织"]);
        if is
            && let Some(Ok((Some(start), end))) =
                phrase.meaning(known.year, known.signed, &mut Carry::default()).days.first()
        {
            let lines = t.lines(phrase.core.clone());
            p.start = dated(*start, lines, Some(Precision::Month));
            p.end = dated(*end, lines, Some(Precision::Month));
            return true;
        }
    }
    if title.contains("年")
        && (title.contains("计划") || title.contains("要点"))
        && has_any(c, &["全年开展", "全年进行", "贯穿全年，", "全年组织"])
    {
        return whole_year(t, known, p);
    }
    false
}

fn whole_year(t: &Text, known: &Known, p: &mut Period) -> bool {
    let (Some(year), Some(i)) = (known.year, find(&t.c, 0, "全年")) else { return false };
    let (Ok(first), Ok(last)) = (Date::new(year, 1, 1), Date::new(year, 12, 31)) else { return false };
    let lines = t.lines(i..i + 2);
    p.start = dated(first, lines, Some(Precision::Year));
    p.end = dated(last, lines, Some(Precision::Year));
    true
}

/// Says why a date has no value.
pub(crate) fn report(problem: Problem, what: &str, line: u32, warnings: &mut Warnings) {
    match problem {
        Problem::Lost => warnings.add(Code::DigitsLost, line, format!("{what}缺字，请对照原件补上")),
        Problem::NoMonth => warnings.add(Code::DigitsLost, line, format!("{what}没有月份，请对照原件补上")),
        Problem::Redacted => warnings.add(Code::Redacted, line, format!("{what}被隐去，请确认")),
        Problem::NoYear => warnings.add(Code::YearUnknown, line, format!("{what}没有年份，全文也没有可以依据的年份")),
        Problem::Impossible { month, day } => {
            warnings.add(Code::ImpossibleDate, line, format!("{month}月没有{day}日，请确认{what}"));
        }
    }
}
