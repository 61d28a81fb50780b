//! Duties: what is due once, what takes place, what comes again, and what must reach a count.
//!
//! A paragraph is read sentence by sentence, a sentence in units between semicolons. In a unit every date phrase,
//! rhythm, relative date and quota is an anchor; the text up to the next anchor is what it governs.

use std::ops::Range;

use jiff::civil::Date;

use crate::actor;
use crate::campaign::{Known, OtherWindow, report};
use crate::chars::{at, at_any, bracket_end, ends_any, find, find_any, has_any};
use crate::date::{Carry, Day, Problem};
use crate::evidence;
use crate::heading::{Clause, Role};
use crate::model::{Code, Deadline, DutyKind, Evidence, Moment, Quota, Recurring};
use crate::quota;
use crate::relative;
use crate::rhythm::{self, Freq, Rhythm};
use crate::submit::{self, Verb};
use crate::text::Text;
use crate::warnings::Warnings;
use crate::when::{self, Phrase, Shape};

/// All duties of a notice.
#[derive(Debug, Default)]
pub(crate) struct Duties {
    pub(crate) once: Vec<Once>,
    pub(crate) again: Vec<Recurring>,
    pub(crate) evidence: Vec<Evidence>,
    /// Clauses that say 活动期间 about what they ask for.
    pub(crate) during: Vec<usize>,
    /// Doers of each clause, as printed.
    pub(crate) doers: Vec<(usize, String)>,
    /// First and last day that a rhythm or an open window gives to an activity.
    pub(crate) spans: Vec<(usize, Option<Date>, Option<Date>)>,
}

/// A deadline with what the activity above it needs to know.
#[derive(Debug)]
pub(crate) struct Once {
    pub(crate) deadline: Deadline,
    pub(crate) clause: usize,
    /// It carries a date of the activity itself.
    pub(crate) own_date: bool,
    /// First day, where it differs from `start`.
    pub(crate) first: Option<Date>,
    /// Several dates in one phrase.
    pub(crate) listed: bool,
    /// It stands in the heading.
    pub(crate) in_title: bool,
}

/// No more duties than this are read.
const MOST: usize = 600;

/// No more of a kind than this are read in one unit.
const MANY: usize = 16;

struct Reader<'a> {
    /// Of the plan that the clause belongs to.
    known: &'a Known,
    others: &'a [OtherWindow],
    out: Duties,
    warnings: &'a mut Warnings,
}

/// What a paragraph hands down from unit to unit.
#[derive(Default, Clone)]
struct Context {
    who: Option<String>,
    to: Option<String>,
    carry: Carry,
    during: bool,
}

/// Reads the duties of all clauses. `activity` tells for each clause whether it is one, with its title.
pub(crate) fn read(clauses: &[Clause], activity: &[Option<String>], known: &[Known], others: &[OtherWindow], warnings: &mut Warnings) -> Duties {
    let Some(first) = known.first() else { return Duties::default() };
    let mut reader = Reader { known: first, others, out: Duties::default(), warnings };
    for (i, c) in clauses.iter().enumerate() {
        reader.known = known.get(c.plan).unwrap_or(first);
        if matches!(c.role, Role::Theme | Role::Guide | Role::ThemeAndTime) || c.role == Role::Time {
            continue;
        }
        let title = activity.get(i).cloned().flatten();
        let mut context = Context::default();
        if let (Some(day), true) = (reader.known.start, reader.known.start == reader.known.end) {
            // An event of one day: 7:40前 is on that day.
            context.carry = Carry { year: Some(day.year()), month: Some(day.month() as u8), day: Some(day.day() as u8) };
        }
        let table = crate::table::rows(&c.paras);
        // 市属国有企业：… in a report section: the head names the doer of the whole clause.
        let head = c.head.slice(0..c.head.len());
        if !head.is_empty() {
            reader.paragraph(i, &head, c, title.as_deref(), &mut context);
        }
        for (p, row) in c.paras.iter().zip(&table) {
            if reader.out.once.len() + reader.out.again.len() > MOST {
                break;
            }
            if row.is_some() || p.c.contains(&'|') {
                continue;
            }
            reader.paragraph(i, p, c, title.as_deref(), &mut context);
        }
    }
    reader.receivers(clauses);
    reader.out
}

impl Reader<'_> {
    fn paragraph(&mut self, clause: usize, text: &Text, c: &Clause, title: Option<&str>, context: &mut Context) {
        let is_head = text.len() == c.head.len() && text.all_lines() == c.head.all_lines();
        for sentence in sentences(&text.c, 0..text.len()) {
            let t = &text.c[sentence.clone()];
            context.during = has_any(t, DURING);
            // 自6月13日起执行: from when the rhythm before goes.
            if (at_any(t, 0, &["自", "从"]).is_some() || t.len() < 20) && has_any(t, &["起执行", "起实行", "起施行"]) {
                self.begins(clause, text, sentence.start..sentence.end);
            }
            if context.during && title.is_some() && !self.out.during.contains(&clause) {
                self.out.during.push(clause);
            }
            let units = units(&text.c, sentence.clone());
            for unit in units {
                let u = &text.c[unit.clone()];
                if u.len() < 20 && unit.start > sentence.start && has_any(u, &["起执行", "起实行", "起施行"]) {
                    self.begins(clause, text, unit);
                    continue;
                }
                let in_title = is_head && unit.start < c.body && unit.end <= c.body.max(1) && c.body < c.head.len();
                self.unit(clause, text, unit, c, title, in_title, context);
            }
        }
        if is_head {
            return;
        }
        context.carry = Carry { year: context.carry.year, month: None, ..context.carry };
    }

    #[allow(clippy::too_many_arguments)]
    fn unit(&mut self, clause: usize, text: &Text, u: Range<usize>, c: &Clause, title: Option<&str>, in_title: bool, context: &mut Context) {
        let t = &text.c;
        if self.out.once.len() + self.out.again.len() > MOST {
            return;
        }
        let mut taken = names(t, u.clone());
        let named = taken.clone();
        let mut rhythms = rhythm::scan(t, u.start, u.end);
        rhythms.truncate(MANY);
        rhythms.retain(|r| !taken.iter().any(|n| n.contains(&r.span.start)) || r.rule.freq != Freq::Adhoc && r.precise);
        taken.extend(rhythms.iter().map(|r| r.span.clone()));
        let mut relatives = relative::scan(t, u.start, u.end, title.is_some(), self.known);
        relatives.truncate(MANY);
        taken.extend(relatives.iter().map(|r| r.span.clone()));
        taken.sort_by_key(|r| r.start);
        let mut phrases = when::scan(t, u.start, u.end, &taken);
        phrases.truncate(MANY);
        let mut dates: Vec<Range<usize>> = phrases.iter().map(|p| p.span.clone()).collect();
        dates.extend(rhythms.iter().map(|r| r.span.clone()));
        dates.extend(relatives.iter().map(|r| r.span.clone()));
        dates.sort_by_key(|r| r.start);
        let verbs = submit::verbs(t, u.clone(), &dates);
        rhythms.retain(|r| {
            let scene = Scene { text, u: u.clone(), dates: &dates, verbs: &verbs, doers: &[], title, clause, in_title };
            let verb = scene.verb(&r.span).is_some();
            r.rule.freq == Freq::Adhoc || is_duty(r, t, scene.governed_text(&r.span), scene.own_clause(&r.span), verb)
        });
        let ends: Vec<usize> = dates.iter().map(|d| d.end).collect();
        let doers = actor::doers(t, u.clone(), &ends);
        for d in &doers {
            if self.out.doers.len() < 2000 && !in_title {
                self.out.doers.push((clause, text.printed(d.clone())));
            }
        }
        let scene = Scene { text, u: u.clone(), dates: &dates, verbs: &verbs, doers: &doers, title, clause, in_title };
        let mut quotas = quota::scan(t, u.start, u.end);
        quotas.truncate(MANY);
        quotas.retain(|q| !q.material && !named.iter().any(|n| n.contains(&q.span.end.saturating_sub(1))));
        let mut used = vec![false; quotas.len()];

        let first_once = self.out.once.len();
        let mut superseded: Option<String> = None;
        for (k, p) in phrases.iter().enumerate() {
            if is_window_of_rhythm(t, p, &rhythms, &verbs) {
                let _ = p.meaning(self.known.year, self.known.signed, &mut context.carry);
                continue;
            }
            if moved(t, &u, p, phrases.get(k + 1)) {
                let _ = p.meaning(self.known.year, self.known.signed, &mut context.carry);
                superseded = Some(text.printed(p.core.clone()));
                continue;
            }
            let made = self.phrase(&scene, p, c, context, &mut quotas, &mut used);
            if made && let Some(old) = superseded.take() {
                let new = text.printed(p.core.clone());
                self.warnings.add(Code::Superseded, text.line(p.core.start), format!("原定{old}，已改为{new}"));
            }
        }
        for r in &relatives {
            self.relative(&scene, r, context, &quotas, &mut used);
        }
        for r in &rhythms {
            self.rhythm(&scene, r, (&phrases, &rhythms), context, &quotas, &mut used);
        }
        self.to_follow(&scene, context);
        if !in_title {
            self.quotas(&scene, (&quotas, &used), &phrases, first_once, context);
        }
        self.evidence(&scene);
        if let Some(d) = doers.iter().rev().find(|d| !at(t, d.start, "每")) {
            let topic = t.get(d.end) == Some(&':');
            let who = text.printed(d.clone());
            if topic || context.who.is_none() || d.start <= u.start + 3 || !verbs.is_empty() {
                context.who = Some(who);
            }
        }
        if let Some(v) = verbs.iter().rev().find(|v| v.to.is_some()) {
            context.to = v.to.clone().map(|r| text.printed(r));
        }
    }

    /// One date phrase; true when it made an entry.
    fn phrase(&mut self, s: &Scene<'_>, p: &Phrase, c: &Clause, context: &mut Context, quotas: &mut [quota::Found], used: &mut [bool]) -> bool {
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
        let who = s.who(&p.span).or_else(|| context.who.clone().filter(|_| !s.in_title && s.title.is_none() || s.same_paragraph_who()));
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
                    let hour = if hour.clock.is_none() && p.before { p.atoms.last().map(|a| a.hour).unwrap_or_default() } else { hour };
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

    /// 自6月13日起执行 gives the rhythm in front of it its first day.
    fn begins(&mut self, _clause: usize, text: &Text, r: Range<usize>) {
        let phrases = when::scan(&text.c, r.start, r.end, &[]);
        let Some(p) = phrases.first() else { return };
        let m = p.meaning(self.known.year, self.known.signed, &mut Carry::default());
        if let (Some(Ok((first, last))), Some(rule)) = (m.days.first(), self.out.again.last_mut())
            && rule.lines[1] == text.line(r.start)
            && rule.from.is_none()
        {
            rule.from = first.or(Some(*last));
        }
    }

    /// 自3月12日起至“两会”结束: the first day is known, the last is named by an event.
    fn open_window(&mut self, s: &Scene<'_>, p: &Phrase, context: &mut Context) {
        let t = &s.text.c;
        let Some(Ok((first, last))) = p.meaning(self.known.year, self.known.signed, &mut context.carry.clone()).days.first().cloned() else { return };
        let start = first.unwrap_or(last);
        self.out.spans.push((s.clause, Some(start), None));
        let Some((_, n)) = at_any(t, p.span.end, &["至", "到"]) else { return };
        let stop = (p.span.end..s.u.end.min(p.span.end + 16)).find(|&k| matches!(t[k], '，' | '；' | '。')).unwrap_or(s.u.end.min(p.span.end + 16));
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

    fn past(&mut self, due: Option<Moment>, text: &str, line: u32) {
        if let (Some(due), Some(signed)) = (due, self.known.signed)
            && due.date < signed
        {
            self.warnings.add(Code::AlreadyPast, line, format!("“{text}”在成文时已过，将建成“已到期”的任务"));
        }
    }

    fn weekday(&mut self, p: &Phrase, k: usize, day: Date, line: u32) {
        let Some(atom) = p.atoms.get(if p.shape == Shape::Window { p.atoms.len() - 1 } else { k }) else { return };
        let Some(printed) = atom.weekday else { return };
        let real = day.weekday().to_monday_one_offset();
        if i8::try_from(printed) != Ok(real) {
            let name = |d: usize| ["一", "二", "三", "四", "五", "六", "日"].get(d.wrapping_sub(1)).copied().unwrap_or("？");
            let message = format!("{}年{}月{}日是星期{}，文中写作星期{}", day.year(), day.month(), day.day(), name(real as usize), name(printed as usize));
            self.warnings.add(Code::WeekdayMismatch, line, message);
        }
    }

    /// What sort of duty a phrase carries; `None` when it carries none.
    fn kind(&self, s: &Scene<'_>, p: &Phrase, c: &Clause) -> Option<DutyKind> {
        let t = &s.text.c;
        let verb = s.verb(&p.span);
        let report = c.role == Role::Requirements || c.role == Role::Preamble || c.role == Role::Organisation;
        if p.is_month() {
            // 6月，组织…: only where an activity begins with it.
            let opens = s.title.is_some() && (p.span.start <= s.u.start + 1 || t[p.span.start - 1] == '，') && matches!(t.get(p.span.end), Some('，'));
            return opens.then_some(DutyKind::Event);
        }
        if p.before {
            let holds = s.governed_text(&p.span);
            if let Some(v) = verb {
                let done = at_any(t, p.span.end, &["完成"]).is_some() || find(&t[..v.span.start.max(p.span.end)], p.span.end, "完成").is_some_and(|i| i < v.span.start && s.doers.iter().all(|d| d.start < p.span.start || d.end <= i + 2));
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
            return if verb.is_some_and(|v| v.span.start <= p.span.end + 2) { Some(DutyKind::Submit) } else { Some(DutyKind::Event) };
        }
        let part = p.atoms.iter().any(|a| !matches!(a.day, Day::On(_) | Day::Same));
        let opens = p.span.start <= s.u.start + 1 || matches!(t[p.span.start - 1], '，' | ':' | '（' | '。');
        let set = matches!(p.prefix, "定于" | "拟于" | "定在" | "拟定于" | "预计于" | "安排在" | "安排于" | "确定为" | "确定在" | "设定为" | "调整为" | "调整到" | "调整至" | "改为" | "改到" | "改至" | "改在" | "推迟到" | "推迟至" | "延期至" | "延期到" | "延至" | "提前至" | "提前到" | "变更为" | "时间为");
        if verb.is_some_and(|v| v.span.start <= p.span.end + 1) {
            return Some(DutyKind::Submit);
        }
        if set {
            return Some(DutyKind::Event);
        }
        if verb.is_some() && at_any(t, p.span.end, &["将", "把"]).is_some() {
            return Some(DutyKind::Submit);
        }
        let held = has_any(s.governed_text(&p.span), &["召开", "举行", "举办", "报到", "开展", "集中", "启动", "参加", "组织"]);
        if report && s.title.is_none() {
            return (held && (opens || matches!(p.prefix, "于" | "在")) && c.role != Role::Organisation && !has_any(s.governed_text(&p.span), &["印发", "《"])).then_some(DutyKind::Event);
        }
        let is = at_any(t, p.span.end, &["是", "为"]).is_some();
        let usable = opens || matches!(p.prefix, "于" | "在") || part || is || s.in_title || p.atoms.iter().any(|a| a.hour.clock.is_some());
        usable.then_some(DutyKind::Event)
    }

    fn is_campaign(&self, p: &Phrase) -> bool {
        let m = p.meaning(self.known.year, self.known.signed, &mut Carry::default());
        match m.days.first() {
            Some(Ok((start, end))) => *start == self.known.start && Some(*end) == self.known.end,
            _ => false,
        }
    }

    /// The quota that belongs to a phrase.
    fn quota_for(&self, s: &Scene<'_>, p: &Phrase, kind: DutyKind, governed: &Range<usize>, quotas: &mut [quota::Found], used: &mut [bool]) -> Option<Quota> {
        let window = p.shape == Shape::Window || p.atoms.iter().any(|a| !matches!(a.day, Day::On(_) | Day::End | Day::Same));
        let reach = governed.start..s.u.end;
        let t = &s.text.c;
        for (k, q) in quotas.iter().enumerate() {
            let inside = q.span.end > reach.start && q.span.end <= governed.end.max(reach.start);
            let fits = match kind {
                DutyKind::Submit => q.explicit && s.verbs.iter().any(|v| v.span.end <= q.span.end && v.span.end + 3 >= q.span.end.saturating_sub(2) && v.span.start >= q.span.start),
                DutyKind::Do => q.explicit || counts_in_digits(&t[q.span.clone()]),
                DutyKind::Event => q.explicit && !t[q.span.clone()].contains(&'每') || window && (q.explicit || counts_in_digits(&t[q.span.clone()])),
            };
            if inside && fits && !used[k] {
                used[k] = true;
                return Some(q.quota.clone());
            }
        }
        None
    }

    fn relative(&mut self, s: &Scene<'_>, r: &relative::Relative, context: &Context, quotas: &[quota::Found], used: &mut [bool]) {
        let _ = (quotas, used);
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

    fn rhythm(&mut self, s: &Scene<'_>, r: &Rhythm, (phrases, rhythms): (&[Phrase], &[Rhythm]), context: &mut Context, quotas: &[quota::Found], used: &mut [bool]) {
        let t = &s.text.c;
        let verb = s.verb(&r.span);
        let own = s.own_clause(&r.span);
        if r.rule.freq == Freq::Adhoc && (s.in_title && s.u.len() <= 11 || own.len() < r.span.len() + 3) {
            // （三）及时报送信息 is a heading, no duty.
            return;
        }
        let kind = if verb.is_some() || r.rule.freq == Freq::Adhoc { DutyKind::Submit } else { DutyKind::Do };
        let line = s.text.line(r.span.start);
        if r.time_lost {
            self.warnings.add(Code::DigitsLost, line, format!("“{}”的钟点缺字，请对照原件补上", s.text.printed(r.span.clone())));
        }
        let (mut from, mut until) = (None, None);
        if r.rule.freq != Freq::Adhoc {
            if context.during && has_any(&t[s.sentence_start(&r.span)..r.span.end], DURING) {
                (from, until) = (self.known.start, self.known.end);
                let own = &t[s.sentence_start(&r.span)..r.span.end];
                // “草原行”活动期间 is that campaign's time, not the month's.
                if let Some(open) = own.iter().rposition(|c| *c == '“')
                    && let Some(end) = bracket_end(own, open, 30)
                    && at_any(own, end, &["活动期间", "期间"]).is_some()
                    && !has_any(&own[open..end], &["安全生产月", "安全月"])
                {
                    let name = crate::chars::string(&own[open + 1..end - 1]);
                    let other = self.others.iter().find(|o| o.name.contains(&name));
                    (from, until) = other.map_or((None, None), |o| (o.start, o.end));
                }
            }
            for p in phrases.iter().filter(|p| !p.before && p.shape != Shape::List) {
                let near = p.span.end <= r.span.start || at_any(t, p.span.start, &["截至", "截止", "至", "到"]).is_some();
                let m = p.meaning(self.known.year, self.known.signed, &mut context.carry);
                let Some(Ok((first, last))) = m.days.first().cloned() else { continue };
                if !near || !is_window_of_rhythm(t, p, rhythms, s.verbs) {
                    continue;
                }
                if p.onward {
                    from = first.or(Some(last));
                } else if matches!(p.prefix, "截至" | "截止" | "截止到" | "截止至" | "至" | "到") && p.span.start > r.span.start {
                    until = Some(last);
                } else if p.shape == Shape::Window || p.is_month() {
                    (from, until) = (first, Some(last));
                }
            }
            // …，截至12月: a month closes the rhythm.
            for p in phrases.iter().filter(|p| p.span.start > r.span.end && p.before && p.prefix.starts_with("截")) {
                let m = p.meaning(self.known.year, self.known.signed, &mut context.carry);
                if let Some(Ok((_, last))) = m.days.first() {
                    until = Some(*last);
                }
            }
        }
        if r.rule.freq != Freq::Adhoc {
            from = from.or_else(|| year_onward(t, s.u.start, r.span.start));
            if s.title.is_some() && (from.is_some() || until.is_some()) && !context.during {
                self.out.spans.push((s.clause, from, until));
            }
        }
        let quota = quotas.iter().enumerate().find(|(k, q)| !used[*k] && (q.explicit || counts_in_digits(&t[q.span.clone()])) && r.rule.freq != Freq::Adhoc && q.span.end > r.span.end && q.span.end <= s.governed(&r.span).end);
        let quota = quota.map(|(k, q)| {
            used[k] = true;
            q.quota.clone()
        });
        let zero = has_any(&t[s.u.start..s.paragraph_end()], ZERO);
        // The verb makes the phrase easier to find again.
        let mut span = r.span.clone();
        if let Some(v) = verb
            && v.span.start >= span.end
            && v.span.start <= span.end + 8
            && !t[span.end..v.span.start].contains(&'，')
        {
            span.end = v.span.end;
        } else if !r.precise && r.rule.freq != Freq::Adhoc {
            let stop = (span.end..s.u.end.min(span.end + 14)).find(|&k| matches!(t[k], '，' | '；' | '。')).unwrap_or(s.u.end.min(span.end + 14));
            span.end = stop.max(span.end);
        } else if r.rule.freq == Freq::Adhoc {
            let open = own.start.max(span.start.saturating_sub(16));
            if open < span.start && !s.dates.iter().any(|d| d.start < span.start && d.end > open) {
                span.start = open;
            }
        }
        let rule_text = s.text.printed(span.clone());
        self.out.again.push(Recurring {
            text: rule_text,
            what: s.what(&r.span, kind, verb),
            rule: r.rule.clone(),
            from,
            until,
            zero_report: zero && kind == DutyKind::Submit && r.rule.freq != Freq::Adhoc,
            kind,
            who: s.who(&r.span).or_else(|| context.who.clone()),
            to: verb.and_then(|v| v.to.clone()).map(|r| s.text.printed(r)).filter(|_| kind == DutyKind::Submit),
            quota,
            lines: s.text.lines(r.span.clone()),
        });
    }

    /// 决赛时间另行通知.
    fn to_follow(&mut self, s: &Scene<'_>, context: &Context) {
        let t = &s.text.c;
        let Some((i, w)) = find_any(&t[..s.u.end], s.u.start, &["另行通知", "另行安排", "另行确定", "另行公布", "待定"]) else { return };
        let start = (s.u.start..i).rev().find(|&k| matches!(t[k], '，' | '。' | '；' | ':' | '（')).map_or(s.u.start, |k| k + 1);
        let end = i + w.chars().count();
        if !has_any(&t[start..i], &["时间", "日期", "事项", "地点", "安排", "何时"]) && w != "另行通知" {
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

    /// Quotas that no date has taken.
    fn quotas(&mut self, s: &Scene<'_>, (quotas, used): (&[quota::Found], &[bool]), phrases: &[Phrase], first_once: usize, context: &Context) {
        let t = &s.text.c;
        for (q, used) in quotas.iter().zip(used) {
            if *used {
                continue;
            }
            let during = context.during && has_any(&t[s.u.start..q.span.end], DURING);
            if !q.explicit && !during {
                continue;
            }
            let clause = s.own_clause(&q.span);
            if has_any(&t[clause], &["滚动播", "循环播", "播放", "播出"]) {
                continue;
            }
            let month = phrases.iter().rev().find(|p| p.is_month() && p.span.end <= q.span.end && q.span.end - p.span.end < 24 && !t[p.span.end..q.span.end].contains(&'，'));
            let month = month.and_then(|p| p.meaning(self.known.year, self.known.signed, &mut Carry::default()).days.first().cloned()?.ok());
            // A window in the heading takes the quota of the text below it.
            let heading = self.out.once[..first_once].iter_mut().rev().find(|o| {
                o.clause == s.clause && o.in_title && o.own_date && o.deadline.kind == DutyKind::Event && o.deadline.quota.is_none() && o.deadline.start.is_some() && !o.listed && o.first.is_some()
            });
            if let Some(o) = heading
                && !during
                && !t[q.span.clone()].contains(&'每')
                && s.title.is_some()
            {
                o.deadline.quota = Some(q.quota.clone());
                continue;
            }
            let mut end = q.span.end;
            while end < s.u.end && end < q.span.end + 12 && !matches!(t[end], '，' | '；' | '。' | '、' | '（' | ':') {
                end += 1;
            }
            let span = q.span.start..end;
            // 11月底前悬挂横幅至少2条，张贴海报不少于5张: the second stands under the same date.
            let same = self.out.once[first_once..].iter().rev().find(|o| o.deadline.kind == DutyKind::Do && o.deadline.quota.is_some() && o.deadline.relative.is_none() && o.deadline.due.is_some());
            if let Some((first, last)) = month
                && s.title.is_some()
            {
                self.out.spans.push((s.clause, first, Some(last)));
            }
            let due = if let Some((_, last)) = month { Some(Moment { date: last, time: None }) } else if during { self.known.end.map(|date| Moment { date, time: None }) } else { same.and_then(|o| o.deadline.due) };
            self.past(due, &s.text.printed(span.clone()), s.text.line(span.start));
            let who = s.who(&(q.span.end.saturating_sub(1)..q.span.end)).or_else(|| context.who.clone());
            self.out.once.push(Once {
                deadline: Deadline {
                    text: s.text.printed(span.clone()),
                    due,
                    start: None,
                    what: s.text.printed(span.clone()),
                    kind: DutyKind::Do,
                    who,
                    to: None,
                    quota: Some(q.quota.clone()),
                    relative: None,
                    lines: s.text.lines(span),
                },
                clause: s.clause,
                own_date: false,
                first: None,
                listed: false,
            in_title: s.in_title,
            });
        }
    }

    fn evidence(&mut self, s: &Scene<'_>) {
        let copies = evidence::channel(&s.text.c[s.u.clone()]);
        if !copies.is_empty()
            && let Some(last) = self.out.evidence.last_mut()
            && last.copies.is_empty()
            && s.text.lines(s.u.clone())[0].abs_diff(last.lines[1]) <= 1
        {
            last.copies = copies;
        }
        evidence::of_sentence(s.text, s.u.clone(), s.verbs, &mut self.out.evidence);
    }

    /// 以上材料报市安委会办公室: one receiver for a whole section.
    fn receivers(&mut self, clauses: &[Clause]) {
        for (i, c) in clauses.iter().enumerate() {
            for p in std::iter::once(&c.head).chain(&c.paras) {
                let Some((j, w)) = find_any(&p.c, 0, &["以上材料", "上述材料", "以上资料", "上述资料", "以上内容", "所有材料"]) else { continue };
                let stop = (j..p.len()).find(|&k| p.c[k] == '。').unwrap_or(p.len());
                let verbs = submit::verbs(&p.c, j + w.chars().count()..stop, &[]);
                let Some(to) = verbs.into_iter().find_map(|v| v.to) else { continue };
                let to = p.printed(to);
                let family = |k: usize| k == i || clauses[k].parent == clauses[i].parent && clauses[k].plan == c.plan || clauses[k].parent == Some(i);
                for o in self.out.once.iter_mut().filter(|o| family(o.clause) && o.deadline.kind == DutyKind::Submit) {
                    o.deadline.to.get_or_insert_with(|| to.clone());
                }
            }
        }
    }
}

const DURING: &[&str] = &["活动期间", "安全生产月”期间", "安全月”期间", "活动月内", "活动月期间", "活动月中", "安全生产月期间", "”活动期间", "整个活动期间", "演练周期间", "宣传周期间", "教育周期间", "行动期间", "整治期间", "宣传月期间", "安全生产月”内", "月”期间"];
const ZERO: &[&str] = &["零报告", "“零”报告", "“零报告", "无活动也要报", "没有活动也要报", "没有情况也要报", "无情况也要报", "无内容也要报", "报“零”", "0报告", "没有开展活动的也要", "无也要报", "无情况报零", "报零", "没有的也要报", "无事报平安", "无活动的也要", "没有活动的也", "无情况也", "没有情况也", "未开展活动的也", "也要报送"];

/// A unit with what stands in it.
struct Scene<'a> {
    text: &'a Text,
    u: Range<usize>,
    dates: &'a [Range<usize>],
    verbs: &'a [Verb],
    doers: &'a [Range<usize>],
    title: Option<&'a str>,
    clause: usize,
    in_title: bool,
}

impl Scene<'_> {
    /// From the anchor to the next one.
    fn governed(&self, anchor: &Range<usize>) -> Range<usize> {
        // 每天上午9:30前、晚上21:30前: both govern what follows the second.
        let t = &self.text.c;
        let mut last = anchor.end;
        while let Some(d) = self.dates.iter().find(|d| d.start == last + 1 && matches!(t[last], '、' | '和' | '及')) {
            last = d.end;
        }
        let end = self.dates.iter().map(|d| d.start).find(|s| *s >= last).unwrap_or(self.u.end);
        anchor.end.min(end)..end
    }

    fn governed_text(&self, anchor: &Range<usize>) -> &[char] {
        &self.text.c[self.governed(anchor)]
    }

    /// From the end of the anchor before to this one.
    fn lead(&self, anchor: &Range<usize>) -> Range<usize> {
        let start = self.dates.iter().rev().map(|d| d.end).find(|e| *e <= anchor.start).unwrap_or(self.u.start);
        start.min(anchor.start)..anchor.start
    }

    fn own_clause(&self, anchor: &Range<usize>) -> Range<usize> {
        let t = &self.text.c;
        let start = (self.u.start..anchor.start).rev().find(|&k| matches!(t[k], '，' | '；' | '。' | ':')).map_or(self.u.start, |k| k + 1);
        let end = (anchor.end..self.u.end).find(|&k| matches!(t[k], '，' | '；' | '。')).unwrap_or(self.u.end);
        start..end
    }

    fn sentence_start(&self, anchor: &Range<usize>) -> usize {
        (0..anchor.start).rev().take(300).find(|&k| self.text.c[k] == '。').map_or(anchor.start.saturating_sub(300), |k| k + 1).min(anchor.start)
    }

    fn paragraph_end(&self) -> usize {
        self.text.len().min(self.u.end + 80)
    }

    /// The verb of handing in that an anchor governs.
    fn verb(&self, anchor: &Range<usize>) -> Option<&Verb> {
        let governed = self.governed(anchor);
        let t = &self.text.c;
        let after = self.verbs.iter().find(|v| v.span.start >= governed.start && v.span.start < governed.end);
        // A comma and a new doer in between hand the verb to somebody else only when a deed stands first.
        if let Some(v) = after {
            let between = &t[governed.start..v.span.start];
            let foreign = between.contains(&'，') && has_any(between, &["召开", "举行", "开放", "举办", "开展", "演练", "检查", "宣传"]) && !has_any(between, &["将", "把"]);
            if !foreign {
                return Some(v);
            }
        }
        // 报送时间为6月20日前; 总结…报镇应急办（6月20日前）.
        let lead = self.lead(anchor);
        let open = anchor.start > 0 && matches!(t[anchor.start - 1], '（');
        self.verbs.iter().rev().find(|v| open && v.span.start >= lead.start && v.span.end <= anchor.start && after.is_none())
    }

    fn who(&self, anchor: &Range<usize>) -> Option<String> {
        let governed = self.governed(anchor);
        let lead = self.lead(anchor);
        let t = &self.text.c;
        let stop = self.verb(anchor).map_or(governed.end, |v| v.span.start.max(governed.start));
        let before = self.doers.iter().rev().find(|d| d.start >= lead.start && d.end <= anchor.start && !t[d.end..anchor.start].contains(&'。'));
        let after = self.doers.iter().find(|d| d.start >= governed.start && d.end <= stop);
        before.or(after).map(|d| self.text.printed(d.clone()))
    }

    fn same_paragraph_who(&self) -> bool {
        !self.in_title
    }

    /// The printed phrase, with what ties it to its verb.
    fn span(&self, p: &Phrase) -> Range<usize> {
        p.span.clone()
    }

    fn what(&self, anchor: &Range<usize>, kind: DutyKind, verb: Option<&Verb>) -> String {
        let t = &self.text.c;
        if let Some(object) = verb.and_then(|v| v.object.clone()).filter(|_| kind == DutyKind::Submit) {
            return self.text.printed(object);
        }
        if kind == DutyKind::Event
            && let Some(title) = self.title
        {
            return title.to_string();
        }
        let mut governed = self.governed(anchor);
        while governed.start < governed.end && matches!(t[governed.start], '，' | '）' | '、' | ':' | '（') {
            governed.start += 1;
        }
        if let Some(d) = self.doers.iter().find(|d| d.start == governed.start) {
            governed.start = d.end;
        }
        let end = governed.clone().find(|&k| matches!(t[k], '，' | '；' | '。')).unwrap_or(governed.end);
        if end > governed.start + 1 {
            return self.text.printed(governed.start..end.min(governed.start + 60));
        }
        if let Some(title) = self.title {
            return title.to_string();
        }
        let lead = self.lead(anchor);
        let start = (lead.clone()).rev().find(|&k| matches!(t[k], '，' | '；' | '。')).map_or(lead.start, |k| k + 1);
        let own = self.own_clause(anchor);
        let range = if lead.end > start + 1 { start..lead.end } else { own.start..own.end.max(anchor.end) };
        self.text.printed(range)
    }
}

/// 自2012年起: the first day of that year.
fn year_onward(t: &[char], lo: usize, hi: usize) -> Option<Date> {
    let lo = lo.max(hi.saturating_sub(30));
    (lo..hi).find_map(|i| {
        let (y, e) = crate::chars::digits(t, i, 4).filter(|(y, e)| *e == i + 4 && (1990..2100).contains(y))?;
        (at(t, e, "年起") || at(t, e, "年开始")).then(|| Date::new(y as i16, 1, 1).ok()).flatten()
    })
}

/// 开展1次 rather than 开展一次: a count, not a manner of speaking.
fn counts_in_digits(t: &[char]) -> bool {
    t.iter().any(char::is_ascii_digit)
}

/// Sentences of a range: up to 。！？, and never longer than 400 characters.
fn sentences(t: &[char], r: Range<usize>) -> Vec<Range<usize>> {
    cut(t, r, &['。', '！', '？'])
}

/// Units of a sentence: up to ；.
fn units(t: &[char], r: Range<usize>) -> Vec<Range<usize>> {
    cut(t, r, &['；'])
}

const LONGEST: usize = 400;

fn cut(t: &[char], r: Range<usize>, stops: &[char]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut from = r.start;
    let mut i = r.start;
    while i < r.end {
        if matches!(t[i], '（' | '“' | '《')
            && let Some(e) = bracket_end(t, i, 60)
            && e <= r.end
        {
            i = e;
            continue;
        }
        if stops.contains(&t[i]) || i - from >= LONGEST {
            out.push(from..i + 1);
            from = i + 1;
        }
        i += 1;
    }
    if from < r.end {
        out.push(from..r.end);
    }
    out
}

/// Titles in 《》 and names in “”: what looks like a date there is none.
fn names(t: &[char], r: Range<usize>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut i = r.start;
    while i < r.end {
        if matches!(t[i], '《' | '“')
            && let Some(e) = bracket_end(t, i, 80)
            && e <= r.end
        {
            out.push(i..e);
            i = e;
        } else {
            i += 1;
        }
    }
    out
}

/// Whether a phrase says from when to when a rhythm goes.
fn is_window_of_rhythm(t: &[char], p: &Phrase, rhythms: &[Rhythm], verbs: &[Verb]) -> bool {
    if p.before && !p.prefix.starts_with("截") {
        return false;
    }
    rhythms.iter().filter(|r| r.rule.freq != Freq::Adhoc).any(|r| {
        if p.span.end <= r.span.start {
            let between = &t[p.span.end..r.span.start];
            let first = rhythms.iter().find(|r| r.span.start >= p.span.end).map_or(r.span.start, |r| r.span.start);
            let own = verbs.iter().any(|v| v.span.start >= p.span.end && v.span.end <= first);
            return between.len() < 90 && !own && (p.shape == Shape::Window || p.onward || p.is_month()) && !between.contains(&'。');
        }
        p.span.start >= r.span.end
            && matches!(p.prefix, "截至" | "截止" | "截止到" | "截止至" | "至" | "到")
            && p.span.start - r.span.end < 60
    })
}

/// 原定6月14日, followed by the new date.
fn moved(t: &[char], u: &Range<usize>, p: &Phrase, next: Option<&Phrase>) -> bool {
    let Some(next) = next else { return false };
    let lo = u.start.max(p.span.start.saturating_sub(6));
    let was = p.prefix.starts_with("原定") || has_any(&t[lo..p.span.end], &["原定", "原计划", "原安排", "由原"]) || p.prefix == "从" && has_any(&t[p.span.end..next.span.end], &["调整", "改"]) || lo < p.span.start && has_any(&t[lo..p.span.start], &["由"]) && has_any(&t[p.span.end..next.span.end], &["调整", "改", "推迟", "提前", "延期"]);
    was && (has_any(&t[p.span.end..next.core.start], &["改", "调整", "推迟", "延", "提前", "变更"]))
}

/// 今年“草原行”与“安全生产月”同步启动.
fn same_start(t: &[char], u: &Range<usize>) -> bool {
    has_any(&t[u.clone()], &["同步启动", "同时启动", "同步开展，"])
}

/// A past event, another document's date, a law's first day.
fn is_history(t: &[char], u: &Range<usize>, p: &Phrase) -> bool {
    let tail_end = u.end.min(p.span.end + 16);
    let tail = &t[p.span.end..tail_end];
    let clause = &tail[..tail.iter().position(|c| matches!(c, '，' | '。' | '；')).unwrap_or(tail.len())];
    let lo = u.start.max(p.span.start.saturating_sub(10));
    let lead = &t[lo..p.span.start];
    if !p.before && has_any(clause, &["发生", "印发", "下发", "出台", "以来", "颁布", "施行", "通过的", "公布的", "作出", "审议通过", "召开的", "举行的", "开展的", "起施行", "起实施", "签发", "事故"]) {
        return !has_any(clause, &["事故警示", "事故案例", "事故隐患", "防事故", "事故应急"]);
    }
    if has_any(lead, &["截至目前", "去年", "上年"]) || ends_any(lead, &["会议精神（", "讲话（"]) {
        return true;
    }
    // （2021年6月10日）: a bare date in brackets behind a title.
    p.span.start > u.start && t[p.span.start - 1] == '（' && p.span.start > 1 && t[p.span.start - 2] == '》' && !p.before
}

/// Whether a rhythm is a duty and not a chance, a broadcast or a measure.
fn is_duty(r: &Rhythm, t: &[char], after: &[char], own: Range<usize>, reports: bool) -> bool {
    let clause = &t[own];
    if has_any(clause, &["机会", "抽取", "抽奖", "可获得", "答题次数", "积分", "黄金时段", "滚动播", "循环播", "播出", "播发", "播放", "获奖", "红包", "限答", "可答", "奖励", "最多"]) && !reports {
        return false;
    }
    if reports {
        return true;
    }
    if at_any(after, 0, &["的", "有", "可", "均", "都", "限", "批", "级", "户", "人", "名", "以来", "初", "数"]).is_some() {
        return false;
    }
    const DEEDS: &[&str] = &[
        "放映", "巡回", "巡演", "入户", "夜查", "下发", "到所", "到村", "到企", "到两", "曝光",
        "组织", "开展", "检查", "排查", "查找", "巡查", "召开", "汇总", "调度", "通报", "举办", "举行", "学习", "培训", "演练", "录制", "发布", "推送", "讲", "宣讲", "自查", "推出", "刊发", "报道", "研判", "督查", "督导", "更新", "走访", "带队", "播", "评比", "例会", "一期", "一次", "1次", "1期", "一题", "一课", "会", "暗访", "抽查", "分析", "曝光", "清理",
    ];
    let reach = &after[..after.len().min(40)];
    let first = &reach[..reach.iter().position(|c| matches!(c, '，' | '。' | '；')).unwrap_or(reach.len())];
    has_any(first, DEEDS)
        || has_any(clause, &["每周一次", "每月一次", "每季度一次"])
        || r.precise && r.rule.freq != Freq::Daily && has_any(reach, DEEDS)
        || matches!(r.rule.freq, Freq::Weekly | Freq::Monthly | Freq::Yearly) && has_any(clause, &["不少于", "至少"])
}
