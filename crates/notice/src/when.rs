//! Date phrases: a date with its prefix and suffix, lists of dates, and windows.
//!
//! `于6月12日、19日、26日下班前` is one [`Phrase`] with three dates; `自6月1日起至6月30日` is one with two, a window.

use std::ops::Range;

use jiff::civil::Date;

use crate::chars::{at, at_any};
use crate::date::{Atom, Carry, Day, Problem, State, atom};

/// How the dates of a phrase belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One date.
    Single,
    /// 6月12日、19日, each for itself.
    List,
    /// From the first to the last.
    Window,
}

/// A date phrase.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Phrase {
    /// With prefix and suffix, as quoted in `text`.
    pub(crate) span: Range<usize>,
    /// The dates alone.
    pub(crate) core: Range<usize>,
    pub(crate) shape: Shape,
    pub(crate) atoms: Vec<Atom>,
    /// 前.
    pub(crate) before: bool,
    /// 起 or 开始, without an end.
    pub(crate) onward: bool,
    /// 结束 or 止.
    pub(crate) ends: bool,
    /// The prefix: 于, 定于, 改为, 截至; empty if none.
    pub(crate) prefix: &'static str,
    /// 即日起至….
    pub(crate) from_now: bool,
}

/// What a phrase means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Meaning {
    /// One for each due date: first and last day, or why there is none.
    pub(crate) days: Vec<Result<(Option<Date>, Date), Problem>>,
    /// A problem with the first day of a window, whose last day is known.
    pub(crate) start_problem: Option<Problem>,
}

const PREFIXES: &[&str] = &[
    "分别于",
    "分别在",
    "最迟于",
    "务必于",
    "务必在",
    "调整为",
    "调整到",
    "调整至",
    "推迟到",
    "推迟至",
    "延期至",
    "延期到",
    "延至",
    "改为",
    "改到",
    "改至",
    "改在",
    "提前至",
    "提前到",
    "变更为",
    "定于",
    "定在",
    "拟于",
    "拟定于",
    "预计于",
    "截止时间为",
    "截止时间至",
    "截止日期为",
    "截止时间:",
    "截止时间",
    "截止到",
    "截止至",
    "截至",
    "截止",
    "完成时限为",
    "完成时限:",
    "完成时限",
    "截止时间延长至",
    "延长至",
    "延长到",
    "顺延至",
    "顺延到",
    "时间为",
    "原定于",
    "原定",
    "安排在",
    "安排于",
    "确定为",
    "确定在",
    "设定为",
    "于",
    "在",
    "自",
    "从",
    "即",
    "至",
    "到",
];

const BEFORE: &[&str] = &["之前", "以前", "前"];

/// All date phrases of `t` between `lo` and `hi`.
pub(crate) fn scan(t: &[char], lo: usize, hi: usize, taken: &[Range<usize>]) -> Vec<Phrase> {
    let mut out: Vec<Phrase> = Vec::new();
    let mut i = lo;
    while i < hi {
        if let Some(r) = taken.iter().find(|r| r.contains(&i)) {
            i = r.end;
            continue;
        }
        let bare = !out.is_empty()
            || at_any(t, i, &["本月", "当月"]).is_some()
            || i > lo && bare_day_allowed(t, i)
            || at_any(t, i, &["月底前", "月末前"]).is_some();
        match phrase(&t[..hi], lo, i, bare, taken) {
            Some(p) => {
                i = p.span.end.max(i + 1);
                out.push(p);
            }
            None => i += 1,
        }
    }
    out
}

/// `于15日前`: a day without a month is at least recognised as a date.
fn bare_day_allowed(t: &[char], i: usize) -> bool {
    matches!(t[i - 1], '于') && t[i].is_ascii_digit()
}

fn phrase(t: &[char], lo: usize, i: usize, bare: bool, taken: &[Range<usize>]) -> Option<Phrase> {
    if let Some((_, n)) = at_any(t, i, &["即日起", "即日", "现在起", "通知印发之日起"]) {
        let j = i + n;
        let (_, skip) = at_any(t, j, &["起至", "起到", "至", "到", "--", "-"])?;
        let a = atom(t, j + skip, true)?;
        let end = a.end;
        let mut p = finish(t, lo, i..end, vec![a], Shape::Window);
        p.from_now = true;
        return Some(p);
    }
    if let Some(p) = years(t, lo, i) {
        return Some(p);
    }
    let first = atom(t, i, bare)?;
    let mut end = first.end;
    let start = first.start;
    let mut atoms = vec![first];
    let mut shape = Shape::Single;
    while atoms.len() < 40 {
        if taken.iter().any(|r| r.contains(&end)) {
            break;
        }
        if shape != Shape::List
            && let Some(a) = window_to(t, end)
        {
            end = a.end;
            atoms.push(a);
            shape = Shape::Window;
            break;
        }
        let after = end + at_any(t, end, BEFORE).map_or(0, |(_, n)| n);
        let Some((_, n)) = at_any(t, after, &["、", "和", "及", "与", "，以及", "以及"]) else { break };
        // A list goes on only with a date of the same kind.
        let Some(a) = atom(t, after + n, true).filter(|a| a.day != Day::Same) else { break };
        if a.day == Day::Whole && atoms[0].day != Day::Whole {
            break;
        }
        end = a.end;
        atoms.push(a);
        shape = Shape::List;
    }
    // The end of a window that a list began: 6月1、2日 is a list, 6月1-2日 a window.
    Some(finish(t, lo, start..end, atoms, shape))
}

/// 2025年、2026年11月底前: one day in several years.
fn years(t: &[char], lo: usize, i: usize) -> Option<Phrase> {
    let year = |i: usize| {
        let (y, e) = crate::chars::digits(t, i, 4).filter(|(y, e)| *e == i + 4 && (1990..2100).contains(y))?;
        at(t, e, "年").then_some((y as i16, e + 1))
    };
    let mut seen = Vec::new();
    let mut j = i;
    loop {
        let (y, e) = year(j)?;
        match at_any(t, e, &["、", "和", "及"]) {
            Some((_, n)) if seen.len() < 8 && year(e + n).is_some() => {
                seen.push(y);
                j = e + n;
            }
            _ if seen.is_empty() => return None,
            _ => break,
        }
    }
    let last = atom(t, j, false).filter(|a| a.month.is_some())?;
    let mut atoms: Vec<Atom> =
        seen.into_iter().map(|y| Atom { year: crate::date::Year::Printed(y), ..last.clone() }).collect();
    let end = last.end;
    atoms.push(last);
    Some(finish(t, lo, i..end, atoms, Shape::List))
}

/// The second date of a window: `至6月30日`, `-30日`, `起至…`, `开始，至…结束`, `开始，11月30日结束`.
fn window_to(t: &[char], end: usize) -> Option<Atom> {
    let mut j = end;
    if let Some((_, n)) = at_any(t, j, &["开始", "启动", "起", "日起"]) {
        j += n;
    }
    let comma = usize::from(t.get(j) == Some(&'，'));
    if let Some((_, n)) = at_any(t, j + comma, &["一直到", "截至", "截止", "----", "---", "--", "-", "至", "到", "止"])
    {
        let k = j + comma + n;
        let k = k + at_any(t, k, &["同年", "当年"]).map_or(0, |(_, n)| n);
        let next = atom(t, k, true)?;
        if comma == 1 && j == end {
            return None;
        }
        return Some(next);
    }
    if comma == 1 && j > end {
        let next = atom(t, j + 1, true)?;
        return at_any(t, next.end, &["结束", "止", "截止"]).map(|_| next);
    }
    None
}

fn finish(t: &[char], lo: usize, core: Range<usize>, atoms: Vec<Atom>, shape: Shape) -> Phrase {
    let mut p = Phrase {
        span: core.clone(),
        core: core.clone(),
        shape,
        atoms,
        before: false,
        onward: false,
        ends: false,
        prefix: "",
        from_now: false,
    };
    for prefix in PREFIXES {
        let n = prefix.chars().count();
        if core.start >= lo + n && at(t, core.start - n, prefix) {
            p.prefix = prefix;
            p.span.start = core.start - n;
            break;
        }
    }
    let mut end = core.end;
    if let Some((_, n)) = at_any(t, end, BEFORE)
        && at_any(t, end, &["前后", "前往", "前来", "前夕", "前期", "前述", "前款"]).is_none()
    {
        p.before = true;
        end += n;
    } else if let Some((_, n)) = at_any(t, end, &["（含）前", "（含）之前", "24时前"]) {
        p.before = true;
        end += n;
    } else if let Some((_, n)) = at_any(t, end, &["结束", "止", "截止", "完成"]) {
        p.ends = t[end] != '完';
        if p.ends {
            end += n;
        }
    } else if let Some((_, n)) = at_any(t, end, &["后改为", "后每", "开始", "起"]) {
        p.onward = shape == Shape::Single;
        end += n;
    }
    p.before |= p.prefix.starts_with("截") || p.prefix.starts_with("完成时限");
    // 截止时间延长至7月15日, 完成时限由6月30日提前至6月20日.
    let lead = &t[lo.max(core.start.saturating_sub(18))..core.start];
    p.before |= matches!(
        p.prefix,
        "延长至"
            | "延长到"
            | "顺延至"
            | "顺延到"
            | "提前至"
            | "提前到"
            | "延期至"
            | "延至"
            | "调整为"
            | "改为"
            | "推迟至"
    ) && crate::chars::has_any(lead, &["截止", "完成时限", "报送时间", "上报时间", "期限"]);
    p.span.end = end;
    p
}

impl Phrase {
    /// The days meant. `base` is the document's year, `signed` its date for 即日起.
    pub(crate) fn meaning(&self, base: Option<i16>, signed: Option<Date>, carry: &mut Carry) -> Meaning {
        if self.shape == Shape::Window {
            return self.window(base, signed, carry);
        }
        let days = self.atoms.iter().map(|a| {
            let (first, last) = a.resolve(base, carry)?;
            let part = !matches!(a.day, Day::On(_) | Day::End | Day::Same);
            Ok((if part && !self.before && !self.ends { Some(first) } else { None }, last))
        });
        Meaning { days: days.collect(), start_problem: None }
    }

    fn window(&self, base: Option<i16>, signed: Option<Date>, carry: &mut Carry) -> Meaning {
        let (Some(first), Some(last)) = (self.atoms.first(), self.atoms.last()) else {
            return Meaning { days: Vec::new(), start_problem: None };
        };
        if self.from_now {
            let mut carry = Carry { month: carry.month.or(signed.map(|d| d.month() as u8)), ..*carry };
            let day = last.resolve(base, &mut carry).map(|(_, end)| (signed, end));
            return Meaning { days: vec![day], start_problem: None };
        }
        let start = first.resolve(base, carry);
        let carry_month = carry.month;
        if start.is_err() && carry.month.is_none() {
            carry.month = carry_month.or(first.month);
        }
        let end = last.resolve(base, carry);
        let (from, start_problem) = match start {
            Ok((d, _)) => (Some(d), None),
            Err(p) => (None, Some(p)),
        };
        let day = end.map(|(_, end)| (from.filter(|f| *f <= end), end));
        Meaning { days: vec![day], start_problem }
    }

    /// The first day of a window, even when its last day has no value.
    pub(crate) fn window_start(&self, base: Option<i16>, signed: Option<Date>) -> Option<Date> {
        if self.from_now {
            return signed;
        }
        self.atoms.first()?.resolve(base, &mut Carry::default()).ok().map(|(d, _)| d)
    }

    /// Whether the phrase is only a month, such as 6月份.
    pub(crate) fn is_month(&self) -> bool {
        self.shape == Shape::Single
            && !self.before
            && !self.ends
            && self.atoms.iter().all(|a| a.day == Day::Whole && a.state == State::Good)
    }

    /// Whether every date names its own past year.
    pub(crate) fn is_past(&self, base: Option<i16>) -> bool {
        self.atoms.last().is_some_and(|a| a.is_past_year(base))
            && self.atoms.iter().all(|a| a.is_past_year(base) || matches!(a.year, crate::date::Year::None))
    }
}
