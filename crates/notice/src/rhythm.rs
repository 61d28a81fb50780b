//! Rhythms: 每周四上午, 每月10日、20日、30日前, 每季度末月20日前, 随时报送.
//!
//! A rhythm becomes a [`Rule`] with the keys of RFC 5545 and two of our own, `TIME` and `PART`, because notices
//! say 上午 and 下班前 as often as a clock time.

use std::fmt;
use std::ops::Range;

use serde::{Serialize, Serializer};

use crate::chars::{at, at_any, digits, number};
use crate::date::{Half, hour, weekday_char};
use crate::model::Clock;

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freq {
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
    /// Every year.
    Yearly,
    /// When there is an occasion (随时, 及时, 第一时间).
    Adhoc,
}

/// At what time of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// A clock time.
    Time(Clock),
    /// The morning.
    Morning,
    /// The afternoon.
    Afternoon,
}

/// A rhythm; prints and serialises as `FREQ=WEEKLY;BYDAY=TH;PART=AM` or `ADHOC`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// How often.
    pub freq: Freq,
    /// Every so many; 1 is not printed.
    pub interval: u8,
    /// Months, 1-12.
    pub by_month: Vec<u8>,
    /// Days of the month; -1 is the last.
    pub by_month_day: Vec<i8>,
    /// Days of the week, 1 = Monday.
    pub by_day: Vec<u8>,
    /// Time of the day.
    pub at: Option<At>,
}

impl Rule {
    fn new(freq: Freq) -> Self {
        Rule { freq, interval: 1, by_month: Vec::new(), by_month_day: Vec::new(), by_day: Vec::new(), at: None }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let freq = match self.freq {
            Freq::Adhoc => return f.write_str("ADHOC"),
            Freq::Daily => "DAILY",
            Freq::Weekly => "WEEKLY",
            Freq::Monthly => "MONTHLY",
            Freq::Yearly => "YEARLY",
        };
        write!(f, "FREQ={freq}")?;
        if self.interval > 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        let list = |items: Vec<String>| items.join(",");
        if !self.by_month.is_empty() {
            write!(f, ";BYMONTH={}", list(self.by_month.iter().map(ToString::to_string).collect()))?;
        }
        if !self.by_month_day.is_empty() {
            write!(f, ";BYMONTHDAY={}", list(self.by_month_day.iter().map(ToString::to_string).collect()))?;
        }
        if !self.by_day.is_empty() {
            let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
            let days = self.by_day.iter().filter_map(|d| names.get(usize::from(*d).wrapping_sub(1)));
            write!(f, ";BYDAY={}", list(days.map(ToString::to_string).collect()))?;
        }
        match self.at {
            Some(At::Time(clock)) => write!(f, ";TIME={clock}"),
            Some(At::Morning) => f.write_str(";PART=AM"),
            Some(At::Afternoon) => f.write_str(";PART=PM"),
            None => Ok(()),
        }
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A rhythm where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rhythm {
    pub(crate) span: Range<usize>,
    pub(crate) rule: Rule,
    /// A clock time is printed but cannot be read.
    pub(crate) time_lost: bool,
    /// It ends with 前.
    pub(crate) before: bool,
    /// A day, a time or 前 is printed: more than 每周.
    pub(crate) precise: bool,
}

/// All rhythms of `t` between `lo` and `hi`.
pub(crate) fn scan(t: &[char], lo: usize, hi: usize) -> Vec<Rhythm> {
    let t = &t[..hi];
    let mut out = Vec::new();
    let mut i = lo;
    while i < hi {
        // No rhythm begins with another character.
        if !matches!(t[i], '每' | '逢' | '一' | '日' | '周' | '月' | '可' | '随' | '第' | '及' | '立' | '不' | '定')
        {
            i += 1;
            continue;
        }
        match regular(t, i).or_else(|| adhoc(t, i)) {
            Some(mut r) => {
                if i > lo && t[i - 1] == '于' {
                    r.span.start = i - 1;
                }
                i = r.span.end.max(i + 1);
                out.push(r);
                if let Some(second) = out.last().and_then(|r| again(t, r)) {
                    i = second.span.end;
                    out.push(second);
                }
            }
            None => i += 1,
        }
    }
    out
}

/// 每天上午9:30前、晚上21:30前: the same days at a second time.
fn again(t: &[char], r: &Rhythm) -> Option<Rhythm> {
    let Some(At::Time(_)) = r.rule.at else { return None };
    let (_, n) = at_any(t, r.span.end, &["、", "和", "及"])?;
    let start = r.span.end + n;
    let (h, end) = hour(t, start);
    let clock = h.clock?;
    let (_, m) = at_any(t, end, &["之前", "以前", "前"])?;
    let mut rule = r.rule.clone();
    rule.at = Some(At::Time(clock));
    Some(Rhythm { span: start..end + m, rule, time_lost: false, before: true, precise: true })
}

const ADHOC: &[&str] = &["可随时", "随时", "第一时间", "及时", "立即", "不定期", "定期"];
const REPORTING: &[&str] = &[
    "报送", "上报", "报告", "报至", "报给", "报到", "报我", "报市", "报县", "报镇", "报区", "报旗", "反馈", "提供",
    "上传", "投稿", "提交", "发送", "报",
];

fn adhoc(t: &[char], i: usize) -> Option<Rhythm> {
    let (word, n) = at_any(t, i, ADHOC)?;
    let mut j = i + n;
    if let Some((_, n)) = at_any(t, j, &["向"]) {
        // 及时向镇应急办报告: the receiver stands between.
        let k = (j + n..t.len().min(j + n + 16)).find(|&k| at_any(t, k, REPORTING).is_some())?;
        if t[j..k].iter().any(|c| matches!(c, '，' | '。' | '；' | '、')) {
            return None;
        }
        j = k;
    } else if let Some((_, n)) = at_any(t, j, &["进行", "予以", "逐级", "如实", "打电话", "电话", "书面"])
    {
        j += n;
    }
    let (verb, m) = at_any(t, j, REPORTING)?;
    if verb == "报" && at_any(t, j, &["报道", "报废", "报警", "报名", "报刊", "报表", "报纸"]).is_some()
    {
        return None;
    }
    if verb == "报告" && matches!(t.get(j + m), Some('单' | '表' | '书')) {
        return None;
    }
    if verb == "提供"
        && !matches!(word, "随时" | "可随时")
        && at_any(t, j + m, &["帮助", "服务", "指导", "支持", "保障"]).is_some()
    {
        return None;
    }
    if word == "立即" && verb != "报告" && verb != "上报" {
        return None;
    }
    let rule = Rule::new(Freq::Adhoc);
    Some(Rhythm { span: i..j + m, rule, time_lost: false, before: false, precise: false })
}

fn regular(t: &[char], i: usize) -> Option<Rhythm> {
    if let Some(r) = slogan(t, i) {
        return Some(r);
    }
    let mut j = match t.get(i)? {
        '每' => i + 1 + usize::from(at(t, i + 1, "逢")),
        '逢' if at(t, i + 1, "周") => i + 1,
        _ => return None,
    };
    j += usize::from(at(t, j, "个") && at_any(t, j + 1, &["星期", "工作日", "月", "季度", "周"]).is_some());
    let (rule, end, precise) = unit(t, j)?;
    finish(t, i, rule, end, precise)
}

/// 一周一报, 一日一报, 周报告制度, 日报告制度.
fn slogan(t: &[char], i: usize) -> Option<Rhythm> {
    let table = [
        ("一日一报", Freq::Daily, 1),
        ("一天一报", Freq::Daily, 1),
        ("日报告制度", Freq::Daily, 1),
        ("日报制度", Freq::Daily, 1),
        ("一周一报", Freq::Weekly, 1),
        ("周报告制度", Freq::Weekly, 1),
        ("周报制度", Freq::Weekly, 1),
        ("一月一报", Freq::Monthly, 1),
        ("月报告制度", Freq::Monthly, 1),
        ("月报制度", Freq::Monthly, 1),
        ("一季一报", Freq::Monthly, 3),
        ("一季度一报", Freq::Monthly, 3),
    ];
    let (word, freq, interval) = table.into_iter().find(|(w, _, _)| at(t, i, w))?;
    if i > 0 && matches!(t[i - 1], '每' | '零' | '十' | '旬') {
        return None;
    }
    let mut rule = Rule::new(freq);
    rule.interval = interval;
    let span = i..i + word.chars().count();
    Some(Rhythm { span, rule, time_lost: false, before: false, precise: false })
}

/// What follows 每: the rule, its end, and whether a day is named.
fn unit(t: &[char], j: usize) -> Option<(Rule, usize, bool)> {
    if let Some((_, n)) = at_any(t, j, &["隔一周", "隔1周", "双周"]) {
        let mut rule = Rule::new(Freq::Weekly);
        rule.interval = 2;
        return Some((rule, j + n, false));
    }
    if let Some((10, e)) = number(t, j, 2)
        && at_any(t, e, &["天", "日"]).is_some()
    {
        let mut rule = Rule::new(Freq::Monthly);
        rule.by_month_day = vec![10, 20, -1];
        // 每10天报一次（10日、20日、30报）: the bracket says which days.
        let stop = t.len().min(e + 24);
        if let Some(open) = (e..stop).find(|&k| t[k] == '（')
            && !t[e..open].iter().any(|c| matches!(c, '，' | '。' | '；'))
            && let Some((10, _)) = number(t, open + 1, 2)
        {
            let close = (open..t.len().min(open + 20)).find(|&k| t[k] == '）')?;
            let mut k = open + 1;
            rule.by_month_day.clear();
            while k < close {
                match number(t, k, 2) {
                    Some((d, e)) if (1..=31).contains(&d) => {
                        rule.by_month_day.push(d as i8);
                        k = e;
                    }
                    _ => k += 1,
                }
            }
        }
        return Some((rule, e + 1, true));
    }
    if let Some((k, e)) = number(t, j, 2)
        && at_any(t, e, &["周", "个星期", "个月", "星期"]).is_some()
        && !(at(t, e, "周") && at(t, e, "周年"))
    {
        let month = at(t, e, "个月");
        let mut rule = Rule::new(if month { Freq::Monthly } else { Freq::Weekly });
        rule.interval = u8::try_from(k).ok().filter(|k| (1..=12).contains(k))?;
        let n = if at(t, e, "周") { 1 } else { 2 + usize::from(at(t, e, "个星期")) };
        return Some((rule, e + n, false));
    }
    if let Some((_, n)) = at_any(t, j, &["工作日"]) {
        let mut rule = Rule::new(Freq::Weekly);
        rule.by_day = vec![1, 2, 3, 4, 5];
        return Some((rule, j + n, false));
    }
    if let Some((_, n)) = at_any(t, j, &["周", "星期", "礼拜"]) {
        return Some(week(t, j + n));
    }
    if let Some((_, n)) = at_any(t, j, &["天", "日"]) {
        return Some((Rule::new(Freq::Daily), j + n, false));
    }
    if let Some((_, n)) = at_any(t, j, &["半个月", "半月"]) {
        let mut rule = Rule::new(Freq::Monthly);
        rule.by_month_day = vec![15, -1];
        return Some((rule, j + n, false));
    }
    if let Some((_, n)) = at_any(t, j, &["旬末", "旬"]) {
        let mut rule = Rule::new(Freq::Monthly);
        rule.by_month_day = vec![10, 20, -1];
        return Some((rule, j + n, false));
    }
    if let Some((_, n)) = at_any(t, j, &["半年"]) {
        let mut rule = Rule::new(Freq::Monthly);
        rule.interval = 6;
        return Some((rule, j + n, false));
    }
    if let Some((_, n)) = at_any(t, j, &["季度", "季"]) {
        return Some(quarter(t, j + n));
    }
    if at(t, j, "月") {
        return Some(month(t, j + 1));
    }
    if at(t, j, "年") && !at(t, j, "年级") {
        return Some(year(t, j + 1));
    }
    None
}

fn week(t: &[char], mut j: usize) -> (Rule, usize, bool) {
    let mut rule = Rule::new(Freq::Weekly);
    while let Some(day) = t.get(j).copied().and_then(weekday_char) {
        // 每周一次, 每周一期: 一 counts.
        let counts = [
            "次", "期", "报", "题", "课", "讲", "条", "更", "篇", "调", "通", "汇", "查", "练", "学", "会", "总", "研",
            "晒", "评", "结", "案", "场", "份",
        ];
        if rule.by_day.is_empty() && t[j] == '一' && at_any(t, j + 1, &counts).is_some() {
            break;
        }
        if t[j] == '日' && at_any(t, j + 1, &["常"]).is_some() {
            break;
        }
        rule.by_day.push(day);
        j += 1;
        if let Some((_, n)) = at_any(t, j, &["至每周", "至周", "到周", "-周", "至", "到", "-"])
            && let Some(last) = t.get(j + n).copied().and_then(weekday_char)
            && last > day
        {
            rule.by_day = (day..=last).collect();
            j += n + 1;
            break;
        }
        let sep =
            at_any(t, j, &["、每周", "、周", "、星期", "和每周", "和周", "和星期", "及周", "，周", "、", "和", "及"]);
        match sep {
            Some((_, n)) if t.get(j + n).copied().and_then(weekday_char).is_some() => j += n,
            _ => break,
        }
    }
    let precise = !rule.by_day.is_empty();
    (rule, j, precise)
}

fn month(t: &[char], mut j: usize) -> (Rule, usize, bool) {
    let mut rule = Rule::new(Freq::Monthly);
    j += usize::from(at(t, j, "的"));
    for (word, day) in [
        ("上旬前", 10),
        ("中旬前", 20),
        ("下旬前", -1),
        ("月底", -1),
        ("月末", -1),
        ("底", -1),
        ("末", -1),
        ("最后一天", -1),
        ("最后一日", -1),
    ] {
        if at(t, j, word) {
            rule.by_month_day = vec![day];
            let keep = usize::from(word.ends_with('前'));
            return (rule, j + word.chars().count() - keep, true);
        }
    }
    loop {
        let k = j + at_any(t, j, &["每月"]).map_or(0, |(_, n)| n);
        if let Some((_, n)) = at_any(t, k, &["月底", "月末", "底"])
            && !rule.by_month_day.is_empty()
        {
            rule.by_month_day.push(-1);
            j = k + n;
            break;
        }
        let Some((d, e)) = number(t, k, 2).filter(|(d, _)| (1..=31).contains(d)) else { break };
        let closed = at_any(t, e, &["日", "号"]).map(|(_, n)| n);
        // 10、20、30日 and 10日、20日、30前: 日 may stand once.
        let more = matches!(t.get(e), Some('、' | '-')) || at(t, e, "前") && !rule.by_month_day.is_empty();
        if closed.is_none() && !(more && t[k].is_ascii_digit()) {
            break;
        }
        rule.by_month_day.push(d as i8);
        j = e + closed.unwrap_or(0);
        let skip = at_any(t, j, &["前、", "、", "和", "及", "，"]);
        match skip {
            Some((_, n))
                if number(t, j + n, 2)
                    .is_some_and(|(d, e)| d <= 31 && at_any(t, e, &["日", "号", "前", "、"]).is_some())
                    || at_any(t, j + n, &["月底", "月末", "底"]).is_some() =>
            {
                j += n
            }
            _ => break,
        }
    }
    let precise = !rule.by_month_day.is_empty();
    (rule, j, precise)
}

fn quarter(t: &[char], j: usize) -> (Rule, usize, bool) {
    let mut rule = Rule::new(Freq::Monthly);
    let j = j + usize::from(at(t, j, "的"));
    let which =
        at_any(t, j, &["末月", "最后一个月", "最后一月", "第三个月", "末", "首月", "第一个月", "次月", "中间月"]);
    let Some((word, n)) = which else {
        rule.interval = 3;
        return (rule, j, false);
    };
    rule = Rule::new(Freq::Yearly);
    rule.by_month = match word {
        "首月" | "第一个月" => vec![1, 4, 7, 10],
        "次月" => vec![1, 4, 7, 10],
        "中间月" => vec![2, 5, 8, 11],
        _ => vec![3, 6, 9, 12],
    };
    let k = j + n + usize::from(at(t, j + n, "的"));
    if let Some((d, e)) =
        number(t, k, 2).filter(|(d, e)| (1..=31).contains(d) && at_any(t, *e, &["日", "号"]).is_some())
    {
        rule.by_month_day = vec![d as i8];
        return (rule, e + 1, true);
    }
    if at_any(t, k, &["月底", "底"]).is_some() || word == "末" {
        rule.by_month_day = vec![-1];
        let skip = at_any(t, k, &["月底", "底"]).map_or(0, |(_, n)| n);
        return (rule, k + skip, true);
    }
    (rule, k, false)
}

fn year(t: &[char], j: usize) -> (Rule, usize, bool) {
    let mut rule = Rule::new(Freq::Yearly);
    if let Some((_, n)) = at_any(t, j, &["年底", "底", "末"]) {
        rule.by_month = vec![12];
        rule.by_month_day = vec![31];
        return (rule, j + n, true);
    }
    let mut j = j + usize::from(at(t, j, "的"));
    while let Some((m, e)) = number(t, j, 2).filter(|(m, e)| (1..=12).contains(m) && at(t, *e, "月")) {
        rule.by_month.push(m as u8);
        j = e + 1;
        if let Some((d, e)) =
            number(t, j, 2).filter(|(d, e)| (1..=31).contains(d) && at_any(t, *e, &["日", "号"]).is_some())
        {
            if !rule.by_month_day.contains(&(d as i8)) {
                rule.by_month_day.push(d as i8);
            }
            j = e + 1;
        } else if at(t, j, "底") {
            rule.by_month_day = vec![-1];
            j += 1;
        }
        match at_any(t, j, &["、", "和", "及"]) {
            Some((_, n)) if number(t, j + n, 2).is_some_and(|(_, e)| at(t, e, "月")) => j += n,
            _ => break,
        }
    }
    let precise = !rule.by_month.is_empty();
    (rule, j, precise)
}

/// The time of day and 前 behind a rule.
fn finish(t: &[char], start: usize, mut rule: Rule, end: usize, mut precise: bool) -> Option<Rhythm> {
    let mut end = end;
    // 每日（含节假日）17:00前
    if let Some(e) = crate::chars::bracket_end(t, end, 12)
        && hour(t, e).1 > e
    {
        end = e;
    }
    let (hour, e) = hour(t, end);
    rule.at = match (hour.clock, hour.half) {
        (Some(clock), _) => Some(At::Time(clock)),
        (None, Some(Half::Am)) => Some(At::Morning),
        (None, Some(Half::Pm)) => Some(At::Afternoon),
        (None, None) => None,
    };
    // 每天上班前, 每天班前会: no time of the day in the sense of the contract.
    end = e;
    precise |= rule.at.is_some() || hour.lost;
    let before =
        at_any(t, end, &["之前", "以前", "前"]).filter(|_| !at(t, end, "前20") && digits(t, end + 1, 4).is_none());
    if let Some((_, n)) = before {
        end += n;
    }
    let before = before.is_some();
    Some(Rhythm { span: start..end, rule, time_lost: hour.lost, before, precise: precise || before })
}
