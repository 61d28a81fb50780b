//! Dates as notices print them: one date, parts of a month, damaged and redacted dates.
//!
//! [`atom`] reads one date at a position; [`crate::when`] joins atoms to lists and windows and finds their
//! prefixes and suffixes. Reading never repairs: a date with lost characters is an atom in state
//! [`State::Lost`], which resolves to nothing. Conventions: part 3 of the contract.

use jiff::civil::Date;

use crate::chars::{at, at_any, bracket_end, digits, han_digit, han_number, is_han};
use crate::model::Clock;

/// Which part of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Day {
    On(u8),
    Early,
    Middle,
    Late,
    /// 上中旬.
    FirstTwo,
    /// 中下旬.
    LastTwo,
    End,
    Whole,
    /// 当日, 同日, or a clock time alone: the day of the date before.
    Same,
}

/// Half of a day, as a rule needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    Am,
    Pm,
}

/// Whether a date can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Good,
    Lost,
    Redacted,
}

/// The year of a date, as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Year {
    Printed(i16),
    /// 今年, 去年, 明年 as an offset.
    Relative(i16),
    None,
}

/// A clock time or a part of a day behind a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Hour {
    pub(crate) clock: Option<Clock>,
    pub(crate) until: Option<Clock>,
    pub(crate) half: Option<Half>,
    /// Digits stand where a clock time should, but it cannot be read.
    pub(crate) lost: bool,
}

/// One date.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Atom {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) year: Year,
    pub(crate) month: Option<u8>,
    pub(crate) day: Day,
    /// 1 = Monday.
    pub(crate) weekday: Option<u8>,
    pub(crate) hour: Hour,
    pub(crate) state: State,
}

/// Why a date has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    Lost,
    Redacted,
    NoYear,
    NoMonth,
    Impossible { month: u8, day: u8 },
}

/// What earlier dates of the sentence hand down.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Carry {
    pub(crate) year: Option<i16>,
    pub(crate) month: Option<u8>,
    pub(crate) day: Option<u8>,
}

impl Atom {
    /// First and last day meant; hands year and month on.
    pub(crate) fn resolve(&self, base: Option<i16>, carry: &mut Carry) -> Result<(Date, Date), Problem> {
        match self.state {
            State::Lost => return Err(Problem::Lost),
            State::Redacted => return Err(Problem::Redacted),
            State::Good => {}
        }
        let year = match self.year {
            Year::Printed(y) => Some(y),
            Year::Relative(d) => base.map(|b| b + d),
            Year::None => carry.year.or(base),
        };
        let month = self.month.or(carry.month).ok_or(Problem::NoMonth)?;
        if !matches!(self.year, Year::None) {
            carry.year = year;
        }
        carry.month = Some(month);
        let year = year.ok_or(Problem::NoYear)?;
        let make = |day: u8| Date::new(year, month as i8, day as i8).map_err(|_| Problem::Impossible { month, day });
        let last = Date::new(year, month as i8, 1)
            .map(Date::last_of_month)
            .map_err(|_| Problem::Impossible { month, day: 1 })?;
        Ok(match self.day {
            Day::On(d) => {
                carry.day = Some(d);
                (make(d)?, make(d)?)
            }
            Day::Same => {
                let d = carry.day.ok_or(Problem::NoMonth)?;
                (make(d)?, make(d)?)
            }
            Day::FirstTwo => (make(1)?, make(20)?),
            Day::LastTwo => (make(11)?, last),
            Day::Early => (make(1)?, make(10)?),
            Day::Middle => (make(11)?, make(20)?),
            Day::Late => (make(21)?, last),
            Day::End => (last, last),
            Day::Whole => (make(1)?, last),
        })
    }

    /// Whether a year before `base` is printed, or 去年.
    pub(crate) fn is_past_year(&self, base: Option<i16>) -> bool {
        match self.year {
            Year::Printed(y) => base.is_some_and(|b| y < b),
            Year::Relative(d) => d < 0,
            Year::None => false,
        }
    }
}

const MASK: &[char] = &['x', 'X', '×', '*', '某', '╳'];

/// Reads one date at `i`. `bare` allows a day without a month (after another date).
pub(crate) fn atom(t: &[char], i: usize, bare: bool) -> Option<Atom> {
    let c = *t.get(i)?;
    if !(c.is_ascii_digit() || is_han(c) || MASK.contains(&c)) {
        return None;
    }
    if c.is_ascii_digit()
        && i > 0
        && (t[i - 1].is_ascii_digit()
            || matches!(t[i - 1], '·' | '.')
            || t[i - 1] == ':' && i > 1 && t[i - 2].is_ascii_digit())
    {
        return None;
    }
    let mut atom = same_day(t, i)
        .or_else(|| numeric(t, i))
        .or_else(|| lost(t, i))
        .or_else(|| redacted(t, i))
        .or_else(|| worded(t, i, bare))?;
    (atom.weekday, atom.end) = weekday(t, atom.end);
    if atom.day != Day::Whole || atom.state != State::Good {
        let (hour, end) = hour(t, atom.end);
        atom.hour = hour;
        atom.end = end;
        if atom.weekday.is_none() {
            (atom.weekday, atom.end) = weekday(t, atom.end);
        }
    }
    Some(atom)
}

/// 当日8:50, 当天上午, 同日，, and 8:30前 alone behind 于.
fn same_day(t: &[char], i: usize) -> Option<Atom> {
    let mut a = new(i, i, State::Good);
    a.day = Day::Same;
    if let Some((word, n)) = at_any(t, i, &["当日", "当天", "同日", "同一天"]) {
        let (h, _) = hour(t, i + n);
        let alone = word.starts_with('同') && t.get(i + n) == Some(&'，');
        if h.clock.is_none() && !alone {
            return None;
        }
        a.end = i + n;
        return Some(a);
    }
    let opens = i > 0 && matches!(t[i - 1], '于' | '，' | '；') || i == 0;
    if !opens || !t[i].is_ascii_digit() {
        return None;
    }
    let (h, end) = hour(t, i);
    (h.clock.is_some() && at_any(t, end, &["前", "之前", "以前"]).is_some()).then_some(a)
}

fn new(start: usize, end: usize, state: State) -> Atom {
    let hour = Hour::default();
    Atom { start, end, year: Year::None, month: None, day: Day::Whole, weekday: None, hour, state }
}

/// 2009.04.24, 2024-06-13, 2024/6/13.
fn numeric(t: &[char], i: usize) -> Option<Atom> {
    let (year, j) = digits(t, i, 4).filter(|(y, _)| (1990..2100).contains(y))?;
    let sep = *t.get(j).filter(|c| matches!(c, '.' | '-' | '/'))?;
    let (month, k) = digits(t, j + 1, 2)?;
    if t.get(k) != Some(&sep) {
        return None;
    }
    let (day, end) = digits(t, k + 1, 2)?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let mut a = new(i, end, State::Good);
    a.year = Year::Printed(year as i16);
    a.month = Some(month as u8);
    a.day = Day::On(day as u8);
    if t.get(a.end) == Some(&'日') {
        a.end += 1;
    }
    Some(a)
}

/// Digits that ran together because 年, 月 or a digit fell out: 2024528日, 65日, 616日, 2024年61日, 6月日.
fn lost(t: &[char], i: usize) -> Option<Atom> {
    let run = |from: usize| t[from..].iter().take(12).take_while(|c| c.is_ascii_digit()).count();
    let n = run(i);
    if n == 0 {
        // 月20日 without its number.
        let numbered = t[i] == '月'
            && t.get(i + 1).is_some_and(char::is_ascii_digit)
            && (i == 0
                || matches!(t[i - 1], '于' | '在' | '自' | '从' | '至' | '到' | '年' | '，' | '。' | ':' | '、'));
        if !numbered {
            return None;
        }
        let (_, end) = digits(t, i + 1, 2)?;
        return (t.get(end) == Some(&'日')).then(|| new(i, end + 1, State::Lost));
    }
    let value = |from: usize, n: usize| digits(t, from, n).map_or(u32::MAX, |(v, _)| v);
    let mut end = i + n;
    if n == 4 && t.get(end) == Some(&'年') {
        let m = run(end + 1);
        if m > 0 && t.get(end + 1 + m) == Some(&'日') {
            return Some(new(i, end + 2 + m, State::Lost));
        }
        return None;
    }
    if t.get(end) == Some(&'月') && n <= 2 {
        // 6月日前; 6月16前, where 日 is missing.
        if t.get(end + 1) == Some(&'日') && !at(t, end + 1, "日均") {
            return Some(new(i, end + 2, State::Lost));
        }
        let m = run(end + 1);
        let e = end + 1 + m;
        let ends_there = (1..=2).contains(&m) && (at(t, e, "前") || at(t, e, "之前") || at(t, e, "下班前"));
        return ends_there.then(|| new(i, e, State::Lost));
    }
    let year_glued = n >= 5 && (1990..2100).contains(&value(i, 12).checked_div(10u32.pow(n as u32 - 4)).unwrap_or(0));
    match t.get(end) {
        Some('日' | '号') if n >= 3 || value(i, 2) > 31 => end += 1,
        Some('月') if n >= 5 && year_glued => end += 1,
        _ => return None,
    }
    if n > 8 {
        return None;
    }
    let mut a = new(i, end, State::Lost);
    // 202461日至630: what the window runs to is lost as well.
    if let Some((_, len)) = at_any(t, end, &["至", "到", "--", "-"]) {
        let m = run(end + len);
        if m > 0 && !matches!(t.get(end + len + m), Some('月' | '年' | '.')) {
            a.end = end + len + m + usize::from(t.get(end + len + m) == Some(&'日'));
        }
    }
    Some(a)
}

/// x月xx日, 6月××日, 2024年X月X日, ××日.
fn redacted(t: &[char], i: usize) -> Option<Atom> {
    if i > 0 && (t[i - 1].is_ascii_alphanumeric() || MASK.contains(&t[i - 1])) {
        return None;
    }
    let cell = |from: usize| {
        let masked = t[from.min(t.len())..].iter().take(4).take_while(|c| MASK.contains(c)).count();
        if masked > 0 {
            return Some((true, from + masked));
        }
        digits(t, from, 4).map(|(_, end)| (false, end))
    };
    let (mut any, mut j) = cell(i)?;
    if t.get(j) == Some(&'年') {
        let (masked, k) = cell(j + 1)?;
        any |= masked;
        j = k;
    }
    if t.get(j) == Some(&'月') {
        j += 1;
        if let Some((masked, k)) = cell(j)
            && matches!(t.get(k), Some('日' | '号'))
        {
            any |= masked;
            j = k + 1;
        }
    } else if matches!(t.get(j), Some('日' | '号')) && any && j - i <= 3 && t[i] != '某' {
        j += 1;
    } else {
        return None;
    }
    any.then(|| new(i, j, State::Redacted))
}

/// 2022年6月12日, 二〇一二年五月二十一日, 6月上旬, 今年6月底, 20日.
fn worded(t: &[char], i: usize, bare: bool) -> Option<Atom> {
    let (year, j) = year(t, i);
    let mut a = new(i, j, State::Good);
    a.year = year;
    if let Some((_, n)) = at_any(t, j, &["年底", "年末"])
        && j == i
        && i > 0
        && !matches!(t[i - 1], '年')
    {
        // 年底 alone, not 每年底.
        if matches!(t[i - 1], '每' | '往' | '历' | '半' | '全') {
            return None;
        }
        a.month = Some(12);
        a.day = Day::End;
        a.end = j + n;
        return Some(a);
    }
    if j > i && !matches!(year, Year::None) && matches!(t.get(j), Some('底' | '末')) {
        a.month = Some(12);
        a.day = Day::End;
        a.end = j + 1;
        return Some(a);
    }
    // 一季度末, 二季度末前.
    if let Some((q, e)) = crate::chars::number(t, j, 1)
        && (1..=4).contains(&q)
        && let Some((_, n)) = at_any(t, e, &["季度末", "季度底"])
        && !(i > 0 && t[i - 1] == '每')
    {
        a.month = Some(q as u8 * 3);
        a.day = Day::End;
        a.end = e + n;
        return Some(a);
    }
    if bare
        && j == i
        && let Some((_, n)) = at_any(t, i, &["月底", "月末"])
        && !(i > 0 && matches!(t[i - 1], '每' | '各' | '逐' | '当' | '个'))
    {
        a.day = Day::End;
        a.end = i + n;
        return Some(a);
    }
    let arabic = t.get(j).is_some_and(char::is_ascii_digit);
    let month = if arabic { digits(t, j, 2) } else { han_number(t, j) };
    if let Some((m, k)) = month.filter(|(m, k)| (1..=12).contains(m) && t.get(*k) == Some(&'月')) {
        if !arabic && j == i && i > 0 && (han_digit(t[i - 1]).is_some() || matches!(t[i - 1], '十' | '第' | '每')) {
            return None;
        }
        a.month = Some(m as u8);
        let mut k = k + 1;
        if t.get(k) == Some(&'份') {
            k += 1;
        }
        let (day, end) = day(t, k, arabic);
        if day == Day::Whole && !arabic && j == i && t.get(k - 1) != Some(&'份') {
            return None;
        }
        if day == Day::Whole && at_any(t, k, &["月", "饼", "球", "亮", "度考"]).is_some() {
            return None;
        }
        a.day = day;
        a.end = end;
        return Some(a);
    }
    if let Some((_, n)) = at_any(t, j, &["本月", "当月"])
        && bare
    {
        let (day, end) = day(t, j + n, true);
        if day != Day::Whole {
            a.day = day;
            a.end = end;
            return Some(a);
        }
    }
    if bare && j == i && arabic {
        let (d, k) = digits(t, i, 2)?;
        if (1..=31).contains(&d) && matches!(t.get(k), Some('日' | '号')) && !at(t, k, "日内") && !at(t, k, "号楼")
        {
            a.day = Day::On(d as u8);
            a.end = k + 1;
            return Some(a);
        }
    }
    None
}

fn year(t: &[char], i: usize) -> (Year, usize) {
    if let Some((word, n)) = at_any(t, i, &["今年", "本年度", "本年", "当年", "去年", "上年", "明年", "次年", "来年"])
    {
        let d = match word {
            "去年" | "上年" => -1,
            "明年" | "次年" | "来年" => 1,
            _ => 0,
        };
        return (Year::Relative(d), i + n);
    }
    if let Some((y, j)) = digits(t, i, 4)
        && j == i + 4
        && (1990..2100).contains(&y)
        && t.get(j) == Some(&'年')
    {
        return (Year::Printed(y as i16), j + 1);
    }
    let mut y = 0;
    for k in 0..4 {
        let Some(&c) = t.get(i + k) else { return (Year::None, i) };
        let d = match c {
            'O' | 'o' | '0' if k > 0 => Some(0),
            c if c.is_ascii_digit() => None,
            c => han_digit(c),
        };
        let Some(d) = d else { return (Year::None, i) };
        y = y * 10 + d;
    }
    if t.get(i + 4) == Some(&'年') && (1990..2100).contains(&y) {
        return (Year::Printed(y as i16), i + 5);
    }
    (Year::None, i)
}

/// The day part behind 月.
fn day(t: &[char], k: usize, arabic: bool) -> (Day, usize) {
    let skip = usize::from(t.get(k) == Some(&'的'));
    for (word, day) in [
        ("上中旬", Day::FirstTwo),
        ("中下旬", Day::LastTwo),
        ("上旬", Day::Early),
        ("中旬", Day::Middle),
        ("下旬", Day::Late),
        ("月底", Day::End),
        ("底", Day::End),
        ("末", Day::End),
    ] {
        if at(t, k + skip, word) {
            return (day, k + skip + word.chars().count());
        }
    }
    let number = if arabic && t.get(k).is_some_and(char::is_ascii_digit) { digits(t, k, 2) } else { han_number(t, k) };
    if let Some((d, end)) = number.filter(|(d, _)| (1..=31).contains(d)) {
        if matches!(t.get(end), Some('日' | '号')) {
            return (Day::On(d as u8), end + 1);
        }
        // 6月1-30日 and 6月1、2日: 日 stands once, at the end.
        if let Some((_, n)) = at_any(t, end, &["--", "-", "至", "到", "、"])
            && let Some((d2, e2)) = digits(t, end + n, 2)
            && (1..=31).contains(&d2)
            && matches!(t.get(e2), Some('日' | '号' | '-' | '、'))
        {
            return (Day::On(d as u8), end);
        }
    }
    (Day::Whole, k)
}

const WEEK: &[&str] = &["一", "二", "三", "四", "五", "六", "日", "天", "末"];

/// The number of a weekday character, Monday = 1.
pub(crate) fn weekday_char(c: char) -> Option<u8> {
    Some(match c {
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '日' | '天' => 7,
        _ => return None,
    })
}

/// （星期三）, （周三）, 星期三 behind a date.
fn weekday(t: &[char], i: usize) -> (Option<u8>, usize) {
    let open = usize::from(matches!(t.get(i), Some('（' | '[')));
    let Some((_, n)) = at_any(t, i + open, &["星期", "周", "礼拜"]) else { return (None, i) };
    let j = i + open + n;
    if at_any(t, j, WEEK).is_none() {
        return (None, i);
    }
    let Some(day) = weekday_char(t[j]) else { return (None, i) };
    if open == 0 {
        return (Some(day), j + 1);
    }
    // （星期三上午9时）: what else stands in the bracket belongs to the date's phrase.
    match bracket_end(t, i, 16) {
        Some(end) => (Some(day), end),
        None => (None, i),
    }
}

const PARTS: &[&str] =
    &["上午", "早上", "早晨", "凌晨", "中午", "正午", "下午", "傍晚", "晚上", "晚间", "晚", "当日", "当天", "前一天"];

/// 上午8:30-11:30, 17时, 下午5点半, 下班, 上午下班, 下午400.
pub(crate) fn hour(t: &[char], i: usize) -> (Hour, usize) {
    let mut hour = Hour::default();
    let mut end = i;
    let mut part = "";
    while let Some((word, n)) = at_any(t, end, PARTS) {
        if matches!(word, "当日" | "当天" | "前一天") && end != i {
            break;
        }
        if !matches!(word, "当日" | "当天" | "前一天") {
            part = word;
        }
        end += n;
        if t[i..end].len() > 6 {
            break;
        }
    }
    hour.half = match part {
        "上午" | "早上" | "早晨" | "凌晨" => Some(Half::Am),
        "下午" | "傍晚" | "晚上" | "晚间" | "晚" => Some(Half::Pm),
        _ => None,
    };
    if let Some((clock, j)) = clock(t, end, part) {
        hour.clock = Some(clock);
        end = j;
        if let Some((_, n)) = at_any(t, j, &["---", "--", "-", "至", "到"]) {
            let mut k = j + n;
            let mut second = part;
            if let Some((word, n)) = at_any(t, k, PARTS) {
                second = word;
                k += n;
            }
            if let Some((until, e)) = self::clock(t, k, second) {
                hour.until = Some(until);
                end = e;
            }
        }
        return (hour, end);
    }
    let run = t[end..].iter().take(5).take_while(|c| c.is_ascii_digit()).count();
    if !part.is_empty() && (1..=4).contains(&run) && at_any(t, end + run, &["前", "之前", "以前"]).is_some() {
        hour.lost = true;
        return (hour, end + run);
    }
    if let Some((_, n)) = at_any(t, end, &["打烊", "放学", "收工", "闭店", "交班", "离校"])
        && at_any(t, end + n, &["前", "之前", "以前"]).is_some()
    {
        end += n;
    } else if at(t, end, "下班") {
        if hour.half.is_none() {
            hour.half = Some(Half::Pm);
        }
        end += 2;
    }
    (hour, end)
}

/// 17:30, 17时30分, 5点半, 12点整, with 下午 taken into account.
fn clock(t: &[char], i: usize, part: &str) -> Option<(Clock, usize)> {
    let arabic = t.get(i).is_some_and(char::is_ascii_digit);
    let (mut h, j) = if arabic { digits(t, i, 2)? } else { han_number(t, i)? };
    let mut minute = 0;
    let mut end;
    match t.get(j)? {
        ':' | '.' if arabic => {
            let (m, e) = digits(t, j + 1, 2).filter(|(m, e)| *m < 60 && *e == j + 3)?;
            if t[j] == '.' && part.is_empty() {
                return None;
            }
            minute = m;
            end = e;
            if at(t, end, ":00") {
                end += 3;
            }
        }
        '时' | '点' => {
            end = j + 1;
            if at_any(t, end, &["间", "候", "段", "机", "长", "题", "位", "名", "评"]).is_some() {
                return None;
            }
            if at(t, end, "整") {
                end += 1;
            } else if at(t, end, "半") {
                minute = 30;
                end += 1;
            } else if let Some((m, e)) = digits(t, end, 2).filter(|(m, _)| *m < 60)
                && (at(t, e, "分") || e == end + 2)
            {
                minute = m;
                end = e + usize::from(at(t, e, "分"));
            }
        }
        _ => return None,
    }
    if h > 24 {
        return None;
    }
    if h < 12 && matches!(part, "下午" | "傍晚" | "晚上" | "晚间" | "晚") {
        h += 12;
    }
    if h <= 2 && matches!(part, "中午" | "正午") {
        h += 12;
    }
    Some((Clock { hour: h as u8, minute: minute as u8 }, end))
}
