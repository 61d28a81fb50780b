//! Duties: what is due once, what takes place, what comes again, and what must reach a count.
//!
//! A paragraph is read sentence by sentence, a sentence in units between semicolons. In a unit every date phrase,
//! rhythm, relative date and quota is an anchor; the text up to the next anchor is what it governs.

use std::ops::Range;

use jiff::civil::Date;

mod again;
mod count;
mod once;
mod scene;

use again::{DURING, is_duty, is_window_of_rhythm};
use once::moved;
use scene::{Scene, names, sentences, units};

use crate::actor;
use crate::campaign::{Known, OtherWindow};
use crate::chars::{at, at_any, find_any, has_any};
use crate::date::Carry;
use crate::evidence;
use crate::heading::{Clause, Role};
use crate::model::{Code, Deadline, DutyKind, Evidence, Recurring};
use crate::quota;
use crate::relative;
use crate::rhythm::{self, Freq};
use crate::submit;
use crate::text::Text;
use crate::warnings::Warnings;
use crate::when;

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
pub(crate) fn read(
    clauses: &[Clause],
    activity: &[Option<String>],
    known: &[Known],
    others: &[OtherWindow],
    warnings: &mut Warnings,
) -> Duties {
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
            context.carry =
                Carry { year: Some(day.year()), month: Some(day.month() as u8), day: Some(day.day() as u8) };
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
            if (at_any(t, 0, &["自", "从"]).is_some() || t.len() < 20) && has_any(t, &["起执行", "起实行", "起施行"])
            {
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
                let in_title = is_head
                    && unit.start < c.body
                    && unit.end <= c.body.max(1)
                    && (c.body < c.head.len() || c.head.c.last() != Some(&'。'));
                self.unit(clause, text, unit, c, title, in_title, context);
            }
        }
        if is_head {
            return;
        }
        context.carry = Carry { year: context.carry.year, month: None, ..context.carry };
    }

    #[allow(clippy::too_many_arguments)]
    fn unit(
        &mut self,
        clause: usize,
        text: &Text,
        u: Range<usize>,
        c: &Clause,
        title: Option<&str>,
        in_title: bool,
        context: &mut Context,
    ) {
        let t = &text.c;
        if self.out.once.len() + self.out.again.len() > MOST {
            return;
        }
        let mut taken = names(t, u.clone());
        let named = taken.clone();
        let mut rhythms = rhythm::scan(t, u.start, u.end);
        rhythms.truncate(MANY);
        rhythms.retain(|r| {
            !taken.iter().any(|n| n.contains(&r.span.start))
                || r.rule.freq != Freq::Adhoc && (r.precise || t[r.span.clone()].contains(&'报'))
        });
        // 实行“一日一报”制度，每天下午4时前…: the slogan says nothing that the rule does not.
        let freqs: Vec<Freq> = rhythms.iter().filter(|r| r.precise).map(|r| r.rule.freq).collect();
        rhythms.retain(|r| r.precise || !t[r.span.clone()].contains(&'报') || !freqs.contains(&r.rule.freq));
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
            self.relative(&scene, r, context);
        }
        for r in &rhythms {
            self.rhythm(&scene, r, (&phrases, &rhythms), context, &quotas, &mut used);
        }
        self.still_to_come(&scene, context);
        if !in_title {
            self.quotas(&scene, (&quotas, &used), &phrases, first_once, context);
        }
        if !(in_title && u.len() <= 16) {
            self.evidence(&scene);
        }
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
                let Some((j, w)) =
                    find_any(&p.c, 0, &["以上材料", "上述材料", "以上资料", "上述资料", "以上内容", "所有材料"])
                else {
                    continue;
                };
                let stop = (j..p.len()).find(|&k| p.c[k] == '。').unwrap_or(p.len());
                let verbs = submit::verbs(&p.c, j + w.chars().count()..stop, &[]);
                let Some(to) = verbs.into_iter().find_map(|v| v.to) else { continue };
                let to = p.printed(to);
                let family = |k: usize| {
                    k == i
                        || clauses[k].parent == clauses[i].parent && clauses[k].plan == c.plan
                        || clauses[k].parent == Some(i)
                };
                for o in self.out.once.iter_mut().filter(|o| family(o.clause) && o.deadline.kind == DutyKind::Submit) {
                    o.deadline.to.get_or_insert_with(|| to.clone());
                }
            }
        }
    }
}
