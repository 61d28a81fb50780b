//! Dates that lean on another event: 提前3天, 演练结束后5个工作日内, 收到本通知后3日内.

use std::ops::Range;

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use crate::campaign::Known;
use crate::chars::{at, at_any, find_any, has_any, number};

/// A relative date where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Relative {
    pub(crate) span: Range<usize>,
    /// `anchor±duration`.
    pub(crate) code: String,
    /// The day, when the anchor's day is known.
    pub(crate) due: Option<Date>,
}

/// All relative dates between `lo` and `hi`. `activity` tells whether the text belongs to an activity.
pub(crate) fn scan(t: &[char], lo: usize, hi: usize, activity: bool, known: &Known) -> Vec<Relative> {
    let t = &t[..hi];
    let mut out = Vec::new();
    let mut i = lo;
    while i < hi {
        // No relative date begins with another character.
        if !(matches!(
            t[i],
            '至' | '提'
                | '收'
                | '接'
                | '自'
                | '于'
                | '通'
                | '本'
                | '发'
                | '印'
                | '文'
                | '结'
                | '完'
                | '开'
                | '举'
                | '启'
                | '前'
        ) || t[i].is_ascii_digit()
            || crate::chars::han_number(t, i).is_some())
        {
            i += 1;
            continue;
        }
        let found = ahead(t, i)
            .or_else(|| received(t, i))
            .or_else(|| issued(t, i, known))
            .or_else(|| after(t, lo, i, activity, known))
            .or_else(|| eve(t, lo, i))
            .or_else(|| within_only(t, lo, i));
        match found {
            Some(r) => {
                i = r.span.end.max(i + 1);
                out.push(r);
            }
            None => i += 1,
        }
    }
    out
}

/// Makes the code of a duration, and its span of time.
type Unit = fn(u32) -> (String, Option<Span>);

/// 3日, 1周, 5个工作日, 24小时: the duration's code, its span of time if it counts calendar days, and its end.
fn duration(t: &[char], i: usize) -> Option<(String, Option<Span>, usize)> {
    let (n, e) = number(t, i, 3)?;
    let units: [(&str, Unit); 12] = [
        ("个工作日", |n| (format!("{n}WD"), None)),
        ("工作日", |n| (format!("{n}WD"), None)),
        ("个小时", |n| (format!("PT{n}H"), None)),
        ("小时", |n| (format!("PT{n}H"), None)),
        ("个星期", |n| (format!("P{n}W"), Some(i64::from(n).weeks()))),
        ("星期", |n| (format!("P{n}W"), Some(i64::from(n).weeks()))),
        ("周", |n| (format!("P{n}W"), Some(i64::from(n).weeks()))),
        ("个月", |n| (format!("P{n}M"), Some(i64::from(n).months()))),
        ("天", |n| (format!("P{n}D"), Some(i64::from(n).days()))),
        ("日", |n| (format!("P{n}D"), Some(i64::from(n).days()))),
        ("个自然日", |n| (format!("P{n}D"), Some(i64::from(n).days()))),
        ("自然日", |n| (format!("P{n}D"), Some(i64::from(n).days()))),
    ];
    let (word, make) = units.into_iter().find(|(w, _)| at(t, e, w))?;
    let (code, span) = make(n);
    Some((code, span, e + word.chars().count()))
}

/// 提前3天.
fn ahead(t: &[char], i: usize) -> Option<Relative> {
    let (_, n) = at_any(t, i, &["至少提前", "提前"])?;
    let (code, _, end) = duration(t, i + n)?;
    Some(Relative { span: i..end, code: format!("activity_start-{code}"), due: None })
}

/// 收到本通知后3日内, 接到通知之日起5个工作日内.
fn received(t: &[char], i: usize) -> Option<Relative> {
    at_any(t, i, &["收到", "接到", "接此", "自收到", "自接到", "于收到"])?;
    let (p, _) = find_any(&t[..t.len().min(i + 18)], i, &["之日起", "后", "起"])?;
    if t[i..p].iter().any(|c| matches!(c, '，' | '。')) || !has_any(&t[i..p], &["通知", "文件", "文", "方案", "函"])
    {
        return None;
    }
    let j = p + at_any(t, p, &["之日起", "后", "起"]).map_or(0, |(_, n)| n);
    let j = j + at_any(t, j, &["的", "，"]).map_or(0, |(_, n)| n);
    let (code, _, end) = duration(t, j)?;
    let end = end + within(t, end)?;
    Some(Relative { span: i..end, code: format!("received+{code}"), due: None })
}

/// 自发文之日起10个工作日内, 本通知印发后5日内.
fn issued(t: &[char], i: usize, known: &Known) -> Option<Relative> {
    at_any(
        t,
        i,
        &[
            "自发文",
            "自印发",
            "自本通知",
            "自通知",
            "通知印发",
            "本通知印发",
            "本通知下发",
            "通知下发",
            "发文之日",
            "印发之日",
            "自下发",
            "文件下发",
            "文件印发",
            "自发布",
        ],
    )?;
    let (p, w) = find_any(&t[..t.len().min(i + 16)], i, &["之日起", "后", "起"])?;
    if t[i..p].iter().any(|c| matches!(c, '，' | '。')) {
        return None;
    }
    let (code, span, end) = duration(t, p + w.chars().count())?;
    let end = end + within(t, end)?;
    let due = known.signed.zip(span).and_then(|(d, s)| d.checked_add(s).ok());
    Some(Relative { span: i..end, code: format!("issued+{code}"), due })
}

/// 演练前一天, 比赛前两天.
fn eve(t: &[char], lo: usize, i: usize) -> Option<Relative> {
    if i < lo + 2
        || !at(t, i, "前")
        || !crate::chars::ends_any(
            &t[lo..i],
            &["演练", "活动", "会议", "比赛", "竞赛", "开幕", "仪式", "检查", "举办", "开展", "培训"],
        )
    {
        return None;
    }
    let (code, _, end) = duration(t, i + 1)?;
    let (code, end) = if at_any(t, end, &["内"]).is_some() { return None } else { (code, end) };
    Some(Relative { span: i - 2..end, code: format!("activity_start-{code}"), due: None })
}

/// 收到通知后，要在1个工作日内…; 演练结束后，…10个工作日内: the anchor stands earlier in the sentence.
fn within_only(t: &[char], lo: usize, i: usize) -> Option<Relative> {
    if i > lo && (t[i - 1].is_ascii_digit() || matches!(t[i - 1], '十' | '前' | '近' | '第')) {
        return None;
    }
    let (code, _, end) = duration(t, i)?;
    let end = end + at_any(t, end, &["之内", "以内", "内"]).map(|(_, n)| n)?;
    let lead = &t[lo.max(i.saturating_sub(90))..i];
    let anchor = if has_any(lead, &["收到通知", "收到本通知", "接到通知", "接通知后", "收到本补充通知", "收到文件"])
    {
        "received"
    } else if has_any(lead, &["结束后", "完成后"]) {
        "activity_end"
    } else {
        return None;
    };
    let start = if i > lo && t[i - 1] == '在' { i - 1 } else { i };
    Some(Relative { span: start..end, code: format!("{anchor}+{code}"), due: None })
}

fn within(t: &[char], i: usize) -> Option<usize> {
    at_any(t, i, &["之内", "以内", "内", "前"]).map(|(_, n)| n)
}

/// 活动结束后7日内, 演练结束后5个工作日内, 活动开始前3天.
fn after(t: &[char], lo: usize, i: usize, activity: bool, known: &Known) -> Option<Relative> {
    let (word, n) = at_any(
        t,
        i,
        &["结束后", "结束之日起", "完成后", "结束之后", "开始前", "举办前", "开展前", "举行前", "启动后"],
    )?;
    let skip = at_any(t, i + n, &["的", "，"]).map_or(0, |(_, n)| n);
    let (code, span, end) = duration(t, i + n + skip)?;
    let before = word.ends_with('前');
    let end = if before { end } else { end + within(t, end)? };
    let start = (lo.max(i.saturating_sub(24))..i)
        .rev()
        .find(|&k| matches!(t[k], '，' | '。' | '；' | ':' | '、'))
        .map_or(lo.max(i.saturating_sub(24)), |k| k + 1);
    let start = start + at_any(t, start, &["并于", "并在", "于", "在", "并"]).map_or(0, |(_, n)| n);
    let noun = &t[start.min(i)..i];
    let whole =
        has_any(noun, &["安全生产月", "安全月"]) || !activity && crate::chars::ends_any(noun, &["活动", "活动月"]);
    let (anchor, day) = match (whole, before || word == "启动后") {
        (true, true) => ("campaign_start", known.start),
        (true, false) => ("campaign_end", known.end),
        (false, true) => ("activity_start", None),
        (false, false) => ("activity_end", None),
    };
    let sign = if before { '-' } else { '+' };
    let due = day.zip(span).and_then(|(d, s)| if before { d.checked_sub(s).ok() } else { d.checked_add(s).ok() });
    Some(Relative { span: start..end, code: format!("{anchor}{sign}{code}"), due })
}
