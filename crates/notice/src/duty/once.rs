//! Dates: what is due once and what takes place.

use std::ops::Range;

use super::count::counts_in_digits;
use super::scene::Scene;
use super::{Context, Once, Reader};
use crate::campaign::report;
use crate::chars::{at_any, ends_any, find, find_any, has_any};
use crate::date::{Carry, Day, Problem};
use crate::heading::{Clause, Role};
use crate::model::{Code, Deadline, DutyKind, Moment, Quota};
use crate::quota;
use crate::relative;
use crate::when::{Phrase, Shape};
use jiff::civil::Date;

impl Reader<'_> {
    /// One date phrase; true when it made an entry.
    pub(super) fn phrase(
        &mut self,
        s: &Scene<'_>,
        p: &Phrase,
        c: &Clause,
        context: &mut Context,
        quotas: &mut [quota::Found],
        used: &mut [bool],
    ) -> bool {
        let t = &s.text.c;
        if p.is_past(self.known.year) || is_history(t, &s.u, p) {
            let mut own = Carry::default();
            let _ = p.meaning(self.known.year, self.known.signed, &mut own);
            return false;
        }
        let year_shift = context.carry;
        if p.atoms.iter().any(|a| a.day == Day::Same) && context.carry.day.is_none() {
            return false;
        }
        if context.carry.month.is_none()
            && p.atoms.iter().all(|a| a.month.is_none() && a.day == Day::End)
            && let (Some(a), Some(b)) = (self.known.start, self.known.end)
            && a.first_of_month() == b.first_of_month()
        {
            context.carry.month = Some(a.month() as u8);
        }
        if p.onward && s.title.is_some() {
            self.open_window(s, p, context);
        }
        let meaning = p.meaning(self.known.year, self.known.signed, &mut context.carry);
        let Some(kind) = self.kind(s, p, c) else {
            if p.is_month() {
                // A month in passing hands nothing down but itself.
                context.carry = Carry { year: year_shift.year, ..context.carry };
            }
            return false;
        };
        let governed = s.governed(&p.span);
        let line = s.text.line(p.core.start);
        let verb = s.verb(&p.span);
        let is_event = kind == DutyKind::Event;
        let span = s.span(p);
        let text = s.text.printed(span.clone());
        let who = s.who(&p.span).or_else(|| context.who.clone().filter(|_| !s.in_title));
        let what = s.what(&p.span, kind, verb);
        let to = verb.and_then(|v| v.to.clone()).map(|r| s.text.printed(r)).filter(|_| kind == DutyKind::Submit);
        let quota = self.quota_for(s, p, kind, &governed, quotas, used);
        let listed = meaning.days.len() > 1;
        if let Some(problem) = meaning.start_problem {
            report(problem, "开始日期", line, self.warnings);
        }
        let mut made = false;
        for (k, day) in meaning.days.iter().enumerate() {
            let atom = p.atoms.get(if p.shape == Shape::Window { p.atoms.len() - 1 } else { k });
            let mut due = None;
            let mut start = None;
            let mut first = None;
            match day {
                Ok((from, last)) => {
                    let hour = atom.map(|a| a.hour).unwrap_or_default();
                    let hour = if hour.clock.is_none() && p.before {
                        p.atoms.last().map(|a| a.hour).unwrap_or_default()
                    } else {
                        hour
                    };
                    if hour.lost {
                        report(Problem::Lost, "截止时间的钟点", line, self.warnings);
                    }
                    let clock = hour.clock;
                    first = *from;
                    due = Some(Moment { date: *last, time: None });
                    start = from.map(|date| Moment { date, time: None });
                    if p.before || kind == DutyKind::Submit && p.shape != Shape::Window {
                        due = Some(Moment { date: *last, time: hour.until.or(clock) });
                        if hour.until.is_some() {
                            start = Some(Moment { date: *last, time: clock });
                        }
                    } else if let Some(clock) = clock {
                        start = Some(Moment { date: from.unwrap_or(*last), time: Some(clock) });
                        due = Some(Moment { date: *last, time: hour.until });
                    }
                    if p.ends && p.shape == Shape::Single {
                        let begin = same_start(t, &s.u).then_some(self.known.start).flatten();
                        start = begin.map(|date| Moment { date, time: None });
                        first = begin;
                    }
                    if p.shape == Shape::Window && from.is_none() && meaning.start_problem.is_none() && !p.from_now {
                        report(Problem::Lost, "起止日期", line, self.warnings);
                        due = None;
                        start = None;
                    }
                    self.weekday(p, k, *last, line);
                }
                Err(problem) => {
                    let what = if is_event { "活动日期" } else { "截止日期" };
                    report(*problem, what, line, self.warnings);
                    if p.shape == Shape::Window {
                        first = p.window_start(self.known.year, self.known.signed);
                        start = first.map(|date| Moment { date, time: None });
                    }
                }
            }
            self.past(due, &text, line);
            made = true;
            self.out.once.push(Once {
                deadline: Deadline {
                    text: text.clone(),
                    due,
                    start,
                    what: what.clone(),
                    kind,
                    who: who.clone(),
                    to: to.clone(),
                    quota: quota.clone(),
                    relative: None,
                    lines: s.text.lines(p.core.clone()),
                },
                clause: s.clause,
                own_date: s.title.is_some() && kind != DutyKind::Submit,
                first,
                listed,
                in_title: s.in_title,
            });
        }
        made
    }

    /// 自3月12日起至“两会”结束: the first day is known, the last is named by an event.
    pub(super) fn open_window(&mut self, s: &Scene<'_>, p: &Phrase, context: &mut Context) {
        let t = &s.text.c;
        let Some(Ok((first, last))) =
            p.meaning(self.known.year, self.known.signed, &mut context.carry.clone()).days.first().cloned()
        else {
            return;
        };
        let start = first.unwrap_or(last);
        self.out.spans.push((s.clause, Some(start), None));
        let Some((_, n)) = at_any(t, p.span.end, &["至", "到"]) else { return };
        let stop = (p.span.end..s.u.end.min(p.span.end + 16))
            .find(|&k| matches!(t[k], '，' | '；' | '。'))
            .unwrap_or(s.u.end.min(p.span.end + 16));
        if stop < p.span.end + n + 2 {
            return;
        }
        let span = p.span.start..stop;
        self.out.once.push(Once {
            deadline: Deadline {
                text: s.text.printed(span.clone()),
                due: None,
                start: Some(Moment { date: start, time: None }),
                what: s.what(&span, DutyKind::Event, None),
                kind: DutyKind::Event,
                who: s.who(&span).or_else(|| context.who.clone()),
                to: None,
                quota: None,
                relative: None,
                lines: s.text.lines(span),
            },
            clause: s.clause,
            own_date: false,
            first: Some(start),
            listed: false,
            in_title: s.in_title,
        });
    }

    pub(super) fn past(&mut self, due: Option<Moment>, text: &str, line: u32) {
        if let (Some(due), Some(signed)) = (due, self.known.signed)
            && due.date < signed
        {
            self.warnings.add(Code::AlreadyPast, line, format!("“{text}”在成文时已过，将建成“已到期”的任务"));
        }
    }

    pub(super) fn weekday(&mut self, p: &Phrase, k: usize, day: Date, line: u32) {
        let Some(atom) = p.atoms.get(if p.shape == Shape::Window { p.atoms.len() - 1 } else { k }) else { return };
        let Some(printed) = atom.weekday else { return };
        let real = day.weekday().to_monday_one_offset();
        if i8::try_from(printed) != Ok(real) {
            let name =
                |d: usize| ["一", "二", "三", "四", "五", "六", "日"].get(d.wrapping_sub(1)).copied().unwrap_or("？");
            let message = format!(
                "{}年{}月{}日是星期{}，文中写作星期{}",
                day.year(),
                day.month(),
                day.day(),
                name(real as usize),
                name(printed as usize)
            );
            self.warnings.add(Code::WeekdayMismatch, line, message);
        }
    }

    /// What sort of duty a phrase carries; `None` when it carries none.
    pub(super) fn kind(&self, s: &Scene<'_>, p: &Phrase, c: &Clause) -> Option<DutyKind> {
        let t = &s.text.c;
        let verb = s.verb(&p.span);
        let report = c.role == Role::Requirements || c.role == Role::Preamble || c.role == Role::Organisation;
        if p.is_month() {
            // 6月，组织…: only where an activity begins with it.
            let opens = s.title.is_some()
                && (p.span.start <= s.u.start + 1 || t[p.span.start - 1] == '，')
                && matches!(t.get(p.span.end), Some('，'));
            return opens.then_some(DutyKind::Event);
        }
        if p.before {
            let holds = s.governed_text(&p.span);
            if let Some(v) = verb {
                let done = at_any(t, p.span.end, &["完成"]).is_some()
                    || find(&t[..v.span.start.max(p.span.end)], p.span.end, "完成").is_some_and(|i| {
                        i < v.span.start && s.doers.iter().all(|d| d.start < p.span.start || d.end <= i + 2)
                    });
                return Some(if done { DutyKind::Do } else { DutyKind::Submit });
            }
            if has_any(holds, &["形成", "完成"]) {
                return Some(DutyKind::Do);
            }
            return Some(DutyKind::Do);
        }
        if p.ends {
            return Some(DutyKind::Event);
        }
        if p.onward {
            return None;
        }
        let campaign = p.shape == Shape::Window && self.is_campaign(p);
        if campaign && s.title.is_none() {
            return None;
        }
        if p.shape == Shape::Window || p.from_now {
            return if verb.is_some_and(|v| v.span.start <= p.span.end + 2) {
                Some(DutyKind::Submit)
            } else {
                Some(DutyKind::Event)
            };
        }
        let part = p.atoms.iter().any(|a| !matches!(a.day, Day::On(_) | Day::Same));
        let opens = p.span.start <= s.u.start + 1 || matches!(t[p.span.start - 1], '，' | ':' | '（' | '。');
        let set = matches!(
            p.prefix,
            "定于"
                | "拟于"
                | "定在"
                | "拟定于"
                | "预计于"
                | "安排在"
                | "安排于"
                | "确定为"
                | "确定在"
                | "设定为"
                | "调整为"
                | "调整到"
                | "调整至"
                | "改为"
                | "改到"
                | "改至"
                | "改在"
                | "推迟到"
                | "推迟至"
                | "延期至"
                | "延期到"
                | "延至"
                | "提前至"
                | "提前到"
                | "变更为"
                | "时间为"
        );
        if verb.is_some_and(|v| v.span.start <= p.span.end + 1) {
            return Some(DutyKind::Submit);
        }
        if set {
            return Some(DutyKind::Event);
        }
        if verb.is_some() && at_any(t, p.span.end, &["将", "把"]).is_some() {
            return Some(DutyKind::Submit);
        }
        let held = has_any(
            s.governed_text(&p.span),
            &["召开", "举行", "举办", "报到", "开展", "集中", "启动", "参加", "组织"],
        );
        if report && s.title.is_none() {
            return (held
                && (opens || matches!(p.prefix, "于" | "在"))
                && c.role != Role::Organisation
                && !has_any(s.governed_text(&p.span), &["印发", "《"]))
            .then_some(DutyKind::Event);
        }
        let is = at_any(t, p.span.end, &["是", "为"]).is_some();
        let usable = opens
            || matches!(p.prefix, "于" | "在")
            || part
            || is
            || s.in_title
            || p.atoms.iter().any(|a| a.hour.clock.is_some());
        usable.then_some(DutyKind::Event)
    }

    pub(super) fn is_campaign(&self, p: &Phrase) -> bool {
        let m = p.meaning(self.known.year, self.known.signed, &mut Carry::default());
        match m.days.first() {
            Some(Ok((start, end))) => *start == self.known.start && Some(*end) == self.known.end,
            _ => false,
        }
    }

    /// The quota that belongs to a phrase.
    pub(super) fn quota_for(
        &self,
        s: &Scene<'_>,
        p: &Phrase,
        kind: DutyKind,
        governed: &Range<usize>,
        quotas: &mut [quota::Found],
        used: &mut [bool],
    ) -> Option<Quota> {
        let window =
            p.shape == Shape::Window || p.atoms.iter().any(|a| !matches!(a.day, Day::On(_) | Day::End | Day::Same));
        let reach = governed.start..s.u.end;
        let t = &s.text.c;
        for (k, q) in quotas.iter().enumerate() {
            let inside = q.span.end > reach.start && q.span.end <= governed.end.max(reach.start);
            let fits = match kind {
                DutyKind::Submit => {
                    q.explicit
                        && s.verbs.iter().any(|v| {
                            v.span.end <= q.span.end
                                && v.span.end + 3 >= q.span.end.saturating_sub(2)
                                && v.span.start >= q.span.start
                        })
                }
                DutyKind::Do => q.explicit || counts_in_digits(&t[q.span.clone()]),
                DutyKind::Event => {
                    q.explicit && !t[q.span.clone()].contains(&'每')
                        || window && (q.explicit || counts_in_digits(&t[q.span.clone()]))
                }
            };
            if inside && fits && !used[k] {
                used[k] = true;
                return Some(q.quota.clone());
            }
        }
        None
    }

    pub(super) fn relative(&mut self, s: &Scene<'_>, r: &relative::Relative, context: &Context) {
        let verb = s.verb(&r.span);
        let kind = if verb.is_some() { DutyKind::Submit } else { DutyKind::Do };
        let text = s.text.printed(r.span.clone());
        let line = s.text.line(r.span.start);
        if r.due.is_none() {
            let known = match r.code.split(['+', '-']).next() {
                Some("received") => "按签收时间计算",
                Some("campaign_end" | "campaign_start") => "本文没有写活动起止日期，截止日期请确认",
                Some("issued") => "按印发日期计算，请确认",
                _ => "按活动实际举办的时间计算",
            };
            self.warnings.add(Code::RelativeDue, line, format!("“{text}”{known}"));
        }
        let due = r.due.map(|date| Moment { date, time: None });
        self.past(due, &text, line);
        self.out.once.push(Once {
            deadline: Deadline {
                text,
                due,
                start: None,
                what: s.what(&r.span, kind, verb),
                kind,
                who: s.who(&r.span).or_else(|| context.who.clone()),
                to: verb.and_then(|v| v.to.clone()).map(|r| s.text.printed(r)),
                quota: None,
                relative: Some(r.code.clone()),
                lines: s.text.lines(r.span.clone()),
            },
            clause: s.clause,
            own_date: s.title.is_some() && kind != DutyKind::Submit && due.is_some(),
            first: None,
            listed: false,
            in_title: s.in_title,
        });
    }

    /// 决赛时间另行通知.
    pub(super) fn still_to_come(&mut self, s: &Scene<'_>, context: &Context) {
        let t = &s.text.c;
        let Some((i, w)) =
            find_any(&t[..s.u.end], s.u.start, &["另行通知", "另行安排", "另行确定", "另行公布", "待定"])
        else {
            return;
        };
        let start = (s.u.start..i)
            .rev()
            .find(|&k| matches!(t[k], '，' | '。' | '；' | ':' | '（'))
            .map_or(s.u.start, |k| k + 1);
        let end = i + w.chars().count();
        if !has_any(&t[start..i], &["时间", "日期", "事项", "地点", "安排", "何时"]) && w != "另行通知"
        {
            return;
        }
        if has_any(&t[start..i], &["未尽"]) {
            return;
        }
        if has_any(&t[start..i], &["地点"]) && !has_any(&t[start..i], &["时间"]) {
            return;
        }
        let text = s.text.printed(start..end);
        self.warnings.add(Code::DateToFollow, s.text.line(i), text.clone());
        self.out.once.push(Once {
            deadline: Deadline {
                text,
                due: None,
                start: None,
                what: s.title.map_or_else(|| s.text.printed(start..i.max(start + 1)), str::to_string),
                kind: DutyKind::Event,
                who: context.who.clone(),
                to: None,
                quota: None,
                relative: None,
                lines: s.text.lines(start..end),
            },
            clause: s.clause,
            own_date: false,
            first: None,
            listed: false,
            in_title: s.in_title,
        });
    }
}

/// 原定6月14日, followed by the new date.
pub(super) fn moved(t: &[char], u: &Range<usize>, p: &Phrase, next: Option<&Phrase>) -> bool {
    let Some(next) = next else { return false };
    let lo = u.start.max(p.span.start.saturating_sub(6));
    let was = p.prefix.starts_with("原定")
        || has_any(&t[lo..p.span.end], &["原定", "原计划", "原安排", "由原"])
        || p.prefix == "从" && has_any(&t[p.span.end..next.span.end], &["调整", "改"])
        || lo < p.span.start
            && has_any(&t[lo..p.span.start], &["由"])
            && has_any(&t[p.span.end..next.span.end], &["调整", "改", "推迟", "提前", "延期"]);
    was && (has_any(&t[p.span.end..next.core.start], &["改", "调整", "推迟", "延", "提前", "变更"]))
}

/// 今年“草原行”与“安全生产月”同步启动.
pub(super) fn same_start(t: &[char], u: &Range<usize>) -> bool {
    has_any(&t[u.clone()], &["同步启动", "同时启动", "同步开展，"])
}

/// A past event, another document's date, a law's first day.
pub(super) fn is_history(t: &[char], u: &Range<usize>, p: &Phrase) -> bool {
    let tail_end = u.end.min(p.span.end + 16);
    let tail = &t[p.span.end..tail_end];
    let clause = &tail[..tail.iter().position(|c| matches!(c, '，' | '。' | '；')).unwrap_or(tail.len())];
    let lo = u.start.max(p.span.start.saturating_sub(10));
    let lead = &t[lo..p.span.start];
    if !p.before
        && has_any(
            clause,
            &[
                "发生",
                "印发",
                "下发",
                "出台",
                "以来",
                "颁布",
                "施行",
                "通过的",
                "公布的",
                "作出",
                "审议通过",
                "召开的",
                "举行的",
                "开展的",
                "起施行",
                "起实施",
                "签发",
                "事故",
            ],
        )
    {
        return !has_any(clause, &["事故警示", "事故案例", "事故隐患", "防事故", "事故应急"]);
    }
    if has_any(lead, &["截至目前", "去年", "上年"]) || ends_any(lead, &["会议精神（", "讲话（"]) {
        return true;
    }
    // （2021年6月10日）: a bare date in brackets behind a title.
    p.span.start > u.start
        && t[p.span.start - 1] == '（'
        && p.span.start > 1
        && t[p.span.start - 2] == '》'
        && !p.before
}
